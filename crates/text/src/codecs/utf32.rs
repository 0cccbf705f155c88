//! UTF-32 in either byte order, and the byte order mark.

use super::handlers::Replacement;
use super::{ByteOrder, Decoder, EncodeError, Encoder, Progress, is_surrogate};
use crate::builder::StrBuilder;
use crate::byte_builder::ByteBuilder;
use crate::view::StrView;

/// The codec `utf-32-le` or `utf-32-be`.
#[derive(Clone, Copy, Debug)]
pub struct Utf32 {
    /// The order of a code point's bytes.
    pub order: ByteOrder,
    /// Whether this is `utf-32` itself: the encoder then writes a mark first and goes by that name.
    pub marked: bool,
}

/// The byte order that a mark at the start of `utf-32` tells, and its length.
pub fn byte_order_mark(bytes: &[u8]) -> Option<(ByteOrder, usize)> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] => Some((ByteOrder::Little, 4)),
        [0, 0, 0xFE, 0xFF, ..] => Some((ByteOrder::Big, 4)),
        _ => None,
    }
}

/// Appends the four bytes of a code point.
pub(super) fn push_point(order: ByteOrder, point: u32, out: &mut ByteBuilder) {
    out.extend(match order {
        ByteOrder::Little => point.to_le_bytes(),
        ByteOrder::Big => point.to_be_bytes(),
    });
}

impl Decoder for Utf32 {
    fn name(&self) -> &str {
        match self.order {
            ByteOrder::Little => "utf-32-le",
            ByteOrder::Big => "utf-32-be",
        }
    }

    fn decode(&self, bytes: &[u8], start: usize, is_final: bool, out: &mut StrBuilder) -> Progress {
        let mut at = start;
        let (units, odd) = bytes.get(start..).unwrap_or_default().as_chunks::<4>();
        out.reserve(units.len());
        for unit in units {
            let point = match self.order {
                ByteOrder::Little => u32::from_le_bytes(*unit),
                ByteOrder::Big => u32::from_be_bytes(*unit),
            };
            if is_surrogate(point) {
                return Progress::failed(at, at + 4, "code point in surrogate code point range(0xd800, 0xe000)");
            }
            if point > 0x10_FFFF {
                return Progress::failed(at, at + 4, "code point not in range(0x110000)");
            }
            out.push(point);
            at += 4;
        }
        if is_final && !odd.is_empty() {
            return Progress::failed(at, bytes.len(), "truncated data");
        }
        Progress::done(at)
    }
}

impl Encoder for Utf32 {
    fn name(&self) -> &str {
        if self.marked { "utf-32" } else { Decoder::name(self) }
    }

    fn encode(&self, text: StrView<'_>, start: usize, out: &mut ByteBuilder) -> Option<EncodeError> {
        if self.marked && out.is_empty() {
            push_point(self.order, 0xFEFF, out);
        }
        out.reserve(4 * text.len().saturating_sub(start));
        for (offset, point) in text.slice_from(start).iter().enumerate() {
            if is_surrogate(point) {
                let start = start + offset;
                return Some(EncodeError { start, end: start + 1, reason: "surrogates not allowed" });
            }
            push_point(self.order, point, out);
        }
        None
    }

    fn push_replacement(&self, replacement: &Replacement, out: &mut ByteBuilder) -> bool {
        match replacement {
            Replacement::Bytes(bytes) if bytes.len() % 4 == 0 => out.extend_from_slice(bytes),
            Replacement::Text(text) if text.view().is_ascii() => {
                text.view().iter().for_each(|point| push_point(self.order, point, out));
            }
            _ => return false,
        }
        true
    }
}
