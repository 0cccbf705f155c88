//! Searching bytes.

use crate::view::Unit;

/// The first index of `needle`.
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    if needle.is_empty() { Some(0) } else { Unit::find(hay, needle) }
}

/// The last index of `needle`.
pub fn rfind(hay: &[u8], needle: &[u8]) -> Option<usize> {
    if needle.is_empty() { Some(hay.len()) } else { Unit::rfind(hay, needle) }
}

/// How often `needle` occurs without overlap; nothing occurs around every byte.
pub fn count(hay: &[u8], needle: &[u8]) -> usize {
    if needle.is_empty() { hay.len() + 1 } else { Unit::matches(hay, needle).count() }
}

/// The indices of all matches of a `needle` that don't overlap; nothing matches nothing.
pub(super) fn matches<'a>(hay: &'a [u8], needle: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let hay = if needle.is_empty() { &[] } else { hay };
    Unit::matches(hay, needle)
}
