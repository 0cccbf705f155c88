//! The second pass: decides for each name of each scope whether it is local, global, free or a cell, and which
//! comprehensions are inlined.
//!
//! Called once by [`super::SymbolTable::build`] when all occurrences of names are recorded. The algorithm is that of
//! CPython's `symtable_analyze` (Python/symtable.c): names bound outside are handed down, free names come back up.

use std::rc::Rc;

use syntax::error::SyntaxError;
use syntax::interner::{Interner, Symbol};

use super::names::NameSet;
use super::scope::{Binding, ScopeId, ScopeKind, SymbolFlags};
use super::well_known::WellKnown;
use super::{Scope, error};
use crate::recursion::StackGuard;

/// Sets the binding of every symbol.
pub(super) fn analyze(
    scopes: &mut [Scope],
    interner: &Interner,
    names: &WellKnown,
    stack_budget: usize,
) -> Result<(), Box<SyntaxError>> {
    let mut analyzer = Analyzer { scopes, interner, names, guard: StackGuard::new(stack_budget) };
    analyzer.block(ScopeId::TOP, None, Outer::default())?;
    Ok(())
}

/// What a scope sees of the scopes around it. A scope may change its own copy; as most don't, copies are shared.
#[derive(Clone, Default)]
struct Outer {
    /// The names bound in function-like scopes around this one; None for the module, where nothing is around.
    bound: Option<Rc<NameSet>>,
    /// The names that are declared global around here.
    global: Rc<NameSet>,
    /// Those of `bound` that are type parameters.
    type_parameters: Rc<NameSet>,
}

/// Takes a name out of a set that may be shared.
fn remove_shared(set: &mut Rc<NameSet>, name: Symbol) {
    if set.contains(name) {
        Rc::make_mut(set).remove(name);
    }
}

/// What is found out of one scope.
#[derive(Default)]
struct Findings {
    /// For each of the scope's symbols, by its position.
    bindings: Vec<Binding>,
    free: NameSet,
}

struct Analyzer<'a> {
    scopes: &'a mut [Scope],
    interner: &'a Interner,
    names: &'a WellKnown,
    guard: StackGuard,
}

impl Analyzer<'_> {
    /// Analyzes the scope `id` and all within it; returns the names that are free in it. `class` is the class whose
    /// names it can see.
    fn block(&mut self, id: ScopeId, class: Option<ScopeId>, mut outer: Outer) -> Result<NameSet, Box<SyntaxError>> {
        self.guard.check()?;
        let is_class = self.scopes[id.index()].kind == ScopeKind::Class;
        let has_children = !self.scopes[id.index()].children.is_empty();
        // What a class binds and declares has no effect on the functions in it: they get what came from outside.
        let around_class = is_class.then(|| outer.clone());
        let mut findings = Findings::default();
        findings.bindings.reserve(self.scopes[id.index()].symbols.len());
        for position in 0..self.scopes[id.index()].symbols.len() {
            let Some((name, flags)) = self.scopes[id.index()].symbols.at(position) else { break };
            let (name, flags) = (name, *flags);
            let binding = self.name(id, name, flags, class, &mut outer, &mut findings)?;
            findings.bindings.push(binding);
        }
        let mut inlined_cells = NameSet::default();
        let mut free = NameSet::default();
        if has_children {
            let inner = match around_class {
                Some(around) => self.inner_of_class(around, &outer),
                None => self.inner_of_function(id, &outer, &findings),
            };
            free = self.children(id, class, &inner, &mut findings, &mut inlined_cells)?;
            self.splice_inlined(id);
        }
        let scope = &mut self.scopes[id.index()];
        if scope.kind.is_function_like() {
            make_cells(scope, &mut findings.bindings, &mut free, &inlined_cells);
        } else if is_class {
            drop_class_names(scope, &mut free, self.names);
        }
        record(scope, &findings.bindings, outer.bound.as_deref(), &free, &inlined_cells);
        if findings.free.is_empty() {
            return Ok(free);
        }
        findings.free.extend(&free);
        Ok(findings.free)
    }

    /// What the scopes within a class see.
    fn inner_of_class(&self, around: Outer, outer: &Outer) -> Outer {
        let mut bound = around.bound.unwrap_or_default();
        for name in self.names.of_class() {
            if !bound.contains(name) {
                Rc::make_mut(&mut bound).insert(name);
            }
        }
        Outer { bound: Some(bound), global: around.global, type_parameters: outer.type_parameters.clone() }
    }

    /// What the scopes within a function or module see.
    fn inner_of_function(&self, id: ScopeId, outer: &Outer, findings: &Findings) -> Outer {
        let mut bound = outer.bound.clone().unwrap_or_default();
        let scope = &self.scopes[id.index()];
        if scope.kind.is_function_like() {
            for ((name, _), binding) in scope.symbols.iter().zip(&findings.bindings) {
                if *binding == Binding::Local && !bound.contains(name) {
                    Rc::make_mut(&mut bound).insert(name);
                }
            }
        }
        Outer { bound: Some(bound), global: outer.global.clone(), type_parameters: outer.type_parameters.clone() }
    }

    /// Analyzes the children of `id`; returns the names that are free in them.
    fn children(
        &mut self,
        id: ScopeId,
        class: Option<ScopeId>,
        inner: &Outer,
        findings: &mut Findings,
        inlined_cells: &mut NameSet,
    ) -> Result<NameSet, Box<SyntaxError>> {
        let mut free = NameSet::default();
        let is_class = self.scopes[id.index()].kind == ScopeKind::Class;
        for child in self.scopes[id.index()].children.clone() {
            let entry = &self.scopes[child.index()];
            let seen_class = match entry.can_see_class_scope {
                true if is_class => Some(id),
                true => class,
                false => None,
            };
            let inline =
                entry.comprehension.is_some() && !entry.generator && !self.scopes[id.index()].can_see_class_scope;
            let mut child_free = self.block(child, seen_class, inner.clone())?;
            if inline {
                self.inline_comprehension(id, child, &mut findings.bindings, &mut child_free, inlined_cells);
                self.scopes[child.index()].inlined = true;
            }
            free.extend(&child_free);
        }
        Ok(free)
    }

    /// The binding of one name, by how it occurs in the scope and what is around.
    fn name(
        &self,
        id: ScopeId,
        name: Symbol,
        flags: SymbolFlags,
        class: Option<ScopeId>,
        outer: &mut Outer,
        findings: &mut Findings,
    ) -> Result<Binding, Box<SyntaxError>> {
        if flags.intersects(SymbolFlags::GLOBAL) {
            if flags.intersects(SymbolFlags::NONLOCAL) {
                return Err(self.error_at_directive(
                    id,
                    name,
                    format!("name '{}' is nonlocal and global", self.interner.text(name)),
                ));
            }
            if !outer.global.contains(name) {
                Rc::make_mut(&mut outer.global).insert(name);
            }
            if let Some(bound) = &mut outer.bound {
                remove_shared(bound, name);
            }
            return Ok(Binding::GlobalExplicit);
        }
        if flags.intersects(SymbolFlags::NONLOCAL) {
            self.check_nonlocal(id, name, outer)?;
            findings.free.insert(name);
            return Ok(Binding::Free);
        }
        if flags.intersects(SymbolFlags::BOUND) {
            remove_shared(&mut outer.global, name);
            if flags.intersects(SymbolFlags::TYPE_PARAMETER) {
                Rc::make_mut(&mut outer.type_parameters).insert(name);
            } else {
                remove_shared(&mut outer.type_parameters, name);
            }
            return Ok(Binding::Local);
        }
        // Annotation scopes in a class look at the class's names and the globals, not at what functions around bind.
        if let Some(class) = class {
            let flags = self.scopes[class.index()].flags(name);
            if flags.intersects(SymbolFlags::GLOBAL) {
                return Ok(Binding::GlobalExplicit);
            }
            if flags.intersects(SymbolFlags::BOUND) && !flags.intersects(SymbolFlags::NONLOCAL) {
                return Ok(Binding::GlobalImplicit);
            }
        }
        if outer.bound.as_ref().is_some_and(|bound| bound.contains(name)) {
            findings.free.insert(name);
            return Ok(Binding::Free);
        }
        Ok(Binding::GlobalImplicit)
    }

    fn check_nonlocal(&self, id: ScopeId, name: Symbol, outer: &Outer) -> Result<(), Box<SyntaxError>> {
        let Some(bound) = &outer.bound else {
            let message = "nonlocal declaration not allowed at module level".to_owned();
            return Err(self.error_at_directive(id, name, message));
        };
        if !bound.contains(name) {
            return Err(self.error_at_directive(
                id,
                name,
                format!("no binding for nonlocal '{}' found", self.interner.text(name)),
            ));
        }
        if outer.type_parameters.contains(name) {
            let message = format!("nonlocal binding not allowed for type parameter '{}'", self.interner.text(name));
            return Err(self.error_at_directive(id, name, message));
        }
        Ok(())
    }

    /// Moves the names of the comprehension `comprehension` into its parent `id`.
    fn inline_comprehension(
        &mut self,
        id: ScopeId,
        comprehension: ScopeId,
        bindings: &mut Vec<Binding>,
        comprehension_free: &mut NameSet,
        inlined_cells: &mut NameSet,
    ) {
        let mut removed = Vec::new();
        let symbols = self.scopes[comprehension.index()].symbols.clone();
        let in_class = self.scopes[id.index()].kind == ScopeKind::Class;
        for (name, flags) in symbols.iter() {
            if flags.intersects(SymbolFlags::PARAMETER) {
                continue;
            }
            let mut binding = flags.binding().unwrap_or(Binding::GlobalImplicit);
            if binding == Binding::Cell || flags.intersects(SymbolFlags::COMPREHENSION_CELL) {
                inlined_cells.insert(name);
            }
            // What a class provides to its methods is free neither in the class itself nor in what is inlined in it.
            if binding == Binding::Free && in_class && self.names.of_class().contains(&name) {
                binding = Binding::GlobalImplicit;
                if !self.is_free_in_a_child(comprehension, name) {
                    comprehension_free.remove(name);
                }
                removed.push(name);
            }
            match self.scopes[id.index()].symbols.get(name).copied() {
                None => {
                    self.scopes[id.index()].symbols.insert(name, flags.occurrences());
                    bindings.push(binding);
                }
                Some(existing) if !in_class => {
                    if binding == Binding::Free && flags.intersects(SymbolFlags::USE) {
                        self.scopes[id.index()].add_flags(name, SymbolFlags::USE);
                    }
                    // Free in the comprehension, bound here: now simply a local, unless a function within needs it.
                    if existing.intersects(SymbolFlags::BOUND) && !self.is_free_in_a_child(comprehension, name) {
                        comprehension_free.remove(name);
                    }
                }
                Some(_) => {}
            }
        }
        for name in removed {
            self.scopes[comprehension.index()].symbols.remove(name);
        }
    }

    fn is_free_in_a_child(&self, id: ScopeId, name: Symbol) -> bool {
        let children = &self.scopes[id.index()].children;
        children.iter().any(|child| self.scopes[child.index()].binding(name) == Some(Binding::Free))
    }

    /// The children of inlined comprehensions become our own.
    fn splice_inlined(&mut self, id: ScopeId) {
        let children = std::mem::take(&mut self.scopes[id.index()].children);
        let mut spliced = Vec::with_capacity(children.len());
        for child in children {
            match self.scopes[child.index()].inlined {
                true => spliced.extend_from_slice(&self.scopes[child.index()].children),
                false => spliced.push(child),
            }
        }
        self.scopes[id.index()].children = spliced;
    }

    fn error_at_directive(&self, id: ScopeId, name: Symbol, message: String) -> Box<SyntaxError> {
        let scope = &self.scopes[id.index()];
        let found = scope.build.directives.iter().find(|(directive, _)| *directive == name);
        error(message, found.map_or(scope.span, |(_, span)| *span))
    }
}

/// A local that is free in a child lives in a cell.
fn make_cells(scope: &Scope, bindings: &mut [Binding], free: &mut NameSet, inlined_cells: &NameSet) {
    if free.is_empty() && inlined_cells.is_empty() {
        return;
    }
    for (name, binding) in scope.symbols.names().zip(bindings) {
        if *binding == Binding::Local && (free.contains(name) || inlined_cells.contains(name)) {
            *binding = Binding::Cell;
            free.remove(name);
        }
    }
}

/// The names that a class provides to its methods implicitly end here.
fn drop_class_names(scope: &mut Scope, free: &mut NameSet, names: &WellKnown) {
    scope.needs_class_closure |= free.remove(names.class);
    scope.needs_class_dict |= free.remove(names.class_dict);
    scope.has_conditional_annotations |= free.remove(names.conditional_annotations);
}

/// Enters the bindings into the symbols, and the names that only pass through here.
fn record(scope: &mut Scope, bindings: &[Binding], bound: Option<&NameSet>, free: &NameSet, inlined_cells: &NameSet) {
    let has_inlined_cells = !inlined_cells.is_empty();
    for ((name, flags), binding) in scope.symbols.iter_mut().zip(bindings) {
        if has_inlined_cells && inlined_cells.contains(name) {
            *flags = flags.with(SymbolFlags::COMPREHENSION_CELL);
        }
        *flags = flags.with_binding(*binding);
    }
    let class_like = scope.kind == ScopeKind::Class || scope.can_see_class_scope;
    for name in free.iter() {
        if let Some(flags) = scope.symbols.get_mut(name) {
            if class_like {
                *flags = flags.with(SymbolFlags::FREE_IN_CLASS);
            }
        } else if bound.is_none_or(|bound| bound.contains(name)) {
            scope.symbols.insert(name, SymbolFlags::default().with_binding(Binding::Free));
        }
    }
}
