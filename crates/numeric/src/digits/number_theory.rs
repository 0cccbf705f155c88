//! Greatest common divisor, modular inverse, integer square root. Called through [`crate::digits`].

use super::{divmod, from_u64, from_u128, large, mul, to_u64, to_u128};

/// The greatest common divisor; that of zero and `a` is `a`.
pub fn gcd(a: &[u32], b: &[u32]) -> Vec<u32> {
    if a.is_empty() {
        return b.to_vec();
    }
    if b.is_empty() {
        return a.to_vec();
    }
    match (to_u64(a), to_u64(b)) {
        (Some(a), Some(b)) => from_u64(gcd_u64(a, b)),
        _ => large::gcd(a, b),
    }
}

/// Stein's binary algorithm, for two numbers that are not zero.
fn gcd_u64(mut a: u64, mut b: u64) -> u64 {
    let shared_twos = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        if a > b {
            (a, b) = (b, a);
        }
        b -= a;
    }
    a << shared_twos
}

/// The least common multiple; zero if one of them is zero.
pub fn lcm(a: &[u32], b: &[u32]) -> Vec<u32> {
    match divmod(a, &gcd(a, b)) {
        Some((quotient, _)) => mul(&quotient, b),
        None => Vec::new(),
    }
}

/// The `x` below the modulus with `a * x % modulus == 1 % modulus`; None if there is none (or the modulus is zero).
pub fn inverse_mod(a: &[u32], modulus: &[u32]) -> Option<Vec<u32>> {
    if modulus == [1] {
        return Some(Vec::new());
    }
    let (_, reduced) = divmod(a, modulus)?;
    if reduced.is_empty() {
        return None;
    }
    large::inverse_mod(&reduced, modulus)
}

/// The integer part of the square root.
pub fn isqrt(a: &[u32]) -> Vec<u32> {
    match to_u128(a) {
        Some(value) => from_u128(value.isqrt()),
        None => large::isqrt(a),
    }
}
