//! `bytesobject.h`, `bytearrayobject.h`: bytes that never change, and those that do.

use std::ffi::{CStr, c_char};

use builtins::bytearray::ByteArray;
use builtins::bytes::Bytes;
use layout::PyObject;
use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::Instance as _;

use crate::entry::{Array, Out, bad_internal_call, enter, export, text};
use crate::variadic::{VaList, variadic};

/// The object as bytes, or TypeError.
fn expect_bytes<'a>(object: Option<&'a Object>, thread: &mut Thread) -> PyResult<&'a Bytes> {
    match object.and_then(|it| it.downcast::<Bytes>()) {
        Some(bytes) => Ok(bytes),
        None => {
            let found = object.map(|it| it.class().full_name()).unwrap_or_default();
            Err(raise!(thread, TypeError, "expected bytes, {found} found"))
        }
    }
}

/// New bytes whose contents C code fills in; those of at most one byte are never shared, since they are written to.
fn unfilled(length: usize, thread: &mut Thread) -> PyResult<Py<Bytes>> {
    if length == 0 {
        return Bytes::try_from_slice(&[], thread);
    }
    Bytes::unfilled(length, thread)
}

/// `PyBytes_FromObject`: of a buffer or an iterable, but of no number.
pub fn from_object(object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    if object.is_exactly::<Bytes>() {
        return Ok(Py::from_ref(object));
    }
    if let Some(contents) = builtins::bytes::shared::construct::copy_of_buffer(object, thread)? {
        return Bytes::try_from_slice(&contents, thread).map(Py::into_object);
    }
    if object.downcast::<objects::str::Str>().is_none()
        && let Some(contents) = builtins::bytes::shared::construct::collect(object, "bytes", true, thread)?
    {
        return Bytes::try_from_slice(&contents, thread).map(Py::into_object);
    }
    let class = object.class().full_name();
    Err(raise!(thread, TypeError, "cannot convert '{class}' object to bytes"))
}

/// `*place += other`: what was there is given up; null where something goes wrong.
fn concat(place: Out<*mut PyObject>, other: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let Some(old) = place.get().filter(|it| !it.is_null()) else { return Ok(()) };
    place.set(std::ptr::null_mut());
    // SAFETY: the place owned a reference.
    let Some(old) = (unsafe { Py::<Object>::steal_pointer(old) }) else { return Ok(()) };
    let Some(other) = other else { return Ok(()) };
    let result = joined(&old, other, thread);
    old.release(thread);
    place.set(result?.into_pointer());
    Ok(())
}

/// The contents of two objects behind each other.
fn joined(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Bytes>> {
    let contents = joined_contents(left, right, thread)?;
    Bytes::try_from_slice(&contents, thread)
}

fn joined_contents(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Vec<u8>> {
    let mut all = Vec::new();
    for operand in [left, right] {
        let contents = match protocol::buffer::Buffer::get(operand, layout::PyBUF_SIMPLE, thread) {
            Ok(buffer) => Ok(buffer.to_vec(thread)?),
            Err(raised) => Err(raised),
        };
        match contents {
            Ok(contents) => all.extend(contents),
            Err(raised) => {
                drop(thread.catch(raised));
                let (left, right) = (left.class().full_name(), right.class().full_name());
                return Err(raise!(thread, TypeError, "can't concat {right} to {left}"));
            }
        }
    }
    Ok(all)
}

/// OverflowError for what no bytes object has room for.
fn check_length(length: usize, thread: &mut Thread) -> PyResult<()> {
    if length > isize::MAX as usize - size_of::<layout::PyBytesObject>() {
        return Err(raise!(thread, OverflowError, "byte string is too large"));
    }
    Ok(())
}

export! { thread;
    fn PyBytes_FromStringAndSize(contents: Array<u8>, length: isize) -> Py<Bytes> {
        let Ok(length) = usize::try_from(length) else {
            return Err(raise!(thread, SystemError, "Negative size passed to PyBytes_FromStringAndSize"));
        };
        check_length(length, thread)?;
        if contents.is_null() {
            return unfilled(length, thread);
        }
        Bytes::try_from_slice(contents.first(length), thread)
    }

    fn PyBytes_FromString(contents: &CStr) -> Py<Bytes> { Bytes::try_from_slice(contents.to_bytes(), thread) }

    fn PyBytes_FromObject(object: Option<&Object>) -> Py<Object> {
        match object {
            Some(object) => from_object(object, thread),
            None => bad_internal_call(thread),
        }
    }

    fn PyBytes_Size(object: Option<&Object>) -> isize { Ok(expect_bytes(object, thread)?.length() as isize) }

    fn PyBytes_AsString(object: Option<&Object>) -> *mut c_char {
        Ok(expect_bytes(object, thread)?.as_slice().as_ptr().cast_mut().cast())
    }

    fn PyBytes_AsStringAndSize(object: Option<&Object>, contents: Out<*mut c_char>, length: Out<isize>) -> () {
        if contents.is_null() {
            return bad_internal_call(thread);
        }
        let bytes = expect_bytes(object, thread)?;
        if length.is_null() && bytes.as_slice().contains(&0) {
            return Err(raise!(thread, ValueError, "embedded null byte"));
        }
        contents.set(bytes.as_slice().as_ptr().cast_mut().cast());
        length.set(bytes.length() as isize);
        Ok(())
    }

    fn PyBytes_Repr(object: &Object, smart_quotes: i32) -> Py<Object> {
        let shown = protocol::repr(object, thread)?;
        let Some(bytes) = object.downcast::<Bytes>().filter(|_| smart_quotes == 0) else { return Ok(shown.into_object()) };
        if shown.code_point(1) != Some(u32::from('"')) {
            return Ok(shown.into_object());
        }
        // In single quotes, whatever is in it.
        let rest = bytes.as_slice().split(|it| *it == b'\'');
        let mut text = String::from("b'");
        for (index, part) in rest.enumerate() {
            let part = Bytes::try_from_slice(part, thread)?;
            let part = protocol::repr(&part, thread)?.to_string_lossy();
            text.push_str(if index == 0 { "" } else { "\\'" });
            text.push_str(&part[2..part.len() - 1]);
        }
        text.push('\'');
        Ok(objects::str::Str::from_str(&text, thread).into_object())
    }

    fn PyBytes_Concat(place: Out<*mut PyObject>, other: Option<&Object>) -> crate::entry::Nothing {
        concat(place, other, thread)?;
        Ok(crate::entry::Nothing)
    }

    fn PyBytes_ConcatAndDel(place: Out<*mut PyObject>, other: crate::entry::Stolen) -> crate::entry::Nothing {
        let other = other.get();
        concat(place, other.as_deref(), thread)?;
        Ok(crate::entry::Nothing)
    }

    fn PyBytes_Join(separator: &Object, iterable: &Object) -> Py<Object> {
        if separator.downcast::<Bytes>().is_none() {
            let found = separator.class().full_name();
            return Err(raise!(thread, TypeError, "sep: expected bytes, got {found}"));
        }
        let join = thread.intern_text("join");
        protocol::call_method(separator, &join, &[iterable], thread)
    }

    fn _PyBytes_Join(separator: &Object, iterable: &Object) -> Py<Object> {
        let join = thread.intern_text("join");
        protocol::call_method(separator, &join, &[iterable], thread)
    }

    fn PyBytes_DecodeEscape(contents: Array<u8>, length: isize, errors: Option<&CStr>, units: isize, from: Option<&CStr>) -> Py<Object> {
        let _ = (units, from);
        check_length(length.max(0) as usize, thread)?;
        let contents = contents.counted(length, thread)?;
        let bytes = Bytes::try_from_slice(contents, thread)?;
        let errors = objects::str::Str::from_str(&errors.map_or_else(|| "strict".to_owned(), text), thread);
        let result = crate::import::call_of_module("_codecs", "escape_decode", &[&bytes, &errors], thread)?;
        match result.downcast::<objects::tuple::Tuple>().and_then(|it| it.items().first()) {
            Some(decoded) => Ok(decoded.clone()),
            None => bad_internal_call(thread),
        }
    }

    fn _PyBytes_Resize(place: Out<*mut PyObject>, length: isize) -> () { resize(place, length, thread) }

    fn _PyBytes_Find(hay: Array<u8>, hay_length: isize, needle: Array<u8>, needle_length: isize, offset: isize) -> isize {
        let hay = hay.counted(hay_length, thread)?;
        let needle = needle.counted(needle_length, thread)?;
        Ok(find(hay, needle).map_or(-1, |it| it as isize + offset))
    }

    fn PyByteArray_FromObject(object: &Object) -> Py<Object> {
        let class: &Object = ByteArray::class();
        protocol::call_one(class, object, thread)
    }

    fn PyByteArray_FromStringAndSize(contents: Array<u8>, length: isize) -> Py<ByteArray> {
        let Ok(length) = usize::try_from(length) else {
            return Err(raise!(thread, SystemError, "Negative size passed to PyByteArray_FromStringAndSize"));
        };
        if contents.is_null() {
            let array = ByteArray::empty(ByteArray::class(), thread)?;
            array.resize(length, thread)?;
            return Ok(array);
        }
        ByteArray::from_slice(contents.first(length), thread)
    }

    fn PyByteArray_Size(array: &ByteArray) -> isize { let _ = &thread; Ok(array.length() as isize) }

    fn PyByteArray_AsString(array: &ByteArray) -> *mut c_char {
        let _ = &thread;
        Ok(if array.length() == 0 { (&raw const EMPTY_CONTENTS).cast_mut().cast() } else { array.data().cast() })
    }

    fn PyByteArray_Resize(array: &ByteArray, length: isize) -> () {
        let Ok(length) = usize::try_from(length) else {
            return Err(raise!(thread, ValueError, "Can only resize to positive sizes, got {length}"));
        };
        if length != array.length() {
            array.check_resizable(thread)?;
        }
        array.resize(length, thread)
    }

    fn PyByteArray_Concat(left: &Object, right: &Object) -> Py<Object> {
        let contents = joined_contents(left, right, thread)?;
        ByteArray::from_slice(&contents, thread).map(Py::into_object)
    }
}

/// What an empty bytearray's contents point to (`_PyByteArray_empty_string`).
pub static EMPTY_CONTENTS: u8 = 0;

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    if needle.is_empty() {
        return Some(0);
    }
    hay.windows(needle.len()).position(|it| it == needle)
}

/// `_PyBytes_Resize`: the place gets other bytes, which begin alike.
fn resize(place: Out<*mut PyObject>, length: isize, thread: &mut Thread) -> PyResult<()> {
    let old = place.get().unwrap_or(std::ptr::null_mut());
    place.set(std::ptr::null_mut());
    // SAFETY: the place owned a reference.
    let old = unsafe { Py::<Object>::steal_pointer(old) };
    let Some(old) = old else { return bad_internal_call(thread) };
    let Ok(length) = usize::try_from(length) else { return bad_internal_call(thread) };
    let Some(bytes) = old.downcast::<Bytes>() else { return bad_internal_call(thread) };
    if bytes.length() == length {
        place.set(old.into_pointer());
        return Ok(());
    }
    let new = unfilled(length, thread)?;
    let kept = bytes.length().min(length);
    // SAFETY: the new bytes are longer than that, and nobody else has them.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_slice().as_ptr(), new.as_slice().as_ptr().cast_mut(), kept) };
    place.set(new.into_pointer());
    Ok(())
}

/// `PyBytes_FromFormatV`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyBytes_FromFormatV(format: *const c_char, list: *mut VaList) -> *mut PyObject {
    enter(|thread| {
        // SAFETY: C's caller passes a format, and a list of arguments that fits it.
        let (format, list) = unsafe { (CStr::from_ptr(format), &mut *list) };
        // SAFETY: as above.
        let contents = unsafe { crate::format::format_bytes(format.to_bytes(), list) };
        Bytes::try_from_slice(&contents, thread)
    })
}

variadic! {
    fn PyBytes_FromFormat = PyBytes_FromFormatV, 1;
}
