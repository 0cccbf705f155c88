//! `ByteBuilder`: bytes under construction, whose number a program decides.
//!
//! What encoders, escapes and representations write is collected here. As [`crate::builder::StrBuilder`], it drops what there is no memory for
//! and says so at the end, so that those who write need not care at each step.

use crate::builder::SizeError;
use crate::growth::make_room;

/// Collects bytes.
#[derive(Clone, Debug, Default)]
pub struct ByteBuilder {
    bytes: Vec<u8>,
    full: bool,
}

impl ByteBuilder {
    /// An empty builder.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty builder that expects `count` bytes.
    pub fn with_capacity(count: usize) -> Self {
        let mut builder = Self::default();
        builder.reserve(count);
        builder
    }

    /// The number of bytes so far.
    #[inline]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are none yet.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes so far.
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    /// Expects `count` more bytes. Only a hint: there may be no memory for what is never written.
    pub fn reserve(&mut self, count: usize) {
        let _ = self.bytes.try_reserve(count);
    }

    /// Room for `count` more bytes, or none from now on: to ask the system each time would take long.
    fn has_room(&mut self, count: usize) -> bool {
        self.full = self.full || make_room(&mut self.bytes, count).is_err();
        !self.full
    }

    /// Appends a byte.
    #[inline]
    pub fn push(&mut self, byte: u8) {
        if self.bytes.len() < self.bytes.capacity() || self.has_room(1) {
            self.bytes.push(byte);
        }
    }

    /// Takes the last byte away.
    pub fn pop(&mut self) -> Option<u8> {
        self.bytes.pop()
    }

    /// Appends bytes.
    #[inline]
    pub fn extend_from_slice(&mut self, bytes: &[u8]) {
        if bytes.len() <= self.bytes.capacity() - self.bytes.len() || self.has_room(bytes.len()) {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// Appends what `fill` writes to `count` bytes of zeros, of which the number that it returns is kept.
    pub fn fill<R>(&mut self, count: usize, fill: impl FnOnce(&mut [u8]) -> (usize, R)) -> Option<R> {
        let start = self.bytes.len();
        if !self.has_room(count) {
            return None;
        }
        self.bytes.resize(start + count, 0);
        let (kept, result) = fill(&mut self.bytes[start..]);
        self.bytes.truncate(start + kept);
        Some(result)
    }

    /// Whether something was dropped, because there was no memory for it.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// The finished bytes.
    ///
    /// # Errors
    ///
    /// There was no memory for all.
    pub fn finish(self) -> Result<Vec<u8>, SizeError> {
        if self.full { Err(SizeError::OutOfMemory) } else { Ok(self.bytes) }
    }

    /// [`Self::finish`] for what is no longer than something in Rust's memory, whose growth would have ended the process.
    pub fn finish_small(self) -> Vec<u8> {
        self.finish().unwrap_or_else(|_| std::alloc::handle_alloc_error(std::alloc::Layout::new::<u8>()))
    }
}

impl Extend<u8> for ByteBuilder {
    #[inline]
    fn extend<I: IntoIterator<Item = u8>>(&mut self, bytes: I) {
        let bytes = bytes.into_iter();
        let (least, most) = bytes.size_hint();
        if most != Some(least) {
            bytes.for_each(|byte| self.push(byte));
        } else if self.has_room(least) {
            self.bytes.extend(bytes);
        }
    }
}
