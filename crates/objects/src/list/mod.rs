//! `list`: a changeable sequence.

mod iterator;
mod merge_sort;
mod methods;
mod object;
mod sort;

pub use iterator::{ListIterator, ListReverseIterator};
pub use object::List;

use crate::types::{Instance, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] =
    &[List::DECLARATION, ListIterator::DECLARATION, ListReverseIterator::DECLARATION];
