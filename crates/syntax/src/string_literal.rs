//! String literals: the values of STRING tokens and of the literal parts of f-strings, with the errors and warnings of their escape
//! sequences.
//!
//! Called by the parser, once for each token. The positions in messages are CPython's, which decodes not the source but a copy in
//! which every character beyond ASCII is written as an escape; `escape::reported_offset` knows those.

mod escape;

use bytecode::arena::Arena;
use text::wtf8::{Wtf8, push_code_point};

use crate::error::{ErrorLine, SyntaxError, SyntaxErrorKind, SyntaxWarning};
use crate::token::{Position, Span};

use escape::{BytesEscape, Escape, TextEscape};

/// Knows characters by their names (`\N{BULLET}`). A program can replace the module that does, hence the trait.
pub trait CharacterNames {
    /// The code point of a character, by its name or an alias, in any case.
    fn code_point(&self, name: &str) -> Option<u32>;
}

/// The names of the Unicode database.
#[derive(Clone, Copy, Debug, Default)]
pub struct UnicodeNames;

impl CharacterNames for UnicodeNames {
    fn code_point(&self, name: &str) -> Option<u32> {
        text::unicode_data::lookup(name)
    }
}

/// What a string literal stands for: a part of the source, or in an arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiteralValue<'t> {
    String(Wtf8<'t>),
    Bytes(&'t [u8]),
}

/// A decoded STRING token.
#[derive(Clone, Debug)]
pub struct DecodedString<'t> {
    pub value: LiteralValue<'t>,
    /// Whether it is written `u'...'`, which the AST keeps as the constant's kind.
    pub has_u_prefix: bool,
    pub warning: Option<SyntaxWarning>,
}

/// The token whose place a warning reports: CPython takes the end of an f-string for the warnings of its parts.
#[derive(Clone, Copy, Debug)]
pub struct ReportedToken<'a> {
    pub start: Position,
    pub text: &'a str,
    /// Whether it is part of an f-string, where the tokenizer has already warned of escaped braces.
    pub is_f_string_part: bool,
}

/// The value of a STRING token, from its text with prefix and quotes. An error points at `span`, the token.
pub fn decode_string<'t>(
    token_text: &'t str,
    span: Span,
    names: &dyn CharacterNames,
    arena: &'t Arena,
) -> Result<DecodedString<'t>, SyntaxError> {
    let prefix_length = token_text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (prefix, quoted) = token_text.split_at(prefix_length);
    let has_letter = |letter: u8| prefix.bytes().any(|byte| byte.eq_ignore_ascii_case(&letter));
    let body = unquoted(quoted);
    let is_raw = has_letter(b'r') || !body.contains('\\');
    let reported = ReportedToken { start: span.start, text: token_text, is_f_string_part: false };
    let (value, warning) = match has_letter(b'b') {
        true => {
            let (bytes, warning) = decode_bytes(body, is_raw, span, reported, arena)?;
            (LiteralValue::Bytes(bytes), warning)
        }
        false => {
            let (text, warning) = decode_text(body, is_raw, span, reported, names, arena)?;
            (LiteralValue::String(text), warning)
        }
    };
    Ok(DecodedString { value, has_u_prefix: prefix == "u", warning })
}

/// The value of literal text in an f-string or t-string (an FSTRING_MIDDLE token); `is_raw` if its START has an `r`.
///
/// An error points at `span`; a warning is placed relative to `reported`.
pub fn decode_middle<'t>(
    text: &'t str,
    is_raw: bool,
    span: Span,
    reported: ReportedToken<'_>,
    names: &dyn CharacterNames,
    arena: &'t Arena,
) -> Result<(Wtf8<'t>, Option<SyntaxWarning>), SyntaxError> {
    decode_text(text, is_raw || !text.contains('\\'), span, reported, names, arena)
}

/// What an escape sequence that means nothing is warned of with.
pub(crate) fn invalid_escape_message(sequence: &str) -> String {
    let octal = if sequence.len() > 1 { "octal " } else { "" };
    format!(
        "\"\\{sequence}\" is an invalid {octal}escape sequence. Such sequences will not work in the future. \
         Did you mean \"\\\\{sequence}\"? A raw string is also an option."
    )
}

/// The text between the quotes, single or triple.
#[inline]
pub(crate) fn unquoted(quoted: &str) -> &str {
    let quotes = match quoted.as_bytes() {
        [one, two, three, .., _, _, _] if one == two && two == three => 3,
        _ => 1,
    };
    quoted.get(quotes..quoted.len().saturating_sub(quotes)).unwrap_or("")
}

fn decode_text<'t>(
    body: &'t str,
    is_raw: bool,
    span: Span,
    reported: ReportedToken<'_>,
    names: &dyn CharacterNames,
    arena: &'t Arena,
) -> Result<(Wtf8<'t>, Option<SyntaxWarning>), SyntaxError> {
    if is_raw {
        return Ok((Wtf8::of(body), None));
    }
    let mut value = Vec::with_capacity(body.len());
    let mut first_invalid = None;
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        value.extend_from_slice(&rest.as_bytes()[..at]);
        let start = body.len() - rest.len() + at;
        match escape::text_escape(&rest[at..], names) {
            Ok(TextEscape { escape, length }) => {
                let sequence = &rest[at + 1..at + length];
                match escape {
                    Escape::Nothing => {}
                    Escape::Value(point) => push(&mut value, point),
                    Escape::TooLarge(point) => {
                        push(&mut value, point);
                        first_invalid = first_invalid.or(Some((start + 1, sequence)));
                    }
                    Escape::Unknown => {
                        value.push(b'\\');
                        value.extend_from_slice(sequence.as_bytes());
                        first_invalid = first_invalid.or(Some((start + 1, sequence)));
                    }
                    Escape::Backslash => value.push(b'\\'),
                }
                rest = &rest[at + length..];
            }
            Err(failure) => {
                let first = escape::reported_offset(body, start);
                let end = escape::reported_offset(body, start + failure.length);
                return Err(codec_error(&failure.unicode_message(first, end), span));
            }
        }
    }
    value.extend_from_slice(rest.as_bytes());
    let warning = first_invalid.and_then(|(at, sequence)| invalid_escape(body, at, sequence, reported));
    let Some(text) = Wtf8::from_bytes(arena.copies(&value)) else {
        return Err(codec_error("(unicode error) unknown error", span));
    };
    Ok((text, warning))
}

/// Escapes yield no code point above U+10FFFF: `text_escape` refuses them.
fn push(value: &mut Vec<u8>, point: u32) {
    let pushed = push_code_point(value, point);
    debug_assert!(pushed.is_some());
}

type DecodedBytes<'t> = (&'t [u8], Option<SyntaxWarning>);

fn decode_bytes<'t>(
    body: &'t str,
    is_raw: bool,
    span: Span,
    reported: ReportedToken<'_>,
    arena: &'t Arena,
) -> Result<DecodedBytes<'t>, SyntaxError> {
    if !body.is_ascii() {
        return Err(codec_error("bytes can only contain ASCII literal characters", span));
    }
    if is_raw {
        return Ok((body.as_bytes(), None));
    }
    let mut value = Vec::with_capacity(body.len());
    let mut first_invalid = None;
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        value.extend_from_slice(&rest.as_bytes()[..at]);
        let start = body.len() - rest.len() + at;
        let Some(BytesEscape { escape, length }) = escape::bytes_escape(&rest.as_bytes()[at..]) else {
            return Err(codec_error(&format!("(value error) invalid \\x escape at position {start}"), span));
        };
        let sequence = &rest[at + 1..at + length];
        match escape {
            Escape::Nothing => {}
            Escape::Value(byte) => value.push(byte as u8),
            Escape::TooLarge(byte) => {
                value.push(byte as u8);
                first_invalid = first_invalid.or(Some((start + 1, sequence)));
            }
            Escape::Unknown => {
                value.push(b'\\');
                value.extend_from_slice(sequence.as_bytes());
                first_invalid = first_invalid.or(Some((start + 1, sequence)));
            }
            Escape::Backslash => value.push(b'\\'),
        }
        rest = &rest[at + length..];
    }
    value.extend_from_slice(rest.as_bytes());
    let warning = first_invalid.and_then(|(at, sequence)| invalid_escape(body, at, sequence, reported));
    Ok((arena.copies(&value), warning))
}

/// The warning for an escape sequence that means nothing; `at` is behind its backslash.
#[cold]
fn invalid_escape(body: &str, at: usize, sequence: &str, reported: ReportedToken<'_>) -> Option<SyntaxWarning> {
    if reported.is_f_string_part && matches!(sequence, "{" | "}") {
        return None;
    }
    let lines = body[..at].bytes().filter(|byte| *byte == b'\n').count() as u32;
    let line_start = body[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let mut column = (escape::reported_offset(body, at) - escape::reported_offset(body, line_start)) as u32;
    if lines == 0 {
        column += reported.start.column + leading_quotes(reported.text);
    }
    let line = reported.start.line + lines;
    let start = Position { line, column: column.checked_sub(1).unwrap_or(Position::NO_COLUMN) };
    let span = Span { start, end: Position { line, column: column + 1 } };
    Some(SyntaxWarning { deprecation: false, message: invalid_escape_message(sequence).into(), span })
}

/// How many times a token's text repeats the quote that it starts with: 0 with a prefix, as CPython counts.
fn leading_quotes(text: &str) -> u32 {
    let first = text.bytes().next().filter(|byte| matches!(byte, b'\'' | b'"'));
    first.map_or(0, |quote| {
        let quotes = text.bytes().take_while(|byte| matches!(byte, b'\'' | b'"'));
        quotes.filter(|byte| *byte == quote).count() as u32
    })
}

#[cold]
fn codec_error(message: &str, span: Span) -> SyntaxError {
    SyntaxError {
        kind: SyntaxErrorKind::SyntaxError,
        message: message.into(),
        span: Some(span),
        line: ErrorLine::Reached,
    }
}
