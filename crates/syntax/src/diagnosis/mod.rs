//! What is wrong with a program that the parser has refused.
//!
//! Called by `parser::parse` alone. CPython's messages come from how its parser goes about: it reads the program by a
//! parsing expression grammar, and if that fails it reads it once more with rules for what people get wrong. Which of
//! several possible errors it reports depends on the order in which all these rules are tried. So the grammar is here a
//! table (`diagnosis.peg`) that a small reader follows in that order; it is slow, and only runs on programs that are
//! wrong.

mod actions;
mod grammar;
mod offsets;
mod raise;
mod reader;
mod tree;

use crate::error::SyntaxErrorKind;
use crate::parser::{Mode, Options, ReadStatement, Rejected};
use crate::source::Source;
use crate::token::{Position, Span, Token, TokenKind};
use crate::tokenizer::TokenizerStatus;

use grammar::RuleIndex;
use raise::Error;
use reader::Reader;

/// CPython's words for nesting that its parser gives up on.
const TOO_DEEP: &str = "Parser stack overflowed - Python source too complex to parse";

/// Says what is wrong with a source that is not a program. `right` are statements in it that need not be looked at.
#[cold]
pub(crate) fn diagnose(source: &Source, mode: Mode, options: Options<'_>, right: &[ReadStatement]) -> Rejected {
    let mut reader = Reader::new(source, mode, options, right);
    let start = match mode {
        Mode::Module => RuleIndex::FILE,
        Mode::Interactive => RuleIndex::INTERACTIVE,
        Mode::Expression => RuleIndex::EVAL,
        Mode::FunctionType => RuleIndex::FUNC_TYPE,
    };
    // 1. How far the program is right. What goes wrong on the way (in the tokenizer, in a literal) is the error.
    if reader.read(start, false) {
        reader.raise_here("multiple statements found while compiling a single statement");
        return Rejected { last_statement: None, ..finish(reader) };
    }
    if options.allow_incomplete_input && has_seen_end(&reader) {
        reader.error = None;
        let last = reader.tokens.len().saturating_sub(1);
        reader.raise_near(last, SyntaxErrorKind::IncompleteInput, "incomplete input");
        return Rejected { last_statement: None, ..finish(reader) };
    }
    let Some(furthest) = reader.tokens.len().checked_sub(1) else {
        reader.raise_here("error at start before reading any input");
        return finish(reader);
    };
    // 2. What people get wrong.
    if reader.error.is_none() {
        reader.read(start, true);
    }
    // 3. If nothing is known about it, the place is where the first reading gave up.
    match &reader.error {
        Some(error) => {
            let is_ours = !error.is_of_tokenizer && is_syntax_error(error.error.kind);
            if is_ours && reader.tokenizer.status() == TokenizerStatus::Running {
                prefer_tokenizer_error(&mut reader);
            }
        }
        None => report_unknown(&mut reader, furthest),
    }
    finish(reader)
}

/// What is said of a program that nests too deep for the native stack.
#[cold]
pub(crate) fn too_deep() -> Rejected {
    let error = Error::without_place(SyntaxErrorKind::MemoryError, TOO_DEEP).error;
    Rejected { error, warnings: Vec::new(), last_statement: None }
}

fn finish(mut reader: Reader<'_>) -> Rejected {
    let unknown = || Error::without_place(SyntaxErrorKind::SyntaxError, "invalid syntax");
    let mut warnings = std::mem::take(&mut reader.warnings);
    warnings.append(&mut reader.tokenizer.take_warnings());
    warnings.sort_by_key(|warning| warning.span.start);
    let last_statement = Some(reader.last_statement);
    Rejected { error: reader.error.unwrap_or_else(unknown).error, warnings, last_statement }
}

/// Whether the tokenizer has looked beyond the end of the source: at it is not enough, but most tokens end where
/// another character does not continue them.
fn has_seen_end(reader: &Reader<'_>) -> bool {
    let is_open_ended = |token: &Token| {
        use TokenKind::{FStringEnd, Newline, String, TStringEnd};
        !matches!(token.kind, Newline | String | FStringEnd | TStringEnd)
            && token.text.end == reader.source.text().len()
    };
    reader.tokenizer.is_at_end_of_source() || reader.tokens.last().is_some_and(is_open_ended)
}

fn is_syntax_error(kind: SyntaxErrorKind) -> bool {
    matches!(kind, SyntaxErrorKind::SyntaxError | SyntaxErrorKind::IndentationError | SyntaxErrorKind::TabError)
}

fn report_unknown(reader: &mut Reader<'_>, furthest: usize) {
    let last = reader.tokens.len().saturating_sub(1);
    match reader.tokens[furthest].kind {
        TokenKind::Indent => {
            reader.raise_near(last, SyntaxErrorKind::IndentationError, "unexpected indent");
        }
        TokenKind::Dedent => {
            reader.raise_near(last, SyntaxErrorKind::IndentationError, "unexpected unindent");
        }
        _ => {
            reader.raise_at_token(furthest, "invalid syntax");
            prefer_tokenizer_error(reader);
        }
    }
}

/// An error that the tokenizer finds in the rest of the source is the one to report, unless it is in an f-string; so is
/// a bracket that is never closed, if it was opened on an earlier line than the error is on.
fn prefer_tokenizer_error(reader: &mut Reader<'_>) {
    let error_line = reader.tokens.last().map_or(0, |token| token.span.start.line);
    let mut n_open_strings: i32 = reader.tokens.iter().map(|token| string_nesting(token.kind)).sum();
    let error = loop {
        match reader.tokenizer.next_token() {
            Ok(token) if token.kind == TokenKind::EndMarker => return,
            Ok(token) => n_open_strings += string_nesting(token.kind),
            Err(error) => break error,
        }
    };
    if n_open_strings > 0 {
        return;
    }
    let is_raised = matches!(reader.tokenizer.status(), TokenizerStatus::Raised | TokenizerStatus::EndInString);
    let bracket = reader.tokenizer.open_brackets().last().copied();
    if is_raised {
        reader.error = Some(Error::of_tokenizer(*error));
    } else if let Some(bracket) = bracket.filter(|bracket| error_line > bracket.position.line) {
        reader.error = None;
        let end = Position { column: Position::NO_COLUMN, ..bracket.position };
        let message = format!("'{}' was never closed", char::from(bracket.character));
        reader.raise_range(Span { start: bracket.position, end }, &message);
    }
}

/// By how much the nesting of f-strings and t-strings changes at a token.
fn string_nesting(kind: TokenKind) -> i32 {
    match kind {
        TokenKind::FStringStart | TokenKind::TStringStart => 1,
        TokenKind::FStringEnd | TokenKind::TStringEnd => -1,
        _ => 0,
    }
}
