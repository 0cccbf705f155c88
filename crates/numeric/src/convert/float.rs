//! Exact and correctly rounded ways between integers and floats.
//!
//! All rounding goes through [`round_to_float`]: half to even, subnormal numbers included.

use crate::digits;
use crate::integer::Integer;
use crate::signed::Signed;
use std::fmt;

/// The bits of a float's significand.
const SIGNIFICAND_BITS: i64 = f64::MANTISSA_DIGITS as i64;

/// The exponent of the lowest bit of the smallest subnormal number.
const LOWEST_EXPONENT: i64 = f64::MIN_EXP as i64 - SIGNIFICAND_BITS;

/// The value is too large for a float: `OverflowError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FloatOverflow;

impl fmt::Display for FloatOverflow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("int too large to convert to float")
    }
}

impl std::error::Error for FloatOverflow {}

/// Why `a / b` has no value; the texts are Python's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrueDivisionError {
    ZeroDivision,
    Overflow,
}

impl fmt::Display for TrueDivisionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ZeroDivision => "division by zero",
            Self::Overflow => "integer division result too large for a float",
        })
    }
}

impl std::error::Error for TrueDivisionError {}

/// `significand * 2**exponent` rounded half to even, where `sticky` says that the true value is a little larger.
pub fn round_to_float(significand: u128, sticky: bool, exponent: i64) -> Result<f64, FloatOverflow> {
    if significand == 0 {
        return Ok(0.0);
    }
    let length = i64::from(u128::BITS - significand.leading_zeros());
    // The bits below the last that a float of this size has.
    let surplus = (length - SIGNIFICAND_BITS).max(LOWEST_EXPONENT.saturating_sub(exponent));
    match surplus {
        ..=0 => scale(significand as u64, exponent),
        1..=128 => scale(round_off(significand, surplus as u32, sticky), exponent.saturating_add(surplus)),
        // Less than half of the smallest number.
        _ => Ok(0.0),
    }
}

/// The value divided by `2**count` (1 to 128), rounded half to even.
fn round_off(value: u128, count: u32, sticky: bool) -> u64 {
    let quotient = value.checked_shr(count).unwrap_or(0) as u64;
    let half = 1u128 << (count - 1);
    let rest = value & (half | (half - 1));
    let up = rest > half || (rest == half && (sticky || !quotient.is_multiple_of(2)));
    quotient + u64::from(up)
}

/// `significand * 2**exponent`, where the result is exact or too large.
fn scale(significand: u64, exponent: i64) -> Result<f64, FloatOverflow> {
    let Ok(exponent) = i32::try_from(exponent) else {
        return if significand == 0 || exponent < 0 { Ok(0.0) } else { Err(FloatOverflow) };
    };
    let value = scale_by_power_of_two(significand as f64, exponent);
    if value.is_finite() { Ok(value) } else { Err(FloatOverflow) }
}

/// `value * 2**exponent` for a value whose product is exact: in steps whose factors are floats.
pub(crate) fn scale_by_power_of_two(value: f64, exponent: i32) -> f64 {
    let mut scaled = value;
    let mut rest = exponent.clamp(-2200, 2200);
    while rest != 0 {
        let step = rest.clamp(-1000, 1000);
        scaled *= f64::from_bits(((1023 + step) as u64) << 52);
        rest -= step;
    }
    scaled
}

/// `float(integer)`.
pub fn to_f64(integer: Signed<'_>) -> Result<f64, FloatOverflow> {
    let (significand, sticky, exponent) = top_bits(integer.digits());
    let magnitude = round_to_float(significand, sticky, exponent)?;
    Ok(if integer.is_negative() { -magnitude } else { magnitude })
}

/// Up to 120 bits from the top, whether others are lost, and the exponent of the lowest that is kept.
fn top_bits(magnitude: &[u32]) -> (u128, bool, i64) {
    let start = magnitude.len().saturating_sub(4);
    let (low, high) = magnitude.split_at(start);
    let significand = high.iter().rev().fold(0, |value, digit| value << digits::DIGIT_BITS | u128::from(*digit));
    let sticky = low.iter().any(|digit| *digit != 0);
    (significand, sticky, start as i64 * i64::from(digits::DIGIT_BITS))
}

/// `frexp` of an integer: a float from 0.5 up to but without 1, and an exponent: `math.log` of huge numbers.
pub fn frexp(integer: Signed<'_>) -> (f64, i64) {
    if integer.is_zero() {
        return (0.0, 0);
    }
    let (significand, sticky, exponent) = top_bits(integer.digits());
    let length = i64::from(u128::BITS - significand.leading_zeros());
    // A significand of 120 bits scaled below 1 cannot overflow.
    let fraction = round_to_float(significand, sticky, -length).unwrap_or(1.0);
    let (fraction, exponent) =
        if fraction == 1.0 { (0.5, exponent + length + 1) } else { (fraction, exponent + length) };
    (if integer.is_negative() { -fraction } else { fraction }, exponent)
}

/// `int(value)`: truncated; None for infinities and NaN.
pub fn from_f64(value: f64) -> Option<Integer> {
    if !value.is_finite() {
        return None;
    }
    let (significand, exponent) = decompose(value.trunc());
    let magnitude = if exponent >= 0 {
        digits::shl(&digits::from_u64(significand), exponent as u64).ok()?
    } else {
        digits::from_u64(significand >> exponent.unsigned_abs().min(63))
    };
    Some(Integer::from_digits(value < 0.0, magnitude))
}

/// `float.as_integer_ratio`: numerator and positive denominator in lowest terms; None for infinities and NaN.
pub fn as_integer_ratio(value: f64) -> Option<(Integer, Integer)> {
    if !value.is_finite() {
        return None;
    }
    let (significand, exponent) = decompose(value);
    let zeros = if significand == 0 { 0 } else { significand.trailing_zeros() };
    let exponent = if significand == 0 { 0 } else { exponent + zeros as i32 };
    let odd = digits::from_u64(significand >> zeros);
    let shift = u64::from(exponent.unsigned_abs());
    let (numerator, denominator) =
        if exponent >= 0 { (digits::shl(&odd, shift).ok()?, vec![1]) } else { (odd, digits::shl(&[1], shift).ok()?) };
    Some((Integer::from_digits(value < 0.0, numerator), Integer::from_digits(false, denominator)))
}

/// The significand as an integer and its exponent: `|value| == significand * 2**exponent`, for a finite value.
pub(crate) fn decompose(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match (bits >> 52 & 0x7ff) as i32 {
        0 => (fraction, -1074),
        exponent => (fraction | 1 << 52, exponent - 1075),
    }
}

/// Compares an integer with a float exactly; None if the float is NaN.
pub fn compare(integer: Signed<'_>, value: f64) -> Option<std::cmp::Ordering> {
    use std::cmp::Ordering;
    if value.is_nan() {
        return None;
    }
    let Some(whole) = from_f64(value) else {
        return Some(if value > 0.0 { Ordering::Less } else { Ordering::Greater });
    };
    let fraction = value - value.trunc();
    Some(integer.compare(whole.view()).then(if fraction > 0.0 {
        Ordering::Less
    } else if fraction < 0.0 {
        Ordering::Greater
    } else {
        Ordering::Equal
    }))
}

/// `a / b`, correctly rounded.
pub fn true_divide(a: Signed<'_>, b: Signed<'_>) -> Result<f64, TrueDivisionError> {
    if b.is_zero() {
        return Err(TrueDivisionError::ZeroDivision);
    }
    let negative = a.is_negative() != b.is_negative();
    let magnitude = divide_magnitudes(a.digits(), b.digits()).map_err(|FloatOverflow| TrueDivisionError::Overflow)?;
    Ok(if negative { -magnitude } else { magnitude })
}

fn divide_magnitudes(a: &[u32], b: &[u32]) -> Result<f64, FloatOverflow> {
    if a.is_empty() {
        return Ok(0.0);
    }
    if let (Some(a), Some(b)) = (exact_float(a), exact_float(b)) {
        return Ok(a / b);
    }
    let difference = digits::bit_length(a) as i64 - digits::bit_length(b) as i64;
    if difference > i64::from(f64::MAX_EXP) {
        return Err(FloatOverflow);
    }
    if difference < LOWEST_EXPONENT - 2 {
        return Ok(0.0);
    }
    // Scale so that the quotient has 65 to 67 bits: more than a float, and fitting in a u128.
    let shift = difference - 66;
    let (scaled, lost) = if shift >= 0 {
        digits::shr_sticky(a, shift as u64)
    } else {
        (digits::shl(a, shift.unsigned_abs()).map_err(|_| FloatOverflow)?, false)
    };
    let (quotient, remainder) = digits::divmod(&scaled, b).unwrap_or_default();
    let significand = digits::to_u128(&quotient).unwrap_or(0);
    round_to_float(significand, lost || !remainder.is_empty(), shift)
}

/// The value as a float where that is exact.
fn exact_float(magnitude: &[u32]) -> Option<f64> {
    match magnitude {
        [digit] => Some(f64::from(*digit)),
        [low, high] if high >> (SIGNIFICAND_BITS - 30) == 0 => {
            Some(f64::from(*low) + f64::from(*high) * f64::from(1u32 << 30))
        }
        _ => None,
    }
}
