//! What an operation has to report: a set of conditions.
//!
//! The operations add to a set; the layer above decides which conditions are trapped. The bits are libmpdec's.

use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

/// A set of conditions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status(u32);

impl Status {
    pub const NONE: Self = Self(0);
    /// The exponent was changed to fit.
    pub const CLAMPED: Self = Self(0x1);
    pub const CONVERSION_SYNTAX: Self = Self(0x2);
    pub const DIVISION_BY_ZERO: Self = Self(0x4);
    /// The quotient has too many digits.
    pub const DIVISION_IMPOSSIBLE: Self = Self(0x8);
    /// Zero by zero.
    pub const DIVISION_UNDEFINED: Self = Self(0x10);
    pub const FLOAT_OPERATION: Self = Self(0x20);
    pub const INEXACT: Self = Self(0x40);
    pub const INVALID_CONTEXT: Self = Self(0x80);
    pub const INVALID_OPERATION: Self = Self(0x100);
    /// No memory for the result.
    pub const NO_MEMORY: Self = Self(0x200);
    pub const OVERFLOW: Self = Self(0x800);
    pub const ROUNDED: Self = Self(0x1000);
    pub const SUBNORMAL: Self = Self(0x2000);
    pub const UNDERFLOW: Self = Self(0x4000);

    /// All that the signal InvalidOperation stands for.
    pub const INVALID: Self = Self(
        Self::CONVERSION_SYNTAX.0
            | Self::DIVISION_IMPOSSIBLE.0
            | Self::DIVISION_UNDEFINED.0
            | Self::INVALID_CONTEXT.0
            | Self::INVALID_OPERATION.0
            | Self::NO_MEMORY.0,
    );
    /// What makes a result useless: invalid operations and division by zero.
    pub const ERRORS: Self = Self(Self::INVALID.0 | Self::DIVISION_BY_ZERO.0);
    /// What says that the result is not the exact one.
    pub const NOT_EXACT: Self = Self(Self::INEXACT.0 | Self::ROUNDED.0 | Self::CLAMPED.0);

    #[inline(always)]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    #[inline(always)]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether it has a condition in common with the other set.
    #[inline(always)]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    #[inline(always)]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}

impl BitOr for Status {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Status {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOrAssign for Status {
    #[inline(always)]
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl Not for Status {
    type Output = Self;
    fn not(self) -> Self {
        Self(!self.0)
    }
}
