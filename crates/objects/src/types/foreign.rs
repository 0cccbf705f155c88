//! `PyType_Ready`: types that C code declares, static ones and those made from a spec.
//!
//! They differ from declared types in their tables, which are C arrays, and in that they belong to the one interpreter that makes them ready.

use std::ffi::c_ulong;

use layout::*;

use super::handle::Type;
use super::instance_dict;
use super::ready::{add_wrappers, filled_slots, type_doc};
use super::{instance, mro};
use crate::descriptors::{
    BuiltinFunction, ClassMethodDescriptor, GetSetDescriptor, MemberDescriptor, MethodDescriptor, StaticMethod, text_of,
};
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::names;
use crate::object::BaseObject;
use crate::protocol;
use crate::raise;
use crate::refs::{HasHeader, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Instance as _;

/// Makes a type of C code usable: base, order, inherited slots, dictionary. Does nothing if it is ready already.
///
/// # Safety
/// The type object and its tables are as C's API describes them, and live as long as the type is used.
pub unsafe fn ready_foreign_type(class: &Type, thread: &mut Thread) -> PyResult<()> {
    if class.has_flag(Py_TPFLAGS_READY) {
        return Ok(());
    }
    if class.slots().tp_name.get().is_null() {
        return Err(raise!(thread, SystemError, "Type does not define the tp_name field."));
    }
    // SAFETY: passed on to the caller.
    unsafe { settle_bases(class, thread)? };
    let is_static = !class.is_heap_type();
    if is_static {
        class.add_flags(Py_TPFLAGS_IMMUTABLETYPE);
        class.make_immortal();
    }
    settle_managed_fields(class);
    let own = filled_slots(class);
    if class.slots().tp_dict.get().is_null() {
        class.slots().tp_dict.set(Dict::new(thread).into_pointer());
    }
    let order = mro::resolution_order(class, thread)?;
    class.slots().tp_mro.set(order.into_pointer());
    let dict = class.dict(thread);
    settle_new(class, &dict, thread)?;
    add_wrappers(class, &dict, |at| own & 1 << at != 0, thread)?;
    // SAFETY: passed on to the caller.
    unsafe { add_tables(class, &dict, thread)? };
    if dict.get_str(&names::__doc__, thread).is_none() {
        let doc = type_doc(class, thread);
        dict.set_str(&names::__doc__, &doc, thread)?;
    }
    let has = |name: &Str, thread: &Thread| dict.get_str(name, thread).is_some();
    let overrides_hash = has(&names::__eq__, thread) || has(&names::__hash__, thread);
    class.inherit(overrides_hash);
    if class.slots().tp_hash.get().is_none() {
        if !has(&names::__hash__, thread) {
            dict.set_str(&names::__hash__, &thread.none(), thread)?;
        }
        class.slots().tp_hash.set(Some(protocol::hash_not_implemented));
    }
    let bases = class.bases().map_or_else(Vec::new, |it| it.items().to_vec());
    let bases: Vec<&Type> = bases.iter().filter_map(|it| it.downcast::<Type>()).collect();
    class.add_to_bases(&bases, thread);
    class.add_flags(Py_TPFLAGS_READY);
    Ok(())
}

/// Base, bases and metaclass, where C code has left them out.
///
/// # Safety
/// As [`ready_foreign_type`].
unsafe fn settle_bases(class: &Type, thread: &mut Thread) -> PyResult<()> {
    let slots = class.slots();
    if slots.tp_base.get().is_null() {
        // SAFETY: `object` is immortal, so the field owns its reference, also for heap types.
        slots.tp_base.set(BaseObject::class().as_pointer());
    }
    let Some(base) = class.base() else { return Ok(()) };
    // SAFETY: a base of a type of C code is such a type, or ready.
    unsafe { ready_foreign_type(base, thread)? };
    if slots.ob_base.ob_base.ob_type.get().is_null() {
        class.set_class(base.class_of());
    }
    if slots.tp_bases.get().is_null() {
        let bases = Tuple::new(vec![Py::from_ref(base).into_object()], thread)?;
        slots.tp_bases.set(bases.into_pointer());
    }
    Ok(())
}

/// Offsets that follow from flags, and the functions that deal with memory.
fn settle_managed_fields(class: &Type) {
    let slots = class.slots();
    if class.has_flag(Py_TPFLAGS_MANAGED_DICT) {
        slots.tp_dictoffset.set(-1);
    }
    if class.has_flag(Py_TPFLAGS_MANAGED_WEAKREF) {
        slots.tp_weaklistoffset.set(crate::weakref::MANAGED_OFFSET);
    }
    if class.is_heap_type() && slots.tp_alloc.get().is_none() {
        slots.tp_alloc.set(Some(instance::allocate));
    }
    debug_assert!(class.is_heap_type() || instance_dict::shared_keys(class).is_none());
}

/// `tp_new` is inherited, unless the type derives from `object` alone and says nothing: then it has no instances to be made by a call.
fn settle_new(class: &Type, dict: &Dict, thread: &mut Thread) -> PyResult<()> {
    let slots = class.slots();
    let base_is_object = class.base().is_some_and(|it| std::ptr::eq(it, BaseObject::class()));
    let forbidden: c_ulong = Py_TPFLAGS_DISALLOW_INSTANTIATION;
    if slots.tp_new.get().is_none() && base_is_object && !class.is_heap_type() {
        class.add_flags(forbidden);
    }
    if class.has_flag(forbidden) {
        slots.tp_new.set(None);
        return Ok(());
    }
    if slots.tp_new.get().is_some() {
        if dict.get_str(&names::__new__, thread).is_none() {
            let function = crate::type_::new_wrapper(class, thread);
            dict.set_str(&names::__new__, &function, thread)?;
        }
    } else {
        slots.tp_new.set(class.base().and_then(|it| it.slots().tp_new.get()));
    }
    Ok(())
}

/// The entries of a C array that ends with one whose name is null.
///
/// # Safety
/// The pointer is null or to such an array, which lives as long as `'a`.
unsafe fn entries<'a, T: 'a>(first: *mut T, is_last: fn(&T) -> bool) -> impl Iterator<Item = &'a T> {
    let mut next = first;
    std::iter::from_fn(move || {
        // SAFETY: passed on to the caller: the end has not been reached.
        let entry = unsafe { next.cast_const().as_ref() }.filter(|it| !is_last(it))?;
        next = next.wrapping_add(1);
        Some(entry)
    })
}

/// Methods, fields and computed attributes.
///
/// # Safety
/// As [`ready_foreign_type`].
unsafe fn add_tables(class: &Type, dict: &Dict, thread: &mut Thread) -> PyResult<()> {
    let slots = class.slots();
    // SAFETY: the tables are what C's API says, and live as long as the type; so too for the blocks below.
    for method in unsafe { entries(slots.tp_methods.get(), |it: &PyMethodDef| it.ml_name.is_null()) } {
        // SAFETY: as above.
        unsafe { add_method(class, dict, method, thread)? };
    }
    // The members of types made from specs lie in the type itself.
    // SAFETY: as above.
    let members = unsafe { entries(slots.tp_members.get(), |it: &PyMemberDef| it.name.is_null()) };
    for member in members.chain(class.slot_members()) {
        // SAFETY: as above.
        let descriptor = unsafe { MemberDescriptor::new(class, std::ptr::from_ref(member).cast_mut(), thread) };
        set_if_missing(dict, descriptor.head().name(), &descriptor, thread)?;
    }
    // SAFETY: as above.
    for accessor in unsafe { entries(slots.tp_getset.get(), |it: &PyGetSetDef| it.name.is_null()) } {
        // SAFETY: as above.
        let descriptor = unsafe { GetSetDescriptor::new(class, std::ptr::from_ref(accessor).cast_mut(), thread) };
        set_if_missing(dict, descriptor.head().name(), &descriptor, thread)?;
    }
    Ok(())
}

fn set_if_missing(dict: &Dict, name: &Str, value: &Object, thread: &mut Thread) -> PyResult<()> {
    match dict.get_str(name, thread) {
        Some(_) => Ok(()),
        None => dict.set_str(name, value, thread),
    }
}

/// # Safety
/// As [`ready_foreign_type`].
unsafe fn add_method(class: &Type, dict: &Dict, method: &PyMethodDef, thread: &mut Thread) -> PyResult<()> {
    let flags = method.ml_flags;
    let definition = std::ptr::from_ref(method).cast_mut();
    // SAFETY: a definition's name is a C string.
    let name = unsafe { text_of(method.ml_name) };
    let name = thread.intern_text(&name);
    if flags & METH_CLASS != 0 && flags & METH_STATIC != 0 {
        return Err(raise!(thread, ValueError, "method cannot be both class and static"));
    }
    let descriptor = if flags & METH_CLASS != 0 {
        // SAFETY: passed on to the caller.
        unsafe { ClassMethodDescriptor::new(class, definition, thread) }.into_object()
    } else if flags & METH_STATIC != 0 {
        let receiver = Some(Py::from_ref(class.as_object()));
        // SAFETY: passed on to the caller.
        let function = unsafe { BuiltinFunction::new(definition, receiver, None, None, thread) };
        StaticMethod::new(&function, thread).into_object()
    } else {
        // SAFETY: passed on to the caller.
        unsafe { MethodDescriptor::new(class, definition, thread) }.into_object()
    };
    if flags & METH_COEXIST != 0 {
        return dict.set_str(&name, &descriptor, thread);
    }
    set_if_missing(dict, &name, &descriptor, thread)
}
