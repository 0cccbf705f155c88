//! Methods of `Decimal` that compare, and choose between two numbers.

use macros::python_methods;
use numeric::decimal::{compare as comparisons, quantize};
use objects::errors::PyResult;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::super::context::context_or_current;
use super::super::object::{Decimal, required};
use super::super::operate::{
    COMPARE_TOTAL, COMPARE_TOTAL_MAGNITUDE, MAXIMUM, MAXIMUM_MAGNITUDE, MINIMUM, MINIMUM_MAGNITUDE,
};

#[python_methods(METHODS)]
impl Decimal {
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
}
