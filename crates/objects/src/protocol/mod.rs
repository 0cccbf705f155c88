//! The object protocol: what `abstract.h` offers C, for Rust. Every operation here may run Python code.

mod attribute;
mod call;
mod compare;
mod convert;
mod iterate;

pub use attribute::{get_attribute, set_attribute};
pub use call::{call, call_method, call_one, call_tuple, call_vector, result_from_c, vectorcall_of};
pub use compare::Comparison;
pub use convert::{as_f64, index, index_as_isize, is_true};
pub use iterate::SendOutcome;
