//! `ZstdDecompressor`.

use std::cell::Cell;

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol::buffer::BytesLike;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};
use system::exclusive::Exclusive;

use super::library::{DecompressionContext, Use};
use super::parameters::apply_decompression;
use super::{Task, dictionary, raise_failure};
use crate::incremental::{Pieces, Seen};

#[derive(Instance)]
#[repr(C)]
pub struct Decompressor {
    header: Header,
    unused_data: Field<Bytes>,
    eof: Cell<bool>,
    needs_input: Cell<bool>,
    pieces: Exclusive<Pieces<DecompressionContext>>,
}

/// ZstdDecompressor(zstd_dict=None, options=None)
/// --
///
/// Create a decompressor object for decompressing data incrementally.
///
///   zstd_dict
///     A ZstdDict object, a pre-trained Zstandard dictionary.
///   options
///     A dict object that contains advanced decompression parameters.
///
/// Thread-safe at method level.  For one-shot decompression, use the
/// decompress() function instead.
#[python_type(
    name = "compression.zstd.ZstdDecompressor", base = BaseObject, flags(HEAPTYPE),
    members(
        eof: Bool = "True means the end of the first frame has been reached. If decompress data\nafter that, an EOFError exception will be raised.",
        needs_input: Bool = "If the max_length output limit in .decompress() method has been reached,\nand the decompressor has (or may has) unconsumed input data, it will be set\nto False. In this case, passing b'' to the .decompress() method may output\nfurther data."
    )
)]
impl Decompressor {
    #[new]
    fn new_decompressor(
        class: &Type,
        zstd_dict: Option<&Object>,
        options: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Decompressor>> {
        let mut context = DecompressionContext::new().map_err(|it| raise_failure(Task::Decompress, it, thread))?;
        if let Some(dictionary) = zstd_dict.filter(|it| !it.is_none()) {
            let (dictionary, how) = dictionary::argument(dictionary, Use::Digested, thread)?;
            let loaded = context.load(dictionary, how);
            loaded.map_err(|it| raise_failure(Task::LoadForDecompression, it, thread))?;
        }
        if let Some(options) = options.filter(|it| !it.is_none()) {
            apply_decompression(options, &mut context, thread)?;
        }
        let decompressor = Decompressor {
            header: Header::new(Decompressor::class()),
            unused_data: Field::new(Some(Bytes::from_slice(&[], thread))),
            eof: Cell::new(false),
            needs_input: Cell::new(true),
            pieces: Exclusive::new(Pieces::new(context)),
        };
        Py::new_in(class, decompressor, thread)
    }

    /// A bytes object of un-consumed input data.
    ///
    /// When ZstdDecompressor object stops after a frame is
    /// decompressed, unused input data after the frame.  Otherwise this
    /// will be b''.
    #[getter(name = "unused_data")]
    fn get_unused_data(&self) -> Option<Py<Bytes>> {
        self.unused_data.get()
    }

    /// decompress($self, /, data, max_length=-1)
    /// --
    ///
    /// Decompress *data*, returning uncompressed bytes if possible, or b'' otherwise.
    ///
    ///   data
    ///     A bytes-like object, Zstandard data to be decompressed.
    ///   max_length
    ///     Maximum size of returned data. When it is negative, the size of
    ///     output buffer is unlimited. When it is nonnegative, returns at
    ///     most max_length bytes of decompressed data.
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
    /// Attempting to decompress data after the end of a frame is reached
    /// raises an EOFError.  Any data found after the end of the frame is
    /// ignored and saved in the self.unused_data attribute.
    #[method]
    fn decompress(&self, data: BytesLike<'_>, max_length: isize, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let seen = Seen { eof: &self.eof, needs_input: &self.needs_input, unused_data: &self.unused_data };
        match seen.decompress(&self.pieces, &data, max_length, "Already at the end of a Zstandard frame.", thread)? {
            Ok(bytes) => Ok(bytes),
            Err(failure) => {
                self.needs_input.set(true);
                Err(raise_failure(Task::Decompress, failure, thread))
            }
        }
    }
}
