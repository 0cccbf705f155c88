//! Making strings: from Rust text, from views, from parts, by appending in place.
//!
//! A new string is a block that is filled from left to right through [`StrFiller`]; nobody else can see it before it is full.

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::ops::Range;
use std::ptr::{self, NonNull};

use layout::{
    PyUnicode_1BYTE_KIND, PyUnicode_2BYTE_KIND, PyUnicode_4BYTE_KIND, PyUnicode_STATE_ASCII, PyUnicode_STATE_COMPACT,
    PyUnicode_STATE_KIND_SHIFT, PyUnicodeObject,
};
use text::builder::{SizeError, StrBuilder, StrData};
use text::view::{StrView, form_limit};

use super::object::{Str, head_size};
use super::static_str::{empty_str, latin1_character};
use crate::errors::{PyResult, Raised};
use crate::raise;
use crate::refs::{Header, Py};
use crate::thread::Thread;
use crate::types::{Instance as _, Type};

/// The kind of the form that holds code points up to `limit`.
const fn kind_for(limit: u32) -> u32 {
    match limit {
        0..=0xFF => PyUnicode_1BYTE_KIND,
        0x100..=0xFFFF => PyUnicode_2BYTE_KIND,
        _ => PyUnicode_4BYTE_KIND,
    }
}

/// The state of a string that is not interned.
const fn state_for(limit: u32, compact: bool) -> u32 {
    kind_for(limit) << PyUnicode_STATE_KIND_SHIFT
        | if limit < 0x80 { PyUnicode_STATE_ASCII } else { 0 }
        | if compact { PyUnicode_STATE_COMPACT } else { 0 }
}

/// A string under construction: so many characters of a form, filled from left to right.
pub struct StrFiller {
    string: Py<Str>,
    filled: usize,
}

impl StrFiller {
    /// A string of `length` characters, the greatest of which will be in the form of `limit`; MemoryError if it is too long.
    pub fn new(limit: u32, length: usize, thread: &mut Thread) -> PyResult<Self> {
        let size = block_size(limit, length);
        let block = size.map_or(ptr::null_mut(), |size| thread.allocator().allocate(size));
        let Some(block) = NonNull::new(block.cast::<Str>()) else {
            return Err(thread.raise_memory_error());
        };
        Ok(Self::begin(block, limit, length))
    }

    /// As [`StrFiller::new`], where that cannot be refused: the process ends where the system has no memory.
    fn new_surely(limit: u32, length: usize, thread: &mut Thread) -> Self {
        let size = block_size(limit, length).unwrap_or(usize::MAX);
        Self::begin(thread.allocator().allocate_surely(size).cast(), limit, length)
    }

    /// A string without characters in a block that has room for it.
    #[inline(always)]
    fn begin(block: NonNull<Str>, limit: u32, length: usize) -> Self {
        let value = Str {
            header: Header::new(Str::class()),
            length: Cell::new(length as isize),
            hash: Cell::new(-1),
            state: Cell::new(state_for(limit, true)),
        };
        // SAFETY: the block has room for the head, the UTF-8 fields of forms that have them, the characters and a terminator.
        let string = unsafe {
            block.write(value);
            let string = Py::steal(block);
            if let Some(fields) = string.utf8_fields() {
                fields.utf8.set(ptr::null_mut());
                fields.utf8_length.set(0);
            }
            string
        };
        let mut filler = Self { string, filled: 0 };
        filler.terminate();
        filler
    }

    /// Writes the terminator behind the last character.
    fn terminate(&mut self) {
        let (kind, length) = (self.string.kind() as usize, self.string.length());
        // SAFETY: the storage has room for one more character than the length says.
        unsafe { self.string.data().cast_mut().add(length * kind).write_bytes(0, kind) };
    }

    /// Where the next characters go, after checking that so many fit.
    fn advance(&mut self, count: usize) -> *mut u8 {
        let at = self.filled;
        assert!(count <= self.string.length() - at, "a string is filled with more than it was made for");
        self.filled = at + count;
        // SAFETY: the storage has room for `length` characters, of which `at` are filled.
        unsafe { self.string.data().cast_mut().add(at * self.string.kind() as usize) }
    }

    /// Appends a text whose characters fit the form.
    #[inline]
    pub fn push(&mut self, view: StrView<'_>) {
        let target = self.advance(view.len());
        // SAFETY: there is room for so many characters of this kind, in a block of its own.
        unsafe {
            match (view, self.string.kind()) {
                (StrView::Ascii(units) | StrView::Latin1(units), 1) => copy(units, target),
                (StrView::Ascii(units) | StrView::Latin1(units), 2) => {
                    convert(units, target.cast(), u16::from);
                }
                (StrView::Ascii(units) | StrView::Latin1(units), _) => convert(units, target.cast(), u32::from),
                (StrView::Ucs2(units), 1) => convert(units, target, |unit| unit as u8),
                (StrView::Ucs2(units), 2) => copy(units, target.cast()),
                (StrView::Ucs2(units), _) => convert(units, target.cast(), u32::from),
                (StrView::Ucs4(units), 1) => convert(units, target, |unit| unit as u8),
                (StrView::Ucs4(units), 2) => convert(units, target.cast(), |unit| unit as u16),
                (StrView::Ucs4(units), _) => copy(units, target.cast()),
            }
        }
    }

    /// Appends one character several times.
    pub fn push_repeated(&mut self, point: u32, count: usize) {
        let target = self.advance(count);
        // SAFETY: there is room for so many characters of this kind.
        unsafe {
            match self.string.kind() {
                1 => target.write_bytes(point as u8, count),
                2 => std::slice::from_raw_parts_mut(target.cast(), count).fill(point as u16),
                _ => std::slice::from_raw_parts_mut(target.cast(), count).fill(point),
            }
        }
    }

    /// The full string.
    #[inline]
    pub fn finish(self) -> Py<Str> {
        assert!(self.filled == self.string.length(), "a string is used before it is full");
        self.string
    }
}

/// Bytes of a compact string; None if there are too many.
fn block_size(limit: u32, length: usize) -> Option<usize> {
    let characters = length.checked_add(1)?.checked_mul(kind_for(limit) as usize)?;
    characters.checked_add(head_size(limit < 0x80)).filter(|size| isize::try_from(*size).is_ok())
}

/// The string with these characters if it is one of those that are made once.
#[inline(always)]
fn shared_string(view: StrView<'_>) -> Option<Py<Str>> {
    match view.len() {
        0 => Some(Str::empty()),
        1 => view.get(0).and_then(|point| u8::try_from(point).ok()).map(|point| Py::from_ref(latin1_character(point))),
        _ => None,
    }
}

/// # Safety
/// `target` has room for the units, and they do not lie there.
#[inline(always)]
unsafe fn copy<U: Copy>(units: &[U], target: *mut U) {
    // SAFETY: passed on.
    unsafe { ptr::copy_nonoverlapping(units.as_ptr(), target, units.len()) }
}

/// # Safety
/// As [`copy`].
unsafe fn convert<S: Copy, T>(units: &[S], target: *mut T, unit: impl Fn(S) -> T) {
    for (index, source) in units.iter().enumerate() {
        // SAFETY: passed on.
        unsafe { target.add(index).write(unit(*source)) }
    }
}

// New strings.
impl Str {
    /// `''`.
    pub fn empty() -> Py<Str> {
        Py::from_ref(empty_str())
    }

    /// A new string, or MemoryError.
    pub fn try_from_str(text: &str, thread: &mut Thread) -> PyResult<Py<Str>> {
        if text.is_ascii() {
            return Self::try_from_view(StrView::Ascii(text.as_bytes()), thread);
        }
        let mut builder = StrBuilder::new();
        builder.push_str(text);
        Self::from_builder(builder, thread)
    }

    /// A new string from a text of bounded length: see [`Str::from_view`].
    pub fn from_str(text: &str, thread: &mut Thread) -> Py<Str> {
        if text.is_ascii() {
            return Self::from_view(StrView::Ascii(text.as_bytes()), thread);
        }
        Self::from_data(&StrData::from(text), thread)
    }

    /// The string of one character: for Latin-1 one of those that are made once.
    #[inline]
    pub fn from_code_point(point: u32, thread: &mut Thread) -> Py<Str> {
        match u8::try_from(point) {
            Ok(point) => Py::from_ref(latin1_character(point)),
            Err(_) => Self::from_view(StrView::Ucs4(&[point]), thread),
        }
    }

    /// A new string from storage that is in the narrowest form.
    pub fn from_data(data: &StrData, thread: &mut Thread) -> Py<Str> {
        Self::from_view(data.view(), thread)
    }

    /// A new string with these characters. The process ends where the system has no memory: for texts of bounded length.
    pub fn from_view(view: StrView<'_>, thread: &mut Thread) -> Py<Str> {
        if let Some(shared) = shared_string(view) {
            return shared;
        }
        let mut filler = StrFiller::new_surely(view.max_char(), view.len(), thread);
        filler.push(view);
        filler.finish()
    }

    /// A new string with these characters, or MemoryError.
    #[inline]
    pub fn try_from_view(view: StrView<'_>, thread: &mut Thread) -> PyResult<Py<Str>> {
        if let Some(shared) = shared_string(view) {
            return Ok(shared);
        }
        let mut filler = StrFiller::new(view.max_char(), view.len(), thread)?;
        filler.push(view);
        Ok(filler.finish())
    }

    /// A new string from what an algorithm made, MemoryError or `too_long` as OverflowError where it could not.
    pub fn from_made(made: Result<StrData, SizeError>, too_long: &str, thread: &mut Thread) -> PyResult<Py<Str>> {
        match made {
            Ok(data) => Self::try_from_view(data.view(), thread),
            Err(SizeError::OutOfMemory) => Err(thread.raise_memory_error()),
            Err(SizeError::TooLong) => Err(raise!(thread, OverflowError, "{too_long}")),
        }
    }

    /// A new string from what a builder collected.
    pub fn from_builder(builder: StrBuilder, thread: &mut Thread) -> PyResult<Py<Str>> {
        if builder.is_full() {
            return Err(thread.raise_memory_error());
        }
        Self::try_from_view(builder.view(), thread)
    }

    /// The string itself, or an exact copy of an instance of a subtype: what methods return that change nothing.
    #[inline]
    pub fn to_exact(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        if self.is_exactly::<Str>() {
            return Ok(Py::from_ref(self));
        }
        Self::try_from_view(self.view(), thread)
    }

    /// The characters in `range`, which lies in the string.
    #[inline]
    pub fn substring(&self, range: Range<usize>, thread: &mut Thread) -> PyResult<Py<Str>> {
        if range.len() == self.length() {
            return self.to_exact(thread);
        }
        Self::try_from_view(self.view().slice(range), thread)
    }

    /// An instance of `class`, a subtype, with this string's characters: they get a block of their own.
    pub(super) fn copy_into_subtype(&self, class: &Type, thread: &mut Thread) -> PyResult<Py<Str>> {
        let view = self.view();
        let bytes = (view.len() + 1) * self.kind() as usize;
        let value = Str {
            header: Header::new(Str::class()),
            length: Cell::new(0),
            hash: Cell::new(self.hash.get()),
            state: Cell::new(state_for(0, false)),
        };
        let copy = Py::allocate_in(class, 0, value, thread)?;
        let block = thread.allocator().allocate(bytes);
        if block.is_null() {
            return Err(thread.raise_memory_error());
        }
        // SAFETY: the block has room for the characters and the terminator that follows them in every string; an instance
        // of a subtype is at least a `PyUnicodeObject`, whose fields are zero so far.
        unsafe {
            ptr::copy_nonoverlapping(self.data(), block, bytes);
            let object = &*copy.as_pointer().cast::<PyUnicodeObject>();
            object.data.set(block.cast());
            if self.is_ascii() {
                object._base.utf8.set(block);
                object._base.utf8_length.set(view.len() as isize);
            }
        }
        copy.length.set(view.len() as isize);
        copy.state.set(state_for(view.form_limit(), false));
        Ok(copy)
    }
}

// Strings from strings.
impl Str {
    /// `self + other`.
    #[inline]
    pub fn concatenate(&self, other: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
        if other.length() == 0 {
            return self.to_exact(thread);
        }
        if self.length() == 0 {
            return other.to_exact(thread);
        }
        let (left, right) = (self.view(), other.view());
        let limit = left.form_limit().max(right.form_limit());
        let mut filler = StrFiller::new(limit, joined_length(left.len(), right.len(), thread)?, thread)?;
        filler.push(left);
        filler.push(right);
        Ok(filler.finish())
    }

    /// `string + other`, in the string's own block if nobody else refers to it: what makes `s += t` in a loop linear.
    pub fn append(string: Py<Str>, other: &Str, thread: &mut Thread) -> PyResult<Py<Str>> {
        let grows_in_place = string.is_unique()
            && string.is_compact()
            && string.is_exactly::<Str>()
            && !string.is_interned()
            && other.view().form_limit() <= string.view().form_limit();
        if !grows_in_place || string.length() == 0 || other.length() == 0 {
            return string.concatenate(other, thread);
        }
        let length = joined_length(string.length(), other.length(), thread)?;
        let limit = string.view().form_limit();
        let filled = string.length();
        let string = grow(string, limit, length, thread)?;
        let mut filler = StrFiller { string, filled };
        filler.terminate();
        filler.push(other.view());
        Ok(filler.finish())
    }

    /// The pieces one after another: f-strings.
    pub fn join_pieces(pieces: &[&Str], thread: &mut Thread) -> PyResult<Py<Str>> {
        match pieces {
            [] => return Ok(Self::empty()),
            [piece] => return piece.to_exact(thread),
            _ => {}
        }
        Self::join_views(empty_str().view(), pieces.iter().map(|piece| piece.view()), thread)
    }

    /// The parts with a separator between them.
    pub fn join_views<'a>(
        separator: StrView<'_>,
        parts: impl ExactSizeIterator<Item = StrView<'a>> + Clone,
        thread: &mut Thread,
    ) -> PyResult<Py<Str>> {
        let joined = text::strings::make::measure_join(separator, parts.clone());
        let Some(length) = joined.length else {
            return Err(raise!(thread, OverflowError, "join() result is too long for a Python string"));
        };
        if length < 2 {
            let mut builder = StrBuilder::new();
            for (index, part) in parts.enumerate() {
                if index > 0 {
                    builder.push_view(separator);
                }
                builder.push_view(part);
            }
            return Self::from_builder(builder, thread);
        }
        let mut filler = StrFiller::new(joined.limit, length, thread)?;
        for (index, part) in parts.enumerate() {
            if index > 0 {
                filler.push(separator);
            }
            filler.push(part);
        }
        Ok(filler.finish())
    }

    /// `self * count`.
    pub fn repeat(&self, count: isize, thread: &mut Thread) -> PyResult<Py<Str>> {
        let count = count.max(0) as usize;
        if count == 0 || self.length() == 0 {
            return Ok(Self::empty());
        }
        if count == 1 {
            return self.to_exact(thread);
        }
        let view = self.view();
        let length = view.len().checked_mul(count).filter(|length| isize::try_from(*length).is_ok());
        let Some(length) = length else {
            return Err(raise!(thread, OverflowError, "repeated string is too long"));
        };
        let mut filler = StrFiller::new(view.form_limit(), length, thread)?;
        match view.get(0) {
            Some(point) if view.len() == 1 => filler.push_repeated(point, count),
            _ => (0..count).for_each(|_| filler.push(view)),
        }
        Ok(filler.finish())
    }
}

#[inline(always)]
fn joined_length(left: usize, right: usize, thread: &mut Thread) -> PyResult<usize> {
    // Both fit into memory, so the sum does not wrap; it may still be more than a length can say.
    let length = left + right;
    if isize::try_from(length).is_err() { Err(raise_too_large(thread)) } else { Ok(length) }
}

#[cold]
fn raise_too_large(thread: &mut Thread) -> Raised {
    raise!(thread, OverflowError, "strings are too large to concat")
}

/// The string in a block for more characters, which are not filled yet. Nobody else refers to it.
fn grow(string: Py<Str>, limit: u32, length: usize, thread: &mut Thread) -> PyResult<Py<Str>> {
    debug_assert!(string.is_unique() && string.is_compact() && limit == form_limit(limit));
    if let Some(fields) = string.utf8_fields() {
        let utf8 = fields.utf8.replace(ptr::null_mut());
        fields.utf8_length.set(0);
        if !utf8.is_null() {
            // SAFETY: the string owns its UTF-8 block, and forgets it here.
            unsafe { thread.allocator().free(utf8) };
        }
    }
    let Some(size) = block_size(limit, length) else { return Err(thread.raise_memory_error()) };
    let string = ManuallyDrop::new(string);
    // SAFETY: a compact exact string begins its block, and this is the only reference to it, which is not used again unless the
    // block stays.
    let block = unsafe { thread.allocator().reallocate(string.as_pointer().cast(), size) };
    let Some(block) = NonNull::new(block.cast::<Str>()) else {
        drop(ManuallyDrop::into_inner(string));
        return Err(thread.raise_memory_error());
    };
    // SAFETY: the reference moves with the block.
    let string = unsafe { Py::steal(block) };
    string.length.set(length as isize);
    string.hash.set(-1);
    Ok(string)
}
