//! Magnitudes: slices of 30-bit digits, least significant first, as a Python `int` holds them inline.
//!
//! Called by the object layer with the digits of its `int` objects, and by `Integer`. The invariant of every slice
//! that goes in and of every vector that comes out: digits are below 2**30, the last one is not zero, and zero is the
//! empty slice. Sign lives in [`crate::signed`]. Small sizes are computed here; where measurement says that a fast
//! algorithm beats the schoolbook, the work goes to `large`.

mod add;
mod combinatorics;
mod divide;
pub(crate) mod large;
mod multiply;
mod number_theory;
mod power;
mod shift;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;

pub use self::add::{add, add_digit, difference, sub, sub_digit};
pub use self::combinatorics::{comb, factorial, perm};
pub(crate) use self::divide::divide_in_place;
pub use self::divide::{div_exact_small, divmod, divmod_digit, rem_digit};
pub use self::multiply::{mul, mul_digit, square};
pub use self::number_theory::{gcd, inverse_mod, isqrt, lcm};
pub use self::power::{pow, pow_mod};
pub use self::shift::{low_bits, shl, shr, shr_sticky};
pub use crate::integer::DIGIT_BITS;

/// The bits of one digit.
pub const DIGIT_MASK: u32 = (1 << DIGIT_BITS) - 1;

/// The result would not fit in memory: Python's `MemoryError`, or `OverflowError` where CPython says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("too many digits in integer")
    }
}

impl std::error::Error for TooLarge {}

/// Takes leading zeros away.
pub fn normalize(mut digits: Vec<u32>) -> Vec<u32> {
    while digits.last() == Some(&0) {
        digits.pop();
    }
    digits
}

/// The part of the slice without leading zeros.
pub fn trimmed(digits: &[u32]) -> &[u32] {
    let length = digits.iter().rposition(|digit| *digit != 0).map_or(0, |last| last + 1);
    &digits[..length]
}

/// Which of two magnitudes is larger.
pub fn compare(a: &[u32], b: &[u32]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// The digits of a `u64`.
pub fn from_u64(value: u64) -> Vec<u32> {
    from_u128(u128::from(value))
}

/// The digits of a `u128`.
pub fn from_u128(mut value: u128) -> Vec<u32> {
    let mut digits = Vec::with_capacity(bit_length_u128(value).div_ceil(DIGIT_BITS) as usize);
    while value != 0 {
        digits.push(value as u32 & DIGIT_MASK);
        value >>= DIGIT_BITS;
    }
    digits
}

/// The value as `u64`; None if it does not fit.
pub fn to_u64(digits: &[u32]) -> Option<u64> {
    to_u128(digits).and_then(|value| u64::try_from(value).ok())
}

/// The value as `u128`; None if it does not fit.
pub fn to_u128(digits: &[u32]) -> Option<u128> {
    if bit_length(digits) > 128 {
        return None;
    }
    Some(digits.iter().rev().fold(0, |value, digit| value << DIGIT_BITS | u128::from(*digit)))
}

/// The value modulo 2**64.
pub fn wrapping_u64(digits: &[u32]) -> u64 {
    digits.iter().take(3).rev().fold(0, |value, digit| value << DIGIT_BITS | u64::from(*digit))
}

/// The number of bits without leading zeros: `int.bit_length`. A slice cannot be so long that this overflows.
pub fn bit_length(digits: &[u32]) -> u64 {
    match digits.split_last() {
        None => 0,
        Some((top, rest)) => rest.len() as u64 * u64::from(DIGIT_BITS) + u64::from(u32::BITS - top.leading_zeros()),
    }
}

/// The number of ones: `int.bit_count`.
pub fn bit_count(digits: &[u32]) -> u64 {
    digits.iter().map(|digit| u64::from(digit.count_ones())).sum()
}

/// The number of zero bits below the lowest one; 0 for zero.
pub fn trailing_zeros(digits: &[u32]) -> u64 {
    match digits.iter().position(|digit| *digit != 0) {
        None => 0,
        Some(index) => index as u64 * u64::from(DIGIT_BITS) + u64::from(digits[index].trailing_zeros()),
    }
}

/// Whether the bit with this number is set.
pub fn bit(digits: &[u32], index: u64) -> bool {
    let position = usize::try_from(index / u64::from(DIGIT_BITS)).unwrap_or(usize::MAX);
    digits.get(position).is_some_and(|digit| digit >> (index % u64::from(DIGIT_BITS)) & 1 != 0)
}

fn bit_length_u128(value: u128) -> u32 {
    u128::BITS - value.leading_zeros()
}

/// Room for `length` digits, or `TooLarge` where the system has not that much memory.
fn try_with_capacity(length: usize) -> Result<Vec<u32>, TooLarge> {
    let mut digits = Vec::new();
    digits.try_reserve_exact(length).map_err(|_| TooLarge)?;
    Ok(digits)
}
