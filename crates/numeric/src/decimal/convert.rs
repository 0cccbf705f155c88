//! Integers and floats to decimals and back.

use super::coefficient::{Coefficient, NoMemory};
use super::context::{Context, HUGE_EXPONENT};
use super::number::Decimal;
use super::status::Status;
use crate::integer::Integer;
use crate::signed::Signed;

/// `2**61 - 1`: Python hashes numbers modulo this prime.
const HASH_MODULUS: u64 = (1 << 61) - 1;

/// The hash of an infinity.
const HASH_INFINITY: i64 = 314_159;

/// An integer, exactly; it may be too long for any context.
pub fn from_integer(value: Signed<'_>, status: &mut Status) -> Decimal {
    match Coefficient::from_magnitude(value.digits()) {
        Ok(coefficient) => {
            let mut reported = Status::NONE;
            let number = Decimal::finite(value.is_negative(), coefficient, 0).finalized(&Context::MAX, &mut reported);
            super::parse::exact(number, reported, status)
        }
        Err(NoMemory) => Decimal::error(Status::NO_MEMORY, status),
    }
}

/// A float, exactly.
pub fn from_float(value: f64, status: &mut Status) -> Decimal {
    let negative = value.is_sign_negative();
    if value.is_nan() {
        return Decimal::nan(negative, false, Coefficient::ZERO);
    }
    if value.is_infinite() {
        return Decimal::infinity(negative);
    }
    if value == 0.0 {
        return Decimal::small(negative, 0, 0);
    }
    let bits = value.to_bits();
    let (field, fraction) = ((bits >> 52 & 0x7ff) as i64, bits & ((1 << 52) - 1));
    let (significand, exponent) = if field == 0 { (fraction, -1074) } else { (fraction | 1 << 52, field - 1075) };
    // Odd, so that as few places as possible remain.
    let zeros = significand.trailing_zeros();
    let (significand, exponent) = (significand >> zeros, exponent + i64::from(zeros));
    Decimal::or_no_memory(scaled(negative, significand, exponent), status)
}

/// `significand * 2**exponent`.
fn scaled(negative: bool, significand: u64, exponent: i64) -> Result<Decimal, NoMemory> {
    let (base, places) = if exponent >= 0 { (2u64, 0) } else { (5, exponent) };
    let power = power(&Coefficient::from(base), exponent.unsigned_abs())?;
    Ok(Decimal::finite(negative, power.multiply(&Coefficient::from(significand))?, places))
}

/// `base ** exponent`.
pub(super) fn power(base: &Coefficient, mut exponent: u64) -> Result<Coefficient, NoMemory> {
    let (mut result, mut square) = (Coefficient::ONE, base.clone());
    loop {
        if exponent & 1 != 0 {
            result = result.multiply(&square)?;
        }
        exponent >>= 1;
        if exponent == 0 {
            return Ok(result);
        }
        square = square.multiply(&square)?;
    }
}

/// A finite number without its fraction; None if there is not so much memory.
pub fn to_integer(number: &Decimal) -> Option<Integer> {
    let coefficient = match usize::try_from(number.exponent) {
        Ok(0) => number.coefficient.clone(),
        _ if number.coefficient.is_zero() => Coefficient::ZERO,
        Ok(left) => number.coefficient.shifted_left(left).ok()?,
        Err(_) => number.coefficient.shifted_right(number.exponent.unsigned_abs() as usize).0,
    };
    Some(Integer::from_digits(number.negative, coefficient.to_magnitude()))
}

/// Numerator and denominator of a finite number, without a common divisor; None if there is not so much memory.
pub fn to_ratio(number: &Decimal) -> Option<(Integer, Integer)> {
    let one = || Integer::from(1i64);
    if number.coefficient.is_zero() {
        return Some((Integer::from(0i64), one()));
    }
    // No zeros at the end: then only powers of two or of five can be shared.
    let number = super::divide::stripped(number.negative, number.coefficient.clone(), number.exponent, HUGE_EXPONENT);
    if number.exponent >= 0 {
        return Some((to_integer(&number)?, one()));
    }
    let denominator = Coefficient::power_of_ten(number.exponent.unsigned_abs() as usize).ok()?;
    let (numerator, denominator) = (number.coefficient.to_magnitude(), denominator.to_magnitude());
    let divisor = crate::digits::gcd(&numerator, &denominator);
    let (numerator, _) = crate::digits::divmod(&numerator, &divisor)?;
    let (denominator, _) = crate::digits::divmod(&denominator, &divisor)?;
    Some((Integer::from_digits(number.negative, numerator), Integer::from_digits(false, denominator)))
}

/// `a * b` modulo the prime: the high bits count once more, since 2**61 is one.
const fn hash_product(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    let sum = (product as u64 & HASH_MODULUS) + (product >> 61) as u64;
    if sum >= HASH_MODULUS { sum - HASH_MODULUS } else { sum }
}

/// `base ** exponent` modulo the prime.
const fn hash_power(base: u64, mut exponent: u64) -> u64 {
    let (mut result, mut square) = (1, base);
    while exponent != 0 {
        if exponent & 1 != 0 {
            result = hash_product(result, square);
        }
        square = hash_product(square, square);
        exponent >>= 1;
    }
    result
}

/// The inverse of ten modulo the prime, by Fermat's theorem.
const HASH_TENTH: u64 = hash_power(10, HASH_MODULUS - 2);

/// The numeric hash; None for NaN.
pub fn hash(number: &Decimal) -> Option<i64> {
    if number.is_nan() {
        return None;
    }
    if number.is_infinite() {
        return Some(if number.negative { -HASH_INFINITY } else { HASH_INFINITY });
    }
    let coefficient = number.coefficient.remainder_of(HASH_MODULUS);
    let base = if number.exponent >= 0 { 10 } else { HASH_TENTH };
    let magnitude = hash_product(coefficient, hash_power(base, number.exponent.unsigned_abs())) as i64;
    let hash = if number.negative { -magnitude } else { magnitude };
    Some(if hash == -1 { -2 } else { hash })
}

impl Coefficient {
    /// `self % modulus`.
    fn remainder_of(&self, modulus: u64) -> u64 {
        let modulus = u128::from(modulus);
        match self {
            Self::Small(value) => match u64::try_from(*value) {
                Ok(word) => word % modulus as u64,
                Err(_) => (value % modulus) as u64,
            },
            Self::Large(limbs) => {
                let base = u128::from(super::coefficient::limb::BASE) % modulus;
                limbs.iter().rev().fold(0, |value, limb| (value * base + u128::from(*limb)) % modulus) as u64
            }
        }
    }
}
