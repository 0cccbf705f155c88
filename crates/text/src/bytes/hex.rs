//! Hexadecimal text of bytes: `hex` and `fromhex`.

use crate::builder::SizeError;
use crate::byte_builder::ByteBuilder;
use crate::view::StrView;
use std::fmt;

/// A byte every so many bytes apart.
#[derive(Clone, Copy, Debug)]
pub struct Separator {
    /// The ASCII character between groups.
    pub byte: u8,
    /// The size of a group: positive counts from the right, negative from the left, zero means no separator.
    pub group: isize,
}

/// `bytes.hex(sep, bytes_per_sep)`.
pub fn hex(bytes: &[u8], separator: Option<Separator>) -> Result<Vec<u8>, SizeError> {
    let group = separator.map_or(0, |separator| separator.group.unsigned_abs());
    let from_right = separator.is_some_and(|separator| separator.group > 0);
    let mut out = ByteBuilder::with_capacity(bytes.len() * 2 + bytes.len().checked_div(group).unwrap_or(0));
    for (index, byte) in bytes.iter().enumerate() {
        let boundary = if from_right { bytes.len() - index } else { index };
        if let Some(separator) = separator.filter(|_| index > 0 && group > 0 && boundary % group == 0) {
            out.push(separator.byte);
        }
        out.extend([digit(byte >> 4), digit(byte & 0xF)]);
    }
    out.finish()
}

fn digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' + value - 10 }
}

/// Why `fromhex` rejects a text; displays as CPython's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    /// The character at this index is neither a digit nor whitespace between bytes.
    NotHexadecimal(usize),
    /// The last digit has no partner.
    OddLength,
    /// There is no memory for the bytes (`MemoryError`).
    OutOfMemory,
}

impl fmt::Display for HexError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHexadecimal(at) => {
                write!(formatter, "non-hexadecimal number found in fromhex() arg at position {at}")
            }
            Self::OutOfMemory => formatter.write_str("out of memory"),
            Self::OddLength => formatter.write_str("fromhex() arg must contain an even number of hexadecimal digits"),
        }
    }
}

/// `bytes.fromhex(text)`; bytes are passed as Latin-1.
pub fn from_hex(text: StrView<'_>) -> Result<Vec<u8>, HexError> {
    // A string is rejected for its first non-ASCII character before anything else is looked at.
    if let Some(at) = text.iter().position(|point| point > 0x7F).filter(|_| text.unit_size() > 1) {
        return Err(HexError::NotHexadecimal(at));
    }
    let mut out = ByteBuilder::with_capacity(text.len() / 2);
    let mut points = text.iter().enumerate();
    while let Some((at, point)) = points.next() {
        if point < 0x80 && super::is_space(point as u8) {
            continue;
        }
        let high = hex_value(point).ok_or(HexError::NotHexadecimal(at))?;
        let (at, point) = points.next().ok_or(HexError::OddLength)?;
        out.push(high << 4 | hex_value(point).ok_or(HexError::NotHexadecimal(at))?);
    }
    out.finish().map_err(|_| HexError::OutOfMemory)
}

/// The value of a hexadecimal digit.
pub fn hex_value(point: u32) -> Option<u8> {
    char::from_u32(point).and_then(|char| char.to_digit(16)).map(|value| value as u8)
}
