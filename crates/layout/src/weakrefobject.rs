//! `cpython/weakrefobject.h`: weak references and proxies.

use std::cell::Cell;

use crate::object::*;

/// `cpython/weakrefobject.h`: `weakref.ref` and the proxy types. An object's weak references form a doubly linked list.
#[repr(C)]
pub struct PyWeakReference {
    pub ob_base: PyObject,
    /// Not counted; None once the object is gone.
    pub wr_object: Cell<*mut PyObject>,
    /// Null: none.
    pub wr_callback: Cell<*mut PyObject>,
    /// -1: not computed yet.
    pub hash: Cell<Py_hash_t>,
    pub wr_prev: Cell<*mut PyWeakReference>,
    pub wr_next: Cell<*mut PyWeakReference>,
    pub vectorcall: Cell<Option<vectorcallfunc>>,
}
