//! The type `Decimal`: slots and methods.

mod arithmetic;
mod classification;
mod comparison;
mod digits;

use builtins::complex::Complex;
use macros::python_type;
use numeric::decimal::{Decimal as Number, Rounding, Status, add, divide, multiply, power, text};
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol::Comparison;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::context::{self, context_or_current};
use super::object::{Decimal, operand, raise_unsupported};
use super::operate::{finish, operator, pair};
use super::{compare, construct, convert, format};

/// Words of a coefficient that `sizeof` counts as part of every object, as CPython's objects have them.
const WORDS_IN_PLACE: usize = 4;

/// The bytes of CPython's object with a coefficient of that length.
const BASIC_BYTES: usize = 104;

fn size_in_memory(number: &Number) -> usize {
    let words = number.coefficient().heap_words();
    BASIC_BYTES + if words > WORDS_IN_PLACE { words * size_of::<u64>() } else { 0 }
}

/// A number as an instance of a class; of a subtype by calling that.
fn made_of(class: &Type, number: Number, thread: &mut Thread) -> PyResult<Py<Object>> {
    let decimal = Decimal::new(number, thread).into_object();
    if std::ptr::eq(class, Decimal::class()) {
        return Ok(decimal);
    }
    objects::protocol::call_one(class, &decimal, thread)
}

/// Decimal(value="0", context=None)
/// --
///
/// Construct a new Decimal object. 'value' can be an integer, string, tuple,
/// or another Decimal object. If no value is given, return Decimal('0'). The
/// context does not affect the conversion and is only passed to determine if
/// the InvalidOperation trap is active.
///
///
#[python_type(
    name = "decimal.Decimal", base = BaseObject, flags(HEAPTYPE, BASETYPE),
    groups(arithmetic::METHODS, comparison::METHODS, classification::METHODS, digits::METHODS)
)]
impl Decimal {
    #[new]
    #[signature("(value=\"0\", context=None)")]
    fn new_decimal(
        class: &Type,
        value: Option<&Object>,
        context: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Decimal>> {
        let context = context_or_current(context, thread)?;
        match value {
            Some(value) => construct::exact(class, value, &context, thread),
            None => Decimal::new_of(class, Number::ZERO, thread),
        }
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        let capitals = context::current(thread)?.capitals();
        Ok(format!("Decimal('{}')", text::to_scientific(self.value(), capitals)))
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let capitals = context::current(thread)?.capitals();
        Str::try_from_str(&text::to_scientific(self.value(), capitals), thread)
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        convert::hash(self, thread)
    }

    #[slot(tp_richcompare)]
    fn compare_to(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        compare::rich_compare(self, other, comparison, thread)
    }

    #[slot(nb_add)]
    fn nb_add(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        operator(left, right, thread, add::add)
    }

    #[slot(nb_subtract)]
    fn nb_subtract(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        operator(left, right, thread, add::subtract)
    }

    #[slot(nb_multiply)]
    fn nb_multiply(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        operator(left, right, thread, multiply::multiply)
    }

    #[slot(nb_remainder)]
    fn nb_remainder(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        operator(left, right, thread, divide::remainder)
    }

    #[slot(nb_floor_divide)]
    fn nb_floor_divide(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        operator(left, right, thread, divide::divide_integer)
    }

    #[slot(nb_true_divide)]
    fn nb_true_divide(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        operator(left, right, thread, divide::divide)
    }

    #[slot(nb_divmod)]
    fn nb_divmod(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let context = context::current(thread)?;
        let Some(left) = operand(left, &context, thread)? else { return Ok(thread.not_implemented()) };
        let Some(right) = operand(right, &context, thread)? else { return Ok(thread.not_implemented()) };
        let mut status = Status::NONE;
        let results = divide::divide_with_remainder(&left, &right, &context.settings(), &mut status);
        pair(results, status, &context, thread)
    }

    #[slot(nb_power)]
    fn nb_power(base: &Object, exponent: &Object, modulus: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if modulus.is_none() {
            return operator(base, exponent, thread, power::power);
        }
        let context = context::current(thread)?;
        let Some(base) = operand(base, &context, thread)? else { return Ok(thread.not_implemented()) };
        let Some(exponent) = operand(exponent, &context, thread)? else { return Ok(thread.not_implemented()) };
        let Some(modulus) = operand(modulus, &context, thread)? else { return Ok(thread.not_implemented()) };
        let mut status = Status::NONE;
        let result = power::power_modulo(&base, &exponent, &modulus, &context.settings(), &mut status);
        finish(result, status, &context, thread)
    }

    #[slot(nb_negative)]
    fn nb_negative(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(add::minus, None, thread)
    }

    #[slot(nb_positive)]
    fn nb_positive(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(add::plus, None, thread)
    }

    #[slot(nb_absolute)]
    fn nb_absolute(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(add::absolute, None, thread)
    }

    #[slot(nb_bool)]
    fn nb_bool(&self) -> PyResult<bool> {
        Ok(!self.value().is_zero())
    }

    #[slot(nb_int)]
    fn nb_int(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        convert::to_int(self.value(), Rounding::Down, thread)
    }

    #[slot(nb_float)]
    fn nb_float(&self, thread: &mut Thread) -> PyResult<Py<Float>> {
        convert::to_float(self.value(), thread)
    }

    #[getter]
    fn real(&self) -> Py<Decimal> {
        Py::from_ref(self)
    }

    #[getter]
    fn imag(&self, thread: &mut Thread) -> Py<Decimal> {
        let _ = self;
        Decimal::new(Number::ZERO, thread)
    }

    /// adjusted($self, /)
    /// --
    ///
    /// Return the adjusted exponent of the number.  Defined as exp + digits - 1.
    ///
    ///
    #[method]
    fn adjusted(&self) -> i64 {
        self.value().adjusted()
    }

    /// canonical($self, /)
    /// --
    ///
    /// Return the canonical encoding of the argument.  Currently, the encoding
    /// of a Decimal instance is always canonical, so this operation returns its
    /// argument unchanged.
    ///
    ///
    #[method]
    fn canonical(&self) -> Py<Decimal> {
        Py::from_ref(self)
    }

    /// conjugate($self, /)
    /// --
    ///
    /// Return self.
    ///
    ///
    #[method]
    fn conjugate(&self) -> Py<Decimal> {
        Py::from_ref(self)
    }

    /// radix($self, /)
    /// --
    ///
    /// Return Decimal(10), the radix (base) in which the Decimal class does
    /// all its arithmetic. Included for compatibility with the specification.
    ///
    ///
    #[method]
    fn radix(&self, thread: &mut Thread) -> Py<Decimal> {
        let _ = self;
        Decimal::new(Number::from_i64(10), thread)
    }

    /// to_eng_string($self, /, context=None)
    /// --
    ///
    /// Convert to an engineering-type string.  Engineering notation has an exponent
    /// which is a multiple of 3, so there are up to 3 digits left of the decimal
    /// place. For example, Decimal('123E+1') is converted to Decimal('1.23E+3').
    ///
    /// The value of context.capitals determines whether the exponent sign is lower
    /// or upper case. Otherwise, the context does not affect the operation.
    ///
    ///
    #[method]
    fn to_eng_string(&self, context: Option<&Object>, thread: &mut Thread) -> PyResult<String> {
        let context = context_or_current(context, thread)?;
        Ok(text::to_engineering(self.value(), context.capitals()))
    }

    /// from_float($type, f, /)
    /// --
    ///
    /// Class method that converts a float to a decimal number, exactly.
    /// Since 0.1 is not exactly representable in binary floating point,
    /// Decimal.from_float(0.1) is not the same as Decimal('0.1').
    ///
    ///     >>> Decimal.from_float(0.1)
    ///     Decimal('0.1000000000000000055511151231257827021181583404541015625')
    ///     >>> Decimal.from_float(float('nan'))
    ///     Decimal('NaN')
    ///     >>> Decimal.from_float(float('inf'))
    ///     Decimal('Infinity')
    ///     >>> Decimal.from_float(float('-inf'))
    ///     Decimal('-Infinity')
    ///
    ///
    ///
    #[classmethod]
    fn from_float(class: &Type, f: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let context = context::current(thread)?;
        let number = construct::int_or_float(f, &context, thread)?;
        made_of(class, number, thread)
    }

    /// from_number($type, number, /)
    /// --
    ///
    /// Class method that converts a real number to a decimal number, exactly.
    ///
    ///     >>> Decimal.from_number(314)              # int
    ///     Decimal('314')
    ///     >>> Decimal.from_number(0.1)              # float
    ///     Decimal('0.1000000000000000055511151231257827021181583404541015625')
    ///     >>> Decimal.from_number(Decimal('3.14'))  # another decimal instance
    ///     Decimal('3.14')
    ///
    ///
    ///
    #[classmethod]
    fn from_number(class: &Type, number: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(decimal) = number.downcast::<Decimal>() {
            if std::ptr::eq(class, Decimal::class()) && decimal.is_exactly::<Decimal>() {
                return Ok(Py::from_ref(number));
            }
            return made_of(class, decimal.value().clone(), thread);
        }
        let context = context::current(thread)?;
        match construct::number_of(number, &context, thread)? {
            Some(number) => made_of(class, number, thread),
            None => Err(raise_unsupported(number, thread)),
        }
    }

    /// as_tuple($self, /)
    /// --
    ///
    /// Return a tuple representation of the number.
    ///
    ///
    #[method]
    fn as_tuple(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        convert::to_tuple(self.value(), thread)
    }

    /// as_integer_ratio($self, /)
    /// --
    ///
    /// Decimal.as_integer_ratio() -> (int, int)
    ///
    /// Return a pair of integers, whose ratio is exactly equal to the original
    /// Decimal and with a positive denominator. The ratio is in lowest terms.
    /// Raise OverflowError on infinities and a ValueError on NaNs.
    ///
    ///
    #[method]
    fn as_integer_ratio(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        convert::to_ratio(self.value(), thread)
    }

    /// __copy__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __copy__(&self) -> Py<Decimal> {
        Py::from_ref(self)
    }

    /// __deepcopy__($self, object, /)
    /// --
    ///
    ///
    #[method]
    fn __deepcopy__(&self, object: &Object) -> Py<Decimal> {
        let _ = object;
        Py::from_ref(self)
    }

    #[method]
    #[signature("(format_spec, conventions=None, /)")]
    fn __format__(&self, format_spec: &Object, conventions: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Str>> {
        format::format_decimal(self, format_spec, conventions, thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let text = self.str(thread)?;
        let arguments = Tuple::new(vec![text.into_object()], thread)?;
        Tuple::from_slice(&[self.class(), &arguments], thread)
    }

    #[method]
    #[signature("(ndigits=None, /)")]
    fn __round__(&self, ndigits: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        convert::round(self.value(), ndigits, thread)
    }

    /// __ceil__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __ceil__(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        convert::to_int(self.value(), Rounding::Ceiling, thread)
    }

    /// __floor__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __floor__(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        convert::to_int(self.value(), Rounding::Floor, thread)
    }

    /// __trunc__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __trunc__(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        convert::to_int(self.value(), Rounding::Down, thread)
    }

    /// __complex__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __complex__(&self, thread: &mut Thread) -> PyResult<Py<Complex>> {
        let real = convert::to_f64(self.value(), thread)?;
        Ok(Complex::new(real, 0.0, thread))
    }

    /// __sizeof__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __sizeof__(&self) -> usize {
        size_in_memory(self.value())
    }
}
