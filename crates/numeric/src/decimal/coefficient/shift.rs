//! Shifts by decimal digits: multiplication and division by powers of ten, and what is lost by that.

use super::limb::{BASE, LIMB_DIGITS, POWERS, WIDE_POWERS, divide_by_power};
use super::{Coefficient, NoMemory, SMALL_DIGITS, room};

/// How the digits that a shift to the right drops compare with half a unit of the last digit that stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Discarded {
    Nothing,
    BelowHalf,
    Half,
    AboveHalf,
}

impl Discarded {
    #[inline(always)]
    fn of_small(remainder: u128, unit: u128) -> Self {
        if remainder == 0 {
            return Self::Nothing;
        }
        match remainder.cmp(&(unit / 2)) {
            std::cmp::Ordering::Less => Self::BelowHalf,
            std::cmp::Ordering::Equal => Self::Half,
            std::cmp::Ordering::Greater => Self::AboveHalf,
        }
    }
}

impl Coefficient {
    /// `self * 10**digits`.
    #[inline]
    pub fn shifted_left(&self, digits: usize) -> Result<Coefficient, NoMemory> {
        match self {
            Self::Small(0) => Ok(Self::ZERO),
            Self::Small(value) if digits < WIDE_POWERS.len() && self.digits() + digits <= SMALL_DIGITS => {
                Ok(Self::Small(value * WIDE_POWERS[digits]))
            }
            _ => self.shifted_left_far(digits),
        }
    }

    fn shifted_left_far(&self, digits: usize) -> Result<Coefficient, NoMemory> {
        let limbs = self.to_limbs()?;
        let (whole, part) = (digits / LIMB_DIGITS, digits % LIMB_DIGITS);
        let mut result = room(limbs.len().checked_add(whole + 1).ok_or(NoMemory)?)?;
        result.resize(whole, 0);
        if part == 0 {
            result.extend_from_slice(&limbs);
            return Ok(Self::from_limbs(result));
        }
        let (scale, cut) = (POWERS[part], POWERS[LIMB_DIGITS - part]);
        let mut carry = 0;
        for limb in limbs.iter() {
            result.push(limb % cut * scale + carry);
            carry = limb / cut;
        }
        result.push(carry);
        Ok(Self::from_limbs(result))
    }

    /// `self / 10**digits`, and what is lost.
    #[inline]
    pub fn shifted_right(&self, digits: usize) -> (Coefficient, Discarded) {
        match self {
            Self::Small(0) => (Self::ZERO, Discarded::Nothing),
            Self::Small(value) => {
                if digits > SMALL_DIGITS {
                    return (Self::ZERO, Discarded::BelowHalf);
                }
                let (quotient, remainder) = divide_by_power(*value, digits);
                (Self::Small(quotient), Discarded::of_small(remainder, WIDE_POWERS[digits]))
            }
            Self::Large(limbs) => shift_limbs_right(limbs, digits),
        }
    }

    /// The lowest digits: `self % 10**digits`.
    pub fn low_digits(&self, digits: usize) -> Coefficient {
        match self {
            Self::Small(_) if digits >= SMALL_DIGITS => self.clone(),
            Self::Small(value) => Self::Small(divide_by_power(*value, digits).1),
            Self::Large(limbs) => {
                let (whole, part) = (digits / LIMB_DIGITS, digits % LIMB_DIGITS);
                if whole >= limbs.len() {
                    return self.clone();
                }
                let mut low = limbs[..=whole].to_vec();
                low[whole] %= POWERS[part];
                Self::from_limbs(low)
            }
        }
    }
}

fn shift_limbs_right(limbs: &[u64], digits: usize) -> (Coefficient, Discarded) {
    let (whole, part) = (digits / LIMB_DIGITS, digits % LIMB_DIGITS);
    if whole > limbs.len() {
        return (Coefficient::ZERO, Discarded::BelowHalf);
    }
    let (dropped, rest) = limbs.split_at(whole);
    let first = rest.first().copied().unwrap_or(0);
    let (cut, scale) = (POWERS[part], if part == 0 { 0 } else { POWERS[LIMB_DIGITS - part] });
    let discarded = if part == 0 {
        let (top, below) = dropped.split_last().map_or((0, dropped), |(top, below)| (*top, below));
        discarded(top, BASE / 2, below)
    } else {
        discarded(first % cut, cut / 2, dropped)
    };
    if part == 0 {
        return (Coefficient::from_limbs(rest.to_vec()), discarded);
    }
    let mut result = Vec::with_capacity(rest.len());
    for (index, limb) in rest.iter().enumerate() {
        let next = rest.get(index + 1).copied().unwrap_or(0);
        result.push(limb / cut + next % cut * scale);
    }
    (Coefficient::from_limbs(result), discarded)
}

/// Compares a number whose upper part is `top` with one whose upper part is `half`, and nothing below.
fn discarded(top: u64, half: u64, below: &[u64]) -> Discarded {
    let rest = below.iter().any(|limb| *limb != 0);
    match top.cmp(&half) {
        std::cmp::Ordering::Greater => Discarded::AboveHalf,
        std::cmp::Ordering::Equal if rest => Discarded::AboveHalf,
        std::cmp::Ordering::Equal => Discarded::Half,
        std::cmp::Ordering::Less if rest || top != 0 => Discarded::BelowHalf,
        std::cmp::Ordering::Less => Discarded::Nothing,
    }
}
