//! `moduleobject.h`: module definitions.

use layout::{PyModuleDef, PyObject};
use objects::module::Module;
use objects::types::Instance as _;

/// `PyModuleDef_Init`: makes a definition an object that an init function may return (PEP 489).
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyModuleDef_Init(definition: *mut PyModuleDef) -> *mut PyObject {
    // SAFETY: the caller passes its definition, which lives for ever.
    let header = unsafe { &(*definition).m_base.ob_base };
    if header.ob_type.get().is_null() {
        header.ob_type.set(Module::class().as_pointer());
    }
    definition.cast()
}
