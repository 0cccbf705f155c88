//! String literals: their prefixes and extent, and the parts of f-strings and t-strings (PEP 701, PEP 750).
//!
//! An f-string is several tokens: START, then MIDDLE for literal text and the tokens of `{...}`, then END. While one is open its
//! `StringMode` lies on a stack; `in_literal` says which of the two kinds of text the cursor is in:
//!
//! ```text
//!                       '{' opens a field
//!            literal ----------------------> expression
//!   START ->  text   <---------------------- (regular tokens)
//!              |      '}' closes it, ':' begins its format spec
//!             END
//! ```

use super::identifier::{first_invalid, invalid_character_message, is_identifier_byte};
use super::{END, Scanned, Tokenizer, TokenizerStatus};
use crate::error::SyntaxError;
use crate::string_literal::invalid_escape_message;
use crate::token::{Token, TokenKind};
use crate::words::name_length;

const MAX_OPEN_STRINGS: usize = 150;
const MAX_FIELD_NESTING: i32 = 3;

/// An f-string or t-string that is open.
#[derive(Clone, Debug)]
pub(super) struct StringMode {
    /// The cursor is in literal text (or a format spec), not in an expression.
    pub(super) in_literal: bool,
    /// `f` or `t`
    pub(super) prefix: char,
    is_raw: bool,
    quote: u8,
    quote_size: u8,
    start: usize,
    line: u32,
    line_start: usize,
    /// The brackets opened inside, of any kind.
    pub(super) bracket_depth: i32,
    /// How many replacement fields are open, less one: the bracket depth at which the innermost one's `}` or `:` stands.
    pub(super) expression_depth: i32,
    pub(super) in_format_spec: bool,
}

/// The letters before a quote, each at most once.
#[derive(Clone, Copy, Default)]
struct Prefix {
    letters: u8,
}

impl Prefix {
    const B: u8 = 1;
    const R: u8 = 2;
    const U: u8 = 4;
    const F: u8 = 8;
    const T: u8 = 16;

    /// The prefixes that cannot stand together, in the order in which they are reported.
    const CONFLICTS: [(u8, u8, &str); 7] = [
        (Self::U, Self::B, "'u' and 'b'"),
        (Self::U, Self::R, "'u' and 'r'"),
        (Self::U, Self::F, "'u' and 'f'"),
        (Self::U, Self::T, "'u' and 't'"),
        (Self::B, Self::F, "'b' and 'f'"),
        (Self::B, Self::T, "'b' and 't'"),
        (Self::F, Self::T, "'f' and 't'"),
    ];

    /// The prefix that these letters are; None if they are just a name.
    fn parse(letters: &[u8]) -> Option<Self> {
        let mut prefix = Self::default();
        for letter in letters {
            let bit = match letter.to_ascii_lowercase() {
                b'b' => Self::B,
                b'r' => Self::R,
                b'u' => Self::U,
                b'f' => Self::F,
                b't' => Self::T,
                _ => return None,
            };
            if prefix.letters & bit != 0 {
                return None;
            }
            prefix.letters |= bit;
        }
        Some(prefix)
    }

    fn has(self, bit: u8) -> bool {
        self.letters & bit != 0
    }

    fn conflict(self) -> Option<&'static str> {
        let conflict = Self::CONFLICTS.into_iter().find(|(one, other, _)| self.has(*one) && self.has(*other));
        conflict.map(|(.., names)| names)
    }
}

/// Whether a byte of a string literal's text must be looked at.
#[inline(always)]
fn is_special(byte: u8) -> bool {
    matches!(byte, b'\\' | b'\n' | END)
}

/// The kind of a part of an f-string or of a t-string.
fn kind_for(prefix: char, of_f_string: TokenKind, of_t_string: TokenKind) -> TokenKind {
    if prefix == 't' { of_t_string } else { of_f_string }
}

impl Tokenizer<'_> {
    /// An identifier or keyword, or a string literal with a prefix; the first byte is read.
    pub(super) fn name_or_string(&mut self, first: u8) -> Scanned {
        self.cursor += name_length(self.text, self.cursor);
        let mut behind = self.text.get(self.cursor).copied().unwrap_or(END);
        let is_ascii = first.is_ascii() && behind.is_ascii();
        if !behind.is_ascii() {
            let rest = &self.text[self.cursor..self.line_end];
            self.cursor += rest.iter().take_while(|byte| is_identifier_byte(**byte)).count();
            behind = self.text.get(self.cursor).copied().unwrap_or(END);
        }
        if matches!(behind, b'\'' | b'"')
            && let Some(prefix) = Prefix::parse(&self.text[self.token_start..self.cursor])
        {
            self.cursor += 1;
            return self.prefixed_string(prefix, behind);
        }
        if !is_ascii && !self.options.extra_tokens {
            self.verify_identifier()?;
        }
        Ok(self.token(TokenKind::Name))
    }

    fn verify_identifier(&mut self) -> Result<(), Box<SyntaxError>> {
        let text = self.source.slice(self.token_start..self.cursor);
        match first_invalid(text) {
            None => Ok(()),
            Some((at, char)) => {
                self.cursor = self.token_start + at + char.len_utf8();
                Err(self.error(&invalid_character_message(char)))
            }
        }
    }

    fn prefixed_string(&mut self, prefix: Prefix, quote: u8) -> Scanned {
        if let Some(names) = prefix.conflict() {
            let message = format!("{names} prefixes are incompatible");
            return Err(self.error_between(self.token_start, self.cursor - 1, &message));
        }
        if prefix.has(Prefix::F | Prefix::T) {
            return self.start_of_f_string(prefix, quote);
        }
        self.string(quote)
    }

    /// A string literal whose first quote is read.
    pub(super) fn string(&mut self, quote: u8) -> Scanned {
        let start_line_start = self.line_start;
        let mut closing_quotes = 0;
        let mut has_escaped_quote = false;
        let rest = &self.text[self.cursor..self.line_end];
        let quote_size = match rest {
            [one, two, ..] if *one == quote && *two == quote => 3,
            _ => 1,
        };
        if quote_size == 3 {
            self.cursor += 2;
        }
        while closing_quotes != quote_size {
            if closing_quotes == 0 {
                let rest = &self.text[self.cursor..self.line_end];
                self.cursor += rest.iter().position(|byte| *byte == quote || is_special(*byte)).unwrap_or(rest.len());
            }
            let byte = self.next_byte();
            if byte == quote {
                closing_quotes += 1;
                continue;
            }
            closing_quotes = 0;
            match byte {
                END => return Err(self.unterminated(quote, quote_size, start_line_start, has_escaped_quote, true)),
                b'\n' if quote_size == 1 => {
                    return Err(self.unterminated(quote, quote_size, start_line_start, has_escaped_quote, false));
                }
                b'\\' => {
                    let escaped = self.next_byte();
                    has_escaped_quote |= escaped == quote;
                    if escaped == b'\r' {
                        self.next_byte();
                    }
                }
                _ => {}
            }
        }
        Ok(self.token(TokenKind::String))
    }

    /// The error for a literal that the line or the source ends before; it points at the literal's start.
    #[cold]
    fn unterminated(
        &mut self,
        quote: u8,
        quote_size: u8,
        start_line_start: usize,
        has_escaped_quote: bool,
        at_end: bool,
    ) -> Box<SyntaxError> {
        let last_line = self.line;
        self.cursor = self.token_start + 1;
        self.line_start = start_line_start;
        self.line = self.token_position.line;
        // A quote like the f-string's own is meant to end it: then the field is what is not closed.
        if let Some(mode) = self.modes.last()
            && mode.quote == quote
            && mode.quote_size == quote_size
        {
            let message = format!("{}-string: expecting '}}'", mode.prefix);
            return self.error(&message);
        }
        let triple = if quote_size == 3 { "triple-quoted " } else { "" };
        let hint = match has_escaped_quote && quote_size == 1 {
            true => "; perhaps you escaped the end quote?",
            false => "",
        };
        let error = self.error(&format!("unterminated {triple}string literal (detected at line {last_line}){hint}"));
        if at_end {
            self.status = TokenizerStatus::EndInString;
        }
        error
    }

    /// START of an f-string or t-string whose first quote is read.
    fn start_of_f_string(&mut self, prefix: Prefix, quote: u8) -> Scanned {
        let is_triple = self.text[self.cursor..self.line_end].starts_with(&[quote, quote]);
        if is_triple {
            self.cursor += 2;
        }
        if self.modes.len() + 1 >= MAX_OPEN_STRINGS {
            return Err(self.error("too many nested f-strings or t-strings"));
        }
        let mode = StringMode {
            in_literal: true,
            prefix: if prefix.has(Prefix::T) { 't' } else { 'f' },
            is_raw: prefix.has(Prefix::R),
            quote,
            quote_size: if is_triple { 3 } else { 1 },
            start: self.token_start,
            line: self.line,
            line_start: self.line_start,
            bracket_depth: 0,
            expression_depth: -1,
            in_format_spec: false,
        };
        let kind = kind_for(mode.prefix, TokenKind::FStringStart, TokenKind::TStringStart);
        self.modes.push(mode);
        Ok(self.token(kind))
    }

    /// Whether a colon, just read, ends the expression of a replacement field; then its format spec begins.
    pub(super) fn ends_replacement_expression(&mut self) -> bool {
        let Some(mode) = self.modes.last_mut() else { return false };
        if mode.expression_depth < 0 || mode.bracket_depth - 1 != mode.expression_depth {
            return false;
        }
        mode.in_literal = true;
        mode.in_format_spec = true;
        true
    }

    /// The next part of the innermost f-string: MIDDLE, END, or the `{` that opens a field.
    pub(super) fn string_part(&mut self) -> Scanned {
        self.begin_token_at_cursor();
        let rest = &self.text[self.cursor..self.line_end];
        if rest.first() == Some(&b'{') && rest.get(1) != Some(&b'{') {
            self.open_field()?;
            return self.regular_token();
        }
        let Some(mode) = self.modes.last() else { return self.regular_token() };
        let (quote, quote_size) = (mode.quote, usize::from(mode.quote_size));
        if rest.len() >= quote_size && rest[..quote_size].iter().all(|byte| *byte == quote) {
            let kind = kind_for(mode.prefix, TokenKind::FStringEnd, TokenKind::TStringEnd);
            self.cursor += quote_size;
            self.modes.pop();
            return Ok(self.token(kind));
        }
        self.string_middle(quote, quote_size)
    }

    /// From literal text to an expression.
    fn open_field(&mut self) -> Result<(), Box<SyntaxError>> {
        let Some(mode) = self.modes.last_mut() else { return Ok(()) };
        mode.expression_depth += 1;
        mode.in_literal = false;
        if mode.expression_depth >= MAX_FIELD_NESTING {
            let message = format!("{}-string: expressions nested too deeply", mode.prefix);
            return Err(self.error(&message));
        }
        Ok(())
    }

    /// Literal text up to a field, a doubled brace, a named character, or the end.
    fn string_middle(&mut self, quote: u8, quote_size: usize) -> Scanned {
        let is_raw = self.modes.last().is_some_and(|mode| mode.is_raw);
        let in_format_spec = self.modes.last().is_some_and(|mode| mode.in_format_spec && mode.expression_depth >= 0);
        let mut closing_quotes = 0;
        let mut in_character_name = false;
        while closing_quotes != quote_size {
            let byte = self.next_byte();
            if byte == quote {
                closing_quotes += 1;
                continue;
            }
            closing_quotes = 0;
            match byte {
                END => return self.string_broken_off(byte, in_format_spec),
                b'\n' if quote_size == 1 => return self.string_broken_off(byte, in_format_spec),
                b'{' => return self.middle_before_open_brace(in_format_spec),
                b'}' if in_character_name => return Ok(self.middle(0)),
                b'}' => return Ok(self.middle_before_close_brace(in_format_spec)),
                b'\\' => in_character_name |= self.escape_in_middle(is_raw),
                _ => {}
            }
        }
        self.cursor -= quote_size;
        Ok(self.middle(0))
    }

    /// A MIDDLE up to the cursor, without its last bytes.
    fn middle(&self, without: usize) -> Token {
        let prefix = self.modes.last().map_or('f', |mode| mode.prefix);
        let mut token = self.token(kind_for(prefix, TokenKind::FStringMiddle, TokenKind::TStringMiddle));
        token.text.end -= without;
        token
    }

    fn middle_before_open_brace(&mut self, in_format_spec: bool) -> Scanned {
        if !in_format_spec && self.text[self.cursor..self.line_end].first() == Some(&b'{') {
            self.cursor += 1;
            return Ok(self.middle(1));
        }
        self.cursor -= 1;
        self.open_field()?;
        let middle = self.middle(0);
        if let Some(mode) = self.modes.last_mut() {
            mode.in_format_spec = false;
        }
        Ok(middle)
    }

    fn middle_before_close_brace(&mut self, in_format_spec: bool) -> Token {
        let is_doubled = self.text[self.cursor..self.line_end].first() == Some(&b'}');
        let Some(mode) = self.modes.last_mut() else { return self.middle(0) };
        if is_doubled && !in_format_spec && mode.bracket_depth == 0 {
            self.cursor += 1;
            return self.middle(1);
        }
        mode.in_literal = false;
        mode.in_format_spec = false;
        self.cursor -= 1;
        self.middle(0)
    }

    /// Skips what a backslash escapes; true if that is the start of a character's name, whose braces are none of a field.
    fn escape_in_middle(&mut self, is_raw: bool) -> bool {
        let mut escaped = self.next_byte();
        if escaped == b'\r' {
            escaped = self.next_byte();
        }
        match escaped {
            b'{' | b'}' => {
                if !is_raw {
                    let sequence = if escaped == b'{' { "{" } else { "}" };
                    self.warn(&invalid_escape_message(sequence));
                }
                self.cursor -= 1;
                false
            }
            b'N' if !is_raw => {
                let brace = self.next_byte();
                if brace != b'{' {
                    self.put_back(brace);
                }
                brace == b'{'
            }
            _ => false,
        }
    }

    /// The line or the source ended in literal text.
    #[cold]
    fn string_broken_off(&mut self, byte: u8, in_format_spec: bool) -> Scanned {
        let last_line = self.line;
        let Some(mode) = self.modes.last() else { return self.end_of_source() };
        let (prefix, is_triple) = (mode.prefix, mode.quote_size == 3);
        if in_format_spec && byte == b'\n' {
            return Err(self.error(&format!(
                "{prefix}-string: newlines are not allowed in format specifiers for single quoted {prefix}-strings"
            )));
        }
        (self.cursor, self.line, self.line_start) = (mode.start + 1, mode.line, mode.line_start);
        let triple = if is_triple { "triple-quoted " } else { "" };
        let error = self.error(&format!("unterminated {triple}{prefix}-string literal (detected at line {last_line})"));
        if is_triple {
            self.status = TokenizerStatus::EndInString;
        }
        Err(error)
    }
}
