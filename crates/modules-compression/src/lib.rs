//! Compression: zlib, _bz2, _lzma, _zstd.
//!
//! The binary registers [`TYPES`] and [`MODULES`].

pub mod bz2;
mod incremental;
pub mod lzma;
mod state;
pub mod zlib;
pub mod zstd;

use objects::module::Definition;
use objects::types::{TypeDeclaration, concatenate_declarations, count_declarations};

/// The lists of types of this crate's modules.
const LISTS: &[&[&TypeDeclaration]] = &[zlib::TYPES, bz2::TYPES, lzma::TYPES, zstd::TYPES];

/// The types of this crate's modules, bases first.
pub const TYPES: &[&TypeDeclaration] = &concatenate_declarations::<{ count_declarations(LISTS) }>(LISTS);

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[
    &zlib::ZlibModule::DEFINITION,
    &bz2::Bz2Module::DEFINITION,
    &lzma::LzmaModule::DEFINITION,
    &zstd::ZstdModule::DEFINITION,
];
