//! `Decimal`: a sign, a coefficient and an exponent; or an infinity; or a NaN with a payload.

use std::cmp::Ordering;

use super::coefficient::{Coefficient, NoMemory};
use super::context::Context;
use super::status::Status;

/// What sort of value a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Finite,
    Infinite,
    QuietNan,
    SignalingNan,
}

/// A decimal number. Infinities have a coefficient of zero; a NaN's is its payload, zero where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    pub(super) kind: Kind,
    pub(super) negative: bool,
    pub(super) exponent: i64,
    pub(super) coefficient: Coefficient,
}

// Making numbers.
impl Decimal {
    /// A finite number.
    #[inline(always)]
    pub const fn finite(negative: bool, coefficient: Coefficient, exponent: i64) -> Self {
        Self { kind: Kind::Finite, negative, exponent, coefficient }
    }

    /// A finite number with a short coefficient.
    pub const fn small(negative: bool, coefficient: u64, exponent: i64) -> Self {
        Self::finite(negative, Coefficient::Small(coefficient as u128), exponent)
    }

    pub const fn infinity(negative: bool) -> Self {
        Self { kind: Kind::Infinite, negative, exponent: 0, coefficient: Coefficient::ZERO }
    }

    /// A quiet NaN without sign and payload: the result of an invalid operation.
    pub const NAN: Self = Self { kind: Kind::QuietNan, negative: false, exponent: 0, coefficient: Coefficient::ZERO };

    pub const ZERO: Self = Self::small(false, 0, 0);
    pub const ONE: Self = Self::small(false, 1, 0);

    /// A NaN with a payload.
    pub fn nan(negative: bool, signaling: bool, payload: Coefficient) -> Self {
        let kind = if signaling { Kind::SignalingNan } else { Kind::QuietNan };
        Self { kind, negative, exponent: 0, coefficient: payload }
    }

    /// An integer.
    pub fn from_i64(value: i64) -> Self {
        Self::small(value < 0, value.unsigned_abs(), 0)
    }

    /// The result of an operation that reports an error.
    #[cold]
    pub(super) fn error(condition: Status, status: &mut Status) -> Self {
        *status |= condition;
        Self::NAN
    }

    /// The same number with this sign.
    pub fn with_sign(&self, negative: bool) -> Self {
        Self { negative, ..self.clone() }
    }

    /// What an operation gives whose memory may not suffice.
    #[inline(always)]
    pub(super) fn or_no_memory(result: Result<Self, NoMemory>, status: &mut Status) -> Self {
        match result {
            Ok(number) => number,
            Err(NoMemory) => Self::error(Status::NO_MEMORY, status),
        }
    }
}

// Looking at them.
impl Decimal {
    pub fn kind(&self) -> Kind {
        self.kind
    }

    #[inline(always)]
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    #[inline(always)]
    pub fn is_finite(&self) -> bool {
        self.kind == Kind::Finite
    }

    pub fn is_infinite(&self) -> bool {
        self.kind == Kind::Infinite
    }

    #[inline(always)]
    pub fn is_nan(&self) -> bool {
        matches!(self.kind, Kind::QuietNan | Kind::SignalingNan)
    }

    pub fn is_quiet_nan(&self) -> bool {
        self.kind == Kind::QuietNan
    }

    pub fn is_signaling_nan(&self) -> bool {
        self.kind == Kind::SignalingNan
    }

    #[inline(always)]
    pub fn is_zero(&self) -> bool {
        self.is_finite() && self.coefficient.is_zero()
    }

    /// The exponent of the last digit; 0 for infinities and NaN.
    pub fn exponent(&self) -> i64 {
        self.exponent
    }

    /// The digits as a number, the payload of a NaN.
    pub fn coefficient(&self) -> &Coefficient {
        &self.coefficient
    }

    /// How many digits the coefficient has.
    #[inline(always)]
    pub(super) fn digits(&self) -> i64 {
        self.coefficient.digits() as i64
    }

    /// How many digits a NaN's payload has.
    pub fn payload_digits(&self) -> i64 {
        if self.coefficient.is_zero() { 0 } else { self.digits() }
    }

    /// The exponent of the first digit; 0 for infinities and NaN.
    #[inline(always)]
    pub fn adjusted(&self) -> i64 {
        if self.is_finite() { self.exponent + self.digits() - 1 } else { 0 }
    }

    pub fn is_normal(&self, context: &Context) -> bool {
        self.is_finite() && !self.coefficient.is_zero() && self.adjusted() >= context.emin
    }

    pub fn is_subnormal(&self, context: &Context) -> bool {
        self.is_finite() && !self.coefficient.is_zero() && self.adjusted() < context.emin
    }

    /// Whether it is a finite number without a fraction.
    pub fn is_integer(&self) -> bool {
        self.is_finite()
            && (self.coefficient.is_zero()
                || self.exponent >= 0
                || self.coefficient.trailing_zeros() as i64 >= -self.exponent)
    }

    /// Whether it is an odd integer.
    pub fn is_odd(&self) -> bool {
        if !self.is_integer() || self.coefficient.is_zero() || self.exponent > 0 {
            return false;
        }
        match self.exponent {
            0 => self.coefficient.is_odd(),
            below => self.coefficient.shifted_right(below.unsigned_abs() as usize).0.is_odd(),
        }
    }

    /// An integer's absolute value, if it fits.
    pub(super) fn to_u64(&self) -> Option<u64> {
        if !self.is_integer() {
            return None;
        }
        if self.coefficient.is_zero() {
            return Some(0);
        }
        if self.adjusted() > 19 {
            return None;
        }
        let shifted = match usize::try_from(self.exponent) {
            Ok(left) => self.coefficient.shifted_left(left).ok()?,
            Err(_) => self.coefficient.shifted_right(self.exponent.unsigned_abs() as usize).0,
        };
        shifted.to_u64()
    }

    /// An integer's value, if it fits.
    pub fn to_i64(&self) -> Option<i64> {
        let magnitude = i128::from(self.to_u64()?);
        i64::try_from(if self.negative { -magnitude } else { magnitude }).ok()
    }

    /// Compares the absolute values of two finite numbers.
    pub(super) fn compare_magnitudes(&self, other: &Self) -> Ordering {
        match (self.coefficient.is_zero(), other.coefficient.is_zero()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            (false, false) => {}
        }
        if self.exponent == other.exponent {
            return self.coefficient.cmp(&other.coefficient);
        }
        let by_length = self.adjusted().cmp(&other.adjusted());
        if by_length.is_ne() {
            return by_length;
        }
        // As long as each other: the shift is at most the length of the coefficient that is not shifted.
        let shift = self.exponent.abs_diff(other.exponent) as usize;
        if self.exponent > other.exponent {
            let (high, discarded) = other.coefficient.shifted_right(shift);
            let ordering = self.coefficient.cmp(&high);
            return ordering.then(super::coefficient::Discarded::Nothing.cmp(&discarded));
        }
        let (high, discarded) = self.coefficient.shifted_right(shift);
        high.cmp(&other.coefficient).then(discarded.cmp(&super::coefficient::Discarded::Nothing))
    }

    /// Compares the values of two numbers that are not NaN.
    pub(super) fn compare_values(&self, other: &Self) -> Ordering {
        let directed = |ordering: Ordering, negative: bool| if negative { ordering.reverse() } else { ordering };
        match (self.is_infinite(), other.is_infinite()) {
            (true, true) => return other.negative.cmp(&self.negative),
            (true, false) => return directed(Ordering::Greater, self.negative),
            (false, true) => return directed(Ordering::Less, other.negative),
            (false, false) => {}
        }
        match (self.coefficient.is_zero(), other.coefficient.is_zero()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return directed(Ordering::Less, other.negative),
            (false, true) => return directed(Ordering::Greater, self.negative),
            (false, false) => {}
        }
        if self.negative != other.negative {
            return other.negative.cmp(&self.negative);
        }
        directed(self.compare_magnitudes(other), self.negative)
    }
}
