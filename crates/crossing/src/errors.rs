//! The exceptions of operations between interpreters.

use std::fmt;

use macros::{Instance, python_type};
use objects::errors::{BaseException, Exception, Raised, TypeError};
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::Instance as _;

/// A cross-interpreter operation failed.
#[derive(Instance)]
#[repr(C)]
pub struct InterpreterError {
    base: Exception,
}

/// A cross-interpreter operation failed
#[python_type(name = "concurrent.interpreters.InterpreterError", base = Exception, flags(BASETYPE, BASE_EXC_SUBCLASS))]
impl InterpreterError {}

/// An interpreter was not found.
#[derive(Instance)]
#[repr(C)]
pub struct InterpreterNotFoundError {
    base: InterpreterError,
}

/// An interpreter was not found
#[python_type(
    name = "concurrent.interpreters.InterpreterNotFoundError", base = InterpreterError, flags(BASETYPE, BASE_EXC_SUBCLASS)
)]
impl InterpreterNotFoundError {}

/// An object has no data that can go to another interpreter.
#[derive(Instance)]
#[repr(C)]
pub struct NotShareableError {
    base: TypeError,
}

#[python_type(name = "concurrent.interpreters.NotShareableError", base = TypeError, flags(HEAPTYPE, BASETYPE, BASE_EXC_SUBCLASS))]
impl NotShareableError {}

/// Raises NotShareableError, with a cause if there is one.
pub fn raise_not_shareable(
    message: fmt::Arguments<'_>,
    cause: Option<Py<BaseException>>,
    thread: &mut Thread,
) -> Raised {
    let raised = thread.raise_message(NotShareableError::DECLARATION, message);
    match cause {
        Some(cause) => {
            let exception = thread.catch(raised);
            exception.set_context(None);
            exception.set_cause(Some(cause));
            thread.set_exception(exception)
        }
        None => raised,
    }
}

/// «… does not support cross-interpreter data».
pub fn raise_unsupported(object: &Object, cause: Option<Py<BaseException>>, thread: &mut Thread) -> Raised {
    match objects::protocol::repr(object, thread) {
        Ok(shown) => {
            let shown = shown.to_string_lossy();
            raise_not_shareable(format_args!("{shown} does not support cross-interpreter data"), cause, thread)
        }
        Err(raised) => raised,
    }
}

/// Raises InterpreterError.
pub fn raise_interpreter_error(message: fmt::Arguments<'_>, thread: &mut Thread) -> Raised {
    thread.raise_message(InterpreterError::DECLARATION, message)
}
