//! `_bz2`: the bzip2 format.
//!
//! The library is `libbz2-rs-sys`. [`Stream`] is the only place that calls it: its struct was initialized for its direction, lies in a block
//! of its own, and points to input and output only during a step.

use std::cell::Cell;
use std::ffi::{c_int, c_uint};
use std::ptr;

use builtins::bytes::Bytes;
use libbz2_rs_sys::{
    BZ_CONFIG_ERROR, BZ_DATA_ERROR, BZ_DATA_ERROR_MAGIC, BZ_FINISH, BZ_FINISH_OK, BZ_FLUSH_OK, BZ_IO_ERROR,
    BZ_MEM_ERROR, BZ_OK, BZ_PARAM_ERROR, BZ_RUN, BZ_RUN_OK, BZ_SEQUENCE_ERROR, BZ_STREAM_END, BZ_UNEXPECTED_EOF,
    BZ2_bzCompress, BZ2_bzCompressEnd, BZ2_bzCompressInit, BZ2_bzDecompress, BZ2_bzDecompressEnd, BZ2_bzDecompressInit,
    bz_stream,
};
use macros::{Instance, python_module, python_type};
use objects::errors::{PyResult, Raised};
use objects::module::Module;
use objects::object::BaseObject;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Field, Header, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type, TypeDeclaration};
use system::exclusive::{Exclusive, stable};

use crate::incremental::{Decoder, OutOfMemory, Output, Pieces, Seen, Step};

pub const TYPES: &[&TypeDeclaration] = &[Compressor::DECLARATION, Decompressor::DECLARATION];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Compress,
    Decompress,
}

struct Stream {
    raw: Box<bz_stream>,
    direction: Direction,
}

// SAFETY: the library's state belongs to the struct alone and knows nothing of threads.
unsafe impl Send for Stream {}

/// The library's number of what went wrong.
struct Failure(c_int);

impl From<OutOfMemory> for Failure {
    fn from(_: OutOfMemory) -> Self {
        Self(BZ_MEM_ERROR)
    }
}

impl Failure {
    /// Fails unless the number says that all is well.
    fn check(code: c_int) -> Result<c_int, Failure> {
        match code {
            BZ_OK | BZ_RUN_OK | BZ_FLUSH_OK | BZ_FINISH_OK | BZ_STREAM_END => Ok(code),
            code => Err(Failure(code)),
        }
    }
}

#[cold]
fn raise_failure(failure: Failure, thread: &mut Thread) -> Raised {
    match failure.0 {
        BZ_MEM_ERROR => thread.raise_memory_error(),
        BZ_PARAM_ERROR => raise!(thread, ValueError, "Internal error - invalid parameters passed to libbzip2"),
        BZ_DATA_ERROR | BZ_DATA_ERROR_MAGIC => raise!(thread, OSError, "Invalid data stream"),
        BZ_IO_ERROR => raise!(thread, OSError, "Unknown I/O error"),
        BZ_UNEXPECTED_EOF => {
            raise!(thread, EOFError, "Compressed file ended before the logical end-of-stream was detected")
        }
        BZ_SEQUENCE_ERROR => {
            raise!(thread, RuntimeError, "Internal error - Invalid sequence of commands sent to libbzip2")
        }
        BZ_CONFIG_ERROR => raise!(thread, SystemError, "libbzip2 was not compiled correctly"),
        code => raise!(thread, OSError, "Unrecognized error from libbzip2: {code}"),
    }
}

impl Stream {
    fn new(direction: Direction, initialize: impl FnOnce(&mut bz_stream) -> c_int) -> Result<Stream, Failure> {
        let mut raw = Box::new(bz_stream {
            next_in: ptr::null(),
            avail_in: 0,
            total_in_lo32: 0,
            total_in_hi32: 0,
            next_out: ptr::null_mut(),
            avail_out: 0,
            total_out_lo32: 0,
            total_out_hi32: 0,
            state: ptr::null_mut(),
            bzalloc: None,
            bzfree: None,
            opaque: ptr::null_mut(),
        });
        Failure::check(initialize(&mut raw))?;
        Ok(Stream { raw, direction })
    }

    fn compressor(level: c_int) -> Result<Stream, Failure> {
        // SAFETY: the struct has no state, and asks for the default allocation.
        Self::new(Direction::Compress, |raw| unsafe { BZ2_bzCompressInit(raw, level, 0, 0) })
    }

    fn decompressor() -> Result<Stream, Failure> {
        // SAFETY: the struct has no state, and asks for the default allocation.
        Self::new(Direction::Decompress, |raw| unsafe { BZ2_bzDecompressInit(raw, 0, 0) })
    }

    /// One call of the library: takes from the front of the input, appends to the output; gives the library's number.
    fn step(&mut self, input: &mut &[u8], output: &mut Output, action: c_int) -> Result<c_int, Failure> {
        let (room, length) = output.room()?;
        let available = input.len().min(c_uint::MAX as usize);
        let length = length.min(c_uint::MAX as usize);
        self.raw.next_in = input.as_ptr().cast();
        self.raw.avail_in = available as c_uint;
        self.raw.next_out = room.cast();
        self.raw.avail_out = length as c_uint;
        // SAFETY: the stream was initialized for its direction, and input and output have so many bytes.
        let code = unsafe {
            match self.direction {
                Direction::Compress => BZ2_bzCompress(&mut *self.raw, action),
                Direction::Decompress => BZ2_bzDecompress(&mut *self.raw),
            }
        };
        *input = &input[available - self.raw.avail_in as usize..];
        // SAFETY: the library has written what it no longer counts as available.
        unsafe { output.take(length - self.raw.avail_out as usize) };
        self.raw.next_in = ptr::null();
        self.raw.next_out = ptr::null_mut();
        Failure::check(code)
    }

    fn filled_output(&self) -> bool {
        self.raw.avail_out == 0
    }

    /// Compresses the input; with `BZ_FINISH` to the end of the stream.
    fn compress(&mut self, mut input: &[u8], action: c_int) -> Result<Vec<u8>, Failure> {
        let mut output = Output::new(None);
        if input.is_empty() && action == BZ_RUN {
            return Ok(output.bytes);
        }
        loop {
            let code = self.step(&mut input, &mut output, action)?;
            let is_done = if action == BZ_RUN { input.is_empty() } else { code == BZ_STREAM_END };
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
            let left = input.len();
            let code = self.step(&mut input, output, 0)?;
            if code == BZ_STREAM_END {
                break true;
            }
            let is_stuck = input.len() == left && !self.filled_output();
            if output.is_full() || is_stuck || input.is_empty() && !self.filled_output() {
                break false;
            }
        };
        Ok(Step { consumed: all.len() - input.len(), ended })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // SAFETY: the stream was initialized for its direction.
        unsafe {
            match self.direction {
                Direction::Compress => BZ2_bzCompressEnd(&mut *self.raw),
                Direction::Decompress => BZ2_bzDecompressEnd(&mut *self.raw),
            }
        };
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Compressor {
    header: Header,
    is_flushed: Cell<bool>,
    stream: Exclusive<Stream>,
}

/// BZ2Compressor(compresslevel=9, /)
/// --
///
/// Create a compressor object for compressing data incrementally.
///
///   compresslevel
///     Compression level, as a number between 1 and 9.
///
/// For one-shot compression, use the compress() function instead.
#[python_type(name = "_bz2.BZ2Compressor", base = BaseObject, flags(HEAPTYPE))]
impl Compressor {
    #[new]
    fn new_compressor(class: &Type, compresslevel: i32, thread: &mut Thread) -> PyResult<Py<Compressor>> {
        if !(1..=9).contains(&compresslevel) {
            return Err(raise!(thread, ValueError, "compresslevel must be between 1 and 9"));
        }
        match Stream::compressor(compresslevel) {
            Ok(stream) => {
                let header = Header::new(Compressor::class());
                let stream = Exclusive::new(stream);
                Py::new_in(class, Compressor { header, is_flushed: Cell::new(false), stream }, thread)
            }
            Err(failure) => Err(raise_failure(failure, thread)),
        }
    }

    /// compress($self, data, /)
    /// --
    ///
    /// Provide data to the compressor object.
    ///
    /// Returns a chunk of compressed data if possible, or b'' otherwise.
    ///
    /// When you have finished providing data to the compressor, call the
    /// flush() method to finish the compression process.
    #[method]
    fn compress(&self, data: BytesLike<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        if self.is_flushed.get() {
            return Err(raise!(thread, ValueError, "Compressor has been flushed"));
        }
        let input = stable(&data, thread)?;
        match self.stream.without_lock(thread, |it| it.compress(&input, BZ_RUN)) {
            Ok(bytes) => Bytes::try_from_slice(&bytes, thread),
            Err(failure) => Err(raise_failure(failure, thread)),
        }
    }

    /// flush($self, /)
    /// --
    ///
    /// Finish the compression process.
    ///
    /// Returns the compressed data left in internal buffers.
    ///
    /// The compressor object may not be used after this method is called.
    #[method]
    fn flush(&self, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        if self.is_flushed.replace(true) {
            return Err(raise!(thread, ValueError, "Repeated call to flush()"));
        }
        match self.stream.without_lock(thread, |it| it.compress(&[], BZ_FINISH)) {
            Ok(bytes) => Bytes::try_from_slice(&bytes, thread),
            Err(failure) => Err(raise_failure(failure, thread)),
        }
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Decompressor {
    header: Header,
    unused_data: Field<Bytes>,
    eof: Cell<bool>,
    needs_input: Cell<bool>,
    /// After an error the library's state is not to be trusted.
    is_broken: Cell<bool>,
    pieces: Exclusive<Pieces<Stream>>,
}

/// BZ2Decompressor()
/// --
///
/// Create a decompressor object for decompressing data incrementally.
///
/// For one-shot decompression, use the decompress() function instead.
#[python_type(
    name = "_bz2.BZ2Decompressor", base = BaseObject, flags(HEAPTYPE),
    members(
        eof: Bool = "True if the end-of-stream marker has been reached.",
        unused_data: Object = "Data found after the end of the compressed stream.",
        needs_input: Bool = "True if more input is needed before more decompressed data can be produced."
    )
)]
impl Decompressor {
    #[new]
    fn new_decompressor(class: &Type, thread: &mut Thread) -> PyResult<Py<Decompressor>> {
        let stream = match Stream::decompressor() {
            Ok(stream) => stream,
            Err(failure) => return Err(raise_failure(failure, thread)),
        };
        let decompressor = Decompressor {
            header: Header::new(Decompressor::class()),
            unused_data: Field::new(Some(Bytes::from_slice(&[], thread))),
            eof: Cell::new(false),
            needs_input: Cell::new(true),
            is_broken: Cell::new(false),
            pieces: Exclusive::new(Pieces::new(stream)),
        };
        Py::new_in(class, decompressor, thread)
    }

    /// decompress($self, /, data, max_length=-1)
    /// --
    ///
    /// Decompress *data*, returning uncompressed data as bytes.
    ///
    /// If *max_length* is nonnegative, returns at most *max_length* bytes
    /// of decompressed data.  If this limit is reached and further output
    /// can be produced, *self.needs_input* will be set to ``False``.  In
    /// this case, the next call to *decompress()* may provide *data* as b''
    /// to obtain more of the output.
    ///
    /// If all of the input data was decompressed and returned (either
    /// because this was less than *max_length* bytes, or because
    /// *max_length* was negative), *self.needs_input* will be set to True.
    ///
    /// Attempting to decompress data after the end of stream is reached
    /// raises an EOFError.  Any data found after the end of the stream is
    /// ignored and saved in the unused_data attribute.
    #[method]
    fn decompress(&self, data: BytesLike<'_>, max_length: isize, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        if self.is_broken.get() {
            return Err(raise!(thread, ValueError, "Decompressor is unusable after a previous error"));
        }
        let seen = Seen { eof: &self.eof, needs_input: &self.needs_input, unused_data: &self.unused_data };
        match seen.decompress(&self.pieces, &data, max_length, "End of stream already reached", thread)? {
            Ok(bytes) => Ok(bytes),
            Err(failure) => {
                self.is_broken.set(true);
                self.needs_input.set(false);
                Err(raise_failure(failure, thread))
            }
        }
    }
}

pub struct Bz2Module;

#[python_module(name = "_bz2")]
impl Bz2Module {
    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        module.set("BZ2Compressor", Compressor::class(), thread)?;
        module.set("BZ2Decompressor", Decompressor::class(), thread)
    }
}
