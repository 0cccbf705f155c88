//! `int`: integers of any size, in CPython's 30-bit digits.
//!
//! Suggested reading order: `object` is the layout, `small` what the interpreter's loop does in line, `arithmetic` the operators; then
//! text and bytes, and the type itself.

mod object;
mod small;

mod arithmetic;
mod bytes;
mod convert;
mod library;
mod text;

mod methods;

pub use arithmetic::WORKING_BYTES;
pub use convert::{bytes_contents, from_object};
pub use object::Int;
pub use text::{ascii_text, decimal_value, formatted_text, parse_specification};
