//! Finding what only cycles keep alive.
//!
//! The algorithm is the one that CPython's «Garbage collector design» describes: each object's count, less the references that come from
//! the collected objects themselves, is what comes from outside. Whatever is not reached from an object with such references is garbage.
//! Both steps use the heads alone: no memory is needed, and nothing recurses, however deep the objects are nested.
//!
//! ```text
//! _gc_prev   count of references not explained yet | collecting | finalized      (while `divide` is at work)
//! _gc_next   next node | taken for unreachable
//! ```
//! The invariant: nothing runs in between that could look at a list.

use std::ffi::{c_int, c_void};

use layout::{_PyGC_NEXT_MASK_UNREACHABLE, _PyGC_PREV_MASK, _PyGC_PREV_MASK_COLLECTING, _PyGC_PREV_SHIFT, PyObject};

use super::list::{List, Node};
use super::track::is_collectable;
use crate::refs::Object;

/// One reference, where a node's count is kept.
const ONE: usize = 1 << _PyGC_PREV_SHIFT;

/// Calls `visit` for each object that this one refers to.
pub(super) fn traverse(
    object: &Object,
    visit: unsafe extern "C-unwind" fn(*mut PyObject, *mut c_void) -> c_int,
    argument: *mut c_void,
) {
    if let Some(traverse) = object.class().slots().tp_traverse.get() {
        // SAFETY: the slot's protocol; the visitor and its argument belong together, as its caller says.
        unsafe { traverse(object.as_pointer(), visit, argument) };
    }
}

/// Moves what cannot be reached from outside to `unreachable`, which is empty. Nodes there stay marked as collecting; `young` keeps the
/// others, with their lists in order.
pub(super) fn divide(young: &List, unreachable: &List) {
    count_references(young);
    for node in young.nodes() {
        traverse(node.object(), subtract, std::ptr::null_mut());
    }
    separate(young, unreachable);
    for node in unreachable.nodes_with_flags() {
        node.set_raw_next(node.raw_next() & !_PyGC_NEXT_MASK_UNREACHABLE);
    }
}

/// Replaces each node's link to the one before by its object's count. What lives for ever leaves the list, and what is being freed.
fn count_references(young: &List) {
    let mut before = young.anchor();
    for node in young.nodes() {
        let object = node.object();
        let count = object.reference_count() as usize;
        let finalized = node.raw_previous() & layout::_PyGC_PREV_MASK_FINALIZED;
        if object.is_immortal() || count == 0 {
            before.set_raw_next(node.next().address());
            node.set_raw_next(0);
            node.set_raw_previous(finalized);
            continue;
        }
        node.set_raw_previous(count << _PyGC_PREV_SHIFT | _PyGC_PREV_MASK_COLLECTING | finalized);
        before = node;
    }
    young.anchor().set_raw_previous(before.address());
}

/// The node of an object that is being collected.
///
/// # Safety
/// The pointer is to a live object.
unsafe fn collecting_node(object: *mut PyObject) -> Option<Node> {
    // SAFETY: passed on to the caller.
    is_collectable(unsafe { &*object.cast::<Object>() }).then(|| Node::of(object)).filter(|it| it.is_collecting())
}

/// A visitor: one reference comes from inside.
///
/// # Safety
/// Called by a traversal.
unsafe extern "C-unwind" fn subtract(object: *mut PyObject, _: *mut c_void) -> c_int {
    // SAFETY: traversals report live objects.
    if let Some(node) = unsafe { collecting_node(object) } {
        debug_assert!(node.raw_previous() >= ONE, "a traversal reports a reference that nobody owns");
        if node.raw_previous() >= ONE {
            node.set_raw_previous(node.raw_previous() - ONE);
        }
    }
    0
}

/// Goes through the list. A node that is reached from outside stays, and what it refers to is reached too; others move to `unreachable` for
/// now, and come back if they turn out to be reached.
fn separate(young: &List, unreachable: &List) {
    let anchor = young.anchor();
    let mut before = anchor;
    let mut node = anchor.next();
    while node != anchor {
        if node.raw_previous() & _PyGC_PREV_MASK != 0 {
            // The list's links are restored on the way.
            node.set_previous(before);
            node.clear_collecting();
            traverse(node.object(), reach, std::ptr::from_ref(young).cast_mut().cast());
            before = node;
        } else {
            before.set_raw_next(node.raw_next());
            let (end, last) = (unreachable.anchor(), unreachable.anchor().previous());
            let flag = if last == end { 0 } else { _PyGC_NEXT_MASK_UNREACHABLE };
            last.set_raw_next(node.address() | flag);
            node.set_previous(last);
            node.set_raw_next(end.address() | _PyGC_NEXT_MASK_UNREACHABLE);
            end.set_previous(node);
        }
        node = before.next();
    }
    anchor.set_raw_previous(before.address());
}

/// A visitor: the object is reached.
///
/// # Safety
/// Called by a traversal; the argument is the list that [`separate`] goes through.
unsafe extern "C-unwind" fn reach(object: *mut PyObject, young: *mut c_void) -> c_int {
    // SAFETY: traversals report live objects, and the argument is a list.
    let (Some(node), young) = (unsafe { (collecting_node(object), &*young.cast::<List>()) }) else { return 0 };
    if node.raw_next() & _PyGC_NEXT_MASK_UNREACHABLE != 0 {
        // It was moved too early: back to the end of the list, where its turn comes again.
        let before = node.previous();
        let next = Node::at(node.raw_next() & !_PyGC_NEXT_MASK_UNREACHABLE);
        let flag = before.raw_next() & _PyGC_NEXT_MASK_UNREACHABLE;
        before.set_raw_next(next.address() | flag);
        next.set_previous(before);
        young.append(node);
        node.set_raw_previous(ONE | node.raw_previous() & !_PyGC_PREV_MASK);
    } else if node.raw_previous() & _PyGC_PREV_MASK == 0 {
        node.set_raw_previous(ONE | node.raw_previous() & !_PyGC_PREV_MASK);
    }
    0
}
