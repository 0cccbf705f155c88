//! Making strings from strings: `replace`, `join`, `expandtabs`, padding, repetition, translation.

use super::find::with_matches;
use crate::builder::{SizeError, StrBuilder, StrData};
use crate::growth::collect;
use crate::unicode_data::characters::is_space;
use crate::unicode_data::properties::Database;
use crate::view::StrView;
use std::borrow::Cow;

/// `replace(old, new, limit)`; None if nothing changes, so that the caller can return the very same string.
pub fn replace(
    text: StrView<'_>,
    old: StrView<'_>,
    new: StrView<'_>,
    limit: usize,
) -> Result<Option<StrData>, SizeError> {
    if limit == 0 || old == new {
        return Ok(None);
    }
    let indices = match old.is_empty() {
        true => collect(0..limit.min(text.len() + 1))?,
        false => with_matches(text, old, |indices| collect(indices.take(limit)))?,
    };
    if indices.is_empty() {
        return Ok(None);
    }
    let length = indices
        .len()
        .checked_mul(new.len())
        .and_then(|added| added.checked_add(text.len() - indices.len() * old.len()));
    let mut builder = StrBuilder::with_form(text.max_char().max(new.max_char()), length)?;
    let mut start = 0;
    for index in indices {
        builder.push_view(text.slice(start..index));
        builder.push_view(new);
        start = index + old.len();
    }
    builder.push_view(text.slice_from(start));
    builder.finish_narrowed().map(Some)
}

/// The length and the form limit (see [`crate::view::form_limit`]) of a text joined from parts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Joined {
    /// Code points; None if there are more than can be addressed.
    pub length: Option<usize>,
    /// The limit of the form.
    pub limit: u32,
}

/// What `separator.join(parts)` will need; parts are read twice, so the caller holds them in a list.
pub fn measure_join<'a>(separator: StrView<'_>, parts: impl ExactSizeIterator<Item = StrView<'a>>) -> Joined {
    let gaps = parts.len().saturating_sub(1);
    let separators = separator.len().checked_mul(gaps);
    let start = Joined { length: separators, limit: if gaps > 0 { separator.max_char() } else { 0x7F } };
    parts.fold(start, |joined, part| Joined {
        length: joined.length.and_then(|length| length.checked_add(part.len())),
        // The form of an object's string is exact, so that no scan is needed here.
        limit: joined.limit.max(part.form_limit()),
    })
}

/// `separator.join(parts)`.
pub fn join<'a>(
    separator: StrView<'_>,
    parts: impl ExactSizeIterator<Item = StrView<'a>> + Clone,
) -> Result<StrData, SizeError> {
    let joined = measure_join(separator, parts.clone());
    let mut builder = StrBuilder::with_form(joined.limit, joined.length)?;
    for (index, part) in parts.enumerate() {
        if index > 0 {
            builder.push_view(separator);
        }
        builder.push_view(part);
    }
    builder.finish_narrowed()
}

/// `text * count`.
pub fn repeat(text: StrView<'_>, count: usize) -> Result<StrData, SizeError> {
    let mut builder = StrBuilder::with_form(text.max_char(), text.len().checked_mul(count))?;
    if let (1, Some(point)) = (text.len(), text.get(0)) {
        builder.push_repeated(point, count);
    } else if !text.is_empty() {
        (0..count).for_each(|_| builder.push_view(text));
    }
    builder.finish_narrowed()
}

/// The text with `fill` added `left` and `right` times around it.
pub fn pad(text: StrView<'_>, left: usize, right: usize, fill: u32) -> Result<StrData, SizeError> {
    let length = left.checked_add(right).and_then(|margins| margins.checked_add(text.len()));
    let limit = if length == Some(text.len()) { 0 } else { fill };
    let mut builder = StrBuilder::with_form(text.max_char().max(limit), length)?;
    builder.push_repeated(fill, left);
    builder.push_view(text);
    builder.push_repeated(fill, right);
    builder.finish()
}

/// How many fill characters `center(width)` puts on the left and right of `length` characters.
pub fn center_margins(length: usize, width: usize) -> (usize, usize) {
    let margin = width.saturating_sub(length);
    let left = margin / 2 + (margin & width & 1);
    (left, margin - left)
}

/// `zfill(width)`; None if the text is wide enough.
pub fn zfill(text: StrView<'_>, width: usize) -> Result<Option<StrData>, SizeError> {
    let Some(zeros) = width.checked_sub(text.len()).filter(|zeros| *zeros > 0) else { return Ok(None) };
    let sign = usize::from(text.get(0).is_some_and(|point| point == u32::from(b'+') || point == u32::from(b'-')));
    let mut builder = StrBuilder::with_form(text.max_char(), Some(width))?;
    builder.push_view(text.slice(0..sign));
    builder.push_repeated(u32::from(b'0'), zeros);
    builder.push_view(text.slice_from(sign));
    builder.finish().map(Some)
}

/// `expandtabs(tab_size)`; None if there is no tab.
pub fn expand_tabs(text: StrView<'_>, tab_size: usize) -> Result<Option<StrData>, SizeError> {
    if !text.iter().any(|point| point == u32::from(b'\t')) {
        return Ok(None);
    }
    let mut builder = StrBuilder::with_form(text.max_char(), expanded_length(text.iter(), tab_size))?;
    let mut column = 0;
    for point in text.iter() {
        if point == u32::from(b'\t') {
            let spaces = spaces_at(column, tab_size);
            builder.push_repeated(u32::from(b' '), spaces);
            column += spaces;
        } else {
            builder.push(point);
            column = next_column(column, point);
        }
    }
    builder.finish().map(Some)
}

pub(crate) fn spaces_at(column: usize, tab_size: usize) -> usize {
    if tab_size == 0 { 0 } else { tab_size - column % tab_size }
}

pub(crate) fn next_column(column: usize, point: u32) -> usize {
    if point == u32::from(b'\n') || point == u32::from(b'\r') { 0 } else { column + 1 }
}

/// The length of a text with its tabs expanded; None if it can't be counted.
pub(crate) fn expanded_length(points: impl Iterator<Item = u32>, tab_size: usize) -> Option<usize> {
    let (mut length, mut column) = (0usize, 0usize);
    for point in points {
        let width = if point == u32::from(b'\t') { spaces_at(column, tab_size) } else { 1 };
        length = length.checked_add(width)?;
        column = if point == u32::from(b'\t') { column.checked_add(width)? } else { next_column(column, point) };
    }
    Some(length)
}

/// The ASCII bytes that number parsers see of a text: decimal digits of any script as `0` to `9`, whitespace as
/// spaces, and for anything else beyond ASCII a question mark that ends the text.
pub fn to_number_text(text: StrView<'_>) -> Cow<'_, [u8]> {
    if let Some(bytes) = text.as_ascii() {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(text.len());
    for point in text.iter() {
        out.push(match point {
            0..=0x7E => point as u8,
            _ if is_space(point) => b' ',
            _ => match Database::Current.decimal(point) {
                Some(digit) => b'0' + digit,
                None => {
                    out.push(b'?');
                    break;
                }
            },
        });
    }
    Cow::Owned(out)
}

/// What a translation table says of a code point.
#[derive(Clone, Copy, Debug)]
pub enum Translated<'a> {
    /// It stays.
    Same,
    /// It goes.
    Deleted,
    /// Another takes its place.
    Point(u32),
    /// A text takes its place.
    Text(StrView<'a>),
}

/// Appends the translation of one code point to the result of `translate`.
pub fn push_translated(builder: &mut StrBuilder, point: u32, translated: Translated<'_>) {
    match translated {
        Translated::Same => builder.push(point),
        Translated::Deleted => {}
        Translated::Point(point) => builder.push(point),
        Translated::Text(text) => builder.push_view(text),
    }
}
