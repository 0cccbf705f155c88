//! Reading from a buffered stream.

use objects::errors::{Grow, OrMemoryError, PyResult};
use objects::names;
use objects::protocol;
use objects::protocol::buffer::{WritableBytesLike, bytes_contents};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::state::{Buffered, RawRead};

/// Adds bytes of the buffer to a result.
fn append(out: &mut Vec<u8>, buffer: &Buffered, start: i64, length: usize, thread: &mut Thread) -> PyResult<()> {
    let start = start as usize;
    let part = buffer.buffer.get(thread).get(start..start + length).unwrap_or_default();
    out.try_append(part).or_memory_error(thread)
}

impl Buffered {
    /// What has to be done before the raw stream is read: what was written goes out.
    fn before_raw_read(&self, thread: &mut Thread) -> PyResult<()> {
        if self.writable.get() { self.flush_and_rewind(thread) } else { Ok(()) }
    }

    /// Takes bytes that are in the buffer.
    fn take(&self, length: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let taken = self.part(self.pos.get(), length, thread)?;
        self.pos.set(self.pos.get() + length as i64);
        Ok(taken)
    }

    /// `read(size)`.
    pub(super) fn read(&self, size: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        if size < -1 {
            return Err(raise!(thread, ValueError, "read length must be non-negative or -1"));
        }
        self.check_open("read of", thread)?;
        let Ok(size) = usize::try_from(size) else { return self.locked(|thread| self.read_all(thread), thread) };
        if size <= self.readahead() {
            return self.take(size, thread);
        }
        self.locked(|thread| self.read_exactly(size, thread), thread)
    }

    /// All up to the end.
    fn read_all(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut all = Vec::new();
        let ahead = self.readahead();
        append(&mut all, self, self.pos.get(), ahead, thread)?;
        self.pos.set(self.pos.get() + ahead as i64);
        self.before_raw_read(thread)?;
        self.reset_reading();
        let raw = self.raw(thread)?;
        if let Some(readall) = protocol::lookup_attribute(&raw, &names::readall, thread)? {
            let rest = protocol::call(&readall, &[], thread)?;
            // Where the raw stream is now it alone knows.
            self.raw_position.set(-1);
            if !rest.is_none() && bytes_contents(&rest).is_none() {
                return Err(raise!(thread, TypeError, "readall() should return bytes"));
            }
            if ahead == 0 {
                return Ok(rest);
            }
            all.extend_from_slice(bytes_contents(&rest).unwrap_or_default());
            return thread.make_bytes(&all);
        }
        loop {
            let data = protocol::call_method(&raw, &names::read, &[], thread)?;
            if !data.is_none() && bytes_contents(&data).is_none() {
                return Err(raise!(thread, TypeError, "read() should return bytes"));
            }
            let bytes = bytes_contents(&data).unwrap_or_default();
            if bytes.is_empty() {
                return if all.is_empty() { Ok(data) } else { thread.make_bytes(&all) };
            }
            all.extend_from_slice(bytes);
            if self.raw_position.get() != -1 {
                self.raw_position.set(self.raw_position.get() + bytes.len() as i64);
            }
        }
    }

    /// So many bytes, or fewer at the end or where the raw stream would block; None if it blocks at once.
    fn read_exactly(&self, size: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let ahead = self.readahead();
        if size <= ahead {
            return self.take(size, thread);
        }
        let mut out: Vec<u8> = Vec::new();
        if out.try_reserve_exact(size).is_err() {
            return Err(thread.raise_memory_error());
        }
        append(&mut out, self, self.pos.get(), ahead, thread)?;
        self.pos.set(self.pos.get() + ahead as i64);
        self.before_raw_read(thread)?;
        self.reset_reading();
        let block = self.buffer_size.get() as usize;
        // Whole blocks go past the buffer.
        while size - out.len() >= block {
            let wanted = (size - out.len()) / block * block;
            let target = out.spare_capacity_mut().as_mut_ptr().cast();
            // SAFETY: there is room for the rest of `size` bytes in a local.
            match unsafe { self.raw_read(target, wanted, thread)? } {
                // SAFETY: so many bytes were written.
                RawRead::Some(count) => unsafe { out.set_len(out.len() + count) },
                ended => return self.read_less(out, ended, thread),
            }
        }
        self.pos.set(0);
        self.raw_pos.set(0);
        self.read_end.set(0);
        while out.len() < size && self.read_end.get() < self.buffer_size.get() {
            match self.fill_buffer(thread)? {
                RawRead::Some(count) => {
                    let used = count.min(size - out.len());
                    append(&mut out, self, self.pos.get(), used, thread)?;
                    self.pos.set(self.pos.get() + used as i64);
                }
                ended => return self.read_less(out, ended, thread),
            }
        }
        thread.make_bytes(&out)
    }

    /// What is returned when the raw stream gives no more.
    fn read_less(&self, out: Vec<u8>, ended: RawRead, thread: &mut Thread) -> PyResult<Py<Object>> {
        if out.is_empty() && ended == RawRead::WouldBlock { Ok(thread.none()) } else { thread.make_bytes(&out) }
    }

    /// `peek()`.
    pub(super) fn peek(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check_open("peek of", thread)?;
        self.locked(
            |thread| {
                self.before_raw_read(thread)?;
                let ahead = self.readahead();
                if ahead > 0 {
                    return self.part(self.pos.get(), ahead, thread);
                }
                self.reset_reading();
                let count = match self.fill_buffer(thread)? {
                    RawRead::Some(count) => count,
                    _ => 0,
                };
                self.pos.set(0);
                self.part(0, count, thread)
            },
            thread,
        )
    }

    /// `read1(size)`.
    pub(super) fn read1(&self, size: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let size = usize::try_from(size).unwrap_or(self.buffer_size.get() as usize);
        self.check_open("read of", thread)?;
        if size == 0 {
            return thread.make_bytes(&[]);
        }
        let ahead = self.readahead();
        if ahead > 0 {
            return self.take(ahead.min(size), thread);
        }
        self.locked(
            |thread| {
                self.before_raw_read(thread)?;
                self.reset_reading();
                let mut out: Vec<u8> = Vec::new();
                if out.try_reserve_exact(size).is_err() {
                    return Err(thread.raise_memory_error());
                }
                // SAFETY: there is room for `size` bytes in a local.
                if let RawRead::Some(count) = unsafe { self.raw_read(out.as_mut_ptr(), size, thread)? } {
                    // SAFETY: so many bytes were written.
                    unsafe { out.set_len(count) };
                }
                thread.make_bytes(&out)
            },
            thread,
        )
    }

    /// `readinto(target)`, or `readinto1` if the raw stream may be read only `once`.
    pub(super) fn readinto(
        &self,
        target: &WritableBytesLike,
        once: bool,
        thread: &mut Thread,
    ) -> PyResult<Option<usize>> {
        self.check_open("readinto of", thread)?;
        let length = target.length();
        let mut written = self.readahead().min(length);
        self.copy_out(target, 0, self.pos.get(), written, thread)?;
        self.pos.set(self.pos.get() + written as i64);
        if written == length {
            return Ok(Some(written));
        }
        self.locked(
            |thread| {
                self.before_raw_read(thread)?;
                self.reset_reading();
                self.pos.set(0);
                while written < length {
                    let outcome = self.read_part(target, written, once, thread)?;
                    match outcome {
                        RawRead::Some(count) => written += count,
                        RawRead::WouldBlock if written == 0 => return Ok(None),
                        _ => break,
                    }
                    if once {
                        break;
                    }
                }
                Ok(Some(written))
            },
            thread,
        )
    }

    /// Copies bytes of the buffer to the caller's memory.
    fn copy_out(
        &self,
        target: &WritableBytesLike,
        at: usize,
        start: i64,
        length: usize,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let mut part = Vec::new();
        append(&mut part, self, start, length, thread)?;
        target.as_mut_slice(thread)[at..at + part.len()].copy_from_slice(&part);
        Ok(())
    }

    /// One step of `readinto`: directly where the rest is larger than the buffer, through it otherwise.
    fn read_part(
        &self,
        target: &WritableBytesLike,
        written: usize,
        once: bool,
        thread: &mut Thread,
    ) -> PyResult<RawRead> {
        let remaining = target.length() - written;
        if remaining as i64 > self.buffer_size.get() {
            // SAFETY: the exporter keeps the memory there, and so many bytes of it are left.
            return unsafe { self.raw_read(target.as_pointer().add(written), remaining, thread) };
        }
        if once && written > 0 {
            return Ok(RawRead::End);
        }
        let outcome = self.fill_buffer(thread)?;
        let RawRead::Some(count) = outcome else { return Ok(outcome) };
        let used = count.min(remaining);
        self.copy_out(target, written, self.pos.get(), used, thread)?;
        self.pos.set(self.pos.get() + used as i64);
        Ok(RawRead::Some(used))
    }

    /// The length of the line in `start..start + length` of the buffer, with its end; None if it does not end there.
    fn line_end(&self, start: i64, length: usize, thread: &Thread) -> Option<usize> {
        let start = start as usize;
        let bytes = self.buffer.get(thread).get(start..start + length)?;
        text::bytes::find::find(bytes, b"\n").map(|place| place + 1)
    }

    /// `readline(limit)`: a negative limit is none.
    pub(super) fn readline(&self, limit: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check_open("readline of", thread)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let ahead = self.readahead().min(limit);
        if let Some(length) = self.line_end(self.pos.get(), ahead, thread) {
            return self.take(length, thread);
        }
        if ahead == limit {
            return self.take(ahead, thread);
        }
        self.locked(|thread| self.read_long_line(ahead, limit, thread), thread)
    }

    /// A line that starts with `ahead` bytes in the buffer and goes on beyond them.
    fn read_long_line(&self, ahead: usize, limit: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut line = Vec::new();
        append(&mut line, self, self.pos.get(), ahead, thread)?;
        self.pos.set(self.pos.get() + ahead as i64);
        self.before_raw_read(thread)?;
        loop {
            self.reset_reading();
            let RawRead::Some(count) = self.fill_buffer(thread)? else { break };
            let count = count.min(limit - line.len());
            let end = self.line_end(0, count, thread);
            let used = end.unwrap_or(count);
            append(&mut line, self, 0, used, thread)?;
            self.pos.set(used as i64);
            if end.is_some() || line.len() == limit {
                break;
            }
        }
        thread.make_bytes(&line)
    }
}
