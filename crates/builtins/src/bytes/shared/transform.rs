//! Methods that make new contents of old: stripping, padding, replacing, translating, changing case, concatenating, repeating.

use objects::errors::{OrMemoryError, PyResult};
use objects::protocol::buffer::{BytesLike, has_buffer};
use objects::raise;
use objects::refs::{Object, Py};
use objects::slice::Selection;
use objects::str::arguments::limit_of;
use objects::thread::Thread;
use text::builder::SizeError;
use text::bytes::{make, split};
use text::strings::make::center_margins;
use text::strings::strip::Ends;

use super::{ByteString, from_made, optional_bytes};

/// The items of a slice.
pub fn select<T: ByteString>(receiver: &T, selection: Selection, thread: &mut Thread) -> PyResult<Py<T>> {
    if selection.count == 0 {
        return T::make(&[], thread);
    }
    if selection.step == 1 {
        let start = selection.start as usize;
        return receiver.part(start..start + selection.count, thread);
    }
    let contents = receiver.contents(thread);
    let items: Vec<u8> = selection.indices().filter_map(|index| contents.get(index).copied()).collect();
    T::make(&items, thread)
}

/// `left + right`, each any bytes-like object; the result has the type of the left one.
pub fn concatenate<T: ByteString>(left: &T, right: &Object, thread: &mut Thread) -> PyResult<Py<T>> {
    if !has_buffer(right) {
        let (right, left) = (right.class().full_name(), left.as_object().class().full_name());
        return Err(raise!(thread, TypeError, "can't concat {right} to {left}"));
    }
    let right = BytesLike::of(right, thread)?;
    let joined = make::join(&[], &[left.contents(thread), right.as_slice(thread)]);
    from_made(joined, "result is too long", thread)
}

/// `receiver * count`.
pub fn repeat<T: ByteString>(receiver: &T, count: isize, thread: &mut Thread) -> PyResult<Py<T>> {
    let repeated = make::repeat(receiver.contents(thread), usize::try_from(count).unwrap_or(0));
    from_made(repeated, "repeated bytes are too long", thread)
}

/// `strip` and its kin.
pub fn strip<T: ByteString>(receiver: &T, bytes: Option<&Object>, ends: Ends, thread: &mut Thread) -> PyResult<Py<T>> {
    let range = match optional_bytes(bytes, thread)? {
        None => split::strip_whitespace(receiver.contents(thread), ends),
        Some(set) => split::strip(receiver.contents(thread), set.as_slice(thread), ends),
    };
    receiver.part(range, thread)
}

/// `removeprefix`.
pub fn remove_prefix<T: ByteString>(receiver: &T, prefix: &BytesLike<'_>, thread: &mut Thread) -> PyResult<Py<T>> {
    let (contents, prefix) = (receiver.contents(thread), prefix.as_slice(thread));
    let start = if contents.starts_with(prefix) { prefix.len() } else { 0 };
    let end = contents.len();
    receiver.part(start..end, thread)
}

/// `removesuffix`.
pub fn remove_suffix<T: ByteString>(receiver: &T, suffix: &BytesLike<'_>, thread: &mut Thread) -> PyResult<Py<T>> {
    let (contents, suffix) = (receiver.contents(thread), suffix.as_slice(thread));
    let end = contents.len() - if contents.ends_with(suffix) { suffix.len() } else { 0 };
    receiver.part(0..end, thread)
}

/// `replace`.
pub fn replace<T: ByteString>(
    receiver: &T,
    old: &BytesLike<'_>,
    new: &BytesLike<'_>,
    count: isize,
    thread: &mut Thread,
) -> PyResult<Py<T>> {
    let contents = receiver.contents(thread);
    match make::replace(contents, old.as_slice(thread), new.as_slice(thread), limit_of(count)).transpose() {
        None => receiver.unchanged(thread),
        Some(made) => from_made(made, "replace bytes is too long", thread),
    }
}

/// Where padding goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
    Both,
}

/// `rjust`, `ljust` and `center`.
pub fn pad<T: ByteString>(receiver: &T, width: isize, fill: u8, side: Side, thread: &mut Thread) -> PyResult<Py<T>> {
    let contents = receiver.contents(thread);
    let width = usize::try_from(width).unwrap_or(0);
    let margin = width.saturating_sub(contents.len());
    let (left, right) = match side {
        Side::Left => (margin, 0),
        Side::Right => (0, margin),
        Side::Both => center_margins(contents.len(), width),
    };
    if margin == 0 {
        return receiver.unchanged(thread);
    }
    let padded = make::pad(contents, left, right, fill);
    from_made(padded, "padded bytes are too long", thread)
}

/// `zfill`.
pub fn zfill<T: ByteString>(receiver: &T, width: isize, thread: &mut Thread) -> PyResult<Py<T>> {
    match make::zfill(receiver.contents(thread), usize::try_from(width).unwrap_or(0)).transpose() {
        None => receiver.unchanged(thread),
        Some(made) => from_made(made, "padded bytes are too long", thread),
    }
}

/// `expandtabs`.
pub fn expand_tabs<T: ByteString>(receiver: &T, tab_size: i32, thread: &mut Thread) -> PyResult<Py<T>> {
    let expanded = make::expand_tabs(receiver.contents(thread), usize::try_from(tab_size).unwrap_or(0));
    from_made(expanded, "result too long", thread)
}

/// `translate`.
pub fn translate<T: ByteString>(
    receiver: &T,
    table: &Object,
    delete: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Py<T>> {
    let table = match optional_bytes(Some(table), thread)? {
        None => None,
        Some(table) => match <[u8; 256]>::try_from(table.as_slice(thread)) {
            Ok(table) => Some(table),
            Err(_) => return Err(raise!(thread, ValueError, "translation table must be 256 characters long")),
        },
    };
    let delete = match delete {
        Some(delete) => BytesLike::of(delete, thread)?,
        None => BytesLike::Bytes(&[]),
    };
    let translated = make::translate(receiver.contents(thread), table.as_ref(), delete.as_slice(thread));
    let translated = translated.or_memory_error(thread)?;
    if translated == receiver.contents(thread) {
        return receiver.unchanged(thread);
    }
    T::make(&translated, thread)
}

/// A method that gives new contents of the same length.
pub fn map<T: ByteString>(
    receiver: &T,
    change: impl FnOnce(&[u8]) -> Result<Vec<u8>, SizeError>,
    thread: &mut Thread,
) -> PyResult<Py<T>> {
    let changed = change(receiver.contents(thread)).or_memory_error(thread)?;
    T::make(&changed, thread)
}

/// `maketrans`: a table of 256 bytes.
pub fn make_table(from: &BytesLike<'_>, to: &BytesLike<'_>, thread: &mut Thread) -> PyResult<Py<crate::bytes::Bytes>> {
    let table = make::make_translation(from.as_slice(thread), to.as_slice(thread));
    match table {
        Some(table) => crate::bytes::Bytes::try_from_slice(&table, thread),
        None => Err(raise!(thread, ValueError, "maketrans arguments must have same length")),
    }
}
