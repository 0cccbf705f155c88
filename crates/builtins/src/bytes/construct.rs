//! `bytes(source, encoding, errors)`.

use objects::errors::{OverflowError, PyResult, TypeError};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

use super::Bytes;
use super::shared::construct::{collect, copy_of_buffer, encoded, zeros};

/// What `__bytes__` gives, if the object has it.
pub fn call_bytes(object: &Object, thread: &mut Thread) -> PyResult<Option<Py<Bytes>>> {
    let Some(result) = protocol::call_special(object, &names::__bytes__, &[], thread)? else { return Ok(None) };
    match result.downcast_into::<Bytes>() {
        Ok(bytes) => Ok(Some(bytes)),
        Err(other) => {
            let class = other.class().full_name();
            Err(raise!(thread, TypeError, "__bytes__ returned non-bytes (type {class})"))
        }
    }
}

/// `bytes.__new__`.
pub fn new_bytes(
    class: &Type,
    source: Option<&Object>,
    encoding: Option<&str>,
    errors: Option<&str>,
    thread: &mut Thread,
) -> PyResult<Py<Bytes>> {
    let is_text = source.is_some_and(|it| it.downcast::<Str>().is_some());
    let bytes = match source {
        Some(source) if encoding.is_none() && errors.is_none() => match call_bytes(source, thread)? {
            Some(bytes) => bytes,
            None if is_text => {
                encoded(Some(source), None, None, thread)?;
                Bytes::try_from_slice(&[], thread)?
            }
            None => from_object(source, thread)?,
        },
        _ => {
            let contents = encoded(source, encoding, errors, thread)?.unwrap_or_default();
            Bytes::try_from_slice(&contents, thread)?
        }
    };
    if std::ptr::eq(class, Bytes::class()) { Ok(bytes) } else { Bytes::allocate(class, bytes.as_slice(), thread) }
}

/// Bytes of a count, a buffer, or an iterable of integers.
fn from_object(source: &Object, thread: &mut Thread) -> PyResult<Py<Bytes>> {
    if protocol::is_index(source) {
        let count = protocol::index_or_raise(source, OverflowError, thread);
        if let Some(count) = thread.suppress(count, TypeError)? {
            let Ok(count) = usize::try_from(count) else {
                return Err(raise!(thread, ValueError, "negative count"));
            };
            let contents = zeros(count, thread)?;
            return Bytes::try_from_slice(&contents, thread);
        }
    }
    if let Some(bytes) = source.downcast_exact::<Bytes>() {
        return Ok(Py::from_ref(bytes));
    }
    if let Some(contents) = copy_of_buffer(source, thread)? {
        return Bytes::try_from_slice(&contents, thread);
    }
    match collect(source, "bytes", true, thread)? {
        Some(contents) => Bytes::try_from_slice(&contents, thread),
        None => {
            let class = source.class().full_name();
            Err(raise!(thread, TypeError, "cannot convert '{class}' object to bytes"))
        }
    }
}
