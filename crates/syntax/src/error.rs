//! `SyntaxError`: what the tokenizer, the parser and the compiler report, with CPython's text and position.

use text::wtf8::Wtf8Buf;

use crate::token::Span;

/// Which exception a syntax error becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    SyntaxError,
    IndentationError,
    TabError,
    /// The input ended where a block or bracket needs more: what `codeop` and the prompt ask for.
    IncompleteInput,
    /// Nesting too deep for the parser (`MemoryError` in CPython) or for the compiler (`RecursionError`).
    MemoryError,
    RecursionError,
    /// The source is not text in its encoding (`UnicodeDecodeError`, reported as CPython does).
    SystemError,
    OverflowError,
    ValueError,
}

/// Who reports an error on which line: the exception's `text` depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorLine {
    /// The tokenizer itself: the text is its line without the newline.
    Tokenized,
    /// The parser, on a line that the tokenizer has passed. Here and below, CPython shows the line of the file, should there be one of the name.
    Passed,
    /// The parser, on the line that the tokenizer has reached: the text keeps its newline.
    Reached,
}

impl ErrorLine {
    /// The line of an error of the parser, as the tokenizer stands.
    pub fn of_parser(error_line: u32, tokenizer_line: u32) -> Self {
        if tokenizer_line <= error_line { ErrorLine::Reached } else { ErrorLine::Passed }
    }
}

/// A syntax error. The line's text is looked up by whoever turns it into an exception.
#[derive(Clone, Debug)]
pub struct SyntaxError {
    pub kind: SyntaxErrorKind,
    pub message: Wtf8Buf,
    /// None when CPython gives no position. Columns are UTF-8 bytes from 0, as everywhere in this crate; the exception's
    /// `offset` counts code points from 1.
    pub span: Option<Span>,
    pub line: ErrorLine,
}

/// A `SyntaxWarning` or `DeprecationWarning` that the front end reports beside its result.
#[derive(Clone, Debug)]
pub struct SyntaxWarning {
    pub deprecation: bool,
    pub message: Wtf8Buf,
    /// Where the SyntaxError points that the warning becomes when warnings are errors; the warning itself only has a line.
    pub span: Span,
}

impl SyntaxWarning {
    /// The warning of an escape sequence as the version of the grammar with this minor number has it.
    pub fn of_version(self, minor: u8) -> Self {
        Self { deprecation: minor < 12, ..self }
    }

    /// The error that this warning becomes when a filter turns warnings into exceptions. It does not speak of the future.
    ///
    /// The tokenizer's own warnings point at one character, and are shown as its errors are: without the line's newline.
    pub fn into_error(self) -> SyntaxError {
        let message = match self.message.as_str() {
            Some(text) => text.replace(" Such sequences will not work in the future.", "").into(),
            None => self.message,
        };
        let line = if self.span.start != self.span.end { ErrorLine::Reached } else { ErrorLine::Tokenized };
        SyntaxError { kind: SyntaxErrorKind::SyntaxError, message, span: Some(self.span), line }
    }
}
