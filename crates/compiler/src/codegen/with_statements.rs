//! `with` and `async with`.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::SpecialMethod;
use bytecode::location::Location;
use syntax::ast::{Stmt, WithItem};

use super::frame_blocks::FrameBlockKind;
use super::{CodeGenerator, Result};
use crate::instruction_sequence::{Label, location_of};

const NONE: Location = Location::NONE;

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn with(&mut self, items: &'a [WithItem<'a>], body: &'a [Stmt<'a>]) -> Result<()> {
        self.guard.check()?;
        let Some((item, rest)) = items.split_first() else { return self.statements(body) };
        let block = self.new_label();
        let final_ = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();
        self.expression(&item.context_expr)?;
        let location = location_of(item.context_expr.span);
        self.enter_context(SpecialMethod::Exit, SpecialMethod::Enter, location);
        self.jump(Op::SetupWith, final_, location);
        self.place(block);
        self.push_frame_block(FrameBlockKind::With { is_async: false }, location)?;
        self.bind_context(item, location)?;
        self.with(rest, body)?;
        self.op(Op::PopBlock, NONE);
        self.pop_frame_block();
        self.call_exit_with_nones(location);
        self.op(Op::PopTop, location);
        self.jump(Op::Jump, exit, location);
        self.place(final_);
        self.jump(Op::SetupCleanup, cleanup, location);
        self.op(Op::PushExcInfo, location);
        self.op(Op::WithExceptStart, location);
        self.suppress_or_reraise(cleanup);
        self.place(exit);
        Ok(())
    }

    pub(super) fn async_with(&mut self, items: &'a [WithItem<'a>], body: &'a [Stmt<'a>]) -> Result<()> {
        self.guard.check()?;
        let Some((item, rest)) = items.split_first() else { return self.statements(body) };
        let block = self.new_label();
        let final_ = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();
        self.expression(&item.context_expr)?;
        let location = location_of(item.context_expr.span);
        self.enter_context(SpecialMethod::AsyncExit, SpecialMethod::AsyncEnter, location);
        self.await_top(1, location);
        self.jump(Op::SetupWith, final_, location);
        self.place(block);
        self.push_frame_block(FrameBlockKind::With { is_async: true }, location)?;
        self.bind_context(item, location)?;
        self.async_with(rest, body)?;
        self.pop_frame_block();
        self.op(Op::PopBlock, location);
        self.call_exit_with_nones(location);
        self.await_top(2, location);
        self.op(Op::PopTop, location);
        self.jump(Op::Jump, exit, location);
        self.place(final_);
        self.jump(Op::SetupCleanup, cleanup, location);
        self.op(Op::PushExcInfo, location);
        self.op(Op::WithExceptStart, location);
        self.await_top(2, location);
        self.suppress_or_reraise(cleanup);
        self.place(exit);
        Ok(())
    }

    /// Calls the entering method of the context manager on the stack, keeping the leaving method below the result.
    fn enter_context(&mut self, exit: SpecialMethod, enter: SpecialMethod, location: Location) {
        self.op_arg(Op::Copy, 1, location);
        self.op_arg(Op::LoadSpecial, exit as u32, location);
        self.op_arg(Op::Swap, 2, location);
        self.op_arg(Op::Swap, 3, location);
        self.op_arg(Op::LoadSpecial, enter as u32, location);
        self.op_arg(Op::Call, 0, location);
    }

    fn bind_context(&mut self, item: &'a WithItem<'a>, location: Location) -> Result<()> {
        match &item.optional_vars {
            Some(target) => self.expression(target),
            None => {
                self.op(Op::PopTop, location);
                Ok(())
            }
        }
    }

    /// Ends the handling of an exception in a `with` by what its leaving method has returned.
    fn suppress_or_reraise(&mut self, cleanup: Label) {
        let suppress = self.new_label();
        let exit = self.new_label();
        self.op_joined(Op::ToBool, NONE);
        self.jump(Op::PopJumpIfTrue, suppress, NONE);
        self.op_arg(Op::Reraise, 2, NONE);
        self.place(suppress);
        self.op(Op::PopTop, NONE);
        self.op(Op::PopBlock, NONE);
        self.op(Op::PopExcept, NONE);
        for _ in 0..3 {
            self.op(Op::PopTop, NONE);
        }
        self.jump(Op::JumpNoInterrupt, exit, NONE);
        self.place(cleanup);
        self.pop_except_and_reraise(NONE);
        self.place(exit);
    }
}
