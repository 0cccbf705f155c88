//! _io and _codecs.
//!
//! The binary registers [`TYPES`] and [`MODULES`].

pub mod codecs;
pub mod io_module;

use objects::module::Definition;
use objects::types::{Instance, TypeDeclaration, concatenate_declarations, count_declarations};

const LISTS: &[&[&TypeDeclaration]] = &[&[codecs::EncodingMapObject::DECLARATION], io_module::TYPES];

/// The types of this crate's modules, bases first.
pub const TYPES: &[&TypeDeclaration] = &concatenate_declarations::<{ count_declarations(LISTS) }>(LISTS);

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[&codecs::CodecsModule::DEFINITION, &io_module::IoModule::DEFINITION];
