//! `bytes`: an immutable sequence of bytes.

mod object;

use objects::types::{Instance, TypeDeclaration};

pub use object::Bytes;

pub const TYPES: &[&TypeDeclaration] = &[Bytes::DECLARATION];
