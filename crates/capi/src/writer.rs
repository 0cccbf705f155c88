//! `PyUnicodeWriter`: text that C code writes piece by piece.

use std::ffi::{CStr, c_char, c_int};

use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use text::builder::StrBuilder;

use crate::entry::{Argument, Array, Nothing, Out, enter, export, text};
use crate::variadic::{VaList, variadic};

/// The text so far. C code knows it by its address alone.
pub struct Writer {
    text: StrBuilder,
}

impl Argument for &mut Writer {
    type C = *mut Writer;

    unsafe fn from_c(value: Self::C, _: &mut Thread) -> PyResult<Self> {
        // SAFETY: C's caller passes what `PyUnicodeWriter_Create` gave.
        Ok(unsafe { &mut *value })
    }
}

export! { thread;
    fn PyUnicodeWriter_Create(length: isize) -> *mut Writer {
        if length < 0 {
            return Err(raise!(thread, ValueError, "length must be positive"));
        }
        Ok(Box::into_raw(Box::new(Writer { text: StrBuilder::new() })))
    }

    fn PyUnicodeWriter_Discard(writer: *mut Writer) -> Nothing {
        let _ = &thread;
        if !writer.is_null() {
            // SAFETY: C's caller passes what `PyUnicodeWriter_Create` gave, once.
            drop(unsafe { Box::from_raw(writer) });
        }
        Ok(Nothing)
    }

    fn PyUnicodeWriter_Finish(writer: *mut Writer) -> Py<Str> {
        // SAFETY: as above.
        let writer = unsafe { Box::from_raw(writer) };
        Str::from_builder(writer.text, thread)
    }

    fn PyUnicodeWriter_WriteChar(writer: &mut Writer, point: u32) -> () {
        if point > 0x10_FFFF {
            return Err(raise!(thread, ValueError, "character must be in range(0x110000)"));
        }
        writer.text.push(point);
        Ok(())
    }

    fn PyUnicodeWriter_WriteUTF8(writer: &mut Writer, content: Array<u8>, length: isize) -> () {
        let decoded = objects::str::codecs::decode(sized(content, length), None, None, thread)?;
        writer.text.push_view(decoded.view());
        Ok(())
    }

    fn PyUnicodeWriter_DecodeUTF8Stateful(writer: &mut Writer, content: Array<u8>, length: isize, errors: Option<&CStr>, consumed: Out<isize>) -> () {
        let errors = errors.map(text);
        let utf8 = ::text::codecs::utf8::Utf8;
        let result = objects::str::codecs::decode_with(&utf8, sized(content, length), consumed.is_null(), errors.as_deref(), thread);
        match result {
            Ok((decoded, used)) => {
                writer.text.push_view(decoded.view());
                consumed.set(used as isize);
                Ok(())
            }
            Err(raised) => {
                consumed.set(0);
                Err(raised)
            }
        }
    }

    fn PyUnicodeWriter_WriteASCII(writer: &mut Writer, content: Array<u8>, length: isize) -> () {
        let _ = &thread;
        sized(content, length).iter().for_each(|it| writer.text.push(u32::from(*it)));
        Ok(())
    }

    fn _PyUnicodeWriter_WriteASCIIString(writer: &mut Writer, content: Array<u8>, length: isize) -> () {
        let _ = &thread;
        sized(content, length).iter().for_each(|it| writer.text.push(u32::from(*it)));
        Ok(())
    }

    fn _PyUnicodeWriter_WriteLatin1String(writer: &mut Writer, content: Array<u8>, length: isize) -> () {
        let _ = &thread;
        sized(content, length).iter().for_each(|it| writer.text.push(u32::from(*it)));
        Ok(())
    }

    fn PyUnicodeWriter_WriteWideChar(writer: &mut Writer, content: Array<u32>, length: isize) -> () {
        let count = match usize::try_from(length) {
            Ok(count) => count,
            // SAFETY: C's caller passes wide characters that end with zero.
            Err(_) => (0..).take_while(|at| unsafe { *content.pointer().add(*at) != 0 }).count(),
        };
        let decoded = crate::unicodeobject::from_points(content.first(count), thread)?;
        writer.text.push_view(decoded.view());
        Ok(())
    }

    fn PyUnicodeWriter_WriteUCS4(writer: &mut Writer, content: Array<u32>, length: isize) -> () {
        let Ok(count) = usize::try_from(length) else {
            return Err(raise!(thread, ValueError, "size must be positive"));
        };
        let decoded = crate::unicodeobject::from_points(content.first(count), thread)?;
        writer.text.push_view(decoded.view());
        Ok(())
    }

    fn PyUnicodeWriter_WriteStr(writer: &mut Writer, object: &Object) -> () {
        let shown = protocol::str(object, thread)?;
        writer.text.push_view(shown.view());
        Ok(())
    }

    fn PyUnicodeWriter_WriteRepr(writer: &mut Writer, object: Option<&Object>) -> () {
        match object {
            None => writer.text.push_str("<NULL>"),
            Some(object) => {
                let shown = protocol::repr(object, thread)?;
                writer.text.push_view(shown.view());
            }
        }
        Ok(())
    }

    fn PyUnicodeWriter_WriteSubstring(writer: &mut Writer, string: &Object, start: isize, end: isize) -> () {
        let Some(string) = string.downcast::<Str>() else {
            let found = string.class().full_name();
            return Err(raise!(thread, TypeError, "expect str, not {found}"));
        };
        if start < 0 {
            return Err(raise!(thread, ValueError, "start must be positive"));
        }
        if start > end {
            return Err(raise!(thread, ValueError, "end must be greater than start"));
        }
        writer.text.push_view(string.view().slice(start as usize..end as usize));
        Ok(())
    }
}

/// Bytes of a given length, or up to the zero.
fn sized<'a>(content: Array<u8>, length: isize) -> &'a [u8] {
    match usize::try_from(length) {
        Ok(length) => content.first(length),
        // SAFETY: C's caller passes a C string.
        Err(_) => unsafe { CStr::from_ptr(content.pointer().cast()) }.to_bytes(),
    }
}

/// # Safety
/// As the C API says.
unsafe extern "C-unwind" fn write_format(writer: *mut Writer, format: *const c_char, list: *mut VaList) -> c_int {
    enter(|thread| {
        // SAFETY: C's caller passes a writer, a format, and a list of arguments that fits it.
        let (writer, format, list) = unsafe { (&mut *writer, CStr::from_ptr(format), &mut *list) };
        // SAFETY: as above.
        let shown = unsafe { crate::format::format_text(format.to_bytes(), list, thread)? };
        writer.text.push_view(shown.view());
        Ok(())
    })
}

variadic! {
    fn PyUnicodeWriter_Format = write_format, 2;
}
