//! Sums and differences of slices of limbs.

use super::limb::BASE;
use super::{NoMemory, room};

/// Adds `other` to `limbs`, which is at least as long; gives the carry.
pub fn add_to(limbs: &mut [u64], other: &[u64]) -> bool {
    let mut carry = 0;
    let (low, high) = limbs.split_at_mut(other.len());
    for (limb, addend) in low.iter_mut().zip(other) {
        let (sum, overflowed) = limb.overflowing_add(*addend + carry);
        carry = u64::from(overflowed || sum >= BASE);
        *limb = if carry != 0 { sum.wrapping_sub(BASE) } else { sum };
    }
    if carry == 0 {
        return false;
    }
    for limb in high {
        if *limb != BASE - 1 {
            *limb += 1;
            return false;
        }
        *limb = 0;
    }
    true
}

/// Takes `other` from `limbs`, which is at least as long; gives the borrow.
pub fn subtract_from(limbs: &mut [u64], other: &[u64]) -> bool {
    let mut borrow = 0;
    let (low, high) = limbs.split_at_mut(other.len());
    for (limb, subtrahend) in low.iter_mut().zip(other) {
        let (difference, underflowed) = limb.overflowing_sub(*subtrahend + borrow);
        borrow = u64::from(underflowed);
        *limb = if underflowed { difference.wrapping_add(BASE) } else { difference };
    }
    if borrow == 0 {
        return false;
    }
    for limb in high {
        if *limb != 0 {
            *limb -= 1;
            return false;
        }
        *limb = BASE - 1;
    }
    true
}

/// `a + b`.
pub fn add(a: &[u64], b: &[u64]) -> Result<Vec<u64>, NoMemory> {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let mut sum = room(long.len() + 1)?;
    sum.extend_from_slice(long);
    if add_to(&mut sum, short) {
        sum.push(1);
    }
    Ok(sum)
}

/// `a - b` for `a >= b`.
pub fn subtract(a: &[u64], b: &[u64]) -> Result<Vec<u64>, NoMemory> {
    let mut difference = room(a.len())?;
    difference.extend_from_slice(a);
    subtract_from(&mut difference, b);
    Ok(difference)
}
