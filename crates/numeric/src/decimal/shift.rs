//! Operations on digits and exponents: shift, rotate, scaleb, logb.

use super::coefficient::{Coefficient, NoMemory};
use super::context::{Context, HUGE_EXPONENT};
use super::number::Decimal;
use super::status::Status;

/// How far the second operand says; None if it is no integer in the range of the precision.
fn distance(b: &Decimal, context: &Context) -> Option<i64> {
    if !b.is_finite() || b.exponent != 0 {
        return None;
    }
    b.to_i64().filter(|distance| distance.unsigned_abs() <= context.precision.unsigned_abs())
}

/// The digits moved to the left, or to the right for a negative distance; what leaves the precision is lost.
pub fn shift(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    moved(a, b, context, status, |coefficient, distance| {
        let digits = distance.unsigned_abs() as usize;
        if distance >= 0 {
            // Only what stays is shifted.
            let kept = context.digits() - digits;
            return coefficient.low_digits(kept).shifted_left(digits);
        }
        Ok(coefficient.low_digits(context.digits()).shifted_right(digits).0)
    })
}

/// The digits moved in a circle of the precision's length.
pub fn rotate(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    moved(a, b, context, status, |coefficient, distance| {
        let precision = context.digits();
        let left = distance.rem_euclid(context.precision) as usize;
        let within = coefficient.low_digits(precision);
        let high = within.shifted_right(precision - left).0;
        within.low_digits(precision - left).shifted_left(left)?.add(&high)
    })
}

fn moved(
    a: &Decimal,
    b: &Decimal,
    context: &Context,
    status: &mut Status,
    operation: impl Fn(&Coefficient, i64) -> Result<Coefficient, NoMemory>,
) -> Decimal {
    if let Some(nan) = a.nan_result_of(b, context, status) {
        return nan;
    }
    let Some(distance) = distance(b, context) else {
        return Decimal::error(Status::INVALID_OPERATION, status);
    };
    if a.is_infinite() {
        return a.clone();
    }
    match operation(&a.coefficient, distance) {
        Ok(coefficient) => Decimal::finite(a.negative, coefficient, a.exponent),
        Err(NoMemory) => Decimal::error(Status::NO_MEMORY, status),
    }
}

/// `a * 10**b`.
pub fn scale_by(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result_of(b, context, status) {
        return nan;
    }
    let limit = (2 * (i128::from(context.emax) + i128::from(context.precision))) as u128;
    let scale = if b.exponent == 0 && b.is_finite() { b.to_u64() } else { None };
    let Some(scale) = scale.filter(|scale| u128::from(*scale) <= limit) else {
        return Decimal::error(Status::INVALID_OPERATION, status);
    };
    if a.is_infinite() {
        return a.clone();
    }
    let scale = i128::from(scale);
    let exponent = i128::from(a.exponent) + if b.negative { -scale } else { scale };
    let huge = i128::from(HUGE_EXPONENT);
    let exponent = exponent.clamp(-huge, huge) as i64;
    Decimal::finite(a.negative, a.coefficient.clone(), exponent).finalized(context, status)
}

/// The exponent of the first digit.
pub fn exponent_of(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result(context, status) {
        return nan;
    }
    if a.is_infinite() {
        return Decimal::infinity(false);
    }
    if a.is_zero() {
        *status |= Status::DIVISION_BY_ZERO;
        return Decimal::infinity(true);
    }
    Decimal::from_i64(a.adjusted()).finalized(context, status)
}
