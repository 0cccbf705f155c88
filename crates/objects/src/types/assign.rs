//! Assignment to `__class__` and to `__bases__`.
//!
//! Both need two classes whose instances lie alike in memory; the test is CPython's (`compatible_for_assignment`).

use layout::{
    Py_TPFLAGS_HAVE_GC, Py_TPFLAGS_IMMUTABLETYPE, Py_TPFLAGS_INLINE_VALUES, Py_TPFLAGS_MANAGED_DICT,
    Py_TPFLAGS_MANAGED_WEAKREF, PyObject,
};

use super::bases;
use super::handle::Type;
use super::{instance_dict, mro, slot_update};
use crate::errors::PyResult;
use crate::module::Module;
use crate::protocol;
use crate::raise;
use crate::refs::{Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Instance as _;

/// Flags of classes whose instances have fields in front of their headers.
const BEFORE_HEADER: std::ffi::c_ulong = Py_TPFLAGS_MANAGED_DICT | Py_TPFLAGS_MANAGED_WEAKREF;

/// True if a class adds nothing to the memory of its base's instances.
fn adds_nothing(class: &Type) -> bool {
    let Some(base) = class.base() else { return false };
    let (ours, theirs) = (class.slots(), base.slots());
    let same_clear = match (ours.tp_clear.get(), theirs.tp_clear.get()) {
        (Some(ours), Some(theirs)) => std::ptr::fn_addr_eq(ours, theirs),
        (None, None) => true,
        _ => false,
    };
    ours.tp_basicsize.get() == theirs.tp_basicsize.get()
        && ours.tp_itemsize.get() == theirs.tp_itemsize.get()
        && ours.tp_dictoffset.get() == theirs.tp_dictoffset.get()
        && ours.tp_weaklistoffset.get() == theirs.tp_weaklistoffset.get()
        && (ours.tp_flags.get() ^ theirs.tp_flags.get()) & Py_TPFLAGS_HAVE_GC == 0
        && (super::is_own_heap_type(class) || !class.is_collectable() || same_clear)
}

/// True if two classes of one base add the same fields.
fn adds_same(left: &Type, right: &Type, thread: &mut Thread) -> PyResult<bool> {
    let Some(base) = left.base() else { return Ok(false) };
    let slots_of = |class: &Type| {
        let slots = class.heap().map(|it| it.ht_slots.get());
        // SAFETY: a heap type owns the tuple of its slots' names.
        slots.and_then(|it| unsafe { Object::from_pointer(it) }).map(Py::from_ref)
    };
    let mut size = base.basic_size();
    if let (Some(ours), Some(theirs)) = (slots_of(left), slots_of(right))
        && protocol::equals(&ours, &theirs, thread)?
    {
        size += ours.downcast::<Tuple>().map_or(0, Tuple::length) * size_of::<*mut PyObject>();
    }
    Ok(size == left.basic_size() && size == right.basic_size())
}

fn check_compatible(old: &Type, new: &Type, attribute: &str, thread: &mut Thread) -> PyResult<()> {
    let (old_name, new_name) = (old.full_name(), new.full_name());
    let same_free = match (old.slots().tp_free.get(), new.slots().tp_free.get()) {
        (Some(old), Some(new)) => std::ptr::fn_addr_eq(old, new),
        (None, None) => true,
        _ => false,
    };
    if !same_free {
        let message = format!("{attribute} assignment: '{new_name}' deallocator differs from '{old_name}'");
        return Err(raise!(thread, TypeError, "{message}"));
    }
    let solid = |class: &Type| {
        let mut solid = Py::from_ref(class);
        while adds_nothing(&solid)
            && let Some(base) = solid.base()
        {
            solid = Py::from_ref(base);
        }
        solid
    };
    let (old_solid, new_solid) = (solid(old), solid(new));
    let same_base = || match (old_solid.base(), new_solid.base()) {
        (Some(old), Some(new)) => std::ptr::eq(old, new),
        _ => false,
    };
    let inline = (old.slots().tp_flags.get() ^ new.slots().tp_flags.get()) & Py_TPFLAGS_INLINE_VALUES != 0;
    let apart = (old_solid.slots().tp_flags.get() ^ new_solid.slots().tp_flags.get()) & BEFORE_HEADER != 0;
    if !inline && !apart && (old_solid.is(&new_solid) || same_base() && adds_same(&new_solid, &old_solid, thread)?) {
        return Ok(());
    }
    let message = format!("{attribute} assignment: '{new_name}' object layout differs from '{old_name}'");
    Err(raise!(thread, TypeError, "{message}"))
}

/// `object.__class__ = class`.
pub fn assign_class(object: &Object, class: &Type, thread: &mut Thread) -> PyResult<()> {
    let old = Py::from_ref(object.class());
    let modules = class.is_subtype(Module::class()) && old.is_subtype(Module::class());
    if !modules && (class.has_flag(Py_TPFLAGS_IMMUTABLETYPE) || old.has_flag(Py_TPFLAGS_IMMUTABLETYPE)) {
        let message = "__class__ assignment only supported for mutable types or ModuleType subclasses";
        return Err(raise!(thread, TypeError, "{message}"));
    }
    check_compatible(&old, class, "__class__", thread)?;
    instance_dict::leave_inline_values(object, thread);
    if class.is_heap_type() {
        class.increment();
    }
    object.set_class(class);
    if old.is_heap_type() {
        // SAFETY: the instance owned a reference to its old class.
        drop(unsafe { Py::<Type>::steal_pointer(old.as_object_pointer()) });
    }
    Ok(())
}

/// `class.__bases__ = bases`.
pub fn assign_bases(class: &Type, value: &Object, thread: &mut Thread) -> PyResult<()> {
    let name = class.full_name();
    let Some(new) = value.downcast::<Tuple>() else {
        let found = value.class().full_name();
        return Err(raise!(thread, TypeError, "can only assign tuple to {name}.__bases__, not {found}"));
    };
    if new.length() == 0 {
        return Err(raise!(thread, TypeError, "can only assign non-empty tuple to {name}.__bases__, not ()"));
    }
    for base in new.items() {
        let Some(base) = base.downcast::<Type>() else {
            let found = base.class().full_name();
            return Err(raise!(thread, TypeError, "{name}.__bases__ must be tuple of classes, not '{found}'"));
        };
        if base.is_subtype(class) || base_chain_has(base, class) {
            return Err(raise!(thread, TypeError, "a __bases__ item causes an inheritance cycle"));
        }
    }
    let new_base = bases::best_base(new.items(), thread)?;
    let Some(old_base) = class.base() else {
        return Err(raise!(thread, TypeError, "cannot set '__bases__' attribute of '{name}'"));
    };
    check_compatible(old_base, &new_base, "__bases__", thread)?;
    replace_bases(class, new, &new_base, thread)
}

/// Whether a class is among another and its bases, whatever the resolution orders say: while an `mro()` runs, they are not yet new.
fn base_chain_has(class: &Type, sought: &Type) -> bool {
    std::iter::successors(Some(class), |it| it.base()).any(|it| it.is(sought))
}

/// Puts something into a field that owns a reference, and gives what was there.
fn exchange(field: &std::cell::Cell<*mut PyObject>, value: Py<Object>) -> Option<Py<Object>> {
    // SAFETY: the field owned a reference to what it held.
    unsafe { Py::steal_pointer(field.replace(value.into_pointer())) }
}

fn replace_bases(class: &Type, new: &Tuple, new_base: &Type, thread: &mut Thread) -> PyResult<()> {
    let slots = class.slots();
    let old_bases = exchange(&slots.tp_bases, Py::from_ref(new).into_object());
    let old_base = slots.tp_base.replace(Py::from_ref(new_base).into_pointer().cast());
    // SAFETY: a heap type owns a reference to its base.
    let old_base: Option<Py<Type>> = unsafe { Py::steal_pointer(old_base.cast()) };
    // An `mro()` may have assigned other bases meanwhile, which then count.
    let unchanged = || slots.tp_bases.get() == new.as_pointer();
    // The old orders live on until everything is done: somebody may be reading them.
    let mut old_orders = Vec::new();
    if let Err(raised) = change_orders(class, &mut old_orders, thread) {
        for (changed, old, new) in old_orders.into_iter().rev() {
            if changed.mro().is_some_and(|it| it.is(&new)) {
                drop(exchange(&changed.slots().tp_mro, old));
                changed.modified(thread);
            }
        }
        if let (true, Some(old_bases), Some(old_base)) = (unchanged(), old_bases, old_base) {
            drop(exchange(&slots.tp_bases, old_bases));
            let new_base = slots.tp_base.replace(old_base.into_pointer().cast());
            // SAFETY: as above.
            drop(unsafe { Py::<Type>::steal_pointer(new_base.cast()) });
        }
        return Err(raised);
    }
    if !unchanged() {
        return Ok(());
    }
    let types_in = |bases: &Tuple| -> Vec<Py<Type>> {
        bases.items().iter().filter_map(|it| it.downcast::<Type>().map(Py::from_ref)).collect()
    };
    if let Some(old) = old_bases.as_ref().and_then(|it| it.downcast::<Tuple>()) {
        let old = types_in(old);
        class.remove_from_bases(&old.iter().map(|it| &**it).collect::<Vec<_>>(), thread);
    }
    let added = types_in(new);
    class.add_to_bases(&added.iter().map(|it| &**it).collect::<Vec<_>>(), thread);
    slot_update::update_all_slots(class, thread);
    Ok(())
}

/// A class with its old resolution order and its new one.
type ChangedOrder = (Py<Type>, Py<Object>, Py<Object>);

/// New resolution orders for a class and its subclasses; the old ones are collected.
fn change_orders(class: &Type, old: &mut Vec<ChangedOrder>, thread: &mut Thread) -> PyResult<()> {
    thread.check_stack(" while changing the bases of a class")?;
    let before = class.slots().tp_mro.get();
    let order = mro::resolution_order(class, thread)?.into_object();
    if class.slots().tp_mro.get() != before {
        // `mro()` has changed the bases itself, and with them all orders below.
        return Ok(());
    }
    if let Some(replaced) = exchange(&class.slots().tp_mro, order.clone()) {
        old.push((Py::from_ref(class), replaced, order));
    }
    class.modified(thread);
    let mut subclasses = Vec::new();
    class.for_each_subclass(thread, &mut |subclass| subclasses.push(Py::from_ref(subclass)));
    for subclass in subclasses {
        change_orders(&subclass, old, thread)?;
    }
    Ok(())
}
