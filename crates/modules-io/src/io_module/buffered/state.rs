//! The buffer of a buffered stream, and where it lies in the raw stream.
//!
//! ```text
//! buffer:   0 ........ pos ........ read_end ........ buffer_size      valid bytes read: 0..read_end, if read_end is not −1
//!           0 .. write_pos .. pos .. write_end                        bytes to be written: write_pos..write_end, if write_end is not −1
//! raw_pos:  where the raw stream stands, counted from the start of the buffer
//! ```
//! The design is that of CPython's `bufferedio.c`: reading and writing share one buffer, so that the calls that the raw stream sees are the same.

use std::cell::Cell;

use builtins::bytearray::ByteArray;
use macros::Instance;
use objects::errors::{PyResult, Raised, ValueError};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Guarded, Object, Py};
use objects::thread::Thread;
use objects::types::Type;

use super::super::abstract_::BufferedIoBase;
use super::super::base;
use super::super::file::FileIo;
use super::lock::{Lock, Reentered};

/// What the three types of buffered streams have.
#[derive(Instance)]
#[repr(C)]
pub struct Buffered {
    pub(super) base: BufferedIoBase,
    pub(super) raw: Field,
    /// `__init__` has been successful, and nobody has detached the raw stream.
    pub(super) ready: Cell<bool>,
    pub(super) detached: Cell<bool>,
    pub(super) readable: Cell<bool>,
    pub(super) writable: Cell<bool>,
    pub(super) finalizing: Cell<bool>,
    /// Where the raw stream stands, −1 if that is not known.
    pub(super) raw_position: Cell<i64>,
    pub(super) buffer_size: Cell<i64>,
    /// Empty when the stream is closed.
    pub(super) buffer: Guarded<Vec<u8>>,
    pub(super) pos: Cell<i64>,
    pub(super) raw_pos: Cell<i64>,
    pub(super) read_end: Cell<i64>,
    pub(super) write_pos: Cell<i64>,
    pub(super) write_end: Cell<i64>,
    lock: Lock,
}

/// What came of reading from the raw stream.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RawRead {
    Some(usize),
    End,
    WouldBlock,
}

impl Buffered {
    /// The fields of a stream before `__init__`.
    pub(super) fn fields(class: &Type) -> Self {
        Self {
            base: BufferedIoBase::fields(class),
            raw: Field::EMPTY,
            ready: Cell::new(false),
            detached: Cell::new(false),
            readable: Cell::new(false),
            writable: Cell::new(false),
            finalizing: Cell::new(false),
            raw_position: Cell::new(-1),
            buffer_size: Cell::new(0),
            buffer: Guarded::new(Vec::new()),
            pos: Cell::new(0),
            raw_pos: Cell::new(0),
            read_end: Cell::new(-1),
            write_pos: Cell::new(0),
            write_end: Cell::new(-1),
            lock: Lock::default(),
        }
    }

    /// `__init__`, after the raw stream was checked.
    pub(super) fn initialize(
        &self,
        raw: &Object,
        size: isize,
        readable: bool,
        writable: bool,
        thread: &mut Thread,
    ) -> PyResult<()> {
        self.raw.set(Some(Py::from_ref(raw)));
        self.readable.set(readable);
        self.writable.set(writable);
        if size <= 0 {
            return Err(raise!(thread, ValueError, "buffer size must be strictly positive"));
        }
        let mut buffer = Vec::new();
        if buffer.try_reserve_exact(size as usize).is_err() {
            return Err(thread.raise_memory_error());
        }
        buffer.resize(size as usize, 0);
        *self.buffer.get_mut(thread) = buffer;
        self.buffer_size.set(size as i64);
        self.raw_position.set(-1);
        self.pos.set(0);
        self.raw_pos.set(0);
        self.reset_reading();
        self.reset_writing();
        // A raw stream that cannot tell its position may still be read.
        if self.ask_raw_position(thread).is_err() {
            drop(thread.take_exception());
        }
        self.ready.set(true);
        Ok(())
    }

    /// The raw stream; ValueError if there is none.
    pub(super) fn raw(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.raw.get().filter(|_| self.ready.get()) {
            Some(raw) => Ok(raw),
            None => Err(self.raise_not_ready(thread)),
        }
    }

    #[cold]
    fn raise_not_ready(&self, thread: &mut Thread) -> Raised {
        if self.detached.get() {
            raise!(thread, ValueError, "raw stream has been detached")
        } else {
            raise!(thread, ValueError, "I/O operation on uninitialized object")
        }
    }

    /// `closed`, as the raw stream says.
    pub fn is_closed(&self, thread: &mut Thread) -> PyResult<bool> {
        let raw = self.raw(thread)?;
        if let Some(file) = raw.downcast_exact::<FileIo>() {
            return Ok(file.is_closed());
        }
        let closed = protocol::get_attribute(&raw, &names::closed, thread)?;
        protocol::is_true(&closed, thread)
    }

    /// Raises ValueError if the stream is closed.
    pub(super) fn check_open(&self, doing: &str, thread: &mut Thread) -> PyResult<()> {
        if self.is_closed(thread)? || self.buffer.get(thread).is_empty() {
            return Err(raise!(thread, ValueError, "{doing} closed file"));
        }
        Ok(())
    }

    /// Does something with the stream's lock held.
    pub(super) fn locked<T>(
        &self,
        action: impl FnOnce(&mut Thread) -> PyResult<T>,
        thread: &mut Thread,
    ) -> PyResult<T> {
        self.enter(thread)?;
        let result = action(thread);
        self.leave();
        result
    }

    pub(super) fn enter(&self, thread: &mut Thread) -> PyResult<()> {
        match self.lock.acquire(thread) {
            Ok(()) => Ok(()),
            Err(Reentered) => {
                let shown = protocol::repr(self, thread)?.to_string_lossy();
                Err(raise!(thread, RuntimeError, "reentrant call inside {shown}"))
            }
        }
    }

    pub(super) fn leave(&self) {
        self.lock.release();
    }
}

// The buffer's bounds.
impl Buffered {
    pub(super) fn has_read_buffer(&self) -> bool {
        self.readable.get() && self.read_end.get() != -1
    }

    pub(super) fn has_write_buffer(&self) -> bool {
        self.writable.get() && self.write_end.get() != -1
    }

    /// Bytes that were read and not given out yet.
    pub(super) fn readahead(&self) -> usize {
        if self.has_read_buffer() { (self.read_end.get() - self.pos.get()).max(0) as usize } else { 0 }
    }

    /// How far the raw stream is ahead of the stream's own position.
    pub(super) fn raw_offset(&self) -> i64 {
        let buffered = self.has_read_buffer() || self.has_write_buffer();
        if buffered && self.raw_pos.get() >= 0 { self.raw_pos.get() - self.pos.get() } else { 0 }
    }

    /// Moves the position, and with it the end of what is valid.
    pub(super) fn move_to(&self, pos: i64) {
        self.pos.set(pos);
        if self.has_read_buffer() && self.read_end.get() < pos {
            self.read_end.set(pos);
        }
    }

    pub(super) fn reset_reading(&self) {
        self.read_end.set(-1);
    }

    pub(super) fn reset_writing(&self) {
        self.write_pos.set(0);
        self.write_end.set(-1);
    }

    /// The bytes `start..start + length` of the buffer, as an object.
    pub(super) fn part(&self, start: i64, length: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let range = start as usize..start as usize + length;
        let pointer = self.buffer.get(thread).get(range).unwrap_or_default();
        // SAFETY: making an object does not change this stream's buffer: no Python code runs.
        let part = unsafe { std::slice::from_raw_parts(pointer.as_ptr(), pointer.len()) };
        thread.make_bytes(part)
    }
}

// The raw stream.
impl Buffered {
    fn position_of(&self, answer: &Object, thread: &mut Thread) -> PyResult<i64> {
        let position = protocol::index_or_raise(answer, ValueError, thread)? as i64;
        if position < 0 {
            return Err(raise!(thread, OSError, "Raw stream returned invalid position {position}"));
        }
        self.raw_position.set(position);
        Ok(position)
    }

    /// `raw.tell()`.
    pub(super) fn ask_raw_position(&self, thread: &mut Thread) -> PyResult<i64> {
        let Some(raw) = self.raw.get() else { return Err(self.raise_not_ready(thread)) };
        if let Some(file) = self.plain_file(&raw, thread) {
            let position = file.seek_to(0, libc::SEEK_CUR, thread)?;
            self.raw_position.set(position);
            return Ok(position);
        }
        let answer = protocol::call_method(&raw, &names::tell, &[], thread)?;
        self.position_of(&answer, thread)
    }

    /// Where the raw stream stands, from memory if possible.
    pub(super) fn raw_tell(&self, thread: &mut Thread) -> PyResult<i64> {
        match self.raw_position.get() {
            -1 => self.ask_raw_position(thread),
            position => Ok(position),
        }
    }

    /// `raw.seek(target, whence)`.
    pub(super) fn raw_seek(&self, target: i64, whence: i32, thread: &mut Thread) -> PyResult<i64> {
        let raw = self.raw(thread)?;
        if let Some(file) = self.plain_file(&raw, thread) {
            let position = file.seek_to(target, whence, thread)?;
            self.raw_position.set(position);
            return Ok(position);
        }
        let target = protocol::make_int(i128::from(target), thread);
        let whence = protocol::make_int(i128::from(whence), thread);
        let answer = protocol::call_method(&raw, &names::seek, &[&target, &whence], thread)?;
        self.position_of(&answer, thread)
    }

    /// The raw stream as a file whose methods can be called directly, because nobody has replaced them.
    fn plain_file<'a>(&self, raw: &'a Object, thread: &Thread) -> Option<&'a FileIo> {
        raw.downcast_exact::<FileIo>().filter(|it| it.is_untouched(thread))
    }

    /// Reads once from the raw stream to memory that stays where it is.
    ///
    /// # Safety
    /// There is room for so many bytes, which nobody else uses meanwhile: the stream's own buffer under its lock, or the caller's.
    pub(super) unsafe fn raw_read(&self, target: *mut u8, room: usize, thread: &mut Thread) -> PyResult<RawRead> {
        let raw = self.raw(thread)?;
        let count = match self.plain_file(&raw, thread) {
            // SAFETY: passed on to the caller.
            Some(file) => unsafe { file.read_into(target, room, thread)? },
            None => {
                let Some(bytes) = raw_readinto(&raw, room, thread)? else { return Ok(RawRead::WouldBlock) };
                // SAFETY: there are at most `room` bytes.
                unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), target, bytes.len()) };
                Some(bytes.len())
            }
        };
        match count {
            None => Ok(RawRead::WouldBlock),
            Some(0) => Ok(RawRead::End),
            Some(count) => {
                self.advance_raw(count);
                Ok(RawRead::Some(count))
            }
        }
    }

    fn advance_raw(&self, count: usize) {
        if self.raw_position.get() != -1 {
            self.raw_position.set(self.raw_position.get() + count as i64);
        }
    }

    /// Reads once from the raw stream to the end of what is in the buffer.
    pub(super) fn fill_buffer(&self, thread: &mut Thread) -> PyResult<RawRead> {
        let start = if self.has_read_buffer() { self.read_end.get() } else { 0 };
        let room = (self.buffer_size.get() - start).max(0) as usize;
        let buffer = self.buffer.get_mut(thread);
        let room = room.min(buffer.len().saturating_sub(start as usize));
        // SAFETY: the start lies in the buffer, or room is zero.
        let target = unsafe { buffer.as_mut_ptr().add(start as usize) };
        // SAFETY: the stream's lock is held, under which alone the buffer is used or replaced.
        let outcome = unsafe { self.raw_read(target, room, thread)? };
        if let RawRead::Some(count) = outcome {
            self.read_end.set(start + count as i64);
            self.raw_pos.set(start + count as i64);
        }
        Ok(outcome)
    }

    /// Writes once to the raw stream; None if that would block.
    ///
    /// # Safety
    /// There are so many bytes, which nobody changes or frees meanwhile.
    pub(super) unsafe fn raw_write(
        &self,
        data: *const u8,
        length: usize,
        thread: &mut Thread,
    ) -> PyResult<Option<usize>> {
        let raw = self.raw(thread)?;
        let count = match self.plain_file(&raw, thread) {
            // SAFETY: passed on to the caller.
            Some(file) => unsafe { file.write_from(data, length, thread)? },
            None => {
                // SAFETY: passed on to the caller. The raw stream gets a copy: it may keep it.
                let copy = unsafe { std::slice::from_raw_parts(data, length) }.to_vec();
                raw_write_object(&raw, &copy, thread)?
            }
        };
        if let Some(count) = count {
            self.advance_raw(count);
        }
        Ok(count)
    }
}

/// `memoryview(object)`.
fn view_of(object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = thread.intern_text("memoryview");
    let class = protocol::builtin(&name, thread)?;
    protocol::call_one(&class, object, thread)
}

/// `raw.readinto(view)` with memory of the view's own: what was read, None if that would block.
fn raw_readinto(raw: &Object, room: usize, thread: &mut Thread) -> PyResult<Option<Vec<u8>>> {
    let memory = ByteArray::from_slice(&vec![0; room], thread)?;
    let view = view_of(&memory, thread)?;
    let answer = protocol::call_method(raw, &names::readinto, &[&view], thread)?;
    if answer.is_none() {
        return Ok(None);
    }
    let count = match protocol::index_or_raise(&answer, ValueError, thread) {
        Ok(count) => count,
        Err(raised) => return Err(raise_failed_readinto(raised, thread)),
    };
    if count < 0 || count as usize > room {
        return Err(raise!(
            thread,
            OSError,
            "raw readinto() returned invalid length {count} (should have been between 0 and {room})"
        ));
    }
    Ok(Some(memory.contents_mut(thread).get(..count as usize).unwrap_or_default().to_vec()))
}

/// Raises OSError with the error that `readinto` led to as its cause.
#[cold]
fn raise_failed_readinto(raised: Raised, thread: &mut Thread) -> Raised {
    let cause = thread.catch(raised);
    let raised = raise!(thread, OSError, "raw readinto() failed");
    let error = thread.catch(raised);
    error.set_context(Some(cause.clone()));
    error.set_cause(Some(cause));
    thread.reraise(error)
}

/// `raw.write(view)` with a copy of the bytes: how many were written, None if that would block.
fn raw_write_object(raw: &Object, data: &[u8], thread: &mut Thread) -> PyResult<Option<usize>> {
    let length = data.len();
    let copy = thread.make_bytes(data)?;
    let view = view_of(&copy, thread)?;
    let answer = protocol::call_method(raw, &names::write, &[&view], thread)?;
    if answer.is_none() {
        return Ok(None);
    }
    let count = protocol::index_or_raise(&answer, ValueError, thread)?;
    if count < 0 || count as usize > length {
        return Err(raise!(
            thread,
            OSError,
            "raw write() returned invalid length {count} (should have been between 0 and {length})"
        ));
    }
    Ok(Some(count as usize))
}

/// Checks of the raw stream that constructors make.
pub(super) fn check_raw(
    raw: &Object,
    seekable: bool,
    readable: bool,
    writable: bool,
    thread: &mut Thread,
) -> PyResult<()> {
    if seekable {
        base::check_seekable(raw, thread)?;
    }
    if readable {
        base::check_readable(raw, thread)?;
    }
    if writable {
        base::check_writable(raw, thread)?;
    }
    Ok(())
}
