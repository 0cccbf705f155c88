//! `Scope` and `SymbolFlags`: what the symbol table knows of a block and of each name in it.
//!
//! The numbers are those of CPython's `Include/internal/pycore_symtable.h`, because the module `_symtable` shows them.

use syntax::interner::Symbol;
use syntax::token::Span;

use super::names::NameMap;

/// Which kind of block a scope is, numbered as the `TYPE_*` constants of `_symtable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ScopeKind {
    Function,
    Class,
    Module,
    /// The body of an `__annotate__` function.
    Annotation,
    TypeAlias,
    TypeParameters,
    /// The bound, the constraints or the default of a type parameter.
    TypeVariable,
}

impl ScopeKind {
    /// Whether names that are bound here are fast locals that inner scopes see.
    pub fn is_function_like(self) -> bool {
        !matches!(self, Self::Class | Self::Module)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComprehensionKind {
    List,
    Set,
    Dict,
    Generator,
}

/// Where a name of a scope lives, numbered as the constants of `_symtable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Binding {
    Local = 1,
    GlobalExplicit,
    GlobalImplicit,
    Free,
    Cell,
}

/// How a name occurs in a scope (`DEF_*` and `USE`), and from bit 12 its [`Binding`] once that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SymbolFlags(pub u32);

impl SymbolFlags {
    pub const GLOBAL: Self = Self(1);
    pub const LOCAL: Self = Self(2);
    pub const PARAMETER: Self = Self(4);
    pub const NONLOCAL: Self = Self(8);
    pub const USE: Self = Self(16);
    /// Free in a class's method and bound or used in the class as well.
    pub const FREE_IN_CLASS: Self = Self(64);
    pub const IMPORT: Self = Self(128);
    pub const ANNOTATED: Self = Self(256);
    pub const COMPREHENSION_TARGET: Self = Self(512);
    pub const TYPE_PARAMETER: Self = Self(1024);
    /// A cell in a comprehension that is inlined here.
    pub const COMPREHENSION_CELL: Self = Self(2048);
    /// Every way to bind a name here.
    pub const BOUND: Self = Self(2 | 4 | 128);

    /// Where the binding lies among the flags, and how wide it is.
    pub const BINDING_OFFSET: u32 = 12;
    pub const BINDING_MASK: u32 = 15;

    /// Those of the flags that a name must not get twice.
    pub fn only_once(self) -> Self {
        Self(self.0 & (Self::PARAMETER.0 | Self::TYPE_PARAMETER.0))
    }

    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The flags without the binding.
    pub fn occurrences(self) -> Self {
        Self(self.0 & ((1 << Self::BINDING_OFFSET) - 1))
    }

    pub fn with_binding(self, binding: Binding) -> Self {
        Self(self.0 | (binding as u32) << Self::BINDING_OFFSET)
    }

    /// The binding; None before the analysis and for names that are unknown.
    pub fn binding(self) -> Option<Binding> {
        match self.0 >> Self::BINDING_OFFSET {
            1 => Some(Binding::Local),
            2 => Some(Binding::GlobalExplicit),
            3 => Some(Binding::GlobalImplicit),
            4 => Some(Binding::Free),
            5 => Some(Binding::Cell),
            _ => None,
        }
    }
}

/// Names a scope of a [`super::SymbolTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScopeId(pub(super) u32);

impl ScopeId {
    /// The module's scope.
    pub const TOP: Self = Self(0);

    pub(super) fn index(self) -> usize {
        self.0 as usize
    }

    /// What [`crate::recent::RecentNames`] knows the scope by.
    pub(super) fn context(self) -> u32 {
        self.0 + 1
    }
}

/// A block of code with its own names.
#[derive(Clone, Debug)]
pub struct Scope {
    pub kind: ScopeKind,
    pub name: Symbol,
    pub symbols: NameMap<SymbolFlags>,
    /// The parameters, in the order of the function's slots.
    pub parameters: Vec<Symbol>,
    pub children: Vec<ScopeId>,
    pub span: Span,
    /// Whether an enclosing scope is function-like.
    pub nested: bool,
    pub generator: bool,
    pub coroutine: bool,
    pub comprehension: Option<ComprehensionKind>,
    pub has_starred_parameter: bool,
    pub has_double_starred_parameter: bool,
    pub has_docstring: bool,
    /// A function directly within a class.
    pub is_method: bool,
    /// A class whose methods use `__class__`.
    pub needs_class_closure: bool,
    /// A class whose annotation scopes use `__classdict__`.
    pub needs_class_dict: bool,
    /// A class or module with annotations within `if`, `for`, … .
    pub has_conditional_annotations: bool,
    /// A comprehension that is compiled within its parent (PEP 709).
    pub inlined: bool,
    /// An annotation scope directly within a class.
    pub can_see_class_scope: bool,
    /// Whether there are annotations that are to be kept.
    pub annotations_used: bool,
    /// The scope of the annotations of this class's or module's variables.
    pub annotation_scope: Option<ScopeId>,
    pub(super) build: BuildState,
}

/// What only the first pass needs of a scope.
#[derive(Clone, Debug, Default)]
pub(super) struct BuildState {
    /// The names in `global` and `nonlocal` statements, and where.
    pub directives: Vec<(Symbol, Span)>,
    /// For type parameters of a class, which set of names to mangle (index into the builder's list).
    pub mangled_names: Option<usize>,
    pub in_comprehension_target: bool,
    /// How many iterable expressions of comprehensions we are in.
    pub comprehension_iterables: u32,
    pub in_conditional_block: bool,
    pub in_unevaluated_annotation: bool,
    /// «a TypeVar bound» and so on, for messages.
    pub type_variable_part: &'static str,
}

impl Scope {
    /// The flags of `name`; zero if the scope does not know it.
    pub fn flags(&self, name: Symbol) -> SymbolFlags {
        self.symbols.get(name).copied().unwrap_or_default()
    }

    pub fn binding(&self, name: Symbol) -> Option<Binding> {
        self.flags(name).binding()
    }

    pub(super) fn add_flags(&mut self, name: Symbol, flags: SymbolFlags) {
        let (_, entry) = self.symbols.entry(name);
        *entry = entry.with(flags);
    }
}
