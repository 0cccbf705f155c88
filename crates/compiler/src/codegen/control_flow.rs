//! `if`, `for`, `while` and conditions.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::location::Location;
use syntax::ast::{BoolOp, BooleanOperator, Compare, Expr, ExprKind, For, If, IfExp, UnaryOperator, While};
use syntax::token::Span;

use super::frame_blocks::FrameBlockKind;
use super::{CodeGenerator, Result};
use crate::instruction_sequence::{Label, location_of};
use crate::views::elif;

impl<'a> CodeGenerator<'a, '_> {
    /// An `if` with its `elif`s, of which there may be more than the stack bears.
    pub(super) fn if_(&mut self, node: &'a If<'a>, location: Location) -> Result<()> {
        // The ends of the outer ones.
        let mut ends = Vec::new();
        let (mut node, mut location) = (node, location);
        let mut end = self.new_label();
        while !node.orelse.is_empty() {
            let next = self.new_label();
            self.jump_if(&node.test, next, false, location)?;
            self.statements(&node.body)?;
            self.jump(Op::JumpNoInterrupt, end, Location::NONE);
            self.place(next);
            let Some((inner, span)) = elif(&node.orelse) else { break };
            self.unit.conditional_blocks += 1;
            (node, location) = (inner, location_of(span));
            ends.push(end);
            end = self.new_label();
        }
        match &node.orelse[..] {
            [] => {
                self.jump_if(&node.test, end, false, location)?;
                self.statements(&node.body)?;
            }
            otherwise => self.statements(otherwise)?,
        }
        self.unit.conditional_blocks -= ends.len() as u32;
        self.place(end);
        for end in ends.into_iter().rev() {
            self.place(end);
        }
        Ok(())
    }

    pub(super) fn for_(&mut self, node: &'a For<'a>, location: Location) -> Result<()> {
        let start = self.new_label();
        let cleanup = self.new_label();
        let end = self.new_label();
        self.push_frame_block(FrameBlockKind::For(start, end), location)?;
        self.expression(&node.iter)?;
        let location = location_of(node.iter.span);
        self.op(Op::GetIter, location);
        self.place(start);
        self.jump(Op::ForIter, cleanup, location);
        // Keeps the line of a target that is on a line of its own.
        self.op(Op::Nop, location_of(node.target.span));
        self.expression(&node.target)?;
        self.statements(&node.body)?;
        self.jump(Op::Jump, start, Location::NONE);
        self.place(cleanup);
        self.op(Op::EndFor, Location::NONE);
        self.op(Op::PopIter, Location::NONE);
        self.pop_frame_block();
        self.statements(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    pub(super) fn async_for(&mut self, node: &'a For<'a>, location: Location) -> Result<()> {
        let start = self.new_label();
        let send = self.new_label();
        let except = self.new_label();
        let end = self.new_label();
        self.expression(&node.iter)?;
        let iterable_location = location_of(node.iter.span);
        self.op(Op::GetAiter, iterable_location);
        self.place(start);
        self.push_frame_block(FrameBlockKind::For(start, end), location)?;
        self.next_awaited(except, send, location);
        self.op(Op::NotTaken, location);
        self.expression(&node.target)?;
        self.statements(&node.body)?;
        self.jump(Op::Jump, start, Location::NONE);
        self.pop_frame_block();
        self.place(except);
        // The end of the loop is where its iterable is, not its body.
        self.jump(Op::EndAsyncFor, send, iterable_location);
        self.statements(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    /// Awaits the next item of the asynchronous iterator on the stack; when there is none, control goes to `except`.
    pub(super) fn next_awaited(&mut self, except: Label, send: Label, location: Location) {
        self.jump(Op::SetupFinally, except, location);
        self.op(Op::GetAnext, location);
        self.none(location);
        self.place(send);
        self.yield_from(true, location);
        self.op(Op::PopBlock, location);
    }

    pub(super) fn while_(&mut self, node: &'a While<'a>, location: Location) -> Result<()> {
        let start = self.new_label();
        let end = self.new_label();
        let anchor = self.new_label();
        self.place(start);
        self.push_frame_block(FrameBlockKind::While(start, end), location)?;
        self.jump_if(&node.test, anchor, false, location)?;
        self.statements(&node.body)?;
        self.jump(Op::Jump, start, Location::NONE);
        self.pop_frame_block();
        self.place(anchor);
        self.statements(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    pub(super) fn conditional_expression(&mut self, node: &'a IfExp<'a>, span: Span) -> Result<()> {
        let end = self.new_label();
        let next = self.new_label();
        self.jump_if(&node.test, next, false, location_of(span))?;
        self.expression(&node.body)?;
        self.jump(Op::JumpNoInterrupt, end, Location::NONE);
        self.place(next);
        self.expression(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    pub(super) fn boolean_operation(&mut self, node: &'a BoolOp<'a>, location: Location) -> Result<()> {
        let opcode = match node.op {
            BooleanOperator::And => Op::JumpIfFalse,
            BooleanOperator::Or => Op::JumpIfTrue,
        };
        let end = self.new_label();
        let Some((last, others)) = node.values.split_last() else { return Ok(()) };
        for value in others {
            self.expression(value)?;
            self.jump(opcode, end, location);
            self.op(Op::PopTop, location);
        }
        self.expression(last)?;
        self.place(end);
        Ok(())
    }

    /// Goes to `next` if the truth of the expression is `condition`.
    pub(super) fn jump_if(
        &mut self,
        test: &'a Expr<'a>,
        next: Label,
        condition: bool,
        location: Location,
    ) -> Result<()> {
        self.guard.check()?;
        match &test.kind {
            ExprKind::UnaryOp(node) if node.op == UnaryOperator::Not => {
                self.jump_if(&node.operand, next, !condition, location)
            }
            ExprKind::BoolOp(node) => self.jump_if_boolean(node, next, condition, location),
            ExprKind::IfExp(node) => {
                let end = self.new_label();
                let otherwise = self.new_label();
                self.jump_if(&node.test, otherwise, false, location)?;
                self.jump_if(&node.body, next, condition, location)?;
                self.jump(Op::JumpNoInterrupt, end, Location::NONE);
                self.place(otherwise);
                self.jump_if(&node.orelse, next, condition, location)?;
                self.place(end);
                Ok(())
            }
            ExprKind::Compare(node) if node.ops.len() > 1 => self.jump_if_chain(node, next, condition, test.span),
            _ => {
                self.expression(test)?;
                let location = location_of(test.span);
                self.op_joined(Op::ToBool, location);
                self.jump(pop_jump_if(condition), next, location);
                Ok(())
            }
        }
    }

    fn jump_if_boolean(
        &mut self,
        node: &'a BoolOp<'a>,
        next: Label,
        condition: bool,
        location: Location,
    ) -> Result<()> {
        let Some((last, others)) = node.values.split_last() else { return Ok(()) };
        let deciding = node.op == BooleanOperator::Or;
        // Where a value goes that decides the whole.
        let decided = if deciding == condition { next } else { self.new_label() };
        for value in others {
            self.jump_if(value, decided, deciding, location)?;
        }
        self.jump_if(last, next, condition, location)?;
        if decided != next {
            self.place(decided);
        }
        Ok(())
    }

    /// A chain of comparisons, such as `a < b < c`.
    fn jump_if_chain(&mut self, node: &'a Compare<'a>, next: Label, condition: bool, span: Span) -> Result<()> {
        let location = location_of(span);
        self.check_comparison(node, span);
        let cleanup = self.new_label();
        self.expression(&node.left)?;
        let parts = node.ops.split_last().zip(node.comparators.split_last());
        let Some(((last_comparison, comparisons), (last, comparators))) = parts else { return Ok(()) };
        for (comparison, comparator) in comparisons.iter().zip(comparators) {
            self.expression(comparator)?;
            self.op_arg(Op::Swap, 2, location);
            self.op_arg(Op::Copy, 2, location);
            self.compare(*comparison, location);
            self.op_joined(Op::ToBool, location);
            self.jump(Op::PopJumpIfFalse, cleanup, location);
        }
        self.expression(last)?;
        self.compare(*last_comparison, location);
        self.op_joined(Op::ToBool, location);
        self.jump(pop_jump_if(condition), next, location);
        let end = self.new_label();
        self.jump(Op::JumpNoInterrupt, end, Location::NONE);
        self.place(cleanup);
        self.op(Op::PopTop, location);
        if !condition {
            self.jump(Op::JumpNoInterrupt, next, Location::NONE);
        }
        self.place(end);
        Ok(())
    }
}

fn pop_jump_if(condition: bool) -> Op {
    if condition { Op::PopJumpIfTrue } else { Op::PopJumpIfFalse }
}
