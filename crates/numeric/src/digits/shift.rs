//! Shifts of magnitudes. Called through [`crate::digits`]; shifts of negative numbers are in [`crate::signed`].

use super::{DIGIT_BITS, DIGIT_MASK, TooLarge, normalize, trimmed, try_with_capacity};

/// `a << count`.
pub fn shl(a: &[u32], count: u64) -> Result<Vec<u32>, TooLarge> {
    if a.is_empty() {
        return Ok(Vec::new());
    }
    let (whole, bits) = split_count(count);
    let length = whole.checked_add(a.len() + 1).ok_or(TooLarge)?;
    let mut shifted = try_with_capacity(length)?;
    shifted.resize(whole, 0);
    let mut carry = 0;
    shifted.extend(a.iter().map(|digit| {
        let wide = u64::from(*digit) << bits | carry;
        carry = wide >> DIGIT_BITS;
        wide as u32 & DIGIT_MASK
    }));
    if carry != 0 {
        shifted.push(carry as u32);
    }
    Ok(shifted)
}

/// `a >> count`.
pub fn shr(a: &[u32], count: u64) -> Vec<u32> {
    let (whole, bits) = split_count(count);
    let rest = a.get(whole..).unwrap_or_default();
    if bits == 0 {
        return rest.to_vec();
    }
    let mut shifted = Vec::with_capacity(rest.len());
    for (index, digit) in rest.iter().enumerate() {
        let above = rest.get(index + 1).copied().unwrap_or(0);
        shifted.push((digit >> bits | above << (DIGIT_BITS - bits)) & DIGIT_MASK);
    }
    normalize(shifted)
}

/// `a >> count`, and whether a one was shifted out.
pub fn shr_sticky(a: &[u32], count: u64) -> (Vec<u32>, bool) {
    let lost = !a.is_empty() && super::trailing_zeros(a) < count;
    (shr(a, count), lost)
}

/// `a % 2**count`.
pub fn low_bits(a: &[u32], count: u64) -> Vec<u32> {
    let (whole, bits) = split_count(count);
    if whole >= a.len() {
        return a.to_vec();
    }
    let mut low = a[..whole].to_vec();
    let partial = a[whole] & ((1 << bits) - 1);
    if partial == 0 {
        return trimmed(&low).to_vec();
    }
    low.push(partial);
    low
}

/// Whole digits and the bits that remain. A count that no slice can have saturates.
fn split_count(count: u64) -> (usize, u32) {
    let whole = usize::try_from(count / u64::from(DIGIT_BITS)).unwrap_or(usize::MAX);
    (whole, (count % u64::from(DIGIT_BITS)) as u32)
}
