//! Bytes and text: `decode`, `hex`, `fromhex`.

use objects::errors::{OrMemoryError, PyResult};
use objects::protocol;
use objects::protocol::buffer::{BytesLike, bytes_contents, has_buffer};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::arguments::TextName;
use objects::str::{Str, codecs};
use objects::thread::Thread;
use text::bytes::hex::{HexError, Separator, from_hex, hex};
use text::view::StrView;

/// `decode`. The bytes must not change meanwhile.
pub fn decode(
    contents: &[u8],
    encoding: Option<TextName>,
    errors: Option<TextName>,
    thread: &mut Thread,
) -> PyResult<Py<Str>> {
    codecs::decode(contents, encoding.as_ref().map(|it| &*it.0), errors.as_ref().map(|it| &*it.0), thread)
}

/// The separator of `hex`: a character, or a byte, of ASCII.
fn separator(sep: &Object, group: isize, thread: &mut Thread) -> PyResult<Separator> {
    if protocol::length(sep, thread)? != 1 {
        return Err(raise!(thread, ValueError, "sep must be length 1."));
    }
    let point = if let Some(text) = sep.downcast::<Str>() {
        text.code_point(0)
    } else if let Some(bytes) = bytes_contents(sep) {
        bytes.first().copied().map(u32::from)
    } else {
        return Err(raise!(thread, TypeError, "sep must be str or bytes."));
    };
    match point.and_then(|point| u8::try_from(point).ok()).filter(u8::is_ascii) {
        Some(byte) => Ok(Separator { byte, group }),
        None => Err(raise!(thread, ValueError, "sep must be ASCII.")),
    }
}

/// `hex`.
pub fn to_hex(
    read: impl FnOnce(&mut Thread) -> PyResult<Vec<u8>>,
    sep: Option<&Object>,
    bytes_per_sep: i32,
    thread: &mut Thread,
) -> PyResult<Py<Str>> {
    let separator = match sep {
        Some(sep) => Some(separator(sep, bytes_per_sep as isize, thread)?),
        None => None,
    };
    let bytes = read(thread)?;
    let digits = hex(&bytes, separator).or_memory_error(thread)?;
    Str::try_from_view(StrView::Ascii(&digits), thread)
}

/// The bytes that `fromhex` reads.
pub fn read_hex(string: &Object, thread: &mut Thread) -> PyResult<Vec<u8>> {
    let read = if let Some(text) = string.downcast::<Str>() {
        from_hex(text.view())
    } else if has_buffer(string) {
        let bytes = BytesLike::of(string, thread)?;
        from_hex(StrView::Latin1(bytes.as_slice(thread)))
    } else {
        let class = protocol::qualified_name(string.class(), thread);
        return Err(raise!(thread, TypeError, "fromhex() argument must be str or bytes-like, not {class}"));
    };
    read.map_err(|error| match error {
        HexError::OutOfMemory => thread.raise_memory_error(),
        error => raise!(thread, ValueError, "{error}"),
    })
}
