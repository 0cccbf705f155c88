//! Source bytes to text: byte order mark, encoding declaration (PEP 263), and the errors of both.
//!
//! Called through `Source::from_bytes`. UTF-8, Latin-1 and ASCII are decoded here; for any other encoding the caller's
//! decoder is asked, because codecs live in a higher crate.

use std::borrow::Cow;

use text::wtf8::Wtf8Buf;

use super::{Source, SourceOptions, Survey};
use crate::error::{ErrorLine, SyntaxError, SyntaxErrorKind};
use crate::token::{Position, Span};

/// Decodes bytes in an encoding that this crate does not know, or says why not: the text of the codec's exception, such as
/// `unknown encoding: foo`.
pub type Decoder<'a> = dyn FnMut(&str, &[u8]) -> Result<String, Wtf8Buf> + 'a;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The encodings that need no codec.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BuiltinEncoding {
    Utf8,
    Latin1,
    Ascii,
}

impl Source {
    /// A source from the bytes of a file or of `compile(bytes)`. `file_name` appears in messages; give None where CPython does
    /// not know it yet (`compile()`).
    pub fn from_bytes(
        bytes: &[u8],
        options: SourceOptions,
        file_name: Option<&str>,
        decoder: &mut Decoder<'_>,
    ) -> Result<Self, SyntaxError> {
        let found = Survey::of(bytes);
        if options.refuse_nulls && found.null {
            return Err(SyntaxError::without_position("source code string cannot contain null bytes"));
        }
        let translated = options.translate_newlines && found.carriage_return;
        let bytes = &*if translated { translate_newline_bytes(bytes) } else { Cow::Borrowed(bytes) };
        let (bytes, has_mark) = match bytes.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) => (rest, true),
            None => (bytes, false),
        };
        let declaration = declared_encoding(bytes);
        if let Some((name, line)) = &declaration
            && has_mark
            && name != "utf-8"
        {
            return Err(mark_conflict(name, *line, bytes));
        }
        let encoding = declaration.as_ref().map_or("utf-8", |(name, _)| name);
        let text = match builtin_encoding(encoding) {
            Some(BuiltinEncoding::Utf8) if encoding == "utf-8" => {
                let text = decode_utf8(bytes, file_name)?;
                let found = Survey { carriage_return: found.carriage_return && !translated, ..found };
                return Self::from_surveyed(text, options, found);
            }
            // Other spellings are a codec's matter, which counts if something is wrong.
            Some(BuiltinEncoding::Utf8) => match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => Cow::Owned(decoder(encoding, bytes).map_err(undecodable)?),
            },
            Some(BuiltinEncoding::Latin1) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
            Some(BuiltinEncoding::Ascii) => decode_ascii(bytes)?,
            None => Cow::Owned(decoder(encoding, bytes).map_err(undecodable)?),
        };
        Self::from_text(&text, options)
    }

    /// The source to look up lines and offsets in for an error of `from_bytes`: with U+FFFD for what is no UTF-8.
    pub fn for_report(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        let options = SourceOptions { add_final_newline: false, translate_newlines: true, refuse_nulls: false };
        Self::from_text(&String::from_utf8_lossy(bytes), options).unwrap_or_else(|_| Self::empty())
    }
}

/// The encoding that a source's first two lines declare, if any; "utf-8" for a source with a byte order mark.
///
/// For who needs the name alone, without the text.
pub fn source_encoding(bytes: &[u8]) -> Option<String> {
    match bytes.strip_prefix(BYTE_ORDER_MARK) {
        Some(_) => Some("utf-8".to_owned()),
        None => declared_encoding(bytes).map(|(name, _)| name),
    }
}

/// The name in the declaration, normalized as CPython does, and the line (from 0) that holds it.
fn declared_encoding(bytes: &[u8]) -> Option<(String, usize)> {
    for (index, line) in bytes.split(|byte| *byte == b'\n').take(2).enumerate() {
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\x0C');
        let first = line.iter().find(|byte| !is_blank(byte));
        match first {
            Some(b'#') => {}
            None | Some(b'\r') => continue,
            Some(_) => return None,
        }
        if let Some(name) = declaration_in(line) {
            return Some((name, index));
        }
    }
    None
}

/// Finds `coding[:=]\s*([-\w.]+)` in a comment line.
fn declaration_in(line: &[u8]) -> Option<String> {
    const KEYWORD: &[u8] = b"coding";
    for start in 0..line.len() {
        let Some(rest) = line[start..].strip_prefix(KEYWORD) else { continue };
        let [b':' | b'=', rest @ ..] = rest else { continue };
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let name: Vec<u8> = rest[blanks..].iter().take_while(is_name).copied().collect();
        if !name.is_empty() {
            return String::from_utf8(name).ok().map(normalize_name);
        }
    }
    None
}

/// `utf-8` and `latin-1` in any spelling, and with any suffix after a hyphen, get one name; others stay as written.
fn normalize_name(name: String) -> String {
    const LATIN_1: [&str; 3] = ["latin-1", "iso-8859-1", "iso-latin-1"];
    let short: String =
        name.chars().take(12).map(|char| if char == '_' { '-' } else { char.to_ascii_lowercase() }).collect();
    let is_variant = |of: &str| short.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    if is_variant("utf-8") {
        return "utf-8".to_owned();
    }
    if LATIN_1.into_iter().any(is_variant) {
        return "iso-8859-1".to_owned();
    }
    name
}

fn builtin_encoding(name: &str) -> Option<BuiltinEncoding> {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect();
    match &*plain {
        "utf8" | "u8" | "utf" | "cp65001" => Some(BuiltinEncoding::Utf8),
        "latin1" | "iso88591" | "latin" | "l1" | "cp819" | "8859" => Some(BuiltinEncoding::Latin1),
        "ascii" | "usascii" | "646" => Some(BuiltinEncoding::Ascii),
        _ => None,
    }
}

/// Translated before decoding, as CPython does: positions in a codec's messages count translated bytes.
fn translate_newline_bytes(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut translated = Vec::with_capacity(bytes.len());
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => {}
            b'\r' => translated.push(b'\n'),
            _ => translated.push(*byte),
        }
    }
    Cow::Owned(translated)
}

fn decode_utf8<'a>(bytes: &'a [u8], file_name: Option<&str>) -> Result<&'a str, SyntaxError> {
    let at = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error.valid_up_to(),
    };
    let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u32 + 1;
    let column = (at - bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1)) as u32;
    let file = file_name.map_or(String::new(), |name| format!(" in file {name}"));
    let message = format!(
        "Non-UTF-8 code starting with '\\x{:02x}'{file} on line {line}, but no encoding declared; \
         see https://peps.python.org/pep-0263/ for details",
        bytes[at]
    );
    let position = Position { line, column };
    Err(SyntaxError { span: Some(Span { start: position, end: position }), ..SyntaxError::without_position(&message) })
}

fn decode_ascii(bytes: &[u8]) -> Result<Cow<'_, str>, SyntaxError> {
    match bytes.iter().position(|byte| !byte.is_ascii()) {
        None => Ok(String::from_utf8_lossy(bytes)),
        Some(at) => {
            let message = format!(
                "'ascii' codec can't decode byte 0x{:02x} in position {at}: ordinal not in range(128)",
                bytes[at]
            );
            Err(undecodable(message.into()))
        }
    }
}

/// What a codec refused: an error that points before the first line.
#[cold]
fn undecodable(message: Wtf8Buf) -> SyntaxError {
    let nowhere = Position { line: 0, column: Position::UNKNOWN_COLUMN };
    SyntaxError {
        kind: SyntaxErrorKind::SyntaxError,
        message,
        span: Some(Span { start: nowhere, end: nowhere }),
        line: ErrorLine::Tokenized,
    }
}

#[cold]
fn mark_conflict(name: &str, line: usize, bytes: &[u8]) -> SyntaxError {
    let length = bytes.split(|byte| *byte == b'\n').nth(line).map_or(0, <[u8]>::len);
    let line = line as u32 + 1;
    let span = Span {
        start: Position { line, column: Position::NO_COLUMN },
        end: Position { line, column: (length as u32).saturating_sub(1) },
    };
    SyntaxError { span: Some(span), ..SyntaxError::without_position(&format!("encoding problem: {name} with BOM")) }
}
