//! Decimal arithmetic: the General Decimal Arithmetic specification (Cowlishaw, version 1.70) with numbers of any length.
//!
//! Called by the module `_decimal`. Each operation is a function of its operands, a [`Context`] and the [`Status`] to which
//! it adds what it has to report; nothing here knows of traps. Operations are found by file: `add` (with plus, minus, abs),
//! `multiply` (with fma), `divide` (with remainders), `square_root`, `exponential`, `logarithm`, `power`, `compare` (with max
//! and min), `quantize` (with rounding to integers and normalize), `neighbors`, `logical`, `shift` (with rotate, scaleb, logb).
//! Around them are `parse`, `text`, `format` and `convert`; below them `round`, by which every operation ends, `nan`, and
//! [`coefficient`], the arithmetic of long natural numbers.

pub mod add;
pub mod coefficient;
pub mod compare;
mod context;
pub mod convert;
pub mod divide;
pub mod exponential;
mod fixed;
pub mod format;
pub mod logarithm;
pub mod logical;
pub mod multiply;
mod nan;
pub mod neighbors;
mod number;
pub mod parse;
pub mod power;
pub mod quantize;
mod round;
pub mod shift;
pub mod square_root;
mod status;
#[cfg(test)]
mod tests;
pub mod text;

pub use context::{Context, MAX_EXPONENT, MAX_PRECISION, MIN_EXPONENT, MIN_TINY_EXPONENT, Rounding};
pub use number::{Decimal, Kind};
pub use status::Status;
