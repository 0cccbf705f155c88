//! The bytes object: its layout, how bytes are made and read.
//!
//! ```text
//! 0       16    24    32
//! header  size  hash  contents, a zero byte
//! ```

use std::cell::Cell;
use std::mem::offset_of;
use std::ops::Range;
use std::ptr::NonNull;

use layout::PyBytesObject;
use macros::Instance;
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::refs::{Object, Py, VarHeader, allocate_variable};
use objects::thread::{Thread, hash_secret};
use objects::types::{Instance, Type};

use super::shared::ByteString;

/// Bytes: the contents follow the head, with a zero byte behind them.
#[derive(Instance)]
#[repr(C)]
pub struct Bytes {
    header: VarHeader,
    hash: Cell<isize>,
    contents: Contents,
}

/// The contents of a bytes object, as many as its header says.
#[repr(C)]
struct Contents([u8; 0]);

impl Traverse for Contents {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

const _: () = assert!(offset_of!(Bytes, contents) == offset_of!(PyBytesObject, ob_sval));

/// `tp_basicsize`: the head and the zero byte.
pub(super) const BASIC_SIZE: usize = offset_of!(Bytes, contents) + 1;

/// Static bytes: none, or one.
#[repr(C)]
struct StaticBytes<const SIZE: usize> {
    header: VarHeader,
    hash: Cell<isize>,
    contents: [u8; SIZE],
}

// SAFETY: the header of an immortal object is never written; the hash is the same whoever computes it, and it is one word.
unsafe impl<const SIZE: usize> Sync for StaticBytes<SIZE> {}

impl<const SIZE: usize> StaticBytes<SIZE> {
    const fn new(contents: [u8; SIZE]) -> Self {
        let class = std::ptr::from_ref(Bytes::DECLARATION).cast_mut().cast();
        Self { header: VarHeader::immortal(class, SIZE as isize - 1), hash: Cell::new(-1), contents }
    }

    fn as_bytes(&'static self) -> &'static Bytes {
        // SAFETY: the struct starts with the fields of `Bytes`, and its contents lie where theirs do.
        unsafe { &*std::ptr::from_ref(self).cast::<Bytes>() }
    }
}

static EMPTY: StaticBytes<1> = StaticBytes::new([0]);

static SINGLE: [StaticBytes<2>; 256] = {
    let mut all = [const { StaticBytes::new([0; 2]) }; 256];
    let mut byte = 0;
    while byte < 256 {
        all[byte].contents[0] = byte as u8;
        byte += 1;
    }
    all
};

impl Bytes {
    /// New bytes with these contents. The process ends where the system has no memory: for contents of bounded length.
    pub fn from_slice(contents: &[u8], thread: &mut Thread) -> Py<Bytes> {
        match contents {
            [] => Py::from_ref(EMPTY.as_bytes()),
            [byte] => Py::from_ref(SINGLE[usize::from(*byte)].as_bytes()),
            _ => Self::fill(thread.allocator().allocate_surely(BASIC_SIZE + contents.len()).cast(), contents),
        }
    }

    /// Bytes with these contents, or MemoryError. Those of at most one byte are made once.
    pub fn try_from_slice(contents: &[u8], thread: &mut Thread) -> PyResult<Py<Bytes>> {
        match contents {
            [] => Ok(Py::from_ref(EMPTY.as_bytes())),
            [byte] => Ok(Py::from_ref(SINGLE[usize::from(*byte)].as_bytes())),
            _ => Self::allocate(Bytes::class(), contents, thread),
        }
    }

    /// As [`Bytes::from_slice`], but one byte has an object of its own too. That shows in what `marshal` writes.
    pub fn unshared(contents: &[u8], thread: &mut Thread) -> PyResult<Py<Bytes>> {
        match contents {
            [] => Ok(Py::from_ref(EMPTY.as_bytes())),
            _ => Self::allocate_exact(contents, thread),
        }
    }

    /// A new instance of `class`, which is `bytes` or a subtype.
    pub(super) fn allocate(class: &Type, contents: &[u8], thread: &mut Thread) -> PyResult<Py<Bytes>> {
        if std::ptr::eq(class, Bytes::class()) {
            return Self::allocate_exact(contents, thread);
        }
        let object = allocate_variable(class, contents.len() as isize, thread)?;
        // SAFETY: the block is a bytes object's, with room for the contents and a terminator that is zero already.
        unsafe {
            let bytes = object.cast_into::<Bytes>();
            bytes.hash.set(-1);
            let target = std::ptr::from_ref(&bytes.contents).cast_mut().cast::<u8>();
            std::ptr::copy_nonoverlapping(contents.as_ptr(), target, contents.len());
            if class.is_collectable() {
                objects::gc::track(bytes.as_pointer(), thread);
            }
            Ok(bytes)
        }
    }

    /// New exact bytes, in memory that is not zeroed first.
    fn allocate_exact(contents: &[u8], thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let block = match contents.len().checked_add(BASIC_SIZE) {
            Some(size) => thread.allocator().allocate(size),
            None => std::ptr::null_mut(),
        };
        let Some(block) = NonNull::new(block.cast::<Bytes>()) else { return Err(thread.raise_memory_error()) };
        Ok(Self::fill(block, contents))
    }

    /// Bytes in a block that was allocated for them.
    #[inline(always)]
    fn fill(block: NonNull<Bytes>, contents: &[u8]) -> Py<Bytes> {
        let header = VarHeader::new(Bytes::class(), contents.len() as isize);
        // SAFETY: the block has room for the head, the contents and a terminator; its one reference goes to the result.
        unsafe {
            block.write(Bytes { header, hash: Cell::new(-1), contents: Contents([]) });
            let target = block.cast::<u8>().add(offset_of!(Bytes, contents));
            std::ptr::copy_nonoverlapping(contents.as_ptr(), target.as_ptr(), contents.len());
            target.add(contents.len()).write(0);
            Py::steal(block)
        }
    }

    /// Bytes of this length, all zero, that nobody else has: for C code to fill in. Not those of at most one byte that others share.
    pub fn unfilled(length: usize, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let object = allocate_variable(Bytes::class(), length as isize, thread)?;
        // SAFETY: the block is a bytes object's, zeroed.
        let bytes = unsafe { object.cast_into::<Bytes>() };
        bytes.hash.set(-1);
        Ok(bytes)
    }

    /// The contents. Bytes never change, so they may be read as long as the object is held.
    #[inline(always)]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: the contents were written when the object was made.
        unsafe {
            std::slice::from_raw_parts(std::ptr::from_ref(&self.contents).cast::<u8>(), self.header.size() as usize)
        }
    }

    /// The number of bytes.
    #[inline(always)]
    pub fn length(&self) -> usize {
        self.header.size() as usize
    }

    /// The hash, computed once: that of an ASCII string of the same bytes.
    pub fn hash_value(&self) -> isize {
        let known = self.hash.get();
        if known != -1 {
            return known;
        }
        let hash = match text::hash::hash_bytes(hash_secret(), self.as_slice()) as isize {
            -1 => -2,
            hash => hash,
        };
        self.hash.set(hash);
        hash
    }

    /// The object itself, or an exact copy of an instance of a subtype.
    pub fn to_exact(&self, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        if self.is_exactly::<Bytes>() { Ok(Py::from_ref(self)) } else { Self::try_from_slice(self.as_slice(), thread) }
    }

    /// What `thread.make_bytes` calls.
    pub(super) fn make_object(contents: &[u8], thread: &mut Thread) -> PyResult<Py<Object>> {
        Self::try_from_slice(contents, thread).map(Py::into_object)
    }
}

impl ByteString for Bytes {
    fn contents<'t>(&'t self, _: &'t Thread) -> &'t [u8] {
        self.as_slice()
    }

    fn make(contents: &[u8], thread: &mut Thread) -> PyResult<Py<Self>> {
        Self::try_from_slice(contents, thread)
    }

    fn unchanged(&self, thread: &mut Thread) -> PyResult<Py<Self>> {
        self.to_exact(thread)
    }

    fn part(&self, range: Range<usize>, thread: &mut Thread) -> PyResult<Py<Self>> {
        if range.len() == self.length() {
            return self.to_exact(thread);
        }
        Self::try_from_slice(&self.as_slice()[range], thread)
    }
}
