//! Folding of complex arithmetic: which of the operations of `numeric` an operator is. None where it raises, which is left to run time.

use bytecode::instruction::operands::BinaryOperator;
use numeric::complex::{divide, divide_real, multiply};

pub(super) use numeric::complex::Complex;

pub(super) fn binary(left: Complex, operator: BinaryOperator, right: Complex) -> Option<Complex> {
    match operator {
        BinaryOperator::Add => Some(Complex::new(left.real + right.real, left.imaginary + right.imaginary)),
        BinaryOperator::Subtract => Some(Complex::new(left.real - right.real, left.imaginary - right.imaginary)),
        BinaryOperator::Multiply => Some(multiply(left, right)),
        BinaryOperator::TrueDivide => divide(left, right).ok(),
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
        BinaryOperator::TrueDivide => divide_real(left, right).ok(),
        BinaryOperator::Power => power(Complex::new(left, 0.0), right),
        _ => None,
    }
}

/// A power; None if it raises.
pub(super) fn power(base: Complex, exponent: Complex) -> Option<Complex> {
    numeric::complex::power(base, exponent).ok()
}
