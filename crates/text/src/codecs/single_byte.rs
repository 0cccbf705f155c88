//! ASCII and Latin-1: the codecs that map the first code points to bytes one to one.

use super::handlers::Replacement;
use super::utf8::ascii_prefix;
use super::{Decoder, EncodeError, Encoder, Progress, run_end};
use crate::builder::StrBuilder;
use crate::byte_builder::ByteBuilder;
use crate::view::{StrView, Unit, with_units};

/// The codec `ascii`.
#[derive(Clone, Copy, Debug)]
pub struct Ascii;

/// The codec `latin-1`.
#[derive(Clone, Copy, Debug)]
pub struct Latin1;

impl Decoder for Ascii {
    fn name(&self) -> &str {
        "ascii"
    }

    fn decode(&self, bytes: &[u8], start: usize, _is_final: bool, out: &mut StrBuilder) -> Progress {
        let rest = bytes.get(start..).unwrap_or_default();
        let good = ascii_prefix(rest);
        out.push_view(StrView::Ascii(&rest[..good]));
        let at = start + good;
        if good < rest.len() {
            return Progress::failed(at, at + 1, "ordinal not in range(128)");
        }
        Progress::done(at)
    }
}

impl Encoder for Ascii {
    fn name(&self) -> &str {
        "ascii"
    }

    fn encode(&self, text: StrView<'_>, start: usize, out: &mut ByteBuilder) -> Option<EncodeError> {
        encode_below(text, start, 0x7F, "ordinal not in range(128)", out)
    }

    fn push_replacement(&self, replacement: &Replacement, out: &mut ByteBuilder) -> bool {
        push_limited(replacement, 0x7F, out)
    }
}

impl Decoder for Latin1 {
    fn name(&self) -> &str {
        "latin-1"
    }

    fn decode(&self, bytes: &[u8], start: usize, _is_final: bool, out: &mut StrBuilder) -> Progress {
        out.push_view(StrView::Latin1(bytes.get(start..).unwrap_or_default()));
        Progress::done(bytes.len())
    }
}

impl Encoder for Latin1 {
    fn name(&self) -> &str {
        "latin-1"
    }

    fn encode(&self, text: StrView<'_>, start: usize, out: &mut ByteBuilder) -> Option<EncodeError> {
        encode_below(text, start, 0xFF, "ordinal not in range(256)", out)
    }

    fn push_replacement(&self, replacement: &Replacement, out: &mut ByteBuilder) -> bool {
        push_limited(replacement, 0xFF, out)
    }
}

fn encode_below(
    text: StrView<'_>,
    start: usize,
    limit: u32,
    reason: &'static str,
    out: &mut ByteBuilder,
) -> Option<EncodeError> {
    let rest = text.slice_from(start);
    if let (true, StrView::Ascii(bytes) | StrView::Latin1(bytes)) = (rest.form_limit() <= limit, rest) {
        out.extend_from_slice(bytes);
        return None;
    }
    let good = with_units!(rest, units => {
        let good = units.iter().take_while(|unit| unit.point() <= limit).count();
        out.extend(units[..good].iter().map(|unit| unit.point() as u8));
        good
    });
    let start = start + good;
    (start < text.len()).then(|| EncodeError { start, end: run_end(text, start, |point| point > limit), reason })
}

/// Appends replacement bytes as they are, and a text if none of its code points is above `limit`.
pub(super) fn push_limited(replacement: &Replacement, limit: u32, out: &mut ByteBuilder) -> bool {
    match replacement {
        Replacement::Bytes(bytes) => out.extend_from_slice(bytes),
        Replacement::Text(text) => {
            if text.view().iter().any(|point| point > limit) {
                return false;
            }
            out.extend(text.view().iter().map(|point| point as u8));
        }
    }
    true
}
