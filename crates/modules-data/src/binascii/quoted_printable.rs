//! Quoted-printable (RFC 2045), and its variant for headers (RFC 2047).

use text::builder::SizeError;
use text::byte_builder::ByteBuilder;

/// Columns of a line, without the mark of a soft break.
const LINE: usize = 76;

pub struct Options {
    pub quote_tabs: bool,
    pub is_text: bool,
    pub header: bool,
}

pub fn decode(text: &[u8], header: bool) -> Result<Vec<u8>, SizeError> {
    let mut out = ByteBuilder::with_capacity(text.len());
    let digit = |index: usize| text.get(index).and_then(|it| char::from(*it).to_digit(16)).map(|it| it as u8);
    let mut index = 0;
    while let Some(byte) = text.get(index) {
        index += 1;
        match byte {
            b'=' => match text.get(index) {
                None => break,
                Some(b'\n' | b'\r') => {
                    // A soft break ends with the line feed.
                    index = text[index..].iter().position(|it| *it == b'\n').map_or(text.len(), |it| index + it + 1);
                }
                Some(b'=') => {
                    out.push(b'=');
                    index += 1;
                }
                Some(_) => match (digit(index), digit(index + 1)) {
                    (Some(high), Some(low)) => {
                        out.push(high << 4 | low);
                        index += 2;
                    }
                    _ => out.push(b'='),
                },
            },
            b'_' if header => out.push(b' '),
            byte => out.push(*byte),
        }
    }
    out.finish()
}

/// The text as it is written, line by line.
struct Lines {
    out: ByteBuilder,
    column: usize,
    has_carriage_returns: bool,
}

impl Lines {
    fn end_line(&mut self) {
        if self.has_carriage_returns {
            self.out.push(b'\r');
        }
        self.out.push(b'\n');
        self.column = 0;
    }

    fn break_softly(&mut self) {
        self.out.push(b'=');
        self.end_line();
    }

    fn push_quoted(&mut self, byte: u8) {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        self.out.extend([b'=', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
}

pub fn encode(data: &[u8], options: Options) -> Result<Vec<u8>, SizeError> {
    let first_end = data.iter().position(|it| *it == b'\n');
    let has_carriage_returns = first_end.is_some_and(|it| it > 0 && data[it - 1] == b'\r');
    let mut lines = Lines { out: ByteBuilder::with_capacity(data.len()), column: 0, has_carriage_returns };
    let mut index = 0;
    while let Some(&byte) = data.get(index) {
        let next = data.get(index + 1).copied();
        if must_quote(byte, next, lines.column, &options) {
            if lines.column + 3 >= LINE {
                lines.break_softly();
            }
            lines.push_quoted(byte);
            lines.column += 3;
            index += 1;
        } else if options.is_text && (byte == b'\n' || byte == b'\r' && next == Some(b'\n')) {
            // White space at the end of a line would be lost on the way.
            if let Some(&last @ (b' ' | b'\t')) = lines.out.as_slice().last() {
                lines.out.pop();
                lines.push_quoted(last);
            }
            lines.end_line();
            index += if byte == b'\r' { 2 } else { 1 };
        } else {
            if next.is_some_and(|it| it != b'\n') && lines.column + 1 >= LINE {
                lines.break_softly();
            }
            lines.column += 1;
            lines.out.push(if options.header && byte == b' ' { b'_' } else { byte });
            index += 1;
        }
    }
    lines.out.finish()
}

fn must_quote(byte: u8, next: Option<u8>, column: usize, options: &Options) -> bool {
    match byte {
        127.. | b'=' => true,
        b'_' => options.header,
        // A dot alone on a line ends a mail.
        b'.' => column == 0 && matches!(next, None | Some(b'\n' | b'\r' | 0)),
        b'\n' | b'\r' => !options.is_text,
        b' ' | b'\t' => next.is_none() || options.quote_tabs,
        other => other < b' ',
    }
}
