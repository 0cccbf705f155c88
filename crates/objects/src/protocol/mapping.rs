//! `object[key]`: reading, setting and deleting, by the mapping slots first and by the sequence slots otherwise.

use layout::PySequenceMethods;

use crate::errors::{AttributeError, IndexError, PyResult};
use crate::names;
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;
use crate::types::{Instance as _, Type};

use super::call::{call_one, result_from_c};
use super::convert::index_or_raise;

/// The sequence methods of an object's type.
#[inline(always)]
pub(super) fn sequence_methods(object: &Object) -> Option<&PySequenceMethods> {
    // SAFETY: a type's method suites live as long as the type.
    unsafe { object.class().slots().tp_as_sequence.get().as_ref() }
}

/// `object[key]`.
#[inline]
pub fn get_item(object: &Object, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    // SAFETY: a type's method suites live as long as the type.
    let mapping = unsafe { object.class().slots().tp_as_mapping.get().as_ref() };
    if let Some(function) = mapping.and_then(|it| it.mp_subscript.get()) {
        // SAFETY: the slot's protocol.
        return result_from_c(unsafe { function(object.as_pointer(), key.as_pointer()) }, thread);
    }
    if sequence_methods(object).is_some_and(|it| it.sq_item.get().is_some()) {
        let index = sequence_index(key, thread)?;
        return super::sequence::get_index(object, index, thread);
    }
    if let Some(class) = object.downcast::<Type>() {
        return subscribe_class(class, key, thread);
    }
    Err(raise!(thread, TypeError, "'{}' object is not subscriptable", object.class().full_name()))
}

/// `Class[key]` where the metaclass has no say: `__class_getitem__`.
fn subscribe_class(class: &Type, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    if std::ptr::eq(class, Type::class()) {
        return super::generic_alias(class, key, thread);
    }
    let method = super::get_attribute(class, &names::__class_getitem__, thread);
    match thread.suppress(method, AttributeError)?.filter(|it| !it.is_none()) {
        Some(method) => call_one(&method, key, thread),
        None => Err(raise!(thread, TypeError, "type '{}' is not subscriptable", class.full_name())),
    }
}

/// A key as an index of a sequence.
fn sequence_index(key: &Object, thread: &mut Thread) -> PyResult<isize> {
    if !super::is_index(key) {
        let class = key.class().full_name();
        return Err(raise!(thread, TypeError, "sequence index must be integer, not '{class}'"));
    }
    index_or_raise(key, IndexError, thread)
}

/// `object[key] = value`.
pub fn set_item(object: &Object, key: &Object, value: &Object, thread: &mut Thread) -> PyResult<()> {
    change_item(object, key, Some(value), thread)
}

/// `del object[key]`.
pub fn delete_item(object: &Object, key: &Object, thread: &mut Thread) -> PyResult<()> {
    change_item(object, key, None, thread)
}

fn change_item(object: &Object, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    // SAFETY: a type's method suites live as long as the type.
    let mapping = unsafe { object.class().slots().tp_as_mapping.get().as_ref() };
    if let Some(function) = mapping.and_then(|it| it.mp_ass_subscript.get()) {
        let value = value.map_or(std::ptr::null_mut(), Object::as_pointer);
        // SAFETY: the slot's protocol; null deletes.
        let status = unsafe { function(object.as_pointer(), key.as_pointer(), value) };
        return if status < 0 { Err(thread.raised_elsewhere()) } else { Ok(()) };
    }
    if sequence_methods(object).is_some_and(|it| it.sq_ass_item.get().is_some()) {
        let index = sequence_index(key, thread)?;
        return super::sequence::change_index(object, index, value, thread);
    }
    let doing = if value.is_some() { "assignment" } else { "deletion" };
    Err(raise!(thread, TypeError, "'{}' object does not support item {doing}", object.class().full_name()))
}
