//! The next number of the context in a direction.

use std::cmp::Ordering;

use super::add::{add, subtract};
use super::context::{Context, Rounding};
use super::number::Decimal;
use super::status::Status;

/// The largest number below.
pub fn next_minus(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    neighbor(a, false, context, status)
}

/// The smallest number above.
pub fn next_plus(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    neighbor(a, true, context, status)
}

fn neighbor(a: &Decimal, upwards: bool, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result(context, status) {
        return nan;
    }
    if a.is_infinite() {
        if a.negative != upwards {
            return Decimal::infinity(a.negative);
        }
        return Decimal::or_no_memory(Decimal::largest(a.negative, context), status);
    }
    let rounding = if upwards { Rounding::Ceiling } else { Rounding::Floor };
    let context = context.with_rounding(rounding);
    let mut reported = Status::NONE;
    let rounded = a.clone().finalized(&context, &mut reported);
    if reported.has(Status::INEXACT | Status::ERRORS) {
        *status |= reported & Status::ERRORS;
        return rounded;
    }
    // Less than any number there is: the rounding does the rest.
    let tiny = Decimal::small(false, 1, context.etiny() - 1);
    let mut reported = Status::NONE;
    let operation = if upwards { add } else { subtract };
    let result = operation(&rounded, &tiny, &context, &mut reported);
    *status |= reported & Status::ERRORS;
    result
}

/// The next number in the direction of another one.
pub fn next_toward(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result_of(b, context, status) {
        return nan;
    }
    let result = match a.compare_values(b) {
        Ordering::Equal => return a.with_sign(b.negative),
        Ordering::Less => next_plus(a, context, status),
        Ordering::Greater => next_minus(a, context, status),
    };
    if result.is_infinite() {
        *status |= Status::OVERFLOW | Status::ROUNDED | Status::INEXACT;
    } else if result.is_finite() && result.adjusted() < context.emin {
        *status |= Status::UNDERFLOW | Status::SUBNORMAL | Status::ROUNDED | Status::INEXACT;
        if result.coefficient.is_zero() {
            *status |= Status::CLAMPED;
        }
    }
    result
}
