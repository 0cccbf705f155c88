//! `range` and its iterators.
//!
//! `object` computes with bounds of any size, `iterator` counts in machine words, `long_iterator` beyond them.

mod bound;
mod iterator;
mod long_iterator;
mod methods;
mod object;

use objects::types::{Instance, TypeDeclaration};

pub use iterator::RangeIterator;
pub use long_iterator::LongRangeIterator;
pub use object::Range;

pub const TYPES: &[&TypeDeclaration] =
    &[Range::DECLARATION, RangeIterator::DECLARATION, LongRangeIterator::DECLARATION];
