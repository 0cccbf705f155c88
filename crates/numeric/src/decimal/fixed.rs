//! Fixed-point arithmetic for the transcendental functions: e**x and logarithms as integers scaled by a power of ten, with
//! bounds of their errors, and the rounding of what is known to a bound.
//!
//! Called by `exponential`, `logarithm` and `power`. A function asks for more and more places until the bounds leave no doubt
//! about the digits (Ziv's strategy): the results are irrational, so that this ends.

use std::cmp::Ordering;

use super::coefficient::{Coefficient, NoMemory};
use super::number::Decimal;

/// What the functions here may be wrong by, in units of the last place.
pub const ERROR: u64 = 4;

fn word(value: u64) -> Coefficient {
    Coefficient::from(value)
}

/// `a * b` of numbers with so many places.
fn product(a: &Coefficient, b: &Coefficient, places: usize) -> Result<Coefficient, NoMemory> {
    Ok(a.multiply(b)?.shifted_right(places).0)
}

/// `e**x`, for x below 2.4: between 1 and 11.
pub fn exponential(x: &Coefficient, places: usize) -> Result<Coefficient, NoMemory> {
    // The argument is halved so often that the series is about as long as the row of squarings that makes up for it.
    let halvings = places.isqrt() + 2;
    let terms = 4 * places / halvings + 4;
    // Each squaring doubles what the terms are wrong by.
    let lost = halvings * 3 / 10 + 2 + (4 * terms + 20).ilog10() as usize + 2;
    let inner = places + lost;
    let scaled = x.shifted_left(lost)?;
    let halved = scaled.divide(&super::convert::power(&word(2), halvings as u64)?)?.0;
    let one = Coefficient::power_of_ten(inner)?;
    let (mut sum, mut term, mut index) = (one.clone(), one, 0u64);
    loop {
        index += 1;
        term = product(&term, &halved, inner)?.divide(&word(index))?.0;
        if term.is_zero() {
            break;
        }
        sum = sum.add(&term)?;
    }
    for _ in 0..halvings {
        sum = product(&sum, &sum, inner)?;
    }
    Ok(sum.shifted_right(lost).0)
}

/// The inverse hyperbolic tangent of `1 / n`, times a factor.
fn inverse_series(n: u64, factor: u64, places: usize) -> Result<Coefficient, NoMemory> {
    let mut power = word(factor).shifted_left(places)?.divide(&word(n))?.0;
    let square = word(n * n);
    let (mut sum, mut index) = (Coefficient::ZERO, 1);
    while !power.is_zero() {
        sum = sum.add(&power.divide(&word(index))?.0)?;
        power = power.divide(&square)?.0;
        index += 2;
    }
    Ok(sum)
}

/// `ln 10`, by a formula of Machin's kind: 46 artanh 1/31 + 34 artanh 1/49 + 20 artanh 1/161.
pub fn logarithm_of_ten(places: usize) -> Result<Coefficient, NoMemory> {
    let lost = 2 + places.max(1).ilog10() as usize + 1;
    let inner = places + lost;
    let sum = inverse_series(31, 46, inner)?.add(&inverse_series(49, 34, inner)?)?;
    Ok(sum.add(&inverse_series(161, 20, inner)?)?.shifted_right(lost).0)
}

/// The natural logarithm of a number from 1 to 10: Halley's iteration on e**y from the logarithm of the float, which triples
/// the digits each time.
pub fn logarithm(x: &Coefficient, places: usize) -> Result<Coefficient, NoMemory> {
    let places_of = |correct: usize| (correct + 4).min(places + 2);
    let first = 14.min(places + 2);
    let leading = x.shifted_right(places.saturating_sub(16)).0.to_u64().unwrap_or(0);
    let float = leading as f64 / 10f64.powi(places.min(16) as i32);
    let (mut y, mut y_places) = (word((float.ln() * 10f64.powi(first as i32)) as u64), first);
    let mut correct = first.saturating_sub(2).max(1);
    loop {
        let next = places_of(3 * correct - 1);
        let argument = at_places(&y, y_places, next)?;
        let power = exponential(&argument, next)?;
        let wanted = at_places(x, places, next)?;
        let sum = wanted.add(&power)?;
        let step = |difference: Coefficient| -> Result<Coefficient, NoMemory> {
            Ok(difference.add(&difference)?.shifted_left(next)?.divide(&sum)?.0)
        };
        y = match wanted.cmp(&power) {
            Ordering::Less => {
                let back = step(power.subtract(&wanted)?)?;
                if back > argument { Coefficient::ZERO } else { argument.subtract(&back)? }
            }
            _ => argument.add(&step(wanted.subtract(&power)?)?)?,
        };
        y_places = next;
        correct = 3 * correct - 1;
        if next == places + 2 && correct > next {
            return at_places(&y, y_places, places);
        }
    }
}

/// The same number with another number of places, cut.
fn at_places(x: &Coefficient, from: usize, to: usize) -> Result<Coefficient, NoMemory> {
    if to >= from { x.shifted_left(to - from) } else { Ok(x.shifted_right(from - to).0) }
}

/// An irrational number that is `value` with so many places, but for an error: cut to two digits more than the precision,
/// with a last digit that rounds as the rest would. None if the error leaves that open.
pub fn decided(
    negative: bool,
    value: &Coefficient,
    error: u64,
    exponent: i64,
    precision: i64,
) -> Result<Option<Decimal>, NoMemory> {
    let error = word(error);
    if *value <= error {
        return Ok(None);
    }
    let (low, high) = (value.subtract(&error)?, value.add(&error)?);
    let excess = low.digits() as i64 - (precision + 2);
    if excess <= 0 || low.digits() != high.digits() {
        return Ok(None);
    }
    let cut = low.shifted_right(excess as usize).0;
    if cut != high.shifted_right(excess as usize).0 {
        return Ok(None);
    }
    let marked = cut.shifted_left(1)?.add(&Coefficient::ONE)?;
    Ok(Some(Decimal::finite(negative, marked, exponent + excess - 1)))
}
