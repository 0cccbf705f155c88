//! Symbol tables against what `tests/record_symbols.py` recorded from the reference.

use bytecode::arena::Arena;
use syntax::interner::{Interner, Symbol};
use syntax::parser::{Mode, Options, parse};
use syntax::source::{Source, SourceOptions};
use syntax::string_literal::CharacterNames;

use super::SymbolTable;
use super::scope::{ScopeId, SymbolFlags};
use crate::compile::DEFAULT_STACK_BUDGET;
use crate::future::FutureFeatures;

const RECORDED: &str = include_str!("../../tests/data/symbols.txt");
const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/programs/");

struct NoNames;

impl CharacterNames for NoNames {
    fn code_point(&self, _name: &str) -> Option<u32> {
        None
    }
}

fn describe(table: &SymbolTable, interner: &Interner<'_>, id: ScopeId, depth: usize, lines: &mut Vec<String>) {
    let scope = table.scope(id);
    let parameters: Vec<String> = scope.parameters.iter().map(|name| interner.text(*name).to_string()).collect();
    let shown = |(name, flags): (Symbol, &SymbolFlags)| format!("{}={:x}", interner.text(name), flags.0);
    let mut symbols: Vec<String> = scope.symbols.iter().map(shown).collect();
    symbols.sort();
    let (name, kind, nested) = (interner.text(scope.name), scope.kind as u8, u8::from(scope.nested));
    let (line, parameters, symbols) = (scope.span.start.line, parameters.join(" "), symbols.join(" "));
    lines.push(format!("{depth} {name} type {kind} nested {nested} line {line} ({parameters}) {symbols}"));
    for child in &scope.children {
        describe(table, interner, *child, depth + 1, lines);
    }
}

#[test]
fn tables_are_as_recorded() {
    let mut programs = 0;
    for record in RECORDED.split("###\t").skip(1) {
        let (head, expected) = record.split_once('\n').unwrap();
        let (file, title) = head.split_once('\t').unwrap();
        let text = std::fs::read_to_string(format!("{PROGRAMS}{file}")).unwrap();
        let program = text.split("### ").find_map(|part| part.strip_prefix(title)?.strip_prefix('\n')).unwrap();
        let source = Source::from_text(program, SourceOptions::default()).unwrap();
        let arena = Arena::new();
        let mut parsed = parse(&source, &arena, Mode::Module, Options::new(&NoNames)).unwrap();
        let features = FutureFeatures::of(&parsed.tree).unwrap();
        let table = SymbolTable::build(&mut parsed.tree, &features, DEFAULT_STACK_BUDGET).unwrap();
        let mut lines = Vec::new();
        describe(&table, &parsed.tree.interner, ScopeId::TOP, 0, &mut lines);
        assert_eq!(lines.join("\n"), expected.trim_end_matches('\n'), "{head}");
        programs += 1;
    }
    assert!(programs > 100);
}
