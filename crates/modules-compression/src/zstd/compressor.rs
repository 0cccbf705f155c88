//! `ZstdCompressor`.

use std::cell::Cell;
use std::ffi::c_int;

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};
use system::exclusive::{Exclusive, stable};
use zstd_sys::ZSTD_EndDirective::{self, ZSTD_e_continue, ZSTD_e_end, ZSTD_e_flush};

use super::library::{CompressionContext, Use};
use super::parameters::{apply_compression, level_of, set_level};
use super::{Task, dictionary, raise_failure};

/// The modes, as attributes of the class.
pub const MODES: [(&str, ZSTD_EndDirective); 3] =
    [("CONTINUE", ZSTD_e_continue), ("FLUSH_BLOCK", ZSTD_e_flush), ("FLUSH_FRAME", ZSTD_e_end)];
/// Sizes from this on have a meaning of their own for the library.
const FIRST_SPECIAL_SIZE: u64 = u64::MAX - 1;

fn mode_of(number: c_int) -> Option<ZSTD_EndDirective> {
    MODES.iter().map(|(_, mode)| *mode).find(|it| *it as c_int == number)
}

#[derive(Instance)]
#[repr(C)]
pub struct Compressor {
    header: Header,
    last_mode: Cell<c_int>,
    context: Exclusive<CompressionContext>,
}

/// ZstdCompressor(level=None, options=None, zstd_dict=None)
/// --
///
/// Create a compressor object for compressing data incrementally.
///
///   level
///     The compression level to use. Defaults to COMPRESSION_LEVEL_DEFAULT.
///   options
///     A dict object that contains advanced compression parameters.
///   zstd_dict
///     A ZstdDict object, a pre-trained Zstandard dictionary.
///
/// Thread-safe at method level.  For one-shot compression, use the
/// compress() function instead.
#[python_type(
    name = "compression.zstd.ZstdCompressor", base = BaseObject, flags(HEAPTYPE),
    members(
        last_mode: Int = "The last mode used to this compressor object, its value can be .CONTINUE,\n.FLUSH_BLOCK, .FLUSH_FRAME. Initialized to .FLUSH_FRAME.\n\nIt can be used to get the current state of a compressor, such as, data\nflushed, or a frame ended."
    )
)]
impl Compressor {
    #[new]
    fn new_compressor(
        class: &Type,
        level: Option<&Object>,
        options: Option<&Object>,
        zstd_dict: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Compressor>> {
        let given = |it: Option<&'_ Object>| it.is_some_and(|it| !it.is_none());
        if given(level) && given(options) {
            return Err(raise!(thread, TypeError, "Only one of level or options should be used."));
        }
        let mut context = CompressionContext::new().map_err(|it| raise_failure(Task::Compress, it, thread))?;
        let mut chosen = 0;
        if let Some(level) = level.filter(|it| !it.is_none()) {
            chosen = level_of(level, thread)?;
            set_level(&mut context, chosen, thread)?;
        }
        if let Some(options) = options.filter(|it| !it.is_none()) {
            chosen = apply_compression(options, &mut context, thread)?.unwrap_or(chosen);
        }
        if let Some(dictionary) = zstd_dict.filter(|it| !it.is_none()) {
            let (dictionary, how) = dictionary::argument(dictionary, Use::Undigested, thread)?;
            let loaded = context.load(dictionary, how, chosen);
            loaded.map_err(|it| raise_failure(Task::LoadForCompression, it, thread))?;
        }
        let (header, last_mode) = (Header::new(Compressor::class()), Cell::new(ZSTD_e_end as c_int));
        Py::new_in(class, Compressor { header, last_mode, context: Exclusive::new(context) }, thread)
    }

    /// compress($self, /, data, mode=ZstdCompressor.CONTINUE)
    /// --
    ///
    /// Provide data to the compressor object.
    ///
    ///   mode
    ///     Can be these 3 values ZstdCompressor.CONTINUE,
    ///     ZstdCompressor.FLUSH_BLOCK, ZstdCompressor.FLUSH_FRAME
    ///
    /// Return a chunk of compressed data if possible, or b'' otherwise.
    /// When you have finished providing data to the compressor, call the
    /// flush() method to finish the compression process.
    #[method]
    fn compress(&self, data: BytesLike<'_>, #[default(0)] mode: i32, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let Some(mode) = mode_of(mode) else {
            let modes = "ZstdCompressor.CONTINUE, ZstdCompressor.FLUSH_BLOCK, ZstdCompressor.FLUSH_FRAME";
            let message = format_args!("mode argument wrong value, it should be one of {modes}.");
            return Err(raise!(thread, ValueError, "{message}"));
        };
        let input = stable(&data, thread)?;
        self.run(&input, mode, thread)
    }

    /// flush($self, /, mode=ZstdCompressor.FLUSH_FRAME)
    /// --
    ///
    /// Finish the compression process.
    ///
    ///   mode
    ///     Can be these 2 values ZstdCompressor.FLUSH_FRAME,
    ///     ZstdCompressor.FLUSH_BLOCK
    ///
    /// Flush any remaining data left in internal buffers.  Since Zstandard
    /// data consists of one or more independent frames, the compressor
    /// object can still be used after this method is called.
    #[method]
    fn flush(&self, #[default(2)] mode: i32, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let Some(mode) = mode_of(mode).filter(|it| *it != ZSTD_e_continue) else {
            let modes = "ZstdCompressor.FLUSH_FRAME or ZstdCompressor.FLUSH_BLOCK";
            let message = format_args!("mode argument wrong value, it should be {modes}.");
            return Err(raise!(thread, ValueError, "{message}"));
        };
        self.run(&[], mode, thread)
    }

    /// set_pledged_input_size($self, size, /)
    /// --
    ///
    /// Set the uncompressed content size to be written into the frame header.
    ///
    ///   size
    ///     The size of the uncompressed data to be provided to the compressor.
    ///
    /// This method can be used to ensure the header of the frame about to
    /// be written includes the size of the data, unless the
    /// CompressionParameter.content_size_flag is set to False.
    /// If last_mode != FLUSH_FRAME, then a RuntimeError is raised.
    ///
    /// It is important to ensure that the pledged data size matches the
    /// actual data size.  If they do not match the compressed output data
    /// may be corrupted and the final chunk written may be lost.
    #[method]
    fn set_pledged_input_size(&self, size: &Object, thread: &mut Thread) -> PyResult<()> {
        let size = if size.is_none() {
            None
        } else {
            let Some(number) = size.downcast::<Int>() else {
                return Err(raise!(thread, TypeError, "an integer is required"));
            };
            let size = number.to_i128().and_then(|it| u64::try_from(it).ok()).filter(|it| *it < FIRST_SPECIAL_SIZE);
            if size.is_none() {
                let message = format_args!("size argument should be a positive int less than {FIRST_SPECIAL_SIZE}");
                return Err(raise!(thread, ValueError, "{message}"));
            }
            size
        };
        if self.last_mode.get() != ZSTD_e_end as c_int {
            let message = "set_pledged_input_size() method must be called when last_mode == FLUSH_FRAME";
            return Err(raise!(thread, ValueError, "{message}"));
        }
        let pledged = self.context.with(thread, |it| it.pledge(size));
        pledged.map_err(|it| raise_failure(Task::Pledge, it, thread))
    }
}

impl Compressor {
    fn run(&self, input: &[u8], mode: ZSTD_EndDirective, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        match self.context.without_lock(thread, |it| it.compress(input, mode)) {
            Ok(bytes) => {
                self.last_mode.set(mode as c_int);
                Bytes::try_from_slice(&bytes, thread)
            }
            Err(failure) => {
                self.last_mode.set(ZSTD_e_end as c_int);
                Err(raise_failure(Task::Compress, failure, thread))
            }
        }
    }
}
