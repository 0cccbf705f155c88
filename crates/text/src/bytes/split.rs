//! Splitting and stripping bytes.

use super::find::{find, matches, rfind};
use super::is_space;
use crate::strings::split::{Ranges, lines, parts_between, rsplit_by, rsplit_words, split_words};
use crate::strings::strip::{Ends, strip_by};
use std::ops::Range;

/// The words of `split(None, limit)`.
pub fn split_whitespace(bytes: &[u8], limit: usize) -> Ranges {
    split_words(bytes, limit, is_space)
}

/// The words of `rsplit(None, limit)`, from left to right.
pub fn rsplit_whitespace(bytes: &[u8], limit: usize) -> Ranges {
    rsplit_words(bytes, limit, is_space)
}

/// The parts of `split(separator, limit)`; the separator must not be empty.
pub fn split(bytes: &[u8], separator: &[u8], limit: usize) -> Ranges {
    parts_between(matches(bytes, separator).take(limit), separator.len(), bytes.len())
}

/// The parts of `rsplit(separator, limit)`, from left to right; the separator must not be empty.
pub fn rsplit(bytes: &[u8], separator: &[u8], limit: usize) -> Ranges {
    rsplit_by(bytes.len(), separator.len(), limit, |end| rfind(&bytes[..end], separator))
}

/// The lines of `splitlines(keep_ends)`; only `\n`, `\r` and `\r\n` end one.
pub fn split_lines(bytes: &[u8], keep_ends: bool) -> Ranges {
    lines(bytes, keep_ends, |byte| byte == b'\n' || byte == b'\r')
}

/// Where `partition(separator)` cuts: the range of the first separator.
pub fn partition(bytes: &[u8], separator: &[u8]) -> Option<Range<usize>> {
    find(bytes, separator).map(|at| at..at + separator.len())
}

/// Where `rpartition(separator)` cuts: the range of the last separator.
pub fn rpartition(bytes: &[u8], separator: &[u8]) -> Option<Range<usize>> {
    rfind(bytes, separator).map(|at| at..at + separator.len())
}

/// What stays when whitespace is stripped.
pub fn strip_whitespace(bytes: &[u8], ends: Ends) -> Range<usize> {
    strip_by(bytes, ends, is_space)
}

/// What stays when the bytes in `set` are stripped.
pub fn strip(bytes: &[u8], set: &[u8], ends: Ends) -> Range<usize> {
    strip_by(bytes, ends, |byte| set.contains(&byte))
}
