//! Integers as text and from text: `repr`, `hex`, `int('12')`, `format`.
//!
//! Also what all numbers share: reading Unicode digits, and format specifications.

use std::borrow::Cow;

use numeric::code_points::CodePoints;
use numeric::format::{FormatError, FormatSpec, FormatTarget, NumericLocale};
use numeric::radix::{self, TextError};
use text::unicode_data::characters;
use text::unicode_data::properties::Database;
use text::view::StrView;

use super::{Int, WORKING_BYTES, library};
use crate::errors::{PyResult, Raised};
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;

/// Characters of a wrong literal that its error message shows.
const SHOWN_CHARACTERS: usize = 200;

impl Int {
    /// `repr(self)`; ValueError if it has more digits than the interpreter's limit.
    pub fn to_decimal(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        if let Some(value) = self.short_value() {
            return Ok(short_decimal(value, thread));
        }
        let limit = thread.interpreter().maximum_integer_digits.get();
        if let Some(text) = library::to_decimal(self, thread)? {
            return Ok(text);
        }
        if limit == 0 {
            self.check_room(self, WORKING_BYTES, thread)?;
        }
        match radix::to_decimal_limited(self.digits(), limit) {
            Ok(text) => Ok(signed_text(self.is_negative(), "", text, thread)),
            Err(error) => Err(raise!(thread, ValueError, "{error}")),
        }
    }

    /// The text in base 2, 8, 10 or 16, with `0b`, `0o`, `0x` before it if `prefix` says so.
    pub fn to_text(&self, base: u32, prefix: bool, thread: &mut Thread) -> PyResult<Py<Str>> {
        if base == 10 {
            return self.to_decimal(thread);
        }
        let prefix = match base {
            2 if prefix => "0b",
            8 if prefix => "0o",
            16 if prefix => "0x",
            _ => "",
        };
        // In base 2 a digit becomes thirty characters.
        self.check_room(self, 32, thread)?;
        Ok(signed_text(self.is_negative(), prefix, radix::to_text(self.digits(), base), thread))
    }

    /// `int(text, base)`; `source` is what error messages show.
    pub fn from_text(text: &[u8], base: u32, source: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
        let limit = thread.interpreter().maximum_integer_digits.get();
        if let Some(number) = library::from_decimal(text, base, thread)? {
            return Ok(number);
        }
        thread.check_room(text.len().saturating_mul(10))?;
        match radix::int_from_text(text, base, limit) {
            Ok(value) => Int::from_integer(&value, thread),
            Err(TextError::Invalid) => Err(raise_invalid_literal(base, source, thread)),
            Err(error) => Err(raise!(thread, ValueError, "{error}")),
        }
    }

    /// `int(string, base)`.
    pub fn from_str(string: &Str, base: u32, thread: &mut Thread) -> PyResult<Py<Int>> {
        Self::from_text(&ascii_text(string.view()), base, string, thread)
    }

    /// `format(self, specification)`.
    pub fn format(&self, specification: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
        if specification.length() == 0 {
            return if self.is_exactly::<Int>() { self.to_decimal(thread) } else { protocol::str(self, thread) };
        }
        let limit = thread.interpreter().maximum_integer_digits.get();
        let formatted = parse_specification(specification, FormatTarget::Integer, self).and_then(|specification| {
            numeric::format::format_integer(self.signed(), &specification, &NumericLocale::C, limit)
        });
        formatted_text(formatted, thread)
    }
}

/// The text of an integer that fits a machine word, without the heap.
fn short_decimal(value: i64, thread: &mut Thread) -> Py<Str> {
    let mut buffer = [0; 20];
    let mut start = buffer.len();
    let mut rest = value.unsigned_abs();
    loop {
        start -= 1;
        buffer[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        start -= 1;
        buffer[start] = b'-';
    }
    Str::from_view(StrView::Ascii(&buffer[start..]), thread)
}

fn signed_text(negative: bool, prefix: &str, digits: String, thread: &mut Thread) -> Py<Str> {
    if !negative && prefix.is_empty() {
        return Str::from_str(&digits, thread);
    }
    let sign = if negative { "-" } else { "" };
    Str::from_str(&[sign, prefix, &digits].concat(), thread)
}

/// `invalid literal for int() with base 10: 'x'`, with as much of the literal as fits.
#[cold]
fn raise_invalid_literal(base: u32, source: &Object, thread: &mut Thread) -> Raised {
    match shortened_repr(source, thread) {
        Ok(shown) => raise!(thread, ValueError, "invalid literal for int() with base {base}: {shown}"),
        Err(raised) => raised,
    }
}

/// `repr(object)`, cut off where it gets long, as messages about wrong literals show it.
fn shortened_repr(object: &Object, thread: &mut Thread) -> PyResult<String> {
    let text = protocol::repr(object, thread)?;
    let shown = text.view().slice(0..SHOWN_CHARACTERS);
    Ok(text::builder::to_string_lossy(shown))
}

/// The text with digits of all scripts and all kinds of spaces turned into ASCII's; other characters become `?`, which is part of no number.
pub fn ascii_text(text: StrView<'_>) -> Cow<'_, [u8]> {
    if let Some(ascii) = text.as_ascii() {
        return Cow::Borrowed(ascii);
    }
    let ascii = text.iter().map(|point| match u8::try_from(point) {
        Ok(byte) if byte.is_ascii() => byte,
        _ if characters::is_space(point) => b' ',
        _ => decimal_value(point).map_or(b'?', |value| b'0' + value as u8),
    });
    Cow::Owned(ascii.collect())
}

/// The value of a decimal digit of any script.
pub fn decimal_value(point: u32) -> Option<u32> {
    if point < 0x80 {
        return char::from_u32(point)?.to_digit(10);
    }
    Database::Current.decimal(point).map(u32::from)
}

/// Parses what `__format__` was called with; the specification is not empty.
pub fn parse_specification(
    specification: &Str,
    target: FormatTarget,
    value: &Object,
) -> Result<FormatSpec, FormatError> {
    let points: Vec<u32> = specification.view().iter().collect();
    FormatSpec::parse(&points, target, &value.class().full_name(), decimal_value)
}

/// What `__format__` returns.
pub fn formatted_text(formatted: Result<CodePoints, FormatError>, thread: &mut Thread) -> PyResult<Py<Str>> {
    match formatted {
        Ok(CodePoints::Ascii(text)) => Str::try_from_view(StrView::Ascii(text.as_bytes()), thread),
        Ok(CodePoints::Wide(points)) => Str::try_from_view(StrView::Ucs4(&points), thread),
        Err(FormatError::Value(CodePoints::Ascii(message))) => Err(raise!(thread, ValueError, "{message}")),
        Err(FormatError::Value(CodePoints::Wide(points))) => {
            let message = Str::try_from_view(StrView::Ucs4(&points), thread)?;
            Err(thread.raise_with_argument(crate::errors::ValueError, message.into_object()))
        }
        Err(FormatError::Overflow(message)) => Err(raise!(thread, OverflowError, "{message}")),
        Err(FormatError::Memory) => Err(thread.raise_memory_error()),
    }
}
