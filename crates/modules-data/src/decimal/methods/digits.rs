//! Methods of `Decimal` that work on sign, exponent and digits.

use macros::python_methods;
use numeric::decimal::{logical, shift};
use objects::errors::PyResult;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::super::object::Decimal;
use super::super::operate::COPY_SIGN;

#[python_methods(METHODS)]
impl Decimal {
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
}
