//! `cpython/pyerrors.h`: exception objects.

use std::cell::Cell;

use crate::object::*;

/// `cpython/pyerrors.h`: `BaseException`, and every exception without fields of its own.
#[repr(C)]
pub struct PyBaseExceptionObject {
    pub ob_base: PyObject,
    pub dict: Cell<*mut PyObject>,
    pub args: Cell<*mut PyObject>,
    pub notes: Cell<*mut PyObject>,
    pub traceback: Cell<*mut PyObject>,
    pub context: Cell<*mut PyObject>,
    pub cause: Cell<*mut PyObject>,
    pub suppress_context: Cell<u8>,
}

/// `cpython/pyerrors.h`.
#[repr(C)]
pub struct PyBaseExceptionGroupObject {
    pub base: PyBaseExceptionObject,
    pub msg: Cell<*mut PyObject>,
    pub excs: Cell<*mut PyObject>,
    pub excs_str: Cell<*mut PyObject>,
}

/// `cpython/pyerrors.h`.
#[repr(C)]
pub struct PySyntaxErrorObject {
    pub base: PyBaseExceptionObject,
    pub msg: Cell<*mut PyObject>,
    pub filename: Cell<*mut PyObject>,
    pub lineno: Cell<*mut PyObject>,
    pub offset: Cell<*mut PyObject>,
    pub end_lineno: Cell<*mut PyObject>,
    pub end_offset: Cell<*mut PyObject>,
    pub text: Cell<*mut PyObject>,
    pub print_file_and_line: Cell<*mut PyObject>,
    pub metadata: Cell<*mut PyObject>,
}

/// `cpython/pyerrors.h`.
#[repr(C)]
pub struct PyImportErrorObject {
    pub base: PyBaseExceptionObject,
    pub msg: Cell<*mut PyObject>,
    pub name: Cell<*mut PyObject>,
    pub path: Cell<*mut PyObject>,
    pub name_from: Cell<*mut PyObject>,
}

/// `cpython/pyerrors.h`: UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError.
#[repr(C)]
pub struct PyUnicodeErrorObject {
    pub base: PyBaseExceptionObject,
    pub encoding: Cell<*mut PyObject>,
    pub object: Cell<*mut PyObject>,
    pub start: Cell<Py_ssize_t>,
    pub end: Cell<Py_ssize_t>,
    pub reason: Cell<*mut PyObject>,
}

/// `cpython/pyerrors.h`.
#[repr(C)]
pub struct PySystemExitObject {
    pub base: PyBaseExceptionObject,
    pub code: Cell<*mut PyObject>,
}

/// `cpython/pyerrors.h`.
#[repr(C)]
pub struct PyOSErrorObject {
    pub base: PyBaseExceptionObject,
    pub myerrno: Cell<*mut PyObject>,
    pub strerror: Cell<*mut PyObject>,
    pub filename: Cell<*mut PyObject>,
    pub filename2: Cell<*mut PyObject>,
    /// Of BlockingIOError; -1 in all others.
    pub written: Cell<Py_ssize_t>,
}

/// `cpython/pyerrors.h`: StopIteration.
#[repr(C)]
pub struct PyStopIterationObject {
    pub base: PyBaseExceptionObject,
    pub value: Cell<*mut PyObject>,
}

/// `cpython/pyerrors.h`.
#[repr(C)]
pub struct PyNameErrorObject {
    pub base: PyBaseExceptionObject,
    pub name: Cell<*mut PyObject>,
}

/// `cpython/pyerrors.h`.
#[repr(C)]
pub struct PyAttributeErrorObject {
    pub base: PyBaseExceptionObject,
    pub obj: Cell<*mut PyObject>,
    pub name: Cell<*mut PyObject>,
}
