//! The symbol table: which names each block of a program binds and uses, and where each of them lives.
//!
//! `compile` builds one before it generates code; the module `_symtable` shows one to Python. [`SymbolTable::build`] makes
//! two passes, as CPython does: the builder records how names occur in which scope, [`analyze`] then decides for each
//! name whether it is local, global, free or a cell. The invariant: scopes are found again by the address of the part of
//! the tree that they stand for, so the tree must not move between the building and the last lookup.

pub mod scope;

mod analyze;
mod annotations;
mod builder;
mod comprehensions;
mod expressions;
mod mangle;
pub mod names;
mod patterns;
mod statements;
#[cfg(test)]
mod tests;

use bytecode::arena::ArenaList;
use syntax::ast::{Arguments, ClassDef, Comprehension, Mod, Tree, TypeAlias, TypeParam};
use syntax::error::{ErrorLine, SyntaxError, SyntaxErrorKind};
use syntax::interner::{Interner, Symbol};
use syntax::token::Span;
use syntax::well_known::WellKnown;
use text::wtf8::Wtf8Buf;

use crate::future::FutureFeatures;
use crate::numbering::{Fingerprint, Numbering, of_number};
use names::NameSet;
use scope::{Scope, ScopeId};

pub use mangle::mangle;
pub(crate) use statements::first_component;

/// What a scope stands for: a part of the tree, by its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKey {
    Module,
    /// The body of a function or lambda, by its parameters.
    Function(usize),
    /// The annotations of a function's parameters, by them.
    Annotations(usize),
    Class(usize),
    TypeAlias(usize),
    /// By the list of its `for` clauses.
    Comprehension(usize),
    TypeParameters(usize),
    /// The bound or the constraints of a type variable.
    TypeVariableBound(usize),
    TypeVariableDefault(usize),
    /// The annotations of the variables of a class, module or function, by its scope.
    VariableAnnotations(ScopeId),
}

fn address<T>(node: &T) -> usize {
    std::ptr::from_ref(node) as usize
}

impl ScopeKey {
    pub fn function(arguments: &Arguments<'_>) -> Self {
        Self::Function(address(arguments))
    }

    pub fn annotations(arguments: &Arguments<'_>) -> Self {
        Self::Annotations(address(arguments))
    }

    pub fn class(class: &ClassDef<'_>) -> Self {
        Self::Class(address(class))
    }

    pub fn type_alias(alias: &TypeAlias<'_>) -> Self {
        Self::TypeAlias(address(alias))
    }

    pub fn comprehension(generators: &ArenaList<'_, Comprehension<'_>>) -> Self {
        Self::Comprehension(address(generators))
    }

    pub fn type_parameters(parameters: &ArenaList<'_, TypeParam<'_>>) -> Self {
        Self::TypeParameters(address(parameters))
    }

    pub fn type_variable_bound(parameter: &TypeParam<'_>) -> Self {
        Self::TypeVariableBound(address(parameter))
    }

    pub fn type_variable_default(parameter: &TypeParam<'_>) -> Self {
        Self::TypeVariableDefault(address(parameter))
    }

    fn fingerprint(self) -> Fingerprint {
        let (kind, address) = match self {
            Self::Module => (0, 0),
            Self::Function(address) => (1, address),
            Self::Annotations(address) => (2, address),
            Self::Class(address) => (3, address),
            Self::TypeAlias(address) => (4, address),
            Self::Comprehension(address) => (5, address),
            Self::TypeParameters(address) => (6, address),
            Self::TypeVariableBound(address) => (7, address),
            Self::TypeVariableDefault(address) => (8, address),
            Self::VariableAnnotations(id) => (9, id.index()),
        };
        of_number(address as u64 ^ kind << 56)
    }
}

/// Which scopes a table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Completeness {
    /// Those that CPython's table has: each function's annotations have one, even if there are none.
    All,
    /// Those that become code.
    WithCode,
}

/// The scopes of a program.
#[derive(Debug)]
pub struct SymbolTable {
    scopes: Vec<Scope>,
    /// Their keys.
    keys: Vec<ScopeKey>,
    numbering: Numbering,
    /// The sets of names that are mangled in the type parameters of classes.
    mangled_names: Vec<NameSet>,
}

impl SymbolTable {
    /// The table of a tree. `stack_budget` bounds how much of the native stack a deep tree may use.
    pub fn build(
        tree: &mut Tree<'_>,
        features: &FutureFeatures,
        stack_budget: usize,
    ) -> Result<Self, Box<SyntaxError>> {
        let Tree { module, interner, .. } = tree;
        let names = WellKnown::new(interner);
        Self::build_with(module, interner, features, &names, Completeness::All, stack_budget)
    }

    /// As [`SymbolTable::build`], for code generation, which has names already.
    pub(crate) fn build_for_code(
        tree: &Mod<'_>,
        interner: &mut Interner<'_>,
        features: &FutureFeatures,
        names: &WellKnown,
        stack_budget: usize,
    ) -> Result<Self, Box<SyntaxError>> {
        Self::build_with(tree, interner, features, names, Completeness::WithCode, stack_budget)
    }

    fn build_with(
        tree: &Mod<'_>,
        interner: &mut Interner<'_>,
        features: &FutureFeatures,
        names: &WellKnown,
        completeness: Completeness,
        stack_budget: usize,
    ) -> Result<Self, Box<SyntaxError>> {
        let mut table = builder::build(tree, interner, features, names, completeness, stack_budget)?;
        analyze::analyze(&mut table.scopes, interner, names, stack_budget)?;
        Ok(table)
    }

    /// The scope of a part of the tree; None if that part has none.
    pub fn find(&self, key: ScopeKey) -> Option<ScopeId> {
        let number = self.numbering.find(key.fingerprint(), |number| self.keys[number] == key)?;
        Some(ScopeId(number as u32))
    }

    fn push(&mut self, key: ScopeKey, scope: Scope) -> ScopeId {
        self.scopes.push(scope);
        self.keys.push(key);
        ScopeId(self.numbering.push(key.fingerprint()) as u32)
    }

    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.index()]
    }

    pub fn scope_mut(&mut self, id: ScopeId) -> &mut Scope {
        &mut self.scopes[id.index()]
    }

    /// The name that `name` has in the scope `id` within the class `class`. In the type parameters of a class only their
    /// own names are private to it.
    #[inline(always)]
    pub fn maybe_mangle(
        &self,
        id: ScopeId,
        class: Option<Symbol>,
        name: Symbol,
        interner: &mut Interner<'_>,
    ) -> Symbol {
        if class.is_none() || !name.is_private() { name } else { self.mangle_private(id, class, name, interner) }
    }

    #[inline(never)]
    fn mangle_private(&self, id: ScopeId, class: Option<Symbol>, name: Symbol, interner: &mut Interner<'_>) -> Symbol {
        match self.scopes[id.index()].build.mangled_names {
            Some(set) if !self.mangled_names[set].contains(name) => name,
            _ => mangle(class, name, interner),
        }
    }
}

/// A SyntaxError at `span`.
#[cold]
pub(crate) fn error(message: impl Into<Wtf8Buf>, span: Span) -> Box<SyntaxError> {
    Box::new(SyntaxError {
        kind: SyntaxErrorKind::SyntaxError,
        message: message.into(),
        span: Some(span),
        line: ErrorLine::Reached,
    })
}
