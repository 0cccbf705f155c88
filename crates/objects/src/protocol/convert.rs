//! Conversions to numbers and truth: `operator.index`, `float()`, `bool()`.

use crate::errors::PyResult;
use crate::float::Float;
use crate::int::Int;
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;

use super::call::result_from_c;

/// `operator.index`: an int, or what `__index__` gives.
pub fn index(value: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
    if let Some(int) = value.downcast::<Int>() {
        return Ok(Py::from_ref(int));
    }
    // SAFETY: a type's number methods live as long as the type.
    let function = unsafe { value.class().slots().tp_as_number.get().as_ref() }.and_then(|it| it.nb_index.get());
    let Some(function) = function else {
        let name = value.class().short_name();
        return Err(raise!(thread, TypeError, "'{name}' object cannot be interpreted as an integer"));
    };
    // SAFETY: the slot's protocol.
    let result = result_from_c(unsafe { function(value.as_pointer()) }, thread)?;
    result.downcast_into::<Int>().map_err(|other| {
        let name = other.class().short_name();
        raise!(thread, TypeError, "__index__ returned non-int (type {name})")
    })
}

/// An index as a machine word, OverflowError if it does not fit.
pub fn index_as_isize(value: &Object, thread: &mut Thread) -> PyResult<isize> {
    let int = index(value, thread)?;
    match int.to_i128().and_then(|it| isize::try_from(it).ok()) {
        Some(value) => Ok(value),
        None => Err(raise!(thread, OverflowError, "Python int too large to convert to C ssize_t")),
    }
}

/// `float(value)` for arguments that are declared to be floats: a float, `__float__`, or `__index__`.
pub fn as_f64(value: &Object, thread: &mut Thread) -> PyResult<f64> {
    if let Some(float) = value.downcast::<Float>() {
        return Ok(float.value());
    }
    let name = value.class().short_name();
    Err(raise!(thread, TypeError, "must be real number, not {name}"))
}

/// `bool(value)`.
pub fn is_true(value: &Object, thread: &mut Thread) -> PyResult<bool> {
    if let Some(int) = value.downcast_exact::<crate::bool::Bool>() {
        return Ok(int.is(crate::bool::Bool::get(true)));
    }
    if value.is_none() {
        return Ok(false);
    }
    let slots = value.class().slots();
    // SAFETY: a type's method suites live as long as the type; the slots' protocols.
    let answer = unsafe {
        if let Some(function) = slots.tp_as_number.get().as_ref().and_then(|it| it.nb_bool.get()) {
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
