//! Decoders and encoders of a text stream: UTF-8, ASCII and Latin-1 without any object, all others through the codec registry.
//!
//! CPython decodes all encodings by the objects that `codecs` makes, which are written in Python. That can be seen by tools, so streams that are
//! made while a tool watches decode like that too, and in the tracebacks of errors, so what cannot be decoded is decoded again by such an object.

use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::names;
use objects::protocol;
use objects::protocol::buffer::{BytesLike, bytes_contents};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::{Str, codec_registry, codecs};
use objects::thread::Thread;
use objects::tuple::Tuple;
use text::codecs::single_byte::{Ascii, Latin1};
use text::codecs::utf8::Utf8;

use super::super::newline::{check_decoded, decoder_state, state_object};

/// An encoding that needs no object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Native {
    Utf8,
    Ascii,
    Latin1,
}

impl Native {
    fn by_name(encoding: &str) -> Option<Self> {
        match &*codecs::normalize(encoding) {
            "utf_8" | "utf8" => Some(Self::Utf8),
            "ascii" | "us_ascii" => Some(Self::Ascii),
            "latin_1" | "latin1" | "iso_8859_1" | "iso8859_1" => Some(Self::Latin1),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Ascii => "ascii",
            Self::Latin1 => "latin-1",
        }
    }

    /// The decoder that `codecs` has for the encoding.
    fn decoder_object(self, errors: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
        let codec = codec_registry::lookup(self.name(), thread)?;
        protocol::call_method(&codec, &names::incrementaldecoder, &[errors], thread)
    }

    /// Makes the encoder that `codecs` has for the encoding, and drops it: CPython does that, and never uses it.
    fn make_encoder_object(self, errors: &Str, thread: &mut Thread) -> PyResult<()> {
        let codec = codec_registry::lookup(self.name(), thread)?;
        protocol::call_method(&codec, &names::incrementalencoder, &[errors], thread).map(drop)
    }

    fn decoder(self) -> &'static dyn text::codecs::Decoder {
        match self {
            Self::Utf8 => &Utf8,
            Self::Ascii => &Ascii,
            Self::Latin1 => &Latin1,
        }
    }

    fn encoder(self) -> &'static dyn text::codecs::Encoder {
        match self {
            Self::Utf8 => &Utf8,
            Self::Ascii => &Ascii,
            Self::Latin1 => &Latin1,
        }
    }
}

/// What is known of an encoding by its name.
pub enum Codec {
    Native(Native),
    /// A `codecs.CodecInfo`.
    Registered(Py<Tuple>),
}

impl Codec {
    /// Looks an encoding up; LookupError if it is none, or none for text.
    pub fn lookup(encoding: &str, thread: &mut Thread) -> PyResult<Self> {
        if let Some(native) = Native::by_name(encoding) {
            if thread.is_monitored() {
                codec_registry::lookup(encoding, thread)?;
            }
            return Ok(Self::Native(native));
        }
        let codec = codec_registry::lookup(encoding, thread)?;
        if !codec.is_exactly::<Tuple>()
            && let Some(flag) = protocol::lookup_attribute(&codec, &names::_is_text_encoding, thread)?
            && !protocol::is_true(&flag, thread)?
        {
            return Err(raise!(thread, LookupError, "'{encoding}' is not a text encoding"));
        }
        Ok(Self::Registered(codec))
    }

    /// Makes a decoder.
    pub fn decoder(&self, errors: &Str, thread: &mut Thread) -> PyResult<Decoder> {
        match self {
            Self::Native(native) if thread.is_monitored() => native.decoder_object(errors, thread).map(Decoder::Object),
            Self::Native(native) => Ok(Decoder::Native(*native, Vec::new())),
            Self::Registered(codec) => {
                protocol::call_method(codec, &names::incrementaldecoder, &[errors], thread).map(Decoder::Object)
            }
        }
    }

    /// Makes an encoder.
    pub fn encoder(&self, errors: &Str, thread: &mut Thread) -> PyResult<Encoder> {
        match self {
            Self::Native(native) => {
                if thread.is_monitored() {
                    native.make_encoder_object(errors, thread)?;
                }
                Ok(Encoder::Native(*native))
            }
            Self::Registered(codec) => {
                protocol::call_method(codec, &names::incrementalencoder, &[errors], thread).map(Encoder::Object)
            }
        }
    }
}

/// Decodes bytes piece by piece.
#[derive(Clone, Default)]
pub enum Decoder {
    /// The stream cannot be read.
    #[default]
    None,
    /// The bytes of a character that the last piece cut off.
    Native(Native, Vec<u8>),
    Object(Py<Object>),
}

impl Decoder {
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Decodes the next piece: the text, and the decoder to go on with.
    pub fn decode(
        self,
        piece: &Object,
        is_final: bool,
        errors: &str,
        thread: &mut Thread,
    ) -> (Self, PyResult<Py<Str>>) {
        match self {
            Self::None => (self, Ok(Str::empty())),
            Self::Native(native, rest) => {
                let (rest, decoded) = decode_native(native, rest, piece, is_final, errors, thread);
                (Self::Native(native, rest), decoded)
            }
            Self::Object(decoder) => {
                let flag = objects::bool::Bool::new(is_final);
                let decoded = protocol::call_method(&decoder, &names::decode, &[piece, &flag], thread);
                let decoded = decoded.and_then(|it| check_decoded(it, thread));
                (Self::Object(decoder), decoded)
            }
        }
    }

    /// Bytes that are not decoded yet, and flags.
    pub fn state(&self, thread: &mut Thread) -> PyResult<(Vec<u8>, i128)> {
        match self {
            Self::None => Ok((Vec::new(), 0)),
            Self::Native(_, rest) => Ok((rest.clone(), 0)),
            Self::Object(decoder) => {
                let state = protocol::call_method(decoder, &names::getstate, &[], thread)?;
                let (buffer, flags) = decoder_state(&state, thread)?;
                match bytes_contents(&buffer) {
                    Some(bytes) => Ok((bytes.to_vec(), flags)),
                    None => {
                        let class = buffer.class().full_name();
                        Err(raise!(
                            thread,
                            TypeError,
                            "illegal decoder state: the first item should be a bytes object, not '{class}'"
                        ))
                    }
                }
            }
        }
    }

    /// Puts the decoder into a state: the decoder to go on with.
    pub fn with_state(self, buffer: &[u8], flags: i128, thread: &mut Thread) -> PyResult<Self> {
        match self {
            Self::None => Ok(self),
            Self::Native(native, _) => Ok(Self::Native(native, buffer.to_vec())),
            Self::Object(decoder) => {
                let buffer = thread.make_bytes(buffer)?;
                let state = state_object(buffer, flags, thread)?;
                protocol::call_method(&decoder, &names::setstate, &[&state], thread)?;
                Ok(Self::Object(decoder))
            }
        }
    }

    /// Forgets what was decoded: the decoder to go on with.
    pub fn reset(self, thread: &mut Thread) -> PyResult<Self> {
        match self {
            Self::Object(decoder) => {
                protocol::call_method(&decoder, &names::reset, &[], thread)?;
                Ok(Self::Object(decoder))
            }
            Self::Native(native, _) => Ok(Self::Native(native, Vec::new())),
            Self::None => Ok(self),
        }
    }
}

/// Decodes with a native codec: the bytes that are left over, and the text.
fn decode_native(
    native: Native,
    mut rest: Vec<u8>,
    piece: &Object,
    is_final: bool,
    errors: &str,
    thread: &mut Thread,
) -> (Vec<u8>, PyResult<Py<Str>>) {
    let copy;
    let earlier = rest.len();
    let bytes = match bytes_contents(piece) {
        Some(bytes) if rest.is_empty() => bytes,
        _ => {
            match BytesLike::of(piece, thread) {
                Ok(piece) => rest.extend_from_slice(piece.as_slice(thread)),
                Err(raised) => return (rest, Err(raised)),
            }
            copy = rest;
            &copy[..]
        }
    };
    match codecs::decode_with(native.decoder(), bytes, is_final, Some(errors), thread) {
        Ok((text, used)) => (bytes[used.min(bytes.len())..].to_vec(), Ok(text)),
        Err(raised) if errors == "strict" => {
            drop(thread.catch(raised));
            (bytes[..earlier].to_vec(), decode_by_object(native, bytes, is_final, thread))
        }
        // The piece is lost, as in CPython.
        Err(raised) => (bytes[..earlier].to_vec(), Err(raised)),
    }
}

/// Decodes what has just been found not to be decodable by an object of `codecs`, whose frame is then in the traceback.
#[cold]
fn decode_by_object(native: Native, bytes: &[u8], is_final: bool, thread: &mut Thread) -> PyResult<Py<Str>> {
    let errors = Str::from_str("strict", thread);
    let bytes = thread.make_bytes(bytes)?;
    let decoder = native.decoder_object(&errors, thread)?;
    let flag = objects::bool::Bool::new(is_final);
    let decoded = protocol::call_method(&decoder, &names::decode, &[&bytes, &flag], thread)?;
    check_decoded(decoded, thread)
}

impl Traverse for Decoder {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        if let Self::Object(decoder) = self {
            visitor.visit::<Object>(decoder);
        }
    }

    fn clear(&self) {}
}

/// Encodes text piece by piece.
#[derive(Clone, Default)]
pub enum Encoder {
    /// The stream cannot be written.
    #[default]
    None,
    Native(Native),
    Object(Py<Object>),
}

impl Encoder {
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Encodes text, and gives the bytes to a function.
    pub fn encode(
        &self,
        text: &Str,
        errors: &str,
        take: impl FnOnce(&[u8], &mut Thread),
        thread: &mut Thread,
    ) -> PyResult<()> {
        match self {
            Self::None => Ok(()),
            Self::Native(native) => {
                match text.view().as_ascii() {
                    Some(ascii) => take(ascii, thread),
                    None => {
                        let bytes = codecs::encode_with(native.encoder(), text, Some(errors), thread)?;
                        take(&bytes, thread);
                    }
                }
                Ok(())
            }
            Self::Object(encoder) => {
                let encoded = protocol::call_method(encoder, &names::encode, &[text], thread)?;
                match bytes_contents(&encoded) {
                    Some(bytes) => {
                        take(bytes, thread);
                        Ok(())
                    }
                    None => {
                        let class = encoded.class().full_name();
                        Err(raise!(thread, TypeError, "encoder should return a bytes object, not '{class}'"))
                    }
                }
            }
        }
    }

    /// Tells the encoder whether the next text comes at the start of the stream, where some write a mark.
    pub fn set_position(&self, at_start: bool, thread: &mut Thread) -> PyResult<()> {
        let Self::Object(encoder) = self else { return Ok(()) };
        if at_start {
            return protocol::call_method(encoder, &names::reset, &[], thread).map(drop);
        }
        let zero = protocol::make_int(0, thread);
        protocol::call_method(encoder, &names::setstate, &[&zero], thread).map(drop)
    }
}

impl Traverse for Encoder {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        if let Self::Object(encoder) = self {
            visitor.visit::<Object>(encoder);
        }
    }

    fn clear(&self) {}
}
