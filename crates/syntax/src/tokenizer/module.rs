//! `ModuleTokens`: tokens as the module `_tokenize` yields them, tuple by tuple.
//!
//! Called by that module only. It counts columns in code points, and keeps what the `tokenize` of old promised where the
//! tokenizer has other ideas: operators are OP, a NEWLINE has its text, blocks end on a line of their own.

use std::ops::Range;

use super::{Tokenizer, TokenizerOptions, TokenizerStatus};
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::source::{Source, count_code_points};
use crate::token::{Token, TokenKind};

/// A token as a tuple of the module `_tokenize`. Columns count code points from 0; -1 where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleToken<'s> {
    /// A number of the module `token`.
    pub kind: u8,
    pub text: &'s str,
    pub start: (i64, i64),
    pub end: (i64, i64),
    /// The physical lines that the token lies in.
    pub line: &'s str,
}

/// An error with the arguments that the module gives the exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleError<'s> {
    pub kind: SyntaxErrorKind,
    pub message: String,
    pub line: u32,
    pub offset: i64,
    pub text: Option<&'s str>,
    /// The line and offset of the end, where the exception has them.
    pub end: Option<(u32, Option<i64>)>,
}

impl ModuleError<'_> {
    /// Whether the source ends in a string of several lines.
    fn is_in_long_string(&self) -> bool {
        self.message.contains("triple-quoted")
    }

    /// If the source ends in a string of several lines, what at least a line must have that ends its part.
    pub fn awaited_in_long_string(&self) -> Option<&'static [&'static str]> {
        const PLAIN: &[&str] = &["\"\"\"", "'''", "\0"];
        const FORMATTED: &[&str] = &["\"\"\"", "'''", "\0", "{", "}"];
        let is_plain = self.message.contains("triple-quoted string");
        self.is_in_long_string().then_some(if is_plain { PLAIN } else { FORMATTED })
    }
}

/// Iterates over a source's tokens.
#[derive(Clone)]
pub struct ModuleTokens<'s> {
    tokenizer: Tokenizer<'s>,
    is_done: bool,
    /// The line text of the last token, and the line that the token started in: CPython keeps the text while the
    /// line stays the same, even if a token of several lines has made it longer.
    last_line: Range<usize>,
    last_line_number: i64,
    /// Whether that text is ASCII: bytes are code points.
    last_line_is_ascii: bool,
    /// How much larger a column in bytes is than in code points at the end of the last token.
    byte_surplus: i64,
}

impl<'s> ModuleTokens<'s> {
    /// The tokens of a source; `options` has `extra_tokens` if the caller asked for them.
    pub fn new(source: &'s Source, options: TokenizerOptions) -> Self {
        Self {
            tokenizer: Tokenizer::new(source, options),
            is_done: false,
            last_line: 0..0,
            last_line_number: 0,
            last_line_is_ascii: true,
            byte_surplus: 0,
        }
    }

    /// Goes on where it stands, in a source that begins with this one.
    pub fn move_to<'t>(self, source: &'t Source) -> ModuleTokens<'t> {
        ModuleTokens {
            tokenizer: self.tokenizer.move_to(source),
            is_done: self.is_done,
            last_line: self.last_line,
            last_line_number: self.last_line_number,
            last_line_is_ascii: self.last_line_is_ascii,
            byte_surplus: self.byte_surplus,
        }
    }

    /// Whether all that there is of the source is read, and nothing is due that it gives.
    pub fn is_exhausted(&self) -> bool {
        let tokenizer = &self.tokenizer;
        tokenizer.cursor == tokenizer.text.len() && !tokenizer.indentation.is_pending()
    }

    /// Whether the last token is as it is because the source ends.
    pub fn has_met_end(&self) -> bool {
        self.tokenizer.is_at_end_of_source()
    }

    /// Whether more of the source might mend an error that has just been found.
    pub fn is_premature(&self, error: &ModuleError<'_>) -> bool {
        match self.tokenizer.status {
            TokenizerStatus::EndOfSource => true,
            TokenizerStatus::EndInString => error.is_in_long_string() || self.ends_in_continuation(),
            // The literal part of an f-string or t-string.
            TokenizerStatus::Raised => error.message.starts_with("unterminated") && self.ends_in_continuation(),
            _ => false,
        }
    }

    /// Whether a backslash joins the line that the source lacks.
    fn ends_in_continuation(&self) -> bool {
        let text = self.tokenizer.text;
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        text.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
    }

    /// The next token; None behind the last.
    pub fn next_token(&mut self) -> Result<Option<ModuleToken<'s>>, ModuleError<'s>> {
        if self.is_done {
            return Ok(None);
        }
        let token = self.tokenizer.next_token().map_err(|error| self.module_error(error))?;
        self.is_done = token.kind == TokenKind::EndMarker;
        if self.tokenizer.line == 0 && !self.tokenizer.options.extra_tokens {
            // An empty source has no line to report, and so not even an ENDMARKER.
            return Ok(None);
        }
        Ok(Some(self.convert(&token)))
    }

    fn convert(&mut self, token: &Token) -> ModuleToken<'s> {
        let source = self.tokenizer.source;
        let extra_tokens = self.tokenizer.options.extra_tokens;
        let has_text =
            extra_tokens || !matches!(token.kind, TokenKind::Indent | TokenKind::Dedent | TokenKind::EndMarker);
        let is_trailing = token.kind == TokenKind::EndMarker
            || token.kind == TokenKind::Dedent && self.tokenizer.status == TokenizerStatus::EndOfSource;
        let is_literal = is_literal_part(token.kind);
        let line_start = match is_literal.then(|| source.line_range(token.span.start.line)).flatten() {
            Some(range) => range.start,
            None => self.tokenizer.line_start,
        };
        let mut line_number = i64::from(if is_literal { token.span.start.line } else { self.tokenizer.line });
        let mut end_line_number = i64::from(self.tokenizer.line);

        let is_trailing = extra_tokens && is_trailing;
        let (line, line_changed) = match is_trailing {
            true => (0..0, true),
            false => self.current_line(line_start),
        };
        let (mut column, mut end_column) = (-1, -1);
        // At the end of a source there are no columns to count.
        if has_text && !is_trailing {
            (column, end_column) = self.columns(token, line_start, &line, line_changed, line_number == end_line_number);
        }
        self.last_line_number = line_number;

        let mut kind = token.kind as u8;
        let mut text = if has_text { source.slice(token.text.clone()) } else { "" };
        if extra_tokens {
            if is_trailing {
                line_number += 1;
                end_line_number = line_number;
                (column, end_column) = (0, 0);
            }
            if kind > TokenKind::Dedent as u8 && kind < TokenKind::Operator as u8 {
                kind = TokenKind::Operator as u8;
            } else if token.kind == TokenKind::Newline {
                if !self.has_added_newline() {
                    let has_return = source.text().as_bytes().get(self.tokenizer.token_start) == Some(&b'\r');
                    text = if has_return { "\r\n" } else { "\n" };
                }
                end_column += 1;
            } else if token.kind == TokenKind::LogicalNewline && self.has_added_newline() {
                text = "";
            }
        }
        let line = source.slice(line);
        ModuleToken { kind, text, start: (line_number, column), end: (end_line_number, end_column), line }
    }

    /// Whether the tokenizer is in the last line, and its newline is not the user's.
    fn has_added_newline(&self) -> bool {
        let source = self.tokenizer.source;
        source.has_added_newline() && self.tokenizer.line_end == source.text().len()
    }

    /// The text that the tuple gives as the line, and whether it is another than the last.
    fn current_line(&mut self, line_start: usize) -> (Range<usize>, bool) {
        if i64::from(self.tokenizer.line) == self.last_line_number {
            return (self.last_line.clone(), false);
        }
        self.byte_surplus = 0;
        if self.tokenizer.status == TokenizerStatus::EndOfSource {
            self.last_line = 0..0;
            self.last_line_is_ascii = true;
            return (0..0, true);
        }
        let end = self.tokenizer.line_end;
        let end = if end > line_start && self.has_added_newline() { end - 1 } else { end };
        self.last_line = line_start..end.max(line_start);
        self.last_line_is_ascii = self.tokenizer.text[self.last_line.clone()].is_ascii();
        (self.last_line.clone(), true)
    }

    fn columns(
        &mut self,
        token: &Token,
        line_start: usize,
        line: &Range<usize>,
        line_changed: bool,
        is_in_one_line: bool,
    ) -> (i64, i64) {
        let bytes = self.tokenizer.text;
        let (known, is_ascii) = (self.last_line.clone(), self.last_line_is_ascii);
        let points = |range: Range<usize>| match is_ascii && known.start <= range.start && range.end <= known.end {
            true => range.len() as i64,
            false => count_code_points(bytes.get(range).unwrap_or(b"")) as i64,
        };
        let (mut column, mut end_column) = (-1, -1);
        let mut byte_column = -1;
        if token.text.start >= line_start {
            byte_column = (token.text.start - line_start) as i64;
            if line_changed {
                column = points(line.start..token.text.start);
                self.byte_surplus = byte_column - column;
            } else {
                column = byte_column - self.byte_surplus;
            }
        }
        if token.text.end < self.tokenizer.line_start {
            return (column, end_column);
        }
        let length = token.text.len() as i64;
        if is_in_one_line {
            let from = line.start + byte_column.max(0) as usize;
            let width = points(
                from..from + (token.text.end - self.tokenizer.line_start).saturating_sub(byte_column.max(0) as usize),
            );
            end_column = column + width;
            self.byte_surplus += length - width;
        } else {
            end_column = points(self.tokenizer.line_start..token.text.end);
            self.byte_surplus += (token.text.end - self.tokenizer.line_start) as i64 - end_column;
        }
        (column, end_column)
    }

    #[cold]
    fn module_error(&self, error: Box<SyntaxError>) -> ModuleError<'s> {
        let tokenizer = &self.tokenizer;
        let source = tokenizer.source;
        let buffer = source.slice(tokenizer.readline_buffer_start..tokenizer.line_end);
        let (line, kind) = (tokenizer.line, error.kind);
        match tokenizer.status {
            TokenizerStatus::Raised | TokenizerStatus::EndInString => raised_error(source, error),
            TokenizerStatus::EndOfSource => {
                let message = "unexpected EOF in multi-line statement".to_owned();
                let offset = buffer.len() as i64;
                ModuleError { kind, message, line, offset, text: None, end: Some((line, None)) }
            }
            _ => {
                let text = buffer.strip_suffix('\n').unwrap_or(buffer);
                let offset = count_code_points(text.as_bytes()) as i64 + 1;
                let message = error.message.to_string_lossy();
                ModuleError { kind, message, line, offset, text: Some(text), end: None }
            }
        }
    }
}

/// An error that the tokenizer itself words and places.
#[cold]
fn raised_error(source: &Source, error: Box<SyntaxError>) -> ModuleError<'_> {
    let span = error.span.unwrap_or_default();
    ModuleError {
        kind: error.kind,
        message: error.message.to_string_lossy(),
        line: span.start.line,
        offset: source.exception_offset(span.start),
        text: source.error_text(&error),
        end: Some((span.end.line, Some(source.exception_offset(span.end)))),
    }
}

fn is_literal_part(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::String
            | TokenKind::FStringStart
            | TokenKind::FStringMiddle
            | TokenKind::FStringEnd
            | TokenKind::TStringStart
            | TokenKind::TStringMiddle
            | TokenKind::TStringEnd
    )
}
