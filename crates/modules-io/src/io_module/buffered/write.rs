//! Writing to a buffered stream, and positioning it.

use objects::errors::{BlockingIOError, PyResult, Raised, ValueError};
use objects::names;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use super::super::base;
use super::state::Buffered;

/// `BlockingIOError(EAGAIN, "write could not complete without blocking", written)`.
#[cold]
fn raise_would_block(written: usize, thread: &mut Thread) -> Raised {
    let number = protocol::make_int(i128::from(libc::EAGAIN), thread);
    let text = Str::from_str("write could not complete without blocking", thread);
    let written = protocol::make_int(written as i128, thread);
    match protocol::call(BlockingIOError.as_type(), &[&number, &text, &written], thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

impl Buffered {
    /// Writes out what is in the buffer.
    pub(super) fn flush_writing(&self, thread: &mut Thread) -> PyResult<()> {
        if !self.has_write_buffer() || self.write_pos.get() == self.write_end.get() {
            self.reset_writing();
            return Ok(());
        }
        // The raw stream may be ahead of what is to be written.
        let rewind = self.raw_offset() + self.pos.get() - self.write_pos.get();
        if rewind != 0 {
            self.raw_seek(-rewind, libc::SEEK_CUR, thread)?;
            self.raw_pos.set(self.raw_pos.get() - rewind);
        }
        while self.write_pos.get() < self.write_end.get() {
            let (start, end) = (self.write_pos.get() as usize, self.write_end.get() as usize);
            let data = self.buffer.get(thread)[start..end].as_ptr();
            // SAFETY: the stream's lock is held, under which alone the buffer is used or replaced.
            let written = unsafe { self.raw_write(data, end - start, thread)? };
            let Some(written) = written else { return Err(raise_would_block(0, thread)) };
            // The stream's own position stays: a seek inside the buffer may have moved it back.
            self.write_pos.set(self.write_pos.get() + written as i64);
            self.raw_pos.set(self.write_pos.get());
            // A signal may be why not all was written.
            thread.check_signals()?;
        }
        self.reset_writing();
        Ok(())
    }

    /// Writes out what is in the buffer, and takes the raw stream back to the stream's own position.
    pub(super) fn flush_and_rewind(&self, thread: &mut Thread) -> PyResult<()> {
        self.flush_writing(thread)?;
        if self.readable.get() {
            let offset = self.raw_offset();
            let moved = self.raw_seek(-offset, libc::SEEK_CUR, thread).map(drop);
            self.reset_reading();
            moved?;
        }
        Ok(())
    }

    /// `write(data)`: how many bytes were taken.
    pub(super) fn write(&self, data: &BytesLike<'_>, thread: &mut Thread) -> PyResult<usize> {
        self.raw(thread)?;
        self.locked(
            |thread| {
                self.check_open("write to", thread)?;
                self.write_locked(data, thread)
            },
            thread,
        )
    }

    fn write_locked(&self, data: &BytesLike<'_>, thread: &mut Thread) -> PyResult<usize> {
        if !self.has_read_buffer() && !self.has_write_buffer() {
            self.pos.set(0);
            self.raw_pos.set(0);
        }
        let length = data.as_slice(thread).len();
        let room = (self.buffer_size.get() - self.pos.get()).max(0) as usize;
        if length <= room && (length as i64) < self.buffer_size.get() {
            self.copy_in(data, 0..length, self.pos.get(), thread);
            if !self.has_write_buffer() || self.write_pos.get() > self.pos.get() {
                self.write_pos.set(self.pos.get());
            }
            self.move_to(self.pos.get() + length as i64);
            if self.pos.get() > self.write_end.get() {
                self.write_end.set(self.pos.get());
            }
            return Ok(length);
        }
        if let Err(raised) = self.flush_writing(thread) {
            if !thread.raised_is(BlockingIOError) {
                return Err(raised);
            }
            drop(thread.catch(raised));
            return self.write_while_blocked(data, length, thread);
        }
        let offset = self.raw_offset();
        if offset != 0 {
            self.raw_seek(-offset, libc::SEEK_CUR, thread)?;
            self.raw_pos.set(self.raw_pos.get() - offset);
        }
        self.write_through(data, length, thread)
    }

    /// Copies a part of the caller's bytes into the buffer.
    fn copy_in(&self, data: &BytesLike<'_>, range: std::ops::Range<usize>, at: i64, thread: &mut Thread) {
        let (source, length) = {
            let part = data.as_slice(thread).get(range).unwrap_or_default();
            (part.as_ptr(), part.len())
        };
        let Some(target) = self.buffer.get_mut(thread).get_mut(at as usize..at as usize + length) else { return };
        // SAFETY: both have so many bytes; the caller's memory is held by `data`, and may not be the stream's own.
        unsafe { std::ptr::copy(source, target.as_mut_ptr(), length) };
    }

    /// The raw stream takes nothing now: keeps what there is room for.
    fn write_while_blocked(&self, data: &BytesLike<'_>, length: usize, thread: &mut Thread) -> PyResult<usize> {
        if self.readable.get() {
            self.reset_reading();
        }
        let (start, end) = (self.write_pos.get(), self.write_end.get());
        self.buffer.get_mut(thread).copy_within(start as usize..end as usize, 0);
        self.write_end.set(end - start);
        self.raw_pos.set(self.raw_pos.get() - start);
        self.pos.set(self.pos.get() - start);
        self.write_pos.set(0);
        let room = (self.buffer_size.get() - self.write_end.get()).max(0) as usize;
        let taken = length.min(room);
        self.copy_in(data, 0..taken, self.write_end.get(), thread);
        self.write_end.set(self.write_end.get() + taken as i64);
        self.pos.set(self.pos.get() + taken as i64);
        if taken == length { Ok(length) } else { Err(raise_would_block(taken, thread)) }
    }

    /// Writes to the raw stream what is more than the buffer holds, and keeps the rest. The buffer is empty.
    fn write_through(&self, data: &BytesLike<'_>, length: usize, thread: &mut Thread) -> PyResult<usize> {
        let size = self.buffer_size.get() as usize;
        let mut written = 0;
        while length - written > size {
            // SAFETY: the caller's memory has so many bytes.
            let rest = unsafe { data.as_slice(thread).as_ptr().add(written) };
            // SAFETY: `data` keeps the memory there.
            match unsafe { self.raw_write(rest, length - written, thread)? } {
                Some(count) => written += count,
                None => {
                    self.copy_in(data, written..written + size, 0, thread);
                    self.raw_pos.set(0);
                    self.move_to(size as i64);
                    self.write_end.set(size as i64);
                    return Err(raise_would_block(written + size, thread));
                }
            }
            // A signal may be why not all was written.
            thread.check_signals()?;
        }
        if self.readable.get() {
            self.reset_reading();
        }
        let rest = length - written;
        self.copy_in(data, written..length, 0, thread);
        self.write_pos.set(0);
        self.write_end.set(rest as i64);
        self.move_to(rest as i64);
        self.raw_pos.set(0);
        Ok(length)
    }

    /// `flush()` of streams that can be written.
    pub(super) fn flush(&self, thread: &mut Thread) -> PyResult<()> {
        self.check_open("flush of", thread)?;
        self.locked(|thread| self.flush_and_rewind(thread), thread)
    }

    /// `tell()`.
    pub(super) fn tell(&self, thread: &mut Thread) -> PyResult<i64> {
        self.raw(thread)?;
        let position = self.ask_raw_position(thread)?;
        // Who moves the file behind the stream's back sees positions that make no sense, but none before the start.
        Ok((position - self.raw_offset()).max(0))
    }

    /// `seek(target, whence)`.
    pub(super) fn seek(&self, target: &Object, whence: i32, thread: &mut Thread) -> PyResult<i64> {
        self.raw(thread)?;
        if !(libc::SEEK_SET..=libc::SEEK_HOLE).contains(&whence) {
            return Err(raise!(thread, ValueError, "whence value {whence} unsupported"));
        }
        self.check_open("seek of", thread)?;
        let raw = self.raw(thread)?;
        base::check_seekable(&raw, thread)?;
        let target = protocol::index_or_raise(target, ValueError, thread)? as i64;
        if matches!(whence, libc::SEEK_SET | libc::SEEK_CUR)
            && self.readable.get()
            && let Some(position) = self.seek_in_buffer(target, whence, thread)?
        {
            return Ok(position);
        }
        self.locked(
            |thread| {
                self.flush_writing(thread)?;
                let target = if whence == libc::SEEK_CUR { target - self.raw_offset() } else { target };
                let position = self.raw_seek(target, whence, thread)?;
                self.raw_pos.set(-1);
                if self.readable.get() {
                    self.reset_reading();
                }
                Ok(position)
            },
            thread,
        )
    }

    /// Moves inside of what was read; None if the target lies elsewhere.
    fn seek_in_buffer(&self, target: i64, whence: i32, thread: &mut Thread) -> PyResult<Option<i64>> {
        let current = self.raw_tell(thread)?;
        let ahead = self.readahead() as i64;
        if ahead == 0 {
            return Ok(None);
        }
        let offset = match whence {
            libc::SEEK_SET => target - (current - self.raw_offset()),
            _ => target,
        };
        if offset < -self.pos.get() || offset > ahead {
            return Ok(None);
        }
        self.pos.set(self.pos.get() + offset);
        let position = current - ahead + offset;
        Ok((position >= 0).then_some(position))
    }

    /// `truncate(size)`.
    pub(super) fn truncate(&self, size: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check_open("truncate of", thread)?;
        if !self.writable.get() {
            return Err(base::unsupported("truncate", thread));
        }
        self.locked(
            |thread| {
                self.flush_and_rewind(thread)?;
                let raw = self.raw(thread)?;
                let size = size.map_or_else(|| thread.none(), Py::from_ref);
                let result = protocol::call_method(&raw, &names::truncate, &[&size], thread)?;
                // The raw stream may have moved.
                if self.ask_raw_position(thread).is_err() {
                    drop(thread.take_exception());
                }
                Ok(result)
            },
            thread,
        )
    }

    /// `close()`.
    pub(super) fn close(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let closed = self.locked(
            |thread| {
                let closed = self.is_closed(thread)?;
                if !closed && self.finalizing.get() {
                    self.warn_unclosed(self, thread);
                }
                Ok(closed)
            },
            thread,
        )?;
        if closed {
            return Ok(thread.none());
        }
        let flushed = protocol::call_method(self, &names::flush, &[], thread).map(drop);
        let flushed = base::caught(flushed, thread);
        self.enter(thread)?;
        let closed = self.raw(thread).and_then(|raw| protocol::call_method(&raw, &names::close, &[], thread));
        drop(std::mem::take(self.buffer.get_mut(thread)));
        self.leave();
        let (result, closed) = match closed {
            Ok(result) => (Some(result), Ok(())),
            Err(raised) => (None, Err(raised)),
        };
        base::chain(flushed, closed, thread)?;
        Ok(result.unwrap_or_else(|| thread.none()))
    }

    /// Lets the raw stream warn that `source` was not closed.
    pub(super) fn warn_unclosed(&self, source: &Object, thread: &mut Thread) {
        if let Some(raw) = self.raw.get().filter(|_| self.ready.get())
            && protocol::call_method(&raw, &names::_dealloc_warn, &[source], thread).is_err()
        {
            drop(thread.take_exception());
        }
    }

    /// `detach()`.
    pub(super) fn detach(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.raw(thread)?;
        protocol::call_method(self, &names::flush, &[], thread)?;
        let raw = self.raw(thread)?;
        self.raw.set(None);
        self.detached.set(true);
        self.ready.set(false);
        Ok(raw)
    }
}
