//! What a type object refers to, and how a class goes.

use std::cell::Cell;
use std::ffi::CString;

use layout::PyObject;

use super::handle::Type;
use crate::gc::{self, Traverse, Visitor};
use crate::refs::{Object, Py, cast, free_memory};
use crate::thread::Thread;

impl Type {
    /// The fields that own a reference to what may be part of a cycle, but `tp_base`, in the order in which CPython traverses them.
    fn traversed_fields(&self) -> impl Iterator<Item = &Cell<*mut PyObject>> {
        let slots = self.slots();
        let common = [&slots.tp_dict, &slots.tp_cache, &slots.tp_mro, &slots.tp_bases];
        common.into_iter().chain(self.heap().map(|it| &it.ht_module))
    }

    /// The fields that own a reference, but `tp_base`.
    fn owned_fields(&self) -> impl Iterator<Item = &Cell<*mut PyObject>> {
        let slots = self.slots();
        let common = [&slots.tp_dict, &slots.tp_mro, &slots.tp_bases, &slots.tp_cache];
        let heap = self.heap().map(|it| [&it.ht_module, &it.ht_name, &it.ht_qualname, &it.ht_slots]);
        common.into_iter().chain(heap.into_iter().flatten())
    }
}

impl Traverse for Type {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        for field in self.traversed_fields() {
            // SAFETY: these fields own what they point to.
            if let Some(object) = unsafe { Object::from_pointer(field.get()) } {
                visitor.visit(object);
            }
        }
        if let Some(base) = self.base() {
            visitor.visit(base);
        }
    }

    fn clear(&self) {
        // SAFETY: the collector runs attached, with no view into storage open.
        let mut thread = unsafe { Thread::current() };
        self.modified(&thread);
        let dict = self.dict(&thread);
        crate::dict::Dict::clear(&dict, &mut thread);
        for field in [&self.slots().tp_mro].into_iter().chain(self.heap().map(|it| &it.ht_module)) {
            // SAFETY: the field owned a reference to what it held.
            drop(unsafe { Py::<Object>::steal_pointer(field.replace(std::ptr::null_mut())) });
        }
    }
}

/// The deallocator of type objects; only classes ever get here.
///
/// # Safety
/// Called as `tp_dealloc`: the count is zero, and the object is a heap type.
pub unsafe extern "C-unwind" fn deallocate_type(object: *mut PyObject) {
    // SAFETY: objects only exist while their thread is attached.
    let mut thread = unsafe { Thread::current() };
    // SAFETY: the memory is intact until the end of this function.
    let class = unsafe { cast::<Type>(&*object.cast::<Object>()) };
    // SAFETY: heap types are collectable.
    unsafe { gc::untrack(object) };
    class.modified(&thread);
    if let Some(bases) = class.bases() {
        let bases: Vec<&Type> = bases.items().iter().filter_map(|it| it.downcast::<Type>()).collect();
        class.remove_from_bases(&bases, &thread);
    }
    class.forget_subclasses(&thread);
    // SAFETY: nobody else has a reference.
    unsafe { crate::weakref::clear_references(object, &mut thread) };
    for field in class.owned_fields() {
        // SAFETY: the field owned a reference to what it held.
        drop(unsafe { Py::<Object>::steal_pointer(field.replace(std::ptr::null_mut())) });
    }
    let base = class.slots().tp_base.replace(std::ptr::null_mut());
    // SAFETY: a heap type owns a reference to its base.
    drop(unsafe { Py::<Type>::steal_pointer(base.cast()) });
    if let Some(keys) = super::instance_dict::shared_keys(class) {
        // SAFETY: the class owned a reference to its keys; it has no instances any more.
        unsafe { keys.release(&thread) };
    }
    if let Some(heap) = class.heap() {
        let name = heap._ht_tpname.replace(std::ptr::null_mut());
        if !name.is_null() {
            // SAFETY: only `set_tp_name` fills the field.
            drop(unsafe { CString::from_raw(name) });
        }
    }
    let metaclass: &Type = class.class_of();
    // SAFETY: the metaclass outlives this: whoever deallocates an instance of a metaclass that can go holds it.
    unsafe { free_memory(object, &*std::ptr::from_ref(metaclass), &mut thread) };
}
