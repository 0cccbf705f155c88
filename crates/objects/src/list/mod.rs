//! `list`: a changeable sequence.

mod methods;
mod object;

pub use object::List;
