//! Whole programs against what `tests/record_programs.py` recorded from the reference, and the limits of the compiler.

use std::cell::OnceCell;

use bytecode::arena::Arena;
use bytecode::code_unit::CodeUnit;
use bytecode::constant::Constant;
use bytecode::disassemble::disassemble;
use bytecode::generated::GeneratedUnit;
use bytecode::marshal::plain::read_code_unit;
use syntax::ast::{Expr, ExprKind, Expression, Mod, Tree, Yield};
use syntax::error::SyntaxErrorKind;
use syntax::interner::{Interner, Symbol};
use syntax::parser::{Mode, Options, parse};
use syntax::source::{Source, SourceOptions};
use syntax::string_literal::CharacterNames;
use syntax::token::Span;
use text::wtf8::Wtf8;

use super::{CompileOptions, compile, generate_in_stages};

const RECORDED: &str = include_str!("../../tests/data/programs.tsv");

/// The folder of the programs; the tests read what they need of it.
const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/programs/");

struct NoNames;

impl CharacterNames for NoNames {
    fn code_point(&self, _name: &str) -> Option<u32> {
        None
    }
}

/// What a tree and its code lie in, and the source that their texts may be parts of.
#[derive(Default)]
struct Memory(Arena, OnceCell<Source>);

/// The code or the error, and the warnings, in the form of the recorded rows.
fn compiled<'t>(
    program: &str,
    file: &'t str,
    optimize: u8,
    memory: &'t Memory,
) -> (Result<&'t CodeUnit<'t>, String>, String) {
    let source = memory.1.get_or_init(|| Source::from_text(program, SourceOptions::default()).unwrap());
    let parsed = parse(source, &memory.0, Mode::Module, Options::new(&NoNames)).unwrap();
    let options = CompileOptions { optimize, ..CompileOptions::default() };
    match compile(parsed.tree, Wtf8::of(file), &options) {
        Ok(compiled) => {
            let warnings = parsed.warnings.iter().chain(&compiled.warnings);
            let told: Vec<_> =
                warnings.map(|warning| format!("{}: {}", warning.span.start.line, warning.message)).collect();
            (Ok(compiled.code), told.join(";;"))
        }
        Err(error) => {
            let Span { start, end } = error.span.unwrap();
            let place = format!("{}:{}-{}:{}", start.line, start.column + 1, end.line, end.column + 1);
            (Err(format!("{:?}: {} at {place}", error.kind, error.message)), String::new())
        }
    }
}

/// Everything of a code unit but the code in it, as text.
fn fields(unit: &CodeUnit<'_>) -> String {
    let constants: Vec<_> = unit
        .constants
        .iter()
        .map(|constant| match constant {
            Constant::Code(code) => format!("code {}", code.qualified_name),
            other => format!("{other:?}"),
        })
        .collect();
    let shown = CodeUnit { constants: &[], ..*unit };
    format!("{}\n{shown:?}\n{constants:?}", disassemble(unit))
}

fn assert_same(expected: &CodeUnit<'_>, found: &CodeUnit<'_>, program: &str) {
    let (expected_fields, found_fields) = (fields(expected), fields(found));
    assert!(expected_fields == found_fields, "{program}\nexpected {expected_fields}\nfound {found_fields}");
    for (expected, found) in expected.constants.iter().zip(found.constants) {
        if let (Constant::Code(expected), Constant::Code(found)) = (expected, found) {
            assert_same(expected, found, program);
        }
    }
}

fn bytes_of_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().map(|digit| digit.to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

#[test]
fn programs_compile_as_recorded() {
    let mut rows = 0;
    for line in RECORDED.lines() {
        let fields: Vec<_> = line.split('\t').collect();
        let [file, title, optimize, kind, payload, warnings] = fields[..] else { panic!("{line}") };
        let text = std::fs::read_to_string(format!("{PROGRAMS}{file}")).unwrap();
        let program = text.split("### ").find_map(|part| part.strip_prefix(title)?.strip_prefix('\n')).unwrap();
        let memory = Memory::default();
        let (result, told) = compiled(program, file, optimize.parse().unwrap(), &memory);
        let name = format!("{file}: {title}");
        match (kind, result) {
            ("code", Ok(found)) => {
                assert_same(read_code_unit(&bytes_of_hex(payload), &memory.0).unwrap(), found, &name);
            }
            ("error", Err(found)) => assert_eq!(payload, found, "{name}"),
            (_, result) => panic!("{name}: {kind} expected, found {result:?}"),
        }
        if kind == "code" {
            assert_eq!(warnings, told, "{name}");
        }
        rows += 1;
    }
    assert!(rows > 200);
}

/// The ways to put an expression into another one, by the source around it.
const NESTINGS: [(&str, &str); 14] = [
    ("-", ""),
    ("not ", ""),
    ("(", ",)"),
    ("[", "]"),
    ("lambda: ", ""),
    ("f(", ")"),
    ("(x if ", " else y)"),
    ("[", " for x in y]"),
    ("(x for x in ", ")"),
    ("a[", "]"),
    ("(a and (", "))"),
    ("{", ": 1}"),
    ("(a < ", ")"),
    ("f'{", "}'"),
];

/// An expression whose names have the same symbols as those of others that are made of the same text, or of `x`.
fn expression<'t>(text: &str, arena: &'t Arena) -> (Expr<'t>, Interner<'t>) {
    let options = SourceOptions { add_final_newline: false, ..SourceOptions::default() };
    // Texts of the tree are parts of the source, which must not go.
    let source: &'static Source =
        Box::leak(Box::new(Source::from_text(&format!("(x, hole, {text})"), options).unwrap()));
    let Tree { module, interner, .. } = parse(source, arena, Mode::Expression, Options::new(&NoNames)).unwrap().tree;
    let Mod::Expression(tree) = module else { panic!("{module:?}") };
    let ExprKind::Tuple(tuple) = &mut tree.body.kind else { panic!("{text} is three elements") };
    let empty = Expr { kind: ExprKind::Yield(arena.put(Yield { value: None })), span: Span::default() };
    (std::mem::replace(&mut tuple.elts[2], empty), interner)
}

/// Puts `inner` in the place of the name `hole`; gives it back if there is none.
fn fill<'t>(expression: &mut Expr<'t>, hole: Symbol, inner: Expr<'t>) -> Option<Expr<'t>> {
    if matches!(&expression.kind, ExprKind::Name(name) if name.id == hole) {
        *expression = inner;
        return None;
    }
    let children: Vec<&mut Expr<'t>> = match &mut expression.kind {
        ExprKind::UnaryOp(node) => vec![&mut node.operand],
        ExprKind::Tuple(node) => node.elts.iter_mut().collect(),
        ExprKind::List(node) => node.elts.iter_mut().collect(),
        ExprKind::Lambda(node) => vec![&mut node.body],
        ExprKind::Call(node) => node.args.iter_mut().collect(),
        ExprKind::IfExp(node) => vec![&mut node.test],
        ExprKind::ListComp(node) => vec![&mut node.elt],
        ExprKind::GeneratorExp(node) => vec![&mut node.generators[0].iter],
        ExprKind::Subscript(node) => vec![&mut node.slice],
        ExprKind::BoolOp(node) => node.values.iter_mut().collect(),
        ExprKind::Dict(node) => node.keys.iter_mut().flatten().collect(),
        ExprKind::Compare(node) => node.comparators.iter_mut().collect(),
        ExprKind::JoinedStr(node) => node.values.iter_mut().collect(),
        ExprKind::FormattedValue(node) => vec![&mut node.value],
        _ => Vec::new(),
    };
    children.into_iter().try_fold(inner, |inner, child| fill(child, hole, inner))
}

fn nested<'t>((before, after): (&str, &str), depth: usize, arena: &'t Arena) -> Tree<'t> {
    let (body, interner) = (0..depth).fold(expression("x", arena), |(inner, _), _| {
        let (mut outer, mut interner) = expression(&format!("{before}hole{after}"), arena);
        assert!(fill(&mut outer, interner.intern_str("hole"), inner).is_none());
        (outer, interner)
    });
    Tree { module: Mod::Expression(arena.put(Expression { body })), interner, arena, lines_to_preprocess: None }
}

#[test]
fn deep_trees_are_refused() {
    for nesting in NESTINGS {
        let arena = Arena::new();
        let tree = nested(nesting, 20_000, &arena);
        let error = compile(tree, Wtf8::of("deep"), &CompileOptions::default()).unwrap_err();
        assert_eq!(error.kind, SyntaxErrorKind::RecursionError, "{nesting:?}");
        assert_eq!(error.message, "maximum recursion depth exceeded during compilation");
    }
}

#[test]
fn trees_of_a_hundred_levels_compile() {
    for nesting in NESTINGS {
        // An inlined comprehension is a block, of which there may be no more than this.
        let is_block = nesting.1.starts_with(" for ");
        let depth = if is_block { bytecode::code_flags::CO_MAXBLOCKS } else { 100 };
        let error = |depth| {
            let arena = Arena::new();
            compile(nested(nesting, depth, &arena), Wtf8::of("deep"), &CompileOptions::default()).err()
        };
        assert!(error(depth).is_none(), "{nesting:?}");
        if is_block {
            assert_eq!(error(depth + 1).unwrap().message, "too many statically nested blocks");
        }
    }
}

#[test]
fn long_chains_compile() {
    let chains = [
        format!("x = {}", vec!["a"; 20_000].join(" + ")),
        format!("if a: b\n{}", "elif a: b\n".repeat(1_000)),
        format!("x = {}", vec!["a"; 20_000].join(" and ")),
        format!("from __future__ import annotations\nx: {}", vec!["a"; 20_000].join(" | ")),
    ];
    for program in chains {
        assert!(compiled(&program, "chain", 0, &Memory::default()).0.is_ok());
    }
}

/// Names of instructions, and in brackets those of the scopes in it.
fn outline(unit: &GeneratedUnit<'_>) -> String {
    let mut words: Vec<_> = unit.instructions.iter().map(|it| format!("{} {}", it.opcode, it.oparg)).collect();
    words.extend(unit.nested.iter().map(|nested| format!("[{}]", outline(nested))));
    words.join(", ")
}

#[test]
fn what_is_generated_shows_scopes_in_scopes_and_places_of_jumps() {
    // As `_testinternalcapi.compiler_codegen` lists it.
    let program = "def f():\n def g(): return 1\n def h(): pass\nif x: f = lambda: 2\n";
    let source = Source::from_text(program, SourceOptions::default()).unwrap();
    let arena = Arena::new();
    let parsed = parse(&source, &arena, Mode::Module, Options::new(&NoNames)).unwrap();
    let (unit, _) = generate_in_stages(parsed.tree, Wtf8::of("f.py"), &CompileOptions::default()).unwrap();
    let expected = "RESUME 0, ANNOTATIONS_PLACEHOLDER 0, LOAD_CONST 0, MAKE_FUNCTION 0, STORE_NAME 0, LOAD_NAME 1, TO_BOOL 0, \
        POP_JUMP_IF_FALSE 11, LOAD_CONST 1, MAKE_FUNCTION 0, STORE_NAME 0, LOAD_CONST 2, RETURN_VALUE 0, \
        [RESUME 0, LOAD_CONST 0, MAKE_FUNCTION 0, STORE_FAST 0, LOAD_CONST 1, MAKE_FUNCTION 0, STORE_FAST 1, LOAD_CONST 2, RETURN_VALUE 0, \
        [RESUME 0, NOP 0, LOAD_CONST 0, RETURN_VALUE 0, LOAD_CONST 1, RETURN_VALUE 0], [RESUME 0, NOP 0, LOAD_CONST 0, RETURN_VALUE 0]], \
        [RESUME 0, LOAD_CONST 0, RETURN_VALUE 0, LOAD_CONST 1, RETURN_VALUE 0]";
    assert_eq!(outline(&unit), expected);
    assert_eq!(unit.constants.len(), 3);
}
