//! `OSError`: errors that the operating system reports.

use macros::{Instance, python_type};

use std::cell::Cell;

use super::hierarchy::Exception;
use crate::errors::ExceptionKind;
use crate::refs::Field;

/// Base class for I/O related errors.
#[derive(Instance)]
#[repr(C)]
pub struct OSError {
    base: Exception,
    pub(crate) errno: Field,
    pub(crate) strerror: Field,
    pub(crate) filename: Field,
    pub(crate) filename2: Field,
    pub(crate) written: Cell<isize>,
}

/// Base class for I/O related errors.
#[python_type(base = Exception, flags(BASETYPE, BASE_EXC_SUBCLASS))]
impl OSError {}

#[doc = "See the type."]
#[allow(non_upper_case_globals, reason = "the exception's own name")]
pub const OSError: ExceptionKind = <OSError as crate::types::Instance>::DECLARATION;
