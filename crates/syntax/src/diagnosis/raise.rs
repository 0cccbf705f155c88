//! Errors: their words and their places.

use crate::error::{ErrorLine, SyntaxError, SyntaxErrorKind};
use crate::token::{Position, Span};

use super::grammar::{Label, Part, Piece, Place, Reference};
use super::reader::Reader;
use super::tree::Value;

/// An error is in `Reader::error`; nothing more is to be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Raised;

/// An error, and who found it.
#[derive(Debug)]
pub(super) struct Error {
    pub(super) error: SyntaxError,
    pub(super) is_of_tokenizer: bool,
}

impl Error {
    pub(super) fn of_tokenizer(error: SyntaxError) -> Self {
        Self { error, is_of_tokenizer: true }
    }

    pub(super) fn without_place(kind: SyntaxErrorKind, message: &str) -> Self {
        let error = SyntaxError { kind, message: message.into(), span: None, line: ErrorLine::Passed };
        Self { error, is_of_tokenizer: false }
    }
}

impl Reader<'_> {
    pub(super) fn set_error(&mut self, error: Error) -> Raised {
        self.error.get_or_insert(error);
        Raised
    }

    fn raise_between(&mut self, kind: SyntaxErrorKind, span: Span, message: &str) -> Raised {
        // The tokenizer's line is shown as it stands in its buffer.
        let line = ErrorLine::of_parser(span.start.line, self.tokenizer.position().line);
        let error = SyntaxError { kind, message: message.into(), span: Some(span), line };
        self.set_error(Error { error, is_of_tokenizer: false })
    }

    pub(super) fn raise_range(&mut self, span: Span, message: &str) -> Raised {
        self.raise_between(SyntaxErrorKind::SyntaxError, span, message)
    }

    /// An error at a token, by its own columns: tokens that have none are at column 0.
    pub(super) fn raise_at_token(&mut self, index: usize, message: &str) -> Raised {
        let span = self.span(Value::Token(index as u32));
        self.raise_range(span, message)
    }

    /// An error at the last token that was looked at.
    pub(super) fn raise_here(&mut self, message: &str) -> Raised {
        let last = self.tokens.len().saturating_sub(1);
        self.raise_near(last, SyntaxErrorKind::SyntaxError, message)
    }

    /// An error at a token; for tokens without columns, at what the tokenizer has read.
    pub(super) fn raise_near(&mut self, index: usize, kind: SyntaxErrorKind, message: &str) -> Raised {
        let Some(token) = self.tokens.get(index) else {
            return self.raise_between(kind, without_columns(Span::default()), message);
        };
        let mut span = token.span;
        if !self.has_columns(index) {
            span.start.column = last_column(self.tokenizer.position());
            span.end.column = Position::UNKNOWN_COLUMN;
        }
        self.raise_between(kind, span, message)
    }

    pub(super) fn raise(
        &mut self,
        place: &Place,
        is_indentation: bool,
        message: &str,
        slots: &[Value; 4],
    ) -> Result<Raised, Raised> {
        let kind = if is_indentation { SyntaxErrorKind::IndentationError } else { SyntaxErrorKind::SyntaxError };
        Ok(match place {
            Place::Range(start, end) => {
                let (start, end) = (self.span_of(start, slots), self.span_of(end, slots));
                self.raise_range(Span { start: start.start, end: end.end }, message)
            }
            Place::From(start) => {
                let start = self.span_of(start, slots).start;
                let read = self.tokenizer.position();
                let end = Position { line: read.line, column: last_column(read) };
                self.raise_range(Span { start, end }, message)
            }
            Place::LastToken => self.raise_near(self.tokens.len().saturating_sub(1), kind, message),
            Place::NextToken => {
                self.token()?;
                self.raise_near(self.mark, kind, message)
            }
        })
    }

    fn span_of(&self, reference: &Reference, slots: &[Value; 4]) -> Span {
        let value = slots[usize::from(reference.slot)];
        let part = match reference.part {
            Part::Whole => value,
            Part::First => self.tree.elements(value).first().copied().unwrap_or(value),
            Part::Last => self.tree.elements(value).last().copied().unwrap_or(value),
            Part::End => self.last_expression_of_clauses(value),
        };
        self.span(part)
    }

    /// In `for a in b for c in d if e` that is `e`.
    pub(super) fn last_expression_of_clauses(&self, clauses: Value) -> Value {
        let last = self.tree.elements(clauses).last().copied().unwrap_or(clauses);
        self.tree.all_children(last).last().copied().unwrap_or(last)
    }

    pub(super) fn span(&self, value: Value) -> Span {
        match value {
            Value::Token(index) => {
                self.tokens.get(index as usize).map(|token| match self.has_columns(index as usize) {
                    true => token.span,
                    false => without_columns(token.span),
                })
            }
            _ => self.tree.get(value).map(|node| node.span),
        }
        .unwrap_or_default()
    }

    pub(super) fn message(&self, pieces: &[Piece], slots: &[Value; 4]) -> String {
        let mut message = String::new();
        for piece in pieces {
            match piece {
                Piece::Literal(text) => message.push_str(text),
                Piece::Kind(slot) => message.push_str(self.kind_name(slots[usize::from(*slot)])),
                Piece::Text(slot) => message.push_str(self.value_text(slots[usize::from(*slot)])),
                Piece::Line(slot) => message.push_str(&self.span(slots[usize::from(*slot)]).start.line.to_string()),
            }
        }
        message
    }

    /// The text of a token, or of a name.
    pub(super) fn value_text(&self, value: Value) -> &str {
        let token = match value {
            Value::Token(index) => Some(index),
            _ => match self.tree.child(value, 0) {
                Value::Token(index) if self.tree.label(value) == Label::Name => Some(index),
                _ => None,
            },
        };
        token.and_then(|index| self.tokens.get(index as usize)).map_or("", |token| self.text(token))
    }

    /// What messages call an expression.
    pub(super) fn kind_name(&self, value: Value) -> &'static str {
        match self.tree.label(value) {
            Label::Attribute => "attribute",
            Label::Subscript => "subscript",
            Label::Starred => "starred",
            Label::Name => "name",
            Label::List => "list",
            Label::Tuple => "tuple",
            Label::Lambda => "lambda",
            Label::Call => "function call",
            Label::Operation => "expression",
            Label::GeneratorExp => "generator expression",
            Label::Yield => "yield expression",
            Label::Await => "await expression",
            Label::ListComp => "list comprehension",
            Label::SetComp => "set comprehension",
            Label::DictComp => "dict comprehension",
            Label::Dict => "dict literal",
            Label::Set => "set display",
            Label::JoinedStr => "f-string expression",
            Label::TemplateStr => "t-string expression",
            Label::Compare => "comparison",
            Label::IfExp => "conditional expression",
            Label::NamedExpr => "named expression",
            Label::None => "None",
            Label::True => "True",
            Label::False => "False",
            Label::Ellipsis => "ellipsis",
            _ => "literal",
        }
    }
}

fn without_columns(span: Span) -> Span {
    let at = |position: Position| Position { column: Position::NO_COLUMN, ..position };
    Span { start: at(span.start), end: at(span.end) }
}

/// The column of the last byte before a position.
fn last_column(position: Position) -> u32 {
    position.column.checked_sub(1).unwrap_or(Position::NO_COLUMN)
}
