//! Attributes that an instance keeps for itself: the one file that knows where they lie.
//!
//! ```text
//! managed (classes)      the pointer to a dictionary 24 bytes before the header
//! offset > 0 (built-in)  a field of the struct
//! offset < 0 (C code)    counted back from the end of the items
//! inline (classes whose instances have no items)
//!                        values behind the fixed part, under keys that the class's instances share (`dict::split`)
//! ```
//! Inline values are the authority as long as they are valid. A dictionary made for `__dict__` then shares them; they end when a name does
//! not fit, when another dictionary is assigned, and with the instance.

use layout::{Py_TPFLAGS_INLINE_VALUES, Py_TPFLAGS_MANAGED_DICT, PyDictValues, PyObject};

use super::handle::Type;
use crate::dict::Dict;
use crate::dict::split::{SharedKeys, Values};
use crate::errors::PyResult;
use crate::gc::Visitor;
use crate::names;
use crate::raise;
use crate::refs::{Field, Object, Py, VarHeader, cast};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;

/// Bytes from an object's header back to its managed dictionary.
const MANAGED_DICT: usize = 3 * size_of::<*mut PyObject>();

/// What became of an attempt to set an attribute in an instance's dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// The attribute to delete is not there.
    Missing,
    /// Instances of this type have no dictionary.
    NoDict,
}

/// The field that holds an object's dictionary, if its type gives it one.
#[inline]
pub fn dict_field(object: &Object) -> Option<&Field<Dict>> {
    let class = object.class();
    let base = object.as_pointer().cast::<u8>();
    let address = if class.has_flag(Py_TPFLAGS_MANAGED_DICT) {
        // SAFETY: the flag promises room for the pointer before the header.
        unsafe { base.sub(MANAGED_DICT) }
    } else {
        match class.slots().tp_dictoffset.get() {
            0 => return None,
            offset if offset > 0 => base.wrapping_offset(offset),
            offset => base.wrapping_offset(offset + variable_size(object, class) as isize),
        }
    };
    // SAFETY: the type promises a field there that holds a dict or null.
    Some(unsafe { &*address.cast::<Field<Dict>>() })
}

/// The size of an object with its items, rounded up to a word.
fn variable_size(object: &Object, class: &Type) -> usize {
    // SAFETY: types with a negative offset have items, and so a size.
    let items = unsafe { cast::<VarHeader>(object) }.size().unsigned_abs();
    (class.basic_size() + items * class.item_size()).next_multiple_of(size_of::<usize>())
}

/// The keys that the instances of a class share, if they have inline values.
#[inline(always)]
pub fn shared_keys(class: &Type) -> Option<SharedKeys<'_>> {
    let heap = class.heap()?;
    // SAFETY: the class owns a reference to its keys.
    unsafe { SharedKeys::from_pointer(heap.ht_cached_keys.get()) }
}

/// Gives a class with managed dictionaries the keys that its instances share, beginning with the attributes that the compiler saw methods
/// assign; and its instances inline values, if they have no items.
pub(super) fn give_shared_keys(class: &Type, thread: &mut Thread) -> PyResult<()> {
    let Some(heap) = class.heap().filter(|_| class.has_flag(Py_TPFLAGS_MANAGED_DICT)) else { return Ok(()) };
    let known = class.dict(thread).get_str(&names::__static_attributes__, thread);
    let known = known.and_then(|it| it.downcast_into::<Tuple>().ok());
    let known: Vec<Py<Str>> = known
        .iter()
        .flat_map(|it| it.items().iter())
        .filter_map(|it| it.downcast_exact::<Str>().map(Py::from_ref))
        .collect();
    let Some(keys) = SharedKeys::allocate(known.iter().map(|it| &**it), thread) else {
        return Err(thread.raise_memory_error());
    };
    heap.ht_cached_keys.set(keys.as_pointer());
    if class.item_size() == 0 {
        class.add_flags(Py_TPFLAGS_INLINE_VALUES);
    }
    Ok(())
}

/// The valid inline values of an instance, and the keys that they go by.
#[inline(always)]
pub fn inline_values(object: &Object) -> Option<(SharedKeys<'_>, Values<'_>)> {
    let class = object.class();
    if !class.has_flag(Py_TPFLAGS_INLINE_VALUES) {
        return None;
    }
    let address = object.as_pointer().cast::<u8>().wrapping_add(class.basic_size());
    // SAFETY: the flag promises values behind the fixed part.
    let values = unsafe { Values::from_pointer(address.cast::<PyDictValues>()) }.filter(|it| it.is_valid())?;
    Some((shared_keys(class)?, values))
}

/// Bytes behind the fixed part that a new instance of the class needs for values.
#[inline]
pub(crate) fn inline_values_size(class: &Type) -> usize {
    if class.has_flag(Py_TPFLAGS_INLINE_VALUES) { shared_keys(class).map_or(0, SharedKeys::values_size) } else { 0 }
}

/// Makes the empty inline values of a new instance.
///
/// # Safety
/// The object's memory has [`inline_values_size`] bytes behind its fixed part.
pub(crate) unsafe fn initialize_inline_values(object: *mut PyObject, class: &Type) {
    if let Some(keys) = shared_keys(class) {
        // SAFETY: passed on to the caller; the fixed part's size is a multiple of a word.
        unsafe { Values::initialize(object.cast::<u8>().add(class.basic_size()), keys) };
    }
}

/// The value of an attribute that the instance itself has. Runs no Python code, unless Python code has put keys into the
/// dictionary that are no strings.
#[inline]
pub fn get(object: &Object, name: &Str, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    if let Some((keys, values)) = inline_values(object) {
        return Ok(keys.lookup(name).and_then(|slot| values.get(slot)));
    }
    match dict_field(object).and_then(Field::get) {
        Some(dict) => dict.get(name, thread),
        None => Ok(None),
    }
}

/// Sets an attribute of the instance itself, or deletes it.
pub fn set(object: &Object, name: &Str, value: Option<&Object>, thread: &mut Thread) -> PyResult<Outcome> {
    let Some(field) = dict_field(object) else { return Ok(Outcome::NoDict) };
    let old = match value {
        Some(value) => {
            let name = thread.intern(name);
            match set_inline(object, field, &name, value) {
                Some(old) => old,
                None => {
                    let dict = materialize(object, field, thread);
                    return dict.set(&name, value, thread).map(|()| Outcome::Done);
                }
            }
        }
        None => match inline_values(object) {
            Some((keys, values)) => {
                let Some(old) = keys.lookup(name).and_then(|slot| values.delete(slot)) else {
                    return Ok(Outcome::Missing);
                };
                // SAFETY: nothing sets the field in between.
                if let Some(dict) = unsafe { field.borrow() } {
                    dict.value_removed();
                }
                Some(old)
            }
            None => {
                return Ok(match field.get() {
                    Some(dict) if dict.delete(name, thread)? => Outcome::Done,
                    _ => Outcome::Missing,
                });
            }
        },
    };
    if let Some(old) = old {
        old.release(thread);
    }
    Ok(Outcome::Done)
}

/// Puts a value among the inline values; gives the one before, or None if there is no place for the name.
fn set_inline(object: &Object, field: &Field<Dict>, name: &Str, value: &Object) -> Option<Option<Py<Object>>> {
    let (keys, values) = inline_values(object)?;
    let slot = keys.insert(name).filter(|slot| *slot < values.capacity())?;
    let old = values.set(slot, Py::from_ref(value));
    // SAFETY: nothing sets the field in between.
    if let Some(dict) = unsafe { field.borrow() }.filter(|_| old.is_none()) {
        dict.value_added();
    }
    Some(old)
}

/// True if a dictionary was made for an instance whose type keeps it at this offset (`tp_dictoffset`, which is positive).
#[inline(always)]
pub fn has_dict_at(object: &Object, offset: usize) -> bool {
    debug_assert!(object.class().slots().tp_dictoffset.get() == offset as isize);
    // SAFETY: the type promises a pointer to a dictionary, or null, at the offset.
    unsafe { !object.as_pointer().cast::<u8>().add(offset).cast::<*mut PyObject>().read().is_null() }
}

/// The value in a slot of the inline values, if they are valid.
///
/// # Safety
/// The object's class has `Py_TPFLAGS_INLINE_VALUES`, and the slot is one of its shared keys: what a specialized instruction knows when the
/// class has the version that it had.
#[inline(always)]
pub unsafe fn inline_value_at(object: &Object, slot: usize) -> Option<&Object> {
    // SAFETY: passed on to the caller; the values lie behind the fixed part.
    unsafe {
        let address = object.as_pointer().cast::<u8>().add(object.class().basic_size());
        Values::from_pointer(address.cast::<PyDictValues>()).filter(|it| it.is_valid())?.get_known(slot)
    }
}

/// Puts a value into a slot of the inline values and gives the one before; the value comes back if the instance has none, or none so
/// large.
#[inline(always)]
pub fn set_inline_at(object: &Object, slot: usize, value: Py<Object>) -> Result<Option<Py<Object>>, Py<Object>> {
    let Some((_, values)) = inline_values(object).filter(|(_, values)| slot < values.capacity()) else {
        return Err(value);
    };
    let old = values.set(slot, value);
    if old.is_none()
        // SAFETY: nothing sets the field in between.
        && let Some(dict) = dict_field(object).and_then(|field| unsafe { field.borrow() })
    {
        dict.value_added();
    }
    Ok(old)
}

/// The dictionary behind a field, made if it is not there yet.
fn materialize(object: &Object, field: &Field<Dict>, thread: &mut Thread) -> Py<Dict> {
    if let Some(dict) = field.get() {
        return dict;
    }
    let dict = match inline_values(object) {
        Some((keys, values)) => Dict::from_shared(keys, values, thread),
        None => Dict::new(thread),
    };
    field.set(Some(dict.clone()));
    dict
}

/// The instance's dictionary itself, made if it is not there yet; None if its type gives it none.
pub fn dict(object: &Object, thread: &mut Thread) -> Option<Py<Dict>> {
    dict_field(object).map(|field| materialize(object, field, thread))
}

/// True if the instance has no attributes of its own; no dictionary is made to find out.
pub fn is_empty(object: &Object) -> bool {
    match (inline_values(object), dict_field(object).and_then(Field::get)) {
        (Some((_, values)), _) => values.length() == 0,
        (None, Some(dict)) => dict.length() == 0,
        (None, None) => true,
    }
}

/// `instance.__dict__ = value` of built-in types, whose dictionary can't be deleted.
pub fn set_dict(object: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    if value.is_none() {
        return Err(raise!(thread, TypeError, "cannot delete __dict__"));
    }
    set_or_delete_dict(object, value, thread)
}

/// `instance.__dict__ = value`, or `del instance.__dict__`, after which the instance has no attributes of its own.
pub fn set_or_delete_dict(object: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let Some(field) = dict_field(object) else {
        return Err(raise!(thread, AttributeError, "This object has no __dict__"));
    };
    let dict = match value.map(|it| (it, it.downcast::<Dict>())) {
        None => None,
        Some((_, Some(dict))) => Some(Py::from_ref(dict)),
        Some((value, None)) => {
            let name = value.class().full_name();
            return Err(raise!(thread, TypeError, "__dict__ must be set to a dictionary, not a '{name}'"));
        }
    };
    let old = field.replace(dict);
    end_inline_values(object, old.as_deref(), thread);
    if let Some(old) = old {
        old.release(thread);
    }
    Ok(())
}

/// Ends the use of inline values. A dictionary that shares them keeps them, as its own.
fn end_inline_values(object: &Object, dict: Option<&Dict>, thread: &mut Thread) {
    let Some((_, values)) = inline_values(object) else { return };
    if let Some(dict) = dict.filter(|it| it.shares_values(values)) {
        dict.detach_values(thread);
    }
    values.set_invalid();
    values.clear();
}

/// Makes the instance's attributes those of a dictionary of its own, before its class and with it the shared keys change.
pub(super) fn leave_inline_values(object: &Object, thread: &mut Thread) {
    if inline_values(object).is_some()
        && let Some(dict) = dict(object, thread)
    {
        end_inline_values(object, Some(&dict), thread);
    }
}

/// `PyObject_ClearManagedDict`: an instance with a managed dictionary gives its attributes up.
pub fn clear_managed(object: &Object, thread: &mut Thread) {
    if object.class().has_flag(Py_TPFLAGS_MANAGED_DICT) {
        release_field(object, dict_field(object), thread);
    }
}

/// `PyObject_VisitManagedDict`: reports what is in an instance's managed dictionary.
pub fn traverse_managed(object: &Object, visitor: &mut Visitor<'_>) {
    if object.class().has_flag(Py_TPFLAGS_MANAGED_DICT) {
        traverse_field(object, dict_field(object), visitor);
    }
}

/// Reports what classes below `base` gave the instance: what `base` itself has it traverses.
pub(super) fn traverse_added(object: &Object, base: &Type, visitor: &mut Visitor<'_>) {
    traverse_field(object, added_field(object, base), visitor);
}

fn traverse_field(object: &Object, field: Option<&Field<Dict>>, visitor: &mut Visitor<'_>) {
    let Some(field) = field else { return };
    // SAFETY: a traversal changes no field.
    match unsafe { field.borrow() } {
        Some(dict) if reports_values(dict, object) => visitor.visit(dict),
        dict => {
            if let Some((_, values)) = inline_values(object) {
                values.traverse(visitor);
            }
            dict.into_iter().for_each(|it| visitor.visit(it));
        }
    }
}

/// True if the dictionary reports the instance's inline values, if it has any.
fn reports_values(dict: &Dict, object: &Object) -> bool {
    inline_values(object).is_none_or(|(_, values)| dict.shares_values(values))
}

fn added_field<'a>(object: &'a Object, base: &Type) -> Option<&'a Field<Dict>> {
    if base.slots().tp_dictoffset.get() != 0 { None } else { dict_field(object) }
}

/// Gives up what classes below `base` gave the instance: it is being freed, or a cycle is to be broken.
pub(super) fn release(object: &Object, base: &Type, thread: &mut Thread) {
    release_field(object, added_field(object, base), thread);
}

fn release_field(object: &Object, field: Option<&Field<Dict>>, thread: &mut Thread) {
    let Some(field) = field else { return };
    let dict = field.take();
    // A dictionary that nobody else has goes first: the values then need no other place. It forgets them here, since it may be freed
    // later than the instance, where deallocations are nested deeply.
    let kept = dict.filter(|it| {
        if it.is_unique() {
            it.forget_shared_values(thread);
        }
        !it.is_unique()
    });
    end_inline_values(object, kept.as_deref(), thread);
}
