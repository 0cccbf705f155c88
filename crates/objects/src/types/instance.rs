//! Instances of classes: how they are allocated, what they refer to, and how they go.
//!
//! `tp_dealloc` of every class made by a `class` statement is [`deallocate`]: finalizer, weak references, `__slots__`, dictionary, and then
//! the deallocator of the nearest base that is not such a class.

use std::ffi::{c_int, c_void};
use std::ptr::{self, fn_addr_eq};

use layout::*;

use super::handle::Type;
use super::instance_dict;
use crate::gc::{self, Visitor};
use crate::refs::{HasHeader, Object, Py, allocate_variable, cast, free_memory, release_pointer};
use crate::thread::Thread;

/// The function in the slot of classes; one static, so that comparing addresses is reliable.
static DEALLOCATE: destructor = deallocate;

/// True if the type is a class whose instances go through [`deallocate`].
pub(crate) fn is_own_heap_type(class: &Type) -> bool {
    class.slots().tp_dealloc.get().is_some_and(|it| fn_addr_eq(it, DEALLOCATE))
}

/// Fills the slots of a new class that deal with its instances' memory.
pub(super) fn fill_memory_slots(class: &Type) {
    let slots = class.slots();
    slots.tp_dealloc.set(Some(DEALLOCATE));
    slots.tp_alloc.set(Some(allocate));
    slots.tp_free.set(Some(free_collectable));
    slots.tp_traverse.set(Some(traverse));
    slots.tp_clear.set(Some(clear));
}

/// The deallocator of a type of C code that has none of its own.
pub(super) fn fill_deallocator(class: &Type) {
    class.slots().tp_dealloc.set(Some(DEALLOCATE));
}

/// `PyType_GenericAlloc`: a new instance with zeroed fields, tracked if its type is collectable.
///
/// # Safety
/// By `tp_alloc`'s protocol: a ready type, the number of items, an attached thread.
pub unsafe extern "C-unwind" fn allocate(class: *mut PyTypeObject, items: isize) -> *mut PyObject {
    // SAFETY: this function's contract.
    let (class, mut thread) = unsafe { (&*class.cast::<Type>(), Thread::current()) };
    let Ok(object) = allocate_variable(class, items, &mut thread) else { return ptr::null_mut() };
    if class.is_collectable() {
        // SAFETY: the object is new and zeroed, which its type's traversal accepts.
        unsafe { gc::track(object.as_pointer(), &thread) };
    }
    object.into_pointer()
}

/// `PyObject_Free` as `tp_free`.
///
/// # Safety
/// By `tp_free`'s protocol: an instance of a type that is not collectable, whose fields are gone.
pub unsafe extern "C-unwind" fn free_plain(object: *mut c_void) {
    // SAFETY: this function's contract.
    unsafe { free_collectable(object) }
}

/// `PyObject_GC_Del` as `tp_free`.
///
/// # Safety
/// By `tp_free`'s protocol: an instance whose fields are gone and that is not tracked.
pub unsafe extern "C-unwind" fn free_collectable(object: *mut c_void) {
    let object = object.cast::<PyObject>();
    // SAFETY: the header is intact until the memory is freed.
    unsafe {
        let class = &*ptr::from_ref((*object.cast::<Object>()).class());
        free_memory(object, class, &mut Thread::current());
    }
}

/// The nearest base whose instances are not deallocated by [`deallocate`].
pub(crate) fn deallocating_base(class: &Type) -> &Type {
    let mut base = class;
    while is_own_heap_type(base) {
        match base.base() {
            Some(next) => base = next,
            None => break,
        }
    }
    base
}

/// `tp_dealloc` of classes.
///
/// # Safety
/// Called as `tp_dealloc`: the object's count is zero, and its type is such a class.
pub unsafe extern "C-unwind" fn deallocate(object: *mut PyObject) {
    // SAFETY: objects only exist while their thread is attached.
    let mut thread = unsafe { Thread::current() };
    // SAFETY: the memory is intact; a type outlives its instances.
    let class: &Type = unsafe { &*ptr::from_ref((*object.cast::<Object>()).class()) };
    // SAFETY: as above.
    if unsafe { finalize(object, class, &mut thread) } {
        return;
    }
    if class.is_collectable() {
        // SAFETY: the type is collectable.
        unsafe { gc::untrack(object) };
    }
    let base = deallocating_base(class);
    // SAFETY: nobody else has a reference.
    unsafe { crate::weakref::clear_references(object, &mut thread) };
    // SAFETY: the object is an instance of the class.
    unsafe { clear_slots(object, class) };
    // SAFETY: as above.
    instance_dict::release(unsafe { cast_live(object) }, base, &mut thread);
    // The type may have been changed by what has just run.
    // SAFETY: the memory is intact.
    let class: &Type = unsafe { &*ptr::from_ref((*object.cast::<Object>()).class()) };
    let base = deallocating_base(class);
    let base_is_heap_type = base.is_heap_type();
    if base.is_collectable() {
        // SAFETY: the object is collectable; the base's deallocator untracks it.
        unsafe { gc::track(object, &thread) };
    }
    if let Some(dealloc) = base.slots().tp_dealloc.get() {
        // SAFETY: the object is an instance of the base, and all that the classes added to it is gone.
        unsafe { dealloc(object) };
    }
    if !base_is_heap_type {
        // SAFETY: instances of heap types own a reference to their type; a static base's deallocator does not give it back.
        unsafe { release_pointer(class.as_object().as_pointer()) };
    }
}

/// # Safety
/// The object's memory is intact as long as the result is used.
unsafe fn cast_live<'a>(object: *mut PyObject) -> &'a Object {
    // SAFETY: passed on to the caller.
    unsafe { &*object.cast::<Object>() }
}

/// Calls `__del__` once in an object's life; true if that brought the object back to life (PEP 442).
///
/// # Safety
/// The object's count is zero.
pub unsafe fn finalize(object: *mut PyObject, class: &Type, thread: &mut Thread) -> bool {
    let Some(function) = class.slots().tp_finalize.get() else { return false };
    let collectable = class.is_collectable();
    // SAFETY: the object is collectable.
    if collectable && unsafe { gc::is_finalized(object) } {
        return false;
    }
    // SAFETY: the memory is intact.
    let live = unsafe { cast_live(object) };
    live.set_reference_count(1);
    // SAFETY: the slot's protocol.
    unsafe { function(object) };
    if collectable {
        // SAFETY: the object is collectable, and alive for now.
        unsafe { gc::set_finalized(object) };
    }
    let revived = !live.decrement();
    thread.reap();
    // A collection may have taken an object without references for one that is being freed.
    // SAFETY: the object is collectable, whole and alive.
    unsafe {
        if revived && collectable && !gc::is_tracked(object) {
            gc::track(object, thread);
        }
    }
    revived
}

/// True for fields like those of `__slots__`; types that C code makes from specs may have others, which are their own affair.
fn is_reference(member: &PyMemberDef) -> bool {
    member.r#type == Py_T_OBJECT_EX && member.flags & Py_READONLY == 0
}

/// Empties the `__slots__` of the classes between the object's class and the base that deallocates it.
///
/// # Safety
/// The object is an instance of the class.
unsafe fn clear_slots(object: *mut PyObject, class: &Type) {
    let mut level = Some(class);
    while let Some(it) = level.filter(|it| is_own_heap_type(it)) {
        for member in it.slot_members().iter().filter(|it| is_reference(it)) {
            // SAFETY: the member describes a field that owns a reference or is null.
            unsafe {
                let field = object.cast::<u8>().offset(member.offset).cast::<*mut PyObject>();
                drop(Py::<Object>::steal_pointer(field.replace(ptr::null_mut())));
            }
        }
        level = it.base();
    }
}

/// `tp_traverse` of classes.
///
/// # Safety
/// By `tp_traverse`'s protocol.
unsafe extern "C-unwind" fn traverse(object: *mut PyObject, visit: visitproc, argument: *mut c_void) -> c_int {
    // SAFETY: this function's contract.
    let live = unsafe { cast_live(object) };
    let class = live.class();
    let mut level = class;
    while level.slots().tp_traverse.get().is_some_and(|it| fn_addr_eq(it, TRAVERSE)) {
        for member in level.slot_members().iter().filter(|it| is_reference(it)) {
            // SAFETY: the member describes a field that holds a reference or null.
            let value = unsafe { object.cast::<u8>().offset(member.offset).cast::<*mut PyObject>().read() };
            if !value.is_null() {
                // SAFETY: the visitor's protocol.
                let answer = unsafe { visit(value, argument) };
                if answer != 0 {
                    return answer;
                }
            }
        }
        match level.base() {
            Some(next) => level = next,
            None => break,
        }
    }
    let mut visitor = Visitor::new(visit, argument);
    instance_dict::traverse_added(live, level, &mut visitor);
    if visitor.answer() != 0 {
        return visitor.answer();
    }
    // Instances own a reference to their class. A base of C code that is a heap type reports it itself.
    if !level.is_heap_type() {
        // SAFETY: the visitor's protocol.
        let answer = unsafe { visit(class.as_object().as_pointer(), argument) };
        if answer != 0 {
            return answer;
        }
    }
    match level.slots().tp_traverse.get() {
        // SAFETY: the object is an instance of the base.
        Some(traverse) => unsafe { traverse(object, visit, argument) },
        None => 0,
    }
}

static TRAVERSE: traverseproc = traverse;

/// `tp_clear` of classes.
///
/// # Safety
/// By `tp_clear`'s protocol.
unsafe extern "C-unwind" fn clear(object: *mut PyObject) -> c_int {
    // SAFETY: this function's contract.
    let live = unsafe { cast_live(object) };
    let base = deallocating_base(live.class());
    // SAFETY: the object is an instance of its class.
    unsafe { clear_slots(object, live.class()) };
    // SAFETY: the collector runs attached, with no view into storage open.
    instance_dict::release(live, base, &mut unsafe { Thread::current() });
    match base.slots().tp_clear.get() {
        // SAFETY: the object is an instance of the base.
        Some(clear) => unsafe { clear(object) },
        None => 0,
    }
}

impl Type {
    /// The fields that the class's own `__slots__` made. Static types have none here.
    pub(super) fn slot_members(&self) -> &[PyMemberDef] {
        let Some(heap) = self.heap() else { return &[] };
        let count = usize::try_from(heap.ht_type.ob_base.ob_size.get()).unwrap_or_default();
        let start = self.as_object().class().basic_size();
        // SAFETY: a heap type object ends in as many member definitions as its size says, after its metaclass's fixed part.
        unsafe { std::slice::from_raw_parts(ptr::from_ref(self).cast::<u8>().add(start).cast(), count) }
    }

    /// The parts that only heap types have.
    pub fn heap(&self) -> Option<&PyHeapTypeObject> {
        // SAFETY: the flag says that the object is of this struct.
        self.is_heap_type().then(|| unsafe { cast::<PyHeapTypeObject>(self) })
    }
}
