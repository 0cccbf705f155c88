//! Tests of the parser and of its errors against what the reference makes of small sources, and of programs that nest
//! deep.
//!
//! `tests/record_parser.py` records the expectations; its opening comment tells their format.

use std::cell::OnceCell;

use bytecode::arena::Arena;

use crate::ast::NodeRef;
use crate::ast::dump::dump;
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::source::{Source, SourceOptions};
use crate::string_literal::UnicodeNames;

use super::{Mode, Options, Parsed, parse, parse_or_reject};

/// What a recorded file has: mode and source, and what comes of them.
fn cases(data: &str) -> impl Iterator<Item = (&str, String, &str)> {
    let lines: Vec<&str> = data.lines().collect();
    let pairs: Vec<_> = lines.chunks(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect();
    pairs.into_iter().map(|(head, expected)| {
        let (mode, source) = head.trim_start_matches(">>> ").split_once(' ').unwrap_or((head, ""));
        (mode, unescape(source), expected)
    })
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => out.push(match characters.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('f') => '\x0C',
                other => other.unwrap_or('\\'),
            }),
            _ => out.push(character),
        }
    }
    out
}

/// What a tree lies in, and the source that its texts may be parts of.
#[derive(Default)]
struct Memory {
    arena: Arena,
    source: OnceCell<Source>,
}

fn parse_text<'t>(mode: &str, text: &str, memory: &'t Memory) -> (&'t Source, Result<Parsed<'t>, SyntaxError>) {
    let mut flags = mode.split('+');
    let mode = flags.next().unwrap_or(mode);
    let options = flags.fold(Options::new(&UnicodeNames), |options, flag| match flag {
        "types" => Options { type_comments: true, ..options },
        "incomplete" => Options { allow_incomplete_input: true, dont_imply_dedent: true, ..options },
        _ => {
            let minor = flag.strip_prefix("3.").and_then(|minor| minor.parse().ok()).expect("a version");
            Options { feature_version: minor, ..options }
        }
    });
    let source_options = SourceOptions { add_final_newline: mode == "exec", ..SourceOptions::default() };
    let source = Source::from_text(text, source_options).expect("a source");
    let source = memory.source.get_or_init(|| source);
    let mode = match mode {
        "exec" => Mode::Module,
        "eval" => Mode::Expression,
        "single" => Mode::Interactive,
        _ => Mode::FunctionType,
    };
    (source, parse(source, &memory.arena, mode, options))
}

/// What is wrong with a module.
fn error_of(text: &str) -> Option<SyntaxError> {
    parse_text("exec", text, &Memory::default()).1.err()
}

/// A dump with positions as `@line:column-line:column`.
fn short_dump(parsed: &Parsed<'_>) -> String {
    let text = dump(NodeRef::Mod(&parsed.tree.module), &parsed.tree.interner, true);
    let text = text.replace(", col_offset=", ":").replace(", end_lineno=", "-").replace(", end_col_offset=", ":");
    // A type comment's `lineno` stands alone.
    let is_alone = |rest: &str| rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).starts_with(", tag");
    let mut pieces = text.split("lineno=");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str(if is_alone(piece) { "lineno=" } else { "@" });
        out.push_str(piece);
    }
    out
}

fn describe(source: &Source, error: &SyntaxError) -> String {
    let kind = match error.kind {
        SyntaxErrorKind::IncompleteInput => "IncompleteInputError".to_owned(),
        kind => format!("{kind:?}"),
    };
    let (Some(span), Some((offset, end_offset))) = (error.span, error.exception_offsets(source)) else {
        return format!("{kind} {}", error.message);
    };
    format!("{kind} {}:{offset}-{}:{end_offset} {}", span.start.line, span.end.line, error.message)
}

#[test]
fn trees_are_those_of_the_reference() {
    let mut failures = Vec::new();
    for (mode, text, expected) in cases(include_str!("../../tests/data/trees.txt")) {
        let memory = Memory::default();
        let found = match parse_text(mode, &text, &memory) {
            (_, Ok(parsed)) => short_dump(&parsed),
            (source, Err(error)) => describe(source, &error),
        };
        if found != expected {
            failures.push(format!("{mode} {text:?}\n  found  {found}\n  wanted {expected}"));
        }
    }
    assert!(failures.is_empty(), "{} trees differ\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn errors_are_those_of_the_reference() {
    let mut failures = Vec::new();
    for (mode, text, expected) in cases(include_str!("../../tests/data/parser_errors.txt")) {
        let memory = Memory::default();
        let found = match parse_text(mode, &text, &memory) {
            (_, Ok(parsed)) => short_dump(&parsed),
            (source, Err(error)) => describe(source, &error),
        };
        if found != expected {
            failures.push(format!("{mode} {text:?}\n  found  {found}\n  wanted {expected}"));
        }
    }
    assert!(failures.is_empty(), "{} errors differ\n{}", failures.len(), failures.join("\n"));
}

/// The deepest programs need half of a main thread's stack, more than a test's thread has.
#[test]
fn nesting_ends_where_it_does_in_the_reference() {
    let main_thread = std::thread::Builder::new().stack_size(8 << 20);
    let checked = main_thread.spawn(check_nesting).expect("a thread").join();
    assert!(checked.is_ok());
}

/// The thresholds are the reference's: one more, and it says that the source is too complex.
fn check_nesting() {
    let repeated = |part: &str, times: usize, end: &str| part.repeat(times) + end;
    let defaults = |times: usize| "lambda x=".repeat(times) + "1" + &":1".repeat(times);
    let deepest: [(&dyn Fn(usize) -> String, usize); 6] = [
        (&|times| repeated("-", times, "1"), 5968),
        (&|times| repeated("not ", times, "1"), 5968),
        (&|times| repeated("a if b else ", times, "1"), 5968),
        (&|times| repeated("a**", times, "1"), 2984),
        (&|times| repeated("lambda:", times, "1"), 2984),
        (&defaults, 746),
    ];
    for (program, times) in deepest {
        let error = error_of(&program(times));
        assert!(error.is_none(), "{error:?}");
        let error = error_of(&program(times + 1));
        assert_eq!(error.map(|error| error.kind), Some(SyntaxErrorKind::MemoryError));
    }
    // The tokenizer's limit comes before the parser's.
    for part in ["{1:", "(yield ", "[", "a[", "f(a=", "{**", "(x:="] {
        for (times, expected) in [(200, "was never closed"), (201, "too many nested parentheses")] {
            let error = error_of(&part.repeat(times));
            let message = error.map(|error| error.message.to_string_lossy()).unwrap_or_default();
            assert!(message.ends_with(expected), "{part} {times}: {message}");
        }
    }
}

#[test]
fn chains_may_be_of_any_length() {
    for part in ["a+", "a<", "a and ", "a=", "a,", "'a' "] {
        let error = error_of(&(part.repeat(200_000) + "a"));
        assert_eq!(error.is_none(), part != "'a' ", "{part}");
    }
    for part in [".a", "()", "[0]"] {
        let error = error_of(&("a".to_owned() + &part.repeat(200_000)));
        assert!(error.is_none(), "{part}");
        let error = error_of(&("a".to_owned() + &part.repeat(20_000) + " 1"));
        assert!(error.is_some(), "{part}");
    }
}

/// Recorded from the exceptions' `_metadata`.
#[test]
fn the_last_statement_is_the_one_that_suggestions_start_at() {
    let cases = [
        ("x y", (0, 0)),
        ("if 1: pass\nx y", (1, 0)),
        ("if 1: pass\nfor x in y: pass\nz z", (2, 0)),
        ("if 1:\n  if 2: pass\n  z z", (2, 2)),
        ("if 1:\n  if 2: pass\nz z", (2, 2)),
        ("if 1: pass\n'abc", (0, 0)),
        ("def f():\n  if 1: pass\n  class A: pass\nz z", (3, 2)),
        ("def f(): pass\nz z", (0, 0)),
        ("@a\nclass A: pass\nz z", (2, 0)),
        ("if a:\n if b: pass\n else:\n  z z", (2, 1)),
    ];
    for (text, expected) in cases {
        let source = Source::from_text(text, SourceOptions::default()).expect("a source");
        let arena = Arena::new();
        let rejected = parse_or_reject(&source, &arena, Mode::Module, Options::new(&UnicodeNames));
        let found =
            rejected.map_or_else(|rejected| rejected.last_statement.unwrap_or_default(), |_| panic!("it is refused"));
        assert_eq!((found.line, found.column), expected, "{text:?}");
    }
}
