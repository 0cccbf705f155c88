//! Addition and subtraction, and the operations that are either with zero: plus, minus, abs.

use std::cmp::Ordering;

use super::coefficient::{Coefficient, NoMemory};
use super::context::{Context, Rounding};
use super::number::Decimal;
use super::status::Status;

/// `a + b`.
pub fn add(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    add_signed(a, b, b.negative, context, status)
}

/// `a - b`.
pub fn subtract(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    add_signed(a, b, !b.negative, context, status)
}

/// `+a`: the number rounded to the context, and zero without a sign unless rounding is downwards.
pub fn plus(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    signed(a, a.negative, context, status)
}

/// `-a`, rounded to the context.
pub fn minus(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    signed(a, !a.negative, context, status)
}

/// The absolute value, rounded to the context.
pub fn absolute(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result(context, status) {
        return nan;
    }
    a.with_sign(false).finalized(context, status)
}

fn signed(a: &Decimal, negative: bool, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result(context, status) {
        return nan;
    }
    let negative = negative && (!a.is_zero() || context.rounding == Rounding::Floor);
    a.with_sign(negative).finalized(context, status)
}

/// `a + b` with another sign for b.
#[inline]
fn add_signed(a: &Decimal, b: &Decimal, b_negative: bool, context: &Context, status: &mut Status) -> Decimal {
    if !a.is_finite() || !b.is_finite() {
        return add_special(a, b, b_negative, context, status);
    }
    let sum = if a.exponent == b.exponent {
        sum_of(a.negative, &a.coefficient, b_negative, &b.coefficient, a.exponent, context)
    } else {
        aligned_sum(a, b, b_negative, context)
    };
    match sum {
        Ok(sum) => sum.finalized(context, status),
        Err(NoMemory) => Decimal::error(Status::NO_MEMORY, status),
    }
}

#[cold]
fn add_special(a: &Decimal, b: &Decimal, b_negative: bool, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result_of(b, context, status) {
        return nan;
    }
    match (a.is_infinite(), b.is_infinite()) {
        (true, true) if a.negative != b_negative => Decimal::error(Status::INVALID_OPERATION, status),
        (true, _) => Decimal::infinity(a.negative),
        _ => Decimal::infinity(b_negative),
    }
}

/// The sum of numbers with different exponents, exact but where it makes no difference.
fn aligned_sum(a: &Decimal, b: &Decimal, b_negative: bool, context: &Context) -> Result<Decimal, NoMemory> {
    let a_is_big = a.exponent > b.exponent;
    let (big, small) = if a_is_big { (a, b) } else { (b, a) };
    let (big_negative, small_negative) = if a_is_big { (a.negative, b_negative) } else { (b_negative, a.negative) };
    let mut exponent = small.exponent;
    let mut far = None;
    if !big.coefficient.is_zero() {
        // What lies below all digits that count is as good as a one just below them.
        let limit = big.exponent - 1 + (big.digits() - context.precision - 1).min(0);
        if small.adjusted() < limit {
            far = Some(Coefficient::from(u64::from(!small.coefficient.is_zero())));
            exponent = limit;
        }
    }
    let shifted = big.coefficient.shifted_left((big.exponent - exponent) as usize)?;
    sum_of(big_negative, &shifted, small_negative, far.as_ref().unwrap_or(&small.coefficient), exponent, context)
}

/// The exact sum of numbers with one exponent.
#[inline]
fn sum_of(
    a_negative: bool,
    a: &Coefficient,
    b_negative: bool,
    b: &Coefficient,
    exponent: i64,
    context: &Context,
) -> Result<Decimal, NoMemory> {
    if a_negative == b_negative {
        return Ok(Decimal::finite(a_negative, a.add(b)?, exponent));
    }
    match a.cmp(b) {
        Ordering::Greater => Ok(Decimal::finite(a_negative, a.subtract(b)?, exponent)),
        Ordering::Less => Ok(Decimal::finite(b_negative, b.subtract(a)?, exponent)),
        Ordering::Equal => Ok(Decimal::finite(context.rounding == Rounding::Floor, Coefficient::ZERO, exponent)),
    }
}
