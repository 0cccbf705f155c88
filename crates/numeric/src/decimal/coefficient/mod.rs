//! Coefficients: natural numbers of any length in decimal form.
//!
//! Called by the operations in [`crate::decimal`]. A number of up to 38 digits is held in place, as two machine words;
//! a longer one as limbs of base 10**19, least significant first. The invariant: a value has one form only, and limbs
//! have no leading zeros. What may need memory that is not there gives [`NoMemory`].

mod add;
mod divide;
pub mod limb;
mod multiply;
mod root;
mod shift;
#[cfg(test)]
mod tests;
mod text;
mod transform;

use std::borrow::Cow;
use std::cmp::Ordering;

use limb::{LIMB_DIGITS, WIDE_POWERS, count_digits, count_wide_digits, split};
pub use shift::Discarded;

/// How many digits are held in place.
pub const SMALL_DIGITS: usize = 38;

/// The system has not that much memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoMemory;

/// A natural number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coefficient {
    /// At most 38 digits.
    Small(u128),
    /// More than 38 digits.
    Large(Vec<u64>),
}

impl From<u128> for Coefficient {
    #[inline(always)]
    fn from(value: u128) -> Self {
        if value < WIDE_POWERS[SMALL_DIGITS] {
            return Self::Small(value);
        }
        // 39 digits: three limbs.
        let base = u128::from(limb::BASE);
        let (high, low) = (value / base, (value % base) as u64);
        Self::Large(vec![low, (high % base) as u64, (high / base) as u64])
    }
}

impl From<u64> for Coefficient {
    #[inline(always)]
    fn from(value: u64) -> Self {
        Self::Small(u128::from(value))
    }
}

impl Coefficient {
    pub const ZERO: Self = Self::Small(0);
    pub const ONE: Self = Self::Small(1);

    /// From limbs that may have leading zeros.
    fn from_limbs(mut limbs: Vec<u64>) -> Self {
        limbs.truncate(trimmed(&limbs).len());
        match limbs[..] {
            [] => Self::ZERO,
            [low] => Self::Small(u128::from(low)),
            [low, high] => Self::Small(u128::from(high) * u128::from(limb::BASE) + u128::from(low)),
            _ => Self::Large(limbs),
        }
    }

    /// The limbs, without leading zeros.
    fn to_limbs(&self) -> Result<Cow<'_, [u64]>, NoMemory> {
        match self {
            Self::Large(limbs) => Ok(Cow::Borrowed(limbs)),
            Self::Small(0) => Ok(Cow::Borrowed(&[])),
            Self::Small(value) => {
                let (high, low) = split(*value);
                Ok(Cow::Owned(if high == 0 { vec![low] } else { vec![low, high] }))
            }
        }
    }

    /// A number of so many nines.
    pub fn nines(digits: usize) -> Result<Coefficient, NoMemory> {
        if digits <= SMALL_DIGITS {
            return Ok(Self::Small(WIDE_POWERS[digits] - 1));
        }
        let (whole, part) = (digits / LIMB_DIGITS, digits % LIMB_DIGITS);
        let mut limbs = room(whole + 1)?;
        limbs.resize(whole, limb::BASE - 1);
        limbs.push(limb::POWERS[part] - 1);
        Ok(Self::from_limbs(limbs))
    }

    /// `10**digits`.
    pub fn power_of_ten(digits: usize) -> Result<Coefficient, NoMemory> {
        Self::ONE.shifted_left(digits)
    }

    /// How many digits there are; 1 for zero.
    #[inline(always)]
    pub fn digits(&self) -> usize {
        match self {
            Self::Small(value) => count_wide_digits(*value),
            Self::Large(limbs) => (limbs.len() - 1) * LIMB_DIGITS + count_digits(limbs[limbs.len() - 1]),
        }
    }

    /// How many words of memory it takes beside the value itself.
    pub fn heap_words(&self) -> usize {
        match self {
            Self::Small(_) => 0,
            Self::Large(limbs) => limbs.len(),
        }
    }

    #[inline(always)]
    pub fn is_zero(&self) -> bool {
        matches!(self, Self::Small(0))
    }

    /// The last digit.
    pub fn last_digit(&self) -> u8 {
        match self {
            Self::Small(value) => (value % 10) as u8,
            Self::Large(limbs) => (limbs[0] % 10) as u8,
        }
    }

    #[inline(always)]
    pub fn is_odd(&self) -> bool {
        match self {
            Self::Small(value) => value & 1 != 0,
            Self::Large(limbs) => limbs[0] & 1 != 0,
        }
    }

    /// The value, if it fits.
    pub fn to_u64(&self) -> Option<u64> {
        match self {
            Self::Small(value) => u64::try_from(*value).ok(),
            Self::Large(_) => None,
        }
    }

    /// How many zeros are at the end; 0 for zero.
    pub fn trailing_zeros(&self) -> usize {
        let in_word = |mut word: u64| {
            let mut count = 0;
            while word != 0 && word.is_multiple_of(10) {
                word /= 10;
                count += 1;
            }
            count
        };
        match self {
            Self::Small(value) => match split(*value) {
                (high, 0) => {
                    if high == 0 {
                        0
                    } else {
                        LIMB_DIGITS + in_word(high)
                    }
                }
                (_, low) => in_word(low),
            },
            Self::Large(limbs) => {
                let zeros = limbs.iter().position(|limb| *limb != 0).unwrap_or(0);
                zeros * LIMB_DIGITS + in_word(limbs[zeros])
            }
        }
    }

    /// `self + other`.
    #[inline]
    pub fn add(&self, other: &Self) -> Result<Self, NoMemory> {
        if let (Self::Small(a), Self::Small(b)) = (self, other) {
            return Ok(Self::from(a + b));
        }
        Ok(Self::from_limbs(add::add(&self.to_limbs()?, &other.to_limbs()?)?))
    }

    /// `self - other` for `self >= other`.
    #[inline]
    pub fn subtract(&self, other: &Self) -> Result<Self, NoMemory> {
        if let (Self::Small(a), Self::Small(b)) = (self, other) {
            return Ok(Self::Small(a - b));
        }
        Ok(Self::from_limbs(add::subtract(&self.to_limbs()?, &other.to_limbs()?)?))
    }

    /// `self * other`.
    #[inline]
    pub fn multiply(&self, other: &Self) -> Result<Self, NoMemory> {
        if let (Self::Small(a), Self::Small(b)) = (self, other)
            && let Some(product) = a.checked_mul(*b)
        {
            return Ok(Self::from(product));
        }
        Ok(Self::from_limbs(multiply::multiply(&self.to_limbs()?, &other.to_limbs()?)?))
    }

    /// Quotient and remainder, for a divisor that is not zero.
    #[inline]
    pub fn divide(&self, other: &Self) -> Result<(Self, Self), NoMemory> {
        if let (Self::Small(a), Self::Small(b)) = (self, other) {
            if let (Ok(a), Ok(b)) = (u64::try_from(*a), u64::try_from(*b)) {
                return Ok((Self::from(a / b), Self::from(a % b)));
            }
            return Ok((Self::Small(a / b), Self::Small(a % b)));
        }
        let (quotient, remainder) = divide::divide(&self.to_limbs()?, &other.to_limbs()?)?;
        Ok((Self::from_limbs(quotient), Self::from_limbs(remainder)))
    }

    /// The integer part of the square root.
    pub fn integer_root(&self) -> Result<Self, NoMemory> {
        match self {
            Self::Small(value) => Ok(Self::Small(value.isqrt())),
            Self::Large(limbs) => Ok(Self::from_limbs(root::integer_root(limbs)?)),
        }
    }

    /// The digits one by one, most significant first.
    pub fn digit_values(&self) -> Vec<u8> {
        self.to_text().bytes().map(|digit| digit - b'0').collect()
    }
}

impl Ord for Coefficient {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Small(a), Self::Small(b)) => a.cmp(b),
            (Self::Small(_), Self::Large(_)) => Ordering::Less,
            (Self::Large(_), Self::Small(_)) => Ordering::Greater,
            (Self::Large(a), Self::Large(b)) => compare_limbs(a, b),
        }
    }
}

impl PartialOrd for Coefficient {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The part of the slice without leading zeros.
fn trimmed(limbs: &[u64]) -> &[u64] {
    let length = limbs.iter().rposition(|limb| *limb != 0).map_or(0, |last| last + 1);
    &limbs[..length]
}

/// Which is larger; leading zeros do not count.
fn compare_limbs(a: &[u64], b: &[u64]) -> Ordering {
    let (a, b) = (trimmed(a), trimmed(b));
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// An empty vector with room for so many limbs.
fn room(length: usize) -> Result<Vec<u64>, NoMemory> {
    let mut limbs = Vec::new();
    limbs.try_reserve_exact(length).map_err(|_| NoMemory)?;
    Ok(limbs)
}

/// So many zeros.
fn zeros(length: usize) -> Result<Vec<u64>, NoMemory> {
    let mut limbs = room(length)?;
    limbs.resize(length, 0);
    Ok(limbs)
}
