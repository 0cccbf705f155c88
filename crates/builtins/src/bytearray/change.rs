//! Changing a bytearray: assignment to items and slices, `extend`, `+=`, and the constructor.

use objects::errors::{IndexError, OrMemoryError, OverflowError, PyResult, TryToVec, TypeError};
use objects::protocol;
use objects::protocol::buffer::{BytesLike, has_buffer};
use objects::raise;
use objects::refs::Object;
use objects::slice::{Selection, Slice};
use objects::str::Str;
use objects::thread::Thread;

use super::ByteArray;
use crate::bytes::shared::construct::{collect, copy_of_buffer, encoded, zeros};
use crate::bytes::shared::{ByteString as _, byte_value};

/// `bytearray.__init__`.
pub fn initialize(
    array: &ByteArray,
    source: Option<&Object>,
    encoding: Option<&str>,
    errors: Option<&str>,
    thread: &mut Thread,
) -> PyResult<()> {
    array.resize(0, thread)?;
    let contents = match source {
        Some(source) if encoding.is_none() && errors.is_none() && source.downcast::<Str>().is_none() => {
            contents_of(source, thread)?
        }
        _ => encoded(source, encoding, errors, thread)?.unwrap_or_default(),
    };
    array.splice(0..array.length(), &contents, thread)
}

/// The contents that a source gives: a count of zeros, a buffer, or an iterable of integers.
fn contents_of(source: &Object, thread: &mut Thread) -> PyResult<Vec<u8>> {
    if protocol::is_index(source) {
        let count = protocol::index_or_raise(source, OverflowError, thread);
        if let Some(count) = thread.suppress(count, TypeError)? {
            return match usize::try_from(count) {
                Ok(count) => zeros(count, thread),
                Err(_) => Err(raise!(thread, ValueError, "negative count")),
            };
        }
    }
    if let Some(contents) = copy_of_buffer(source, thread)? {
        return Ok(contents);
    }
    match collect(source, "byte", false, thread)? {
        Some(contents) => Ok(contents),
        None => {
            let class = source.class().full_name();
            Err(raise!(thread, TypeError, "cannot convert '{class}' object to bytearray"))
        }
    }
}

/// `array[key] = value`, or `del array[key]`.
pub fn assign(array: &ByteArray, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    if let Some(slice) = key.downcast_exact::<Slice>() {
        let bounds = slice.unpack(thread)?;
        let new = match value {
            Some(value) => Some(assigned_contents(value, thread)?),
            None => None,
        };
        return assign_slice(array, bounds.select(array.length()), new, thread);
    }
    if !protocol::is_index(key) {
        let class = key.class().full_name();
        return Err(raise!(thread, TypeError, "bytearray indices must be integers or slices, not {class}"));
    }
    let index = protocol::index_or_raise(key, IndexError, thread)?;
    let byte = match value {
        Some(value) => Some(byte_value(value, thread)?),
        None => None,
    };
    let place = if index < 0 { index + array.length() as isize } else { index };
    assign_byte(array, place, byte, thread)
}

/// Sets or deletes the byte at a place that is not counted from the end.
pub fn assign_byte(array: &ByteArray, place: isize, byte: Option<u8>, thread: &mut Thread) -> PyResult<()> {
    let Some(place) = usize::try_from(place).ok().filter(|place| *place < array.length()) else {
        return Err(raise!(thread, IndexError, "bytearray index out of range"));
    };
    match byte {
        Some(byte) => {
            array.contents_mut(thread)[place] = byte;
            Ok(())
        }
        None => array.splice(place..place + 1, &[], thread),
    }
}

/// What is assigned to a slice.
fn assigned_contents(value: &Object, thread: &mut Thread) -> PyResult<Vec<u8>> {
    let number_or_text = value.downcast::<Str>().is_some() || (protocol::is_index(value) && !has_buffer(value));
    let contents = match number_or_text {
        true => None,
        false => match copy_of_buffer(value, thread)? {
            Some(contents) => Some(contents),
            None => collect(value, "byte", false, thread)?,
        },
    };
    let message = "can assign only bytes, buffers, or iterables of ints in range(0, 256)";
    contents.ok_or_else(|| raise!(thread, TypeError, "{message}"))
}

fn assign_slice(array: &ByteArray, selection: Selection, new: Option<Vec<u8>>, thread: &mut Thread) -> PyResult<()> {
    if selection.step == 1 {
        let start = selection.start as usize;
        return array.splice(start..start + selection.count, &new.unwrap_or_default(), thread);
    }
    match new {
        // An empty value deletes, as `del` does.
        Some(new) if !new.is_empty() => {
            if new.len() != selection.count {
                let (given, count) = (new.len(), selection.count);
                let message = "attempt to assign bytes of size";
                return Err(raise!(thread, ValueError, "{message} {given} to extended slice of size {count}"));
            }
            let contents = array.contents_mut(thread);
            selection.indices().zip(new).for_each(|(index, byte)| contents[index] = byte);
            Ok(())
        }
        _ if selection.count == 0 => Ok(()),
        _ => {
            array.check_resizable(thread)?;
            let mut selected = selection.ascending().indices().peekable();
            let contents = array.contents(thread);
            let kept: Vec<u8> = contents
                .iter()
                .enumerate()
                .filter(|(index, _)| selected.next_if_eq(index).is_none())
                .map(|(_, byte)| *byte)
                .collect();
            array.splice(0..array.length(), &kept, thread)
        }
    }
}

/// `array += other`.
pub fn concatenate_in_place(array: &ByteArray, other: &Object, thread: &mut Thread) -> PyResult<()> {
    if !has_buffer(other) {
        let (other, own) = (other.class().full_name(), array.class().full_name());
        return Err(raise!(thread, TypeError, "can't concat {other} to {own}"));
    }
    // The view is given back before the array grows: it may be a view of the array itself.
    let new = BytesLike::of(other, thread)?.as_slice(thread).try_to_vec().or_memory_error(thread)?;
    array.splice(array.length()..array.length(), &new, thread)
}

/// `array *= count`.
pub fn repeat_in_place(array: &ByteArray, count: isize, thread: &mut Thread) -> PyResult<()> {
    let count = usize::try_from(count).unwrap_or(0);
    let old = array.length();
    let Some(length) = old.checked_mul(count).filter(|length| isize::try_from(*length).is_ok()) else {
        return Err(thread.raise_memory_error());
    };
    array.resize(length, thread)?;
    if old > 0 {
        let contents = array.contents_mut(thread);
        let mut filled = old;
        while filled < length {
            let step = filled.min(length - filled);
            contents.copy_within(0..step, filled);
            filled += step;
        }
    }
    Ok(())
}

/// `array.extend(iterable)`.
pub fn extend(array: &ByteArray, iterable: &Object, thread: &mut Thread) -> PyResult<()> {
    if has_buffer(iterable) {
        let new = copy_of_buffer(iterable, thread)?.unwrap_or_default();
        return array.splice(array.length()..array.length(), &new, thread);
    }
    let new = collect(iterable, "byte", true, thread)?;
    match new {
        Some(new) => array.splice(array.length()..array.length(), &new, thread),
        None => {
            let class = iterable.class().full_name();
            if iterable.downcast::<Str>().is_some() {
                return Err(raise!(thread, TypeError, "expected iterable of integers; got: '{class}'"));
            }
            Err(raise!(thread, TypeError, "can't extend bytearray with {class}"))
        }
    }
}
