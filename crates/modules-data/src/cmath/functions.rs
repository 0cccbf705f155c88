//! The functions of complex numbers, after W. Kahan, «Branch cuts for complex elementary functions» (1987).
//!
//! Each gives its value and how it failed, if it did; `mod` turns failures into exceptions.

use std::f64::consts::{E, FRAC_PI_2, LN_2, LN_10};

use numeric::complex::Complex;
use numeric::math::{asinh as real_asinh, ldexp};

use super::special::{self, Table, look_up};

/// Why a function has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    Domain,
    Range,
}

pub type Outcome = Result<Complex, Failure>;

/// Beyond these, squares and sums overflow.
const LARGE: f64 = f64::MAX / 4.0;
const SMALL: f64 = f64::MIN_POSITIVE;

fn log_large() -> f64 {
    LARGE.ln()
}

fn is_finite(z: Complex) -> bool {
    z.real.is_finite() && z.imaginary.is_finite()
}

fn from_table(table: &Table, z: Complex) -> Complex {
    let (real, imaginary) = look_up(table, z.real, z.imaginary);
    Complex::new(real, imaginary)
}

fn power_of_two(value: f64, exponent: i64) -> f64 {
    ldexp(value, exponent).unwrap_or(f64::INFINITY)
}

/// Infinity from a finite argument is an overflow.
fn checked(z: Complex) -> Outcome {
    if z.real.is_infinite() || z.imaginary.is_infinite() { Err(Failure::Range) } else { Ok(z) }
}

/// i·z turned by a quarter: how the circular functions follow from the hyperbolic ones.
fn turned(z: Complex) -> Complex {
    Complex::new(-z.imaginary, z.real)
}

fn turned_back(z: Complex) -> Complex {
    Complex::new(z.imaginary, -z.real)
}

/// The logarithm of a large number's distance from zero.
fn log_of_large(z: Complex) -> f64 {
    (z.real / 2.0).hypot(z.imaginary / 2.0).ln() + 2.0 * LN_2
}

fn is_large(z: Complex) -> bool {
    z.real.abs() > LARGE || z.imaginary.abs() > LARGE
}

fn plain_sqrt(z: Complex) -> Complex {
    if !is_finite(z) {
        return from_table(&special::SQRT, z);
    }
    if z.real == 0.0 && z.imaginary == 0.0 {
        return Complex::new(0.0, z.imaginary);
    }
    let (x, y) = (z.real.abs(), z.imaginary.abs());
    let root = if x < SMALL && y < SMALL {
        // An odd power, half of which the halving under the root makes even.
        let x = power_of_two(x, 55);
        power_of_two((x + x.hypot(power_of_two(y, 55))).sqrt(), -28)
    } else {
        let x = x / 8.0;
        2.0 * (x + x.hypot(y / 8.0)).sqrt()
    };
    let other = y / (2.0 * root);
    if z.real >= 0.0 {
        Complex::new(root, other.copysign(z.imaginary))
    } else {
        Complex::new(other, root.copysign(z.imaginary))
    }
}

pub fn sqrt(z: Complex) -> Outcome {
    Ok(plain_sqrt(z))
}

pub fn acos(z: Complex) -> Outcome {
    if !is_finite(z) {
        return Ok(from_table(&special::ACOS, z));
    }
    if is_large(z) {
        let log = log_of_large(z);
        let imaginary = if z.real < 0.0 { -log.copysign(z.imaginary) } else { log.copysign(-z.imaginary) };
        return Ok(Complex::new(z.imaginary.abs().atan2(z.real), imaginary));
    }
    let minus = plain_sqrt(Complex::new(1.0 - z.real, -z.imaginary));
    let plus = plain_sqrt(Complex::new(1.0 + z.real, z.imaginary));
    let imaginary = real_asinh(plus.real * minus.imaginary - plus.imaginary * minus.real);
    Ok(Complex::new(2.0 * minus.real.atan2(plus.real), imaginary))
}

pub fn acosh(z: Complex) -> Outcome {
    if !is_finite(z) {
        return Ok(from_table(&special::ACOSH, z));
    }
    if is_large(z) {
        return Ok(Complex::new(log_of_large(z), z.imaginary.atan2(z.real)));
    }
    let minus = plain_sqrt(Complex::new(z.real - 1.0, z.imaginary));
    let plus = plain_sqrt(Complex::new(z.real + 1.0, z.imaginary));
    let real = real_asinh(minus.real * plus.real + minus.imaginary * plus.imaginary);
    Ok(Complex::new(real, 2.0 * minus.imaginary.atan2(plus.real)))
}

pub fn asinh(z: Complex) -> Outcome {
    if !is_finite(z) {
        return Ok(from_table(&special::ASINH, z));
    }
    if is_large(z) {
        let log = log_of_large(z);
        let real = if z.imaginary >= 0.0 { log.copysign(z.real) } else { -log.copysign(-z.real) };
        return Ok(Complex::new(real, z.imaginary.atan2(z.real.abs())));
    }
    let plus = plain_sqrt(Complex::new(1.0 + z.imaginary, -z.real));
    let minus = plain_sqrt(Complex::new(1.0 - z.imaginary, z.real));
    let real = real_asinh(plus.real * minus.imaginary - minus.real * plus.imaginary);
    let imaginary = z.imaginary.atan2(plus.real * minus.real - plus.imaginary * minus.imaginary);
    Ok(Complex::new(real, imaginary))
}

pub fn asin(z: Complex) -> Outcome {
    asinh(turned(z)).map(turned_back)
}

pub fn atanh(z: Complex) -> Outcome {
    if !is_finite(z) {
        return Ok(from_table(&special::ATANH, z));
    }
    if z.real < 0.0 || z.real == 0.0 && z.real.is_sign_negative() {
        let positive = atanh(Complex::new(-z.real, -z.imaginary))?;
        return Ok(Complex::new(-positive.real, -positive.imaginary));
    }
    let y = z.imaginary.abs();
    if z.real > LARGE.sqrt() || y > LARGE.sqrt() {
        let half = (z.real / 2.0).hypot(z.imaginary / 2.0);
        let imaginary = -FRAC_PI_2.copysign(-z.imaginary);
        return Ok(Complex::new(z.real / 4.0 / half / half, imaginary));
    }
    if z.real == 1.0 && y < SMALL.sqrt() {
        if y == 0.0 {
            return Err(Failure::Domain);
        }
        let real = -(y.sqrt() / y.hypot(2.0).sqrt()).ln();
        return Ok(Complex::new(real, (2f64.atan2(-y) / 2.0).copysign(z.imaginary)));
    }
    let left = 1.0 - z.real;
    let real = (4.0 * z.real / (left * left + y * y)).ln_1p() / 4.0;
    let imaginary = -(-2.0 * z.imaginary).atan2(left * (1.0 + z.real) - y * y) / 2.0;
    Ok(Complex::new(real, imaginary))
}

pub fn atan(z: Complex) -> Outcome {
    atanh(turned(z)).map(turned_back)
}

/// True for an infinite real part with a finite imaginary part other than zero: the result's signs are those of the circle's point.
fn needs_signs(z: Complex) -> bool {
    z.real.is_infinite() && z.imaginary.is_finite() && z.imaginary != 0.0
}

/// The parts of the point at an angle, each with another size.
fn at_angle(angle: f64, real: f64, imaginary: f64) -> Complex {
    Complex::new(real.copysign(angle.cos()), imaginary.copysign(angle.sin()))
}

pub fn cosh(z: Complex) -> Outcome {
    if !is_finite(z) {
        if needs_signs(z) {
            let value = at_angle(z.imaginary, f64::INFINITY, f64::INFINITY);
            return Ok(if z.real > 0.0 { value } else { Complex::new(value.real, -value.imaginary) });
        }
        if z.imaginary.is_infinite() && !z.real.is_nan() {
            return Err(Failure::Domain);
        }
        return Ok(from_table(&special::COSH, z));
    }
    let (sine, cosine) = (z.imaginary.sin(), z.imaginary.cos());
    if z.real.abs() > log_large() {
        let less = z.real - 1f64.copysign(z.real);
        return checked(Complex::new(cosine * less.cosh() * E, sine * less.sinh() * E));
    }
    checked(Complex::new(cosine * z.real.cosh(), sine * z.real.sinh()))
}

pub fn sinh(z: Complex) -> Outcome {
    if !is_finite(z) {
        if needs_signs(z) {
            let value = at_angle(z.imaginary, f64::INFINITY, f64::INFINITY);
            return Ok(if z.real > 0.0 { value } else { Complex::new(-value.real, value.imaginary) });
        }
        if z.imaginary.is_infinite() && !z.real.is_nan() {
            return Err(Failure::Domain);
        }
        return Ok(from_table(&special::SINH, z));
    }
    let (sine, cosine) = (z.imaginary.sin(), z.imaginary.cos());
    if z.real.abs() > log_large() {
        let less = z.real - 1f64.copysign(z.real);
        return checked(Complex::new(cosine * less.sinh() * E, sine * less.cosh() * E));
    }
    checked(Complex::new(cosine * z.real.sinh(), sine * z.real.cosh()))
}

pub fn cos(z: Complex) -> Outcome {
    cosh(turned(z))
}

pub fn sin(z: Complex) -> Outcome {
    sinh(turned(z)).map(turned_back)
}

pub fn tanh(z: Complex) -> Outcome {
    if !is_finite(z) {
        if needs_signs(z) {
            let zero = 0f64.copysign(2.0 * z.imaginary.sin() * z.imaginary.cos());
            return Ok(Complex::new(1f64.copysign(z.real), zero));
        }
        if z.imaginary.is_infinite() && z.real.is_finite() {
            return Err(Failure::Domain);
        }
        return Ok(from_table(&special::TANH, z));
    }
    if z.real.abs() > log_large() {
        let imaginary = 4.0 * z.imaginary.sin() * z.imaginary.cos() * (-2.0 * z.real.abs()).exp();
        return Ok(Complex::new(1f64.copysign(z.real), imaginary));
    }
    let (x, y) = (z.real.tanh(), z.imaginary.tan());
    let c = 1.0 / z.real.cosh();
    let product = x * y;
    let denominator = 1.0 + product * product;
    Ok(Complex::new(x * (1.0 + y * y) / denominator, y / denominator * c * c))
}

pub fn tan(z: Complex) -> Outcome {
    tanh(turned(z)).map(turned_back)
}

pub fn exp(z: Complex) -> Outcome {
    if !is_finite(z) {
        if needs_signs(z) {
            let size = if z.real > 0.0 { f64::INFINITY } else { 0.0 };
            return Ok(at_angle(z.imaginary, size, size));
        }
        if z.imaginary.is_infinite() && (z.real.is_finite() || z.real == f64::INFINITY) {
            return Err(Failure::Domain);
        }
        return Ok(from_table(&special::EXP, z));
    }
    let (sine, cosine) = (z.imaginary.sin(), z.imaginary.cos());
    if z.real > log_large() {
        let less = (z.real - 1.0).exp();
        return checked(Complex::new(less * cosine * E, less * sine * E));
    }
    let size = z.real.exp();
    checked(Complex::new(size * cosine, size * sine))
}

pub fn log(z: Complex) -> Outcome {
    if !is_finite(z) {
        return Ok(from_table(&special::LOG, z));
    }
    let (x, y) = (z.real.abs(), z.imaginary.abs());
    let real = if x > LARGE || y > LARGE {
        (x / 2.0).hypot(y / 2.0).ln() + LN_2
    } else if x < SMALL && y < SMALL {
        if x == 0.0 && y == 0.0 {
            return Err(Failure::Domain);
        }
        power_of_two(x, 53).hypot(power_of_two(y, 53)).ln() - 53.0 * LN_2
    } else {
        let distance = x.hypot(y);
        if (0.71..=1.73).contains(&distance) {
            // Near the circle the logarithm would lose digits.
            let (more, less) = (x.max(y), x.min(y));
            ((more - 1.0) * (more + 1.0) + less * less).ln_1p() / 2.0
        } else {
            distance.ln()
        }
    };
    Ok(Complex::new(real, z.imaginary.atan2(z.real)))
}

pub fn log10(z: Complex) -> Outcome {
    log(z).map(|it| Complex::new(it.real / LN_10, it.imaginary / LN_10))
}

/// The number at a distance from zero and an angle.
pub fn rect(distance: f64, angle: f64) -> Outcome {
    let z = Complex::new(distance, angle);
    if !is_finite(z) {
        if needs_signs(z) {
            let value = at_angle(angle, f64::INFINITY, f64::INFINITY);
            let sign = if distance > 0.0 { 1.0 } else { -1.0 };
            return Ok(Complex::new(sign * value.real, sign * value.imaginary));
        }
        if distance != 0.0 && !distance.is_nan() && angle.is_infinite() {
            return Err(Failure::Domain);
        }
        return Ok(from_table(&special::RECT, z));
    }
    if angle == 0.0 {
        return Ok(Complex::new(distance, distance * angle));
    }
    Ok(Complex::new(distance * angle.cos(), distance * angle.sin()))
}
