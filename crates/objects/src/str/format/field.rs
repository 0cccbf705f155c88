//! Field names: `0.name[index]` as a first part and the lookups that follow it.

use std::ops::Range;

use text::view::StrView;

use super::decimal_value;

/// The first part of a field name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldName {
    /// Where it stands; empty for automatic numbering.
    pub first: Range<usize>,
    /// Its value, if it is a number.
    pub index: Option<usize>,
    /// What follows.
    pub rest: Range<usize>,
}

/// A lookup in a field name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldPart {
    Attribute(Range<usize>),
    Item { name: Range<usize>, index: Option<usize> },
}

/// Splits off the first part; the message of the ValueError if it is too large a number.
pub fn split_field_name(text: StrView<'_>, range: Range<usize>) -> Result<FieldName, &'static str> {
    let is_end = |point: u32| point == u32::from('.') || point == u32::from('[');
    let length = text.slice(range.clone()).iter().take_while(|point| !is_end(*point)).count();
    let first = range.start..range.start + length;
    let index = number(text, first.clone())?;
    Ok(FieldName { rest: first.end..range.end, first, index })
}

/// The number that a part of a text is; None if it is none.
fn number(text: StrView<'_>, range: Range<usize>) -> Result<Option<usize>, &'static str> {
    let mut number = None;
    for point in text.slice(range).iter() {
        let Some(digit) = decimal_value(point) else { return Ok(None) };
        let next = number.unwrap_or(0isize).checked_mul(10).and_then(|it| it.checked_add(digit as isize));
        number = Some(next.ok_or("Too many decimal digits in format string")?);
    }
    Ok(number.map(|it| it as usize))
}

impl FieldPart {
    /// Reads the next lookup off `rest`; None at the end, or the message of the ValueError.
    pub fn next(text: StrView<'_>, rest: &mut Range<usize>) -> Result<Option<FieldPart>, &'static str> {
        if rest.start >= rest.end {
            return Ok(None);
        }
        let start = rest.start + 1;
        let tail = text.slice(start..rest.end);
        let part = match text.get(rest.start).and_then(char::from_u32) {
            Some('.') => {
                let is_end = |point: u32| point == u32::from('.') || point == u32::from('[');
                let length = tail.iter().take_while(|point| !is_end(*point)).count();
                rest.start = start + length;
                FieldPart::Attribute(start..start + length)
            }
            Some('[') => {
                let Some(length) = tail.iter().position(|point| point == u32::from(']')) else {
                    return Err("Missing ']' in format string");
                };
                rest.start = start + length + 1;
                let name = start..start + length;
                FieldPart::Item { index: number(text, name.clone())?, name }
            }
            _ => return Err("Only '.' or '[' may follow ']' in format field specifier"),
        };
        let (FieldPart::Attribute(name) | FieldPart::Item { name, .. }) = &part;
        if name.is_empty() {
            return Err("Empty attribute in format string");
        }
        Ok(Some(part))
    }
}
