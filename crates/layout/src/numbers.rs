//! `cpython/floatobject.h` and `cpython/complexobject.h`.

use std::cell::Cell;

use crate::object::PyObject;

/// `cpython/floatobject.h`: `float`.
#[repr(C)]
pub struct PyFloatObject {
    pub ob_base: PyObject,
    pub ob_fval: Cell<f64>,
}

/// `cpython/complexobject.h`: a complex number as C sees it.
#[repr(C)]
#[derive(Clone, Copy, PartialEq)]
pub struct Py_complex {
    pub real: f64,
    pub imag: f64,
}

/// `cpython/complexobject.h`: `complex`.
#[repr(C)]
pub struct PyComplexObject {
    pub ob_base: PyObject,
    pub cval: Cell<Py_complex>,
}
