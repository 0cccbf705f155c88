//! `e**x`, correctly rounded to the nearest.

use super::coefficient::{Coefficient, Discarded, NoMemory};
use super::context::{Context, HUGE_EXPONENT, Rounding};
use super::fixed::{self, ERROR, decided};
use super::number::Decimal;
use super::status::Status;

/// An argument with so many digits before the point leaves every range of exponents.
const MOST_WHOLE_DIGITS: i64 = 20;

/// An argument below nine units of so many digits beyond the precision leaves nothing but one.
const DIGITS_BEYOND: i64 = 4;

/// `e**a`.
pub fn exponential(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result(context, status) {
        return nan;
    }
    if a.is_infinite() {
        return if a.negative { Decimal::ZERO } else { Decimal::infinity(false) };
    }
    if a.is_zero() {
        return Decimal::ONE;
    }
    let result = if a.adjusted() >= MOST_WHOLE_DIGITS {
        Ok(Decimal::small(false, 1, if a.negative { -HUGE_EXPONENT } else { HUGE_EXPONENT }))
    } else {
        value(a, context.precision)
    };
    match result {
        Ok(result) => {
            *status |= Status::INEXACT | Status::ROUNDED;
            result.finalized(&context.with_rounding(Rounding::HalfEven), status)
        }
        Err(NoMemory) => Decimal::error(Status::NO_MEMORY, status),
    }
}

/// The value with more digits than the precision, so that it rounds as the exact one.
fn value(a: &Decimal, precision: i64) -> Result<Decimal, NoMemory> {
    if a.compare_magnitudes(&Decimal::small(false, 9, -(precision + DIGITS_BEYOND))).is_le() {
        let one = Coefficient::power_of_ten(precision as usize - 1)?;
        return Ok(Decimal::finite(false, one, 1 - precision));
    }
    let mut guard = 8;
    loop {
        let places = usize::try_from(precision + guard).map_err(|_| NoMemory)?;
        let (value, exponent) = approximation(a, places)?;
        if let Some(result) = decided(false, &value, 2 * ERROR + 12, exponent - places as i64, precision)? {
            return Ok(result);
        }
        guard *= 2;
    }
}

/// `e**a` as a number from 1 to 10 with so many places, and the exponent of ten that it is multiplied by.
fn approximation(a: &Decimal, places: usize) -> Result<(Coefficient, i64), NoMemory> {
    // The multiple of ln 10 that is taken away may have as many digits as the argument has before its point.
    let whole = (a.adjusted() + 1).max(0) as usize + 1;
    let inner = places + whole;
    let shift = a.exponent + inner as i64;
    let (argument, cut) = if shift >= 0 {
        (a.coefficient.shifted_left(shift as usize)?, false)
    } else {
        let (argument, discarded) = a.coefficient.shifted_right(shift.unsigned_abs() as usize);
        (argument, discarded != Discarded::Nothing)
    };
    let ten = fixed::logarithm_of_ten(inner)?;
    let (mut multiple, mut rest) = argument.divide(&ten)?;
    if a.negative {
        multiple = multiple.add(&Coefficient::ONE)?;
        rest = ten.subtract(&rest)?;
        if cut && !rest.is_zero() {
            rest = rest.subtract(&Coefficient::ONE)?;
        }
    }
    let exponent = multiple.to_u64().and_then(|it| i64::try_from(it).ok()).unwrap_or(HUGE_EXPONENT);
    let power = fixed::exponential(&rest.shifted_right(whole).0, places)?;
    Ok((power, if a.negative { -exponent } else { exponent }))
}
