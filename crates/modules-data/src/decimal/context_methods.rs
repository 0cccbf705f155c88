//! The type `Context`: attributes and methods.

use macros::python_type;
use numeric::decimal::{
    Decimal as Number, Status, add, compare, divide, exponential, logarithm, logical, multiply, neighbors, power,
    quantize, shift, square_root, text,
};
use objects::errors::PyResult;
use objects::object::{self, BaseObject};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

use super::context::{DecimalContext, Given};
use super::object::{Decimal, required};
use super::operate::{
    COMPARE_TOTAL, COMPARE_TOTAL_MAGNITUDE, COPY_ABSOLUTE, COPY_NEGATED, COPY_SIGN, MAXIMUM, MAXIMUM_MAGNITUDE,
    MINIMUM, MINIMUM_MAGNITUDE, ROUNDED, SAME, finish, pair, unary,
};
use super::signal_dict::status_of_mapping;
use super::state::state;
use super::{construct, convert, signals};

/// Context(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)
/// --
///
/// The context affects almost all operations and controls rounding,
/// Over/Underflow, raising of exceptions and much more.  A new context
/// can be constructed as follows:
///
///     >>> c = Context(prec=28, Emin=-425000000, Emax=425000000,
///     ...             rounding=ROUND_HALF_EVEN, capitals=1, clamp=1,
///     ...             traps=[InvalidOperation, DivisionByZero, Overflow],
///     ...             flags=[])
///     >>>
///
///
///
#[python_type(name = "decimal.Context", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl DecimalContext {
    #[slot(tp_new)]
    fn new_context(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&objects::dict::Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<DecimalContext>> {
        let _ = (arguments, keywords);
        let state = state(thread)?;
        let template = &state.contents()?.templates[0];
        let context =
            DecimalContext::with_in(class, template.settings(), template.capitals(), template.traps(), thread)?;
        context.store_flags(template.flags());
        Ok(context)
    }

    #[init]
    #[signature("(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)")]
    #[expect(clippy::too_many_arguments, reason = "they are Python's")]
    fn init_context(
        &self,
        precision: Option<&Object>,
        rounding: Option<&Object>,
        emin: Option<&Object>,
        emax: Option<&Object>,
        capitals: Option<&Object>,
        clamp: Option<&Object>,
        flags: Option<&Object>,
        traps: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let given = Given { precision, rounding, emin, emax, capitals, clamp, flags, traps };
        given.apply(self, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> String {
        let settings = self.settings();
        format!(
            "Context(prec={}, rounding={}, Emin={}, Emax={}, capitals={}, clamp={}, flags={}, traps={})",
            settings.precision,
            settings.rounding.name(),
            settings.emin,
            settings.emax,
            i32::from(self.capitals()),
            i32::from(settings.clamp),
            signals::names_of(self.flags()),
            signals::names_of(self.traps())
        )
    }

    #[slot(tp_getattro)]
    fn get_attribute(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = object::attribute_name(name, thread)?;
        let found = if name.equals_text("traps") {
            self.trap_signals()
        } else if name.equals_text("flags") {
            self.flag_signals()
        } else {
            None
        };
        match found {
            Some(signals) => Ok(signals.into_object()),
            None => object::get_attribute_generic(self, name, thread),
        }
    }

    #[slot(tp_setattro)]
    fn set_attribute(&self, name: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let name = object::attribute_name(name, thread)?;
        let Some(value) = value else {
            return Err(raise!(thread, AttributeError, "context attributes cannot be deleted"));
        };
        if name.equals_text("traps") {
            let status = status_of_mapping(value, thread)?;
            self.store_traps(status);
            Ok(())
        } else if name.equals_text("flags") {
            let status = status_of_mapping(value, thread)?;
            self.store_flags(status);
            Ok(())
        } else {
            object::set_attribute_generic(self, name, Some(value), thread)
        }
    }

    #[getter(name = "prec")]
    fn get_prec(&self) -> i64 {
        self.settings().precision
    }

    #[setter(name = "prec")]
    fn put_prec(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        value.map_or(Ok(()), |value| self.set_precision(value, thread))
    }

    #[getter(name = "Emax")]
    fn get_emax(&self) -> i64 {
        self.settings().emax
    }

    #[setter(name = "Emax")]
    fn put_emax(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        value.map_or(Ok(()), |value| self.set_emax(value, thread))
    }

    #[getter(name = "Emin")]
    fn get_emin(&self) -> i64 {
        self.settings().emin
    }

    #[setter(name = "Emin")]
    fn put_emin(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        value.map_or(Ok(()), |value| self.set_emin(value, thread))
    }

    #[getter(name = "rounding")]
    fn get_rounding(&self, thread: &mut Thread) -> Py<Str> {
        thread.intern_text(self.settings().rounding.name())
    }

    #[setter(name = "rounding")]
    fn put_rounding(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        value.map_or(Ok(()), |value| self.set_rounding(value, thread))
    }

    #[getter(name = "capitals")]
    fn get_capitals(&self) -> i32 {
        i32::from(self.capitals())
    }

    #[setter(name = "capitals")]
    fn put_capitals(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        value.map_or(Ok(()), |value| self.set_capitals(value, thread))
    }

    #[getter(name = "clamp")]
    fn get_clamp(&self) -> i32 {
        i32::from(self.settings().clamp)
    }

    #[setter(name = "clamp")]
    fn put_clamp(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        value.map_or(Ok(()), |value| self.set_clamp(value, thread))
    }

    /// abs($self, x, /)
    /// --
    ///
    /// Return the absolute value of x.
    ///
    ///
    #[method]
    fn abs(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, add::absolute, thread)
    }

    /// exp($self, x, /)
    /// --
    ///
    /// Return e ** x.
    ///
    ///
    #[method]
    fn exp(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, exponential::exponential, thread)
    }

    /// ln($self, x, /)
    /// --
    ///
    /// Return the natural (base e) logarithm of x.
    ///
    ///
    #[method]
    fn ln(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, logarithm::natural, thread)
    }

    /// log10($self, x, /)
    /// --
    ///
    /// Return the base 10 logarithm of x.
    ///
    ///
    #[method]
    fn log10(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, logarithm::to_base_ten, thread)
    }

    /// minus($self, x, /)
    /// --
    ///
    /// Minus corresponds to the unary prefix minus operator in Python, but applies
    /// the context to the result.
    ///
    ///
    #[method]
    fn minus(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, add::minus, thread)
    }

    /// next_minus($self, x, /)
    /// --
    ///
    /// Return the largest representable number smaller than x.
    ///
    ///
    #[method]
    fn next_minus(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, neighbors::next_minus, thread)
    }

    /// next_plus($self, x, /)
    /// --
    ///
    /// Return the smallest representable number larger than x.
    ///
    ///
    #[method]
    fn next_plus(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, neighbors::next_plus, thread)
    }

    /// normalize($self, x, /)
    /// --
    ///
    /// Reduce x to its simplest form. Alias for reduce(x).
    ///
    ///
    #[method]
    fn normalize(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, quantize::normalize, thread)
    }

    /// plus($self, x, /)
    /// --
    ///
    /// Plus corresponds to the unary prefix plus operator in Python, but applies
    /// the context to the result.
    ///
    ///
    #[method]
    fn plus(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, add::plus, thread)
    }

    /// to_integral($self, x, /)
    /// --
    ///
    /// Identical to to_integral_value(x).
    ///
    ///
    #[method]
    fn to_integral(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, quantize::to_integral_value, thread)
    }

    /// to_integral_exact($self, x, /)
    /// --
    ///
    /// Round to an integer. Signal if the result is rounded or inexact.
    ///
    ///
    #[method]
    fn to_integral_exact(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, quantize::to_integral_exact, thread)
    }

    /// to_integral_value($self, x, /)
    /// --
    ///
    /// Round to an integer.
    ///
    ///
    #[method]
    fn to_integral_value(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, quantize::to_integral_value, thread)
    }

    /// sqrt($self, x, /)
    /// --
    ///
    /// Square root of a non-negative number to context precision.
    ///
    ///
    #[method]
    fn sqrt(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, square_root::square_root, thread)
    }

    /// add($self, x, y, /)
    /// --
    ///
    /// Return the sum of x and y.
    ///
    ///
    #[method]
    fn add(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, add::add, thread)
    }

    /// compare($self, x, y, /)
    /// --
    ///
    /// Compare x and y numerically.
    ///
    ///
    #[method]
    fn compare(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, compare::compare, thread)
    }

    /// compare_signal($self, x, y, /)
    /// --
    ///
    /// Compare x and y numerically.  All NaNs signal.
    ///
    ///
    #[method]
    fn compare_signal(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, compare::compare_signal, thread)
    }

    /// divide($self, x, y, /)
    /// --
    ///
    /// Return x divided by y.
    ///
    ///
    #[method]
    fn divide(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, divide::divide, thread)
    }

    /// divide_int($self, x, y, /)
    /// --
    ///
    /// Return x divided by y, truncated to an integer.
    ///
    ///
    #[method]
    fn divide_int(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, divide::divide_integer, thread)
    }

    /// divmod($self, x, y, /)
    /// --
    ///
    /// Return quotient and remainder of the division x / y.
    ///
    ///
    #[method]
    fn divmod(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (x, y) = (required(x, self, thread)?, required(y, self, thread)?);
        let mut status = Status::NONE;
        let results = divide::divide_with_remainder(&x, &y, &self.settings(), &mut status);
        pair(results, status, self, thread)
    }

    /// max($self, x, y, /)
    /// --
    ///
    /// Compare the values numerically and return the maximum.
    ///
    ///
    #[method]
    fn max(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, MAXIMUM, thread)
    }

    /// max_mag($self, x, y, /)
    /// --
    ///
    /// Compare the values numerically with their sign ignored.
    ///
    ///
    #[method]
    fn max_mag(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, MAXIMUM_MAGNITUDE, thread)
    }

    /// min($self, x, y, /)
    /// --
    ///
    /// Compare the values numerically and return the minimum.
    ///
    ///
    #[method]
    fn min(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, MINIMUM, thread)
    }

    /// min_mag($self, x, y, /)
    /// --
    ///
    /// Compare the values numerically with their sign ignored.
    ///
    ///
    #[method]
    fn min_mag(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, MINIMUM_MAGNITUDE, thread)
    }

    /// multiply($self, x, y, /)
    /// --
    ///
    /// Return the product of x and y.
    ///
    ///
    #[method]
    fn multiply(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, multiply::multiply, thread)
    }

    /// next_toward($self, x, y, /)
    /// --
    ///
    /// Return the number closest to x, in the direction towards y.
    ///
    ///
    #[method]
    fn next_toward(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, neighbors::next_toward, thread)
    }

    /// quantize($self, x, y, /)
    /// --
    ///
    /// Return a value equal to x (rounded), having the exponent of y.
    ///
    ///
    #[method]
    fn quantize(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, quantize::quantize, thread)
    }

    /// remainder($self, x, y, /)
    /// --
    ///
    /// Return the remainder from integer division.  The sign of the result,
    /// if non-zero, is the same as that of the original dividend.
    ///
    ///
    #[method]
    fn remainder(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, divide::remainder, thread)
    }

    /// remainder_near($self, x, y, /)
    /// --
    ///
    /// Return x - y * n, where n is the integer nearest the exact value of x / y
    /// (if the result is 0 then its sign will be the sign of x).
    ///
    ///
    #[method]
    fn remainder_near(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, divide::remainder_near, thread)
    }

    /// subtract($self, x, y, /)
    /// --
    ///
    /// Return the difference between x and y.
    ///
    ///
    #[method]
    fn subtract(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, add::subtract, thread)
    }

    /// power($self, /, a, b, modulo=None)
    /// --
    ///
    /// Compute a**b. If 'a' is negative, then 'b' must be integral. The result
    /// will be inexact unless 'a' is integral and the result is finite and can
    /// be expressed exactly in 'precision' digits.  In the Python version the
    /// result is always correctly rounded, in the C version the result is almost
    /// always correctly rounded.
    ///
    /// If modulo is given, compute (a**b) % modulo. The following restrictions
    /// hold:
    ///
    ///     * all three arguments must be integral
    ///     * 'b' must be nonnegative
    ///     * at least one of 'a' or 'b' must be nonzero
    ///     * modulo must be nonzero and less than 10**prec in absolute value
    ///
    ///
    ///
    #[method]
    fn power(&self, a: &Object, b: &Object, modulo: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (a, b) = (required(a, self, thread)?, required(b, self, thread)?);
        let mut status = Status::NONE;
        let result = match modulo.filter(|it| !it.is_none()) {
            None => power::power(&a, &b, &self.settings(), &mut status),
            Some(modulo) => {
                let modulo = required(modulo, self, thread)?;
                power::power_modulo(&a, &b, &modulo, &self.settings(), &mut status)
            }
        };
        finish(result, status, self, thread)
    }

    /// fma($self, x, y, z, /)
    /// --
    ///
    /// Return x multiplied by y, plus z.
    ///
    ///
    #[method]
    fn fma(&self, x: &Object, y: &Object, z: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (x, y) = (required(x, self, thread)?, required(y, self, thread)?);
        let z = required(z, self, thread)?;
        let mut status = Status::NONE;
        let result = multiply::multiply_add(&x, &y, &z, &self.settings(), &mut status);
        finish(result, status, self, thread)
    }

    /// Etiny($self, /)
    /// --
    ///
    /// Return a value equal to Emin - prec + 1, which is the minimum exponent value
    /// for subnormal results.  When underflow occurs, the exponent is set to Etiny.
    ///
    ///
    #[method(name = "Etiny")]
    fn etiny(&self) -> i64 {
        self.settings().etiny()
    }

    /// Etop($self, /)
    /// --
    ///
    /// Return a value equal to Emax - prec + 1.  This is the maximum exponent
    /// if the _clamp field of the context is set to 1 (IEEE clamp mode).  Etop()
    /// must not be negative.
    ///
    ///
    #[method(name = "Etop")]
    fn etop(&self) -> i64 {
        self.settings().etop()
    }

    /// radix($self, /)
    /// --
    ///
    /// Return 10.
    ///
    ///
    #[method]
    fn radix(&self, thread: &mut Thread) -> Py<Decimal> {
        let _ = self;
        Decimal::new(Number::from_i64(10), thread)
    }

    /// is_canonical($self, x, /)
    /// --
    ///
    /// Return True if x is canonical, False otherwise.
    ///
    ///
    #[method]
    fn is_canonical(&self, x: &Object, thread: &mut Thread) -> PyResult<bool> {
        self.decimal(x, thread).map(|_| true)
    }

    /// is_finite($self, x, /)
    /// --
    ///
    /// Return True if x is finite, False otherwise.
    ///
    ///
    #[method]
    fn is_finite(&self, x: &Object, thread: &mut Thread) -> PyResult<bool> {
        Ok(required(x, self, thread)?.is_finite())
    }

    /// is_infinite($self, x, /)
    /// --
    ///
    /// Return True if x is infinite, False otherwise.
    ///
    ///
    #[method]
    fn is_infinite(&self, x: &Object, thread: &mut Thread) -> PyResult<bool> {
        Ok(required(x, self, thread)?.is_infinite())
    }

    /// is_nan($self, x, /)
    /// --
    ///
    /// Return True if x is a qNaN or sNaN, False otherwise.
    ///
    ///
    #[method]
    fn is_nan(&self, x: &Object, thread: &mut Thread) -> PyResult<bool> {
        Ok(required(x, self, thread)?.is_nan())
    }

    /// is_normal($self, x, /)
    /// --
    ///
    /// Return True if x is a normal number, False otherwise.
    ///
    ///
    #[method]
    fn is_normal(&self, x: &Object, thread: &mut Thread) -> PyResult<bool> {
        Ok(required(x, self, thread)?.is_normal(&self.settings()))
    }

    /// is_qnan($self, x, /)
    /// --
    ///
    /// Return True if x is a quiet NaN, False otherwise.
    ///
    ///
    #[method]
    fn is_qnan(&self, x: &Object, thread: &mut Thread) -> PyResult<bool> {
        Ok(required(x, self, thread)?.is_quiet_nan())
    }

    /// is_signed($self, x, /)
    /// --
    ///
    /// Return True if x is negative, False otherwise.
    ///
    ///
    #[method]
    fn is_signed(&self, x: &Object, thread: &mut Thread) -> PyResult<bool> {
        Ok(required(x, self, thread)?.is_negative())
    }

    /// is_snan($self, x, /)
    /// --
    ///
    /// Return True if x is a signaling NaN, False otherwise.
    ///
    ///
    #[method]
    fn is_snan(&self, x: &Object, thread: &mut Thread) -> PyResult<bool> {
        Ok(required(x, self, thread)?.is_signaling_nan())
    }

    /// is_subnormal($self, x, /)
    /// --
    ///
    /// Return True if x is subnormal, False otherwise.
    ///
    ///
    #[method]
    fn is_subnormal(&self, x: &Object, thread: &mut Thread) -> PyResult<bool> {
        Ok(required(x, self, thread)?.is_subnormal(&self.settings()))
    }

    /// is_zero($self, x, /)
    /// --
    ///
    /// Return True if x is a zero, False otherwise.
    ///
    ///
    #[method]
    fn is_zero(&self, x: &Object, thread: &mut Thread) -> PyResult<bool> {
        Ok(required(x, self, thread)?.is_zero())
    }

    /// _apply($self, object, /)
    /// --
    ///
    ///
    #[method]
    fn _apply(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let number = required(object, self, thread)?;
        unary(&number, ROUNDED, self, thread)
    }

    /// canonical($self, x, /)
    /// --
    ///
    /// Return a new instance of x.
    ///
    ///
    #[method]
    fn canonical(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.decimal(x, thread).map(Py::into_object)
    }

    /// copy_abs($self, x, /)
    /// --
    ///
    /// Return a copy of x with the sign set to 0.
    ///
    ///
    #[method]
    fn copy_abs(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, COPY_ABSOLUTE, thread)
    }

    /// copy_decimal($self, x, /)
    /// --
    ///
    /// Return a copy of Decimal x.
    ///
    ///
    #[method]
    fn copy_decimal(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if x.downcast::<Decimal>().is_some() {
            return Ok(Py::from_ref(x));
        }
        self.unary(x, SAME, thread)
    }

    /// copy_negate($self, x, /)
    /// --
    ///
    /// Return a copy of x with the sign inverted.
    ///
    ///
    #[method]
    fn copy_negate(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, COPY_NEGATED, thread)
    }

    /// logb($self, x, /)
    /// --
    ///
    /// Return the exponent of the magnitude of the operand's MSD.
    ///
    ///
    #[method]
    fn logb(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, shift::exponent_of, thread)
    }

    /// logical_invert($self, x, /)
    /// --
    ///
    /// Invert all the digits in the operand.
    ///
    /// The operand must be a logical number.
    ///
    ///     >>> ExtendedContext.logical_invert(Decimal('0'))
    ///     Decimal('111111111')
    ///     >>> ExtendedContext.logical_invert(Decimal('1'))
    ///     Decimal('111111110')
    ///     >>> ExtendedContext.logical_invert(Decimal('111111111'))
    ///     Decimal('0')
    ///     >>> ExtendedContext.logical_invert(Decimal('101010101'))
    ///     Decimal('10101010')
    ///     >>> ExtendedContext.logical_invert(1101)
    ///     Decimal('111110010')
    ///
    ///
    #[method]
    fn logical_invert(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.unary(x, logical::invert, thread)
    }

    /// number_class($self, x, /)
    /// --
    ///
    /// Return an indication of the class of x.
    ///
    ///
    #[method]
    fn number_class(&self, x: &Object, thread: &mut Thread) -> PyResult<&'static str> {
        let number = required(x, self, thread)?;
        Ok(convert::class_name(&number, &self.settings()))
    }

    /// to_sci_string($self, x, /)
    /// --
    ///
    /// Convert a number to a string using scientific notation.
    ///
    ///
    #[method]
    fn to_sci_string(&self, x: &Object, thread: &mut Thread) -> PyResult<String> {
        let number = required(x, self, thread)?;
        Ok(text::to_scientific(&number, self.capitals()))
    }

    /// to_eng_string($self, x, /)
    /// --
    ///
    /// Convert a number to a string, using engineering notation.
    ///
    ///
    #[method]
    fn to_eng_string(&self, x: &Object, thread: &mut Thread) -> PyResult<String> {
        let number = required(x, self, thread)?;
        Ok(text::to_engineering(&number, self.capitals()))
    }

    /// compare_total($self, x, y, /)
    /// --
    ///
    /// Compare x and y using their abstract representation.
    ///
    ///
    #[method]
    fn compare_total(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, COMPARE_TOTAL, thread)
    }

    /// compare_total_mag($self, x, y, /)
    /// --
    ///
    /// Compare x and y using their abstract representation, ignoring sign.
    ///
    ///
    #[method]
    fn compare_total_mag(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, COMPARE_TOTAL_MAGNITUDE, thread)
    }

    /// copy_sign($self, x, y, /)
    /// --
    ///
    /// Copy the sign from y to x.
    ///
    ///
    #[method]
    fn copy_sign(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, COPY_SIGN, thread)
    }

    /// logical_and($self, x, y, /)
    /// --
    ///
    /// Applies the logical operation 'and' between each operand's digits.
    ///
    /// The operands must be both logical numbers.
    ///
    ///     >>> ExtendedContext.logical_and(Decimal('0'), Decimal('0'))
    ///     Decimal('0')
    ///     >>> ExtendedContext.logical_and(Decimal('0'), Decimal('1'))
    ///     Decimal('0')
    ///     >>> ExtendedContext.logical_and(Decimal('1'), Decimal('0'))
    ///     Decimal('0')
    ///     >>> ExtendedContext.logical_and(Decimal('1'), Decimal('1'))
    ///     Decimal('1')
    ///     >>> ExtendedContext.logical_and(Decimal('1100'), Decimal('1010'))
    ///     Decimal('1000')
    ///     >>> ExtendedContext.logical_and(Decimal('1111'), Decimal('10'))
    ///     Decimal('10')
    ///     >>> ExtendedContext.logical_and(110, 1101)
    ///     Decimal('100')
    ///     >>> ExtendedContext.logical_and(Decimal(110), 1101)
    ///     Decimal('100')
    ///     >>> ExtendedContext.logical_and(110, Decimal(1101))
    ///     Decimal('100')
    ///
    ///
    #[method]
    fn logical_and(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, logical::and, thread)
    }

    /// logical_or($self, x, y, /)
    /// --
    ///
    /// Applies the logical operation 'or' between each operand's digits.
    ///
    /// The operands must be both logical numbers.
    ///
    ///     >>> ExtendedContext.logical_or(Decimal('0'), Decimal('0'))
    ///     Decimal('0')
    ///     >>> ExtendedContext.logical_or(Decimal('0'), Decimal('1'))
    ///     Decimal('1')
    ///     >>> ExtendedContext.logical_or(Decimal('1'), Decimal('0'))
    ///     Decimal('1')
    ///     >>> ExtendedContext.logical_or(Decimal('1'), Decimal('1'))
    ///     Decimal('1')
    ///     >>> ExtendedContext.logical_or(Decimal('1100'), Decimal('1010'))
    ///     Decimal('1110')
    ///     >>> ExtendedContext.logical_or(Decimal('1110'), Decimal('10'))
    ///     Decimal('1110')
    ///     >>> ExtendedContext.logical_or(110, 1101)
    ///     Decimal('1111')
    ///     >>> ExtendedContext.logical_or(Decimal(110), 1101)
    ///     Decimal('1111')
    ///     >>> ExtendedContext.logical_or(110, Decimal(1101))
    ///     Decimal('1111')
    ///
    ///
    #[method]
    fn logical_or(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, logical::or, thread)
    }

    /// logical_xor($self, x, y, /)
    /// --
    ///
    /// Applies the logical operation 'xor' between each operand's digits.
    ///
    /// The operands must be both logical numbers.
    ///
    ///     >>> ExtendedContext.logical_xor(Decimal('0'), Decimal('0'))
    ///     Decimal('0')
    ///     >>> ExtendedContext.logical_xor(Decimal('0'), Decimal('1'))
    ///     Decimal('1')
    ///     >>> ExtendedContext.logical_xor(Decimal('1'), Decimal('0'))
    ///     Decimal('1')
    ///     >>> ExtendedContext.logical_xor(Decimal('1'), Decimal('1'))
    ///     Decimal('0')
    ///     >>> ExtendedContext.logical_xor(Decimal('1100'), Decimal('1010'))
    ///     Decimal('110')
    ///     >>> ExtendedContext.logical_xor(Decimal('1111'), Decimal('10'))
    ///     Decimal('1101')
    ///     >>> ExtendedContext.logical_xor(110, 1101)
    ///     Decimal('1011')
    ///     >>> ExtendedContext.logical_xor(Decimal(110), 1101)
    ///     Decimal('1011')
    ///     >>> ExtendedContext.logical_xor(110, Decimal(1101))
    ///     Decimal('1011')
    ///
    ///
    #[method]
    fn logical_xor(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, logical::xor, thread)
    }

    /// rotate($self, x, y, /)
    /// --
    ///
    /// Return a copy of x, rotated by y places.
    ///
    ///
    #[method]
    fn rotate(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, shift::rotate, thread)
    }

    /// same_quantum($self, x, y, /)
    /// --
    ///
    /// Return True if the two operands have the same exponent.
    ///
    ///
    #[method]
    fn same_quantum(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<bool> {
        let (x, y) = (required(x, self, thread)?, required(y, self, thread)?);
        Ok(quantize::same_quantum(&x, &y))
    }

    /// scaleb($self, x, y, /)
    /// --
    ///
    /// Return the first operand after adding the second value to its exp.
    ///
    ///
    #[method]
    fn scaleb(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, shift::scale_by, thread)
    }

    /// shift($self, x, y, /)
    /// --
    ///
    /// Return a copy of x, shifted by y places.
    ///
    ///
    #[method]
    fn shift(&self, x: &Object, y: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.binary(x, y, shift::shift, thread)
    }

    /// clear_flags($self, /)
    /// --
    ///
    /// Reset all flags to False.
    ///
    ///
    #[method]
    fn clear_flags(&self) {
        self.store_flags(Status::NONE);
    }

    /// clear_traps($self, /)
    /// --
    ///
    /// Set all traps to False.
    ///
    ///
    #[method]
    fn clear_traps(&self) {
        self.store_traps(Status::NONE);
    }

    /// __copy__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __copy__(&self, thread: &mut Thread) -> PyResult<Py<DecimalContext>> {
        self.duplicate(thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.reduce(thread)
    }

    /// copy($self, /)
    /// --
    ///
    /// Return a duplicate of the context.
    ///
    ///
    #[method]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<DecimalContext>> {
        self.duplicate(thread)
    }

    /// create_decimal($self, num="0", /)
    /// --
    ///
    /// Create a new Decimal instance from num, using self as the context. Unlike the
    /// Decimal constructor, this function observes the context limits.
    ///
    ///
    #[method]
    fn create_decimal(&self, num: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        match num {
            Some(value) => construct::rounded(value, self, thread),
            None => Ok(Decimal::new(Number::ZERO, thread).into_object()),
        }
    }

    /// create_decimal_from_float($self, f, /)
    /// --
    ///
    /// Create a new Decimal instance from float f.  Unlike the Decimal.from_float()
    /// class method, this function observes the context limits.
    ///
    ///
    #[method]
    fn create_decimal_from_float(&self, f: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let number = construct::int_or_float(f, self, thread)?;
        let mut status = Status::NONE;
        let rounded = number.finalized(&self.settings(), &mut status);
        finish(rounded, status, self, thread)
    }
}
