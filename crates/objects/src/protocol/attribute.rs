//! Attributes: `getattr`, `setattr`, `delattr`, and the error that says that there is no such attribute.

use crate::errors::{AttributeError, PyResult, Raised};
use crate::exceptions;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::Type;

use super::call::result_from_c;

/// `getattr(object, name)`.
#[inline]
pub fn get_attribute(object: &Object, name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let slots = object.class().slots();
    if let Some(function) = slots.tp_getattro.get() {
        thread.check_stack(" while getting an attribute")?;
        // SAFETY: the slot's protocol.
        let result = unsafe { function(object.as_pointer(), name.as_pointer()) };
        return result_from_c(result, thread)
            .map_err(|raised| set_attribute_error_context(object, name, raised, thread));
    }
    get_attribute_old(object, name, thread)
}

/// Through `tp_getattr`, which a few types of C code still have: it takes the name as a C string.
#[cold]
fn get_attribute_old(object: &Object, name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(function) = object.class().slots().tp_getattr.get() else {
        return Err(raise_no_attribute(object, &name.to_string_lossy(), thread));
    };
    let name = c_name(name, thread)?;
    // SAFETY: the slot's protocol: a C string that the function does not keep.
    result_from_c(unsafe { function(object.as_pointer(), name.as_ptr().cast_mut()) }, thread)
}

fn c_name(name: &Str, thread: &mut Thread) -> PyResult<std::ffi::CString> {
    match std::ffi::CString::new(name.to_string_lossy()) {
        Ok(name) => Ok(name),
        Err(_) => Err(raise!(thread, ValueError, "embedded null character")),
    }
}

/// `getattr(object, name)`, with None where that would raise AttributeError. Does not make the exception where that can be avoided.
pub fn lookup_attribute(object: &Object, name: &Str, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let slots = object.class().slots();
    let plain = crate::object::has_generic_getattribute(object.class());
    if plain {
        return crate::object::lookup_attribute_generic(object, name, thread);
    }
    if crate::type_::has_type_getattribute(object.class())
        && slots.tp_getattro.get().is_some()
        && let Some(class) = object.downcast::<Type>()
    {
        return crate::type_::lookup_type_attribute(class, name, thread);
    }
    let result = get_attribute(object, name, thread);
    thread.suppress(result, AttributeError)
}

/// `setattr(object, name, value)`, or `delattr(object, name)` without a value.
#[inline]
pub fn set_attribute(object: &Object, name: &Str, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let slots = object.class().slots();
    let pointer = value.map_or(std::ptr::null_mut(), Object::as_pointer);
    let status = if let Some(function) = slots.tp_setattro.get() {
        let name = thread.intern(name);
        // SAFETY: the slot's protocol; null deletes.
        unsafe { function(object.as_pointer(), name.as_pointer(), pointer) }
    } else if let Some(function) = slots.tp_setattr.get() {
        let name = c_name(name, thread)?;
        // SAFETY: the slot's protocol: a C string that the function does not keep; null deletes.
        unsafe { function(object.as_pointer(), name.as_ptr().cast_mut(), pointer) }
    } else {
        return Err(raise_cannot_assign(object, name, value.is_some(), thread));
    };
    if status == 0 { Ok(()) } else { Err(thread.raised_elsewhere()) }
}

#[cold]
fn raise_cannot_assign(object: &Object, name: &Str, assigning: bool, thread: &mut Thread) -> Raised {
    let doing = if assigning { "assign to" } else { "del" };
    let has = if object.class().slots().tp_getattro.get().is_some() { "only read-only" } else { "no" };
    let (class, name) = (object.class().full_name(), name.to_string_lossy());
    raise!(thread, TypeError, "'{class}' object has {has} attributes ({doing} .{name})")
}

/// AttributeError with a message of its own, and the object and the name in it, from which tracebacks suggest others.
#[cold]
pub fn raise_attribute_error(object: &Object, name: &str, message: &str, thread: &mut Thread) -> Raised {
    let raised = raise!(thread, AttributeError, "{message}");
    let name = Str::from_str(name, thread);
    set_attribute_error_context(object, &name, raised, thread)
}

/// Notes the object and the name in an AttributeError that is set and has none.
#[cold]
pub fn set_attribute_error_context(object: &Object, name: &Object, raised: Raised, thread: &mut Thread) -> Raised {
    if !thread.raised_is(AttributeError) {
        return raised;
    }
    let exception = thread.catch(raised);
    if let Some(error) = exception.downcast::<exceptions::AttributeError>()
        && error.name.is_empty()
        && error.obj.is_empty()
    {
        error.name.set(Some(Py::from_ref(name)));
        error.obj.set(Some(Py::from_ref(object)));
    }
    thread.set_exception(exception)
}

/// `'X' object has no attribute 'y'`.
#[cold]
pub fn raise_no_attribute(object: &Object, name: &str, thread: &mut Thread) -> Raised {
    let message = format!("'{}' object has no attribute '{name}'", object.class().full_name());
    raise_attribute_error(object, name, &message, thread)
}
