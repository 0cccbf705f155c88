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
    use TokenKind::*;
    let (short, long) = match (first, second) {
        (b'!', b'=') | (b'<', b'>') => (NotEqual, None),
        (b'%', b'=') => (PercentEqual, None),
        (b'&', b'=') => (AmpersandEqual, None),
        (b'*', b'*') => (DoubleStar, Some((b'=', DoubleStarEqual))),
        (b'*', b'=') => (StarEqual, None),
        (b'+', b'=') => (PlusEqual, None),
        (b'-', b'=') => (MinusEqual, None),
        (b'-', b'>') => (RightArrow, None),
        (b'/', b'/') => (DoubleSlash, Some((b'=', DoubleSlashEqual))),
        (b'/', b'=') => (SlashEqual, None),
        (b':', b'=') => (ColonEqual, None),
        (b'<', b'<') => (LeftShift, Some((b'=', LeftShiftEqual))),
        (b'<', b'=') => (LessEqual, None),
        (b'=', b'=') => (EqualEqual, None),
        (b'>', b'=') => (GreaterEqual, None),
        (b'>', b'>') => (RightShift, Some((b'=', RightShiftEqual))),
        (b'@', b'=') => (AtEqual, None),
        (b'^', b'=') => (CircumflexEqual, None),
        (b'|', b'=') => (VerticalBarEqual, None),
        _ => return None,
    };
    match long {
        Some((last, kind)) if last == third => Some((kind, 3)),
        _ => Some((short, 2)),
    }
}

#[inline(always)]
pub(super) fn short_operator(byte: u8) -> TokenKind {
    use TokenKind::*;
    match byte {
        b'!' => Exclamation,
        b'%' => Percent,
        b'&' => Ampersand,
        b'(' => LeftParenthesis,
        b')' => RightParenthesis,
        b'*' => Star,
        b'+' => Plus,
        b',' => Comma,
        b'-' => Minus,
        b'/' => Slash,
        b':' => Colon,
        b';' => Semicolon,
        b'<' => Less,
        b'=' => Equal,
        b'>' => Greater,
        b'@' => At,
        b'[' => LeftBracket,
        b']' => RightBracket,
        b'^' => Circumflex,
        b'{' => LeftBrace,
        b'|' => VerticalBar,
        b'}' => RightBrace,
        b'~' => Tilde,
        _ => Operator,
    }
}
