//! The string object: its layout, and read access for everything else.
//!
//! ```text
//! 0       16      24    32     40                    56        64
//! header  length  hash  state  ASCII: characters...
//!                              UTF-8 length, UTF-8   other forms: characters...
//!                              UTF-8 length, UTF-8   data      subtypes: characters at `data`
//! ```
//! The invariants: the form is the narrowest that holds the characters, which never change once anybody else can see the
//! string; the UTF-8 block and the data block belong to the string, unless an ASCII string shares one for both.

use std::cell::Cell;
use std::ptr;

use layout::{
    PyASCIIObject, PyCompactUnicodeObject, PyUnicode_STATE_ASCII, PyUnicode_STATE_COMPACT,
    PyUnicode_STATE_INTERNED_MASK, PyUnicode_STATE_KIND_MASK, PyUnicode_STATE_KIND_SHIFT, PyUnicodeObject,
};
use macros::Instance;
use text::view::StrView;

use crate::refs::Header;
use crate::thread::Thread;

/// A string: the head that all forms share.
#[derive(Instance)]
#[repr(C)]
pub struct Str {
    pub(super) header: Header,
    pub(super) length: Cell<isize>,
    pub(super) hash: Cell<isize>,
    pub(super) state: Cell<u32>,
}

const _: () = assert!(size_of::<Str>() == size_of::<PyASCIIObject>());

impl Str {
    /// The characters. A string never changes, so the view may be kept as long as the string is.
    #[inline]
    pub fn view(&self) -> StrView<'_> {
        let length = self.length();
        let data = self.data();
        // SAFETY: the state says which form the storage has and where it lies; it holds `length` units.
        unsafe {
            match self.kind() {
                1 => {
                    let units = std::slice::from_raw_parts(data, length);
                    if self.is_ascii() { StrView::Ascii(units) } else { StrView::Latin1(units) }
                }
                2 => StrView::Ucs2(std::slice::from_raw_parts(data.cast(), length)),
                _ => StrView::Ucs4(std::slice::from_raw_parts(data.cast(), length)),
            }
        }
    }

    /// Where the characters lie.
    #[inline(always)]
    pub fn data(&self) -> *const u8 {
        let state = self.state.get();
        let base = ptr::from_ref(self).cast::<u8>();
        // SAFETY: the state says which of the three structs this is.
        unsafe {
            if state & PyUnicode_STATE_COMPACT == 0 {
                (*base.cast::<PyUnicodeObject>()).data.get().cast_const().cast()
            } else {
                base.add(head_size(state & PyUnicode_STATE_ASCII != 0))
            }
        }
    }

    /// True if the characters follow the head, as they do in all but instances of subtypes.
    #[inline(always)]
    pub fn is_compact(&self) -> bool {
        self.state.get() & PyUnicode_STATE_COMPACT != 0
    }

    /// Bytes of a character: 1, 2 or 4.
    #[inline(always)]
    pub fn kind(&self) -> u32 {
        (self.state.get() & PyUnicode_STATE_KIND_MASK) >> PyUnicode_STATE_KIND_SHIFT
    }

    #[inline(always)]
    pub fn is_ascii(&self) -> bool {
        self.state.get() & PyUnicode_STATE_ASCII != 0
    }

    /// The number of code points.
    #[inline(always)]
    pub fn length(&self) -> usize {
        self.length.get() as usize
    }

    #[inline]
    pub fn code_point(&self, index: usize) -> Option<u32> {
        self.view().get(index)
    }

    #[inline(always)]
    pub fn is_interned(&self) -> bool {
        self.state.get() & PyUnicode_STATE_INTERNED_MASK != 0
    }

    /// Notes how the string is interned: `SSTATE_…`.
    pub(crate) fn set_interned(&self, state: u32) {
        self.state.set(self.state.get() & !PyUnicode_STATE_INTERNED_MASK | state);
    }

    /// The fields for the UTF-8 form, which all but compact ASCII strings have.
    pub(super) fn utf8_fields(&self) -> Option<&PyCompactUnicodeObject> {
        let has_fields = !(self.is_compact() && self.is_ascii());
        // SAFETY: the other forms start with this struct.
        has_fields.then(|| unsafe { &*ptr::from_ref(self).cast::<PyCompactUnicodeObject>() })
    }

    /// Keeps the hash of a new string, which whoever makes it had to know.
    pub(crate) fn set_hash(&self, hash: isize) {
        debug_assert!(hash == text::hash::hash_str(crate::thread::hash_secret(), self.view()) as isize);
        self.hash.set(hash);
    }

    /// The hash, computed once.
    #[inline]
    pub fn hash_value(&self) -> isize {
        let known = self.hash.get();
        if known != -1 {
            return known;
        }
        let hash = match text::hash::hash_str(crate::thread::hash_secret(), self.view()) as isize {
            -1 => -2,
            hash => hash,
        };
        self.hash.set(hash);
        hash
    }

    /// Equality of the characters.
    #[inline]
    pub fn equals(&self, other: &Str) -> bool {
        if ptr::eq(self, other) {
            return true;
        }
        // The form is the narrowest, so strings of different forms differ.
        if self.length.get() != other.length.get() || self.kind() != other.kind() {
            return false;
        }
        let bytes = self.length() * self.kind() as usize;
        // SAFETY: both have `length` characters of that kind.
        unsafe { std::slice::from_raw_parts(self.data(), bytes) == std::slice::from_raw_parts(other.data(), bytes) }
    }

    /// Equality with text of the source.
    pub fn equals_text(&self, text: &str) -> bool {
        match self.view() {
            StrView::Ascii(bytes) => bytes == text.as_bytes(),
            view => view.iter().eq(text.chars().map(u32::from)),
        }
    }

    /// The text with each surrogate replaced by U+FFFD, for messages.
    pub fn to_string_lossy(&self) -> String {
        text::builder::to_string_lossy(self.view())
    }

    /// The text, None if it has surrogates.
    pub fn to_text(&self) -> Option<String> {
        text::codecs::utf8::to_string(self.view())
    }

    /// `str.__sizeof__`: all bytes that belong to the string.
    pub fn size_in_memory(&self) -> usize {
        let characters = (self.length() + 1) * self.kind() as usize;
        let head = if self.is_compact() { head_size(self.is_ascii()) } else { size_of::<PyUnicodeObject>() };
        let utf8 = match self.utf8_fields() {
            Some(fields) if !fields.utf8.get().is_null() && !ptr::eq(fields.utf8.get(), self.data()) => {
                fields.utf8_length.get() as usize + 1
            }
            _ => 0,
        };
        head + characters + utf8
    }
}

/// Bytes before the characters of a compact string.
#[inline(always)]
pub(super) const fn head_size(ascii: bool) -> usize {
    if ascii { size_of::<PyASCIIObject>() } else { size_of::<PyCompactUnicodeObject>() }
}

/// A mortal interned string leaves the table of interned strings when it goes; its blocks go with it.
impl Drop for Str {
    fn drop(&mut self) {
        if self.is_interned() {
            // SAFETY: objects only exist while their thread is attached.
            unsafe { Thread::current() }.interpreter().forget_interned(self);
        }
        let Some(fields) = self.utf8_fields() else { return };
        // SAFETY: objects only exist while their thread is attached.
        let thread = unsafe { Thread::current() };
        let data = if self.is_compact() { ptr::null_mut() } else { self.data().cast_mut() };
        let utf8 = fields.utf8.get();
        for block in [data, if ptr::eq(utf8, data) { ptr::null_mut() } else { utf8 }] {
            if !block.is_null() {
                // SAFETY: the string owns its blocks, which came from this allocator, and it has no reference left.
                unsafe { thread.allocator().free(block) };
            }
        }
    }
}
