//! The long methods against the short ones.

use super::limb::BASE;
use super::*;

/// Limbs that depend on the seed alone, with runs of zeros and of nines among them.
fn sample(length: usize, seed: u64) -> Vec<u64> {
    let mut state = seed;
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            match state >> 61 {
                0 => 0,
                1 => BASE - 1,
                _ => state % BASE,
            }
        })
        .chain([1 + seed % 7])
        .collect()
}

/// The product modulo a prime, from the limbs' remainders.
fn residue(limbs: &[u64]) -> u128 {
    const PRIME: u128 = (1 << 61) - 1;
    limbs.iter().rev().fold(0, |value, limb| (value * (u128::from(BASE) % PRIME) + u128::from(*limb)) % PRIME)
}

#[test]
fn products_agree_with_residues() {
    for (left, right) in [(1, 1), (5, 3), (60, 41), (200, 45), (1600, 1500), (4000, 1501), (9000, 50)] {
        let (a, b) = (sample(left, 3), sample(right, 8));
        let product = multiply::multiply(&a, &b).expect("there is memory");
        assert_eq!(residue(&product), residue(&a) * residue(&b) % ((1 << 61) - 1), "{left} by {right}");
        assert!(product.iter().all(|limb| *limb < BASE));
    }
}

#[test]
fn transforms_agree_with_halving() {
    let (a, b) = (sample(1400, 5), sample(1300, 6));
    let expected = multiply::multiply(&a, &b).expect("there is memory");
    assert_eq!(trimmed(&transform::multiply(&a, &b).expect("there is memory")), trimmed(&expected));
}

#[test]
fn quotients_put_together_again() {
    for (left, right) in [(3, 1), (9, 4), (200, 90), (1000, 81), (1000, 333), (333, 332), (2000, 161)] {
        let (a, b) = (sample(left, 11), sample(right, 12));
        let (quotient, remainder) = divide::divide(&a, &b).expect("there is memory");
        assert!(compare_limbs(&remainder, &b).is_lt(), "{left} by {right}");
        let product = multiply::multiply(trimmed(&quotient), &b).expect("there is memory");
        let sum = add::add(trimmed(&product), trimmed(&remainder)).expect("there is memory");
        assert_eq!(trimmed(&sum), trimmed(&a), "{left} by {right}");
    }
}

#[test]
fn roots_are_between_squares() {
    for length in [1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 33, 100, 301] {
        let square = Coefficient::from_limbs(sample(length, 77));
        let root = square.integer_root().expect("there is memory");
        let next = root.add(&Coefficient::ONE).expect("there is memory");
        assert!(root.multiply(&root).expect("there is memory") <= square, "{length}");
        assert!(next.multiply(&next).expect("there is memory") > square, "{length}");
    }
}

#[test]
fn shifts_say_what_they_drop() {
    let number = Coefficient::from_ascii(b"12345678901234567890123456789012345678901234567890500000").expect("memory");
    let (high, discarded) = number.shifted_right(6);
    assert_eq!((high.to_text().len(), discarded), (50, Discarded::Half));
    assert_eq!(high.shifted_left(6).expect("memory").add(&Coefficient::from(500_000u64)).expect("memory"), number);
    assert_eq!(number.shifted_right(5).1, Discarded::Nothing);
    assert_eq!(number.shifted_right(7).1, Discarded::BelowHalf);
    assert_eq!(number.shifted_right(8).1, Discarded::AboveHalf);
    assert_eq!(number.shifted_right(57).1, Discarded::BelowHalf);
    assert_eq!(number.shifted_right(57).0, Coefficient::ZERO);
    assert_eq!(number.low_digits(8).to_u64(), Some(90_500_000));
    assert_eq!(number.trailing_zeros(), 5);
}
