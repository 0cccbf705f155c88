//! The decimal object: its layout, how decimals are made, and how operands become decimals.

use std::ops::Deref;

use macros::Instance;
use numeric::decimal::{Decimal as Number, Status, convert};
use objects::errors::{PyResult, Raised};
use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
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
