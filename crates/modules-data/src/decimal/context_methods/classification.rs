//! Methods of `Context` that tell what kind of number one is.

use macros::python_methods;
use objects::errors::PyResult;
use objects::refs::Object;
use objects::thread::Thread;

use super::super::context::DecimalContext;
use super::super::convert;
use super::super::object::required;

#[python_methods(METHODS)]
impl DecimalContext {
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
}
