//! Tracking: linking objects into the youngest generation's list and out of it.
//!
//! ```text
//! -16        -8             0
//! next       prev | flags   header
//! ```
//! A head whose `next` is zero is not tracked. The lists are circular and begin with a head that belongs to no object.

use std::cell::Cell;
use std::pin::Pin;

use layout::{PyGC_Head, PyObject};

use crate::thread::Thread;

/// The collector's state in an interpreter.
pub struct GcState {
    young: Pin<Box<PyGC_Head>>,
    /// Objects tracked since the last collection, less those untracked.
    pub(crate) young_count: Cell<isize>,
}

impl Default for GcState {
    fn default() -> Self {
        let head = Box::pin(PyGC_Head { _gc_next: Cell::new(0), _gc_prev: Cell::new(0) });
        let address = std::ptr::from_ref(&*head) as usize;
        head._gc_next.set(address);
        head._gc_prev.set(address);
        Self { young: head, young_count: Cell::new(0) }
    }
}

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

/// Makes the head of a new object that of an untracked one.
///
/// # Safety
/// The block has room for a head before the object.
pub unsafe fn prepare(object: *mut PyObject) {
    // SAFETY: passed on to the caller.
    let head = unsafe { head(object) };
    head._gc_next.set(0);
    head._gc_prev.set(0);
}

/// # Safety
/// The block has room for a head before the object, which is whole.
#[inline]
pub unsafe fn prepare_and_track(object: *mut PyObject, thread: &Thread) {
    // SAFETY: passed on to the caller.
    unsafe {
        prepare(object);
        track(object, thread);
    }
}

/// Puts an object into the youngest generation.
///
/// # Safety
/// The object's type is collectable, it is whole and not tracked.
#[inline]
pub unsafe fn track(object: *mut PyObject, thread: &Thread) {
    let state = &thread.interpreter().gc;
    // SAFETY: passed on to the caller; the list's heads are live.
    unsafe {
        let (head, list) = (head(object), &*state.young);
        let (address, list_address) = (std::ptr::from_ref(head) as usize, std::ptr::from_ref(list) as usize);
        let last = list._gc_prev.get();
        at(last)._gc_next.set(address);
        head._gc_prev.set(last | head._gc_prev.get() & !PREVIOUS);
        head._gc_next.set(list_address);
        list._gc_prev.set(address);
    }
    state.young_count.set(state.young_count.get() + 1);
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
