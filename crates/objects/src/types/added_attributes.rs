//! `__dict__` and `__weakref__` of instances of classes.

use super::declaration::Accessor;
use super::instance_dict;
use crate::errors::PyResult;
use crate::raise;
use crate::refs::{Object, Py};
use crate::slots::enter;
use crate::thread::Thread;
use layout::PyObject;
use std::ffi::{c_int, c_void};

/// `instance.__dict__`.
pub static DICT: Accessor =
    Accessor::new(c"__dict__", get_dict, Some(set_dict), Some(c"dictionary for instance variables"));

/// `instance.__weakref__`.
pub static WEAK_REFERENCES: Accessor =
    Accessor::new(c"__weakref__", get_weak_references, None, Some(c"list of weak references to the object"));

/// # Safety
/// A getter's protocol.
unsafe extern "C-unwind" fn get_dict(object: *mut PyObject, _closure: *mut c_void) -> *mut PyObject {
    // SAFETY: passed on to the caller.
    unsafe {
        enter::unary(object, |object: &Object, thread: &mut Thread| match instance_dict::dict(object, thread) {
            Some(dict) => Ok(dict.into_object()),
            None => Err(raise!(thread, AttributeError, "This object has no __dict__")) as PyResult<Py<Object>>,
        })
    }
}

/// # Safety
/// A setter's protocol.
unsafe extern "C-unwind" fn set_dict(object: *mut PyObject, value: *mut PyObject, _closure: *mut c_void) -> c_int {
    // SAFETY: passed on to the caller.
    unsafe { enter::set_attribute(object, value, instance_dict::set_or_delete_dict) }
}

/// # Safety
/// A getter's protocol.
unsafe extern "C-unwind" fn get_weak_references(object: *mut PyObject, _closure: *mut c_void) -> *mut PyObject {
    // SAFETY: passed on to the caller.
    unsafe {
        enter::unary(object, |object: &Object, thread: &mut Thread| {
            Ok(crate::weakref::first_reference(object).unwrap_or_else(|| thread.none())) as PyResult<Py<Object>>
        })
    }
}
