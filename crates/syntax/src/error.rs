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

/// A syntax error. The line's text is looked up by whoever turns it into an exception.
#[derive(Clone, Debug)]
pub struct SyntaxError {
    pub kind: SyntaxErrorKind,
    pub message: Wtf8Buf,
    /// None when CPython gives no position. Columns are UTF-8 bytes from 0, as everywhere in this crate; the exception's
    /// `offset` counts code points from 1.
    pub span: Option<Span>,
    /// Whether the exception's `text` keeps the newline of its line: so it does for what the parser reports on the line that
    /// the tokenizer has reached, and not for what the tokenizer itself reports, or for lines already passed.
    pub keeps_newline: bool,
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
    /// The error that this warning becomes when a filter turns warnings into exceptions. It does not speak of the future.
    ///
    /// The tokenizer's own warnings point at one character, and are shown as its errors are: without the line's newline.
    pub fn into_error(self) -> SyntaxError {
        let message = match self.message.as_str() {
            Some(text) => text.replace(" Such sequences will not work in the future.", "").into(),
            None => self.message,
        };
        let keeps_newline = self.span.start != self.span.end;
        SyntaxError { kind: SyntaxErrorKind::SyntaxError, message, span: Some(self.span), keeps_newline }
    }
}
