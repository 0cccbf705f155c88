//! The built-in error handlers of codecs.

use super::utf16::push_surrogate;
use super::utf32::push_point;
use super::{ByteOrder, DecodeError, EncodeError, is_surrogate};
use crate::builder::{SizeError, StrBuilder, StrData};
use crate::byte_builder::ByteBuilder;
use crate::strings::repr::escape;
use crate::unicode_data::names;
use crate::view::StrView;
use crate::wtf8::push_code_point;

/// An error handler that every runtime knows by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorHandler {
    /// Raises the error.
    Strict,
    /// Leaves out what is wrong.
    Ignore,
    /// U+FFFD, or a question mark when encoding.
    Replace,
    /// Backslash escapes.
    BackslashReplace,
    /// References as in XML; for encoding only.
    XmlCharRefReplace,
    /// `\N{...}`; for encoding only.
    NameReplace,
    /// Undecodable bytes become lone surrogates, and back.
    SurrogateEscape,
    /// Surrogates are encoded as if they were characters.
    SurrogatePass,
}

/// Why a handler gives no replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The error stands.
    Raise,
    /// It does not handle this kind of error (`TypeError`).
    WrongKind,
    /// There is no memory for the replacement (`MemoryError`).
    OutOfMemory,
}

/// What a handler puts in place of text that does not encode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// Text, to be encoded.
    Text(StrData),
    /// Bytes, to be taken as they are.
    Bytes(Vec<u8>),
}

impl From<SizeError> for Refusal {
    fn from(_: SizeError) -> Self {
        Self::OutOfMemory
    }
}

impl ErrorHandler {
    /// The handlers with their names.
    pub const ALL: [(&'static str, Self); 8] = [
        ("strict", Self::Strict),
        ("ignore", Self::Ignore),
        ("replace", Self::Replace),
        ("backslashreplace", Self::BackslashReplace),
        ("xmlcharrefreplace", Self::XmlCharRefReplace),
        ("namereplace", Self::NameReplace),
        ("surrogateescape", Self::SurrogateEscape),
        ("surrogatepass", Self::SurrogatePass),
    ];

    /// The handler of this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, handler)| *handler)
    }

    /// The replacement for bytes that don't decode, and where to go on.
    pub fn on_decode_error(
        self,
        encoding: &str,
        bytes: &[u8],
        error: &DecodeError,
    ) -> Result<(StrData, usize), Refusal> {
        let end = error.end.min(bytes.len());
        let wrong = &bytes[error.start.min(end)..end];
        match self {
            Self::Strict => Err(Refusal::Raise),
            Self::Ignore => Ok((StrData::from(""), end)),
            Self::Replace => Ok((StrData::from("\u{FFFD}"), end)),
            Self::BackslashReplace => {
                let mut text = StrBuilder::new();
                wrong.iter().for_each(|byte| push_escape(u32::from(*byte), &mut text));
                Ok((text.finish()?, end))
            }
            Self::XmlCharRefReplace | Self::NameReplace => Err(Refusal::WrongKind),
            Self::SurrogateEscape => {
                let escaped: Vec<u32> = wrong
                    .iter()
                    .take(4)
                    .take_while(|byte| **byte >= 0x80)
                    .map(|byte| 0xDC00 + u32::from(*byte))
                    .collect();
                let next = error.start + escaped.len();
                if escaped.is_empty() { Err(Refusal::Raise) } else { Ok((StrData::from_points(escaped), next)) }
            }
            Self::SurrogatePass => {
                let family = Family::by_name(encoding).ok_or(Refusal::Raise)?;
                let sequence = bytes.get(error.start..).unwrap_or_default();
                let (point, length) = family.decode_surrogate(sequence).ok_or(Refusal::Raise)?;
                Ok((StrData::from_points([point]), error.start + length))
            }
        }
    }

    /// The replacement for text that doesn't encode, and where to go on.
    pub fn on_encode_error(
        self,
        encoding: &str,
        text: StrView<'_>,
        error: &EncodeError,
    ) -> Result<(Replacement, usize), Refusal> {
        let end = error.end.min(text.len());
        let wrong = text.slice(error.start..end);
        let replacement = match self {
            Self::Strict => return Err(Refusal::Raise),
            Self::Ignore => Replacement::Text(StrData::from("")),
            Self::Replace => Replacement::Text(repeated(u32::from(b'?'), wrong.len())?),
            Self::BackslashReplace => replace_each(wrong, push_escape)?,
            Self::XmlCharRefReplace => replace_each(wrong, push_reference)?,
            Self::NameReplace => replace_each(wrong, |point, out| match names::name(point) {
                Some(name) => ["\\N{", &name, "}"].iter().for_each(|part| out.push_ascii(part.as_bytes())),
                None => push_escape(point, out),
            })?,
            Self::SurrogateEscape => {
                let mut bytes = ByteBuilder::new();
                for point in wrong.iter() {
                    let low = point.checked_sub(0xDC80).filter(|low| *low < 0x80).ok_or(Refusal::Raise)?;
                    bytes.push(low as u8 | 0x80);
                }
                Replacement::Bytes(bytes.finish()?)
            }
            Self::SurrogatePass => {
                let family = Family::by_name(encoding).ok_or(Refusal::Raise)?;
                if !wrong.iter().all(is_surrogate) {
                    return Err(Refusal::Raise);
                }
                let mut bytes = ByteBuilder::new();
                wrong.iter().for_each(|point| family.push_surrogate(point, &mut bytes));
                Replacement::Bytes(bytes.finish()?)
            }
        };
        Ok((replacement, end))
    }

    /// The replacement for text that doesn't translate (`UnicodeTranslateError`), and where to go on.
    pub fn on_translate_error(self, text: StrView<'_>, start: usize, end: usize) -> Result<(StrData, usize), Refusal> {
        let end = end.min(text.len());
        let wrong = text.slice(start..end);
        let replacement = match self {
            Self::Ignore => StrData::from(""),
            Self::Replace => repeated(0xFFFD, wrong.len())?,
            Self::BackslashReplace => {
                let mut builder = StrBuilder::new();
                wrong.iter().for_each(|point| push_escape(point, &mut builder));
                builder.finish()?
            }
            Self::Strict => return Err(Refusal::Raise),
            _ => return Err(Refusal::WrongKind),
        };
        Ok((replacement, end))
    }
}

fn repeated(point: u32, count: usize) -> Result<StrData, SizeError> {
    let mut builder = StrBuilder::new();
    builder.push_repeated(point, count);
    builder.finish()
}

fn replace_each(text: StrView<'_>, push: impl Fn(u32, &mut StrBuilder)) -> Result<Replacement, SizeError> {
    let mut builder = StrBuilder::new();
    text.iter().for_each(|point| push(point, &mut builder));
    builder.finish().map(Replacement::Text)
}

fn push_escape(point: u32, out: &mut StrBuilder) {
    out.push_ascii(escape(point).as_bytes());
}

fn push_reference(point: u32, out: &mut StrBuilder) {
    let mut digits = [0; 10];
    let mut start = digits.len();
    let mut rest = point;
    while rest > 0 || start == digits.len() {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.push_ascii(b"&#");
    out.push_ascii(&digits[start..]);
    out.push_ascii(b";");
}

// The encodings that `surrogatepass` knows.
#[derive(Clone, Copy)]
enum Family {
    Utf8,
    Utf16(ByteOrder),
    Utf32(ByteOrder),
}

impl Family {
    fn by_name(name: &str) -> Option<Self> {
        if name == "CP_UTF8" {
            return Some(Self::Utf8);
        }
        let name = name.to_ascii_lowercase();
        let rest = name.strip_prefix("utf")?;
        let rest = rest.strip_prefix(['-', '_']).unwrap_or(rest);
        if rest == "8" {
            return Some(Self::Utf8);
        }
        let (family, rest): (fn(ByteOrder) -> Self, &str) = match (rest.strip_prefix("16"), rest.strip_prefix("32")) {
            (Some(rest), _) => (Self::Utf16, rest),
            (_, Some(rest)) => (Self::Utf32, rest),
            _ => return None,
        };
        match rest.strip_prefix(['-', '_']).unwrap_or(rest) {
            "" | "le" => Some(family(ByteOrder::Little)),
            "be" => Some(family(ByteOrder::Big)),
            _ => None,
        }
    }

    // The surrogate that `bytes` start with, and its length.
    fn decode_surrogate(self, bytes: &[u8]) -> Option<(u32, usize)> {
        let (point, length) = match (self, bytes) {
            (Self::Utf8, [first @ 0xE0..=0xEF, second @ 0x80..=0xBF, third @ 0x80..=0xBF, ..]) => {
                (u32::from(first & 0xF) << 12 | u32::from(second & 0x3F) << 6 | u32::from(third & 0x3F), 3)
            }
            (Self::Utf16(ByteOrder::Little), [low, high, ..]) | (Self::Utf16(ByteOrder::Big), [high, low, ..]) => {
                (u32::from(*high) << 8 | u32::from(*low), 2)
            }
            (Self::Utf32(order), bytes) => {
                let word = *bytes.first_chunk::<4>()?;
                let point = match order {
                    ByteOrder::Little => u32::from_le_bytes(word),
                    ByteOrder::Big => u32::from_be_bytes(word),
                };
                (point, 4)
            }
            _ => return None,
        };
        is_surrogate(point).then_some((point, length))
    }

    fn push_surrogate(self, point: u32, out: &mut ByteBuilder) {
        match self {
            Self::Utf8 => {
                // A surrogate is within Unicode, so it is never refused.
                let mut bytes = Vec::with_capacity(3);
                let _ = push_code_point(&mut bytes, point);
                out.extend_from_slice(&bytes);
            }
            Self::Utf16(order) => push_surrogate(order, point, out),
            Self::Utf32(order) => push_point(order, point, out),
        }
    }
}
