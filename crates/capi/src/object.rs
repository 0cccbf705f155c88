//! `object.h`, `refcount.h`: reference counts.

use layout::PyObject;
use objects::refs::{Object, release_now};
use objects::thread::Thread;

/// `Py_IncRef`: adds a reference; null is allowed.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_IncRef(object: *mut PyObject) {
    // SAFETY: the caller passes a live object or null.
    if let Some(object) = unsafe { Object::from_pointer(object) } {
        object.increment();
    }
}

/// `Py_DecRef`: gives a reference back; null is allowed.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_DecRef(object: *mut PyObject) {
    if !object.is_null() {
        // SAFETY: the caller is attached, and owns a reference.
        release_now(object, &mut unsafe { Thread::current() });
    }
}

/// `_Py_Dealloc`: what `Py_DECREF`, which C code has inlined, calls when the count has become zero.
///
/// # Safety
/// The object's count is zero.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _Py_Dealloc(object: *mut PyObject) {
    // SAFETY: the caller is attached, and passes an object that nobody refers to.
    unsafe {
        let mut thread = Thread::current();
        objects::refs::deallocate_now(object, &mut thread);
    }
}
