//! Special functions from the `libm` crate (a port of musl's), and the errors of those that are not defined
//! everywhere. In one case of ten they differ from glibc's, which CPython calls, by one unit in the
//! last place, `erfc` rarely by two (`tests/recorded/math.rs`).

use std::fmt;

/// Why a function has no value there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MathError {
    /// `ValueError`
    Domain,
    /// `OverflowError`
    Range,
}

impl fmt::Display for MathError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Domain => "math domain error",
            Self::Range => "math range error",
        })
    }
}

impl std::error::Error for MathError {}

/// `math.erf`.
pub fn erf(value: f64) -> f64 {
    libm::erf(value)
}

/// `math.erfc`.
pub fn erfc(value: f64) -> f64 {
    libm::erfc(value)
}

/// `math.asinh`; the standard library's loses digits.
pub fn asinh(value: f64) -> f64 {
    libm::asinh(value)
}

/// `math.acosh`; the standard library's loses digits. NaN below 1.
pub fn acosh(value: f64) -> f64 {
    libm::acosh(value)
}

/// `math.atanh`; the standard library's loses digits. NaN beyond 1, infinite there.
pub fn atanh(value: f64) -> f64 {
    libm::atanh(value)
}
