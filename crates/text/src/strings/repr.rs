//! `repr()` and `ascii()` of strings, and the text of one escaped code point.

use crate::builder::{SizeError, StrBuilder, StrData};
use crate::unicode_data::characters::is_printable;
use crate::view::{StrView, Unit, with_units};

/// The quote that `repr` chooses: double only if the text has single quotes and no double ones.
pub fn quote_for(points: impl Iterator<Item = u32>) -> u8 {
    let (mut single, mut double) = (false, false);
    for point in points {
        single |= point == u32::from(b'\'');
        double |= point == u32::from(b'"');
    }
    if single && !double { b'"' } else { b'\'' }
}

/// `repr(text)`.
pub fn repr(text: StrView<'_>) -> Result<StrData, SizeError> {
    quoted(text, is_printable).finish()
}

/// [`repr`] of a text in a source, for the front end: as of [`StrBuilder::finish_small`].
pub fn repr_small(text: StrView<'_>) -> StrData {
    quoted(text, is_printable).finish_small()
}

/// `ascii(text)`.
pub fn ascii(text: StrView<'_>) -> Result<StrData, SizeError> {
    quoted(text, |point| (0x20..0x7F).contains(&point)).finish()
}

fn quoted(text: StrView<'_>, shown: impl Fn(u32) -> bool) -> StrBuilder {
    let quote = u32::from(with_units!(text, units => quote_for(units.iter().map(|unit| unit.point()))));
    let mut builder = StrBuilder::with_capacity(text.len() + 2);
    builder.push(quote);
    let mut run = 0;
    for (index, point) in text.iter().enumerate() {
        if point != quote && point != u32::from(b'\\') && shown(point) {
            continue;
        }
        builder.push_view(text.slice(run..index));
        run = index + 1;
        push_escaped(&mut builder, point);
    }
    builder.push_view(text.slice_from(run));
    builder.push(quote);
    builder
}

fn push_escaped(builder: &mut StrBuilder, point: u32) {
    match point {
        0x0A => builder.push_ascii(b"\\n"),
        0x0D => builder.push_ascii(b"\\r"),
        0x09 => builder.push_ascii(b"\\t"),
        0x22 | 0x27 | 0x5C => builder.push_ascii(&[b'\\', point as u8]),
        _ => builder.push_ascii(escape(point).as_bytes()),
    }
}

/// The text with everything beyond ASCII escaped.
pub fn escape_all(text: StrView<'_>) -> Result<StrData, SizeError> {
    let mut builder = StrBuilder::with_capacity(text.len());
    for point in text.iter() {
        match point {
            0..0x80 => builder.push(point),
            _ => builder.push_ascii(escape(point).as_bytes()),
        }
    }
    builder.finish()
}

/// The text of one escaped code point.
pub struct Escape {
    text: [u8; 10],
    length: usize,
}

impl Escape {
    pub fn as_bytes(&self) -> &[u8] {
        &self.text[..self.length]
    }
}

/// A code point as `\xhh`, `\uhhhh` or `\Uhhhhhhhh`, the shortest that holds it.
pub fn escape(point: u32) -> Escape {
    let (letter, digits) = match point {
        0..=0xFF => (b'x', 2),
        0x100..=0xFFFF => (b'u', 4),
        _ => (b'U', 8),
    };
    let mut text = [b'\\', letter, 0, 0, 0, 0, 0, 0, 0, 0];
    for place in 0..digits {
        let value = point >> (4 * (digits - 1 - place)) & 0xF;
        text[2 + place] = b"0123456789abcdef"[value as usize];
    }
    Escape { text, length: 2 + digits }
}
