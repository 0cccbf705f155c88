//! `cpython/objimpl.h`, `cpython/pymem.h`, `cpython/compile.h`, `cpython/monitoring.h`, `cpython/pyhash.h`,
//! `cpython/import.h`: small structs that API functions take or return.

use std::cell::Cell;
use std::ffi::{c_char, c_int, c_void};

use crate::object::*;

/// `cpython/objimpl.h`: who maps arenas.
#[repr(C)]
pub struct PyObjectArenaAllocator {
    pub ctx: *mut c_void,
    pub alloc: Option<unsafe extern "C-unwind" fn(*mut c_void, usize) -> *mut c_void>,
    pub free: Option<unsafe extern "C-unwind" fn(*mut c_void, *mut c_void, usize)>,
}

/// `cpython/pymem.h`: the functions of one memory domain.
#[repr(C)]
pub struct PyMemAllocatorEx {
    pub ctx: *mut c_void,
    pub malloc: Option<unsafe extern "C-unwind" fn(*mut c_void, usize) -> *mut c_void>,
    pub calloc: Option<unsafe extern "C-unwind" fn(*mut c_void, usize, usize) -> *mut c_void>,
    pub realloc: Option<unsafe extern "C-unwind" fn(*mut c_void, *mut c_void, usize) -> *mut c_void>,
    pub free: Option<unsafe extern "C-unwind" fn(*mut c_void, *mut c_void)>,
}

/// `cpython/pymem.h`: memory domains.
pub const PYMEM_DOMAIN_RAW: c_int = 0;
pub const PYMEM_DOMAIN_MEM: c_int = 1;
pub const PYMEM_DOMAIN_OBJ: c_int = 2;

/// `cpython/compile.h`: flags for compiling; they also return the future statements that were seen.
#[repr(C)]
pub struct PyCompilerFlags {
    pub cf_flags: Cell<c_int>,
    pub cf_feature_version: Cell<c_int>,
}

pub const PyCF_SOURCE_IS_UTF8: c_int = 0x0100;
pub const PyCF_DONT_IMPLY_DEDENT: c_int = 0x0200;
pub const PyCF_ONLY_AST: c_int = 0x0400;
pub const PyCF_IGNORE_COOKIE: c_int = 0x0800;
pub const PyCF_TYPE_COMMENTS: c_int = 0x1000;
pub const PyCF_ALLOW_TOP_LEVEL_AWAIT: c_int = 0x2000;
pub const PyCF_ALLOW_INCOMPLETE_INPUT: c_int = 0x4000;
pub const PyCF_OPTIMIZED_AST: c_int = 0x8000 | PyCF_ONLY_AST;

/// `compile.h`: what a source is to be parsed as.
pub const Py_single_input: c_int = 256;
pub const Py_file_input: c_int = 257;
pub const Py_eval_input: c_int = 258;
pub const Py_func_type_input: c_int = 345;

/// `cpython/monitoring.h`: whether an event of a code-like object of C code is wanted.
#[repr(C)]
pub struct PyMonitoringState {
    pub active: Cell<u8>,
    pub opaque: Cell<u8>,
}

pub const PY_MONITORING_EVENT_PY_START: u8 = 0;
pub const PY_MONITORING_EVENT_PY_RESUME: u8 = 1;
pub const PY_MONITORING_EVENT_PY_RETURN: u8 = 2;
pub const PY_MONITORING_EVENT_PY_YIELD: u8 = 3;
pub const PY_MONITORING_EVENT_CALL: u8 = 4;
pub const PY_MONITORING_EVENT_LINE: u8 = 5;
pub const PY_MONITORING_EVENT_INSTRUCTION: u8 = 6;
pub const PY_MONITORING_EVENT_JUMP: u8 = 7;
pub const PY_MONITORING_EVENT_BRANCH_LEFT: u8 = 8;
pub const PY_MONITORING_EVENT_BRANCH_RIGHT: u8 = 9;
pub const PY_MONITORING_EVENT_STOP_ITERATION: u8 = 10;
pub const PY_MONITORING_EVENT_RAISE: u8 = 11;
pub const PY_MONITORING_EVENT_EXCEPTION_HANDLED: u8 = 12;
pub const PY_MONITORING_EVENT_PY_UNWIND: u8 = 13;
pub const PY_MONITORING_EVENT_PY_THROW: u8 = 14;
pub const PY_MONITORING_EVENT_RERAISE: u8 = 15;
pub const PY_MONITORING_EVENT_C_RETURN: u8 = 16;
pub const PY_MONITORING_EVENT_C_RAISE: u8 = 17;
pub const PY_MONITORING_EVENT_BRANCH: u8 = 18;

/// `cpython/pyhash.h`: what `PyHash_GetFuncDef` returns.
#[repr(C)]
pub struct PyHash_FuncDef {
    pub hash: unsafe extern "C-unwind" fn(*const c_void, Py_ssize_t) -> Py_hash_t,
    pub name: *const c_char,
    pub hash_bits: c_int,
    pub seed_bits: c_int,
}

/// `cpython/import.h`: a built-in module that an embedding program adds; a null name ends the table.
#[repr(C)]
pub struct _inittab {
    pub name: *const c_char,
    pub initfunc: Option<unsafe extern "C-unwind" fn() -> *mut PyObject>,
}
