//! Floats to text: `repr`, and the styles e, f, g that formatting uses, in CPython's layout.

use super::decimal::{self, Decimal};
use crate::digits::TooLarge;

/// The largest precision that CPython takes for a float before it says «precision too big».
pub const MAX_PRECISION: usize = i32::MAX as usize - 1024;

/// No float has more decimal places: what follows is zeros.
const MOST_PLACES: usize = 1100;

/// `repr` changes to the exponent form from 10**16 on.
const REPR_EXPONENT_LIMIT: i32 = 16;

/// A layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatStyle {
    /// The shortest digits that read back as the same float; the precision counts for nothing.
    Repr,
    /// One digit, so many places, an exponent.
    Exponent,
    /// So many places.
    Fixed,
    /// So many significant digits, with an exponent where the number is very large or small.
    General,
}

/// What text to make of a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FloatText {
    /// The layout.
    pub style: FloatStyle,
    /// What it counts depends on the style.
    pub precision: usize,
    /// `E`, `INF`, `NAN` instead of small letters.
    pub upper: bool,
    /// `#`: always a point, and no zeros stripped.
    pub alternate: bool,
    /// At least one place behind the point, as `repr` and `str` have it.
    pub add_dot_zero: bool,
    /// `z`: what is rounded to zero has no sign.
    pub no_negative_zero: bool,
}

impl FloatText {
    /// A style with this precision and no options.
    pub fn new(style: FloatStyle, precision: usize) -> Self {
        Self { style, precision, upper: false, alternate: false, add_dot_zero: false, no_negative_zero: false }
    }
}

/// Whether there is memory for the zeros that a precision asks for; to be asked before [`float_text`] where the
/// precision comes from a program.
pub fn check_room(options: &FloatText) -> Result<(), TooLarge> {
    let mut probe = Vec::<u8>::new();
    // The compiler leaves the question out if nobody can see the answer.
    std::hint::black_box(&mut probe).try_reserve_exact(options.precision).map_err(|_| TooLarge)?;
    std::hint::black_box(&probe);
    Ok(())
}

/// `repr(value)` of a float.
pub fn repr(value: f64) -> String {
    float_text(value, FloatText { add_dot_zero: true, ..FloatText::new(FloatStyle::Repr, 0) })
}

/// `repr` of a complex number.
pub fn complex_repr(real: f64, imaginary: f64) -> String {
    let plain = |value| float_text(value, FloatText::new(FloatStyle::Repr, 0));
    if real == 0.0 && real.is_sign_positive() {
        return plain(imaginary) + "j";
    }
    let sign = if imaginary.is_sign_negative() && !imaginary.is_nan() { "" } else { "+" };
    format!("({}{sign}{}j)", plain(real), plain(imaginary))
}

/// The text, with a minus sign for negative numbers and never with a plus sign.
pub fn float_text(value: f64, options: FloatText) -> String {
    let magnitude = value.abs();
    let mut text = match options.style {
        _ if value.is_nan() => "nan".to_owned(),
        _ if value.is_infinite() => "inf".to_owned(),
        FloatStyle::Fixed => fixed(magnitude, &options),
        FloatStyle::Exponent => exponent_text(magnitude, &options),
        FloatStyle::General => general(magnitude, &options),
        FloatStyle::Repr => shortest(magnitude, &options),
    };
    if options.upper {
        text.make_ascii_uppercase();
    }
    let is_zero = || !text.bytes().take_while(|byte| *byte | 0x20 != b'e').any(|byte| matches!(byte, b'1'..=b'9'));
    let negative = value.is_sign_negative() && !value.is_nan();
    if negative && !(options.no_negative_zero && value.is_finite() && is_zero()) {
        text.insert(0, '-');
    }
    text
}

fn fixed(magnitude: f64, options: &FloatText) -> String {
    let places = options.precision.min(MOST_PLACES);
    let mut text = format!("{magnitude:.places$}");
    push_zeros(&mut text, options.precision - places);
    if options.precision == 0 && options.alternate {
        text.push('.');
    }
    text
}

fn exponent_text(magnitude: f64, options: &FloatText) -> String {
    let decimal = decimal::significant(magnitude, options.precision.saturating_add(1));
    scientific(&decimal, options.precision + 1, options.alternate)
}

fn general(magnitude: f64, options: &FloatText) -> String {
    let precision = options.precision.max(1);
    let mut decimal = decimal::significant(magnitude, precision);
    // With a forced place behind the point, the last precision that avoids an exponent is one lower.
    let limit = i32::try_from(precision).unwrap_or(i32::MAX) - i32::from(options.add_dot_zero);
    let wanted = if options.alternate {
        precision
    } else {
        strip_zeros(&mut decimal.digits);
        0
    };
    layout(&decimal, wanted, limit, options)
}

fn shortest(magnitude: f64, options: &FloatText) -> String {
    layout(&decimal::shortest(magnitude), 0, REPR_EXPONENT_LIMIT, options)
}

/// Positional, or with an exponent if that is below -4 or has reached the limit; zeros up to `wanted` digits.
fn layout(decimal: &Decimal, wanted: usize, limit: i32, options: &FloatText) -> String {
    if decimal.exponent < -4 || decimal.exponent >= limit {
        return scientific(decimal, wanted, options.alternate);
    }
    let digits = decimal.digits.iter().map(|byte| *byte as char);
    let mut text = String::with_capacity(decimal.digits.len() + 24);
    if decimal.exponent < 0 {
        text.push_str("0.");
        push_zeros(&mut text, (-1 - decimal.exponent) as usize);
        text.extend(digits);
        push_zeros(&mut text, wanted.saturating_sub(decimal.digits.len()));
        return text;
    }
    let whole = decimal.exponent as usize + 1;
    text.extend(digits.clone().take(whole));
    push_zeros(&mut text, whole.saturating_sub(decimal.digits.len()));
    let places = decimal.digits.len().max(wanted).saturating_sub(whole);
    if places > 0 {
        text.push('.');
        text.extend(digits.skip(whole));
        push_zeros(&mut text, wanted.saturating_sub(decimal.digits.len().max(whole)));
    } else if options.add_dot_zero {
        text.push_str(".0");
    } else if options.alternate {
        text.push('.');
    }
    text
}

/// One digit before the point, zeros up to `wanted` digits, an exponent of two digits at least.
fn scientific(decimal: &Decimal, wanted: usize, alternate: bool) -> String {
    let mut text = String::with_capacity(decimal.digits.len() + 8);
    let mut digits = decimal.digits.iter().map(|byte| *byte as char);
    text.extend(digits.next());
    if decimal.digits.len().max(wanted) > 1 {
        text.push('.');
        text.extend(digits);
        push_zeros(&mut text, wanted.saturating_sub(decimal.digits.len()));
    } else if alternate {
        text.push('.');
    }
    let sign = if decimal.exponent < 0 { '-' } else { '+' };
    text.push_str(&format!("e{sign}{:02}", decimal.exponent.unsigned_abs()));
    text
}

fn strip_zeros(digits: &mut Vec<u8>) {
    let length = digits.iter().rposition(|digit| *digit != b'0').map_or(1, |last| last + 1);
    digits.truncate(length);
}

fn push_zeros(text: &mut String, count: usize) {
    text.extend(std::iter::repeat_n('0', count));
}
