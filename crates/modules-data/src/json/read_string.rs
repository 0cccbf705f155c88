//! Strings as JSON has them, and the error that says where a document is wrong.

use objects::errors::{PyResult, Raised};
use objects::protocol;
use objects::refs::Py;
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use text::builder::StrBuilder;
use text::view::{StrView, form_limit};

/// Raises `json.JSONDecodeError`.
#[cold]
pub fn raise_at(message: &str, document: &Str, position: isize, thread: &mut Thread) -> Raised {
    match make_error(message, document, position, thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

fn make_error(
    message: &str,
    document: &Str,
    position: isize,
    thread: &mut Thread,
) -> PyResult<Py<objects::refs::Object>> {
    let import = thread.intern_text("__import__");
    let import = protocol::builtin(&import, thread)?;
    let module = thread.intern_text("json.decoder");
    let class = thread.intern_text("JSONDecodeError");
    let none = thread.none();
    let wanted = Tuple::from_slice(&[&class], thread)?;
    let decoder = protocol::call(&import, &[&module, &none, &none, &wanted], thread)?;
    let class = protocol::get_attribute(&decoder, &class, thread)?;
    let message = Str::from_str(message, thread);
    let position = protocol::make_int(position as i128, thread);
    protocol::call(&class, &[&message, document, &position], thread)
}

/// The string that begins at an index, behind its quote, and the index after its end.
pub fn read(document: &Str, start: usize, strict: bool, thread: &mut Thread) -> PyResult<(Py<Str>, usize)> {
    match document.view() {
        StrView::Ascii(units) | StrView::Latin1(units) => read_units(document, units, start, strict, thread),
        StrView::Ucs2(units) => read_units(document, units, start, strict, thread),
        StrView::Ucs4(units) => read_units(document, units, start, strict, thread),
    }
}

/// The index of the quote or backslash that ends a run of plain characters.
#[inline]
pub fn end_of_run<U: Copy + Into<u32>>(
    document: &Str,
    units: &[U],
    start: usize,
    strict: bool,
    begin: usize,
    thread: &mut Thread,
) -> PyResult<usize> {
    for (index, unit) in units.iter().enumerate().skip(start) {
        let point: u32 = (*unit).into();
        if point == 0x22 || point == 0x5C {
            return Ok(index);
        }
        if point < 0x20 && strict {
            return Err(raise_at("Invalid control character at", document, index as isize, thread));
        }
    }
    Err(raise_at("Unterminated string starting at", document, begin as isize - 1, thread))
}

/// The text of a range; of the narrowest form, although the document may have a wider one.
pub fn part(view: StrView<'_>, start: usize, end: usize, thread: &mut Thread) -> PyResult<Py<Str>> {
    let part = view.slice(start..end);
    if view.as_ascii().is_some() {
        return Str::try_from_view(part, thread);
    }
    let limit = form_limit(part.max_char());
    let mut filler = objects::str::StrFiller::new(limit, part.len(), thread)?;
    filler.push(part);
    Ok(filler.finish())
}

fn read_units<U: Copy + Into<u32>>(
    document: &Str,
    units: &[U],
    begin: usize,
    strict: bool,
    thread: &mut Thread,
) -> PyResult<(Py<Str>, usize)> {
    let quote = end_of_run(document, units, begin, strict, begin, thread)?;
    let view = document.view();
    if units[quote].into() == 0x22 {
        return Ok((part(view, begin, quote, thread)?, quote + 1));
    }
    let mut builder = StrBuilder::new();
    let (mut start, mut stop) = (begin, quote);
    loop {
        builder.push_view(view.slice(start..stop));
        if units[stop].into() == 0x22 {
            break;
        }
        let (point, after) = read_escape(document, units, stop, begin, thread)?;
        builder.push(point);
        start = after;
        stop = end_of_run(document, units, start, strict, begin, thread)?;
    }
    let text = Str::from_made(builder.finish_narrowed(), "string is too long", thread)?;
    Ok((text, stop + 1))
}

fn hex_unit<U: Copy + Into<u32>>(units: &[U]) -> Option<u32> {
    units.iter().try_fold(0, |value, unit| {
        let digit = char::from_u32((*unit).into())?.to_digit(16)?;
        Some(value << 4 | digit)
    })
}

/// The character of the escape sequence whose backslash is at an index, and the index after it.
fn read_escape<U: Copy + Into<u32>>(
    document: &Str,
    units: &[U],
    backslash: usize,
    begin: usize,
    thread: &mut Thread,
) -> PyResult<(u32, usize)> {
    let Some(letter) = units.get(backslash + 1) else {
        return Err(raise_at("Unterminated string starting at", document, begin as isize - 1, thread));
    };
    let letter: u32 = (*letter).into();
    let simple = match u8::try_from(letter).unwrap_or(0) {
        byte @ (b'"' | b'\\' | b'/') => byte,
        b'b' => 0x08,
        b'f' => 0x0C,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => 0,
        _ => return Err(raise_at("Invalid \\escape", document, backslash as isize, thread)),
    };
    if simple != 0 {
        return Ok((u32::from(simple), backslash + 2));
    }
    let digits = backslash + 2;
    let end = digits + 4;
    let wrong = |position: usize, thread: &mut Thread| {
        Err(raise_at("Invalid \\uXXXX escape", document, position as isize, thread))
    };
    if end > units.len() {
        return wrong(digits - 1, thread);
    }
    let Some(first) = hex_unit(&units[digits..end]) else { return wrong(digits - 1, thread) };
    let is_pair = (0xD800..0xDC00).contains(&first)
        && end + 6 <= units.len()
        && units[end].into() == 0x5C
        && units[end + 1].into() == u32::from(b'u');
    if is_pair {
        let Some(second) = hex_unit(&units[end + 2..end + 6]) else { return wrong(end + 1, thread) };
        if (0xDC00..0xE000).contains(&second) {
            return Ok((0x1_0000 + ((first & 0x3FF) << 10 | second & 0x3FF), end + 6));
        }
    }
    Ok((first, end))
}
