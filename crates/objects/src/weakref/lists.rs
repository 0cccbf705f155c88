//! The list of an object's weak references.
//!
//! ```text
//! managed (classes)      the head 32 bytes before the header
//! offset > 0 (built-in)  a field of the struct
//! static types           in the interpreter, since interpreters share them
//! ```
//! A reference of exactly `weakref.ref` without callback is shared by all who ask for one, and stands first.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use layout::{_Py_TPFLAGS_STATIC_BUILTIN, Py_TPFLAGS_MANAGED_WEAKREF, PyObject, PyWeakReference};

use super::reference::WeakReference;
use crate::protocol;
use crate::refs::{HasHeader, Object, Py, cast};
use crate::thread::Thread;
use crate::types::Type;

/// `tp_weaklistoffset` of classes whose instances have the list's head before the header.
pub const MANAGED_OFFSET: isize = -4 * size_of::<*mut PyObject>() as isize;

/// The first reference of a list, or null.
pub(super) type Head = Cell<*mut PyWeakReference>;

/// The heads of lists of static types, by the type's address.
#[derive(Default)]
pub struct WeakLists(RefCell<HashMap<usize, Box<Head>>>);

impl WeakLists {
    /// The head for a static type. It stays where it is as long as the interpreter lives.
    fn head(&self, class: &Object) -> &'static Head {
        let mut lists = self.0.borrow_mut();
        let head = lists.entry(class.address()).or_insert_with(|| Box::new(Cell::new(std::ptr::null_mut())));
        // SAFETY: heads are never removed, and the box does not move; the interpreter outlives its objects.
        unsafe { &*std::ptr::from_ref(&**head) }
    }
}

/// True if instances of the type can be referred to weakly.
#[inline]
pub fn supports(class: &Type) -> bool {
    class.slots().tp_weaklistoffset.get() != 0
}

/// The head of an object's list, if its type gives it one.
pub(super) fn head(object: &Object) -> Option<&Head> {
    let class = object.class();
    let offset = class.slots().tp_weaklistoffset.get();
    if offset == 0 {
        return None;
    }
    if class.has_flag(layout::Py_TPFLAGS_TYPE_SUBCLASS)
        // SAFETY: instances of subclasses of `type` are type objects.
        && unsafe { cast::<Type>(object) }.has_flag(_Py_TPFLAGS_STATIC_BUILTIN)
    {
        // SAFETY: objects only exist while their thread is attached.
        let thread = unsafe { Thread::current() };
        return Some(thread.interpreter().static_weak_references.head(object));
    }
    debug_assert!(offset > 0 || class.has_flag(Py_TPFLAGS_MANAGED_WEAKREF));
    // SAFETY: the type promises the head of a list at this offset.
    Some(unsafe { &*object.as_pointer().cast::<u8>().offset(offset).cast::<Head>() })
}

/// The references of a list, first to last.
fn members(head: &Head) -> impl Iterator<Item = &WeakReference> {
    // SAFETY: the members of a list are live references: they leave it before they are freed.
    let first = unsafe { head.get().cast::<WeakReference>().as_ref() };
    std::iter::successors(first, |it| it.next())
}

/// New references to all weak references to an object, first to last.
pub fn references_to(object: &Object) -> Vec<Py<WeakReference>> {
    let alive = |it: &&WeakReference| it.reference_count() > 0;
    head(object).map_or_else(Vec::new, |head| members(head).filter(alive).map(Py::from_ref).collect())
}

/// `__weakref__`: the first of the list.
pub fn first_reference(object: &Object) -> Option<Py<Object>> {
    references_to(object).into_iter().next().map(Py::into_object)
}

/// The reference that all share who ask for one without a callback, if there is one.
pub(super) fn shared_reference(object: &Object) -> Option<Py<WeakReference>> {
    let first = members(head(object)?).next()?;
    let shared = first.is_exactly::<WeakReference>() && !first.has_callback() && first.reference_count() > 0;
    shared.then(|| Py::from_ref(first))
}

/// As [`shared_reference`], for a proxy of this type.
pub(super) fn shared_proxy(object: &Object, class: &Type) -> Option<Py<Object>> {
    let shared = members(head(object)?).take(2).find(|it| std::ptr::eq(it.class(), class) && !it.has_callback())?;
    (shared.reference_count() > 0).then(|| Py::from_ref(shared).into_object())
}

/// Puts a new reference into its object's list: the shared one first, others behind the shared one and the shared proxy.
pub(super) fn insert(reference: &WeakReference, head: &Head) {
    let is_shared_kind = |it: &WeakReference| !it.has_callback() && !it.is_of_subclass();
    let mut before = None;
    if !(is_shared_kind(reference) && reference.is_exactly::<WeakReference>()) {
        before = members(head).take(2).filter(|it| is_shared_kind(it)).last();
    }
    reference.link(before, head);
}

/// True if a weak reference to this object has a callback, which its deallocation would call.
pub(crate) fn has_callbacks(object: &Object) -> bool {
    let offset = object.class().slots().tp_weaklistoffset.get();
    offset != 0 && head(object).is_some_and(|head| members(head).any(WeakReference::has_callback))
}

/// Clears the weak references to an object that is garbage; gives those whose callbacks are to be called: the others are garbage themselves.
pub(crate) fn clear_and_list_callbacks(
    object: &Object,
    is_garbage: &dyn Fn(&Object) -> bool,
) -> Vec<Py<WeakReference>> {
    let Some(head) = head(object) else { return Vec::new() };
    let mut told = Vec::new();
    while let Some(reference) = members(head).next() {
        if reference.has_callback() && reference.reference_count() > 0 && !is_garbage(reference.as_object()) {
            told.push(Py::from_ref(reference));
        }
        reference.unlink();
    }
    told
}

/// Clears the weak references to an object without calling their callbacks: the collector has already looked at those.
pub fn clear_without_callbacks(object: &Object) {
    let Some(head) = head(object) else { return };
    while let Some(reference) = members(head).next() {
        reference.unlink();
    }
}

/// Clears the weak references to an object that is being freed, and calls their callbacks.
///
/// # Safety
/// The object has no reference left; its memory is intact.
pub unsafe fn clear_references(object: *mut PyObject, thread: &mut Thread) {
    // SAFETY: the memory is intact.
    let object = unsafe { &*object.cast::<Object>() };
    let Some(head) = head(object) else { return };
    if head.get().is_null() {
        return;
    }
    let mut calls = Vec::new();
    while let Some(reference) = members(head).next() {
        // A reference that is itself being freed is not told.
        let told = (reference.reference_count() > 0).then(|| Py::from_ref(reference));
        let callback = reference.take_callback();
        reference.unlink();
        calls.extend(told.zip(callback));
    }
    if calls.is_empty() {
        return;
    }
    let raised = thread.take_exception();
    for (reference, callback) in calls {
        if let Err(error) = protocol::call_one(&callback, reference.as_object(), thread) {
            thread.report_unraisable(error, "Exception ignored while calling weakref callback", Some(&callback));
        }
    }
    thread.restore_exception(raised);
}
