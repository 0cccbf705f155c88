//! What the functions of floats share: the checks of results, logarithms of numbers of any size, sums of products.

use numeric::math::{MathError, ProductSum};
use objects::bool::Bool;
use objects::errors::{OverflowError, PyResult, Raised};
use objects::float::Float;
use objects::int::Int;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

#[cold]
pub fn raise_domain(thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "math domain error")
}

#[cold]
pub fn raise_range(thread: &mut Thread) -> Raised {
    raise!(thread, OverflowError, "math range error")
}

/// A number as a float.
pub fn real(value: &Object, thread: &mut Thread) -> PyResult<f64> {
    protocol::as_f64(value, thread)
}

/// `ValueError: expected …, got x`.
#[cold]
fn raise_expected(message: &str, x: f64, thread: &mut Thread) -> Raised {
    let value = Float::new(x, thread);
    match protocol::repr(&value, thread) {
        Ok(value) => raise!(thread, ValueError, "{message}, got {}", value.to_string_lossy()),
        Err(raised) => raised,
    }
}

/// The result of a function of `x`: NaN that was not given is outside of its domain, infinity that was not given is an overflow.
pub fn checked(x: f64, result: f64, domain: Option<&str>, thread: &mut Thread) -> PyResult<f64> {
    if result.is_nan() && !x.is_nan() {
        return Err(match domain {
            Some(message) => raise_expected(message, x, thread),
            None => raise_domain(thread),
        });
    }
    if result.is_infinite() && x.is_finite() {
        return Err(raise_range(thread));
    }
    Ok(result)
}

/// The result of the gamma functions.
pub fn checked_math(x: f64, result: Result<f64, MathError>, thread: &mut Thread) -> PyResult<f64> {
    result.map_err(|error| match error {
        MathError::Domain => raise_expected("expected a noninteger or positive integer", x, thread),
        MathError::Range => raise_range(thread),
    })
}

/// `ceil` and `floor`: by the method of that name, or of a float.
pub fn rounded(x: &Object, name: &str, round: fn(f64) -> f64, thread: &mut Thread) -> PyResult<Py<Object>> {
    if x.downcast_exact::<Float>().is_none() {
        let name = thread.intern_text(name);
        if let Some(result) = protocol::call_special(x, &name, &[], thread)? {
            return Ok(result);
        }
    }
    let value = real(x, thread)?;
    Int::from_f64(round(value), thread).map(Py::into_object)
}

/// A logarithm; of integers also of those that are no float.
pub fn logarithm(x: &Object, function: fn(f64) -> f64, thread: &mut Thread) -> PyResult<f64> {
    if let Some(integer) = x.downcast::<Int>() {
        if integer.is_negative() || integer.is_zero() {
            return Err(raise!(thread, ValueError, "expected a positive input"));
        }
        let bits = integer.bit_length();
        if bits <= 1000 {
            return Ok(function(integer.to_f64(thread)?));
        }
        let shift = Int::from_u64(bits - 64, thread);
        let head = integer.shift_right(&shift, thread)?.to_i128().unwrap_or(1) as u64;
        // The lost digits make themselves felt in the last bit, so that rounding sees them.
        let mantissa = (head | 1) as f64 / 2f64.powi(64);
        return Ok(function(mantissa) + function(2.0) * bits as f64);
    }
    let value = real(x, thread)?;
    if value <= 0.0 {
        return Err(raise_expected("expected a positive input", value, thread));
    }
    Ok(function(value))
}

/// A pair of a float and a number that is taken as one: a float, an int, a bool.
fn float_pair(a: &Object, b: &Object, thread: &mut Thread) -> PyResult<Option<(f64, f64)>> {
    let as_float = |it: &Object, thread: &mut Thread| match it.downcast_exact::<Float>() {
        Some(float) => Ok(Some(float.value())),
        None => match it.downcast::<Int>().filter(|int| int.is_exactly::<Int>() || int.is_exactly::<Bool>()) {
            Some(integer) => {
                let value = integer.to_f64(thread);
                thread.suppress(value, OverflowError)
            }
            None => Ok(None),
        },
    };
    if !a.is_exactly::<Float>() && !b.is_exactly::<Float>() {
        return Ok(None);
    }
    match (as_float(a, thread)?, as_float(b, thread)?) {
        (Some(a), Some(b)) => Ok(Some((a, b))),
        _ => Ok(None),
    }
}

/// The sums of `sumprod` that need no objects: first of small ints, then of floats, each until something else comes.
#[derive(Default)]
struct QuickSums {
    ints: Option<i64>,
    ints_are_over: bool,
    floats: Option<ProductSum>,
    floats_are_over: bool,
}

impl QuickSums {
    /// Adds a product; false if it is none of theirs.
    fn add(&mut self, a: &Object, b: &Object, thread: &mut Thread) -> PyResult<bool> {
        if !self.ints_are_over
            && let (Some(left), Some(right)) = (a.downcast_exact::<Int>(), b.downcast_exact::<Int>())
            && let (Some(left), Some(right)) = (left.to_i64(), right.to_i64())
            && let Some(product) = left.checked_mul(right)
            && let Some(sum) = self.ints.unwrap_or(0).checked_add(product)
        {
            self.ints = Some(sum);
            return Ok(true);
        }
        self.ints_are_over = true;
        if !self.floats_are_over
            && let Some((a, b)) = float_pair(a, b, thread)?
        {
            let mut sum = self.floats.unwrap_or_default();
            sum.add_product(a, b);
            if sum.is_finite() {
                self.floats = Some(sum);
                return Ok(true);
            }
        }
        self.floats_are_over = true;
        Ok(false)
    }

    /// Adds to the total what is over.
    fn settle(&mut self, mut total: Py<Object>, all: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
        if (self.ints_are_over || all)
            && let Some(ints) = self.ints.take()
        {
            let ints = Int::from_i64(ints, thread);
            total = protocol::add(&total, &ints, thread)?;
        }
        if (self.floats_are_over || all)
            && let Some(floats) = self.floats.take()
        {
            let floats = Float::new(floats.value(), thread);
            total = protocol::add(&total, &floats, thread)?;
        }
        Ok(total)
    }
}

/// `sumprod`: ints exactly, floats with extended precision, all else by the operators.
pub fn sum_of_products(p: &Object, q: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let (left, right) = (protocol::iter(p, thread)?, protocol::iter(q, thread)?);
    let mut total = Int::from_i64(0, thread).into_object();
    let mut quick = QuickSums::default();
    loop {
        let (a, b) = (protocol::next(&left, thread)?, protocol::next(&right, thread)?);
        let (a, b) = match (a, b) {
            (Some(a), Some(b)) => (a, b),
            (None, None) => return quick.settle(total, true, thread),
            _ => return Err(raise!(thread, ValueError, "Inputs are not the same length")),
        };
        let is_added = quick.add(&a, &b, thread)?;
        total = quick.settle(total, false, thread)?;
        if !is_added {
            let product = protocol::multiply(&a, &b, thread)?;
            total = protocol::add(&total, &product, thread)?;
        }
    }
}
