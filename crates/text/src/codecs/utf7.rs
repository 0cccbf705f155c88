//! UTF-7 (RFC 2152).

use super::{Decoder, Progress};
use crate::builder::SizeError;
use crate::builder::StrBuilder;
use crate::byte_builder::ByteBuilder;
use crate::view::StrView;

/// The codec `utf-7`.
#[derive(Clone, Copy, Debug)]
pub struct Utf7;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64_value(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

// A section in base 64, of which the text is held back until its end is seen.
#[derive(Default)]
struct Section {
    buffer: u32,
    bits: u32,
    surrogate: Option<u32>,
    text: Vec<u32>,
}

impl Section {
    fn add(&mut self, value: u32) {
        self.buffer = self.buffer << 6 | value;
        self.bits += 6;
        if self.bits < 16 {
            return;
        }
        self.bits -= 16;
        let unit = self.buffer >> self.bits;
        self.buffer &= (1 << self.bits) - 1;
        if let Some(high) = self.surrogate.take() {
            if (0xDC00..0xE000).contains(&unit) {
                self.text.push(0x1_0000 + ((high & 0x3FF) << 10 | unit & 0x3FF));
                return;
            }
            self.text.push(high);
        }
        if (0xD800..0xDC00).contains(&unit) {
            self.surrogate = Some(unit);
        } else {
            self.text.push(unit);
        }
    }

    fn flush(&mut self, out: &mut StrBuilder) {
        self.text.drain(..).for_each(|point| out.push(point));
    }

    // Bits that are left when a byte outside of the alphabet ends the section.
    fn complaint(&self) -> Option<&'static str> {
        match self.bits {
            0 => None,
            6.. => Some("partial character in shift sequence"),
            _ if self.buffer != 0 => Some("non-zero padding bits in shift sequence"),
            _ => None,
        }
    }

    fn is_unfinished(&self) -> bool {
        self.surrogate.is_some() || self.complaint().is_some()
    }
}

impl Decoder for Utf7 {
    fn name(&self) -> &str {
        "utf7"
    }

    fn decode(&self, bytes: &[u8], start: usize, is_final: bool, out: &mut StrBuilder) -> Progress {
        let mut at = start;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'+' if bytes.get(at + 1) == Some(&b'-') => {
                    out.push(u32::from(b'+'));
                    at += 2;
                }
                b'+' if bytes.get(at + 1).is_some_and(|byte| base64_value(*byte).is_none()) => {
                    return Progress::failed(at, at + 2, "ill-formed sequence");
                }
                b'+' => match decode_section(bytes, at, is_final, out) {
                    Ok(next) => at = next,
                    Err(progress) => return progress,
                },
                0..=0x7F => {
                    out.push(u32::from(*byte));
                    at += 1;
                }
                _ => return Progress::failed(at, at + 1, "unexpected special character"),
            }
        }
        Progress::done(at)
    }
}

// Decodes the section whose `+` is at `start`: where it ends.
fn decode_section(bytes: &[u8], start: usize, is_final: bool, out: &mut StrBuilder) -> Result<usize, Progress> {
    let mut section = Section::default();
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        let Some(value) = base64_value(*byte) else {
            section.flush(out);
            if let Some(reason) = section.complaint() {
                return Err(Progress::failed(start, at + 1, reason));
            }
            if let Some(high) = section.surrogate.filter(|_| byte.is_ascii()) {
                out.push(high);
            }
            return Ok(at + usize::from(*byte == b'-'));
        };
        section.add(value);
        at += 1;
    }
    if !is_final {
        return Err(Progress::done(start));
    }
    section.flush(out);
    if section.is_unfinished() {
        return Err(Progress::failed(start, bytes.len(), "unterminated shift sequence"));
    }
    Ok(at)
}

/// Encodes a text; every text can be.
pub fn encode(text: StrView<'_>) -> Result<Vec<u8>, SizeError> {
    let mut out = ByteBuilder::with_capacity(text.len());
    let (mut in_section, mut buffer, mut bits) = (false, 0u32, 0u32);
    for point in text.iter() {
        if is_direct(point) {
            if in_section {
                leave_section(&mut out, buffer, bits);
                let byte = point as u8;
                if base64_value(byte).is_some() || byte == b'-' {
                    out.push(b'-');
                }
                (in_section, buffer, bits) = (false, 0, 0);
            }
            out.push(point as u8);
            continue;
        }
        if !in_section {
            out.push(b'+');
            if point == u32::from(b'+') {
                out.push(b'-');
                continue;
            }
            in_section = true;
        }
        let mut push_unit = |unit: u32| {
            buffer = buffer << 16 | unit;
            bits += 16;
            while bits >= 6 {
                bits -= 6;
                out.push(ALPHABET[(buffer >> bits & 0x3F) as usize]);
            }
            buffer &= (1 << bits) - 1;
        };
        if point > 0xFFFF {
            let offset = point - 0x1_0000;
            push_unit(0xD800 | offset >> 10);
            push_unit(0xDC00 | offset & 0x3FF);
        } else {
            push_unit(point);
        }
    }
    if in_section {
        leave_section(&mut out, buffer, bits);
        out.push(b'-');
    }
    out.finish()
}

fn leave_section(out: &mut ByteBuilder, buffer: u32, bits: u32) {
    if bits > 0 {
        out.push(ALPHABET[(buffer << (6 - bits) & 0x3F) as usize]);
    }
}

// Characters that stand for themselves: all of ASCII that RFC 2152 allows, its optional set included.
fn is_direct(point: u32) -> bool {
    matches!(point, 0x09 | 0x0A | 0x0D | 0x20..=0x7D) && point != u32::from(b'+') && point != u32::from(b'\\')
}
