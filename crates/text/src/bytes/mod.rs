//! The methods of `bytes` and `bytearray` as pure functions over slices.
//!
//! Only ASCII counts as letters, digits and whitespace here. As with strings, functions that select parts
//! return ranges.

pub mod case;
pub mod find;
pub mod hex;
pub mod make;
pub mod repr;
pub mod split;

/// What `bytes` methods take for whitespace: space, `\t\n\v\f\r`.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}
