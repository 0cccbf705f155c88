//! Arithmetic on numbers: `int` and `bool`, `float`, `complex`, and mixtures of them.

use bytecode::arena::Arena;
use bytecode::constant::Constant;
use bytecode::instruction::operands::BinaryOperator;
use numeric::convert::float::{to_f64, true_divide};
use numeric::digits::bit_length;
use numeric::integer::Integer;
use numeric::signed::{self, Signed};

use super::complex::{self, Complex};
use super::float;

/// Integers that a multiplication, a power or a shift makes have at most this many bits.
const MAX_BITS: u64 = 128;

/// A number in the type in which the operation is done.
enum Number<'t> {
    Integer(Signed<'t>),
    Float(f64),
    Complex(Complex),
}

fn number<'t>(constant: &Constant<'t>) -> Option<Number<'t>> {
    match constant {
        Constant::Float(value) => Some(Number::Float(*value)),
        Constant::Complex { real, imaginary } => Some(Number::Complex(Complex { real: *real, imaginary: *imaginary })),
        _ => integer(constant).map(Number::Integer),
    }
}

/// The value of an `int` or a `bool`.
pub(super) fn integer<'t>(constant: &Constant<'t>) -> Option<Signed<'t>> {
    match constant {
        Constant::Integer(value) => Some(*value),
        Constant::Bool(value) => Some(Signed::new(false, if *value { &[1] } else { &[] })),
        _ => None,
    }
}

fn complex_constant<'t>(value: Complex) -> Constant<'t> {
    Constant::Complex { real: value.real, imaginary: value.imaginary }
}

pub(super) fn negate<'t>(operand: &Constant<'t>, arena: &'t Arena) -> Option<Constant<'t>> {
    Some(match number(operand)? {
        Number::Integer(value) => Constant::Integer(arena.integer(signed::neg(value).view())),
        Number::Float(value) => Constant::Float(-value),
        Number::Complex(value) => complex_constant(Complex { real: -value.real, imaginary: -value.imaginary }),
    })
}

pub(super) fn positive<'t>(operand: &Constant<'t>) -> Option<Constant<'t>> {
    Some(match number(operand)? {
        Number::Integer(value) => Constant::Integer(value),
        Number::Float(value) => Constant::Float(value),
        Number::Complex(value) => complex_constant(value),
    })
}

/// `~`; that of a `bool` is left to run time, where it warns.
pub(super) fn invert<'t>(operand: &Constant<'t>, arena: &'t Arena) -> Option<Constant<'t>> {
    match operand {
        Constant::Integer(value) => Some(Constant::Integer(arena.integer(signed::not(*value).view()))),
        _ => None,
    }
}

pub(super) fn binary<'t>(
    left: &Constant<'t>,
    operator: BinaryOperator,
    right: &Constant<'t>,
    arena: &'t Arena,
) -> Option<Constant<'t>> {
    if let (Constant::Bool(left), Constant::Bool(right)) = (left, right) {
        match operator {
            BinaryOperator::And => return Some(Constant::Bool(left & right)),
            BinaryOperator::Or => return Some(Constant::Bool(left | right)),
            BinaryOperator::Xor => return Some(Constant::Bool(left ^ right)),
            _ => {}
        }
    }
    match (number(left)?, number(right)?) {
        (Number::Integer(left), Number::Integer(right)) => integers(left, operator, right, arena),
        (Number::Complex(left), right) => match right {
            Number::Complex(right) => complex::binary(left, operator, right),
            Number::Float(right) => complex::binary_with_real(left, operator, right),
            Number::Integer(right) => complex::binary_with_real(left, operator, to_f64(right).ok()?),
        }
        .map(complex_constant),
        (left, Number::Complex(right)) => {
            complex::binary_of_real(as_float(&left)?, operator, right).map(complex_constant)
        }
        (left, right) => floats(as_float(&left)?, operator, as_float(&right)?),
    }
}

fn as_float(number: &Number<'_>) -> Option<f64> {
    match number {
        Number::Integer(value) => to_f64(*value).ok(),
        Number::Float(value) => Some(*value),
        Number::Complex(_) => None,
    }
}

fn integers<'t>(a: Signed<'_>, operator: BinaryOperator, b: Signed<'_>, arena: &'t Arena) -> Option<Constant<'t>> {
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
        BinaryOperator::Power => return power(a, b, arena),
        BinaryOperator::LeftShift | BinaryOperator::RightShift if b.is_negative() => return None,
        BinaryOperator::LeftShift if a.is_zero() => Integer::default(),
        BinaryOperator::LeftShift => {
            let count = to_u64(b)?;
            if count != 0 && (count > MAX_BITS || bit_length(a.digits()) > MAX_BITS - count) {
                return None;
            }
            signed::shl(a, count).ok()?
        }
        BinaryOperator::RightShift => signed::shr(a, to_u64(b).unwrap_or(u64::MAX)),
        BinaryOperator::And => signed::and(a, b),
        BinaryOperator::Or => signed::or(a, b),
        BinaryOperator::Xor => signed::xor(a, b),
        _ => return None,
    };
    Some(Constant::Integer(arena.integer(value.view())))
}

/// The value of an integer that is not negative, if it is not too large.
fn to_u64(value: Signed<'_>) -> Option<u64> {
    value.to_i128().and_then(|value| u64::try_from(value).ok())
}

fn power<'t>(a: Signed<'_>, b: Signed<'_>, arena: &'t Arena) -> Option<Constant<'t>> {
    if b.is_negative() {
        return floats(to_f64(a).ok()?, BinaryOperator::Power, to_f64(b).ok()?);
    }
    if !a.is_zero() && !b.is_zero() {
        let exponent = to_u64(b)?;
        if bit_length(a.digits()) > MAX_BITS / exponent {
            return None;
        }
    }
    signed::pow(a, b.digits()).ok().map(|value| Constant::Integer(arena.integer(value.view())))
}

fn floats<'t>(left: f64, operator: BinaryOperator, right: f64) -> Option<Constant<'t>> {
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
