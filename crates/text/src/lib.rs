//! Python strings as plain data: views, builders, the methods of `str` and `bytes`, codecs, Unicode tables.
//!
//! Called by every layer above. Nothing here knows of Python objects; a Python `str` is a sequence of code
//! points that may include lone surrogates. The object layer lends its storage as [`view::StrView`] and copies
//! results out of [`builder::StrData`]; [`wtf8::Wtf8Buf`] is the form in which text travels through the front
//! end and marshal.
#![forbid(unsafe_code)]

pub mod builder;
pub mod byte_builder;
pub mod bytes;
pub mod codecs;
pub mod fast_hash;
pub mod growth;
pub mod hash;
pub mod strings;
pub mod unicode_data;
pub mod view;
pub mod wtf8;

mod search;
