//! A stream of the zlib library: compression or decompression with its state.
//!
//! This is the only place that calls the library's stream functions. The invariant of [`Stream`]: its struct was initialized for its
//! direction, does not move (it lies in a block of its own), and its pointers to input and output are only valid during a step.

use std::ffi::{CStr, c_int, c_uint};
use std::ptr;

use libz_rs_sys::{
    Z_BUF_ERROR, Z_DATA_ERROR, Z_OK, Z_STREAM_ERROR, deflate, deflateCopy, deflateEnd, deflateInit2_,
    deflateSetDictionary, inflate, inflateCopy, inflateEnd, inflateInit2_, inflateSetDictionary, z_stream, zlibVersion,
};

use crate::incremental::{OutOfMemory, Output};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Deflate,
    Inflate,
}

/// How to compress.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub level: c_int,
    pub method: c_int,
    pub window_bits: c_int,
    pub memory_level: c_int,
    pub strategy: c_int,
}

/// What failed: the library's number and its message.
#[derive(Clone, Copy, Debug)]
pub struct Failure {
    pub code: c_int,
    pub message: Option<&'static str>,
}

impl Failure {
    fn of(code: c_int) -> Self {
        Self { code, message: None }
    }

    /// `Error -3 while decompressing data: incorrect header check`
    pub fn describe(&self, doing: &str) -> String {
        let common = match self.code {
            Z_BUF_ERROR => Some("incomplete or truncated stream"),
            Z_STREAM_ERROR => Some("inconsistent stream state"),
            Z_DATA_ERROR => Some("invalid input data"),
            _ => None,
        };
        match self.message.or(common) {
            Some(message) => format!("Error {} {doing}: {message}", self.code),
            None => format!("Error {} {doing}", self.code),
        }
    }
}

pub struct Stream {
    raw: Box<z_stream>,
    direction: Direction,
    /// False when the library's state has been freed.
    is_open: bool,
}

// SAFETY: the library's state belongs to the struct alone and knows nothing of threads.
unsafe impl Send for Stream {}

/// The library's version.
pub fn version() -> &'static str {
    // SAFETY: the library gives a static C string.
    unsafe { CStr::from_ptr(zlibVersion()) }.to_str().unwrap_or_default()
}

const STREAM_SIZE: c_int = size_of::<z_stream>() as c_int;

impl Stream {
    pub fn compressor(settings: Settings) -> Result<Stream, Failure> {
        let mut raw = Box::<z_stream>::default();
        let Settings { level, method, window_bits, memory_level, strategy } = settings;
        // SAFETY: the struct has its default value: no buffers, default allocation.
        let code = unsafe {
            deflateInit2_(&mut *raw, level, method, window_bits, memory_level, strategy, zlibVersion(), STREAM_SIZE)
        };
        if code != Z_OK {
            return Err(Failure::of(code));
        }
        Ok(Stream { raw, direction: Direction::Deflate, is_open: true })
    }

    pub fn decompressor(window_bits: c_int) -> Result<Stream, Failure> {
        let mut raw = Box::<z_stream>::default();
        // SAFETY: the struct has its default value: no buffers, default allocation.
        let code = unsafe { inflateInit2_(&mut *raw, window_bits, zlibVersion(), STREAM_SIZE) };
        if code != Z_OK {
            return Err(Failure::of(code));
        }
        Ok(Stream { raw, direction: Direction::Inflate, is_open: true })
    }

    /// One call of the library: takes from the front of the input, appends to the output; gives the library's number.
    pub fn step(&mut self, input: &mut &[u8], output: &mut Output, flush: c_int) -> Result<c_int, OutOfMemory> {
        if !self.is_open {
            return Ok(Z_STREAM_ERROR);
        }
        let (room, length) = output.room()?;
        let available = input.len().min(c_uint::MAX as usize);
        let length = length.min(c_uint::MAX as usize);
        self.raw.next_in = input.as_ptr();
        self.raw.avail_in = available as c_uint;
        self.raw.next_out = room;
        self.raw.avail_out = length as c_uint;
        // SAFETY: the stream is open, and input and output have so many bytes.
        let code = unsafe {
            match self.direction {
                Direction::Deflate => deflate(&mut *self.raw, flush),
                Direction::Inflate => inflate(&mut *self.raw, flush),
            }
        };
        *input = &input[available - self.raw.avail_in as usize..];
        // SAFETY: the library has written what it no longer counts as available.
        unsafe { output.take(length - self.raw.avail_out as usize) };
        self.raw.avail_in = 0;
        self.raw.next_in = ptr::null();
        Ok(code)
    }

    /// True if the last step used up its room for output.
    pub fn filled_output(&self) -> bool {
        self.raw.avail_out == 0
    }

    /// The failure that the last step's number stands for, with the library's message.
    pub fn failure(&self, code: c_int) -> Failure {
        if self.raw.msg.is_null() || !self.is_open {
            return Failure::of(code);
        }
        // SAFETY: the library's messages are static C strings.
        let message = unsafe { CStr::from_ptr(self.raw.msg) };
        Failure { code, message: message.to_str().ok() }
    }

    pub fn set_dictionary(&mut self, dictionary: &[u8]) -> Result<(), Failure> {
        if !self.is_open {
            return Err(Failure::of(Z_STREAM_ERROR));
        }
        let length = dictionary.len().min(c_uint::MAX as usize) as c_uint;
        // SAFETY: the stream is open, and the dictionary has so many bytes.
        let code = unsafe {
            match self.direction {
                Direction::Deflate => deflateSetDictionary(&mut *self.raw, dictionary.as_ptr(), length),
                Direction::Inflate => inflateSetDictionary(&mut *self.raw, dictionary.as_ptr(), length),
            }
        };
        if code == Z_OK { Ok(()) } else { Err(self.failure(code)) }
    }

    /// An independent stream in the same state.
    pub fn copy(&mut self) -> Result<Stream, Failure> {
        if !self.is_open {
            return Err(Failure::of(Z_STREAM_ERROR));
        }
        let mut raw = Box::<z_stream>::default();
        // No room; but the library takes a stream without a place for output as a broken one.
        self.raw.next_out = ptr::dangling_mut();
        self.raw.avail_out = 0;
        // SAFETY: the stream is open; the copy's struct has its default value.
        let code = unsafe {
            match self.direction {
                Direction::Deflate => deflateCopy(&mut *raw, &mut *self.raw),
                Direction::Inflate => inflateCopy(&mut *raw, &*self.raw),
            }
        };
        if code != Z_OK {
            return Err(Failure::of(code));
        }
        Ok(Stream { raw, direction: self.direction, is_open: true })
    }

    /// Frees the library's state; whatever comes later fails.
    pub fn close(&mut self) {
        if !std::mem::take(&mut self.is_open) {
            return;
        }
        // SAFETY: the stream was open.
        unsafe {
            match self.direction {
                Direction::Deflate => deflateEnd(&mut *self.raw),
                Direction::Inflate => inflateEnd(&mut *self.raw),
            }
        };
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.close();
    }
}
