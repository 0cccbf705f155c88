//! A stream of the liblzma library: compression or decompression with its state.
//!
//! This is the only place that calls the library's stream functions. The invariant of [`Stream`]: its struct was initialized by one of the
//! library's functions, lies in a block of its own, and points to input and output only during a step.

use std::mem::MaybeUninit;
use std::ptr;

use liblzma_sys::{
    LZMA_BUF_ERROR, LZMA_DATA_ERROR, LZMA_FINISH, LZMA_FORMAT_ERROR, LZMA_GET_CHECK, LZMA_MEM_ERROR,
    LZMA_MEMLIMIT_ERROR, LZMA_NO_CHECK, LZMA_OK, LZMA_OPTIONS_ERROR, LZMA_PROG_ERROR, LZMA_RUN, LZMA_STREAM_END,
    LZMA_TELL_ANY_CHECK, LZMA_TELL_NO_CHECK, LZMA_UNSUPPORTED_CHECK, lzma_action, lzma_alone_decoder,
    lzma_alone_encoder, lzma_auto_decoder, lzma_check, lzma_code, lzma_easy_encoder, lzma_end, lzma_get_check,
    lzma_options_lzma, lzma_raw_decoder, lzma_raw_encoder, lzma_ret, lzma_stream, lzma_stream_decoder,
    lzma_stream_encoder,
};

use super::filters::Chain;
use crate::incremental::{Decoder, OutOfMemory, Output, Step};

/// The library's number of what went wrong.
pub struct Failure(pub lzma_ret);

impl From<OutOfMemory> for Failure {
    fn from(_: OutOfMemory) -> Self {
        Self(LZMA_MEM_ERROR)
    }
}

impl Failure {
    /// Fails unless the number says that all is well.
    pub fn check(code: lzma_ret) -> Result<lzma_ret, Failure> {
        match code {
            LZMA_OK | LZMA_GET_CHECK | LZMA_NO_CHECK | LZMA_STREAM_END => Ok(code),
            code => Err(Failure(code)),
        }
    }

    /// The message of `LZMAError`; None for a lack of memory.
    pub fn message(&self) -> Option<String> {
        let text = match self.0 {
            LZMA_MEM_ERROR => return None,
            LZMA_UNSUPPORTED_CHECK => "Unsupported integrity check",
            LZMA_MEMLIMIT_ERROR => "Memory usage limit exceeded",
            LZMA_FORMAT_ERROR => "Input format not supported by decoder",
            LZMA_OPTIONS_ERROR => "Invalid or unsupported options",
            LZMA_DATA_ERROR => "Corrupt input data",
            LZMA_BUF_ERROR => "Insufficient buffer space",
            LZMA_PROG_ERROR => "Internal error",
            code => return Some(format!("Unrecognized error from liblzma: {code}")),
        };
        Some(text.to_owned())
    }
}

pub struct Stream {
    raw: Box<lzma_stream>,
    /// The integrity check of the input, once the library has told.
    pub check: Option<lzma_check>,
}

// SAFETY: the library's state belongs to the struct alone and knows nothing of threads.
unsafe impl Send for Stream {}

impl Stream {
    fn new(initialize: impl FnOnce(&mut lzma_stream) -> lzma_ret) -> Result<Stream, Failure> {
        // SAFETY: all zero is the library's initial value of the struct (`LZMA_STREAM_INIT`).
        let raw = unsafe { MaybeUninit::<lzma_stream>::zeroed().assume_init() };
        let mut stream = Stream { raw: Box::new(raw), check: None };
        Failure::check(initialize(&mut stream.raw))?;
        Ok(stream)
    }

    pub fn easy_encoder(preset: u32, check: lzma_check) -> Result<Stream, Failure> {
        // SAFETY: the struct has its initial value.
        Self::new(|raw| unsafe { lzma_easy_encoder(raw, preset, check) })
    }

    pub fn encoder(chain: &Chain, check: lzma_check) -> Result<Stream, Failure> {
        // SAFETY: the struct has its initial value; the library copies the filters.
        Self::new(|raw| unsafe { lzma_stream_encoder(raw, chain.as_raw().as_ptr(), check) })
    }

    pub fn alone_encoder(options: &lzma_options_lzma) -> Result<Stream, Failure> {
        // SAFETY: the struct has its initial value; the library copies the options.
        Self::new(|raw| unsafe { lzma_alone_encoder(raw, options) })
    }

    pub fn raw_encoder(chain: &Chain) -> Result<Stream, Failure> {
        // SAFETY: the struct has its initial value; the library copies the filters.
        Self::new(|raw| unsafe { lzma_raw_encoder(raw, chain.as_raw().as_ptr()) })
    }

    pub fn auto_decoder(memory_limit: u64) -> Result<Stream, Failure> {
        // SAFETY: the struct has its initial value.
        Self::new(|raw| unsafe { lzma_auto_decoder(raw, memory_limit, LZMA_TELL_ANY_CHECK | LZMA_TELL_NO_CHECK) })
    }

    pub fn decoder(memory_limit: u64) -> Result<Stream, Failure> {
        // SAFETY: the struct has its initial value.
        Self::new(|raw| unsafe { lzma_stream_decoder(raw, memory_limit, LZMA_TELL_ANY_CHECK | LZMA_TELL_NO_CHECK) })
    }

    pub fn alone_decoder(memory_limit: u64) -> Result<Stream, Failure> {
        // SAFETY: the struct has its initial value.
        Self::new(|raw| unsafe { lzma_alone_decoder(raw, memory_limit) })
    }

    pub fn raw_decoder(chain: &Chain) -> Result<Stream, Failure> {
        // SAFETY: the struct has its initial value; the library copies the filters.
        Self::new(|raw| unsafe { lzma_raw_decoder(raw, chain.as_raw().as_ptr()) })
    }

    /// One call of the library: takes from the front of the input, appends to the output; gives the library's number.
    fn step(&mut self, input: &mut &[u8], output: &mut Output, action: lzma_action) -> Result<lzma_ret, Failure> {
        let (room, length) = output.room()?;
        self.raw.next_in = input.as_ptr();
        self.raw.avail_in = input.len();
        self.raw.next_out = room;
        self.raw.avail_out = length;
        // SAFETY: the stream was initialized, and input and output have so many bytes.
        let code = unsafe { lzma_code(&mut *self.raw, action) };
        *input = &input[input.len() - self.raw.avail_in..];
        // SAFETY: the library has written what it no longer counts as available.
        unsafe { output.take(length - self.raw.avail_out) };
        self.raw.next_in = ptr::null();
        self.raw.next_out = ptr::null_mut();
        if code == LZMA_GET_CHECK || code == LZMA_NO_CHECK {
            // SAFETY: the library has just said that the check is known.
            self.check = Some(unsafe { lzma_get_check(&*self.raw) });
        }
        // Without input, and with room left, there simply was nothing to do.
        if code == LZMA_BUF_ERROR && input.is_empty() && self.raw.avail_out > 0 {
            return Ok(LZMA_OK);
        }
        Failure::check(code)
    }

    /// Compresses the input; `is_last` ends the stream.
    pub fn compress(&mut self, mut input: &[u8], is_last: bool) -> Result<Vec<u8>, Failure> {
        let mut output = Output::new(None);
        let action = if is_last { LZMA_FINISH } else { LZMA_RUN };
        loop {
            let code = self.step(&mut input, &mut output, action)?;
            let is_done = if is_last { code == LZMA_STREAM_END } else { input.is_empty() };
            if is_done {
                return Ok(output.bytes);
            }
        }
    }
}

impl Decoder for Stream {
    type Error = Failure;

    fn decode(&mut self, all: &[u8], output: &mut Output) -> Result<Step, Failure> {
        let mut input = all;
        let ended = loop {
            let code = self.step(&mut input, output, LZMA_RUN)?;
            if code == LZMA_STREAM_END {
                break true;
            }
            let told_check = code == LZMA_GET_CHECK || code == LZMA_NO_CHECK;
            if output.is_full() || input.is_empty() && self.raw.avail_out > 0 && !told_check {
                break false;
            }
        };
        Ok(Step { consumed: all.len() - input.len(), ended })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // SAFETY: the struct was initialized, or has its initial value, which the library accepts here.
        unsafe { lzma_end(&mut *self.raw) };
    }
}
