//! `Builder`: the first pass, which records how each name occurs in each scope.
//!
//! This file has the stack of scopes and the entering of names; what each part of the tree does with them is in
//! `statements.rs`, `expressions.rs`, `comprehensions.rs`, `annotations.rs` and `patterns.rs`. The steps and the order of
//! the checks are those of CPython's Python/symtable.c, since the order decides which error a program gets.

use syntax::ast::{ExprContext, Mod};
use syntax::error::{ErrorLine, SyntaxError, SyntaxErrorKind};
use syntax::interner::{Interner, Symbol};
use syntax::token::Span;
use text::fast_hash::FastMap;
use text::wtf8::Wtf8Buf;

use super::names::{NameMap, NameSet};
use super::scope::{BuildState, Scope, ScopeId, ScopeKind, SymbolFlags};
use super::well_known::WellKnown;
use super::{Completeness, ScopeKey, SymbolTable, error};
use crate::future::FutureFeatures;
use crate::recent::RecentNames;
use crate::recursion::StackGuard;
use crate::views::docstring;

pub(super) type Result<T> = std::result::Result<T, Box<SyntaxError>>;

/// The table of `tree` with all occurrences and without bindings.
pub(super) fn build(
    tree: &Mod,
    interner: &mut Interner,
    features: &FutureFeatures,
    names: &WellKnown,
    completeness: Completeness,
    stack_budget: usize,
) -> Result<SymbolTable> {
    let table = SymbolTable { scopes: Vec::with_capacity(32), keys: FastMap::default(), mangled_names: Vec::new() };
    let guard = StackGuard::new(stack_budget);
    let recent = RecentNames::new(interner.len());
    let mut builder =
        Builder { table, interner, features, names, completeness, guard, stack: Vec::new(), class: None, recent };
    builder.enter(names.top, ScopeKind::Module, ScopeKey::Module, Span::default())?;
    match tree {
        Mod::Module(module) => {
            builder.current().has_docstring = docstring(&module.body).is_some();
            builder.statements(&module.body)?;
        }
        Mod::Interactive(module) => builder.statements(&module.body)?,
        Mod::Expression(expression) => builder.expression(&expression.body)?,
        Mod::FunctionType(_) => {
            let message = "this compiler does not handle FunctionTypes".into();
            let kind = SyntaxErrorKind::SystemError;
            return Err(Box::new(SyntaxError { kind, message, span: None, line: ErrorLine::Reached }));
        }
    }
    Ok(builder.table)
}

pub(super) struct Builder<'a> {
    pub table: SymbolTable,
    pub interner: &'a mut Interner,
    pub features: &'a FutureFeatures,
    pub names: &'a WellKnown,
    pub(super) completeness: Completeness,
    pub guard: StackGuard,
    /// The scopes around the place where we are, innermost last; never empty after the module is entered.
    pub stack: Vec<ScopeId>,
    /// The class around us, for private names.
    pub class: Option<Symbol>,
    /// The positions of symbols in their scopes.
    recent: RecentNames<u32>,
}

impl Builder<'_> {
    pub fn current_id(&self) -> ScopeId {
        self.stack.last().copied().unwrap_or(ScopeId::TOP)
    }

    pub fn current(&mut self) -> &mut Scope {
        let id = self.current_id();
        &mut self.table.scopes[id.index()]
    }

    pub fn scope(&self) -> &Scope {
        &self.table.scopes[self.current_id().index()]
    }

    /// Makes a scope within the current one without entering it.
    pub fn new_scope(&mut self, name: Symbol, kind: ScopeKind, key: ScopeKey, span: Span) -> ScopeId {
        let parent = self.stack.last().map(|id| &self.table.scopes[id.index()]);
        let nested = parent.is_some_and(|parent| parent.nested || parent.kind.is_function_like());
        let in_class = parent.is_some_and(|parent| parent.kind == ScopeKind::Class);
        let scope = Scope {
            kind,
            name,
            symbols: NameMap::with_capacity(8),
            parameters: Vec::new(),
            children: Vec::new(),
            span,
            nested,
            generator: false,
            coroutine: false,
            comprehension: None,
            has_starred_parameter: false,
            has_double_starred_parameter: false,
            has_docstring: false,
            is_method: in_class && kind == ScopeKind::Function,
            needs_class_closure: false,
            needs_class_dict: false,
            has_conditional_annotations: false,
            inlined: false,
            can_see_class_scope: false,
            annotations_used: false,
            annotation_scope: None,
            build: BuildState::default(),
        };
        let id = ScopeId(u32::try_from(self.table.scopes.len()).unwrap_or(u32::MAX));
        self.table.scopes.push(scope);
        self.table.keys.insert(key, id);
        id
    }

    /// Makes a scope within the current one and enters it.
    pub fn enter(&mut self, name: Symbol, kind: ScopeKind, key: ScopeKey, span: Span) -> Result<()> {
        let id = self.new_scope(name, kind, key, span);
        self.enter_existing(id);
        if matches!(kind, ScopeKind::Annotation | ScopeKind::TypeVariable | ScopeKind::TypeAlias) {
            // The code that these scopes begin with reads the parameter.
            let format = self.names.hidden_format;
            self.define(format, SymbolFlags::PARAMETER, span)?;
            self.define(format, SymbolFlags::USE, span)?;
        }
        Ok(())
    }

    pub fn enter_existing(&mut self, id: ScopeId) {
        let parent = self.stack.last().copied();
        self.stack.push(id);
        let Some(parent) = parent else { return };
        let outer = self.table.scopes[parent.index()].build.clone();
        let scope = &mut self.table.scopes[id.index()];
        // Within the iterable of a comprehension no assignment expression is allowed, however deep it is nested.
        scope.build.comprehension_iterables = outer.comprehension_iterables;
        if outer.mangled_names.is_some() && scope.kind != ScopeKind::Class {
            scope.build.mangled_names = outer.mangled_names;
        }
        // Annotations that become strings leave no trace in the table.
        let is_annotation = scope.kind == ScopeKind::Annotation;
        if !(is_annotation && self.features.has(bytecode::code_flags::CO_FUTURE_ANNOTATIONS)) {
            self.table.scopes[parent.index()].children.push(id);
        }
    }

    /// Enters a scope that already is a child of the current one.
    pub fn enter_again(&mut self, id: ScopeId) {
        self.stack.push(id);
    }

    pub fn exit(&mut self) {
        self.stack.pop();
    }

    /// The flags of `name` in the current scope.
    /// The letters of a name.
    pub fn text(&self, name: Symbol) -> &Wtf8Buf {
        self.interner.text(name)
    }

    /// The name as it is in a scope, private names mangled.
    #[inline]
    fn mangled(&mut self, id: ScopeId, name: Symbol) -> Symbol {
        self.table.maybe_mangle(id, self.class, name, self.interner)
    }

    pub fn look_up(&mut self, name: Symbol) -> SymbolFlags {
        self.look_up_in(self.current_id(), name)
    }

    pub fn look_up_in(&mut self, id: ScopeId, name: Symbol) -> SymbolFlags {
        let mangled = self.mangled(id, name);
        self.table.scopes[id.index()].flags(mangled)
    }

    /// Records an occurrence of `name` in the current scope.
    pub fn define(&mut self, name: Symbol, flags: SymbolFlags, span: Span) -> Result<()> {
        let context = if flags == SymbolFlags::USE { ExprContext::Load } else { ExprContext::Store };
        self.define_in_context(name, flags, span, context)
    }

    pub fn define_in_context(
        &mut self,
        name: Symbol,
        flags: SymbolFlags,
        span: Span,
        context: ExprContext,
    ) -> Result<()> {
        if flags.intersects(SymbolFlags::BOUND) {
            self.check_name(name, span, context)?;
        }
        if flags.intersects(SymbolFlags::TYPE_PARAMETER)
            && let Some(set) = self.scope().build.mangled_names
        {
            self.table.mangled_names[set].insert(name);
        }
        self.define_in(self.current_id(), name, flags, span)
    }

    /// As [`Self::define_in_context`], for a variable of the tree: most are met again and again.
    pub fn define_variable(&mut self, name: Symbol, context: ExprContext, span: Span) -> Result<()> {
        let flags = if context == ExprContext::Load { SymbolFlags::USE } else { SymbolFlags::LOCAL };
        let id = self.current_id();
        if let Some(position) = self.recent.get(name, id.context()) {
            if flags == SymbolFlags::LOCAL {
                self.check_name(name, span, context)?;
            }
            let scope = &mut self.table.scopes[id.index()];
            if !scope.build.in_comprehension_target
                && let Some(known) = scope.symbols.value_at_mut(position as usize)
            {
                *known = known.with(flags);
                return Ok(());
            }
        }
        self.define_in_context(name, flags, span, context)
    }

    /// Records an occurrence of `name` in the scope `id`, which is the current one or around it.
    pub fn define_in(&mut self, id: ScopeId, name: Symbol, flags: SymbolFlags, span: Span) -> Result<()> {
        let current = self.current_id();
        let mangled = self.mangled(current, name);
        let scope = &mut self.table.scopes[id.index()];
        let (position, entry) = scope.symbols.entry(mangled);
        if id == current {
            self.recent.put(name, id.context(), position as u32);
        }
        let known = *entry;
        if known.intersects(flags.only_once()) {
            let (what, rest) = match flags.intersects(SymbolFlags::PARAMETER) {
                true => ("argument '", "' in function definition"),
                false => ("type parameter '", "'"),
            };
            return Err(error(format!("duplicate {what}{}{rest}", self.interner.text(name)), span));
        }
        let mut all = known.with(flags);
        if scope.build.in_comprehension_target {
            // An iteration variable: it must not be the target of an assignment expression in the same comprehension.
            if all.intersects(SymbolFlags::GLOBAL.with(SymbolFlags::NONLOCAL)) {
                let name = self.interner.text(name);
                let message = format!("comprehension inner loop cannot rebind assignment expression target '{name}'");
                return Err(error(message, span));
            }
            all = all.with(SymbolFlags::COMPREHENSION_TARGET);
        }
        *entry = all;
        if flags.intersects(SymbolFlags::PARAMETER) {
            scope.parameters.push(mangled);
        } else if flags.intersects(SymbolFlags::GLOBAL) {
            self.table.scopes[ScopeId::TOP.index()].add_flags(mangled, flags);
        }
        Ok(())
    }

    /// Remembers where a `global` or `nonlocal` statement names `name`.
    pub fn record_directive(&mut self, name: Symbol, span: Span) {
        let mangled = self.mangled(self.current_id(), name);
        self.current().build.directives.push((mangled, span));
    }

    pub fn check_name(&self, name: Symbol, span: Span, context: ExprContext) -> Result<()> {
        if name != self.names.debug {
            return Ok(());
        }
        match context {
            ExprContext::Load => Ok(()),
            ExprContext::Store => Err(error("cannot assign to __debug__", span)),
            ExprContext::Del => Err(error("cannot delete __debug__", span)),
        }
    }

    /// Starts a set of names to mangle in the current scope.
    pub fn start_mangled_names(&mut self) {
        let set = self.table.mangled_names.len();
        self.table.mangled_names.push(NameSet::default());
        self.current().build.mangled_names = Some(set);
    }
}
