//! Microseconds times and over floats, exactly: a float counts as the ratio that its `as_integer_ratio` gives.

use objects::errors::PyResult;
use objects::int::Int;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

/// The quotient as the nearest integer, from the middle to the even one.
pub fn divide_to_nearest(dividend: &Int, divisor: &Int, thread: &mut Thread) -> PyResult<Py<Int>> {
    let (quotient, rest) = dividend.divmod(divisor, thread)?;
    let (size, limit) = (rest.absolute(thread)?, divisor.absolute(thread)?);
    let twice = size.add(&size, thread)?;
    let is_odd = quotient.digits().first().is_some_and(|it| it % 2 != 0);
    let up = match twice.compare(&limit) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => is_odd,
        std::cmp::Ordering::Greater => true,
    };
    if up { quotient.add(Int::small(1), thread) } else { Ok(quotient) }
}

/// What a float says its ratio is.
fn ratio_of(float: &Object, thread: &mut Thread) -> PyResult<(Py<Object>, Py<Object>)> {
    let name = thread.intern_text("as_integer_ratio");
    let ratio = protocol::call_method(float, &name, &[], thread)?;
    let Some(tuple) = ratio.downcast::<Tuple>() else {
        let class = ratio.class().full_name();
        let message = "unexpected return type from as_integer_ratio(): expected tuple, not";
        return Err(raise!(thread, TypeError, "{message} '{class}'"));
    };
    match tuple.items() {
        [numerator, denominator] => Ok((numerator.clone(), denominator.clone())),
        _ => Err(raise!(thread, ValueError, "as_integer_ratio() must return a 2-tuple")),
    }
}

/// `total * numerator / denominator`
fn scale(total: &Int, numerator: &Object, denominator: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
    let product = protocol::multiply(total, numerator, thread)?;
    match (product.downcast::<Int>(), denominator.downcast::<Int>()) {
        (Some(product), Some(denominator)) => divide_to_nearest(product, denominator, thread),
        _ => Err(raise!(thread, TypeError, "non-integer arguments in division")),
    }
}

pub fn multiply(total: &Int, float: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
    let (numerator, denominator) = ratio_of(float, thread)?;
    scale(total, &numerator, &denominator, thread)
}

pub fn divide(total: &Int, float: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
    let (numerator, denominator) = ratio_of(float, thread)?;
    scale(total, &denominator, &numerator, thread)
}
