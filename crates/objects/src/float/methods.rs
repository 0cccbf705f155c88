//! The type `float`: slots and methods.

use macros::python_type;
use numeric::float::{FromHexError, from_hex, repr, round_to_places, to_hex};
use numeric::format::{FormatTarget, NumericLocale, format_float};

use super::object::deallocate;
use super::{Float, arithmetic, convert};
use crate::bool::Bool;
use crate::errors::PyResult;
use crate::int::{self, Int};
use crate::method::OrNone;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

/// Both operands as floats, or NotImplemented as the method's result.
macro_rules! operands {
    ($left:expr, $right:expr, $thread:expr) => {{
        let Some(left) = arithmetic::operand($left, $thread)? else { return Ok($thread.not_implemented()) };
        let Some(right) = arithmetic::operand($right, $thread)? else { return Ok($thread.not_implemented()) };
        (left, right)
    }};
}

/// A float as the result of a slot.
#[inline(always)]
fn made(value: f64, thread: &mut Thread) -> PyResult<Py<Object>> {
    Ok(Float::new(value, thread).into_object())
}

/// float(x=0, /)
/// --
///
/// Convert a string or number to a floating-point number, if possible.
#[python_type(
    name = "float", symbol = "PyFloat_Type", base = crate::object::BaseObject, flags(BASETYPE, MATCH_SELF),
    dealloc = deallocate
)]
impl Float {
    #[new]
    fn __new__(class: &Type, value: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Float>> {
        let Some(value) = value else { return Float::new_of(class, 0.0, thread) };
        if std::ptr::eq(class, Float::class())
            && let Some(float) = value.downcast_exact::<Float>()
        {
            return Ok(Py::from_ref(float));
        }
        let value = convert::from_object(value, thread)?;
        Float::new_of(class, value, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> Py<Str> {
        Str::from_str(&repr(self.value()), thread)
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        Ok(self.hash_value())
    }

    #[slot(tp_richcompare)]
    fn rich_compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        Ok(match arithmetic::compare(self.value(), other, comparison) {
            Some(answer) => Bool::new(answer),
            None => thread.not_implemented(),
        })
    }

    #[slot(nb_add)]
    fn nb_add(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (left, right) = operands!(left, right, thread);
        made(left + right, thread)
    }

    #[slot(nb_subtract)]
    fn nb_subtract(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (left, right) = operands!(left, right, thread);
        made(left - right, thread)
    }

    #[slot(nb_multiply)]
    fn nb_multiply(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (left, right) = operands!(left, right, thread);
        made(left * right, thread)
    }

    #[slot(nb_true_divide)]
    fn nb_true_divide(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (left, right) = operands!(left, right, thread);
        let quotient = arithmetic::divide(left, right, thread)?;
        made(quotient, thread)
    }

    #[slot(nb_floor_divide)]
    fn nb_floor_divide(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (left, right) = operands!(left, right, thread);
        let (quotient, _) = arithmetic::divmod(left, right, thread)?;
        made(quotient, thread)
    }

    #[slot(nb_remainder)]
    fn nb_remainder(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (left, right) = operands!(left, right, thread);
        let remainder = arithmetic::remainder(left, right, thread)?;
        made(remainder, thread)
    }

    #[slot(nb_divmod)]
    fn nb_divmod(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (left, right) = operands!(left, right, thread);
        let (quotient, remainder) = arithmetic::divmod(left, right, thread)?;
        let pair = [quotient, remainder].map(|value| Float::new(value, thread).into_object());
        Tuple::from_iterator(pair.into_iter(), thread).map(Py::into_object)
    }

    #[slot(nb_power)]
    fn nb_power(base: &Object, exponent: &Object, modulus: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if !modulus.is_none() {
            let message = "pow() 3rd argument not allowed unless all arguments are integers";
            return Err(raise!(thread, TypeError, "{message}"));
        }
        let (base, exponent) = operands!(base, exponent, thread);
        arithmetic::power(base, exponent, thread)
    }

    #[slot(nb_negative)]
    fn nb_negative(&self, thread: &mut Thread) -> Py<Float> {
        Float::new(-self.value(), thread)
    }

    #[slot(nb_positive, nb_float)]
    fn nb_positive(&self, thread: &mut Thread) -> Py<Float> {
        self.to_exact(thread)
    }

    #[slot(nb_absolute)]
    fn nb_absolute(&self, thread: &mut Thread) -> Py<Float> {
        Float::new(self.value().abs(), thread)
    }

    #[slot(nb_bool)]
    fn nb_bool(&self) -> PyResult<bool> {
        Ok(self.value() != 0.0)
    }

    #[slot(nb_int)]
    fn nb_int(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        Int::from_f64(self.value(), thread)
    }

    /// from_number($type, number, /)
    /// --
    ///
    /// Convert real number to a floating-point number.
    #[classmethod]
    fn from_number(class: &Type, number: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let exact = std::ptr::eq(class, Float::class());
        if exact && number.is_exactly::<Float>() {
            return Ok(Py::from_ref(number));
        }
        let Some(value) = convert::from_number(number, thread)? else {
            return Err(raise!(thread, TypeError, "must be real number, not {}", number.class().full_name()));
        };
        let float = Float::new(value, thread).into_object();
        if exact { Ok(float) } else { protocol::call_one(class, &float, thread) }
    }

    /// conjugate($self, /)
    /// --
    ///
    /// Return self, the complex conjugate of any float.
    #[method]
    fn conjugate(&self, thread: &mut Thread) -> Py<Float> {
        self.to_exact(thread)
    }

    /// __trunc__($self, /)
    /// --
    ///
    /// Return the Integral closest to x between 0 and x.
    #[method]
    fn __trunc__(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        Int::from_f64(self.value(), thread)
    }

    /// __floor__($self, /)
    /// --
    ///
    /// Return the floor as an Integral.
    #[method]
    fn __floor__(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        Int::from_f64(self.value().floor(), thread)
    }

    /// __ceil__($self, /)
    /// --
    ///
    /// Return the ceiling as an Integral.
    #[method]
    fn __ceil__(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        Int::from_f64(self.value().ceil(), thread)
    }

    /// __round__($self, ndigits=None, /)
    /// --
    ///
    /// Return the Integral closest to x, rounding half toward even.
    ///
    /// When an argument is passed, work like built-in round(x, ndigits).
    #[method]
    fn __round__(&self, places: OrNone<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(places) = places.0 else { return self.round_to_int(thread).map(Py::into_object) };
        let places = protocol::index_clipped(places, thread)?;
        match round_to_places(self.value(), places as i64) {
            Ok(value) => made(value, thread),
            Err(error) => Err(raise!(thread, OverflowError, "{error}")),
        }
    }

    /// as_integer_ratio($self, /)
    /// --
    ///
    /// Return a pair of integers, whose ratio is exactly equal to the original float.
    ///
    /// The ratio is in lowest terms and has a positive denominator.  Raise
    /// OverflowError on infinities and a ValueError on NaNs.
    ///
    /// >>> (10.0).as_integer_ratio()
    /// (10, 1)
    /// >>> (0.0).as_integer_ratio()
    /// (0, 1)
    /// >>> (-.25).as_integer_ratio()
    /// (-1, 4)
    #[method]
    fn as_integer_ratio(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        match numeric::convert::float::as_integer_ratio(self.value()) {
            Some((numerator, denominator)) => {
                let numerator = Int::from_integer(&numerator, thread)?.into_object();
                let denominator = Int::from_integer(&denominator, thread)?.into_object();
                Tuple::new(vec![numerator, denominator], thread)
            }
            None if self.value().is_nan() => Err(raise!(thread, ValueError, "cannot convert NaN to integer ratio")),
            None => Err(raise!(thread, OverflowError, "cannot convert Infinity to integer ratio")),
        }
    }

    /// hex($self, /)
    /// --
    ///
    /// Return a hexadecimal representation of a floating-point number.
    ///
    /// >>> (-0.1).hex()
    /// '-0x1.999999999999ap-4'
    /// >>> 3.14159.hex()
    /// '0x1.921f9f01b866ep+1'
    #[method]
    fn hex(&self) -> String {
        to_hex(self.value())
    }

    /// fromhex($type, string, /)
    /// --
    ///
    /// Create a floating-point number from a hexadecimal string.
    ///
    /// >>> float.fromhex('0x1.ffffp10')
    /// 2047.984375
    /// >>> float.fromhex('-0x1p-1074')
    /// -5e-324
    #[classmethod]
    fn fromhex(class: &Type, string: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(text) = string.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "bad argument type for built-in operation"));
        };
        // Characters beyond ASCII are part of no hexadecimal number.
        let parsed = match text.view().as_ascii() {
            Some(ascii) => from_hex(ascii),
            None => Err(FromHexError::Invalid),
        };
        let value = match parsed {
            Ok(value) => Float::new(value, thread).into_object(),
            Err(error @ FromHexError::Invalid) => return Err(raise!(thread, ValueError, "{error}")),
            Err(error @ FromHexError::Overflow) => return Err(raise!(thread, OverflowError, "{error}")),
        };
        if std::ptr::eq(class, Float::class()) { Ok(value) } else { protocol::call_one(class, &value, thread) }
    }

    /// is_integer($self, /)
    /// --
    ///
    /// Return True if the float is an integer.
    #[method]
    fn is_integer(&self) -> bool {
        self.value().is_finite() && self.value() == self.value().floor()
    }

    /// __getnewargs__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __getnewargs__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let value = self.to_exact(thread);
        Tuple::new(vec![value.into_object()], thread)
    }

    /// __getformat__($type, typestr, /)
    /// --
    ///
    /// You probably don't want to use this function.
    ///
    ///   typestr
    ///     Must be 'double' or 'float'.
    ///
    /// It exists mainly to be used in Python's test suite.
    ///
    /// This function returns whichever of 'unknown', 'IEEE, big-endian' or
    /// 'IEEE, little-endian' best describes the format of floating-point
    /// numbers used by the C type named by typestr.
    #[classmethod]
    fn __getformat__(name: &Str, thread: &mut Thread) -> PyResult<&'static str> {
        if name.equals_text("double") || name.equals_text("float") {
            return Ok("IEEE, little-endian");
        }
        Err(raise!(thread, ValueError, "__getformat__() argument 1 must be 'double' or 'float'"))
    }

    /// __format__($self, format_spec, /)
    /// --
    ///
    /// Formats the float according to format_spec.
    #[method]
    fn __format__(&self, specification: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
        if specification.length() == 0 {
            return if self.is_exactly::<Float>() { Ok(self.repr(thread)) } else { protocol::str(self, thread) };
        }
        let formatted = int::parse_specification(specification, FormatTarget::Float, self)
            .and_then(|specification| format_float(self.value(), &specification, &NumericLocale::C));
        int::formatted_text(formatted, thread)
    }

    /// the real part of a complex number
    #[getter]
    fn real(&self, thread: &mut Thread) -> Py<Float> {
        self.to_exact(thread)
    }

    /// the imaginary part of a complex number
    #[getter]
    fn imag(&self, thread: &mut Thread) -> Py<Float> {
        Float::new(0.0, thread)
    }
}
