//! Docstrings: what `inspect.cleandoc` does to them, but that no lines are taken away.

use text::wtf8::Wtf8Buf;

/// The columns that a tab leads to a multiple of.
const TAB_SIZE: usize = 8;

/// The docstring without the indentation that all its lines but the first have in common.
pub(super) fn clean(text: &Wtf8Buf) -> Wtf8Buf {
    let bytes = expand_tabs(text);
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
    Wtf8Buf::from_bytes(&cleaned).unwrap_or_else(|| text.clone())
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
