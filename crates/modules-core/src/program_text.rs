//! The text of the file that runs as the program, where its bytes are not what they should be.
//!
//! Called by [`crate::compile`]. CPython reads such a file line by line: what the tokenizer finds in a line comes before what cannot be decoded in a
//! later one, and a comment in the first line is looked at when the second is read.

use std::borrow::Cow;

use syntax::error::SyntaxError;
use syntax::source::decode::source_encoding;
use syntax::source::{Source, SourceOptions};
use syntax::token::TokenKind;
use syntax::tokenizer::{Tokenizer, TokenizerOptions, TokenizerStatus};

fn is_comment(line: &[u8]) -> bool {
    line.iter().find(|it| !matches!(it, b' ' | b'\t' | b'\x0C')) == Some(&b'#')
}

/// The bytes without the mark that says that they are UTF-8.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

fn first_line(bytes: &[u8]) -> &[u8] {
    bytes.split_inclusive(|it| *it == b'\n').next().unwrap_or_default()
}

/// The bytes without what is no ASCII in a comment in the first line, if nothing makes CPython look at it.
pub fn with_plain_first_comment(bytes: &[u8]) -> Cow<'_, [u8]> {
    let content = without_mark(bytes);
    let line = first_line(content);
    let is_looked_at = line.len() < content.len() && !line.contains(&0);
    if is_looked_at || !is_comment(line) || std::str::from_utf8(line).is_ok() || source_encoding(content).is_some() {
        return Cow::Borrowed(bytes);
    }
    let mark = bytes.len() - content.len();
    let mut plain = bytes.to_vec();
    for byte in plain.iter_mut().skip(mark).take(line.len()).filter(|it| !it.is_ascii()) {
        *byte = b'?';
    }
    Cow::Owned(plain)
}

/// A file that says which encoding it is in, as CPython reads it.
pub struct DeclaredFile {
    /// Its bytes without a mark, lines ended by newlines.
    content: Vec<u8>,
    /// What is read to find the encoding: so many bytes, so many lines. They are decoded together.
    head: usize,
    head_lines: u32,
}

/// How much a reader of another encoding than UTF-8 decodes at once.
const READ_AT_ONCE: usize = 8192;

impl DeclaredFile {
    pub fn new(bytes: &[u8]) -> Self {
        let mut content = Vec::with_capacity(bytes.len());
        let mut rest = without_mark(bytes);
        while let Some(at) = rest.iter().position(|it| *it == b'\r') {
            content.extend_from_slice(&rest[..at]);
            content.push(b'\n');
            rest = rest[at + 1..].strip_prefix(b"\n").unwrap_or(&rest[at + 1..]);
        }
        content.extend_from_slice(rest);
        let mut lines = content.split_inclusive(|it| *it == b'\n');
        let first = lines.next().unwrap_or_default();
        let is_alone = source_encoding(first).is_some() || !is_comment(first) && !first.trim_ascii().is_empty();
        let second = lines.next().filter(|_| !is_alone);
        let (head, head_lines) = (first.len() + second.map_or(0, <[u8]>::len), 1 + u32::from(second.is_some()));
        Self { content, head, head_lines }
    }

    /// What is decoded with a line that is wrong, and the line that is reached then.
    pub fn part_of_line(&self, line: u32) -> (&[u8], u32) {
        if line <= self.head_lines {
            return self.head();
        }
        let mut lines = self.content.split_inclusive(|it| *it == b'\n');
        (lines.nth(line as usize - 1).unwrap_or_default(), line)
    }

    /// The beginning, in which the encoding is looked for, and its last line.
    pub fn head(&self) -> (&[u8], u32) {
        (&self.content[..self.head], self.head_lines)
    }

    /// What is decoded first by a reader of the encoding: it begins with the newline before.
    pub fn after_head(&self) -> &[u8] {
        let rest = &self.content[self.head.saturating_sub(1)..];
        &rest[..rest.len().min(READ_AT_ONCE)]
    }

    /// The text of a line.
    pub fn line_text(&self, line: u32) -> String {
        let mut lines = self.content.split_inclusive(|it| *it == b'\n');
        String::from_utf8_lossy(lines.nth((line as usize).saturating_sub(1)).unwrap_or_default()).into_owned()
    }
}

/// Where the string begins, of several lines, that the lines before this one leave open.
pub fn open_string(bytes: &[u8], line: u32) -> Option<u32> {
    let lines = bytes.split_inclusive(|it| *it == b'\n').take((line as usize).checked_sub(1)?);
    let before: Vec<u8> = lines.flatten().copied().collect();
    let options = SourceOptions { refuse_nulls: false, ..SourceOptions::default() };
    let source = Source::from_text(&String::from_utf8_lossy(without_mark(&before)), options).ok()?;
    let mut tokenizer = Tokenizer::new(&source, TokenizerOptions::default());
    loop {
        match tokenizer.next_token() {
            Ok(token) if token.kind == TokenKind::EndMarker => return None,
            Ok(_) => {}
            Err(error) => {
                let is_open = error.message.to_string_lossy().contains("triple-quoted string");
                return error.span.filter(|_| is_open).map(|span| span.start.line);
            }
        }
    }
}

/// What the tokenizer finds wrong before the line that cannot be decoded, with the source to look it up in.
pub fn earlier_error(bytes: &[u8], bad_line: u32) -> Option<(Source, SyntaxError)> {
    let lines = bytes.split_inclusive(|it| *it == b'\n').take((bad_line as usize).checked_sub(1)?);
    let before: Vec<u8> = lines.flatten().copied().collect();
    let options = SourceOptions { refuse_nulls: false, ..SourceOptions::default() };
    let source = Source::from_text(&String::from_utf8_lossy(without_mark(&before)), options).ok()?;
    let error = first_error(&source)?;
    Some((source, error))
}

/// The tokenizer's first error that more text would not mend.
fn first_error(source: &Source) -> Option<SyntaxError> {
    let mut tokenizer = Tokenizer::new(source, TokenizerOptions::default());
    loop {
        match tokenizer.next_token() {
            Ok(token) if token.kind == TokenKind::EndMarker => return None,
            Ok(_) => {}
            Err(error) => {
                let has_ended = match tokenizer.status() {
                    TokenizerStatus::EndOfSource => true,
                    TokenizerStatus::EndInString => error.message.to_string_lossy().contains("triple-quoted"),
                    _ => false,
                };
                return (!has_ended).then_some(*error);
            }
        }
    }
}

/// The line that CPython counts while it reads this one: after a first line of code, the second counts as the first, unless a string goes on in it.
pub fn counted_line(bytes: &[u8], line: u32) -> u32 {
    let first = first_line(without_mark(bytes));
    let is_code = !is_comment(first) && !first.trim_ascii().is_empty();
    let opens_string = first.windows(3).any(|it| it == b"\"\"\"" || it == b"'''");
    if line == 2 && is_code && !opens_string { 1 } else { line }
}

#[cfg(test)]
mod tests {
    use super::{counted_line, earlier_error, with_plain_first_comment};

    #[test]
    fn what_comes_first_is_reported() {
        let message = |bytes: &[u8], line| earlier_error(bytes, line).map(|(_, error)| error.message.to_string_lossy());
        assert_eq!(message(b"0\0\n\x9e\n", 2).as_deref(), Some("source code cannot contain null bytes"));
        assert_eq!(message(b")\n\xff\n", 2).as_deref(), Some("unmatched ')'"));
        assert_eq!(message(b"(\n'''\n\xff\n", 3), None);
        assert_eq!(message(b"\xff", 1), None);
        assert_eq!(message(b"\xEF\xBB\xBF#\n\xff", 2), None);
    }

    #[test]
    fn lines_are_counted_as_the_reference_does() {
        assert_eq!(counted_line(b"x\n\xff", 2), 1);
        assert_eq!(counted_line(b"#\n\xff", 2), 2);
        assert_eq!(counted_line(b"\xEF\xBB\xBF#\n\xff", 2), 2);
        assert_eq!(counted_line(b"x\nx\n\xff", 3), 3);
    }

    #[test]
    fn a_first_comment_is_looked_at_late() {
        assert_eq!(&*with_plain_first_comment(b"#\xff\n"), b"#?\n");
        assert_eq!(&*with_plain_first_comment(b"#\0\xff\n\xff"), b"#\0?\n\xff");
        assert_eq!(&*with_plain_first_comment(b"#\xff\n1"), b"#\xff\n1");
        assert_eq!(&*with_plain_first_comment(b"# coding: ascii \xff\n"), b"# coding: ascii \xff\n");
    }
}
