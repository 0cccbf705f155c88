//! `bytesobject.h`, `bytearrayobject.h`, `tupleobject.h`, `listobject.h`, `setobject.h`, `sliceobject.h`,
//! `cellobject.h`, `structseq.h`.
//!
//! A last field `[Cell<T>; 1]` is C's flexible array: the object's size says how many there are.

use std::cell::Cell;
use std::ffi::{c_char, c_int};

use crate::object::*;

/// `cpython/bytesobject.h`: `bytes`; a zero byte follows the last one.
#[repr(C)]
pub struct PyBytesObject {
    pub ob_base: PyVarObject,
    /// -1: not computed yet.
    pub ob_shash: Cell<Py_hash_t>,
    pub ob_sval: [Cell<u8>; 1],
}

/// `cpython/bytearrayobject.h`: `bytearray`.
#[repr(C)]
pub struct PyByteArrayObject {
    pub ob_base: PyVarObject,
    /// Bytes allocated at `ob_bytes`.
    pub ob_alloc: Cell<Py_ssize_t>,
    pub ob_bytes: Cell<*mut u8>,
    /// Where the contents begin, inside `ob_bytes`.
    pub ob_start: Cell<*mut u8>,
    /// How many buffers point into `ob_bytes`; while there are any, it can't be resized.
    pub ob_exports: Cell<Py_ssize_t>,
}

/// `cpython/tupleobject.h`: `tuple`.
#[repr(C)]
pub struct PyTupleObject {
    pub ob_base: PyVarObject,
    /// -1: not computed yet.
    pub ob_hash: Cell<Py_hash_t>,
    pub ob_item: [Cell<*mut PyObject>; 1],
}

/// `cpython/listobject.h`: `list`.
#[repr(C)]
pub struct PyListObject {
    pub ob_base: PyVarObject,
    pub ob_item: Cell<*mut *mut PyObject>,
    /// Room at `ob_item`; -1 while the list is being sorted.
    pub allocated: Cell<Py_ssize_t>,
}

/// `cpython/setobject.h`: how many entries lie inside the set object itself.
pub const PySet_MINSIZE: usize = 8;

/// `cpython/setobject.h`: one entry of a set's table.
#[repr(C)]
pub struct setentry {
    pub key: Cell<*mut PyObject>,
    pub hash: Cell<Py_hash_t>,
}

/// `cpython/setobject.h`: `set` and `frozenset`.
#[repr(C)]
pub struct PySetObject {
    pub ob_base: PyObject,
    /// Entries in use, and deleted ones.
    pub fill: Cell<Py_ssize_t>,
    pub used: Cell<Py_ssize_t>,
    /// The table's size, a power of two, less one.
    pub mask: Cell<Py_ssize_t>,
    pub table: Cell<*mut setentry>,
    /// Of frozensets only; -1: not computed yet.
    pub hash: Cell<Py_hash_t>,
    /// Where `pop` goes on searching.
    pub finger: Cell<Py_ssize_t>,
    pub smalltable: [setentry; PySet_MINSIZE],
    pub weakreflist: Cell<*mut PyObject>,
}

/// `sliceobject.h`: `slice`.
#[repr(C)]
pub struct PySliceObject {
    pub ob_base: PyObject,
    pub start: Cell<*mut PyObject>,
    pub stop: Cell<*mut PyObject>,
    pub step: Cell<*mut PyObject>,
}

/// `cpython/cellobject.h`: a variable shared by nested functions.
#[repr(C)]
pub struct PyCellObject {
    pub ob_base: PyObject,
    /// Null: unbound.
    pub ob_ref: Cell<*mut PyObject>,
}

/// `structseq.h`: one field; a null name ends the table.
#[repr(C)]
pub struct PyStructSequence_Field {
    pub name: *const c_char,
    pub doc: *const c_char,
}

/// `structseq.h`: what `PyStructSequence_NewType` makes a type from.
#[repr(C)]
pub struct PyStructSequence_Desc {
    pub name: *const c_char,
    pub doc: *const c_char,
    pub fields: *mut PyStructSequence_Field,
    pub n_in_sequence: c_int,
}
