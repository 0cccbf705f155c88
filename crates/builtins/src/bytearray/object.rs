//! The bytearray object: its layout, its storage, and how Rust code reads and changes it.
//!
//! ```text
//! 0       16    24         32     40     48
//! header  size  allocated  block  start  exports        block → [gap] contents, a zero byte, room
//! ```
//! The contents begin at `start`, which moves forward when bytes are taken from the front. The block grows as CPython's does, because
//! `__alloc__` and `sys.getsizeof` show it. While buffers are exported the block neither moves nor changes its size.

use std::cell::Cell;
use std::mem::offset_of;
use std::ops::Range;
use std::ptr;

use layout::PyByteArrayObject;
use macros::Instance;
use objects::errors::{OrMemoryError, PyResult, TryToVec};
use objects::gc::{Traverse, Visitor};
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Object, Py, VarHeader};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

use crate::bytes::shared::ByteString;

/// A bytearray.
#[derive(Instance)]
#[repr(C)]
pub struct ByteArray {
    header: VarHeader,
    storage: Storage,
}

#[repr(C)]
struct Storage {
    /// Bytes of the block; zero without one.
    allocated: Cell<isize>,
    block: Cell<*mut u8>,
    start: Cell<*mut u8>,
    /// Buffers that point into the block.
    exports: Cell<isize>,
}

const _: () = {
    assert!(size_of::<ByteArray>() == size_of::<PyByteArrayObject>());
    assert!(offset_of!(ByteArray, storage) == offset_of!(PyByteArrayObject, ob_alloc));
};

impl Traverse for Storage {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl Drop for Storage {
    fn drop(&mut self) {
        if !self.block.get().is_null() {
            // SAFETY: objects only exist while their thread is attached; the block came from this allocator, and nobody uses it any more.
            unsafe { Thread::current().allocator().free(self.block.get()) };
        }
    }
}

/// What an empty bytearray exports: a zero byte that is never written.
static NOTHING: [u8; 1] = [0];

impl ByteArray {
    /// A new bytearray without contents.
    pub fn empty(class: &Type, thread: &mut Thread) -> PyResult<Py<ByteArray>> {
        let storage = Storage {
            allocated: Cell::new(0),
            block: Cell::new(ptr::null_mut()),
            start: Cell::new(ptr::null_mut()),
            exports: Cell::new(0),
        };
        Py::new_in(class, ByteArray { header: VarHeader::new(ByteArray::class(), 0), storage }, thread)
    }

    /// A new bytearray with these contents, or MemoryError.
    pub fn from_slice(contents: &[u8], thread: &mut Thread) -> PyResult<Py<ByteArray>> {
        let array = Self::empty(ByteArray::class(), thread)?;
        array.resize(contents.len(), thread)?;
        array.contents_mut(thread).copy_from_slice(contents);
        Ok(array)
    }

    /// A new bytearray with the contents of a bytes-like object.
    pub fn copy_of(object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let contents = BytesLike::of(object, thread)?.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        Self::from_slice(&contents, thread).map(Py::into_object)
    }

    /// The number of bytes.
    #[inline(always)]
    pub fn length(&self) -> usize {
        self.header.size() as usize
    }

    /// `__alloc__()`: bytes of the block.
    pub fn allocated(&self) -> usize {
        self.storage.allocated.get() as usize
    }

    /// Where the contents lie.
    pub fn data(&self) -> *mut u8 {
        if self.length() == 0 { NOTHING.as_ptr().cast_mut() } else { self.storage.start.get() }
    }

    /// The contents for changing them in place.
    pub fn contents_mut<'t>(&'t self, _thread: &'t mut Thread) -> &'t mut [u8] {
        if self.length() == 0 {
            return &mut [];
        }
        // SAFETY: the block holds `length` bytes from `start` on; the thread is borrowed mutably, so no other slice is open.
        unsafe { std::slice::from_raw_parts_mut(self.storage.start.get(), self.length()) }
    }

    /// Notes that a buffer is exported.
    pub(super) fn add_export(&self) {
        self.storage.exports.set(self.storage.exports.get() + 1);
    }

    pub(super) fn remove_export(&self) {
        self.storage.exports.set(self.storage.exports.get() - 1);
    }

    /// BufferError while buffers are exported.
    pub fn check_resizable(&self, thread: &mut Thread) -> PyResult<()> {
        if self.storage.exports.get() > 0 {
            return Err(raise!(thread, BufferError, "Existing exports of data: object cannot be re-sized"));
        }
        Ok(())
    }

    /// `PyByteArray_Resize`: cuts the contents, or adds bytes of no particular value.
    pub fn resize(&self, length: usize, thread: &mut Thread) -> PyResult<()> {
        let old = self.length();
        if length == old {
            return Ok(());
        }
        self.check_resizable(thread)?;
        let allocated = self.allocated();
        let gap = self.gap();
        let fits = length.checked_add(gap + 1).is_some_and(|needed| needed <= allocated);
        let room = match fits {
            // Only a large cut gives memory back.
            true if length >= allocated / 2 => {
                self.set_length(length);
                return Ok(());
            }
            false if length <= allocated + allocated / 8 => length + (length >> 3) + if length < 9 { 3 } else { 6 },
            _ => length.saturating_add(1),
        };
        self.reallocate(room, length, thread)
    }

    /// Bytes of the block before the contents.
    fn gap(&self) -> usize {
        self.storage.start.get() as usize - self.storage.block.get() as usize
    }

    /// Sets the length within the block, and the zero byte behind the contents.
    fn set_length(&self, length: usize) {
        self.header.set_size(length as isize);
        // SAFETY: the block has room for the contents and one byte more.
        unsafe { self.storage.start.get().add(length).write(0) };
    }

    /// Moves the contents to the front of a block of `room` bytes.
    fn reallocate(&self, room: usize, length: usize, thread: &mut Thread) -> PyResult<()> {
        let (old, kept) = (self.storage.block.get(), self.length().min(length));
        if isize::try_from(room).is_err() {
            return Err(thread.raise_memory_error());
        }
        let allocator = thread.allocator();
        let block = if self.gap() > 0 {
            // The contents stay where they are until there is room for them elsewhere.
            let block = allocator.allocate(room);
            if !block.is_null() {
                // SAFETY: both have room for what is kept; the old block came from this allocator, and is not used again.
                unsafe {
                    ptr::copy_nonoverlapping(self.storage.start.get(), block, kept);
                    allocator.free(old);
                }
            }
            block
        } else {
            // SAFETY: the block came from this allocator, or is null; its old address is not used again unless it stays.
            unsafe { allocator.reallocate(old, room) }
        };
        if block.is_null() {
            return Err(thread.raise_memory_error());
        }
        self.storage.block.set(block);
        self.storage.start.set(block);
        self.storage.allocated.set(room as isize);
        self.set_length(length);
        Ok(())
    }

    /// Puts bytes in the place of a range.
    pub fn splice(&self, range: Range<usize>, new: &[u8], thread: &mut Thread) -> PyResult<()> {
        let (old_length, removed) = (self.length(), range.len());
        let length = old_length - removed + new.len();
        if length != old_length {
            self.check_resizable(thread)?;
        }
        if new.len() < removed && range.start == 0 && new.len() < old_length {
            // Bytes taken from the front only move the start.
            let shrink = removed - new.len();
            // SAFETY: so many bytes lie in the contents.
            self.storage.start.set(unsafe { self.storage.start.get().add(shrink) });
            self.header.set_size(length as isize);
            self.contents_mut(thread)[..new.len()].copy_from_slice(new);
            // Gives memory back if little is left.
            if length + self.gap() < self.allocated() / 2 {
                self.reallocate(length + 1, length, thread)?;
            }
            return Ok(());
        }
        if length > old_length {
            self.resize(length, thread)?;
        }
        let contents = self.contents_mut(thread);
        contents.copy_within(range.end..old_length, range.start + new.len());
        contents[range.start..range.start + new.len()].copy_from_slice(new);
        self.resize(length, thread)
    }
}

impl ByteString for ByteArray {
    fn contents<'t>(&'t self, _: &'t Thread) -> &'t [u8] {
        if self.length() == 0 {
            return &[];
        }
        // SAFETY: the block holds `length` bytes from `start` on, and whatever could change them needs the thread.
        unsafe { std::slice::from_raw_parts(self.storage.start.get(), self.length()) }
    }

    fn make(contents: &[u8], thread: &mut Thread) -> PyResult<Py<Self>> {
        Self::from_slice(contents, thread)
    }

    fn unchanged(&self, thread: &mut Thread) -> PyResult<Py<Self>> {
        self.part(0..self.length(), thread)
    }

    fn part(&self, range: Range<usize>, thread: &mut Thread) -> PyResult<Py<Self>> {
        let array = Self::empty(ByteArray::class(), thread)?;
        array.resize(range.len(), thread)?;
        if !range.is_empty() {
            // SAFETY: the range lies in the contents, and the new array has a block of its own with so much room.
            unsafe {
                ptr::copy_nonoverlapping(self.storage.start.get().add(range.start), array.data(), range.len());
            }
        }
        Ok(array)
    }
}
