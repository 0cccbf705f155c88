//! C variables of exceptions that no table declares: those of `concurrent.interpreters`, and other names of OSError.

use crossing::errors::{InterpreterError, InterpreterNotFoundError};
use objects::errors::ExceptionKind;
use objects::types::Instance as _;

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
