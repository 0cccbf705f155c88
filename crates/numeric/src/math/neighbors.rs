//! Parts and neighbours of floats, and the exact remainder.

use crate::convert::float::round_to_float;
use std::fmt;

/// `math.frexp`: a fraction from 0.5 up to but without 1, and an exponent; zeros, infinities and NaN as they are.
pub fn frexp(value: f64) -> (f64, i32) {
    if value == 0.0 || !value.is_finite() {
        return (value, 0);
    }
    let (significand, exponent) = crate::convert::float::decompose(value);
    let length = (u64::BITS - significand.leading_zeros()) as i32;
    // Shifted to 53 bits, the top one implied; 1022 is the exponent of 0.5 .. 1.
    let fraction = significand << (53 - length) & ((1 << 52) - 1);
    (f64::from_bits(1022 << 52 | fraction).copysign(value), exponent + length)
}

/// `math.ldexp`: `value * 2**exponent`, rounded once; None where that is too large.
pub fn ldexp(value: f64, exponent: i64) -> Option<f64> {
    if value == 0.0 || !value.is_finite() {
        return Some(value);
    }
    let (significand, own) = crate::convert::float::decompose(value);
    let magnitude = round_to_float(u128::from(significand), false, exponent.saturating_add(i64::from(own))).ok()?;
    Some(magnitude.copysign(value))
}

/// `math.nextafter`: the float so many steps from `start` towards `end`, and no further.
pub fn next_after(start: f64, end: f64, steps: u64) -> f64 {
    if start.is_nan() || end.is_nan() {
        return start + end;
    }
    if steps == 0 || start == end {
        return if steps == 0 { start } else { end };
    }
    let from = order_key(start);
    let distance = from.abs_diff(order_key(end));
    if steps >= distance {
        return end;
    }
    let reached = if end > start { from.wrapping_add_unsigned(steps) } else { from.wrapping_sub_unsigned(steps) };
    let magnitude = f64::from_bits(reached.unsigned_abs());
    match reached {
        0 => 0.0f64.copysign(start),
        _ if reached < 0 => -magnitude,
        _ => magnitude,
    }
}

/// Floats in order as integers in order; both zeros are 0.
fn order_key(value: f64) -> i64 {
    let magnitude = value.abs().to_bits() as i64;
    if value.is_sign_negative() { -magnitude } else { magnitude }
}

/// `math.ulp`: the value of the lowest bit of the significand.
pub fn ulp(value: f64) -> f64 {
    let magnitude = value.abs();
    if !magnitude.is_finite() {
        return magnitude;
    }
    let next = magnitude.next_up();
    if next.is_infinite() { magnitude - magnitude.next_down() } else { next - magnitude }
}

/// Why `math.fma` has no value; the texts are Python's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FmaError {
    /// `ValueError`
    Invalid,
    /// `OverflowError`
    Overflow,
}

impl fmt::Display for FmaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Invalid => "invalid operation in fma",
            Self::Overflow => "overflow in fma",
        })
    }
}

impl std::error::Error for FmaError {}

/// `math.fma`: `x * y + z`, rounded once.
pub fn fma(x: f64, y: f64, z: f64) -> Result<f64, FmaError> {
    let result = x.mul_add(y, z);
    let operands = [x, y, z];
    if result.is_nan() && !operands.iter().any(|operand| operand.is_nan()) {
        return Err(FmaError::Invalid);
    }
    if result.is_infinite() && operands.iter().all(|operand| operand.is_finite()) {
        return Err(FmaError::Overflow);
    }
    Ok(result)
}

/// `math.remainder`: `x - n * y` for the `n` nearest to `x / y` (halves: the even one), exact, for `y` that is not
/// zero. NaN where `x` is infinite or `y` is zero.
pub fn remainder(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_nan() || x.is_infinite() || y == 0.0 {
        return f64::NAN;
    }
    if y.is_infinite() {
        return x;
    }
    let (magnitude, modulus) = (x.abs(), y.abs());
    let positive = magnitude % modulus;
    let complement = modulus - positive;
    let nearest = if positive < complement {
        positive
    } else if positive > complement {
        -complement
    } else {
        // Half way: even if what is below leaves nothing modulo twice the modulus.
        positive - 2.0 * ((0.5 * (magnitude - positive)) % modulus)
    };
    nearest * 1.0f64.copysign(x)
}
