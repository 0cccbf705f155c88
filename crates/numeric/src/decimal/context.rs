//! The arithmetic context: precision, exponent limits, rounding.

/// The largest precision.
pub const MAX_PRECISION: i64 = 999_999_999_999_999_999;
/// The largest exponent of a number's first digit.
pub const MAX_EXPONENT: i64 = 999_999_999_999_999_999;
/// The smallest exponent of a normal number's first digit.
pub const MIN_EXPONENT: i64 = -MAX_EXPONENT;
/// The smallest exponent of a number's last digit.
pub const MIN_TINY_EXPONENT: i64 = MIN_EXPONENT - (MAX_PRECISION - 1);
/// An exponent that is out of every range, and still far from overflowing.
pub const HUGE_EXPONENT: i64 = 2 * MAX_EXPONENT + 1;

/// How a number that does not fit is rounded. The order is libmpdec's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    Ceiling,
    Floor,
    HalfUp,
    HalfDown,
    HalfEven,
    /// Away from zero if the last digit would be 0 or 5.
    ZeroFiveUp,
}

impl Rounding {
    /// All modes with the names that Python gives them.
    pub const NAMES: [(&'static str, Rounding); 8] = [
        ("ROUND_UP", Self::Up),
        ("ROUND_DOWN", Self::Down),
        ("ROUND_CEILING", Self::Ceiling),
        ("ROUND_FLOOR", Self::Floor),
        ("ROUND_HALF_UP", Self::HalfUp),
        ("ROUND_HALF_DOWN", Self::HalfDown),
        ("ROUND_HALF_EVEN", Self::HalfEven),
        ("ROUND_05UP", Self::ZeroFiveUp),
    ];

    /// The name that Python gives it.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize].0
    }
}

/// What operations round by. The layer above holds the traps and the flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// Digits of a result, at least 1.
    pub precision: i64,
    /// The largest exponent of a result's first digit.
    pub emax: i64,
    /// The smallest exponent of a normal result's first digit.
    pub emin: i64,
    pub rounding: Rounding,
    /// Whether the last digit's exponent is bounded too, as in IEEE 754's formats.
    pub clamp: bool,
}

impl Context {
    /// The context in which everything that can be represented is exact.
    pub const MAX: Self = Self {
        precision: MAX_PRECISION,
        emax: MAX_EXPONENT,
        emin: MIN_EXPONENT,
        rounding: Rounding::HalfEven,
        clamp: false,
    };

    /// The widest exponents, with this precision and rounding to the nearest even: for intermediate results.
    pub fn working(precision: i64) -> Self {
        Self { precision, ..Self::MAX }
    }

    /// The exponent of the smallest subnormal number.
    #[inline(always)]
    pub fn etiny(&self) -> i64 {
        self.emin - (self.precision - 1)
    }

    /// The largest exponent of a number with all digits.
    #[inline(always)]
    pub fn etop(&self) -> i64 {
        self.emax - (self.precision - 1)
    }

    pub fn with_rounding(self, rounding: Rounding) -> Self {
        Self { rounding, ..self }
    }

    /// The precision as a count of digits.
    #[inline(always)]
    pub(super) fn digits(&self) -> usize {
        self.precision as usize
    }
}
