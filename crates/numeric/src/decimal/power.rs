//! `x**y`, and `x**y % z` of integers.
//!
//! Not always correctly rounded, but by the same steps as libmpdec: an integral power by squaring with a few digits more than
//! the precision, any other as `e**(y * ln x)`. So the results are the same to the digit.

use std::cmp::Ordering;

use super::add::subtract;
use super::coefficient::{Coefficient, NoMemory};
use super::context::{Context, HUGE_EXPONENT, Rounding};
use super::divide::{divide, divide_integer};
use super::exponential::exponential;
use super::logarithm::natural;
use super::multiply::multiply;
use super::number::Decimal;
use super::status::Status;

/// How many digits an exponent has at most: the digits that a power that is not integral is computed with beyond the precision.
const EXPONENT_DIGITS: i64 = 19;

/// `base ** exponent`.
pub fn power(base: &Decimal, exponent: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = base.nan_result_of(exponent, context, status) {
        return nan;
    }
    let negative = base.negative && exponent.is_odd();
    if let Some(result) = special(base, exponent, negative, context, status) {
        return result;
    }
    if base.compare_magnitudes(&Decimal::ONE).is_eq() {
        return power_of_one(base, exponent, negative, context, status);
    }
    if let Some(huge) = out_of_bounds(base, exponent, context) {
        *status |= Status::INEXACT | Status::ROUNDED;
        return Decimal::small(negative, 1, huge).finalized(context, status);
    }
    if exponent.is_integer() {
        return integral_power(base, exponent, negative, context, status);
    }
    real_power(base, exponent, context, status)
}

/// Zeros, infinities, and what is invalid.
fn special(
    base: &Decimal,
    exponent: &Decimal,
    negative: bool,
    context: &Context,
    status: &mut Status,
) -> Option<Decimal> {
    let zero = Decimal::small(negative, 0, 0);
    if base.is_zero() {
        return Some(match (exponent.is_zero(), exponent.negative) {
            (true, _) => Decimal::error(Status::INVALID_OPERATION, status),
            (false, true) => Decimal::infinity(negative),
            (false, false) => zero,
        });
    }
    if base.negative && !exponent.is_integer() {
        return Some(Decimal::error(Status::INVALID_OPERATION, status));
    }
    if exponent.is_infinite() {
        let ordering = match base.is_infinite() {
            true => Ordering::Greater,
            false => base.compare_magnitudes(&Decimal::ONE),
        };
        return Some(match (ordering, exponent.negative) {
            (Ordering::Equal, _) => {
                *status |= Status::INEXACT | Status::ROUNDED;
                Decimal::or_no_memory(padded_one(negative, context.precision - 1), status)
            }
            (Ordering::Greater, true) | (Ordering::Less, false) => zero,
            _ => Decimal::infinity(negative),
        });
    }
    if base.is_infinite() {
        return Some(match (exponent.is_zero(), exponent.negative) {
            (true, _) => Decimal::small(negative, 1, 0),
            (false, true) => zero,
            (false, false) => Decimal::infinity(negative),
        });
    }
    exponent.is_zero().then(|| Decimal::small(negative, 1, 0))
}

/// One with so many places.
fn padded_one(negative: bool, places: i64) -> Result<Decimal, NoMemory> {
    Ok(Decimal::finite(negative, Coefficient::power_of_ten(places as usize)?, -places))
}

/// A power of one: its places count.
fn power_of_one(base: &Decimal, exponent: &Decimal, negative: bool, context: &Context, status: &mut Status) -> Decimal {
    let most = context.precision - 1;
    let places = if !exponent.is_integer() {
        *status |= Status::INEXACT | Status::ROUNDED;
        most
    } else if exponent.negative {
        return Decimal::small(negative, 1, 0);
    } else {
        let places = match exponent.to_u64() {
            Some(times) => u128::from(times) * u128::from((-base.exponent).max(0).unsigned_abs()),
            None if base.exponent == 0 => 0,
            None => u128::MAX,
        };
        // libmpdec multiplies in the context, where what is above the largest exponent is infinite.
        let digits = i64::from(places.checked_ilog10().unwrap_or(0));
        let places = if digits > context.emax { u128::MAX } else { places };
        if places > most as u128 {
            *status |= Status::ROUNDED;
        }
        places.min(most as u128) as i64
    };
    Decimal::or_no_memory(padded_one(negative, places), status)
}

/// An exponent of ten far out of the context's range, if the power's is by the estimates that libmpdec makes: a power that is out but not
/// so far is computed, and may come out otherwise.
fn out_of_bounds(base: &Decimal, exponent: &Decimal, context: &Context) -> Option<i64> {
    let above_one = base.compare_magnitudes(&Decimal::ONE).is_gt();
    let length = |value: i64| i64::from(value.unsigned_abs().checked_ilog10().unwrap_or(0)) + 1;
    // The base's logarithm is 10**order at least.
    let order = match base.adjusted() {
        adjusted @ 1.. => length(adjusted) - 1,
        adjusted @ ..-1 => length(adjusted + 1) - 1,
        adjusted => {
            let distance = subtract(&base.with_sign(false), &Decimal::ONE, &Context::MAX, &mut Status::default());
            distance.adjusted() - if adjusted == 0 { 2 } else { 1 }
        }
    };
    let goes_up = above_one != exponent.negative;
    let limit = if goes_up { context.emax } else { context.etiny() };
    let is_out = length(limit) < order + exponent.adjusted();
    is_out.then_some(if goes_up { HUGE_EXPONENT } else { -HUGE_EXPONENT })
}

fn integral_power(
    base: &Decimal,
    exponent: &Decimal,
    negative: bool,
    context: &Context,
    status: &mut Status,
) -> Decimal {
    let extra = exponent.digits() + exponent.exponent + 2;
    let mut working = Context { clamp: false, rounding: Rounding::HalfEven, ..*context };
    working.precision += extra;
    let mut factor = base.clone();
    if exponent.negative {
        working.precision += 1;
        let mut reported = Status::NONE;
        factor = divide(&Decimal::ONE, base, &working, &mut reported);
        *status |= reported;
        if reported.has(Status::ERRORS) {
            return Decimal::NAN;
        }
    }
    let mut result = match exponent.to_u64() {
        Some(count) => power_by_count(&factor, count, &working, status),
        None => power_by_halving(factor, exponent.with_sign(false), &working, status),
    };
    result.negative = negative;
    if result.is_infinite() {
        // So that the context's rounding decides.
        result = Decimal::small(negative, 1, HUGE_EXPONENT);
    }
    result.finalized(context, status)
}

/// Nothing that is multiplied with changes it any more.
fn is_settled(number: &Decimal, reported: Status) -> bool {
    !number.is_finite() || number.coefficient.is_zero() && reported.has(Status::CLAMPED)
}

fn power_by_count(base: &Decimal, count: u64, context: &Context, status: &mut Status) -> Decimal {
    let mut result = base.clone();
    let mut reported = Status::NONE;
    for bit in (0..count.ilog2()).rev() {
        result = multiply(&result, &result, context, &mut reported);
        if count >> bit & 1 != 0 {
            result = multiply(&result, base, context, &mut reported);
        }
        if is_settled(&result, reported) {
            break;
        }
    }
    *status |= reported;
    result
}

fn power_by_halving(mut base: Decimal, mut count: Decimal, context: &Context, status: &mut Status) -> Decimal {
    let two = Decimal::small(false, 2, 0);
    let mut result = Decimal::ONE;
    let mut reported = Status::NONE;
    while !count.is_zero() {
        if count.is_odd() {
            result = multiply(&result, &base, context, &mut reported);
            *status |= reported;
            if is_settled(&result, reported) {
                break;
            }
        }
        // What the last squarings report does not count: their results are not used.
        base = multiply(&base, &base, context, &mut reported);
        count = divide_integer(&count, &two, &Context::MAX, &mut reported);
        if base.is_nan() || count.is_nan() {
            return Decimal::error(Status::INVALID_OPERATION, status);
        }
    }
    result
}

fn real_power(base: &Decimal, exponent: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    let working = Context::working(base.digits().max(context.precision) + 4 + EXPONENT_DIGITS);
    let mut reported = Status::NONE;
    let logarithm = natural(base, &working, &mut reported);
    let product = multiply(&logarithm, exponent, &working, &mut reported);
    let mut result = exponential(&product, &working, status);
    *status |= Status::INEXACT | Status::ROUNDED;
    if result.is_finite() && result.compare_magnitudes(&Decimal::ONE).is_eq() {
        result = Decimal::or_no_memory(padded_one(false, context.precision - 1), status);
    }
    if result.is_infinite() {
        result = Decimal::small(false, 1, HUGE_EXPONENT);
    }
    result.finalized(context, status)
}

/// `base ** exponent % modulus`, for integers.
pub fn power_modulo(
    base: &Decimal,
    exponent: &Decimal,
    modulus: &Decimal,
    context: &Context,
    status: &mut Status,
) -> Decimal {
    if let Some(nan) = nan_of_three(base, exponent, modulus, context, status) {
        return nan;
    }
    let integers = base.is_integer() && exponent.is_integer() && modulus.is_integer();
    let is_invalid = !integers
        || modulus.is_zero()
        || exponent.negative && !exponent.is_zero()
        || modulus.digits() + modulus.exponent > context.precision
        || base.is_zero() && exponent.is_zero();
    if is_invalid {
        return Decimal::error(Status::INVALID_OPERATION, status);
    }
    let negative = base.negative && exponent.is_odd();
    match modular(base, exponent, modulus) {
        Some(coefficient) => Decimal::finite(negative, coefficient, 0),
        None => Decimal::error(Status::NO_MEMORY, status),
    }
}

/// The result for three operands if one is NaN: signaling ones first.
fn nan_of_three(a: &Decimal, b: &Decimal, c: &Decimal, context: &Context, status: &mut Status) -> Option<Decimal> {
    let operands = [a, b, c];
    let signaling = operands.iter().find(|it| it.is_signaling_nan());
    let choice = signaling.or(operands.iter().find(|it| it.is_nan()))?;
    choice.nan_result(context, status)
}

fn modular(base: &Decimal, exponent: &Decimal, modulus: &Decimal) -> Option<Coefficient> {
    let modulus = super::convert::to_integer(&modulus.with_sign(false))?;
    let integer = |digits: Vec<u32>| crate::integer::Integer::from_digits(false, digits);
    let power = |base: &crate::integer::Integer, exponent: &crate::integer::Integer| {
        crate::signed::pow_mod(base.view(), exponent.view(), modulus.view()).ok()
    };
    // The base's zeros need not be written out.
    let zeros = integer(crate::digits::from_u64(base.exponent.max(0).unsigned_abs()));
    let scale = power(&integer(vec![10]), &zeros)?;
    let head = Decimal::finite(false, base.coefficient.clone(), base.exponent.min(0));
    let reduced = crate::signed::mul(super::convert::to_integer(&head)?.view(), scale.view());
    let exponent = super::convert::to_integer(exponent)?;
    Coefficient::from_magnitude(power(&reduced, &exponent)?.digits()).ok()
}
