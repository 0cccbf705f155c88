//! The tokenizer: source text to tokens, with CPython's rules, errors and positions.
//!
//! Called by the parser, which buffers the tokens, and by the module `_tokenize` (through `tokenizer::module`). The behaviour is that
//! of CPython's `Parser/lexer/lexer.c`, where a lexer reads line by line and every error points relative to how far it has
//! read. So the invariant here: `cursor` lies between `line_start` and `line_end` of line `line`, and the line advances only when
//! the first byte of the next one is read.

mod comment;
pub mod identifier;
mod indentation;
mod literal;
pub mod module;
mod number;
mod operator;
pub(crate) mod plain;

use crate::error::{ErrorLine, SyntaxError, SyntaxErrorKind, SyntaxWarning};
use crate::source::Source;
use crate::token::{Position, Span, Token, TokenKind};

use indentation::Indentation;
use literal::StringMode;

/// What a tokenizer yields besides the tokens of the grammar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenizerOptions {
    /// Yield TYPE_COMMENT and TYPE_IGNORE.
    pub type_comments: bool,
    /// Yield COMMENT and NL, and let through what only the parser must refuse: what the module `tokenize` asks for.
    pub extra_tokens: bool,
    /// The source is what was typed at a prompt: an empty line is a token.
    pub interactive: bool,
    /// `<>` is one token, as the flag `CO_FUTURE_BARRY_AS_BDFL` has it.
    pub barry_as_flufl: bool,
}

/// How the tokenizer stands: why it stopped, if it did. The parser gives priority to some reasons over its own errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenizerStatus {
    /// There is more to read.
    Running,
    /// The source has ended (`E_EOF`).
    EndOfSource,
    /// The source has ended inside a string literal (`E_EOFS`, `E_EOLS`); the error is raised.
    EndInString,
    /// An error was found whose message is the tokenizer's own (`E_ERROR`).
    Raised,
    /// `E_DEDENT`
    InconsistentDedent,
    /// `E_TABSPACE`
    InconsistentTabs,
    /// `E_TOODEEP`
    TooDeep,
    /// `E_LINECONT`
    BadContinuation,
}

/// A bracket that is not closed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenBracket {
    /// `(`, `[` or `{`
    pub character: u8,
    pub position: Position,
}

/// Reads tokens off a source, one a call.
#[derive(Clone)]
pub struct Tokenizer<'s> {
    source: &'s Source,
    text: &'s [u8],
    options: TokenizerOptions,
    /// The next byte to read.
    cursor: usize,
    /// The line that the cursor is in, counted from 1; 0 before the first byte is read.
    line: u32,
    line_start: usize,
    line_end: usize,
    /// Where CPython's buffer would start, which a column counts from in one error (`BadContinuation`).
    buffer_start: usize,
    /// Where that buffer would start if the lines came from a `readline`, as for the module `tokenize`.
    readline_buffer_start: usize,
    token_start: usize,
    token_position: Position,
    /// Whether a token has started; false while blanks are skipped.
    in_token: bool,
    at_line_start: bool,
    /// The next newline ends a line that has only a comment (with extra tokens).
    newline_after_comment: bool,
    indentation: Indentation,
    brackets: Vec<OpenBracket>,
    /// The f-strings and t-strings that the cursor is inside of.
    modes: Vec<StringMode>,
    status: TokenizerStatus,
    /// An error met while reading a byte; it replaces whatever that byte's reader makes of the end of input.
    pending_error: Option<Box<SyntaxError>>,
    warnings: Vec<SyntaxWarning>,
}

/// What `Tokenizer` methods give that scan one token. An error is boxed, so that moving a token is not moving an error.
type Scanned = Result<Token, Box<SyntaxError>>;

/// What `next_byte` gives at the end of the source, which has no null bytes.
const END: u8 = 0;

impl<'s> Tokenizer<'s> {
    pub fn new(source: &'s Source, options: TokenizerOptions) -> Self {
        Self {
            source,
            text: source.text().as_bytes(),
            options,
            cursor: 0,
            line: 0,
            line_start: 0,
            line_end: 0,
            buffer_start: 0,
            readline_buffer_start: 0,
            token_start: 0,
            token_position: Position::default(),
            in_token: false,
            at_line_start: true,
            newline_after_comment: false,
            indentation: Indentation::new(),
            brackets: Vec::new(),
            modes: Vec::new(),
            status: TokenizerStatus::Running,
            pending_error: None,
            warnings: Vec::new(),
        }
    }

    /// Goes on where it stands, in a source that begins with this one.
    pub(crate) fn move_to<'t>(self, source: &'t Source) -> Tokenizer<'t> {
        Tokenizer {
            source,
            text: source.text().as_bytes(),
            options: self.options,
            cursor: self.cursor,
            line: self.line,
            line_start: self.line_start,
            line_end: self.line_end,
            buffer_start: self.buffer_start,
            readline_buffer_start: self.readline_buffer_start,
            token_start: self.token_start,
            token_position: self.token_position,
            in_token: self.in_token,
            at_line_start: self.at_line_start,
            newline_after_comment: self.newline_after_comment,
            indentation: self.indentation,
            brackets: self.brackets,
            modes: self.modes,
            status: self.status,
            pending_error: self.pending_error,
            warnings: self.warnings,
        }
    }

    /// The next token; ENDMARKER, again and again, at the end. Nothing useful follows an error.
    pub fn next_token(&mut self) -> Result<Token, Box<SyntaxError>> {
        let scanned = match self.modes.last() {
            Some(mode) if mode.in_literal => self.string_part(),
            _ => self.regular_token(),
        };
        if self.pending_error.is_none() { scanned } else { self.pending(scanned) }
    }

    /// The error that is pending, which goes before whatever was read.
    #[cold]
    fn pending(&mut self, scanned: Scanned) -> Scanned {
        match self.pending_error.take() {
            Some(error) => {
                self.status = TokenizerStatus::Raised;
                Err(error)
            }
            None => scanned,
        }
    }

    /// The brackets that are open at the cursor, outermost first: for "'(' was never closed".
    pub fn open_brackets(&self) -> &[OpenBracket] {
        &self.brackets
    }

    pub fn status(&self) -> TokenizerStatus {
        self.status
    }

    /// Whether the source ended where the last token or error is: with more of it, the error might go away.
    pub fn is_at_end_of_source(&self) -> bool {
        matches!(self.status, TokenizerStatus::EndOfSource | TokenizerStatus::EndInString)
    }

    /// How far the tokenizer has read. For tokens without columns (INDENT, DEDENT, ENDMARKER) errors point here.
    pub fn position(&self) -> Position {
        Position { line: self.line, column: (self.cursor - self.line_start) as u32 }
    }

    pub fn source(&self) -> &'s Source {
        self.source
    }

    /// Makes `<>` one token from here on: what the parser calls when it has read `from __future__ import barry_as_FLUFL`.
    pub fn set_barry_as_flufl(&mut self) {
        self.options.barry_as_flufl = true;
    }

    /// The text of a token of this source.
    pub fn token_text(&self, token: &Token) -> &'s str {
        self.source.slice(token.text.clone())
    }

    /// The warnings found since the last call.
    pub fn take_warnings(&mut self) -> Vec<SyntaxWarning> {
        std::mem::take(&mut self.warnings)
    }

    /// Lets the next tokens close all open blocks: at the end of one interactive statement.
    pub fn close_blocks(&mut self) {
        self.indentation.close_all();
    }

    /// A token outside of the literal parts of f-strings.
    fn regular_token(&mut self) -> Scanned {
        loop {
            self.in_token = false;
            let is_blank_line = match std::mem::take(&mut self.at_line_start) {
                true => self.measure_indentation()?,
                false => false,
            };
            self.begin_token_at_cursor();
            if let Some(kind) = self.indentation.take_pending() {
                return Ok(self.block_token(kind));
            }
            if let Some(token) = self.token_in_line(is_blank_line)? {
                return Ok(token);
            }
        }
    }

    /// The next token of this line; None if the line ends without one.
    fn token_in_line(&mut self, is_blank_line: bool) -> Result<Option<Token>, Box<SyntaxError>> {
        loop {
            self.in_token = false;
            let mut byte = self.next_byte();
            while matches!(byte, b' ' | b'\t' | b'\x0C') {
                byte = self.next_byte();
            }
            self.begin_token_before_cursor(byte);
            if byte == b'#' {
                byte = self.skip_comment();
                if let Some(token) = self.comment_token(byte, is_blank_line) {
                    return Ok(Some(token));
                }
            }
            // A lone carriage return (there is one only if line breaks are not translated) ends no line, and hides a name.
            let is_after_return = byte == b'\r';
            if is_after_return {
                byte = self.next_byte();
            }
            let token = match byte {
                END => return self.end_of_source().map(Some),
                b'\n' => return Ok(self.newline(is_blank_line)),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 128.. if !is_after_return => self.name_or_string(byte),
                b'.' => self.dot_or_number(),
                b'0'..=b'9' => self.number(byte),
                b'\'' | b'"' => self.string(byte),
                b'\\' => {
                    self.continue_line()?;
                    continue;
                }
                _ => self.operator(byte),
            };
            return token.map(Some);
        }
    }

    /// A NEWLINE; None for the end of a line that the grammar does not see.
    fn newline(&mut self, is_blank_line: bool) -> Option<Token> {
        self.at_line_start = true;
        let is_hidden = is_blank_line || !self.brackets.is_empty();
        if self.options.extra_tokens {
            let after_comment = std::mem::take(&mut self.newline_after_comment);
            if is_hidden || after_comment {
                return Some(self.token(TokenKind::LogicalNewline));
            }
        } else if is_hidden {
            return None;
        }
        let mut token = self.token(TokenKind::Newline);
        token.text.end -= 1;
        Some(token)
    }

    fn end_of_source(&mut self) -> Scanned {
        match self.brackets.last() {
            None => Ok(self.token(TokenKind::EndMarker)),
            Some(bracket) => Err(self.never_closed(*bracket)),
        }
    }

    /// After a backslash: the line must end, and another must follow.
    fn continue_line(&mut self) -> Result<(), Box<SyntaxError>> {
        let mut byte = self.next_byte();
        if byte == b'\r' {
            byte = self.next_byte();
        }
        if byte != b'\n' {
            return Err(self.bad_continuation());
        }
        match self.next_byte() {
            END => {
                self.cursor = self.line_end;
                Err(self.unexpected_end())
            }
            _ => {
                self.cursor -= 1;
                Ok(())
            }
        }
    }

    /// The next byte, or `END`. A new line begins when its first byte is read.
    #[inline(always)]
    fn next_byte(&mut self) -> u8 {
        if self.cursor < self.line_end {
            let byte = self.text[self.cursor];
            self.cursor += 1;
            return byte;
        }
        self.first_byte_of_next_line()
    }

    #[inline(never)]
    fn first_byte_of_next_line(&mut self) -> u8 {
        if self.status != TokenizerStatus::Running {
            return END;
        }
        if !self.in_token && self.modes.is_empty() {
            self.readline_buffer_start = self.line_end;
        }
        let Some(range) = self.source.line_range_from(self.line + 1, self.line_end) else {
            self.status = TokenizerStatus::EndOfSource;
            return END;
        };
        self.line += 1;
        self.line_start = range.start;
        self.line_end = range.end;
        self.cursor = range.start;
        if !self.in_token {
            self.buffer_start = range.start;
        }
        if self.source.first_null().is_some_and(|at| range.contains(&at)) {
            self.pending_error = Some(self.error("source code cannot contain null bytes"));
            self.cursor = self.line_end;
            return END;
        }
        self.cursor += 1;
        self.text[range.start]
    }

    /// Puts back the byte that `next_byte` gave.
    #[inline(always)]
    fn put_back(&mut self, byte: u8) {
        if byte != END {
            self.cursor -= 1;
        }
    }

    #[inline(always)]
    fn begin_token_at_cursor(&mut self) {
        self.in_token = true;
        self.token_start = self.cursor;
        self.token_position = self.position();
    }

    /// `byte` was read and is the token's first.
    #[inline(always)]
    fn begin_token_before_cursor(&mut self, byte: u8) {
        let length = usize::from(byte != END);
        self.in_token = true;
        self.token_start = self.cursor - length;
        self.token_position = Position { line: self.line, column: (self.cursor - length - self.line_start) as u32 };
    }

    /// The token from its start to the cursor.
    #[inline(always)]
    fn token(&self, kind: TokenKind) -> Token {
        Token {
            kind,
            span: Span { start: self.token_position, end: self.position() },
            text: self.token_start..self.cursor,
            level: self.brackets.len() as u32,
        }
    }

    /// INDENT or DEDENT: without text for the parser, with the line's blanks for the module `tokenize`.
    fn block_token(&self, kind: TokenKind) -> Token {
        let mut token = self.token(kind);
        if self.options.extra_tokens && kind == TokenKind::Indent {
            token.text.start = self.line_start;
            token.span.start.column = 0;
        }
        token
    }
}

/// Errors, with the positions that CPython gives them.
impl Tokenizer<'_> {
    /// An error at the last character read.
    #[cold]
    #[inline(never)]
    fn error(&mut self, message: &str) -> Box<SyntaxError> {
        self.status = TokenizerStatus::Raised;
        let position = self.last_character();
        syntax_error(SyntaxErrorKind::SyntaxError, message, Span { start: position, end: position })
    }

    /// An error from one byte to another (exclusive) of the current line.
    #[cold]
    fn error_between(&mut self, start: usize, end: usize, message: &str) -> Box<SyntaxError> {
        self.status = TokenizerStatus::Raised;
        let at = |byte: usize| Position { line: self.line, column: (byte - self.line_start) as u32 };
        syntax_error(SyntaxErrorKind::SyntaxError, message, Span { start: at(start), end: at(end) })
    }

    /// The position of the last character before the cursor.
    fn last_character(&self) -> Position {
        let before = &self.text[self.line_start..self.cursor];
        let column = before.iter().rposition(|byte| byte & 0xC0 != 0x80);
        Position { line: self.line, column: column.map_or(Position::NO_COLUMN, |column| column as u32) }
    }

    #[cold]
    fn warn(&mut self, message: &str) {
        let position = self.last_character();
        let span = Span { start: position, end: position };
        self.warnings.push(SyntaxWarning { deprecation: false, message: message.into(), span });
    }

    #[cold]
    fn never_closed(&self, bracket: OpenBracket) -> Box<SyntaxError> {
        let end = Position { line: bracket.position.line, column: Position::NO_COLUMN };
        let message = format!("'{}' was never closed", char::from(bracket.character));
        let span = Span { start: bracket.position, end };
        let line = ErrorLine::of_parser(bracket.position.line, self.line);
        Box::new(SyntaxError { line, ..*syntax_error(SyntaxErrorKind::SyntaxError, &message, span) })
    }

    #[cold]
    fn unexpected_end(&mut self) -> Box<SyntaxError> {
        self.status = TokenizerStatus::EndOfSource;
        match self.brackets.last() {
            Some(bracket) => self.never_closed(*bracket),
            None => self.error_at_cursor(SyntaxErrorKind::SyntaxError, "unexpected EOF while parsing"),
        }
    }

    #[cold]
    fn bad_continuation(&mut self) -> Box<SyntaxError> {
        self.status = TokenizerStatus::BadContinuation;
        let column = (self.cursor - self.buffer_start) as u32;
        self.error_in_line(
            SyntaxErrorKind::SyntaxError,
            column.saturating_sub(1),
            "unexpected character after line continuation character",
        )
    }

    /// An error of the current line from `column` to nowhere.
    #[cold]
    fn error_in_line(&self, kind: SyntaxErrorKind, column: u32, message: &str) -> Box<SyntaxError> {
        let span = Span {
            start: Position { line: self.line, column },
            end: Position { line: self.line, column: Position::NO_COLUMN },
        };
        Box::new(SyntaxError { line: ErrorLine::Reached, ..*syntax_error(kind, message, span) })
    }

    /// An error that the parser raises at a token without columns.
    #[cold]
    fn error_at_cursor(&self, kind: SyntaxErrorKind, message: &str) -> Box<SyntaxError> {
        let column = match self.cursor - self.line_start {
            0 => Position::NO_COLUMN,
            length => length as u32 - 1,
        };
        let span = Span {
            start: Position { line: self.line, column },
            end: Position { line: self.line, column: Position::UNKNOWN_COLUMN },
        };
        Box::new(SyntaxError { line: ErrorLine::Reached, ..*syntax_error(kind, message, span) })
    }
}

#[cold]
fn syntax_error(kind: SyntaxErrorKind, message: &str, span: Span) -> Box<SyntaxError> {
    Box::new(SyntaxError { kind, message: message.into(), span: Some(span), line: ErrorLine::Tokenized })
}
