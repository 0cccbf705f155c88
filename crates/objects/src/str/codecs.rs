//! `str.encode` and `bytes.decode`: the codecs that Rust knows by name, error handling, and the way to all other codecs.
//!
//! A codec of crate `text` works until it meets something that it cannot convert. A [`DecodeRun`] or [`EncodeRun`] then asks the error
//! handler: one of those that Rust knows by name, or a Python function from the registry, which gets an exception to judge.

use std::borrow::Cow;

use layout::{Py_TPFLAGS_BYTES_SUBCLASS, PyUnicodeErrorObject};
use text::builder::{StrBuilder, StrData};
use text::byte_builder::ByteBuilder;
use text::codecs::handlers::{ErrorHandler, Refusal, Replacement};
use text::codecs::single_byte::{Ascii, Latin1};
use text::codecs::utf8::Utf8;
use text::codecs::utf16::Utf16;
use text::codecs::utf32::Utf32;
use text::codecs::{ByteOrder, DecodeError, Decoder, EncodeError, Encoder, encode_all};

use super::Str;
use crate::errors::{
    ExceptionKind, OrMemoryError, PyResult, Raised, UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError,
};
use crate::protocol;
use crate::protocol::buffer::bytes_contents;
use crate::raise;
use crate::refs::{Object, Py, cast};
use crate::thread::Thread;
use crate::tuple::Tuple;

/// The machine's byte order.
const NATIVE: ByteOrder = if cfg!(target_endian = "big") { ByteOrder::Big } else { ByteOrder::Little };

/// The codecs that are found without the registry.
enum Known {
    Utf8,
    Latin1,
    Ascii,
    Utf16,
    Utf32,
}

impl Known {
    fn by_name(encoding: &str) -> Option<Self> {
        // What nearly everybody writes needs no other spelling.
        match encoding {
            "utf-8" | "UTF-8" => return Some(Self::Utf8),
            "latin-1" => return Some(Self::Latin1),
            _ => {}
        }
        match &*normalize(encoding) {
            "utf_8" | "utf8" => Some(Self::Utf8),
            "latin1" | "latin_1" | "iso_8859_1" | "iso8859_1" => Some(Self::Latin1),
            "ascii" | "us_ascii" => Some(Self::Ascii),
            "utf_16" | "utf16" => Some(Self::Utf16),
            "utf_32" | "utf32" => Some(Self::Utf32),
            _ => None,
        }
    }
}

/// The name under which an encoding is looked up: lower case, one underscore for each run of other characters between letters, digits and dots.
pub fn normalize(encoding: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.';
    if encoding.bytes().all(is_plain) {
        return Cow::Borrowed(encoding);
    }
    let mut name = String::with_capacity(encoding.len());
    let mut gap = false;
    for byte in encoding.bytes() {
        if !byte.is_ascii_alphanumeric() && byte != b'.' {
            gap = true;
            continue;
        }
        if gap && !name.is_empty() {
            name.push('_');
        }
        gap = false;
        name.push(byte.to_ascii_lowercase() as char);
    }
    Cow::Owned(name)
}

/// In development mode: LookupError for an encoding or an error handler that does not exist.
fn check_names(encoding: Option<&str>, errors: Option<&str>, thread: &mut Thread) -> PyResult<()> {
    if !thread.interpreter().development_mode.get() {
        return Ok(());
    }
    if let Some(encoding) = encoding.filter(|it| Known::by_name(it).is_none()) {
        super::codec_registry::lookup(encoding, thread)?;
    }
    if let Some(errors) = errors.filter(|it| ErrorHandler::by_name(it).is_none()) {
        super::codec_registry::lookup_error(errors, thread)?;
    }
    Ok(())
}

/// `text.encode(encoding, errors)`: UTF-8 unless the encoding is given.
pub fn encode(text: &Str, encoding: Option<&str>, errors: Option<&str>, thread: &mut Thread) -> PyResult<Py<Object>> {
    check_names(encoding, errors, thread)?;
    let bytes = match encoding.map_or(Some(Known::Utf8), Known::by_name) {
        Some(Known::Utf8 | Known::Ascii | Known::Latin1) if text.is_ascii() => {
            return match text.view().as_ascii() {
                Some(bytes) => thread.make_bytes(bytes),
                None => thread.make_bytes(&[]),
            };
        }
        Some(Known::Utf8) => encode_with(&Utf8, text, errors, thread)?,
        Some(Known::Latin1) => encode_with(&Latin1, text, errors, thread)?,
        Some(Known::Ascii) => encode_with(&Ascii, text, errors, thread)?,
        Some(Known::Utf16) => encode_with(&Utf16 { order: NATIVE, marked: true }, text, errors, thread)?,
        Some(Known::Utf32) => encode_with(&Utf32 { order: NATIVE, marked: true }, text, errors, thread)?,
        None => return super::codec_registry::encode_text(text, encoding.unwrap_or_default(), errors, thread),
    };
    thread.make_bytes(&bytes)
}

/// `bytes.decode(encoding, errors)`: UTF-8 unless the encoding is given. The bytes must not change meanwhile.
pub fn decode(bytes: &[u8], encoding: Option<&str>, errors: Option<&str>, thread: &mut Thread) -> PyResult<Py<Str>> {
    check_names(encoding, errors, thread)?;
    let decoded = match encoding.map_or(Some(Known::Utf8), Known::by_name) {
        Some(Known::Utf8) => decode_with(&Utf8, bytes, true, errors, thread),
        Some(Known::Latin1) => decode_with(&Latin1, bytes, true, errors, thread),
        Some(Known::Ascii) => decode_with(&Ascii, bytes, true, errors, thread),
        Some(Known::Utf16) => decode_utf16(bytes, true, errors, thread),
        Some(Known::Utf32) => decode_utf32(bytes, true, errors, thread),
        None => return super::codec_registry::decode_text(bytes, encoding.unwrap_or_default(), errors, thread),
    };
    decoded.map(|(text, _)| text)
}

/// Decodes with a handler by name: the text, and how many bytes were used.
pub fn decode_with(
    decoder: &dyn Decoder,
    bytes: &[u8],
    is_final: bool,
    errors: Option<&str>,
    thread: &mut Thread,
) -> PyResult<(Py<Str>, usize)> {
    decode_from(decoder, bytes, 0, is_final, errors, thread)
}

/// As [`decode_with`], from a position on.
pub fn decode_from(
    decoder: &dyn Decoder,
    bytes: &[u8],
    start: usize,
    is_final: bool,
    errors: Option<&str>,
    thread: &mut Thread,
) -> PyResult<(Py<Str>, usize)> {
    let mut run = DecodeRun::new(decoder.name(), errors, bytes);
    let mut out = StrBuilder::new();
    let mut position = start;
    loop {
        let progress = decoder.decode(run.bytes(), position, is_final, &mut out);
        let Some(error) = progress.error else {
            return Ok((Str::from_builder(out, thread)?, progress.position));
        };
        position = run.handle(&error, &mut out, thread)?;
    }
}

/// UTF-16 in the byte order that a mark says, or the machine's.
pub fn decode_utf16(
    bytes: &[u8],
    is_final: bool,
    errors: Option<&str>,
    thread: &mut Thread,
) -> PyResult<(Py<Str>, usize)> {
    let (order, start) = text::codecs::utf16::byte_order_mark(bytes).unwrap_or((NATIVE, 0));
    decode_from(&Utf16 { order, marked: false }, bytes, start, is_final, errors, thread)
}

/// UTF-32 in the byte order that a mark says, or the machine's.
pub fn decode_utf32(
    bytes: &[u8],
    is_final: bool,
    errors: Option<&str>,
    thread: &mut Thread,
) -> PyResult<(Py<Str>, usize)> {
    let (order, start) = text::codecs::utf32::byte_order_mark(bytes).unwrap_or((NATIVE, 0));
    decode_from(&Utf32 { order, marked: false }, bytes, start, is_final, errors, thread)
}

/// Encodes with a handler by name.
pub fn encode_with(encoder: &dyn Encoder, text: &Str, errors: Option<&str>, thread: &mut Thread) -> PyResult<Vec<u8>> {
    if let Some(handler) = ErrorHandler::by_name(errors.unwrap_or("strict")) {
        return match encode_all(encoder, text.view(), handler) {
            Ok(bytes) => Ok(bytes),
            Err((error, Refusal::Raise)) => Err(raise_encode_error(encoder.name(), text, &error, thread)),
            Err((_, Refusal::WrongKind)) => Err(raise_wrong_kind(UnicodeEncodeError, thread)),
            Err((_, Refusal::OutOfMemory)) => Err(thread.raise_memory_error()),
        };
    }
    let mut run = EncodeRun::new(encoder.name(), errors, text);
    let mut out = ByteBuilder::new();
    let mut position = 0;
    while let Some(error) = encoder.encode(run.text().view(), position, &mut out) {
        if out.is_full() {
            return Err(thread.raise_memory_error());
        }
        let (replacement, next) = run.handle(&error, thread)?;
        if !encoder.push_replacement(&replacement, &mut out) {
            return Err(raise_encode_error(encoder.name(), &run.text(), &error, thread));
        }
        position = next;
    }
    out.finish().or_memory_error(thread)
}

/// The bytes that are decoded: the caller's, or those of an exception that a Python function has seen.
enum Input<'a> {
    Borrowed(&'a [u8]),
    Object(Py<Object>),
}

/// One decoding: its input and how errors in it are handled.
pub struct DecodeRun<'a> {
    encoding: String,
    errors: &'a str,
    input: Input<'a>,
    /// The handler and the exception that it judges, from the first error on.
    custom: Option<(Py<Object>, Py<Object>)>,
}

impl<'a> DecodeRun<'a> {
    pub fn new(encoding: &str, errors: Option<&'a str>, bytes: &'a [u8]) -> Self {
        Self {
            encoding: encoding.to_owned(),
            errors: errors.unwrap_or("strict"),
            input: Input::Borrowed(bytes),
            custom: None,
        }
    }

    /// What is decoded: a handler may have put other bytes in the place of the first.
    pub fn bytes(&self) -> &[u8] {
        match &self.input {
            Input::Borrowed(bytes) => bytes,
            Input::Object(object) => bytes_contents(object).unwrap_or_default(),
        }
    }

    /// Asks the handler: appends the replacement, and gives the position to go on from.
    pub fn handle(&mut self, error: &DecodeError, out: &mut StrBuilder, thread: &mut Thread) -> PyResult<usize> {
        let Some(handler) = ErrorHandler::by_name(self.errors) else {
            return self.ask_python(error, out, thread);
        };
        match handler.on_decode_error(&self.encoding, self.bytes(), error) {
            Ok((replacement, next)) => {
                out.push_view(replacement.view());
                Ok(next)
            }
            Err(Refusal::WrongKind) => Err(raise_wrong_kind(UnicodeDecodeError, thread)),
            Err(Refusal::OutOfMemory) => Err(thread.raise_memory_error()),
            Err(Refusal::Raise) => Err(raise_decode_error(&self.encoding, self.bytes(), error, thread)),
        }
    }

    fn ask_python(&mut self, error: &DecodeError, out: &mut StrBuilder, thread: &mut Thread) -> PyResult<usize> {
        let (handler, exception) = match &self.custom {
            Some((handler, exception)) => (handler.clone(), exception.clone()),
            None => {
                let handler = super::codec_registry::lookup_error(self.errors, thread)?;
                let exception = new_decode_error(&self.encoding, self.bytes(), error, thread)?;
                self.custom = Some((handler.clone(), exception.clone()));
                (handler, exception)
            }
        };
        update(&exception, error.start, error.end, error.reason, thread);
        let answer = protocol::call_one(&handler, &exception, thread)?;
        let parts = answer.downcast::<Tuple>().map(Tuple::items);
        let Some([replacement, position]) = parts.filter(|it| it[0].downcast::<Str>().is_some()) else {
            return Err(raise!(thread, TypeError, "decoding error handler must return (str, int) tuple"));
        };
        let position = protocol::index_as_isize(position, thread)?;
        // The function may have given the exception another object, which is decoded from here on.
        let object = exception_object(&exception, thread)?;
        if !object.class().has_flag(Py_TPFLAGS_BYTES_SUBCLASS) {
            return Err(raise!(thread, TypeError, "exception attribute object must be bytes"));
        }
        self.input = Input::Object(object);
        let next = checked_position(position, self.bytes().len(), thread)?;
        if let Some(text) = replacement.downcast::<Str>() {
            out.push_view(text.view());
        }
        Ok(next)
    }
}

/// One encoding: its text and how errors in it are handled by a Python function.
pub struct EncodeRun<'a> {
    encoding: String,
    errors: &'a str,
    text: Py<Str>,
    custom: Option<(Py<Object>, Py<Object>)>,
}

impl<'a> EncodeRun<'a> {
    pub fn new(encoding: &str, errors: Option<&'a str>, text: &Str) -> Self {
        Self {
            encoding: encoding.to_owned(),
            errors: errors.unwrap_or("strict"),
            text: Py::from_ref(text),
            custom: None,
        }
    }

    pub fn text(&self) -> Py<Str> {
        self.text.clone()
    }

    /// Asks the handler: the replacement, and the position to go on from.
    pub fn handle(&mut self, error: &EncodeError, thread: &mut Thread) -> PyResult<(Replacement, usize)> {
        let Some(handler) = ErrorHandler::by_name(self.errors) else { return self.ask_python(error, thread) };
        match handler.on_encode_error(&self.encoding, self.text.view(), error) {
            Ok(answer) => Ok(answer),
            Err(Refusal::WrongKind) => Err(raise_wrong_kind(UnicodeEncodeError, thread)),
            Err(Refusal::OutOfMemory) => Err(thread.raise_memory_error()),
            Err(Refusal::Raise) => Err(raise_encode_error(&self.encoding, &self.text, error, thread)),
        }
    }

    fn ask_python(&mut self, error: &EncodeError, thread: &mut Thread) -> PyResult<(Replacement, usize)> {
        let (handler, exception) = match &self.custom {
            Some((handler, exception)) => (handler.clone(), exception.clone()),
            None => {
                let handler = super::codec_registry::lookup_error(self.errors, thread)?;
                let exception = new_encode_error(&self.encoding, &self.text, error, thread)?;
                self.custom = Some((handler.clone(), exception.clone()));
                (handler, exception)
            }
        };
        update(&exception, error.start, error.end, error.reason, thread);
        let answer = protocol::call_one(&handler, &exception, thread)?;
        let parts = answer.downcast::<Tuple>().map(Tuple::items);
        let replacement = parts.filter(|it| it.len() == 2).and_then(|it| as_replacement(&it[0]));
        let (Some([_, position]), Some(replacement)) = (parts, replacement) else {
            return Err(raise!(thread, TypeError, "encoding error handler must return (str/bytes, int) tuple"));
        };
        let position = protocol::index_as_isize(position, thread)?;
        let next = checked_position(position, self.text.length(), thread)?;
        Ok((replacement, next))
    }
}

/// What a handler gave: text, or bytes to be taken as they are.
fn as_replacement(object: &Object) -> Option<Replacement> {
    if let Some(text) = object.downcast::<Str>() {
        return Some(Replacement::Text(StrData::from_view(text.view())));
    }
    bytes_contents(object).map(|bytes| Replacement::Bytes(bytes.to_vec()))
}

/// The position that a handler says to go on from; negative ones count from the end.
pub fn checked_position(position: isize, length: usize, thread: &mut Thread) -> PyResult<usize> {
    let position = if position < 0 { position.saturating_add(length as isize) } else { position };
    match usize::try_from(position).ok().filter(|it| *it <= length) {
        Some(position) => Ok(position),
        None => Err(raise!(thread, IndexError, "position {position} from error handler out of bounds")),
    }
}

/// The fields that all three exceptions share.
fn fields(exception: &Object) -> Option<&PyUnicodeErrorObject> {
    let kinds = [UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError];
    let is_one = kinds.iter().any(|kind| exception.class().is_subtype(kind.as_type()));
    // SAFETY: the three types and their subtypes have this layout.
    is_one.then(|| unsafe { cast(exception) })
}

/// Where the error is and what is wrong, in an exception that a handler has judged before.
pub fn update(exception: &Object, start: usize, end: usize, reason: &str, thread: &mut Thread) {
    let Some(fields) = fields(exception) else { return };
    fields.start.set(start as isize);
    fields.end.set(end as isize);
    let reason = Str::from_str(reason, thread);
    let old = fields.reason.replace(reason.into_object().into_pointer());
    // SAFETY: the field owned what it held.
    drop(unsafe { Py::<Object>::steal_pointer(old) });
}

/// `exception.object`.
fn exception_object(exception: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    // SAFETY: the field owns what it holds.
    let object = fields(exception).and_then(|it| unsafe { Object::from_pointer(it.object.get()) });
    match object {
        Some(object) => Ok(Py::from_ref(object)),
        None => Err(raise!(thread, TypeError, "object attribute not set")),
    }
}

/// An exception that an error handler looks at: what it concerns, with the bounds moved into it.
pub enum Judged {
    Decode { encoding: String, object: Py<Object>, start: usize, end: usize },
    Encode { encoding: String, text: Py<Str>, start: usize, end: usize },
    Translate { text: Py<Str>, start: usize, end: usize },
}

/// Reads one of the three exceptions; None for other objects.
pub fn judge(exception: &Object, thread: &mut Thread) -> PyResult<Option<Judged>> {
    let Some(fields) = fields(exception) else { return Ok(None) };
    // SAFETY: the field owns what it holds.
    let encoding = unsafe { Object::from_pointer(fields.encoding.get()) };
    let encoding = encoding.and_then(|it| it.downcast::<Str>()).map(Str::to_string_lossy).unwrap_or_default();
    let object = exception_object(exception, thread)?;
    let bounds = |length: usize| {
        let start = fields.start.get().clamp(0, (length as isize - 1).max(0));
        let end = fields.end.get().clamp(1, (length as isize).max(1));
        (start as usize, end as usize)
    };
    if exception.class().is_subtype(UnicodeDecodeError.as_type()) {
        let Some(contents) = bytes_contents(&object) else {
            return Err(raise!(thread, TypeError, "object attribute must be bytes"));
        };
        let (start, end) = bounds(contents.len());
        return Ok(Some(Judged::Decode { encoding, object, start, end }));
    }
    let Ok(text) = object.downcast_into::<Str>() else {
        return Err(raise!(thread, TypeError, "object attribute must be unicode"));
    };
    let (start, end) = bounds(text.length());
    if exception.class().is_subtype(UnicodeEncodeError.as_type()) {
        return Ok(Some(Judged::Encode { encoding, text, start, end }));
    }
    Ok(Some(Judged::Translate { text, start, end }))
}

fn new_error(
    kind: ExceptionKind,
    encoding: &str,
    object: &Object,
    place: (usize, usize),
    reason: &str,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let encoding = Str::from_str(encoding, thread);
    let start = protocol::make_int(place.0 as i128, thread);
    let end = protocol::make_int(place.1 as i128, thread);
    let reason = Str::from_str(reason, thread);
    protocol::call(kind.as_type(), &[&encoding, object, &start, &end, &reason], thread)
}

/// A new UnicodeDecodeError, with a copy of the bytes.
pub fn new_decode_error(
    encoding: &str,
    bytes: &[u8],
    error: &DecodeError,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let object = thread.make_bytes(bytes)?;
    new_error(UnicodeDecodeError, encoding, &object, (error.start, error.end), error.reason, thread)
}

/// A new UnicodeEncodeError.
pub fn new_encode_error(encoding: &str, text: &Str, error: &EncodeError, thread: &mut Thread) -> PyResult<Py<Object>> {
    new_error(UnicodeEncodeError, encoding, text, (error.start, error.end), error.reason, thread)
}

/// Raises UnicodeDecodeError.
#[cold]
pub fn raise_decode_error(encoding: &str, bytes: &[u8], error: &DecodeError, thread: &mut Thread) -> Raised {
    match new_decode_error(encoding, bytes, error, thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// Raises UnicodeEncodeError.
#[cold]
pub fn raise_encode_error(encoding: &str, text: &Str, error: &EncodeError, thread: &mut Thread) -> Raised {
    match new_encode_error(encoding, text, error, thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// A handler was asked about a kind of error that it does not handle.
#[cold]
pub fn raise_wrong_kind(kind: ExceptionKind, thread: &mut Thread) -> Raised {
    let class = kind.as_type().full_name();
    raise!(thread, TypeError, "don't know how to handle {class} in error callback")
}
