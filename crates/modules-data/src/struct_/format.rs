//! Format strings of `struct`: parsed to fields with offsets; packing and unpacking of one value.

use builtins::bytes::Bytes;
use builtins::complex::Complex;
use objects::bool::Bool;
use objects::errors::{Grow, OrMemoryError, PyResult, Raised, TypeError};
use objects::float::Float;
use objects::int::Int;
use objects::protocol;
use objects::protocol::buffer::{self, Buffer};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::raise_error;

/// One code of a format with its count.
#[derive(Clone, Copy)]
pub struct Field {
    pub code: u8,
    pub offset: usize,
    pub size: usize,
    /// How often; 1 for strings, whose length is `size`.
    pub count: usize,
}

/// A parsed format.
pub struct Format {
    pub fields: Vec<Field>,
    pub size: usize,
    /// How many values it takes.
    pub values: usize,
    pub big_endian: bool,
}

/// The size of a code's value: native or standard; None if there is no such code.
fn size_of_code(code: u8, native: bool) -> Option<usize> {
    Some(match code {
        b'x' | b'b' | b'B' | b'c' | b's' | b'p' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' => {
            if native {
                8
            } else {
                4
            }
        }
        b'q' | b'Q' | b'd' | b'F' => 8,
        b'D' => 16,
        b'n' | b'N' | b'P' if native => 8,
        _ => return None,
    })
}

/// How a code's value is aligned natively.
fn alignment(code: u8, size: usize) -> usize {
    match code {
        b'F' => 4,
        b'D' => 8,
        b'x' | b's' | b'p' => 1,
        _ => size,
    }
}

pub fn parse(text: &[u8], thread: &mut Thread) -> PyResult<Format> {
    let (mode, mut rest) = match text.split_first() {
        Some((mode @ (b'@' | b'=' | b'<' | b'>' | b'!'), rest)) => (*mode, rest),
        _ => (b'@', text),
    };
    let native = mode == b'@';
    let mut format = Format { fields: Vec::new(), size: 0, values: 0, big_endian: matches!(mode, b'>' | b'!') };
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let mut code = *first;
        if code.is_ascii_whitespace() {
            continue;
        }
        let mut count = None;
        while code.is_ascii_digit() {
            let digit = usize::from(code - b'0');
            let number = count.unwrap_or(0usize).checked_mul(10).and_then(|it| it.checked_add(digit));
            let Some(number) = number.filter(|it| *it <= isize::MAX as usize) else {
                return Err(raise_error("total struct size too long", thread));
            };
            count = Some(number);
            let Some((next, after)) = rest.split_first() else {
                return Err(raise_error("repeat count given without format specifier", thread));
            };
            code = *next;
            rest = after;
        }
        let Some(size) = size_of_code(code, native) else {
            return Err(raise_error("bad char in struct format", thread));
        };
        add_field(&mut format, code, size, count.unwrap_or(1), native, thread)?;
    }
    Ok(format)
}

fn add_field(
    format: &mut Format,
    code: u8,
    size: usize,
    count: usize,
    native: bool,
    thread: &mut Thread,
) -> PyResult<()> {
    let align = if native { alignment(code, size) } else { 1 };
    let offset = format.size.checked_next_multiple_of(align);
    let end = offset.zip(count.checked_mul(size)).and_then(|(offset, length)| offset.checked_add(length));
    let (Some(offset), Some(end)) = (offset, end.filter(|it| *it <= isize::MAX as usize)) else {
        return Err(raise_error("total struct size too long", thread));
    };
    format.size = end;
    match code {
        b'x' => {}
        b's' | b'p' => {
            format.fields.try_push(Field { code, offset, size: count, count: 1 }).or_memory_error(thread)?;
            format.values += 1;
        }
        _ if count > 0 => {
            format.fields.try_push(Field { code, offset, size, count }).or_memory_error(thread)?;
            format.values += count;
        }
        _ => {}
    }
    Ok(())
}

/// The bytes of an integer, the least significant first.
fn integer_bytes(field: &Field, value: &Object, thread: &mut Thread) -> PyResult<[u8; 16]> {
    if !protocol::is_index(value) {
        return Err(raise_error("required argument is not an integer", thread));
    }
    let number = protocol::index(value, thread)?;
    let signed = matches!(field.code, b'b' | b'h' | b'i' | b'l' | b'q' | b'n');
    let bits = field.size as u32 * 8;
    let (least, most) = match signed {
        true => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
        false if field.code == b'P' => (-(1i128 << 63), (1i128 << 64) - 1),
        false => (0, (1i128 << bits) - 1),
    };
    match number.to_i128().filter(|it| (least..=most).contains(it)) {
        Some(number) => Ok(number.to_le_bytes()),
        None => {
            let code = char::from(field.code);
            Err(raise_error(&format!("'{code}' format requires {least} <= number <= {most}"), thread))
        }
    }
}

/// A number as a float.
fn real(value: &Object, thread: &mut Thread) -> PyResult<f64> {
    match protocol::as_f64(value, thread) {
        Ok(value) => Ok(value),
        Err(raised) if thread.raised_is(objects::errors::TypeError) => {
            drop(thread.catch(raised));
            Err(raise_error("required argument is not a float", thread))
        }
        Err(raised) => Err(raised),
    }
}

#[cold]
fn raise_too_large(code: char, thread: &mut Thread) -> Raised {
    raise!(thread, OverflowError, "float too large to pack with {code} format")
}

/// A float in single precision.
fn single(value: f64, thread: &mut Thread) -> PyResult<[u8; 4]> {
    let narrow = value as f32;
    if narrow.is_infinite() && value.is_finite() {
        return Err(raise_too_large('f', thread));
    }
    Ok(narrow.to_le_bytes())
}

/// Writes one value into its place, as large as the field, in the format's byte order.
pub fn pack_one(
    field: &Field,
    big_endian: bool,
    value: &Object,
    place: &mut [u8],
    thread: &mut Thread,
) -> PyResult<()> {
    let mut write = |little: &[u8]| {
        for (to, from) in place.iter_mut().zip(little) {
            *to = *from;
        }
        if big_endian {
            place.reverse();
        }
    };
    match field.code {
        b'c' => match buffer::bytes_contents(value) {
            Some(&[byte]) => write(&[byte]),
            _ => return Err(raise_error("char format requires a bytes object of length 1", thread)),
        },
        b's' | b'p' => place.copy_from_slice(&pack_text(field, value, thread)?),
        b'?' => write(&[u8::from(protocol::is_true(value, thread)?)]),
        b'e' => match numeric::float::pack_half(real(value, thread)?) {
            Some(bits) => write(&bits.to_le_bytes()),
            None => return Err(raise_too_large('e', thread)),
        },
        b'f' => write(&single(real(value, thread)?, thread)?),
        b'd' => write(&real(value, thread)?.to_le_bytes()),
        b'F' | b'D' => place.copy_from_slice(&pack_complex(field, big_endian, value, thread)?),
        _ => write(&integer_bytes(field, value, thread)?),
    }
    Ok(())
}

/// The formats of the parts of a complex number.
fn part_of(field: &Field) -> Field {
    Field { code: if field.code == b'F' { b'f' } else { b'd' }, size: field.size / 2, ..*field }
}

fn pack_complex(field: &Field, big_endian: bool, value: &Object, thread: &mut Thread) -> PyResult<Vec<u8>> {
    let parts = match Complex::of(value) {
        Some(complex) => Ok((complex.real(), complex.imaginary())),
        None => match protocol::call_special(value, &objects::names::__complex__, &[], thread)? {
            Some(result) => match Complex::of(&result) {
                Some(complex) => Ok((complex.real(), complex.imaginary())),
                None => Err(raise!(thread, TypeError, "__complex__() must return a complex")),
            },
            None => protocol::as_f64(value, thread).map(|it| (it, 0.0)),
        },
    };
    let Some((real, imaginary)) = thread.suppress(parts, TypeError)? else {
        return Err(raise_error("required argument is not a complex", thread));
    };
    let mut bytes = Vec::with_capacity(field.size);
    for value in [real, imaginary] {
        let start = bytes.len();
        if field.code == b'F' {
            // Parts out of range become infinite here, other than in the format `f`.
            bytes.extend((value as f32).to_le_bytes());
        } else {
            bytes.extend(value.to_le_bytes());
        }
        if big_endian {
            bytes[start..].reverse();
        }
    }
    Ok(bytes)
}

fn unpack_complex(field: &Field, big_endian: bool, bytes: &[u8], thread: &mut Thread) -> PyResult<Py<Object>> {
    let part = part_of(field);
    let (real, imaginary) = bytes.split_at(part.size.min(bytes.len()));
    let real = unpack_one(&part, big_endian, real, thread)?;
    let imaginary = unpack_one(&part, big_endian, imaginary, thread)?;
    let (real, imaginary) = (protocol::as_f64(&real, thread)?, protocol::as_f64(&imaginary, thread)?);
    Ok(Complex::new(real, imaginary, thread).into_object())
}

fn pack_text(field: &Field, value: &Object, thread: &mut Thread) -> PyResult<Vec<u8>> {
    let bytes = value.downcast::<Bytes>().is_some() || value.downcast::<builtins::bytearray::ByteArray>().is_some();
    if !bytes {
        let code = char::from(field.code);
        return Err(raise_error(&format!("argument for '{code}' must be a bytes object"), thread));
    }
    let mut contents = Buffer::get(value, layout::PyBUF_SIMPLE, thread)?.to_vec(thread)?;
    if field.code == b'p' && field.size > 0 {
        contents.truncate(field.size - 1);
        contents.insert(0, contents.len().min(255) as u8);
    }
    if contents.try_reserve_exact(field.size.saturating_sub(contents.len())).is_err() {
        return Err(thread.raise_memory_error());
    }
    contents.resize(field.size, 0);
    Ok(contents)
}

/// The value in these bytes, of which there are as many as the field's size.
pub fn unpack_one(field: &Field, big_endian: bool, bytes: &[u8], thread: &mut Thread) -> PyResult<Py<Object>> {
    let mut ordered = [0u8; 16];
    for (index, byte) in bytes.iter().take(16).enumerate() {
        let place = if big_endian { bytes.len().min(16) - 1 - index } else { index };
        ordered[place] = *byte;
    }
    let word = u128::from_le_bytes(ordered);
    Ok(match field.code {
        b'c' | b's' => Bytes::try_from_slice(bytes, thread)?.into_object(),
        b'p' => {
            let (length, contents) = bytes.split_first().unwrap_or((&0, &[]));
            let length = usize::from(*length).min(contents.len());
            Bytes::try_from_slice(&contents[..length], thread)?.into_object()
        }
        b'?' => Bool::new(word != 0),
        b'e' => Float::new(numeric::float::unpack_half(word as u16), thread).into_object(),
        b'f' => Float::new(f64::from(f32::from_bits(word as u32)), thread).into_object(),
        b'd' => Float::new(f64::from_bits(word as u64), thread).into_object(),
        b'F' | b'D' => unpack_complex(field, big_endian, bytes, thread)?,
        b'b' | b'h' | b'i' | b'l' | b'q' | b'n' => {
            let unused = 64 - field.size as u32 * 8;
            Int::from_i64((word as i64) << unused >> unused, thread).into_object()
        }
        _ => Int::from_u64(word as u64, thread).into_object(),
    })
}
