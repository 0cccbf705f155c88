//! Writing text.

use objects::errors::PyResult;
use objects::names;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use super::super::base::unsupported;
use super::super::buffered::BufferedWriter;
use super::super::newline::{find_point, replace_line_feeds};
use super::object::{Snapshot, TextIoWrapper};

const LINE_FEED: u32 = 10;
const CARRIAGE_RETURN: u32 = 13;

impl TextIoWrapper {
    /// `write(text)`: how many characters there were.
    pub(super) fn write_text(&self, text: &Str, thread: &mut Thread) -> PyResult<usize> {
        let buffer = self.open_buffer(thread)?;
        if self.encoder.get(thread).is_none() {
            return Err(unsupported("not writable", thread));
        }
        let length = text.length();
        let written = self.mode.get().written();
        let has_line_feed =
            (written.is_some() || self.line_buffering.get()) && find_point(text.view(), LINE_FEED).is_some();
        let flushes =
            self.line_buffering.get() && (has_line_feed || find_point(text.view(), CARRIAGE_RETURN).is_some());
        let translated;
        let text = match written.filter(|_| has_line_feed) {
            Some(written) if text.is_exactly::<Str>() => {
                translated = replace_line_feeds(text, written, thread)?;
                &*translated
            }
            Some(written) => {
                translated = replace_by_method(text, written, thread)?;
                // The method may have done anything to this stream.
                self.open_buffer(thread)?;
                if self.encoder.get(thread).is_none() {
                    return Err(unsupported("not writable", thread));
                }
                &*translated
            }
            None => text,
        };
        self.encode_pending(text, thread)?;
        if self.pending.get(thread).len() >= self.chunk_size.get() || flushes || self.write_through.get() {
            self.write_pending(thread)?;
        }
        if flushes {
            flush_buffer(&buffer, thread)?;
        }
        self.forget_reading(thread)?;
        Ok(length)
    }

    /// Adds encoded text to what is to be written; writes that first if both would be more than a chunk.
    fn encode_pending(&self, text: &Str, thread: &mut Thread) -> PyResult<()> {
        let chunk = self.chunk_size.get();
        let native_ascii =
            text.view().as_ascii().filter(|_| matches!(self.encoder.get(thread), super::codec::Encoder::Native(_)));
        if let Some(ascii) = native_ascii {
            self.make_room(ascii.len(), chunk, thread)?;
            self.pending.get_mut(thread).extend_from_slice(ascii);
            return Ok(());
        }
        let encoder = self.encoder.get(thread).clone();
        let errors = self.error_name();
        let mut encoded = Vec::new();
        encoder.encode(text, &errors, |bytes, _| encoded.extend_from_slice(bytes), thread)?;
        self.make_room(encoded.len(), chunk, thread)?;
        self.pending.get_mut(thread).extend_from_slice(&encoded);
        Ok(())
    }

    /// Writes what is pending while it and `more` bytes would be more than a chunk. Writing may run code that writes to this stream.
    fn make_room(&self, more: usize, chunk: usize, thread: &mut Thread) -> PyResult<()> {
        loop {
            let waiting = self.pending.get(thread).len();
            if waiting == 0 || waiting + more <= chunk || self.buffer.get().is_none() {
                return Ok(());
            }
            self.write_pending(thread)?;
        }
    }

    /// The decoder begins anew; and what was read ahead counts no more, unless the stream can't be positioned: then reading and writing
    /// don't meet.
    fn forget_reading(&self, thread: &mut Thread) -> PyResult<()> {
        if self.snapshot.get(thread).0.is_some() {
            self.set_decoded(None);
            *self.snapshot.get_mut(thread) = Snapshot(None);
        }
        if self.decoder.get(thread).is_none() { Ok(()) } else { self.reset_decoder(thread) }
    }

    /// Gives the buffered stream what is to be written.
    pub(super) fn write_pending(&self, thread: &mut Thread) -> PyResult<()> {
        if self.pending.get(thread).is_empty() {
            return Ok(());
        }
        let Some(buffer) = self.buffer.get() else { return Ok(()) };
        let pending = std::mem::take(self.pending.get_mut(thread));
        if let Some(writer) = buffer.downcast_exact::<BufferedWriter>().filter(|it| it.has_only_name(thread)) {
            let outcome = writer.write_bytes(&BytesLike::Bytes(&pending), thread);
            self.give_back(pending, thread);
            return outcome.map(drop);
        }
        let bytes = thread.make_bytes(&pending)?;
        self.give_back(pending, thread);
        let outcome = protocol::call_method(&buffer, &names::write, &[&bytes], thread);
        outcome.map(drop)
    }

    /// Keeps the memory of what was written for what will be.
    fn give_back(&self, mut memory: Vec<u8>, thread: &mut Thread) {
        memory.clear();
        let pending = self.pending.get_mut(thread);
        if pending.is_empty() && pending.capacity() < memory.capacity() {
            *pending = memory;
        }
    }
}

/// What the `replace` method of a subclass of str makes of line feeds.
fn replace_by_method(text: &Str, written: &str, thread: &mut Thread) -> PyResult<Py<Str>> {
    let replace = thread.intern_text("replace");
    let (old, new) = (Str::from_str("\n", thread), Str::from_str(written, thread));
    let replaced = protocol::call_method(text, &replace, &[&old, &new], thread)?;
    replaced.downcast_into::<Str>().map_err(|other| {
        let found = other.class().short_name();
        raise!(thread, TypeError, "replace() should return a str, not {found}")
    })
}

/// `buffer.flush()`.
fn flush_buffer(buffer: &Py<Object>, thread: &mut Thread) -> PyResult<()> {
    if let Some(writer) = buffer.downcast_exact::<BufferedWriter>().filter(|it| it.has_only_name(thread)) {
        return writer.flush_bytes(thread);
    }
    protocol::call_method(buffer, &names::flush, &[], thread).map(drop)
}
