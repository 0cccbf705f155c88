//! The code generator: walks the tree with the symbol table in hand and appends instructions to the unit of each scope.
//!
//! `compile` runs [`generate`] once. What comes out of here is what CPython's Python/codegen.c and Python/compile.c emit
//! before the flow graph is optimized, with the same locations, since line tables and tracebacks come from these; only what the
//! flow graph would change in any case is as it is after that: loads of small integers, and pairs of instructions that
//! [`InstructionSequence::add_joined`] joins. Each
//! family of statements and expressions has a file; this one has the state that they share. The invariant: `unit` is the
//! unit of the innermost scope that is open, `outer` those around it, outermost first.

mod annotations;
mod assignments;
mod calls;
mod checks;
mod classes;
mod comparisons;
mod comprehensions;
mod control_flow;
mod displays;
mod docstrings;
mod emit;
mod expressions;
mod frame_blocks;
mod functions;
mod imports;
mod inlining;
mod names;
mod patterns;
mod patterns_composite;
mod scopes;
mod statements;
mod strings;
mod subscripts;
mod super_calls;
mod try_statements;
mod type_parameters;
mod unparse;
mod unparse_strings;
mod with_statements;

use bytecode::arena::Arena;
use bytecode::code_unit::{CodeUnit, Name};
use bytecode::instruction::CompilerOpcode as Op;
use bytecode::location::Location;
use syntax::ast::{AnnAssign, Mod, Stmt};
use syntax::error::{ErrorLine, SyntaxError, SyntaxWarning};
use syntax::interner::{Interner, Symbol};
use syntax::token::Span;
use syntax::well_known::WellKnown;
use text::wtf8::{Wtf8, Wtf8Buf};

use crate::future::FutureFeatures;
use crate::instruction_sequence::{InstructionSequence, location_of};
use crate::recent::RecentNames;
use crate::recursion::StackGuard;
use crate::symbol_table::names::NameSet;
use crate::symbol_table::scope::ScopeId;
use crate::symbol_table::{ScopeKey, SymbolTable};
use crate::unit::{ConstantTable, UnitMetadata};
use frame_blocks::FrameBlock;

type Result<T> = std::result::Result<T, Box<SyntaxError>>;

/// How many items a display or a call puts on the stack before it builds its container piece by piece.
const STACK_USE_GUIDELINE: usize = 30;

/// What the code generator is given besides the tree and its symbol table.
pub(crate) struct Settings<'a> {
    pub filename: Wtf8<'a>,
    /// Where the code goes.
    pub arena: &'a Arena,
    /// 0, 1 or 2.
    pub optimize: u8,
    pub features: FutureFeatures,
    pub stack_budget: usize,
    /// Whether nothing is joined or chosen already that the flow graph would: for who looks at what code generation alone makes.
    pub is_plain: bool,
}

/// Turns a finished unit into code: the flow graph and the assembler. It is told in how many other units this one is.
pub(crate) type AssembleUnit<'w, 'a> =
    dyn FnMut(&mut InstructionSequence, &mut UnitMetadata<'a>, usize) -> Result<&'a CodeUnit<'a>> + 'w;

/// The code of `tree`. What is to be warned of is added to `warnings`, also of what stands before an error.
pub(crate) fn generate<'s, 'a>(
    tree: &'a Mod<'a>,
    interner: &'s mut Interner<'a>,
    table: SymbolTable,
    names: WellKnown,
    settings: &'s Settings<'a>,
    warnings: &'s mut Vec<SyntaxWarning>,
    assemble: &'s mut AssembleUnit<'s, 'a>,
) -> Result<&'a CodeUnit<'a>> {
    let start = Location::new(0, 1, 0, 0);
    let name = Name::from("<module>");
    let metadata = UnitMetadata::new(settings.filename, name, name.text(), 1, settings.arena);
    let mut generator = CodeGenerator {
        settings,
        codes: ConstantTable::new(settings.arena),
        table,
        unit: Box::new(Unit::new(ScopeId::TOP, UnitKind::Module, metadata, settings.is_plain)),
        outer: Vec::new(),
        is_interactive: matches!(tree, Mod::Interactive(_)),
        silenced: 0,
        warnings,
        guard: StackGuard::new(settings.stack_budget),
        assemble,
        spare_units: Vec::new(),
        recent: RecentNames::new(interner.len()),
        recent_numbers: RecentNames::new(interner.len()),
        interner,
        contexts: 0,
        names,
    };
    generator.set_up_variables();
    generator.op_arg(Op::Resume, 0, start);
    generator.op(Op::AnnotationsPlaceholder, start);
    match tree {
        Mod::Module(module) => generator.module(&module.body, false)?,
        Mod::Interactive(module) => generator.module(&module.body, true)?,
        Mod::Expression(module) => generator.expression(&module.body)?,
        Mod::FunctionType(_) => {}
    }
    generator.assemble_unit(!matches!(tree, Mod::Expression(_)))
}

/// What a unit is the code of, as CPython's `_PyCompile_ScopeType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UnitKind {
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
    Annotations,
}

/// The annotation of a variable, whose code comes when the class or module is done.
#[derive(Clone, Copy)]
struct DeferredAnnotation<'a> {
    statement: &'a AnnAssign<'a>,
    span: Span,
    /// The number by which the code notes that the annotation was reached; None if it always is.
    condition: Option<u32>,
}

/// The code of one scope while it is generated.
struct Unit<'a> {
    scope: ScopeId,
    kind: UnitKind,
    /// The class whose private names are used here.
    class: Option<Symbol>,
    sequence: InstructionSequence,
    metadata: UnitMetadata<'a>,
    /// Of a class: the attributes that its methods set on `self`.
    static_attributes: NameSet,
    deferred_annotations: Vec<DeferredAnnotation<'a>>,
    next_condition: u32,
    frame_blocks: Vec<FrameBlock<'a>>,
    /// How many inlined comprehensions we are in.
    inlined_comprehensions: u32,
    /// How many statements we are in whose body may not run.
    conditional_blocks: u32,
    /// What [`CodeGenerator::recent`] knows this unit by: it changes when names get another meaning in the unit.
    context: u32,
    /// The first such, by which [`CodeGenerator::recent_numbers`] knows this unit.
    first_context: u32,
    /// Whether there were units in this one.
    has_inner_units: bool,
    /// Whether the loading of a variable may begin with a class's namespace.
    looks_into_class: bool,
    /// In a class or module, the names that are fast locals just now, being those of an inlined comprehension.
    hidden_now: NameSet,
}

impl<'a> Unit<'a> {
    fn new(scope: ScopeId, kind: UnitKind, metadata: UnitMetadata<'a>, is_plain: bool) -> Self {
        let mut sequence = InstructionSequence::new();
        sequence.spreads_lines = !is_plain;
        Self {
            scope,
            kind,
            class: None,
            sequence,
            metadata,
            static_attributes: NameSet::default(),
            deferred_annotations: Vec::new(),
            next_condition: 0,
            frame_blocks: Vec::new(),
            inlined_comprehensions: 0,
            conditional_blocks: 0,
            context: 0,
            first_context: 0,
            has_inner_units: false,
            looks_into_class: false,
            hidden_now: NameSet::default(),
        }
    }

    /// Makes it what [`Unit::new`] would make, but keeps its memory. The metadata is whatever it was.
    fn reset(&mut self, scope: ScopeId, kind: UnitKind) {
        (self.scope, self.kind) = (scope, kind);
        self.class = None;
        self.sequence.clear();
        self.static_attributes.clear();
        self.deferred_annotations.clear();
        self.next_condition = 0;
        self.frame_blocks.clear();
        self.inlined_comprehensions = 0;
        self.conditional_blocks = 0;
        self.has_inner_units = false;
        self.hidden_now.clear();
    }
}

struct CodeGenerator<'a, 's> {
    settings: &'s Settings<'a>,
    table: SymbolTable,
    unit: Box<Unit<'a>>,
    #[expect(clippy::vec_box, reason = "units are large and go to and fro")]
    outer: Vec<Box<Unit<'a>>>,
    is_interactive: bool,
    /// Above zero while the second copy of a `finally` block is generated: the first one has warned already.
    silenced: u32,
    warnings: &'s mut Vec<SyntaxWarning>,
    guard: StackGuard,
    assemble: &'s mut AssembleUnit<'s, 'a>,
    /// Units that are not in use, for their memory.
    #[expect(clippy::vec_box, reason = "units are large and go to and fro")]
    spare_units: Vec<Box<Unit<'a>>>,
    /// Code that has become a constant, of all units.
    codes: ConstantTable<'a>,
    interner: &'s mut Interner<'a>,
    names: WellKnown,
    /// Where instructions find variables.
    recent: RecentNames<names::Found>,
    /// The numbers of names in `co_names`.
    recent_numbers: RecentNames<u32>,
    /// The last context that was given to a unit.
    contexts: u32,
}

impl<'a> CodeGenerator<'a, '_> {
    /// Where the code goes.
    fn arena(&self) -> &'a Arena {
        self.settings.arena
    }

    fn module(&mut self, body: &'a [Stmt<'a>], interactive: bool) -> Result<()> {
        let location = body.first().map_or(Location::new(1, 1, 0, 0), |first| location_of(first.span));
        if self.table.scope(self.unit.scope).has_conditional_annotations {
            self.op_arg(Op::BuildSet, 0, location);
            let name = self.names.conditional_annotations;
            let number = self.number_of_name(name);
            self.op_arg(Op::StoreName, number, location);
        }
        self.body(body, location, interactive)
    }

    fn find_scope(&self, key: ScopeKey, span: Span) -> Result<ScopeId> {
        self.table.find(key).ok_or_else(|| {
            let message = "unknown symbol table entry".into();
            let kind = syntax::error::SyntaxErrorKind::SystemError;
            Box::new(SyntaxError { kind, message, span: Some(span), line: ErrorLine::Reached })
        })
    }

    /// An error that the code generator finds.
    #[cold]
    fn error<T>(&self, message: impl Into<Wtf8Buf>, span: Span) -> Result<T> {
        Err(crate::symbol_table::error(message, span))
    }

    fn warn(&mut self, message: String, span: Span) {
        if self.silenced == 0 {
            self.warnings.push(SyntaxWarning { deprecation: false, message: message.into(), span });
        }
    }

    fn has_string_annotations(&self) -> bool {
        self.settings.features.has(bytecode::code_flags::CO_FUTURE_ANNOTATIONS)
    }
}
