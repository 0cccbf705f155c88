//! Case conversion and predicates of bytes.

use super::is_space;
use crate::builder::{SizeError, try_vec};

fn all(bytes: &[u8], holds: impl Fn(&u8) -> bool) -> bool {
    !bytes.is_empty() && bytes.iter().all(holds)
}

/// `bytes.isalpha`.
pub fn is_alpha(bytes: &[u8]) -> bool {
    all(bytes, u8::is_ascii_alphabetic)
}

/// `bytes.isalnum`.
pub fn is_alnum(bytes: &[u8]) -> bool {
    all(bytes, u8::is_ascii_alphanumeric)
}

/// `bytes.isdigit`.
pub fn is_digit(bytes: &[u8]) -> bool {
    all(bytes, u8::is_ascii_digit)
}

/// `bytes.isspace`.
pub fn is_space_all(bytes: &[u8]) -> bool {
    all(bytes, |byte| is_space(*byte))
}

/// `bytes.islower`.
pub fn is_lower(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_lowercase) && !bytes.iter().any(u8::is_ascii_uppercase)
}

/// `bytes.isupper`.
pub fn is_upper(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_uppercase) && !bytes.iter().any(u8::is_ascii_lowercase)
}

/// `bytes.istitle`.
pub fn is_title(bytes: &[u8]) -> bool {
    let (mut cased, mut in_word) = (false, false);
    for byte in bytes {
        let letter = byte.is_ascii_alphabetic();
        if letter && byte.is_ascii_uppercase() == in_word {
            return false;
        }
        in_word = letter;
        cased |= letter;
    }
    cased
}

/// `bytes.title`.
pub fn title(bytes: &[u8]) -> Result<Vec<u8>, SizeError> {
    let mut in_word = false;
    let convert = |byte: &u8| {
        let converted = if in_word { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() };
        in_word = byte.is_ascii_alphabetic();
        converted
    };
    mapped(bytes, convert)
}

/// `bytes.capitalize`.
pub fn capitalize(bytes: &[u8]) -> Result<Vec<u8>, SizeError> {
    let mut out = mapped(bytes, u8::to_ascii_lowercase)?;
    if let Some(first) = out.first_mut() {
        first.make_ascii_uppercase();
    }
    Ok(out)
}

/// `bytes.swapcase`.
pub fn swapcase(bytes: &[u8]) -> Result<Vec<u8>, SizeError> {
    mapped(bytes, |byte| if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { *byte })
}

/// Each byte mapped to another.
pub fn mapped(bytes: &[u8], map: impl FnMut(&u8) -> u8) -> Result<Vec<u8>, SizeError> {
    let mut out = try_vec(Some(bytes.len()))?;
    out.extend(bytes.iter().map(map));
    Ok(out)
}
