//! Codecs that go by a table of 256 characters, as most of the `encodings` package do.

use super::handlers::Replacement;
use super::{Decoder, EncodeError, Encoder, Progress, run_end};
use crate::builder::StrBuilder;
use crate::byte_builder::ByteBuilder;
use crate::view::StrView;
use std::collections::BTreeSet;

const UNDEFINED: &str = "character maps to <undefined>";
// This character in a decoding table means that the byte has none.
const NO_CHARACTER: u32 = 0xFFFE;

/// Decodes through a string whose n-th character is that of byte n (`codecs.charmap_decode`).
#[derive(Clone, Copy, Debug)]
pub struct CharmapDecoder<'a> {
    /// The table.
    pub table: StrView<'a>,
}

impl Decoder for CharmapDecoder<'_> {
    fn name(&self) -> &str {
        "charmap"
    }

    fn decode(&self, bytes: &[u8], start: usize, _is_final: bool, out: &mut StrBuilder) -> Progress {
        let rest = bytes.get(start..).unwrap_or_default();
        out.reserve(rest.len());
        for (offset, byte) in rest.iter().enumerate() {
            match self.table.get(usize::from(*byte)).filter(|point| *point != NO_CHARACTER) {
                Some(point) => out.push(point),
                None => return Progress::failed(start + offset, start + offset + 1, UNDEFINED),
            }
        }
        Progress::done(bytes.len())
    }
}

/// The inverse of a decoding table (`EncodingMap`): pages of 256 bytes by the upper byte of a character.
#[derive(Clone, Debug)]
pub struct EncodingMap {
    pages: Box<[u8; 256]>,
    // The first page is empty; a zero means that there is no byte, but for the character zero.
    bytes: Vec<[u8; 256]>,
    size: usize,
}

impl EncodingMap {
    /// The inverse of `table`; None if CPython makes a dictionary of this table (`codecs.charmap_build`): one that
    /// does not map zero to zero, maps another byte to it, or has characters above U+FFFF.
    pub fn build(table: StrView<'_>) -> Option<Self> {
        let mut map = Self { pages: Box::new([0; 256]), bytes: vec![[0; 256]], size: 0 };
        let (mut second, mut third) = (BTreeSet::new(), BTreeSet::new());
        if table.get(0) != Some(0) || table.len() > 256 {
            return None;
        }
        for (byte, point) in table.iter().enumerate().skip(1) {
            if point == 0 || point > 0xFFFF {
                return None;
            }
            if point == NO_CHARACTER {
                continue;
            }
            second.insert(point >> 11);
            third.insert(point >> 7);
            let page = &mut map.pages[(point >> 8) as usize];
            if *page == 0 {
                *page = map.bytes.len() as u8;
                map.bytes.push([0; 256]);
            }
            map.bytes[usize::from(*page)][(point & 0xFF) as usize] = byte as u8;
        }
        if second.len() >= 0xFF || third.len() >= 0xFF {
            return None;
        }
        // What `EncodingMap.size()` tells: CPython's head of 64 bytes and its pages of 16 and 128.
        map.size = 63 + 16 * second.len() + 128 * third.len();
        Some(map)
    }

    /// What the method `size` returns.
    pub fn size(&self) -> usize {
        self.size
    }

    fn byte(&self, point: u32) -> Option<u8> {
        if point == 0 {
            return Some(0);
        }
        let page = *self.pages.get((point >> 8) as usize)?;
        Some(self.bytes[usize::from(page)][(point & 0xFF) as usize]).filter(|byte| *byte != 0)
    }
}

impl Encoder for EncodingMap {
    fn name(&self) -> &str {
        "charmap"
    }

    fn encode(&self, text: StrView<'_>, start: usize, out: &mut ByteBuilder) -> Option<EncodeError> {
        out.reserve(text.len().saturating_sub(start));
        for (offset, point) in text.slice_from(start).iter().enumerate() {
            let Some(byte) = self.byte(point) else {
                let start = start + offset;
                let end = run_end(text, start, |point| self.byte(point).is_none());
                return Some(EncodeError { start, end, reason: UNDEFINED });
            };
            out.push(byte);
        }
        None
    }

    fn push_replacement(&self, replacement: &Replacement, out: &mut ByteBuilder) -> bool {
        match replacement {
            Replacement::Bytes(bytes) => {
                out.extend_from_slice(bytes);
                true
            }
            Replacement::Text(text) => self.encode(text.view(), 0, out).is_none(),
        }
    }
}
