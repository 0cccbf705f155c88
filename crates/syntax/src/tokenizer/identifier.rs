//! Identifiers (PEP 3131): which characters they may hold, and the form in which two spellings are the same name.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfkc_quick};

/// A byte that can be part of an identifier, as far as a byte can tell.
#[inline(always)]
pub(super) fn is_identifier_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 128
}

/// The name that an identifier stands for (NFKC).
pub fn normalize(identifier: &str) -> Cow<'_, str> {
    if identifier.is_ascii() || is_nfkc_quick(identifier.chars()) == unicode_normalization::IsNormalized::Yes {
        return Cow::Borrowed(identifier);
    }
    Cow::Owned(identifier.nfkc().collect())
}

/// The first character that makes `text` no identifier, with its byte offset.
pub fn first_invalid(text: &str) -> Option<(usize, char)> {
    text.char_indices().find(|(at, char)| match at {
        0 => *char != '_' && !unicode_ident::is_xid_start(*char),
        _ => !unicode_ident::is_xid_continue(*char),
    })
}

/// Why a character cannot be part of an identifier, in CPython's words.
#[cold]
pub(super) fn invalid_character_message(char: char) -> String {
    let code = char as u32;
    match is_printable(char) {
        true => format!("invalid character '{char}' (U+{code:04X})"),
        false => format!("invalid non-printable character U+{code:04X}"),
    }
}

/// Whether `repr` shows a character as itself. The standard library's `Debug` for `str` uses the same categories, but also escapes
/// combining characters at the start of a text, hence the letter before it.
fn is_printable(char: char) -> bool {
    let text = format!("a{char}");
    text.escape_debug().eq(text.chars()) || matches!(char, '\'' | '"' | '\\')
}
