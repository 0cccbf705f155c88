//! Showing exceptions that nobody handles: by the library's module `traceback`, or plainly.

use objects::errors::{BaseException, PyResult};
use objects::names;
use objects::protocol;
use objects::refs::{HasHeader as _, Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use super::plain;

/// Prints an exception as the interpreter prints one that ends a program: with its traceback, causes, contexts, notes and suggestions.
pub fn print_plain(exception: &BaseException, thread: &mut Thread) {
    match error_stream(thread) {
        None => return report_lost_stream(exception, thread),
        Some(stream) if stream.is_none() => return,
        Some(_) => {}
    }
    if print_by_library(exception, thread).is_ok() {
        return;
    }
    drop(thread.take_exception());
    let text = plain::format(exception, thread);
    if !write_error(&text, thread) {
        report_lost_stream(exception, thread);
    }
}

fn error_stream(thread: &Thread) -> Option<Py<Object>> {
    thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&names::stderr, thread))
}

/// What is said of an exception where `sys.stderr` is missing or of no use, to the process's own standard error.
fn report_lost_stream(value: &Object, thread: &mut Thread) {
    let class = value.class();
    objects::error_line!("object address  : {:#x}", value.address());
    objects::error_line!("object refcount : {}", value.reference_count());
    objects::error_line!("object type     : {:#x}", class.as_object().address());
    objects::error_line!("object type name: {}", class.full_name());
    let shown = match protocol::repr(value, thread) {
        Ok(shown) => shown.to_string_lossy(),
        Err(raised) => {
            drop(thread.catch(raised));
            String::new()
        }
    };
    objects::error_line!("object repr     : {shown}");
    objects::error_line!("lost sys.stderr");
}

/// `sys.excepthook`: an exception, and the traceback that it gets if it has none.
pub fn display(value: &Object, traceback: Option<&Object>, thread: &mut Thread) {
    let Some(exception) = value.downcast::<BaseException>() else {
        let found = value.class().full_name();
        let message = "TypeError: print_exception(): Exception expected for value";
        if error_stream(thread).is_none() || !write_error(&format!("{message}, {found} found\n"), thread) {
            report_lost_stream(value, thread);
        }
        return;
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
    if error_stream(thread).is_some_and(|it| it.is(stream)) {
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

/// Writes to `sys.stderr`, or to the process's own when there is none yet; false if that failed.
pub(super) fn write_error(text: &str, thread: &mut Thread) -> bool {
    let Some(stream) = error_stream(thread) else {
        objects::error_text!("{text}");
        return true;
    };
    if stream.is_none() {
        return true;
    }
    let text = Str::from_str(text, thread);
    let written = protocol::call_method(&stream, &names::write, &[&text], thread);
    let flushed = match written {
        Ok(_) => protocol::call_method(&stream, &names::flush, &[], thread),
        other => other,
    };
    match flushed {
        Ok(_) => true,
        Err(raised) => {
            drop(thread.catch(raised));
            false
        }
    }
}
