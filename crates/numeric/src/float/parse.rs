//! Text to float and complex: the numbers that `float()` and `complex()` read, and float literals.
//!
//! Text is ASCII: the caller turns Unicode digits and spaces into ASCII.

use std::borrow::Cow;
use std::fmt;

/// The float that a text is: a sign, digits with single underscores between them, a point, an exponent; or `inf`,
/// `infinity`, `nan` in any case. None if it is something else; spaces around are the caller's to strip.
pub fn parse_float(text: &[u8]) -> Option<f64> {
    let plain = without_underscores(text)?;
    let (value, rest) = float_prefix(&plain)?;
    rest.is_empty().then_some(value)
}

/// Why a text is no complex number; the texts are those of Python's `ValueError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplexTextError {
    Malformed,
    /// A misplaced underscore. The message ends with the `repr` of the text, which the caller appends.
    Underscore,
}

impl fmt::Display for ComplexTextError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Malformed => "complex() arg is a malformed string",
            Self::Underscore => "could not convert string to complex: ",
        })
    }
}

impl std::error::Error for ComplexTextError {}

/// The real and imaginary parts of what `complex(text)` reads: one or two floats, the last with `j`, in parentheses
/// or not, with spaces around but not within.
pub fn parse_complex(text: &[u8]) -> Result<(f64, f64), ComplexTextError> {
    let plain = without_underscores(text).ok_or(ComplexTextError::Underscore)?;
    let text = trim_spaces(&plain);
    let inner = text.strip_prefix(b"(").map(|rest| rest.strip_suffix(b")").ok_or(ComplexTextError::Malformed));
    let text = inner.transpose()?.map_or(text, trim_spaces);
    complex_parts(text).ok_or(ComplexTextError::Malformed)
}

fn complex_parts(text: &[u8]) -> Option<(f64, f64)> {
    let (real, rest) = match float_prefix(text) {
        Some((value, rest)) => match rest {
            [] => return Some((value, 0.0)),
            [b'j' | b'J'] => return Some((0.0, value)),
            [b'+' | b'-', ..] => (value, rest),
            _ => return None,
        },
        None => (0.0, text),
    };
    // A lone j, with its sign, stands for one.
    let (imaginary, rest) = float_prefix(rest).unwrap_or_else(|| match rest {
        [b'+', rest @ ..] => (1.0, rest),
        [b'-', rest @ ..] => (-1.0, rest),
        _ => (1.0, rest),
    });
    matches!(rest, [b'j' | b'J']).then_some((real, imaginary))
}

fn trim_spaces(text: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let start = text.iter().position(|byte| !is_space(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// The text without underscores; None if one is not between two digits.
fn without_underscores(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !text.contains(&b'_') {
        return Some(Cow::Borrowed(text));
    }
    let is_digit = |index: usize| text.get(index).is_some_and(u8::is_ascii_digit);
    let misplaced = |(index, byte): (usize, &u8)| {
        *byte == b'_' && !(is_digit(index.wrapping_sub(1)) && is_digit(index.saturating_add(1)))
    };
    if text.iter().enumerate().any(misplaced) {
        return None;
    }
    Some(Cow::Owned(text.iter().copied().filter(|byte| *byte != b'_').collect()))
}

/// The longest float at the start, and what follows it.
fn float_prefix(text: &[u8]) -> Option<(f64, &[u8])> {
    let unsigned = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let (magnitude, length) = named(unsigned).or_else(|| number(unsigned))?;
    let value = if text.first() == Some(&b'-') { -magnitude } else { magnitude };
    Some((value, &unsigned[length..]))
}

fn named(text: &[u8]) -> Option<(f64, usize)> {
    let names: [(&[u8], f64); 3] = [(b"infinity", f64::INFINITY), (b"inf", f64::INFINITY), (b"nan", f64::NAN)];
    let starts_with = |name: &[u8]| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    names.into_iter().find(|(name, _)| starts_with(name)).map(|(name, value)| (value, name.len()))
}

/// `digits [. digits] [e [sign] digits]`, with digits on one side of the point at least.
fn number(text: &[u8]) -> Option<(f64, usize)> {
    let digits_from = |start: usize| text[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits_from(0);
    let mut length = whole;
    if text.get(length) == Some(&b'.') {
        let places = digits_from(length + 1);
        if whole + places == 0 {
            return None;
        }
        length += 1 + places;
    }
    if length == 0 {
        return None;
    }
    if matches!(text.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits_from((length + 1 + sign).min(text.len()));
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    let value = std::str::from_utf8(&text[..length]).ok()?.parse().ok()?;
    Some((value, length))
}
