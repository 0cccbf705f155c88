//! Complex arithmetic: real operands take part as such, and infinities survive products and quotients that would be NaN otherwise, as in
//! Annex G of the C standard (CPython's `Objects/complexobject.c`).
//!
//! Called by the object layer for `complex` and by the compiler for constant folding.

use std::fmt;

/// A complex number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex {
    pub real: f64,
    pub imaginary: f64,
}

/// Why an operation has no value; the texts are Python's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplexError {
    /// `ZeroDivisionError`, of a quotient.
    DivisionByZero,
    /// `ZeroDivisionError`, of a power.
    ZeroPower,
    /// `OverflowError`, of a power.
    Overflow,
}

impl fmt::Display for ComplexError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::DivisionByZero => "division by zero",
            Self::ZeroPower => "zero to a negative or complex power",
            Self::Overflow => "complex exponentiation",
        })
    }
}

impl std::error::Error for ComplexError {}

const ONE: Complex = Complex { real: 1.0, imaginary: 0.0 };

impl Complex {
    pub fn new(real: f64, imaginary: f64) -> Self {
        Self { real, imaginary }
    }

    fn is_infinite(self) -> bool {
        self.real.is_infinite() || self.imaginary.is_infinite()
    }

    fn is_finite(self) -> bool {
        self.real.is_finite() && self.imaginary.is_finite()
    }

    /// The distance from zero; None if it is too large for finite parts.
    pub fn absolute(self) -> Option<f64> {
        let distance = self.real.hypot(self.imaginary);
        if distance.is_infinite() && self.is_finite() { None } else { Some(distance) }
    }
}

/// The product.
pub fn multiply(left: Complex, right: Complex) -> Complex {
    let (a, b, c, d) = (left.real, left.imaginary, right.real, right.imaginary);
    let product = Complex::new(a * c - b * d, a * d + b * c);
    if !product.real.is_nan() || !product.imaginary.is_nan() {
        return product;
    }
    // Infinite operands, or products that overflowed, make the result infinite.
    let unit = |value: f64, holds: bool| (if holds { 1.0f64 } else { 0.0 }).copysign(value);
    let not_nan = |value: f64| if value.is_nan() { 0.0f64.copysign(value) } else { value };
    let boxed = |value: Complex| {
        Complex::new(unit(value.real, value.real.is_infinite()), unit(value.imaginary, value.imaginary.is_infinite()))
    };
    let finite = |value: Complex| Complex::new(not_nan(value.real), not_nan(value.imaginary));
    let (mut x, mut y) = (left, right);
    let mut recalculates = false;
    if x.is_infinite() {
        (x, y) = (boxed(x), finite(y));
        recalculates = true;
    }
    if y.is_infinite() {
        (x, y) = (finite(x), boxed(y));
        recalculates = true;
    }
    if !recalculates && [a * c, b * d, a * d, b * c].iter().any(|part| part.is_infinite()) {
        (x, y) = (finite(x), finite(y));
        recalculates = true;
    }
    if !recalculates {
        return product;
    }
    Complex::new(
        f64::INFINITY * (x.real * y.real - x.imaginary * y.imaginary),
        f64::INFINITY * (x.real * y.imaginary + x.imaginary * y.real),
    )
}

/// The quotient, by Smith's algorithm.
pub fn divide(left: Complex, right: Complex) -> Result<Complex, ComplexError> {
    let quotient = if right.real.abs() >= right.imaginary.abs() {
        if right.real == 0.0 {
            return Err(ComplexError::DivisionByZero);
        }
        let ratio = right.imaginary / right.real;
        let denominator = right.real + right.imaginary * ratio;
        Complex::new(
            (left.real + left.imaginary * ratio) / denominator,
            (left.imaginary - left.real * ratio) / denominator,
        )
    } else if right.imaginary.abs() >= right.real.abs() {
        let ratio = right.real / right.imaginary;
        let denominator = right.real * ratio + right.imaginary;
        Complex::new(
            (left.real * ratio + left.imaginary) / denominator,
            (left.imaginary * ratio - left.real) / denominator,
        )
    } else {
        Complex::new(f64::NAN, f64::NAN)
    };
    if !quotient.real.is_nan() || !quotient.imaginary.is_nan() {
        return Ok(quotient);
    }
    let unit = |value: f64| (if value.is_infinite() { 1.0f64 } else { 0.0 }).copysign(value);
    if left.is_infinite() && right.is_finite() {
        let (x, y) = (unit(left.real), unit(left.imaginary));
        return Ok(Complex::new(
            f64::INFINITY * (x * right.real + y * right.imaginary),
            f64::INFINITY * (y * right.real - x * right.imaginary),
        ));
    }
    if right.is_infinite() && left.is_finite() {
        let (x, y) = (unit(right.real), unit(right.imaginary));
        return Ok(Complex::new(
            0.0 * (left.real * x + left.imaginary * y),
            0.0 * (left.imaginary * x - left.real * y),
        ));
    }
    Ok(quotient)
}

/// A real number divided by a complex one.
pub fn divide_real(left: f64, right: Complex) -> Result<Complex, ComplexError> {
    let quotient = if right.real.abs() >= right.imaginary.abs() {
        if right.real == 0.0 {
            return Err(ComplexError::DivisionByZero);
        }
        let ratio = right.imaginary / right.real;
        let denominator = right.real + right.imaginary * ratio;
        Complex::new(left / denominator, (-left * ratio) / denominator)
    } else if right.imaginary.abs() >= right.real.abs() {
        let ratio = right.real / right.imaginary;
        let denominator = right.real * ratio + right.imaginary;
        Complex::new((left * ratio) / denominator, -left / denominator)
    } else {
        Complex::new(f64::NAN, f64::NAN)
    };
    if quotient.real.is_nan() && quotient.imaginary.is_nan() && left.is_finite() && right.is_infinite() {
        let unit = |value: f64| (if value.is_infinite() { 1.0f64 } else { 0.0 }).copysign(value);
        let (x, y) = (unit(right.real), unit(right.imaginary));
        return Ok(Complex::new(0.0 * (left * x), 0.0 * (-left * y)));
    }
    Ok(quotient)
}

/// A power. Small whole exponents are done by multiplication.
pub fn power(base: Complex, exponent: Complex) -> Result<Complex, ComplexError> {
    let is_small_integer =
        exponent.imaginary == 0.0 && exponent.real == exponent.real.floor() && exponent.real.abs() <= 100.0;
    let result = if is_small_integer {
        let count = exponent.real as i64;
        let positive = whole_power(base, count.unsigned_abs());
        if count > 0 { positive } else { divide(ONE, positive).map_err(|_| ComplexError::ZeroPower)? }
    } else {
        general_power(base, exponent)?
    };
    if result.is_infinite() { Err(ComplexError::Overflow) } else { Ok(result) }
}

fn whole_power(base: Complex, exponent: u64) -> Complex {
    let mut result = ONE;
    let mut square = base;
    let mut rest = exponent;
    while rest > 0 {
        if rest & 1 != 0 {
            result = multiply(result, square);
        }
        square = multiply(square, square);
        rest >>= 1;
    }
    result
}

fn general_power(base: Complex, exponent: Complex) -> Result<Complex, ComplexError> {
    if exponent.real == 0.0 && exponent.imaginary == 0.0 {
        return Ok(ONE);
    }
    if base.real == 0.0 && base.imaginary == 0.0 {
        let raises = exponent.imaginary != 0.0 || exponent.real < 0.0;
        return if raises { Err(ComplexError::ZeroPower) } else { Ok(Complex::new(0.0, 0.0)) };
    }
    let magnitude = base.real.hypot(base.imaginary);
    let angle = base.imaginary.atan2(base.real);
    let mut length = magnitude.powf(exponent.real);
    let mut phase = angle * exponent.real;
    if exponent.imaginary != 0.0 {
        length *= (-angle * exponent.imaginary).exp();
        phase += exponent.imaginary * magnitude.ln();
    }
    if phase.is_infinite() {
        // The C library calls the sine of infinity a domain error, and so CPython raises.
        return Err(ComplexError::ZeroPower);
    }
    Ok(Complex::new(length * phase.cos(), length * phase.sin()))
}
