//! `hash()`.

use layout::PyObject;

use crate::errors::{PyResult, TypeError};
use crate::int::Int;
use crate::raise;
use crate::refs::Object;
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;

/// `hash(object)`.
#[inline]
pub fn hash(object: &Object, thread: &mut Thread) -> PyResult<isize> {
    if let Some(text) = object.downcast_exact::<Str>() {
        return Ok(text.hash_value());
    }
    // A small int is its own hash, but that -1 says that there is none.
    if let Some(value) = object.downcast_exact::<Int>().and_then(Int::compact_value) {
        return Ok(if value == -1 { -2 } else { value });
    }
    let Some(function) = object.class().slots().tp_hash.get() else {
        return Err(raise!(thread, TypeError, "unhashable type: '{}'", object.class().full_name()));
    };
    // Tuples look themselves, and say so in words of their own: which of two checks comes first would be chance.
    if !object.is_exactly::<Tuple>() {
        thread.check_stack(" while getting the hash of an object")?;
    }
    // SAFETY: the slot's protocol.
    match unsafe { function(object.as_pointer()) } {
        -1 => Err(thread.raised_elsewhere()),
        hash => Ok(hash),
    }
}

/// `hash(object)`, where a TypeError for an object that has none says what the object was to be used as: `a dict key`,
/// `a set element`.
pub fn hash_for(object: &Object, purpose: &str, thread: &mut Thread) -> PyResult<isize> {
    match hash(object, thread) {
        Ok(hash) => Ok(hash),
        Err(raised) => Err(explain_unhashable(raised, object, purpose, thread)),
    }
}

#[cold]
fn explain_unhashable(
    raised: crate::errors::Raised,
    object: &Object,
    purpose: &str,
    thread: &mut Thread,
) -> crate::errors::Raised {
    let exception = thread.catch(raised);
    if !std::ptr::eq(exception.class(), TypeError.as_type()) {
        return thread.set_exception(exception);
    }
    let reason = match super::str(&exception, thread) {
        Ok(text) => text.to_string_lossy(),
        Err(raised) => return raised,
    };
    let class = super::qualified_name(object.class(), thread);
    raise!(thread, TypeError, "cannot use '{class}' as {purpose} ({reason})")
}

/// `tp_hash` of types that have `__hash__ = None`.
///
/// # Safety
/// Called as `tp_hash`.
pub unsafe extern "C-unwind" fn hash_not_implemented(object: *mut PyObject) -> isize {
    // SAFETY: the slot's protocol; slots are called in attached threads.
    let (object, mut thread) = unsafe { (&*object.cast::<Object>(), Thread::current()) };
    let raised = raise!(thread, TypeError, "unhashable type: '{}'", object.class().full_name());
    let crate::errors::Raised = raised;
    -1
}
