//! Text: _sre, unicodedata, _string, _elementtree, _multibytecodec and the modules with its codecs.
//!
//! The binary registers [`TYPES`] and [`MODULES`].

mod element_tree;
mod multibyte;
mod sre;
mod string_;
mod unicode_data;

use objects::module::Definition;
use objects::types::{Instance, TypeDeclaration, concatenate_declarations, count_declarations};

/// The lists of types of this crate's modules.
const LISTS: &[&[&TypeDeclaration]] = &[
    sre::TYPES,
    multibyte::TYPES,
    element_tree::TYPES,
    &[string_::FormatterIterator::DECLARATION, string_::FieldNameIterator::DECLARATION],
    &[unicode_data::PreviousVersion::DECLARATION],
];

/// The types of this crate's modules, bases first.
pub const TYPES: &[&TypeDeclaration] = &concatenate_declarations::<{ count_declarations(LISTS) }>(LISTS);

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[
    &sre::SreModule::DEFINITION,
    &string_::StringModule::DEFINITION,
    &unicode_data::UnicodeDataModule::DEFINITION,
    &element_tree::ElementTreeModule::DEFINITION,
    &multibyte::MultibyteModule::DEFINITION,
    &multibyte::ChineseModule::DEFINITION,
    &multibyte::HongKongModule::DEFINITION,
    &multibyte::Iso2022Module::DEFINITION,
    &multibyte::JapaneseModule::DEFINITION,
    &multibyte::KoreanModule::DEFINITION,
    &multibyte::TaiwaneseModule::DEFINITION,
];
