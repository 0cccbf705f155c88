//! Expressions: which family each belongs to, and the small ones.

use bytecode::instruction::CompilerOpcode as Op;
use bytecode::instruction::operands::UnaryIntrinsic;
use syntax::ast::{Attribute, Expr, ExprContext, ExprKind, UnaryOp, UnaryOperator, Yield, YieldFrom};
use syntax::token::Span;

use super::emit::binary_operator;
use super::super_calls::attribute_location;
use super::{CodeGenerator, Result, UnitKind};
use crate::instruction_sequence::location_of;
use crate::symbol_table::scope::ComprehensionKind;
use crate::views::{ComprehensionView, left_spine};

impl<'a> CodeGenerator<'a, '_> {
    pub(super) fn expressions(&mut self, expressions: &'a [Expr<'a>]) -> Result<()> {
        expressions.iter().try_for_each(|expression| self.expression(expression))
    }

    /// What most expressions are has functions of its own, which need not save and keep what the others do.
    pub(super) fn expression(&mut self, expression: &'a Expr<'a>) -> Result<()> {
        match &expression.kind {
            ExprKind::Name(node) => {
                self.variable(node.id, node.ctx, location_of(expression.span));
                Ok(())
            }
            ExprKind::Constant(node) => {
                self.constant(node.value, location_of(expression.span));
                Ok(())
            }
            ExprKind::Attribute(node) => self.attribute(node, expression.span),
            ExprKind::Call(node) => self.call(node, expression.span),
            _ => self.compound(expression),
        }
    }

    #[inline(never)]
    fn compound(&mut self, expression: &'a Expr<'a>) -> Result<()> {
        self.guard.check()?;
        let span = expression.span;
        let location = location_of(span);
        match &expression.kind {
            ExprKind::Name(_) | ExprKind::Constant(_) | ExprKind::Attribute(_) | ExprKind::Call(_) => {
                self.expression(expression)
            }
            ExprKind::BinOp(_) => self.binary_operations(expression),
            ExprKind::Subscript(node) => self.subscript(node, span),
            ExprKind::Compare(node) => self.comparison(node, span),
            ExprKind::BoolOp(node) => self.boolean_operation(node, location),
            ExprKind::UnaryOp(node) => self.unary_operation(node, span),
            ExprKind::NamedExpr(node) => {
                self.expression(&node.value)?;
                self.op_arg(Op::Copy, 1, location);
                self.expression(&node.target)
            }
            ExprKind::Lambda(node) => self.lambda(node, span),
            ExprKind::IfExp(node) => self.conditional_expression(node, span),
            ExprKind::Dict(node) => self.dict(node, location),
            ExprKind::Set(node) => self.set(&node.elts, location),
            ExprKind::List(node) => self.list(&node.elts, node.ctx, span),
            ExprKind::Tuple(node) => self.tuple(&node.elts, node.ctx, span),
            ExprKind::GeneratorExp(node) => {
                self.comprehension(ComprehensionView::of_elements(ComprehensionKind::Generator, node, span))
            }
            ExprKind::ListComp(node) => {
                self.comprehension(ComprehensionView::of_elements(ComprehensionKind::List, node, span))
            }
            ExprKind::SetComp(node) => {
                self.comprehension(ComprehensionView::of_elements(ComprehensionKind::Set, node, span))
            }
            ExprKind::DictComp(node) => self.comprehension(ComprehensionView::of_dict(node, span)),
            ExprKind::Yield(node) => self.yield_(node, span),
            ExprKind::YieldFrom(node) => self.yield_from_(node, span),
            ExprKind::Await(node) => {
                self.expression(&node.value)?;
                self.await_top(0, location);
                Ok(())
            }
            ExprKind::JoinedStr(node) => self.joined_string(node, location),
            ExprKind::TemplateStr(node) => self.template_string(node, location),
            ExprKind::FormattedValue(node) => self.formatted_value(node, location),
            ExprKind::Interpolation(node) => self.interpolation(node, location),
            ExprKind::Starred(node) => {
                let message = match node.ctx {
                    ExprContext::Store => "starred assignment target must be in a list or tuple",
                    ExprContext::Load | ExprContext::Del => "can't use starred expression here",
                };
                self.error(message, span)
            }
            ExprKind::Slice(node) => self.slice(node, span),
        }
    }

    #[inline(never)]
    fn attribute(&mut self, node: &'a Attribute<'a>, span: Span) -> Result<()> {
        self.guard.check()?;
        if node.ctx == ExprContext::Load && self.super_attribute(node, span)? {
            return Ok(());
        }
        self.note_static_attribute(node);
        self.expression(&node.value)?;
        let location = attribute_location(location_of(span), node, self.interner, span);
        let number = self.number_of_attribute(node.attr);
        match node.ctx {
            ExprContext::Load => self.op_arg(Op::LoadAttr, number << 1, location),
            ExprContext::Store => self.op_arg(Op::StoreAttr, number, location),
            ExprContext::Del => self.op_arg(Op::DeleteAttr, number, location),
        }
        Ok(())
    }

    /// A method that sets `self.x` makes `x` one of its class's `__static_attributes__`.
    fn note_static_attribute(&mut self, node: &Attribute<'a>) {
        let ExprKind::Name(object) = &node.value.kind else { return };
        if node.ctx != ExprContext::Store || object.id != self.names.self_ {
            return;
        }
        if let Some(class) = self.outer.iter_mut().rev().find(|unit| unit.kind == UnitKind::Class) {
            class.static_attributes.insert(node.attr);
        }
    }

    /// A chain of binary operations, which may be longer than the stack bears.
    fn binary_operations(&mut self, expression: &'a Expr<'a>) -> Result<()> {
        let spine = left_spine(expression);
        if let Some((innermost, _)) = spine.last() {
            self.expression(&innermost.left)?;
        }
        for (node, span) in spine.into_iter().rev() {
            self.expression(&node.right)?;
            self.binary(binary_operator(node.op, false), location_of(span));
        }
        Ok(())
    }

    fn unary_operation(&mut self, node: &'a UnaryOp<'a>, span: Span) -> Result<()> {
        let location = location_of(span);
        self.expression(&node.operand)?;
        match node.op {
            UnaryOperator::UAdd => self.intrinsic(UnaryIntrinsic::UnaryPositive, location),
            UnaryOperator::Not => {
                self.op_joined(Op::ToBool, location);
                self.op(Op::UnaryNot, location);
            }
            UnaryOperator::Invert => self.op(Op::UnaryInvert, location),
            UnaryOperator::USub => self.op(Op::UnaryNegative, location),
        }
        Ok(())
    }

    fn yield_(&mut self, node: &'a Yield<'a>, span: Span) -> Result<()> {
        let location = location_of(span);
        if !self.scope().kind.is_function_like() {
            return self.error("'yield' outside function", span);
        }
        match &node.value {
            Some(value) => self.expression(value)?,
            None => self.none(location),
        }
        self.yield_value(location);
        Ok(())
    }

    fn yield_from_(&mut self, node: &'a YieldFrom<'a>, span: Span) -> Result<()> {
        let location = location_of(span);
        if !self.scope().kind.is_function_like() {
            return self.error("'yield from' outside function", span);
        }
        if self.unit.kind == UnitKind::AsyncFunction {
            return self.error("'yield from' inside async function", span);
        }
        self.expression(&node.value)?;
        self.op(Op::GetYieldFromIter, location);
        self.none(location);
        self.yield_from(false, location);
        Ok(())
    }
}
