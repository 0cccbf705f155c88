//! `_codecs`: the registry of codecs, and the codecs themselves as functions, under the names that the package `encodings` uses.

mod arguments;
mod charmap;
mod convert;
mod handlers;

use builtins::bytes::Bytes;
use macros::python_module;
use objects::errors::{OrMemoryError, PyResult};
use objects::module::Module;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::str::arguments::TextName;
use objects::str::codec_registry::{self, Direction};
use objects::thread::Thread;
use objects::tuple::Tuple;
use text::codecs::escape_bytes;
use text::codecs::escapes::{RawUnicodeEscape, encode_raw_unicode_escape, encode_unicode_escape};
use text::codecs::handlers::ErrorHandler;
use text::codecs::single_byte::{Ascii, Latin1};
use text::codecs::utf7::{self, Utf7};
use text::codecs::utf8::Utf8;

use arguments::{Data, DataOrText, Errors};
pub use charmap::EncodingMapObject;
use convert::{Wide, bytes_pair, pair};

pub struct CodecsModule;

#[python_module(name = "_codecs")]
impl CodecsModule {
    #[exec]
    fn fill(module: &Module, thread: &mut Thread) -> PyResult<()> {
        handlers::register(module, thread)
    }

    /// register($module, search_function, /)
    /// --
    ///
    /// Register a codec search function.
    ///
    /// Search functions are expected to take one argument, the encoding
    /// name in all lower case letters, and either return None, or a tuple
    /// of functions (encoder, decoder, stream_reader, stream_writer) (or
    /// a CodecInfo object).
    #[function]
    fn register(search_function: &Object, thread: &mut Thread) -> PyResult<()> {
        codec_registry::register(search_function, thread)
    }

    /// unregister($module, search_function, /)
    /// --
    ///
    /// Unregister a codec search function and clear the registry's cache.
    ///
    /// If the search function is not registered, do nothing.
    #[function]
    fn unregister(search_function: &Object, thread: &mut Thread) -> PyResult<()> {
        codec_registry::unregister(search_function, thread)
    }

    /// lookup($module, encoding, /)
    /// --
    ///
    /// Looks up a codec tuple in the Python codec registry and returns a CodecInfo object.
    #[function]
    fn lookup(encoding: TextName, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        codec_registry::lookup(&encoding.0, thread)
    }

    /// encode($module, /, obj, encoding='utf-8', errors='strict')
    /// --
    ///
    /// Encodes obj using the codec registered for encoding.
    ///
    /// The default encoding is 'utf-8'.  errors may be given to set a
    /// different error handling scheme.  Default is 'strict' meaning that
    /// encoding errors raise a ValueError.  Other possible values are 'ignore',
    /// 'replace' and 'backslashreplace' as well as any other name registered
    /// with codecs.register_error that can handle ValueErrors.
    #[function]
    fn encode(
        obj: &Object,
        encoding: Option<TextName>,
        errors: Option<TextName>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        run(Direction::Encode, obj, encoding, errors, thread)
    }

    /// decode($module, /, obj, encoding='utf-8', errors='strict')
    /// --
    ///
    /// Decodes obj using the codec registered for encoding.
    ///
    /// Default encoding is 'utf-8'.  errors may be given to set a
    /// different error handling scheme.  Default is 'strict' meaning that
    /// encoding errors raise a ValueError.  Other possible values are 'ignore',
    /// 'replace' and 'backslashreplace' as well as any other name registered
    /// with codecs.register_error that can handle ValueErrors.
    #[function]
    fn decode(
        obj: &Object,
        encoding: Option<TextName>,
        errors: Option<TextName>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        run(Direction::Decode, obj, encoding, errors, thread)
    }

    /// register_error($module, errors, handler, /)
    /// --
    ///
    /// Register the specified error handler under the name errors.
    ///
    /// handler must be a callable object, that will be called with an exception
    /// instance containing information about the location of the
    /// encoding/decoding error and must return a (replacement, new position)
    /// tuple.
    #[function]
    fn register_error(errors: TextName, handler: &Object, thread: &mut Thread) -> PyResult<()> {
        codec_registry::register_error(&errors.0, handler, thread)
    }

    /// _unregister_error($module, errors, /)
    /// --
    ///
    /// Un-register the specified error handler for the error handling `errors'.
    ///
    /// Only custom error handlers can be un-registered. An exception is raised
    /// if the error handling is a built-in one (e.g., 'strict'), or if an error
    /// occurs.
    ///
    /// Otherwise, this returns True if a custom handler has been successfully
    /// un-registered, and False if no custom handler for the specified error
    /// handling exists.
    #[function]
    fn _unregister_error(errors: TextName, thread: &mut Thread) -> PyResult<bool> {
        let name = errors.0;
        if ErrorHandler::by_name(&name).is_some() {
            return Err(raise!(thread, ValueError, "cannot un-register built-in error handler '{name}'"));
        }
        codec_registry::unregister_error(&name, thread)
    }

    /// lookup_error($module, name, /)
    /// --
    ///
    /// lookup_error(errors) -> handler
    ///
    /// Return the error handler for the specified error handling name or raise
    /// a LookupError, if no handler exists under this name.
    #[function]
    fn lookup_error(name: TextName, thread: &mut Thread) -> PyResult<Py<Object>> {
        codec_registry::lookup_error(&name.0, thread)
    }

    /// utf_7_decode($module, data, errors=None, final=False, /)
    /// --
    ///
    ///
    #[function]
    fn utf_7_decode(
        data: Data<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        r#final: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        convert::decode(&Utf7, &data.0, &errors, r#final, thread)
    }

    /// utf_8_decode($module, data, errors=None, final=False, /)
    /// --
    ///
    ///
    #[function]
    fn utf_8_decode(
        data: Data<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        r#final: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        convert::decode(&Utf8, &data.0, &errors, r#final, thread)
    }

    /// utf_16_decode($module, data, errors=None, final=False, /)
    /// --
    ///
    ///
    #[function]
    fn utf_16_decode(
        data: Data<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        r#final: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let (text, used, _) = Wide::Utf16.decode(&data.0, &errors, 0, r#final, thread)?;
        pair(text.into_object(), used, thread)
    }

    /// utf_16_le_decode($module, data, errors=None, final=False, /)
    /// --
    ///
    ///
    #[function]
    fn utf_16_le_decode(
        data: Data<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        r#final: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let (text, used, _) = Wide::Utf16.decode(&data.0, &errors, -1, r#final, thread)?;
        pair(text.into_object(), used, thread)
    }

    /// utf_16_be_decode($module, data, errors=None, final=False, /)
    /// --
    ///
    ///
    #[function]
    fn utf_16_be_decode(
        data: Data<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        r#final: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let (text, used, _) = Wide::Utf16.decode(&data.0, &errors, 1, r#final, thread)?;
        pair(text.into_object(), used, thread)
    }

    /// utf_16_ex_decode($module, data, errors=None, byteorder=0, final=False,
    ///                  /)
    /// --
    ///
    ///
    #[function]
    fn utf_16_ex_decode(
        data: Data<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        byteorder: i32,
        r#final: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let decoded = Wide::Utf16.decode(&data.0, &errors, byteorder, r#final, thread)?;
        triple(decoded, thread)
    }

    /// utf_32_decode($module, data, errors=None, final=False, /)
    /// --
    ///
    ///
    #[function]
    fn utf_32_decode(
        data: Data<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        r#final: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let (text, used, _) = Wide::Utf32.decode(&data.0, &errors, 0, r#final, thread)?;
        pair(text.into_object(), used, thread)
    }

    /// utf_32_le_decode($module, data, errors=None, final=False, /)
    /// --
    ///
    ///
    #[function]
    fn utf_32_le_decode(
        data: Data<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        r#final: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let (text, used, _) = Wide::Utf32.decode(&data.0, &errors, -1, r#final, thread)?;
        pair(text.into_object(), used, thread)
    }

    /// utf_32_be_decode($module, data, errors=None, final=False, /)
    /// --
    ///
    ///
    #[function]
    fn utf_32_be_decode(
        data: Data<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        r#final: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let (text, used, _) = Wide::Utf32.decode(&data.0, &errors, 1, r#final, thread)?;
        pair(text.into_object(), used, thread)
    }

    /// utf_32_ex_decode($module, data, errors=None, byteorder=0, final=False,
    ///                  /)
    /// --
    ///
    ///
    #[function]
    fn utf_32_ex_decode(
        data: Data<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        byteorder: i32,
        r#final: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let decoded = Wide::Utf32.decode(&data.0, &errors, byteorder, r#final, thread)?;
        triple(decoded, thread)
    }

    /// unicode_escape_decode($module, data, errors=None, final=True, /)
    /// --
    ///
    ///
    #[function]
    fn unicode_escape_decode(
        data: DataOrText<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        r#final: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        convert::decode_unicode_escape(&data.0, &errors, r#final, thread)
    }

    /// raw_unicode_escape_decode($module, data, errors=None, final=True, /)
    /// --
    ///
    ///
    #[function]
    fn raw_unicode_escape_decode(
        data: DataOrText<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        r#final: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        convert::decode(&RawUnicodeEscape, &data.0, &errors, r#final, thread)
    }

    /// latin_1_decode($module, data, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn latin_1_decode(
        data: Data<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        convert::decode(&Latin1, &data.0, &errors, true, thread)
    }

    /// ascii_decode($module, data, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn ascii_decode(
        data: Data<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        convert::decode(&Ascii, &data.0, &errors, true, thread)
    }

    /// charmap_decode($module, data, errors=None, mapping=None, /)
    /// --
    ///
    ///
    #[function]
    fn charmap_decode(
        data: Data<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        mapping: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        match mapping.filter(|it| !it.is_none()) {
            Some(mapping) => charmap::decode(&data.0, &errors, mapping, thread),
            None => convert::decode(&Latin1, &data.0, &errors, true, thread),
        }
    }

    /// escape_decode($module, data, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn escape_decode(
        data: DataOrText<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        convert::decode_escape(&data.0, &errors, thread)
    }

    /// utf_7_encode($module, str, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn utf_7_encode(str: &Str, #[default(Errors::STRICT)] errors: Errors, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let _ = errors;
        let bytes = utf7::encode(str.view()).or_memory_error(thread)?;
        bytes_pair(&bytes, str.length(), thread)
    }

    /// utf_8_encode($module, str, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn utf_8_encode(str: &Str, #[default(Errors::STRICT)] errors: Errors, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        convert::encode(&Utf8, str, &errors, thread)
    }

    /// utf_16_encode($module, str, errors=None, byteorder=0, /)
    /// --
    ///
    ///
    #[function]
    fn utf_16_encode(
        str: &Str,
        #[default(Errors::STRICT)] errors: Errors,
        byteorder: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        Wide::Utf16.encode(str, &errors, byteorder, thread)
    }

    /// utf_16_le_encode($module, str, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn utf_16_le_encode(
        str: &Str,
        #[default(Errors::STRICT)] errors: Errors,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        Wide::Utf16.encode(str, &errors, -1, thread)
    }

    /// utf_16_be_encode($module, str, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn utf_16_be_encode(
        str: &Str,
        #[default(Errors::STRICT)] errors: Errors,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        Wide::Utf16.encode(str, &errors, 1, thread)
    }

    /// utf_32_encode($module, str, errors=None, byteorder=0, /)
    /// --
    ///
    ///
    #[function]
    fn utf_32_encode(
        str: &Str,
        #[default(Errors::STRICT)] errors: Errors,
        byteorder: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        Wide::Utf32.encode(str, &errors, byteorder, thread)
    }

    /// utf_32_le_encode($module, str, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn utf_32_le_encode(
        str: &Str,
        #[default(Errors::STRICT)] errors: Errors,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        Wide::Utf32.encode(str, &errors, -1, thread)
    }

    /// utf_32_be_encode($module, str, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn utf_32_be_encode(
        str: &Str,
        #[default(Errors::STRICT)] errors: Errors,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        Wide::Utf32.encode(str, &errors, 1, thread)
    }

    /// unicode_escape_encode($module, str, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn unicode_escape_encode(
        str: &Str,
        #[default(Errors::STRICT)] errors: Errors,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let _ = errors;
        let bytes = encode_unicode_escape(str.view()).or_memory_error(thread)?;
        bytes_pair(&bytes, str.length(), thread)
    }

    /// raw_unicode_escape_encode($module, str, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn raw_unicode_escape_encode(
        str: &Str,
        #[default(Errors::STRICT)] errors: Errors,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let _ = errors;
        let bytes = encode_raw_unicode_escape(str.view()).or_memory_error(thread)?;
        bytes_pair(&bytes, str.length(), thread)
    }

    /// latin_1_encode($module, str, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn latin_1_encode(
        str: &Str,
        #[default(Errors::STRICT)] errors: Errors,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        convert::encode(&Latin1, str, &errors, thread)
    }

    /// ascii_encode($module, str, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn ascii_encode(str: &Str, #[default(Errors::STRICT)] errors: Errors, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        convert::encode(&Ascii, str, &errors, thread)
    }

    /// charmap_encode($module, str, errors=None, mapping=None, /)
    /// --
    ///
    ///
    #[function]
    fn charmap_encode(
        str: &Str,
        #[default(Errors::STRICT)] errors: Errors,
        mapping: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        match mapping.filter(|it| !it.is_none()) {
            Some(mapping) => charmap::encode(str, &errors, mapping, thread),
            None => convert::encode(&Latin1, str, &errors, thread),
        }
    }

    /// charmap_build($module, map, /)
    /// --
    ///
    ///
    #[function]
    fn charmap_build(map: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
        charmap::build(map, thread)
    }

    /// escape_encode($module, data, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn escape_encode(
        data: &Bytes,
        #[default(Errors::STRICT)] errors: Errors,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let _ = errors;
        let bytes = escape_bytes::encode(data.as_slice()).or_memory_error(thread)?;
        bytes_pair(&bytes, data.length(), thread)
    }

    /// readbuffer_encode($module, data, errors=None, /)
    /// --
    ///
    ///
    #[function]
    fn readbuffer_encode(
        data: DataOrText<'_>,
        #[default(Errors::STRICT)] errors: Errors,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let _ = errors;
        bytes_pair(&data.0, data.0.len(), thread)
    }
}

/// `codecs.encode` or `codecs.decode`: any codec, whatever it converts.
fn run(
    direction: Direction,
    object: &Object,
    encoding: Option<TextName>,
    errors: Option<TextName>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let encoding = encoding.map_or_else(|| "utf-8".to_owned(), |it| it.0);
    let codec = codec_registry::lookup(&encoding, thread)?;
    codec_registry::convert(direction, &codec, object, &encoding, errors.as_ref().map(|it| &*it.0), thread)
}

/// What the `_ex_` functions give: the text, how much was used, the byte order found.
fn triple(decoded: (Py<Str>, usize, i32), thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let (text, used, order) = decoded;
    let (used, order) = (protocol::make_int(used as i128, thread), protocol::make_int(i128::from(order), thread));
    Tuple::new(vec![text.into_object(), used, order], thread)
}
