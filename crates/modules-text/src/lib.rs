//! Text: _sre, unicodedata, _string, _locale.
//!
//! The binary registers [`TYPES`] and [`MODULES`].

mod string_;

use objects::module::Definition;
use objects::types::{Instance, TypeDeclaration};

/// The types of this crate's modules, bases first.
pub const TYPES: &[&TypeDeclaration] =
    &[string_::FormatterIterator::DECLARATION, string_::FieldNameIterator::DECLARATION];

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[&string_::StringModule::DEFINITION];
