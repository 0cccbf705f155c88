//! Comments, and the comments that are tokens: type comments, and all of them for the module `tokenize`.

use super::{END, Tokenizer};
use crate::token::{Position, Token, TokenKind};

impl Tokenizer<'_> {
    /// Reads to the end of a comment, and the byte behind it.
    pub(super) fn skip_comment(&mut self) -> u8 {
        let rest = &self.text[self.cursor..self.line_end];
        self.cursor += match self.source.has_returns() {
            true => rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len()),
            false => rest.len() - usize::from(rest.last() == Some(&b'\n')),
        };
        self.next_byte()
    }

    /// The comment as a token, where it is one; `after` is the byte behind it, already read.
    pub(super) fn comment_token(&mut self, after: u8, is_blank_line: bool) -> Option<Token> {
        if self.options.type_comments
            && let Some(token) = self.type_comment(after, is_blank_line)
        {
            return Some(token);
        }
        if !self.options.extra_tokens {
            return None;
        }
        self.put_back(after);
        self.newline_after_comment = is_blank_line;
        Some(self.token(TokenKind::Comment))
    }

    /// `# type: ignore...` or `# type: anything`, with any blanks, or none, between the parts.
    fn type_comment(&mut self, after: u8, is_blank_line: bool) -> Option<Token> {
        let end = self.cursor - usize::from(after != END);
        let comment = &self.text[self.token_start..end];
        let rest = skip_blanks(comment.strip_prefix(b"#")?);
        let rest = skip_blanks(rest.strip_prefix(b"type:")?);
        self.cursor = end;
        let ignored = rest.strip_prefix(b"ignore");
        let start = match ignored {
            Some([first, ..]) if first.is_ascii_alphanumeric() || !first.is_ascii() => end - rest.len(),
            Some(behind) => end - behind.len(),
            None => end - rest.len(),
        };
        let is_ignore = start > end - rest.len();
        let mut token = self.token(if is_ignore { TokenKind::TypeIgnore } else { TokenKind::TypeComment });
        token.text.start = start;
        token.span.start = Position { line: self.line, column: (start - self.line_start) as u32 };
        if is_ignore && is_blank_line {
            // Alone on its line: the newline is part of it.
            self.next_byte();
            self.at_line_start = true;
            token.text.end = self.cursor;
        }
        Some(token)
    }
}

fn skip_blanks(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    &text[blanks..]
}
