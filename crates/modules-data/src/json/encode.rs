//! Strings as JSON writes them.

use objects::errors::PyResult;
use objects::refs::Py;
use objects::str::Str;
use objects::thread::Thread;
use text::builder::StrBuilder;
use text::view::StrView;

/// Which characters are escaped, besides quotes, backslashes and control characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    /// All that are not ASCII.
    Ascii,
    /// No others.
    Controls,
}

/// A string with quotes around.
pub fn quoted(text: &Str, escapes: Escapes, thread: &mut Thread) -> PyResult<Py<Str>> {
    let mut builder = StrBuilder::with_capacity(text.length() + 2);
    push_quoted(&mut builder, text.view(), escapes);
    Str::from_builder(builder, thread)
}

/// Appends a string with quotes around.
pub fn push_quoted(out: &mut StrBuilder, text: StrView<'_>, escapes: Escapes) {
    out.push_ascii(b"\"");
    match text {
        StrView::Ascii(units) => push_units(out, text, units, escapes),
        StrView::Latin1(units) => push_units(out, text, units, escapes),
        StrView::Ucs2(units) => push_units(out, text, units, escapes),
        StrView::Ucs4(units) => push_units(out, text, units, escapes),
    }
    out.push_ascii(b"\"");
}

fn push_units<U: Copy + Into<u32>>(out: &mut StrBuilder, text: StrView<'_>, units: &[U], escapes: Escapes) {
    let mut start = 0;
    for (index, unit) in units.iter().enumerate() {
        let point: u32 = (*unit).into();
        let is_plain = match point {
            0x22 | 0x5C => false,
            0x20..=0x7E => true,
            0..0x20 => false,
            _ => escapes == Escapes::Controls,
        };
        if is_plain {
            continue;
        }
        if start < index {
            out.push_view(text.slice(start..index));
        }
        push_escape(out, point);
        start = index + 1;
    }
    if start < units.len() {
        out.push_view(text.slice_from(start));
    }
}

fn push_escape(out: &mut StrBuilder, point: u32) {
    match point {
        0x22 => out.push_ascii(b"\\\""),
        0x5C => out.push_ascii(b"\\\\"),
        0x0A => out.push_ascii(b"\\n"),
        0x0D => out.push_ascii(b"\\r"),
        0x09 => out.push_ascii(b"\\t"),
        0x0C => out.push_ascii(b"\\f"),
        0x08 => out.push_ascii(b"\\b"),
        0x1_0000.. => {
            let offset = point - 0x1_0000;
            push_unit(out, 0xD800 | offset >> 10);
            push_unit(out, 0xDC00 | offset & 0x3FF);
        }
        _ => push_unit(out, point),
    }
}

fn push_unit(out: &mut StrBuilder, unit: u32) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |shift: u32| DIGITS[(unit >> shift & 15) as usize];
    out.push_ascii(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
}
