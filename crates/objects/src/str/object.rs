//! The string object: its layout, how strings are made, and read access for everything else.
//!
//! ```text
//! 0       16      24    32     40                    56
//! header  length  hash  state  ASCII: characters...  other forms: characters...
//!                              UTF-8 length, UTF-8
//! ```

use std::cell::Cell;
use std::ptr;

use layout::{
    PyASCIIObject, PyCompactUnicodeObject, PyUnicode_1BYTE_KIND, PyUnicode_2BYTE_KIND, PyUnicode_4BYTE_KIND,
    PyUnicode_STATE_ASCII, PyUnicode_STATE_COMPACT, PyUnicode_STATE_INTERNED_MASK, PyUnicode_STATE_KIND_MASK,
    PyUnicode_STATE_KIND_SHIFT, PyUnicodeObject,
};
use macros::{Instance, python_type};
use text::builder::StrData;
use text::view::StrView;

use crate::errors::PyResult;
use crate::refs::{Header, Py};
use crate::thread::Thread;
use crate::types::Instance as _;

/// A string: the head that all forms share.
#[derive(Instance)]
#[repr(C)]
pub struct Str {
    header: Header,
    length: Cell<isize>,
    hash: Cell<isize>,
    state: Cell<u32>,
}

const _: () = assert!(size_of::<Str>() == size_of::<PyASCIIObject>());

impl Str {
    /// A new string.
    pub fn from_str(text: &str, thread: &mut Thread) -> Py<Str> {
        if text.is_ascii() {
            return Self::from_view(StrView::Ascii(text.as_bytes()), thread);
        }
        Self::from_data(&StrData::from_points(text.chars().map(u32::from)), thread)
    }

    /// A new string from storage that is in the narrowest form.
    pub fn from_data(data: &StrData, thread: &mut Thread) -> Py<Str> {
        Self::from_view(data.view(), thread)
    }

    /// A new string with these characters; the view's form must be the narrowest that holds them.
    pub fn from_view(view: StrView<'_>, thread: &mut Thread) -> Py<Str> {
        Self::try_from_view(view, thread).unwrap_or_else(|_| std::process::abort())
    }

    /// A new string, or MemoryError.
    pub fn try_from_view(view: StrView<'_>, thread: &mut Thread) -> PyResult<Py<Str>> {
        let (kind, ascii, head) = match view {
            StrView::Ascii(_) => (PyUnicode_1BYTE_KIND, true, size_of::<PyASCIIObject>()),
            StrView::Latin1(_) => (PyUnicode_1BYTE_KIND, false, size_of::<PyCompactUnicodeObject>()),
            StrView::Ucs2(_) => (PyUnicode_2BYTE_KIND, false, size_of::<PyCompactUnicodeObject>()),
            StrView::Ucs4(_) => (PyUnicode_4BYTE_KIND, false, size_of::<PyCompactUnicodeObject>()),
        };
        let bytes = view.len() * kind as usize;
        let extra = head - size_of::<PyASCIIObject>() + bytes + kind as usize;
        let ascii_bit = if ascii { PyUnicode_STATE_ASCII } else { 0 };
        let value = Str {
            header: Header::new(Str::class()),
            length: Cell::new(view.len() as isize),
            hash: Cell::new(-1),
            state: Cell::new(kind << PyUnicode_STATE_KIND_SHIFT | PyUnicode_STATE_COMPACT | ascii_bit),
        };
        let string = Py::allocate_in(Str::class(), extra, value, thread)?;
        // SAFETY: the block has `extra` zeroed bytes after the head: the UTF-8 fields, the characters and a terminator.
        unsafe {
            let target = string.as_pointer().cast::<u8>().add(head);
            match view {
                StrView::Ascii(it) | StrView::Latin1(it) => ptr::copy_nonoverlapping(it.as_ptr(), target, bytes),
                StrView::Ucs2(it) => ptr::copy_nonoverlapping(it.as_ptr().cast(), target, bytes),
                StrView::Ucs4(it) => ptr::copy_nonoverlapping(it.as_ptr().cast(), target, bytes),
            }
        }
        Ok(string)
    }

    /// The characters. A string never changes, so the view may be kept as long as the string is.
    #[inline]
    pub fn view(&self) -> StrView<'_> {
        let length = self.length.get() as usize;
        // SAFETY: the state says which form the storage has and where it lies; it holds `length` units.
        unsafe {
            let data = self.data();
            match (self.kind(), self.is_ascii()) {
                (_, true) => StrView::Ascii(std::slice::from_raw_parts(data, length)),
                (PyUnicode_1BYTE_KIND, _) => StrView::Latin1(std::slice::from_raw_parts(data, length)),
                (PyUnicode_2BYTE_KIND, _) => StrView::Ucs2(std::slice::from_raw_parts(data.cast(), length)),
                _ => StrView::Ucs4(std::slice::from_raw_parts(data.cast(), length)),
            }
        }
    }

    /// Where the characters lie.
    #[inline(always)]
    fn data(&self) -> *const u8 {
        let state = self.state.get();
        let base = ptr::from_ref(self).cast::<u8>();
        // SAFETY: the state says which of the three structs this is.
        unsafe {
            if state & PyUnicode_STATE_COMPACT == 0 {
                (*base.cast::<PyUnicodeObject>()).data.get().cast_const().cast()
            } else if state & PyUnicode_STATE_ASCII != 0 {
                base.add(size_of::<PyASCIIObject>())
            } else {
                base.add(size_of::<PyCompactUnicodeObject>())
            }
        }
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

    pub fn code_point(&self, index: usize) -> Option<u32> {
        self.view().get(index)
    }

    #[inline(always)]
    pub fn is_interned(&self) -> bool {
        self.state.get() & PyUnicode_STATE_INTERNED_MASK != 0
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
        ptr::eq(self, other) || (self.length.get() == other.length.get() && self.view() == other.view())
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
}

/// str(object='') -> str
/// str(bytes_or_buffer[, encoding[, errors]]) -> str
///
/// Create a new string object from the given object. If encoding or
/// errors is specified, then the object must expose a data buffer
/// that will be decoded using the given encoding and error handler.
/// Otherwise, returns the result of object.__str__() (if defined)
/// or repr(object).
/// encoding defaults to 'utf-8'.
/// errors defaults to 'strict'.
#[python_type(
    name = "str", symbol = "PyUnicode_Type", base = crate::object::BaseObject, flags(BASETYPE, UNICODE_SUBCLASS),
    basic_size = size_of::<PyUnicodeObject>()
)]
impl Str {
    #[slot(sq_length, mp_length)]
    fn len(&self) -> PyResult<usize> {
        Ok(self.length())
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        Ok(self.hash_value())
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let _ = thread;
        Ok(Py::from_ref(self))
    }
}
