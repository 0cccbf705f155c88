//! `complex`.

use macros::{Instance, python_type};
use objects::object::BaseObject;
use objects::refs::{Header, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, TypeDeclaration};

/// A complex number.
#[derive(Instance)]
#[repr(C)]
pub struct Complex {
    header: Header,
    real: f64,
    imaginary: f64,
}

const _: () = assert!(size_of::<Complex>() == size_of::<layout::PyComplexObject>());

impl Complex {
    pub fn new(real: f64, imaginary: f64, thread: &mut Thread) -> Py<Complex> {
        Py::new(Complex { header: Header::new(Complex::class()), real, imaginary }, thread)
    }

    pub fn real(&self) -> f64 {
        self.real
    }

    pub fn imaginary(&self) -> f64 {
        self.imaginary
    }
}

/// complex(real=0, imag=0)
/// --
///
/// Create a complex number from a string or numbers.
///
/// If a string is given, parse it as a complex number.
/// If a single number is given, convert it to a complex number.
/// If the 'real' or 'imag' arguments are given, create a complex number
/// with the specified real and imaginary components.
#[python_type(
    name = "complex", symbol = "PyComplex_Type", base = BaseObject, flags(BASETYPE),
    members(real: Double = "the real part of a complex number", imag(imaginary): Double = "the imaginary part of a complex number")
)]
impl Complex {}

pub const TYPES: &[&TypeDeclaration] = &[Complex::DECLARATION];
