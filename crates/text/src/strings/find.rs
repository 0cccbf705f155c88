//! Searching a string: `find`, `rfind`, `count`, `in`, `startswith`, `endswith` and the bounds they share.

use crate::search::convert;
use crate::view::{StrView, Unit, with_units};
use std::borrow::Cow;
use std::ops::Range;

/// What `start` and `end` arguments mean for a sequence of `length` items; None where nothing can be found,
/// not even the empty string.
pub fn search_bounds(start: isize, end: isize, length: usize) -> Option<Range<usize>> {
    let clamp = |index: isize| {
        if index < 0 { length.saturating_sub(index.unsigned_abs()) } else { index.unsigned_abs() }
    };
    let (start, end) = (clamp(start), clamp(end).min(length));
    (start <= end).then_some(start..end)
}

/// The first index of `needle`.
pub fn find(hay: StrView<'_>, needle: StrView<'_>) -> Option<usize> {
    search(hay, needle, Direction::Forward)
}

/// The last index of `needle`.
pub fn rfind(hay: StrView<'_>, needle: StrView<'_>) -> Option<usize> {
    search(hay, needle, Direction::Backward)
}

#[derive(Clone, Copy)]
enum Direction {
    Forward,
    Backward,
}

fn search(hay: StrView<'_>, needle: StrView<'_>, direction: Direction) -> Option<usize> {
    if needle.len() > hay.len() {
        return None;
    }
    if needle.is_empty() {
        return Some(match direction {
            Direction::Forward => 0,
            Direction::Backward => hay.len(),
        });
    }
    with_units!(hay, units => {
        let single = needle.get(0).filter(|_| needle.len() == 1).and_then(Unit::from_point);
        let needle = match &single {
            Some(unit) => Cow::Borrowed(std::slice::from_ref(unit)),
            None => convert(needle)?,
        };
        match direction {
            Direction::Forward => Unit::find(units, &needle),
            Direction::Backward => Unit::rfind(units, &needle),
        }
    })
}

/// Whether `needle` occurs in `hay`.
pub fn contains(hay: StrView<'_>, needle: StrView<'_>) -> bool {
    find(hay, needle).is_some()
}

/// How often `needle` occurs without overlap; the empty string occurs around every code point.
pub fn count(hay: StrView<'_>, needle: StrView<'_>) -> usize {
    if needle.is_empty() {
        return hay.len() + 1;
    }
    if needle.len() > hay.len() {
        return 0;
    }
    with_units!(hay, units => convert(needle).map_or(0, |needle| Unit::matches(units, &needle).count()))
}

/// What `take` makes of the indices of all matches of a non-empty `needle` that don't overlap.
pub(crate) fn with_matches<R>(
    hay: StrView<'_>,
    needle: StrView<'_>,
    take: impl FnOnce(&mut dyn Iterator<Item = usize>) -> R,
) -> R {
    if needle.is_empty() || needle.len() > hay.len() {
        return take(&mut std::iter::empty());
    }
    with_units!(hay, units => match convert(needle) {
        Some(needle) => take(&mut Unit::matches(units, &needle)),
        None => take(&mut std::iter::empty()),
    })
}

/// Whether the text starts with `prefix`.
pub fn starts_with(text: StrView<'_>, prefix: StrView<'_>) -> bool {
    prefix.len() <= text.len() && text.slice(0..prefix.len()) == prefix
}

/// Whether the text ends with `suffix`.
pub fn ends_with(text: StrView<'_>, suffix: StrView<'_>) -> bool {
    suffix.len() <= text.len() && text.slice_from(text.len() - suffix.len()) == suffix
}
