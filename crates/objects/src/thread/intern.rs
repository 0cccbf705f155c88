//! The table of interned strings: one object for each text that is used as a name, so that names compare by address.
//!
//! The table does not keep its strings alive: a mortal interned string leaves it when it is freed ([`forget`]). The static names of
//! `names.rs` are in it from the start.

use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
use std::cell::RefCell;

use layout::{SSTATE_INTERNED_IMMORTAL, SSTATE_INTERNED_MORTAL};
use text::view::StrView;

use super::{Interpreter, Thread, hash_secret};
use crate::refs::Py;
use crate::str::Str;

/// A place of the table: a string and its hash, or nothing. As the hash is here, a search looks at few strings but the one that it finds.
#[derive(Clone, Copy)]
struct Slot {
    hash: isize,
    /// Null if the place is free.
    string: *const Str,
}

/// How many places are fetched at once.
const PREFETCHED: usize = 64;

const FREE: Slot = Slot { hash: 0, string: std::ptr::null() };

/// Strings by their text, in a table with open addressing: a string is at the place that its hash gives or at one of the next,
/// without a free one between.
#[derive(Default)]
struct Table {
    /// Their number is a power of two, or zero.
    slots: Vec<Slot>,
    used: usize,
}

impl Table {
    fn mask(&self) -> usize {
        self.slots.len().wrapping_sub(1)
    }

    /// The string for which `is_it` says so, among those with this hash.
    #[inline]
    fn find(&self, hash: isize, mut is_it: impl FnMut(&Str) -> bool) -> Option<&Str> {
        let mut place = hash as usize & self.mask();
        loop {
            let slot = self.slots.get(place)?;
            if slot.string.is_null() {
                return None;
            }
            if slot.hash == hash {
                // SAFETY: a string leaves the table before it is freed.
                let string = unsafe { &*slot.string };
                if is_it(string) {
                    return Some(string);
                }
            }
            place = (place + 1) & self.mask();
        }
    }

    /// The string with the text of this one.
    fn find_equal(&self, string: &Str) -> Option<&Str> {
        self.find(string.hash_value(), |known| known.equals(string))
    }

    /// Has the processor fetch the places of these hashes and the strings there.
    fn prefetch(&self, hashes: &[isize]) {
        let mut strings = [std::ptr::null::<Str>(); PREFETCHED];
        for hashes in hashes.chunks(PREFETCHED) {
            for (hash, string) in hashes.iter().zip(&mut strings) {
                let slot = self.slots.get(*hash as usize & self.mask()).copied().unwrap_or(FREE);
                *string = if slot.hash == *hash { slot.string } else { std::ptr::null() };
            }
            for string in &strings[..hashes.len()] {
                let start = string.cast::<i8>();
                // SAFETY: to prefetch is allowed at any address.
                unsafe {
                    _mm_prefetch::<_MM_HINT_T0>(start);
                    _mm_prefetch::<_MM_HINT_T0>(start.wrapping_add(size_of::<Str>()));
                }
            }
        }
    }

    /// Puts a string in whose text is not there yet.
    fn insert(&mut self, string: &Str) {
        // At least a third is free.
        if (self.used + 1) * 3 > self.slots.len() * 2 {
            let more = vec![FREE; (self.slots.len() * 2).max(64)];
            let old = std::mem::replace(&mut self.slots, more);
            old.into_iter().filter(|slot| !slot.string.is_null()).for_each(|slot| self.put(slot));
        }
        self.put(Slot { hash: string.hash_value(), string });
        self.used += 1;
    }

    fn put(&mut self, slot: Slot) {
        let mut place = slot.hash as usize & self.mask();
        while !self.slots[place].string.is_null() {
            place = (place + 1) & self.mask();
        }
        self.slots[place] = slot;
    }

    /// Takes this very string out, if it is in the table.
    fn remove(&mut self, string: &Str) {
        let mask = self.mask();
        let mut place = string.hash_value() as usize & mask;
        loop {
            match self.slots.get(place) {
                Some(slot) if std::ptr::eq(slot.string, string) => break,
                Some(slot) if !slot.string.is_null() => place = (place + 1) & mask,
                _ => return,
            }
        }
        self.used -= 1;
        // What comes behind moves up where it would not be found otherwise.
        let mut free = place;
        loop {
            place = (place + 1) & mask;
            let slot = self.slots[place];
            if slot.string.is_null() {
                break;
            }
            let distance = place.wrapping_sub(slot.hash as usize) & mask;
            if distance >= place.wrapping_sub(free) & mask {
                self.slots[free] = slot;
                free = place;
            }
        }
        self.slots[free] = FREE;
    }
}

/// The interned strings of an interpreter.
#[derive(Default)]
pub(super) struct InternedStrings(RefCell<Table>);

impl InternedStrings {
    /// A table with the names that the runtime knows and the strings that are made once.
    pub(super) fn with_names() -> Self {
        let mut table = Table::default();
        for name in crate::names::all().chain(crate::static_names::all()).chain(crate::str::static_strings()) {
            if table.find_equal(name).is_none() {
                table.insert(name);
            }
        }
        Self(RefCell::new(table))
    }
}

impl InternedStrings {
    /// Lets the table's memory go; the strings are not looked at.
    pub(super) fn forget_all(&self) {
        drop(self.0.take());
    }
}

impl Interpreter {
    /// Takes a string that is being freed out of the table.
    pub(crate) fn forget_interned(&self, string: &Str) {
        self.interned.0.borrow_mut().remove(string);
    }

    /// The strings in the table, for `sys` and for the embedding's statistics.
    pub fn interned_count(&self) -> usize {
        self.interned.0.borrow().used
    }
}

impl Thread {
    /// The interned string of this text: the argument itself, if it is the first of its text. Strings of subtypes are never interned: they
    /// come back as they are.
    pub fn intern(&mut self, string: &Str) -> Py<Str> {
        if string.is_interned() || !string.is_exactly::<Str>() {
            return Py::from_ref(string);
        }
        let mut table = self.interpreter().interned.0.borrow_mut();
        if let Some(known) = table.find_equal(string) {
            return Py::from_ref(known);
        }
        let state = if string.is_immortal() { SSTATE_INTERNED_IMMORTAL } else { SSTATE_INTERNED_MORTAL };
        string.set_interned(state);
        table.insert(string);
        Py::from_ref(string)
    }

    /// As [`Thread::intern`], and the string lives for ever: for the names in code objects and trees.
    pub fn intern_for_ever(&mut self, string: &Str) -> Py<Str> {
        let interned = self.intern(string);
        if !interned.is_immortal() && interned.is_interned() {
            interned.make_immortal();
            interned.set_interned(SSTATE_INTERNED_IMMORTAL);
        }
        interned
    }

    /// The interned string of a text below U+0080, which lives for ever; no object is made if there is one already.
    pub fn intern_ascii_for_ever(&mut self, text: &[u8]) -> Py<Str> {
        self.intern_hashed_for_ever(text, Self::hash_of_ascii(text))
    }

    /// The hash of the string of a text below U+0080.
    pub fn hash_of_ascii(text: &[u8]) -> isize {
        text::hash::hash_bytes(hash_secret(), text) as isize
    }

    /// As [`Thread::intern_ascii_for_ever`], of a text whose hash is known.
    pub fn intern_hashed_for_ever(&mut self, text: &[u8], hash: isize) -> Py<Str> {
        let is_it = |known: &Str| matches!(known.view(), StrView::Ascii(known) if known == text);
        let known = self.interpreter().interned.0.borrow().find(hash, is_it).map(Py::from_ref);
        match known {
            Some(known) if known.is_immortal() => known,
            Some(known) => self.intern_for_ever(&known),
            None => {
                let string = self.intern_new(text, hash);
                self.intern_for_ever(&string)
            }
        }
    }

    /// The interned string of a text below U+0080 whose hash is known, and whether it was there before: one that was not is mortal.
    pub fn intern_hashed(&mut self, text: &[u8], hash: isize) -> (Py<Str>, bool) {
        let is_it = |known: &Str| matches!(known.view(), StrView::Ascii(known) if known == text);
        let known = self.interpreter().interned.0.borrow().find(hash, is_it).map(Py::from_ref);
        match known {
            Some(known) => (known, true),
            None => (self.intern_new(text, hash), false),
        }
    }

    /// A new interned string of a text below U+0080 that has none yet, and whose hash is known.
    fn intern_new(&mut self, text: &[u8], hash: isize) -> Py<Str> {
        let string = Str::from_view(StrView::Ascii(text), self);
        if string.is_interned() {
            // Strings of one character are made once.
            return string;
        }
        string.set_hash(hash);
        string.set_interned(if string.is_immortal() { SSTATE_INTERNED_IMMORTAL } else { SSTATE_INTERNED_MORTAL });
        self.interpreter().interned.0.borrow_mut().insert(&string);
        string
    }

    /// Has the processor fetch what is needed to find strings with these hashes: the table is larger than its caches, and to wait for many
    /// places at once takes no longer than to wait for one.
    pub fn prepare_to_intern(&self, hashes: &[isize]) {
        self.interpreter().interned.0.borrow().prefetch(hashes);
    }

    /// The interned string of a text of the source.
    pub fn intern_text(&mut self, text: &str) -> Py<Str> {
        let string = Str::from_str(text, self);
        self.intern(&string)
    }
}
