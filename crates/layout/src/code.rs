//! `cpython/code.h`: code objects.

use std::cell::Cell;
use std::ffi::{c_int, c_void};

use crate::object::*;

/// `cpython/code.h`: `code`. The instructions, two bytes each, follow from `co_code_adaptive` on; they specialize in
/// place.
#[repr(C)]
pub struct PyCodeObject {
    /// `ob_size` counts code units.
    pub ob_base: PyVarObject,
    pub co_consts: Cell<*mut PyObject>,
    pub co_names: Cell<*mut PyObject>,
    pub co_exceptiontable: Cell<*mut PyObject>,
    pub co_flags: Cell<c_int>,
    pub co_argcount: Cell<c_int>,
    pub co_posonlyargcount: Cell<c_int>,
    pub co_kwonlyargcount: Cell<c_int>,
    pub co_stacksize: Cell<c_int>,
    pub co_firstlineno: Cell<c_int>,
    pub co_nlocalsplus: Cell<c_int>,
    /// In words.
    pub co_framesize: Cell<c_int>,
    pub co_nlocals: Cell<c_int>,
    pub co_ncellvars: Cell<c_int>,
    pub co_nfreevars: Cell<c_int>,
    pub co_version: Cell<u32>,
    pub co_localsplusnames: Cell<*mut PyObject>,
    pub co_localspluskinds: Cell<*mut PyObject>,
    pub co_filename: Cell<*mut PyObject>,
    pub co_name: Cell<*mut PyObject>,
    pub co_qualname: Cell<*mut PyObject>,
    pub co_linetable: Cell<*mut PyObject>,
    pub co_weakreflist: Cell<*mut PyObject>,
    pub co_executors: Cell<*mut c_void>,
    pub _co_cached: Cell<*mut _PyCoCached>,
    pub _co_instrumentation_version: Cell<usize>,
    pub _co_monitoring: Cell<*mut c_void>,
    pub _co_unique_id: Cell<Py_ssize_t>,
    pub _co_firsttraceable: Cell<c_int>,
    pub co_extra: Cell<*mut c_void>,
    pub co_code_adaptive: [Cell<u8>; 1],
}

/// `cpython/code.h`: attributes that are computed on first use.
#[repr(C)]
pub struct _PyCoCached {
    pub _co_code: Cell<*mut PyObject>,
    pub _co_varnames: Cell<*mut PyObject>,
    pub _co_cellvars: Cell<*mut PyObject>,
    pub _co_freevars: Cell<*mut PyObject>,
}

pub const CO_OPTIMIZED: c_int = 0x0001;
pub const CO_NEWLOCALS: c_int = 0x0002;
pub const CO_VARARGS: c_int = 0x0004;
pub const CO_VARKEYWORDS: c_int = 0x0008;
pub const CO_NESTED: c_int = 0x0010;
pub const CO_GENERATOR: c_int = 0x0020;
pub const CO_COROUTINE: c_int = 0x0080;
pub const CO_ITERABLE_COROUTINE: c_int = 0x0100;
pub const CO_ASYNC_GENERATOR: c_int = 0x0200;
pub const CO_FUTURE_DIVISION: c_int = 0x20000;
pub const CO_FUTURE_ABSOLUTE_IMPORT: c_int = 0x40000;
pub const CO_FUTURE_WITH_STATEMENT: c_int = 0x80000;
pub const CO_FUTURE_PRINT_FUNCTION: c_int = 0x100000;
pub const CO_FUTURE_UNICODE_LITERALS: c_int = 0x200000;
pub const CO_FUTURE_BARRY_AS_BDFL: c_int = 0x400000;
pub const CO_FUTURE_GENERATOR_STOP: c_int = 0x800000;
pub const CO_FUTURE_ANNOTATIONS: c_int = 0x1000000;
pub const CO_NO_MONITORING_EVENTS: c_int = 0x2000000;
pub const CO_HAS_DOCSTRING: c_int = 0x4000000;
pub const CO_METHOD: c_int = 0x8000000;
