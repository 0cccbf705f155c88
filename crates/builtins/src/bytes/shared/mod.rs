//! What `bytes` and `bytearray` have in common: their methods over the algorithms of crate `text`, written once for both.
//!
//! The contents of a bytearray may change whenever Python code runs, so they are read anew after arguments were converted; a borrow of the
//! thread keeps that in order.

pub mod construct;
pub mod percent;
pub mod search;
pub mod split;
pub mod text_form;
pub mod transform;

use std::ops::Range;

use objects::errors::{PyResult, Raised};
use objects::method::{FromArgument, Position};
use objects::protocol;
use objects::protocol::buffer::{BytesLike, bytes_contents, has_buffer};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::Instance;
use text::builder::SizeError;

use crate::bytearray::ByteArray;

/// `bytes` or `bytearray`.
pub trait ByteString: Instance {
    /// The bytes, until the thread is needed for something that may run Python code.
    fn contents<'t>(&'t self, thread: &'t Thread) -> &'t [u8];

    /// A new object of exactly this type.
    fn make(contents: &[u8], thread: &mut Thread) -> PyResult<Py<Self>>
    where
        Self: Sized;

    /// What a method returns that changes nothing: the object itself where that cannot change, otherwise a copy.
    fn unchanged(&self, thread: &mut Thread) -> PyResult<Py<Self>>
    where
        Self: Sized;

    /// The bytes in `range`, which lies in the contents.
    fn part(&self, range: Range<usize>, thread: &mut Thread) -> PyResult<Py<Self>>
    where
        Self: Sized;
}

/// A new object from what an algorithm made, MemoryError or `too_long` as OverflowError where it could not.
pub fn from_made<T: ByteString>(
    made: Result<Vec<u8>, SizeError>,
    too_long: &str,
    thread: &mut Thread,
) -> PyResult<Py<T>> {
    match made {
        Ok(contents) => T::make(&contents, thread),
        Err(SizeError::OutOfMemory) => Err(thread.raise_memory_error()),
        Err(SizeError::TooLong) => Err(raise!(thread, OverflowError, "{too_long}")),
    }
}

/// What is searched for: one byte as an integer, or a bytes-like object.
pub enum Needle<'a> {
    Byte([u8; 1]),
    Bytes(BytesLike<'a>),
}

impl Needle<'_> {
    pub fn as_slice<'t>(&'t self, thread: &'t Thread) -> &'t [u8] {
        match self {
            Self::Byte(byte) => byte,
            Self::Bytes(bytes) => bytes.as_slice(thread),
        }
    }
}

impl<'a> FromArgument<'a> for Needle<'a> {
    fn from_argument(value: &'a Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        if has_buffer(value) {
            return BytesLike::of(value, thread).map(Self::Bytes);
        }
        if !protocol::is_index(value) {
            let class = value.class().full_name();
            let message = "argument should be integer or bytes-like object";
            return Err(raise!(thread, TypeError, "{message}, not '{class}'"));
        }
        byte_value(value, thread).map(|byte| Self::Byte([byte]))
    }
}

/// An integer as a byte.
pub fn byte_value(value: &Object, thread: &mut Thread) -> PyResult<u8> {
    let value = protocol::index_clipped(value, thread)?;
    u8::try_from(value).map_err(|_| raise_not_a_byte("byte", thread))
}

#[cold]
pub fn raise_not_a_byte(what: &str, thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "{what} must be in range(0, 256)")
}

/// The byte that pads.
pub struct FillByte(pub u8);

impl FromArgument<'_> for FillByte {
    fn from_argument(value: &Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        let (contents, kind) = match (bytes_contents(value), value.downcast::<ByteArray>()) {
            (Some(contents), _) => (contents, "bytes"),
            (None, Some(array)) => (array.contents(thread), "bytearray"),
            (None, None) => {
                return Err(objects::method::raise_bad_argument(position, "a byte string of length 1", value, thread));
            }
        };
        match *contents {
            [byte] => Ok(Self(byte)),
            _ => {
                let (method, place, length) = (position.method(), position.describe(), contents.len());
                Err(raise!(
                    thread,
                    TypeError,
                    "{method}(): {place} must be a byte string of length 1, not a {kind} object of length {length}"
                ))
            }
        }
    }
}

/// An argument that may be None, otherwise a bytes-like object.
pub fn optional_bytes<'a>(value: Option<&'a Object>, thread: &mut Thread) -> PyResult<Option<BytesLike<'a>>> {
    match value.filter(|it| !it.is_none()) {
        Some(value) => BytesLike::of(value, thread).map(Some),
        None => Ok(None),
    }
}
