//! The attributes of classes: what `type.__getattribute__` and `type.__setattr__` do.
//!
//! The order is the language reference's (Invoking descriptors, class binding): data descriptors of the metaclass, attributes of the class and
//! its bases bound to the class, other attributes of the metaclass.

use crate::errors::{AttributeError, PyResult, Raised};
use crate::protocol::{raise_attribute_error, result_from_c};
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::{Instance as _, Type, slot_update};

/// True if instances of this metaclass get attributes as `type` says.
pub fn has_type_getattribute(metaclass: &Type) -> bool {
    let (ours, plain) = (metaclass.slots().tp_getattro.get(), Type::class().slots().tp_getattro.get());
    ours.zip(plain).is_some_and(|(ours, plain)| std::ptr::fn_addr_eq(ours, plain))
}

/// `type.__getattribute__`.
pub fn get_type_attribute(class: &Type, name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    match find(class, name, thread)? {
        Some(value) => Ok(value),
        None => Err(raise_no_type_attribute(class, name, thread)),
    }
}

/// As [`get_type_attribute`], with None where that would raise AttributeError.
pub fn lookup_type_attribute(class: &Type, name: &Str, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    match find(class, name, thread) {
        Err(raised) => Ok(thread.suppress(Err(raised), AttributeError)?.flatten()),
        found => found,
    }
}

#[cold]
fn raise_no_type_attribute(class: &Type, name: &Str, thread: &mut Thread) -> Raised {
    let name = name.to_string_lossy();
    let message = format!("type object '{}' has no attribute '{name}'", class.full_name());
    raise_attribute_error(class, &name, &message, thread)
}

fn find(class: &Type, name: &Str, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let metaclass = Py::from_ref(class.class_of());
    let meta = metaclass.lookup(name, thread);
    let meta_get = meta.as_ref().and_then(|it| it.class().slots().tp_descr_get.get());
    let is_data = meta.as_ref().is_some_and(|it| it.class().slots().tp_descr_set.get().is_some());
    let call_meta = |thread: &mut Thread| match (&meta, meta_get) {
        (Some(meta), Some(get)) => {
            let class = class.as_pointer().cast();
            // SAFETY: the slot's protocol.
            result_from_c(unsafe { get(meta.as_pointer(), class, metaclass.as_pointer().cast()) }, thread).map(Some)
        }
        (meta, _) => Ok(meta.clone()),
    };
    if meta_get.is_some() && is_data {
        return call_meta(thread);
    }
    if let Some(value) = class.lookup(name, thread) {
        let Some(get) = value.class().slots().tp_descr_get.get() else { return Ok(Some(value)) };
        // SAFETY: the slot's protocol: no instance, but an owner.
        let bound = unsafe { get(value.as_pointer(), std::ptr::null_mut(), class.as_pointer().cast()) };
        return result_from_c(bound, thread).map(Some);
    }
    call_meta(thread)
}

/// `type.__setattr__`, and `type.__delattr__` without a value.
pub fn set_type_attribute(class: &Type, name: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    if class.has_flag(layout::Py_TPFLAGS_IMMUTABLETYPE) {
        let shown = crate::protocol::repr(name, thread)?.to_string_lossy();
        let class = class.full_name();
        return Err(raise!(thread, TypeError, "cannot set {shown} attribute of immutable type '{class}'"));
    }
    let name = crate::object::attribute_name(name, thread)?;
    let name = thread.intern(name);
    if let Some(found) = class.class_of().lookup(&name, thread)
        && let Some(set) = found.class().slots().tp_descr_set.get()
    {
        let value = value.map_or(std::ptr::null_mut(), Object::as_pointer);
        // SAFETY: the slot's protocol; null deletes.
        return match unsafe { set(found.as_pointer(), class.as_pointer().cast(), value) } {
            0 => Ok(()),
            _ => Err(thread.raised_elsewhere()),
        };
    }
    set_own_attribute(class, &name, value, thread)
}

/// Sets or deletes an attribute in the class's dictionary, and what depends on it: caches and slots.
pub fn set_own_attribute(class: &Type, name: &Str, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    let dict = class.dict(thread);
    // The old value goes when caches no longer lead to it.
    let old = dict.get_str(name, thread);
    class.modified(thread);
    match value {
        Some(value) => dict.set_str(name, value, thread)?,
        None => {
            if !dict.delete(name, thread)? {
                return Err(raise_no_type_attribute(class, name, thread));
            }
        }
    }
    class.modified(thread);
    if slot_update::is_dunder(name) {
        slot_update::update_slots_named(class, name, thread);
    }
    if let Some(old) = old {
        old.release(thread);
    }
    Ok(())
}
