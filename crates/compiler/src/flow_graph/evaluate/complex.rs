//! Complex arithmetic (`Objects/complexobject.c`): real operands take part as such, and infinities survive products and
//! quotients that would be NaN otherwise, as in Annex G of the C standard.

use bytecode::instruction::operands::BinaryOperator;

#[derive(Clone, Copy, Debug)]
pub(super) struct Complex {
    pub(super) real: f64,
    pub(super) imaginary: f64,
}

const ONE: Complex = Complex { real: 1.0, imaginary: 0.0 };

impl Complex {
    fn new(real: f64, imaginary: f64) -> Self {
        Self { real, imaginary }
    }

    fn is_infinite(self) -> bool {
        self.real.is_infinite() || self.imaginary.is_infinite()
    }

    fn is_finite(self) -> bool {
        self.real.is_finite() && self.imaginary.is_finite()
    }
}

pub(super) fn binary(left: Complex, operator: BinaryOperator, right: Complex) -> Option<Complex> {
    match operator {
        BinaryOperator::Add => Some(Complex::new(left.real + right.real, left.imaginary + right.imaginary)),
        BinaryOperator::Subtract => Some(Complex::new(left.real - right.real, left.imaginary - right.imaginary)),
        BinaryOperator::Multiply => Some(multiply(left, right)),
        BinaryOperator::TrueDivide => divide(left, right),
        BinaryOperator::Power => power(left, right),
        _ => None,
    }
}

pub(super) fn binary_with_real(left: Complex, operator: BinaryOperator, right: f64) -> Option<Complex> {
    match operator {
        BinaryOperator::Add => Some(Complex::new(left.real + right, left.imaginary)),
        BinaryOperator::Subtract => Some(Complex::new(left.real - right, left.imaginary)),
        BinaryOperator::Multiply => Some(Complex::new(left.real * right, left.imaginary * right)),
        BinaryOperator::TrueDivide if right == 0.0 => None,
        BinaryOperator::TrueDivide => Some(Complex::new(left.real / right, left.imaginary / right)),
        BinaryOperator::Power => power(left, Complex::new(right, 0.0)),
        _ => None,
    }
}

pub(super) fn binary_of_real(left: f64, operator: BinaryOperator, right: Complex) -> Option<Complex> {
    match operator {
        BinaryOperator::Add => Some(Complex::new(right.real + left, right.imaginary)),
        BinaryOperator::Subtract => Some(Complex::new(left - right.real, -right.imaginary)),
        BinaryOperator::Multiply => Some(Complex::new(right.real * left, right.imaginary * left)),
        BinaryOperator::TrueDivide => divide_real(left, right),
        BinaryOperator::Power => power(Complex::new(left, 0.0), right),
        _ => None,
    }
}

fn multiply(left: Complex, right: Complex) -> Complex {
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

/// Smith's algorithm; None for division by zero.
fn divide(left: Complex, right: Complex) -> Option<Complex> {
    let quotient = if right.real.abs() >= right.imaginary.abs() {
        if right.real == 0.0 {
            return None;
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
        return Some(quotient);
    }
    let unit = |value: f64| (if value.is_infinite() { 1.0f64 } else { 0.0 }).copysign(value);
    if left.is_infinite() && right.is_finite() {
        let (x, y) = (unit(left.real), unit(left.imaginary));
        return Some(Complex::new(
            f64::INFINITY * (x * right.real + y * right.imaginary),
            f64::INFINITY * (y * right.real - x * right.imaginary),
        ));
    }
    if right.is_infinite() && left.is_finite() {
        let (x, y) = (unit(right.real), unit(right.imaginary));
        return Some(Complex::new(
            0.0 * (left.real * x + left.imaginary * y),
            0.0 * (left.imaginary * x - left.real * y),
        ));
    }
    Some(quotient)
}

/// A real number divided by a complex one; None for division by zero.
fn divide_real(left: f64, right: Complex) -> Option<Complex> {
    let quotient = if right.real.abs() >= right.imaginary.abs() {
        if right.real == 0.0 {
            return None;
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
        return Some(Complex::new(0.0 * (left * x), 0.0 * (-left * y)));
    }
    Some(quotient)
}

/// A power; None if it raises. Small whole exponents are done by multiplication.
pub(super) fn power(base: Complex, exponent: Complex) -> Option<Complex> {
    let is_small_integer =
        exponent.imaginary == 0.0 && exponent.real == exponent.real.floor() && exponent.real.abs() <= 100.0;
    let result = if is_small_integer {
        let count = exponent.real as i64;
        let positive = whole_power(base, count.unsigned_abs());
        if count > 0 { positive } else { divide(ONE, positive)? }
    } else {
        general_power(base, exponent)?
    };
    if result.is_infinite() { None } else { Some(result) }
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

fn general_power(base: Complex, exponent: Complex) -> Option<Complex> {
    if exponent.real == 0.0 && exponent.imaginary == 0.0 {
        return Some(ONE);
    }
    if base.real == 0.0 && base.imaginary == 0.0 {
        let raises = exponent.imaginary != 0.0 || exponent.real < 0.0;
        return if raises { None } else { Some(Complex::new(0.0, 0.0)) };
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
        return None;
    }
    Some(Complex::new(length * phase.cos(), length * phase.sin()))
}
