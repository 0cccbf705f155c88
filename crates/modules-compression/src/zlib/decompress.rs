//! `zlib.Decompress`: what `decompressobj()` makes.

use std::cell::Cell;

use builtins::bytes::Bytes;
use libz_rs_sys::{Z_BUF_ERROR, Z_FINISH, Z_NEED_DICT, Z_OK, Z_STREAM_END, Z_SYNC_FLUSH};
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::types::Instance as _;
use system::exclusive::{Exclusive, stable};

use super::compress::raise_copy_failure;
use super::stream::{Failure, Stream};
use super::{DEF_BUF_SIZE, Trouble, raise_failure};
use crate::incremental::Output;

#[derive(Instance)]
#[repr(C)]
pub struct Decompress {
    header: Header,
    unused_data: Field<Bytes>,
    unconsumed_tail: Field<Bytes>,
    eof: Cell<bool>,
    stream: Exclusive<Inflater>,
}

/// A stream with the dictionary that it may ask for.
pub struct Inflater {
    stream: Stream,
    dictionary: Option<Vec<u8>>,
}

/// How a run over some input ended.
struct Run {
    /// The library's number of the last step.
    code: i32,
    failure: Option<Failure>,
    consumed: usize,
    output: Vec<u8>,
}

impl Inflater {
    /// Decompresses until the input is used up, the output is full, or the stream ends.
    fn run(&mut self, all: &[u8], mut output: Output, flush: i32) -> Result<Run, Trouble> {
        let mut input = all;
        let (code, failure) = loop {
            let code = self.stream.step(&mut input, &mut output, flush)?;
            match (code, &self.dictionary) {
                (Z_OK | Z_BUF_ERROR, _) => {
                    let may_go_on = self.stream.filled_output() && !output.is_full();
                    let has_more = !input.is_empty() && !self.stream.filled_output() && code == Z_OK;
                    if !may_go_on && !has_more {
                        break (code, None);
                    }
                }
                (Z_STREAM_END, _) => break (code, None),
                (Z_NEED_DICT, Some(dictionary)) => {
                    if let Err(failure) = self.stream.set_dictionary(dictionary) {
                        return Err(Trouble::Dictionary(failure));
                    }
                }
                _ => break (code, Some(self.stream.failure(code))),
            }
        };
        Ok(Run { code, failure, consumed: all.len() - input.len(), output: output.bytes })
    }
}

impl Decompress {
    pub fn new(stream: Stream, dictionary: Option<Vec<u8>>, thread: &mut Thread) -> Py<Decompress> {
        let empty = Bytes::from_slice(&[], thread);
        let decompress = Decompress {
            header: Header::new(Decompress::class()),
            unused_data: Field::new(Some(empty.clone())),
            unconsumed_tail: Field::new(Some(empty)),
            eof: Cell::new(false),
            stream: Exclusive::new(Inflater { stream, dictionary }),
        };
        Py::new(decompress, thread)
    }

    fn duplicate(&self, thread: &mut Thread) -> PyResult<Py<Decompress>> {
        let copied = self.stream.with(thread, |it| it.stream.copy().map(|stream| (stream, it.dictionary.clone())));
        match copied {
            Ok((stream, dictionary)) => {
                let copy = Decompress::new(stream, dictionary, thread);
                copy.unused_data.set(self.unused_data.get());
                copy.unconsumed_tail.set(self.unconsumed_tail.get());
                copy.eof.set(self.eof.get());
                Ok(copy)
            }
            Err(failure) => Err(raise_copy_failure(failure, thread)),
        }
    }

    /// Keeps the input that a run left over where Python finds it.
    fn keep_rest(&self, code: i32, rest: &[u8], thread: &mut Thread) -> PyResult<()> {
        let tail = if code == Z_STREAM_END {
            if !rest.is_empty() {
                let old = self.unused_data.get();
                let joined = [old.as_ref().map_or(&[][..], |it| it.as_slice()), rest].concat();
                let joined = Bytes::try_from_slice(&joined, thread)?;
                self.unused_data.set(Some(joined));
            }
            &[][..]
        } else {
            rest
        };
        if !tail.is_empty() || self.unconsumed_tail.get().is_some_and(|it| it.length() > 0) {
            let tail = Bytes::try_from_slice(tail, thread)?;
            self.unconsumed_tail.set(Some(tail));
        }
        Ok(())
    }
}

#[python_type(
    name = "zlib.Decompress", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION),
    members(unused_data: Object, unconsumed_tail: Object, eof: Bool)
)]
impl Decompress {
    /// decompress($self, data, /, max_length=0)
    /// --
    ///
    /// Return a bytes object containing the decompressed version of the data.
    ///
    ///   data
    ///     The binary data to decompress.
    ///   max_length
    ///     The maximum allowable length of the decompressed data.
    ///     Unconsumed input data will be stored in
    ///     the unconsumed_tail attribute.
    ///
    /// After calling this function, some of the input data may still be
    /// stored in internal buffers for later processing.
    /// Call the flush() method to clear these buffers.
    #[defining_class]
    #[method]
    fn decompress(&self, data: BytesLike<'_>, max_length: isize, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let Ok(limit) = usize::try_from(max_length) else {
            return Err(raise!(thread, ValueError, "max_length must be non-negative"));
        };
        let input = stable(&data, thread)?;
        let output = Output::with_block((limit > 0).then_some(limit), DEF_BUF_SIZE);
        let run = match self.stream.without_lock(thread, |it| it.run(&input, output, Z_SYNC_FLUSH)) {
            Ok(run) => run,
            Err(trouble) => return Err(raise_failure(trouble, "while decompressing data", thread)),
        };
        self.keep_rest(run.code, &input[run.consumed..], thread)?;
        if run.code == Z_STREAM_END {
            self.eof.set(true);
        }
        match run.failure {
            Some(failure) => Err(raise_failure(failure.into(), "while decompressing data", thread)),
            None => Bytes::try_from_slice(&run.output, thread),
        }
    }

    /// flush($self, length=zlib.DEF_BUF_SIZE, /)
    /// --
    ///
    /// Return a bytes object containing any remaining decompressed data.
    ///
    ///   length
    ///     the initial size of the output buffer.
    #[defining_class]
    #[method]
    fn flush(&self, #[default(DEF_BUF_SIZE as isize)] length: isize, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let Some(length) = usize::try_from(length).ok().filter(|it| *it > 0) else {
            return Err(raise!(thread, ValueError, "length must be greater than zero"));
        };
        if self.eof.get() {
            self.stream.with(thread, |it| it.stream.close());
            return Bytes::try_from_slice(&[], thread);
        }
        let tail = self.unconsumed_tail.get();
        let input = tail.as_ref().map_or(&[][..], |it| it.as_slice());
        let output = Output::with_block(None, length);
        let run = self.stream.without_lock(thread, |it| {
            let run = it.run(input, output, Z_FINISH);
            if run.as_ref().is_ok_and(|run| run.code == Z_STREAM_END) {
                it.stream.close();
            }
            run
        });
        let run = match run {
            Ok(run) => run,
            Err(trouble) => return Err(raise_failure(trouble, "while decompressing data", thread)),
        };
        self.keep_rest(run.code, &input[run.consumed..], thread)?;
        if run.code == Z_STREAM_END {
            self.eof.set(true);
        }
        match run.failure {
            Some(failure) => Err(raise_failure(failure.into(), "while decompressing data", thread)),
            None => Bytes::try_from_slice(&run.output, thread),
        }
    }

    /// copy($self, /)
    /// --
    ///
    /// Return a copy of the decompression object.
    #[defining_class]
    #[method]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<Decompress>> {
        self.duplicate(thread)
    }

    /// __copy__($self, /)
    /// --
    ///
    ///
    #[defining_class]
    #[method]
    fn __copy__(&self, thread: &mut Thread) -> PyResult<Py<Decompress>> {
        self.duplicate(thread)
    }

    /// __deepcopy__($self, memo, /)
    /// --
    ///
    ///
    #[defining_class]
    #[method]
    fn __deepcopy__(&self, memo: &Object, thread: &mut Thread) -> PyResult<Py<Decompress>> {
        let _ = memo;
        self.duplicate(thread)
    }
}
