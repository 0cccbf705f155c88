//! Logical operations: numbers whose digits are all 0 or 1, as bits.

use super::coefficient::{Coefficient, NoMemory};
use super::context::Context;
use super::number::Decimal;
use super::status::Status;

/// The bits of a logical number, the last first; None if it is none.
fn bits(number: &Decimal) -> Option<Vec<u8>> {
    if !number.is_finite() || number.negative || number.exponent != 0 {
        return None;
    }
    let mut digits = number.coefficient.digit_values();
    digits.reverse();
    digits.iter().all(|digit| *digit <= 1).then_some(digits)
}

/// The logical number with these bits, the last first.
fn from_bits(bits: &[u8], status: &mut Status) -> Decimal {
    let text: Vec<u8> = bits.iter().rev().map(|bit| b'0' + bit).collect();
    match Coefficient::from_ascii(&text) {
        Ok(coefficient) => Decimal::finite(false, coefficient, 0),
        Err(NoMemory) => Decimal::error(Status::NO_MEMORY, status),
    }
}

fn combine(
    a: &Decimal,
    b: &Decimal,
    operation: impl Fn(u8, u8) -> u8,
    context: &Context,
    status: &mut Status,
) -> Decimal {
    let (Some(a), Some(b)) = (bits(a), bits(b)) else {
        return Decimal::error(Status::INVALID_OPERATION, status);
    };
    let length = a.len().max(b.len()).min(context.digits());
    let bit = |bits: &[u8], index: usize| bits.get(index).copied().unwrap_or(0);
    let result: Vec<u8> = (0..length).map(|index| operation(bit(&a, index), bit(&b, index))).collect();
    from_bits(&result, status)
}

/// Digit-wise and.
pub fn and(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    combine(a, b, |x, y| x & y, context, status)
}

/// Digit-wise or.
pub fn or(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    combine(a, b, |x, y| x | y, context, status)
}

/// Digit-wise exclusive or.
pub fn xor(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    combine(a, b, |x, y| x ^ y, context, status)
}

/// All digits of the precision inverted.
pub fn invert(a: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    let Some(mut bits) = bits(a) else { return Decimal::error(Status::INVALID_OPERATION, status) };
    let length = context.digits();
    bits.truncate(length);
    let missing = length - bits.len();
    if bits.try_reserve_exact(missing).is_err() {
        return Decimal::error(Status::NO_MEMORY, status);
    }
    bits.resize(length, 0);
    for bit in &mut bits {
        *bit ^= 1;
    }
    from_bits(&bits, status)
}
