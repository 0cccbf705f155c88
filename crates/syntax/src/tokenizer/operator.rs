//! Operators and delimiters, and the stack of open brackets.

use super::{OpenBracket, Scanned, Tokenizer};
use crate::error::SyntaxError;
use crate::token::TokenKind;

pub(super) const MAX_BRACKETS: usize = 200;

impl Tokenizer<'_> {
    /// The operator that starts with `byte`, just read.
    pub(super) fn operator(&mut self, byte: u8) -> Scanned {
        if byte == b':' && self.ends_replacement_expression() {
            return Ok(self.token(TokenKind::Colon));
        }
        let rest = &self.text[self.cursor..self.line_end];
        let next = |at: usize| rest.get(at).copied().unwrap_or(0);
        if let Some((kind, length)) = long_operator(byte, next(0), next(1))
            && (byte != b'<' || next(0) != b'>' || self.options.barry_as_flufl)
        {
            self.cursor += length - 1;
            return Ok(self.token(kind));
        }
        match byte {
            b'(' | b'[' | b'{' => self.open_bracket(byte)?,
            b')' | b']' | b'}' => self.close_bracket(byte)?,
            0..b' ' | 0x7F => {
                return Err(self.error(&format!("invalid non-printable character U+{byte:04X}")));
            }
            _ => {}
        }
        Ok(self.token(short_operator(byte)))
    }

    fn open_bracket(&mut self, byte: u8) -> Result<(), Box<SyntaxError>> {
        if self.brackets.len() >= MAX_BRACKETS {
            return Err(self.error("too many nested parentheses"));
        }
        self.brackets.push(OpenBracket { character: byte, position: self.token_position });
        if let Some(mode) = self.modes.last_mut() {
            mode.bracket_depth += 1;
        }
        Ok(())
    }

    fn close_bracket(&mut self, byte: u8) -> Result<(), Box<SyntaxError>> {
        let closing = char::from(byte);
        if let Some(mode) = self.modes.last()
            && mode.bracket_depth == 0
            && byte == b'}'
        {
            let message = format!("{}-string: single '}}' is not allowed", mode.prefix);
            return Err(self.error(&message));
        }
        match self.brackets.pop() {
            None if self.options.extra_tokens => {}
            None => return Err(self.error(&format!("unmatched '{closing}'"))),
            Some(opening) if matches_bracket(opening.character, byte) => {}
            Some(opening) => self.mismatch(opening, closing)?,
        }
        let Some(mode) = self.modes.last_mut() else { return Ok(()) };
        mode.bracket_depth -= 1;
        if mode.bracket_depth < 0 {
            let message = format!("{}-string: unmatched '{closing}'", mode.prefix);
            return Err(self.error(&message));
        }
        if byte == b'}' && mode.bracket_depth == mode.expression_depth {
            mode.expression_depth -= 1;
            mode.in_literal = true;
            mode.in_format_spec = false;
        }
        Ok(())
    }

    /// The error for a bracket that closes another kind; with extra tokens, most pass.
    #[cold]
    fn mismatch(&mut self, opening: OpenBracket, closing: char) -> Result<(), Box<SyntaxError>> {
        // A bracket that would close an f-string's replacement field closes nothing at all.
        if let Some(mode) = self.modes.last()
            && opening.character == b'{'
            && mode.bracket_depth - 1 == mode.expression_depth
        {
            let message = format!("{}-string: unmatched '{closing}'", mode.prefix);
            return Err(self.error(&message));
        }
        if self.options.extra_tokens {
            return Ok(());
        }
        let place = match opening.position.line {
            line if line != self.line => format!(" on line {line}"),
            _ => String::new(),
        };
        let opening = char::from(opening.character);
        let message = format!("closing parenthesis '{closing}' does not match opening parenthesis '{opening}'{place}");
        Err(self.error(&message))
    }
}

#[inline(always)]
pub(super) fn matches_bracket(opening: u8, closing: u8) -> bool {
    matches!((opening, closing), (b'(', b')') | (b'[', b']') | (b'{', b'}'))
}

/// An operator of two or three characters, and its length.
#[inline(always)]
pub(super) fn long_operator(first: u8, second: u8, third: u8) -> Option<(TokenKind, usize)> {
    use TokenKind as T;
    let (short, long) = match (first, second) {
        (b'!', b'=') | (b'<', b'>') => (T::NotEqual, None),
        (b'%', b'=') => (T::PercentEqual, None),
        (b'&', b'=') => (T::AmpersandEqual, None),
        (b'*', b'*') => (T::DoubleStar, Some((b'=', T::DoubleStarEqual))),
        (b'*', b'=') => (T::StarEqual, None),
        (b'+', b'=') => (T::PlusEqual, None),
        (b'-', b'=') => (T::MinusEqual, None),
        (b'-', b'>') => (T::RightArrow, None),
        (b'/', b'/') => (T::DoubleSlash, Some((b'=', T::DoubleSlashEqual))),
        (b'/', b'=') => (T::SlashEqual, None),
        (b':', b'=') => (T::ColonEqual, None),
        (b'<', b'<') => (T::LeftShift, Some((b'=', T::LeftShiftEqual))),
        (b'<', b'=') => (T::LessEqual, None),
        (b'=', b'=') => (T::EqualEqual, None),
        (b'>', b'=') => (T::GreaterEqual, None),
        (b'>', b'>') => (T::RightShift, Some((b'=', T::RightShiftEqual))),
        (b'@', b'=') => (T::AtEqual, None),
        (b'^', b'=') => (T::CircumflexEqual, None),
        (b'|', b'=') => (T::VerticalBarEqual, None),
        _ => return None,
    };
    match long {
        Some((last, kind)) if last == third => Some((kind, 3)),
        _ => Some((short, 2)),
    }
}

#[inline(always)]
pub(super) fn short_operator(byte: u8) -> TokenKind {
    SHORT_OPERATORS[usize::from(byte)]
}

/// By byte.
static SHORT_OPERATORS: [TokenKind; 256] = {
    let mut table = [TokenKind::Operator; 256];
    let mut index = 0;
    while index < TokenKind::ALL.len() {
        let kind = TokenKind::ALL[index];
        if let Some(text) = kind.fixed_text()
            && text.len() == 1
        {
            table[text.as_bytes()[0] as usize] = kind;
        }
        index += 1;
    }
    table
};
