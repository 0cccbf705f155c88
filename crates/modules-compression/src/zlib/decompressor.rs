//! `zlib._ZlibDecompressor`: the decompressor that `gzip` and `zipfile` read with.

use std::cell::Cell;

use builtins::bytes::Bytes;
use libz_rs_sys::{Z_BUF_ERROR, Z_NEED_DICT, Z_OK, Z_STREAM_END, Z_SYNC_FLUSH};
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol::buffer::BytesLike;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};
use system::exclusive::Exclusive;

use super::stream::Stream;
use super::{Trouble, dictionary_bytes, new_decompressor, raise_failure};
use crate::incremental::{Decoder, Output, Pieces, Seen, Step};

#[derive(Instance)]
#[repr(C)]
pub struct ZlibDecompressor {
    header: Header,
    unused_data: Field<Bytes>,
    eof: Cell<bool>,
    needs_input: Cell<bool>,
    pieces: Exclusive<Pieces<Inflate>>,
}

struct Inflate {
    stream: Stream,
    dictionary: Option<Vec<u8>>,
}

impl Decoder for Inflate {
    type Error = Trouble;

    fn decode(&mut self, all: &[u8], output: &mut Output) -> Result<Step, Trouble> {
        let mut input = all;
        let ended = loop {
            let code = self.stream.step(&mut input, output, Z_SYNC_FLUSH)?;
            match (code, &self.dictionary) {
                (Z_OK | Z_BUF_ERROR, _) => {
                    let may_go_on = self.stream.filled_output() && !output.is_full();
                    let has_more = !input.is_empty() && !self.stream.filled_output() && code == Z_OK;
                    if !may_go_on && !has_more {
                        break false;
                    }
                }
                (Z_STREAM_END, _) => break true,
                (Z_NEED_DICT, Some(dictionary)) => {
                    self.stream.set_dictionary(dictionary).map_err(Trouble::Dictionary)?;
                }
                _ => return Err(self.stream.failure(code).into()),
            }
        };
        Ok(Step { consumed: all.len() - input.len(), ended })
    }
}

/// _ZlibDecompressor(wbits=15, zdict=b'')
/// --
///
/// Create a decompressor object for decompressing data incrementally.
///
///   wbits = 15
///   zdict
///      The predefined compression dictionary. This is a sequence of bytes
///      (such as a bytes object) containing subsequences that are expected
///      to occur frequently in the data that is to be compressed. Those
///      subsequences that are expected to be most common should come at the
///      end of the dictionary. This must be the same dictionary as used by the
///      compressor that produced the input data.
///
///
#[python_type(
    name = "zlib._ZlibDecompressor", base = BaseObject, flags(HEAPTYPE),
    members(
        eof: Bool = "True if the end-of-stream marker has been reached.",
        unused_data: Object = "Data found after the end of the compressed stream.",
        needs_input: Bool = "True if more input is needed before more decompressed data can be produced."
    )
)]
impl ZlibDecompressor {
    #[new]
    fn new_decompressor(
        class: &Type,
        #[default(15)] wbits: i32,
        zdict: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<ZlibDecompressor>> {
        let dictionary = match zdict {
            Some(zdict) if !zdict.is_none() => Some(dictionary_bytes(zdict, thread)?),
            _ => None,
        };
        let stream = new_decompressor(wbits, dictionary.as_deref(), thread)?;
        let decompressor = ZlibDecompressor {
            header: Header::new(ZlibDecompressor::class()),
            unused_data: Field::new(Some(Bytes::from_slice(&[], thread))),
            eof: Cell::new(false),
            needs_input: Cell::new(true),
            pieces: Exclusive::new(Pieces::new(Inflate { stream, dictionary })),
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
        let seen = Seen { eof: &self.eof, needs_input: &self.needs_input, unused_data: &self.unused_data };
        match seen.decompress(&self.pieces, &data, max_length, "End of stream already reached", thread)? {
            Ok(bytes) => Ok(bytes),
            Err(trouble) => Err(raise_failure(trouble, "while decompressing data", thread)),
        }
    }
}
