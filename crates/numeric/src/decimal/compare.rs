//! Comparisons: by value, by representation, and maximum and minimum.

use std::cmp::Ordering;

use super::context::Context;
use super::number::{Decimal, Kind};
use super::status::Status;

fn sign_of(ordering: Ordering) -> Decimal {
    Decimal::from_i64(ordering as i64)
}

/// -1, 0 or 1; NaN if an operand is one.
pub fn compare(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    match a.nan_result_of(b, context, status) {
        Some(nan) => nan,
        None => sign_of(a.compare_values(b)),
    }
}

/// The same, where every NaN is an invalid operation.
pub fn compare_signal(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    match a.nan_result_of(b, context, status) {
        Some(nan) => {
            *status |= Status::INVALID_OPERATION;
            nan
        }
        None => sign_of(a.compare_values(b)),
    }
}

/// How two numbers compare for Python's operators: None if one is NaN. A signaling NaN is an invalid operation.
pub fn order(a: &Decimal, b: &Decimal, status: &mut Status) -> Option<Ordering> {
    if a.is_nan() || b.is_nan() {
        if a.is_signaling_nan() || b.is_signaling_nan() {
            *status |= Status::INVALID_OPERATION;
        }
        return None;
    }
    Some(a.compare_values(b))
}

/// -1, 0 or 1 in the total order of representations.
pub fn compare_total(a: &Decimal, b: &Decimal) -> Decimal {
    sign_of(total_order(a, b))
}

/// The same without the signs.
pub fn compare_total_magnitude(a: &Decimal, b: &Decimal) -> Decimal {
    sign_of(total_order(&a.with_sign(false), &b.with_sign(false)))
}

fn total_order(a: &Decimal, b: &Decimal) -> Ordering {
    if a.negative != b.negative {
        return b.negative.cmp(&a.negative);
    }
    let rank = |number: &Decimal| match number.kind {
        Kind::Finite | Kind::Infinite => 0,
        Kind::SignalingNan => 1,
        Kind::QuietNan => 2,
    };
    let ordering = if a.is_nan() || b.is_nan() {
        rank(a).cmp(&rank(b)).then_with(|| a.coefficient.cmp(&b.coefficient))
    } else {
        match a.compare_values(b) {
            Ordering::Equal => a.exponent.cmp(&b.exponent),
            // Directed already.
            unequal => return unequal,
        }
    };
    if a.negative { ordering.reverse() } else { ordering }
}

/// The total order of numbers whose values are equal.
fn order_of_equals(a: &Decimal, b: &Decimal) -> Ordering {
    if a.negative != b.negative {
        return b.negative.cmp(&a.negative);
    }
    let ordering = a.exponent.cmp(&b.exponent);
    if a.negative { ordering.reverse() } else { ordering }
}

/// Which extreme is looked for, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extreme {
    Maximum,
    Minimum,
    MaximumMagnitude,
    MinimumMagnitude,
}

/// The greater or the lesser of two numbers, rounded; one quiet NaN counts for nothing.
pub fn extreme(a: &Decimal, b: &Decimal, which: Extreme, context: &Context, status: &mut Status) -> Decimal {
    if a.is_quiet_nan() && !b.is_nan() {
        return b.clone().finalized(context, status);
    }
    if b.is_quiet_nan() && !a.is_nan() {
        return a.clone().finalized(context, status);
    }
    if let Some(nan) = a.nan_result_of(b, context, status) {
        return nan;
    }
    let by_magnitude = matches!(which, Extreme::MaximumMagnitude | Extreme::MinimumMagnitude);
    let ordering =
        if by_magnitude { a.with_sign(false).compare_values(&b.with_sign(false)) } else { a.compare_values(b) };
    let ordering = ordering.then_with(|| order_of_equals(a, b));
    let wants_greater = matches!(which, Extreme::Maximum | Extreme::MaximumMagnitude);
    let choice = match ordering {
        Ordering::Less if wants_greater => b,
        Ordering::Less => a,
        _ if wants_greater => a,
        _ => b,
    };
    choice.clone().finalized(context, status)
}
