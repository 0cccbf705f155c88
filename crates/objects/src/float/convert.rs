//! Objects as floats: `float(x)`, `float.from_number`, and the argument of C functions that take a double.

use super::Float;
use crate::errors::{DeprecationWarning, PyResult};
use crate::int::{self, Int};
use crate::protocol::result_from_c;
use crate::raise;
use crate::refs::Object;
use crate::str::Str;
use crate::thread::Thread;

const DEPRECATED_SUBCLASS: &str = "The ability to return an instance of a strict subclass of float is deprecated, \
                                   and may be removed in a future version of Python.";

/// What `__float__` or `__index__` of an object give; None if it has neither.
pub fn from_number(value: &Object, thread: &mut Thread) -> PyResult<Option<f64>> {
    if let Some(float) = value.downcast_exact::<Float>() {
        return Ok(Some(float.value()));
    }
    // SAFETY: a type's method suites live as long as the type.
    let Some(methods) = (unsafe { value.class().slots().tp_as_number.get().as_ref() }) else { return Ok(None) };
    if let Some(function) = methods.nb_float.get() {
        // SAFETY: the slot's protocol.
        let result = result_from_c(unsafe { function(value.as_pointer()) }, thread)?;
        let Some(float) = result.downcast::<Float>() else {
            let (class, found) = (value.class().full_name(), result.class().full_name());
            return Err(raise!(thread, TypeError, "{class}.__float__ returned non-float (type {found})"));
        };
        if !float.is_exactly::<Float>() {
            let (class, found) = (value.class().full_name(), result.class().full_name());
            let message = format_args!("{class}.__float__ returned non-float (type {found}).  {DEPRECATED_SUBCLASS}");
            thread.warn(DeprecationWarning, 1, message)?;
        }
        return Ok(Some(float.value()));
    }
    if methods.nb_index.get().is_some() {
        let int = crate::protocol::index(value, thread)?;
        return int.to_f64(thread).map(Some);
    }
    Ok(value.downcast::<Float>().map(Float::value))
}

/// `float(value)`
pub(super) fn from_object(value: &Object, thread: &mut Thread) -> PyResult<f64> {
    // A subclass of str may have a `__float__`, which comes first.
    if !value.is_exactly::<Str>()
        && let Some(number) = from_number(value, thread)?
    {
        return Ok(number);
    }
    if let Some(text) = value.downcast::<Str>() {
        return from_literal(&int::ascii_text(text.view()), value, thread);
    }
    if let Some(contents) = int::bytes_contents(value, thread)? {
        let shown = thread.make_bytes(&contents)?;
        let source = if value.class().full_name() == "memoryview" { value } else { &shown };
        return from_literal(&contents, source, thread);
    }
    let class = value.class().full_name();
    Err(raise!(thread, TypeError, "float() argument must be a string or a real number, not '{class}'"))
}

fn from_literal(text: &[u8], source: &Object, thread: &mut Thread) -> PyResult<f64> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let start = text.iter().position(|byte| !is_space(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    if let Some(value) = numeric::float::parse_float(&text[start..end]) {
        return Ok(value);
    }
    let shown = crate::protocol::repr(source, thread)?.to_string_lossy();
    Err(raise!(thread, ValueError, "could not convert string to float: {shown}"))
}

impl Float {
    /// The float as an int, rounded to the nearest, halves to the even one.
    pub(super) fn round_to_int(&self, thread: &mut Thread) -> PyResult<crate::refs::Py<Int>> {
        Int::from_f64(self.value().round_ties_even(), thread)
    }
}
