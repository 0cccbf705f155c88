//! Frame blocks: what `return`, `break` and `continue` have to leave on their way out.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::location::Location;
use syntax::ast::Stmt;
use syntax::interner::Symbol;
use syntax::token::{Position, Span};

use super::{CodeGenerator, Result};
use crate::instruction_sequence::Label;

/// What is around a statement.
#[derive(Clone, Copy)]
pub(super) enum FrameBlockKind<'a> {
    /// `while`: where it starts and where `break` goes.
    While(Label, Label),
    /// `for`: where it starts and where `break` goes. The iterator is on the stack.
    For(Label, Label),
    /// The body of a `try` with handlers.
    TryExcept,
    /// The body of a `try` with this `finally`.
    FinallyTry(&'a [Stmt<'a>]),
    /// A `finally` block that runs because of an exception.
    FinallyEnd,
    With {
        is_async: bool,
    },
    /// The body of a handler, which binds this name.
    HandlerCleanup(Option<Symbol>),
    /// A value on the stack that is to be kept.
    PopValue,
    ExceptionHandler,
    ExceptionGroupHandler,
    AsyncComprehension,
    /// The handler that restores variables around an inlined comprehension.
    InlinedComprehension,
    /// The handler around every generator's body.
    StopIteration,
}

#[derive(Clone, Copy)]
pub(super) struct FrameBlock<'a> {
    pub kind: FrameBlockKind<'a>,
    pub location: Location,
}

/// The loop that a `break` or `continue` leads out of or to.
#[derive(Clone, Copy)]
pub(super) struct Loop {
    pub start: Label,
    pub exit: Label,
    pub is_for: bool,
}

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn push_frame_block(&mut self, kind: FrameBlockKind<'a>, location: Location) -> Result<()> {
        if self.unit.frame_blocks.len() >= bytecode::code_flags::CO_MAXBLOCKS {
            return self.error("too many statically nested blocks", span_of(location));
        }
        self.silenced += u32::from(matches!(kind, FrameBlockKind::FinallyEnd));
        self.unit.frame_blocks.push(FrameBlock { kind, location });
        Ok(())
    }

    pub(super) fn pop_frame_block(&mut self) {
        let popped = self.unit.frame_blocks.pop();
        if matches!(popped, Some(FrameBlock { kind: FrameBlockKind::FinallyEnd, .. })) {
            self.silenced -= 1;
        }
    }

    /// Leaves one block. If `preserve_top`, the value on top of the stack stays there. Code after a `finally` or `with`
    /// seems to belong to no line: so `location` changes.
    fn unwind(&mut self, block: FrameBlock<'a>, location: &mut Location, preserve_top: bool) -> Result<()> {
        match block.kind {
            FrameBlockKind::While(..)
            | FrameBlockKind::ExceptionHandler
            | FrameBlockKind::ExceptionGroupHandler
            | FrameBlockKind::AsyncComprehension
            | FrameBlockKind::InlinedComprehension
            | FrameBlockKind::StopIteration => {}
            FrameBlockKind::For(..) | FrameBlockKind::PopValue => self.pop_below(preserve_top, *location),
            FrameBlockKind::TryExcept => self.op(Op::PopBlock, *location),
            FrameBlockKind::FinallyTry(body) => {
                self.op(Op::PopBlock, *location);
                if preserve_top {
                    self.push_frame_block(FrameBlockKind::PopValue, *location)?;
                }
                self.statements(body)?;
                if preserve_top {
                    self.pop_frame_block();
                }
                *location = Location::NONE;
            }
            FrameBlockKind::FinallyEnd => {
                self.pop_below(preserve_top, *location);
                if preserve_top {
                    self.op_arg(Op::Swap, 2, *location);
                }
                self.op(Op::PopBlock, *location);
                self.op(Op::PopExcept, *location);
            }
            FrameBlockKind::With { is_async } => {
                *location = block.location;
                self.unwind_with(is_async, preserve_top, *location);
                *location = Location::NONE;
            }
            FrameBlockKind::HandlerCleanup(name) => self.unwind_handler(name, preserve_top, *location),
        }
        Ok(())
    }

    /// Pops what lies under the top if that is preserved, else the top.
    fn pop_below(&mut self, preserve_top: bool, location: Location) {
        if preserve_top {
            self.op_arg(Op::Swap, 2, location);
        }
        self.op(Op::PopTop, location);
    }

    fn unwind_with(&mut self, is_async: bool, preserve_top: bool, location: Location) {
        self.op(Op::PopBlock, location);
        if preserve_top {
            self.op_arg(Op::Swap, 3, location);
            self.op_arg(Op::Swap, 2, location);
        }
        self.call_exit_with_nones(location);
        if is_async {
            self.await_top(2, location);
        }
        self.op(Op::PopTop, location);
    }

    fn unwind_handler(&mut self, name: Option<Symbol>, preserve_top: bool, location: Location) {
        if name.is_some() {
            self.op(Op::PopBlock, location);
        }
        if preserve_top {
            self.op_arg(Op::Swap, 2, location);
        }
        self.op(Op::PopBlock, location);
        self.op(Op::PopExcept, location);
        if let Some(name) = name {
            self.unbind(name, location);
        }
    }

    /// Sets a handler's name to None and deletes it: the deletion works even if the body has deleted it.
    pub(super) fn unbind(&mut self, name: Symbol, location: Location) {
        self.none(location);
        self.store_name(name, location);
        self.delete_name(name, location);
    }

    pub(super) fn call_exit_with_nones(&mut self, location: Location) {
        for _ in 0..3 {
            self.none(location);
        }
        self.op_arg(Op::Call, 3, location);
    }

    /// Leaves all blocks, or those up to the first loop if `stop_at_loop`; returns that loop.
    pub(super) fn unwind_all(
        &mut self,
        location: &mut Location,
        preserve_top: bool,
        stop_at_loop: bool,
    ) -> Result<Option<Loop>> {
        let Some(top) = self.unit.frame_blocks.last().copied() else { return Ok(None) };
        match top.kind {
            FrameBlockKind::ExceptionGroupHandler => {
                let message = "'break', 'continue' and 'return' cannot appear in an except* block";
                return self.error(message, span_of(*location));
            }
            FrameBlockKind::While(start, exit) if stop_at_loop => {
                return Ok(Some(Loop { start, exit, is_for: false }));
            }
            FrameBlockKind::For(start, exit) if stop_at_loop => {
                return Ok(Some(Loop { start, exit, is_for: true }));
            }
            _ => {}
        }
        // Code of a `finally` that is left must not find itself around it.
        self.pop_frame_block();
        self.unwind(top, location, preserve_top)?;
        let found = self.unwind_all(location, preserve_top, stop_at_loop)?;
        self.push_frame_block(top.kind, top.location)?;
        Ok(found)
    }
}

/// The span that a location came from.
pub(super) fn span_of(location: Location) -> Span {
    let position = |line: i32, column: i32| Position { line: line as u32, column: column as u32 };
    Span { start: position(location.line, location.column), end: position(location.end_line, location.end_column) }
}
