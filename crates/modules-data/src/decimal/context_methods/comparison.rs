//! Methods of `Context` that compare, and choose between two numbers.

use macros::python_methods;
use numeric::decimal::{compare, quantize};
use objects::errors::PyResult;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::super::context::DecimalContext;
use super::super::object::required;
use super::super::operate::{
    COMPARE_TOTAL, COMPARE_TOTAL_MAGNITUDE, MAXIMUM, MAXIMUM_MAGNITUDE, MINIMUM, MINIMUM_MAGNITUDE,
};

#[python_methods(METHODS)]
impl DecimalContext {
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
}
