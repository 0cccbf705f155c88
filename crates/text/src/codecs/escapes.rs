//! `unicode_escape` and `raw_unicode_escape`.

use super::{Decoder, Progress};
use crate::builder::SizeError;
use crate::builder::StrBuilder;
use crate::byte_builder::ByteBuilder;
use crate::bytes::hex::hex_value;
use crate::unicode_data::lookup;
use crate::view::StrView;

/// The codec `unicode_escape`.
#[derive(Clone, Copy, Debug)]
pub struct UnicodeEscape;

/// The codec `raw_unicode_escape`.
#[derive(Clone, Copy, Debug)]
pub struct RawUnicodeEscape;

// Why an escape does not decode, and where what was read of it ends.
enum Trouble {
    // The input ends within it.
    CutOff(&'static str),
    Wrong(usize, &'static str),
}

impl Trouble {
    fn progress(self, start: usize, length: usize, is_final: bool) -> Progress {
        match self {
            Self::CutOff(_) if !is_final => Progress::done(start),
            Self::CutOff(reason) => Progress::failed(start, length, reason),
            Self::Wrong(end, reason) => Progress::failed(start, end, reason),
        }
    }
}

impl Decoder for UnicodeEscape {
    fn name(&self) -> &str {
        "unicodeescape"
    }

    fn decode(&self, bytes: &[u8], start: usize, is_final: bool, out: &mut StrBuilder) -> Progress {
        let mut at = start;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
            out.push_view(StrView::Latin1(&rest[..plain]));
            at += plain;
            if at == bytes.len() {
                break;
            }
            match decode_escape(bytes, at + 1, out) {
                Ok(next) => at = next,
                Err(trouble) => return trouble.progress(at, bytes.len(), is_final),
            }
        }
        Progress::done(at)
    }
}

// Decodes the escape whose letter is at `at`: where it ends.
fn decode_escape(bytes: &[u8], at: usize, out: &mut StrBuilder) -> Result<usize, Trouble> {
    let Some(letter) = bytes.get(at) else { return Err(Trouble::CutOff("\\ at end of string")) };
    let next = at + 1;
    let simple = match letter {
        b'\n' => return Ok(next),
        b'\\' | b'\'' | b'"' => *letter,
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0C,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0B,
        b'0'..=b'7' => {
            let (value, end) = octal(bytes, at);
            out.push(value);
            return Ok(end);
        }
        b'x' | b'u' | b'U' => {
            let (count, reason) = match letter {
                b'x' => (2, "truncated \\xXX escape"),
                b'u' => (4, "truncated \\uXXXX escape"),
                _ => (8, "truncated \\UXXXXXXXX escape"),
            };
            let point = hexadecimal(bytes, next, count, reason)?;
            if point > 0x10_FFFF {
                return Err(Trouble::Wrong(next + count, "illegal Unicode character"));
            }
            out.push(point);
            return Ok(next + count);
        }
        b'N' => return decode_name(bytes, next, out),
        other => {
            out.push(u32::from(b'\\'));
            *other
        }
    };
    out.push(u32::from(simple));
    Ok(next)
}

/// The value of up to three octal digits from `start`, where there is at least one, and their end.
pub(super) fn octal(bytes: &[u8], start: usize) -> (u32, usize) {
    let digits = bytes[start..].iter().take(3).take_while(|byte| (b'0'..=b'7').contains(byte));
    digits.fold((0, start), |(value, end), digit| (value << 3 | u32::from(digit - b'0'), end + 1))
}

fn hexadecimal(bytes: &[u8], start: usize, count: usize, reason: &'static str) -> Result<u32, Trouble> {
    let mut value = 0u32;
    for at in start..start + count {
        let byte = bytes.get(at).ok_or(Trouble::CutOff(reason))?;
        let digit = hex_value(u32::from(*byte)).ok_or(Trouble::Wrong(at, reason))?;
        value = value << 4 | u32::from(digit);
    }
    Ok(value)
}

// Decodes `{NAME}` at `at`, after `\N`.
fn decode_name(bytes: &[u8], at: usize, out: &mut StrBuilder) -> Result<usize, Trouble> {
    const MALFORMED: &str = "malformed \\N character escape";
    match bytes.get(at) {
        None => return Err(Trouble::CutOff(MALFORMED)),
        Some(b'{') => {}
        Some(_) => return Err(Trouble::Wrong(at, MALFORMED)),
    }
    let start = at + 1;
    let length = memchr::memchr(b'}', &bytes[start..]).ok_or(Trouble::CutOff(MALFORMED))?;
    if length == 0 {
        return Err(Trouble::Wrong(start, MALFORMED));
    }
    let end = start + length + 1;
    let name = std::str::from_utf8(&bytes[start..start + length]).ok();
    let point = name.and_then(lookup).ok_or(Trouble::Wrong(end, "unknown Unicode character name"))?;
    out.push(point);
    Ok(end)
}

/// The first escape sequence that `unicode_escape` (or `escape_decode`, for bytes) lets pass but warns of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidEscape {
    /// A backslash before this byte, which means nothing.
    Letter(u8),
    /// An octal escape of three digits above 0o377.
    Octal([u8; 3]),
}

/// Finds that escape sequence; `for_text` tells whether `\N`, `\u` and `\U` are valid.
pub fn first_invalid_escape(bytes: &[u8], for_text: bool) -> Option<InvalidEscape> {
    let mut at = 0;
    loop {
        at += memchr::memchr(b'\\', bytes.get(at..)?)? + 1;
        let letter = *bytes.get(at)?;
        match letter {
            b'0'..=b'7' => {
                let (value, end) = octal(bytes, at);
                if value > 0o377 {
                    return Some(InvalidEscape::Octal([letter, *bytes.get(at + 1)?, *bytes.get(at + 2)?]));
                }
                at = end;
                continue;
            }
            b'\n' | b'\\' | b'\'' | b'"' | b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'x' => {}
            b'N' | b'u' | b'U' if for_text => {}
            _ => return Some(InvalidEscape::Letter(letter)),
        }
        at += 1;
    }
}

impl Decoder for RawUnicodeEscape {
    fn name(&self) -> &str {
        "rawunicodeescape"
    }

    fn decode(&self, bytes: &[u8], start: usize, is_final: bool, out: &mut StrBuilder) -> Progress {
        let mut at = start;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
            out.push_view(StrView::Latin1(&rest[..plain]));
            at += plain;
            if at == bytes.len() {
                break;
            }
            match decode_raw_escape(bytes, at, is_final, out) {
                Ok(next) => at = next,
                Err(trouble) => return trouble.progress(at, bytes.len(), is_final),
            }
        }
        Progress::done(at)
    }
}

// Decodes from the backslash at `at`: where what it opens ends.
fn decode_raw_escape(bytes: &[u8], at: usize, is_final: bool, out: &mut StrBuilder) -> Result<usize, Trouble> {
    let start = at + 2;
    let (count, reason) = match bytes.get(at + 1) {
        Some(b'u') => (4, "truncated \\uXXXX escape"),
        Some(b'U') => (8, "truncated \\UXXXXXXXX escape"),
        None if !is_final => return Err(Trouble::CutOff("")),
        _ => {
            // The byte after a backslash never opens an escape itself.
            let end = start.min(bytes.len());
            out.push_view(StrView::Latin1(&bytes[at..end]));
            return Ok(end);
        }
    };
    let point = hexadecimal(bytes, start, count, reason)?;
    if point > 0x10_FFFF {
        return Err(Trouble::Wrong(start + count, "\\Uxxxxxxxx out of range"));
    }
    out.push(point);
    Ok(start + count)
}

/// `unicode_escape` of a text; every text can be encoded.
pub fn encode_unicode_escape(text: StrView<'_>) -> Result<Vec<u8>, SizeError> {
    let mut out = ByteBuilder::with_capacity(text.len());
    for point in text.iter() {
        match point {
            0x09 => out.extend_from_slice(b"\\t"),
            0x0A => out.extend_from_slice(b"\\n"),
            0x0D => out.extend_from_slice(b"\\r"),
            0x5C => out.extend_from_slice(b"\\\\"),
            0x20..0x7F => out.push(point as u8),
            _ => out.extend_from_slice(crate::strings::repr::escape(point).as_bytes()),
        }
    }
    out.finish()
}

/// `raw_unicode_escape` of a text; every text can be encoded.
pub fn encode_raw_unicode_escape(text: StrView<'_>) -> Result<Vec<u8>, SizeError> {
    let mut out = ByteBuilder::with_capacity(text.len());
    for point in text.iter() {
        match point {
            0..=0xFF => out.push(point as u8),
            _ => out.extend_from_slice(crate::strings::repr::escape(point).as_bytes()),
        }
    }
    out.finish()
}
