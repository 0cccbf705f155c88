//! Splitting a string: `split`, `rsplit`, `splitlines`, `partition`, `rpartition`.

use super::find::{find, rfind, with_matches};
use crate::growth::Grow;
use crate::unicode_data::characters::{is_line_break, is_space};
use crate::view::{StrView, Unit, with_units};
use std::collections::TryReserveError;
use std::ops::Range;

/// Where the parts are, from left to right, or that there is no memory for so many.
pub type Ranges = Result<Vec<Range<usize>>, TryReserveError>;

/// The words of `split(None, limit)`.
pub fn split_whitespace(text: StrView<'_>, limit: usize) -> Ranges {
    with_units!(text, units => split_words(units, limit, |unit| is_space(unit.point())))
}

/// The words of `rsplit(None, limit)`, from left to right.
pub fn rsplit_whitespace(text: StrView<'_>, limit: usize) -> Ranges {
    with_units!(text, units => rsplit_words(units, limit, |unit| is_space(unit.point())))
}

/// The words between runs of units that `is_space` holds for; after `limit` words the rest is one more.
pub(crate) fn split_words<U: Copy>(units: &[U], limit: usize, is_space: impl Fn(U) -> bool) -> Ranges {
    let mut words = Vec::new();
    let mut at = 0;
    loop {
        at += units[at..].iter().take_while(|unit| is_space(**unit)).count();
        if at == units.len() {
            return Ok(words);
        }
        if words.len() == limit {
            words.try_push(at..units.len())?;
            return Ok(words);
        }
        let start = at;
        at += units[at..].iter().take_while(|unit| !is_space(**unit)).count();
        words.try_push(start..at)?;
    }
}

/// As [`split_words`], counting words from the right.
pub(crate) fn rsplit_words<U: Copy>(units: &[U], limit: usize, is_space: impl Fn(U) -> bool) -> Ranges {
    let mut words = Vec::new();
    let mut end = units.len();
    loop {
        end -= units[..end].iter().rev().take_while(|unit| is_space(**unit)).count();
        if end == 0 {
            break;
        }
        if words.len() == limit {
            words.try_push(0..end)?;
            break;
        }
        let stop = end;
        end -= units[..end].iter().rev().take_while(|unit| !is_space(**unit)).count();
        words.try_push(end..stop)?;
    }
    words.reverse();
    Ok(words)
}

/// The parts of `split(separator, limit)`; the separator must not be empty.
pub fn split(text: StrView<'_>, separator: StrView<'_>, limit: usize) -> Ranges {
    with_matches(text, separator, |indices| parts_between(indices.take(limit), separator.len(), text.len()))
}

/// The parts between separators of that length at these places.
pub(crate) fn parts_between(indices: impl Iterator<Item = usize>, separator: usize, length: usize) -> Ranges {
    let mut parts = Vec::new();
    let mut start = 0;
    for index in indices {
        parts.try_push(start..index)?;
        start = index + separator;
    }
    parts.try_push(start..length)?;
    Ok(parts)
}

/// The parts of `rsplit(separator, limit)`, from left to right; the separator must not be empty.
pub fn rsplit(text: StrView<'_>, separator: StrView<'_>, limit: usize) -> Ranges {
    rsplit_by(text.len(), separator.len(), limit, |end| rfind(text.slice(0..end), separator))
}

/// The parts around separators that `rfind_before` finds in front of an end.
pub(crate) fn rsplit_by(
    length: usize,
    separator: usize,
    limit: usize,
    rfind_before: impl Fn(usize) -> Option<usize>,
) -> Ranges {
    let mut parts = Vec::new();
    let mut end = length;
    while parts.len() < limit && separator > 0 {
        let Some(at) = rfind_before(end) else { break };
        parts.try_push(at + separator..end)?;
        end = at;
    }
    parts.try_push(0..end)?;
    parts.reverse();
    Ok(parts)
}

/// The lines of `splitlines(keep_ends)`.
pub fn split_lines(text: StrView<'_>, keep_ends: bool) -> Ranges {
    with_units!(text, units => lines(units, keep_ends, |unit| is_line_break(unit.point())))
}

/// The lines between units that `is_break` holds for; a carriage return and line feed are one break.
pub(crate) fn lines<U: Unit>(units: &[U], keep_ends: bool, is_break: impl Fn(U) -> bool) -> Ranges {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < units.len() {
        let Some(length) = units[start..].iter().position(|unit| is_break(*unit)) else {
            lines.try_push(start..units.len())?;
            break;
        };
        let end = start + length;
        let is = |at: usize, byte: u8| units.get(at).is_some_and(|unit| unit.point() == u32::from(byte));
        let next = end + 1 + usize::from(is(end, b'\r') && is(end + 1, b'\n'));
        lines.try_push(start..if keep_ends { next } else { end })?;
        start = next;
    }
    Ok(lines)
}

/// Where `partition(separator)` cuts: the range of the first separator.
pub fn partition(text: StrView<'_>, separator: StrView<'_>) -> Option<Range<usize>> {
    find(text, separator).map(|at| at..at + separator.len())
}

/// Where `rpartition(separator)` cuts: the range of the last separator.
pub fn rpartition(text: StrView<'_>, separator: StrView<'_>) -> Option<Range<usize>> {
    rfind(text, separator).map(|at| at..at + separator.len())
}
