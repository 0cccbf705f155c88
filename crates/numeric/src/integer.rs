//! `Integer`: an owned integer of any size, in the digits that a Python `int` has.
//!
//! Used by the compiler and marshal for constants, and as the result of everything in [`crate::signed`]. The
//! invariant: digits are below 2**30, least significant first, without leading zeros; zero has no digits and is not
//! negative.

use crate::digits;
use crate::signed::Signed;
use std::cmp::Ordering;
use std::fmt;

/// Bits in a digit, as in CPython's `PyLong_SHIFT`.
pub const DIGIT_BITS: u32 = 30;

/// An integer of any size.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Integer {
    negative: bool,
    digits: Vec<u32>,
}

impl Integer {
    /// The integer with this sign and these digits (below 2**30, least significant first).
    pub fn from_digits(negative: bool, digits: Vec<u32>) -> Self {
        debug_assert!(digits.iter().all(|digit| *digit < 1 << DIGIT_BITS));
        let digits = digits::normalize(digits);
        Self { negative: negative && !digits.is_empty(), digits }
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// The digits of the absolute value, least significant first.
    pub fn digits(&self) -> &[u32] {
        &self.digits
    }

    /// The digits of the absolute value, given away.
    pub fn into_digits(self) -> Vec<u32> {
        self.digits
    }

    /// What the operations of [`crate::signed`] take.
    pub fn view(&self) -> Signed<'_> {
        Signed::new(self.negative, &self.digits)
    }

    /// The value as `i64`; None if it does not fit.
    pub fn to_i64(&self) -> Option<i64> {
        self.view().to_i64()
    }

    /// The value as `i128`; None if it does not fit.
    pub fn to_i128(&self) -> Option<i128> {
        self.view().to_i128()
    }

    /// The value as `u64`; None if it does not fit.
    pub fn to_u64(&self) -> Option<u64> {
        if self.negative { None } else { digits::to_u64(&self.digits) }
    }
}

impl From<i64> for Integer {
    fn from(value: i64) -> Self {
        Self { negative: value < 0, digits: digits::from_u64(value.unsigned_abs()) }
    }
}

impl From<u64> for Integer {
    fn from(value: u64) -> Self {
        Self { negative: false, digits: digits::from_u64(value) }
    }
}

impl From<i128> for Integer {
    fn from(value: i128) -> Self {
        Self { negative: value < 0, digits: digits::from_u128(value.unsigned_abs()) }
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        self.view().compare(other.view())
    }
}

/// Decimal, of any length.
impl fmt::Display for Integer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad_integral(!self.negative, "", &crate::radix::to_text(&self.digits, 10))
    }
}
