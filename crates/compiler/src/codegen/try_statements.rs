//! `try` with `except`, `except*` and `finally`. The handlers' stacks are drawn in CPython's InternalDocs/exception_handling.md.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::BinaryIntrinsic;
use bytecode::location::Location;
use syntax::ast::{ExceptHandler, Stmt, Try};

use super::frame_blocks::FrameBlockKind;
use super::{CodeGenerator, Result};
use crate::instruction_sequence::{Label, location_of};

const NONE: Location = Location::NONE;

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn try_(&mut self, node: &'a Try<'a>, is_star: bool, location: Location) -> Result<()> {
        match (node.finalbody.is_empty(), is_star) {
            (false, _) => self.try_finally(node, is_star, location),
            (true, false) => self.try_except(node, location),
            (true, true) => self.try_except_star(node, location),
        }
    }

    fn try_finally(&mut self, node: &'a Try<'a>, is_star: bool, location: Location) -> Result<()> {
        let body = self.new_label();
        let end = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();
        self.jump(Op::SetupFinally, end, location);
        self.place(body);
        self.push_frame_block(FrameBlockKind::FinallyTry(&node.finalbody), location)?;
        match (node.handlers.is_empty(), is_star) {
            (true, _) => self.statements(&node.body)?,
            (false, false) => self.try_except(node, location)?,
            (false, true) => self.try_except_star(node, location)?,
        }
        self.op(Op::PopBlock, NONE);
        self.pop_frame_block();
        self.statements(&node.finalbody)?;
        self.jump(Op::JumpNoInterrupt, exit, NONE);
        // The same code again, for when an exception goes through.
        self.place(end);
        self.jump(Op::SetupCleanup, cleanup, NONE);
        self.op(Op::PushExcInfo, NONE);
        self.push_frame_block(FrameBlockKind::FinallyEnd, NONE)?;
        self.statements(&node.finalbody)?;
        self.pop_frame_block();
        self.op_arg(Op::Reraise, 0, NONE);
        self.place(cleanup);
        self.pop_except_and_reraise(NONE);
        self.place(exit);
        Ok(())
    }

    fn guarded_body(&mut self, statements: &'a [Stmt<'a>], except: Label, location: Location) -> Result<()> {
        let body = self.new_label();
        self.jump(Op::SetupFinally, except, location);
        self.place(body);
        self.push_frame_block(FrameBlockKind::TryExcept, location)?;
        self.statements(statements)?;
        self.pop_frame_block();
        self.op(Op::PopBlock, NONE);
        Ok(())
    }

    fn try_except(&mut self, node: &'a Try<'a>, location: Location) -> Result<()> {
        let except = self.new_label();
        let end = self.new_label();
        let cleanup = self.new_label();
        self.guarded_body(&node.body, except, location)?;
        self.statements(&node.orelse)?;
        self.jump(Op::JumpNoInterrupt, end, NONE);
        self.place(except);
        self.jump(Op::SetupCleanup, cleanup, NONE);
        self.op(Op::PushExcInfo, NONE);
        self.push_frame_block(FrameBlockKind::ExceptionHandler, location)?;
        for (index, handler) in node.handlers.iter().enumerate() {
            if handler.type_.is_none() && index + 1 < node.handlers.len() {
                return self.error("default 'except:' must be last", handler.span);
            }
            self.handler(handler, end)?;
        }
        self.pop_frame_block();
        self.op_arg(Op::Reraise, 0, NONE);
        self.place(cleanup);
        self.pop_except_and_reraise(NONE);
        self.place(end);
        Ok(())
    }

    fn handler(&mut self, handler: &'a ExceptHandler<'a>, end: Label) -> Result<()> {
        let location = location_of(handler.span);
        let next = self.new_label();
        if let Some(exception_type) = &handler.type_ {
            self.expression(exception_type)?;
            self.op(Op::CheckExcMatch, location);
            self.jump(Op::PopJumpIfFalse, next, location);
        }
        match handler.name {
            None => {
                self.op(Op::PopTop, location);
                self.handler_body(handler, location)?;
                self.op(Op::PopBlock, NONE);
                self.op(Op::PopExcept, NONE);
                self.jump(Op::JumpNoInterrupt, end, NONE);
            }
            Some(name) => {
                // The name is unbound however the body ends.
                let cleanup_end = self.new_label();
                self.store_name(name, location);
                self.jump(Op::SetupCleanup, cleanup_end, location);
                self.handler_body(handler, location)?;
                self.op(Op::PopBlock, NONE);
                self.op(Op::PopBlock, NONE);
                self.op(Op::PopExcept, NONE);
                self.unbind(name, NONE);
                self.jump(Op::JumpNoInterrupt, end, NONE);
                self.place(cleanup_end);
                self.unbind(name, NONE);
                self.op_arg(Op::Reraise, 1, NONE);
            }
        }
        self.place(next);
        Ok(())
    }

    fn handler_body(&mut self, handler: &'a ExceptHandler<'a>, location: Location) -> Result<()> {
        let body = self.new_label();
        self.place(body);
        self.push_frame_block(FrameBlockKind::HandlerCleanup(handler.name), location)?;
        self.statements(&handler.body)?;
        self.pop_frame_block();
        Ok(())
    }

    fn try_except_star(&mut self, node: &'a Try<'a>, location: Location) -> Result<()> {
        let except = self.new_label();
        let orelse = self.new_label();
        let end = self.new_label();
        let cleanup = self.new_label();
        let reraise_star = self.new_label();
        self.guarded_body(&node.body, except, location)?;
        self.jump(Op::JumpNoInterrupt, orelse, NONE);
        self.place(except);
        self.jump(Op::SetupCleanup, cleanup, NONE);
        self.op(Op::PushExcInfo, NONE);
        self.push_frame_block(FrameBlockKind::ExceptionGroupHandler, location)?;
        for (index, handler) in node.handlers.iter().enumerate() {
            if index == 0 {
                // The exceptions that the handlers raise, and the original group.
                let location = location_of(handler.span);
                self.op_arg(Op::BuildList, 0, location);
                self.op_arg(Op::Copy, 2, location);
            }
            self.star_handler(handler)?;
            if index + 1 == node.handlers.len() {
                // What no handler took, or None.
                self.op_arg(Op::ListAppend, 1, NONE);
                self.jump(Op::JumpNoInterrupt, reraise_star, NONE);
            }
        }
        self.pop_frame_block();
        self.reraise_star(reraise_star, end);
        self.place(cleanup);
        self.pop_except_and_reraise(NONE);
        self.place(orelse);
        self.statements(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    fn star_handler(&mut self, handler: &'a ExceptHandler<'a>) -> Result<()> {
        let location = location_of(handler.span);
        let except = self.new_label();
        let except_with_error = self.new_label();
        let no_match = self.new_label();
        if let Some(exception_type) = &handler.type_ {
            self.expression(exception_type)?;
            self.op(Op::CheckEgMatch, location);
            self.op_arg(Op::Copy, 1, location);
            self.jump(Op::PopJumpIfNone, no_match, location);
        }
        let cleanup_end = self.new_label();
        match handler.name {
            Some(name) => self.store_name(name, location),
            None => self.op(Op::PopTop, location),
        }
        self.jump(Op::SetupCleanup, cleanup_end, location);
        self.handler_body(handler, location)?;
        self.op(Op::PopBlock, NONE);
        if let Some(name) = handler.name {
            self.unbind(name, NONE);
        }
        self.jump(Op::JumpNoInterrupt, except, NONE);
        self.place(cleanup_end);
        if let Some(name) = handler.name {
            self.unbind(name, NONE);
        }
        self.op_arg(Op::ListAppend, 3, NONE);
        self.op(Op::PopTop, NONE);
        self.jump(Op::JumpNoInterrupt, except_with_error, NONE);
        self.place(except);
        self.op(Op::Nop, NONE);
        self.jump(Op::JumpNoInterrupt, except_with_error, NONE);
        self.place(no_match);
        self.op(Op::PopTop, location);
        self.place(except_with_error);
        Ok(())
    }

    /// Raises what the handlers have left, if anything.
    fn reraise_star(&mut self, reraise_star: Label, end: Label) {
        let reraise = self.new_label();
        self.place(reraise_star);
        self.binary_intrinsic(BinaryIntrinsic::PrepareReraiseStar, NONE);
        self.op_arg(Op::Copy, 1, NONE);
        self.jump(Op::PopJumpIfNotNone, reraise, NONE);
        self.op(Op::PopTop, NONE);
        self.op(Op::PopBlock, NONE);
        self.op(Op::PopExcept, NONE);
        self.jump(Op::JumpNoInterrupt, end, NONE);
        self.place(reraise);
        self.op(Op::PopBlock, NONE);
        self.op_arg(Op::Swap, 2, NONE);
        self.op(Op::PopExcept, NONE);
        self.op_arg(Op::Reraise, 0, NONE);
    }
}
