//! The numeric hash: numbers that are equal hash equal, whatever their type (modulo the prime 2**61 - 1, see the
//! library reference, «Hashing of numeric types»).
//!
//! Called by the object layer for `int`, `float` and `complex`. No hash is -1: C callers read that as an error.

use crate::digits::DIGIT_BITS;
use crate::signed::Signed;

/// `sys.hash_info.width` less three: the modulus is 2**61 - 1.
const HASH_BITS: u32 = 61;

/// `sys.hash_info.modulus`.
pub const HASH_MODULUS: u64 = (1 << HASH_BITS) - 1;

/// `sys.hash_info.inf`: the hash of infinity.
pub const HASH_INFINITY: i64 = 314_159;

/// `sys.hash_info.imag`: the factor of the imaginary part.
pub const HASH_IMAGINARY: u64 = 1_000_003;

/// `hash(integer)`.
pub fn hash_integer(integer: Signed<'_>) -> i64 {
    // Horner's rule, two digits a step: multiplying by 2**60 modulo 2**61 - 1 is a rotation of 61 bits.
    let (pairs, top) = integer.digits().as_chunks::<2>();
    let start = top.first().map_or(0, |digit| u64::from(*digit));
    let residue = pairs.iter().rev().fold(start, |hash, [low, high]| {
        reduce(rotate(hash, 2 * DIGIT_BITS) + (u64::from(*high) << DIGIT_BITS | u64::from(*low)))
    });
    with_sign(residue, integer.is_negative())
}

/// `hash(value)`; None for NaN, whose hash is that of its object.
pub fn hash_float(value: f64) -> Option<i64> {
    if value.is_nan() {
        return None;
    }
    if value.is_infinite() {
        return Some(if value > 0.0 { HASH_INFINITY } else { -HASH_INFINITY });
    }
    let (significand, exponent) = super::float::decompose(value);
    // 2**61 is 1 modulo the prime, so that negative exponents are rotations too.
    let rotation = exponent.rem_euclid(HASH_BITS as i32) as u32;
    Some(with_sign(rotate(significand, rotation), value < 0.0))
}

/// The hash of a complex number from those of its parts.
pub fn hash_complex(real: i64, imaginary: i64) -> i64 {
    let combined = (real as u64).wrapping_add((imaginary as u64).wrapping_mul(HASH_IMAGINARY));
    avoid_error(combined as i64)
}

fn rotate(value: u64, count: u32) -> u64 {
    (value << count & HASH_MODULUS) | value >> (HASH_BITS - count)
}

fn reduce(value: u64) -> u64 {
    if value >= HASH_MODULUS { value - HASH_MODULUS } else { value }
}

fn with_sign(residue: u64, negative: bool) -> i64 {
    let hash = reduce(residue) as i64;
    avoid_error(if negative { -hash } else { hash })
}

fn avoid_error(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}
