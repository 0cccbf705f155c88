//! The format mini-language: `format(value, spec)` for the built-in types (library reference, «Format specification
//! mini-language»; CPython's formatter_unicode.c decides the order of the checks).
//!
//! Called by the `__format__` methods in the object layer and by `str.format` and f-strings through them. A caller
//! parses with [`FormatSpec::parse`] and hands the spec to the function of its type.

mod complex;
mod error;
mod float;
mod integer;
mod number;
mod spec;
mod text;

pub use self::complex::format_complex;
pub use self::error::FormatError;
pub use self::float::format_float;
pub use self::integer::format_integer;
pub(crate) use self::number::{NumberStyle, NumberText, Separators, write_number};
pub use self::spec::{Alignment, FormatSpec, FormatTarget, Grouping, Presentation, SignStyle, ascii_decimal_value};
pub use self::text::{TextLayout, layout_text};

/// What `localeconv()` says of numbers: for the presentation type `n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumericLocale<'a> {
    /// Between the whole part and the places.
    pub decimal_point: &'a str,
    /// Between groups of the whole part; may be empty.
    pub thousands_separator: &'a str,
    /// The sizes of groups from the right, as in C: the last repeats (a zero may say so), and 127 (`CHAR_MAX`) ends
    /// the grouping.
    pub grouping: &'a [u8],
}

impl NumericLocale<'static> {
    /// The conventions of the C locale.
    pub const C: Self = Self { decimal_point: ".", thousands_separator: "", grouping: &[] };
}
