//! `float`: C doubles.

mod arithmetic;
mod convert;
mod methods;
mod object;

pub use arithmetic::{compare, divide, divmod, operand, power, remainder};
pub use convert::from_number;
pub use object::{Float, hash_of};
