//! `_lzma.LZMACompressor`.

use std::cell::Cell;

use builtins::bytes::Bytes;
use liblzma_sys::{LZMA_CHECK_CRC64, LZMA_CHECK_NONE, LZMA_PRESET_DEFAULT};
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};
use system::exclusive::{Exclusive, stable};

use super::filters::{Chain, preset_options};
use super::stream::Stream;
use super::{FORMAT_ALONE, FORMAT_RAW, FORMAT_XZ, raise_failure, unsigned};
use crate::state::ErrorClass;

#[derive(Instance)]
#[repr(C)]
pub struct Compressor {
    header: Header,
    is_flushed: Cell<bool>,
    stream: Exclusive<Stream>,
}

/// The stream for a `.lzma` file.
fn alone(chain: Option<&Chain>, preset: u32, thread: &mut Thread) -> PyResult<Stream> {
    let made = match chain {
        Some(chain) => match chain.single_lzma1() {
            Some(options) => Stream::alone_encoder(options),
            None => {
                let message = "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter";
                return Err(raise!(thread, ValueError, "{message}"));
            }
        },
        None => match preset_options(preset) {
            Some(options) => Stream::alone_encoder(&options),
            None => return Err(ErrorClass::Lzma.raise(&format!("Invalid compression preset: {preset}"), thread)),
        },
    };
    made.map_err(|failure| raise_failure(failure, thread))
}

fn open(
    format: i32,
    check: i32,
    preset: Option<&Object>,
    filters: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Stream> {
    if preset.is_some() && filters.is_some() {
        return Err(raise!(thread, ValueError, "Cannot specify both preset and filter chain"));
    }
    let preset = match preset {
        Some(preset) => unsigned(preset, u64::from(u32::MAX), "uint32_t", thread)? as u32,
        None => LZMA_PRESET_DEFAULT,
    };
    if format != FORMAT_XZ && check != -1 && check != LZMA_CHECK_NONE as i32 {
        return Err(raise!(thread, ValueError, "Integrity checks are only supported by FORMAT_XZ"));
    }
    if !matches!(format, FORMAT_XZ | FORMAT_ALONE | FORMAT_RAW) {
        return Err(raise!(thread, ValueError, "Invalid container format: {format}"));
    }
    if format == FORMAT_RAW && filters.is_none() {
        return Err(raise!(thread, ValueError, "Must specify filters for FORMAT_RAW"));
    }
    let chain = match filters {
        Some(filters) => Some(Chain::parse(filters, thread)?),
        None => None,
    };
    if format == FORMAT_ALONE {
        return alone(chain.as_ref(), preset, thread);
    }
    let check = if check == -1 { LZMA_CHECK_CRC64 } else { check as u32 };
    let made = match chain {
        Some(chain) if format == FORMAT_RAW => Stream::raw_encoder(&chain),
        Some(chain) => Stream::encoder(&chain, check),
        None => Stream::easy_encoder(preset, check),
    };
    made.map_err(|failure| raise_failure(failure, thread))
}

/// LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)
///
/// Create a compressor object for compressing data incrementally.
///
/// format specifies the container format to use for the output. This can
/// be FORMAT_XZ (default), FORMAT_ALONE, or FORMAT_RAW.
///
/// check specifies the integrity check to use. For FORMAT_XZ, the default
/// is CHECK_CRC64. FORMAT_ALONE and FORMAT_RAW do not support integrity
/// checks; for these formats, check must be omitted, or be CHECK_NONE.
///
/// The settings used by the compressor can be specified either as a
/// preset compression level (with the 'preset' argument), or in detail
/// as a custom filter chain (with the 'filters' argument). For FORMAT_XZ
/// and FORMAT_ALONE, the default is to use the PRESET_DEFAULT preset
/// level. For FORMAT_RAW, the caller must always specify a filter chain;
/// the raw compressor does not support preset compression levels.
///
/// preset (if provided) should be an integer in the range 0-9, optionally
/// OR-ed with the constant PRESET_EXTREME.
///
/// filters (if provided) should be a sequence of dicts. Each dict should
/// have an entry for "id" indicating the ID of the filter, plus
/// additional entries for options to the filter.
///
/// For one-shot compression, use the compress() function instead.
///
#[python_type(name = "_lzma.LZMACompressor", base = BaseObject, flags(HEAPTYPE))]
impl Compressor {
    #[new]
    #[signature("(format=1, check=-1, preset=None, filters=None)")]
    fn new_compressor(
        class: &Type,
        format: i32,
        check: i32,
        preset: Option<&Object>,
        filters: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Compressor>> {
        let (preset, filters) = (preset.filter(|it| !it.is_none()), filters.filter(|it| !it.is_none()));
        let stream = open(format, check, preset, filters, thread)?;
        let header = Header::new(Compressor::class());
        Py::new_in(class, Compressor { header, is_flushed: Cell::new(false), stream: Exclusive::new(stream) }, thread)
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
        match self.stream.without_lock(thread, |it| it.compress(&input, false)) {
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
        match self.stream.without_lock(thread, |it| it.compress(&[], true)) {
            Ok(bytes) => Bytes::try_from_slice(&bytes, thread),
            Err(failure) => Err(raise_failure(failure, thread)),
        }
    }
}
