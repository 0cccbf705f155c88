//! Attributes: `getattr`, `setattr`, `delattr` and special-method lookup.

use crate::errors::PyResult;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;

use super::call::result_from_c;

/// `getattr(object, name)`.
#[inline]
pub fn get_attribute(object: &Object, name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(function) = object.class().slots().tp_getattro.get() else {
        return Err(raise!(
            thread,
            TypeError,
            "'{}' object has no attributes (only .{})",
            object.class().short_name(),
            name.to_string_lossy()
        ));
    };
    // SAFETY: the slot's protocol.
    result_from_c(unsafe { function(object.as_pointer(), name.as_pointer()) }, thread)
}

/// `setattr(object, name, value)`, or `delattr(object, name)` without a value.
#[inline]
pub fn set_attribute(object: &Object, name: &Str, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let Some(function) = object.class().slots().tp_setattro.get() else {
        let doing = if value.is_some() { "assign to" } else { "del" };
        return Err(raise!(
            thread,
            TypeError,
            "'{}' object has no attributes ({doing} .{})",
            object.class().short_name(),
            name.to_string_lossy()
        ));
    };
    let value = value.map_or(std::ptr::null_mut(), Object::as_pointer);
    // SAFETY: the slot's protocol; null deletes.
    match unsafe { function(object.as_pointer(), name.as_pointer(), value) } {
        0 => Ok(()),
        _ => Err(thread.raised_elsewhere()),
    }
}
