//! Targets: what is assigned to or deleted. They are read as expressions, then checked and given their context.

use super::cursor::{Failure, Parse, Parser};
use crate::ast::{Expr, ExprContext, ExprKind, Starred, Tuple};
use crate::token::TokenKind as T;

impl<'t> Parser<'_, 't> {
    /// `star_targets`: the targets of a `for`, up to its `in`.
    pub(super) fn star_targets(&mut self) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        let first = self.star_target()?;
        if !self.at(T::Comma) {
            return Ok(first);
        }
        let from = self.expressions.len();
        self.expressions.push(first);
        while self.eat(T::Comma) {
            if !self.starts_expression() {
                break;
            }
            let element = self.star_target()?;
            self.expressions.push(element);
        }
        let elts = self.expressions_from(from);
        Ok(Tuple { elts, ctx: ExprContext::Store }.at(self.span_from(start), self.arena))
    }

    /// A target is an expression without operators, perhaps starred.
    pub(super) fn star_target(&mut self) -> Parse<Expr<'t>> {
        let start = self.start_of_token();
        let is_starred = self.eat(T::Star);
        let mut value = self.primary()?;
        self.make_target(&mut value, ExprContext::Store)?;
        if !is_starred {
            return Ok(value);
        }
        Ok(Starred { value, ctx: ExprContext::Store }.at(self.span_from(start), self.arena))
    }

    /// Turns an expression into a target (`star_target`, or `del_target`); fails if it is none.
    pub(super) fn make_target(&mut self, expr: &mut Expr<'t>, context: ExprContext) -> Parse<()> {
        match &mut expr.kind {
            ExprKind::Name(name) => name.ctx = context,
            ExprKind::Attribute(attribute) => attribute.ctx = context,
            ExprKind::Subscript(subscript) => subscript.ctx = context,
            ExprKind::Starred(starred) if context == ExprContext::Store => {
                starred.ctx = context;
                if matches!(starred.value.kind, ExprKind::Starred(_)) {
                    return Err(Failure);
                }
                return self.make_target(&mut starred.value, context);
            }
            ExprKind::List(list) => {
                list.ctx = context;
                return list.elts.iter_mut().try_for_each(|element| self.make_target(element, context));
            }
            ExprKind::Tuple(tuple) => {
                tuple.ctx = context;
                return tuple.elts.iter_mut().try_for_each(|element| self.make_target(element, context));
            }
            _ => return Err(Failure),
        }
        Ok(())
    }

    /// `single_target`: what an annotation or an augmented assignment may stand at. Whether it is a name.
    pub(super) fn make_single_target(&mut self, expr: &mut Expr<'t>) -> Parse<bool> {
        match &mut expr.kind {
            ExprKind::Name(name) => name.ctx = ExprContext::Store,
            ExprKind::Attribute(attribute) => attribute.ctx = ExprContext::Store,
            ExprKind::Subscript(subscript) => subscript.ctx = ExprContext::Store,
            _ => return Err(Failure),
        }
        Ok(matches!(expr.kind, ExprKind::Name(_)))
    }
}

/// Whether what an annotation stands at begins with a target in parentheses and goes on: `(a).b: int`. CPython's
/// grammar takes `(a)` for the whole target there and refuses the rest.
pub(super) fn continues_parenthesized_target(target: &Expr<'_>) -> bool {
    let start = target.span.start;
    let mut first = target;
    while first.span.start == start {
        first = match &first.kind {
            ExprKind::Attribute(attribute) => &attribute.value,
            ExprKind::Subscript(subscript) => &subscript.value,
            ExprKind::Call(call) => &call.func,
            _ => return false,
        };
    }
    matches!(first.kind, ExprKind::Name(_) | ExprKind::Attribute(_) | ExprKind::Subscript(_))
}
