//! Decimals as other objects: ints, floats, ratios, tuples, hashes.

use numeric::decimal::{Context as Settings, Decimal as Number, Kind, Rounding, Status, convert, quantize, text};
use numeric::float::parse_float;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::object::hash_of_address;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use super::context::{self, integer_of};
use super::object::Decimal;
use super::operate::finish;
use super::state::state;

/// The number rounded to an int.
pub fn to_int(number: &Number, rounding: Rounding, thread: &mut Thread) -> PyResult<Py<Int>> {
    check_finite(number, "integer", thread)?;
    let mut status = Status::NONE;
    let settings = Settings::MAX.with_rounding(rounding);
    let whole = quantize::to_integral_value(number, &settings, &mut status);
    match convert::to_integer(&whole) {
        Some(integer) => Int::from_integer(&integer, thread),
        None => Err(thread.raise_memory_error()),
    }
}

/// `cannot convert NaN to integer` and the like.
fn check_finite(number: &Number, what: &str, thread: &mut Thread) -> PyResult<()> {
    if number.is_nan() {
        return Err(raise!(thread, ValueError, "cannot convert NaN to {what}"));
    }
    if number.is_infinite() {
        return Err(raise!(thread, OverflowError, "cannot convert Infinity to {what}"));
    }
    Ok(())
}

/// The nearest float.
pub fn to_f64(number: &Number, thread: &mut Thread) -> PyResult<f64> {
    match number.kind() {
        Kind::SignalingNan => Err(raise!(thread, ValueError, "cannot convert signaling NaN to float")),
        Kind::QuietNan => Ok(if number.is_negative() { -f64::NAN } else { f64::NAN }),
        Kind::Infinite => Ok(if number.is_negative() { f64::NEG_INFINITY } else { f64::INFINITY }),
        Kind::Finite => Ok(parse_float(text::to_scientific(number, true).as_bytes()).unwrap_or(f64::NAN)),
    }
}

/// `decimal.as_integer_ratio()`.
pub fn to_ratio(number: &Number, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    check_finite(number, "integer ratio", thread)?;
    let Some((numerator, denominator)) = convert::to_ratio(number) else {
        return Err(thread.raise_memory_error());
    };
    let numerator = Int::from_integer(&numerator, thread)?;
    let denominator = Int::from_integer(&denominator, thread)?;
    Tuple::new(vec![numerator.into_object(), denominator.into_object()], thread)
}

/// `decimal.as_tuple()`.
pub fn to_tuple(number: &Number, thread: &mut Thread) -> PyResult<Py<Object>> {
    let exponent = match number.kind() {
        Kind::Finite => Int::from_i64(number.exponent(), thread).into_object(),
        Kind::Infinite => Str::from_str("F", thread).into_object(),
        Kind::QuietNan => Str::from_str("n", thread).into_object(),
        Kind::SignalingNan => Str::from_str("N", thread).into_object(),
    };
    let values = match number.is_nan() && number.coefficient().is_zero() {
        true => Vec::new(),
        false => number.coefficient().digit_values(),
    };
    let digits = values.into_iter().map(|digit| Int::from_i64(i64::from(digit), thread).into_object()).collect();
    let digits = Tuple::new(digits, thread)?;
    let sign = Int::from_i64(i64::from(number.is_negative()), thread);
    let class = state(thread)?.contents()?.decimal_tuple.clone();
    protocol::call(&class, &[&sign, &digits, &exponent], thread)
}

/// `round(decimal, digits)`.
pub fn round(number: &Number, digits: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(digits) = digits else {
        return to_int(number, Rounding::HalfEven, thread).map(Py::into_object);
    };
    if Int::of(digits).is_none() {
        return Err(raise!(thread, TypeError, "optional arg must be an integer"));
    }
    let exponent = integer_of(digits, thread)?.saturating_neg();
    let context = context::current(thread)?;
    let mut status = Status::NONE;
    let unit = Number::small(false, 1, exponent);
    let result = quantize::quantize(number, &unit, &context.settings(), &mut status);
    finish(result, status, &context, thread)
}

/// `hash(decimal)`.
pub fn hash(decimal: &Decimal, thread: &mut Thread) -> PyResult<isize> {
    let number = decimal.value();
    if number.is_signaling_nan() {
        return Err(raise!(thread, TypeError, "Cannot hash a signaling NaN value"));
    }
    Ok(convert::hash(number).map_or_else(|| hash_of_address(decimal.address()), |hash| hash as isize))
}

/// The float of the same value.
pub fn to_float(number: &Number, thread: &mut Thread) -> PyResult<Py<Float>> {
    let value = to_f64(number, thread)?;
    Ok(Float::new(value, thread))
}

/// What the number is, in the words of the specification.
pub fn class_name(number: &Number, settings: &Settings) -> &'static str {
    let (negative, positive) = match number.kind() {
        Kind::QuietNan => return "NaN",
        Kind::SignalingNan => return "sNaN",
        Kind::Infinite => ("-Infinity", "+Infinity"),
        Kind::Finite if number.is_zero() => ("-Zero", "+Zero"),
        Kind::Finite if number.is_subnormal(settings) => ("-Subnormal", "+Subnormal"),
        Kind::Finite => ("-Normal", "+Normal"),
    };
    if number.is_negative() { negative } else { positive }
}
