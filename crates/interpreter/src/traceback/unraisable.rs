//! Exceptions that nobody can handle, because they were raised by a finalizer or a callback: `sys.unraisablehook`.

use objects::audit;
use objects::errors::{BaseException, PyResult};
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::struct_sequence;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::tuple::struct_sequence;

use super::plain;
use super::print::write_error;

struct_sequence! {
    /// UnraisableHookArgs
    ///
    /// Type used to pass arguments to sys.unraisablehook.
    pub struct UnraisableHookArguments = "UnraisableHookArgs", 5 visible of 5, constructible;
    "exc_type": "Exception type";
    "exc_value": "Exception value";
    "exc_traceback": "Exception traceback";
    "err_msg": "Error message";
    "object": "Object causing the exception";
}

/// What is reported without a message of its own: the object then speaks for itself.
const PLAIN_MESSAGE: &str = "Exception ignored in";

/// Reports an exception through `sys.unraisablehook`. `message` says what was being done; the object, if any, to what.
pub fn report_unraisable(exception: Py<BaseException>, message: &str, object: Option<&Object>, thread: &mut Thread) {
    if exception.traceback().is_none() {
        match super::here(thread) {
            Ok(traceback) => exception.set_traceback(traceback),
            Err(raised) => drop(thread.catch(raised)),
        }
    }
    let arguments = match hook_arguments(&exception, message, object, thread) {
        Ok(arguments) => arguments,
        Err(raised) => {
            drop(thread.catch(raised));
            let text = plain::format(&exception, thread);
            write_error(&format!("{message}:\n{text}"), thread);
            return;
        }
    };
    let hook = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&names::unraisablehook, thread));
    let Some(hook) = hook else { return print_arguments(&arguments, thread) };
    if hook.is_none() {
        return;
    }
    let told = audit!(thread, "sys.unraisablehook", hook.clone(), arguments.clone());
    if let Err(raised) = told.and_then(|()| protocol::call_one(&hook, &arguments, thread)) {
        let error = thread.catch(raised);
        let message = Str::from_str("Exception ignored in sys.unraisablehook", thread).into_object();
        let traceback = error.traceback().unwrap_or_else(|| thread.none());
        let values = vec![Py::from_ref(error.class()).into_object(), error.into_object(), traceback, message, hook];
        match struct_sequence::make::<UnraisableHookArguments>(values, thread) {
            Ok(arguments) => print_arguments(&arguments, thread),
            Err(raised) => drop(thread.catch(raised)),
        }
    }
}

fn hook_arguments(
    exception: &Py<BaseException>,
    message: &str,
    object: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let none = thread.none();
    let (message, object) = match object {
        Some(object) if message == PLAIN_MESSAGE => (none.clone(), Py::from_ref(object)),
        Some(object) => {
            let shown = protocol::repr(object, thread)?.to_string_lossy();
            (Str::from_str(&format!("{message} {shown}"), thread).into_object(), none.clone())
        }
        None if message.is_empty() => (none.clone(), none.clone()),
        None => (Str::from_str(message, thread).into_object(), none.clone()),
    };
    let values = vec![
        Py::from_ref(exception.class()).into_object(),
        exception.clone().into_object(),
        exception.traceback().unwrap_or(none),
        message,
        object,
    ];
    struct_sequence::make::<UnraisableHookArguments>(values, thread)
}

/// `sys.unraisablehook`: prints what it is given to `sys.stderr`.
pub fn unraisable_hook(arguments: &Object, thread: &mut Thread) -> PyResult<()> {
    if !arguments.is_exactly::<UnraisableHookArguments>() {
        let message = "sys.unraisablehook argument type must be UnraisableHookArgs";
        return Err(objects::raise!(thread, TypeError, "{message}"));
    }
    print_arguments(arguments, thread);
    Ok(())
}

/// The class of an exception and its text, which is set off even where it is empty.
fn summary(exception: &BaseException, thread: &mut Thread) -> String {
    let class = plain::qualified_name(exception.class(), thread).replace("<unknown>.", "<unknown>");
    let text = match protocol::str(exception, thread) {
        Ok(text) => text.to_string_lossy(),
        Err(raised) => {
            drop(thread.catch(raised));
            "<exception str() failed>".to_owned()
        }
    };
    format!("{class}: {text}")
}

fn print_arguments(arguments: &Object, thread: &mut Thread) {
    let Some(values) = arguments.downcast::<Tuple>().map(|it| it.items().to_vec()) else { return };
    let [kind, value, traceback, message, object] = values.as_slice() else { return };
    let mut text = String::new();
    let message = message.downcast::<Str>().map(Str::to_string_lossy);
    if object.is_none() {
        if let Some(message) = message {
            text.push_str(&format!("{message}:\n"));
        }
    } else {
        let shown = match protocol::repr(object, thread) {
            Ok(shown) => shown.to_string_lossy(),
            Err(raised) => {
                drop(thread.catch(raised));
                "<object repr() failed>".to_owned()
            }
        };
        text.push_str(&format!("{}: {shown}\n", message.as_deref().unwrap_or(PLAIN_MESSAGE)));
    }
    if !traceback.is_none() {
        text.push_str(&plain::format_traceback(traceback, thread));
    }
    match (value.downcast::<BaseException>(), kind.downcast::<objects::types::Type>()) {
        (Some(exception), _) => text.push_str(&format!("{}\n", summary(exception, thread))),
        (None, Some(kind)) => text.push_str(&format!("{}\n", plain::qualified_name(kind, thread))),
        (None, None) => {}
    }
    write_error(&text, thread);
}
