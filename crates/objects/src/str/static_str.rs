//! `StaticStr`: an ASCII string that lies in the program, for names the runtime knows.

use std::cell::Cell;
use std::ops::Deref;

use layout::{
    PyUnicode_1BYTE_KIND, PyUnicode_STATE_ASCII, PyUnicode_STATE_COMPACT, PyUnicode_STATE_KIND_SHIFT,
    PyUnicode_STATE_STATICALLY_ALLOCATED, SSTATE_INTERNED_IMMORTAL_STATIC,
};

use super::Str;
use crate::refs::{Header, Object};
use crate::types::Instance;

/// A static string of `SIZE - 1` ASCII characters and a terminator.
#[repr(C)]
pub struct StaticStr<const SIZE: usize> {
    header: Header,
    length: isize,
    hash: Cell<isize>,
    state: u32,
    characters: [u8; SIZE],
}

// SAFETY: the header of an immortal object is never written; the hash is the same whoever computes it, since the hash secret is
// the process's, and it is one word.
unsafe impl<const SIZE: usize> Sync for StaticStr<SIZE> {}

impl<const SIZE: usize> StaticStr<SIZE> {
    pub const fn new(text: &str) -> Self {
        assert!(text.len() + 1 == SIZE && text.is_ascii());
        let mut characters = [0; SIZE];
        let mut index = 0;
        while index < text.len() {
            characters[index] = text.as_bytes()[index];
            index += 1;
        }
        Self {
            header: Object::immortal(std::ptr::from_ref(Str::DECLARATION).cast_mut().cast()),
            length: text.len() as isize,
            hash: Cell::new(-1),
            state: SSTATE_INTERNED_IMMORTAL_STATIC
                | PyUnicode_1BYTE_KIND << PyUnicode_STATE_KIND_SHIFT
                | PyUnicode_STATE_COMPACT
                | PyUnicode_STATE_ASCII
                | PyUnicode_STATE_STATICALLY_ALLOCATED,
            characters,
        }
    }
}

impl<const SIZE: usize> Deref for StaticStr<SIZE> {
    type Target = Str;

    #[inline(always)]
    fn deref(&self) -> &Str {
        // SAFETY: the struct starts with the fields of a `Str`, and its characters lie where an ASCII string's do.
        unsafe { &*std::ptr::from_ref(self).cast::<Str>() }
    }
}
