//! `%[(key)][flags][width][.precision][length]type`, one piece after the other.

use crate::format::{Alignment, TextLayout};
use std::fmt;
use std::ops::Range;

/// A unit of a format: a byte of `bytes`, or a code point of a `str` in any of its three widths.
pub trait FormatUnit: Copy + Into<u32> {}

impl FormatUnit for u8 {}
impl FormatUnit for u16 {}
impl FormatUnit for u32 {}

/// One conversion, read as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Directive {
    /// `-`, or a negative width: to the left.
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// A space before numbers that are not negative.
    pub space: bool,
    /// `#`
    pub alternate: bool,
    /// `0`: zeros before numbers.
    pub zero: bool,
    /// The least width.
    pub width: Option<usize>,
    /// Places, digits, or for text the most code points.
    pub precision: Option<usize>,
    /// The type, a code point.
    pub conversion: u32,
    /// Where the type stands, for the message.
    pub index: usize,
}

impl Directive {
    /// Where a text of this many code points goes: `%s`, `%r`, `%a`, `%c`, `%b`.
    pub fn layout_text(&self, length: usize) -> TextLayout {
        let taken = self.precision.map_or(length, |precision| precision.min(length));
        let alignment = if self.left { Alignment::Left } else { Alignment::Right };
        TextLayout::new(taken, self.width, alignment, u32::from(' '))
    }

    /// The error for a type that there is not; to be raised after the argument was fetched.
    pub fn unsupported(&self, in_bytes: bool) -> PercentError {
        if in_bytes && self.conversion > 0x7f {
            return PercentError::CharacterOutOfRange;
        }
        PercentError::UnsupportedCharacter { conversion: self.conversion, index: self.index, in_bytes }
    }
}

/// What comes next in a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text to copy; where it stands. `%%` comes as the text of its second character.
    Literal(Range<usize>),
    /// The argument is the value of this key in the mapping; where the key stands.
    Key(Range<usize>),
    /// The next argument is the width: answer with [`PercentParser::set_width`] («* wants int» is the caller's).
    StarWidth,
    /// The next argument is the precision: answer with [`PercentParser::set_precision`].
    StarPrecision,
    /// Convert the argument: that of the key, or the next one.
    Directive(Directive),
}

/// What is wrong with a format; the texts are those of Python's errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentError {
    /// `ValueError`
    IncompleteFormat,
    /// `ValueError`
    IncompleteKey,
    /// `TypeError`
    MappingRequired,
    /// `ValueError`
    WidthTooBig,
    /// `OverflowError`: a width from an argument whose sign cannot be changed.
    NegativeWidthTooBig,
    /// `ValueError`
    PrecisionTooBig { in_bytes: bool },
    /// `ValueError`
    UnsupportedCharacter { conversion: u32, index: usize, in_bytes: bool },
    /// `OverflowError`: CPython cannot word [`Self::UnsupportedCharacter`] for bytes that are not ASCII.
    CharacterOutOfRange,
}

/// The type of Python's exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentException {
    ValueError,
    TypeError,
    OverflowError,
}

impl PercentError {
    /// The type of Python's exception.
    pub fn exception(self) -> PercentException {
        match self {
            Self::NegativeWidthTooBig | Self::CharacterOutOfRange => PercentException::OverflowError,
            Self::MappingRequired => PercentException::TypeError,
            _ => PercentException::ValueError,
        }
    }
}

impl fmt::Display for PercentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::IncompleteFormat => formatter.write_str("incomplete format"),
            Self::IncompleteKey => formatter.write_str("incomplete format key"),
            Self::MappingRequired => formatter.write_str("format requires a mapping"),
            Self::WidthTooBig | Self::NegativeWidthTooBig => formatter.write_str("width too big"),
            Self::PrecisionTooBig { in_bytes: false } => formatter.write_str("precision too big"),
            Self::PrecisionTooBig { in_bytes: true } => formatter.write_str("prec too big"),
            Self::UnsupportedCharacter { conversion, index, in_bytes } => {
                let character = char::from_u32(conversion).filter(|c| in_bytes || matches!(c, '\x1f'..='~'));
                let character = character.unwrap_or('?');
                write!(formatter, "unsupported format character '{character}' (0x{conversion:x}) at index {index}")
            }
            Self::CharacterOutOfRange => formatter.write_str("character argument not in range(0x110000)"),
        }
    }
}

impl std::error::Error for PercentError {}

/// What part of a conversion comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Text, up to the next percent sign.
    Literal,
    /// Behind the percent sign.
    Key,
    Flags,
    Precision,
    Length,
}

/// Reads a format.
#[derive(Debug)]
pub struct PercentParser<'a, U> {
    format: &'a [U],
    position: usize,
    state: State,
    directive: Directive,
    in_bytes: bool,
    has_mapping: bool,
}

impl<'a, U: FormatUnit> PercentParser<'a, U> {
    /// A parser at the start of the format of a `str` or, `in_bytes`, of a `bytes`. Keys are an error where the
    /// operator's right side is no mapping.
    pub fn new(format: &'a [U], in_bytes: bool, has_mapping: bool) -> Self {
        Self { format, position: 0, state: State::Literal, directive: Directive::default(), in_bytes, has_mapping }
    }

    /// The next piece; None at the end.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, PercentError> {
        loop {
            let piece = match self.state {
                State::Literal => return self.literal(),
                State::Key => self.key()?,
                State::Flags => self.flags_and_width()?,
                State::Precision => self.precision()?,
                State::Length => self.conversion().map(Some)?,
            };
            if piece.is_some() {
                return Ok(piece);
            }
        }
    }

    /// The answer to [`Piece::StarWidth`]; a negative width aligns to the left.
    pub fn set_width(&mut self, width: isize) -> Result<(), PercentError> {
        if width < 0 {
            self.directive.left = true;
        }
        let magnitude = width.checked_abs().ok_or(PercentError::NegativeWidthTooBig)?;
        self.directive.width = Some(magnitude.unsigned_abs());
        Ok(())
    }

    /// The answer to [`Piece::StarPrecision`]; a negative precision is none at all, that is zero.
    pub fn set_precision(&mut self, precision: i32) {
        self.directive.precision = Some(usize::try_from(precision).unwrap_or(0));
    }

    fn literal(&mut self) -> Result<Option<Piece>, PercentError> {
        let start = self.position;
        let is_percent = |unit: &U| (*unit).into() == u32::from('%');
        let end = self.format[start..].iter().position(is_percent).map_or(self.format.len(), |found| start + found);
        if end > start {
            self.position = end;
            return Ok(Some(Piece::Literal(start..end)));
        }
        if end == self.format.len() {
            return Ok(None);
        }
        if self.peek_at(start + 1) == Some('%') {
            self.position = start + 2;
            return Ok(Some(Piece::Literal(start + 1..start + 2)));
        }
        self.position = start + 1;
        self.directive = Directive::default();
        self.state = State::Key;
        self.next_piece()
    }

    fn key(&mut self) -> Result<Option<Piece>, PercentError> {
        self.state = State::Flags;
        if !self.take('(') {
            return Ok(None);
        }
        if !self.has_mapping {
            return Err(PercentError::MappingRequired);
        }
        let start = self.position;
        let mut depth = 1;
        while depth > 0 {
            match self.peek().ok_or(PercentError::IncompleteKey)? {
                ')' => depth -= 1,
                '(' => depth += 1,
                _ => {}
            }
            self.position += 1;
        }
        Ok(Some(Piece::Key(start..self.position - 1)))
    }

    fn flags_and_width(&mut self) -> Result<Option<Piece>, PercentError> {
        loop {
            match self.peek() {
                Some('-') => self.directive.left = true,
                Some('+') => self.directive.plus = true,
                Some(' ') => self.directive.space = true,
                Some('#') => self.directive.alternate = true,
                Some('0') => self.directive.zero = true,
                _ => break,
            }
            self.position += 1;
        }
        self.state = State::Precision;
        if self.take('*') {
            return Ok(Some(Piece::StarWidth));
        }
        self.directive.width = self.number(isize::MAX as usize).ok_or(PercentError::WidthTooBig)?;
        Ok(None)
    }

    fn precision(&mut self) -> Result<Option<Piece>, PercentError> {
        self.state = State::Length;
        if !self.take('.') {
            return Ok(None);
        }
        if self.take('*') {
            return Ok(Some(Piece::StarPrecision));
        }
        let too_big = PercentError::PrecisionTooBig { in_bytes: self.in_bytes };
        let precision = self.number(i32::MAX as usize).ok_or(too_big)?;
        self.directive.precision = Some(precision.unwrap_or(0));
        Ok(None)
    }

    /// The length modifiers of C mean nothing here: one is skipped.
    fn conversion(&mut self) -> Result<Piece, PercentError> {
        if matches!(self.peek(), Some('h' | 'l' | 'L')) {
            self.position += 1;
        }
        let unit = self.format.get(self.position).ok_or(PercentError::IncompleteFormat)?;
        self.directive.conversion = (*unit).into();
        self.directive.index = self.position;
        self.position += 1;
        self.state = State::Literal;
        Ok(Piece::Directive(self.directive))
    }

    /// A number, if there are digits; the outer None if it is larger than the limit.
    fn number(&mut self, limit: usize) -> Option<Option<usize>> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(|character| character.to_digit(10)) {
            let next = number.unwrap_or(0usize).checked_mul(10)?.checked_add(digit as usize)?;
            number = Some(Some(next).filter(|next| *next <= limit)?);
            self.position += 1;
        }
        Some(number)
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.position += usize::from(found);
        found
    }

    fn peek(&self) -> Option<char> {
        self.peek_at(self.position)
    }

    /// The unit there; what is no character is shown as one that means nothing in a format.
    fn peek_at(&self, position: usize) -> Option<char> {
        let unit = self.format.get(position)?;
        Some(char::from_u32((*unit).into()).unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}
