//! Symbol tables against what `tests/record_symbols.py` recorded from the reference.

use syntax::parser::{Mode, Options, parse};
use syntax::source::{Source, SourceOptions};
use syntax::string_literal::CharacterNames;

use super::SymbolTable;
use super::scope::ScopeId;
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

fn describe(table: &SymbolTable, id: ScopeId, depth: usize, lines: &mut Vec<String>) {
    let scope = table.scope(id);
    let parameters: Vec<String> = scope.parameters.iter().map(ToString::to_string).collect();
    let mut symbols: Vec<String> = scope.symbols.iter().map(|(name, flags)| format!("{name}={:x}", flags.0)).collect();
    symbols.sort();
    let (name, kind, nested) = (&scope.name, scope.kind as u8, u8::from(scope.nested));
    let (line, parameters, symbols) = (scope.span.start.line, parameters.join(" "), symbols.join(" "));
    lines.push(format!("{depth} {name} type {kind} nested {nested} line {line} ({parameters}) {symbols}"));
    for child in &scope.children {
        describe(table, *child, depth + 1, lines);
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
        let parsed = parse(&source, Mode::Module, Options::new(&NoNames)).unwrap();
        let features = FutureFeatures::of(&parsed.module).unwrap();
        let table = SymbolTable::build(&parsed.module, &features, DEFAULT_STACK_BUDGET).unwrap();
        let mut lines = Vec::new();
        describe(&table, ScopeId::TOP, 0, &mut lines);
        assert_eq!(lines.join("\n"), expected.trim_end_matches('\n'), "{head}");
        programs += 1;
    }
    assert!(programs > 100);
}
