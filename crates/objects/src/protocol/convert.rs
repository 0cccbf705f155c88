//! Conversions to numbers and truth: `operator.index`, `float()`, `bool()`.

use crate::errors::{ExceptionKind, PyResult};
use crate::float::Float;
use crate::int::Int;
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;

use super::call::result_from_c;
use super::number::number_methods;

/// `operator.index`: an int, or what `__index__` gives.
#[inline]
pub fn index(value: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
    match value.downcast::<Int>() {
        Some(int) => Ok(Py::from_ref(int)),
        None => index_by_method(value, thread),
    }
}

#[inline(never)]
fn index_by_method(value: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
    let Some(function) = number_methods(value).and_then(|it| it.nb_index.get()) else {
        let class = value.class().full_name();
        return Err(raise!(thread, TypeError, "'{class}' object cannot be interpreted as an integer"));
    };
    // SAFETY: the slot's protocol.
    let result = result_from_c(unsafe { function(value.as_pointer()) }, thread)?;
    let index = result.downcast_into::<Int>().map_err(|other| {
        let class = other.class().full_name();
        raise!(thread, TypeError, "__index__ returned non-int (type {class})")
    })?;
    if !index.is_exactly::<Int>() {
        let class = index.class().full_name();
        let message = format_args!(
            "__index__ returned non-int (type {class}).  The ability to return an instance of a strict subclass of int is deprecated, \
             and may be removed in a future version of Python."
        );
        thread.warn(crate::errors::DeprecationWarning, 1, message)?;
    }
    Ok(index)
}

/// `PyIndex_Check`: true if `operator.index` works on the object.
#[inline]
pub fn is_index(value: &Object) -> bool {
    number_methods(value).is_some_and(|it| it.nb_index.get().is_some())
}

#[inline(always)]
fn to_isize(int: &Int) -> Option<isize> {
    int.to_i128().and_then(|it| isize::try_from(it).ok())
}

/// An index as a machine word, OverflowError if it does not fit.
pub fn index_as_isize(value: &Object, thread: &mut Thread) -> PyResult<isize> {
    let int = index(value, thread)?;
    match to_isize(&int) {
        Some(value) => Ok(value),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C ssize_t")),
    }
}

/// An int itself as a machine word: `__index__` is not asked.
pub fn int_as_isize(value: &Object, thread: &mut Thread) -> PyResult<isize> {
    match value.downcast::<Int>() {
        Some(_) => index_as_isize(value, thread),
        None => Err(raise!(thread, TypeError, "an integer is required")),
    }
}

/// An index as a machine word; an exception of `kind` if it does not fit.
#[inline]
pub fn index_or_raise(value: &Object, kind: ExceptionKind, thread: &mut Thread) -> PyResult<isize> {
    if let Some(small) = value.downcast_exact::<Int>().and_then(Int::compact_value) {
        return Ok(small);
    }
    let int = index(value, thread)?;
    match to_isize(&int) {
        Some(value) => Ok(value),
        None => {
            let class = value.class().full_name();
            Err(thread.raise_message(kind, format_args!("cannot fit '{class}' into an index-sized integer")))
        }
    }
}

/// An index as the machine word that is nearest to it.
pub fn index_clipped(value: &Object, thread: &mut Thread) -> PyResult<isize> {
    if let Some(small) = value.downcast_exact::<Int>().and_then(Int::compact_value) {
        return Ok(small);
    }
    let int = index(value, thread)?;
    Ok(to_isize(&int).unwrap_or(if int.is_negative() { isize::MIN } else { isize::MAX }))
}

/// `float(value)` for arguments that are declared to be floats: a float, `__float__`, or `__index__`.
pub fn as_f64(value: &Object, thread: &mut Thread) -> PyResult<f64> {
    if let Some(float) = value.downcast::<Float>() {
        return Ok(float.value());
    }
    let class = value.class().full_name();
    if let Some(function) = number_methods(value).and_then(|it| it.nb_float.get()) {
        // SAFETY: the slot's protocol.
        let result = result_from_c(unsafe { function(value.as_pointer()) }, thread)?;
        return match result.downcast::<Float>() {
            Some(float) => Ok(float.value()),
            None => {
                let other = result.class().full_name();
                Err(raise!(thread, TypeError, "{class}.__float__ returned non-float (type {other})"))
            }
        };
    }
    if is_index(value) {
        let int = index(value, thread)?;
        return as_f64(&int, thread);
    }
    Err(raise!(thread, TypeError, "must be real number, not {class}"))
}

/// `bool(value)`.
#[inline]
pub fn is_true(value: &Object, thread: &mut Thread) -> PyResult<bool> {
    if value.is(crate::bool::Bool::get(true)) {
        return Ok(true);
    }
    if value.is(crate::bool::Bool::get(false)) || value.is_none() {
        return Ok(false);
    }
    is_true_by_slots(value, thread)
}

#[inline(never)]
fn is_true_by_slots(value: &Object, thread: &mut Thread) -> PyResult<bool> {
    let slots = value.class().slots();
    // SAFETY: a type's method suites live as long as the type; the slots' protocols.
    let answer = unsafe {
        if let Some(function) = number_methods(value).and_then(|it| it.nb_bool.get()) {
            function(value.as_pointer()) as isize
        } else if let Some(function) = slots.tp_as_mapping.get().as_ref().and_then(|it| it.mp_length.get()) {
            function(value.as_pointer())
        } else if let Some(function) = slots.tp_as_sequence.get().as_ref().and_then(|it| it.sq_length.get()) {
            function(value.as_pointer())
        } else {
            1
        }
    };
    if answer < 0 { Err(thread.raised_elsewhere()) } else { Ok(answer > 0) }
}
