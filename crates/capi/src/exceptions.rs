//! Exceptions that C code may raise, and that are in no module of the library as yet: those of `concurrent.interpreters`.

use macros::{Instance, python_type};
use objects::errors::{Exception, ExceptionKind};
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

/// A C variable that holds the address of an exception's type. A declaration begins with its type object.
#[repr(transparent)]
pub struct Exported(ExceptionKind);

#[unsafe(no_mangle)]
pub static PyExc_InterpreterError: Exported = Exported(InterpreterError::DECLARATION);

#[unsafe(no_mangle)]
pub static PyExc_InterpreterNotFoundError: Exported = Exported(InterpreterNotFoundError::DECLARATION);

/// Other names of OSError.
#[unsafe(no_mangle)]
pub static PyExc_EnvironmentError: Exported = Exported(objects::errors::OSError);

#[unsafe(no_mangle)]
pub static PyExc_IOError: Exported = Exported(objects::errors::OSError);
