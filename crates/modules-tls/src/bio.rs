//! `_ssl.MemoryBIO`: a queue of bytes between a connection and whoever carries its bytes.

use std::cell::Cell;

use builtins::bytes::Bytes;
use macros::{Instance, python_type};
use objects::errors::{OrMemoryError, PyResult, TryToVec};
use objects::gc::{Traverse, Visitor};
use objects::object::BaseObject;
use objects::protocol::buffer::BytesLike;
use objects::refs::{Guarded, Header, Py};
use objects::thread::Thread;
use objects::types::Type;

use crate::errors::raise_plain;

/// Bytes, of which the first `start` are used up.
#[derive(Default)]
pub struct Queue {
    bytes: Vec<u8>,
    start: usize,
}

impl Traverse for Queue {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl Queue {
    pub fn rest(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    pub fn is_empty(&self) -> bool {
        self.start == self.bytes.len()
    }

    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Marks so many bytes as used; the room that they took is given back once it is the larger part.
    pub fn consume(&mut self, count: usize) {
        self.start += count;
        if self.is_empty() {
            // Named in full: the collector's `clear` of a vector is another.
            Vec::clear(&mut self.bytes);
            self.start = 0;
        } else if self.start > self.bytes.len() / 2 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
    }
}

/// The queue as an object.
#[derive(Instance)]
#[repr(C)]
pub struct MemoryBio {
    header: Header,
    queue: Guarded<Queue>,
    ended: Cell<bool>,
}

impl MemoryBio {
    pub fn append(&self, bytes: &[u8], thread: &mut Thread) {
        self.queue.get_mut(thread).push(bytes);
    }

    /// At most so many of the first bytes, which leave the queue.
    pub fn take(&self, most: usize, thread: &mut Thread) -> Vec<u8> {
        let queue = self.queue.get_mut(thread);
        let rest = queue.rest();
        let taken = rest[..most.min(rest.len())].to_vec();
        queue.consume(taken.len());
        taken
    }

    /// True if no more bytes will come.
    pub fn has_ended(&self) -> bool {
        self.ended.get()
    }
}

#[python_type(name = "_ssl.MemoryBIO", base = BaseObject, flags(HEAPTYPE))]
impl MemoryBio {
    #[new]
    #[signature("()")]
    fn new(class: &Type, thread: &mut Thread) -> PyResult<Py<MemoryBio>> {
        let bio =
            MemoryBio { header: Header::new(class), queue: Guarded::new(Queue::default()), ended: Cell::new(false) };
        Py::new_in(class, bio, thread)
    }

    /// read($self, size=-1, /)
    /// --
    ///
    /// Read up to size bytes from the memory BIO.
    ///
    /// If size is not specified, read the entire buffer.
    /// If the return value is an empty bytes instance, this means either
    /// EOF or that no data is available. Use the "eof" property to
    /// distinguish between the two.
    #[method]
    fn read(&self, #[default(-1)] size: i32, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let bytes = self.take(usize::try_from(size).unwrap_or(usize::MAX), thread);
        Bytes::try_from_slice(&bytes, thread)
    }

    /// write($self, b, /)
    /// --
    ///
    /// Writes the bytes b into the memory BIO.
    ///
    /// Returns the number of bytes written.
    #[method]
    fn write(&self, b: BytesLike<'_>, thread: &mut Thread) -> PyResult<usize> {
        if self.ended.get() {
            return Err(raise_plain("cannot write() after write_eof()", thread));
        }
        let bytes = b.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        self.append(&bytes, thread);
        Ok(bytes.len())
    }

    /// write_eof($self, /)
    /// --
    ///
    /// Write an EOF marker to the memory BIO.
    ///
    /// When all data has been read, the "eof" property will be True.
    #[method]
    fn write_eof(&self) {
        self.ended.set(true);
    }

    /// The number of bytes pending in the memory BIO.
    #[getter]
    fn pending(&self, thread: &mut Thread) -> usize {
        self.queue.get(thread).rest().len()
    }

    /// Whether the memory BIO is at EOF.
    #[getter]
    fn eof(&self, thread: &mut Thread) -> bool {
        self.ended.get() && self.queue.get(thread).is_empty()
    }
}
