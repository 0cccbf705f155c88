//! Methods of `Context` that work on sign, exponent and digits.

use macros::python_methods;
use numeric::decimal::{logical, shift};
use objects::errors::PyResult;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::super::context::DecimalContext;
use super::super::object::Decimal;
use super::super::operate::{COPY_ABSOLUTE, COPY_NEGATED, COPY_SIGN, SAME};

#[python_methods(METHODS)]
impl DecimalContext {
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
}
