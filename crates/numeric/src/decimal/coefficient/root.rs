//! The integer square root of a slice of limbs.

use super::divide::{divide, divide_in_place};
use super::limb::BASE;
use super::{Coefficient, NoMemory, add, compare_limbs, trimmed, zeros};

/// The integer part of the square root: Newton's steps down from the root of the leading limbs, rounded up.
pub fn integer_root(limbs: &[u64]) -> Result<Vec<u64>, NoMemory> {
    let limbs = trimmed(limbs);
    if limbs.len() <= 2 {
        let value = limbs.iter().rev().fold(0u128, |value, limb| value * u128::from(BASE) + u128::from(*limb));
        return Ok(Coefficient::from(value.isqrt()).to_limbs()?.to_vec());
    }
    let skipped = (limbs.len() / 4).max(1);
    let leading = integer_root(&limbs[2 * skipped..])?;
    let mut guess = zeros(skipped)?;
    guess.extend_from_slice(&add::add(&leading, &[1])?);
    loop {
        let (quotient, _) = divide(limbs, &guess)?;
        let mut next = add::add(&guess, trimmed(&quotient))?;
        divide_in_place(&mut next, 2);
        next.truncate(trimmed(&next).len());
        if compare_limbs(&next, &guess).is_ge() {
            return Ok(guess);
        }
        guess = next;
    }
}
