//! `dict`.
//!
//! `table` is the hash table, `object` what a dict does with it, `split` the form in which instances keep attributes, `methods` what Python
//! programs see; the other files are the views, the iterators and the many ways to fill a dict.

mod object;
pub mod split;
mod table;

mod methods;

pub use object::Dict;
