//! `%d`, `%x`, `%f` and their like.

use super::parser::Directive;
use crate::digits::TooLarge;
use crate::float::{FloatStyle, FloatText, MAX_PRECISION, check_room, float_text};
use crate::radix::{self, TextTooLong};
use crate::signed::Signed;
use std::fmt;

const DEFAULT_PRECISION: usize = 6;

/// CPython refuses a larger precision of an integer.
const MAX_INTEGER_PRECISION: usize = i32::MAX as usize - 3;

/// Why a number was not written; the texts are Python's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentNumberError {
    /// `ValueError`: of a float.
    PrecisionTooBig,
    /// `OverflowError`: of an integer.
    PrecisionTooLarge,
    /// `ValueError`: `sys.set_int_max_str_digits()`.
    TextTooLong(TextTooLong),
    /// `MemoryError`.
    Memory,
}

impl fmt::Display for PercentNumberError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PrecisionTooBig => formatter.write_str("precision too big"),
            Self::PrecisionTooLarge => formatter.write_str("precision too large"),
            Self::TextTooLong(error) => error.fmt(formatter),
            Self::Memory => Ok(()),
        }
    }
}

impl std::error::Error for PercentNumberError {}

impl From<TooLarge> for PercentNumberError {
    fn from(_: TooLarge) -> Self {
        Self::Memory
    }
}

/// `%d %i %u %o %x %X`: ASCII text. `digit_limit` is `sys.get_int_max_str_digits()`, 0 for none.
pub fn percent_integer(
    directive: &Directive,
    integer: Signed<'_>,
    digit_limit: usize,
) -> Result<String, PercentNumberError> {
    if directive.precision.is_some_and(|precision| precision > MAX_INTEGER_PRECISION) {
        return Err(PercentNumberError::PrecisionTooLarge);
    }
    let (base, prefix) = match char::from_u32(directive.conversion) {
        Some('o') => (8, "0o"),
        Some('x') => (16, "0x"),
        Some('X') => (16, "0X"),
        _ => (10, ""),
    };
    let mut digits = match base {
        10 => radix::to_decimal_limited(integer.digits(), digit_limit).map_err(PercentNumberError::TextTooLong)?,
        _ => radix::to_text(integer.digits(), base),
    };
    if prefix == "0X" {
        digits.make_ascii_uppercase();
    }
    let zeros = directive.precision.unwrap_or(0).saturating_sub(digits.len());
    let prefix = if directive.alternate { prefix } else { "" };
    pad(directive, integer.is_negative(), prefix, zeros, &digits)
}

/// `%e %E %f %F %g %G`: ASCII text.
pub fn percent_float(directive: &Directive, value: f64) -> Result<String, PercentNumberError> {
    let precision = directive.precision.unwrap_or(DEFAULT_PRECISION);
    if precision > MAX_PRECISION {
        return Err(PercentNumberError::PrecisionTooBig);
    }
    let conversion = char::from_u32(directive.conversion).unwrap_or('f');
    let style = match conversion.to_ascii_lowercase() {
        'e' => FloatStyle::Exponent,
        'g' => FloatStyle::General,
        _ => FloatStyle::Fixed,
    };
    let upper = conversion.is_ascii_uppercase();
    let options = FloatText { upper, alternate: directive.alternate, ..FloatText::new(style, precision) };
    check_room(&options)?;
    let text = float_text(value, options);
    let unsigned = text.strip_prefix('-').unwrap_or(&text);
    pad(directive, unsigned.len() != text.len(), "", 0, unsigned)
}

/// Spaces, sign, prefix, zeros, digits; or spaces at the end.
fn pad(
    directive: &Directive,
    negative: bool,
    prefix: &str,
    zeros: usize,
    digits: &str,
) -> Result<String, PercentNumberError> {
    let sign = match directive {
        _ if negative => "-",
        Directive { plus: true, .. } => "+",
        Directive { space: true, .. } => " ",
        _ => "",
    };
    let length = sign.len() + prefix.len() + zeros + digits.len();
    let padding = directive.width.unwrap_or(0).saturating_sub(length);
    let (left, inner, right) = match directive {
        Directive { left: true, .. } => (0, 0, padding),
        Directive { zero: true, .. } => (0, padding, 0),
        _ => (padding, 0, 0),
    };
    let mut text = String::new();
    text.try_reserve_exact(length.saturating_add(padding)).map_err(|_| TooLarge)?;
    text.extend(std::iter::repeat_n(' ', left));
    text.push_str(sign);
    text.push_str(prefix);
    text.extend(std::iter::repeat_n('0', inner + zeros));
    text.push_str(digits);
    text.extend(std::iter::repeat_n(' ', right));
    Ok(text)
}
