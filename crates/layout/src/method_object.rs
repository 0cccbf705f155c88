//! `methodobject.h` and `cpython/methodobject.h`: functions written in C, their tables and calling conventions.

use std::cell::Cell;
use std::ffi::{c_char, c_int};

use crate::object::*;
use crate::type_object::PyTypeObject;

/// `methodobject.h`: [`METH_VARARGS`], [`METH_NOARGS`], [`METH_O`]. Other conventions are cast to this type in tables.
pub type PyCFunction = unsafe extern "C-unwind" fn(*mut PyObject, *mut PyObject) -> *mut PyObject;
/// `methodobject.h`: [`METH_VARARGS`] with [`METH_KEYWORDS`].
pub type PyCFunctionWithKeywords =
    unsafe extern "C-unwind" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> *mut PyObject;
/// `methodobject.h`: [`METH_FASTCALL`].
pub type PyCFunctionFast =
    unsafe extern "C-unwind" fn(*mut PyObject, *const *mut PyObject, Py_ssize_t) -> *mut PyObject;
/// `methodobject.h`: [`METH_FASTCALL`] with [`METH_KEYWORDS`]; the last argument is the tuple of keyword names.
pub type PyCFunctionFastWithKeywords =
    unsafe extern "C-unwind" fn(*mut PyObject, *const *mut PyObject, Py_ssize_t, *mut PyObject) -> *mut PyObject;
/// `methodobject.h`: [`METH_METHOD`] with [`METH_FASTCALL`] and [`METH_KEYWORDS`]; the second argument is the class
/// that defines the method.
pub type PyCMethod = unsafe extern "C-unwind" fn(
    *mut PyObject,
    *mut PyTypeObject,
    *const *mut PyObject,
    usize,
    *mut PyObject,
) -> *mut PyObject;

/// What [`PyMethodDef::ml_meth`] points to; `ml_flags` tells which.
#[repr(C)]
#[derive(Clone, Copy)]
pub union PyMethodPointer {
    pub PyCFunction: PyCFunction,
    pub PyCFunctionWithKeywords: PyCFunctionWithKeywords,
    pub PyCFunctionFast: PyCFunctionFast,
    pub PyCFunctionFastWithKeywords: PyCFunctionFastWithKeywords,
    pub PyCMethod: PyCMethod,
    /// The end of a table.
    pub null: usize,
}

/// `methodobject.h`: one function or method; a null name ends the table.
#[repr(C)]
pub struct PyMethodDef {
    pub ml_name: *const c_char,
    pub ml_meth: PyMethodPointer,
    pub ml_flags: c_int,
    pub ml_doc: *const c_char,
}

crate::empty_constants! { PyMethodDef }
crate::shared_between_threads! { PyMethodDef }

pub const METH_VARARGS: c_int = 0x0001;
pub const METH_KEYWORDS: c_int = 0x0002;
pub const METH_NOARGS: c_int = 0x0004;
pub const METH_O: c_int = 0x0008;
pub const METH_CLASS: c_int = 0x0010;
pub const METH_STATIC: c_int = 0x0020;
/// Enter the method even though a slot wrapper of the same name exists.
pub const METH_COEXIST: c_int = 0x0040;
pub const METH_FASTCALL: c_int = 0x0080;
pub const METH_METHOD: c_int = 0x0200;

/// `cpython/methodobject.h`: `builtin_function_or_method`.
#[repr(C)]
pub struct PyCFunctionObject {
    pub ob_base: PyObject,
    pub m_ml: Cell<*mut PyMethodDef>,
    pub m_self: Cell<*mut PyObject>,
    pub m_module: Cell<*mut PyObject>,
    pub m_weakreflist: Cell<*mut PyObject>,
    pub vectorcall: Cell<Option<vectorcallfunc>>,
}

/// `cpython/methodobject.h`: a C function with [`METH_METHOD`].
#[repr(C)]
pub struct PyCMethodObject {
    pub func: PyCFunctionObject,
    pub mm_class: Cell<*mut PyTypeObject>,
}
