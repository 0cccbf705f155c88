//! `float.hex` and `float.fromhex`.

use crate::convert::float::{decompose, round_to_float};
use std::fmt;

/// Why a text is no hexadecimal float; the texts are Python's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FromHexError {
    /// `ValueError`.
    Invalid,
    /// `OverflowError`.
    Overflow,
}

impl fmt::Display for FromHexError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Invalid => "invalid hexadecimal floating-point string",
            Self::Overflow => "hexadecimal value too large to represent as a float",
        })
    }
}

impl std::error::Error for FromHexError {}

/// `value.hex()`.
pub fn to_hex(value: f64) -> String {
    if !value.is_finite() {
        return super::repr(value);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let (significand, exponent) = decompose(value);
    if significand == 0 {
        return format!("{sign}0x0.0p+0");
    }
    let (lead, fraction) = (significand >> 52, significand & ((1 << 52) - 1));
    format!("{sign}0x{lead}.{fraction:013x}p{:+}", exponent + 52)
}

/// `float.fromhex(text)`, for ASCII text; spaces around are skipped.
pub fn from_hex(text: &[u8]) -> Result<f64, FromHexError> {
    // `trim_ascii` would leave a vertical tab.
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let start = text.iter().position(|byte| !is_space(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    let text = &text[start..end];
    let unsigned = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let negative = text.first() == Some(&b'-');
    let magnitude = match unsigned.first() {
        Some(b'i' | b'I' | b'n' | b'N') => super::parse_float(unsigned).ok_or(FromHexError::Invalid)?,
        _ => hexadecimal(unsigned)?,
    };
    Ok(if negative { -magnitude } else { magnitude })
}

fn hexadecimal(text: &[u8]) -> Result<f64, FromHexError> {
    let text = match text {
        [b'0', b'x' | b'X', rest @ ..] => rest,
        _ => text,
    };
    let digits_of = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let (whole, rest) = text.split_at(digits_of(text));
    let (places, rest) = match rest.strip_prefix(b".") {
        Some(behind) => behind.split_at(digits_of(behind)),
        None => (&[][..], rest),
    };
    if whole.is_empty() && places.is_empty() {
        return Err(FromHexError::Invalid);
    }
    let written_exponent = match rest.split_first() {
        None => 0,
        Some((b'p' | b'P', behind)) => parse_exponent(behind)?,
        Some(_) => return Err(FromHexError::Invalid),
    };

    // Thirty digits fill 120 bits; of the others only counts whether one is not zero.
    let (mut significand, mut sticky, mut exponent) = (0u128, false, written_exponent);
    for (index, byte) in whole.iter().chain(places).enumerate() {
        let digit = (*byte as char).to_digit(16).unwrap_or(0);
        let is_place = index >= whole.len();
        if significand >> 120 == 0 {
            significand = significand << 4 | u128::from(digit);
            exponent = exponent.saturating_sub(if is_place { 4 } else { 0 });
        } else {
            sticky |= digit != 0;
            exponent = exponent.saturating_add(if is_place { 0 } else { 4 });
        }
    }
    round_to_float(significand, sticky, exponent).map_err(|_| FromHexError::Overflow)
}

fn parse_exponent(text: &[u8]) -> Result<i64, FromHexError> {
    let unsigned = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    if unsigned.is_empty() || !unsigned.iter().all(u8::is_ascii_digit) {
        return Err(FromHexError::Invalid);
    }
    let digit = |byte: &u8| i64::from(byte - b'0');
    let magnitude = unsigned.iter().fold(0i64, |value, byte| value.saturating_mul(10).saturating_add(digit(byte)));
    // Beyond this no text in memory could bring the value back into range.
    let bounded = magnitude.min(i64::MAX / 4);
    Ok(if text.first() == Some(&b'-') { -bounded } else { bounded })
}
