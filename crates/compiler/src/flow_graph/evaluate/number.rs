//! Arithmetic on numbers: `int` and `bool`, `float`, `complex`, and mixtures of them.

use bytecode::constant::Constant;
use bytecode::instruction::operands::BinaryOperator;
use numeric::convert::float::{to_f64, true_divide};
use numeric::digits::bit_length;
use numeric::integer::Integer;
use numeric::signed;

use super::complex::{self, Complex};
use super::float;

/// Integers that a multiplication, a power or a shift makes have at most this many bits.
const MAX_BITS: u64 = 128;

/// A number in the type in which the operation is done.
enum Number {
    Integer(Integer),
    Float(f64),
    Complex(Complex),
}

fn number(constant: &Constant) -> Option<Number> {
    match constant {
        Constant::Float(value) => Some(Number::Float(*value)),
        Constant::Complex { real, imaginary } => Some(Number::Complex(Complex { real: *real, imaginary: *imaginary })),
        _ => integer(constant).map(Number::Integer),
    }
}

/// The value of an `int` or a `bool`.
pub(super) fn integer(constant: &Constant) -> Option<Integer> {
    match constant {
        Constant::Integer(value) => Some(value.clone()),
        Constant::Bool(value) => Some(Integer::from(i64::from(*value))),
        _ => None,
    }
}

fn complex_constant(value: Complex) -> Constant {
    Constant::Complex { real: value.real, imaginary: value.imaginary }
}

pub(super) fn negate(operand: &Constant) -> Option<Constant> {
    Some(match number(operand)? {
        Number::Integer(value) => Constant::Integer(signed::neg(value.view())),
        Number::Float(value) => Constant::Float(-value),
        Number::Complex(value) => complex_constant(Complex { real: -value.real, imaginary: -value.imaginary }),
    })
}

pub(super) fn positive(operand: &Constant) -> Option<Constant> {
    Some(match number(operand)? {
        Number::Integer(value) => Constant::Integer(value),
        Number::Float(value) => Constant::Float(value),
        Number::Complex(value) => complex_constant(value),
    })
}

/// `~`; that of a `bool` is left to run time, where it warns.
pub(super) fn invert(operand: &Constant) -> Option<Constant> {
    match operand {
        Constant::Integer(value) => Some(Constant::Integer(signed::not(value.view()))),
        _ => None,
    }
}

pub(super) fn binary(left: &Constant, operator: BinaryOperator, right: &Constant) -> Option<Constant> {
    if let (Constant::Bool(left), Constant::Bool(right)) = (left, right) {
        match operator {
            BinaryOperator::And => return Some(Constant::Bool(left & right)),
            BinaryOperator::Or => return Some(Constant::Bool(left | right)),
            BinaryOperator::Xor => return Some(Constant::Bool(left ^ right)),
            _ => {}
        }
    }
    match (number(left)?, number(right)?) {
        (Number::Integer(left), Number::Integer(right)) => integers(&left, operator, &right),
        (Number::Complex(left), right) => match right {
            Number::Complex(right) => complex::binary(left, operator, right),
            Number::Float(right) => complex::binary_with_real(left, operator, right),
            Number::Integer(right) => complex::binary_with_real(left, operator, to_f64(right.view()).ok()?),
        }
        .map(complex_constant),
        (left, Number::Complex(right)) => {
            complex::binary_of_real(as_float(&left)?, operator, right).map(complex_constant)
        }
        (left, right) => floats(as_float(&left)?, operator, as_float(&right)?),
    }
}

fn as_float(number: &Number) -> Option<f64> {
    match number {
        Number::Integer(value) => to_f64(value.view()).ok(),
        Number::Float(value) => Some(*value),
        Number::Complex(_) => None,
    }
}

fn integers(left: &Integer, operator: BinaryOperator, right: &Integer) -> Option<Constant> {
    let (a, b) = (left.view(), right.view());
    let value = match operator {
        BinaryOperator::Add => signed::add(a, b),
        BinaryOperator::Subtract => signed::sub(a, b),
        BinaryOperator::Multiply => {
            if !a.is_zero() && !b.is_zero() && bit_length(a.digits()) + bit_length(b.digits()) > MAX_BITS {
                return None;
            }
            signed::mul(a, b)
        }
        BinaryOperator::TrueDivide => return true_divide(a, b).ok().map(Constant::Float),
        BinaryOperator::FloorDivide => signed::div_floor(a, b)?,
        BinaryOperator::Remainder => signed::mod_floor(a, b)?,
        BinaryOperator::Power => return power(left, right),
        BinaryOperator::LeftShift | BinaryOperator::RightShift if b.is_negative() => return None,
        BinaryOperator::LeftShift if a.is_zero() => Integer::default(),
        BinaryOperator::LeftShift => {
            let count = right.to_u64()?;
            if count != 0 && (count > MAX_BITS || bit_length(a.digits()) > MAX_BITS - count) {
                return None;
            }
            signed::shl(a, count).ok()?
        }
        BinaryOperator::RightShift => signed::shr(a, right.to_u64().unwrap_or(u64::MAX)),
        BinaryOperator::And => signed::and(a, b),
        BinaryOperator::Or => signed::or(a, b),
        BinaryOperator::Xor => signed::xor(a, b),
        _ => return None,
    };
    Some(Constant::Integer(value))
}

fn power(base: &Integer, exponent: &Integer) -> Option<Constant> {
    let (a, b) = (base.view(), exponent.view());
    if b.is_negative() {
        return floats(to_f64(a).ok()?, BinaryOperator::Power, to_f64(b).ok()?);
    }
    if !a.is_zero() && !b.is_zero() {
        let exponent = exponent.to_u64()?;
        if bit_length(a.digits()) > MAX_BITS / exponent {
            return None;
        }
    }
    signed::pow(a, b.digits()).ok().map(Constant::Integer)
}

fn floats(left: f64, operator: BinaryOperator, right: f64) -> Option<Constant> {
    let value = match operator {
        BinaryOperator::Add => left + right,
        BinaryOperator::Subtract => left - right,
        BinaryOperator::Multiply => left * right,
        BinaryOperator::TrueDivide if right == 0.0 => return None,
        BinaryOperator::TrueDivide => left / right,
        BinaryOperator::FloorDivide => float::floor_divide(left, right)?,
        BinaryOperator::Remainder => float::remainder(left, right)?,
        BinaryOperator::Power => match float::power(left, right) {
            float::Power::Real(value) => value,
            float::Power::Complex => {
                let base = Complex { real: left, imaginary: 0.0 };
                let exponent = Complex { real: right, imaginary: 0.0 };
                return complex::power(base, exponent).map(complex_constant);
            }
            float::Power::Error => return None,
        },
        _ => return None,
    };
    Some(Constant::Float(value))
}
