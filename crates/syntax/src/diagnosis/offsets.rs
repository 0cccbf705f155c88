//! The columns that the exception of a syntax error shows.

use crate::error::SyntaxError;
use crate::source::Source;
use crate::token::Position;

impl SyntaxError {
    /// `offset` and `end_offset`. CPython converts both from bytes to characters by the text of the line where the
    /// error starts, so an error that ends on another line ends at most behind the end of that text.
    pub fn exception_offsets(&self, source: &Source) -> Option<(i64, i64)> {
        let span = self.span?;
        let is_column = span.end.column < Position::UNKNOWN_COLUMN;
        let end = match span.start.line == span.end.line || !is_column {
            true => span.end,
            false => {
                let line = source.line_text(span.start.line).unwrap_or_default();
                let length = line.trim_end_matches('\n').len() as u32;
                Position { line: span.start.line, column: span.end.column.min(length) }
            }
        };
        Some((source.exception_offset(span.start), source.exception_offset(end)))
    }
}
