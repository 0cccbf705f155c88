//! The escapes of bytes literals: `codecs.escape_decode` and `escape_encode`.

use super::escapes::octal;
use crate::builder::SizeError;
use crate::byte_builder::ByteBuilder;
use crate::bytes::hex::hex_value;
use std::fmt;

/// What to do about a `\x` escape without two digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnBadHex {
    /// `strict`.
    Raise,
    /// `replace`.
    QuestionMark,
    /// `ignore`.
    Nothing,
    /// Any other name of an error handler, which only an error brings to light.
    Unknown,
}

impl OnBadHex {
    /// By the name of an error handler.
    pub fn by_name(name: &str) -> Self {
        match name {
            "strict" => Self::Raise,
            "replace" => Self::QuestionMark,
            "ignore" => Self::Nothing,
            _ => Self::Unknown,
        }
    }
}

/// Why bytes with escapes can't be decoded. Displays as CPython's message, except for the name of an unknown
/// handler, which the caller appends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EscapeError {
    /// The backslash at this index opens a bad `\x` escape.
    BadHex(usize),
    /// The last byte is a backslash.
    Trailing,
    /// A bad `\x` escape meets a handler of unknown name.
    UnknownHandler,
    /// There is no memory for the bytes (`MemoryError`).
    OutOfMemory,
}

impl fmt::Display for EscapeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadHex(at) => write!(formatter, "invalid \\x escape at position {at}"),
            Self::OutOfMemory => formatter.write_str("out of memory"),
            Self::Trailing => formatter.write_str("Trailing \\ in string"),
            Self::UnknownHandler => formatter.write_str("decoding error; unknown error handling code: "),
        }
    }
}

/// Bytes with their escapes resolved. See [`super::escapes::first_invalid_escape`] for the warning.
pub fn decode(bytes: &[u8], on_bad_hex: OnBadHex) -> Result<Vec<u8>, EscapeError> {
    let mut out = ByteBuilder::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        out.extend_from_slice(&rest[..plain]);
        at += plain;
        if at < bytes.len() {
            at = decode_escape(bytes, at, on_bad_hex, &mut out)?;
        }
    }
    out.finish().map_err(|_| EscapeError::OutOfMemory)
}

// Decodes the escape whose backslash is at `at`: where it ends.
fn decode_escape(bytes: &[u8], at: usize, on_bad_hex: OnBadHex, out: &mut ByteBuilder) -> Result<usize, EscapeError> {
    let letter = *bytes.get(at + 1).ok_or(EscapeError::Trailing)?;
    let next = at + 2;
    match letter {
        b'\n' => {}
        b'\\' | b'\'' | b'"' => out.push(letter),
        b'a' => out.push(0x07),
        b'b' => out.push(0x08),
        b'f' => out.push(0x0C),
        b'n' => out.push(b'\n'),
        b'r' => out.push(b'\r'),
        b't' => out.push(b'\t'),
        b'v' => out.push(0x0B),
        b'0'..=b'7' => {
            let (value, end) = octal(bytes, at + 1);
            out.push(value as u8);
            return Ok(end);
        }
        b'x' => {
            let digit = |at: usize| bytes.get(at).and_then(|byte| hex_value(u32::from(*byte)));
            if let (Some(high), Some(low)) = (digit(next), digit(next + 1)) {
                out.push(high << 4 | low);
                return Ok(next + 2);
            }
            match on_bad_hex {
                OnBadHex::Raise => return Err(EscapeError::BadHex(at)),
                OnBadHex::Unknown => return Err(EscapeError::UnknownHandler),
                OnBadHex::QuestionMark => out.push(b'?'),
                OnBadHex::Nothing => {}
            }
            return Ok(next + usize::from(digit(next).is_some()));
        }
        other => out.extend([b'\\', other]),
    }
    Ok(next)
}

/// Bytes with everything escaped that a literal in single quotes can't hold.
pub fn encode(bytes: &[u8]) -> Result<Vec<u8>, SizeError> {
    let mut out = ByteBuilder::with_capacity(bytes.len());
    crate::bytes::repr::push_escaped(&mut out, bytes, b'\'');
    out.finish()
}
