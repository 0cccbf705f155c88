//! `str(object, encoding, errors)`.

use super::arguments::TextName;
use super::{Str, codecs};
use crate::errors::{PyResult, TypeError};
use crate::protocol;
use crate::protocol::buffer::{Buffer, bytes_contents, has_buffer};
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;
use crate::types::{Instance as _, Type};

/// `str.__new__`.
pub fn new_str(
    class: &Type,
    object: Option<&Object>,
    encoding: Option<TextName>,
    errors: Option<TextName>,
    thread: &mut Thread,
) -> PyResult<Py<Str>> {
    let text = match object {
        None => Str::empty(),
        Some(object) if encoding.is_none() && errors.is_none() => protocol::str(object, thread)?,
        Some(object) => {
            decode_object(object, encoding.as_ref().map(|it| &*it.0), errors.as_ref().map(|it| &*it.0), thread)?
        }
    };
    if std::ptr::eq(class, Str::class()) { Ok(text) } else { text.copy_into_subtype(class, thread) }
}

/// `PyUnicode_FromEncodedObject`: the text of a bytes-like object.
pub fn decode_object(
    object: &Object,
    encoding: Option<&str>,
    errors: Option<&str>,
    thread: &mut Thread,
) -> PyResult<Py<Str>> {
    if let Some(contents) = bytes_contents(object) {
        return codecs::decode(contents, encoding, errors, thread);
    }
    if object.downcast::<Str>().is_some() {
        return Err(thread.raise_message(TypeError, format_args!("decoding str is not supported")));
    }
    if !has_buffer(object) {
        let class = object.class().full_name();
        return Err(raise!(thread, TypeError, "decoding to str: need a bytes-like object, {class} found"));
    }
    let buffer = Buffer::get(object, layout::PyBUF_SIMPLE, thread)?;
    // A decoder may run Python code, which could change the memory: it gets a copy.
    let contents = buffer.contiguous(thread).unwrap_or_default().to_vec();
    drop(buffer);
    codecs::decode(&contents, encoding, errors, thread)
}
