//! What the tests of this crate share.

/// The bytes that a recorded line spells in hexadecimal digits.
pub fn from_hex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}
