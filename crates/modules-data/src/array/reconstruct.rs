//! Arrays from pickles that other machines may have written: items of any width and byte order.

use builtins::bytes::Bytes;
use numeric::convert::bytes::{ByteOrder, from_bytes};
use objects::errors::{OrMemoryError, PyResult, with_room};
use objects::float::Float;
use objects::int::Int;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::codecs;
use objects::thread::Thread;
use objects::types::{Instance as _, Type};
use text::codecs::utf16::Utf16;

use super::code::Code;
use super::object::Array;

/// What a number for a format says of the items.
enum Kind {
    Integer { signed: bool },
    Float,
    Text,
}

/// Kind, size and byte order of the items by the format's number.
fn format_of(number: i32) -> Option<(Kind, usize, ByteOrder)> {
    let order = if number >= 2 && number % 2 == 1 { ByteOrder::Big } else { ByteOrder::Little };
    let integer = |signed| Kind::Integer { signed };
    let (kind, size) = match number {
        0 | 1 => (integer(number == 1), 1),
        2..=5 => (integer(number >= 4), 2),
        6..=9 => (integer(number >= 8), 4),
        10..=13 => (integer(number >= 12), 8),
        14 | 15 => (Kind::Float, 4),
        16 | 17 => (Kind::Float, 8),
        18 | 19 => (Kind::Text, 2),
        20 | 21 => (Kind::Text, 4),
        _ => return None,
    };
    Some((kind, size, order))
}

pub fn reconstruct(
    class: &Object,
    code: &Object,
    format: i32,
    items: &Object,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let Some(class) = class.downcast::<Type>() else {
        let found = class.class().full_name();
        return Err(raise!(thread, TypeError, "first argument must be a type object, not {found}"));
    };
    if !class.is_subtype(Array::class()) {
        return Err(raise!(thread, TypeError, "{} is not a subtype of array.array", class.full_name()));
    }
    let letter = code.downcast::<Str>().filter(|it| it.length() == 1).and_then(|it| it.code_point(0));
    let Some(code) = letter.and_then(Code::new) else {
        return Err(raise!(thread, ValueError, "second argument must be a valid type code"));
    };
    let Some((kind, size, order)) = format_of(format) else {
        return Err(raise!(thread, ValueError, "third argument must be a valid machine format code."));
    };
    let Some(bytes) = items.downcast::<Bytes>() else {
        let found = items.class().full_name();
        return Err(raise!(thread, TypeError, "fourth argument should be bytes, not {found}"));
    };
    if code.machine_format() == format {
        return make(class, code, items, thread);
    }
    let bytes = bytes.as_slice();
    // Text is held to twice the width of its units, as CPython's table has it.
    let unit = if matches!(kind, Kind::Text) { 2 * size } else { size };
    if !bytes.len().is_multiple_of(unit) {
        return Err(raise!(thread, ValueError, "string length not a multiple of item size"));
    }
    match kind {
        Kind::Text => {
            let order = match order {
                ByteOrder::Little => text::codecs::ByteOrder::Little,
                ByteOrder::Big => text::codecs::ByteOrder::Big,
            };
            let text = if size == 2 {
                codecs::decode_with(&Utf16 { order, marked: false }, bytes, true, None, thread)?.0
            } else {
                super::methods::decode_characters(bytes, order, None, thread)?
            };
            if !code.is_text() {
                let letter = code.letter();
                let message = format_args!("cannot use a str to initialize an array with typecode '{letter}'");
                return Err(raise!(thread, TypeError, "{message}"));
            }
            make(class, code, &text, thread)
        }
        Kind::Float => {
            let values = bytes.chunks_exact(size).map(|item| float_of(item, order));
            let values = values.map(|it| Float::new(it, thread).into_object()).collect();
            let list = objects::list::List::new(values, thread)?;
            make(class, code, &list, thread)
        }
        Kind::Integer { signed } => {
            // A code of the very width, if there is one, so that no value is out of range.
            let fits = |it: &Code| !it.is_float() && !it.is_text() && it.size() == size && it.is_signed() == signed;
            let fitting = Code::all().filter(fits).last();
            let mut values = with_room(bytes.len() / size).or_memory_error(thread)?;
            for item in bytes.chunks_exact(size) {
                let value = from_bytes(item, order, signed);
                values.push(Int::from_integer(&value, thread)?.into_object());
            }
            let list = objects::list::List::new(values, thread)?;
            make(class, fitting.unwrap_or(code), &list, thread)
        }
    }
}

fn float_of(item: &[u8], order: ByteOrder) -> f64 {
    let fold = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
    let bits = match order {
        ByteOrder::Little => item.iter().rev().fold(0, fold),
        ByteOrder::Big => item.iter().fold(0, fold),
    };
    if item.len() == 4 { f64::from(f32::from_bits(bits as u32)) } else { f64::from_bits(bits) }
}

fn make(class: &Type, code: Code, items: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    super::methods::make(class, code, Some(items), thread).map(Py::into_object)
}
