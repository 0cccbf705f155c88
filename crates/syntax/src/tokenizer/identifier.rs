//! Identifiers (PEP 3131): which characters they may hold, and the form in which two spellings are the same name.

use std::borrow::Cow;

use text::builder::{StrData, to_string_lossy};
use text::unicode_data::characters::{is_identifier_continue, is_identifier_start, is_printable};
use text::unicode_data::normalize::{self, Form};
use text::unicode_data::properties::Database;

/// For each byte whether it can be part of an identifier, as far as a byte can tell.
static IS_IDENTIFIER_BYTE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'_' || byte >= 128;
        byte += 1;
    }
    table
};

/// A byte that can be part of an identifier, as far as a byte can tell.
#[inline(always)]
pub(super) fn is_identifier_byte(byte: u8) -> bool {
    IS_IDENTIFIER_BYTE[usize::from(byte)]
}

/// The name that an identifier stands for (NFKC).
pub fn normalize(identifier: &str) -> Cow<'_, str> {
    if identifier.is_ascii() {
        return Cow::Borrowed(identifier);
    }
    let points = StrData::from_points(identifier.chars().map(u32::from));
    match normalize::normalize(Database::Current, Form::Nfkc, points.view()) {
        // What is as long as there is no memory for its normal form stays as it is.
        Ok(None) | Err(_) => Cow::Borrowed(identifier),
        Ok(Some(normal)) => Cow::Owned(to_string_lossy(normal.view())),
    }
}

/// Who knows the form in which identifiers are compared, where it is not [`normalize`].
pub trait IdentifierForms {
    /// The form; None if it cannot be known, and the caller of the parser knows why.
    fn form(&self, identifier: &str) -> Option<String>;
}

/// Why a word that is not ASCII is no name.
pub(crate) enum NoName {
    /// Its form is a constant, which fields of identifiers cannot hold.
    Constant(&'static str),
    Unknown,
}

/// The name that a word stands for.
pub(crate) fn name_of<'a>(word: &'a str, forms: Option<&dyn IdentifierForms>) -> Result<Cow<'a, str>, NoName> {
    let name = match forms {
        None => normalize(word),
        Some(forms) => Cow::Owned(forms.form(word).ok_or(NoName::Unknown)?),
    };
    let constants = ["None", "True", "False"];
    constants
        .into_iter()
        .find(|constant| *constant == name)
        .map_or(Ok(name), |constant| Err(NoName::Constant(constant)))
}

/// The first character that makes `text` no identifier, with its byte offset.
pub fn first_invalid(text: &str) -> Option<(usize, char)> {
    text.char_indices().find(|(at, char)| match at {
        0 => *char != '_' && !is_identifier_start(u32::from(*char)),
        _ => !is_identifier_continue(u32::from(*char)),
    })
}

/// Why a character cannot be part of an identifier, in CPython's words.
#[cold]
pub(super) fn invalid_character_message(char: char) -> String {
    let code = char as u32;
    match is_printable(code) {
        true => format!("invalid character '{char}' (U+{code:04X})"),
        false => format!("invalid non-printable character U+{code:04X}"),
    }
}
