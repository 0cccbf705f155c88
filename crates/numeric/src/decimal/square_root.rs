//! The square root: always rounded to the nearest, ties to even.

use super::coefficient::{Coefficient, NoMemory};
use super::context::{Context, Rounding};
use super::divide::stripped;
use super::number::Decimal;
use super::status::Status;

/// The square root.
pub fn square_root(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result(context, status) {
        return nan;
    }
    let ideal = a.exponent.div_euclid(2);
    if a.is_zero() {
        return Decimal::finite(a.negative, Coefficient::ZERO, ideal).finalized(context, status);
    }
    if a.is_negative() {
        return Decimal::error(Status::INVALID_OPERATION, status);
    }
    if a.is_infinite() {
        return Decimal::infinity(false);
    }
    match root(a, ideal, context) {
        Ok(root) => root.finalized(&context.with_rounding(Rounding::HalfEven), status),
        Err(NoMemory) => Decimal::error(Status::NO_MEMORY, status),
    }
}

fn root(a: &Decimal, ideal: i64, context: &Context) -> Result<Decimal, NoMemory> {
    let even = if a.exponent & 1 == 0 { a.coefficient.clone() } else { a.coefficient.shifted_left(1)? };
    // One digit more than the precision, two digits of the square each.
    let wanted = 2 * (context.precision + 1);
    let missing = wanted - even.digits() as i64;
    let missing = missing + (missing & 1);
    if missing > 0 {
        // An exact root needs no more digits, and the precision may be more than there is memory.
        let root = even.integer_root()?;
        if root.multiply(&root)? == even {
            return Ok(Decimal::finite(false, root, ideal));
        }
    }
    let half = missing / 2;
    let (square, dropped) = if missing >= 0 {
        (even.shifted_left(missing as usize)?, false)
    } else {
        let (square, discarded) = even.shifted_right(missing.unsigned_abs() as usize);
        (square, discarded != super::coefficient::Discarded::Nothing)
    };
    let mut root = square.integer_root()?;
    if !dropped && root.multiply(&root)? == square {
        return Ok(stripped(false, root, ideal - half, ideal));
    }
    if matches!(root.last_digit(), 0 | 5) {
        root = root.add(&Coefficient::ONE)?;
    }
    Ok(Decimal::finite(false, root, ideal - half))
}
