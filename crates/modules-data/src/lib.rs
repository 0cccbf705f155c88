//! Data structures and formats: itertools, _functools, _collections, _struct, _json, math and their kin.
//!
//! The binary registers [`TYPES`] and [`MODULES`].

use objects::module::Definition;
use objects::types::TypeDeclaration;

/// The types of this crate's modules, bases first.
pub const TYPES: &[&TypeDeclaration] = &[];

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[];
