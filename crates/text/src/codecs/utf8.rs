//! UTF-8.
//!
//! Valid stretches go through the standard library's validation, which is fast; only the place of an error
//! is looked at byte by byte.

use super::handlers::Replacement;
use super::{Decoder, EncodeError, Encoder, Progress, is_surrogate, run_end};
use crate::builder::StrBuilder;
use crate::byte_builder::ByteBuilder;
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
        // Stretches grow, so that long texts are looked at as a whole, and yet the way to an error costs no more
        // than twice its length, however many errors there are.
        let mut position = ascii;
        let mut stretch = 64;
        while position < rest.len() {
            let block = &rest[position..sequence_start(rest, position + stretch)];
            let valid = if is_valid(block) { block.len() } else { valid_prefix(block) };
            out.push_utf8(&block[..valid]);
            position += valid;
            if valid < block.len() || block.is_empty() {
                return explain(&rest[position..], start + position, is_final);
            }
            stretch *= 2;
        }
        Progress::done(start + position)
    }
}

/// The number of ASCII bytes in front.
pub(crate) fn ascii_prefix(bytes: &[u8]) -> usize {
    const BLOCK: usize = 64;
    let blocks = bytes.chunks(BLOCK).take_while(|block| block.is_ascii()).count();
    let start = (blocks * BLOCK).min(bytes.len());
    start + bytes[start..].iter().take(BLOCK).take_while(|byte| byte.is_ascii()).count()
}

// The last index up to `limit` at which a sequence may start.
fn sequence_start(bytes: &[u8], limit: usize) -> usize {
    if limit >= bytes.len() {
        return bytes.len();
    }
    let continuations = bytes[..=limit].iter().rev().take(3).take_while(|byte| **byte & 0xC0 == 0x80).count();
    limit - continuations
}

fn valid_prefix(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len)
}

// Whether all is well-formed. Each byte is judged by itself and the three before it, without a branch, so that
// this compiles to vector instructions: twice as fast as `str::from_utf8` on text that is not ASCII.
fn is_valid(bytes: &[u8]) -> bool {
    let Some((last, body)) = bytes.split_last_chunk::<3>().map(|(body, last)| (last, body)) else {
        return std::str::from_utf8(bytes).is_ok();
    };
    let [first, second, third] = *last;
    // A sequence that the end cuts off.
    if first >= 0xF0 || second >= 0xE0 || third >= 0xC0 {
        return false;
    }
    let head = [0, 0, 0, bytes[0], bytes[1], bytes[2]];
    let shifted = bytes[1..].iter().zip(&bytes[2..]).zip(&bytes[3..]);
    let mut bad = (3..6).any(|at| is_bad(head[at - 3], head[at - 2], head[at - 1], head[at]));
    for (before, ((c, d), e)) in body.iter().zip(shifted) {
        bad |= is_bad(*before, *c, *d, *e);
    }
    !bad
}

// Whether `byte` can't follow the three bytes before it.
#[inline]
fn is_bad(third_last: u8, second_last: u8, last: u8, byte: u8) -> bool {
    let due = (last >= 0xC0) | (second_last >= 0xE0) | (third_last >= 0xF0);
    let continues = byte & 0xC0 == 0x80;
    let never = (byte & 0xFE == 0xC0) | (byte >= 0xF5);
    let overlong = (last == 0xE0) & (byte < 0xA0) | (last == 0xF0) & (byte < 0x90);
    let beyond = (last == 0xED) & (byte >= 0xA0) | (last == 0xF4) & (byte >= 0x90);
    (due != continues) | never | overlong | beyond
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

    fn encode(&self, text: StrView<'_>, start: usize, out: &mut ByteBuilder) -> Option<EncodeError> {
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

    fn push_replacement(&self, replacement: &Replacement, out: &mut ByteBuilder) -> bool {
        super::single_byte::push_limited(replacement, 0x7F, out)
    }
}

// Encodes up to the first surrogate and returns its index.
fn encode_units<U: Unit>(units: &[U], out: &mut ByteBuilder) -> Option<usize> {
    // Room is made block by block, so that a text with many surrogates does not fill all of it for each.
    const BLOCK: usize = 256;
    // No unit takes more bytes than it has itself and one.
    let longest = (size_of::<U>() + 1).min(4);
    out.reserve(units.len());
    for (number, block) in units.chunks(BLOCK).enumerate() {
        if block.iter().fold(0, |bits, unit| bits | unit.point()) < 0x80 {
            out.extend(block.iter().map(|unit| unit.point() as u8));
            continue;
        }
        let bad = out.fill(block.len() * longest, |target| encode_block(block, target));
        if let Some(index) = bad.flatten() {
            return Some(number * BLOCK + index);
        }
    }
    None
}

// Encodes up to the first surrogate: how many bytes, and its index.
fn encode_block<U: Unit>(block: &[U], target: &mut [u8]) -> (usize, Option<usize>) {
    let mut end = 0;
    for (index, unit) in block.iter().enumerate() {
        match encode_point(unit.point(), &mut target[end..]) {
            0 => return (end, Some(index)),
            length => end += length,
        }
    }
    (end, None)
}

// Writes one code point: its length, which is zero for a surrogate.
#[inline]
fn encode_point(point: u32, target: &mut [u8]) -> usize {
    let low = |shift: u32| 0x80 | (point >> shift & 0x3F) as u8;
    if point < 0x80 {
        target[0] = point as u8;
        1
    } else if point < 0x800 {
        target[..2].copy_from_slice(&[0xC0 | (point >> 6) as u8, low(0)]);
        2
    } else if is_surrogate(point) {
        0
    } else if point < 0x1_0000 {
        target[..3].copy_from_slice(&[0xE0 | (point >> 12) as u8, low(6), low(0)]);
        3
    } else {
        target[..4].copy_from_slice(&[0xF0 | (point >> 18) as u8, low(12), low(6), low(0)]);
        4
    }
}

/// UTF-8 of text without surrogates; None if it has some.
pub fn to_string(text: StrView<'_>) -> Option<String> {
    let mut bytes = ByteBuilder::with_capacity(text.len());
    match Utf8.encode(text, 0, &mut bytes) {
        None => String::from_utf8(bytes.finish().ok()?).ok(),
        Some(_) => None,
    }
}
