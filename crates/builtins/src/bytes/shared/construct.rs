//! The contents that `bytes(source)` and `bytearray(source)` give: of an iterable of integers, or a copy of a buffer.

use layout::PyBUF_FULL_RO;
use objects::errors::{Grow, OrMemoryError, PyResult, TypeError, with_room};
use objects::protocol;
use objects::protocol::buffer::{Buffer, has_buffer};
use objects::raise;
use objects::refs::Object;
use objects::str::Str;
use objects::thread::Thread;

use super::raise_not_a_byte;

/// A copy of the memory of a bytes-like object, of whatever shape.
pub fn copy_of_buffer(source: &Object, thread: &mut Thread) -> PyResult<Option<Vec<u8>>> {
    if !has_buffer(source) {
        return Ok(None);
    }
    let buffer = Buffer::get(source, PyBUF_FULL_RO, thread)?;
    buffer.to_vec(thread).map(Some)
}

/// The integers of an iterable as bytes; `what` is what messages call them. `bytes` asks the iterable for its length, bytearray does not.
pub fn collect(source: &Object, what: &str, asks_length: bool, thread: &mut Thread) -> PyResult<Option<Vec<u8>>> {
    if source.downcast::<Str>().is_some() || !protocol::is_iterable(source) {
        return Ok(None);
    }
    let iterator = protocol::iter(source, thread);
    let Some(iterator) = thread.suppress(iterator, TypeError)? else { return Ok(None) };
    let hint = if asks_length { protocol::length_hint(source, 64, thread)? } else { 64 };
    const MOST_RESERVED: usize = 1 << 20;
    let mut contents = with_room(hint.min(MOST_RESERVED)).or_memory_error(thread)?;
    while let Some(item) = protocol::next(&iterator, thread)? {
        let value = protocol::index_clipped(&item, thread)?;
        match u8::try_from(value) {
            Ok(byte) => contents.try_push(byte).or_memory_error(thread)?,
            Err(_) => return Err(raise_not_a_byte(what, thread)),
        }
    }
    Ok(Some(contents))
}

/// So many zeros; MemoryError if there is no room for them.
pub fn zeros(count: usize, thread: &mut Thread) -> PyResult<Vec<u8>> {
    let mut contents = with_room(count).or_memory_error(thread)?;
    contents.resize(count, 0);
    Ok(contents)
}

/// What both constructors say of encodings: the text's bytes, if the source is text.
pub fn encoded(
    source: Option<&Object>,
    encoding: Option<&str>,
    errors: Option<&str>,
    thread: &mut Thread,
) -> PyResult<Option<Vec<u8>>> {
    let text = source.and_then(|it| it.downcast::<Str>());
    match (text, encoding, errors) {
        (Some(text), Some(encoding), errors) => {
            let bytes = objects::str::codecs::encode(text, Some(encoding), errors, thread)?;
            Ok(objects::protocol::buffer::bytes_contents(&bytes).map(<[u8]>::to_vec))
        }
        (Some(_), None, _) => Err(raise!(thread, TypeError, "string argument without an encoding")),
        (None, Some(_), _) => Err(raise!(thread, TypeError, "encoding without a string argument")),
        (None, None, Some(_)) => Err(raise!(thread, TypeError, "errors without a string argument")),
        (None, None, None) => Ok(None),
    }
}
