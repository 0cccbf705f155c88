//! Attributes that an instance keeps in its dictionary: the one file that knows where a dictionary lies.
//!
//! ```text
//! managed (classes)      the pointer 24 bytes before the header
//! offset > 0 (built-in)  a field of the struct
//! offset < 0 (C code)    counted back from the end of the items
//! ```

use layout::{Py_TPFLAGS_MANAGED_DICT, PyObject};

use super::handle::Type;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::raise;
use crate::refs::{Field, Object, Py, VarHeader, cast};
use crate::str::Str;
use crate::thread::Thread;

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

/// The value of an attribute in the instance's dictionary. Exact string keys run no Python code, and a dictionary of attributes
/// that Python code has filled with others is searched as any dict is.
#[inline]
pub fn get(object: &Object, name: &Str, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    match dict_field(object).and_then(Field::get) {
        Some(dict) => dict.get(name, thread),
        None => Ok(None),
    }
}

/// Sets an attribute in the instance's dictionary, or deletes it.
pub fn set(object: &Object, name: &Str, value: Option<&Object>, thread: &mut Thread) -> PyResult<Outcome> {
    let Some(field) = dict_field(object) else { return Ok(Outcome::NoDict) };
    match value {
        Some(value) => {
            let dict = match field.get() {
                Some(dict) => dict,
                None => make_dict(field, thread),
            };
            let name = thread.intern(name);
            dict.set(&name, value, thread)?;
            Ok(Outcome::Done)
        }
        None => match field.get() {
            Some(dict) if dict.delete(name, thread)? => Ok(Outcome::Done),
            _ => Ok(Outcome::Missing),
        },
    }
}

fn make_dict(field: &Field<Dict>, thread: &mut Thread) -> Py<Dict> {
    let dict = Dict::new(thread);
    field.set(Some(dict.clone()));
    dict
}

/// The instance's dictionary itself, made if it is not there yet; None if its type gives it none.
pub fn dict(object: &Object, thread: &mut Thread) -> Option<Py<Dict>> {
    let field = dict_field(object)?;
    Some(match field.get() {
        Some(dict) => dict,
        None => make_dict(field, thread),
    })
}

/// `instance.__dict__ = value`, or `del instance.__dict__`.
pub fn set_dict(object: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let Some(field) = dict_field(object) else {
        return Err(raise!(thread, AttributeError, "This object has no __dict__"));
    };
    let Some(value) = value else {
        return Err(raise!(thread, TypeError, "cannot delete __dict__"));
    };
    let Some(dict) = value.downcast::<Dict>() else {
        let name = value.class().short_name();
        return Err(raise!(thread, TypeError, "__dict__ must be set to a dictionary, not a '{name}'"));
    };
    if let Some(old) = field.replace(Some(Py::from_ref(dict))) {
        old.release(thread);
    }
    Ok(())
}

/// The dictionary that classes below `base` gave the instance, for the traversal: what `base` itself has it traverses.
pub(super) fn added_dict<'a>(object: &'a Object, base: &Type) -> Option<&'a Object> {
    let field = added_field(object, base)?;
    // SAFETY: a traversal changes no field.
    unsafe { field.borrow() }.map(|it| crate::refs::HasHeader::as_object(it))
}

fn added_field<'a>(object: &'a Object, base: &Type) -> Option<&'a Field<Dict>> {
    if base.slots().tp_dictoffset.get() != 0 { None } else { dict_field(object) }
}

/// Gives up the dictionary that classes below `base` gave the instance, which is being freed.
pub(super) fn release(object: &Object, base: &Type) {
    clear(object, base);
}

/// Gives up the dictionary to break a cycle.
pub(super) fn clear(object: &Object, base: &Type) {
    if let Some(field) = added_field(object, base) {
        field.set(None);
    }
}
