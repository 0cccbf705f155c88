//! Coefficients as decimal text, and as the digits of an integer.

use super::limb::{LIMB_DIGITS, POWERS};
use super::{Coefficient, NoMemory, SMALL_DIGITS, room};

impl Coefficient {
    /// The number that ASCII digits make; there may be leading zeros.
    pub fn from_ascii(digits: &[u8]) -> Result<Coefficient, NoMemory> {
        let start = digits.iter().position(|digit| *digit != b'0').unwrap_or(digits.len());
        let digits = &digits[start..];
        if digits.len() <= LIMB_DIGITS {
            return Ok(Self::Small(u128::from(word(digits))));
        }
        if digits.len() <= SMALL_DIGITS {
            let (high, low) = digits.split_at(digits.len() - LIMB_DIGITS);
            let value = u128::from(word(high)) * u128::from(POWERS[LIMB_DIGITS]) + u128::from(word(low));
            return Ok(Self::Small(value));
        }
        let mut limbs = room(digits.len().div_ceil(LIMB_DIGITS))?;
        limbs.extend(digits.rchunks(LIMB_DIGITS).map(word));
        Ok(Self::from_limbs(limbs))
    }

    /// Appends the digits, without leading zeros.
    pub fn write(&self, output: &mut String) {
        match self {
            Self::Small(value) => match u64::try_from(*value) {
                Ok(value) => write_word(value, super::limb::count_digits(value), output),
                Err(_) => {
                    let (high, low) = super::limb::split(*value);
                    write_word(high, super::limb::count_digits(high), output);
                    write_word(low, LIMB_DIGITS, output);
                }
            },
            Self::Large(limbs) => {
                let mut width = super::limb::count_digits(limbs[limbs.len() - 1]);
                output.reserve(limbs.len() * LIMB_DIGITS);
                for limb in limbs.iter().rev() {
                    write_word(*limb, width, output);
                    width = LIMB_DIGITS;
                }
            }
        }
    }

    /// The digits, without leading zeros.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.digits());
        self.write(&mut text);
        text
    }

    /// The magnitude with these digits of base 2**30, least significant first.
    pub fn from_magnitude(magnitude: &[u32]) -> Result<Coefficient, NoMemory> {
        match crate::digits::to_u128(magnitude) {
            Some(value) if value < super::limb::WIDE_POWERS[SMALL_DIGITS] => Ok(Self::Small(value)),
            _ => Self::from_ascii(crate::radix::to_text(magnitude, 10).as_bytes()),
        }
    }

    /// The value in digits of base 2**30, least significant first.
    pub fn to_magnitude(&self) -> Vec<u32> {
        match self {
            Self::Small(value) => crate::digits::from_u128(*value),
            Self::Large(_) => crate::digits::large::from_text(&self.to_text(), 10).unwrap_or_default(),
        }
    }
}

/// At most 19 ASCII digits as a number.
fn word(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'))
}

/// Appends a number in so many digits.
fn write_word(mut value: u64, width: usize, output: &mut String) {
    let mut text = [b'0'; 20];
    let mut place = text.len();
    while place > text.len() - width {
        place -= 1;
        text[place] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    output.push_str(std::str::from_utf8(&text[place..]).unwrap_or_default());
}
