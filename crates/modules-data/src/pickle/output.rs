//! What a pickler has written: bytes, cut into frames from protocol 4 on.
//!
//! A frame begins with the first byte after the end of the last, and ends where [`Output::close_frame`] says so; its header is filled in
//! then.

use objects::errors::Grow as _;

use super::opcodes::{FRAME, FRAME_HEADER_SIZE, FRAME_SIZE_MINIMUM, FRAME_SIZE_TARGET};

/// No frame is open.
const NONE: usize = usize::MAX;

/// The bytes.
pub struct Output {
    bytes: Vec<u8>,
    /// Where the open frame's header lies.
    frame_start: usize,
    framing: bool,
    /// Something was dropped, because there was no memory for it.
    lost: bool,
}

impl Default for Output {
    fn default() -> Self {
        Self { bytes: Vec::new(), frame_start: NONE, framing: false, lost: false }
    }
}

// The trait is not imported: its `clear` would hide that of `Vec`.
impl objects::gc::Traverse for Output {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut objects::gc::Visitor<'_>) {}
    fn clear(&self) {}
}

impl Output {
    /// Forgets what was written, and makes room where there is none.
    pub fn start(&mut self, room: usize) {
        self.bytes.clear();
        if self.bytes.capacity() == 0 {
            self.bytes.reserve_exact(room);
        }
        (self.frame_start, self.framing, self.lost) = (NONE, false, false);
    }

    /// True if bytes are put into frames.
    pub fn is_framing(&self) -> bool {
        self.framing
    }

    pub fn set_framing(&mut self, framing: bool) {
        self.framing = framing;
    }

    #[inline(always)]
    pub fn write(&mut self, bytes: &[u8]) {
        self.begin_frame();
        self.append(bytes);
    }

    #[inline(always)]
    pub fn push(&mut self, byte: u8) {
        self.begin_frame();
        self.lost = self.lost || self.bytes.try_push(byte).is_err();
    }

    /// A head of few bytes, and what it counts.
    #[inline(always)]
    pub fn write_counted(&mut self, head: &[u8], contents: &[u8]) {
        self.begin_frame();
        self.append(head);
        self.append(contents);
    }

    #[inline(always)]
    fn append(&mut self, bytes: &[u8]) {
        self.lost = self.lost || self.bytes.try_append(bytes).is_err();
    }

    #[inline(always)]
    fn begin_frame(&mut self) {
        if self.framing && self.frame_start == NONE {
            self.frame_start = self.bytes.len();
            self.append(&[0; FRAME_HEADER_SIZE]);
        }
    }

    /// True if the open frame is long enough to be closed.
    #[inline(always)]
    pub fn frame_is_full(&self) -> bool {
        self.frame_start != NONE
            && !self.lost
            && self.bytes.len() - self.frame_start - FRAME_HEADER_SIZE >= FRAME_SIZE_TARGET
    }

    /// Ends the open frame. A very short one loses its header.
    pub fn close_frame(&mut self) {
        let start = std::mem::replace(&mut self.frame_start, NONE);
        if !self.framing || start == NONE || self.lost {
            return;
        }
        let contents = start + FRAME_HEADER_SIZE;
        let length = self.bytes.len() - contents;
        if length >= FRAME_SIZE_MINIMUM {
            self.bytes[start] = FRAME;
            self.bytes[start + 1..contents].copy_from_slice(&(length as u64).to_le_bytes());
        } else {
            self.bytes.copy_within(contents.., start);
            self.bytes.truncate(start + length);
        }
    }

    /// Bytes that there is room for.
    pub fn room(&self) -> usize {
        self.bytes.capacity()
    }

    /// What was written; None if there was no memory for all.
    pub fn bytes(&self) -> Option<&[u8]> {
        (!self.lost).then_some(&*self.bytes)
    }

    /// Forgets what was written, since it is where it belongs.
    pub fn forget(&mut self) {
        self.bytes.clear();
    }

    /// Gives the memory back.
    pub fn free(&mut self) {
        self.bytes = Vec::new();
    }
}
