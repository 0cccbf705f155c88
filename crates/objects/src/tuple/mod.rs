//! `tuple`: an immutable sequence of objects.

mod object;

pub use object::Tuple;
