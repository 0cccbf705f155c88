//! To text: scientific and engineering notation.

use super::coefficient::{Coefficient, NoMemory};
use super::number::{Decimal, Kind};

/// `str(number)`.
pub fn to_scientific(number: &Decimal, capitals: bool) -> String {
    let mut text = String::with_capacity(32);
    if write_special(number, &mut text) {
        return text;
    }
    let digits = number.digits();
    let point = if number.exponent <= 0 && number.exponent + digits > -6 { number.exponent + digits } else { 1 };
    write_finite(number, point, capitals, ZeroExponent::Omitted, &mut text);
    text
}

/// With an exponent that is a multiple of three.
pub fn to_engineering(number: &Decimal, capitals: bool) -> String {
    let mut text = String::with_capacity(32);
    if write_special(number, &mut text) {
        return text;
    }
    let left = number.exponent + number.digits();
    let point = if number.exponent <= 0 && left > -6 {
        left
    } else if number.coefficient.is_zero() {
        // Zero may get more digits behind the point: `0.00E+3`.
        (left + 1).rem_euclid(3) - 1
    } else {
        (left - 1).rem_euclid(3) + 1
    };
    write_finite(number, point, capitals, ZeroExponent::Omitted, &mut text);
    text
}

/// Characters that a sign, a point, an exponent and a percent sign take at most.
const MOST_AROUND: u64 = 32;

/// Whether an exponent is written where it is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ZeroExponent {
    Omitted,
    Written,
}

/// A finite number with its point after so many digits, and an exponent where that is not its place. There may be no memory for it: the
/// point may be far from the digits.
pub(super) fn with_point(number: &Decimal, point: i64, capitals: bool, zero: ZeroExponent) -> Result<String, NoMemory> {
    let length = number.coefficient.digits() as u64 + point.unsigned_abs() + MOST_AROUND;
    let mut text = String::new();
    text.try_reserve_exact(usize::try_from(length).map_err(|_| NoMemory)?).map_err(|_| NoMemory)?;
    if !write_special(number, &mut text) {
        write_finite(number, point, capitals, zero, &mut text);
    }
    Ok(text)
}

/// Writes the sign, and what is no number.
fn write_special(number: &Decimal, text: &mut String) -> bool {
    if number.negative {
        text.push('-');
    }
    match number.kind {
        Kind::Finite => return false,
        Kind::Infinite => text.push_str("Infinity"),
        Kind::QuietNan => text.push_str("NaN"),
        Kind::SignalingNan => text.push_str("sNaN"),
    }
    if number.coefficient != Coefficient::ZERO {
        number.coefficient.write(text);
    }
    true
}

/// Writes the digits with the point after so many of them, and the exponent that is left.
fn write_finite(number: &Decimal, point: i64, capitals: bool, zero: ZeroExponent, text: &mut String) {
    let digits = number.digits();
    let start = text.len();
    if point <= 0 {
        text.push_str("0.");
        text.extend(std::iter::repeat_n('0', point.unsigned_abs() as usize));
        number.coefficient.write(text);
    } else {
        number.coefficient.write(text);
        if point < digits {
            text.insert(start + point as usize, '.');
        } else {
            text.extend(std::iter::repeat_n('0', (point - digits) as usize));
        }
    }
    let exponent = number.exponent + digits - point;
    if exponent != 0 || zero == ZeroExponent::Written {
        text.push(if capitals { 'E' } else { 'e' });
        text.push(if exponent < 0 { '-' } else { '+' });
        text.push_str(&exponent.unsigned_abs().to_string());
    }
}
