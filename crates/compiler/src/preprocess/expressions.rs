//! The preprocessing of expressions.

use bytecode::constant::Constant as Value;
use syntax::ast::{Comprehension, Constant, Expr, ExprContext, ExprKind, Keyword, Operator};
use syntax::error::SyntaxError;

use super::format::{Template, f_string};
use super::{Done, Preprocessor};

impl<'t> Preprocessor<'_, 't> {
    pub(super) fn expressions(&mut self, expressions: &mut [Expr<'t>]) -> Done {
        expressions.iter_mut().try_for_each(|expression| self.expression(expression))
    }

    pub(super) fn optional(&mut self, expression: Option<&mut Expr<'t>>) -> Done {
        expression.map_or(Ok(()), |expression| self.expression(expression))
    }

    pub(super) fn keywords(&mut self, keywords: &mut [Keyword<'t>]) -> Done {
        keywords.iter_mut().try_for_each(|keyword| self.expression(&mut keyword.value))
    }

    pub(super) fn expression(&mut self, expression: &mut Expr<'t>) -> Done {
        self.guard.check()?;
        match &mut expression.kind {
            ExprKind::Constant(_) => Ok(()),
            ExprKind::Name(node) => {
                if !self.options.syntax_check_only && node.ctx == ExprContext::Load && node.id == self.debug {
                    let value = Value::Bool(self.options.optimize == 0);
                    expression.kind = ExprKind::Constant(self.arena.put(Constant { value, kind: None }));
                }
                Ok(())
            }
            ExprKind::BinOp(_) => self.binary(expression),
            ExprKind::BoolOp(node) => self.expressions(&mut node.values),
            ExprKind::UnaryOp(node) => self.expression(&mut node.operand),
            ExprKind::Lambda(node) => {
                self.arguments(&mut node.args)?;
                self.expression(&mut node.body)
            }
            ExprKind::IfExp(node) => {
                self.expression(&mut node.test)?;
                self.expression(&mut node.body)?;
                self.expression(&mut node.orelse)
            }
            ExprKind::Dict(node) => {
                node.keys.iter_mut().try_for_each(|key| self.optional(key.as_mut()))?;
                self.expressions(&mut node.values)
            }
            ExprKind::Set(node) => self.expressions(&mut node.elts),
            ExprKind::List(node) => self.expressions(&mut node.elts),
            ExprKind::Tuple(node) => self.expressions(&mut node.elts),
            ExprKind::ListComp(node) | ExprKind::SetComp(node) | ExprKind::GeneratorExp(node) => {
                self.comprehension(&mut node.generators, &mut node.elt, None)
            }
            ExprKind::DictComp(node) => self.comprehension(&mut node.generators, &mut node.key, Some(&mut node.value)),
            ExprKind::Await(node) => self.expression(&mut node.value),
            ExprKind::Yield(node) => self.optional(node.value.as_mut()),
            ExprKind::YieldFrom(node) => self.expression(&mut node.value),
            ExprKind::Compare(node) => {
                self.expression(&mut node.left)?;
                self.expressions(&mut node.comparators)
            }
            ExprKind::Call(node) => {
                self.expression(&mut node.func)?;
                self.expressions(&mut node.args)?;
                self.keywords(&mut node.keywords)
            }
            ExprKind::FormattedValue(node) => {
                self.expression(&mut node.value)?;
                self.optional(node.format_spec.as_mut())
            }
            ExprKind::Interpolation(node) => {
                self.expression(&mut node.value)?;
                self.optional(node.format_spec.as_mut())
            }
            ExprKind::JoinedStr(node) => self.expressions(&mut node.values),
            ExprKind::TemplateStr(node) => self.expressions(&mut node.values),
            ExprKind::Attribute(node) => self.expression(&mut node.value),
            ExprKind::Subscript(node) => {
                self.expression(&mut node.value)?;
                self.expression(&mut node.slice)
            }
            ExprKind::Starred(node) => self.expression(&mut node.value),
            ExprKind::Slice(node) => {
                self.optional(node.lower.as_mut())?;
                self.optional(node.upper.as_mut())?;
                self.optional(node.step.as_mut())
            }
            ExprKind::NamedExpr(node) => self.expression(&mut node.value),
        }
    }

    fn comprehension(
        &mut self,
        generators: &mut [Comprehension<'t>],
        element: &mut Expr<'t>,
        value: Option<&mut Expr<'t>>,
    ) -> Done {
        self.expression(element)?;
        self.optional(value)?;
        for generator in generators {
            self.expression(&mut generator.target)?;
            self.expression(&mut generator.iter)?;
            self.expressions(&mut generator.ifs)?;
        }
        Ok(())
    }

    /// A chain of binary operations, walked down its left operands in a loop.
    fn binary(&mut self, expression: &mut Expr<'t>) -> Done {
        let mut link = expression;
        while matches!(link.kind, ExprKind::BinOp(_)) {
            if self.format_operation(link)? {
                return Ok(());
            }
            let ExprKind::BinOp(node) = &mut link.kind else { return Ok(()) };
            link = &mut node.left;
        }
        self.expression(link)
    }

    /// Does the right operand, and makes an f-string of `'…' % (…)`; says whether it was one.
    fn format_operation(&mut self, expression: &mut Expr<'t>) -> Result<bool, Box<SyntaxError>> {
        let ExprKind::BinOp(node) = &mut expression.kind else { return Ok(false) };
        self.expression(&mut node.right)?;
        if self.options.syntax_check_only || node.op != Operator::Mod {
            return Ok(false);
        }
        let Some(template) = Template::of(&node.left, &node.right) else { return Ok(false) };
        let ExprKind::Tuple(tuple) = &mut node.right.kind else { return Ok(false) };
        let values = std::mem::take(&mut tuple.elts);
        *expression = f_string(template, values, expression.span, self.debug, self.arena);
        Ok(true)
    }

    /// Replaces an expression by a constant.
    pub(super) fn make_constant(&self, expression: &mut Expr<'t>, value: Value<'t>) {
        *expression = Constant { value, kind: None }.at(expression.span, self.arena);
    }
}
