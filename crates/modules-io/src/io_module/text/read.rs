//! Reading text.

use objects::errors::{Grow, OrMemoryError, PyResult};
use objects::names;
use objects::protocol;
use objects::protocol::buffer::{BytesLike, has_buffer};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use super::super::base::unsupported;
use super::super::newline::LineEnd;
use super::object::{Snapshot, TextIoWrapper};

// The decoder.
impl TextIoWrapper {
    /// Decodes the next piece of bytes.
    pub(super) fn decode(&self, piece: &Object, is_final: bool, thread: &mut Thread) -> PyResult<Py<Str>> {
        let errors = self.error_name();
        let decoder = self.decoder.get(thread).clone();
        let (decoder, decoded) = decoder.decode(piece, is_final, &errors, thread);
        *self.decoder.get_mut(thread) = decoder;
        let decoded = decoded?;
        if self.mode.get().is_universal() { self.newlines.decode(&decoded, is_final, thread) } else { Ok(decoded) }
    }

    /// The state of the decoder, newlines included.
    pub(super) fn decoder_state(&self, thread: &mut Thread) -> PyResult<(Vec<u8>, i128)> {
        let decoder = self.decoder.get(thread).clone();
        let (buffer, flags) = decoder.state(thread)?;
        let universal = self.mode.get().is_universal();
        Ok((buffer, if universal { self.newlines.add_to_flags(flags) } else { flags }))
    }

    pub(super) fn set_decoder_state(&self, buffer: &[u8], flags: i128, thread: &mut Thread) -> PyResult<()> {
        let flags = if self.mode.get().is_universal() { self.newlines.take_from_flags(flags) } else { flags };
        let decoder = self.decoder.get(thread).clone().with_state(buffer, flags, thread)?;
        *self.decoder.get_mut(thread) = decoder;
        Ok(())
    }

    pub(super) fn reset_decoder(&self, thread: &mut Thread) -> PyResult<()> {
        if self.mode.get().is_universal() {
            self.newlines.reset();
        }
        let decoder = self.decoder.get(thread).clone().reset(thread)?;
        *self.decoder.get_mut(thread) = decoder;
        Ok(())
    }
}

// Decoded text.
impl TextIoWrapper {
    pub(super) fn set_decoded(&self, text: Option<Py<Str>>) {
        self.decoded.set(text);
        self.decoded_used.set(0);
    }

    /// Takes decoded text that was not given out yet: all, or at most so many characters.
    fn take_decoded(&self, count: Option<usize>, thread: &mut Thread) -> PyResult<Py<Str>> {
        let Some(decoded) = self.decoded.get() else { return Ok(Str::empty()) };
        let start = self.decoded_used.get();
        let available = decoded.length() - start;
        let count = count.map_or(available, |count| count.min(available));
        self.decoded_used.set(start + count);
        if start == 0 && count == decoded.length() {
            Ok(decoded)
        } else {
            decoded.substring(start..start + count, thread)
        }
    }

    /// Characters that are decoded and not given out yet.
    fn available(&self) -> usize {
        self.decoded.get().map_or(0, |it| it.length() - self.decoded_used.get())
    }

    /// Reads and decodes the next piece: false at the end. `hint` characters are wanted, if that is known.
    fn read_chunk(&self, hint: usize, thread: &mut Thread) -> PyResult<bool> {
        let buffer = self.attached(thread)?;
        if self.decoder.get(thread).is_none() {
            return Err(unsupported("not readable", thread));
        }
        let state = if self.telling.get() { Some(self.decoder_state(thread)?) } else { None };
        let hint = (self.ratio.get().max(1.0) * hint as f64) as usize;
        let size = protocol::make_int(self.chunk_size.get().max(hint) as i128, thread);
        let method: &Str = if self.has_read1.get() { &names::read1 } else { &names::read };
        let piece = protocol::call_method(&buffer, method, &[&size], thread)?;
        if !has_buffer(&piece) {
            let (method, class) = (method.to_string_lossy(), piece.class().full_name());
            return Err(raise!(
                thread,
                TypeError,
                "underlying {method}() should have returned a bytes-like object, not '{class}'"
            ));
        }
        let bytes = BytesLike::of(&piece, thread)?;
        let length = bytes.as_slice(thread).len();
        let decoded = self.decode(&piece, length == 0, thread)?;
        let characters = decoded.length();
        self.ratio.set(if characters > 0 { length as f64 / characters as f64 } else { 0.0 });
        self.set_decoded(Some(decoded));
        if let Some((mut before, flags)) = state {
            before.extend_from_slice(bytes.as_slice(thread));
            *self.snapshot.get_mut(thread) = Snapshot(Some((flags as i32, before)));
        }
        Ok(length > 0 || characters > 0)
    }

    /// `read(size)`: a negative size means all.
    pub(super) fn read_text(&self, size: isize, thread: &mut Thread) -> PyResult<Py<Str>> {
        let buffer = self.open_buffer(thread)?;
        if self.decoder.get(thread).is_none() {
            return Err(unsupported("not readable", thread));
        }
        self.write_pending(thread)?;
        let Ok(size) = usize::try_from(size) else { return self.read_all(&buffer, thread) };
        let mut parts = vec![self.take_decoded(Some(size), thread)?];
        let mut total = parts[0].length();
        while total < size {
            if !self.read_chunk(size - total, thread)? {
                break;
            }
            let part = self.take_decoded(Some(size - total), thread)?;
            total += part.length();
            parts.try_push(part).or_memory_error(thread)?;
        }
        join(parts, thread)
    }

    fn read_all(&self, buffer: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
        let piece = protocol::call_method(buffer, &names::read, &[], thread)?;
        if piece.is_none() {
            return Err(raise!(thread, BlockingIOError, "Read returned None."));
        }
        let rest = self.decode(&piece, true, thread)?;
        let first = self.take_decoded(None, thread)?;
        if self.snapshot.get(thread).0.is_some() {
            self.set_decoded(None);
            *self.snapshot.get_mut(thread) = Snapshot(None);
        }
        join(vec![first, rest], thread)
    }

    /// `readline(limit)`: a negative limit is none.
    pub(super) fn read_line(&self, limit: isize, thread: &mut Thread) -> PyResult<Py<Str>> {
        self.open_buffer(thread)?;
        self.write_pending(thread)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let line_end = self.mode.get().line_end();
        let (mut parts, mut total) = (Vec::new(), 0);
        // A carriage return that the line so far ends with, where the next piece may begin with the line feed.
        let mut half_end = false;
        while total < limit {
            if self.available() == 0 && !self.read_until_text(thread)? {
                self.set_decoded(None);
                *self.snapshot.get_mut(thread) = Snapshot(None);
                break;
            }
            let (length, ended) = self.line_part(line_end, half_end, limit - total);
            let part = self.take_decoded(Some(length), thread)?;
            total += length;
            half_end = line_end == LineEnd::Both && part.code_point(length.saturating_sub(1)) == Some(13);
            parts.try_push(part).or_memory_error(thread)?;
            if ended {
                break;
            }
        }
        join(parts, thread)
    }

    /// Reads pieces until there is text; false at the end.
    fn read_until_text(&self, thread: &mut Thread) -> PyResult<bool> {
        while self.available() == 0 {
            if !self.read_chunk(0, thread)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How much of the decoded text belongs to the line, at most `limit`, and whether the line ends there.
    fn line_part(&self, line_end: LineEnd, half_end: bool, limit: usize) -> (usize, bool) {
        let Some(decoded) = self.decoded.get() else { return (0, true) };
        let rest = decoded.view().slice_from(self.decoded_used.get());
        if half_end && rest.get(0) == Some(10) {
            return (1, true);
        }
        match line_end.find(rest) {
            Some(length) if length <= limit => (length, true),
            _ => (rest.len().min(limit), false),
        }
    }
}

/// The parts as one text.
fn join(mut parts: Vec<Py<Str>>, thread: &mut Thread) -> PyResult<Py<Str>> {
    parts.retain(|it| it.length() > 0);
    match parts.len() {
        0 => Ok(Str::empty()),
        1 => Ok(parts.remove(0)),
        _ => Str::join_views(Str::empty().view(), parts.iter().map(|it| it.view()), thread),
    }
}
