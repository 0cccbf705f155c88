//! UTF-8.
//!
//! Valid stretches go through the standard library's validation, which is fast; only the place of an error
//! is looked at byte by byte.

use super::handlers::Replacement;
use super::{Decoder, EncodeError, Encoder, Progress, is_surrogate, run_end};
use crate::builder::StrBuilder;
use crate::view::{StrView, Unit};

/// The codec `utf-8`.
#[derive(Clone, Copy, Debug)]
pub struct Utf8;

impl Decoder for Utf8 {
    fn name(&self) -> &str {
        "utf-8"
    }

    fn decode(&self, bytes: &[u8], start: usize, is_final: bool, out: &mut StrBuilder) -> Progress {
        let rest = bytes.get(start..).unwrap_or_default();
        let ascii = ascii_prefix(rest);
        out.push_view(StrView::Ascii(&rest[..ascii]));
        let rest = &rest[ascii..];
        let start = start + ascii;
        match std::str::from_utf8(rest) {
            Ok(text) => {
                out.push_valid(text);
                Progress::done(bytes.len().max(start))
            }
            Err(error) => {
                let valid = error.valid_up_to();
                out.push_valid(std::str::from_utf8(&rest[..valid]).unwrap_or_default());
                explain(&rest[valid..], start + valid, is_final)
            }
        }
    }
}

/// The number of ASCII bytes in front.
pub(crate) fn ascii_prefix(bytes: &[u8]) -> usize {
    const BLOCK: usize = 64;
    let blocks = bytes.chunks(BLOCK).take_while(|block| block.is_ascii()).count();
    let start = (blocks * BLOCK).min(bytes.len());
    start + bytes[start..].iter().take(BLOCK).take_while(|byte| byte.is_ascii()).count()
}

// What is wrong with the invalid sequence that `bytes` starts with, in the terms of CPython's decoder.
fn explain(bytes: &[u8], start: usize, is_final: bool) -> Progress {
    const START: &str = "invalid start byte";
    const CONTINUATION: &str = "invalid continuation byte";
    let (length, second) = match bytes.first() {
        Some(0xC2..=0xDF) => (2, 0x80..=0xBF),
        Some(0xE0) => (3, 0xA0..=0xBF),
        Some(0xED) => (3, 0x80..=0x9F),
        Some(0xE1..=0xEF) => (3, 0x80..=0xBF),
        Some(0xF0) => (4, 0x90..=0xBF),
        Some(0xF4) => (4, 0x80..=0x8F),
        Some(0xF1..=0xF3) => (4, 0x80..=0xBF),
        _ => return Progress::failed(start, start + 1, START),
    };
    // A decoder of pieces waits for a surrogate's last byte, so that `surrogatepass` sees it whole.
    if !is_final && matches!(bytes, [0xED, 0xA0..=0xBF]) {
        return Progress::done(start);
    }
    let good = |(at, byte): (usize, &u8)| if at == 0 { second.contains(byte) } else { byte & 0xC0 == 0x80 };
    match bytes[1..].iter().take(length - 1).enumerate().position(|item| !good(item)) {
        Some(at) => Progress::failed(start, start + 1 + at, CONTINUATION),
        None if is_final => Progress::failed(start, start + bytes.len(), "unexpected end of data"),
        None => Progress::done(start),
    }
}

impl Encoder for Utf8 {
    fn name(&self) -> &str {
        "utf-8"
    }

    fn encode(&self, text: StrView<'_>, start: usize, out: &mut Vec<u8>) -> Option<EncodeError> {
        let bad = match text.slice_from(start) {
            StrView::Ascii(bytes) => {
                out.extend_from_slice(bytes);
                None
            }
            StrView::Latin1(units) => encode_units(units, out),
            StrView::Ucs2(units) => encode_units(units, out),
            StrView::Ucs4(units) => encode_units(units, out),
        };
        let start = start + bad?;
        Some(EncodeError { start, end: run_end(text, start, is_surrogate), reason: "surrogates not allowed" })
    }

    fn push_replacement(&self, replacement: &Replacement, out: &mut Vec<u8>) -> bool {
        super::single_byte::push_limited(replacement, 0x7F, out)
    }
}

// Encodes up to the first surrogate and returns its index.
fn encode_units<U: Unit>(units: &[U], out: &mut Vec<u8>) -> Option<usize> {
    const BLOCK: usize = 64;
    let mut buffer = [0; BLOCK * 4];
    for (number, block) in units.chunks(BLOCK).enumerate() {
        let mut filled = 0;
        for (index, unit) in block.iter().enumerate() {
            let point = unit.point();
            let low = |shift: u32| 0x80 | (point >> shift & 0x3F) as u8;
            let (bytes, length) = match point {
                0..=0x7F => ([point as u8, 0, 0, 0], 1),
                0x80..=0x7FF => ([0xC0 | (point >> 6) as u8, low(0), 0, 0], 2),
                0xD800..=0xDFFF => {
                    out.extend_from_slice(&buffer[..filled]);
                    return Some(number * BLOCK + index);
                }
                0x800..=0xFFFF => ([0xE0 | (point >> 12) as u8, low(6), low(0), 0], 3),
                _ => ([0xF0 | (point >> 18) as u8, low(12), low(6), low(0)], 4),
            };
            if let Some(target) = buffer.get_mut(filled..filled + 4) {
                target.copy_from_slice(&bytes);
            }
            filled += length;
        }
        out.extend_from_slice(&buffer[..filled]);
    }
    None
}

/// UTF-8 of text without surrogates; None if it has some.
pub fn to_string(text: StrView<'_>) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    match Utf8.encode(text, 0, &mut bytes) {
        None => String::from_utf8(bytes).ok(),
        Some(_) => None,
    }
}
