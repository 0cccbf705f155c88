//! The first pass over statements.

use syntax::ast::{
    Alias, AnnAssign, ClassDef, ExceptHandler, ExprKind, For, FunctionDef, ImportFrom, MatchCase, Stmt, StmtKind, Try,
    TypeAlias, With, WithItem,
};
use syntax::interner::{Interner, Symbol};
use syntax::token::Span;
use text::wtf8::Wtf8;

use super::annotations::TypeParametersOf;
use super::builder::{Builder, Result};
use super::scope::{ScopeId, ScopeKind, SymbolFlags};
use super::{ScopeKey, error};
use crate::future::is_future;
use crate::views::{docstring, elif};

impl Builder<'_, '_> {
    pub fn statements(&mut self, statements: &[Stmt<'_>]) -> Result<()> {
        statements.iter().try_for_each(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &Stmt<'_>) -> Result<()> {
        self.guard.check()?;
        let span = statement.span;
        match &statement.kind {
            StmtKind::FunctionDef(node) => self.function(node, false, span),
            StmtKind::AsyncFunctionDef(node) => self.function(node, true, span),
            StmtKind::ClassDef(node) => self.class(node, span),
            StmtKind::TypeAlias(node) => self.type_alias(node, span),
            StmtKind::Return(node) => self.optional_expression(node.value.as_ref()),
            StmtKind::Delete(node) => self.expressions(&node.targets),
            StmtKind::Assign(node) => {
                self.expressions(&node.targets)?;
                self.expression(&node.value)
            }
            StmtKind::AnnAssign(node) => self.annotated_assignment(node, span),
            StmtKind::AugAssign(node) => {
                self.expression(&node.target)?;
                self.expression(&node.value)
            }
            StmtKind::For(node) => self.for_(node),
            StmtKind::AsyncFor(node) => {
                self.check_coroutine("'async for' outside async function", span)?;
                self.for_(node)
            }
            StmtKind::While(node) => {
                self.expression(&node.test)?;
                self.conditional(|builder| {
                    builder.statements(&node.body)?;
                    builder.statements(&node.orelse)
                })
            }
            StmtKind::If(_) => self.if_(std::slice::from_ref(statement)),
            StmtKind::Match(node) => {
                self.expression(&node.subject)?;
                self.conditional(|builder| node.cases.iter().try_for_each(|case| builder.match_case(case)))
            }
            StmtKind::Raise(node) => match &node.exc {
                Some(exception) => {
                    self.expression(exception)?;
                    self.optional_expression(node.cause.as_ref())
                }
                None => Ok(()),
            },
            StmtKind::Try(node) | StmtKind::TryStar(node) => self.try_(node),
            StmtKind::Assert(node) => {
                self.expression(&node.test)?;
                self.optional_expression(node.msg.as_ref())
            }
            StmtKind::Import(node) => node.names.iter().try_for_each(|alias| self.alias(alias)),
            StmtKind::ImportFrom(node) => self.import_from(node, span),
            StmtKind::Global(node) => self.directive(&node.names, SymbolFlags::GLOBAL, "global", span),
            StmtKind::Nonlocal(node) => self.directive(&node.names, SymbolFlags::NONLOCAL, "nonlocal", span),
            StmtKind::Expr(node) => self.expression(&node.value),
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => Ok(()),
            StmtKind::With(node) => self.with(node),
            StmtKind::AsyncWith(node) => {
                self.check_coroutine("'async with' outside async function", span)?;
                self.with(node)
            }
        }
    }

    /// Annotations of classes and modules in here are conditional.
    fn conditional(&mut self, body: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let outer = std::mem::replace(&mut self.current().build.in_conditional_block, true);
        body(self)?;
        self.current().build.in_conditional_block = outer;
        Ok(())
    }

    fn function(&mut self, function: &FunctionDef<'_>, is_async: bool, span: Span) -> Result<()> {
        let arguments = &function.args;
        self.define(function.name, SymbolFlags::LOCAL, span)?;
        self.expressions(&arguments.defaults)?;
        arguments.kw_defaults.iter().flatten().try_for_each(|default| self.expression(default))?;
        self.expressions(&function.decorator_list)?;
        let is_generic = !function.type_params.is_empty();
        if is_generic {
            let has_keyword_defaults = arguments.kw_defaults.iter().any(Option::is_some);
            let of = TypeParametersOf::Function { has_keyword_defaults };
            self.enter_type_parameters(function.name, &function.type_params, of, span)?;
            self.type_parameters(&function.type_params)?;
        }
        let key = ScopeKey::function(arguments);
        let id = self.new_scope(function.name, ScopeKind::Function, key, span);
        self.table.scope_mut(id).has_docstring = docstring(&function.body).is_some();
        self.function_annotations(function, span)?;
        self.enter_existing(id);
        self.current().coroutine = is_async;
        self.parameters(arguments)?;
        self.statements(&function.body)?;
        self.exit();
        if is_generic {
            self.exit();
        }
        Ok(())
    }

    fn class(&mut self, class: &ClassDef<'_>, span: Span) -> Result<()> {
        self.define(class.name, SymbolFlags::LOCAL, span)?;
        self.expressions(&class.decorator_list)?;
        let outer_class = self.class;
        let is_generic = !class.type_params.is_empty();
        if is_generic {
            self.enter_type_parameters(class.name, &class.type_params, TypeParametersOf::Class, span)?;
            self.class = Some(class.name);
            self.start_mangled_names();
            self.type_parameters(&class.type_params)?;
        }
        self.expressions(&class.bases)?;
        self.check_keywords(&class.keywords)?;
        class.keywords.iter().try_for_each(|keyword| self.expression(&keyword.value))?;
        self.enter(class.name, ScopeKind::Class, ScopeKey::class(class), span)?;
        self.class = Some(class.name);
        if is_generic {
            let (type_parameters, hidden) = (self.names.type_parameters, self.names.hidden_type_parameters);
            self.define(type_parameters, SymbolFlags::LOCAL, span)?;
            self.define(hidden, SymbolFlags::USE, span)?;
        }
        self.current().has_docstring = docstring(&class.body).is_some();
        self.statements(&class.body)?;
        self.exit();
        if is_generic {
            self.exit();
        }
        self.class = outer_class;
        Ok(())
    }

    fn type_alias(&mut self, alias: &TypeAlias<'_>, span: Span) -> Result<()> {
        self.expression(&alias.name)?;
        let ExprKind::Name(name) = &alias.name.kind else {
            return Err(error("TypeAlias with non-Name name", alias.name.span));
        };
        let in_class = self.scope().kind == ScopeKind::Class;
        let is_generic = !alias.type_params.is_empty();
        if is_generic {
            self.enter_type_parameters(name.id, &alias.type_params, TypeParametersOf::Alias, span)?;
            self.type_parameters(&alias.type_params)?;
        }
        self.enter(name.id, ScopeKind::TypeAlias, ScopeKey::type_alias(alias), span)?;
        self.see_class(in_class, alias.value.span)?;
        self.expression(&alias.value)?;
        self.exit();
        if is_generic {
            self.exit();
        }
        Ok(())
    }

    fn annotated_assignment(&mut self, node: &AnnAssign<'_>, span: Span) -> Result<()> {
        self.current().annotations_used = true;
        let simple = node.simple != 0;
        if let ExprKind::Name(name) = &node.target.kind {
            let known = self.look_up(name.id);
            let declared = known.intersects(SymbolFlags::GLOBAL.with(SymbolFlags::NONLOCAL));
            if declared && simple && self.current_id() != ScopeId::TOP {
                let what = if known.intersects(SymbolFlags::GLOBAL) { "global" } else { "nonlocal" };
                return Err(error(format!("annotated name '{}' can't be {what}", self.text(name.id)), span));
            }
            if simple {
                let flags = SymbolFlags::ANNOTATED.with(SymbolFlags::LOCAL);
                self.define(name.id, flags, node.target.span)?;
            } else if node.value.is_some() {
                self.define(name.id, SymbolFlags::LOCAL, node.target.span)?;
            }
        } else {
            self.expression(&node.target)?;
        }
        self.variable_annotation(&node.annotation)?;
        self.optional_expression(node.value.as_ref())
    }

    fn for_(&mut self, node: &For<'_>) -> Result<()> {
        self.expression(&node.target)?;
        self.expression(&node.iter)?;
        self.conditional(|builder| {
            builder.statements(&node.body)?;
            builder.statements(&node.orelse)
        })
    }

    fn if_(&mut self, first: &[Stmt<'_>]) -> Result<()> {
        let outer = self.scope().build.in_conditional_block;
        let mut rest = first;
        while let Some((node, _)) = elif(rest) {
            self.expression(&node.test)?;
            self.current().build.in_conditional_block = true;
            self.statements(&node.body)?;
            rest = &node.orelse;
        }
        self.statements(rest)?;
        self.current().build.in_conditional_block = outer;
        Ok(())
    }

    fn try_(&mut self, node: &Try<'_>) -> Result<()> {
        self.conditional(|builder| {
            builder.statements(&node.body)?;
            node.handlers.iter().try_for_each(|handler| builder.handler(handler))?;
            builder.statements(&node.orelse)?;
            builder.statements(&node.finalbody)
        })
    }

    fn handler(&mut self, handler: &ExceptHandler<'_>) -> Result<()> {
        self.optional_expression(handler.type_.as_ref())?;
        if let Some(name) = handler.name {
            self.define(name, SymbolFlags::LOCAL, handler.span)?;
        }
        self.statements(&handler.body)
    }

    fn with(&mut self, node: &With<'_>) -> Result<()> {
        self.conditional(|builder| {
            node.items.iter().try_for_each(|item| builder.with_item(item))?;
            builder.statements(&node.body)
        })
    }

    fn with_item(&mut self, item: &WithItem<'_>) -> Result<()> {
        self.expression(&item.context_expr)?;
        self.optional_expression(item.optional_vars.as_ref())
    }

    fn match_case(&mut self, case: &MatchCase<'_>) -> Result<()> {
        self.pattern(&case.pattern)?;
        self.optional_expression(case.guard.as_ref())?;
        self.statements(&case.body)
    }

    /// At the top level, where the caller allows it, `async` statements make a coroutine of the module.
    fn check_coroutine(&mut self, message: &str, span: Span) -> Result<()> {
        if self.allows_top_level_await() {
            self.current().coroutine = true;
        }
        if self.scope().coroutine { Ok(()) } else { Err(error(message, span)) }
    }

    fn alias(&mut self, alias: &Alias) -> Result<()> {
        let name = alias.asname.unwrap_or(alias.name);
        if self.text(name) == "*" {
            if self.scope().kind != ScopeKind::Module {
                return Err(error("import * only allowed at module level", alias.span));
            }
            return Ok(());
        }
        let first = first_component(name, self.interner);
        self.define(first, SymbolFlags::IMPORT, alias.span)
    }

    fn import_from(&mut self, node: &ImportFrom<'_>, span: Span) -> Result<()> {
        node.names.iter().try_for_each(|alias| self.alias(alias))?;
        if is_future(node, self.interner) && self.features.is_too_late(span.start) {
            return Err(error("from __future__ imports must occur at the beginning of the file", span));
        }
        Ok(())
    }

    fn directive(&mut self, names: &[Symbol], flag: SymbolFlags, statement: &str, span: Span) -> Result<()> {
        for name in names.iter().copied() {
            let known = self.look_up(name);
            let text = self.text(name);
            let message = if known.intersects(SymbolFlags::PARAMETER) {
                format!("name '{text}' is parameter and {statement}")
            } else if known.intersects(SymbolFlags::USE) {
                format!("name '{text}' is used prior to {statement} declaration")
            } else if known.intersects(SymbolFlags::ANNOTATED) {
                format!("annotated name '{text}' can't be {statement}")
            } else if known.intersects(SymbolFlags::LOCAL) {
                format!("name '{text}' is assigned to before {statement} declaration")
            } else {
                self.define(name, flag, span)?;
                self.record_directive(name, span);
                continue;
            };
            return Err(error(message, span));
        }
        Ok(())
    }
}

/// `import a.b` binds `a`.
pub(crate) fn first_component(name: Symbol, interner: &mut Interner<'_>) -> Symbol {
    let bytes = interner.text(name).as_bytes();
    match bytes.iter().position(|byte| *byte == b'.') {
        Some(dot) => Wtf8::from_bytes(&bytes[..dot]).map_or(name, |first| interner.intern(first)),
        None => name,
    }
}
