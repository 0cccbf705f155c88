//! The second pass: decides for each name of each scope whether it is local, global, free or a cell, and which
//! comprehensions are inlined.
//!
//! Called once by [`super::SymbolTable::build`] when all occurrences of names are recorded. The algorithm is that of
//! CPython's `symtable_analyze` (Python/symtable.c): names bound outside are handed down, free names come back up.

use syntax::error::SyntaxError;
use syntax::interner::{Interner, Symbol};
use syntax::well_known::WellKnown;

use super::names::NameSet;
use super::scope::{Binding, ScopeId, ScopeKind, SymbolFlags};
use super::{Scope, error};
use crate::recursion::StackGuard;

/// Sets the binding of every symbol.
pub(super) fn analyze(
    scopes: &mut [Scope],
    interner: &Interner<'_>,
    names: &WellKnown,
    stack_budget: usize,
) -> Result<(), Box<SyntaxError>> {
    let seen = vec![Seen::default(); interner.len()];
    let guard = StackGuard::new(stack_budget);
    let mut analyzer = Analyzer { scopes, interner, names, guard, seen, changes: Vec::new() };
    analyzer.block(ScopeId::TOP, None)?;
    Ok(())
}

/// What a scope sees of a name in the scopes around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    /// It is bound in a function-like scope around this one.
    is_bound: bool,
    /// What binds it is a type parameter.
    is_type_parameter: bool,
}

struct Analyzer<'a, 't> {
    scopes: &'a mut [Scope],
    interner: &'a Interner<'t>,
    names: &'a WellKnown,
    guard: StackGuard,
    /// By the names' places in the interner.
    seen: Vec<Seen>,
    /// What was seen of the names for which the scopes that we are in have changed it. Each scope takes its changes back.
    changes: Vec<(Symbol, Seen)>,
}

impl Analyzer<'_, '_> {
    fn seen(&self, name: Symbol) -> Seen {
        self.seen.get(name.index()).copied().unwrap_or_default()
    }

    /// Changes what scopes within the current one see of a name.
    fn see(&mut self, name: Symbol, seen: Seen) {
        if let Some(entry) = self.seen.get_mut(name.index()).filter(|entry| **entry != seen) {
            self.changes.push((name, *entry));
            *entry = seen;
        }
    }

    /// Has the scopes within the current one see how a name occurs in it.
    fn see_from_within(&mut self, name: Symbol, flags: SymbolFlags, in_function: bool) {
        let seen = self.seen(name);
        if flags.intersects(SymbolFlags::GLOBAL) {
            self.see(name, Seen { is_bound: false, ..seen });
        } else if flags.intersects(SymbolFlags::BOUND) && !flags.intersects(SymbolFlags::NONLOCAL) {
            let is_bound = seen.is_bound || in_function;
            let is_type_parameter = flags.intersects(SymbolFlags::TYPE_PARAMETER);
            self.see(name, Seen { is_bound, is_type_parameter });
        }
    }

    /// Takes the changes back of which there were not so many yet.
    fn take_back(&mut self, count: usize) {
        while self.changes.len() > count
            && let Some((name, before)) = self.changes.pop()
        {
            self.seen[name.index()] = before;
        }
    }

    /// Analyzes the scope `id` and all within it; returns the names that are free in it. `class` is the class whose
    /// names it can see.
    fn block(&mut self, id: ScopeId, class: Option<ScopeId>) -> Result<NameSet, Box<SyntaxError>> {
        self.guard.check()?;
        let changes_before = self.changes.len();
        let has_children = !self.scopes[id.index()].children.is_empty();
        let is_function_like = self.scopes[id.index()].kind.is_function_like();
        let mut own_free = NameSet::default();
        for position in 0..self.scopes[id.index()].symbols.len() {
            let Some((name, flags)) = self.scopes[id.index()].symbols.at(position) else { break };
            let flags = *flags;
            let binding = self.name(id, name, flags, class)?;
            if has_children {
                self.see_from_within(name, flags, is_function_like);
            }
            if binding == Binding::Free {
                own_free.insert(name);
            }
            if let Some(flags) = self.scopes[id.index()].symbols.value_at_mut(position) {
                *flags = flags.with_binding(binding);
            }
        }
        let mut inlined_cells = NameSet::default();
        let mut free = NameSet::default();
        if has_children {
            if self.scopes[id.index()].kind == ScopeKind::Class {
                self.look_past_class(changes_before);
            }
            free = self.children(id, class, &mut inlined_cells)?;
            self.splice_inlined(id);
        }
        let scope = &mut self.scopes[id.index()];
        if is_function_like {
            make_cells(scope, &mut free, &inlined_cells);
        } else if scope.kind == ScopeKind::Class {
            drop_class_names(scope, &mut free, self.names);
        }
        self.record(id, &free, &inlined_cells);
        self.take_back(changes_before);
        if own_free.is_empty() {
            return Ok(free);
        }
        own_free.extend(&free);
        Ok(own_free)
    }

    /// What a class binds and declares has no effect on the functions in it, which see what is around it, and some names that it provides. Only type
    /// parameters stay hidden.
    fn look_past_class(&mut self, changes_before: usize) {
        for change in (changes_before..self.changes.len()).rev() {
            let (name, before) = self.changes[change];
            let entry = &mut self.seen[name.index()];
            *entry = Seen { is_type_parameter: entry.is_type_parameter, ..before };
        }
        for name in self.names.of_class() {
            self.see(name, Seen { is_bound: true, ..self.seen(name) });
        }
    }

    /// Analyzes the children of `id`; returns the names that are free in them.
    fn children(
        &mut self,
        id: ScopeId,
        class: Option<ScopeId>,
        inlined_cells: &mut NameSet,
    ) -> Result<NameSet, Box<SyntaxError>> {
        let mut free = NameSet::default();
        let is_class = self.scopes[id.index()].kind == ScopeKind::Class;
        for index in 0..self.scopes[id.index()].children.len() {
            let child = self.scopes[id.index()].children[index];
            let entry = &self.scopes[child.index()];
            let seen_class = match entry.can_see_class_scope {
                true if is_class => Some(id),
                true => class,
                false => None,
            };
            let inline =
                entry.comprehension.is_some() && !entry.generator && !self.scopes[id.index()].can_see_class_scope;
            let mut child_free = self.block(child, seen_class)?;
            if inline {
                self.inline_comprehension(id, child, &mut child_free, inlined_cells);
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
    ) -> Result<Binding, Box<SyntaxError>> {
        if flags.intersects(SymbolFlags::GLOBAL) {
            if flags.intersects(SymbolFlags::NONLOCAL) {
                return Err(self.error_at_directive(
                    id,
                    name,
                    format!("name '{}' is nonlocal and global", self.interner.text(name)),
                ));
            }
            return Ok(Binding::GlobalExplicit);
        }
        if flags.intersects(SymbolFlags::NONLOCAL) {
            self.check_nonlocal(id, name)?;
            return Ok(Binding::Free);
        }
        if flags.intersects(SymbolFlags::BOUND) {
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
        Ok(if self.seen(name).is_bound { Binding::Free } else { Binding::GlobalImplicit })
    }

    fn check_nonlocal(&self, id: ScopeId, name: Symbol) -> Result<(), Box<SyntaxError>> {
        let text = self.interner.text(name);
        let seen = self.seen(name);
        let message = if id == ScopeId::TOP {
            "nonlocal declaration not allowed at module level".to_owned()
        } else if !seen.is_bound {
            format!("no binding for nonlocal '{text}' found")
        } else if seen.is_type_parameter {
            format!("nonlocal binding not allowed for type parameter '{text}'")
        } else {
            return Ok(());
        };
        Err(self.error_at_directive(id, name, message))
    }

    /// Moves the names of the comprehension `comprehension` into its parent `id`.
    fn inline_comprehension(
        &mut self,
        id: ScopeId,
        comprehension: ScopeId,
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
                    let flags = flags.occurrences().with_binding(binding);
                    self.scopes[id.index()].symbols.insert(name, flags);
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
        if !self.scopes[id.index()].children.iter().any(|child| self.scopes[child.index()].inlined) {
            return;
        }
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

    /// Enters what inlined comprehensions and the scopes within mean for the symbols, and the names that only pass through here.
    fn record(&mut self, id: ScopeId, free: &NameSet, inlined_cells: &NameSet) {
        let scope = &mut self.scopes[id.index()];
        for name in inlined_cells.iter() {
            if let Some(flags) = scope.symbols.get_mut(name) {
                *flags = flags.with(SymbolFlags::COMPREHENSION_CELL);
            }
        }
        let class_like = scope.kind == ScopeKind::Class || scope.can_see_class_scope;
        for name in free.iter() {
            if let Some(flags) = scope.symbols.get_mut(name) {
                if class_like {
                    *flags = flags.with(SymbolFlags::FREE_IN_CLASS);
                }
            } else if id == ScopeId::TOP || self.seen.get(name.index()).is_some_and(|seen| seen.is_bound) {
                scope.symbols.insert(name, SymbolFlags::default().with_binding(Binding::Free));
            }
        }
    }

    fn error_at_directive(&self, id: ScopeId, name: Symbol, message: String) -> Box<SyntaxError> {
        let scope = &self.scopes[id.index()];
        let found = scope.build.directives.iter().find(|(directive, _)| *directive == name);
        error(message, found.map_or(scope.span, |(_, span)| *span))
    }
}

/// A local that is free in a child lives in a cell.
fn make_cells(scope: &mut Scope, free: &mut NameSet, inlined_cells: &NameSet) {
    if free.is_empty() && inlined_cells.is_empty() {
        return;
    }
    for (name, flags) in scope.symbols.iter_mut() {
        let is_local = flags.binding() == Some(Binding::Local);
        if is_local && (free.contains(name) || inlined_cells.contains(name)) {
            *flags = flags.occurrences().with_binding(Binding::Cell);
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
