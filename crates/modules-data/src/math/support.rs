//! What the functions of floats share: the checks of results, logarithms of numbers of any size, sums of products.

use numeric::math::{MathError, ProductSum};
use objects::errors::{PyResult, Raised};
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

/// An exact int that is not a bool, or a float.
enum Number<'a> {
    Int(&'a Int),
    Float(f64),
}

fn number(value: &Object) -> Option<Number<'_>> {
    match value.downcast_exact::<Int>() {
        Some(integer) => Some(Number::Int(integer)),
        None => value.downcast_exact::<Float>().map(|it| Number::Float(it.value())),
    }
}

/// `sumprod`: ints exactly, floats with extended precision, all else by the operators.
pub fn sum_of_products(p: &Object, q: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let (left, right) = (protocol::iter(p, thread)?, protocol::iter(q, thread)?);
    let mut total = Int::from_i64(0, thread).into_object();
    let mut floats: Option<ProductSum> = None;
    loop {
        let (a, b) = (protocol::next(&left, thread)?, protocol::next(&right, thread)?);
        let (a, b) = match (a, b) {
            (Some(a), Some(b)) => (a, b),
            (None, None) => break,
            _ => return Err(raise!(thread, ValueError, "Inputs are not the same length")),
        };
        let product = match (number(&a), number(&b)) {
            (Some(Number::Float(a)), Some(Number::Float(b))) => Some((a, b)),
            (Some(Number::Float(a)), Some(Number::Int(b))) => b.to_i64().map(|b| (a, b as f64)),
            (Some(Number::Int(a)), Some(Number::Float(b))) => a.to_i64().map(|a| (a as f64, b)),
            _ => None,
        };
        if let Some((a, b)) = product.filter(|(a, b)| (a * b).is_finite()) {
            floats.get_or_insert_with(ProductSum::new).add_product(a, b);
            continue;
        }
        let product = protocol::multiply(&a, &b, thread)?;
        total = protocol::add(&total, &product, thread)?;
    }
    let Some(floats) = floats else { return Ok(total) };
    let sum = Float::new(floats.value(), thread);
    protocol::add(&total, &sum, thread)
}
