//! `SyntaxError`: where the source went wrong.

use macros::{Instance, python_type};

use super::hierarchy::Exception;
use crate::errors::ExceptionKind;
use crate::refs::Field;

/// Invalid syntax.
#[derive(Instance)]
#[repr(C)]
pub struct SyntaxError {
    base: Exception,
    pub(crate) msg: Field,
    pub(crate) filename: Field,
    pub(crate) lineno: Field,
    pub(crate) offset: Field,
    pub(crate) end_lineno: Field,
    pub(crate) end_offset: Field,
    pub(crate) text: Field,
    pub(crate) print_file_and_line: Field,
    pub(crate) metadata: Field,
}

/// Invalid syntax.
#[python_type(base = Exception, flags(BASETYPE, BASE_EXC_SUBCLASS))]
impl SyntaxError {}

#[doc = "See the type."]
#[allow(non_upper_case_globals, reason = "the exception's own name")]
pub const SyntaxError: ExceptionKind = <SyntaxError as crate::types::Instance>::DECLARATION;
