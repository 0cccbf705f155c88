//! Escape sequences, one at a time: what each stands for and how long it is.
//!
//! The rules are those of CPython's `unicode-escape` codec and of its bytes literals (language reference, section 2.5.1).

use super::CharacterNames;

/// What an escape sequence stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// A backslash before a newline: both vanish.
    Nothing,
    Value(u32),
    /// An octal sequence above `\377`, which is warned of.
    TooLarge(u32),
    /// The sequence means nothing: it stands for itself, and is warned of.
    Unknown,
    /// A backslash that escapes nothing, before a character beyond ASCII or at the end of an f-string's part.
    Backslash,
}

/// An escape sequence in text; the length counts the backslash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TextEscape {
    pub(super) escape: Escape,
    pub(super) length: usize,
}

/// An escape sequence in bytes; the length counts the backslash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BytesEscape {
    pub(super) escape: Escape,
    pub(super) length: usize,
}

/// A sequence that is no text, and how much of it the error covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    reason: &'static str,
    pub(super) length: usize,
}

impl Failure {
    /// The codec's message for a failure between two reported offsets.
    pub(super) fn unicode_message(self, first: usize, end: usize) -> String {
        let reason = self.reason;
        let place = match end - first {
            1 => format!("byte 0x5c in position {first}"),
            _ => format!("bytes in position {first}-{}", end - 1),
        };
        format!("(unicode error) 'unicodeescape' codec can't decode {place}: {reason}")
    }
}

/// The escape that `text` starts with, a backslash first.
pub(super) fn text_escape(text: &str, names: &dyn CharacterNames) -> Result<TextEscape, Failure> {
    let bytes = text.as_bytes();
    let found = |escape, length| Ok(TextEscape { escape, length });
    match bytes.get(1) {
        None | Some(128..) => found(Escape::Backslash, 1),
        Some(b'x') => hexadecimal(bytes, 2, "truncated \\xXX escape"),
        Some(b'u') => hexadecimal(bytes, 4, "truncated \\uXXXX escape"),
        Some(b'U') => hexadecimal(bytes, 8, "truncated \\UXXXXXXXX escape"),
        Some(b'N') => named(text, names),
        Some(escaped) => {
            let BytesEscape { escape, length } = common_escape(bytes, *escaped);
            found(escape, length)
        }
    }
}

/// The escape that `bytes` (ASCII) start with, a backslash first; None for a malformed `\x`.
pub(super) fn bytes_escape(bytes: &[u8]) -> Option<BytesEscape> {
    match bytes {
        [_, b'x', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            Some(BytesEscape { escape: Escape::Value(digit(*high) << 4 | digit(*low)), length: 4 })
        }
        [_, b'x', ..] => None,
        [_, escaped, ..] => Some(common_escape(bytes, *escaped)),
        _ => Some(BytesEscape { escape: Escape::Backslash, length: 1 }),
    }
}

/// What CPython's copy of `body` has before `offset`: ten characters for each one beyond ASCII, and five more where a backslash
/// comes before it.
pub(super) fn reported_offset(body: &str, offset: usize) -> usize {
    let mut reported = 0;
    let mut chars = body[..offset].chars();
    let width = |char: char| if char.is_ascii() { 1 } else { 10 };
    while let Some(char) = chars.next() {
        reported += width(char);
        if char == '\\' {
            let escaped = chars.next();
            let escapes_nothing = escaped.is_some_and(|escaped| !escaped.is_ascii());
            reported += if escapes_nothing { 5 } else { 0 } + escaped.map_or(0, width);
        }
    }
    reported
}

/// The escapes that text and bytes have in common.
fn common_escape(bytes: &[u8], escaped: u8) -> BytesEscape {
    let value = match escaped {
        b'\n' => return BytesEscape { escape: Escape::Nothing, length: 2 },
        b'0'..=b'7' => return octal(bytes),
        b'\\' | b'\'' | b'"' => escaped,
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0C,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0B,
        _ => return BytesEscape { escape: Escape::Unknown, length: 2 },
    };
    BytesEscape { escape: Escape::Value(u32::from(value)), length: 2 }
}

/// Up to three octal digits.
fn octal(bytes: &[u8]) -> BytesEscape {
    let digits = bytes[1..].iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7'));
    let (value, length) = digits.fold((0, 1), |(value, length), byte| (value << 3 | digit(*byte), length + 1));
    let escape = if value > 0o377 { Escape::TooLarge(value) } else { Escape::Value(value) };
    BytesEscape { escape, length }
}

/// Exactly so many hexadecimal digits, behind the backslash and a letter.
fn hexadecimal(bytes: &[u8], count: usize, truncated: &'static str) -> Result<TextEscape, Failure> {
    let digits = bytes[2..].iter().take(count).take_while(|byte| byte.is_ascii_hexdigit());
    let (value, length) = digits.fold((0u32, 2), |(value, length), byte| (value << 4 | digit(*byte), length + 1));
    if length != count + 2 {
        return Err(Failure { reason: truncated, length });
    }
    if value > 0x10_FFFF {
        return Err(Failure { reason: "illegal Unicode character", length });
    }
    Ok(TextEscape { escape: Escape::Value(value), length })
}

/// `\N{NAME}`
fn named(text: &str, names: &dyn CharacterNames) -> Result<TextEscape, Failure> {
    const MALFORMED: &str = "malformed \\N character escape";
    let Some(behind) = text[2..].strip_prefix('{') else {
        return Err(Failure { reason: MALFORMED, length: 2 });
    };
    match behind.find('}') {
        None => Err(Failure { reason: MALFORMED, length: text.len() }),
        Some(0) => Err(Failure { reason: MALFORMED, length: 3 }),
        Some(end) => {
            let length = 3 + end + 1;
            match names.code_point(&behind[..end]) {
                Some(point) if point <= 0x10_FFFF => Ok(TextEscape { escape: Escape::Value(point), length }),
                _ => Err(Failure { reason: "unknown Unicode character name", length }),
            }
        }
    }
}

fn digit(byte: u8) -> u32 {
    char::from(byte).to_digit(16).unwrap_or(0)
}
