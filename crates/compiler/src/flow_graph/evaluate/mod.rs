//! What operators yield for constants, as far as the folder computes it.
//!
//! None means that the operation is left to run time: it raises, its result is too large, or its operands are of types
//! that no literal has.

mod complex;
mod float;
mod number;
mod sequence;
mod set;

use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode;
use bytecode::instruction::operands::BinaryOperator;

pub(super) use set::frozen_set;

/// The value of a unary operator; `CALL_INTRINSIC_1` stands for unary plus.
pub(super) fn unary(opcode: CompilerOpcode, operand: &Constant) -> Option<Constant> {
    match opcode {
        CompilerOpcode::UnaryNot => Some(Constant::Bool(!operand.is_true())),
        CompilerOpcode::UnaryNegative => number::negate(operand),
        CompilerOpcode::UnaryInvert => number::invert(operand),
        CompilerOpcode::CallIntrinsic1 => number::positive(operand),
        _ => None,
    }
}

/// The value of a binary operator.
pub(super) fn binary(left: &Constant, operator: BinaryOperator, right: &Constant) -> Option<Constant> {
    match operator {
        BinaryOperator::Add => sequence::concatenate(left, right).or_else(|| number::binary(left, operator, right)),
        BinaryOperator::Multiply => sequence::repeat(left, right)
            .or_else(|| sequence::repeat(right, left))
            .or_else(|| number::binary(left, operator, right)),
        BinaryOperator::Subscript => sequence::subscript(left, right),
        _ => number::binary(left, operator, right),
    }
}
