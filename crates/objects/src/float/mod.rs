//! `float`.

use macros::python_type;

use crate::refs::{Header, Py};
use crate::thread::Thread;
use crate::types::Instance as _;

/// A floating-point number.
#[derive(macros::Instance)]
#[repr(C)]
pub struct Float {
    header: Header,
    value: f64,
}

impl Float {
    pub fn new(value: f64, thread: &mut Thread) -> Py<Float> {
        Py::new(Float { header: Header::new(Float::class()), value }, thread)
    }

    #[inline(always)]
    pub fn value(&self) -> f64 {
        self.value
    }
}

#[python_type(name = "float", symbol = "PyFloat_Type", base = crate::object::BaseObject, flags(BASETYPE))]
impl Float {}
