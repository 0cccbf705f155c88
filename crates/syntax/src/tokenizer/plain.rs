//! Plain tokens: those that nearly all of a program consists of, read in one loop.
//!
//! Called by the parser between its calls of `next_token`. The loop makes the same tokens as `next_token` and leaves the
//! same state, but stops before anything unusual: errors, f-strings, fractions, names beyond ASCII, backslashes and tabs are
//! `next_token`'s. So it never has to decide anything, and the rules are in one place still.

use super::indentation::count_spaces;
use super::operator::{MAX_BRACKETS, long_operator, matches_bracket, short_operator};
use super::{OpenBracket, Tokenizer, TokenizerStatus};
use crate::source::end_of_line;
use crate::token::{Position, TokenKind};
use crate::words::{count, identifier_length, marks, name_length, next_mark, sixteen_at, word_at};

/// Takes the tokens.
pub(crate) trait PlainTokens {
    /// A token from one byte to another of a line.
    fn token(&mut self, kind: TokenKind, line: Line, start: usize, end: usize);

    /// A STRING, which may end in another line than it begins in. Whether its value is what stands between the quotes: it has
    /// neither prefix nor backslashes.
    fn string(&mut self, lines: [Line; 2], start: usize, end: usize, is_verbatim: bool);

    /// An INDENT or DEDENT before the token that begins at `at`.
    fn block(&mut self, kind: TokenKind, line: Line, at: usize);

    /// A NEWLINE, whose character is at `at`.
    fn newline(&mut self, line: Line, at: usize);

    /// A name or keyword in ASCII of fewer than sixteen characters, with which `bytes` begin.
    fn name(&mut self, bytes: &[u8; 16], line: Line, start: usize, end: usize);

    /// Any name in ASCII.
    fn long_name(&mut self, line: Line, start: usize, end: usize);
}

/// A line of the source: its number, and where it starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) number: u32,
    pub(crate) start: usize,
}

impl Line {
    /// The position of a byte of this line.
    #[inline(always)]
    pub(crate) fn position(self, at: usize) -> Position {
        Position { line: self.number, column: (at - self.start) as u32 }
    }
}

/// What a byte begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Unusual,
    Quote,
    Space,
    Name,
    Digit,
    /// An operator of one character that begins no longer one.
    Short,
    /// An operator that may be longer.
    Long,
    Dot,
    Open,
    Close,
    Comment,
    Newline,
}

static CLASSES: [Class; 256] = {
    let mut table = [Class::Unusual; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = match byte as u8 {
            b' ' => Class::Space,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Class::Name,
            b'0'..=b'9' => Class::Digit,
            b'\'' | b'"' => Class::Quote,
            b'#' => Class::Comment,
            b'\n' => Class::Newline,
            b'(' | b'[' | b'{' => Class::Open,
            b')' | b']' | b'}' => Class::Close,
            b',' | b';' | b'~' => Class::Short,
            b'!' | b'%' | b'&' | b'*' | b'+' | b'-' | b'/' | b':' | b'<' | b'=' | b'>' | b'@' | b'^' | b'|' => {
                Class::Long
            }
            b'.' => Class::Dot,
            _ => Class::Unusual,
        };
        byte += 1;
    }
    table
};

/// By byte, whether there is nothing unusual about its being behind a name.
static ENDS_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = !matches!(CLASSES[byte], Class::Unusual | Class::Quote);
        byte += 1;
    }
    table
};

/// The end of the string whose prefix goes from `start` to `quote`, if what is there is a quote; None if there is something
/// unusual.
#[inline(never)]
fn end_of_prefixed_string(text: &[u8], start: usize, quote: usize) -> Option<StringEnd> {
    let first = *text.get(quote)?;
    let is_string = CLASSES[usize::from(first)] == Class::Quote && is_plain_prefix(text.get(start..quote)?);
    if is_string { end_of_string(text, quote, first) } else { None }
}

/// Whether these letters before a quote only say how the string is decoded.
fn is_plain_prefix(letters: &[u8]) -> bool {
    match letters {
        [b'b' | b'B' | b'r' | b'R' | b'u' | b'U'] => true,
        [one, other] => matches!([one | 0x20, other | 0x20], [b'b', b'r'] | [b'r', b'b']),
        _ => false,
    }
}

/// Where a string ends, and what is known of it.
struct StringEnd {
    at: usize,
    /// It has no backslashes.
    is_verbatim: bool,
    /// It has three quotes, and may have line breaks.
    is_long: bool,
}

/// The end of the string whose opening quote is at `start`; None if there is something unusual about it.
#[inline]
fn end_of_string(text: &[u8], start: usize, quote: u8) -> Option<StringEnd> {
    let mut is_verbatim = true;
    let mut at = start + 1;
    if text.get(at..at + 2).is_some_and(|two| *two == [quote, quote]) {
        return end_of_long_string(text, start + 3, quote);
    }
    loop {
        at = next_mark(text, at, |word| marks(word, quote) | marks(word, b'\\') | marks(word, b'\n'))?;
        match *text.get(at)? {
            b'\\' if *text.get(at + 1)? != b'\n' => {
                is_verbatim = false;
                at += 2;
            }
            byte if byte == quote => return Some(StringEnd { at: at + 1, is_verbatim, is_long: false }),
            _ => return None,
        }
    }
}

/// The end of the string that has three quotes and whose text begins at `start`; None if it has none.
#[inline(never)]
fn end_of_long_string(text: &[u8], start: usize, quote: u8) -> Option<StringEnd> {
    let mut is_verbatim = true;
    let mut at = start;
    loop {
        at = next_mark(text, at, |word| marks(word, quote) | marks(word, b'\\'))?;
        match text.get(at..at + 3)? {
            [b'\\', ..] => {
                is_verbatim = false;
                at += 2;
            }
            [first, second, third] if [first, second, third] == [&quote; 3] => {
                return Some(StringEnd { at: at + 3, is_verbatim, is_long: true });
            }
            _ => at += 1,
        }
    }
}

/// Where the number ends that begins at `start`; None if it has more than decimal digits.
#[inline]
fn end_of_number(text: &[u8], start: usize) -> Option<usize> {
    let digits = text[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let has_leading_zero = digits > 1 && text[start] == b'0';
    match text.get(start + digits) {
        _ if has_leading_zero => None,
        Some(b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'_' | 0x80..) => None,
        _ => Some(start + digits),
    }
}

/// The operator of one to three characters that is there, and its length; `<>` is none.
#[inline]
fn plain_operator(window: Window) -> (TokenKind, usize) {
    let (first, second) = (window.first(), window.second());
    match long_operator(first, second, (window.word >> 16) as u8) {
        Some(long) if (first, second) != (b'<', b'>') => long,
        _ => (short_operator(first), 1),
    }
}

/// A word of a text, and where it is.
#[derive(Clone, Copy)]
struct Window {
    at: usize,
    word: u64,
}

impl Window {
    /// From `at` on, or behind a blank that is there: most tokens have one before them, or none.
    #[inline(always)]
    fn behind_blank(text: &[u8], at: usize) -> Self {
        let word = word_at(text, at);
        let blanks = usize::from(word as u8 == b' ');
        Self { at: at + blanks, word: word >> (blanks * 8) }
    }

    #[inline(always)]
    fn first(self) -> u8 {
        self.word as u8
    }

    #[inline(always)]
    fn second(self) -> u8 {
        (self.word >> 8) as u8
    }
}

impl Tokenizer<'_> {
    /// Whether no option and nothing in the source changes what plain tokens are.
    fn is_plain(&self) -> bool {
        let options = self.options;
        let is_changed = options.type_comments || options.extra_tokens || options.interactive || options.barry_as_flufl;
        let source = self.source;
        !is_changed && !source.has_returns() && !source.has_given_lines() && source.first_null().is_none()
    }

    /// Reads tokens as far as they are plain.
    pub(crate) fn plain_tokens(&mut self, tokens: &mut impl PlainTokens) {
        let is_between = self.status == TokenizerStatus::Running && self.modes.is_empty();
        if !is_between || self.indentation.is_pending() || !self.is_plain() {
            return;
        }
        self.in_token = false;
        while !self.at_line_start || self.start_plain_line(tokens) {
            if !self.plain_tokens_of_line(tokens) {
                // Only what is unusual needs to know.
                self.line_end = end_of_line(self.text, self.cursor);
                return;
            }
        }
    }

    /// Goes to the first token of the next line that has one, with the blocks that it opens or closes; false before a
    /// line that is unusual.
    fn start_plain_line(&mut self, tokens: &mut impl PlainTokens) -> bool {
        loop {
            let start = self.line_end;
            let spaces = count_spaces(self.text, start);
            let first = self.text.get(start + spaces).copied().unwrap_or(0);
            let blank_end = match CLASSES[usize::from(first)] {
                Class::Newline => Some(start + spaces + 1),
                Class::Comment => match end_of_line(self.text, start + spaces) {
                    end if self.text[end - 1] == b'\n' => Some(end),
                    _ => return false,
                },
                Class::Unusual => return false,
                _ => None,
            };
            let mut blocks = 0;
            if blank_end.is_none() && self.brackets.is_empty() && !self.indentation.is_innermost(spaces as u32) {
                let Some(change) = self.indentation.enter_plain_line(spaces as u32) else { return false };
                blocks = change;
            }
            self.line += 1;
            self.line_start = start;
            self.buffer_start = start;
            self.readline_buffer_start = start;
            if let Some(end) = blank_end {
                self.cursor = end;
                self.line_end = end;
                continue;
            }
            self.cursor = start + spaces;
            self.at_line_start = false;
            let kind = if blocks > 0 { TokenKind::Indent } else { TokenKind::Dedent };
            for _ in 0..blocks.unsigned_abs() {
                tokens.block(kind, Line { number: self.line, start }, self.cursor);
            }
            return true;
        }
    }

    /// The tokens from the cursor to the end of the line; false if there is something unusual before.
    fn plain_tokens_of_line(&mut self, tokens: &mut impl PlainTokens) -> bool {
        let text = self.text;
        let mut line = Line { number: self.line, start: self.line_start };
        let mut at = self.cursor;
        loop {
            let window = Window::behind_blank(text, at);
            let byte = window.first();
            at = window.at;
            let start = at;
            match CLASSES[usize::from(byte)] {
                Class::Space => at += 1,
                Class::Name => {
                    let first_bytes = sixteen_at(text, at);
                    let length = match first_bytes.map_or(16, identifier_length) {
                        16 => name_length(text, at),
                        length => length,
                    };
                    let end = at + length;
                    let behind = text.get(end).copied().unwrap_or(0);
                    if !ENDS_NAME[usize::from(behind)] {
                        let Some(end) = end_of_prefixed_string(text, at, end) else { break };
                        at = end.at;
                        let first = std::mem::replace(&mut line, self.line_behind(start, &end));
                        tokens.string([first, line], start, at, false);
                        continue;
                    }
                    match first_bytes {
                        Some(bytes) if length < 16 => tokens.name(bytes, line, start, end),
                        _ => tokens.long_name(line, start, end),
                    }
                    at = end;
                }
                Class::Short => {
                    at += 1;
                    tokens.token(short_operator(byte), line, start, at);
                }
                Class::Long => {
                    let (kind, length) = match window.second() {
                        b'=' | b'>' | b'<' | b'*' | b'/' => plain_operator(window),
                        _ => (short_operator(byte), 1),
                    };
                    at += length;
                    tokens.token(kind, line, start, at);
                }
                Class::Dot => {
                    if matches!(window.second(), b'.' | b'0'..=b'9') {
                        break;
                    }
                    at += 1;
                    tokens.token(TokenKind::Dot, line, start, at);
                }
                Class::Open => {
                    if self.brackets.len() >= MAX_BRACKETS {
                        break;
                    }
                    self.brackets.push(OpenBracket { character: byte, position: line.position(at) });
                    at += 1;
                    tokens.token(short_operator(byte), line, start, at);
                }
                Class::Close => {
                    if !self.brackets.last().is_some_and(|open| matches_bracket(open.character, byte)) {
                        break;
                    }
                    self.brackets.pop();
                    at += 1;
                    tokens.token(short_operator(byte), line, start, at);
                }
                Class::Quote => {
                    let Some(end) = end_of_string(text, at, byte) else { break };
                    at = end.at;
                    let first = std::mem::replace(&mut line, self.line_behind(start, &end));
                    tokens.string([first, line], start, at, end.is_verbatim);
                }
                Class::Digit => {
                    let Some(end) = end_of_number(text, at) else { break };
                    at = end;
                    tokens.token(TokenKind::Number, line, start, at);
                }
                Class::Comment => match next_mark(text, at, |word| marks(word, b'\n')) {
                    Some(newline) => at = newline,
                    None => break,
                },
                Class::Newline => {
                    if self.brackets.is_empty() {
                        tokens.newline(line, at);
                    }
                    self.cursor = at + 1;
                    self.line_end = at + 1;
                    self.at_line_start = true;
                    return true;
                }
                Class::Unusual => break,
            }
        }
        self.cursor = at;
        false
    }

    /// Goes to the line in which a string ends.
    #[inline(always)]
    fn line_behind(&mut self, start: usize, end: &StringEnd) -> Line {
        if end.is_long {
            self.pass_newlines(start, end.at);
        }
        Line { number: self.line, start: self.line_start }
    }

    #[inline(never)]
    fn pass_newlines(&mut self, start: usize, end: usize) {
        let string = &self.text[start..end];
        let newlines = count(string, b'\n');
        if newlines != 0 {
            self.line += newlines as u32;
            self.line_start = start + string.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        }
    }
}
