//! `int`: integers of any size, in CPython's 30-bit digits.

mod object;
mod small;

pub use object::Int;
