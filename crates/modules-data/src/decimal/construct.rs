//! Objects as decimals: `Decimal(x)`, which is exact, and `Context.create_decimal(x)`, which rounds.

use numeric::decimal::{Context as Settings, Decimal as Number, Status, convert, parse};
use objects::errors::{PyResult, Raised};
use objects::float::Float;
use objects::int::{self, Int};
use objects::list::List;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::context::{DecimalContext, integer_of};
use super::object::{Decimal, from_int, raise_unsupported};

/// `class(value)`.
pub fn exact(class: &Type, value: &Object, context: &DecimalContext, thread: &mut Thread) -> PyResult<Py<Decimal>> {
    if let Some(decimal) = value.downcast::<Decimal>() {
        if std::ptr::eq(class, Decimal::class()) && decimal.is_exactly::<Decimal>() {
            return Ok(Py::from_ref(decimal));
        }
        return Decimal::new_of(class, decimal.value().clone(), thread);
    }
    let number = if let Some(text) = value.downcast::<Str>() {
        parse_exact(&relaxed_text(text), context, thread)?
    } else if let Some(integer) = Int::of(value) {
        from_int(integer, context, thread)?
    } else if value.downcast::<List>().is_some() || value.downcast::<Tuple>().is_some() {
        parse_exact(tuple_text(value, thread)?.as_bytes(), context, thread)?
    } else if let Some(float) = value.downcast::<Float>() {
        context.report(Status::FLOAT_OPERATION, thread)?;
        from_float(float.value(), context, thread)?
    } else {
        return Err(raise_unsupported(value, thread));
    };
    Decimal::new_of(class, number, thread)
}

/// `context.create_decimal(value)`.
pub fn rounded(value: &Object, context: &DecimalContext, thread: &mut Thread) -> PyResult<Py<Object>> {
    let settings = context.settings();
    let mut status = Status::NONE;
    let number = if let Some(decimal) = value.downcast::<Decimal>() {
        let room = settings.precision - i64::from(settings.clamp);
        if decimal.value().is_nan() && decimal.value().payload_digits() > room {
            status |= Status::CONVERSION_SYNTAX;
            Number::NAN
        } else {
            decimal.value().clone().finalized(&settings, &mut status)
        }
    } else if let Some(text) = value.downcast::<Str>() {
        parse::parse(&int::ascii_text(text.view()), &settings, &mut status)
    } else if let Some(integer) = Int::of(value) {
        from_int(integer, context, thread)?.finalized(&settings, &mut status)
    } else if value.downcast::<List>().is_some() || value.downcast::<Tuple>().is_some() {
        parse::parse(tuple_text(value, thread)?.as_bytes(), &settings, &mut status)
    } else if let Some(float) = value.downcast::<Float>() {
        context.report(Status::FLOAT_OPERATION, thread)?;
        convert::from_float(float.value(), &mut status).finalized(&settings, &mut status)
    } else {
        return Err(raise_unsupported(value, thread));
    };
    super::operate::finish(number, status, context, thread)
}

/// An int or a float as a number, exactly; None for anything else.
pub fn number_of(value: &Object, context: &DecimalContext, thread: &mut Thread) -> PyResult<Option<Number>> {
    if let Some(integer) = Int::of(value) {
        return from_int(integer, context, thread).map(Some);
    }
    match value.downcast::<Float>() {
        Some(float) => from_float(float.value(), context, thread).map(Some),
        None => Ok(None),
    }
}

/// The same, or TypeError.
pub fn int_or_float(value: &Object, context: &DecimalContext, thread: &mut Thread) -> PyResult<Number> {
    match number_of(value, context, thread)? {
        Some(number) => Ok(number),
        None => Err(raise!(thread, TypeError, "argument must be int or float")),
    }
}

fn from_float(value: f64, context: &DecimalContext, thread: &mut Thread) -> PyResult<Number> {
    let mut status = Status::NONE;
    let number = convert::from_float(value, &mut status);
    context.report(status, thread)?;
    Ok(number)
}

fn parse_exact(text: &[u8], context: &DecimalContext, thread: &mut Thread) -> PyResult<Number> {
    let mut status = Status::NONE;
    let number = parse::parse_exact(text, &mut status);
    context.report(status, thread)?;
    Ok(number)
}

/// A string's text without spaces around it, and without underscores.
fn relaxed_text(text: &Str) -> std::borrow::Cow<'_, [u8]> {
    let ascii = int::ascii_text(text.view());
    let is_space = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0x0b | 0x1c..=0x1f);
    let start = ascii.iter().position(|byte| !is_space(byte)).unwrap_or(ascii.len());
    let end = ascii.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    if ascii[start..end].contains(&b'_') {
        return ascii[start..end].iter().copied().filter(|byte| *byte != b'_').collect::<Vec<_>>().into();
    }
    match ascii {
        std::borrow::Cow::Borrowed(bytes) => bytes[start..end].into(),
        std::borrow::Cow::Owned(bytes) => bytes[start..end].to_vec().into(),
    }
}

#[cold]
fn raise_value(message: &str, thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "{message}")
}

/// The text that `(sign, digits, exponent)` stands for.
fn tuple_text(value: &Object, thread: &mut Thread) -> PyResult<String> {
    let parts = super::context::items_of(value, thread)?;
    let [sign, digits, exponent] = &parts[..] else {
        return Err(raise_value("argument must be a sequence of length 3", thread));
    };
    let mut text = match Int::of(sign).and_then(Int::to_i64) {
        Some(0) => String::new(),
        Some(1) => "-".to_owned(),
        _ => return Err(raise_value("sign must be an integer with the value 0 or 1", thread)),
    };
    let mut is_infinite = false;
    let suffix = match exponent.downcast::<Str>() {
        Some(letter) if letter.equals_text("F") => {
            text.push_str("Inf");
            is_infinite = true;
            String::new()
        }
        Some(letter) if letter.equals_text("n") => {
            text.push_str("NaN");
            String::new()
        }
        Some(letter) if letter.equals_text("N") => {
            text.push_str("sNaN");
            String::new()
        }
        Some(_) => return Err(raise_value("string argument in the third position must be 'F', 'n' or 'N'", thread)),
        None if Int::of(exponent).is_none() => return Err(raise_value("exponent must be an integer", thread)),
        None => format!("E{}", integer_of(exponent, thread)?),
    };
    if digits.downcast::<Tuple>().is_none() && digits.downcast::<List>().is_none() {
        return Err(raise_value("coefficient must be a tuple of digits", thread));
    }
    let digits = super::context::items_of(digits, thread)?;
    if digits.is_empty() && !suffix.is_empty() {
        text.push('0');
    }
    for digit in &digits {
        match Int::of(digit).and_then(Int::to_i64) {
            // An infinity has digits that do not count.
            Some(0..=9) if is_infinite => {}
            Some(digit @ 0..=9) => text.push(char::from(b'0' + digit as u8)),
            _ => return Err(raise_value("coefficient must be a tuple of digits", thread)),
        }
    }
    text.push_str(&suffix);
    Ok(text)
}

/// The settings in which a number is rounded to an integer: those of a context with another rounding.
pub fn with_rounding(context: &DecimalContext, rounding: Option<&Object>, thread: &mut Thread) -> PyResult<Settings> {
    let settings = context.settings();
    match rounding.filter(|it| !it.is_none()) {
        Some(rounding) => Ok(settings.with_rounding(super::context::rounding_of(rounding, thread)?)),
        None => Ok(settings),
    }
}
