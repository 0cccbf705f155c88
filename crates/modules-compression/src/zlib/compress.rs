//! `zlib.Compress`: what `compressobj()` makes.

use builtins::bytes::Bytes;
use libz_rs_sys::{Z_BUF_ERROR, Z_FINISH, Z_NO_FLUSH, Z_OK, Z_STREAM_END, Z_STREAM_ERROR};
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::types::Instance as _;
use system::exclusive::{Exclusive, stable};

use super::stream::{Failure, Stream};
use super::{Trouble, raise_failure};
use crate::incremental::Output;

#[derive(Instance)]
#[repr(C)]
pub struct Compress {
    header: Header,
    stream: Exclusive<Stream>,
}

/// Compresses all of the input.
pub fn feed(stream: &mut Stream, mut input: &[u8]) -> Result<Vec<u8>, Trouble> {
    let mut output = Output::new(None);
    loop {
        let code = stream.step(&mut input, &mut output, Z_NO_FLUSH)?;
        if code == Z_STREAM_ERROR {
            return Err(stream.failure(code).into());
        }
        if input.is_empty() && !stream.filled_output() {
            return Ok(output.bytes);
        }
    }
}

/// What the stream still holds back; `Z_FINISH` ends it.
pub fn drain(stream: &mut Stream, mode: i32) -> Result<Vec<u8>, Trouble> {
    let mut output = Output::new(None);
    let code = loop {
        let code = stream.step(&mut &[][..], &mut output, mode)?;
        if code == Z_STREAM_ERROR {
            return Err(stream.failure(code).into());
        }
        if !stream.filled_output() {
            break code;
        }
    };
    if code == Z_STREAM_END && mode == Z_FINISH {
        stream.close();
    } else if code != Z_OK && code != Z_BUF_ERROR {
        return Err(stream.failure(code).into());
    }
    Ok(output.bytes)
}

impl Compress {
    pub fn new(stream: Stream, thread: &mut Thread) -> Py<Compress> {
        Py::new(Compress { header: Header::new(Compress::class()), stream: Exclusive::new(stream) }, thread)
    }

    fn duplicate(&self, thread: &mut Thread) -> PyResult<Py<Compress>> {
        match self.stream.with(thread, Stream::copy) {
            Ok(stream) => Ok(Compress::new(stream, thread)),
            Err(failure) => Err(raise_copy_failure(failure, thread)),
        }
    }
}

#[cold]
pub fn raise_copy_failure(failure: Failure, thread: &mut Thread) -> objects::errors::Raised {
    if failure.code == Z_STREAM_ERROR {
        return raise!(thread, ValueError, "Inconsistent stream state");
    }
    raise_failure(Trouble::Failure(failure), "while copying compression object", thread)
}

#[python_type(name = "zlib.Compress", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION))]
impl Compress {
    /// compress($self, data, /)
    /// --
    ///
    /// Returns a bytes object containing compressed data.
    ///
    ///   data
    ///     Binary data to be compressed.
    ///
    /// After calling this function, some of the input data may still
    /// be stored in internal buffers for later processing.
    /// Call the flush() method to clear these buffers.
    #[defining_class]
    #[method]
    fn compress(&self, data: BytesLike<'_>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let input = stable(&data, thread)?;
        match self.stream.without_lock(thread, |stream| feed(stream, &input)) {
            Ok(bytes) => Bytes::try_from_slice(&bytes, thread),
            Err(trouble) => Err(raise_failure(trouble, "while compressing data", thread)),
        }
    }

    /// flush($self, mode=zlib.Z_FINISH, /)
    /// --
    ///
    /// Return a bytes object containing any remaining compressed data.
    ///
    ///   mode
    ///     One of the constants Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH.
    ///     If mode == Z_FINISH, the compressor object can no longer be
    ///     used after calling the flush() method.  Otherwise, more data
    ///     can still be compressed.
    #[defining_class]
    #[method]
    fn flush(&self, #[default(Z_FINISH)] mode: i32, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        if mode == Z_NO_FLUSH {
            return Bytes::try_from_slice(&[], thread);
        }
        match self.stream.without_lock(thread, |stream| drain(stream, mode)) {
            Ok(bytes) => Bytes::try_from_slice(&bytes, thread),
            Err(trouble) => Err(raise_failure(trouble, "while flushing", thread)),
        }
    }

    /// copy($self, /)
    /// --
    ///
    /// Return a copy of the compression object.
    #[defining_class]
    #[method]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<Compress>> {
        self.duplicate(thread)
    }

    /// __copy__($self, /)
    /// --
    ///
    ///
    #[defining_class]
    #[method]
    fn __copy__(&self, thread: &mut Thread) -> PyResult<Py<Compress>> {
        self.duplicate(thread)
    }

    /// __deepcopy__($self, memo, /)
    /// --
    ///
    ///
    #[defining_class]
    #[method]
    fn __deepcopy__(&self, memo: &Object, thread: &mut Thread) -> PyResult<Py<Compress>> {
        let _ = memo;
        self.duplicate(thread)
    }
}
