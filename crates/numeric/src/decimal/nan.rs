//! NaN operands: what an operation gives where one of its operands is not a number.

use super::context::Context;
use super::number::Decimal;
use super::status::Status;

impl Decimal {
    /// The result, if the operand is a NaN: a quiet one with its payload. A signaling NaN is an invalid operation.
    #[inline(always)]
    pub(super) fn nan_result(&self, context: &Context, status: &mut Status) -> Option<Decimal> {
        if !self.is_nan() {
            return None;
        }
        Some(self.quieted(context, status))
    }

    /// The result, if one of two operands is a NaN: signaling ones come first, then the first one.
    #[inline(always)]
    pub(super) fn nan_result_of(&self, other: &Decimal, context: &Context, status: &mut Status) -> Option<Decimal> {
        if self.is_finite() && other.is_finite() || !self.is_nan() && !other.is_nan() {
            return None;
        }
        let choice = if self.is_signaling_nan() || !other.is_signaling_nan() && self.is_nan() { self } else { other };
        Some(choice.quieted(context, status))
    }

    #[cold]
    fn quieted(&self, context: &Context, status: &mut Status) -> Decimal {
        if self.is_signaling_nan() {
            *status |= Status::INVALID_OPERATION;
        }
        Decimal::nan(self.negative, false, self.coefficient.clone()).finalized(context, status)
    }
}
