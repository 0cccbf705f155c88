//! Statements: which family each belongs to, and the small ones.

use bytecode::constant::Constant;
use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::{CommonConstant, UnaryIntrinsic};
use bytecode::location::Location;
use syntax::ast::{Assert, Assign, Expr, ExprKind, Raise, Return, Stmt, StmtKind};
use syntax::token::Span;

use super::{CodeGenerator, Result};
use crate::instruction_sequence::location_of;

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn statements(&mut self, statements: &'a [Stmt<'a>]) -> Result<()> {
        statements.iter().try_for_each(|statement| self.statement(statement))
    }

    pub(super) fn statement(&mut self, statement: &'a Stmt<'a>) -> Result<()> {
        self.guard.check()?;
        let span = statement.span;
        let location = location_of(span);
        match &statement.kind {
            StmtKind::FunctionDef(node) => self.function(node, false, span),
            StmtKind::AsyncFunctionDef(node) => self.function(node, true, span),
            StmtKind::ClassDef(node) => self.class(node, span),
            StmtKind::TypeAlias(node) => self.type_alias(node, span),
            StmtKind::Return(node) => self.return_(node, span),
            StmtKind::Delete(node) => self.expressions(&node.targets),
            StmtKind::Assign(node) => self.assign(node, location),
            StmtKind::AugAssign(node) => self.augmented_assign(node, location),
            StmtKind::AnnAssign(node) => self.annotated_assign(node, span),
            StmtKind::For(node) => self.conditional(|generator| generator.for_(node, location)),
            StmtKind::AsyncFor(node) => self.conditional(|generator| generator.async_for(node, location)),
            StmtKind::While(node) => self.conditional(|generator| generator.while_(node, location)),
            StmtKind::If(node) => self.conditional(|generator| generator.if_(node, location)),
            StmtKind::Match(node) => self.conditional(|generator| generator.match_(node)),
            StmtKind::Try(node) => self.conditional(|generator| generator.try_(node, false, location)),
            StmtKind::TryStar(node) => self.conditional(|generator| generator.try_(node, true, location)),
            StmtKind::With(node) => self.conditional(|generator| generator.with(&node.items, &node.body)),
            StmtKind::AsyncWith(node) => self.conditional(|generator| generator.async_with(&node.items, &node.body)),
            StmtKind::Raise(node) => self.raise(node, location),
            StmtKind::Assert(node) => self.assert(node, span),
            StmtKind::Import(node) => {
                self.import(node, location);
                Ok(())
            }
            StmtKind::ImportFrom(node) => {
                self.import_from(node, location);
                Ok(())
            }
            StmtKind::Global(_) | StmtKind::Nonlocal(_) => Ok(()),
            StmtKind::Expr(node) => self.expression_statement(&node.value, location),
            StmtKind::Pass => {
                self.op(Op::Nop, location);
                Ok(())
            }
            StmtKind::Break => self.break_(span),
            StmtKind::Continue => self.continue_(span),
        }
    }

    /// Statements whose body may not run: annotations in it are kept only if it does.
    fn conditional(&mut self, statement: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.unit.conditional_blocks += 1;
        statement(self)?;
        self.unit.conditional_blocks -= 1;
        Ok(())
    }

    fn assign(&mut self, node: &'a Assign<'a>, location: Location) -> Result<()> {
        self.expression(&node.value)?;
        for (index, target) in node.targets.iter().enumerate() {
            if index + 1 < node.targets.len() {
                self.op_arg(Op::Copy, 1, location);
            }
            self.expression(target)?;
        }
        Ok(())
    }

    fn return_(&mut self, node: &'a Return<'a>, span: Span) -> Result<()> {
        let scope = self.scope();
        if !scope.kind.is_function_like() {
            return self.error("'return' outside function", span);
        }
        if node.value.is_some() && scope.coroutine && scope.generator {
            return self.error("'return' with value in async generator", span);
        }
        let mut location = location_of(span);
        let mut constant = None;
        match &node.value {
            None => {}
            Some(Expr { kind: ExprKind::Constant(value), span }) => {
                // A constant is loaded at the very end, but the line of it counts.
                constant = Some(&value.value);
                location = location_of(*span);
                self.op(Op::Nop, location);
            }
            Some(value) => self.expression(value)?,
        }
        if node.value.as_ref().is_none_or(|value| value.span.start.line != span.start.line) {
            location = location_of(span);
            self.op(Op::Nop, location);
        }
        let preserve_top = node.value.is_some() && constant.is_none();
        self.unwind_all(&mut location, preserve_top, false)?;
        if !preserve_top {
            self.constant(constant.cloned().unwrap_or(Constant::None), location);
        }
        self.op(Op::ReturnValue, location);
        Ok(())
    }

    fn break_(&mut self, span: Span) -> Result<()> {
        let mut location = location_of(span);
        self.op(Op::Nop, location);
        let Some(found) = self.unwind_all(&mut location, false, true)? else {
            return self.error("'break' outside loop", span);
        };
        if found.is_for {
            self.op(Op::PopTop, location);
        }
        self.jump(Op::Jump, found.exit, location);
        Ok(())
    }

    fn continue_(&mut self, span: Span) -> Result<()> {
        let mut location = location_of(span);
        self.op(Op::Nop, location);
        let Some(found) = self.unwind_all(&mut location, false, true)? else {
            return self.error("'continue' not properly in loop", span);
        };
        self.jump(Op::Jump, found.start, location);
        Ok(())
    }

    fn raise(&mut self, node: &'a Raise<'a>, location: Location) -> Result<()> {
        let mut count = 0;
        if let Some(exception) = &node.exc {
            self.expression(exception)?;
            count = 1;
            if let Some(cause) = &node.cause {
                self.expression(cause)?;
                count = 2;
            }
        }
        self.op_arg(Op::RaiseVarargs, count, location);
        Ok(())
    }

    fn assert(&mut self, node: &'a Assert<'a>, span: Span) -> Result<()> {
        let location = location_of(span);
        let always_true = match &node.test.kind {
            ExprKind::Tuple(tuple) => !tuple.elts.is_empty(),
            ExprKind::Constant(constant) => {
                matches!(&constant.value, Constant::Tuple(elements) if !elements.is_empty())
            }
            _ => false,
        };
        if always_true {
            self.warn("assertion is always true, perhaps remove parentheses?".to_owned(), span);
        }
        if self.settings.optimize > 0 {
            return Ok(());
        }
        let end = self.new_label();
        self.jump_if(&node.test, end, true, location)?;
        self.op_arg(Op::LoadCommonConstant, CommonConstant::AssertionError as u32, location);
        if let Some(message) = &node.msg {
            self.expression(message)?;
            self.op_arg(Op::Call, 0, location);
        }
        self.op_arg(Op::RaiseVarargs, 1, location_of(node.test.span));
        self.place(end);
        Ok(())
    }

    fn expression_statement(&mut self, value: &'a Expr<'a>, location: Location) -> Result<()> {
        if self.is_interactive && self.outer.is_empty() {
            self.expression(value)?;
            self.intrinsic(UnaryIntrinsic::Print, location);
            self.op(Op::PopTop, Location::NONE);
            return Ok(());
        }
        if let ExprKind::Constant(_) = value.kind {
            self.op(Op::Nop, location);
            return Ok(());
        }
        self.expression(value)?;
        self.op(Op::PopTop, Location::NONE);
        Ok(())
    }
}
