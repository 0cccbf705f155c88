//! The complex object: its layout, how complex numbers are made and read.

use macros::Instance;
use numeric::complex;
use objects::errors::PyResult;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

/// A complex number.
#[derive(Instance)]
#[repr(C)]
pub struct Complex {
    header: Header,
    pub(super) real: f64,
    pub(super) imaginary: f64,
}

const _: () = assert!(size_of::<Complex>() == size_of::<layout::PyComplexObject>());

impl Complex {
    pub fn new(real: f64, imaginary: f64, thread: &mut Thread) -> Py<Complex> {
        Py::new(Complex { header: Header::new(Complex::class()), real, imaginary }, thread)
    }

    /// A new instance of `class`, which is complex or a subtype.
    pub(super) fn new_of(class: &Type, value: complex::Complex, thread: &mut Thread) -> PyResult<Py<Complex>> {
        let header = Header::new(Complex::class());
        Py::new_in(class, Complex { header, real: value.real, imaginary: value.imaginary }, thread)
    }

    /// The object as a complex number, subtypes included.
    pub fn of(object: &Object) -> Option<&Complex> {
        object.downcast::<Complex>()
    }

    pub fn real(&self) -> f64 {
        self.real
    }

    pub fn imaginary(&self) -> f64 {
        self.imaginary
    }

    /// What the algorithms of `numeric` take.
    pub fn value(&self) -> complex::Complex {
        complex::Complex::new(self.real, self.imaginary)
    }
}
