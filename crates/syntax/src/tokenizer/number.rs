//! Numbers: their extent, and the errors of malformed ones. Their values are `number_literal`'s matter.

use super::{END, Scanned, Tokenizer};
use crate::error::SyntaxError;
use crate::token::TokenKind;

/// The keywords that may follow a number without a blank in old code; `if`, `in` and `is` count by their first two letters.
const KEYWORDS_AFTER_NUMBER: [(&[u8], bool); 8] = [
    (b"and", true),
    (b"else", true),
    (b"for", true),
    (b"or", true),
    (b"not", true),
    (b"if", false),
    (b"in", false),
    (b"is", false),
];

/// A base other than ten.
struct Base {
    name: &'static str,
    is_digit: fn(u8) -> bool,
}

const HEXADECIMAL: Base = Base { name: "hexadecimal", is_digit: |byte| byte.is_ascii_hexdigit() };
const OCTAL: Base = Base { name: "octal", is_digit: |byte| matches!(byte, b'0'..=b'7') };
const BINARY: Base = Base { name: "binary", is_digit: |byte| matches!(byte, b'0' | b'1') };

impl Tokenizer<'_> {
    /// After a dot: a fraction, an ellipsis, or the dot alone.
    pub(super) fn dot_or_number(&mut self) -> Scanned {
        let byte = self.next_byte();
        if byte.is_ascii_digit() {
            return self.fraction(byte);
        }
        self.put_back(byte);
        if self.text[self.cursor..self.line_end].starts_with(b"..") {
            self.cursor += 2;
            return Ok(self.token(TokenKind::Ellipsis));
        }
        Ok(self.token(TokenKind::Dot))
    }

    /// A number that starts with the digit `first`, just read.
    pub(super) fn number(&mut self, first: u8) -> Scanned {
        if first == b'0' {
            return self.number_after_zero();
        }
        let byte = self.decimal_digits()?;
        self.after_integer_part(byte)
    }

    fn number_after_zero(&mut self) -> Scanned {
        let mut byte = self.next_byte();
        match byte {
            b'x' | b'X' => return self.digits_of(&HEXADECIMAL),
            b'o' | b'O' => return self.digits_of(&OCTAL),
            b'b' | b'B' => return self.digits_of(&BINARY),
            _ => {}
        }
        loop {
            if byte == b'_' {
                byte = self.next_byte();
                if !byte.is_ascii_digit() {
                    self.put_back(byte);
                    return Err(self.error("invalid decimal literal"));
                }
            }
            if byte != b'0' {
                break;
            }
            byte = self.next_byte();
        }
        if !byte.is_ascii_digit() {
            return self.after_integer_part(byte);
        }
        let first_nonzero = self.cursor - 1;
        let byte = self.decimal_digits()?;
        if matches!(byte, b'.' | b'e' | b'E' | b'j' | b'J') || self.options.extra_tokens {
            return self.after_integer_part(byte);
        }
        Err(self.error_between(
            self.token_start,
            first_nonzero,
            "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
        ))
    }

    /// Digits behind `0x`, `0o` or `0b`.
    fn digits_of(&mut self, base: &Base) -> Scanned {
        let mut byte = self.next_byte();
        loop {
            if byte == b'_' {
                byte = self.next_byte();
            }
            if !(base.is_digit)(byte) {
                return Err(self.bad_digit(base, byte));
            }
            while (base.is_digit)(byte) {
                byte = self.next_byte();
            }
            if byte != b'_' {
                break;
            }
        }
        if byte.is_ascii_digit() {
            return Err(self.bad_digit(base, byte));
        }
        self.end_number(byte, base.name)
    }

    #[cold]
    fn bad_digit(&mut self, base: &Base, byte: u8) -> Box<SyntaxError> {
        if byte.is_ascii_digit() {
            return self.error(&format!("invalid digit '{}' in {} literal", char::from(byte), base.name));
        }
        self.put_back(byte);
        self.error(&format!("invalid {} literal", base.name))
    }

    /// The rest of a run of decimal digits; gives the byte behind it, read.
    fn decimal_digits(&mut self) -> Result<u8, Box<SyntaxError>> {
        loop {
            let mut byte = self.next_byte();
            while byte.is_ascii_digit() {
                byte = self.next_byte();
            }
            if byte != b'_' {
                return Ok(byte);
            }
            byte = self.next_byte();
            if !byte.is_ascii_digit() {
                self.put_back(byte);
                return Err(self.error("invalid decimal literal"));
            }
        }
    }

    fn after_integer_part(&mut self, byte: u8) -> Scanned {
        match byte {
            b'.' => {
                let byte = self.next_byte();
                self.fraction(byte)
            }
            _ => self.exponent(byte),
        }
    }

    /// Behind the dot; `byte` is the first there.
    fn fraction(&mut self, mut byte: u8) -> Scanned {
        if byte.is_ascii_digit() {
            byte = self.decimal_digits()?;
        }
        self.exponent(byte)
    }

    fn exponent(&mut self, byte: u8) -> Scanned {
        if !matches!(byte, b'e' | b'E') {
            return self.suffix(byte);
        }
        let mut digit = self.next_byte();
        if matches!(digit, b'+' | b'-') {
            digit = self.next_byte();
            if !digit.is_ascii_digit() {
                self.put_back(digit);
                return Err(self.error("invalid decimal literal"));
            }
        } else if !digit.is_ascii_digit() {
            self.put_back(digit);
            return self.end_number(byte, "decimal");
        }
        let behind = self.decimal_digits()?;
        self.suffix(behind)
    }

    fn suffix(&mut self, byte: u8) -> Scanned {
        if matches!(byte, b'j' | b'J') {
            let behind = self.next_byte();
            return self.end_number(behind, "imaginary");
        }
        self.end_number(byte, "decimal")
    }

    /// The number ends before `behind`, which was read: some keywords may follow at once (with a warning), other names may not.
    fn end_number(&mut self, behind: u8, kind: &str) -> Scanned {
        self.put_back(behind);
        let follows_at_once = behind.is_ascii_alphanumeric() || behind == b'_';
        if behind != END && follows_at_once && !self.options.extra_tokens {
            let message = format!("invalid {kind} literal");
            if !self.is_at_keyword() {
                return Err(self.error(&message));
            }
            self.warn(&message);
        }
        Ok(self.token(TokenKind::Number))
    }

    fn is_at_keyword(&self) -> bool {
        let rest = &self.text[self.cursor..self.line_end];
        KEYWORDS_AFTER_NUMBER.into_iter().any(|(keyword, whole)| {
            rest.strip_prefix(keyword).is_some_and(|behind| {
                let is_name_byte = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
                !whole || !behind.first().is_some_and(is_name_byte)
            })
        })
    }
}
