//! `binascii`: bytes as text in base64, hexadecimal, quoted-printable and uuencoding, and two checksums.
//!
//! The conversions are plain functions of bytes, a file each; here are the functions that Python code sees.

mod base64;
mod checksum;
mod quoted_printable;
mod uu;

use builtins::bytes::Bytes;
use builtins::bytes::shared::text_form::to_hex;
use macros::python_module;
use objects::errors::{Exception, OrMemoryError, PyResult, Raised, TryToVec, ValueError};
use objects::method::{FromArgument, Position};
use objects::module::Module;
use objects::protocol;
use objects::protocol::buffer::{BytesLike, has_buffer};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::exception_class::{Place, raise_instance};

/// What an interpreter keeps for this module.
#[derive(Default)]
struct State {
    error: Place,
    incomplete: Place,
}

fn error_class(thread: &mut Thread) -> PyResult<Py<Object>> {
    let state = thread.interpreter().extension::<State>();
    state.error.class("binascii", "Error", ValueError, thread)
}

#[cold]
fn raise_error(message: &str, thread: &mut Thread) -> Raised {
    let class = error_class(thread);
    raise_instance(class, message, thread)
}

/// An argument that is text to be decoded: a bytes-like object, or a string of ASCII characters.
struct AsciiText(Vec<u8>);

impl FromArgument<'_> for AsciiText {
    fn from_argument(value: &Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        if let Some(text) = value.downcast::<Str>() {
            return match text.view().as_ascii() {
                Some(bytes) => Ok(Self(bytes.to_vec())),
                None => Err(raise!(thread, ValueError, "string argument should contain only ASCII characters")),
            };
        }
        if !has_buffer(value) {
            let class = value.class().full_name();
            return Err(raise!(thread, TypeError, "argument should be bytes, buffer or ASCII string, not '{class}'"));
        }
        Ok(Self(BytesLike::of(value, thread)?.as_slice(thread).try_to_vec().or_memory_error(thread)?))
    }
}

/// The bytes that hexadecimal digits stand for.
fn unhex(text: &[u8], thread: &mut Thread) -> PyResult<Py<Bytes>> {
    if !text.len().is_multiple_of(2) {
        return Err(raise_error("Odd-length string", thread));
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|it| it as u8);
    let bytes: Option<Vec<u8>> =
        text.chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect();
    match bytes {
        Some(bytes) => Bytes::try_from_slice(&bytes, thread),
        None => Err(raise_error("Non-hexadecimal digit found", thread)),
    }
}

fn hex(data: &BytesLike<'_>, sep: Option<&Object>, group: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
    let text = to_hex(|thread| data.as_slice(thread).try_to_vec().or_memory_error(thread), sep, group, thread)?;
    Bytes::try_from_slice(text.view().as_ascii().unwrap_or_default(), thread).map(Py::into_object)
}

fn made(result: Result<Vec<u8>, String>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
    match result {
        Ok(bytes) => Bytes::try_from_slice(&bytes, thread),
        Err(message) => Err(raise_error(&message, thread)),
    }
}

pub struct BinasciiModule;

/// Conversion between binary data and ASCII
#[python_module(name = "binascii")]
impl BinasciiModule {
    /// a2b_uu($module, data, /)
    /// --
    ///
    /// Decode a line of uuencoded data.
    #[function]
    fn a2b_uu(data: AsciiText, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        made(uu::decode(&data.0).map_err(str::to_owned), thread)
    }

    /// b2a_uu($module, data, /, *, backtick=False)
    /// --
    ///
    /// Uuencode line of data.
    #[function]
    fn b2a_uu(data: BytesLike<'_>, backtick: bool, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let result = uu::encode(data.as_slice(thread), backtick).map_err(str::to_owned);
        made(result, thread)
    }

    /// a2b_base64($module, data, /, *, strict_mode=False)
    /// --
    ///
    /// Decode a line of base64 data.
    ///
    ///   strict_mode
    ///     When set to True, bytes that are not part of the base64 standard are not allowed.
    ///     The same applies to excess data after padding (= / ==).
    #[function]
    fn a2b_base64(data: AsciiText, strict_mode: bool, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        made(base64::decode(&data.0, strict_mode), thread)
    }

    /// b2a_base64($module, data, /, *, newline=True)
    /// --
    ///
    /// Base64-code line of data.
    #[function]
    fn b2a_base64(data: BytesLike<'_>, newline: bool, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let text = base64::encode(data.as_slice(thread), newline);
        Bytes::try_from_slice(&text, thread)
    }

    /// a2b_hex($module, hexstr, /)
    /// --
    ///
    /// Binary data of hexadecimal representation.
    ///
    /// hexstr must contain an even number of hex digits (upper or lower case).
    /// This function is also available as "unhexlify()".
    #[function]
    fn a2b_hex(hexstr: AsciiText, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        unhex(&hexstr.0, thread)
    }

    /// unhexlify($module, hexstr, /)
    /// --
    ///
    /// Binary data of hexadecimal representation.
    ///
    /// hexstr must contain an even number of hex digits (upper or lower case).
    #[function]
    fn unhexlify(hexstr: AsciiText, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        unhex(&hexstr.0, thread)
    }

    /// b2a_hex($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)
    /// --
    ///
    /// Hexadecimal representation of binary data.
    ///
    ///   sep
    ///     An optional single character or byte to separate hex bytes.
    ///   bytes_per_sep
    ///     How many bytes between separators.  Positive values count from the
    ///     right, negative values count from the left.
    ///
    /// The return value is a bytes object.  This function is also
    /// available as "hexlify()".
    ///
    /// Example:
    /// >>> binascii.b2a_hex(b'\xb9\x01\xef')
    /// b'b901ef'
    /// >>> binascii.hexlify(b'\xb9\x01\xef', ':')
    /// b'b9:01:ef'
    /// >>> binascii.b2a_hex(b'\xb9\x01\xef', b'_', 2)
    /// b'b9_01ef'
    #[function]
    fn b2a_hex(
        data: BytesLike<'_>,
        sep: Option<&Object>,
        bytes_per_sep: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        hex(&data, sep, bytes_per_sep, thread)
    }

    /// hexlify($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)
    /// --
    ///
    /// Hexadecimal representation of binary data.
    ///
    ///   sep
    ///     An optional single character or byte to separate hex bytes.
    ///   bytes_per_sep
    ///     How many bytes between separators.  Positive values count from the
    ///     right, negative values count from the left.
    ///
    /// The return value is a bytes object.  This function is also
    /// available as "b2a_hex()".
    #[function]
    fn hexlify(
        data: BytesLike<'_>,
        sep: Option<&Object>,
        bytes_per_sep: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        hex(&data, sep, bytes_per_sep, thread)
    }

    /// crc_hqx($module, data, crc, /)
    /// --
    ///
    /// Compute CRC-CCITT incrementally.
    #[function]
    fn crc_hqx(data: BytesLike<'_>, crc: &Object, thread: &mut Thread) -> PyResult<u32> {
        let start = protocol::index(crc, thread)?.signed().wrapping_u64();
        Ok(u32::from(checksum::crc_hqx(data.as_slice(thread), start as u16)))
    }

    /// crc32($module, data, crc=0, /)
    /// --
    ///
    /// Compute CRC-32 incrementally.
    #[function]
    fn crc32(data: BytesLike<'_>, crc: Option<&Object>, thread: &mut Thread) -> PyResult<u32> {
        let start = match crc {
            Some(crc) => protocol::index(crc, thread)?.signed().wrapping_u64() as u32,
            None => 0,
        };
        Ok(checksum::crc32(data.as_slice(thread), start))
    }

    /// a2b_qp($module, /, data, header=False)
    /// --
    ///
    /// Decode a string of qp-encoded data.
    #[function]
    fn a2b_qp(data: AsciiText, header: bool, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let decoded = quoted_printable::decode(&data.0, header).or_memory_error(thread)?;
        Bytes::try_from_slice(&decoded, thread)
    }

    /// b2a_qp($module, /, data, quotetabs=False, istext=True, header=False)
    /// --
    ///
    /// Encode a string using quoted-printable encoding.
    ///
    /// On encoding, when istext is set, newlines are not encoded, and white
    /// space at end of lines is.  When istext is not set, \r and \n (CR/LF)
    /// are both encoded.  When quotetabs is set, space and tabs are encoded.
    #[function]
    fn b2a_qp(
        data: BytesLike<'_>,
        quotetabs: bool,
        istext: bool,
        header: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Bytes>> {
        let options = quoted_printable::Options { quote_tabs: quotetabs, is_text: istext, header };
        let text = quoted_printable::encode(data.as_slice(thread), options).or_memory_error(thread)?;
        Bytes::try_from_slice(&text, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let error = error_class(thread)?;
        module.set("Error", &error, thread)?;
        let state = thread.interpreter().extension::<State>();
        let incomplete = state.incomplete.class("binascii", "Incomplete", Exception, thread)?;
        module.set("Incomplete", &incomplete, thread)
    }
}
