//! `round(value, places)` of a float, correctly rounded from the exact value.

use super::decimal;
use std::fmt;

/// More places than this change no float: the smallest is a multiple of 2**-1074.
const MOST_PLACES: i64 = 323;

/// Fewer places than this leave zero of every float.
const FEWEST_PLACES: i64 = -308;

/// The rounded value is too large: Python's `OverflowError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundOverflow;

impl fmt::Display for RoundOverflow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("rounded value too large to represent")
    }
}

impl std::error::Error for RoundOverflow {}

/// The value rounded to a multiple of `10**-places`, halves (of the exact value) to the even one. Infinities and NaN
/// stay what they are.
pub fn round_to_places(value: f64, places: i64) -> Result<f64, RoundOverflow> {
    if !value.is_finite() || value == 0.0 || places > MOST_PLACES {
        return Ok(value);
    }
    if places < FEWEST_PLACES {
        return Ok(0.0 * value);
    }
    let magnitude = value.abs();
    let text = match usize::try_from(places) {
        Ok(places) => format!("{magnitude:.places$}"),
        Err(_) => tens(magnitude, places.unsigned_abs() as i32),
    };
    // The standard library wrote the text: it reads it.
    let rounded: f64 = text.parse().unwrap_or(magnitude);
    if rounded.is_infinite() {
        return Err(RoundOverflow);
    }
    Ok(rounded.copysign(value))
}

/// The magnitude rounded to a multiple of `10**zeros`, as text.
fn tens(magnitude: f64, zeros: i32) -> String {
    // All digits there are: exact.
    let exact = decimal::significant(magnitude, usize::MAX);
    let kept = exact.exponent + 1 - zeros;
    if kept > 0 {
        let rounded = decimal::significant(magnitude, kept as usize);
        let digits: String = rounded.digits.iter().map(|byte| *byte as char).collect();
        return format!("{digits}e{}", rounded.exponent + 1 - rounded.digits.len() as i32);
    }
    // Nothing is kept: the unit itself if the value is above its half.
    let above_half = kept == 0 && exact.digits[0] >= b'5' && exact.digits[..] != *b"5" && {
        exact.digits[0] > b'5' || exact.digits[1..].iter().any(|digit| *digit != b'0')
    };
    if above_half { format!("1e{zeros}") } else { "0".to_owned() }
}
