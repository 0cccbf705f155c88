//! Limbs: digits of base 10**19 in words of 64 bits, and the arithmetic of one or two of them.
//!
//! Called by the other files of [`super`]. The base is above 2**63, so that division by it needs no normalization.

/// Decimal digits in a limb.
pub const LIMB_DIGITS: usize = 19;

/// The base.
pub const BASE: u64 = 10_000_000_000_000_000_000;

/// `(2**128 - 1) / BASE - 2**64`: the reciprocal that [`split`] multiplies by.
const RECIPROCAL: u64 = (u128::MAX / BASE as u128 - (1 << 64)) as u64;

/// The powers of ten that fit in a word.
pub const POWERS: [u64; 20] = {
    let mut powers = [1u64; 20];
    let mut index = 1;
    while index < 20 {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};

/// The powers of ten that fit in two words.
pub const WIDE_POWERS: [u128; 39] = {
    let mut powers = [1u128; 39];
    let mut index = 1;
    while index < 39 {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};

/// `(value / BASE, value % BASE)` for a value below `BASE << 64` (Möller and Granlund, «Improved division by invariant
/// integers», 2011).
#[inline(always)]
pub fn split(value: u128) -> (u64, u64) {
    let (high, low) = ((value >> 64) as u64, value as u64);
    debug_assert!(high < BASE);
    let estimate = u128::from(RECIPROCAL) * u128::from(high) + value;
    let mut quotient = ((estimate >> 64) as u64).wrapping_add(1);
    let mut remainder = low.wrapping_sub(quotient.wrapping_mul(BASE));
    if remainder > estimate as u64 {
        quotient = quotient.wrapping_sub(1);
        remainder = remainder.wrapping_add(BASE);
    }
    if remainder >= BASE {
        quotient = quotient.wrapping_add(1);
        remainder -= BASE;
    }
    (quotient, remainder)
}

/// How many decimal digits a word has; 1 for zero.
#[inline(always)]
pub fn count_digits(value: u64) -> usize {
    // 1233 / 4096 is log10(2) from below.
    let estimate = ((64 - (value | 1).leading_zeros() as usize) * 1233) >> 12;
    estimate + usize::from((value | 1) >= POWERS[estimate])
}

/// How many decimal digits two words have; 1 for zero.
#[inline(always)]
pub fn count_wide_digits(value: u128) -> usize {
    if let Ok(word) = u64::try_from(value) {
        return count_digits(word);
    }
    let estimate = ((128 - value.leading_zeros() as usize) * 1233) >> 12;
    // 2**128 has 39 digits, and the table ends with the number of that length.
    estimate + usize::from(estimate < WIDE_POWERS.len() && value >= WIDE_POWERS[estimate])
}

/// `value / 10**digits` and the remainder, for at most 38 digits.
#[inline(always)]
pub fn divide_by_power(value: u128, digits: usize) -> (u128, u128) {
    if let Ok(word) = u64::try_from(value) {
        if digits >= POWERS.len() {
            return (0, value);
        }
        let (quotient, remainder) = (word / POWERS[digits], word % POWERS[digits]);
        return (u128::from(quotient), u128::from(remainder));
    }
    (value / WIDE_POWERS[digits], value % WIDE_POWERS[digits])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_the_base() {
        let base = u128::from(BASE);
        for value in [0, 1, base - 1, base, base + 1, base * base - 1, base * 7 + 5, u128::from(u64::MAX), base << 63] {
            let (quotient, remainder) = split(value);
            assert_eq!((u128::from(quotient), u128::from(remainder)), (value / base, value % base));
        }
    }

    #[test]
    fn counts_digits() {
        for (index, power) in WIDE_POWERS.iter().enumerate() {
            assert_eq!(count_wide_digits(*power), index + 1);
            assert_eq!(count_wide_digits(*power - 1), index.max(1));
        }
        assert_eq!(count_wide_digits(u128::MAX), 39);
        assert_eq!(count_digits(u64::MAX), 20);
    }
}
