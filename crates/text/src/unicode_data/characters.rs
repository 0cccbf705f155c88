//! Kinds and cases of single code points, as the methods of `str` see them.

use super::generated_cases::{CASE_RECORDS, CASES, SPECIAL_CASES};
use super::generated_flags as flag;
use super::generated_flags::{FLAG_RECORDS, FLAGS};

/// The flags of a code point: a union of the constants in generated_flags.rs.
#[inline]
pub(super) fn flags(point: u32) -> u32 {
    FLAG_RECORDS[FLAGS.get(point)]
}

#[inline]
fn has(point: u32, wanted: u32) -> bool {
    flags(point) & wanted != 0
}

/// A letter.
pub fn is_alpha(point: u32) -> bool {
    has(point, flag::ALPHA)
}

/// A letter or anything of numeric value.
pub fn is_alnum(point: u32) -> bool {
    has(point, flag::ALPHA | flag::DECIMAL | flag::DIGIT | flag::NUMERIC)
}

/// A digit of a decimal number.
pub fn is_decimal(point: u32) -> bool {
    has(point, flag::DECIMAL)
}

/// A digit, superscripts and the like included.
pub fn is_digit(point: u32) -> bool {
    has(point, flag::DIGIT)
}

/// A character of numeric value.
pub fn is_numeric(point: u32) -> bool {
    has(point, flag::NUMERIC)
}

/// Whitespace.
#[inline]
pub fn is_space(point: u32) -> bool {
    match point {
        0..=0x7F => matches!(point, 0x09..=0x0D | 0x1C..=0x20),
        _ => has(point, flag::SPACE),
    }
}

/// A character that ends a line.
#[inline]
pub fn is_line_break(point: u32) -> bool {
    matches!(point, 0x0A..=0x0D | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029)
}

/// Upper case.
pub fn is_upper(point: u32) -> bool {
    has(point, flag::UPPER)
}

/// Lower case.
pub fn is_lower(point: u32) -> bool {
    has(point, flag::LOWER)
}

/// Title case proper (category Lt).
pub fn is_title(point: u32) -> bool {
    has(point, flag::TITLE)
}

/// A character that has a case.
pub fn is_cased(point: u32) -> bool {
    has(point, flag::CASED)
}

/// A character that the rule for the final sigma skips.
pub fn is_case_ignorable(point: u32) -> bool {
    has(point, flag::CASE_IGNORABLE)
}

/// A character that `repr` shows as it is.
#[inline]
pub fn is_printable(point: u32) -> bool {
    match point {
        0..=0x7F => (0x20..0x7F).contains(&point),
        _ => has(point, flag::PRINTABLE),
    }
}

/// A character that may start an identifier.
pub fn is_identifier_start(point: u32) -> bool {
    has(point, flag::XID_START)
}

/// A character that may continue an identifier.
pub fn is_identifier_continue(point: u32) -> bool {
    has(point, flag::XID_CONTINUE)
}

/// What a code point becomes in another case: one to three code points.
#[derive(Clone, Copy, Debug)]
pub struct Mapped {
    points: [u32; 3],
    length: usize,
}

impl Mapped {
    /// The code points.
    #[inline]
    pub fn as_slice(&self) -> &[u32] {
        &self.points[..self.length]
    }

    /// The first of them: CPython's simple mapping.
    pub fn first(&self) -> u32 {
        self.points[0]
    }
}

// A record holds the difference to the mapped code point, or with this bit a place in the special cases.
const SPECIAL: i32 = 1 << 24;

#[inline]
fn mapped(point: u32, case: usize) -> Mapped {
    let record = CASE_RECORDS[CASES.get(point)][case];
    if record >= SPECIAL {
        return special(record);
    }
    Mapped { points: [point.wrapping_add_signed(record), 0, 0], length: 1 }
}

#[cold]
fn special(record: i32) -> Mapped {
    let (length, start) = ((record >> 16 & 0xFF) as usize, (record & 0xFFFF) as usize);
    let mut points = [0; 3];
    for (to, from) in points.iter_mut().zip(&SPECIAL_CASES[start..start + length]) {
        *to = u32::from(*from);
    }
    Mapped { points, length }
}

/// The full upper case.
#[inline]
pub fn upper(point: u32) -> Mapped {
    mapped(point, 0)
}

/// The full lower case, regardless of context.
#[inline]
pub fn lower(point: u32) -> Mapped {
    mapped(point, 1)
}

/// The full title case.
#[inline]
pub fn title(point: u32) -> Mapped {
    mapped(point, 2)
}

/// The full case folding.
#[inline]
pub fn fold(point: u32) -> Mapped {
    mapped(point, 3)
}
