//! Marshal: the serialization of `.pyc` files, version 5.
//!
//! [`read`] builds values through a [`read::Builder`], so that the same reader serves plain data
//! ([`plain::read_constant`]) and whoever makes objects; [`write`] writes plain data. The import system and the build
//! of the embedded library use both.

pub mod plain;
pub mod read;
pub mod write;

use std::fmt;

/// The version that is written.
pub const VERSION: u32 = 5;
/// How deep values may be nested.
pub const MAX_DEPTH: usize = 2000;
/// The bit of a type code that says that the value can be referred to later.
pub const FLAG_REFERENCE: u8 = 0x80;

/// The type codes.
pub mod type_code {
    pub const NULL: u8 = b'0';
    pub const NONE: u8 = b'N';
    pub const FALSE: u8 = b'F';
    pub const TRUE: u8 = b'T';
    pub const STOP_ITERATION: u8 = b'S';
    pub const ELLIPSIS: u8 = b'.';
    pub const INT: u8 = b'i';
    /// Only read.
    pub const INT64: u8 = b'I';
    pub const LONG: u8 = b'l';
    /// A float as text, of version 1.
    pub const FLOAT: u8 = b'f';
    pub const BINARY_FLOAT: u8 = b'g';
    /// A complex number as text, of version 1.
    pub const COMPLEX: u8 = b'x';
    pub const BINARY_COMPLEX: u8 = b'y';
    /// A bytes object.
    pub const STRING: u8 = b's';
    pub const INTERNED: u8 = b't';
    pub const REFERENCE: u8 = b'r';
    pub const TUPLE: u8 = b'(';
    pub const SMALL_TUPLE: u8 = b')';
    pub const LIST: u8 = b'[';
    pub const DICT: u8 = b'{';
    pub const CODE: u8 = b'c';
    pub const UNICODE: u8 = b'u';
    pub const UNKNOWN: u8 = b'?';
    pub const SET: u8 = b'<';
    pub const FROZEN_SET: u8 = b'>';
    pub const SLICE: u8 = b':';
    pub const ASCII: u8 = b'a';
    pub const ASCII_INTERNED: u8 = b'A';
    pub const SHORT_ASCII: u8 = b'z';
    pub const SHORT_ASCII_INTERNED: u8 = b'Z';
}

/// Why data cannot be read or a value cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarshalError {
    /// The data ends within a value.
    TooShort,
    /// The data ends where a value should start.
    EndOfFile,
    /// The data ends where a size of one byte should be.
    EndInValue,
    /// The data says something impossible; the text is in CPython's brackets after «bad marshal data».
    BadData(&'static str),
    /// A null stands where a value of this kind should.
    NullObject(&'static str),
    ReadTooDeep,
    WriteTooDeep,
    /// Text is not UTF-8 (with surrogates).
    BadText,
    /// The parts of a code object do not have the types or sizes that they should.
    BadCode,
    CodeNotAllowed,
    /// A list, dict, set or `StopIteration` where only constants can be.
    NotAConstant,
}

/// The Python exception that a [`MarshalError`] becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExceptionKind {
    EofError,
    ValueError,
    TypeError,
    UnicodeDecodeError,
}

impl MarshalError {
    pub fn exception_kind(self) -> ExceptionKind {
        match self {
            MarshalError::TooShort | MarshalError::EndOfFile | MarshalError::EndInValue => ExceptionKind::EofError,
            MarshalError::NullObject(_) => ExceptionKind::TypeError,
            MarshalError::BadText => ExceptionKind::UnicodeDecodeError,
            _ => ExceptionKind::ValueError,
        }
    }
}

impl fmt::Display for MarshalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MarshalError::TooShort => formatter.write_str("marshal data too short"),
            MarshalError::EndOfFile => formatter.write_str("EOF read where object expected"),
            MarshalError::EndInValue => formatter.write_str("EOF read where not expected"),
            MarshalError::BadData(what) => write!(formatter, "bad marshal data ({what})"),
            MarshalError::NullObject(kind) => write!(formatter, "NULL object in marshal data for {kind}"),
            MarshalError::ReadTooDeep => formatter.write_str("recursion limit exceeded"),
            MarshalError::WriteTooDeep => formatter.write_str("object too deeply nested to marshal"),
            MarshalError::BadText => formatter.write_str("bad marshal data (text is not UTF-8)"),
            MarshalError::BadCode => formatter.write_str("bad marshal data (invalid code object)"),
            MarshalError::CodeNotAllowed => formatter.write_str("unmarshalling code objects is disallowed"),
            MarshalError::NotAConstant => formatter.write_str("unmarshallable object"),
        }
    }
}

impl std::error::Error for MarshalError {}

#[cfg(test)]
mod tests;
