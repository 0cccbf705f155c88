//! The two ways of computing a product, a quotient, a text must agree, at sizes around and beyond where one takes
//! over from the other.

use super::divide::algorithm_d;
use super::multiply::schoolbook;
use super::{DIGIT_MASK, add, compare, divmod, gcd, inverse_mod, isqrt, large, mul, normalize, pow_mod, rem_digit};
use super::{shl, shr, square, sub};
use crate::radix;
use std::cmp::Ordering;

/// Digits that look random, or are nearly all zeros or all ones: those reach the rare branches.
fn digits(length: usize, seed: &mut u64) -> Vec<u32> {
    let mut next = || {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 34) as u32
    };
    let shape = next() % 4;
    let mut result: Vec<u32> = (0..length)
        .map(|_| match shape {
            0 if next() % 8 != 0 => 0,
            1 if next() % 8 != 0 => DIGIT_MASK,
            _ => next(),
        })
        .collect();
    if let Some(top) = result.last_mut() {
        *top = (*top).max(1);
    }
    result
}

const LENGTHS: [usize; 16] = [1, 2, 3, 4, 5, 8, 15, 16, 17, 19, 20, 21, 40, 55, 130, 700];

#[test]
fn products_agree() {
    let mut seed = 7;
    for first in LENGTHS {
        for second in LENGTHS {
            let (a, b) = (digits(first, &mut seed), digits(second, &mut seed));
            let expected = schoolbook(&a, &b);
            assert_eq!(large::mul(&a, &b), expected);
            assert_eq!(mul(&a, &b), expected);
        }
        let a = digits(first, &mut seed);
        assert_eq!(square(&a), schoolbook(&a, &a));
        assert_eq!(large::square(&a), schoolbook(&a, &a));
    }
}

#[test]
fn quotients_agree() {
    let mut seed = 11;
    for first in LENGTHS {
        for second in LENGTHS.into_iter().filter(|second| *second >= 2) {
            for _ in 0..20 {
                let (a, b) = (digits(first, &mut seed), digits(second, &mut seed));
                let (quotient, remainder) = divmod(&a, &b).expect("the divisor is not zero");
                assert_eq!(compare(&remainder, &b), Ordering::Less);
                assert_eq!(add(&schoolbook(&quotient, &b), &remainder), a);
                if compare(&a, &b) == Ordering::Greater {
                    assert_eq!(algorithm_d(&a, &b), (quotient, remainder));
                    assert_eq!(large::divmod(&a, &b), algorithm_d(&a, &b));
                }
            }
        }
    }
}

#[test]
fn texts_agree() {
    let mut seed = 13;
    for length in LENGTHS {
        let a = digits(length, &mut seed);
        for base in [2, 3, 7, 8, 10, 16, 32, 36] {
            let text = radix::to_text(&a, base);
            assert_eq!(text, large::to_text(&a, base));
            assert_eq!(radix::from_digit_text(text.as_bytes(), base), Some(a.clone()));
        }
    }
}

#[test]
fn sums_and_shifts_invert() {
    let mut seed = 17;
    for first in LENGTHS {
        for second in LENGTHS {
            let (a, b) = (digits(first, &mut seed), digits(second, &mut seed));
            assert_eq!(sub(&add(&a, &b), &b), a);
            let count = second as u64 * 7;
            assert_eq!(shr(&shl(&a, count).expect("small"), count), a);
        }
    }
    assert_eq!(normalize(vec![0, 0]), Vec::<u32>::new());
}

/// Sizes at which Toom-3 and the number-theoretic transform work, checked modulo primes.
#[test]
fn huge_products_are_right_modulo_primes() {
    const PRIMES: [u32; 4] = [1_073_741_789, 1_073_741_783, 998_244_353, 7];
    let residue = |a: &[u32], prime| u64::from(rem_digit(a, prime).expect("a prime is not zero"));
    let mut seed = 19;
    for (first, second) in [(2000, 2000), (9000, 9000), (9000, 300), (20_000, 12_000), (40_000, 40_000)] {
        for _ in 0..3 {
            let (a, b) = (digits(first, &mut seed), digits(second, &mut seed));
            let (product, power) = (mul(&a, &b), square(&a));
            for prime in PRIMES {
                let expected = residue(&a, prime) * residue(&b, prime) % u64::from(prime);
                assert_eq!(residue(&product, prime), expected);
                assert_eq!(residue(&power, prime), residue(&a, prime).pow(2) % u64::from(prime));
            }
        }
    }
}

#[test]
fn huge_quotients_texts_and_roots_invert() {
    let mut seed = 23;
    for length in [3000, 10_000] {
        let (a, b, c) = (digits(2 * length, &mut seed), digits(length, &mut seed), digits(50, &mut seed));
        let (quotient, remainder) = divmod(&a, &b).expect("the divisor is not zero");
        assert_eq!(compare(&remainder, &b), Ordering::Less);
        assert_eq!(add(&mul(&quotient, &b), &remainder), a);
        let text = radix::to_text(&b, 10);
        assert_eq!(radix::from_digit_text(text.as_bytes(), 10), Some(b.clone()));
        let root = isqrt(&a);
        assert!(compare(&square(&root), &a) != Ordering::Greater);
        assert_eq!(compare(&square(&add(&root, &[1])), &a), Ordering::Greater);
        let (shared, rest) = divmod(&gcd(&mul(&b, &c), &c), &c).expect("the divisor is not zero");
        assert_eq!((shared, rest), (vec![1], Vec::new()));
    }
}

#[test]
fn powers_modulo_agree_with_repeated_squares() {
    let mut seed = 29;
    for length in [1, 2, 3, 5, 20, 40] {
        for _ in 0..6 {
            let (base, modulus) = (digits(length, &mut seed), digits(length, &mut seed));
            let reduce = |a: &[u32]| divmod(a, &modulus).expect("the modulus is not zero").1;
            let expected = (0..7).fold(reduce(&base), |power, _| reduce(&square(&power)));
            assert_eq!(pow_mod(&base, &[128], &modulus), Some(expected));
            if let Some(inverse) = inverse_mod(&base, &modulus) {
                assert_eq!(reduce(&mul(&inverse, &base)), reduce(&[1]));
            } else {
                assert_ne!(gcd(&base, &modulus), [1]);
            }
        }
    }
}
