//! Docstrings: what `inspect.cleandoc` does to them, but that no lines are taken away.

use std::borrow::Cow;

use bytecode::arena::Arena;
use syntax::error::{ErrorLine, SyntaxError, SyntaxErrorKind};
use text::wtf8::Wtf8;

use super::Result;

/// The columns that a tab leads to a multiple of.
const TAB_SIZE: usize = 8;

/// The docstring without the indentation that all its lines but the first have in common.
pub(super) fn clean<'t>(text: Wtf8<'t>, arena: &'t Arena) -> Result<Wtf8<'t>> {
    let Some(plain) = text.as_str() else { return Err(surrogates_error(&expand_tabs(text))) };
    let has_tabs = text.as_bytes().contains(&b'\t');
    let plain =
        if has_tabs { String::from_utf8_lossy(&expand_tabs(text)).into_owned().into() } else { Cow::Borrowed(plain) };
    let (first, rest) = split_line(&plain);
    let trimmed = first.trim_start_matches(' ');
    if rest.is_none() && trimmed.len() == first.len() && !has_tabs {
        return Ok(text);
    }
    let margin = lines(rest).filter_map(indentation).min().unwrap_or(0);
    let mut cleaned = String::with_capacity(plain.len());
    cleaned.push_str(trimmed);
    for line in lines(rest) {
        cleaned.push('\n');
        let spaces = line.bytes().take(margin).take_while(|byte| *byte == b' ').count();
        cleaned.push_str(&line[spaces..]);
    }
    Ok(arena.text_of(&cleaned))
}

/// A text up to its first line feed, and what comes after that, if there is one.
fn split_line(text: &str) -> (&str, Option<&str>) {
    match line_feed(text.as_bytes()) {
        Some(end) => (&text[..end], Some(&text[end + 1..])),
        None => (text, None),
    }
}

/// Where the first line feed is.
fn line_feed(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const LINE_FEEDS: u64 = u64::from_le_bytes([b'\n'; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        // The lowest mark is at a byte that is zero, which is a line feed; above it there may be wrong ones.
        let differences = u64::from_le_bytes(*word) ^ LINE_FEEDS;
        let marks = differences.wrapping_sub(ONES) & !differences & (ONES << 7);
        if marks != 0 {
            return Some(index * 8 + marks.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|byte| *byte == b'\n').map(|at| words.len() * 8 + at)
}

/// The lines of what comes after a line feed.
fn lines(mut rest: Option<&str>) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let line;
        (line, rest) = split_line(rest?);
        Some(line)
    })
}

/// What CPython raises (a UnicodeEncodeError), since it cleans docstrings as UTF-8.
#[cold]
fn surrogates_error(bytes: &[u8]) -> Box<SyntaxError> {
    let points: Vec<u32> = Wtf8::from_bytes(bytes).map(|text| text.code_points().collect()).unwrap_or_default();
    let is_surrogate = |point: &u32| (0xD800..0xE000).contains(point);
    let start = points.iter().position(is_surrogate).unwrap_or(0);
    let count = points[start..].iter().take_while(|point| is_surrogate(point)).count();
    let what = match points.get(start) {
        Some(point) if count == 1 => format!("character '\\u{point:04x}' in position {start}"),
        _ => format!("characters in position {start}-{}", start + count.saturating_sub(1)),
    };
    let message = format!("'utf-8' codec can't encode {what}: surrogates not allowed").into();
    Box::new(SyntaxError { kind: SyntaxErrorKind::ValueError, message, span: None, line: ErrorLine::Reached })
}

/// How far a line is indented; None for a line of spaces.
fn indentation(line: &str) -> Option<usize> {
    line.bytes().position(|byte| byte != b' ')
}

/// `str.expandtabs()`: columns count code points, and a carriage return starts a line as well.
fn expand_tabs(text: Wtf8<'_>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut column = 0;
    for byte in text.as_bytes() {
        match byte {
            b'\t' => {
                let spaces = TAB_SIZE - column % TAB_SIZE;
                bytes.resize(bytes.len() + spaces, b' ');
                column += spaces;
            }
            b'\n' | b'\r' => {
                bytes.push(*byte);
                column = 0;
            }
            // Only the first byte of a code point takes a column.
            0x80..=0xBF => bytes.push(*byte),
            _ => {
                bytes.push(*byte);
                column += 1;
            }
        }
    }
    bytes
}
