//! `str`: text in CPython's 1, 2 and 4-byte forms.
//!
//! `object` has the layout and read access, `make` the ways to a new string, `methods` what programs see of the type; the files behind them
//! have what methods need beyond a call into crate `text`.

pub mod arguments;
pub mod codec_registry;
pub mod codecs;
mod construct;
pub mod format;
mod iterator;
mod make;
mod methods;
mod object;
mod parts;
pub mod percent;
mod static_str;
mod translate;
mod utf8;
mod writer;

#[cfg(test)]
mod tests;

use crate::types::{Instance as _, TypeDeclaration};

pub use codec_registry::CodecRegistry;
pub use construct::decode_object;
pub use iterator::{AsciiIterator, StrIterator};
pub use make::StrFiller;
pub use object::Str;
pub use parts::join_items;
pub(crate) use static_str::static_strings;
pub use static_str::{StaticStr, empty_str};

/// The types of this folder but `str` itself, which comes with the first types of all.
pub const ITERATOR_TYPES: &[&TypeDeclaration] = &[StrIterator::DECLARATION, AsciiIterator::DECLARATION];
