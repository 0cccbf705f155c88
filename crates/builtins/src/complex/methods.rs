//! The type `complex`: slots and methods.

use macros::python_type;
use numeric::complex::{self, Complex as Value, ComplexError};
use numeric::convert::hash::hash_complex;
use numeric::float::complex_repr;
use numeric::format::{FormatTarget, NumericLocale, format_complex};
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::float::{self, Float, hash_of};
use objects::int;
use objects::object::BaseObject;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::convert::{self, Arguments};
use super::object::Complex;

/// An operand of an operator: a real one takes part as such, so that it does not change the sign of a zero.
#[derive(Clone, Copy)]
enum Operand {
    Real(f64),
    Complex(Value),
}

impl Operand {
    fn value(self) -> Value {
        match self {
            Self::Real(real) => Value::new(real, 0.0),
            Self::Complex(value) => value,
        }
    }
}

fn operand(object: &Object, thread: &mut Thread) -> PyResult<Option<Operand>> {
    if let Some(complex) = Complex::of(object) {
        return Ok(Some(Operand::Complex(complex.value())));
    }
    Ok(float::operand(object, thread)?.map(Operand::Real))
}

/// Both operands, or NotImplemented as the slot's result.
macro_rules! operands {
    ($left:expr, $right:expr, $thread:expr) => {{
        let Some(left) = operand($left, $thread)? else { return Ok($thread.not_implemented()) };
        let Some(right) = operand($right, $thread)? else { return Ok($thread.not_implemented()) };
        (left, right)
    }};
}

#[cold]
fn raise_error(error: ComplexError, thread: &mut Thread) -> Raised {
    match error {
        ComplexError::Overflow => raise!(thread, OverflowError, "{error}"),
        ComplexError::DivisionByZero | ComplexError::ZeroPower => raise!(thread, ZeroDivisionError, "{error}"),
    }
}

fn made(value: Value, thread: &mut Thread) -> PyResult<Py<Object>> {
    Ok(Complex::new(value.real, value.imaginary, thread).into_object())
}

fn checked(value: Result<Value, ComplexError>, thread: &mut Thread) -> PyResult<Py<Object>> {
    match value {
        Ok(value) => made(value, thread),
        Err(error) => Err(raise_error(error, thread)),
    }
}

/// `base ** exponent` of floats, where that is complex.
pub(super) fn power_of_floats(base: f64, exponent: f64, thread: &mut Thread) -> PyResult<Py<Object>> {
    checked(complex::power(Value::new(base, 0.0), Value::new(exponent, 0.0)), thread)
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
impl Complex {
    #[slot(tp_new)]
    fn __new__(
        class: &Type,
        positional: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Complex>> {
        let arguments = Arguments::parse(positional, keywords, thread)?;
        let value = match &arguments.real {
            Some(value) if arguments.is_single => {
                if let Some(complex) = value.downcast_exact::<Complex>()
                    && std::ptr::eq(class, Complex::class())
                {
                    return Ok(Py::from_ref(complex));
                }
                convert::from_object(value, thread)?
            }
            real => convert::from_parts(real.as_deref(), arguments.imaginary.as_deref(), thread)?,
        };
        Complex::new_of(class, value, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> String {
        complex_repr(self.real(), self.imaginary())
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        let (real, imaginary) = (hash_of(self.real(), self), hash_of(self.imaginary(), self));
        Ok(hash_complex(real as i64, imaginary as i64) as isize)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        if !matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
            return Ok(thread.not_implemented());
        }
        let equal = match Complex::of(other) {
            Some(other) => self.real() == other.real() && self.imaginary() == other.imaginary(),
            None => match float::compare(self.real(), other, Comparison::Equal) {
                Some(equal) => equal && self.imaginary() == 0.0,
                None => return Ok(thread.not_implemented()),
            },
        };
        Ok(Bool::new(equal == (comparison == Comparison::Equal)))
    }

    #[slot(nb_add)]
    fn nb_add(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let sum = match operands!(left, right, thread) {
            (Operand::Real(left), right) => Value::new(left + right.value().real, right.value().imaginary),
            (Operand::Complex(left), Operand::Real(right)) => Value::new(left.real + right, left.imaginary),
            (Operand::Complex(left), Operand::Complex(right)) => {
                Value::new(left.real + right.real, left.imaginary + right.imaginary)
            }
        };
        made(sum, thread)
    }

    #[slot(nb_subtract)]
    fn nb_subtract(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let difference = match operands!(left, right, thread) {
            (Operand::Real(left), right) => Value::new(left - right.value().real, -right.value().imaginary),
            (Operand::Complex(left), Operand::Real(right)) => Value::new(left.real - right, left.imaginary),
            (Operand::Complex(left), Operand::Complex(right)) => {
                Value::new(left.real - right.real, left.imaginary - right.imaginary)
            }
        };
        made(difference, thread)
    }

    #[slot(nb_multiply)]
    fn nb_multiply(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let product = match operands!(left, right, thread) {
            (Operand::Real(real), other) | (other @ Operand::Complex(_), Operand::Real(real)) => {
                Value::new(other.value().real * real, other.value().imaginary * real)
            }
            (Operand::Complex(left), Operand::Complex(right)) => complex::multiply(left, right),
        };
        made(product, thread)
    }

    #[slot(nb_true_divide)]
    fn nb_true_divide(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let quotient = match operands!(left, right, thread) {
            (Operand::Real(left), right) => complex::divide_real(left, right.value()),
            (Operand::Complex(_), Operand::Real(0.0)) => Err(ComplexError::DivisionByZero),
            (Operand::Complex(left), Operand::Real(right)) => Ok(Value::new(left.real / right, left.imaginary / right)),
            (Operand::Complex(left), Operand::Complex(right)) => complex::divide(left, right),
        };
        checked(quotient, thread)
    }

    #[slot(nb_power)]
    fn nb_power(base: &Object, exponent: &Object, modulus: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (base, exponent) = operands!(base, exponent, thread);
        if !modulus.is_none() {
            return Err(raise!(thread, ValueError, "complex modulo"));
        }
        checked(complex::power(base.value(), exponent.value()), thread)
    }

    #[slot(nb_negative)]
    fn nb_negative(&self, thread: &mut Thread) -> Py<Complex> {
        Complex::new(-self.real(), -self.imaginary(), thread)
    }

    #[slot(nb_positive)]
    fn nb_positive(&self, thread: &mut Thread) -> Py<Complex> {
        self.__complex__(thread)
    }

    #[slot(nb_absolute)]
    fn nb_absolute(&self, thread: &mut Thread) -> PyResult<Py<Float>> {
        match self.value().absolute() {
            Some(distance) => Ok(Float::new(distance, thread)),
            None => Err(raise!(thread, OverflowError, "absolute value too large")),
        }
    }

    #[slot(nb_bool)]
    fn nb_bool(&self) -> PyResult<bool> {
        Ok(self.real() != 0.0 || self.imaginary() != 0.0)
    }

    /// from_number($type, number, /)
    /// --
    ///
    /// Convert number to a complex floating-point number.
    #[classmethod]
    fn from_number(class: &Type, number: &Object, thread: &mut Thread) -> PyResult<Py<Complex>> {
        if let Some(complex) = number.downcast_exact::<Complex>()
            && std::ptr::eq(class, Complex::class())
        {
            return Ok(Py::from_ref(complex));
        }
        let value = convert::from_number(number, thread)?;
        Complex::new_of(class, value, thread)
    }

    /// conjugate($self, /)
    /// --
    ///
    /// Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j.
    #[method]
    fn conjugate(&self, thread: &mut Thread) -> Py<Complex> {
        Complex::new(self.real(), -self.imaginary(), thread)
    }

    /// __complex__($self, /)
    /// --
    ///
    /// Convert this value to exact type complex.
    #[method]
    fn __complex__(&self, thread: &mut Thread) -> Py<Complex> {
        match self.is_exactly::<Complex>() {
            true => Py::from_ref(self),
            false => Complex::new(self.real(), self.imaginary(), thread),
        }
    }

    /// __getnewargs__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __getnewargs__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let parts = [self.real(), self.imaginary()].map(|part| Float::new(part, thread).into_object());
        Tuple::from_iterator(parts.into_iter(), thread)
    }

    /// __format__($self, format_spec, /)
    /// --
    ///
    /// Convert to a string according to format_spec.
    #[method]
    fn __format__(&self, specification: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
        if specification.length() == 0 {
            return protocol::str(self, thread);
        }
        let formatted = int::parse_specification(specification, FormatTarget::Complex, self)
            .and_then(|specification| format_complex(self.real(), self.imaginary(), &specification, &NumericLocale::C));
        int::formatted_text(formatted, thread)
    }
}
