//! Division: exact quotients rounded to the context, and quotients that are integers with their remainders.

use super::coefficient::{Coefficient, NoMemory};
use super::context::{Context, MAX_PRECISION};
use super::number::Decimal;
use super::status::Status;

/// From this precision on, an exact quotient is tried with no more digits than it can have: the precision may be more
/// than there is memory.
const TRY_EXACT_FROM: i64 = 4096;

/// `a / b`.
pub fn divide(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result_of(b, context, status) {
        return nan;
    }
    let negative = a.negative != b.negative;
    match (a.is_infinite(), b.is_infinite()) {
        (true, true) => return Decimal::error(Status::INVALID_OPERATION, status),
        (true, false) => return Decimal::infinity(negative),
        (false, true) => {
            // Zero with the least exponent that there is.
            *status |= Status::CLAMPED;
            return Decimal::small(negative, 0, context.etiny());
        }
        (false, false) => {}
    }
    if b.coefficient.is_zero() {
        if a.coefficient.is_zero() {
            return Decimal::error(Status::DIVISION_UNDEFINED, status);
        }
        *status |= Status::DIVISION_BY_ZERO;
        return Decimal::infinity(negative);
    }
    match quotient(a, b, context) {
        Ok(quotient) => quotient.finalized(context, status),
        Err(NoMemory) => Decimal::error(Status::NO_MEMORY, status),
    }
}

/// The quotient with two digits more than the precision, the last of which tells whether it is exact.
fn quotient(a: &Decimal, b: &Decimal, context: &Context) -> Result<Decimal, NoMemory> {
    let negative = a.negative != b.negative;
    let ideal = a.exponent - b.exponent;
    if a.coefficient.is_zero() {
        return Ok(Decimal::finite(negative, Coefficient::ZERO, ideal));
    }
    let missing = b.digits() - a.digits() + context.precision + 1;
    if missing > TRY_EXACT_FROM {
        // 1 / b has at most so many digits, if it ends.
        let enough = 4 * b.digits() + 2;
        if enough < missing
            && let (coefficient, true) = shifted_quotient(&a.coefficient, &b.coefficient, enough)?
        {
            return Ok(stripped(negative, coefficient, ideal - enough, ideal));
        }
    }
    let (mut coefficient, exact) = shifted_quotient(&a.coefficient, &b.coefficient, missing)?;
    if exact {
        return Ok(stripped(negative, coefficient, ideal - missing, ideal));
    }
    if matches!(coefficient.last_digit(), 0 | 5) {
        coefficient = coefficient.add(&Coefficient::ONE)?;
    }
    Ok(Decimal::finite(negative, coefficient, ideal - missing))
}

/// `a * 10**shift / b`, and whether that leaves no remainder.
fn shifted_quotient(a: &Coefficient, b: &Coefficient, shift: i64) -> Result<(Coefficient, bool), NoMemory> {
    let digits = shift.unsigned_abs() as usize;
    let (quotient, remainder) =
        if shift >= 0 { a.shifted_left(digits)?.divide(b)? } else { a.divide(&b.shifted_left(digits)?)? };
    Ok((quotient, remainder.is_zero()))
}

/// A number without zeros at the end, as far as its exponent is below the ideal one.
pub(super) fn stripped(negative: bool, coefficient: Coefficient, exponent: i64, ideal: i64) -> Decimal {
    let zeros = (ideal - exponent).min(coefficient.trailing_zeros() as i64);
    if zeros <= 0 {
        return Decimal::finite(negative, coefficient, exponent);
    }
    Decimal::finite(negative, coefficient.shifted_right(zeros as usize).0, exponent + zeros)
}

/// `divmod(a, b)`, not rounded, of finite numbers whose divisor is not zero; None where the quotient has too many digits.
pub(super) fn integer_quotient(
    a: &Decimal,
    b: &Decimal,
    context: &Context,
) -> Result<Option<(Decimal, Decimal)>, NoMemory> {
    let negative = a.negative != b.negative;
    let exponent = a.exponent.min(b.exponent);
    if a.coefficient.is_zero() {
        let zero = |negative, exponent| Decimal::finite(negative, Coefficient::ZERO, exponent);
        return Ok(Some((zero(negative, 0), zero(a.negative, exponent))));
    }
    let distance = a.adjusted() - b.adjusted();
    if distance > context.precision {
        return Ok(None);
    }
    let aligned = |number: &Decimal| number.coefficient.shifted_left((number.exponent - exponent) as usize);
    if distance < 0 {
        // The remainder is the number itself; below a divisor with a lower exponent it takes that.
        let rest = if a.exponent > b.exponent {
            Decimal::finite(a.negative, aligned(a)?, exponent)
        } else {
            Decimal::finite(a.negative, a.coefficient.clone(), a.exponent)
        };
        return Ok(Some((Decimal::small(negative, 0, 0), rest)));
    }
    let (quotient, remainder) = aligned(a)?.divide(&aligned(b)?)?;
    if quotient.digits() as i64 > context.precision {
        return Ok(None);
    }
    Ok(Some((Decimal::finite(negative, quotient, 0), Decimal::finite(a.negative, remainder, exponent))))
}

/// The same with what it reports.
fn integer_parts(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Option<(Decimal, Decimal)> {
    match integer_quotient(a, b, context) {
        Ok(Some(parts)) => return Some(parts),
        Ok(None) => *status |= Status::DIVISION_IMPOSSIBLE,
        Err(NoMemory) => *status |= Status::NO_MEMORY,
    }
    None
}

/// The integer part of `a / b`.
pub fn divide_integer(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result_of(b, context, status) {
        return nan;
    }
    let negative = a.negative != b.negative;
    match (a.is_infinite(), b.is_infinite()) {
        (true, true) => return Decimal::error(Status::INVALID_OPERATION, status),
        (true, false) => return Decimal::infinity(negative),
        (false, true) => return Decimal::small(negative, 0, 0),
        (false, false) => {}
    }
    if b.is_zero() {
        if a.is_zero() {
            return Decimal::error(Status::DIVISION_UNDEFINED, status);
        }
        *status |= Status::DIVISION_BY_ZERO;
        return Decimal::infinity(negative);
    }
    match integer_parts(a, b, context, status) {
        Some((quotient, _)) => quotient.finalized(context, status),
        None => Decimal::NAN,
    }
}

/// `a % b`: the sign is that of a.
pub fn remainder(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result_of(b, context, status) {
        return nan;
    }
    if a.is_infinite() {
        return Decimal::error(Status::INVALID_OPERATION, status);
    }
    if b.is_infinite() {
        return a.clone().finalized(context, status);
    }
    if b.is_zero() {
        let condition = if a.is_zero() { Status::DIVISION_UNDEFINED } else { Status::INVALID_OPERATION };
        return Decimal::error(condition, status);
    }
    match integer_parts(a, b, context, status) {
        Some((_, remainder)) => remainder.finalized(context, status),
        None => Decimal::NAN,
    }
}

/// `(a // b, a % b)`.
pub fn divide_with_remainder(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> (Decimal, Decimal) {
    if let Some(nan) = a.nan_result_of(b, context, status) {
        return (nan.clone(), nan);
    }
    let negative = a.negative != b.negative;
    if a.is_infinite() {
        let nan = Decimal::error(Status::INVALID_OPERATION, status);
        return if b.is_infinite() { (nan.clone(), nan) } else { (Decimal::infinity(negative), nan) };
    }
    if b.is_infinite() {
        return (Decimal::small(negative, 0, 0), a.clone().finalized(context, status));
    }
    if b.is_zero() {
        if a.is_zero() {
            let nan = Decimal::error(Status::DIVISION_UNDEFINED, status);
            return (nan.clone(), nan);
        }
        *status |= Status::DIVISION_BY_ZERO;
        return (Decimal::infinity(negative), Decimal::error(Status::INVALID_OPERATION, status));
    }
    match integer_parts(a, b, context, status) {
        Some((quotient, remainder)) => (quotient.finalized(context, status), remainder.finalized(context, status)),
        None => (Decimal::NAN, Decimal::NAN),
    }
}

/// `a - n * b` for the integer n that is nearest to `a / b`, the even one of two.
pub fn remainder_near(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result_of(b, context, status) {
        return nan;
    }
    if a.is_infinite() {
        return Decimal::error(Status::INVALID_OPERATION, status);
    }
    if b.is_infinite() {
        return a.clone().finalized(context, status);
    }
    if b.is_zero() {
        let condition = if a.is_zero() { Status::DIVISION_UNDEFINED } else { Status::INVALID_OPERATION };
        return Decimal::error(condition, status);
    }
    match nearest_remainder(a, b, context) {
        Ok(Some(remainder)) => remainder.finalized(context, status),
        Ok(None) => Decimal::error(Status::DIVISION_IMPOSSIBLE, status),
        Err(NoMemory) => Decimal::error(Status::NO_MEMORY, status),
    }
}

fn nearest_remainder(a: &Decimal, b: &Decimal, context: &Context) -> Result<Option<Decimal>, NoMemory> {
    let Some((mut quotient, mut rest)) = integer_quotient(a, b, context)? else { return Ok(None) };
    let twice = Decimal::finite(false, rest.coefficient.add(&rest.coefficient)?, rest.exponent);
    let order = twice.compare_magnitudes(&b.with_sign(false));
    if order.is_gt() || order.is_eq() && quotient.coefficient.is_odd() {
        quotient.coefficient = quotient.coefficient.add(&Coefficient::ONE)?;
        // The rest is at least half of b, so that b's exponent is near.
        let exponent = rest.exponent.min(b.exponent);
        let rest_aligned = rest.coefficient.shifted_left((rest.exponent - exponent) as usize)?;
        let b_aligned = b.coefficient.shifted_left((b.exponent - exponent) as usize)?;
        rest = Decimal::finite(!a.negative, b_aligned.subtract(&rest_aligned)?, exponent);
        if rest.is_zero() {
            rest.negative = a.negative;
        }
    }
    if quotient.digits() > context.precision.min(MAX_PRECISION) {
        return Ok(None);
    }
    Ok(Some(rest))
}
