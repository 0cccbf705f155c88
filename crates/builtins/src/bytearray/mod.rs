//! `bytearray`: a sequence of bytes that can be changed.

mod change;
mod iterator;
mod list_methods;
mod methods;
mod object;
mod search_methods;
mod text_methods;

use objects::types::{Instance, TypeDeclaration};

pub use iterator::ByteArrayIterator;
pub use object::ByteArray;

pub const TYPES: &[&TypeDeclaration] = &[ByteArray::DECLARATION, ByteArrayIterator::DECLARATION];
