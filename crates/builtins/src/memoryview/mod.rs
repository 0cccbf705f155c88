//! `memoryview`: the memory of another object as a sequence, without copying.

mod cast;
mod compare;
mod index;
mod item;
mod iterator;
mod methods;
mod object;

use objects::types::{Instance, TypeDeclaration};

pub use iterator::MemoryIterator;
pub use object::{ManagedBuffer, MemoryView};

pub const TYPES: &[&TypeDeclaration] =
    &[ManagedBuffer::DECLARATION, MemoryView::DECLARATION, MemoryIterator::DECLARATION];
