//! Damaged programs and damaged marshal data, the same ones each time: whatever is in them, nothing may panic.
//!
//! Runs the entry points of the fuzz targets. `NAJA_MUTATIONS=N` tries N mutations instead of a few, `NAJA_SEED=N` others.
#![forbid(unsafe_code)]

use bytecode::arena::Arena;
use bytecode::marshal::write::write_code_unit;
use naja_compiler::{CompileOptions, compile};
use syntax::parser::{Mode, Options, parse};
use syntax::source::{Source, SourceOptions};
use syntax::string_literal::UnicodeNames;
use text::wtf8::Wtf8;

#[path = "../../../fuzz/entry_points.rs"]
mod entry_points;

/// What mutations put into programs.
const PIECES: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ".",
    "=",
    "*",
    "**",
    ";",
    "\\",
    "'",
    "\"",
    "'''",
    "@",
    "!",
    "$",
    "?",
    "\0",
    "#",
    "\n",
    "\r",
    "\t",
    " ",
    "\x0C",
    "if ",
    "else ",
    "for ",
    "in ",
    "def f(",
    "class ",
    "lambda ",
    "async ",
    "await ",
    "yield ",
    "return ",
    "import ",
    "from ",
    "as ",
    "with ",
    "try:",
    "except ",
    "except* ",
    "match ",
    "case ",
    "global x",
    "nonlocal x",
    "del ",
    "not ",
    "is ",
    "f'{",
    "f'{x!z:{",
    "t'{",
    "rb'\\",
    "0777",
    "1_",
    "0x",
    "1e",
    "1j",
    "b'\u{e9}'",
    ":=",
    "->",
    "print x",
    "None = 1",
    "*a, *b = c",
    "break",
    "continue",
    "__debug__",
    "type X[T] = ",
    "\u{feff}",
    "\u{e9}",
    "\u{1F40D}",
    "# type: ignore",
    "# coding: latin-1",
    "'\\N{",
    "'\\x",
    "9",
    "_",
    "...",
];

/// A tiny generator of our own: the tests are the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn programs() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/programs");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Some lines of a program, damaged in a few places.
fn damaged(program: &[u8], random: &mut Random) -> Vec<u8> {
    let lines: Vec<&[u8]> = program.split_inclusive(|byte| *byte == b'\n').collect();
    let start = random.below(lines.len());
    let end = (start + 1 + random.below(25)).min(lines.len());
    let mut text = lines[start..end].concat();
    for _ in 0..random.below(4) {
        let at = random.below(text.len() + 1);
        let piece = PIECES[random.below(PIECES.len())].as_bytes();
        match random.below(6) {
            0 => drop(text.splice(at..(at + 1 + random.below(4)).min(text.len()), [])),
            1 => text.truncate(at),
            2 => drop(text.splice(at..at, piece.repeat(1 + random.below(300)))),
            3 if at < text.len() => text[at] = random.below(256) as u8,
            4 => {
                let from = random.below(text.len() + 1);
                let copied = text[from..(from + random.below(40)).min(text.len())].to_vec();
                drop(text.splice(at..at, copied));
            }
            _ => drop(text.splice(at..at, piece.iter().copied())),
        }
    }
    text.insert(0, random.below(256) as u8);
    text
}

#[test]
fn damaged_programs_are_refused_or_compiled() {
    let programs = programs();
    let mut random = Random(number("NAJA_SEED", 1) * 2 + 1);
    for _ in 0..number("NAJA_MUTATIONS", 1_000) {
        let text = damaged(&programs[random.below(programs.len())], &mut random);
        let outcome = std::panic::catch_unwind(|| entry_points::front_end(&text));
        assert!(outcome.is_ok(), "the front end panics for {:?}", String::from_utf8_lossy(&text));
    }
}

#[test]
fn damaged_marshal_data_is_refused_or_read() {
    let compiled = |program: &Vec<u8>| {
        let text = String::from_utf8_lossy(program);
        let source = Source::from_text(&text, SourceOptions::default()).ok()?;
        let arena = Arena::new();
        let parsed = parse(&source, &arena, Mode::Module, Options::new(&UnicodeNames)).ok()?;
        let code = compile(parsed.tree, Wtf8::of("file"), &CompileOptions::default()).ok()?.code;
        write_code_unit(code).ok()
    };
    let data: Vec<Vec<u8>> = programs().iter().filter_map(compiled).collect();
    assert!(!data.is_empty());
    let mut random = Random(number("NAJA_SEED", 1) * 2 + 1);
    for _ in 0..number("NAJA_MUTATIONS", 1_000) {
        let mut bytes = data[random.below(data.len())].clone();
        for _ in 0..1 + random.below(8) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes.truncate(at + 1),
                1 => bytes[at] ^= 1 << random.below(8),
                _ => bytes[at] = random.below(256) as u8,
            }
        }
        let outcome = std::panic::catch_unwind(|| entry_points::marshal(&bytes));
        assert!(outcome.is_ok(), "marshal panics for {bytes:?}");
    }
}

/// Programs that nest as deep as one likes end in an error, not in an overflow of the stack.
#[test]
fn nesting_of_any_depth_comes_back() {
    let depth = 30_000;
    let wrapped = |open: &str, middle: &str, close: &str| open.repeat(depth) + middle + &close.repeat(depth);
    let indented = |line: &str, depth: usize| -> String {
        (0..depth).map(|level| format!("{}{line}\n", " ".repeat(level))).collect::<String>()
    };
    let programs = [
        wrapped("(", "", ")"),
        wrapped("[", "", "]"),
        wrapped("{1:", "1", "}"),
        wrapped("f(", "", ")"),
        wrapped("a[", "b", "]"),
        wrapped("-", "1", ""),
        wrapped("not ", "1", ""),
        wrapped("lambda: ", "1", ""),
        wrapped("a if b else ", "c", ""),
        wrapped("await ", "c", ""),
        wrapped("a = ", "b", ""),
        wrapped("f'{", "a", "}'"),
        wrapped("a", "", ".b"),
        wrapped("a", "", "()"),
        wrapped("a ** ", "a", ""),
        format!("a{}", " + a".repeat(depth)),
        format!("a{}", " < a".repeat(depth)),
        format!("if a: b\n{}", "elif a: b\n".repeat(depth)),
        format!("match a:\n case {}:\n  pass", wrapped("[", "", "]")),
        format!("x: {}", wrapped("a[", "b", "]")),
        format!("[{}]", "a for a in ".repeat(depth)),
        indented("if a:", 90) + &" ".repeat(90) + "pass",
        indented("for a in b:", 90) + &" ".repeat(90) + "pass",
        indented("def f():", 90) + &" ".repeat(90) + "pass",
        indented("try:", 30),
    ];
    for program in programs {
        for choice in 0..3 {
            let mut data = vec![choice];
            data.extend(program.as_bytes());
            entry_points::front_end(&data);
        }
    }
}
