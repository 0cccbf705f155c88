//! `dict`.

mod object;

pub use object::Dict;
