//! `StopIteration` and `SystemExit`: exceptions that carry a value.

use macros::{Instance, python_type};

use super::base::BaseException;
use super::hierarchy::Exception;
use crate::errors::ExceptionKind;
use crate::refs::Field;

/// Signal the end from iterator.__next__().
#[derive(Instance)]
#[repr(C)]
pub struct StopIteration {
    base: Exception,
    pub(crate) value: Field,
}

/// Signal the end from iterator.__next__().
#[python_type(base = Exception, flags(BASETYPE, BASE_EXC_SUBCLASS), members(value: Object = "generator return value"))]
impl StopIteration {}

#[doc = "See the type."]
#[allow(non_upper_case_globals, reason = "the exception's own name")]
pub const StopIteration: ExceptionKind = <StopIteration as crate::types::Instance>::DECLARATION;

/// Request to exit from the interpreter.
#[derive(Instance)]
#[repr(C)]
pub struct SystemExit {
    base: BaseException,
    pub(crate) code: Field,
}

/// Request to exit from the interpreter.
#[python_type(base = BaseException, flags(BASETYPE, BASE_EXC_SUBCLASS), members(code: Object = "exception code"))]
impl SystemExit {}

#[doc = "See the type."]
#[allow(non_upper_case_globals, reason = "the exception's own name")]
pub const SystemExit: ExceptionKind = <SystemExit as crate::types::Instance>::DECLARATION;
