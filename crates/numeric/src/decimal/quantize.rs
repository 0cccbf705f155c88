//! Changing exponents: quantize, rounding to integers, normalize.

use super::coefficient::{Coefficient, Discarded, NoMemory};
use super::context::Context;
use super::number::Decimal;
use super::status::Status;

/// The number with the exponent of another one.
pub fn quantize(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if !a.is_finite() || !b.is_finite() {
        if let Some(nan) = a.nan_result_of(b, context, status) {
            return nan;
        }
        if a.is_infinite() && b.is_infinite() {
            return Decimal::infinity(a.negative);
        }
        return Decimal::error(Status::INVALID_OPERATION, status);
    }
    rescale(a, b.exponent, context, status)
}

/// The number with this exponent. It may not have more digits than the precision.
pub fn rescale(a: &Decimal, exponent: i64, context: &Context, status: &mut Status) -> Decimal {
    if exponent > context.emax || exponent < context.etiny() {
        return Decimal::error(Status::INVALID_OPERATION, status);
    }
    let mut changes = Status::NONE;
    match moved(a, exponent, context, &mut changes) {
        Ok(Some(result)) if result.adjusted() <= context.emax => {
            *status |= changes;
            result.finalized(context, status)
        }
        Ok(_) => Decimal::error(Status::INVALID_OPERATION, status),
        Err(NoMemory) => Decimal::error(Status::NO_MEMORY, status),
    }
}

/// The number with this exponent, rounded; None if it has too many digits.
fn moved(a: &Decimal, exponent: i64, context: &Context, status: &mut Status) -> Result<Option<Decimal>, NoMemory> {
    if a.coefficient.is_zero() {
        return Ok(Some(Decimal::finite(a.negative, Coefficient::ZERO, exponent)));
    }
    let shift = a.exponent - exponent;
    if a.digits() + shift > context.precision {
        return Ok(None);
    }
    let coefficient = if shift >= 0 {
        a.coefficient.shifted_left(shift as usize)?
    } else {
        let (coefficient, discarded) = a.coefficient.rounded_right(-shift, context.rounding, a.negative)?;
        *status |= Status::ROUNDED;
        if discarded != Discarded::Nothing {
            *status |= Status::INEXACT;
        }
        coefficient
    };
    let result = Decimal::finite(a.negative, coefficient, exponent);
    Ok((result.digits() <= context.precision).then_some(result))
}

/// The number rounded to an integer, without reporting that.
pub fn to_integral_value(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    to_integral(a, context, status).0
}

/// The number rounded to an integer.
pub fn to_integral_exact(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    let (result, changes) = to_integral(a, context, status);
    *status |= changes;
    result
}

fn to_integral(a: &Decimal, context: &Context, status: &mut Status) -> (Decimal, Status) {
    if let Some(nan) = a.nan_result(context, status) {
        return (nan, Status::NONE);
    }
    if !a.is_finite() || a.exponent >= 0 {
        return (a.clone(), Status::NONE);
    }
    if a.coefficient.is_zero() {
        return (Decimal::small(a.negative, 0, 0), Status::NONE);
    }
    match a.coefficient.rounded_right(-a.exponent, context.rounding, a.negative) {
        Ok((coefficient, discarded)) => {
            let inexact = if discarded == Discarded::Nothing { Status::NONE } else { Status::INEXACT };
            (Decimal::finite(a.negative, coefficient, 0), Status::ROUNDED | inexact)
        }
        Err(NoMemory) => (Decimal::error(Status::NO_MEMORY, status), Status::NONE),
    }
}

/// The number rounded, without zeros at the end.
pub fn normalize(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result(context, status) {
        return nan;
    }
    let result = a.clone().finalized(context, status);
    if !result.is_finite() {
        return result;
    }
    if result.coefficient.is_zero() {
        return Decimal::small(result.negative, 0, 0);
    }
    let largest = if context.clamp { context.etop() } else { context.emax };
    super::divide::stripped(result.negative, result.coefficient, result.exponent, largest)
}

/// Whether two numbers have the same exponent, or are both infinite, or both NaN.
pub fn same_quantum(a: &Decimal, b: &Decimal) -> bool {
    match (a.is_finite(), b.is_finite()) {
        (true, true) => a.exponent == b.exponent,
        (false, false) => a.is_nan() && b.is_nan() || a.is_infinite() && b.is_infinite(),
        _ => false,
    }
}
