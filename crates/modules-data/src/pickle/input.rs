//! Where an unpickler reads from: bytes in memory, or pieces of a file.
//!
//! The piece is kept alive here, and never changes. A file that can `peek` is read ahead without moving its position, which follows when
//! more is needed and at the end; what was read ahead stays for the next run.

use builtins::bytearray::ByteArray;
use builtins::bytes::Bytes;
use builtins::memoryview::MemoryView;
use objects::errors::{NotImplementedError, OrMemoryError, PyResult, Raised, TryToVec};
use objects::gc::{Traverse, Visitor};
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Object, Py};
use objects::slice::Slice;
use objects::thread::Thread;

use super::state::raise_unpickling_error;

/// So many bytes are read ahead.
const PREFETCH: usize = 128 * 1024;

/// What is to be read does not end where the frame does.
const FRAME_EXHAUSTED: &str = "pickle exhausted before end of frame";

/// The methods of a file.
#[derive(Default)]
pub struct Source {
    pub peek: Option<Py<Object>>,
    pub readinto: Option<Py<Object>>,
    /// Empty: all there is to read is in memory.
    pub read: Option<Py<Object>>,
    pub readline: Option<Py<Object>>,
}

impl Traverse for Source {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        for method in [&self.peek, &self.readinto, &self.read, &self.readline] {
            method.traverse(visitor);
        }
    }

    fn clear(&self) {}
}

/// The piece that is being read.
pub struct Input {
    piece: Option<Py<Bytes>>,
    /// The contents of `piece`.
    start: *const u8,
    length: usize,
    position: usize,
    /// Up to here may be read: the end of the frame, or of the piece.
    limit: usize,
    in_frame: bool,
    /// Up to here the file's position has followed.
    prefetched: usize,
}

impl Default for Input {
    fn default() -> Self {
        Self { piece: None, start: std::ptr::null(), length: 0, position: 0, limit: 0, in_frame: false, prefetched: 0 }
    }
}

/// Bytes refer to nothing.
impl Traverse for Input {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// The pickle ends too soon.
#[cold]
pub fn raise_truncated(thread: &mut Thread) -> Raised {
    raise_unpickling_error("pickle data was truncated", thread)
}

impl Input {
    /// Input that is in memory. What may change is copied.
    pub fn of(data: &Object, thread: &mut Thread) -> PyResult<Self> {
        let mut input = Self::default();
        input.set(data, thread)?;
        Ok(input)
    }

    fn set(&mut self, data: &Object, thread: &mut Thread) -> PyResult<()> {
        let piece = match data.downcast::<Bytes>() {
            Some(bytes) => Py::from_ref(bytes),
            None => {
                let contents = BytesLike::of(data, thread)?;
                let contents = contents.as_slice(thread).try_to_vec().or_memory_error(thread)?;
                Bytes::try_from_slice(&contents, thread)?
            }
        };
        let contents = piece.as_slice();
        (self.start, self.length) = (contents.as_ptr(), contents.len());
        (self.position, self.prefetched) = (0, self.length);
        (self.limit, self.in_frame) = (self.length, false);
        self.piece = Some(piece);
        Ok(())
    }

    /// True if so many bytes are left.
    #[inline(always)]
    pub fn has(&self, count: usize) -> bool {
        count <= self.limit - self.position
    }

    #[inline(always)]
    fn rest(&self) -> &[u8] {
        if self.start.is_null() {
            return &[];
        }
        // SAFETY: the contents of `piece`, which lives as long as this, and never changes; the position lies within.
        unsafe { std::slice::from_raw_parts(self.start.add(self.position), self.limit - self.position) }
    }

    /// The next bytes, of which the caller knows that they are there.
    #[inline(always)]
    pub fn take(&mut self, count: usize) -> &[u8] {
        assert!(self.has(count), "callers look first");
        self.position += count;
        // SAFETY: as for `rest`; so many bytes lie before the position.
        unsafe { std::slice::from_raw_parts(self.start.add(self.position - count), count) }
    }

    /// The bytes that a frame holds were read at once; now they are to be read one after another, and no further.
    pub fn begin_frame(&mut self, length: usize) {
        self.limit = self.position;
        self.position -= length;
        self.in_frame = true;
    }

    /// Forgets the frame of a pickle that is done.
    pub fn forget_frame(&mut self) {
        (self.limit, self.in_frame) = (self.length, false);
    }

    /// Leaves the frame, all of which must have been read.
    pub fn leave_frame(&mut self, problem: &str, thread: &mut Thread) -> PyResult<()> {
        if self.in_frame && self.position < self.limit {
            return Err(raise_unpickling_error(problem, thread));
        }
        self.forget_frame();
        Ok(())
    }

    /// The length of the line that begins here, if its end is there.
    pub fn line_length(&self) -> Option<usize> {
        self.rest().iter().position(|it| *it == b'\n').map(|index| index + 1)
    }

    /// Lets the file's position follow.
    pub fn skip_consumed(&mut self, source: &Source, thread: &mut Thread) -> PyResult<()> {
        if self.position <= self.prefetched {
            return Ok(());
        }
        let consumed = protocol::make_int((self.position - self.prefetched) as i128, thread);
        if let Some(read) = &source.read {
            protocol::call_one(read, &consumed, thread)?;
        }
        self.prefetched = self.position;
        Ok(())
    }

    /// Gets a piece of so many bytes of the file, in the place of what was there.
    pub fn read_more(&mut self, count: usize, source: &mut Source, thread: &mut Thread) -> PyResult<()> {
        self.leave_frame(FRAME_EXHAUSTED, thread)?;
        if self.has(count) {
            return Ok(());
        }
        let Some(read) = source.read.clone() else { return Err(raise_truncated(thread)) };
        self.skip_consumed(source, thread)?;
        if count < PREFETCH && self.read_ahead(source, thread)? && self.has(count) {
            return Ok(());
        }
        let wanted = protocol::make_int(count as i128, thread);
        let data = protocol::call_one(&read, &wanted, thread)?;
        self.set(&data, thread)?;
        if self.has(count) { Ok(()) } else { Err(raise_truncated(thread)) }
    }

    /// Reads ahead, if the file can.
    fn read_ahead(&mut self, source: &mut Source, thread: &mut Thread) -> PyResult<bool> {
        let Some(peek) = source.peek.clone() else { return Ok(false) };
        let wanted = protocol::make_int(PREFETCH as i128, thread);
        let data = protocol::call_one(&peek, &wanted, thread);
        let Some(data) = thread.suppress(data, NotImplementedError)? else {
            source.peek = None;
            return Ok(false);
        };
        self.set(&data, thread)?;
        self.prefetched = 0;
        Ok(true)
    }

    /// Gets a line of the file, and gives its length.
    pub fn read_line(&mut self, source: &mut Source, thread: &mut Thread) -> PyResult<usize> {
        self.leave_frame(FRAME_EXHAUSTED, thread)?;
        if let Some(length) = self.line_length() {
            return Ok(length);
        }
        let Some(readline) = source.readline.clone() else { return Err(raise_truncated(thread)) };
        self.skip_consumed(source, thread)?;
        let data = protocol::call(&readline, &[], thread)?;
        self.set(&data, thread)?;
        match self.rest().last() {
            Some(b'\n') => Ok(self.length),
            _ => Err(raise_truncated(thread)),
        }
    }

    /// A new bytearray with the next bytes, which the file writes into it where it can.
    pub fn read_array(&mut self, count: usize, source: &mut Source, thread: &mut Thread) -> PyResult<Py<ByteArray>> {
        if !self.has(count) {
            self.leave_frame(FRAME_EXHAUSTED, thread)?;
        }
        if self.has(count) {
            return ByteArray::from_slice(self.take(count), thread);
        }
        let Some(read) = source.read.clone() else { return Err(raise_truncated(thread)) };
        let array = ByteArray::from_slice(self.rest(), thread)?;
        let known = array.length();
        self.position = self.limit;
        self.skip_consumed(source, thread)?;
        let missing = count - known;
        let Some(readinto) = source.readinto.clone() else {
            let wanted = protocol::make_int(missing as i128, thread);
            let data = protocol::call_one(&read, &wanted, thread)?;
            let Some(data) = data.downcast::<Bytes>() else {
                let class: &Object = data.class();
                let shown = protocol::repr(class, thread)?.to_string_lossy();
                return Err(raise!(thread, ValueError, "read() returned non-bytes object ({shown})"));
            };
            if data.length() < missing {
                return Err(raise_truncated(thread));
            }
            array.splice(known..known, &data.as_slice()[..missing], thread)?;
            return Ok(array);
        };
        array.resize(count, thread)?;
        read_into(&array, known, &readinto, thread)?;
        Ok(array)
    }
}

/// Lets a file fill a bytearray from an index on.
fn read_into(array: &Py<ByteArray>, known: usize, readinto: &Object, thread: &mut Thread) -> PyResult<()> {
    let view = MemoryView::of(array, layout::PyBUF_FULL_RO, thread)?;
    let none = thread.none();
    let start = protocol::make_int(known as i128, thread);
    let part = Slice::new(start, none.clone(), none, thread);
    let part = protocol::get_item(&view, &part, thread)?;
    let wanted = (array.length() - known) as isize;
    let count = protocol::call_one(readinto, &part, thread);
    if let Some(part) = part.downcast::<MemoryView>() {
        part.release_view(thread)?;
    }
    view.release_view(thread)?;
    let count = count?;
    let count = protocol::int_as_isize(&count, thread)?;
    if count < 0 {
        return Err(raise!(thread, ValueError, "readinto() returned negative size"));
    }
    if count < wanted { Err(raise_truncated(thread)) } else { Ok(()) }
}
