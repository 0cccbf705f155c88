//! `tuple`: an immutable sequence of objects; and the named tuples that modules define (`struct_sequence`).

mod hash;
mod iterator;
mod methods;
mod object;
pub mod struct_sequence;

pub use hash::TupleHash;
pub use iterator::TupleIterator;
pub use object::Tuple;

use crate::types::{Instance, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] = &[Tuple::DECLARATION, TupleIterator::DECLARATION];

#[cfg(test)]
mod tests;
