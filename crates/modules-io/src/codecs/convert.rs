//! Running a codec for a function of the module: the converted data, with how much was used.

use objects::errors::{DeprecationWarning, PyResult};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::codecs::{decode_from, decode_with, encode_with};
use objects::thread::Thread;
use objects::tuple::Tuple;
use text::builder::StrBuilder;
use text::codecs::escape_bytes::{self, EscapeError, OnBadHex};
use text::codecs::escapes::{InvalidEscape, UnicodeEscape, first_invalid_escape};
use text::codecs::utf16::Utf16;
use text::codecs::utf32::Utf32;
use text::codecs::{ByteOrder, Decoder, Encoder, utf16, utf32};

use super::arguments::Errors;

/// A conversion's result: what came out, and how much of the input it stands for.
pub fn pair(converted: Py<Object>, used: usize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let used = protocol::make_int(used as i128, thread);
    Tuple::new(vec![converted, used], thread)
}

/// Decodes all of the data.
pub fn decode(
    decoder: &dyn Decoder,
    data: &[u8],
    errors: &Errors,
    is_final: bool,
    thread: &mut Thread,
) -> PyResult<Py<Tuple>> {
    let (text, used) = decode_with(decoder, data, is_final, errors.name(), thread)?;
    pair(text.into_object(), used, thread)
}

/// Encodes all of the text.
pub fn encode(encoder: &dyn Encoder, text: &Str, errors: &Errors, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let bytes = encode_with(encoder, text, errors.name(), thread)?;
    bytes_pair(&bytes, text.length(), thread)
}

/// Bytes, with how much of the input they stand for.
pub fn bytes_pair(bytes: &[u8], used: usize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let bytes = thread.make_bytes(bytes)?;
    pair(bytes, used, thread)
}

/// UTF-16 or UTF-32.
#[derive(Clone, Copy)]
pub enum Wide {
    Utf16,
    Utf32,
}

impl Wide {
    fn decoder(self, order: ByteOrder) -> Box<dyn Decoder> {
        match self {
            Self::Utf16 => Box::new(Utf16 { order, marked: false }),
            Self::Utf32 => Box::new(Utf32 { order, marked: false }),
        }
    }

    fn mark(self, data: &[u8]) -> Option<(ByteOrder, usize)> {
        match self {
            Self::Utf16 => utf16::byte_order_mark(data),
            Self::Utf32 => utf32::byte_order_mark(data),
        }
    }

    /// Decodes in a byte order: negative for little, positive for big, zero for what a mark says. The third result is the order found.
    pub fn decode(
        self,
        data: &[u8],
        errors: &Errors,
        byte_order: i32,
        is_final: bool,
        thread: &mut Thread,
    ) -> PyResult<(Py<Str>, usize, i32)> {
        let mark = self.mark(data).filter(|_| byte_order == 0);
        let (order, start, found) = match (byte_order, mark) {
            (0, Some((order, length))) => (order, length, if order == ByteOrder::Little { -1 } else { 1 }),
            (0, None) => (ByteOrder::Little, 0, 0),
            (..0, _) => (ByteOrder::Little, 0, byte_order),
            _ => (ByteOrder::Big, 0, byte_order),
        };
        let decoder = self.decoder(order);
        let (text, used) = decode_from(&*decoder, data, start, is_final, errors.name(), thread)?;
        Ok((text, used, found))
    }

    /// Encodes in a byte order: zero for the machine's, with a mark.
    pub fn encode(self, text: &Str, errors: &Errors, byte_order: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let order = if byte_order > 0 { ByteOrder::Big } else { ByteOrder::Little };
        let marked = byte_order == 0;
        match self {
            Self::Utf16 => encode(&Utf16 { order, marked }, text, errors, thread),
            Self::Utf32 => encode(&Utf32 { order, marked }, text, errors, thread),
        }
    }
}

/// `unicode_escape_decode`, with a warning of escapes that mean nothing.
pub fn decode_unicode_escape(data: &[u8], errors: &Errors, is_final: bool, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let (text, used) = decode_with(&UnicodeEscape, data, is_final, errors.name(), thread)?;
    warn_of_escape(first_invalid_escape(&data[..used.min(data.len())], true), "", thread)?;
    pair(text.into_object(), used, thread)
}

/// `escape_decode`, with a warning of escapes that mean nothing.
pub fn decode_escape(data: &[u8], errors: &Errors, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let name = errors.name().unwrap_or("strict");
    match escape_bytes::decode(data, OnBadHex::by_name(name)) {
        Ok(bytes) => {
            warn_of_escape(first_invalid_escape(data, false), "b", thread)?;
            bytes_pair(&bytes, data.len(), thread)
        }
        Err(EscapeError::UnknownHandler) => Err(raise!(thread, ValueError, "{}{name}", EscapeError::UnknownHandler)),
        Err(EscapeError::OutOfMemory) => Err(thread.raise_memory_error()),
        Err(error) => Err(raise!(thread, ValueError, "{error}")),
    }
}

fn warn_of_escape(escape: Option<InvalidEscape>, prefix: &str, thread: &mut Thread) -> PyResult<()> {
    let (shown, kind) = match escape {
        None => return Ok(()),
        Some(InvalidEscape::Letter(letter)) => (char::from(letter).to_string(), "escape"),
        Some(InvalidEscape::Octal(digits)) => (digits.iter().map(|it| char::from(*it)).collect(), "octal escape"),
    };
    let message = "sequence. Such sequences will not work in the future. ";
    thread.warn(DeprecationWarning, 1, format_args!("{prefix}\"\\{shown}\" is an invalid {kind} {message}"))
}

/// A builder's text, with how much of the input it stands for.
pub fn text_pair(builder: StrBuilder, used: usize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let text = Str::from_builder(builder, thread)?;
    pair(text.into_object(), used, thread)
}
