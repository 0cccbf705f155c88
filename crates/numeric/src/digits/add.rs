//! Addition and subtraction of magnitudes. Called through [`crate::digits`].

use super::{DIGIT_BITS, DIGIT_MASK, compare, normalize};
use std::cmp::Ordering;

/// `a + b`.
pub fn add(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let mut sum = Vec::with_capacity(long.len() + 1);
    let (low, high) = long.split_at(short.len());
    let mut carry = 0;
    sum.extend(low.iter().zip(short).map(|(x, y)| {
        let total = x + y + carry;
        carry = total >> DIGIT_BITS;
        total & DIGIT_MASK
    }));
    propagate_carry(&mut sum, high, carry);
    sum
}

/// `a + digit`, for a digit below 2**30.
pub fn add_digit(a: &[u32], digit: u32) -> Vec<u32> {
    let mut sum = Vec::with_capacity(a.len() + 1);
    propagate_carry(&mut sum, a, digit);
    sum
}

fn propagate_carry(sum: &mut Vec<u32>, high: &[u32], mut carry: u32) {
    let mut rest = high;
    while let Some((digit, higher)) = rest.split_first()
        && carry != 0
    {
        let total = digit + carry;
        carry = total >> DIGIT_BITS;
        sum.push(total & DIGIT_MASK);
        rest = higher;
    }
    sum.extend_from_slice(rest);
    if carry != 0 {
        sum.push(carry);
    }
}

/// `a - b`, where `a` must not be smaller than `b`.
pub fn sub(a: &[u32], b: &[u32]) -> Vec<u32> {
    debug_assert!(compare(a, b) != Ordering::Less);
    let (low, high) = a.split_at(b.len().min(a.len()));
    let mut difference = Vec::with_capacity(a.len());
    let mut borrow = 0;
    difference.extend(low.iter().zip(b).map(|(x, y)| {
        let total = x.wrapping_sub(y + borrow);
        borrow = total >> 31;
        total & DIGIT_MASK
    }));
    propagate_borrow(&mut difference, high, borrow);
    normalize(difference)
}

/// `a - digit`, where `a` must not be smaller than the digit.
pub fn sub_digit(a: &[u32], digit: u32) -> Vec<u32> {
    let mut difference = Vec::with_capacity(a.len());
    let Some((low, high)) = a.split_first() else { return difference };
    let total = low.wrapping_sub(digit);
    difference.push(total & DIGIT_MASK);
    propagate_borrow(&mut difference, high, total >> 31);
    normalize(difference)
}

fn propagate_borrow(difference: &mut Vec<u32>, high: &[u32], mut borrow: u32) {
    let mut rest = high;
    while let Some((digit, higher)) = rest.split_first()
        && borrow != 0
    {
        let total = digit.wrapping_sub(borrow);
        borrow = total >> 31;
        difference.push(total & DIGIT_MASK);
        rest = higher;
    }
    difference.extend_from_slice(rest);
}

/// `|a - b|`, and whether `a < b`.
pub fn difference(a: &[u32], b: &[u32]) -> (bool, Vec<u32>) {
    match compare(a, b) {
        Ordering::Less => (true, sub(b, a)),
        Ordering::Equal => (false, Vec::new()),
        Ordering::Greater => (false, sub(a, b)),
    }
}
