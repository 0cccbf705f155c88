//! `from __future__ import …`: which features a module asks for.
//!
//! The features must be known before anything else of the module is compiled, so they are read off the first statements.

use bytecode::code_flags as flags;
use syntax::ast::{ImportFrom, Mod, Stmt, StmtKind, Tree};
use syntax::error::SyntaxError;
use syntax::interner::Interner;
use syntax::token::{Position, Span};

use crate::symbol_table::error;
use crate::views::docstring;

/// The features by name: those that are mandatory by now have no flag.
const FEATURES: &[(&str, u32)] = &[
    ("nested_scopes", 0),
    ("generators", 0),
    ("division", 0),
    ("absolute_import", 0),
    ("with_statement", 0),
    ("print_function", 0),
    ("unicode_literals", 0),
    ("barry_as_FLUFL", flags::CO_FUTURE_BARRY_AS_BDFL),
    ("generator_stop", 0),
    ("annotations", flags::CO_FUTURE_ANNOTATIONS),
];

/// What is asked for, and where the last such import ends.
#[derive(Clone, Copy, Debug, Default)]
pub struct FutureFeatures {
    /// `CO_FUTURE_*` bits, and the compiler flags that were given from outside.
    pub flags: u32,
    pub last_import: Span,
}

impl FutureFeatures {
    /// The features that the first statements of `tree` import.
    pub fn of(tree: &Tree<'_>) -> Result<Self, Box<SyntaxError>> {
        let Tree { module, interner, .. } = tree;
        let body = match module {
            Mod::Module(module) => &module.body,
            Mod::Interactive(module) => &module.body,
            Mod::Expression(_) | Mod::FunctionType(_) => return Ok(Self::default()),
        };
        // Before the imports there may be a docstring, and nothing else.
        let skipped = usize::from(docstring(body).is_some());
        let mut features = Self::default();
        for statement in body.get(skipped..).unwrap_or_default() {
            match &statement.kind {
                StmtKind::ImportFrom(import) if is_future(import, interner) => {
                    features.add(import, statement, interner)?
                }
                _ => break,
            }
        }
        Ok(features)
    }

    pub fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    /// Whether a `__future__` import at `start` comes too late.
    pub fn is_too_late(&self, start: Position) -> bool {
        let last = self.last_import;
        start.line > last.start.line || (start.line == last.end.line && start.column > last.end.column)
    }

    fn add(
        &mut self,
        import: &ImportFrom<'_>,
        statement: &Stmt<'_>,
        interner: &Interner<'_>,
    ) -> Result<(), Box<SyntaxError>> {
        for alias in &import.names {
            let feature = interner.text(alias.name);
            match FEATURES.iter().find(|(name, _)| feature == *name) {
                Some((_, flag)) => self.flags |= flag,
                None if feature == "braces" => return Err(error("not a chance", alias.span)),
                None => {
                    let message = format!("future feature {:.100} is not defined", feature.to_string_lossy());
                    return Err(error(message, alias.span));
                }
            }
        }
        self.last_import = statement.span;
        Ok(())
    }
}

/// Whether `import` is a `from __future__ import`.
pub fn is_future(import: &ImportFrom<'_>, interner: &Interner<'_>) -> bool {
    import.level.unwrap_or(0) == 0 && import.module.is_some_and(|module| interner.text(module) == "__future__")
}
