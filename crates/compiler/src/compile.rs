//! `compile`: a tree to code.

#[cfg(test)]
mod tests;

use std::rc::Rc;

use bytecode::code_unit::CodeUnit;
use syntax::ast::{Mod, Tree};
use syntax::error::{ErrorLine, SyntaxError, SyntaxErrorKind, SyntaxWarning};
use text::wtf8::Wtf8Buf;

use crate::assemble::{Workspace, assemble_unit};
use crate::codegen::{self, Settings};
use crate::future::FutureFeatures;
use crate::preprocess::{PreprocessOptions, preprocess};
use crate::symbol_table::SymbolTable;
use crate::symbol_table::well_known::WellKnown;
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
}

impl Default for CompileOptions {
    fn default() -> Self {
        Self { optimize: 0, flags: 0, stack_budget: DEFAULT_STACK_BUDGET }
    }
}

/// What a tree was compiled to.
#[derive(Clone, Debug)]
pub struct Compiled {
    pub code: Rc<CodeUnit>,
    /// In the order in which CPython gives them.
    pub warnings: Vec<SyntaxWarning>,
}

/// An error of [`compile_in_stages`].
#[derive(Clone, Debug)]
pub struct StagedError {
    pub error: SyntaxError,
    /// Whether it was found before code was generated: CPython then gives the exception its place by attributes, and its arguments are the message
    /// alone.
    pub is_early: bool,
    /// What was to be warned of before the error was found.
    pub warnings: Vec<SyntaxWarning>,
}

/// Compiles a tree, whose mode is that of its root. The tree is preprocessed in place.
///
/// Unlike the parser's errors, those from here give the exception's `offset` in bytes, as CPython's compiler does: it is
/// the column plus one, whatever characters come before.
pub fn compile(tree: &mut Tree, filename: &Wtf8Buf, options: &CompileOptions) -> Result<Compiled, SyntaxError> {
    compile_in_stages(tree, filename, options).map_err(|staged| staged.error)
}

/// As [`compile`], with errors that say where they were found.
pub fn compile_in_stages(
    tree: &mut Tree,
    filename: &Wtf8Buf,
    options: &CompileOptions,
) -> Result<Compiled, StagedError> {
    let early = |error: Box<SyntaxError>| StagedError { error: *error, is_early: true, warnings: Vec::new() };
    let late = |error: Box<SyntaxError>| StagedError { error: *error, is_early: false, warnings: Vec::new() };
    if let Mod::FunctionType(_) = tree.module {
        let message = "this compiler does not handle FunctionTypes".into();
        let kind = SyntaxErrorKind::SystemError;
        let error = SyntaxError { kind, message, span: None, line: ErrorLine::Reached };
        return Err(late(Box::new(error)));
    }
    let mut features = FutureFeatures::of(tree).map_err(early)?;
    features.flags |= options.flags;
    let preprocessing = PreprocessOptions {
        optimize: options.optimize,
        future_flags: features.flags,
        syntax_check_only: false,
        stack_budget: options.stack_budget,
    };
    let mut warnings = preprocess(tree, &preprocessing).map_err(late)?;
    let Tree { module, interner } = tree;
    let names = WellKnown::new(interner);
    let table = match SymbolTable::build_for_code(module, interner, &features, &names, options.stack_budget) {
        Ok(table) => table,
        Err(error) => return Err(StagedError { warnings, ..early(error) }),
    };
    let settings = Settings { filename, optimize: options.optimize, features, stack_budget: options.stack_budget };
    let mut workspace = Workspace::default();
    let mut assemble =
        |sequence: &mut _, metadata: &mut UnitMetadata| assemble_unit(sequence, metadata, &mut workspace);
    let generated = codegen::generate(module, interner, table, names, &settings, &mut assemble);
    let (code, more) = match generated {
        Ok(generated) => generated,
        Err(error) => return Err(StagedError { warnings, ..late(error) }),
    };
    warnings.extend(more);
    Ok(Compiled { code: Rc::new(code), warnings })
}
