//! What can be wrong with a format specification, in CPython's words.

use crate::code_points::CodePoints;
use crate::convert::float::FloatOverflow;
use crate::digits::TooLarge;
use crate::radix::TextTooLong;

/// Why a value was not formatted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// `ValueError` with this text.
    Value(CodePoints),
    /// `OverflowError` with this text.
    Overflow(&'static str),
    /// `MemoryError`.
    Memory,
}

impl FormatError {
    pub(crate) fn value(text: &str) -> Self {
        Self::Value(CodePoints::from(text))
    }

    /// `Cannot specify ',' with 's'.` and the like.
    pub(super) fn separator_with_type(separator: char, type_code: u32) -> Self {
        Self::value(&format!("Cannot specify '{separator}' with '{}'.", code_text(type_code)))
    }

    /// The type is not one of the object's.
    pub(super) fn unknown_type(type_code: u32, type_name: &str) -> Self {
        Self::value(&format!("Unknown format code '{}' for object of type '{type_name}'", code_text(type_code)))
    }

    /// Something follows the type.
    pub(super) fn invalid_specifier(spec: &[u32], type_name: &str) -> Self {
        let mut text = CodePoints::from("Invalid format specifier '");
        spec.iter().for_each(|code_point| text.push(*code_point));
        text.push_str(&format!("' for object of type '{type_name}'"));
        Self::Value(text)
    }
}

impl From<TooLarge> for FormatError {
    fn from(_: TooLarge) -> Self {
        Self::Memory
    }
}

impl From<TextTooLong> for FormatError {
    fn from(error: TextTooLong) -> Self {
        Self::value(&error.to_string())
    }
}

impl From<FloatOverflow> for FormatError {
    fn from(_: FloatOverflow) -> Self {
        Self::Overflow("int too large to convert to float")
    }
}

/// A type code as the messages show it: itself if it is a visible ASCII character, else its number.
fn code_text(type_code: u32) -> String {
    match char::from_u32(type_code) {
        Some(character @ '!'..='\x7f') => character.to_string(),
        _ => format!("\\x{type_code:x}"),
    }
}
