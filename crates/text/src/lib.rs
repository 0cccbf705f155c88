//! Python strings as plain data: WTF-8, Unicode tables, codecs, escapes.
//!
//! Called by every layer above. Nothing here knows of Python objects; a Python `str` is a sequence of
//! code points that may include lone surrogates, and [`wtf8::Wtf8Buf`] is its plain-data form.
#![forbid(unsafe_code)]

pub mod wtf8;
