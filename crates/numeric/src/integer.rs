//! `Integer`: an owned integer of any size, in the digits that a Python `int` has.
//!
//! The invariant: digits are below 2**30, least significant first, without leading zeros; zero has no digits
//! and is not negative.

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
    pub fn from_digits(negative: bool, mut digits: Vec<u32>) -> Self {
        debug_assert!(digits.iter().all(|digit| *digit < 1 << DIGIT_BITS));
        while digits.last() == Some(&0) {
            digits.pop();
        }
        Self { negative: negative && !digits.is_empty(), digits }
    }

    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// The digits of the absolute value, least significant first.
    pub fn digits(&self) -> &[u32] {
        &self.digits
    }

    /// The value as `i64`; None if it does not fit.
    pub fn to_i64(&self) -> Option<i64> {
        let mut value: i128 = 0;
        if self.digits.len() > 3 {
            return None;
        }
        for digit in self.digits.iter().rev() {
            value = value << DIGIT_BITS | i128::from(*digit);
        }
        i64::try_from(if self.negative { -value } else { value }).ok()
    }
}

impl From<i64> for Integer {
    fn from(value: i64) -> Self {
        let mut rest = value.unsigned_abs();
        let mut digits = Vec::new();
        while rest != 0 {
            digits.push((rest & ((1 << DIGIT_BITS) - 1)) as u32);
            rest >>= DIGIT_BITS;
        }
        Self { negative: value < 0, digits }
    }
}
