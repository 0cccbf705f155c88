//! `compile`: a tree to code.

#[cfg(test)]
mod tests;

use bytecode::code_unit::CodeUnit;
use bytecode::generated::GeneratedUnit;
use syntax::ast::{Mod, Tree};
use syntax::error::{ErrorLine, SyntaxError, SyntaxErrorKind, SyntaxWarning};
use syntax::well_known::WellKnown;
use text::wtf8::Wtf8;

use crate::assemble::{Workspace, assemble_unit};
use crate::codegen::{self, AssembleUnit, Settings};
use crate::flow_graph::{FlowError, list_of_sequence};
use crate::future::FutureFeatures;
use crate::instruction_sequence::InstructionSequence;
use crate::preprocess::{PreprocessOptions, preprocess};
use crate::symbol_table::SymbolTable;
use crate::unit::UnitMetadata;

/// How many bytes of the native stack each pass may use, unless the caller says otherwise.
pub const DEFAULT_STACK_BUDGET: usize = 1 << 20;

/// What the code depends on besides the tree.
#[derive(Clone, Copy, Debug)]
pub struct CompileOptions {
    /// 0, 1 or 2: `-O` drops `assert`, `-OO` docstrings as well.
    pub optimize: u8,
    /// `CO_FUTURE_*` and `PyCF_*` flags that are inherited from the code around.
    pub flags: u32,
    /// How many bytes of the native stack each pass may use for a deep tree.
    pub stack_budget: usize,
    /// Whether the code says in which columns it comes from. Units that differ in nothing else are one.
    pub has_columns: bool,
}

impl Default for CompileOptions {
    fn default() -> Self {
        Self { optimize: 0, flags: 0, stack_budget: DEFAULT_STACK_BUDGET, has_columns: true }
    }
}

/// What a tree was compiled to.
#[derive(Clone, Debug)]
pub struct Compiled<'t> {
    pub code: &'t CodeUnit<'t>,
    /// In the order in which CPython gives them.
    pub warnings: Vec<SyntaxWarning>,
}

/// An error of [`compile_in_stages`].
#[derive(Clone, Debug)]
pub struct StagedError {
    pub error: Box<SyntaxError>,
    /// Whether it was found before code was generated: CPython then gives the exception its place by attributes, and its arguments are the message
    /// alone.
    pub is_early: bool,
    /// What was to be warned of before the error was found.
    pub warnings: Vec<SyntaxWarning>,
}

/// Compiles a tree, whose mode is that of its root. The code lies in the tree's arena.
///
/// Unlike the parser's errors, those from here give the exception's `offset` in bytes, as CPython's compiler does: it is
/// the column plus one, whatever characters come before.
pub fn compile<'t>(tree: Tree<'t>, filename: Wtf8<'t>, options: &CompileOptions) -> Result<Compiled<'t>, SyntaxError> {
    compile_in_stages(tree, filename, options).map_err(|staged| *staged.error)
}

/// As [`compile`], with errors that say where they were found.
pub fn compile_in_stages<'t>(
    tree: Tree<'t>,
    filename: Wtf8<'t>,
    options: &CompileOptions,
) -> Result<Compiled<'t>, StagedError> {
    let mut workspace = Workspace::default();
    let arena = tree.arena;
    let mut assemble = |sequence: &mut _, metadata: &mut UnitMetadata<'t>, _: usize| {
        let unit = assemble_unit(sequence, metadata, &mut workspace)?;
        if options.has_columns {
            return Ok(unit);
        }
        let line_table = arena.copies(&bytecode::line_table::without_columns(unit.line_table));
        Ok(&*arena.put(CodeUnit { line_table, ..*unit }))
    };
    compile_with(tree, filename, options, false, &mut assemble)
}

/// What code generation makes of a tree, before the flow graph.
pub fn generate_in_stages<'t>(
    tree: Tree<'t>,
    filename: Wtf8<'t>,
    options: &CompileOptions,
) -> Result<(GeneratedUnit<'t>, Vec<SyntaxWarning>), StagedError> {
    let mut workspace = Workspace::default();
    // Units that are done, each with the number of units around it; those that are in it have more.
    let mut done: Vec<(usize, GeneratedUnit<'t>)> = Vec::new();
    let mut assemble = |sequence: &mut InstructionSequence, metadata: &mut UnitMetadata<'t>, depth: usize| {
        let start = done.iter().rposition(|(other, _)| *other <= depth).map_or(0, |last| last + 1);
        let nested = done.drain(start..).map(|(_, unit)| unit).collect();
        let unit = GeneratedUnit {
            instructions: list_of_sequence(sequence),
            constants: metadata.constants.constants().to_vec(),
            argument_count: metadata.argument_count,
            positional_only_argument_count: metadata.positional_only_argument_count,
            keyword_only_argument_count: metadata.keyword_only_argument_count,
            nested,
        };
        done.push((depth, unit));
        assemble_unit(sequence, metadata, &mut workspace)
    };
    let warnings = compile_with(tree, filename, options, true, &mut assemble)?.warnings;
    // The outermost unit ends last.
    let outermost = done.pop().map(|(_, unit)| unit);
    outermost.map(|unit| (unit, warnings)).ok_or_else(|| late(FlowError::Malformed.into()))
}

fn early(error: Box<SyntaxError>) -> StagedError {
    StagedError { error, is_early: true, warnings: Vec::new() }
}

fn late(error: Box<SyntaxError>) -> StagedError {
    StagedError { error, is_early: false, warnings: Vec::new() }
}

fn compile_with<'s, 't>(
    mut tree: Tree<'t>,
    filename: Wtf8<'t>,
    options: &CompileOptions,
    is_plain: bool,
    assemble: &'s mut AssembleUnit<'s, 't>,
) -> Result<Compiled<'t>, StagedError> {
    if let Mod::FunctionType(_) = tree.module {
        let message = "this compiler does not handle FunctionTypes".into();
        let kind = SyntaxErrorKind::SystemError;
        let error = SyntaxError { kind, message, span: None, line: ErrorLine::Reached };
        return Err(late(Box::new(error)));
    }
    let mut features = FutureFeatures::of(&tree).map_err(early)?;
    features.flags |= options.flags;
    let preprocessing = PreprocessOptions {
        optimize: options.optimize,
        future_flags: features.flags,
        syntax_check_only: false,
        stack_budget: options.stack_budget,
    };
    let mut warnings = preprocess(&mut tree, &preprocessing).map_err(late)?;
    let Tree { module, mut interner, arena, .. } = tree;
    let module: &'t Mod<'t> = arena.put(module);
    let names = WellKnown::new(&mut interner);
    let table = match SymbolTable::build_for_code(module, &mut interner, &features, &names, options.stack_budget) {
        Ok(table) => table,
        Err(error) => return Err(StagedError { warnings, ..early(error) }),
    };
    let CompileOptions { optimize, stack_budget, .. } = *options;
    let settings = Settings { filename, arena, optimize, features, stack_budget, is_plain };
    match codegen::generate(module, &mut interner, table, names, &settings, &mut warnings, assemble) {
        Ok(code) => Ok(Compiled { code, warnings }),
        Err(error) => Err(StagedError { warnings, ..late(error) }),
    }
}
