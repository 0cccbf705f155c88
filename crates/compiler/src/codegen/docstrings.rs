//! Docstrings: what `inspect.cleandoc` does to them, but that no lines are taken away.

use syntax::error::{ErrorLine, SyntaxError, SyntaxErrorKind};
use text::wtf8::Wtf8Buf;

use super::Result;

/// The columns that a tab leads to a multiple of.
const TAB_SIZE: usize = 8;

/// The docstring without the indentation that all its lines but the first have in common.
pub(super) fn clean(text: &Wtf8Buf) -> Result<Wtf8Buf> {
    let bytes = expand_tabs(text);
    if text.as_str().is_none() {
        return Err(surrogates_error(&bytes));
    }
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let rest: Vec<&[u8]> = lines.collect();
    let margin = rest.iter().filter_map(|line| indentation(line)).min().unwrap_or(0);
    let first_indentation = first.iter().take_while(|byte| **byte == b' ').count();
    let mut cleaned = first[first_indentation..].to_vec();
    for line in rest {
        cleaned.push(b'\n');
        let spaces = line.iter().take_while(|byte| **byte == b' ').count();
        cleaned.extend_from_slice(&line[spaces.min(margin)..]);
    }
    Ok(Wtf8Buf::from_bytes(&cleaned).unwrap_or_else(|| text.clone()))
}

/// What CPython raises (a UnicodeEncodeError), since it cleans docstrings as UTF-8.
#[cold]
fn surrogates_error(bytes: &[u8]) -> SyntaxError {
    let points: Vec<u32> = Wtf8Buf::from_bytes(bytes).map(|text| text.code_points().collect()).unwrap_or_default();
    let is_surrogate = |point: &u32| (0xD800..0xE000).contains(point);
    let start = points.iter().position(is_surrogate).unwrap_or(0);
    let count = points[start..].iter().take_while(|point| is_surrogate(point)).count();
    let what = match points.get(start) {
        Some(point) if count == 1 => format!("character '\\u{point:04x}' in position {start}"),
        _ => format!("characters in position {start}-{}", start + count.saturating_sub(1)),
    };
    let message = format!("'utf-8' codec can't encode {what}: surrogates not allowed").into();
    SyntaxError { kind: SyntaxErrorKind::ValueError, message, span: None, line: ErrorLine::Reached }
}

/// How far a line is indented; None for a line of spaces.
fn indentation(line: &[u8]) -> Option<usize> {
    line.iter().position(|byte| *byte != b' ')
}

/// `str.expandtabs()`: columns count code points, and a carriage return starts a line as well.
fn expand_tabs(text: &Wtf8Buf) -> Vec<u8> {
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
