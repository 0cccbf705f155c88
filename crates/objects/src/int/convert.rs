//! Objects as integers: `int(x)`, and the bytes of bytes-like objects for `int.from_bytes`.

use std::ffi::c_int;

use layout::{Py_buffer, PyBytesObject};

use super::Int;
use crate::errors::{DeprecationWarning, PyResult};
use crate::protocol::{self, result_from_c};
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;

const DEPRECATED_SUBCLASS: &str = "The ability to return an instance of a strict subclass of int is deprecated, \
                                   and may be removed in a future version of Python.";

/// `int(value)`, always an exact int.
pub fn from_object(value: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
    if let Some(int) = value.downcast_exact::<Int>() {
        return Ok(Py::from_ref(int));
    }
    // SAFETY: a type's method suites live as long as the type.
    let methods = unsafe { value.class().slots().tp_as_number.get().as_ref() };
    if let Some(function) = methods.and_then(|it| it.nb_int.get()) {
        // SAFETY: the slot's protocol.
        let result = result_from_c(unsafe { function(value.as_pointer()) }, thread)?;
        return exact_result(result, "__int__", thread);
    }
    if let Some(function) = methods.and_then(|it| it.nb_index.get()) {
        // SAFETY: the slot's protocol.
        let result = result_from_c(unsafe { function(value.as_pointer()) }, thread)?;
        return exact_result(result, "__index__", thread);
    }
    match from_literal(value, 10, thread)? {
        Some(int) => Ok(int),
        None => {
            let class = value.class().full_name();
            let wanted = "a string, a bytes-like object or a real number";
            Err(raise!(thread, TypeError, "int() argument must be {wanted}, not '{class}'"))
        }
    }
}

/// What `__int__` or `__index__` gave, as an exact int; instances of subtypes are deprecated.
fn exact_result(result: Py<Object>, method: &str, thread: &mut Thread) -> PyResult<Py<Int>> {
    let class = result.class().full_name();
    let Ok(int) = result.downcast_into::<Int>() else {
        return Err(raise!(thread, TypeError, "{method} returned non-int (type {class})"));
    };
    if !int.is_exactly::<Int>() {
        let message = format_args!("{method} returned non-int (type {class}).  {DEPRECATED_SUBCLASS}");
        thread.warn(DeprecationWarning, 1, message)?;
    }
    int.to_exact(thread)
}

/// `int(value, base)` of a string or a bytes-like object; None for other objects.
fn from_literal(value: &Object, base: u32, thread: &mut Thread) -> PyResult<Option<Py<Int>>> {
    if let Some(text) = value.downcast::<Str>() {
        return Int::from_str(text, base, thread).map(Some);
    }
    let Some(contents) = bytes_contents(value, thread)? else { return Ok(None) };
    let shown = thread.make_bytes(&contents)?;
    Int::from_text(&contents, base, &shown, thread).map(Some)
}

/// `int(value, base)`.
pub fn from_object_with_base(value: &Object, base: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
    let base = protocol::index_clipped(base, thread)?;
    let Some(base) = u32::try_from(base).ok().filter(|base| *base == 0 || (2..=36).contains(base)) else {
        return Err(raise!(thread, ValueError, "int() base must be >= 2 and <= 36, or 0"));
    };
    // Of bytes-like objects only the two that can be literals are taken here.
    let flag = layout::Py_TPFLAGS_BYTES_SUBCLASS;
    let is_literal = value.downcast::<Str>().is_some() || value.class().has_flag(flag) || is_bytearray(value);
    if is_literal && let Some(int) = from_literal(value, base, thread)? {
        return Ok(int);
    }
    Err(raise!(thread, TypeError, "int() can't convert non-string with explicit base"))
}

/// True for instances of `bytearray` and its subtypes: a type of a higher layer, known here by its name, which no other built-in type has.
fn is_bytearray(value: &Object) -> bool {
    let mut class = Some(value.class());
    while let Some(level) = class {
        if !level.is_heap_type() && level.full_name() == "bytearray" {
            return true;
        }
        class = level.base();
    }
    false
}

/// A copy of what a bytes-like object holds; None for objects that are none.
pub fn bytes_contents(value: &Object, thread: &mut Thread) -> PyResult<Option<Vec<u8>>> {
    if value.class().has_flag(layout::Py_TPFLAGS_BYTES_SUBCLASS) {
        // SAFETY: the flag is only in bytes and its subtypes, whose contents follow the head, as many as its size says.
        return Ok(Some(unsafe {
            let bytes = value.as_pointer().cast::<PyBytesObject>();
            let length = (*bytes).ob_base.ob_size.get() as usize;
            std::slice::from_raw_parts((&raw const (*bytes).ob_sval).cast::<u8>(), length).to_vec()
        }));
    }
    // SAFETY: a type's method suites live as long as the type.
    let methods = unsafe { value.class().slots().tp_as_buffer.get().as_ref() };
    let Some(get) = methods.and_then(|it| it.bf_getbuffer.get()) else { return Ok(None) };
    let mut view = std::mem::MaybeUninit::<Py_buffer>::zeroed();
    // SAFETY: the slot's protocol: the view is filled in, or an exception is set.
    let status: c_int = unsafe { get(value.as_pointer(), view.as_mut_ptr(), layout::PyBUF_SIMPLE) };
    if status < 0 {
        return Err(thread.raised_elsewhere());
    }
    // SAFETY: the slot has filled the view in, whose bytes stay until it is released; what it gives back is a reference of its own.
    unsafe {
        let view = view.as_mut_ptr();
        let length = usize::try_from((*view).len.get()).unwrap_or_default();
        let contents = if length == 0 {
            Vec::new()
        } else {
            std::slice::from_raw_parts((*view).buf.get().cast::<u8>(), length).to_vec()
        };
        if let Some(release) = methods.and_then(|it| it.bf_releasebuffer.get()) {
            release(value.as_pointer(), view);
        }
        drop(Py::<Object>::steal_pointer((*view).obj.get()));
        Ok(Some(contents))
    }
}
