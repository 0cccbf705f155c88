//! Codecs that go by a mapping: a table in a string, an `EncodingMap`, or any Python object with items.

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{LookupError, PyResult};
use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol;
use objects::protocol::buffer::bytes_contents;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::str::codecs::{DecodeRun, EncodeRun, encode_with, raise_encode_error};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;
use text::builder::StrBuilder;
use text::codecs::charmap::{CharmapDecoder, EncodingMap};
use text::codecs::handlers::Replacement;
use text::codecs::{DecodeError, EncodeError};

use super::arguments::Errors;
use super::convert::{self, bytes_pair, text_pair};

const ENCODING: &str = "charmap";
const UNDEFINED: &str = "character maps to <undefined>";
/// In a mapping for decoding, this character says that there is none.
const NO_CHARACTER: u32 = 0xFFFE;

/// The inverse of a table.
struct Inverse(EncodingMap);

impl Traverse for Inverse {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// What `charmap_build` gives for most tables.
#[derive(Instance)]
#[repr(C)]
pub struct EncodingMapObject {
    header: Header,
    inverse: Inverse,
}

#[python_type(name = "EncodingMap", base = BaseObject)]
impl EncodingMapObject {
    /// size($self, /)
    /// --
    ///
    /// Return the size (in bytes) of this object.
    #[method]
    fn size(&self) -> usize {
        self.inverse.0.size()
    }
}

/// `charmap_build`: an `EncodingMap`, or a dict for tables that this cannot invert.
pub fn build(table: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    if let Some(map) = EncodingMap::build(table.view()) {
        let header = Header::new(EncodingMapObject::class());
        return Ok(Py::new(EncodingMapObject { header, inverse: Inverse(map) }, thread).into_object());
    }
    let dict = Dict::new(thread);
    for (byte, point) in table.view().iter().take(256).enumerate() {
        let (key, value) = (protocol::make_int(i128::from(point), thread), protocol::make_int(byte as i128, thread));
        dict.set(&key, &value, thread)?;
    }
    Ok(dict.into_object())
}

/// `charmap_decode` with a mapping.
pub fn decode(data: &[u8], errors: &Errors, mapping: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    if let Some(table) = mapping.downcast_exact::<Str>() {
        return convert::decode(&CharmapDecoder { table: table.view() }, data, errors, true, thread);
    }
    let mut run = DecodeRun::new(ENCODING, errors.name(), data);
    let mut out = StrBuilder::with_capacity(data.len());
    let mut position = 0;
    while let Some(byte) = run.bytes().get(position).copied() {
        if decode_byte(byte, mapping, &mut out, thread)? {
            position += 1;
            continue;
        }
        let error = DecodeError { start: position, end: position + 1, reason: UNDEFINED };
        position = run.handle(&error, &mut out, thread)?;
    }
    text_pair(out, position, thread)
}

/// Appends what a mapping has for a byte; false if it has nothing.
fn decode_byte(byte: u8, mapping: &Object, out: &mut StrBuilder, thread: &mut Thread) -> PyResult<bool> {
    let key = protocol::make_int(i128::from(byte), thread);
    let found = protocol::get_item(mapping, &key, thread);
    let Some(value) = thread.suppress(found, LookupError)?.filter(|it| !it.is_none()) else { return Ok(false) };
    if let Some(int) = value.downcast::<Int>() {
        return match int.to_i128() {
            Some(point) if point == i128::from(NO_CHARACTER) => Ok(false),
            Some(point @ 0..0x11_0000) => {
                out.push(point as u32);
                Ok(true)
            }
            _ => Err(raise!(thread, TypeError, "character mapping must be in range(0x110000)")),
        };
    }
    let Some(text) = value.downcast::<Str>() else {
        return Err(raise!(thread, TypeError, "character mapping must return integer, None or str"));
    };
    if text.length() == 1 && text.code_point(0) == Some(NO_CHARACTER) {
        return Ok(false);
    }
    out.push_view(text.view());
    Ok(true)
}

/// `charmap_encode` with a mapping.
pub fn encode(text: &Str, errors: &Errors, mapping: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    if let Some(map) = mapping.downcast_exact::<EncodingMapObject>() {
        let bytes = encode_with(&map.inverse.0, text, errors.name(), thread)?;
        return bytes_pair(&bytes, text.length(), thread);
    }
    let mut run = EncodeRun::new(ENCODING, errors.name(), text);
    let mut out = Vec::with_capacity(text.length());
    let mut position = 0;
    while let Some(point) = text.code_point(position) {
        if encode_point(point, mapping, &mut out, thread)? {
            position += 1;
            continue;
        }
        let mut end = position + 1;
        while let Some(point) = text.code_point(end)
            && !encode_point(point, mapping, &mut Vec::new(), thread)?
        {
            end += 1;
        }
        let error = EncodeError { start: position, end, reason: UNDEFINED };
        let (replacement, next) = run.handle(&error, thread)?;
        match &replacement {
            Replacement::Bytes(bytes) => out.extend_from_slice(bytes),
            Replacement::Text(replacement) => {
                for point in replacement.view().iter() {
                    if !encode_point(point, mapping, &mut out, thread)? {
                        return Err(raise_encode_error(ENCODING, text, &error, thread));
                    }
                }
            }
        }
        position = next;
    }
    bytes_pair(&out, text.length(), thread)
}

/// Appends what a mapping has for a character; false if it has nothing.
fn encode_point(point: u32, mapping: &Object, out: &mut Vec<u8>, thread: &mut Thread) -> PyResult<bool> {
    let key = protocol::make_int(i128::from(point), thread);
    let found = protocol::get_item(mapping, &key, thread);
    let Some(value) = thread.suppress(found, LookupError)?.filter(|it| !it.is_none()) else { return Ok(false) };
    if let Some(int) = value.downcast::<Int>() {
        return match int.to_i128().and_then(|byte| u8::try_from(byte).ok()) {
            Some(byte) => {
                out.push(byte);
                Ok(true)
            }
            None => Err(raise!(thread, TypeError, "character mapping must be in range(256)")),
        };
    }
    match bytes_contents(&value) {
        Some(bytes) => {
            out.extend_from_slice(bytes);
            Ok(true)
        }
        None => {
            let class = value.class().full_name();
            Err(raise!(thread, TypeError, "character mapping must return integer, bytes or None, not {class}"))
        }
    }
}
