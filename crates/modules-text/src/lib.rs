//! Text: _sre, unicodedata, _string, _locale.
//!
//! The binary registers [`TYPES`] and [`MODULES`].

mod sre;
mod string_;
mod unicode_data;

use objects::module::Definition;
use objects::types::{Instance, TypeDeclaration, concatenate_declarations, count_declarations};

/// The lists of types of this crate's modules.
const LISTS: &[&[&TypeDeclaration]] = &[
    sre::TYPES,
    &[string_::FormatterIterator::DECLARATION, string_::FieldNameIterator::DECLARATION],
    &[unicode_data::PreviousVersion::DECLARATION],
];

/// The types of this crate's modules, bases first.
pub const TYPES: &[&TypeDeclaration] = &concatenate_declarations::<{ count_declarations(LISTS) }>(LISTS);

/// The modules of this crate.
pub const MODULES: &[&Definition] =
    &[&sre::SreModule::DEFINITION, &string_::StringModule::DEFINITION, &unicode_data::UnicodeDataModule::DEFINITION];
