//! `Builder`: the first pass, which records how each name occurs in each scope.
//!
//! This file has the stack of scopes and the entering of names; what each part of the tree does with them is in
//! `statements.rs`, `expressions.rs`, `comprehensions.rs`, `annotations.rs` and `patterns.rs`. The steps and the order of
//! the checks are those of CPython's Python/symtable.c, since the order decides which error a program gets.

use syntax::ast::{ExprContext, Mod};
use syntax::error::{ErrorLine, SyntaxError, SyntaxErrorKind};
use syntax::interner::{Interner, Symbol};
use syntax::token::Span;
use syntax::well_known::WellKnown;
use text::wtf8::Wtf8;

use super::names::{NameMap, NameSet};
use super::scope::{BuildState, Scope, ScopeId, ScopeKind, SymbolFlags};
use super::{Completeness, ScopeKey, SymbolTable, error};
use crate::future::FutureFeatures;
use crate::numbering::Numbering;
use crate::recent::RecentNames;
use crate::recursion::StackGuard;
use crate::views::docstring;

pub(super) type Result<T> = std::result::Result<T, Box<SyntaxError>>;

/// The table of `tree` with all occurrences and without bindings.
pub(super) fn build(
    tree: &Mod<'_>,
    interner: &mut Interner<'_>,
    features: &FutureFeatures,
    names: &WellKnown,
    completeness: Completeness,
    stack_budget: usize,
) -> Result<SymbolTable> {
    let table = SymbolTable {
        scopes: Vec::with_capacity(32),
        keys: Vec::with_capacity(32),
        numbering: Numbering::default(),
        mangled_names: Vec::new(),
    };
    let guard = StackGuard::new(stack_budget);
    let recent = RecentNames::new(interner.len());
    let mut builder = Builder {
        table,
        interner,
        features,
        names,
        completeness,
        guard,
        stack: Vec::new(),
        class: None,
        recent,
        context: LOOK_CLOSELY,
        is_undisturbed: true,
    };
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

pub(super) struct Builder<'a, 't> {
    pub table: SymbolTable,
    pub interner: &'a mut Interner<'t>,
    pub features: &'a FutureFeatures,
    pub names: &'a WellKnown,
    pub(super) completeness: Completeness,
    pub guard: StackGuard,
    /// The scopes around the place where we are, innermost last; never empty after the module is entered.
    pub stack: Vec<ScopeId>,
    /// The class around us, for private names.
    pub class: Option<Symbol>,
    /// Where the names are in their scopes, but for [`Builder::is_special`] ones.
    recent: RecentNames<Occurrence>,
    /// What `recent` knows the current scope by; [`LOOK_CLOSELY`] where names are not just entered.
    context: u32,
    /// Whether no other scope was entered since the current one was, so that `recent` has all its names.
    is_undisturbed: bool,
}

/// A symbol of a scope: its position and its flags.
#[derive(Clone, Copy, Debug, Default)]
struct Occurrence {
    position: u32,
    flags: SymbolFlags,
}

/// No scope's context.
const LOOK_CLOSELY: u32 = u32::MAX;

impl<'t> Builder<'_, 't> {
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
        self.table.push(key, scope)
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
        self.is_undisturbed = true;
        self.update_context();
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
        self.is_undisturbed = false;
        self.update_context();
    }

    pub fn exit(&mut self) {
        self.stack.pop();
        self.is_undisturbed = false;
        self.update_context();
    }

    /// Must be called when the current scope or one of the things that are looked at here have changed.
    pub fn update_context(&mut self) {
        let id = self.current_id();
        let build = &self.scope().build;
        let looks_closely = build.in_comprehension_target || build.in_unevaluated_annotation;
        self.context = if looks_closely { LOOK_CLOSELY } else { id.context() };
    }

    /// The letters of a name.
    pub fn text(&self, name: Symbol) -> Wtf8<'t> {
        self.interner.text(name)
    }

    /// The name as it is in a scope, private names mangled.
    #[inline]
    fn mangled(&mut self, id: ScopeId, name: Symbol) -> Symbol {
        self.table.maybe_mangle(id, self.class, name, self.interner)
    }

    /// The flags of `name` in the current scope.
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

    /// Records a variable of the tree in the current scope. Half of them have been met there in the same way, which changes nothing, and most
    /// others are new.
    #[inline(never)]
    pub fn variable(&mut self, name: Symbol, context: ExprContext, span: Span) -> Result<()> {
        let flags = if context == ExprContext::Load { SymbolFlags::USE } else { SymbolFlags::LOCAL };
        match self.recent.get(name, self.context) {
            Some(known) if known.flags.intersects(flags) => {}
            Some(known) => self.add_flags(name, known, flags),
            None if self.is_surely_new(name) => self.push_new(name, flags),
            None => return self.any_variable(name, flags, context, span),
        }
        Ok(())
    }

    /// Records a parameter in the current scope.
    pub fn define_parameter(&mut self, name: Symbol, span: Span) -> Result<()> {
        if self.recent.get(name, self.context).is_some() || !self.is_surely_new(name) {
            return self.define(name, SymbolFlags::PARAMETER, span);
        }
        self.push_new(name, SymbolFlags::PARAMETER);
        self.current().parameters.push(name);
        Ok(())
    }

    /// Whether a name is not in the current scope yet, as [`Self::recent`] has none of it.
    fn is_surely_new(&self, name: Symbol) -> bool {
        self.is_undisturbed && self.context != LOOK_CLOSELY && !name.is_private() && !self.is_special(name)
    }

    /// Whether more than its flags depends on an occurrence of the name.
    fn is_special(&self, name: Symbol) -> bool {
        name == self.names.super_ || name == self.names.debug
    }

    fn push_new(&mut self, name: Symbol, flags: SymbolFlags) {
        let position = self.current().symbols.push(name, flags) as u32;
        self.recent.put(name, self.context, Occurrence { position, flags });
    }

    fn add_flags(&mut self, name: Symbol, known: Occurrence, flags: SymbolFlags) {
        if let Some(value) = self.current().symbols.value_at_mut(known.position as usize) {
            *value = value.with(flags);
        }
        self.recent.put(name, self.context, Occurrence { flags: known.flags.with(flags), ..known });
    }

    #[inline(never)]
    fn any_variable(&mut self, name: Symbol, flags: SymbolFlags, context: ExprContext, span: Span) -> Result<()> {
        if self.scope().build.in_unevaluated_annotation {
            return Ok(());
        }
        self.define_in_context(name, flags, span, context)?;
        // `super()` finds the class through a cell, so it counts as a use of it.
        if name == self.names.super_ && context == ExprContext::Load && self.scope().kind.is_function_like() {
            let class = self.names.class;
            self.define(class, SymbolFlags::USE, span)?;
        }
        Ok(())
    }

    /// Records an occurrence of `name` in the scope `id`, which is the current one or around it.
    pub fn define_in(&mut self, id: ScopeId, name: Symbol, flags: SymbolFlags, span: Span) -> Result<()> {
        let current = self.current_id();
        let mangled = self.mangled(current, name);
        let scope = &mut self.table.scopes[id.index()];
        let (position, entry) = scope.symbols.entry(mangled);
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
        if id == current && !self.is_special(mangled) {
            let occurrence = Occurrence { position: position as u32, flags: all };
            self.recent.put(name, id.context(), occurrence);
            if mangled != name {
                self.recent.put(mangled, id.context(), occurrence);
            }
        }
        let scope = &mut self.table.scopes[id.index()];
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
