//! Division of magnitudes: by a digit, by Knuth's algorithm D, and beyond by `large`. Called through
//! [`crate::digits`].

use super::{DIGIT_BITS, DIGIT_MASK, compare, large, normalize};
use std::cmp::Ordering;

/// From this many digits in both divisor and quotient on, the fast crate is quicker than algorithm D: measured with
/// `examples/measure.rs`, 0.20 against 0.22 µs at 12 digits, 0.40 against 0.35 at 20.
const LARGE_DIVIDE: usize = 16;

/// `(a // b, a % b)`; None if `b` is zero.
pub fn divmod(a: &[u32], b: &[u32]) -> Option<(Vec<u32>, Vec<u32>)> {
    match b {
        [] => return None,
        [digit] => {
            let (quotient, remainder) = divmod_digit(a, *digit)?;
            return Some((quotient, normalize(vec![remainder])));
        }
        _ => {}
    }
    match compare(a, b) {
        Ordering::Less => Some((Vec::new(), a.to_vec())),
        Ordering::Equal => Some((vec![1], Vec::new())),
        Ordering::Greater if b.len().min(a.len() - b.len()) >= LARGE_DIVIDE => Some(large::divmod(a, b)),
        Ordering::Greater => Some(algorithm_d(a, b)),
    }
}

/// `(a // digit, a % digit)`; None if the digit is zero.
pub fn divmod_digit(a: &[u32], digit: u32) -> Option<(Vec<u32>, u32)> {
    if digit == 0 {
        return None;
    }
    let mut quotient = a.to_vec();
    let remainder = divide_in_place(&mut quotient, digit);
    Some((normalize(quotient), remainder))
}

/// `a % digit`; None if the digit is zero.
pub fn rem_digit(a: &[u32], digit: u32) -> Option<u32> {
    if digit == 0 {
        return None;
    }
    let divisor = u64::from(digit);
    Some(a.iter().rev().fold(0, |remainder, x| (remainder << DIGIT_BITS | u64::from(*x)) % divisor) as u32)
}

/// `a // divisor` where the division is known to leave nothing, for any divisor; None if it is zero.
pub fn div_exact_small(a: &[u32], divisor: u64) -> Option<Vec<u32>> {
    match u32::try_from(divisor) {
        Ok(digit) if digit <= DIGIT_MASK => divmod_digit(a, digit).map(|(quotient, _)| quotient),
        _ => divmod(a, &super::from_u64(divisor)).map(|(quotient, _)| quotient),
    }
}

/// Divides by a digit that is not zero and returns the remainder.
pub(crate) fn divide_in_place(digits: &mut [u32], digit: u32) -> u32 {
    let divisor = u64::from(digit);
    let mut remainder = 0;
    for x in digits.iter_mut().rev() {
        let dividend = remainder << DIGIT_BITS | u64::from(*x);
        *x = (dividend / divisor) as u32;
        remainder = dividend % divisor;
    }
    remainder as u32
}

/// Knuth, The Art of Computer Programming, volume 2, section 4.3.1, algorithm D. `a > b`, and `b` has two digits at
/// least.
pub(super) fn algorithm_d(a: &[u32], b: &[u32]) -> (Vec<u32>, Vec<u32>) {
    // D1. Scale both so that the divisor's top digit has its top bit set; the dividend gets one digit more.
    let shift = b[b.len() - 1].leading_zeros() - (u32::BITS - DIGIT_BITS);
    let divisor = scaled(b, shift);
    let mut rest = scaled(a, shift);
    rest.push(0);
    let length = b.len();
    let divisor = &divisor[..length];
    let (top, second) = (u64::from(divisor[length - 1]), u64::from(divisor[length - 2]));

    // D2-D7. One digit of the quotient after the other, most significant first.
    let mut quotient = vec![0; a.len() - length + 1];
    for (position, digit) in quotient.iter_mut().enumerate().rev() {
        let window = &mut rest[position..=position + length];
        // D3. Estimate from the top digits; the estimate is at most one too large afterwards.
        let head = u64::from(window[length]) << DIGIT_BITS | u64::from(window[length - 1]);
        let (mut estimate, mut remainder) = (head / top, head % top);
        let next = u64::from(window[length - 2]);
        while estimate >> DIGIT_BITS != 0 || estimate * second > (remainder << DIGIT_BITS | next) {
            estimate -= 1;
            remainder += top;
            if remainder >> DIGIT_BITS != 0 {
                break;
            }
        }
        // D4-D6. Subtract; add back where the estimate was too large.
        if subtract_multiple(window, divisor, estimate) {
            estimate -= 1;
            add_back(window, divisor);
        }
        *digit = estimate as u32;
    }
    // D8. Undo the scaling.
    let remainder = super::shr(&normalize(rest), u64::from(shift));
    (normalize(quotient), remainder)
}

/// The digits shifted left by less than a digit, with one digit more.
fn scaled(digits: &[u32], shift: u32) -> Vec<u32> {
    let mut carry = 0;
    let mut scaled = Vec::with_capacity(digits.len() + 2);
    scaled.extend(digits.iter().map(|digit| {
        let wide = u64::from(*digit) << shift | carry;
        carry = wide >> DIGIT_BITS;
        wide as u32 & DIGIT_MASK
    }));
    scaled.push(carry as u32);
    scaled
}

/// `window -= divisor * factor`, where the window is one digit longer; whether the result is negative (and wrapped).
fn subtract_multiple(window: &mut [u32], divisor: &[u32], factor: u64) -> bool {
    let mut borrow = 0i64;
    let (low, high) = window.split_at_mut(divisor.len());
    for (x, y) in low.iter_mut().zip(divisor) {
        let total = i64::from(*x) - (u64::from(*y) * factor) as i64 + borrow;
        *x = total as u32 & DIGIT_MASK;
        borrow = total >> DIGIT_BITS;
    }
    let total = i64::from(high[0]) + borrow;
    high[0] = total as u32 & DIGIT_MASK;
    total < 0
}

fn add_back(window: &mut [u32], divisor: &[u32]) {
    let mut carry = 0;
    let (low, high) = window.split_at_mut(divisor.len());
    for (x, y) in low.iter_mut().zip(divisor) {
        let total = *x + y + carry;
        *x = total & DIGIT_MASK;
        carry = total >> DIGIT_BITS;
    }
    high[0] = (high[0] + carry) & DIGIT_MASK;
}
