//! Signed integers over digit slices, with Python's meaning of every operator: `//` and `%` round to minus
//! infinity, `>>` too, and `& | ^ ~` see an infinite two's complement.
//!
//! Called by the object layer for `int`'s slots and by the compiler for constant folding. The invariant is that of
//! [`crate::digits`]; zero is never negative.

use crate::digits::{self, DIGIT_BITS, DIGIT_MASK, TooLarge};
use crate::integer::Integer;
use std::cmp::Ordering;
use std::fmt;

/// A borrowed integer: a sign and a magnitude.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Signed<'a> {
    negative: bool,
    digits: &'a [u32],
}

impl<'a> Signed<'a> {
    /// The integer with this sign and this magnitude, which has no leading zeros.
    pub fn new(negative: bool, digits: &'a [u32]) -> Self {
        debug_assert!(digits.last() != Some(&0));
        Self { negative: negative && !digits.is_empty(), digits }
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.negative
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.digits.is_empty()
    }

    /// The magnitude.
    pub fn digits(self) -> &'a [u32] {
        self.digits
    }

    /// A copy that owns its digits.
    pub fn to_owned(self) -> Integer {
        Integer::from_digits(self.negative, self.digits.to_vec())
    }

    /// Which is larger.
    pub fn compare(self, other: Signed<'_>) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => digits::compare(self.digits, other.digits),
            (true, true) => digits::compare(other.digits, self.digits),
        }
    }

    /// The value as `i64`; None if it does not fit.
    pub fn to_i64(self) -> Option<i64> {
        self.to_i128().and_then(|value| i64::try_from(value).ok())
    }

    /// The value as `i128`; None if it does not fit.
    pub fn to_i128(self) -> Option<i128> {
        let magnitude = digits::to_u128(self.digits)?;
        if self.negative { 0i128.checked_sub_unsigned(magnitude) } else { i128::try_from(magnitude).ok() }
    }

    /// The value modulo 2**64, as C's conversion of a two's complement would give it.
    pub fn wrapping_u64(self) -> u64 {
        let magnitude = digits::wrapping_u64(self.digits);
        if self.negative { magnitude.wrapping_neg() } else { magnitude }
    }

    fn negated(self) -> Self {
        Self::new(!self.negative, self.digits)
    }
}

/// `a + b`.
pub fn add(a: Signed<'_>, b: Signed<'_>) -> Integer {
    if a.negative == b.negative {
        return Integer::from_digits(a.negative, digits::add(a.digits, b.digits));
    }
    let (swapped, magnitude) = digits::difference(a.digits, b.digits);
    Integer::from_digits(a.negative != swapped, magnitude)
}

/// `a - b`.
pub fn sub(a: Signed<'_>, b: Signed<'_>) -> Integer {
    // Zero negated is zero, whose sign does not matter to `add`.
    add(a, b.negated())
}

/// `a * b`.
pub fn mul(a: Signed<'_>, b: Signed<'_>) -> Integer {
    let same = std::ptr::eq(a.digits, b.digits);
    let magnitude = if same { digits::square(a.digits) } else { digits::mul(a.digits, b.digits) };
    Integer::from_digits(a.negative != b.negative, magnitude)
}

/// `-a`.
pub fn neg(a: Signed<'_>) -> Integer {
    a.negated().to_owned()
}

/// `divmod(a, b)`; None if `b` is zero.
pub fn divmod_floor(a: Signed<'_>, b: Signed<'_>) -> Option<(Integer, Integer)> {
    let (mut quotient, mut remainder) = digits::divmod(a.digits, b.digits)?;
    let opposite = a.negative != b.negative;
    if opposite && !remainder.is_empty() {
        quotient = digits::add_digit(&quotient, 1);
        remainder = digits::sub(b.digits, &remainder);
    }
    Some((Integer::from_digits(opposite, quotient), Integer::from_digits(b.negative, remainder)))
}

/// `a // b`; None if `b` is zero.
pub fn div_floor(a: Signed<'_>, b: Signed<'_>) -> Option<Integer> {
    divmod_floor(a, b).map(|(quotient, _)| quotient)
}

/// `a % b`; None if `b` is zero.
pub fn mod_floor(a: Signed<'_>, b: Signed<'_>) -> Option<Integer> {
    if let [digit] = b.digits {
        let remainder = digits::rem_digit(a.digits, *digit)?;
        let adjusted = if a.negative != b.negative && remainder != 0 { digit - remainder } else { remainder };
        return Some(Integer::from_digits(b.negative, vec![adjusted]));
    }
    divmod_floor(a, b).map(|(_, remainder)| remainder)
}

/// The quotient rounded to the nearest integer, halves to the even one, and what is left over; None if `b` is zero.
pub fn divmod_near(a: Signed<'_>, b: Signed<'_>) -> Option<(Integer, Integer)> {
    let (mut quotient, mut remainder) = digits::divmod(a.digits, b.digits)?;
    let rest = digits::sub(b.digits, &remainder);
    let odd = quotient.first().is_some_and(|digit| digit % 2 != 0);
    let up = match digits::compare(&remainder, &rest) {
        Ordering::Less => false,
        Ordering::Equal => odd,
        Ordering::Greater => true,
    };
    if up {
        quotient = digits::add_digit(&quotient, 1);
        remainder = rest;
    }
    let quotient = Integer::from_digits(a.negative != b.negative, quotient);
    Some((quotient, Integer::from_digits(a.negative != up, remainder)))
}

/// `round(a, -places)`: to a multiple of a power of ten, halves to the even one.
pub fn round_to_tens(a: Signed<'_>, places: u64) -> Integer {
    // A power of ten that is more than twice the number leaves nothing; 10**n has more than 3 * n bits.
    if places.saturating_mul(3) > digits::bit_length(a.digits) {
        return Integer::default();
    }
    let Ok(unit) = digits::pow(&[10], &digits::from_u64(places)) else { return Integer::default() };
    match divmod_near(a, Signed::new(false, &unit)) {
        Some((_, remainder)) => sub(a, remainder.view()),
        None => Integer::default(),
    }
}

/// `a << count`.
pub fn shl(a: Signed<'_>, count: u64) -> Result<Integer, TooLarge> {
    digits::shl(a.digits, count).map(|magnitude| Integer::from_digits(a.negative, magnitude))
}

/// `a >> count`, rounding to minus infinity. A count beyond `u64` is the same as `u64::MAX`.
pub fn shr(a: Signed<'_>, count: u64) -> Integer {
    let (magnitude, lost) = digits::shr_sticky(a.digits, count);
    let magnitude = if a.negative && lost { digits::add_digit(&magnitude, 1) } else { magnitude };
    Integer::from_digits(a.negative, magnitude)
}

/// `~a`.
pub fn not(a: Signed<'_>) -> Integer {
    if a.negative {
        return Integer::from_digits(false, digits::sub_digit(a.digits, 1));
    }
    Integer::from_digits(true, digits::add_digit(a.digits, 1))
}

/// `a & b`.
pub fn and(a: Signed<'_>, b: Signed<'_>) -> Integer {
    if !a.negative && !b.negative {
        let common = a.digits.iter().zip(b.digits).map(|(x, y)| x & y).collect();
        return Integer::from_digits(false, common);
    }
    bitwise(a, b, |x, y| x & y)
}

/// `a | b`.
pub fn or(a: Signed<'_>, b: Signed<'_>) -> Integer {
    bitwise(a, b, |x, y| x | y)
}

/// `a ^ b`.
pub fn xor(a: Signed<'_>, b: Signed<'_>) -> Integer {
    bitwise(a, b, |x, y| x ^ y)
}

/// Without negative numbers only for operations that leave a digit beside a zero as it is: not for `&`.
fn bitwise(a: Signed<'_>, b: Signed<'_>, operation: impl Fn(u32, u32) -> u32) -> Integer {
    if !a.negative && !b.negative {
        let (long, short) = if a.digits.len() >= b.digits.len() { (a.digits, b.digits) } else { (b.digits, a.digits) };
        let mut result = long.to_vec();
        result.iter_mut().zip(short).for_each(|(x, y)| *x = operation(*x, *y));
        return Integer::from_digits(false, result);
    }
    let length = a.digits.len().max(b.digits.len());
    let negative = operation(u32::from(a.negative), u32::from(b.negative)) & 1 != 0;
    let pairs = twos_complement(a).zip(twos_complement(b));
    let mut result: Vec<u32> = pairs.take(length).map(|(x, y)| operation(x, y) & DIGIT_MASK).collect();
    if negative {
        let mut carry = 1;
        for digit in &mut result {
            let inverted = (!*digit & DIGIT_MASK) + carry;
            carry = inverted >> DIGIT_BITS;
            *digit = inverted & DIGIT_MASK;
        }
        result.push(carry);
    }
    Integer::from_digits(negative, result)
}

/// The digits of the two's complement, without end.
fn twos_complement(a: Signed<'_>) -> impl Iterator<Item = u32> {
    let mut carry = u32::from(a.negative);
    let invert = if a.negative { DIGIT_MASK } else { 0 };
    a.digits.iter().copied().chain(std::iter::repeat(0)).map(move |digit| {
        let total = (digit ^ invert) + carry;
        carry = total >> DIGIT_BITS;
        total & DIGIT_MASK
    })
}

/// `a ** exponent`, for an exponent that is not negative.
pub fn pow(a: Signed<'_>, exponent: &[u32]) -> Result<Integer, TooLarge> {
    let odd = exponent.first().is_some_and(|digit| digit % 2 != 0);
    digits::pow(a.digits, exponent).map(|magnitude| Integer::from_digits(a.negative && odd, magnitude))
}

/// Why `pow(a, b, c)` has no value; the text is that of Python's `ValueError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowModError {
    ZeroModulus,
    NotInvertible,
}

impl fmt::Display for PowModError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ZeroModulus => "pow() 3rd argument cannot be 0",
            Self::NotInvertible => "base is not invertible for the given modulus",
        })
    }
}

impl std::error::Error for PowModError {}

/// `pow(base, exponent, modulus)`: the result has the modulus's sign; a negative exponent inverts the base.
pub fn pow_mod(base: Signed<'_>, exponent: Signed<'_>, modulus: Signed<'_>) -> Result<Integer, PowModError> {
    let positive_modulus = Signed::new(false, modulus.digits);
    let reduced = mod_floor(base, positive_modulus).ok_or(PowModError::ZeroModulus)?;
    let power = if exponent.negative {
        let inverse = digits::inverse_mod(reduced.digits(), modulus.digits).ok_or(PowModError::NotInvertible)?;
        digits::pow_mod(&inverse, exponent.digits, modulus.digits)
    } else {
        digits::pow_mod(reduced.digits(), exponent.digits, modulus.digits)
    };
    let power = power.ok_or(PowModError::ZeroModulus)?;
    if modulus.negative && !power.is_empty() {
        return Ok(Integer::from_digits(true, digits::sub(modulus.digits, &power)));
    }
    Ok(Integer::from_digits(false, power))
}
