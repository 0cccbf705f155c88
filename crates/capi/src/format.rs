//! The formats of C: those of `PyUnicode_FromFormat` and its kin, and those of C's `printf`, which `PyOS_snprintf` and `PySys_WriteStdout` take.
//!
//! The conversions of `PyUnicode_FromFormat` are in `unicodeobject.h`'s documentation: integers (`d i o u x X`), `c p s U V S R A T N`.

use std::ffi::{CStr, c_char, c_int, c_void};

use layout::PyObject;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Type;
use text::builder::StrBuilder;

use crate::variadic::VaList;

unsafe extern "C" {
    /// C's own, which takes what is a `va_list` in C: a pointer to our [`VaList`].
    fn vsnprintf(buffer: *mut c_char, size: usize, format: *const c_char, list: *mut VaList) -> c_int;
}

/// How long an integer argument is.
#[derive(Clone, Copy, PartialEq)]
enum Length {
    Int,
    /// `l`, `ll`, `z`, `t`, `j`: all eight bytes.
    Word,
}

/// One conversion: `%-0#5.3ld`.
#[derive(Clone, Copy)]
struct Conversion {
    left: bool,
    zeros: bool,
    alternate: bool,
    width: Option<usize>,
    precision: Option<usize>,
    length: Length,
    /// `%ls`: wide characters.
    wide: bool,
    kind: u8,
}

/// A piece of a format.
enum Piece<'a> {
    Literal(&'a [u8]),
    Conversion(Conversion),
    Bad,
}

/// The pieces of a format; `*` widths are read from the arguments on the way.
struct Pieces<'a> {
    rest: &'a [u8],
}

impl<'a> Pieces<'a> {
    /// # Safety
    /// The arguments fit the format.
    unsafe fn next(&mut self, list: &mut VaList) -> Option<Piece<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        if self.rest[0] != b'%' {
            let end = self.rest.iter().position(|it| *it == b'%').unwrap_or(self.rest.len());
            let (literal, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Some(Piece::Literal(literal));
        }
        let mut conversion = Conversion {
            left: false,
            zeros: false,
            alternate: false,
            width: None,
            precision: None,
            length: Length::Int,
            wide: false,
            kind: 0,
        };
        let mut rest = &self.rest[1..];
        while let Some(flag) = rest.first() {
            match flag {
                b'-' => conversion.left = true,
                b'0' => conversion.zeros = true,
                b'#' => conversion.alternate = true,
                _ => break,
            }
            rest = &rest[1..];
        }
        // SAFETY: passed on to the caller.
        unsafe {
            if let Some(width) = number(&mut rest, list) {
                conversion.left |= width < 0;
                conversion.width = Some(width.unsigned_abs() as usize);
            }
            if rest.first() == Some(&b'.') {
                rest = &rest[1..];
                conversion.precision = match number(&mut rest, list) {
                    Some(precision) => usize::try_from(precision).ok(),
                    None => Some(0),
                };
            }
        }
        while let Some(size @ (b'l' | b'z' | b't' | b'j')) = rest.first() {
            conversion.length = Length::Word;
            conversion.wide = *size == b'l';
            rest = &rest[1..];
        }
        conversion.kind = rest.first().copied().unwrap_or(0);
        if conversion.kind == 0 || !b"%diouxXcpsUVSRATN".contains(&conversion.kind) {
            return Some(Piece::Bad);
        }
        self.rest = &rest[1..];
        Some(Piece::Conversion(conversion))
    }
}

/// Digits, or the argument that `*` stands for.
///
/// # Safety
/// The arguments fit the format.
unsafe fn number(rest: &mut &[u8], list: &mut VaList) -> Option<i64> {
    if rest.first() == Some(&b'*') {
        *rest = &rest[1..];
        // SAFETY: passed on to the caller.
        return Some(i64::from(unsafe { list.int() }));
    }
    let digits = rest.iter().take_while(|it| it.is_ascii_digit()).count();
    let (text, after) = rest.split_at(digits);
    *rest = after;
    std::str::from_utf8(text).ok().and_then(|it| it.parse().ok())
}

/// The text of an integer conversion.
///
/// # Safety
/// The next argument is what the conversion says.
unsafe fn integer(conversion: Conversion, list: &mut VaList) -> String {
    // SAFETY: passed on to the caller.
    let value = unsafe {
        match conversion.length {
            Length::Word => list.long(),
            Length::Int => i64::from(list.int()),
        }
    };
    let unsigned = match conversion.length {
        Length::Word => value as u64,
        Length::Int => u64::from(value as u32),
    };
    let (sign, mut digits) = match conversion.kind {
        b'd' | b'i' => (if value < 0 { "-" } else { "" }, value.unsigned_abs().to_string()),
        b'o' => ("", format!("{unsigned:o}")),
        b'x' => ("", format!("{unsigned:x}")),
        b'X' => ("", format!("{unsigned:X}")),
        _ => ("", unsigned.to_string()),
    };
    if let Some(precision) = conversion.precision {
        digits = format!("{}{digits}", "0".repeat(precision.saturating_sub(digits.len())));
    }
    let width = conversion.width.unwrap_or(0);
    if conversion.zeros && !conversion.left {
        digits = format!("{}{digits}", "0".repeat(width.saturating_sub(digits.len() + sign.len())));
    }
    format!("{sign}{digits}")
}

fn pointer_text(pointer: *mut c_void) -> String {
    format!("{:#x}", pointer as usize)
}

/// A C string of at most so many bytes.
///
/// # Safety
/// The pointer is to a C string, or to so many bytes.
unsafe fn c_bytes<'a>(pointer: *const c_char, precision: Option<usize>) -> &'a [u8] {
    // SAFETY: passed on to the caller.
    unsafe {
        let length = match precision {
            Some(limit) => libc::strnlen(pointer, limit),
            None => libc::strlen(pointer),
        };
        std::slice::from_raw_parts(pointer.cast(), length)
    }
}

/// `PyUnicode_FromFormatV`.
///
/// # Safety
/// The arguments fit the format.
pub unsafe fn format_text(format: &[u8], list: &mut VaList, thread: &mut Thread) -> PyResult<Py<Str>> {
    let mut out = Output { text: StrBuilder::new() };
    let mut pieces = Pieces { rest: format };
    loop {
        // SAFETY: passed on to the caller.
        match unsafe { pieces.next(list) } {
            None => return Str::from_builder(out.text, thread),
            Some(Piece::Literal(literal)) => {
                if let Some(byte) = literal.iter().find(|it| !it.is_ascii()) {
                    let message =
                        "PyUnicode_FromFormatV() expects an ASCII-encoded format string, got a non-ASCII byte";
                    return Err(raise!(thread, ValueError, "{message}: {byte:#04x}"));
                }
                out.text.push_str(&String::from_utf8_lossy(literal));
            }
            Some(Piece::Bad) => {
                let rest = String::from_utf8_lossy(pieces.rest).into_owned();
                return Err(raise!(thread, SystemError, "invalid format string: {rest}"));
            }
            // SAFETY: passed on to the caller.
            Some(Piece::Conversion(conversion)) => unsafe { out.convert(conversion, list, thread)? },
        }
    }
}

struct Output {
    text: StrBuilder,
}

impl Output {
    /// # Safety
    /// The next argument is what the conversion says.
    unsafe fn convert(&mut self, conversion: Conversion, list: &mut VaList, thread: &mut Thread) -> PyResult<()> {
        // SAFETY (of the blocks below): passed on to the caller.
        match conversion.kind {
            b'%' => self.text.push_str("%"),
            b'c' => {
                // SAFETY: as above.
                let point = unsafe { list.int() };
                let Some(point) = u32::try_from(point).ok().filter(|it| *it <= 0x10_FFFF) else {
                    return Err(raise!(thread, OverflowError, "character argument not in range(0x110000)"));
                };
                self.text.push_repeated(point, 1);
            }
            b'p' => {
                // SAFETY: as above.
                let shown = pointer_text(unsafe { list.pointer() });
                self.text.push_str(&shown);
            }
            b's' if conversion.wide => {
                // SAFETY: as above.
                let shown = unsafe { wide_text(list.pointer(), conversion.precision, thread)? };
                self.pad(&shown, Conversion { precision: None, ..conversion });
            }
            b's' => {
                // SAFETY: as above.
                let shown = unsafe { replaced(list.pointer(), conversion.precision, thread)? };
                self.pad(&shown, Conversion { precision: None, ..conversion });
            }
            b'U' | b'V' | b'S' | b'R' | b'A' | b'T' | b'N' => {
                // SAFETY: as above.
                let shown = unsafe { object_text(conversion, list, thread)? };
                self.pad(&shown, conversion);
            }
            _ => {
                // SAFETY: as above.
                let digits = unsafe { integer(conversion, list) };
                let shown = Str::from_str(&digits, thread);
                self.pad(&shown, Conversion { precision: None, ..conversion });
            }
        }
        Ok(())
    }

    fn pad(&mut self, text: &Str, conversion: Conversion) {
        let length = text.length().min(conversion.precision.unwrap_or(usize::MAX));
        let fill = conversion.width.unwrap_or(0).saturating_sub(length);
        if !conversion.left {
            self.text.push_repeated(u32::from(b' '), fill);
        }
        self.text.push_view(text.view().slice(0..length));
        if conversion.left {
            self.text.push_repeated(u32::from(b' '), fill);
        }
    }
}

/// Text of C, UTF-8 where it is that.
///
/// # Safety
/// As [`c_bytes`].
unsafe fn replaced(pointer: *const c_char, precision: Option<usize>, thread: &mut Thread) -> PyResult<Py<Str>> {
    // SAFETY: passed on to the caller.
    let bytes = unsafe { c_bytes(pointer, precision) };
    // A piece that was cut within a character leaves that out.
    let is_cut = precision.is_some();
    let utf8 = text::codecs::utf8::Utf8;
    objects::str::codecs::decode_with(&utf8, bytes, !is_cut, Some("replace"), thread).map(|it| it.0)
}

/// # Safety
/// The pointer is to wide characters that end with zero, or to so many.
unsafe fn wide_text(pointer: *const u32, precision: Option<usize>, thread: &mut Thread) -> PyResult<Py<Str>> {
    let limit = precision.unwrap_or(usize::MAX);
    // SAFETY: passed on to the caller.
    let length = (0..limit).take_while(|at| unsafe { *pointer.add(*at) != 0 }).count();
    // SAFETY: as above.
    let points = unsafe { std::slice::from_raw_parts(pointer, length) };
    crate::unicodeobject::from_points(points, thread)
}

/// What a conversion of objects shows.
///
/// # Safety
/// The next arguments are what the conversion says.
unsafe fn object_text(conversion: Conversion, list: &mut VaList, thread: &mut Thread) -> PyResult<Py<Str>> {
    // SAFETY: passed on to the caller.
    let object = unsafe { Object::from_pointer(list.pointer::<PyObject>()) };
    if conversion.kind == b'V' {
        // SAFETY: as above.
        let other: *const c_char = unsafe { list.pointer() };
        if object.is_none() {
            let precision = conversion.precision;
            if conversion.wide {
                // SAFETY: as above.
                return unsafe { wide_text(other.cast(), precision, thread) };
            }
            // SAFETY: as above.
            return unsafe { replaced(other, precision, thread) };
        }
    }
    let Some(object) = object else {
        return Err(raise!(thread, SystemError, "null argument to internal routine"));
    };
    match conversion.kind {
        b'U' | b'V' => match object.downcast::<Str>() {
            Some(text) => Ok(Py::from_ref(text)),
            None => protocol::str(object, thread),
        },
        b'S' => protocol::str(object, thread),
        b'R' => protocol::repr(object, thread),
        b'A' => protocol::ascii(object, thread),
        kind => {
            let class = match object.downcast::<Type>() {
                Some(class) if kind == b'N' => Py::from_ref(class),
                _ if kind == b'N' => {
                    return Err(raise!(thread, TypeError, "%N argument must be a type"));
                }
                _ => Py::from_ref(object.class()),
            };
            let name = crate::typeobject::full_name(&class, if conversion.alternate { ":" } else { "." }, thread)?;
            Ok(name)
        }
    }
}

/// `PyBytes_FromFormatV`: the conversions of C's `printf` that need no more than text.
///
/// # Safety
/// The arguments fit the format.
pub unsafe fn format_bytes(format: &[u8], list: &mut VaList) -> Vec<u8> {
    let mut out = Vec::new();
    let mut pieces = Pieces { rest: format };
    loop {
        // SAFETY: passed on to the caller.
        match unsafe { pieces.next(list) } {
            None => return out,
            Some(Piece::Literal(literal)) => out.extend_from_slice(literal),
            Some(Piece::Bad) => {
                // The rest of a format that is wrong is copied as it is.
                out.extend_from_slice(pieces.rest);
                return out;
            }
            Some(Piece::Conversion(conversion)) => {
                // SAFETY: as above.
                unsafe {
                    match conversion.kind {
                        b'%' => out.push(b'%'),
                        b'c' => out.push(list.int() as u8),
                        b'p' => out.extend_from_slice(pointer_text(list.pointer()).as_bytes()),
                        b's' => out.extend_from_slice(c_bytes(list.pointer(), conversion.precision)),
                        _ => out.extend_from_slice(
                            integer(Conversion { width: None, precision: None, zeros: false, ..conversion }, list)
                                .as_bytes(),
                        ),
                    }
                }
            }
        }
    }
}

/// What C's `printf` writes.
///
/// # Safety
/// The arguments fit the format.
pub unsafe fn printf(format: &CStr, list: &mut VaList) -> Vec<u8> {
    let mut buffer = vec![0u8; 1002];
    // SAFETY: the buffer is as large as it says; the arguments fit the format.
    let length = unsafe { vsnprintf(buffer.as_mut_ptr().cast(), buffer.len(), format.as_ptr(), list) };
    buffer.truncate(usize::try_from(length).unwrap_or(0).min(1001));
    buffer
}

/// `PyOS_vsnprintf`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyOS_vsnprintf(
    buffer: *mut c_char,
    size: usize,
    format: *const c_char,
    list: *mut VaList,
) -> c_int {
    // SAFETY: passed on to the caller.
    unsafe {
        let length = vsnprintf(buffer, size, format, list);
        if size > 0 {
            buffer.add(size - 1).write(0);
        }
        length
    }
}

crate::variadic::variadic! {
    fn PyOS_snprintf = PyOS_vsnprintf, 3;
}
