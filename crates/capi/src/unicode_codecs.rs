//! `unicodeobject.h` and `codecs.h`: text from bytes and back, the registry of codecs and error handlers.

use std::ffi::{CStr, c_char, c_int};

use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::{Str, codec_registry, codecs};
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::entry::{Array, Flag, Out, bad_internal_call, export, text};
use crate::import::call_of_module;

/// The name of an encoding; TypeError where there is none.
pub struct Name(String);

impl crate::entry::Argument for Name {
    type C = *const c_char;

    unsafe fn from_c(value: Self::C, thread: &mut Thread) -> PyResult<Self> {
        if value.is_null() {
            return Err(raise!(thread, TypeError, "bad argument type for built-in operation"));
        }
        // SAFETY: passed on to the caller.
        Ok(Self(text(unsafe { CStr::from_ptr(value) })))
    }
}

/// A function of `_codecs` that decodes: the text, and how many bytes were used.
fn decode(
    function: &str,
    content: &[u8],
    errors: Option<&CStr>,
    rest: &[&Object],
    thread: &mut Thread,
) -> PyResult<Py<Tuple>> {
    let bytes = thread.make_bytes(content)?;
    let errors = errors_object(errors, thread);
    let mut arguments: Vec<&Object> = vec![&bytes, &errors];
    arguments.extend_from_slice(rest);
    let result = call_of_module("_codecs", function, &arguments, thread)?;
    match result.downcast_into::<Tuple>() {
        Ok(result) => Ok(result),
        Err(_) => bad_internal_call(thread),
    }
}

fn errors_object(errors: Option<&CStr>, thread: &mut Thread) -> Py<Object> {
    match errors {
        Some(errors) => Str::from_str(&text(errors), thread).into_object(),
        None => thread.none(),
    }
}

fn first(result: &Tuple, thread: &mut Thread) -> PyResult<Py<Object>> {
    match result.items().first() {
        Some(first) => Ok(first.clone()),
        None => bad_internal_call(thread),
    }
}

fn used(result: &Tuple) -> isize {
    let used = result.items().get(1).and_then(|it| it.downcast::<objects::int::Int>()).and_then(|it| it.to_i64());
    used.unwrap_or_default() as isize
}

/// Decodes what may go on later, if the caller asks how much was used.
fn decode_stateful(
    function: &str,
    content: &[u8],
    errors: Option<&CStr>,
    consumed: Out<isize>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let is_final = objects::bool::Bool::new(consumed.is_null());
    let result = decode(function, content, errors, &[&is_final], thread)?;
    consumed.set(used(&result));
    first(&result, thread)
}

/// As [`decode_stateful`], of UTF-16 and UTF-32: `order` says and is told the byte order (-1 little, 1 big, 0 by a mark).
fn decode_marked(
    function: &str,
    content: &[u8],
    errors: Option<&CStr>,
    order: Out<c_int>,
    consumed: Out<isize>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let is_final = objects::bool::Bool::new(consumed.is_null());
    let given = protocol::make_int(i128::from(order.get().unwrap_or(0)), thread);
    let result = decode(function, content, errors, &[&given, &is_final], thread)?;
    consumed.set(used(&result));
    if let Some(found) = result.items().get(2).and_then(|it| it.downcast::<objects::int::Int>()) {
        order.set(found.to_i64().unwrap_or_default() as c_int);
    }
    first(&result, thread)
}

/// A function of `_codecs` that encodes.
fn encode(
    function: &str,
    value: &Object,
    errors: Option<&CStr>,
    rest: &[&Object],
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    if value.downcast::<Str>().is_none() {
        return Err(raise!(thread, TypeError, "bad argument type for built-in operation"));
    }
    let errors = errors_object(errors, thread);
    let mut arguments: Vec<&Object> = vec![value, &errors];
    arguments.extend_from_slice(rest);
    let result = call_of_module("_codecs", function, &arguments, thread)?;
    match result.downcast::<Tuple>() {
        Some(result) => first(result, thread),
        None => bad_internal_call(thread),
    }
}

/// Decoders and encoders that go by the name of their function in `_codecs`.
macro_rules! simple_codecs {
    ($(fn $name:ident = $function:literal;)* encoders: $(fn $encoder:ident = $encode:literal;)*) => {
        $(export! { thread;
            fn $name(content: Array<u8>, length: isize, errors: Option<&CStr>) -> Py<Object> {
                let content = content.counted(length, thread)?;
                let result = decode($function, content, errors, &[], thread)?;
                first(&result, thread)
            }
        })*
        $(export! { thread;
            fn $encoder(value: &Object) -> Py<Object> { encode($encode, value, None, &[], thread) }
        })*
    };
}

simple_codecs! {
    fn PyUnicode_DecodeLatin1 = "latin_1_decode";
    fn PyUnicode_DecodeASCII = "ascii_decode";
    fn PyUnicode_DecodeUnicodeEscape = "unicode_escape_decode";
    fn PyUnicode_DecodeRawUnicodeEscape = "raw_unicode_escape_decode";
    encoders:
    fn PyUnicode_AsUTF8String = "utf_8_encode";
    fn PyUnicode_AsUTF16String = "utf_16_encode";
    fn PyUnicode_AsUTF32String = "utf_32_encode";
    fn PyUnicode_AsLatin1String = "latin_1_encode";
    fn PyUnicode_AsASCIIString = "ascii_encode";
    fn PyUnicode_AsUnicodeEscapeString = "unicode_escape_encode";
    fn PyUnicode_AsRawUnicodeEscapeString = "raw_unicode_escape_encode";
}

export! { thread;
    fn PyUnicode_Decode(content: Array<u8>, length: isize, encoding: Option<&CStr>, errors: Option<&CStr>) -> Py<Str> {
        let content = content.counted(length, thread)?;
        let (encoding, errors) = (encoding.map(text), errors.map(text));
        codecs::decode(content, encoding.as_deref(), errors.as_deref(), thread)
    }

    fn PyUnicode_FromEncodedObject(object: &Object, encoding: Option<&CStr>, errors: Option<&CStr>) -> Py<Object> {
        if object.downcast::<Str>().is_some() {
            return Err(raise!(thread, TypeError, "decoding str is not supported"));
        }
        let (encoding, errors) = (encoding.map(text), errors.map(text));
        objects::str::decode_object(object, encoding.as_deref(), errors.as_deref(), thread).map(Py::into_object)
    }

    fn PyUnicode_AsEncodedString(value: &Object, encoding: Option<&CStr>, errors: Option<&CStr>) -> Py<Object> {
        let Some(value) = value.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "bad argument type for built-in operation"));
        };
        let (encoding, errors) = (encoding.map(text), errors.map(text));
        codecs::encode(value, encoding.as_deref(), errors.as_deref(), thread)
    }

    fn _PyUnicode_AsUTF8String(value: &Object, errors: Option<&CStr>) -> Py<Object> { encode("utf_8_encode", value, errors, &[], thread) }
    fn _PyUnicode_AsLatin1String(value: &Object, errors: Option<&CStr>) -> Py<Object> { encode("latin_1_encode", value, errors, &[], thread) }
    fn _PyUnicode_AsASCIIString(value: &Object, errors: Option<&CStr>) -> Py<Object> { encode("ascii_encode", value, errors, &[], thread) }

    fn PyUnicode_DecodeUTF8(content: Array<u8>, length: isize, errors: Option<&CStr>) -> Py<Str> {
        let content = content.counted(length, thread)?;
        let errors = errors.map(text);
        codecs::decode(content, None, errors.as_deref(), thread)
    }

    fn PyUnicode_DecodeUTF8Stateful(content: Array<u8>, length: isize, errors: Option<&CStr>, consumed: Out<isize>) -> Py<Object> {
        let content = content.counted(length, thread)?;
        decode_stateful("utf_8_decode", content, errors, consumed, thread)
    }

    fn PyUnicode_DecodeUTF7(content: Array<u8>, length: isize, errors: Option<&CStr>) -> Py<Object> {
        let content = content.counted(length, thread)?;
        let is_final = objects::bool::Bool::new(true);
        let result = decode("utf_7_decode", content, errors, &[&is_final], thread)?;
        first(&result, thread)
    }

    fn PyUnicode_DecodeUTF7Stateful(content: Array<u8>, length: isize, errors: Option<&CStr>, consumed: Out<isize>) -> Py<Object> {
        let content = content.counted(length, thread)?;
        decode_stateful("utf_7_decode", content, errors, consumed, thread)
    }

    fn PyUnicode_DecodeUTF16(content: Array<u8>, length: isize, errors: Option<&CStr>, order: Out<c_int>) -> Py<Object> {
        let content = content.counted(length, thread)?;
        let is_final = objects::bool::Bool::new(true);
        let given = protocol::make_int(i128::from(order.get().unwrap_or(0)), thread);
        let result = decode("utf_16_ex_decode", content, errors, &[&given, &is_final], thread)?;
        if let Some(found) = result.items().get(2).and_then(|it| it.downcast::<objects::int::Int>()) {
            order.set(found.to_i64().unwrap_or_default() as c_int);
        }
        first(&result, thread)
    }

    fn PyUnicode_DecodeUTF16Stateful(content: Array<u8>, length: isize, errors: Option<&CStr>, order: Out<c_int>, consumed: Out<isize>) -> Py<Object> {
        let content = content.counted(length, thread)?;
        decode_marked("utf_16_ex_decode", content, errors, order, consumed, thread)
    }

    fn PyUnicode_DecodeUTF32(content: Array<u8>, length: isize, errors: Option<&CStr>, order: Out<c_int>) -> Py<Object> {
        let content = content.counted(length, thread)?;
        let is_final = objects::bool::Bool::new(true);
        let given = protocol::make_int(i128::from(order.get().unwrap_or(0)), thread);
        let result = decode("utf_32_ex_decode", content, errors, &[&given, &is_final], thread)?;
        if let Some(found) = result.items().get(2).and_then(|it| it.downcast::<objects::int::Int>()) {
            order.set(found.to_i64().unwrap_or_default() as c_int);
        }
        first(&result, thread)
    }

    fn PyUnicode_DecodeUTF32Stateful(content: Array<u8>, length: isize, errors: Option<&CStr>, order: Out<c_int>, consumed: Out<isize>) -> Py<Object> {
        let content = content.counted(length, thread)?;
        decode_marked("utf_32_ex_decode", content, errors, order, consumed, thread)
    }

    fn _PyUnicode_DecodeUnicodeEscapeStateful(content: Array<u8>, length: isize, errors: Option<&CStr>, consumed: Out<isize>) -> Py<Object> {
        let content = content.counted(length, thread)?;
        decode_stateful("unicode_escape_decode", content, errors, consumed, thread)
    }

    fn _PyUnicode_EncodeUTF16(value: &Object, errors: Option<&CStr>, order: i32) -> Py<Object> {
        let name = match order { 0 => "utf_16_encode", it if it < 0 => "utf_16_le_encode", _ => "utf_16_be_encode" };
        encode(name, value, errors, &[], thread)
    }

    fn _PyUnicode_EncodeUTF32(value: &Object, errors: Option<&CStr>, order: i32) -> Py<Object> {
        let name = match order { 0 => "utf_32_encode", it if it < 0 => "utf_32_le_encode", _ => "utf_32_be_encode" };
        encode(name, value, errors, &[], thread)
    }

    fn PyUnicode_DecodeCharmap(content: Array<u8>, length: isize, mapping: Option<&Object>, errors: Option<&CStr>) -> Py<Object> {
        let content = content.counted(length, thread)?;
        let none = thread.none();
        let result = decode("charmap_decode", content, errors, &[mapping.unwrap_or(&none)], thread)?;
        first(&result, thread)
    }

    fn PyUnicode_AsCharmapString(value: Option<&Object>, mapping: Option<&Object>) -> Py<Object> {
        match (value, mapping) {
            (Some(value), Some(mapping)) => encode("charmap_encode", value, None, &[mapping], thread),
            _ => Err(raise!(thread, TypeError, "bad argument type for built-in operation")),
        }
    }

    fn _PyUnicode_EncodeCharmap(value: &Object, mapping: &Object, errors: Option<&CStr>) -> Py<Object> {
        encode("charmap_encode", value, errors, &[mapping], thread)
    }

    fn PyUnicode_BuildEncodingMap(table: &Object) -> Py<Object> {
        if table.downcast::<Str>().is_none_or(|it| it.length() == 0) {
            return Err(raise!(thread, TypeError, "bad argument type for built-in operation"));
        }
        call_of_module("_codecs", "charmap_build", &[table], thread)
    }

    fn PyUnicode_DecodeFSDefault(content: &CStr) -> Py<Str> { system::path::decode(content.to_bytes(), thread) }

    fn PyUnicode_DecodeFSDefaultAndSize(content: Array<u8>, length: isize) -> Py<Str> {
        let content = content.counted(length, thread)?;
        system::path::decode(content, thread)
    }

    fn PyUnicode_EncodeFSDefault(value: &Object) -> Py<Object> {
        let Some(value) = value.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "bad argument type for built-in operation"));
        };
        let bytes = system::path::encode(value, thread)?;
        thread.make_bytes(&bytes)
    }

    fn PyUnicode_DecodeLocale(content: &CStr, errors: Option<&CStr>) -> Py<Str> {
        decode_locale(content.to_bytes(), errors, thread)
    }

    fn PyUnicode_DecodeLocaleAndSize(content: Array<u8>, length: isize, errors: Option<&CStr>) -> Py<Str> {
        let content = content.counted(length, thread)?;
        if content.contains(&0) {
            return Err(raise!(thread, ValueError, "embedded null byte"));
        }
        decode_locale(content, errors, thread)
    }

    fn PyUnicode_EncodeLocale(value: &Object, errors: Option<&CStr>) -> Py<Object> {
        let Some(value) = value.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "bad argument type for built-in operation"));
        };
        check_locale_errors(errors, thread)?;
        if value.view().iter().any(|it| it == 0) {
            return Err(raise!(thread, ValueError, "embedded null character"));
        }
        let errors = errors.map(text);
        codecs::encode(value, None, errors.as_deref(), thread)
    }

    fn PyCodec_Register(function: Option<&Object>) -> () {
        match function {
            Some(function) => codec_registry::register(function, thread),
            None => Err(raise!(thread, TypeError, "bad argument type for built-in operation")),
        }
    }

    fn PyCodec_Unregister(function: &Object) -> () { codec_registry::unregister(function, thread) }

    fn PyCodec_KnownEncoding(encoding: Name) -> Flag {
        match codec_registry::lookup(&encoding.0, thread) {
            Ok(_) => Ok(Flag(true)),
            Err(raised) => {
                drop(thread.catch(raised));
                Ok(Flag(false))
            }
        }
    }

    fn _PyCodec_Lookup(encoding: Name) -> Py<Tuple> { codec_registry::lookup(&encoding.0, thread) }

    fn PyCodec_Encode(object: &Object, encoding: Name, errors: Option<&CStr>) -> Py<Object> {
        convert(codec_registry::Direction::Encode, object, encoding, errors, thread)
    }

    fn PyCodec_Decode(object: &Object, encoding: Name, errors: Option<&CStr>) -> Py<Object> {
        convert(codec_registry::Direction::Decode, object, encoding, errors, thread)
    }

    fn PyCodec_Encoder(encoding: Name) -> Py<Object> { part(encoding, 0, thread) }
    fn PyCodec_Decoder(encoding: Name) -> Py<Object> { part(encoding, 1, thread) }

    fn PyCodec_StreamReader(encoding: Name, stream: &Object, errors: Option<&CStr>) -> Py<Object> {
        stream_of(encoding, 2, stream, errors, thread)
    }

    fn PyCodec_StreamWriter(encoding: Name, stream: &Object, errors: Option<&CStr>) -> Py<Object> {
        stream_of(encoding, 3, stream, errors, thread)
    }

    fn PyCodec_IncrementalEncoder(encoding: Name, errors: Option<&CStr>) -> Py<Object> {
        incremental(encoding, "incrementalencoder", errors, thread)
    }

    fn PyCodec_IncrementalDecoder(encoding: Name, errors: Option<&CStr>) -> Py<Object> {
        incremental(encoding, "incrementaldecoder", errors, thread)
    }

    fn PyCodec_RegisterError(name: &CStr, handler: &Object) -> () {
        codec_registry::register_error(&text(name), handler, thread)
    }

    fn PyCodec_LookupError(name: Option<&CStr>) -> Py<Object> {
        let name = name.map_or_else(|| "strict".to_owned(), text);
        codec_registry::lookup_error(&name, thread)
    }
}

/// The error handlers that everybody has, as functions.
macro_rules! handlers {
    ($(fn $name:ident = $handler:literal;)*) => {$(
        export! { thread;
            fn $name(exception: &Object) -> Py<Object> {
                let handler = codec_registry::lookup_error($handler, thread)?;
                protocol::call_one(&handler, exception, thread)
            }
        }
    )*};
}

handlers! {
    fn PyCodec_StrictErrors = "strict";
    fn PyCodec_IgnoreErrors = "ignore";
    fn PyCodec_ReplaceErrors = "replace";
    fn PyCodec_XMLCharRefReplaceErrors = "xmlcharrefreplace";
    fn PyCodec_BackslashReplaceErrors = "backslashreplace";
    fn PyCodec_NameReplaceErrors = "namereplace";
}

fn check_locale_errors(errors: Option<&CStr>, thread: &mut Thread) -> PyResult<()> {
    match errors.map(text).as_deref() {
        None | Some("strict" | "surrogateescape" | "surrogatepass") => Ok(()),
        _ => Err(raise!(
            thread,
            ValueError,
            "only 'strict' and 'surrogateescape' error handlers are supported, not '{}'",
            errors.map(text).unwrap_or_default()
        )),
    }
}

/// Text in the locale's encoding, which is UTF-8.
fn decode_locale(content: &[u8], errors: Option<&CStr>, thread: &mut Thread) -> PyResult<Py<Str>> {
    check_locale_errors(errors, thread)?;
    let errors = errors.map(text);
    codecs::decode(content, None, errors.as_deref(), thread)
}

fn convert(
    direction: codec_registry::Direction,
    object: &Object,
    encoding: Name,
    errors: Option<&CStr>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let encoding = encoding.0;
    let codec = codec_registry::lookup(&encoding, thread)?;
    let errors = errors.map(text);
    codec_registry::convert(direction, &codec, object, &encoding, errors.as_deref(), thread)
}

fn part(encoding: Name, index: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
    let codec = codec_registry::lookup(&encoding.0, thread)?;
    match codec.items().get(index) {
        Some(part) => Ok(part.clone()),
        None => bad_internal_call(thread),
    }
}

fn stream_of(
    encoding: Name,
    index: usize,
    stream: &Object,
    errors: Option<&CStr>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let class = part(encoding, index, thread)?;
    match errors {
        Some(errors) => {
            let errors = Str::from_str(&text(errors), thread);
            protocol::call(&class, &[stream, &errors], thread)
        }
        None => protocol::call_one(&class, stream, thread),
    }
}

fn incremental(encoding: Name, name: &str, errors: Option<&CStr>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let codec = codec_registry::lookup(&encoding.0, thread)?;
    let name = thread.intern_text(name);
    let class = protocol::get_attribute(&codec, &name, thread)?;
    match errors {
        Some(errors) => {
            let errors = Str::from_str(&text(errors), thread);
            protocol::call_one(&class, &errors, thread)
        }
        None => protocol::call(&class, &[], thread),
    }
}

/// Attributes of UnicodeErrors: start and end as they are in an exception, cut to the object.
macro_rules! error_places {
    ($(fn $get:ident, fn $set:ident = $attribute:literal;)*) => {$(
        export! { thread;
            fn $get(exception: &Object, place: Out<isize>) -> () { get_place(exception, $attribute, place, thread) }
            fn $set(exception: &Object, place: isize) -> () {
                let value = protocol::make_int(place as i128, thread);
                let name = thread.intern_text($attribute);
                protocol::set_attribute(exception, &name, Some(&value), thread)
            }
        }
    )*};
}

error_places! {
    fn PyUnicodeEncodeError_GetStart, fn PyUnicodeEncodeError_SetStart = "start";
    fn PyUnicodeEncodeError_GetEnd, fn PyUnicodeEncodeError_SetEnd = "end";
    fn PyUnicodeDecodeError_GetStart, fn PyUnicodeDecodeError_SetStart = "start";
    fn PyUnicodeDecodeError_GetEnd, fn PyUnicodeDecodeError_SetEnd = "end";
    fn PyUnicodeTranslateError_GetStart, fn PyUnicodeTranslateError_SetStart = "start";
    fn PyUnicodeTranslateError_GetEnd, fn PyUnicodeTranslateError_SetEnd = "end";
}

/// A place in the object that could not be converted: not before its start nor behind its end.
fn get_place(exception: &Object, attribute: &str, place: Out<isize>, thread: &mut Thread) -> PyResult<()> {
    let object_name = thread.intern_text("object");
    let object = protocol::get_attribute(exception, &object_name, thread)?;
    let length = protocol::length(&object, thread)? as isize;
    let name = thread.intern_text(attribute);
    let value = protocol::get_attribute(exception, &name, thread)?;
    let value = protocol::index_as_isize(&value, thread)?;
    place.set(if attribute == "start" {
        value.clamp(0, (length - 1).max(0))
    } else {
        value.clamp(length.min(1), length)
    });
    Ok(())
}

/// Other attributes of UnicodeErrors, as new references.
macro_rules! error_parts {
    ($(fn $name:ident = $attribute:literal;)* setters: $(fn $set:ident = $set_attribute:literal;)*) => {
        $(export! { thread;
            fn $name(exception: &Object) -> Py<Object> {
                let name = thread.intern_text($attribute);
                protocol::get_attribute(exception, &name, thread)
            }
        })*
        $(export! { thread;
            fn $set(exception: &Object, reason: &CStr) -> () {
                let name = thread.intern_text($set_attribute);
                let reason = Str::from_str(&text(reason), thread);
                protocol::set_attribute(exception, &name, Some(&reason), thread)
            }
        })*
    };
}

error_parts! {
    fn PyUnicodeEncodeError_GetEncoding = "encoding";
    fn PyUnicodeEncodeError_GetObject = "object";
    fn PyUnicodeEncodeError_GetReason = "reason";
    fn PyUnicodeDecodeError_GetEncoding = "encoding";
    fn PyUnicodeDecodeError_GetObject = "object";
    fn PyUnicodeDecodeError_GetReason = "reason";
    fn PyUnicodeTranslateError_GetObject = "object";
    fn PyUnicodeTranslateError_GetReason = "reason";
    setters:
    fn PyUnicodeEncodeError_SetReason = "reason";
    fn PyUnicodeDecodeError_SetReason = "reason";
    fn PyUnicodeTranslateError_SetReason = "reason";
}

export! { thread;
    fn PyUnicodeDecodeError_Create(encoding: &CStr, content: Array<u8>, length: isize, start: isize, end: isize, reason: &CStr) -> Py<Object> {
        let content = content.counted(length, thread)?;
        let bytes = thread.make_bytes(content)?;
        let encoding = Str::from_str(&text(encoding), thread);
        let reason = Str::from_str(&text(reason), thread);
        let (start, end) = (protocol::make_int(start as i128, thread), protocol::make_int(end as i128, thread));
        let class: &Object = objects::errors::UnicodeDecodeError.as_type();
        protocol::call(class, &[&encoding, &bytes, &start, &end, &reason], thread)
    }
}
