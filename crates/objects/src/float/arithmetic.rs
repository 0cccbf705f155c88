//! The operators of floats, and what they take of integers.

use std::cmp::Ordering;

use numeric::float::divmod_floor;

use super::Float;
use crate::errors::{OverflowError, PyResult, Raised};
use crate::int::Int;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;

/// An operand as a float, None if it is neither float nor int. OverflowError for an int that is too large.
#[inline(always)]
pub fn operand(value: &Object, thread: &mut Thread) -> PyResult<Option<f64>> {
    if let Some(float) = value.downcast_exact::<Float>() {
        return Ok(Some(float.value()));
    }
    slow_operand(value, thread)
}

#[inline(never)]
fn slow_operand(value: &Object, thread: &mut Thread) -> PyResult<Option<f64>> {
    if let Some(int) = Int::of(value) {
        return int.to_f64(thread).map(Some);
    }
    Ok(value.downcast::<Float>().map(Float::value))
}

#[cold]
fn raise_division_by_zero(thread: &mut Thread) -> Raised {
    raise!(thread, ZeroDivisionError, "division by zero")
}

/// `left / right`
#[inline]
pub fn divide(left: f64, right: f64, thread: &mut Thread) -> PyResult<f64> {
    if right == 0.0 { Err(raise_division_by_zero(thread)) } else { Ok(left / right) }
}

/// `divmod(left, right)`
pub fn divmod(left: f64, right: f64, thread: &mut Thread) -> PyResult<(f64, f64)> {
    match divmod_floor(left, right) {
        Some(pair) => Ok(pair),
        None => Err(raise_division_by_zero(thread)),
    }
}

/// `left % right`
pub fn remainder(left: f64, right: f64, thread: &mut Thread) -> PyResult<f64> {
    if right == 0.0 {
        return Err(raise_division_by_zero(thread));
    }
    let remainder = left % right;
    if remainder == 0.0 {
        return Ok(0.0f64.copysign(right));
    }
    Ok(if (right < 0.0) == (remainder < 0.0) { remainder } else { remainder + right })
}

/// OverflowError with the number and the text of the C library's `ERANGE`.
#[cold]
fn raise_out_of_range(thread: &mut Thread) -> Raised {
    const ERANGE: i64 = 34;
    let number = Int::from_i64(ERANGE, thread);
    let text = Str::from_str("Numerical result out of range", thread);
    match protocol::call(OverflowError.as_type(), &[&number, &text], thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// `base ** exponent`: a float, or a complex number for a negative base with a fractional exponent.
///
/// The cases are those of C99's `pow` (annex F.9.4.4), but for the two that Python raises for.
pub fn power(base: f64, exponent: f64, thread: &mut Thread) -> PyResult<Py<Object>> {
    if base == 0.0 && exponent < 0.0 && exponent.is_finite() {
        return Err(raise!(thread, ZeroDivisionError, "zero to a negative power"));
    }
    let fractional = exponent.is_finite() && exponent != exponent.floor();
    if base < 0.0 && base.is_finite() && fractional {
        return match thread.interpreter().hooks.complex_power.get() {
            Some(power) => power(base, exponent, thread),
            None => Err(raise!(thread, ValueError, "negative number cannot be raised to a fractional power")),
        };
    }
    let result = base.powf(exponent);
    if result.is_infinite() && base.is_finite() && exponent.is_finite() {
        return Err(raise_out_of_range(thread));
    }
    Ok(Float::new(result, thread).into_object())
}

/// `left <comparison> right` where the right operand may be a float or an int, compared exactly; None for other operands.
#[inline]
pub fn compare(left: f64, right: &Object, comparison: Comparison) -> Option<bool> {
    if let Some(right) = right.downcast_exact::<Float>() {
        return Some(holds(comparison, left.partial_cmp(&right.value())));
    }
    if let Some(right) = Int::of(right) {
        let ordering = match right.compact_value() {
            Some(right) => left.partial_cmp(&(right as f64)),
            None => numeric::convert::float::compare(right.signed(), left).map(Ordering::reverse),
        };
        return Some(holds(comparison, ordering));
    }
    let right = right.downcast::<Float>()?;
    Some(holds(comparison, left.partial_cmp(&right.value())))
}

/// NaN is not equal to anything, and neither smaller nor larger.
#[inline(always)]
fn holds(comparison: Comparison, ordering: Option<Ordering>) -> bool {
    match ordering {
        Some(ordering) => comparison.holds(ordering),
        None => comparison == Comparison::NotEqual,
    }
}
