//! The type `Decimal`: slots and methods.

use builtins::complex::Complex;
use macros::python_type;
use numeric::decimal::{
    Decimal as Number, Rounding, Status, add, compare as comparisons, divide, exponential, logarithm, logical,
    multiply, neighbors, power, quantize, shift, square_root, text,
};
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
use super::object::{Decimal, operand, raise_unsupported, required};
use super::operate::{
    COMPARE_TOTAL, COMPARE_TOTAL_MAGNITUDE, COPY_SIGN, MAXIMUM, MAXIMUM_MAGNITUDE, MINIMUM, MINIMUM_MAGNITUDE, finish,
    operator, pair,
};
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
#[python_type(name = "decimal.Decimal", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
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
        Ok(Str::from_str(&text::to_scientific(self.value(), capitals), thread))
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

    /// exp($self, /, context=None)
    /// --
    ///
    /// Return the value of the (natural) exponential function e**x at the given
    /// number.  The function always uses the ROUND_HALF_EVEN mode and the result
    /// is correctly rounded.
    ///
    ///
    #[method]
    fn exp(&self, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(exponential::exponential, context, thread)
    }

    /// ln($self, /, context=None)
    /// --
    ///
    /// Return the natural (base e) logarithm of the operand. The function always
    /// uses the ROUND_HALF_EVEN mode and the result is correctly rounded.
    ///
    ///
    #[method]
    fn ln(&self, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(logarithm::natural, context, thread)
    }

    /// log10($self, /, context=None)
    /// --
    ///
    /// Return the base ten logarithm of the operand. The function always uses the
    /// ROUND_HALF_EVEN mode and the result is correctly rounded.
    ///
    ///
    #[method]
    fn log10(&self, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(logarithm::to_base_ten, context, thread)
    }

    /// next_minus($self, /, context=None)
    /// --
    ///
    /// Return the largest number representable in the given context (or in the
    /// current default context if no context is given) that is smaller than the
    /// given operand.
    ///
    ///
    #[method]
    fn next_minus(&self, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(neighbors::next_minus, context, thread)
    }

    /// next_plus($self, /, context=None)
    /// --
    ///
    /// Return the smallest number representable in the given context (or in the
    /// current default context if no context is given) that is larger than the
    /// given operand.
    ///
    ///
    #[method]
    fn next_plus(&self, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(neighbors::next_plus, context, thread)
    }

    /// normalize($self, /, context=None)
    /// --
    ///
    /// Normalize the number by stripping the rightmost trailing zeros and
    /// converting any result equal to Decimal('0') to Decimal('0e0').  Used
    /// for producing canonical values for members of an equivalence class.
    /// For example, Decimal('32.100') and Decimal('0.321000e+2') both normalize
    /// to the equivalent value Decimal('32.1').
    ///
    ///
    #[method]
    fn normalize(&self, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(quantize::normalize, context, thread)
    }

    /// to_integral($self, /, rounding=None, context=None)
    /// --
    ///
    /// Identical to the to_integral_value() method.  The to_integral() name has been
    /// kept for compatibility with older versions.
    ///
    ///
    #[method]
    fn to_integral(
        &self,
        rounding: Option<&Object>,
        context: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        self.to_integral_as(quantize::to_integral_value, rounding, context, thread)
    }

    /// to_integral_exact($self, /, rounding=None, context=None)
    /// --
    ///
    /// Round to the nearest integer, signaling Inexact or Rounded as appropriate if
    /// rounding occurs.  The rounding mode is determined by the rounding parameter
    /// if given, else by the given context. If neither parameter is given, then the
    /// rounding mode of the current default context is used.
    ///
    ///
    #[method]
    fn to_integral_exact(
        &self,
        rounding: Option<&Object>,
        context: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        self.to_integral_as(quantize::to_integral_exact, rounding, context, thread)
    }

    /// to_integral_value($self, /, rounding=None, context=None)
    /// --
    ///
    /// Round to the nearest integer without signaling Inexact or Rounded.  The
    /// rounding mode is determined by the rounding parameter if given, else by
    /// the given context. If neither parameter is given, then the rounding mode
    /// of the current default context is used.
    ///
    ///
    #[method]
    fn to_integral_value(
        &self,
        rounding: Option<&Object>,
        context: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        self.to_integral_as(quantize::to_integral_value, rounding, context, thread)
    }

    /// sqrt($self, /, context=None)
    /// --
    ///
    /// Return the square root of the argument to full precision. The result is
    /// correctly rounded using the ROUND_HALF_EVEN rounding mode.
    ///
    ///
    #[method]
    fn sqrt(&self, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(square_root::square_root, context, thread)
    }

    /// compare($self, /, other, context=None)
    /// --
    ///
    /// Compare self to other.  Return a decimal value:
    ///
    ///     a or b is a NaN ==> Decimal('NaN')
    ///     a < b           ==> Decimal('-1')
    ///     a == b          ==> Decimal('0')
    ///     a > b           ==> Decimal('1')
    ///
    ///
    #[method]
    fn compare(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, comparisons::compare, context, thread)
    }

    /// compare_signal($self, /, other, context=None)
    /// --
    ///
    /// Identical to compare, except that all NaNs signal.
    ///
    ///
    #[method]
    fn compare_signal(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, comparisons::compare_signal, context, thread)
    }

    /// max($self, /, other, context=None)
    /// --
    ///
    /// Maximum of self and other.  If one operand is a quiet NaN and the other is
    /// numeric, the numeric operand is returned.
    ///
    ///
    #[method]
    fn max(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, MAXIMUM, context, thread)
    }

    /// max_mag($self, /, other, context=None)
    /// --
    ///
    /// Similar to the max() method, but the comparison is done using the absolute
    /// values of the operands.
    ///
    ///
    #[method]
    fn max_mag(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, MAXIMUM_MAGNITUDE, context, thread)
    }

    /// min($self, /, other, context=None)
    /// --
    ///
    /// Minimum of self and other. If one operand is a quiet NaN and the other is
    /// numeric, the numeric operand is returned.
    ///
    ///
    #[method]
    fn min(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, MINIMUM, context, thread)
    }

    /// min_mag($self, /, other, context=None)
    /// --
    ///
    /// Similar to the min() method, but the comparison is done using the absolute
    /// values of the operands.
    ///
    ///
    #[method]
    fn min_mag(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, MINIMUM_MAGNITUDE, context, thread)
    }

    /// next_toward($self, /, other, context=None)
    /// --
    ///
    /// If the two operands are unequal, return the number closest to the first
    /// operand in the direction of the second operand.  If both operands are
    /// numerically equal, return a copy of the first operand with the sign set
    /// to be the same as the sign of the second operand.
    ///
    ///
    #[method]
    fn next_toward(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, neighbors::next_toward, context, thread)
    }

    /// quantize($self, /, exp, rounding=None, context=None)
    /// --
    ///
    /// Return a value equal to the first operand after rounding and having the
    /// exponent of the second operand.
    ///
    ///     >>> Decimal('1.41421356').quantize(Decimal('1.000'))
    ///     Decimal('1.414')
    ///
    /// Unlike other operations, if the length of the coefficient after the quantize
    /// operation would be greater than precision, then an InvalidOperation is signaled.
    /// This guarantees that, unless there is an error condition, the quantized exponent
    /// is always equal to that of the right-hand operand.
    ///
    /// Also unlike other operations, quantize never signals Underflow, even if the
    /// result is subnormal and inexact.
    ///
    /// If the exponent of the second operand is larger than that of the first, then
    /// rounding may be necessary. In this case, the rounding mode is determined by the
    /// rounding argument if given, else by the given context argument; if neither
    /// argument is given, the rounding mode of the current thread's context is used.
    ///
    ///
    #[method]
    fn quantize(
        &self,
        exp: &Object,
        rounding: Option<&Object>,
        context: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        self.quantize_as(exp, rounding, context, thread)
    }

    /// remainder_near($self, /, other, context=None)
    /// --
    ///
    /// Return the remainder from dividing self by other.  This differs from
    /// self % other in that the sign of the remainder is chosen so as to minimize
    /// its absolute value. More precisely, the return value is self - n * other
    /// where n is the integer nearest to the exact value of self / other, and
    /// if two integers are equally near then the even one is chosen.
    ///
    /// If the result is zero then its sign will be the sign of self.
    ///
    ///
    #[method]
    fn remainder_near(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, divide::remainder_near, context, thread)
    }

    /// fma($self, /, other, third, context=None)
    /// --
    ///
    /// Fused multiply-add.  Return self*other+third with no rounding of the
    /// intermediate product self*other.
    ///
    ///     >>> Decimal(2).fma(3, 5)
    ///     Decimal('11')
    ///
    ///
    ///
    #[method]
    fn fma(
        &self,
        other: &Object,
        third: &Object,
        context: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        self.multiply_add(other, third, context, thread)
    }

    /// is_canonical($self, /)
    /// --
    ///
    /// Return True if the argument is canonical and False otherwise.  Currently,
    /// a Decimal instance is always canonical, so this operation always returns
    /// True.
    ///
    ///
    #[method]
    fn is_canonical(&self) -> bool {
        true
    }

    /// is_finite($self, /)
    /// --
    ///
    /// Return True if the argument is a finite number, and False if the argument
    /// is infinite or a NaN.
    ///
    ///
    #[method]
    fn is_finite(&self) -> bool {
        self.value().is_finite()
    }

    /// is_infinite($self, /)
    /// --
    ///
    /// Return True if the argument is either positive or negative infinity and
    /// False otherwise.
    ///
    ///
    #[method]
    fn is_infinite(&self) -> bool {
        self.value().is_infinite()
    }

    /// is_nan($self, /)
    /// --
    ///
    /// Return True if the argument is a (quiet or signaling) NaN and False
    /// otherwise.
    ///
    ///
    #[method]
    fn is_nan(&self) -> bool {
        self.value().is_nan()
    }

    /// is_qnan($self, /)
    /// --
    ///
    /// Return True if the argument is a quiet NaN, and False otherwise.
    ///
    ///
    #[method]
    fn is_qnan(&self) -> bool {
        self.value().is_quiet_nan()
    }

    /// is_snan($self, /)
    /// --
    ///
    /// Return True if the argument is a signaling NaN and False otherwise.
    ///
    ///
    #[method]
    fn is_snan(&self) -> bool {
        self.value().is_signaling_nan()
    }

    /// is_signed($self, /)
    /// --
    ///
    /// Return True if the argument has a negative sign and False otherwise.
    /// Note that both zeros and NaNs can carry signs.
    ///
    ///
    #[method]
    fn is_signed(&self) -> bool {
        self.value().is_negative()
    }

    /// is_zero($self, /)
    /// --
    ///
    /// Return True if the argument is a (positive or negative) zero and False
    /// otherwise.
    ///
    ///
    #[method]
    fn is_zero(&self) -> bool {
        self.value().is_zero()
    }

    /// is_normal($self, /, context=None)
    /// --
    ///
    /// Return True if the argument is a normal finite non-zero number with an
    /// adjusted exponent greater than or equal to Emin. Return False if the
    /// argument is zero, subnormal, infinite or a NaN.
    ///
    ///
    #[method]
    fn is_normal(&self, context: Option<&Object>, thread: &mut Thread) -> PyResult<bool> {
        Ok(self.value().is_normal(&context_or_current(context, thread)?.settings()))
    }

    /// is_subnormal($self, /, context=None)
    /// --
    ///
    /// Return True if the argument is subnormal, and False otherwise. A number is
    /// subnormal if it is non-zero, finite, and has an adjusted exponent less
    /// than Emin.
    ///
    ///
    #[method]
    fn is_subnormal(&self, context: Option<&Object>, thread: &mut Thread) -> PyResult<bool> {
        Ok(self.value().is_subnormal(&context_or_current(context, thread)?.settings()))
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

    /// copy_abs($self, /)
    /// --
    ///
    /// Return the absolute value of the argument.  This operation is unaffected by
    /// context and is quiet: no flags are changed and no rounding is performed.
    ///
    ///
    #[method]
    fn copy_abs(&self, thread: &mut Thread) -> Py<Decimal> {
        Decimal::new(self.value().with_sign(false), thread)
    }

    /// copy_negate($self, /)
    /// --
    ///
    /// Return the negation of the argument.  This operation is unaffected by context
    /// and is quiet: no flags are changed and no rounding is performed.
    ///
    ///
    #[method]
    fn copy_negate(&self, thread: &mut Thread) -> Py<Decimal> {
        Decimal::new(self.value().with_sign(!self.value().is_negative()), thread)
    }

    /// logb($self, /, context=None)
    /// --
    ///
    /// For a non-zero number, return the adjusted exponent of the operand as a
    /// Decimal instance.  If the operand is a zero, then Decimal('-Infinity') is
    /// returned and the DivisionByZero condition is raised. If the operand is
    /// an infinity then Decimal('Infinity') is returned.
    ///
    ///
    #[method]
    fn logb(&self, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(shift::exponent_of, context, thread)
    }

    /// logical_invert($self, /, context=None)
    /// --
    ///
    /// Invert all its digits.
    ///
    /// The self must be logical number.
    ///
    ///
    #[method]
    fn logical_invert(&self, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(logical::invert, context, thread)
    }

    /// number_class($self, /, context=None)
    /// --
    ///
    /// Return a string describing the class of the operand.  The returned value
    /// is one of the following ten strings:
    ///
    ///     * '-Infinity', indicating that the operand is negative infinity.
    ///     * '-Normal', indicating that the operand is a negative normal number.
    ///     * '-Subnormal', indicating that the operand is negative and subnormal.
    ///     * '-Zero', indicating that the operand is a negative zero.
    ///     * '+Zero', indicating that the operand is a positive zero.
    ///     * '+Subnormal', indicating that the operand is positive and subnormal.
    ///     * '+Normal', indicating that the operand is a positive normal number.
    ///     * '+Infinity', indicating that the operand is positive infinity.
    ///     * 'NaN', indicating that the operand is a quiet NaN (Not a Number).
    ///     * 'sNaN', indicating that the operand is a signaling NaN.
    ///
    ///
    ///
    #[method]
    fn number_class(&self, context: Option<&Object>, thread: &mut Thread) -> PyResult<&'static str> {
        let context = context_or_current(context, thread)?;
        Ok(convert::class_name(self.value(), &context.settings()))
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

    /// compare_total($self, /, other, context=None)
    /// --
    ///
    /// Compare two operands using their abstract representation rather than
    /// their numerical value.  Similar to the compare() method, but the result
    /// gives a total ordering on Decimal instances.  Two Decimal instances with
    /// the same numeric value but different representations compare unequal
    /// in this ordering:
    ///
    ///     >>> Decimal('12.0').compare_total(Decimal('12'))
    ///     Decimal('-1')
    ///
    /// Quiet and signaling NaNs are also included in the total ordering. The result
    /// of this function is Decimal('0') if both operands have the same representation,
    /// Decimal('-1') if the first operand is lower in the total order than the second,
    /// and Decimal('1') if the first operand is higher in the total order than the
    /// second operand. See the specification for details of the total order.
    ///
    /// This operation is unaffected by context and is quiet: no flags are changed
    /// and no rounding is performed. As an exception, the C version may raise
    /// InvalidOperation if the second operand cannot be converted exactly.
    ///
    ///
    #[method]
    fn compare_total(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, COMPARE_TOTAL, context, thread)
    }

    /// compare_total_mag($self, /, other, context=None)
    /// --
    ///
    /// Compare two operands using their abstract representation rather than their
    /// value as in compare_total(), but ignoring the sign of each operand.
    ///
    /// x.compare_total_mag(y) is equivalent to x.copy_abs().compare_total(y.copy_abs()).
    ///
    /// This operation is unaffected by context and is quiet: no flags are changed
    /// and no rounding is performed. As an exception, the C version may raise
    /// InvalidOperation if the second operand cannot be converted exactly.
    ///
    ///
    #[method]
    fn compare_total_mag(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, COMPARE_TOTAL_MAGNITUDE, context, thread)
    }

    /// copy_sign($self, /, other, context=None)
    /// --
    ///
    /// Return a copy of the first operand with the sign set to be the same as the
    /// sign of the second operand. For example:
    ///
    ///     >>> Decimal('2.3').copy_sign(Decimal('-1.5'))
    ///     Decimal('-2.3')
    ///
    /// This operation is unaffected by context and is quiet: no flags are changed
    /// and no rounding is performed. As an exception, the C version may raise
    /// InvalidOperation if the second operand cannot be converted exactly.
    ///
    ///
    #[method]
    fn copy_sign(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, COPY_SIGN, context, thread)
    }

    /// same_quantum($self, /, other, context=None)
    /// --
    ///
    /// Test whether self and other have the same exponent or whether both are NaN.
    ///
    /// This operation is unaffected by context and is quiet: no flags are changed
    /// and no rounding is performed. As an exception, the C version may raise
    /// InvalidOperation if the second operand cannot be converted exactly.
    ///
    ///
    #[method]
    fn same_quantum(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<bool> {
        let context = context_or_current(context, thread)?;
        let other = required(other, &context, thread)?;
        Ok(quantize::same_quantum(self.value(), &other))
    }

    /// logical_and($self, /, other, context=None)
    /// --
    ///
    /// Applies an 'and' operation between self and other's digits.
    ///
    /// Both self and other must be logical numbers.
    ///
    ///
    #[method]
    fn logical_and(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, logical::and, context, thread)
    }

    /// logical_or($self, /, other, context=None)
    /// --
    ///
    /// Applies an 'or' operation between self and other's digits.
    ///
    /// Both self and other must be logical numbers.
    ///
    ///
    #[method]
    fn logical_or(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, logical::or, context, thread)
    }

    /// logical_xor($self, /, other, context=None)
    /// --
    ///
    /// Applies an 'xor' operation between self and other's digits.
    ///
    /// Both self and other must be logical numbers.
    ///
    ///
    #[method]
    fn logical_xor(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, logical::xor, context, thread)
    }

    /// rotate($self, /, other, context=None)
    /// --
    ///
    /// Return the result of rotating the digits of the first operand by an amount
    /// specified by the second operand.  The second operand must be an integer in
    /// the range -precision through precision. The absolute value of the second
    /// operand gives the number of places to rotate. If the second operand is
    /// positive then rotation is to the left; otherwise rotation is to the right.
    /// The coefficient of the first operand is padded on the left with zeros to
    /// length precision if necessary. The sign and exponent of the first operand are
    /// unchanged.
    ///
    ///
    #[method]
    fn rotate(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, shift::rotate, context, thread)
    }

    /// scaleb($self, /, other, context=None)
    /// --
    ///
    /// Return the first operand with the exponent adjusted the second.  Equivalently,
    /// return the first operand multiplied by 10**other. The second operand must be
    /// an integer.
    ///
    ///
    #[method]
    fn scaleb(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, shift::scale_by, context, thread)
    }

    /// shift($self, /, other, context=None)
    /// --
    ///
    /// Return the result of shifting the digits of the first operand by an amount
    /// specified by the second operand.  The second operand must be an integer in
    /// the range -precision through precision. The absolute value of the second
    /// operand gives the number of places to shift. If the second operand is
    /// positive, then the shift is to the left; otherwise the shift is to the
    /// right. Digits shifted into the coefficient are zeros. The sign and exponent
    /// of the first operand are unchanged.
    ///
    ///
    #[method]
    fn shift(&self, other: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(other, shift::shift, context, thread)
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
