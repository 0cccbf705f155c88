//! From one interpreter to another: data that holds no objects, entering another interpreter, exceptions told in text.
//!
//! Objects belong to one interpreter and its lock, so nothing that crosses is one: [`data::Data`] is a Rust value made under one lock and
//! turned into new objects under another. The modules `_interpreters`, `_interpqueues` and `_interpchannels` and the C API's
//! `_PyXIData_…` build on this.

pub mod buffer;
pub mod data;
pub mod errors;
pub mod identifier;
pub mod import;
pub mod lifetime;
pub mod main_script;
pub mod script;
pub mod session;
pub mod snapshot;
pub mod stateless;

use objects::types::{Instance, TypeDeclaration};

/// The types of this crate.
pub const TYPES: &[&TypeDeclaration] = &[
    errors::InterpreterError::DECLARATION,
    errors::InterpreterNotFoundError::DECLARATION,
    errors::NotShareableError::DECLARATION,
    buffer::BufferView::DECLARATION,
];
