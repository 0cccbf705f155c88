//! Decompression piece by piece, as `_ZlibDecompressor`, `BZ2Decompressor` and `LZMADecompressor` do it: input that a limit on the
//! output leaves over is kept for the next call.
//!
//! The types embed a [`Pieces`] and give it a [`Decoder`]; what Python sees of the progress is in [`Seen`].

use std::cell::Cell;

use builtins::bytes::Bytes;
use objects::errors::PyResult;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Field, Py};
use objects::thread::Thread;
use system::exclusive::{Exclusive, stable};

/// Bytes that the output grows by at first, and at most.
const FIRST_BLOCK: usize = 32 * 1024;
const LARGEST_BLOCK: usize = 16 * 1024 * 1024;

/// Room for output in the spare capacity of a vector, which grows by ever larger blocks.
pub struct Output {
    pub bytes: Vec<u8>,
    limit: Option<usize>,
    block: usize,
}

/// The memory for the output could not be had.
pub struct OutOfMemory;

impl Output {
    pub fn new(limit: Option<usize>) -> Self {
        Self { bytes: Vec::new(), limit, block: FIRST_BLOCK }
    }

    /// Starts with so much room.
    pub fn with_block(limit: Option<usize>, block: usize) -> Self {
        Self { bytes: Vec::new(), limit, block: block.clamp(1, LARGEST_BLOCK) }
    }

    /// How many bytes may still come; false for none.
    fn left(&self) -> usize {
        self.limit.map_or(usize::MAX, |it| it.saturating_sub(self.bytes.len()))
    }

    pub fn is_full(&self) -> bool {
        self.left() == 0
    }

    /// Memory for the next bytes, not empty unless the limit has been reached; the bytes are zero or stale.
    pub fn room(&mut self) -> Result<(*mut u8, usize), OutOfMemory> {
        let left = self.left();
        if self.bytes.capacity() == self.bytes.len() && left > 0 {
            let block = self.block.min(left);
            self.bytes.try_reserve_exact(block).map_err(|_| OutOfMemory)?;
            self.block = (self.block * 2).min(LARGEST_BLOCK);
        }
        let spare = self.bytes.spare_capacity_mut();
        let length = spare.len().min(left);
        Ok((spare.as_mut_ptr().cast(), length))
    }

    /// Takes bytes that were written to the room.
    ///
    /// # Safety
    /// The last `room` had so many bytes, and they have been written.
    pub unsafe fn take(&mut self, written: usize) {
        // SAFETY: passed on.
        unsafe { self.bytes.set_len(self.bytes.len() + written) };
    }
}

/// What a step of a decoder did.
pub struct Step {
    pub consumed: usize,
    /// The end of the stream has been reached.
    pub ended: bool,
}

/// A decompressor of a library.
pub trait Decoder: Send {
    type Error: Send;
    /// Decodes until the input is used up, the output is full, or the stream ends.
    fn decode(&mut self, input: &[u8], output: &mut Output) -> Result<Step, Self::Error>;
}

/// What Python sees of a decompressor's progress.
#[derive(Default)]
pub struct Progress {
    pub ended: bool,
    pub needs_input: bool,
    pub unused: Vec<u8>,
}

/// A decoder, and the input that it has not had yet.
pub struct Pieces<D> {
    pub decoder: D,
    pending: Vec<u8>,
}

impl<D: Decoder> Pieces<D> {
    pub fn new(decoder: D) -> Self {
        Self { decoder, pending: Vec::new() }
    }

    /// Decodes what is pending and more.
    fn advance(&mut self, more: &[u8], output: &mut Output) -> Result<Progress, D::Error> {
        let mut progress = Progress::default();
        let joined;
        let input = if self.pending.is_empty() {
            more
        } else {
            joined = [std::mem::take(&mut self.pending).as_slice(), more].concat();
            &joined
        };
        let step = self.decoder.decode(input, output)?;
        let rest = &input[step.consumed..];
        if step.ended {
            progress.ended = true;
            progress.unused = rest.to_vec();
        } else if rest.is_empty() {
            progress.needs_input = !output.is_full();
        } else {
            self.pending = rest.to_vec();
        }
        Ok(progress)
    }
}

/// The attributes of a decompressor.
pub struct Seen<'a> {
    pub eof: &'a Cell<bool>,
    pub needs_input: &'a Cell<bool>,
    pub unused_data: &'a Field<Bytes>,
}

impl Seen<'_> {
    /// The method `decompress` of all these types; `after_end` is the message of EOFError. The inner error is the library's.
    pub fn decompress<D: Decoder>(
        &self,
        pieces: &Exclusive<Pieces<D>>,
        data: &BytesLike<'_>,
        max_length: isize,
        after_end: &str,
        thread: &mut Thread,
    ) -> PyResult<Result<Py<Bytes>, D::Error>> {
        if self.eof.get() {
            return Err(raise!(thread, EOFError, "{after_end}"));
        }
        let mut output = Output::new(usize::try_from(max_length).ok());
        let input = stable(data, thread)?;
        let progress = match pieces.without_lock(thread, |it| it.advance(&input, &mut output)) {
            Ok(progress) => progress,
            Err(error) => return Ok(Err(error)),
        };
        self.eof.set(progress.ended);
        self.needs_input.set(progress.needs_input);
        if !progress.unused.is_empty() {
            let unused = Bytes::try_from_slice(&progress.unused, thread)?;
            self.unused_data.set(Some(unused));
        }
        Bytes::try_from_slice(&output.bytes, thread).map(Ok)
    }
}
