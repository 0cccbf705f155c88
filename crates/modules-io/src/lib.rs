//! _io and _codecs.
//!
//! The binary registers [`TYPES`] and [`MODULES`].

pub mod codecs;

use objects::module::Definition;
use objects::types::{Instance, TypeDeclaration};

/// The types of this crate's modules, bases first.
pub const TYPES: &[&TypeDeclaration] = &[codecs::EncodingMapObject::DECLARATION];

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[&codecs::CodecsModule::DEFINITION];
