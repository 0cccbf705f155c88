//! `ImportError`, `NameError` and `AttributeError`: exceptions that know what was looked for.

use macros::{Instance, python_type};

use super::hierarchy::Exception;
use crate::errors::ExceptionKind;
use crate::refs::Field;

/// Import can't find module, or can't find name in module.
#[derive(Instance)]
#[repr(C)]
pub struct ImportError {
    base: Exception,
    pub(crate) msg: Field,
    pub(crate) name: Field,
    pub(crate) path: Field,
    pub(crate) name_from: Field,
}

/// Import can't find module, or can't find name in module.
#[python_type(base = Exception, flags(BASETYPE, BASE_EXC_SUBCLASS))]
impl ImportError {}

#[doc = "See the type."]
#[allow(non_upper_case_globals, reason = "the exception's own name")]
pub const ImportError: ExceptionKind = <ImportError as crate::types::Instance>::DECLARATION;

/// Name not found globally.
#[derive(Instance)]
#[repr(C)]
pub struct NameError {
    base: Exception,
    pub(crate) name: Field,
}

/// Name not found globally.
#[python_type(base = Exception, flags(BASETYPE, BASE_EXC_SUBCLASS))]
impl NameError {}

#[doc = "See the type."]
#[allow(non_upper_case_globals, reason = "the exception's own name")]
pub const NameError: ExceptionKind = <NameError as crate::types::Instance>::DECLARATION;

/// Attribute not found.
#[derive(Instance)]
#[repr(C)]
pub struct AttributeError {
    base: Exception,
    pub(crate) obj: Field,
    pub(crate) name: Field,
}

/// Attribute not found.
#[python_type(base = Exception, flags(BASETYPE, BASE_EXC_SUBCLASS))]
impl AttributeError {}

#[doc = "See the type."]
#[allow(non_upper_case_globals, reason = "the exception's own name")]
pub const AttributeError: ExceptionKind = <AttributeError as crate::types::Instance>::DECLARATION;
