//! `cpython/dictobject.h`: `dict`. What its two pointers point to is not part of the ABI.

use std::cell::Cell;

use crate::object::*;

/// `cpython/dictobject.h`: a table of keys; its contents are the object model's own affair.
#[repr(C)]
pub struct PyDictKeysObject {
    opaque: [u8; 0],
}

/// `cpython/dictobject.h`: the values of a dict that shares its keys with others; likewise opaque.
#[repr(C)]
pub struct PyDictValues {
    opaque: [u8; 0],
}

/// `cpython/dictobject.h`: `dict`.
#[repr(C)]
pub struct PyDictObject {
    pub ob_base: PyObject,
    /// The number of items.
    pub ma_used: Cell<Py_ssize_t>,
    /// Bits 0 to 7: which watchers watch this dict; bits 8 to 11: mutations seen by them.
    pub _ma_watcher_tag: Cell<u64>,
    pub ma_keys: Cell<*mut PyDictKeysObject>,
    pub ma_values: Cell<*mut PyDictValues>,
}
