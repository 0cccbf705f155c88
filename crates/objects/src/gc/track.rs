//! Tracking: linking objects into the youngest generation's list and out of it, and counting them.
//!
//! ```text
//! -16        -8             0
//! next       prev | flags   header
//! ```
//! A head whose `next` is zero is not tracked.

use layout::{PyGC_Head, PyObject};

use super::list::Node;
use crate::refs::Object;
use crate::thread::Thread;

/// The head of a collectable object.
///
/// # Safety
/// The object's type is collectable.
unsafe fn head<'a>(object: *mut PyObject) -> &'a PyGC_Head {
    // SAFETY: a head lies before each collectable object.
    unsafe { &*object.cast::<PyGC_Head>().sub(1) }
}

/// # Safety
/// The value is the address of a head in a list.
unsafe fn at<'a>(address: usize) -> &'a PyGC_Head {
    // SAFETY: passed on to the caller.
    unsafe { &*(address as *const PyGC_Head) }
}

const PREVIOUS: usize = layout::_PyGC_PREV_MASK;

/// True if a collector's head lies before the object.
#[inline]
pub fn is_collectable(object: &Object) -> bool {
    let class = object.class();
    if !class.is_collectable() {
        return false;
    }
    match class.slots().tp_is_gc.get() {
        None => true,
        // SAFETY: the slot's protocol.
        Some(ask) => unsafe { ask(object.as_pointer()) != 0 },
    }
}

/// Makes the head of a new object that of an untracked one, and counts the object. A generation that is full asks for a collection, which
/// happens at the thread's next safe point.
///
/// # Safety
/// The block has room for a head before the object.
#[inline(always)]
pub unsafe fn prepare(object: *mut PyObject, thread: &Thread) {
    // SAFETY: passed on to the caller.
    let head = unsafe { head(object) };
    head._gc_next.set(0);
    head._gc_prev.set(0);
    let state = &thread.interpreter().gc;
    let count = state.young_count.get() + 1;
    state.young_count.set(count);
    if count > state.trigger.get() {
        state.ask_for_collection(thread);
    }
}

/// Uncounts an object that is being freed.
#[inline(always)]
pub(crate) fn forget(thread: &Thread) {
    let count = &thread.interpreter().gc.young_count;
    if count.get() > 0 {
        count.set(count.get() - 1);
    }
}

/// # Safety
/// The block has room for a head before the object, which is whole.
#[inline]
pub unsafe fn prepare_and_track(object: *mut PyObject, thread: &Thread) {
    // SAFETY: passed on to the caller.
    unsafe {
        prepare(object, thread);
        track(object, thread);
    }
}

/// Puts an object into the youngest generation.
///
/// # Safety
/// The object's type is collectable, it is whole and not tracked.
#[inline]
pub unsafe fn track(object: *mut PyObject, thread: &Thread) {
    let list = thread.interpreter().gc.generations[0].anchor().address();
    // SAFETY: passed on to the caller; the list's heads are live.
    unsafe {
        let (head, anchor) = (head(object), at(list));
        let address = std::ptr::from_ref(head) as usize;
        let last = anchor._gc_prev.get();
        at(last)._gc_next.set(address);
        head._gc_prev.set(last | head._gc_prev.get() & !PREVIOUS);
        head._gc_next.set(list);
        anchor._gc_prev.set(address);
    }
}

/// Takes an object out of its list, if it is in one.
///
/// # Safety
/// The object's type is collectable.
#[inline]
pub unsafe fn untrack(object: *mut PyObject) {
    // SAFETY: passed on to the caller; the neighbours in a list are live.
    unsafe {
        let head = head(object);
        let next = head._gc_next.get();
        if next == 0 {
            return;
        }
        let previous = head._gc_prev.get() & PREVIOUS;
        at(previous)._gc_next.set(next);
        let after = at(next);
        after._gc_prev.set(previous | after._gc_prev.get() & !PREVIOUS);
        head._gc_next.set(0);
        head._gc_prev.set(head._gc_prev.get() & layout::_PyGC_PREV_MASK_FINALIZED);
    }
}

/// Takes a node out of its list for good.
pub(super) fn untrack_node(node: Node) {
    // SAFETY: a node belongs to a collectable object.
    unsafe { untrack(node.object().as_pointer()) }
}

/// True if the collector knows the object.
///
/// # Safety
/// The object's type is collectable.
pub unsafe fn is_tracked(object: *mut PyObject) -> bool {
    // SAFETY: passed on to the caller.
    unsafe { head(object) }._gc_next.get() != 0
}

/// True if the object's finalizer was called.
///
/// # Safety
/// The object's type is collectable.
pub unsafe fn is_finalized(object: *mut PyObject) -> bool {
    // SAFETY: passed on to the caller.
    unsafe { head(object) }._gc_prev.get() & layout::_PyGC_PREV_MASK_FINALIZED != 0
}

/// Notes that the object's finalizer was called.
///
/// # Safety
/// The object's type is collectable.
pub unsafe fn set_finalized(object: *mut PyObject) {
    // SAFETY: passed on to the caller.
    let head = unsafe { head(object) };
    head._gc_prev.set(head._gc_prev.get() | layout::_PyGC_PREV_MASK_FINALIZED);
}
