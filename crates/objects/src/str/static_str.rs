//! Strings that lie in the program: names the runtime knows, and the strings of one Latin-1 character.
//!
//! All are immortal and interned, and belong to every interpreter of the process: nothing but their hash is ever written.

use std::cell::Cell;
use std::mem::offset_of;
use std::ops::Deref;

use layout::{
    PyASCIIObject, PyCompactUnicodeObject, PyUnicode_1BYTE_KIND, PyUnicode_STATE_ASCII, PyUnicode_STATE_COMPACT,
    PyUnicode_STATE_KIND_SHIFT, PyUnicode_STATE_STATICALLY_ALLOCATED, SSTATE_INTERNED_IMMORTAL_STATIC,
};

use super::Str;
use crate::refs::{Header, Object};
use crate::types::Instance;

const STATE: u32 = SSTATE_INTERNED_IMMORTAL_STATIC
    | PyUnicode_1BYTE_KIND << PyUnicode_STATE_KIND_SHIFT
    | PyUnicode_STATE_COMPACT
    | PyUnicode_STATE_STATICALLY_ALLOCATED;

const fn header() -> Header {
    Object::immortal(std::ptr::from_ref(Str::DECLARATION).cast_mut().cast())
}

/// A static string of `SIZE - 1` ASCII characters and a terminator.
#[repr(C)]
pub struct StaticStr<const SIZE: usize> {
    header: Header,
    length: isize,
    hash: Cell<isize>,
    state: u32,
    padding: u32,
    characters: [u8; SIZE],
}

const _: () = assert!(offset_of!(StaticStr<1>, characters) == size_of::<PyASCIIObject>());

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
        Self::of_characters(characters)
    }

    const fn of_characters(characters: [u8; SIZE]) -> Self {
        Self {
            header: header(),
            length: SIZE as isize - 1,
            hash: Cell::new(-1),
            state: STATE | PyUnicode_STATE_ASCII,
            padding: 0,
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

/// A static string of one character from U+0080 to U+00FF.
#[repr(C)]
struct StaticLatin1 {
    header: Header,
    length: isize,
    hash: Cell<isize>,
    state: u32,
    padding: u32,
    utf8_length: isize,
    utf8: *const u8,
    characters: [u8; 2],
}

const _: () = assert!(offset_of!(StaticLatin1, characters) == size_of::<PyCompactUnicodeObject>());

// SAFETY: as for `StaticStr`; the UTF-8 form is there from the start.
unsafe impl Sync for StaticLatin1 {}

impl StaticLatin1 {
    const fn new(point: u8, utf8: &'static [u8; 3]) -> Self {
        Self {
            header: header(),
            length: 1,
            hash: Cell::new(-1),
            state: STATE,
            padding: 0,
            utf8_length: 2,
            utf8: utf8.as_ptr(),
            characters: [point, 0],
        }
    }
}

const HALF: usize = 0x80;

static ASCII: [StaticStr<2>; HALF] = {
    let mut all = [const { StaticStr::of_characters([0; 2]) }; HALF];
    let mut index = 0;
    while index < HALF {
        all[index].characters[0] = index as u8;
        index += 1;
    }
    all
};

/// The UTF-8 forms of the upper half of Latin-1, with terminators.
static UTF8: [[u8; 3]; HALF] = {
    let mut all = [[0; 3]; HALF];
    let mut index = 0;
    while index < HALF {
        let point = HALF + index;
        all[index] = [0xC0 | (point >> 6) as u8, 0x80 | (point & 0x3F) as u8, 0];
        index += 1;
    }
    all
};

static LATIN1: [StaticLatin1; HALF] = {
    let mut all = [const { StaticLatin1::new(0, &UTF8[0]) }; HALF];
    let mut index = 0;
    while index < HALF {
        all[index].characters[0] = (HALF + index) as u8;
        all[index].utf8 = UTF8[index].as_ptr();
        index += 1;
    }
    all
};

static EMPTY: StaticStr<1> = StaticStr::new("");

/// The string of one Latin-1 character.
#[inline(always)]
pub(super) fn latin1_character(point: u8) -> &'static Str {
    match ASCII.get(usize::from(point)) {
        Some(ascii) => ascii,
        // SAFETY: the struct starts with the fields of a `Str`, and its characters lie where a compact string's do.
        None => unsafe { &*(&raw const LATIN1[usize::from(point) - HALF]).cast::<Str>() },
    }
}

/// `''`.
#[inline(always)]
pub fn empty_str() -> &'static Str {
    &EMPTY
}

/// The empty string and those of one Latin-1 character, for the table of interned strings.
pub(crate) fn static_strings() -> impl Iterator<Item = &'static Str> {
    std::iter::once(empty_str()).chain((0..=u8::MAX).map(latin1_character))
}
