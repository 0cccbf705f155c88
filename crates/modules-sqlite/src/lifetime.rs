//! The end of objects whose finalizers SQLite needs: they may run Python code, so they are run where that is allowed, not in a `drop`.

use layout::PyObject;
use objects::gc::Traverse;
use objects::refs::{Object, deallocate_instance};
use objects::thread::Thread;
use objects::types::{self, Instance, Type};

/// A deallocator that finalizes, which may bring the object back to life, and frees.
///
/// # Safety
/// Called as `tp_dealloc` of `T`'s type or of a subtype.
pub unsafe extern "C-unwind" fn deallocate<T: Instance + Traverse>(object: *mut PyObject) {
    // SAFETY: objects only exist while their thread is attached.
    let mut thread = unsafe { Thread::current() };
    // SAFETY: the memory is intact; a type outlives its instances.
    let class: &Type = unsafe { &*std::ptr::from_ref((*object.cast::<Object>()).class()) };
    // SAFETY: the count is zero.
    if unsafe { types::finalize(object, class, &mut thread) } {
        return;
    }
    // SAFETY: passed on.
    unsafe { deallocate_instance::<T>(object) }
}
