//! Prints what the parser makes of programs, for looking at and for `tests/compare_ast.py`.
//!
//!     dump FILE…              the tree of each file, or its error
//!     dump --records MODE     for each record on standard input (a line with its length in bytes, then the text) one line;
//!                             MODE is that of compile(), perhaps with +types, +incomplete or +3.9, and
//!                             with +warnings to print those instead of the tree
//!     dump --time FILE…       seconds to parse all the files, without printing
#![forbid(unsafe_code)]

use bytecode::arena::Arena;
use std::cell::OnceCell;
use std::io::{BufRead, Read, Write};
use std::time::{Duration, Instant};

use naja_syntax::ast::NodeRef;
use naja_syntax::ast::dump::dump;
use naja_syntax::error::SyntaxError;
use naja_syntax::parser::{Mode, Options, Parsed, parse};
use naja_syntax::source::{Source, SourceOptions};
use naja_syntax::string_literal::UnicodeNames;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--records", mode] => print_records(mode),
        ["--time", files @ ..] => time(files),
        files => files.iter().try_for_each(|file| {
            let text = std::fs::read_to_string(file)?;
            writeln!(std::io::stdout(), "{}", describe(&text, "exec"))
        }),
    }
}

fn print_records(mode: &str) -> std::io::Result<()> {
    let mut input = std::io::stdin().lock();
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        let length = line.trim().parse().unwrap_or(0);
        let mut bytes = vec![0; length];
        input.read_exact(&mut bytes)?;
        writeln!(output, "{}", describe(&String::from_utf8_lossy(&bytes), mode))?;
        output.flush()?;
        line.clear();
    }
    Ok(())
}

fn time(files: &[&str]) -> std::io::Result<()> {
    let mut total = Duration::ZERO;
    let mut n_bytes = 0;
    for file in files {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        let start = Instant::now();
        let memory = Memory::default();
        let parsed = parse_text(&text, "exec", &memory);
        total += start.elapsed();
        n_bytes += text.len();
        drop(parsed);
    }
    writeln!(std::io::stdout(), "{:.3} s for {n_bytes} bytes in {} files", total.as_secs_f64(), files.len())
}

/// What a tree lies in, and the source that its texts may be parts of.
#[derive(Default)]
struct Memory {
    arena: Arena,
    source: OnceCell<Source>,
}

fn parse_text<'t>(text: &str, mode: &str, memory: &'t Memory) -> Result<Parsed<'t>, SyntaxError> {
    let (mode, flags) = mode.split_once('+').unwrap_or((mode, ""));
    let source_options = SourceOptions { add_final_newline: mode == "exec", ..SourceOptions::default() };
    let source = Source::from_text(text, source_options)?;
    let source = memory.source.get_or_init(|| source);
    let mode = match mode {
        "eval" => Mode::Expression,
        "single" => Mode::Interactive,
        "func_type" => Mode::FunctionType,
        _ => Mode::Module,
    };
    let options = Options {
        feature_version: flags.split('+').find_map(|flag| flag.strip_prefix("3.")?.parse().ok()).unwrap_or(14),
        type_comments: flags.contains("types"),
        allow_incomplete_input: flags.contains("incomplete"),
        dont_imply_dedent: flags.contains("incomplete"),
        ..Options::new(&UnicodeNames)
    };
    parse(source, &memory.arena, mode, options)
}

fn describe(text: &str, mode: &str) -> String {
    let memory = Memory::default();
    match parse_text(text, mode, &memory) {
        Ok(parsed) if mode.contains("+warnings") => {
            let warnings = parsed.warnings.iter();
            format!("{:?}", warnings.map(|warning| (warning.span.start.line, &warning.message)).collect::<Vec<_>>())
        }
        Ok(parsed) => dump(NodeRef::Mod(&parsed.tree.module), &parsed.tree.interner, true),
        Err(error) => describe_error(memory.source.get(), &error),
    }
}

fn describe_error(source: Option<&Source>, error: &SyntaxError) -> String {
    let offsets = source.and_then(|source| error.exception_offsets(source));
    let place = match (source, error.span, offsets) {
        (Some(source), Some(span), Some((offset, end_offset))) => {
            let text = source.error_text(error);
            format!("{}:{offset}-{}:{end_offset} {text:?}", span.start.line, span.end.line)
        }
        _ => "nowhere".to_owned(),
    };
    format!("{:?} {:?} {place}", error.kind, error.message)
}
