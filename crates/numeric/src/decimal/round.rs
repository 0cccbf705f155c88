//! Rounding: making the exact result of an operation fit its context.
//!
//! Every operation ends in [`Decimal::finalized`]. The order is the specification's: exponents out of range first, then
//! the precision, and the exponent again where rounding has carried.

use super::coefficient::{Coefficient, Discarded, NoMemory};
use super::context::{Context, Rounding};
use super::number::{Decimal, Kind};
use super::status::Status;

impl Rounding {
    /// Whether digits that are dropped add one to the last that stays.
    #[inline]
    pub(super) fn rounds_up(self, discarded: Discarded, coefficient: &Coefficient, negative: bool) -> bool {
        if discarded == Discarded::Nothing {
            return false;
        }
        match self {
            Self::Down => false,
            Self::Up => true,
            Self::HalfUp => discarded >= Discarded::Half,
            Self::HalfDown => discarded > Discarded::Half,
            Self::HalfEven => discarded > Discarded::Half || discarded == Discarded::Half && coefficient.is_odd(),
            Self::Ceiling => !negative,
            Self::Floor => negative,
            Self::ZeroFiveUp => matches!(coefficient.last_digit(), 0 | 5),
        }
    }
}

impl Coefficient {
    /// Drops so many digits and rounds; the result may be one digit longer than what stays.
    #[inline]
    pub(super) fn rounded_right(
        &self,
        digits: i64,
        rounding: Rounding,
        negative: bool,
    ) -> Result<(Coefficient, Discarded), NoMemory> {
        let (shifted, discarded) = self.shifted_right(usize::try_from(digits).unwrap_or(usize::MAX));
        if rounding.rounds_up(discarded, &shifted, negative) {
            return Ok((shifted.add(&Coefficient::ONE)?, discarded));
        }
        Ok((shifted, discarded))
    }
}

impl Decimal {
    /// The number rounded to the context.
    #[inline]
    pub fn finalized(self, context: &Context, status: &mut Status) -> Decimal {
        if self.is_finite() {
            let digits = self.digits();
            let adjusted = self.exponent + digits - 1;
            // Nearly always nothing is to be done.
            if digits <= context.precision
                && adjusted <= context.emax
                && adjusted >= context.emin
                && !(context.clamp && self.exponent > context.etop())
            {
                return self;
            }
        }
        let result = self.fitted(context, status);
        Self::or_no_memory(result, status)
    }

    #[inline(never)]
    fn fitted(mut self, context: &Context, status: &mut Status) -> Result<Decimal, NoMemory> {
        match self.kind {
            Kind::Infinite => return Ok(self),
            Kind::QuietNan | Kind::SignalingNan => {
                let room = context.precision - i64::from(context.clamp);
                if self.payload_digits() > room {
                    self.coefficient = self.coefficient.low_digits(room as usize);
                }
                return Ok(self);
            }
            Kind::Finite => {}
        }
        self.fit_exponent(context, status)?;
        if !self.is_finite() {
            return Ok(self);
        }
        let excess = self.digits() - context.precision;
        if excess > 0 {
            let (coefficient, discarded) = self.coefficient.rounded_right(excess, context.rounding, self.negative)?;
            self.coefficient = coefficient;
            self.exponent += excess;
            if self.digits() > context.precision {
                // 999… has become 1000…
                self.coefficient = self.coefficient.shifted_right(1).0;
                self.exponent += 1;
            }
            *status |= Status::ROUNDED;
            if discarded != Discarded::Nothing {
                *status |= Status::INEXACT;
            }
            self.fit_exponent(context, status)?;
        }
        Ok(self)
    }

    /// Brings the exponent into the range of the context.
    fn fit_exponent(&mut self, context: &Context, status: &mut Status) -> Result<(), NoMemory> {
        let is_zero = self.coefficient.is_zero();
        let adjusted = self.adjusted();
        if adjusted > context.emax {
            if is_zero {
                self.exponent = if context.clamp { context.etop() } else { context.emax };
                *status |= Status::CLAMPED;
                return Ok(());
            }
            return self.overflow(context, status);
        }
        if context.clamp && self.exponent > context.etop() {
            let shift = self.exponent - context.etop();
            self.coefficient = self.coefficient.shifted_left(shift as usize)?;
            self.exponent -= shift;
            *status |= Status::CLAMPED;
            if !is_zero && adjusted < context.emin {
                *status |= Status::SUBNORMAL;
            }
            return Ok(());
        }
        if adjusted < context.emin {
            let etiny = context.etiny();
            if is_zero {
                if self.exponent < etiny {
                    self.exponent = etiny;
                    *status |= Status::CLAMPED;
                }
                return Ok(());
            }
            *status |= Status::SUBNORMAL;
            if self.exponent < etiny {
                let shift = etiny - self.exponent;
                let (coefficient, discarded) =
                    self.coefficient.rounded_right(shift, context.rounding, self.negative)?;
                self.coefficient = coefficient;
                self.exponent = etiny;
                *status |= Status::ROUNDED;
                if discarded != Discarded::Nothing {
                    *status |= Status::INEXACT | Status::UNDERFLOW;
                    if self.coefficient.is_zero() {
                        *status |= Status::CLAMPED;
                    }
                }
            }
        }
        Ok(())
    }

    /// Becomes an infinity, or the largest number where the rounding does not go away from zero.
    #[cold]
    fn overflow(&mut self, context: &Context, status: &mut Status) -> Result<(), NoMemory> {
        let to_infinity = match context.rounding {
            Rounding::HalfUp | Rounding::HalfEven | Rounding::HalfDown | Rounding::Up => true,
            Rounding::Ceiling => !self.negative,
            Rounding::Floor => self.negative,
            Rounding::Down | Rounding::ZeroFiveUp => false,
        };
        *status |= Status::OVERFLOW | Status::INEXACT | Status::ROUNDED;
        *self = if to_infinity { Self::infinity(self.negative) } else { Self::largest(self.negative, context)? };
        Ok(())
    }

    /// The largest finite number of the context.
    pub(super) fn largest(negative: bool, context: &Context) -> Result<Decimal, NoMemory> {
        Ok(Self::finite(negative, Coefficient::nines(context.digits())?, context.etop()))
    }

    /// Rounds a finite number that is not zero to so many digits, whatever its exponent.
    pub(super) fn rounded_to(mut self, digits: i64, rounding: Rounding) -> Result<Decimal, NoMemory> {
        let excess = self.digits() - digits;
        if excess > 0 {
            self.coefficient = self.coefficient.rounded_right(excess, rounding, self.negative)?.0;
            self.exponent += excess;
            if self.digits() > digits {
                self.coefficient = self.coefficient.shifted_right(1).0;
                self.exponent += 1;
            }
        }
        Ok(self)
    }
}
