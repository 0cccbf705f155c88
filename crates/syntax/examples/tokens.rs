//! Prints the tokens of files as the module `_tokenize` yields them; `tests/compare_tokens.py` compares them with the reference's.
//!
//! `tokens [--extra] FILE...`: a header and then a line a token, for each file.
#![forbid(unsafe_code)]

use std::io::{BufWriter, Write};

use naja_syntax::source::decode::source_encoding;
use naja_syntax::source::{Source, SourceOptions};
use naja_syntax::tokenizer::TokenizerOptions;
use naja_syntax::tokenizer::module::ModuleTokens;

fn main() -> std::io::Result<()> {
    let mut extra_tokens = false;
    let mut output = BufWriter::new(std::io::stdout().lock());
    for argument in std::env::args().skip(1) {
        if argument == "--extra" {
            extra_tokens = true;
            continue;
        }
        writeln!(output, "== {argument}")?;
        let bytes = std::fs::read(&argument)?;
        print_tokens(&mut output, &bytes, extra_tokens)?;
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

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}
