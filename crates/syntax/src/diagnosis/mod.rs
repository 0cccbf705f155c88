//! What is wrong with a program that the parser has refused.

use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::parser::{Mode, Options};
use crate::source::Source;

/// The error that CPython reports for a source that is not a program.
#[cold]
pub(crate) fn diagnose(_source: &Source, _mode: Mode, _options: Options<'_>) -> SyntaxError {
    SyntaxError {
        kind: SyntaxErrorKind::SyntaxError,
        message: "invalid syntax".into(),
        span: None,
        keeps_newline: false,
    }
}
