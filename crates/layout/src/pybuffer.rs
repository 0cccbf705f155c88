//! `pybuffer.h` and `cpython/memoryobject.h`: the buffer protocol and memoryviews.

use std::cell::Cell;
use std::ffi::{c_char, c_int, c_void};

use crate::object::*;

/// `pybuffer.h`: a view of an object's memory. Part of the stable ABI.
#[repr(C)]
pub struct Py_buffer {
    pub buf: Cell<*mut c_void>,
    /// A counted reference; null once the buffer is released.
    pub obj: Cell<*mut PyObject>,
    /// In bytes.
    pub len: Cell<Py_ssize_t>,
    pub itemsize: Cell<Py_ssize_t>,
    pub readonly: Cell<c_int>,
    pub ndim: Cell<c_int>,
    pub format: Cell<*mut c_char>,
    pub shape: Cell<*mut Py_ssize_t>,
    pub strides: Cell<*mut Py_ssize_t>,
    pub suboffsets: Cell<*mut Py_ssize_t>,
    pub internal: Cell<*mut c_void>,
}

crate::empty_constants! { Py_buffer }

/// `pybuffer.h`: the last argument is made of `PyBUF_…`.
pub type getbufferproc = unsafe extern "C-unwind" fn(*mut PyObject, *mut Py_buffer, c_int) -> c_int;
/// `pybuffer.h`.
pub type releasebufferproc = unsafe extern "C-unwind" fn(*mut PyObject, *mut Py_buffer);

pub const PyBUF_MAX_NDIM: usize = 64;
pub const PyBUF_SIMPLE: c_int = 0;
pub const PyBUF_WRITABLE: c_int = 0x0001;
pub const PyBUF_FORMAT: c_int = 0x0004;
pub const PyBUF_ND: c_int = 0x0008;
pub const PyBUF_STRIDES: c_int = 0x0010 | PyBUF_ND;
pub const PyBUF_C_CONTIGUOUS: c_int = 0x0020 | PyBUF_STRIDES;
pub const PyBUF_F_CONTIGUOUS: c_int = 0x0040 | PyBUF_STRIDES;
pub const PyBUF_ANY_CONTIGUOUS: c_int = 0x0080 | PyBUF_STRIDES;
pub const PyBUF_INDIRECT: c_int = 0x0100 | PyBUF_STRIDES;
pub const PyBUF_CONTIG: c_int = PyBUF_ND | PyBUF_WRITABLE;
pub const PyBUF_CONTIG_RO: c_int = PyBUF_ND;
pub const PyBUF_STRIDED: c_int = PyBUF_STRIDES | PyBUF_WRITABLE;
pub const PyBUF_STRIDED_RO: c_int = PyBUF_STRIDES;
pub const PyBUF_RECORDS: c_int = PyBUF_STRIDES | PyBUF_WRITABLE | PyBUF_FORMAT;
pub const PyBUF_RECORDS_RO: c_int = PyBUF_STRIDES | PyBUF_FORMAT;
pub const PyBUF_FULL: c_int = PyBUF_INDIRECT | PyBUF_WRITABLE | PyBUF_FORMAT;
pub const PyBUF_FULL_RO: c_int = PyBUF_INDIRECT | PyBUF_FORMAT;
/// Of `PyMemoryView_FromMemory`.
pub const PyBUF_READ: c_int = 0x100;
/// Of `PyMemoryView_FromMemory`.
pub const PyBUF_WRITE: c_int = 0x200;

/// `cpython/memoryobject.h`: the one buffer that any number of memoryviews share.
#[repr(C)]
pub struct _PyManagedBufferObject {
    pub ob_base: PyObject,
    pub flags: Cell<c_int>,
    pub exports: Cell<Py_ssize_t>,
    pub master: Py_buffer,
}

pub const _Py_MANAGED_BUFFER_RELEASED: c_int = 0x001;
pub const _Py_MANAGED_BUFFER_FREE_FORMAT: c_int = 0x002;

/// `cpython/memoryobject.h`: `memoryview`.
#[repr(C)]
pub struct PyMemoryViewObject {
    pub ob_base: PyVarObject,
    pub mbuf: Cell<*mut _PyManagedBufferObject>,
    /// -1: not computed yet.
    pub hash: Cell<Py_hash_t>,
    pub flags: Cell<c_int>,
    pub exports: Cell<Py_ssize_t>,
    pub view: Py_buffer,
    pub weakreflist: Cell<*mut PyObject>,
    /// Shape, strides and suboffsets.
    pub ob_array: [Cell<Py_ssize_t>; 1],
}

pub const _Py_MEMORYVIEW_RELEASED: c_int = 0x001;
pub const _Py_MEMORYVIEW_C: c_int = 0x002;
pub const _Py_MEMORYVIEW_FORTRAN: c_int = 0x004;
pub const _Py_MEMORYVIEW_SCALAR: c_int = 0x008;
pub const _Py_MEMORYVIEW_PIL: c_int = 0x010;
pub const _Py_MEMORYVIEW_RESTRICTED: c_int = 0x020;
