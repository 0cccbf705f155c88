//! `range` and its iterators.

mod iterator;

use objects::types::{Instance, TypeDeclaration};

pub use iterator::RangeIterator;

pub const TYPES: &[&TypeDeclaration] = &[RangeIterator::DECLARATION];
