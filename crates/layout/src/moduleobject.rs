//! `moduleobject.h`: module objects and the definitions that C code makes modules from.

use std::cell::Cell;
use std::ffi::{c_char, c_int, c_void};

use crate::method_object::PyMethodDef;
use crate::object::*;

/// `moduleobject.h`: the head of a module definition, which is a Python object itself.
#[repr(C)]
pub struct PyModuleDef_Base {
    pub ob_base: PyObject,
    /// The init function, of modules with single-phase initialization.
    pub m_init: Cell<Option<unsafe extern "C-unwind" fn() -> *mut PyObject>>,
    pub m_index: Cell<Py_ssize_t>,
    /// A copy of the module's dict after its first import, for single-phase initialization with `m_size` -1.
    pub m_copy: Cell<*mut PyObject>,
}

/// `moduleobject.h`.
#[repr(C)]
pub struct PyModuleDef {
    pub m_base: PyModuleDef_Base,
    pub m_name: Cell<*const c_char>,
    pub m_doc: Cell<*const c_char>,
    pub m_size: Cell<Py_ssize_t>,
    pub m_methods: Cell<*mut PyMethodDef>,
    pub m_slots: Cell<*mut PyModuleDef_Slot>,
    pub m_traverse: Cell<Option<traverseproc>>,
    pub m_clear: Cell<Option<inquiry>>,
    pub m_free: Cell<Option<freefunc>>,
}

/// `moduleobject.h`: one step of multi-phase initialization; slot zero ends the table.
#[repr(C)]
pub struct PyModuleDef_Slot {
    pub slot: c_int,
    pub value: *mut c_void,
}

crate::empty_constants! { PyModuleDef, PyModuleDef_Slot }
crate::guarded_by_the_runtime! { PyModuleDef }
crate::shared_between_threads! { PyModuleDef_Slot }

pub const Py_mod_create: c_int = 1;
pub const Py_mod_exec: c_int = 2;
pub const Py_mod_multiple_interpreters: c_int = 3;
pub const Py_mod_gil: c_int = 4;

/// Values of the slot [`Py_mod_multiple_interpreters`] (pointers in C).
pub const Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED: usize = 0;
pub const Py_MOD_MULTIPLE_INTERPRETERS_SUPPORTED: usize = 1;
pub const Py_MOD_PER_INTERPRETER_GIL_SUPPORTED: usize = 2;
/// Values of the slot [`Py_mod_gil`] (pointers in C).
pub const Py_MOD_GIL_USED: usize = 0;
pub const Py_MOD_GIL_NOT_USED: usize = 1;

/// `internal/pycore_moduleobject.h`.
#[repr(C)]
pub struct PyModuleObject {
    pub ob_base: PyObject,
    pub md_dict: Cell<*mut PyObject>,
    pub md_def: Cell<*mut PyModuleDef>,
    pub md_state: Cell<*mut c_void>,
    pub md_weaklist: Cell<*mut PyObject>,
    pub md_name: Cell<*mut PyObject>,
}
