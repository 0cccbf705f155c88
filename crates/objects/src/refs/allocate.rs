//! Making objects and freeing their memory.
//!
//! ```text
//! -32           -24           -16                 0
//! weak refs     dictionary    collector's head    header, fields, items or values of attributes
//! (managed)     (managed)     (collectable)
//! ```
//! What lies before the header depends on the type's flags; the sizes here and in [`free_memory`] must agree.

use std::ptr;

use layout::{Py_TPFLAGS_PREHEADER, PyGC_Head, PyObject};

use super::object::Object;
use super::py::Py;
use crate::errors::PyResult;
use crate::gc::{self, Traverse};
use crate::thread::Thread;
use crate::types::{self, Instance, Type, instance_dict};

/// Bytes before the header of an instance of `class`.
#[inline]
fn bytes_before_header(class: &Type) -> usize {
    let managed = if class.has_flag(Py_TPFLAGS_PREHEADER) { 2 * size_of::<*mut PyObject>() } else { 0 };
    let collectable = if class.is_collectable() { size_of::<PyGC_Head>() } else { 0 };
    managed + collectable
}

/// Memory for an instance of `class` with `extra` bytes after its fixed part, zeroed but for the header; None if there is none.
fn allocate_raw(class: &Type, extra: usize, thread: &mut Thread) -> Option<*mut PyObject> {
    let before = bytes_before_header(class);
    let values = instance_dict::inline_values_size(class);
    let size = before.checked_add(class.basic_size())?.checked_add(extra)?.checked_add(values)?;
    let block = thread.allocator().allocate_zeroed(size);
    if block.is_null() {
        return None;
    }
    // SAFETY: the block is larger than what lies before the header.
    let object = unsafe { block.add(before) }.cast::<PyObject>();
    // SAFETY: the block has room for a header.
    unsafe { ptr::write(object.cast::<Object>(), Object::new(class)) };
    if class.is_heap_type() {
        class.increment();
        if values > 0 {
            // SAFETY: the block is zeroed, with room for the values behind the fixed part.
            unsafe { instance_dict::initialize_inline_values(object, class) };
        }
    }
    Some(object)
}

/// Frees the memory of an instance whose fields are gone. The last step of every deallocator. The reference that instances of heap types
/// have to their type is not given back here: whoever made the heap type's deallocator does that.
///
/// # Safety
/// The object was made by this module, has no reference left, is not tracked, and its fields were dropped.
pub unsafe fn free_memory(object: *mut PyObject, class: &Type, thread: &mut Thread) {
    if class.is_collectable() {
        gc::forget(thread);
    }
    // SAFETY: the block began this many bytes before the header.
    unsafe { thread.allocator().free(object.cast::<u8>().sub(bytes_before_header(class))) };
}

/// The deallocator of types whose instances are structs `T`: untracks, clears weak references, drops the fields, frees.
///
/// # Safety
/// Called as `tp_dealloc`: the object's count is zero, and it is an instance of `T`'s type or of a subtype.
pub unsafe extern "C-unwind" fn deallocate_instance<T: Instance + Traverse>(object: *mut PyObject) {
    // SAFETY: objects only exist while their thread is attached.
    let mut thread = unsafe { Thread::current() };
    // SAFETY: the memory is intact until the end of this function; a type outlives its instances.
    let class: &Type = unsafe { &*ptr::from_ref((*object.cast::<Object>()).class()) };
    if class.is_collectable() {
        // SAFETY: the type is collectable, so a collector's head lies before the object.
        unsafe { gc::untrack(object) };
    }
    if crate::weakref::supports(class) {
        // SAFETY: nobody else has a reference.
        unsafe { crate::weakref::clear_references(object, &mut thread) };
    }
    // SAFETY: the struct is a `T` whose fields are dropped once, here.
    unsafe { ptr::drop_in_place(object.cast::<T>()) };
    // SAFETY: the fields are gone, the object is untracked.
    unsafe { free_memory(object, class, &mut thread) };
}

/// As [`deallocate_instance`], of types with a finalizer of their own: that runs first, and may bring the object back to life.
///
/// # Safety
/// Called as `tp_dealloc` of `T`'s type or of a subtype.
pub unsafe extern "C-unwind" fn finalize_and_deallocate<T: Instance + Traverse>(object: *mut PyObject) {
    // SAFETY: objects only exist while their thread is attached.
    let mut thread = unsafe { Thread::current() };
    // SAFETY: the memory is intact; a type outlives its instances.
    let class: &Type = unsafe { &*ptr::from_ref((*object.cast::<Object>()).class()) };
    // SAFETY: the count is zero.
    if unsafe { types::finalize(object, class, &mut thread) } {
        return;
    }
    // SAFETY: passed on.
    unsafe { deallocate_instance::<T>(object) }
}

impl<T: Instance + Traverse> Py<T> {
    /// A new object of exactly `T`'s type: `make` gets the header. Never fails: the process ends where the system has no
    /// memory for a small block.
    #[inline]
    pub fn new(value: T, thread: &mut Thread) -> Self {
        let class = T::class();
        let before = if T::MAY_REFER { size_of::<PyGC_Head>() } else { 0 };
        let size = before + size_of::<T>();
        let block = thread.allocator().allocate_surely(size).as_ptr();
        // SAFETY: the block has room for the collector's head and a `T`.
        let object = unsafe { block.add(before) }.cast::<T>();
        // SAFETY: as above.
        unsafe { ptr::write(object, value) };
        debug_assert!(class.basic_size() == size_of::<T>() || class.item_size() > 0);
        if T::MAY_REFER {
            // SAFETY: there is room for the head, and the object is whole.
            unsafe { gc::prepare_and_track(object.cast(), thread) };
        }
        // SAFETY: the header was made with one reference, which this takes over.
        unsafe { Self::steal(ptr::NonNull::new_unchecked(object)) }
    }

    /// A new instance of `class`, which is `T`'s type or a subtype: `value`'s header is replaced by one of that class.
    pub fn new_in(class: &Type, value: T, thread: &mut Thread) -> PyResult<Self> {
        if ptr::eq(class, T::class()) {
            return Ok(Self::new(value, thread));
        }
        Self::allocate_in(class, 0, value, thread)
    }

    /// A new instance of `class` with `extra` bytes for items after its fixed part, zeroed.
    pub fn allocate_in(class: &Type, extra: usize, value: T, thread: &mut Thread) -> PyResult<Self> {
        // Not by bases: a class of C code may have a struct of its own that begins as a `T`, and the type among its other bases.
        debug_assert!(class.basic_size() >= size_of::<T>() || class.item_size() > 0);
        let Some(object) = allocate_raw(class, extra, thread) else {
            return Err(thread.raise_memory_error());
        };
        let keep = std::mem::ManuallyDrop::new(value);
        // SAFETY: the block is at least as large as a `T`, whose bytes after the header move in.
        unsafe {
            let header = size_of::<Object>();
            let from = ptr::from_ref::<T>(&keep).cast::<u8>();
            ptr::copy_nonoverlapping(from.add(header), object.cast::<u8>().add(header), size_of::<T>() - header);
        }
        if class.is_collectable() {
            // SAFETY: there is room for the head, and the object is whole.
            unsafe { gc::prepare_and_track(object, thread) };
        }
        // SAFETY: the header was made with one reference, which this takes over.
        Ok(unsafe { Self::steal(ptr::NonNull::new_unchecked(object.cast())) })
    }
}

/// Memory for an instance of `class` with so many bytes behind its fixed part, zeroed but for the header, not tracked yet: for types that
/// have items but no `ob_size` (frames, generators).
pub fn allocate_with_extra(class: &Type, extra: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(object) = allocate_raw(class, extra, thread) else {
        return Err(thread.raise_memory_error());
    };
    if class.is_collectable() {
        // SAFETY: there is room for the head.
        unsafe { gc::prepare(object, thread) };
    }
    // SAFETY: the header was made with one reference, which this takes over.
    Ok(unsafe { Py::steal(ptr::NonNull::new_unchecked(object.cast())) })
}

/// Memory for an instance of `class` with so many items, zeroed but for header and size, not tracked yet (`PyType_GenericAlloc` tracks).
pub fn allocate_variable(class: &Type, items: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
    let extra = usize::try_from(items).ok().and_then(|items| items.checked_mul(class.item_size()));
    let Some(object) = extra.and_then(|extra| allocate_raw(class, extra, thread)) else {
        return Err(thread.raise_memory_error());
    };
    if class.item_size() > 0 {
        // SAFETY: types with items start with a `VarHeader`.
        unsafe { &*object.cast::<super::VarHeader>() }.set_size(items);
    }
    if class.is_collectable() {
        // SAFETY: there is room for the head.
        unsafe { gc::prepare(object, thread) };
    }
    // SAFETY: the header was made with one reference, which this takes over.
    Ok(unsafe { Py::steal(ptr::NonNull::new_unchecked(object.cast())) })
}
