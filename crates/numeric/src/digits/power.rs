//! Powers of magnitudes, plain and modular. Called through [`crate::digits`].

use super::{DIGIT_BITS, TooLarge, bit, bit_length, divmod, from_u128, large, shl, shr, to_u64, to_u128};
use super::{trailing_zeros, try_with_capacity};

/// How many times the digits of the result the crate takes, measured.
const WORKING_DIGITS: usize = 10;

/// `base ** exponent`.
pub fn pow(base: &[u32], exponent: &[u32]) -> Result<Vec<u32>, TooLarge> {
    match (base, exponent) {
        (_, []) | ([1], _) => return Ok(vec![1]),
        ([], _) => return Ok(Vec::new()),
        (_, [1]) => return Ok(base.to_vec()),
        _ => {}
    }
    let exponent = to_u64(exponent).ok_or(TooLarge)?;
    // The factor of two is a shift: 2**n costs no multiplication.
    let zeros = trailing_zeros(base);
    let shift = zeros.checked_mul(exponent).ok_or(TooLarge)?;
    let odd = shr(base, zeros);
    let odd_bits = (bit_length(&odd) - 1).checked_mul(exponent).ok_or(TooLarge)?;
    let total = odd_bits.checked_add(shift).ok_or(TooLarge)? / u64::from(DIGIT_BITS);
    // The room is asked for and given back: the crate could only abort. The compiler leaves the question out if nobody can see the answer.
    drop(std::hint::black_box(try_with_capacity(
        usize::try_from(total).map_err(|_| TooLarge)?.checked_mul(WORKING_DIGITS).ok_or(TooLarge)?,
    )?));
    shl(&odd_power(&odd, exponent)?, shift)
}

fn odd_power(odd: &[u32], exponent: u64) -> Result<Vec<u32>, TooLarge> {
    if odd == [1] {
        return Ok(vec![1]);
    }
    let small = to_u128(odd).zip(u32::try_from(exponent).ok());
    if let Some(power) = small.and_then(|(value, exponent)| value.checked_pow(exponent)) {
        return Ok(from_u128(power));
    }
    Ok(large::pow(odd, usize::try_from(exponent).map_err(|_| TooLarge)?))
}

/// `base ** exponent % modulus`; None if the modulus is zero.
pub fn pow_mod(base: &[u32], exponent: &[u32], modulus: &[u32]) -> Option<Vec<u32>> {
    if modulus.is_empty() {
        return None;
    }
    if modulus == [1] {
        return Some(Vec::new());
    }
    if exponent.is_empty() {
        return Some(vec![1]);
    }
    match to_u64(modulus) {
        Some(small) => {
            let (_, base) = divmod(base, modulus)?;
            Some(super::from_u64(pow_mod_u64(super::wrapping_u64(&base), exponent, small)))
        }
        None => Some(large::pow_mod(base, exponent, modulus)),
    }
}

/// Square and multiply, from the most significant bit.
fn pow_mod_u64(base: u64, exponent: &[u32], modulus: u64) -> u64 {
    let product = |a: u64, b: u64| (u128::from(a) * u128::from(b) % u128::from(modulus)) as u64;
    (0..bit_length(exponent)).rev().fold(1, |power, index| {
        let square = product(power, power);
        if bit(exponent, index) { product(square, base) } else { square }
    })
}
