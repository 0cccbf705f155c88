//! Positions of a text stream: the position in the bytes, and what the decoder needs to go on from there.
//!
//! A position is one integer, whose lowest 64 bits are a position in the bytes. If the text there does not begin with the state of a new
//! decoder, the higher bits tell how to come to it: the decoder's flags, how many bytes to feed it, how many characters to skip, and whether to
//! tell the decoder that the bytes end. The algorithm that finds the nearest safe place is that of the library's `_pyio.TextIOWrapper.tell`.

use objects::errors::{OSError, PyResult};
use objects::int::Int;
use objects::names;
use objects::protocol::buffer::bytes_contents;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::super::base::unsupported;
use super::object::{Snapshot, TextIoWrapper};

/// A position, taken apart.
///
/// ```text
/// bit 0        64      96              128               160
/// start        flags   bytes to feed   chars to skip     end
/// ```
#[derive(Clone, Copy, Default)]
struct Cookie {
    start: u64,
    flags: i32,
    bytes_to_feed: u32,
    chars_to_skip: u32,
    needs_end: bool,
}

const DIGIT_BITS: u32 = 30;
const COOKIE_BYTES: usize = 21;

impl Cookie {
    fn to_object(self, thread: &mut Thread) -> Py<Object> {
        let mut words = [0u32; 6];
        words[0] = self.start as u32;
        words[1] = (self.start >> 32) as u32;
        words[2] = self.flags as u32;
        words[3] = self.bytes_to_feed;
        words[4] = self.chars_to_skip;
        words[5] = u32::from(self.needs_end);
        let bit = |index: u32| words[(index / 32) as usize] >> (index % 32) & 1;
        let mut digits = Vec::new();
        for first in (0..192).step_by(DIGIT_BITS as usize) {
            let last = (first + DIGIT_BITS).min(192);
            digits.push((first..last).rev().fold(0, |digit, index| digit << 1 | bit(index)));
        }
        while digits.last() == Some(&0) {
            digits.pop();
        }
        if digits.len() <= 2 {
            return protocol::make_int(i128::from(self.start), thread);
        }
        Int::from_digits(false, &digits, thread).into_object()
    }

    fn from_object(value: &Object, thread: &mut Thread) -> PyResult<Self> {
        let int = protocol::index(value, thread)?;
        let mut bytes = [0u8; COOKIE_BYTES];
        for (place, digit) in int.digits().iter().enumerate() {
            for bit in (0..DIGIT_BITS as usize).filter(|bit| digit >> bit & 1 != 0) {
                let index = place * DIGIT_BITS as usize + bit;
                match bytes.get_mut(index / 8) {
                    Some(byte) => *byte |= 1 << (index % 8),
                    None => return Err(raise!(thread, OverflowError, "int too big to convert")),
                }
            }
        }
        let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        Ok(Self {
            start: u64::from(word(0)) | u64::from(word(4)) << 32,
            flags: word(8) as i32,
            bytes_to_feed: word(12),
            chars_to_skip: word(16),
            needs_end: bytes[20] != 0,
        })
    }
}

impl TextIoWrapper {
    /// `tell()`.
    pub(super) fn position(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let buffer = self.open_buffer(thread)?;
        if !self.seekable.get() {
            return Err(unsupported("underlying stream is not seekable", thread));
        }
        if !self.telling.get() {
            return Err(raise!(thread, OSError, "telling position disabled by next() call"));
        }
        self.write_pending(thread)?;
        protocol::call_method(self, &names::flush, &[], thread)?;
        let position = protocol::call_method(&buffer, &names::tell, &[], thread)?;
        let snapshot = self.snapshot.get(thread).0.clone();
        let Some((flags, next_input)) = snapshot.filter(|_| !self.decoder.get(thread).is_none()) else {
            return Ok(position);
        };
        let mut cookie = Cookie::from_object(&position, thread)?;
        // The position before the last piece.
        cookie.start = cookie.start.wrapping_sub(next_input.len() as u64);
        cookie.flags = flags;
        let skip = self.decoded_used.get();
        if skip == 0 || self.decoded.is_empty() {
            return Ok(cookie.to_object(thread));
        }
        let saved = self.decoder_state(thread)?;
        let found = self.find_position(cookie, &next_input, skip, thread);
        // The decoder is put back whatever came of it.
        let raised = found.as_ref().err().is_some().then(|| thread.take_exception()).flatten();
        let restored = self.set_decoder_state(&saved.0, saved.1, thread);
        match raised {
            Some(exception) => {
                drop(restored.map_err(|_| thread.take_exception()));
                Err(thread.reraise(exception))
            }
            None => {
                restored?;
                found.map(|it| it.to_object(thread))
            }
        }
    }

    /// Decodes bytes from a fresh state: how many characters they make.
    fn count_decoded(&self, bytes: &[u8], is_final: bool, thread: &mut Thread) -> PyResult<usize> {
        let piece = thread.make_bytes(bytes)?;
        Ok(self.decode(&piece, is_final, thread)?.length())
    }

    /// The place in the last piece after `skip` of its characters, from the nearest place before it where the decoder holds no bytes.
    fn find_position(
        &self,
        mut cookie: Cookie,
        next_input: &[u8],
        mut skip: usize,
        thread: &mut Thread,
    ) -> PyResult<Cookie> {
        // Guess, and go back in growing steps while the guess is too far or the decoder holds bytes.
        let mut bytes = ((self.ratio.get() * skip as f64) as usize).min(next_input.len());
        let mut step = 1;
        loop {
            if cookie.start == 0 && cookie.flags == 0 {
                self.reset_decoder(thread)?;
            } else {
                self.set_decoder_state(&[], i128::from(cookie.flags), thread)?;
            }
            if bytes == 0 {
                break;
            }
            let characters = self.count_decoded(&next_input[..bytes], false, thread)?;
            if characters <= skip {
                let (held, flags) = self.decoder_state(thread)?;
                if held.is_empty() {
                    // A safe place before the target.
                    cookie.flags = flags as i32;
                    skip -= characters;
                    break;
                }
                bytes -= held.len().min(bytes);
                step = 1;
            } else {
                bytes = bytes.saturating_sub(step);
                step *= 2;
            }
        }
        cookie.start += bytes as u64;
        if skip == 0 {
            return Ok(cookie);
        }
        self.feed_to(cookie, &next_input[bytes..], skip, thread)
    }

    /// Feeds the decoder byte by byte until it has given `skip` characters, noting the last safe place on the way.
    fn feed_to(&self, mut cookie: Cookie, input: &[u8], mut skip: usize, thread: &mut Thread) -> PyResult<Cookie> {
        let (mut fed, mut decoded) = (0u32, 0usize);
        for byte in input {
            fed += 1;
            decoded += self.count_decoded(std::slice::from_ref(byte), false, thread)?;
            let (held, flags) = self.decoder_state(thread)?;
            if held.is_empty() && decoded <= skip {
                cookie.start += u64::from(fed);
                skip -= decoded;
                cookie.flags = flags as i32;
                (fed, decoded) = (0, 0);
            }
            if decoded >= skip {
                break;
            }
        }
        if decoded < skip {
            decoded += self.count_decoded(&[], true, thread)?;
            cookie.needs_end = true;
            if decoded < skip {
                return Err(raise!(thread, OSError, "can't reconstruct logical file position"));
            }
        }
        cookie.bytes_to_feed = fed;
        cookie.chars_to_skip = skip as u32;
        Ok(cookie)
    }

    /// `seek(cookie, whence)`.
    pub(super) fn seek_to(&self, cookie: &Object, whence: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        let buffer = self.open_buffer(thread)?;
        if !self.seekable.get() {
            return Err(unsupported("underlying stream is not seekable", thread));
        }
        let zero = protocol::make_int(0, thread);
        let target = match whence {
            libc::SEEK_SET => Py::from_ref(cookie),
            libc::SEEK_CUR => {
                if !protocol::equals(cookie, &zero, thread)? {
                    return Err(unsupported("can't do nonzero cur-relative seeks", thread));
                }
                protocol::call_method(self, &names::tell, &[], thread)?
            }
            libc::SEEK_END => {
                if !protocol::equals(cookie, &zero, thread)? {
                    return Err(unsupported("can't do nonzero end-relative seeks", thread));
                }
                return self.seek_to_end(&buffer, thread);
            }
            _ => return Err(raise!(thread, ValueError, "invalid whence ({whence}, should be 0, 1 or 2)")),
        };
        if protocol::compare_bool(&target, &zero, Comparison::Less, thread)? {
            let shown = protocol::repr(&target, thread)?.to_string_lossy();
            return Err(raise!(thread, ValueError, "negative seek position {shown}"));
        }
        protocol::call_method(self, &names::flush, &[], thread)?;
        let parts = Cookie::from_object(&target, thread)?;
        self.restore(&buffer, parts, thread)?;
        Ok(target)
    }

    fn seek_to_end(&self, buffer: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::call_method(self, &names::flush, &[], thread)?;
        self.set_decoded(None);
        *self.snapshot.get_mut(thread) = Snapshot(None);
        self.reset_decoder(thread)?;
        let (zero, end) = (protocol::make_int(0, thread), protocol::make_int(i128::from(libc::SEEK_END), thread));
        let position = protocol::call_method(buffer, &names::seek, &[&zero, &end], thread)?;
        let at_start = protocol::equals(&position, &zero, thread)?;
        let encoder = self.encoder.get(thread).clone();
        encoder.set_position(at_start, thread)?;
        Ok(position)
    }

    /// Goes to a position that [`TextIoWrapper::position`] gave.
    fn restore(&self, buffer: &Object, cookie: Cookie, thread: &mut Thread) -> PyResult<()> {
        let start = protocol::make_int(i128::from(cookie.start), thread);
        protocol::call_method(buffer, &names::seek, &[&start], thread)?;
        self.set_decoded(None);
        *self.snapshot.get_mut(thread) = Snapshot(None);
        let at_start = cookie.start == 0 && cookie.flags == 0;
        if at_start {
            self.reset_decoder(thread)?;
        } else {
            self.set_decoder_state(&[], i128::from(cookie.flags), thread)?;
        }
        if cookie.chars_to_skip == 0 {
            *self.snapshot.get_mut(thread) = Snapshot(Some((cookie.flags, Vec::new())));
        } else {
            self.skip_characters(buffer, cookie, thread)?;
        }
        let encoder = self.encoder.get(thread).clone();
        encoder.set_position(at_start, thread)
    }

    /// Decodes the bytes after the start, and skips the characters before the position.
    fn skip_characters(&self, buffer: &Object, cookie: Cookie, thread: &mut Thread) -> PyResult<()> {
        let count = protocol::make_int(i128::from(cookie.bytes_to_feed), thread);
        let piece = protocol::call_method(buffer, &names::read, &[&count], thread)?;
        let Some(bytes) = bytes_contents(&piece) else {
            let class = piece.class().full_name();
            return Err(raise!(
                thread,
                TypeError,
                "underlying read() should have returned a bytes object, not '{class}'"
            ));
        };
        *self.snapshot.get_mut(thread) = Snapshot(Some((cookie.flags, bytes.to_vec())));
        let decoded = self.decode(&piece, cookie.needs_end, thread)?;
        let skip = cookie.chars_to_skip as usize;
        if decoded.length() < skip {
            return Err(thread.raise_message(OSError, format_args!("can't restore logical file position")));
        }
        self.set_decoded(Some(decoded));
        self.decoded_used.set(skip);
        Ok(())
    }
}
