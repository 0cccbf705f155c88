//! The `%` operator of `str` and `bytes`: reading the format, and writing numbers.
//!
//! The object layer drives: it pulls [`Piece`]s from a [`PercentParser`], fetches arguments from its tuple or mapping
//! in the order in which the pieces ask for them, and copies literal text and strings itself. So every error comes
//! when CPython's comes, also between the fetching of two arguments.

mod number;
mod parser;

pub use self::number::{PercentNumberError, percent_float, percent_integer};
pub use self::parser::{Directive, FormatUnit, PercentError, PercentException, PercentParser, Piece};
