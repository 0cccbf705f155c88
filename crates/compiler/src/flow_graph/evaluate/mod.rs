//! What operators yield for constants, as far as the folder computes it.
//!
//! None means that the operation is left to run time: it raises, its result is too large, or its operands are of types
//! that no literal has.

mod complex;
mod float;
mod number;
mod sequence;
mod set;

use bytecode::arena::Arena;
use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode;
use bytecode::instruction::operands::BinaryOperator;

pub(super) use set::frozen_set;

/// The value of a unary operator; `CALL_INTRINSIC_1` stands for unary plus.
pub(super) fn unary<'t>(opcode: CompilerOpcode, operand: &Constant<'t>, arena: &'t Arena) -> Option<Constant<'t>> {
    match opcode {
        CompilerOpcode::UnaryNot => Some(Constant::Bool(!operand.is_true())),
        CompilerOpcode::UnaryNegative => number::negate(operand, arena),
        CompilerOpcode::UnaryInvert => number::invert(operand, arena),
        CompilerOpcode::CallIntrinsic1 => number::positive(operand),
        _ => None,
    }
}

/// The value of a binary operator.
pub(super) fn binary<'t>(
    left: &Constant<'t>,
    operator: BinaryOperator,
    right: &Constant<'t>,
    arena: &'t Arena,
) -> Option<Constant<'t>> {
    match operator {
        BinaryOperator::Add => {
            sequence::concatenate(left, right, arena).or_else(|| number::binary(left, operator, right, arena))
        }
        BinaryOperator::Multiply => sequence::repeat(left, right, arena)
            .or_else(|| sequence::repeat(right, left, arena))
            .or_else(|| number::binary(left, operator, right, arena)),
        BinaryOperator::Subscript => sequence::subscript(left, right, arena),
        _ => number::binary(left, operator, right, arena),
    }
}
