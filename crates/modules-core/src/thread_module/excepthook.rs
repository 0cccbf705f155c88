//! `_excepthook`: prints what ended a thread's `run`.

use objects::errors::{PyResult, SystemExit};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::struct_sequence;
use objects::thread::Thread;
use objects::tuple::Tuple;

struct_sequence! {
    /// ExceptHookArgs
    ///
    /// Type used to pass arguments to threading.excepthook.
    pub struct ExceptHookArguments = "_thread._ExceptHookArgs", 4 visible of 4, constructible, HEAPTYPE;
    "exc_type": "Exception type";
    "exc_value": "Exception value";
    "exc_traceback": "Exception traceback";
    "thread": "Thread";
}

/// Prints the exception, with the thread's name, to `sys.stderr`, or to what was `sys.stderr` when the thread was made.
pub fn report(arguments: &Object, thread: &mut Thread) -> PyResult<()> {
    if !arguments.is_exactly::<ExceptHookArguments>() {
        return Err(raise!(thread, TypeError, "_thread.excepthook argument type must be ExceptHookArgs"));
    }
    let values = arguments.downcast::<Tuple>().map(|it| it.items().to_vec()).unwrap_or_default();
    let [kind, value, traceback, which] = &values[..] else {
        return Err(raise!(thread, TypeError, "_thread.excepthook argument type must be ExceptHookArgs"));
    };
    if kind.is(SystemExit.as_type()) {
        return Ok(());
    }
    let stderr = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&names::stderr, thread));
    let stream = match stderr.filter(|it| !it.is_none()) {
        Some(stream) => stream,
        None if which.is_none() => return Ok(()),
        None => {
            let name = thread.intern_text("_stderr");
            let stream = protocol::get_attribute(which, &name, thread)?;
            if stream.is_none() {
                return Ok(());
            }
            stream
        }
    };
    let name = thread_name(which, thread)?;
    let head = Str::from_str(&format!("Exception in thread {name}:\n"), thread);
    protocol::call_method(&stream, &names::write, &[&head], thread)?;
    let traceback: Option<&Object> = if traceback.is_none() { None } else { Some(traceback) };
    interpreter::traceback::display_to(value, traceback, &stream, thread);
    protocol::call_method(&stream, &names::flush, &[], thread).map(drop)
}

/// A thread's name, or the running thread's number.
fn thread_name(which: &Object, thread: &mut Thread) -> PyResult<String> {
    if !which.is_none() {
        let name: Option<Py<Object>> = protocol::lookup_attribute(which, &names::name, thread)?;
        if let Some(name) = name {
            return Ok(protocol::str(&name, thread)?.to_string_lossy());
        }
    }
    Ok(super::identity().to_string())
}
