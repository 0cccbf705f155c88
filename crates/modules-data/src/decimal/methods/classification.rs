//! Methods of `Decimal` that tell what kind of number it is.

use macros::python_methods;
use objects::errors::PyResult;
use objects::refs::Object;
use objects::thread::Thread;

use super::super::context::context_or_current;
use super::super::convert;
use super::super::object::Decimal;

#[python_methods(METHODS)]
impl Decimal {
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
}
