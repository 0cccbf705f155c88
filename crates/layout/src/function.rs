//! `cpython/funcobject.h` and `cpython/classobject.h`: Python functions and bound methods.

use std::cell::Cell;

use crate::object::*;

/// `cpython/funcobject.h`: `function`.
#[repr(C)]
pub struct PyFunctionObject {
    pub ob_base: PyObject,
    pub func_globals: Cell<*mut PyObject>,
    pub func_builtins: Cell<*mut PyObject>,
    pub func_name: Cell<*mut PyObject>,
    pub func_qualname: Cell<*mut PyObject>,
    pub func_code: Cell<*mut PyObject>,
    pub func_defaults: Cell<*mut PyObject>,
    pub func_kwdefaults: Cell<*mut PyObject>,
    pub func_closure: Cell<*mut PyObject>,
    pub func_doc: Cell<*mut PyObject>,
    pub func_dict: Cell<*mut PyObject>,
    pub func_weakreflist: Cell<*mut PyObject>,
    pub func_module: Cell<*mut PyObject>,
    pub func_annotations: Cell<*mut PyObject>,
    pub func_annotate: Cell<*mut PyObject>,
    pub func_typeparams: Cell<*mut PyObject>,
    pub vectorcall: Cell<Option<vectorcallfunc>>,
    /// For the specializer; zero when defaults, code, annotations or vectorcall have changed.
    pub func_version: Cell<u32>,
}

/// `cpython/classobject.h`: `method`.
#[repr(C)]
pub struct PyMethodObject {
    pub ob_base: PyObject,
    pub im_func: Cell<*mut PyObject>,
    pub im_self: Cell<*mut PyObject>,
    pub im_weakreflist: Cell<*mut PyObject>,
    pub vectorcall: Cell<Option<vectorcallfunc>>,
}

/// `cpython/classobject.h`: `instancemethod`.
#[repr(C)]
pub struct PyInstanceMethodObject {
    pub ob_base: PyObject,
    pub func: Cell<*mut PyObject>,
}
