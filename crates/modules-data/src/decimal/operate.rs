//! Operations, as methods and operators call them: operands become numbers, the context notes what is reported, the result becomes an
//! object.

use numeric::decimal::compare::{Extreme, compare_total, compare_total_magnitude, extreme};
use numeric::decimal::{Context as Settings, Decimal as Number, Status, multiply, quantize};
use objects::errors::PyResult;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

use super::construct;
use super::context::{self, DecimalContext, context_or_current};
use super::object::{Decimal, operand, required};

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
    let context = context::current(thread)?;
    let Some(left) = operand(left, &context, thread)? else { return Ok(thread.not_implemented()) };
    let Some(right) = operand(right, &context, thread)? else { return Ok(thread.not_implemented()) };
    let mut status = Status::NONE;
    let result = operation(&left, &right, &context.settings(), &mut status);
    finish(result, status, &context, thread)
}

// What methods of decimals have in common.
impl Decimal {
    pub fn unary(&self, operation: Unary, context: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let context = context_or_current(context, thread)?;
        unary(self.value(), operation, &context, thread)
    }

    pub fn binary(
        &self,
        other: &Object,
        operation: Binary,
        context: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let context = context_or_current(context, thread)?;
        binary(self.value(), other, operation, &context, thread)
    }

    pub fn to_integral_as(
        &self,
        operation: Unary,
        rounding: Option<&Object>,
        context: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let context = context_or_current(context, thread)?;
        let settings = construct::with_rounding(&context, rounding, thread)?;
        let mut status = Status::NONE;
        let result = operation(self.value(), &settings, &mut status);
        finish(result, status, &context, thread)
    }

    pub fn quantize_as(
        &self,
        other: &Object,
        rounding: Option<&Object>,
        context: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let context = context_or_current(context, thread)?;
        let settings = construct::with_rounding(&context, rounding, thread)?;
        let other = required(other, &context, thread)?;
        let mut status = Status::NONE;
        let result = quantize::quantize(self.value(), &other, &settings, &mut status);
        finish(result, status, &context, thread)
    }

    pub fn multiply_add(
        &self,
        other: &Object,
        third: &Object,
        context: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let context = context_or_current(context, thread)?;
        let (other, third) = (required(other, &context, thread)?, required(third, &context, thread)?);
        let mut status = Status::NONE;
        let result = multiply::multiply_add(self.value(), &other, &third, &context.settings(), &mut status);
        finish(result, status, &context, thread)
    }
}

// What methods of contexts have in common.
impl DecimalContext {
    pub fn unary(&self, x: &Object, operation: Unary, thread: &mut Thread) -> PyResult<Py<Object>> {
        let x = required(x, self, thread)?;
        unary(&x, operation, self, thread)
    }

    pub fn binary(&self, x: &Object, y: &Object, operation: Binary, thread: &mut Thread) -> PyResult<Py<Object>> {
        let x = required(x, self, thread)?;
        binary(&x, y, operation, self, thread)
    }

    /// An argument that must be a Decimal.
    pub fn decimal(&self, x: &Object, thread: &mut Thread) -> PyResult<Py<Decimal>> {
        match x.downcast::<Decimal>() {
            Some(decimal) => Ok(Py::from_ref(decimal)),
            None => Err(raise!(thread, TypeError, "argument must be a Decimal")),
        }
    }
}
