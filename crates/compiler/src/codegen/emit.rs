//! Appending instructions: the vocabulary of the other files.

use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::{BinaryIntrinsic, BinaryOperator, ComparisonOperator, UnaryIntrinsic};
use bytecode::location::Location;
use syntax::ast::{ComparisonOperator as Comparison, Operator};
use syntax::interner::Symbol;
use text::wtf8::Wtf8;

use super::{CodeGenerator, Result};
use crate::flow_graph::small_integer;
use crate::instruction_sequence::Label;

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn op(&mut self, opcode: Op, location: Location) {
        self.unit.sequence.add(opcode, 0, location);
    }

    /// A `TO_BOOL` or `PUSH_NULL`, which the instruction before may do as well.
    pub(super) fn op_joined(&mut self, opcode: Op, location: Location) {
        match self.settings.is_plain {
            true => self.op(opcode, location),
            false => self.unit.sequence.add_joined(opcode, location),
        }
    }

    pub(super) fn op_arg(&mut self, opcode: Op, argument: u32, location: Location) {
        self.unit.sequence.add(opcode, argument, location);
    }

    /// An instruction whose argument counts things.
    pub(super) fn op_count(&mut self, opcode: Op, count: usize, location: Location) {
        // Counts are bounded by the size of a source, which is below 2**31.
        self.unit.sequence.add(opcode, count as u32, location);
    }

    pub(super) fn jump(&mut self, opcode: Op, target: Label, location: Location) {
        self.unit.sequence.add_jump(opcode, target, location);
    }

    pub(super) fn new_label(&mut self) -> Label {
        self.unit.sequence.new_label()
    }

    pub(super) fn place(&mut self, label: Label) {
        self.unit.sequence.use_label(label);
    }

    pub(super) fn constant(&mut self, constant: Constant<'a>, location: Location) {
        if let Some(value) = self.small_integer(&constant) {
            return self.op_arg(Op::LoadSmallInt, value, location);
        }
        let is_integer = matches!(constant, Constant::Integer(_));
        let number = self.unit.metadata.constants.add(constant);
        self.load_constant(number, is_integer, location);
    }

    /// The value of an integer that needs no place among the constants. The first constant has one in any case.
    fn small_integer(&self, constant: &Constant<'_>) -> Option<u32> {
        if self.settings.is_plain || self.unit.metadata.constants.is_empty() { None } else { small_integer(constant) }
    }

    fn load_constant(&mut self, number: u32, is_integer: bool, location: Location) {
        match is_integer {
            true => self.unit.sequence.add(Op::LoadConst, number, location),
            false => self.unit.sequence.add_load_of_other(number, location),
        }
    }

    pub(super) fn none(&mut self, location: Location) {
        let number = self.unit.metadata.constants.add_none();
        self.unit.sequence.add_load_of_other(number, location);
    }

    pub(super) fn string(&mut self, text: Wtf8<'a>, location: Location) {
        self.constant(Constant::String(text), location);
    }

    /// A name as a constant.
    pub(super) fn name_string(&mut self, name: Symbol, location: Location) {
        self.string(self.text(name), location);
    }

    pub(super) fn integer(&mut self, value: usize, location: Location) {
        self.constant(Constant::Integer(self.arena().integer_of(value as i64)), location);
    }

    pub(super) fn string_tuple(&mut self, names: impl Iterator<Item = Symbol>, location: Location) {
        let names: Vec<_> = names.map(|name| Constant::String(self.text(name))).collect();
        self.constant(Constant::Tuple(self.arena().copies(&names)), location);
    }

    /// The name as it is in this unit, private names mangled.
    #[inline]
    pub(super) fn mangled(&mut self, name: Symbol) -> Symbol {
        self.table.maybe_mangle(self.unit.scope, self.unit.class, name, self.interner)
    }

    /// The letters of a name.
    pub(super) fn text(&self, name: Symbol) -> Wtf8<'a> {
        self.interner.text(name)
    }

    /// An instruction that is given a name of `co_names`, such as an attribute's. The low bits of the argument are
    /// `bits`, of which there are `shift`.
    pub(super) fn name_op_with_bits(&mut self, opcode: Op, name: Symbol, shift: u32, bits: u32, location: Location) {
        let number = self.number_of_attribute(name);
        self.op_arg(opcode, number << shift | bits, location);
    }

    pub(super) fn name_op(&mut self, opcode: Op, name: Symbol, location: Location) {
        self.name_op_with_bits(opcode, name, 0, 0, location);
    }

    pub(super) fn load_attribute(&mut self, name: Symbol, location: Location) {
        self.name_op_with_bits(Op::LoadAttr, name, 1, 0, location);
    }

    /// Loads an attribute in order to call it: a method comes with its object.
    pub(super) fn load_method(&mut self, name: Symbol, location: Location) {
        self.name_op_with_bits(Op::LoadAttr, name, 1, 1, location);
    }

    pub(super) fn intrinsic(&mut self, function: UnaryIntrinsic, location: Location) {
        self.op_arg(Op::CallIntrinsic1, function as u32, location);
    }

    pub(super) fn binary_intrinsic(&mut self, function: BinaryIntrinsic, location: Location) {
        self.op_arg(Op::CallIntrinsic2, function as u32, location);
    }

    pub(super) fn binary(&mut self, operator: BinaryOperator, location: Location) {
        self.op_arg(Op::BinaryOp, operator as u32, location);
    }

    pub(super) fn compare(&mut self, comparison: Comparison, location: Location) {
        let operator = match comparison {
            Comparison::Is => return self.op_arg(Op::IsOp, 0, location),
            Comparison::IsNot => return self.op_arg(Op::IsOp, 1, location),
            Comparison::In => return self.op_arg(Op::ContainsOp, 0, location),
            Comparison::NotIn => return self.op_arg(Op::ContainsOp, 1, location),
            Comparison::Eq => ComparisonOperator::Equal,
            Comparison::NotEq => ComparisonOperator::NotEqual,
            Comparison::Lt => ComparisonOperator::Less,
            Comparison::LtE => ComparisonOperator::LessEqual,
            Comparison::Gt => ComparisonOperator::Greater,
            Comparison::GtE => ComparisonOperator::GreaterEqual,
        };
        self.op_arg(Op::CompareOp, operator.to_oparg(), location);
    }

    /// What the code of a `yield from` or an `await` does when the iterator is on the stack.
    pub(super) fn yield_from(&mut self, is_await: bool, location: Location) {
        let send = self.new_label();
        let fail = self.new_label();
        let exit = self.new_label();
        self.place(send);
        self.jump(Op::Send, exit, location);
        // Catches the StopIteration that a `close` or `throw` brings: a yield raises in no other way.
        self.jump(Op::SetupFinally, fail, location);
        self.op_arg(Op::YieldValue, 1, location);
        self.op(Op::PopBlock, Location::NONE);
        self.op_arg(Op::Resume, if is_await { 3 } else { 2 }, location);
        self.jump(Op::JumpNoInterrupt, send, location);
        self.place(fail);
        self.op(Op::CleanupThrow, location);
        self.place(exit);
        self.op(Op::EndSend, location);
    }

    /// Awaits what is on the stack. `kind` tells `GET_AWAITABLE` whether a method of `async with` gave it.
    pub(super) fn await_top(&mut self, kind: u32, location: Location) {
        self.op_arg(Op::GetAwaitable, kind, location);
        self.none(location);
        self.yield_from(true, location);
    }

    pub(super) fn yield_value(&mut self, location: Location) {
        let scope = self.table.scope(self.unit.scope);
        if scope.generator && scope.coroutine {
            self.intrinsic(UnaryIntrinsic::AsyncGeneratorWrap, location);
        }
        self.op_arg(Op::YieldValue, 0, location);
        self.op_arg(Op::Resume, 1, location);
    }

    /// Leaves a handler by raising again what it handles.
    pub(super) fn pop_except_and_reraise(&mut self, location: Location) {
        self.op_arg(Op::Copy, 3, location);
        self.op(Op::PopExcept, location);
        self.op_arg(Op::Reraise, 1, location);
    }

    /// What every unit ends with.
    pub(super) fn return_at_end(&mut self, add_none: bool) -> Result<()> {
        if !self.settings.is_plain && self.unit.sequence.is_left() {
            // The flow graph would remove it, and the constant unless that is the first.
            if add_none && self.unit.metadata.constants.is_empty() {
                self.unit.metadata.constants.add(Constant::None);
            }
            return Ok(());
        }
        if add_none {
            self.none(Location::NONE);
        }
        self.op(Op::ReturnValue, Location::NONE);
        Ok(())
    }
}

/// The operator of `BINARY_OP`.
pub(super) fn binary_operator(operator: Operator, inplace: bool) -> BinaryOperator {
    use BinaryOperator as Binary;
    let (plain, in_place) = match operator {
        Operator::Add => (Binary::Add, Binary::InplaceAdd),
        Operator::Sub => (Binary::Subtract, Binary::InplaceSubtract),
        Operator::Mult => (Binary::Multiply, Binary::InplaceMultiply),
        Operator::MatMult => (Binary::MatrixMultiply, Binary::InplaceMatrixMultiply),
        Operator::Div => (Binary::TrueDivide, Binary::InplaceTrueDivide),
        Operator::Mod => (Binary::Remainder, Binary::InplaceRemainder),
        Operator::Pow => (Binary::Power, Binary::InplacePower),
        Operator::LShift => (Binary::LeftShift, Binary::InplaceLeftShift),
        Operator::RShift => (Binary::RightShift, Binary::InplaceRightShift),
        Operator::BitOr => (Binary::Or, Binary::InplaceOr),
        Operator::BitXor => (Binary::Xor, Binary::InplaceXor),
        Operator::BitAnd => (Binary::And, Binary::InplaceAnd),
        Operator::FloorDiv => (Binary::FloorDivide, Binary::InplaceFloorDivide),
    };
    if inplace { in_place } else { plain }
}
