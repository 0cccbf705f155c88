//! `set` and `frozenset`.
//!
//! `object` is the hash table, `operations` what can be done with sets of either kind, `methods` and `iterator` what Python programs see.

mod iterator;
mod methods;
mod object;
mod operations;

pub use iterator::SetIterator;
pub use methods::{FrozenSet, Set};
pub use object::SetObject;

use objects::thread::Thread;
use objects::types::{Instance, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] = &[Set::DECLARATION, FrozenSet::DECLARATION, SetIterator::DECLARATION];

/// Tells the interpreter of the two types, which views of dicts make results of.
pub fn install(thread: &mut Thread) {
    thread.interpreter().set_types.set(Some((Set::class(), FrozenSet::class())));
}
