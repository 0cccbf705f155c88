//! Comparison operators: with decimals, ints, floats, complex numbers without an imaginary part, and rational numbers.

use builtins::complex::Complex;
use numeric::decimal::{Decimal as Number, Status, compare, convert};
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::context::{self, DecimalContext};
use super::object::{Decimal, Operand, from_int, operand};
use super::state::state;

/// `decimal comparison other`.
pub fn rich_compare(
    decimal: &Decimal,
    other: &Object,
    comparison: Comparison,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let context = context::current(thread)?;
    let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    let Some((left, right)) = operands(decimal, other, is_equality, &context, thread)? else {
        return Ok(thread.not_implemented());
    };
    let Some(ordering) = compare::order(&left, &right, &mut Status::default()) else {
        // A NaN is unequal to everything; to order it is invalid, and so is any comparison with a signaling one.
        if left.is_signaling_nan() || right.is_signaling_nan() || !is_equality {
            context.report(Status::INVALID_OPERATION, thread)?;
        }
        return Ok(Bool::new(comparison == Comparison::NotEqual));
    };
    Ok(Bool::new(comparison.holds(ordering)))
}

/// Both operands as numbers that compare as they do; None if the other is no number.
fn operands<'a>(
    decimal: &'a Decimal,
    other: &'a Object,
    is_equality: bool,
    context: &DecimalContext,
    thread: &mut Thread,
) -> PyResult<Option<(Operand<'a>, Operand<'a>)>> {
    let left = Operand::Held(decimal.value());
    if let Some(right) = operand(other, context, thread)? {
        return Ok(Some((left, right)));
    }
    if let Some(complex) = Complex::of(other) {
        if !is_equality || complex.imaginary() != 0.0 {
            return Ok(None);
        }
        return float_operand(complex.real(), is_equality, context, thread).map(|right| Some((left, right)));
    }
    if let Some(float) = other.downcast::<Float>() {
        return float_operand(float.value(), is_equality, context, thread).map(|right| Some((left, right)));
    }
    let rational = state(thread)?.contents()?.rational.clone();
    if !protocol::is_instance(other, &rational, thread)? {
        return Ok(None);
    }
    rational_operands(decimal.value(), other, context, thread).map(Some)
}

/// To compare with a float for equality is noted; to order it may be trapped.
fn float_operand<'a>(
    value: f64,
    is_equality: bool,
    context: &DecimalContext,
    thread: &mut Thread,
) -> PyResult<Operand<'a>> {
    if is_equality {
        context.note(Status::FLOAT_OPERATION);
    } else {
        context.report(Status::FLOAT_OPERATION, thread)?;
    }
    let mut status = Status::NONE;
    let number = convert::from_float(value, &mut status);
    context.report(status, thread)?;
    Ok(Operand::Made(number))
}

/// The decimal times the other's denominator, and the other's numerator.
fn rational_operands<'a>(
    decimal: &Number,
    other: &Object,
    context: &DecimalContext,
    thread: &mut Thread,
) -> PyResult<(Operand<'a>, Operand<'a>)> {
    let part = |name: &str, thread: &mut Thread| -> PyResult<Number> {
        let name = thread.intern_text(name);
        let value = protocol::get_attribute(other, &name, thread)?;
        match Int::of(&value) {
            Some(integer) => from_int(integer, context, thread),
            None => Err(raise!(thread, TypeError, "numerator and denominator must be ints")),
        }
    };
    let numerator = part("numerator", thread)?;
    let denominator = part("denominator", thread)?;
    if !decimal.is_finite() {
        return Ok((Operand::Made(decimal.clone()), Operand::Made(numerator)));
    }
    // Not rounded: the exponent may be beyond all limits.
    let product = decimal.scaled_by(&denominator);
    let Some(product) = product else { return Err(thread.raise_memory_error()) };
    Ok((Operand::Made(product), Operand::Made(numerator)))
}
