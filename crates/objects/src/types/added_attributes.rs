//! `__dict__` and `__weakref__` of instances of classes.

use super::declaration::Accessor;
use super::instance_dict;
use crate::errors::{PyResult, Raised};
use crate::names;
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
    unsafe { enter::unary(object, dict_of) }
}

fn dict_of(object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    if let Some(descriptor) = built_in_descriptor(object, thread)? {
        let Some(get) = descriptor.class().slots().tp_descr_get.get() else {
            return Err(raise_unsupported(object, thread));
        };
        // SAFETY: the slot's protocol: an instance and its class.
        let found = unsafe { get(descriptor.as_pointer(), object.as_pointer(), object.class().as_object_pointer()) };
        return crate::protocol::result_from_c(found, thread);
    }
    match instance_dict::dict(object, thread) {
        Some(dict) => Ok(dict.into_object()),
        None => Err(raise!(thread, AttributeError, "This object has no __dict__")),
    }
}

fn set_dict_of(object: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    if let Some(descriptor) = built_in_descriptor(object, thread)? {
        let Some(set) = descriptor.class().slots().tp_descr_set.get() else {
            return Err(raise_unsupported(object, thread));
        };
        let value = value.map_or(std::ptr::null_mut(), Object::as_pointer);
        // SAFETY: the slot's protocol; null deletes.
        return match unsafe { set(descriptor.as_pointer(), object.as_pointer(), value) } {
            0 => Ok(()),
            _ => Err(thread.raised_elsewhere()),
        };
    }
    instance_dict::set_or_delete_dict(object, value, thread)
}

/// What a built-in base that has dictionaries in its instances gives for `__dict__`: it may be more careful with them.
fn built_in_descriptor(object: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let mut classes = std::iter::successors(Some(object.class()), |it| it.base());
    let Some(base) = classes.find(|it| !it.is_heap_type() && it.slots().tp_dictoffset.get() != 0) else {
        return Ok(None);
    };
    match base.lookup(&names::__dict__, thread) {
        Some(found) if found.class().slots().tp_descr_set.get().is_some() => Ok(Some(found)),
        _ => Err(raise_unsupported(object, thread)),
    }
}

#[cold]
fn raise_unsupported(object: &Object, thread: &mut Thread) -> Raised {
    let class = object.class().short_name();
    raise!(thread, TypeError, "this __dict__ descriptor does not support '{class}' objects")
}

/// # Safety
/// A setter's protocol.
unsafe extern "C-unwind" fn set_dict(object: *mut PyObject, value: *mut PyObject, _closure: *mut c_void) -> c_int {
    // SAFETY: passed on to the caller.
    unsafe { enter::set_attribute(object, value, set_dict_of) }
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
