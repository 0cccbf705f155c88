//! Prints the tokens of files as the module `_tokenize` yields them; `tests/compare_tokens.py` compares them with the reference's.
//!
//! `tokens [--extra|--compile] FILE...`: a header and then a line a token, for each file; or with `--compile` the first error that
//! the parser would get from the tokenizer.
#![forbid(unsafe_code)]

use std::io::{BufWriter, Write};

use naja_syntax::error::SyntaxError;
use naja_syntax::source::decode::source_encoding;
use naja_syntax::source::{Source, SourceOptions};
use naja_syntax::token::{Span, TokenKind};
use naja_syntax::tokenizer::module::ModuleTokens;
use naja_syntax::tokenizer::{Tokenizer, TokenizerOptions};

fn main() -> std::io::Result<()> {
    let (mut extra_tokens, mut as_compiled) = (false, false);
    let mut output = BufWriter::new(std::io::stdout().lock());
    for argument in std::env::args().skip(1) {
        if argument == "--extra" {
            extra_tokens = true;
            continue;
        }
        if argument == "--compile" {
            as_compiled = true;
            continue;
        }
        writeln!(output, "== {argument}")?;
        let bytes = std::fs::read(&argument)?;
        match as_compiled {
            true => writeln!(output, "{}", first_error(&bytes))?,
            false => print_tokens(&mut output, &bytes, extra_tokens)?,
        }
    }
    output.flush()
}

fn print_tokens(output: &mut impl Write, bytes: &[u8], extra_tokens: bool) -> std::io::Result<()> {
    let options =
        SourceOptions { translate_newlines: false, refuse_nulls: false, add_final_newline: !bytes.is_empty() };
    let mut no_codec = |encoding: &str, _: &[u8]| Err(format!("unknown encoding: {encoding}").as_str().into());
    let source = match Source::from_bytes(bytes, options, None, &mut no_codec) {
        Ok(source) => source,
        Err(error) => return writeln!(output, "undecodable {:?}: {}", source_encoding(bytes), error.message),
    };
    let mut tokens = ModuleTokens::new(&source, TokenizerOptions { extra_tokens, ..Default::default() });
    loop {
        match tokens.next_token() {
            Ok(None) => return Ok(()),
            Ok(Some(token)) => writeln!(
                output,
                "{} {} {},{} {},{} {}",
                token.kind,
                escaped(token.text),
                token.start.0,
                token.start.1,
                token.end.0,
                token.end.1,
                escaped(token.line)
            )?,
            Err(error) => {
                let end = error.end.map_or("None".to_owned(), |(line, offset)| {
                    format!("{line},{}", offset.map_or("None".to_owned(), |offset| offset.to_string()))
                });
                let text = error.text.map_or("None".to_owned(), escaped);
                return writeln!(
                    output,
                    "{:?} {} {},{} {end} {text}",
                    error.kind, error.message, error.line, error.offset
                );
            }
        }
    }
}

/// The first error of a source, as the attributes of the exception that `compile()` raises.
fn first_error(bytes: &[u8]) -> String {
    let mut no_codec = |encoding: &str, _: &[u8]| Err(format!("unknown encoding: {encoding}").as_str().into());
    let source = match Source::from_bytes(bytes, SourceOptions::default(), None, &mut no_codec) {
        Ok(source) => source,
        Err(error) => {
            let source = Source::for_report(bytes);
            return described(&source, &error, source.error_text(&error));
        }
    };
    let mut tokenizer = Tokenizer::new(&source, TokenizerOptions::default());
    loop {
        match tokenizer.next_token() {
            Ok(token) if token.kind == TokenKind::EndMarker => return "no error".to_owned(),
            Ok(_) => {}
            Err(error) => return described(&source, &error, source.error_text(&error)),
        }
    }
}

fn described(source: &Source, error: &SyntaxError, text: Option<&str>) -> String {
    let place = match error.span {
        None => "None,None None,None None".to_owned(),
        Some(Span { start, end }) => format!(
            "{},{} {},{} {}",
            start.line,
            source.exception_offset(start),
            end.line,
            source.exception_offset(end),
            text.map_or("None".to_owned(), escaped)
        ),
    };
    format!("{:?} {} {place}", error.kind, error.message)
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}
