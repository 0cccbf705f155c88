//! The markup of format strings: literal text, then perhaps a replacement field.
//!
//! The grammar is the library reference's («Format string syntax»); what is wrong is found in CPython's order (`MarkupIterator_next`).

use std::ops::Range;

use text::view::StrView;

/// A piece of literal text and what follows it. Ranges are those of the whole string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Markup {
    pub literal: Range<usize>,
    pub field: Option<Field>,
}

/// A replacement field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: Range<usize>,
    pub specification: Range<usize>,
    /// The specification has fields of its own.
    pub nested: bool,
    /// The character behind `!`.
    pub conversion: Option<u32>,
}

/// Reads a part of a format string.
pub struct MarkupParser {
    position: usize,
    end: usize,
}

const OPEN: u32 = '{' as u32;
const CLOSE: u32 = '}' as u32;

impl MarkupParser {
    pub fn new(range: Range<usize>) -> Self {
        Self { position: range.start, end: range.end }
    }

    /// Where the next piece begins.
    pub fn position(&self) -> usize {
        self.position
    }

    fn read(&mut self, text: StrView<'_>) -> Option<u32> {
        if self.position >= self.end {
            return None;
        }
        self.position += 1;
        text.get(self.position - 1)
    }

    fn peek(&self, text: StrView<'_>) -> Option<u32> {
        if self.position < self.end { text.get(self.position) } else { None }
    }

    /// The next piece; None at the end, or the message of the ValueError.
    pub fn next(&mut self, text: StrView<'_>) -> Result<Option<Markup>, &'static str> {
        if self.position >= self.end {
            return Ok(None);
        }
        let start = self.position;
        let brace = loop {
            match self.read(text) {
                Some(point @ (OPEN | CLOSE)) => break point,
                Some(_) => {}
                None => return Ok(Some(Markup { literal: start..self.position, field: None })),
            }
        };
        let next = self.peek(text);
        if next == Some(brace) {
            // A doubled brace is one brace of literal text.
            self.position += 1;
            return Ok(Some(Markup { literal: start..self.position - 1, field: None }));
        }
        if brace == CLOSE {
            return Err("Single '}' encountered in format string");
        }
        if next.is_none() {
            return Err("Single '{' encountered in format string");
        }
        let literal = start..self.position - 1;
        let field = self.field(text)?;
        Ok(Some(Markup { literal, field: Some(field) }))
    }

    fn field(&mut self, text: StrView<'_>) -> Result<Field, &'static str> {
        let start = self.position;
        let last = loop {
            match self.read(text).and_then(char::from_u32) {
                Some('{') => return Err("unexpected '{' in field name"),
                Some('[') => self.skip_index(text),
                Some(end @ ('}' | ':' | '!')) => break Some(end),
                Some(_) => {}
                // A lone surrogate is a character of the name, the end of the text is not.
                None if self.position < self.end => {}
                None => break None,
            }
        };
        let name = start..self.position - 1;
        let field = Field { name, specification: 0..0, nested: false, conversion: None };
        match last {
            Some('}') => Ok(field),
            Some('!') => self.conversion(field, text),
            Some(_) => self.specification(field, text),
            None => Err("expected '}' before end of string"),
        }
    }

    /// Goes to the bracket that closes an index; whatever stands in it.
    fn skip_index(&mut self, text: StrView<'_>) {
        while self.peek(text).is_some_and(|point| point != u32::from(']')) {
            self.position += 1;
        }
    }

    fn conversion(&mut self, field: Field, text: StrView<'_>) -> Result<Field, &'static str> {
        let Some(conversion) = self.read(text) else {
            return Err("end of string while looking for conversion specifier");
        };
        let field = Field { conversion: Some(conversion), ..field };
        match self.read(text) {
            Some(CLOSE) => Ok(field),
            Some(point) if point != u32::from(':') => Err("expected ':' after conversion specifier"),
            _ => self.specification(field, text),
        }
    }

    fn specification(&mut self, field: Field, text: StrView<'_>) -> Result<Field, &'static str> {
        let start = self.position;
        let (mut depth, mut nested) = (1, false);
        while let Some(point) = self.read(text) {
            match point {
                OPEN => {
                    nested = true;
                    depth += 1;
                }
                CLOSE => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(Field { specification: start..self.position - 1, nested, ..field });
                    }
                }
                _ => {}
            }
        }
        Err("unmatched '{' in format spec")
    }
}
