//! The modules that the interpreter itself cannot do without: sys, builtins, _imp, marshal, _thread and their kin.
//!
//! The binary registers [`TYPES`] and [`MODULES`], and starts `sys` and `builtins` from its [`config::Config`].

pub mod config;

use objects::module::Definition;
use objects::types::TypeDeclaration;

/// The types of this crate's modules, bases first.
pub const TYPES: &[&TypeDeclaration] = &[];

/// The modules of this crate.
pub const MODULES: &[&Definition] = &[];
