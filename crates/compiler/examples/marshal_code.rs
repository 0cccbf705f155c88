//! Compiles programs and writes their code as marshal data, for `tests/compare_code.py`.
//!
//!     marshal_code FILE              the code of a file
//!     marshal_code --records         answers records from standard input until it ends
//!
//! A record is a line «LENGTH MODE OPTIMIZE FLAGS FILENAME» and a text of so many bytes. The answer is a line
//! «code LENGTH LENGTH» or «error LENGTH 0», then the marshal data or the error, then the warnings.
#![forbid(unsafe_code)]

use bytecode::arena::Arena;
use std::fmt::Write as _;
use std::io::{self, BufRead, Write};
use text::wtf8::Wtf8;

use bytecode::marshal::write::write_code_unit;
use naja_compiler::{CompileOptions, compile};
use syntax::error::{SyntaxError, SyntaxWarning};
use syntax::parser::{Mode, Options, parse};
use syntax::source::{Source, SourceOptions};
use syntax::string_literal::CharacterNames;
use syntax::token::{Position, Span};

struct UnicodeNames;

impl CharacterNames for UnicodeNames {
    fn code_point(&self, name: &str) -> Option<u32> {
        text::unicode_data::names::lookup(name)
    }
}

struct Request {
    mode: String,
    optimize: u8,
    flags: u32,
    filename: String,
}

fn main() -> io::Result<()> {
    let argument = std::env::args().nth(1).unwrap_or_default();
    let mut output = io::BufWriter::new(io::stdout().lock());
    if argument == "--records" {
        return answer_records(&mut io::stdin().lock(), &mut output);
    }
    let program = std::fs::read_to_string(&argument)?;
    let request = Request { mode: "exec".to_owned(), optimize: 0, flags: 0, filename: argument };
    match compiled(&program, &request) {
        Ok((code, _)) => output.write_all(&code),
        Err(error) => Err(io::Error::other(error)),
    }
}

fn answer_records(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<()> {
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        let (length, request) = parse_request(line.trim_end());
        let mut bytes = vec![0; length];
        input.read_exact(&mut bytes)?;
        match compiled(&String::from_utf8_lossy(&bytes), &request) {
            Ok((code, warnings)) => {
                writeln!(output, "code {} {}", code.len(), warnings.len())?;
                output.write_all(&code)?;
                output.write_all(warnings.as_bytes())?;
            }
            Err(error) => write!(output, "error {} 0\n{error}", error.len())?,
        }
        output.flush()?;
        line.clear();
    }
    Ok(())
}

fn parse_request(line: &str) -> (usize, Request) {
    let mut fields = line.splitn(5, ' ');
    let mut next = || fields.next().unwrap_or_default().to_owned();
    let length = next().parse().unwrap_or(0);
    let mode = next();
    let optimize = next().parse().unwrap_or(0);
    let flags = next().parse().unwrap_or(0);
    (length, Request { mode, optimize, flags, filename: next() })
}

/// The marshal data and the warnings, or the error as text.
fn compiled(program: &str, request: &Request) -> Result<(Vec<u8>, String), String> {
    let mode = match request.mode.as_str() {
        "eval" => Mode::Expression,
        "single" => Mode::Interactive,
        _ => Mode::Module,
    };
    let source_options = SourceOptions { add_final_newline: mode == Mode::Module, ..SourceOptions::default() };
    let nowhere = |_: Position| 0;
    let source = Source::from_text(program, source_options).map_err(|error| error_text(&error, nowhere))?;
    let arena = Arena::new();
    let parsed = parse(&source, &arena, mode, Options::new(&UnicodeNames))
        .map_err(|error| error_text(&error, |position| source.exception_offset(position)))?;
    let options =
        CompileOptions { optimize: request.optimize, flags: request.flags, stack_budget: 6 << 20, has_columns: true };
    let compiled = compile(parsed.tree, Wtf8::of(&request.filename), &options)
        .map_err(|error| error_text(&error, |position| i64::from(position.column) + 1))?;
    let code = write_code_unit(compiled.code).map_err(|error| format!("{error:?}"))?;
    Ok((code, warnings_text(parsed.warnings.iter().chain(&compiled.warnings))))
}

fn warnings_text<'a>(warnings: impl Iterator<Item = &'a SyntaxWarning>) -> String {
    warnings.fold(String::new(), |mut text, warning| {
        let _ = writeln!(text, "{}\t{}", warning.span.start.line, warning.message);
        text
    })
}

/// «Kind, message, line, offset, end line, end offset», separated by tabs.
fn error_text(error: &SyntaxError, offset: impl Fn(Position) -> i64) -> String {
    let place = match error.span {
        Some(Span { start, end }) => format!("{}\t{}\t{}\t{}", start.line, offset(start), end.line, offset(end)),
        None => "None\tNone\tNone\tNone".to_owned(),
    };
    format!("{:?}\t{}\t{place}", error.kind, error.message)
}
