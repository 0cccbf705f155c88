//! `cpython/unicodeobject.h`: the three forms of `str`.

use std::cell::Cell;
use std::ffi::c_void;

use crate::object::*;

/// `cpython/unicodeobject.h`: an ASCII string made in one piece; its characters and a zero byte follow the struct.
///
/// ```text
/// state:  31 … 8 |    7       |   6   |    5    | 4 3 2 | 1 0
///         zero   | statically | ascii | compact | kind  | interned
/// ```
#[repr(C)]
pub struct PyASCIIObject {
    pub ob_base: PyObject,
    /// The number of code points.
    pub length: Cell<Py_ssize_t>,
    /// -1: not computed yet.
    pub hash: Cell<Py_hash_t>,
    pub state: Cell<u32>,
}

/// `cpython/unicodeobject.h`: any other string made in one piece; its characters and a zero character follow.
#[repr(C)]
pub struct PyCompactUnicodeObject {
    pub _base: PyASCIIObject,
    pub utf8_length: Cell<Py_ssize_t>,
    /// The string in UTF-8 with a zero byte behind it, or null as long as nobody asked for it.
    pub utf8: Cell<*mut u8>,
}

/// `cpython/unicodeobject.h`: the form of subclass instances: the characters have a block of their own.
#[repr(C)]
pub struct PyUnicodeObject {
    pub _base: PyCompactUnicodeObject,
    pub data: Cell<*mut c_void>,
}

/// Bits of [`PyASCIIObject::state`].
pub const PyUnicode_STATE_INTERNED_MASK: u32 = 0b11;
pub const PyUnicode_STATE_KIND_SHIFT: u32 = 2;
pub const PyUnicode_STATE_KIND_MASK: u32 = 0b111 << PyUnicode_STATE_KIND_SHIFT;
pub const PyUnicode_STATE_COMPACT: u32 = 1 << 5;
pub const PyUnicode_STATE_ASCII: u32 = 1 << 6;
pub const PyUnicode_STATE_STATICALLY_ALLOCATED: u32 = 1 << 7;

/// Values of the two interning bits.
pub const SSTATE_NOT_INTERNED: u32 = 0;
pub const SSTATE_INTERNED_MORTAL: u32 = 1;
pub const SSTATE_INTERNED_IMMORTAL: u32 = 2;
pub const SSTATE_INTERNED_IMMORTAL_STATIC: u32 = 3;

/// Values of the kind bits: bytes per character.
pub const PyUnicode_1BYTE_KIND: u32 = 1;
pub const PyUnicode_2BYTE_KIND: u32 = 2;
pub const PyUnicode_4BYTE_KIND: u32 = 4;
