//! Codecs: text from bytes and back, with CPython's error positions and reasons.
//!
//! A codec works until it is done or meets something it cannot convert. Then it returns the error, and the
//! caller asks an error handler (one of [`handlers::ErrorHandler`], or Python code), appends the replacement
//! and goes on where the handler says. [`decode_all`] and [`encode_all`] are that loop for built-in handlers.

pub mod charmap;
pub mod escape_bytes;
pub mod escapes;
pub mod handlers;
pub mod multibyte;
pub mod single_byte;
pub mod utf16;
pub mod utf32;
pub mod utf7;
pub mod utf8;

use crate::builder::{StrBuilder, StrData};
use crate::byte_builder::ByteBuilder;
use crate::view::StrView;
use handlers::{ErrorHandler, Refusal, Replacement};

/// Bytes that don't decode: what `UnicodeDecodeError` tells besides encoding and object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The first byte of the problem.
    pub start: usize,
    /// One after its last byte.
    pub end: usize,
    /// What is wrong.
    pub reason: &'static str,
}

/// Text that doesn't encode: what `UnicodeEncodeError` tells besides encoding and object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodeError {
    /// The first code point of the problem.
    pub start: usize,
    /// One after its last code point.
    pub end: usize,
    /// What is wrong.
    pub reason: &'static str,
}

/// How far a decoder came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The bytes before this index are decoded. If the input is not final, a sequence that is cut off at the end
    /// stays undecoded.
    pub position: usize,
    /// Why it stopped before the end.
    pub error: Option<DecodeError>,
}

impl Progress {
    /// All is decoded up to `position`.
    pub fn done(position: usize) -> Self {
        Self { position, error: None }
    }

    /// Decoding stops at `start`, because of the bytes up to `end`.
    pub fn failed(start: usize, end: usize, reason: &'static str) -> Self {
        Self { position: start, error: Some(DecodeError { start, end, reason }) }
    }
}

/// Turns bytes into text. A decoder keeps no state between calls.
pub trait Decoder {
    /// The name of the encoding in exceptions.
    fn name(&self) -> &str;

    /// Decodes from `start` until the end or an error. `is_final` tells that no more bytes will follow.
    fn decode(&self, bytes: &[u8], start: usize, is_final: bool, out: &mut StrBuilder) -> Progress;
}

/// Turns text into bytes. An encoder keeps no state between calls.
pub trait Encoder {
    /// The name of the encoding in exceptions.
    fn name(&self) -> &str;

    /// Encodes from the code point `start` on until the end or an error.
    fn encode(&self, text: StrView<'_>, start: usize, out: &mut ByteBuilder) -> Option<EncodeError>;

    /// Appends what an error handler gave; false if it can't be encoded itself, so that the error stands.
    fn push_replacement(&self, replacement: &Replacement, out: &mut ByteBuilder) -> bool;
}

/// Decodes with a built-in error handler: the text and how many bytes were used.
pub fn decode_all(
    decoder: &dyn Decoder,
    bytes: &[u8],
    is_final: bool,
    handler: ErrorHandler,
) -> Result<(StrData, usize), (DecodeError, Refusal)> {
    let mut out = StrBuilder::new();
    let mut position = 0;
    loop {
        let progress = decoder.decode(bytes, position, is_final, &mut out);
        let Some(error) = progress.error else {
            let nowhere = DecodeError { start: position, end: position, reason: "" };
            let text = out.finish().map_err(|_| (nowhere, Refusal::OutOfMemory))?;
            return Ok((text, progress.position));
        };
        let (replacement, next) =
            handler.on_decode_error(decoder.name(), bytes, &error).map_err(|refusal| (error, refusal))?;
        out.push_view(replacement.view());
        position = next;
    }
}

/// Encodes with a built-in error handler.
pub fn encode_all(
    encoder: &dyn Encoder,
    text: StrView<'_>,
    handler: ErrorHandler,
) -> Result<Vec<u8>, (EncodeError, Refusal)> {
    let mut out = ByteBuilder::new();
    let mut position = 0;
    while let Some(error) = encoder.encode(text, position, &mut out) {
        if out.is_full() {
            return Err((error, Refusal::OutOfMemory));
        }
        let (replacement, next) = handler
            .on_encode_error(encoder.name(), text, &error)
            .map_err(|refusal| (narrowed(error, encoder, text, handler), refusal))?;
        if !encoder.push_replacement(&replacement, &mut out) {
            return Err((error, Refusal::Raise));
        }
        position = next;
    }
    let nowhere = EncodeError { start: position, end: position, reason: "" };
    out.finish().map_err(|_| (nowhere, Refusal::OutOfMemory))
}

// These codecs write what `surrogateescape` can before they complain of the rest.
fn narrowed(error: EncodeError, encoder: &dyn Encoder, text: StrView<'_>, handler: ErrorHandler) -> EncodeError {
    if handler != ErrorHandler::SurrogateEscape || !matches!(encoder.name(), "utf-8" | "ascii" | "latin-1") {
        return error;
    }
    EncodeError { start: run_end(text, error.start, |point| (0xDC80..0xDD00).contains(&point)), ..error }
}

/// The order of bytes in UTF-16 and UTF-32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// Little end first.
    Little,
    /// Big end first.
    Big,
}

/// The run of code points from `start` that `fails` holds for.
fn run_end(text: StrView<'_>, start: usize, fails: impl Fn(u32) -> bool) -> usize {
    start + text.slice_from(start).iter().take_while(|point| fails(*point)).count()
}

#[inline]
fn is_surrogate(point: u32) -> bool {
    (0xD800..0xE000).contains(&point)
}
