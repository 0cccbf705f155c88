//! The attributes of ordinary instances: what `object.__getattribute__` and `object.__setattr__` do.
//!
//! The order is the language reference's (Customizing attribute access): data descriptors of the type, the instance's dictionary, other
//! descriptors and values of the type.

use layout::descrgetfunc;

use crate::errors::{AttributeError, PyResult};
use crate::protocol::{raise_attribute_error, raise_no_attribute, result_from_c};
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::instance_dict::{self, Outcome};
use crate::types::{Instance as _, Type};

use super::BaseObject;

/// True if instances of the class get attributes as `object` says, and not in a way of their own.
#[inline]
pub fn has_generic_getattribute(class: &Type) -> bool {
    let (ours, plain) = (class.slots().tp_getattro.get(), BaseObject::class().slots().tp_getattro.get());
    ours.zip(plain).is_some_and(|(ours, plain)| std::ptr::fn_addr_eq(ours, plain))
}

/// True if attributes of instances of the class are set as `object` says.
#[inline]
pub fn has_generic_setattr(class: &Type) -> bool {
    let (ours, plain) = (class.slots().tp_setattro.get(), BaseObject::class().slots().tp_setattro.get());
    ours.zip(plain).is_some_and(|(ours, plain)| std::ptr::fn_addr_eq(ours, plain))
}

/// True if instances of the class are made as `object` makes them.
#[inline]
pub fn has_generic_new(class: &Type) -> bool {
    let (ours, plain) = (class.slots().tp_new.get(), BaseObject::class().slots().tp_new.get());
    ours.zip(plain).is_some_and(|(ours, plain)| std::ptr::fn_addr_eq(ours, plain))
}

/// What a type has under a name, and how to make an instance's attribute of it.
struct Found {
    value: Py<Object>,
    get: Option<descrgetfunc>,
}

impl Found {
    fn of(class: &Type, name: &Str, thread: &Thread) -> Option<Self> {
        let value = class.lookup(name, thread)?;
        let get = value.class().slots().tp_descr_get.get();
        Some(Self { value, get })
    }

    fn is_data(&self) -> bool {
        self.get.is_some() && self.value.class().slots().tp_descr_set.get().is_some()
    }

    fn get(self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(get) = self.get else { return Ok(self.value) };
        // SAFETY: the slot's protocol.
        let result = unsafe { get(self.value.as_pointer(), object.as_pointer(), object.class().as_pointer().cast()) };
        result_from_c(result, thread)
    }
}

/// `object.__getattribute__`.
pub fn get_attribute_generic(object: &Object, name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    match find(object, name, thread)? {
        Some(value) => Ok(value),
        None => Err(raise_no_attribute(object, &name.to_string_lossy(), thread)),
    }
}

/// As [`get_attribute_generic`], with None where that would raise AttributeError.
pub fn lookup_attribute_generic(object: &Object, name: &Str, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    match find(object, name, thread) {
        Err(raised) => Ok(thread.suppress(Err(raised), AttributeError)?.flatten()),
        found => found,
    }
}

fn find(object: &Object, name: &Str, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let found = Found::of(object.class(), name, thread);
    if let Some(found) = found {
        if found.is_data() {
            return found.get(object, thread).map(Some);
        }
        if let Some(value) = instance_dict::get(object, name, thread)? {
            return Ok(Some(value));
        }
        return found.get(object, thread).map(Some);
    }
    instance_dict::get(object, name, thread)
}

/// What `LOAD_METHOD` finds: a function that takes the receiver as its first argument, or an attribute as it is.
pub enum Method {
    Unbound(Py<Object>),
    Attribute(Py<Object>),
}

/// `object.name`, without making a bound method where the type has a function under the name (`_PyObject_GetMethod`).
pub fn get_method(object: &Object, name: &Str, thread: &mut Thread) -> PyResult<Method> {
    let class = object.class();
    if !has_generic_getattribute(class) {
        return crate::protocol::get_attribute(object, name, thread).map(Method::Attribute);
    }
    let Some(found) = Found::of(class, name, thread) else {
        return get_attribute_generic(object, name, thread).map(Method::Attribute);
    };
    if found.value.class().has_flag(layout::Py_TPFLAGS_METHOD_DESCRIPTOR) {
        return Ok(match instance_dict::get(object, name, thread)? {
            Some(value) => Method::Attribute(value),
            None => Method::Unbound(found.value),
        });
    }
    if !found.is_data()
        && let Some(value) = instance_dict::get(object, name, thread)?
    {
        return Ok(Method::Attribute(value));
    }
    found.get(object, thread).map(Method::Attribute)
}

/// `object.__setattr__`, and `object.__delattr__` without a value.
pub fn set_attribute_generic(object: &Object, name: &Str, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let found = object.class().lookup(name, thread);
    if let Some(found) = &found
        && let Some(set) = found.class().slots().tp_descr_set.get()
    {
        let value = value.map_or(std::ptr::null_mut(), Object::as_pointer);
        // SAFETY: the slot's protocol; null deletes.
        return match unsafe { set(found.as_pointer(), object.as_pointer(), value) } {
            0 => Ok(()),
            _ => Err(thread.raised_elsewhere()),
        };
    }
    match instance_dict::set(object, name, value, thread)? {
        Outcome::Done => Ok(()),
        Outcome::Missing => Err(raise_no_attribute(object, &name.to_string_lossy(), thread)),
        Outcome::NoDict => {
            let (class, text) = (object.class().full_name(), name.to_string_lossy());
            if found.is_some() {
                return Err(raise!(thread, AttributeError, "'{class}' object attribute '{text}' is read-only"));
            }
            let plain = BaseObject::class().slots().tp_setattro.get();
            let ours = object.class().slots().tp_setattro.get();
            let is_plain = ours.zip(plain).is_some_and(|(ours, plain)| std::ptr::fn_addr_eq(ours, plain));
            let reason = if is_plain { " and no __dict__ for setting new attributes" } else { "" };
            let message = format!("'{class}' object has no attribute '{text}'{reason}");
            Err(raise_attribute_error(object, &text, &message, thread))
        }
    }
}

/// A name given by Python code, which must be a string.
pub fn attribute_name<'a>(name: &'a Object, thread: &mut Thread) -> PyResult<&'a Str> {
    match name.downcast::<Str>() {
        Some(name) => Ok(name),
        None => {
            let class = name.class().full_name();
            Err(raise!(thread, TypeError, "attribute name must be string, not '{class}'"))
        }
    }
}
