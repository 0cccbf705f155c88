//! The decimal digits of a float: shortest, or exactly so many. Called by the other files of [`crate::float`].

use std::fmt::Write;

/// No float has more significant decimal digits: what follows is zeros.
const MOST_DIGITS: usize = 800;

/// Decimal digits without leading zeros (but for zero itself) and the place of the point.
pub(super) struct Decimal {
    /// ASCII digits, at least one.
    pub(super) digits: Vec<u8>,
    /// The exponent of ten of the first digit: 0 for 1.5, -1 for 0.15.
    pub(super) exponent: i32,
}

/// The fewest digits that read back as the same float; of several the nearest, of two as near the even one. The
/// standard library takes the upper of two as near (76548602980234.625 has two), which is why this asks `ryu`.
pub(super) fn shortest(magnitude: f64) -> Decimal {
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(magnitude).as_bytes();
    let split = text.iter().position(|byte| *byte == b'e').unwrap_or(text.len());
    let (mantissa, exponent) = text.split_at(split);
    let exponent: i32 = std::str::from_utf8(exponent).ok().and_then(|text| text.get(1..)?.parse().ok()).unwrap_or(0);
    let whole = mantissa.iter().position(|byte| *byte == b'.').unwrap_or(mantissa.len());
    let mut digits: Vec<u8> = mantissa.iter().copied().filter(u8::is_ascii_digit).collect();
    let leading = digits.iter().position(|digit| *digit != b'0').unwrap_or(digits.len() - 1);
    digits.drain(..leading);
    let length = digits.iter().rposition(|digit| *digit != b'0').map_or(1, |last| last + 1);
    digits.truncate(length);
    let exponent = if digits == b"0" { 0 } else { exponent + whole as i32 - 1 - leading as i32 };
    Decimal { digits, exponent }
}

/// So many significant digits (at least one), correctly rounded. Digits that no float has are left out.
pub(super) fn significant(magnitude: f64, count: usize) -> Decimal {
    let places = count.clamp(1, MOST_DIGITS) - 1;
    from_scientific(&Buffer::of(format_args!("{magnitude:.places$e}")))
}

fn from_scientific(text: &Buffer) -> Decimal {
    let text = text.as_bytes();
    let split = text.iter().rposition(|byte| *byte == b'e').unwrap_or(text.len());
    let (mantissa, exponent) = text.split_at(split);
    let exponent = std::str::from_utf8(exponent).ok().and_then(|text| text.get(1..)?.parse().ok()).unwrap_or(0);
    Decimal { digits: mantissa.iter().copied().filter(u8::is_ascii_digit).collect(), exponent }
}

/// Text of at most as many characters as a float's exact form has, without the heap.
struct Buffer {
    bytes: [u8; MOST_DIGITS + 16],
    length: usize,
}

impl Buffer {
    fn of(arguments: std::fmt::Arguments<'_>) -> Self {
        let mut buffer = Self { bytes: [0; MOST_DIGITS + 16], length: 0 };
        // Fails only where the text does not fit, which the bound on the digits excludes.
        let written = buffer.write_fmt(arguments);
        debug_assert!(written.is_ok());
        buffer
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Write for Buffer {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}
