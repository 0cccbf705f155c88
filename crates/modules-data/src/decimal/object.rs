//! The decimal object: its layout, how decimals are made, and how operands become decimals.

use std::ops::Deref;

use macros::Instance;
use numeric::decimal::compare::{Extreme, compare_total, compare_total_magnitude, extreme};
use numeric::decimal::{Context as Settings, Decimal as Number, Status, convert};
use objects::errors::{PyResult, Raised};
use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::context::DecimalContext;

/// The number in an object.
struct Value(Number);

impl Traverse for Value {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// A decimal number.
#[derive(Instance)]
#[repr(C)]
pub struct Decimal {
    header: Header,
    value: Value,
}

impl Decimal {
    #[inline]
    pub fn new(value: Number, thread: &mut Thread) -> Py<Decimal> {
        Py::new(Decimal { header: Header::new(Decimal::class()), value: Value(value) }, thread)
    }

    /// A new instance of `class`, which is Decimal or a subtype.
    pub fn new_of(class: &Type, value: Number, thread: &mut Thread) -> PyResult<Py<Decimal>> {
        Py::new_in(class, Decimal { header: Header::new(Decimal::class()), value: Value(value) }, thread)
    }

    #[inline(always)]
    pub fn value(&self) -> &Number {
        &self.value.0
    }
}

/// A number that an object is, or that was made of one.
pub enum Operand<'a> {
    Held(&'a Number),
    Made(Number),
}

impl Deref for Operand<'_> {
    type Target = Number;
    #[inline(always)]
    fn deref(&self) -> &Number {
        match self {
            Operand::Held(number) => number,
            Operand::Made(number) => number,
        }
    }
}

/// The object as an operand, if it is a decimal or an int.
#[inline(always)]
pub fn operand<'a>(object: &'a Object, context: &DecimalContext, thread: &mut Thread) -> PyResult<Option<Operand<'a>>> {
    match object.downcast::<Decimal>() {
        Some(decimal) => Ok(Some(Operand::Held(decimal.value()))),
        None => integer_operand(object, context, thread),
    }
}

fn integer_operand<'a>(
    object: &'a Object,
    context: &DecimalContext,
    thread: &mut Thread,
) -> PyResult<Option<Operand<'a>>> {
    let Some(integer) = Int::of(object) else { return Ok(None) };
    Ok(Some(Operand::Made(from_int(integer, context, thread)?)))
}

/// An int as a number, exactly.
pub fn from_int(integer: &Int, context: &DecimalContext, thread: &mut Thread) -> PyResult<Number> {
    if let Some(small) = integer.to_i64() {
        return Ok(Number::from_i64(small));
    }
    let mut status = Status::NONE;
    let number = convert::from_integer(integer.signed(), &mut status);
    context.report(status, thread)?;
    Ok(number)
}

/// The object as an operand, or TypeError.
#[inline]
pub fn required<'a>(object: &'a Object, context: &DecimalContext, thread: &mut Thread) -> PyResult<Operand<'a>> {
    match operand(object, context, thread)? {
        Some(operand) => Ok(operand),
        None => Err(raise_unsupported(object, thread)),
    }
}

/// `conversion from str to Decimal is not supported`
#[cold]
pub fn raise_unsupported(object: &Object, thread: &mut Thread) -> Raised {
    let class = object.class().full_name();
    raise!(thread, TypeError, "conversion from {class} to Decimal is not supported")
}

// Operations, as methods and operators call them.

/// An operation on one number.
pub type Unary = fn(&Number, &Settings, &mut Status) -> Number;
/// An operation on two numbers.
pub type Binary = fn(&Number, &Number, &Settings, &mut Status) -> Number;

pub const MAXIMUM: Binary = |a, b, context, status| extreme(a, b, Extreme::Maximum, context, status);
pub const MINIMUM: Binary = |a, b, context, status| extreme(a, b, Extreme::Minimum, context, status);
pub const MAXIMUM_MAGNITUDE: Binary = |a, b, context, status| extreme(a, b, Extreme::MaximumMagnitude, context, status);
pub const MINIMUM_MAGNITUDE: Binary = |a, b, context, status| extreme(a, b, Extreme::MinimumMagnitude, context, status);
pub const COMPARE_TOTAL: Binary = |a, b, _, _| compare_total(a, b);
pub const COMPARE_TOTAL_MAGNITUDE: Binary = |a, b, _, _| compare_total_magnitude(a, b);
pub const COPY_SIGN: Binary = |a, b, _, _| a.with_sign(b.is_negative());
pub const COPY_ABSOLUTE: Unary = |a, _, _| a.with_sign(false);
pub const COPY_NEGATED: Unary = |a, _, _| a.with_sign(!a.is_negative());
pub const SAME: Unary = |a, _, _| a.clone();
pub const ROUNDED: Unary = |a, context, status| a.clone().finalized(context, status);

/// The result of an operation, once the context has noted what it reports.
#[inline(always)]
pub fn finish(result: Number, status: Status, context: &DecimalContext, thread: &mut Thread) -> PyResult<Py<Object>> {
    context.report(status, thread)?;
    Ok(Decimal::new(result, thread).into_object())
}

/// An operation on a number in a context.
pub fn unary(
    operand: &Number,
    operation: Unary,
    context: &DecimalContext,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let mut status = Status::NONE;
    let result = operation(operand, &context.settings(), &mut status);
    finish(result, status, context, thread)
}

/// An operation on a number and an object in a context.
pub fn binary(
    left: &Number,
    right: &Object,
    operation: Binary,
    context: &DecimalContext,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let right = required(right, context, thread)?;
    let mut status = Status::NONE;
    let result = operation(left, &right, &context.settings(), &mut status);
    finish(result, status, context, thread)
}

/// Two results as a tuple.
pub fn pair(
    results: (Number, Number),
    status: Status,
    context: &DecimalContext,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    context.report(status, thread)?;
    let (first, second) = (Decimal::new(results.0, thread), Decimal::new(results.1, thread));
    Ok(Tuple::new(vec![first.into_object(), second.into_object()], thread)?.into_object())
}

/// The result of an operator: NotImplemented for operands that are neither decimals nor ints.
#[inline(always)]
pub fn operator(
    left: &Object,
    right: &Object,
    thread: &mut Thread,
    operation: impl Fn(&Number, &Number, &Settings, &mut Status) -> Number,
) -> PyResult<Py<Object>> {
    let context = super::context::current(thread)?;
    let Some(left) = operand(left, &context, thread)? else { return Ok(thread.not_implemented()) };
    let Some(right) = operand(right, &context, thread)? else { return Ok(thread.not_implemented()) };
    let mut status = Status::NONE;
    let result = operation(&left, &right, &context.settings(), &mut status);
    finish(result, status, &context, thread)
}
