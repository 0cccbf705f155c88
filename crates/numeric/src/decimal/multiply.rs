//! Multiplication, and multiplication with an addition that rounds once.

use super::add::add;
use super::coefficient::NoMemory;
use super::context::Context;
use super::number::Decimal;
use super::status::Status;

/// `a * b`.
#[inline]
pub fn multiply(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    product(a, b, context, status).finalized(context, status)
}

/// `a * b + c`, rounded once.
pub fn multiply_add(a: &Decimal, b: &Decimal, c: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    let mut product_status = Status::NONE;
    let product = product(a, b, context, &mut product_status);
    *status |= product_status;
    if product_status.has(Status::INVALID) {
        return product;
    }
    add(&product, c, context, status)
}

impl Decimal {
    /// The exact product of finite numbers, which may be out of the range of every context; None if there is no memory for it.
    pub fn scaled_by(&self, other: &Decimal) -> Option<Decimal> {
        let coefficient = self.coefficient.multiply(&other.coefficient).ok()?;
        Some(Decimal::finite(self.negative != other.negative, coefficient, self.exponent + other.exponent))
    }
}

/// The exact product.
#[inline]
fn product(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    let negative = a.negative != b.negative;
    if !a.is_finite() || !b.is_finite() {
        return special(a, b, context, status);
    }
    match a.coefficient.multiply(&b.coefficient) {
        Ok(coefficient) => Decimal::finite(negative, coefficient, a.exponent + b.exponent),
        Err(NoMemory) => Decimal::error(Status::NO_MEMORY, status),
    }
}

#[cold]
fn special(a: &Decimal, b: &Decimal, context: &Context, status: &mut Status) -> Decimal {
    if let Some(nan) = a.nan_result_of(b, context, status) {
        return nan;
    }
    if a.is_zero() || b.is_zero() {
        return Decimal::error(Status::INVALID_OPERATION, status);
    }
    Decimal::infinity(a.negative != b.negative)
}
