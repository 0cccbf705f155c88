//! `bytearray`: a sequence of bytes that can be changed.

mod change;
mod iterator;
mod methods;
mod object;

use objects::types::{Instance, TypeDeclaration};

pub use iterator::ByteArrayIterator;
pub use object::ByteArray;

pub const TYPES: &[&TypeDeclaration] = &[ByteArray::DECLARATION, ByteArrayIterator::DECLARATION];
