//! What is done with garbage, in CPython's order: weak references are cleared and their callbacks called, finalizers run (PEP 442), what they
//! brought back to life is kept, and the cycles of the rest are broken.

use layout::PyObject;

use super::list::{List, Node};
use super::reach::{divide, traverse};
use super::state::DebugFlags;
use super::track::{is_collectable, is_finalized, set_finalized};
use crate::refs::{Object, Py};
use crate::thread::Thread;
use crate::weakref;

/// Clears the weak references to garbage, and those that are garbage, and calls the callbacks of those that are not.
pub(super) fn clear_weak_references(unreachable: &List, thread: &mut Thread) {
    let is_garbage = |object: &Object| is_collectable(object) && Node::of(object.as_pointer()).is_collecting();
    let mut told = Vec::new();
    for node in unreachable.nodes() {
        if let Some(reference) = weakref::as_reference(node.object()) {
            reference.unlink();
        }
        told.extend(weakref::clear_and_list_callbacks(node.object(), &is_garbage));
    }
    for reference in told {
        if let Some(callback) = reference.callback()
            && let Err(raised) = crate::protocol::call_one(&callback, &reference, thread)
        {
            let message = "Exception ignored while calling weakref callback";
            thread.report_unraisable(raised, message, Some(&callback));
        }
        reference.release(thread);
    }
}

/// Calls the finalizers that were not called before.
pub(super) fn finalize(unreachable: &List, thread: &mut Thread) {
    let seen = List::default();
    while let Some(node) = unreachable.first() {
        seen.take(node);
        let pointer = node.object().as_pointer();
        let Some(function) = node.object().class().slots().tp_finalize.get() else { continue };
        // SAFETY: objects in lists are collectable.
        if unsafe { is_finalized(pointer) } || is_queued(node) {
            continue;
        }
        let kept = Py::from_ref(node.object());
        // SAFETY: as above, and the slot's protocol.
        unsafe {
            set_finalized(pointer);
            function(pointer);
        }
        kept.release(thread);
        thread.reap();
    }
    unreachable.merge(&seen);
}

/// Moves what a finalizer brought back to life to the older generation; gives what is still garbage.
pub(super) fn keep_resurrected(unreachable: List, old: &List) -> List {
    let still = List::default();
    divide(&unreachable, &still);
    old.merge(&unreachable);
    still
}

/// Breaks the cycles: each object gives up what it refers to, until all are gone. What is left over goes to the older generation.
pub(super) fn delete(garbage: &List, old: &List, debug: DebugFlags, thread: &mut Thread) {
    while let Some(node) = garbage.first() {
        if is_queued(node) {
            node.clear_collecting();
            old.take(node);
            continue;
        }
        let object = Py::from_ref(node.object());
        if debug.has(DebugFlags::SAVE_ALL) {
            save(&object, thread);
        } else if let Some(clear) = object.class().slots().tp_clear.get() {
            // SAFETY: the slot's protocol.
            unsafe { clear(object.as_pointer()) };
            if thread.is_raised() {
                let raised = thread.raised_elsewhere();
                thread.report_unraisable(raised, "Exception ignored in tp_clear of", None);
            }
        }
        object.release(thread);
        thread.reap();
        if garbage.first() == Some(node) {
            node.clear_collecting();
            old.take(node);
        }
    }
}

/// True for an object that waits for its deallocation already: a collection that a finalizer asks for runs while the queue is being emptied,
/// so what it makes garbage of stays there until that finalizer has returned. Such an object is not to be touched.
fn is_queued(node: Node) -> bool {
    node.object().reference_count() == 0
}

/// Puts an object into `gc.garbage`.
fn save(object: &Object, thread: &mut Thread) {
    let Some(garbage) = thread.interpreter().gc.garbage.get() else { return };
    if let Err(raised) = garbage.push(Py::from_ref(object), thread) {
        drop(thread.catch(raised));
    }
}

/// Moves objects with a deallocator hook of the old kind (`tp_del`, which only C code has), and what can be reached from them: nobody
/// can say in which order these are to go.
pub(super) fn set_apart_legacy_finalizers(unreachable: &List) -> List {
    let apart = List::default();
    for node in unreachable.nodes().filter(|it| it.object().class().slots().tp_del.get().is_some()) {
        node.clear_collecting();
        apart.take(node);
    }
    let mut next = apart.first();
    while let Some(node) = next {
        traverse(node.object(), follow, std::ptr::from_ref(&apart).cast_mut().cast());
        next = Some(node.next()).filter(|it| *it != apart.anchor());
    }
    apart
}

/// A visitor: what is still thought garbage is set apart, too.
///
/// # Safety
/// Called by a traversal; the argument is the list of what is set apart.
unsafe extern "C-unwind" fn follow(object: *mut PyObject, apart: *mut std::ffi::c_void) -> std::ffi::c_int {
    // SAFETY: traversals report live objects; the rest is this function's contract.
    let (object, apart) = unsafe { (&*object.cast::<Object>(), &*apart.cast::<List>()) };
    if is_collectable(object) {
        let node = Node::of(object.as_pointer());
        if node.is_collecting() {
            node.clear_collecting();
            apart.take(node);
        }
    }
    0
}

/// Puts objects with a `tp_del` into `gc.garbage`, all that was set apart if everything is to be saved; the older generation gets them back.
pub(super) fn keep_legacy(apart: &List, old: &List, debug: DebugFlags, thread: &mut Thread) {
    for node in apart.nodes() {
        if debug.has(DebugFlags::SAVE_ALL) || node.object().class().slots().tp_del.get().is_some() {
            save(node.object(), thread);
        }
    }
    old.merge(apart);
}
