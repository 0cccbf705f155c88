//! From text: `Decimal('1.5e10')`.

use super::coefficient::{Coefficient, NoMemory};
use super::context::{Context, HUGE_EXPONENT, MAX_PRECISION};
use super::number::Decimal;
use super::status::Status;

/// The number that an ASCII text stands for, rounded to the context.
pub fn parse(text: &[u8], context: &Context, status: &mut Status) -> Decimal {
    match read(text, context) {
        Ok(Some(number)) => number.finalized(context, status),
        Ok(None) => Decimal::error(Status::CONVERSION_SYNTAX, status),
        Err(NoMemory) => Decimal::error(Status::NO_MEMORY, status),
    }
}

/// The number that an ASCII text stands for. What cannot be represented is an invalid operation.
pub fn parse_exact(text: &[u8], status: &mut Status) -> Decimal {
    let mut reported = Status::NONE;
    let number = parse(text, &Context::MAX, &mut reported);
    exact(number, reported, status)
}

/// The number as it came out of the largest context, or NaN where that has changed it.
pub(super) fn exact(number: Decimal, reported: Status, status: &mut Status) -> Decimal {
    *status |= reported & Status::ERRORS;
    if reported.has(Status::NOT_EXACT) {
        return Decimal::error(Status::INVALID_OPERATION, status);
    }
    number
}

/// The text's number, or None if it has none.
fn read(text: &[u8], context: &Context) -> Result<Option<Decimal>, NoMemory> {
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let Some(first) = rest.first() else { return Ok(None) };
    if !first.is_ascii_digit() && *first != b'.' {
        return read_special(negative, rest, context);
    }
    read_finite(negative, rest)
}

fn read_special(negative: bool, text: &[u8], context: &Context) -> Result<Option<Decimal>, NoMemory> {
    if text.eq_ignore_ascii_case(b"inf") || text.eq_ignore_ascii_case(b"infinity") {
        return Ok(Some(Decimal::infinity(negative)));
    }
    for (name, signaling) in [(&b"nan"[..], false), (&b"snan"[..], true)] {
        let Some((head, payload)) = text.split_at_checked(name.len()) else { continue };
        if !head.eq_ignore_ascii_case(name) || !payload.iter().all(u8::is_ascii_digit) {
            continue;
        }
        let start = payload.iter().position(|digit| *digit != b'0').unwrap_or(payload.len());
        let room = context.precision - i64::from(context.clamp);
        if (payload.len() - start) as i64 > room {
            return Ok(None);
        }
        return Ok(Some(Decimal::nan(negative, signaling, Coefficient::from_ascii(payload)?)));
    }
    Ok(None)
}

fn read_finite(negative: bool, text: &[u8]) -> Result<Option<Decimal>, NoMemory> {
    let digits_of = |text: &[u8]| text.iter().take_while(|it| it.is_ascii_digit()).count();
    let (whole, rest) = text.split_at(digits_of(text));
    let (places, rest) = match rest {
        [b'.', behind @ ..] => behind.split_at(digits_of(behind)),
        _ => (&[][..], rest),
    };
    if whole.is_empty() && places.is_empty() {
        return Ok(None);
    }
    let exponent = match rest {
        [] => 0,
        [b'e' | b'E', exponent @ ..] => match read_exponent(exponent) {
            Some(exponent) => exponent,
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    let coefficient = if places.is_empty() {
        Coefficient::from_ascii(whole)?
    } else if whole.iter().all(|it| *it == b'0') {
        Coefficient::from_ascii(places)?
    } else if whole.len() + places.len() <= 64 {
        let mut together = [0; 64];
        together[..whole.len()].copy_from_slice(whole);
        together[whole.len()..][..places.len()].copy_from_slice(places);
        Coefficient::from_ascii(&together[..whole.len() + places.len()])?
    } else {
        let mut together = Vec::new();
        together.try_reserve_exact(whole.len() + places.len()).map_err(|_| NoMemory)?;
        together.extend_from_slice(whole);
        together.extend_from_slice(places);
        Coefficient::from_ascii(&together)?
    };
    if coefficient.digits() as i64 > MAX_PRECISION {
        return Ok(None);
    }
    let exponent = (exponent - places.len() as i64).clamp(-HUGE_EXPONENT, HUGE_EXPONENT);
    Ok(Some(Decimal::finite(negative, coefficient, exponent)))
}

/// The digits after the `e`, cut where they are out of every range.
fn read_exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits.iter().fold(0i64, |value, digit| {
        value.saturating_mul(10).saturating_add(i64::from(digit - b'0')).min(2 * HUGE_EXPONENT)
    });
    Some(if negative { -value } else { value })
}
