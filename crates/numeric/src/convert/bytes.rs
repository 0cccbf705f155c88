//! `int.to_bytes` and `int.from_bytes`. Called by the object layer, `struct`, `array`, marshal and pickle.

use crate::digits::{self, DIGIT_BITS, DIGIT_MASK};
use crate::integer::Integer;
use crate::signed::Signed;
use std::fmt;

/// The order of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    Little,
    Big,
}

/// Why an integer has no bytes of this length; the text is that of Python's `OverflowError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToBytesError {
    TooBig,
    NegativeUnsigned,
}

impl fmt::Display for ToBytesError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::TooBig => "int too big to convert",
            Self::NegativeUnsigned => "can't convert negative int to unsigned",
        })
    }
}

impl std::error::Error for ToBytesError {}

/// Fills the buffer with the integer's bytes, in two's complement if signed.
pub fn to_bytes(integer: Signed<'_>, order: ByteOrder, signed: bool, buffer: &mut [u8]) -> Result<(), ToBytesError> {
    if integer.is_negative() && !signed {
        return Err(ToBytesError::NegativeUnsigned);
    }
    if byte_length(integer, signed) > buffer.len() as u64 {
        return Err(ToBytesError::TooBig);
    }
    write_little_endian(integer, buffer);
    if order == ByteOrder::Big {
        buffer.reverse();
    }
    Ok(())
}

/// How many bytes the integer needs at least; zero needs none.
pub fn byte_length(integer: Signed<'_>, signed: bool) -> u64 {
    if integer.is_zero() {
        return 0;
    }
    let bits = digits::bit_length(integer.digits());
    if !signed {
        return bits.div_ceil(8);
    }
    // -2**n needs no bit beyond its own.
    let power_of_two = digits::trailing_zeros(integer.digits()) + 1 == bits;
    let bits = if integer.is_negative() && power_of_two { bits } else { bits + 1 };
    bits.div_ceil(8)
}

fn write_little_endian(integer: Signed<'_>, buffer: &mut [u8]) {
    let (mut pending, mut bits) = (0u64, 0);
    let mut source = integer.digits().iter();
    let mut carry = u16::from(integer.is_negative());
    let invert = if integer.is_negative() { 0xff } else { 0 };
    for byte in buffer {
        if bits < 8 {
            pending |= u64::from(source.next().copied().unwrap_or(0)) << bits;
            bits += DIGIT_BITS;
        }
        let total = u16::from(pending as u8 ^ invert) + carry;
        carry = total >> 8;
        *byte = total as u8;
        pending >>= 8;
        bits -= 8;
    }
}

/// The integer that these bytes are, in two's complement if signed.
pub fn from_bytes(bytes: &[u8], order: ByteOrder, signed: bool) -> Integer {
    let top = match order {
        ByteOrder::Little => bytes.last(),
        ByteOrder::Big => bytes.first(),
    };
    let negative = signed && top.is_some_and(|byte| byte & 0x80 != 0);
    match order {
        ByteOrder::Little => from_little_endian(bytes.iter(), negative),
        ByteOrder::Big => from_little_endian(bytes.iter().rev(), negative),
    }
}

fn from_little_endian<'a>(bytes: impl ExactSizeIterator<Item = &'a u8>, negative: bool) -> Integer {
    let mut magnitude = Vec::with_capacity((bytes.len() * 8).div_ceil(DIGIT_BITS as usize));
    let (mut pending, mut bits) = (0u64, 0);
    let mut carry = u16::from(negative);
    let invert = if negative { 0xff } else { 0 };
    for byte in bytes {
        let total = u16::from(byte ^ invert) + carry;
        carry = total >> 8;
        pending |= u64::from(total as u8) << bits;
        bits += 8;
        if bits >= DIGIT_BITS {
            magnitude.push(pending as u32 & DIGIT_MASK);
            pending >>= DIGIT_BITS;
            bits -= DIGIT_BITS;
        }
    }
    // The two's complement of bytes that are all zero cannot come here: a negative number's top byte is not zero.
    magnitude.push(pending as u32);
    Integer::from_digits(negative, magnitude)
}
