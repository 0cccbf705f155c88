//! Methods of `Decimal` that compute: functions, rounding to integers and quanta, neighbors.

use macros::python_methods;
use numeric::decimal::{divide, exponential, logarithm, neighbors, quantize, square_root};
use objects::errors::PyResult;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::super::object::Decimal;

#[python_methods(METHODS)]
impl Decimal {
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
}
