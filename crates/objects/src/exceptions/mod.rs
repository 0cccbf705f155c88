//! The exception hierarchy.
//!
//! `base` has what all exceptions carry, `hierarchy` the table of those that add nothing, the other files those with fields of their own.

mod attributes;
mod base;
mod hierarchy;
mod key_error;
mod os_error;
mod stop;
mod syntax_error;

pub use attributes::{AttributeError, ImportError, NameError};
pub use base::BaseException;
pub use hierarchy::*;
pub use key_error::KeyError;
pub use os_error::OSError;
pub use stop::{StopIteration, SystemExit};
pub use syntax_error::SyntaxError;

use crate::types::{Instance, TypeDeclaration};

/// Exceptions with fields of their own.
const WITH_FIELDS: &[&TypeDeclaration] = &[
    BaseException::DECLARATION,
    StopIteration::DECLARATION,
    SystemExit::DECLARATION,
    KeyError::DECLARATION,
    ImportError::DECLARATION,
    NameError::DECLARATION,
    AttributeError::DECLARATION,
    OSError::DECLARATION,
    SyntaxError::DECLARATION,
];

const LISTS: &[&[&TypeDeclaration]] = &[WITH_FIELDS, SIMPLE_EXCEPTIONS];

/// The exception types.
pub const TYPES: &[&TypeDeclaration] =
    &crate::types::concatenate_declarations::<{ crate::types::count_declarations(LISTS) }>(LISTS);
