//! Questions about the objects that the collector knows: `gc.get_objects` and its kin.

use std::cell::Cell;
use std::ffi::{c_int, c_void};

use layout::PyObject;

use super::list::Node;
use super::reach::traverse;
use super::state::GENERATIONS;
use crate::refs::{Object, Py};
use crate::thread::Thread;

/// New references to the tracked objects of a generation, or of all.
pub fn tracked_objects(generation: Option<usize>, thread: &Thread) -> Vec<Py<Object>> {
    let all = match generation {
        Some(generation) => generation..generation + 1,
        None => 0..GENERATIONS,
    };
    let lists = &thread.interpreter().gc.generations[all];
    let alive = |node: &Node| node.object().reference_count() > 0;
    lists.iter().flat_map(|list| list.nodes().filter(alive).map(|it| Py::from_ref(it.object()))).collect()
}

/// The tracked objects that refer to one of these.
pub fn referrers_of(objects: &[&Object], thread: &Thread) -> Vec<Py<Object>> {
    struct Search<'a>(&'a [&'a Object], Cell<bool>);
    /// # Safety
    /// Called by a traversal; the argument is a search.
    unsafe extern "C-unwind" fn look(object: *mut PyObject, search: *mut c_void) -> c_int {
        // SAFETY: this function's contract.
        let Search(objects, found) = unsafe { &*search.cast::<Search<'_>>() };
        if objects.iter().any(|it| it.as_pointer() == object) {
            found.set(true);
        }
        c_int::from(found.get())
    }
    let refers = |object: &Py<Object>| {
        let search = Search(objects, Cell::new(false));
        traverse(object, look, std::ptr::from_ref(&search).cast_mut().cast());
        search.1.get()
    };
    tracked_objects(None, thread).into_iter().filter(refers).collect()
}

/// New references to what these objects refer to, one after the other, in the order of their traversal.
pub fn referents_of(objects: &[&Object]) -> Vec<Py<Object>> {
    /// # Safety
    /// Called by a traversal; the argument is a vector.
    unsafe extern "C-unwind" fn keep(object: *mut PyObject, found: *mut c_void) -> c_int {
        // SAFETY: traversals report live objects; the rest is this function's contract.
        unsafe { (*found.cast::<Vec<Py<Object>>>()).push(Py::from_ref(&*object.cast::<Object>())) };
        0
    }
    let mut found: Vec<Py<Object>> = Vec::new();
    for object in objects.iter().filter(|it| super::is_collectable(it)) {
        traverse(object, keep, (&raw mut found).cast());
    }
    found
}

/// `gc.freeze()`: no collection looks at what is tracked now.
pub fn freeze(thread: &Thread) {
    let state = &thread.interpreter().gc;
    for list in &state.generations {
        state.permanent.merge(list);
    }
    state.reset_counts(GENERATIONS - 1);
}

/// `gc.unfreeze()`
pub fn unfreeze(thread: &Thread) {
    let state = &thread.interpreter().gc;
    state.generations[GENERATIONS - 1].merge(&state.permanent);
}

/// `gc.get_freeze_count()`
pub fn frozen_count(thread: &Thread) -> usize {
    thread.interpreter().gc.permanent.length()
}
