//! Showing exceptions that nobody handles: by the library's module `traceback`, or plainly.

use objects::errors::{BaseException, PyResult};
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use super::plain;

/// Prints an exception as the interpreter prints one that ends a program: with its traceback, causes, contexts, notes and suggestions.
pub fn print_plain(exception: &BaseException, thread: &mut Thread) {
    if print_by_library(exception, thread).is_ok() {
        return;
    }
    drop(thread.take_exception());
    let text = plain::format(exception, thread);
    write_error(&text, thread);
}

/// `sys.excepthook`: an exception, and the traceback that it gets if it has none.
pub fn display(value: &Object, traceback: Option<&Object>, thread: &mut Thread) {
    let Some(exception) = value.downcast::<BaseException>() else {
        let found = value.class().short_name();
        let message = "TypeError: print_exception(): Exception expected for value";
        return write_error(&format!("{message}, {found} found\n"), thread);
    };
    if exception.traceback().is_none()
        && let Some(traceback) = traceback.filter(|it| it.downcast::<super::Traceback>().is_some())
    {
        exception.set_traceback(Some(Py::from_ref(traceback)));
    }
    print_plain(exception, thread);
}

/// As [`display`], to a stream that need not be `sys.stderr`.
pub fn display_to(value: &Object, traceback: Option<&Object>, stream: &Object, thread: &mut Thread) {
    let stderr = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&names::stderr, thread));
    if stderr.is_some_and(|it| it.is(stream)) {
        return display(value, traceback, thread);
    }
    let Some(exception) = value.downcast::<BaseException>() else { return };
    let text = Str::from_str(&plain::format(exception, thread), thread);
    if let Err(raised) = protocol::call_method(stream, &names::write, &[&text], thread) {
        drop(thread.catch(raised));
    }
}

fn print_by_library(exception: &BaseException, thread: &mut Thread) -> PyResult<()> {
    let import = protocol::builtin(&names::__import__, thread)?;
    let name = thread.intern_text("traceback");
    let module = protocol::call_one(&import, &name, thread)?;
    let function = thread.intern_text("_print_exception_bltin");
    protocol::call_method(&module, &function, &[exception], thread).map(drop)
}

/// Writes to `sys.stderr`, or to the process's own when there is none yet.
pub(super) fn write_error(text: &str, thread: &mut Thread) {
    let stream = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&names::stderr, thread));
    let Some(stream) = stream else { return eprint!("{text}") };
    if stream.is_none() {
        return;
    }
    let text = Str::from_str(text, thread);
    let written = protocol::call_method(&stream, &names::write, &[&text], thread);
    let flushed = match written {
        Ok(_) => protocol::call_method(&stream, &names::flush, &[], thread),
        other => other,
    };
    if let Err(raised) = flushed {
        drop(thread.catch(raised));
    }
}
