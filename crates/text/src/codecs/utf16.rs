//! UTF-16 in either byte order, and the byte order mark.

use super::handlers::Replacement;
use super::{ByteOrder, Decoder, EncodeError, Encoder, Progress, is_surrogate};
use crate::builder::StrBuilder;
use crate::byte_builder::ByteBuilder;
use crate::view::StrView;

/// The codec `utf-16-le` or `utf-16-be`.
#[derive(Clone, Copy, Debug)]
pub struct Utf16 {
    /// The order of a unit's bytes.
    pub order: ByteOrder,
    /// Whether this is `utf-16` itself: the encoder then writes a mark first and goes by that name.
    pub marked: bool,
}

/// The byte order that a mark at the start of `utf-16` tells, and its length.
pub fn byte_order_mark(bytes: &[u8]) -> Option<(ByteOrder, usize)> {
    match bytes {
        [0xFF, 0xFE, ..] => Some((ByteOrder::Little, 2)),
        [0xFE, 0xFF, ..] => Some((ByteOrder::Big, 2)),
        _ => None,
    }
}

impl Utf16 {
    fn unit(self, bytes: [u8; 2]) -> u32 {
        u32::from(match self.order {
            ByteOrder::Little => u16::from_le_bytes(bytes),
            ByteOrder::Big => u16::from_be_bytes(bytes),
        })
    }

    fn push(self, unit: u32, out: &mut ByteBuilder) {
        let unit = unit as u16;
        out.extend(match self.order {
            ByteOrder::Little => unit.to_le_bytes(),
            ByteOrder::Big => unit.to_be_bytes(),
        });
    }
}

impl Decoder for Utf16 {
    fn name(&self) -> &str {
        match self.order {
            ByteOrder::Little => "utf-16-le",
            ByteOrder::Big => "utf-16-be",
        }
    }

    fn decode(&self, bytes: &[u8], start: usize, is_final: bool, out: &mut StrBuilder) -> Progress {
        let mut at = start;
        let (units, odd) = bytes.get(start..).unwrap_or_default().as_chunks::<2>();
        let mut units = units.iter().map(|unit| self.unit(*unit)).peekable();
        out.reserve(units.len());
        while let Some(unit) = units.next() {
            match unit {
                0xD800..=0xDBFF => match units.next_if(|next| (0xDC00..0xE000).contains(next)) {
                    Some(low) => {
                        out.push(0x1_0000 + ((unit & 0x3FF) << 10 | low & 0x3FF));
                        at += 2;
                    }
                    None if units.peek().is_some() => {
                        return Progress::failed(at, at + 2, "illegal UTF-16 surrogate");
                    }
                    None if is_final => return Progress::failed(at, bytes.len(), "unexpected end of data"),
                    None => return Progress::done(at),
                },
                0xDC00..=0xDFFF => return Progress::failed(at, at + 2, "illegal encoding"),
                _ => out.push(unit),
            }
            at += 2;
        }
        if is_final && !odd.is_empty() {
            return Progress::failed(at, bytes.len(), "truncated data");
        }
        Progress::done(at)
    }
}

impl Encoder for Utf16 {
    fn name(&self) -> &str {
        if self.marked { "utf-16" } else { Decoder::name(self) }
    }

    fn encode(&self, text: StrView<'_>, start: usize, out: &mut ByteBuilder) -> Option<EncodeError> {
        if self.marked && out.is_empty() {
            self.push(0xFEFF, out);
        }
        out.reserve(2 * text.len().saturating_sub(start));
        for (offset, point) in text.slice_from(start).iter().enumerate() {
            match point {
                0xD800..=0xDFFF => {
                    let start = start + offset;
                    return Some(EncodeError { start, end: start + 1, reason: "surrogates not allowed" });
                }
                0..=0xFFFF => self.push(point, out),
                _ => {
                    let offset = point - 0x1_0000;
                    self.push(0xD800 | offset >> 10, out);
                    self.push(0xDC00 | offset & 0x3FF, out);
                }
            }
        }
        None
    }

    fn push_replacement(&self, replacement: &Replacement, out: &mut ByteBuilder) -> bool {
        match replacement {
            Replacement::Bytes(bytes) if bytes.len() % 2 == 0 => out.extend_from_slice(bytes),
            Replacement::Text(text) if text.view().is_ascii() => {
                text.view().iter().for_each(|point| self.push(point, out));
            }
            _ => return false,
        }
        true
    }
}

/// The bytes of one code point, be it a surrogate, as `surrogatepass` writes them.
pub(super) fn push_surrogate(order: ByteOrder, point: u32, out: &mut ByteBuilder) {
    debug_assert!(is_surrogate(point), "only surrogates are passed");
    Utf16 { order, marked: false }.push(point, out);
}
