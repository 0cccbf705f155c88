//! Number literals: the values of NUMBER tokens.
//!
//! Called by the parser. The tokenizer has refused what is malformed; what it leaves to be said here is that a decimal integer
//! has more digits than the program allows to convert.

use bytecode::arena::Arena;
use bytecode::constant::Constant;
use numeric::float::parse_float;
use numeric::radix::{TextError, int_from_text};

use crate::error::{ErrorLine, SyntaxError, SyntaxErrorKind};
use crate::token::{Position, Span};

/// The value of a NUMBER token. `digit_limit` is `sys.get_int_max_str_digits()`, 0 for none; an error points at the line of `span`.
pub fn number_constant<'t>(
    text: &str,
    span: Span,
    digit_limit: usize,
    arena: &'t Arena,
) -> Result<Constant<'t>, SyntaxError> {
    let bytes = text.as_bytes();
    let has_base = matches!(bytes, [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', ..]);
    if !has_base {
        if let [magnitude @ .., b'j' | b'J'] = bytes {
            return float(magnitude, span).map(|imaginary| Constant::Complex { real: 0.0, imaginary });
        }
        if bytes.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
            return float(bytes, span).map(Constant::Float);
        }
        if bytes.iter().all(|byte| matches!(byte, b'0' | b'_')) {
            // However many zeros: the limit is for digits that need converting.
            return Ok(Constant::Integer(arena.small_integer(0)));
        }
    }
    let integer = int_from_text(bytes, 0, digit_limit);
    integer.map(|value| Constant::Integer(arena.integer(value.view()))).map_err(|error| match error {
        TextError::Invalid => malformed(span),
        TextError::TooManyDigits { .. } => {
            let advice = "Consider hexadecimal for huge integer literals to avoid decimal conversion limits.";
            let at_line = |position: Position| Position { column: Position::NO_COLUMN, ..position };
            let span = Span { start: at_line(span.start), end: at_line(span.end) };
            error_at(&format!("{error} - {advice}"), span)
        }
    })
}

fn float(text: &[u8], span: Span) -> Result<f64, SyntaxError> {
    parse_float(text).ok_or_else(|| malformed(span))
}

/// For text that is no NUMBER token.
#[cold]
fn malformed(span: Span) -> SyntaxError {
    error_at("invalid decimal literal", span)
}

#[cold]
fn error_at(message: &str, span: Span) -> SyntaxError {
    SyntaxError {
        kind: SyntaxErrorKind::SyntaxError,
        message: message.into(),
        span: Some(span),
        line: ErrorLine::Reached,
    }
}
