//! The first pass over expressions.

use syntax::ast::{
    Attribute, Await, Call, ElementComprehension, Expr, ExprContext, ExprKind, Keyword, Lambda, NamedExpr,
};
use syntax::interner::Symbol;
use syntax::token::Span;

use super::builder::{Builder, Result};
use super::scope::{ComprehensionKind, ScopeId, ScopeKind, SymbolFlags};
use super::{ScopeKey, error};
use crate::recursion::check_chain;
use crate::views::{ComprehensionView, left_spine};

/// `PyCF_ALLOW_TOP_LEVEL_AWAIT`.
pub const ALLOW_TOP_LEVEL_AWAIT: u32 = 0x2000;

impl Builder<'_, '_> {
    #[inline]
    pub fn expressions(&mut self, expressions: &[Expr<'_>]) -> Result<()> {
        expressions.iter().try_for_each(|expression| self.expression(expression))
    }

    pub fn optional_expression(&mut self, expression: Option<&Expr<'_>>) -> Result<()> {
        expression.map_or(Ok(()), |expression| self.expression(expression))
    }

    /// Names, constants and attributes, which most expressions are, are told from the others where the expression stands.
    #[inline]
    pub fn expression(&mut self, expression: &Expr<'_>) -> Result<()> {
        match &expression.kind {
            ExprKind::Name(node) => self.variable(node.id, node.ctx, expression.span),
            ExprKind::Constant(_) => Ok(()),
            ExprKind::Attribute(node) => self.attribute(node, expression.span),
            _ => self.longer_expression(expression),
        }
    }

    /// An attribute, of an attribute and so on, most often of a name.
    #[inline(never)]
    fn attribute(&mut self, node: &Attribute<'_>, span: Span) -> Result<()> {
        let (mut node, mut span) = (node, span);
        loop {
            self.check_name(node.attr, span, node.ctx)?;
            span = node.value.span;
            match &node.value.kind {
                ExprKind::Attribute(inner) => node = inner,
                ExprKind::Name(name) => return self.variable(name.id, name.ctx, span),
                _ => return self.longer_expression(&node.value),
            }
        }
    }

    #[inline(never)]
    fn longer_expression(&mut self, expression: &Expr<'_>) -> Result<()> {
        self.guard.check()?;
        let span = expression.span;
        match &expression.kind {
            ExprKind::Name(node) => self.variable(node.id, node.ctx, span),
            ExprKind::Constant(_) => Ok(()),
            ExprKind::Attribute(node) => self.attribute(node, span),
            ExprKind::Call(node) => self.call(node),
            ExprKind::NamedExpr(node) => {
                self.check_allowed_here("named expression", span)?;
                self.named_expression(node, span)
            }
            ExprKind::BoolOp(node) => self.expressions(&node.values),
            ExprKind::BinOp(_) => {
                let spine = left_spine(expression);
                check_chain(spine.len())?;
                if let Some((innermost, _)) = spine.last() {
                    self.expression(&innermost.left)?;
                }
                spine.iter().rev().try_for_each(|(node, _)| self.expression(&node.right))
            }
            ExprKind::UnaryOp(node) => self.expression(&node.operand),
            ExprKind::Lambda(node) => self.lambda(node, span),
            ExprKind::IfExp(node) => {
                self.expression(&node.test)?;
                self.expression(&node.body)?;
                self.expression(&node.orelse)
            }
            ExprKind::Dict(node) => {
                node.keys.iter().flatten().try_for_each(|key| self.expression(key))?;
                self.expressions(&node.values)
            }
            ExprKind::Set(node) => self.expressions(&node.elts),
            ExprKind::GeneratorExp(node) => self.elements(ComprehensionKind::Generator, node, span),
            ExprKind::ListComp(node) => self.elements(ComprehensionKind::List, node, span),
            ExprKind::SetComp(node) => self.elements(ComprehensionKind::Set, node, span),
            ExprKind::DictComp(node) => self.comprehension(&ComprehensionView::of_dict(node, span)),
            ExprKind::Yield(node) => self.yield_(node.value.as_ref(), span),
            ExprKind::YieldFrom(node) => self.yield_(Some(&node.value), span),
            ExprKind::Await(node) => self.await_(node, span),
            ExprKind::Compare(node) => {
                self.expression(&node.left)?;
                self.expressions(&node.comparators)
            }
            ExprKind::FormattedValue(node) => {
                self.expression(&node.value)?;
                self.optional_expression(node.format_spec.as_ref())
            }
            ExprKind::Interpolation(node) => {
                self.expression(&node.value)?;
                self.optional_expression(node.format_spec.as_ref())
            }
            ExprKind::JoinedStr(node) => self.expressions(&node.values),
            ExprKind::TemplateStr(node) => self.expressions(&node.values),
            ExprKind::Subscript(node) => {
                self.expression(&node.value)?;
                self.expression(&node.slice)
            }
            ExprKind::Starred(node) => self.expression(&node.value),
            ExprKind::Slice(node) => {
                self.optional_expression(node.lower.as_ref())?;
                self.optional_expression(node.upper.as_ref())?;
                self.optional_expression(node.step.as_ref())
            }
            ExprKind::List(node) => self.expressions(&node.elts),
            ExprKind::Tuple(node) => self.expressions(&node.elts),
        }
    }

    fn elements(&mut self, kind: ComprehensionKind, node: &ElementComprehension<'_>, span: Span) -> Result<()> {
        self.comprehension(&ComprehensionView::of_elements(kind, node, span))
    }

    fn call(&mut self, node: &Call<'_>) -> Result<()> {
        self.expression(&node.func)?;
        self.expressions(&node.args)?;
        if node.keywords.is_empty() {
            return Ok(());
        }
        self.check_keywords(&node.keywords)?;
        node.keywords.iter().try_for_each(|keyword| self.expression(&keyword.value))
    }

    pub fn check_keywords(&self, keywords: &[Keyword<'_>]) -> Result<()> {
        let mut named = keywords.iter().filter_map(|keyword| Some((keyword.arg?, keyword.span)));
        named.try_for_each(|(name, span)| self.check_name(name, span, ExprContext::Store))
    }

    fn lambda(&mut self, node: &Lambda<'_>, span: Span) -> Result<()> {
        self.expressions(&node.args.defaults)?;
        node.args.kw_defaults.iter().flatten().try_for_each(|default| self.expression(default))?;
        let name = self.names.lambda;
        self.enter(name, ScopeKind::Function, ScopeKey::function(&node.args), span)?;
        self.parameters(&node.args)?;
        self.expression(&node.body)?;
        self.exit();
        Ok(())
    }

    fn yield_(&mut self, value: Option<&Expr<'_>>, span: Span) -> Result<()> {
        self.check_allowed_here("yield expression", span)?;
        self.optional_expression(value)?;
        self.current().generator = true;
        let what = match self.scope().comprehension {
            None => return Ok(()),
            Some(ComprehensionKind::List) => "list comprehension",
            Some(ComprehensionKind::Set) => "set comprehension",
            Some(ComprehensionKind::Dict) => "dict comprehension",
            Some(ComprehensionKind::Generator) => "generator expression",
        };
        Err(error(format!("'yield' inside {what}"), span))
    }

    fn await_(&mut self, node: &Await<'_>, span: Span) -> Result<()> {
        self.check_allowed_here("await expression", span)?;
        if !self.allows_top_level_await() {
            if !self.scope().kind.is_function_like() {
                return Err(error("'await' outside function", span));
            }
            if !self.in_async_function() && self.scope().comprehension.is_none() {
                return Err(error("'await' outside async function", span));
            }
        }
        self.expression(&node.value)?;
        self.current().coroutine = true;
        Ok(())
    }

    pub fn in_async_function(&self) -> bool {
        self.scope().kind == ScopeKind::Function && self.scope().coroutine
    }

    pub fn allows_top_level_await(&self) -> bool {
        self.features.has(ALLOW_TOP_LEVEL_AWAIT) && self.scope().kind == ScopeKind::Module
    }

    fn named_expression(&mut self, node: &NamedExpr<'_>, span: Span) -> Result<()> {
        if self.scope().build.comprehension_iterables > 0 {
            let message = "assignment expression cannot be used in a comprehension iterable expression";
            return Err(error(message, span));
        }
        if self.scope().comprehension.is_some()
            && let ExprKind::Name(target) = &node.target.kind
        {
            self.bind_around_comprehension(target.id, node.target.span)?;
        }
        self.expression(&node.value)?;
        self.expression(&node.target)
    }

    /// An assignment expression in a comprehension binds its target in the scope around all comprehensions.
    fn bind_around_comprehension(&mut self, target: Symbol, span: Span) -> Result<()> {
        for id in self.stack.clone().into_iter().rev() {
            let flags = self.look_up_in(id, target);
            let scope = self.table.scope(id);
            if scope.comprehension.is_some() {
                if flags.intersects(SymbolFlags::COMPREHENSION_TARGET) && flags.intersects(SymbolFlags::LOCAL) {
                    let target = self.text(target);
                    let message =
                        format!("assignment expression cannot rebind comprehension iteration variable '{target}'");
                    return Err(error(message, span));
                }
                continue;
            }
            let place = match scope.kind {
                ScopeKind::Function => return self.bind_in_function(id, target, flags, span),
                ScopeKind::Module => {
                    self.define(target, SymbolFlags::GLOBAL, span)?;
                    self.record_directive(target, span);
                    return self.define_in(id, target, SymbolFlags::GLOBAL, span);
                }
                ScopeKind::Class => "in a class body",
                ScopeKind::TypeParameters => "within the definition of a generic",
                ScopeKind::TypeAlias => "in a type alias",
                ScopeKind::TypeVariable => "in a TypeVar bound",
                ScopeKind::Annotation => continue,
            };
            return Err(error(format!("assignment expression within a comprehension cannot be used {place}"), span));
        }
        Ok(())
    }

    fn bind_in_function(&mut self, id: ScopeId, target: Symbol, flags: SymbolFlags, span: Span) -> Result<()> {
        let declared = match flags.intersects(SymbolFlags::GLOBAL) {
            true => SymbolFlags::GLOBAL,
            false => SymbolFlags::NONLOCAL,
        };
        self.define(target, declared, span)?;
        self.record_directive(target, span);
        self.define_in(id, target, SymbolFlags::LOCAL, span)
    }

    /// What is forbidden in annotations and the like, since these run in functions of their own.
    fn check_allowed_here(&self, what: &str, span: Span) -> Result<()> {
        let place = match self.scope().kind {
            ScopeKind::Annotation => "an annotation",
            ScopeKind::TypeVariable => self.scope().build.type_variable_part,
            ScopeKind::TypeAlias => "a type alias",
            ScopeKind::TypeParameters => "the definition of a generic",
            ScopeKind::Function | ScopeKind::Class | ScopeKind::Module => return Ok(()),
        };
        Err(error(format!("{what} cannot be used within {place}"), span))
    }
}
