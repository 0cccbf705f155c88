//! `cpython/unicodeobject.h`: what characters are, and C code's formats for floats (`pystrtod.h`).

use std::ffi::{c_char, c_int};

use numeric::float::{FloatStyle, FloatText, float_text};
use objects::raise;
use text::unicode_data::characters;
use text::unicode_data::properties::Database;

use crate::entry::{Out, export};

/// Questions about a character.
macro_rules! questions {
    ($(fn $name:ident = $question:ident;)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C-unwind" fn $name(point: u32) -> c_int {
            c_int::from(characters::$question(point))
        }
    )*};
}

questions! {
    fn _PyUnicode_IsAlpha = is_alpha;
    fn _PyUnicode_IsDecimalDigit = is_decimal;
    fn _PyUnicode_IsDigit = is_digit;
    fn _PyUnicode_IsNumeric = is_numeric;
    fn _PyUnicode_IsWhitespace = is_space;
    fn _PyUnicode_IsLinebreak = is_line_break;
    fn _PyUnicode_IsUppercase = is_upper;
    fn _PyUnicode_IsLowercase = is_lower;
    fn _PyUnicode_IsTitlecase = is_title;
    fn _PyUnicode_IsCased = is_cased;
    fn _PyUnicode_IsCaseIgnorable = is_case_ignorable;
    fn _PyUnicode_IsPrintable = is_printable;
    fn _PyUnicode_IsXidStart = is_identifier_start;
    fn _PyUnicode_IsXidContinue = is_identifier_continue;
}

/// The character in another case: the first of those that it becomes.
macro_rules! cases {
    ($(fn $name:ident = $case:ident;)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C-unwind" fn $name(point: u32) -> u32 {
            let mapped = characters::$case(point);
            if mapped.as_slice().len() == 1 { mapped.first() } else { point }
        }
    )*};
}

cases! {
    fn _PyUnicode_ToUppercase = upper;
    fn _PyUnicode_ToLowercase = lower;
    fn _PyUnicode_ToTitlecase = title;
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn _PyUnicode_ToDecimalDigit(point: u32) -> c_int {
    Database::Current.decimal(point).map_or(-1, c_int::from)
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn _PyUnicode_ToDigit(point: u32) -> c_int {
    Database::Current.digit(point).map_or(-1, c_int::from)
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn _PyUnicode_ToNumeric(point: u32) -> f64 {
    Database::Current.numeric(point).unwrap_or(-1.0)
}

/// `_Py_ascii_whitespace`: for each ASCII character, 1 if it is a space.
#[unsafe(no_mangle)]
pub static _Py_ascii_whitespace: [u8; 128] = {
    let mut table = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        if matches!(byte as u8, b'\t'..=b'\r' | 0x1C..=0x1F | b' ') {
            table[byte] = 1;
        }
        byte += 1;
    }
    table
};

/// Bits of the flags of `PyOS_double_to_string`.
const SIGN: c_int = 1;
const ADD_DOT_ZERO: c_int = 2;
const ALTERNATE: c_int = 4;
const NO_NEGATIVE_ZERO: c_int = 8;

/// What `PyOS_double_to_string` says of a number: finite, infinite, not a number.
const FINITE: c_int = 0;
const INFINITE: c_int = 1;
const NAN: c_int = 2;

export! { thread;
    fn PyOS_double_to_string(value: f64, code: i8, precision: i32, flags: i32, kind: Out<c_int>) -> *mut c_char {
        let (style, upper) = match code as u8 {
            b'e' | b'E' => (FloatStyle::Exponent, code as u8 == b'E'),
            b'f' | b'F' => (FloatStyle::Fixed, code as u8 == b'F'),
            b'g' | b'G' => (FloatStyle::General, code as u8 == b'G'),
            b'r' if precision == 0 => (FloatStyle::Repr, false),
            _ => return crate::entry::bad_internal_call(thread),
        };
        let Ok(precision) = usize::try_from(precision) else { return crate::entry::bad_internal_call(thread) };
        let options = FloatText {
            upper,
            alternate: flags & ALTERNATE != 0,
            add_dot_zero: flags & ADD_DOT_ZERO != 0,
            no_negative_zero: flags & NO_NEGATIVE_ZERO != 0,
            ..FloatText::new(style, precision)
        };
        let mut shown = float_text(value, options);
        if flags & SIGN != 0 && !shown.starts_with('-') {
            shown.insert(0, '+');
        }
        kind.set(if value.is_nan() { NAN } else if value.is_infinite() { INFINITE } else { FINITE });
        let memory = crate::pymem::PyMem_Malloc(shown.len() + 1).cast::<u8>();
        if memory.is_null() {
            return Err(raise!(thread, MemoryError, "no memory for the text of a float"));
        }
        // SAFETY: the memory has room for the text and a zero byte.
        unsafe {
            std::ptr::copy_nonoverlapping(shown.as_ptr(), memory, shown.len());
            memory.add(shown.len()).write(0);
        }
        Ok(memory.cast())
    }
}
