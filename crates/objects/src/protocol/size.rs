//! `len` and `operator.length_hint`.

use crate::errors::{PyResult, TypeError};
use crate::int::Int;
use crate::names;
use crate::raise;
use crate::refs::Object;
use crate::thread::Thread;

use super::special::lookup_special;

/// What a length slot gave.
#[inline]
fn checked(length: isize, thread: &mut Thread) -> PyResult<usize> {
    usize::try_from(length).map_err(|_| thread.raised_elsewhere())
}

/// True if the object's type has a length.
pub(super) fn has_length(object: &Object) -> bool {
    let slots = object.class().slots();
    // SAFETY: a type's method suites live as long as the type.
    unsafe {
        slots.tp_as_sequence.get().as_ref().is_some_and(|it| it.sq_length.get().is_some())
            || slots.tp_as_mapping.get().as_ref().is_some_and(|it| it.mp_length.get().is_some())
    }
}

/// `len(object)`.
pub fn length(object: &Object, thread: &mut Thread) -> PyResult<usize> {
    let slots = object.class().slots();
    // SAFETY: a type's method suites live as long as the type; the slots' protocols.
    let length = unsafe {
        if let Some(function) = slots.tp_as_sequence.get().as_ref().and_then(|it| it.sq_length.get()) {
            function(object.as_pointer())
        } else if let Some(function) = slots.tp_as_mapping.get().as_ref().and_then(|it| it.mp_length.get()) {
            function(object.as_pointer())
        } else {
            let class = object.class().full_name();
            return Err(raise!(thread, TypeError, "object of type '{class}' has no len()"));
        }
    };
    checked(length, thread)
}

/// `operator.length_hint(object, default)`: how many items an iteration will probably give.
pub fn length_hint(object: &Object, default: usize, thread: &mut Thread) -> PyResult<usize> {
    if has_length(object) {
        let length = length(object, thread);
        if let Some(length) = thread.suppress(length, TypeError)? {
            return Ok(length);
        }
    }
    let Some(method) = lookup_special(object, &names::__length_hint__, thread)? else { return Ok(default) };
    let answer = method.call(object, &[], thread);
    let Some(answer) = thread.suppress(answer, TypeError)? else { return Ok(default) };
    if answer.is_not_implemented() {
        return Ok(default);
    }
    let Some(hint) = answer.downcast::<Int>() else {
        let class = answer.class().full_name();
        return Err(raise!(thread, TypeError, "__length_hint__ must be an integer, not {class}"));
    };
    match hint.to_i128().and_then(|it| isize::try_from(it).ok()) {
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C ssize_t")),
        Some(hint) => {
            usize::try_from(hint).map_err(|_| raise!(thread, ValueError, "__length_hint__() should return >= 0"))
        }
    }
}
