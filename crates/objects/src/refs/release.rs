//! Giving references back, and what happens when the last one is.
//!
//! Two ways lead here. Code that holds the thread ([`release_now`]) frees at once, with `__del__` and weak reference callbacks. A `drop`
//! has no thread at hand: it frees at once what cannot run Python code and hands the rest to the thread's queue, which the next safe point
//! empties. Deep structures do not recurse: beyond a fixed depth, objects wait in a second queue that the outermost deallocation empties.

use layout::PyObject;

use super::object::Object;
use crate::thread::Thread;

/// Deallocations inside deallocations before the rest is queued; keeps native stack use bounded.
const NESTING_LIMIT: u32 = 50;

/// Gives one reference back, without a thread at hand.
///
/// # Safety
/// The pointer is to a live object of which the caller owns a reference, which it gives up.
#[inline(always)]
pub unsafe fn release_pointer(pointer: *mut PyObject) {
    // SAFETY: the caller owns a reference, so the object is alive.
    let object = unsafe { &*pointer.cast::<Object>() };
    if object.decrement() {
        // SAFETY: that was the last reference.
        unsafe { last_reference_dropped(pointer) }
    }
}

/// Gives one reference back, and if it was the last frees the object before returning.
#[expect(
    clippy::not_unsafe_ptr_arg_deref,
    reason = "only owners of a reference come here: `Py`, stack references, C code"
)]
#[inline(always)]
pub fn release_now(pointer: *mut PyObject, thread: &mut Thread) {
    // SAFETY: the caller owns a reference, so the object is alive.
    let object = unsafe { &*pointer.cast::<Object>() };
    if object.decrement() {
        // SAFETY: that was the last reference.
        unsafe { deallocate(pointer) }
        thread.reap();
    }
}

/// Frees an object whose count C code has made zero, before returning.
///
/// # Safety
/// The object's count is zero, and it is not in a queue.
pub unsafe fn deallocate_now(pointer: *mut PyObject, thread: &mut Thread) {
    // SAFETY: passed on to the caller.
    unsafe { deallocate(pointer) }
    thread.reap();
}

/// # Safety
/// The object's count has just become zero.
#[cold]
#[inline(never)]
unsafe fn last_reference_dropped(pointer: *mut PyObject) {
    // SAFETY: nobody else has a reference, but the memory is intact.
    let object = unsafe { &*pointer.cast::<Object>() };
    if object.class().deallocation_runs_python(object) {
        // SAFETY: objects only exist while their thread is attached.
        unsafe { Thread::current() }.defer_deallocation(pointer);
    } else {
        // SAFETY: passed on.
        unsafe { deallocate(pointer) }
    }
}

/// Calls the type's deallocator, or queues the object when deallocations are nested too deeply.
///
/// # Safety
/// The object's count is zero, and it is not in a queue.
pub(crate) unsafe fn deallocate(pointer: *mut PyObject) {
    // SAFETY: nobody else has a reference, but the memory is intact.
    let object = unsafe { &*pointer.cast::<Object>() };
    let class = object.class();
    let Some(dealloc) = class.slots().tp_dealloc.get() else { return };
    if !class.is_collectable() {
        // SAFETY: it is the deallocator of the object's own type.
        return unsafe { dealloc(pointer) };
    }
    // SAFETY: objects only exist while their thread is attached.
    let thread = unsafe { Thread::current() };
    let depth = thread.deallocation_depth();
    if depth.get() >= NESTING_LIMIT {
        return thread.delay_deallocation(pointer);
    }
    depth.set(depth.get() + 1);
    // SAFETY: it is the deallocator of the object's own type.
    unsafe { dealloc(pointer) }
    let depth = thread.deallocation_depth();
    if depth.get() == 1 {
        // Still counted, so that those freed now leave what they delay to this loop: each with a loop of its own, they would nest.
        thread.deallocate_delayed();
    }
    depth.set(depth.get() - 1);
}
