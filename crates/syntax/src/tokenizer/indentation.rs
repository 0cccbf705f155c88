//! Indentation: the stack of open blocks, and the INDENT and DEDENT tokens that a line's start is worth.
//!
//! A line's width is measured twice, with tabs to multiples of eight and with tabs as one column: where the two measures
//! order lines differently, the program's meaning depends on the width of a tab (`TabError`).

use super::{SyntaxErrorKind, Tokenizer, TokenizerStatus};
use crate::error::SyntaxError;
use crate::token::TokenKind;
use crate::words::words_at;

const TAB_SIZE: u32 = 8;
const MAX_INDENTATION: usize = 100;

/// How wide the blanks at a line's start are, by both measures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Width {
    columns: u32,
    /// With each tab as one column.
    characters: u32,
}

/// The widths of the open blocks.
#[derive(Clone, Debug)]
pub(super) struct Indentation {
    /// The outermost is the file itself, of width 0.
    blocks: Vec<Width>,
    /// INDENTs to yield if positive (at most one), DEDENTs if negative.
    pending: i32,
}

impl Indentation {
    pub(super) fn new() -> Self {
        Self { blocks: vec![Width::default()], pending: 0 }
    }

    /// The block token that is due, if one is.
    #[inline(always)]
    pub(super) fn take_pending(&mut self) -> Option<TokenKind> {
        if self.pending == 0 {
            return None;
        }
        let (kind, step) = if self.pending > 0 { (TokenKind::Indent, -1) } else { (TokenKind::Dedent, 1) };
        self.pending += step;
        Some(kind)
    }

    #[inline(always)]
    pub(super) fn is_pending(&self) -> bool {
        self.pending != 0
    }

    /// Whether a line that begins with so many spaces goes on with the innermost block.
    #[inline(always)]
    pub(super) fn is_innermost(&self, spaces: u32) -> bool {
        self.innermost() == Width { columns: spaces, characters: spaces }
    }

    /// Opens and closes blocks for a line that begins with so many spaces: one if the result is positive, so many of them if
    /// it is negative. None, with nothing done, if the line is wrong or depends on the width of tabs.
    pub(super) fn enter_plain_line(&mut self, spaces: u32) -> Option<i32> {
        let width = Width { columns: spaces, characters: spaces };
        let innermost = self.innermost();
        if spaces > innermost.columns {
            if self.blocks.len() >= MAX_INDENTATION || spaces <= innermost.characters {
                return None;
            }
            self.blocks.push(width);
            return Some(1);
        }
        let own = self.blocks.iter().rposition(|block| *block == width)?;
        let closed = self.blocks.len() - 1 - own;
        self.blocks.truncate(own + 1);
        Some(-(closed as i32))
    }

    pub(super) fn close_all(&mut self) {
        self.pending = -(self.blocks.len() as i32 - 1);
        self.blocks.truncate(1);
    }

    fn innermost(&self) -> Width {
        self.blocks.last().copied().unwrap_or_default()
    }

    /// Opens and closes blocks for a line of this width.
    fn enter_line(&mut self, width: Width) -> Result<(), TokenizerStatus> {
        let innermost = self.innermost();
        if width.columns > innermost.columns {
            if self.blocks.len() >= MAX_INDENTATION {
                return Err(TokenizerStatus::TooDeep);
            }
            if width.characters <= innermost.characters {
                return Err(TokenizerStatus::InconsistentTabs);
            }
            self.pending += 1;
            self.blocks.push(width);
            return Ok(());
        }
        while self.blocks.len() > 1 && width.columns < self.innermost().columns {
            self.blocks.pop();
            self.pending -= 1;
        }
        if width.columns != self.innermost().columns {
            return Err(TokenizerStatus::InconsistentDedent);
        }
        if width.characters != self.innermost().characters {
            return Err(TokenizerStatus::InconsistentTabs);
        }
        Ok(())
    }
}

/// How many spaces there are at `at`.
#[inline]
pub(super) fn count_spaces(text: &[u8], at: usize) -> usize {
    const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
    let spaces_of = |word: u64| (word ^ SPACES).trailing_zeros() as usize / 8;
    let mut count = 0;
    loop {
        // Whether a line has eight is hard to guess.
        let [one, other] = words_at(text, at + count).map(spaces_of);
        count += one + if one == 8 { other } else { 0 };
        if one + other != 16 {
            return count;
        }
    }
}

impl Tokenizer<'_> {
    /// Reads the blanks at a line's start. True if the line holds nothing for the grammar.
    pub(super) fn measure_indentation(&mut self) -> Result<bool, Box<SyntaxError>> {
        let mut width = Width::default();
        // The width before the first backslash counts for the whole of a continued line, unless it is zero.
        let mut continued_columns = 0;
        let byte = loop {
            match self.next_byte() {
                b' ' => {
                    let more = count_spaces(self.text, self.cursor);
                    self.cursor += more;
                    width.columns += 1 + more as u32;
                    width.characters += 1 + more as u32;
                }
                b'\t' => {
                    width.columns = (width.columns / TAB_SIZE + 1) * TAB_SIZE;
                    width.characters += 1;
                }
                b'\x0C' => width = Width::default(),
                b'\\' => {
                    if continued_columns == 0 {
                        continued_columns = width.columns;
                    }
                    self.continue_line()?;
                }
                byte => break byte,
            }
        };
        self.put_back(byte);
        if matches!(byte, b'#' | b'\n' | b'\r') {
            if !self.options.interactive {
                return Ok(true);
            }
            if !(width.columns == 0 && byte == b'\n') {
                if self.line != 1 {
                    return Ok(true);
                }
                width = Width::default();
            }
        }
        if self.brackets.is_empty() {
            if continued_columns != 0 {
                width = Width { columns: continued_columns, characters: continued_columns };
            }
            self.indentation.enter_line(width).map_err(|status| self.indentation_error(status))?;
        }
        Ok(false)
    }

    #[cold]
    fn indentation_error(&mut self, status: TokenizerStatus) -> Box<SyntaxError> {
        self.status = status;
        self.cursor = self.line_end;
        match status {
            TokenizerStatus::InconsistentTabs => {
                self.error_in_line(SyntaxErrorKind::TabError, 0, "inconsistent use of tabs and spaces in indentation")
            }
            TokenizerStatus::TooDeep => {
                self.error_in_line(SyntaxErrorKind::IndentationError, 0, "too many levels of indentation")
            }
            _ => self.error_at_cursor(
                SyntaxErrorKind::IndentationError,
                "unindent does not match any outer indentation level",
            ),
        }
    }
}
