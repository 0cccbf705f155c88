//! The array object: its storage, and how it is read and changed. The methods that Python code sees are in `methods`.
//!
//! The number of items is the header's size, which buffers point to as their shape; the items' bytes are in a vector, whose length
//! always is that number times the size of an item. While buffers are exported the vector neither moves nor changes its length.

use std::cell::Cell;
use std::ops::Range;

use layout::PyObject;
use macros::Instance;
use objects::errors::{OrMemoryError, PyResult, TryToVec};
use objects::gc::{Traverse, Visitor};
use objects::protocol;
use objects::raise;
use objects::refs::{Guarded, Object, Py, VarHeader};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

use super::code::Code;

#[derive(Default)]
pub(super) struct Bytes(pub Vec<u8>);

impl Traverse for Bytes {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

#[derive(Instance)]
#[repr(C)]
pub struct Array {
    pub(super) header: VarHeader,
    bytes: Guarded<Bytes>,
    pub(super) weak_references: Cell<*mut PyObject>,
    exports: Cell<u32>,
    code: Cell<u8>,
}

impl Array {
    pub fn empty_in(class: &Type, code: Code, thread: &mut Thread) -> PyResult<Py<Array>> {
        let array = Array {
            header: VarHeader::new(Array::class(), 0),
            bytes: Guarded::new(Bytes::default()),
            weak_references: Cell::new(std::ptr::null_mut()),
            exports: Cell::new(0),
            code: Cell::new(code.letter() as u8),
        };
        Py::new_in(class, array, thread)
    }

    pub fn from_bytes(code: Code, bytes: Vec<u8>, thread: &mut Thread) -> PyResult<Py<Array>> {
        let array = Self::empty_in(Array::class(), code, thread)?;
        array.header.set_size((bytes.len() / code.size()) as isize);
        array.bytes.get_mut(thread).0 = bytes;
        Ok(array)
    }

    pub fn code(&self) -> Code {
        Code::new(u32::from(self.code.get())).expect("an array is made with a valid code")
    }

    /// The number of items.
    #[inline]
    pub fn length(&self) -> usize {
        self.header.size() as usize
    }

    pub fn bytes<'t>(&'t self, thread: &'t Thread) -> &'t [u8] {
        &self.bytes.get(thread).0
    }

    /// The bytes for changing them in place.
    pub fn bytes_mut<'t>(&'t self, thread: &'t mut Thread) -> &'t mut [u8] {
        &mut self.bytes.get_mut(thread).0
    }

    /// Where the bytes lie; null for a new array.
    pub fn data(&self, thread: &Thread) -> *mut u8 {
        let bytes = &self.bytes.get(thread).0;
        if bytes.capacity() == 0 { std::ptr::null_mut() } else { bytes.as_ptr().cast_mut() }
    }

    pub fn allocated(&self, thread: &Thread) -> usize {
        self.bytes.get(thread).0.capacity()
    }

    pub fn add_export(&self) {
        self.exports.set(self.exports.get() + 1);
    }

    pub fn remove_export(&self) {
        self.exports.set(self.exports.get().saturating_sub(1));
    }

    #[inline]
    fn word_at(&self, index: usize, thread: &Thread) -> Option<u64> {
        let size = self.code().size();
        let item = self.bytes(thread).get(index * size..(index + 1) * size)?;
        Some(match size {
            1 => u64::from(item[0]),
            2 => u64::from(u16::from_le_bytes([item[0], item[1]])),
            4 => u64::from(u32::from_le_bytes([item[0], item[1], item[2], item[3]])),
            _ => item.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        })
    }

    /// The item at an index; None if it is out of range.
    #[inline]
    pub fn item(&self, index: usize, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        match self.word_at(index, thread) {
            Some(word) => self.code().unpack(word, thread).map(Some),
            None => Ok(None),
        }
    }

    /// Writes an item; false if the index is out of range. Converting the value may run Python code.
    pub fn set(&self, index: isize, value: &Object, thread: &mut Thread) -> PyResult<bool> {
        let code = self.code();
        let word = code.pack(value, thread)?;
        let size = code.size();
        let Ok(start) = usize::try_from(index).map(|it| it.saturating_mul(size)) else { return Ok(false) };
        match self.bytes_mut(thread).get_mut(start..start.saturating_add(size)) {
            Some(place) => {
                place.copy_from_slice(&word.to_le_bytes()[..size]);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// BufferError while buffers are exported.
    pub fn check_resizable(&self, thread: &mut Thread) -> PyResult<()> {
        if self.exports.get() > 0 {
            return Err(raise!(thread, BufferError, "cannot resize an array that is exporting buffers"));
        }
        Ok(())
    }

    /// Changes the number of items; new ones are zero. The room grows as CPython's, which `__sizeof__` shows.
    pub fn resize(&self, length: usize, thread: &mut Thread) -> PyResult<()> {
        let old = self.length();
        if length == old {
            return Ok(());
        }
        self.check_resizable(thread)?;
        let size = self.code().size();
        let bytes = &mut self.bytes.get_mut(thread).0;
        let wanted = match length {
            0 => Some(0),
            _ => (length >> 4).checked_add(if old < 8 { 3 } else { 7 }).and_then(|it| it.checked_add(length)),
        };
        let Some(wanted) = wanted.and_then(|it| it.checked_mul(size)).filter(|it| *it <= isize::MAX as usize) else {
            return Err(thread.raise_memory_error());
        };
        let fits = bytes.capacity() >= length * size && old < length.saturating_add(16) && length > 0;
        if !fits {
            if wanted > bytes.capacity() {
                if bytes.try_reserve_exact(wanted - bytes.len()).is_err() {
                    return Err(thread.raise_memory_error());
                }
            } else {
                bytes.truncate(length * size);
                bytes.shrink_to(wanted);
            }
        }
        bytes.resize(length * size, 0);
        self.header.set_size(length as isize);
        Ok(())
    }

    /// Puts other items' bytes in the place of a range, which must lie in the array.
    pub fn splice(&self, range: Range<usize>, new: &[u8], thread: &mut Thread) -> PyResult<()> {
        let size = self.code().size();
        let (old, added) = (self.length(), new.len() / size);
        let length = old - range.len() + added;
        if length != old {
            self.check_resizable(thread)?;
        }
        if length > old {
            self.resize(length, thread)?;
        }
        let bytes = self.bytes_mut(thread);
        bytes.copy_within(range.end * size..old * size, (range.start + added) * size);
        bytes[range.start * size..range.start * size + new.len()].copy_from_slice(new);
        self.resize(length, thread)
    }

    pub fn push_bytes(&self, new: &[u8], thread: &mut Thread) -> PyResult<()> {
        let length = self.length();
        self.splice(length..length, new, thread)
    }

    /// Appends an item.
    pub fn push(&self, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let code = self.code();
        let word = code.pack(value, thread)?;
        let length = self.length();
        self.resize(length + 1, thread)?;
        let size = code.size();
        self.bytes_mut(thread)[length * size..].copy_from_slice(&word.to_le_bytes()[..size]);
        Ok(())
    }

    /// Appends the items of an iterable, or the bytes of an array of the same code.
    pub fn extend_with(&self, other: &Object, thread: &mut Thread) -> PyResult<()> {
        if let Some(other) = other.downcast::<Array>() {
            if other.code() != self.code() {
                return Err(raise!(thread, TypeError, "can only extend with array of same kind"));
            }
            let bytes = other.bytes(thread).try_to_vec().or_memory_error(thread)?;
            return self.push_bytes(&bytes, thread);
        }
        let iterator = protocol::iter(other, thread)?;
        while let Some(item) = protocol::next(&iterator, thread)? {
            self.push(&item, thread)?;
        }
        Ok(())
    }

    /// The index of the first item equal to a value, between two bounds.
    pub fn find(&self, value: &Object, start: usize, stop: usize, thread: &mut Thread) -> PyResult<Option<usize>> {
        for index in start..stop {
            let Some(item) = self.item(index, thread)? else { break };
            if protocol::equals(&item, value, thread)? {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }
}
