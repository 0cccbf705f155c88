//! `_lzma.LZMADecompressor`.

use std::cell::Cell;

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};
use system::exclusive::Exclusive;

use super::filters::Chain;
use super::stream::Stream;
use super::{CHECK_UNKNOWN, FORMAT_ALONE, FORMAT_AUTO, FORMAT_RAW, FORMAT_XZ, raise_failure, unsigned};
use crate::incremental::{Pieces, Seen};

#[derive(Instance)]
#[repr(C)]
pub struct Decompressor {
    header: Header,
    unused_data: Field<Bytes>,
    check: Cell<i32>,
    eof: Cell<bool>,
    needs_input: Cell<bool>,
    pieces: Exclusive<Pieces<Stream>>,
}

fn open(format: i32, limit: Option<&Object>, filters: Option<&Object>, thread: &mut Thread) -> PyResult<Stream> {
    let limit = match limit {
        Some(_) if format == FORMAT_RAW => {
            return Err(raise!(thread, ValueError, "Cannot specify memory limit with FORMAT_RAW"));
        }
        Some(limit) => unsigned(limit, u64::MAX, "unsigned long long", thread)?,
        None => u64::MAX,
    };
    if format == FORMAT_RAW && filters.is_none() {
        return Err(raise!(thread, ValueError, "Must specify filters for FORMAT_RAW"));
    }
    if format != FORMAT_RAW && filters.is_some() {
        return Err(raise!(thread, ValueError, "Cannot specify filters except with FORMAT_RAW"));
    }
    let made = match (format, filters) {
        (FORMAT_AUTO, _) => Stream::auto_decoder(limit),
        (FORMAT_XZ, _) => Stream::decoder(limit),
        (FORMAT_ALONE, _) => Stream::alone_decoder(limit),
        (FORMAT_RAW, Some(filters)) => Stream::raw_decoder(&Chain::parse(filters, thread)?),
        _ => return Err(raise!(thread, ValueError, "Invalid container format: {format}")),
    };
    made.map_err(|failure| raise_failure(failure, thread))
}

/// LZMADecompressor(format=FORMAT_AUTO, memlimit=None, filters=None)
/// --
///
/// Create a decompressor object for decompressing data incrementally.
///
///   format
///     Specifies the container format of the input stream.  If this is
///     FORMAT_AUTO (the default), the decompressor will automatically detect
///     whether the input is FORMAT_XZ or FORMAT_ALONE.  Streams created with
///     FORMAT_RAW cannot be autodetected.
///   memlimit
///     Limit the amount of memory used by the decompressor.  This will cause
///     decompression to fail if the input cannot be decompressed within the
///     given limit.
///   filters
///     A custom filter chain.  This argument is required for FORMAT_RAW, and
///     not accepted with any other format.  When provided, this should be a
///     sequence of dicts, each indicating the ID and options for a single
///     filter.
///
/// For one-shot decompression, use the decompress() function instead.
#[python_type(
    name = "_lzma.LZMADecompressor", base = BaseObject, flags(HEAPTYPE),
    members(
        check: Int = "ID of the integrity check used by the input stream.",
        eof: Bool = "True if the end-of-stream marker has been reached.",
        needs_input: Bool = "True if more input is needed before more decompressed data can be produced.",
        unused_data: Object = "Data found after the end of the compressed stream."
    )
)]
impl Decompressor {
    #[new]
    #[signature("(format=0, memlimit=None, filters=None)")]
    fn new_decompressor(
        class: &Type,
        format: i32,
        memlimit: Option<&Object>,
        filters: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Decompressor>> {
        let (memlimit, filters) = (memlimit.filter(|it| !it.is_none()), filters.filter(|it| !it.is_none()));
        let stream = open(format, memlimit, filters, thread)?;
        let has_check = matches!(format, FORMAT_AUTO | FORMAT_XZ);
        let decompressor = Decompressor {
            header: Header::new(Decompressor::class()),
            unused_data: Field::new(Some(Bytes::from_slice(&[], thread))),
            check: Cell::new(if has_check { CHECK_UNKNOWN } else { 0 }),
            eof: Cell::new(false),
            needs_input: Cell::new(true),
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
    /// of decompressed data. If this limit is reached and further output
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
        let seen = Seen { eof: &self.eof, needs_input: &self.needs_input, unused_data: &self.unused_data };
        let made = seen.decompress(&self.pieces, &data, max_length, "Already at end of stream", thread)?;
        if let Some(check) = self.pieces.with(thread, |it| it.decoder.check) {
            self.check.set(check as i32);
        }
        match made {
            Ok(bytes) => Ok(bytes),
            Err(failure) => Err(raise_failure(failure, thread)),
        }
    }
}
