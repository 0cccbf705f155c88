//! The type `int`: slots and methods, each a few lines over the operations of this folder.

use macros::python_type;

use super::Int;
use super::convert;
use super::object::deallocate;
use crate::errors::PyResult;
use crate::float::{self, Float};
use crate::method::OrNone;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

/// Both operands as ints, or NotImplemented as the method's result.
macro_rules! integers {
    ($left:expr, $right:expr, $thread:expr) => {
        match (Int::of($left), Int::of($right)) {
            (Some(left), Some(right)) => (left, right),
            _ => return Ok($thread.not_implemented()),
        }
    };
}

/// Defines binary slots by the functions of the same meaning.
macro_rules! binary {
    ($left:expr, $right:expr, $thread:expr, $operation:ident) => {{
        let (left, right) = integers!($left, $right, $thread);
        left.$operation(right, $thread).map(Py::into_object)
    }};
}

/// int([x]) -> integer
/// int(x, base=10) -> integer
///
/// Convert a number or string to an integer, or return 0 if no arguments
/// are given.  If x is a number, return x.__int__().  For floating-point
/// numbers, this truncates towards zero.
///
/// If x is not a number or if base is given, then x must be a string,
/// bytes, or bytearray instance representing an integer literal in the
/// given base.  The literal can be preceded by '+' or '-' and be surrounded
/// by whitespace.  The base defaults to 10.  Valid bases are 0 and 2-36.
/// Base 0 means to interpret the base from the string as an integer
/// iteral.
/// >>> int('0b100', base=0)
/// 4
#[python_type(
    name = "int", symbol = "PyLong_Type", base = crate::object::BaseObject,
    flags(BASETYPE, LONG_SUBCLASS, MATCH_SELF), item_size = 4, dealloc = deallocate
)]
impl Int {
    #[new]
    #[signature("(x=0, /, base=10)")]
    fn new(class: &Type, value: Option<&Object>, base: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Int>> {
        let int = match (value, base) {
            (None, None) => Int::from_i64(0, thread),
            (None, Some(_)) => return Err(raise!(thread, TypeError, "int() missing string argument")),
            (Some(value), None) => convert::from_object(value, thread)?,
            (Some(value), Some(base)) => convert::from_object_with_base(value, base, thread)?,
        };
        if std::ptr::eq(class, Int::class()) { Ok(int) } else { int.copy_in(class, thread) }
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        self.to_decimal(thread)
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        Ok(self.hash_value())
    }

    #[slot(tp_richcompare)]
    fn rich_compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(other) = Int::of(other) else { return Ok(thread.not_implemented()) };
        Ok(crate::bool::Bool::new(comparison.holds(self.compare(other))))
    }

    #[slot(nb_add)]
    fn nb_add(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        binary!(left, right, thread, add)
    }

    #[slot(nb_subtract)]
    fn nb_subtract(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        binary!(left, right, thread, subtract)
    }

    #[slot(nb_multiply)]
    fn nb_multiply(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        binary!(left, right, thread, multiply)
    }

    #[slot(nb_floor_divide)]
    fn nb_floor_divide(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        binary!(left, right, thread, floor_divide)
    }

    #[slot(nb_remainder)]
    fn nb_remainder(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        binary!(left, right, thread, remainder)
    }

    #[slot(nb_divmod)]
    fn nb_divmod(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (left, right) = integers!(left, right, thread);
        let (quotient, remainder) = left.divmod(right, thread)?;
        Tuple::new(vec![quotient.into_object(), remainder.into_object()], thread).map(Py::into_object)
    }

    #[slot(nb_true_divide)]
    fn nb_true_divide(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        binary!(left, right, thread, true_divide)
    }

    #[slot(nb_lshift)]
    fn nb_lshift(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        binary!(left, right, thread, shift_left)
    }

    #[slot(nb_rshift)]
    fn nb_rshift(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        binary!(left, right, thread, shift_right)
    }

    #[slot(nb_and)]
    fn nb_and(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        binary!(left, right, thread, and)
    }

    #[slot(nb_or)]
    fn nb_or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        binary!(left, right, thread, or)
    }

    #[slot(nb_xor)]
    fn nb_xor(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        binary!(left, right, thread, xor)
    }

    #[slot(nb_power)]
    fn nb_power(base: &Object, exponent: &Object, modulus: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (base, exponent) = integers!(base, exponent, thread);
        if modulus.is_none() {
            if exponent.is_negative() {
                let (base, exponent) = (base.to_f64(thread)?, exponent.to_f64(thread)?);
                return float::power(base, exponent, thread);
            }
            return base.power(exponent, thread).map(Py::into_object);
        }
        match Int::of(modulus) {
            Some(modulus) => base.power_modulo(exponent, modulus, thread).map(Py::into_object),
            None => Ok(thread.not_implemented()),
        }
    }

    #[slot(nb_negative)]
    fn nb_negative(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        self.negative(thread)
    }

    #[slot(nb_positive, nb_int, nb_index)]
    fn nb_positive(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        self.to_exact(thread)
    }

    #[slot(nb_absolute)]
    fn nb_absolute(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        self.absolute(thread)
    }

    #[slot(nb_invert)]
    fn nb_invert(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        self.invert(thread)
    }

    #[slot(nb_bool)]
    fn nb_bool(&self) -> PyResult<bool> {
        Ok(!self.is_zero())
    }

    #[slot(nb_float)]
    fn nb_float(&self, thread: &mut Thread) -> PyResult<Py<Float>> {
        let value = self.to_f64(thread)?;
        Ok(Float::new(value, thread))
    }

    /// conjugate($self, /)
    /// --
    ///
    /// Returns self, the complex conjugate of any int.
    #[method]
    fn conjugate(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        self.to_exact(thread)
    }

    /// __trunc__($self, /)
    /// --
    ///
    /// Truncating an Integral returns itself.
    #[method]
    fn __trunc__(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        self.to_exact(thread)
    }

    /// __floor__($self, /)
    /// --
    ///
    /// Flooring an Integral returns itself.
    #[method]
    fn __floor__(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        self.to_exact(thread)
    }

    /// __ceil__($self, /)
    /// --
    ///
    /// Ceiling of an Integral returns itself.
    #[method]
    fn __ceil__(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        self.to_exact(thread)
    }

    /// __round__($self, ndigits=None, /)
    /// --
    ///
    /// Rounding an Integral returns itself.
    ///
    /// Rounding with an ndigits argument also returns an integer.
    #[method]
    fn __round__(&self, places: OrNone<&Object>, thread: &mut Thread) -> PyResult<Py<Int>> {
        match places.0 {
            Some(places) => self.round_to(places, thread),
            None => self.to_exact(thread),
        }
    }

    /// bit_length($self, /)
    /// --
    ///
    /// Number of bits necessary to represent self in binary.
    ///
    /// >>> bin(37)
    /// '0b100101'
    /// >>> (37).bit_length()
    /// 6
    #[method(name = "bit_length")]
    fn bit_length_object(&self) -> u64 {
        self.bit_length()
    }

    /// bit_count($self, /)
    /// --
    ///
    /// Number of ones in the binary representation of the absolute value of self.
    ///
    /// Also known as the population count.
    ///
    /// >>> bin(13)
    /// '0b1101'
    /// >>> (13).bit_count()
    /// 3
    #[method]
    fn bit_count(&self) -> u64 {
        numeric::digits::bit_count(self.digits())
    }

    /// as_integer_ratio($self, /)
    /// --
    ///
    /// Return a pair of integers, whose ratio is equal to the original int.
    ///
    /// The ratio is in lowest terms and has a positive denominator.
    ///
    /// >>> (10).as_integer_ratio()
    /// (10, 1)
    /// >>> (-10).as_integer_ratio()
    /// (-10, 1)
    /// >>> (0).as_integer_ratio()
    /// (0, 1)
    #[method]
    fn as_integer_ratio(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let (numerator, denominator) = (self.to_exact(thread)?, Int::from_i64(1, thread));
        Tuple::new(vec![numerator.into_object(), denominator.into_object()], thread)
    }

    /// is_integer($self, /)
    /// --
    ///
    /// Returns True. Exists for duck type compatibility with float.is_integer.
    #[method]
    fn is_integer(&self) -> bool {
        true
    }

    /// to_bytes($self, /, length=1, byteorder='big', *, signed=False)
    /// --
    ///
    /// Return an array of bytes representing an integer.
    ///
    ///   length
    ///     Length of bytes object to use.  An OverflowError is raised if
    ///     the integer is not representable with the given number of bytes.
    ///     Default is length 1.
    ///   byteorder
    ///     The byte order used to represent the integer.  If byteorder is
    ///     'big', the most significant byte is at the beginning of the byte
    ///     array.  If byteorder is 'little', the most significant byte is at
    ///     the end of the byte array.  To request the native byte order of
    ///     the host system, use sys.byteorder as the byte order value.
    ///     Default is to use 'big'.
    ///   signed
    ///     Determines whether two's complement is used to represent the
    ///     integer.  If signed is False and a negative integer is given,
    ///     an OverflowError is raised.
    #[method(name = "to_bytes")]
    fn to_bytes_object(
        &self,
        length: isize,
        byteorder: Option<&Str>,
        signed: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        self.to_bytes(length, byteorder, signed, thread)
    }

    /// from_bytes($type, /, bytes, byteorder='big', *, signed=False)
    /// --
    ///
    /// Return the integer represented by the given array of bytes.
    ///
    ///   bytes
    ///     Holds the array of bytes to convert.  The argument must either
    ///     support the buffer protocol or be an iterable object producing
    ///     bytes.  Bytes and bytearray are examples of built-in objects that
    ///     support the buffer protocol.
    ///   byteorder
    ///     The byte order used to represent the integer.  If byteorder is
    ///     'big', the most significant byte is at the beginning of the byte
    ///     array.  If byteorder is 'little', the most significant byte is at
    ///     the end of the byte array.  To request the native byte order of
    ///     the host system, use sys.byteorder as the byte order value.
    ///     Default is to use 'big'.
    ///   signed
    ///     Indicates whether two's complement is used to represent the
    ///     integer.
    #[classmethod(name = "from_bytes")]
    fn from_bytes_object(
        class: &Type,
        bytes: &Object,
        byteorder: Option<&Str>,
        signed: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let int = Int::from_bytes(bytes, byteorder, signed, thread)?.into_object();
        if std::ptr::eq(class, Int::class()) { Ok(int) } else { protocol::call_one(class, &int, thread) }
    }

    /// __getnewargs__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __getnewargs__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let value = self.to_exact(thread)?;
        Tuple::new(vec![value.into_object()], thread)
    }

    /// __format__($self, format_spec, /)
    /// --
    ///
    /// Convert to a string according to format_spec.
    #[method]
    fn __format__(&self, specification: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
        self.format(specification, thread)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Returns size in memory, in bytes.
    #[method]
    fn __sizeof__(&self) -> usize {
        let class = self.class();
        class.basic_size() + self.digits().len().max(1) * class.item_size()
    }

    /// the real part of a complex number
    #[getter]
    fn real(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        self.to_exact(thread)
    }

    /// the imaginary part of a complex number
    #[getter]
    fn imag(&self, thread: &mut Thread) -> Py<Int> {
        Int::from_i64(0, thread)
    }

    /// the numerator of a rational number in lowest terms
    #[getter]
    fn numerator(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        self.to_exact(thread)
    }

    /// the denominator of a rational number in lowest terms
    #[getter]
    fn denominator(&self, thread: &mut Thread) -> Py<Int> {
        Int::from_i64(1, thread)
    }
}
