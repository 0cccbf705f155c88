//! Products of slices of limbs: the schoolbook, Karatsuba's method, and number-theoretic transforms for long ones.

use super::add::{add_to, subtract_from};
use super::limb::split;
use super::{NoMemory, room, transform, trimmed, zeros};

/// From how many limbs on halving pays.
const KARATSUBA_FROM: usize = 40;

/// From how many limbs on transforms pay.
const TRANSFORM_FROM: usize = 1500;

/// `limbs * factor + carry`, in place; gives what does not fit.
pub fn multiply_in_place(limbs: &mut [u64], factor: u64, mut carry: u64) -> u64 {
    for limb in limbs {
        (carry, *limb) = split(u128::from(*limb) * u128::from(factor) + u128::from(carry));
    }
    carry
}

/// `a * b`.
pub fn multiply(a: &[u64], b: &[u64]) -> Result<Vec<u64>, NoMemory> {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    if short.is_empty() {
        return Ok(Vec::new());
    }
    if short.len() >= TRANSFORM_FROM {
        return transform::multiply(long, short);
    }
    let mut product = zeros(long.len() + short.len())?;
    if short.len() < KARATSUBA_FROM {
        schoolbook(&mut product, long, short);
        return Ok(product);
    }
    // The long factor in pieces of the short one's length.
    for (index, piece) in long.chunks(short.len()).enumerate() {
        let part = if piece.len() == short.len() { karatsuba(piece, short)? } else { multiply(short, piece)? };
        let part = trimmed(&part);
        add_to(&mut product[index * short.len()..], part);
    }
    Ok(product)
}

/// Writes `a * b` into zeros.
fn schoolbook(product: &mut [u64], a: &[u64], b: &[u64]) {
    for (index, factor) in b.iter().enumerate() {
        let mut carry = 0;
        for (place, limb) in product[index..].iter_mut().zip(a) {
            let value = u128::from(*limb) * u128::from(*factor) + u128::from(*place) + u128::from(carry);
            (carry, *place) = split(value);
        }
        product[index + a.len()] = carry;
    }
}

/// `a * b` for slices of one length: three products of halves in place of four.
fn karatsuba(a: &[u64], b: &[u64]) -> Result<Vec<u64>, NoMemory> {
    let length = a.len();
    if length < KARATSUBA_FROM {
        let mut product = zeros(2 * length)?;
        schoolbook(&mut product, a, b);
        return Ok(product);
    }
    let half = length.div_ceil(2);
    let (a_low, a_high) = a.split_at(half);
    let (b_low, b_high) = b.split_at(half);
    let low = karatsuba(a_low, b_low)?;
    let high = karatsuba(a_high, b_high)?;
    let sum = |low: &[u64], high: &[u64]| -> Result<Vec<u64>, NoMemory> {
        let mut sum = room(half + 1)?;
        sum.extend_from_slice(low);
        sum.push(0);
        add_to(&mut sum, high);
        Ok(sum)
    };
    let mut middle = karatsuba(&sum(a_low, a_high)?, &sum(b_low, b_high)?)?;
    subtract_from(&mut middle, &low);
    subtract_from(&mut middle, &high);
    let mut product = room(2 * length)?;
    product.extend_from_slice(&low);
    product.extend_from_slice(&high);
    add_to(&mut product[half..], trimmed(&middle));
    Ok(product)
}
