//! Logarithms, natural and to the base ten, correctly rounded to the nearest.

use std::cmp::Ordering;

use super::coefficient::{Coefficient, NoMemory};
use super::context::{Context, Rounding};
use super::fixed::{self, ERROR, decided};
use super::number::Decimal;
use super::status::Status;

/// The natural logarithm.
pub fn natural(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(result) = special(a, context, status) {
        return result;
    }
    if a.compare_magnitudes(&Decimal::ONE).is_eq() {
        return Decimal::ZERO;
    }
    rounded(natural_value(a, context.precision), context, status)
}

/// The logarithm to the base ten.
pub fn to_base_ten(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(result) = special(a, context, status) {
        return result;
    }
    let digits = a.coefficient.digits();
    if a.coefficient.trailing_zeros() == digits - 1 && a.coefficient.shifted_right(digits - 1).0 == Coefficient::ONE {
        let context = context.with_rounding(Rounding::HalfEven);
        return Decimal::from_i64(a.adjusted()).finalized(&context, status);
    }
    rounded(base_ten_value(a, context.precision), context, status)
}

/// The result where the operand is no positive finite number.
fn special(a: &Decimal, context: &Context, status: &mut Status) -> Option<Decimal> {
    if let Some(nan) = a.nan_result(context, status) {
        return Some(nan);
    }
    if a.is_zero() {
        return Some(Decimal::infinity(true));
    }
    if a.negative {
        return Some(Decimal::error(Status::INVALID_OPERATION, status));
    }
    a.is_infinite().then_some(Decimal::infinity(false))
}

fn rounded(value: Result<Decimal, NoMemory>, context: &Context, status: &mut Status) -> Decimal {
    match value {
        Ok(value) => {
            *status |= Status::INEXACT | Status::ROUNDED;
            value.finalized(&context.with_rounding(Rounding::HalfEven), status)
        }
        Err(NoMemory) => Decimal::error(Status::NO_MEMORY, status),
    }
}

/// How many digits are lost where the operand is near one: the zeros after the point of its distance.
fn near_one(a: &Decimal) -> Result<usize, NoMemory> {
    if !(-1..=0).contains(&a.adjusted()) || a.exponent >= 0 {
        return Ok(0);
    }
    let one = Coefficient::power_of_ten(a.exponent.unsigned_abs() as usize)?;
    let distance = match a.coefficient.cmp(&one) {
        Ordering::Less => one.subtract(&a.coefficient)?,
        _ => a.coefficient.subtract(&one)?,
    };
    Ok((one.digits() - distance.digits()).max(1) - 1)
}

/// The natural logarithm with so many places: whether it is negative, its absolute value, and its error.
fn approximation(a: &Decimal, places: usize) -> Result<(bool, Coefficient, u64), NoMemory> {
    let digits = a.coefficient.digits();
    let exponent = a.adjusted();
    // The number from 1 to 10 with the same digits.
    let whole = exponent.unsigned_abs().checked_ilog10().unwrap_or(0) as usize + 1;
    let inner = places + whole;
    let mantissa = if digits - 1 <= inner {
        a.coefficient.shifted_left(inner + 1 - digits)?
    } else {
        a.coefficient.shifted_right(digits - 1 - inner).0
    };
    let logarithm = fixed::logarithm(&mantissa, inner)?;
    let tens = fixed::logarithm_of_ten(inner)?.multiply(&Coefficient::from(exponent.unsigned_abs()))?;
    let (negative, sum) = if exponent >= 0 {
        (false, tens.add(&logarithm)?)
    } else if tens > logarithm {
        (true, tens.subtract(&logarithm)?)
    } else {
        (false, logarithm.subtract(&tens)?)
    };
    Ok((negative, sum.shifted_right(whole).0, 2 * ERROR + 4))
}

fn natural_value(a: &Decimal, precision: i64) -> Result<Decimal, NoMemory> {
    let lost = near_one(a)?;
    let mut guard = 8;
    loop {
        let places = usize::try_from(precision).map_err(|_| NoMemory)? + lost + guard;
        let (negative, value, error) = approximation(a, places)?;
        if let Some(result) = decided(negative, &value, error, -(places as i64), precision)? {
            return Ok(result);
        }
        guard *= 2;
    }
}

fn base_ten_value(a: &Decimal, precision: i64) -> Result<Decimal, NoMemory> {
    let lost = near_one(a)?;
    let mut guard = 8;
    loop {
        let places = usize::try_from(precision).map_err(|_| NoMemory)? + lost + guard;
        // The quotient may have as many digits before its point as the exponent.
        let inner = places + 20;
        let (negative, value, error) = approximation(a, inner)?;
        let ten = fixed::logarithm_of_ten(inner)?;
        let quotient = value.shifted_left(inner)?.divide(&ten)?.0.shifted_right(20).0;
        if let Some(result) = decided(negative, &quotient, error + 2, -(places as i64), precision)? {
            return Ok(result);
        }
        guard *= 2;
    }
}
