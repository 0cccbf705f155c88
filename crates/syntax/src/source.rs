//! `Source`: a program's text as the tokenizer reads it, with an index of its lines.
//!
//! Made by whoever compiles (from `str`, or from bytes through `source::decode`); read by the tokenizer, the parser and the
//! reporting of errors. The invariant: the text is UTF-8 without null bytes before `first_null`, its line breaks are
//! translated if that was asked for, and no line is longer than a column can count.

pub mod decode;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use crate::error::{ErrorLine, SyntaxError, SyntaxErrorKind};
use crate::token::Position;
use crate::words::{marks, next_mark};

/// How text becomes a `Source`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceOptions {
    /// Adds the newline that the last line lacks: what CPython does for `exec` input.
    pub add_final_newline: bool,
    /// Turns `\r\n` and `\r` into `\n`: always but for the module `tokenize`.
    pub translate_newlines: bool,
    /// Refuses null bytes at once, without a position, as `compile()` does; otherwise the tokenizer reports the first
    /// when it comes to its line, as for files.
    pub refuse_nulls: bool,
}

impl Default for SourceOptions {
    fn default() -> Self {
        Self { add_final_newline: true, translate_newlines: true, refuse_nulls: true }
    }
}

/// The text of a program.
#[derive(Clone, Debug, Default)]
pub struct Source {
    text: String,
    /// Where each line starts, in bytes; a text that ends in a newline has no line behind it. Nobody needs all of them but for
    /// errors, so they are looked for when somebody asks.
    line_starts: OnceLock<Vec<usize>>,
    /// The lines are as they were given: they may have line breaks in them.
    has_given_lines: bool,
    has_added_newline: bool,
    /// Whether there are carriage returns, which there are not if they were translated.
    has_returns: bool,
    first_null: Option<usize>,
}

impl Source {
    /// A source from text that is already decoded (`compile()` of a `str`: an encoding declaration means nothing).
    pub fn from_text(text: &str, options: SourceOptions) -> Result<Self, SyntaxError> {
        let found = Survey::of(text.as_bytes());
        if options.refuse_nulls && found.null {
            return Err(SyntaxError::without_position("source code string cannot contain null bytes"));
        }
        Self::from_surveyed(text, options, found)
    }

    /// As `from_text`, of a text that is known to be whole and to have, or not have, what `found` says.
    fn from_surveyed(text: &str, options: SourceOptions, found: Survey) -> Result<Self, SyntaxError> {
        let text = match options.translate_newlines && found.carriage_return {
            true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
            false => Cow::Borrowed(text),
        };
        let has_added_newline = options.add_final_newline && !text.ends_with('\n');
        let text = match has_added_newline {
            true => format!("{text}\n"),
            false => text.into_owned(),
        };
        let has_returns = !options.translate_newlines && found.carriage_return;
        let first_null = if found.null { text.find('\0') } else { None };
        if text.len() >= i32::MAX as usize && longest_line(&text, &line_starts(&text)) >= i32::MAX as usize {
            let mut error = SyntaxError::without_position("Parser column offset overflow - source line is too big");
            error.kind = SyntaxErrorKind::OverflowError;
            return Err(error);
        }
        Ok(Self { text, has_added_newline, has_returns, first_null, ..Self::empty() })
    }

    /// A source without text.
    pub const fn empty() -> Self {
        Self {
            text: String::new(),
            line_starts: OnceLock::new(),
            has_given_lines: false,
            has_added_newline: false,
            has_returns: false,
            first_null: None,
        }
    }

    /// Adds a line of a program that is read line by line: what is given counts as one, even if it has line breaks in it. It gets the
    /// newline that it lacks.
    pub fn push_line(&mut self, line: &str) {
        let start = self.text.len();
        let mut starts = self.line_starts.take().unwrap_or_else(|| line_starts(&self.text));
        starts.push(start);
        self.line_starts = OnceLock::from(starts);
        self.has_given_lines = true;
        self.text.push_str(line);
        self.has_added_newline = !line.ends_with('\n');
        if self.has_added_newline {
            self.text.push('\n');
        }
        self.has_returns |= line.contains('\r');
        if self.first_null.is_none() {
            self.first_null = line.find('\0').map(|at| start + at);
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a token; empty if the range is none of this source.
    pub fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or("")
    }

    /// Whether the last line's newline was added and is not in what the user wrote.
    pub fn has_added_newline(&self) -> bool {
        self.has_added_newline
    }

    /// Where the first null byte lies, if they were not refused.
    pub(crate) fn first_null(&self) -> Option<usize> {
        self.first_null
    }

    /// Whether there are carriage returns.
    pub(crate) fn has_returns(&self) -> bool {
        self.has_returns
    }

    /// Whether lines may have line breaks in them.
    pub(crate) fn has_given_lines(&self) -> bool {
        self.has_given_lines
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| line_starts(&self.text))
    }

    pub fn line_count(&self) -> u32 {
        self.line_starts().len() as u32
    }

    /// As `line_range`, for who knows where the line starts.
    #[inline]
    pub(crate) fn line_range_from(&self, line: u32, start: usize) -> Option<Range<usize>> {
        if self.has_given_lines {
            return self.line_range(line);
        }
        (start < self.text.len()).then(|| start..end_of_line(self.text.as_bytes(), start))
    }

    /// The bytes of a line (counted from 1), its newline included; None if there is no such line.
    pub fn line_range(&self, line: u32) -> Option<Range<usize>> {
        let index = (line as usize).checked_sub(1)?;
        let starts = self.line_starts();
        let start = *starts.get(index)?;
        let end = starts.get(index + 1).copied().unwrap_or(self.text.len());
        Some(start..end)
    }

    /// The text of a line (counted from 1) with its newline; None if there is no such line.
    pub fn line_text(&self, line: u32) -> Option<&str> {
        self.line_range(line).and_then(|range| self.text.get(range))
    }

    /// Where a position lies in the text, in bytes; None if its line does not exist.
    pub fn byte_offset(&self, position: Position) -> Option<usize> {
        let range = self.line_range(position.line)?;
        Some(range.start + (position.column as usize).min(range.len()))
    }

    /// The line that an error in this line shows: CPython takes the last one for a line behind it.
    fn reported_line(&self, line: u32) -> &str {
        self.line_text(line.min(self.line_count())).unwrap_or("")
    }

    /// The text from the beginning of such a line to the end.
    fn reported_lines(&self, line: u32) -> &str {
        self.line_range(line.min(self.line_count())).and_then(|range| self.text.get(range.start..)).unwrap_or("")
    }

    /// The column in code points from 1, as an exception's `offset` gives it: 0 and -1 stand for columns left out.
    pub fn exception_offset(&self, position: Position) -> i64 {
        offset_in(self.reported_line(position.line), position)
    }

    /// The column where an error ends, as an exception's `end_offset` gives it. CPython counts it in the text of the line
    /// where the error starts, even if it ends on another.
    pub fn exception_end_offset(&self, error: &SyntaxError) -> i64 {
        let Some(span) = error.span else { return 0 };
        let end = span.end.column;
        match self.error_text(error) {
            Some(text) if span.start.line != span.end.line && end < Position::UNKNOWN_COLUMN => {
                match text.as_bytes().get(..=end as usize) {
                    Some(before) => count_code_points(before) as i64,
                    None => count_code_points(text.as_bytes()) as i64 + 1,
                }
            }
            _ => self.exception_offset(span.end),
        }
    }

    /// The text of a syntax error's line, as the exception's `text` has it; None where it points at no line.
    pub fn error_text(&self, error: &SyntaxError) -> Option<&str> {
        let start = error.span?.start;
        if start.column == Position::UNKNOWN_COLUMN {
            return None;
        }
        let text = match error.kind {
            // What a string that goes on has made of the tokenizer's buffer: all lines from its first.
            SyntaxErrorKind::IncompleteInput => self.reported_lines(start.line),
            _ => self.reported_line(start.line),
        };
        let text = text.split('\0').next().unwrap_or(text);
        Some(if error.line == ErrorLine::Reached { text } else { text.strip_suffix('\n').unwrap_or(text) })
    }
}

impl SyntaxError {
    /// A plain SyntaxError that points nowhere.
    #[cold]
    pub(crate) fn without_position(message: &str) -> Self {
        Self { kind: SyntaxErrorKind::SyntaxError, message: message.into(), span: None, line: ErrorLine::Tokenized }
    }
}

/// The column in code points from 1 if the position's line is this text; 0 and -1 stand for columns left out.
pub fn offset_in(line: &str, position: Position) -> i64 {
    match position.column {
        Position::NO_COLUMN => 0,
        Position::UNKNOWN_COLUMN => -1,
        column => {
            // A column may lie inside of a character (one error counts from another line): that character counts.
            match line.as_bytes().get(..=column as usize) {
                Some(before) => count_code_points(before) as i64,
                None => count_code_points(line.as_bytes()) as i64 + 1,
            }
        }
    }
}

/// The number of code points that start in `bytes`.
pub(crate) fn count_code_points(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// Which rare bytes a source has.
#[derive(Clone, Copy, Debug, Default)]
struct Survey {
    null: bool,
    carriage_return: bool,
}

impl Survey {
    fn of(bytes: &[u8]) -> Self {
        // Without a branch for each byte, the compiler compares many at once.
        let look = |found: Self, bytes: &[u8]| {
            bytes.iter().fold(found, |found, byte| Self {
                null: found.null | (*byte == 0),
                carriage_return: found.carriage_return | (*byte == b'\r'),
            })
        };
        let (blocks, rest) = bytes.as_chunks::<64>();
        look(blocks.iter().fold(Self::default(), |found, block| look(found, block)), rest)
    }
}

fn longest_line(text: &str, line_starts: &[usize]) -> usize {
    let longest = line_starts.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
    longest.max(text.len() - line_starts.last().copied().unwrap_or(0))
}

/// Where the line ends that the byte at `at` is in, behind its newline.
pub(crate) fn end_of_line(text: &[u8], at: usize) -> usize {
    next_mark(text, at, |word| marks(word, b'\n')).map_or(text.len(), |newline| newline + 1)
}

fn line_starts(text: &str) -> Vec<usize> {
    let text = text.as_bytes();
    let mut starts = Vec::with_capacity(text.len() / 24 + 1);
    let mut start = 0;
    while start < text.len() {
        starts.push(start);
        start = end_of_line(text, start);
    }
    starts
}
