//! Methods of `Context` that compute.

use macros::python_methods;
use numeric::decimal::{
    Status, add, divide, exponential, logarithm, multiply, neighbors, power, quantize, square_root,
};
use objects::errors::PyResult;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::super::context::DecimalContext;
use super::super::object::required;
use super::super::operate::{finish, pair};

#[python_methods(METHODS)]
impl DecimalContext {
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
}
