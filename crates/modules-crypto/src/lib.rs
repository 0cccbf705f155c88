//! Hashes: _md5, _sha1, _sha2, _sha3, _blake2, _hmac.
//!
//! The binary registers [`TYPES`] and [`MODULES`].

use objects::module::Definition;
use objects::types::TypeDeclaration;

/// The types of this crate's modules, bases first.
pub const TYPES: &[&TypeDeclaration] = &[];

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[];
