//! Prints the symbol tables of programs, for `tests/compare_symbols.py`.
//!
//! Answers records from standard input until it ends. A record is a line with a length and a text of so many bytes, the
//! answer a line with the number of lines that follow: the scopes, or the error.
#![forbid(unsafe_code)]

use bytecode::arena::Arena;
use std::cell::OnceCell;
use std::io::{self, BufRead, Write};

use naja_compiler::compile::DEFAULT_STACK_BUDGET;
use naja_compiler::future::FutureFeatures;
use naja_compiler::symbol_table::SymbolTable;
use naja_compiler::symbol_table::scope::ScopeId;
use syntax::interner::Interner;
use syntax::parser::{Mode, Options, parse};
use syntax::source::{Source, SourceOptions};
use syntax::string_literal::CharacterNames;

struct UnicodeNames;

impl CharacterNames for UnicodeNames {
    fn code_point(&self, name: &str) -> Option<u32> {
        text::unicode_data::names::lookup(name)
    }
}

fn main() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        let mut bytes = vec![0; line.trim().parse().unwrap_or(0)];
        io::Read::read_exact(&mut input, &mut bytes)?;
        let lines = described(&String::from_utf8_lossy(&bytes));
        writeln!(output, "{}\n{}", lines.len(), lines.join("\n"))?;
        output.flush()?;
        line.clear();
    }
    Ok(())
}

fn described(program: &str) -> Vec<String> {
    let (arena, place) = (Arena::new(), OnceCell::new());
    let table = Source::from_text(program, SourceOptions::default()).and_then(|source| {
        let source = place.get_or_init(|| source);
        let mut parsed = parse(source, &arena, Mode::Module, Options::new(&UnicodeNames))?;
        let features = FutureFeatures::of(&parsed.tree).map_err(|error| *error)?;
        let table = SymbolTable::build(&mut parsed.tree, &features, DEFAULT_STACK_BUDGET).map_err(|error| *error)?;
        Ok((table, parsed.tree.interner))
    });
    match table {
        Ok((table, interner)) => {
            let mut lines = Vec::new();
            describe(&table, &interner, ScopeId::TOP, 0, &mut lines);
            lines
        }
        Err(error) => vec![format!("error {}", error.message)],
    }
}

fn describe(table: &SymbolTable, interner: &Interner<'_>, id: ScopeId, depth: usize, lines: &mut Vec<String>) {
    let scope = table.scope(id);
    let parameters: Vec<String> = scope.parameters.iter().map(|name| interner.text(*name).to_string()).collect();
    let mut symbols: Vec<String> =
        scope.symbols.iter().map(|(name, flags)| format!("{}={:x}", interner.text(name), flags.0)).collect();
    symbols.sort();
    lines.push(format!(
        "{depth} {} type {} nested {} line {} ({}) {}",
        interner.text(scope.name),
        scope.kind as u8,
        u8::from(scope.nested),
        scope.span.start.line,
        parameters.join(" "),
        symbols.join(" ")
    ));
    for child in &scope.children {
        describe(table, interner, *child, depth + 1, lines);
    }
}
