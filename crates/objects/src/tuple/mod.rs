//! `tuple`: an immutable sequence of objects.

mod hash;
mod object;

pub use hash::TupleHash;
pub use object::Tuple;
