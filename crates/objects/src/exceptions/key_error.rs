//! `KeyError`: prints the repr of a single argument.

use macros::{Instance, python_type};

use super::hierarchy::LookupError;
use crate::errors::ExceptionKind;

/// Mapping key not found.
#[derive(Instance)]
#[repr(C)]
pub struct KeyError {
    base: LookupError,
}

/// Mapping key not found.
#[python_type(base = LookupError, flags(BASETYPE, BASE_EXC_SUBCLASS))]
impl KeyError {}

#[doc = "See the type."]
#[allow(non_upper_case_globals, reason = "the exception's own name")]
pub const KeyError: ExceptionKind = <KeyError as crate::types::Instance>::DECLARATION;
