//! The table of interned strings: one object for each text that is used as a name, so that names compare by address.
//!
//! The table does not keep its strings alive: a mortal interned string leaves it when it is freed ([`forget`]). The static names of
//! `names.rs` are in it from the start.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use layout::{SSTATE_INTERNED_IMMORTAL, SSTATE_INTERNED_MORTAL};
use text::view::StrView;

use super::{Interpreter, Thread, hash_secret};
use crate::refs::Py;
use crate::str::Str;

/// A string in the table, compared by its text.
struct Entry(*const Str);

impl Entry {
    fn text(&self) -> &Str {
        // SAFETY: a string leaves the table before it is freed; a probe lives as long as the search.
        unsafe { &*self.0 }
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.text().equals(other.text())
    }
}

impl Eq for Entry {}

impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_isize(self.text().hash_value());
    }
}

/// What the table is asked for: an entry, or a text of which there is no object yet.
trait Probe {
    fn hash_value(&self) -> isize;
    fn view(&self) -> StrView<'_>;
}

impl Probe for Entry {
    fn hash_value(&self) -> isize {
        self.text().hash_value()
    }

    fn view(&self) -> StrView<'_> {
        self.text().view()
    }
}

/// A text below U+0080, with its hash.
struct AsciiProbe<'a> {
    text: &'a [u8],
    hash: isize,
}

impl Probe for AsciiProbe<'_> {
    fn hash_value(&self) -> isize {
        self.hash
    }

    fn view(&self) -> StrView<'_> {
        StrView::Ascii(self.text)
    }
}

impl Hash for dyn Probe + '_ {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_isize(self.hash_value());
    }
}

impl PartialEq for dyn Probe + '_ {
    fn eq(&self, other: &Self) -> bool {
        match (self.view(), other.view()) {
            (StrView::Ascii(left), StrView::Ascii(right)) => left == right,
            (left, right) => left == right,
        }
    }
}

impl Eq for dyn Probe + '_ {}

impl<'a> Borrow<dyn Probe + 'a> for Entry {
    fn borrow(&self) -> &(dyn Probe + 'a) {
        self
    }
}

/// Passes on the hash that a string has computed already.
#[derive(Default)]
pub(super) struct KnownHash(u64);

impl Hasher for KnownHash {
    fn write(&mut self, bytes: &[u8]) {
        let _ = bytes;
    }

    fn write_isize(&mut self, hash: isize) {
        self.0 = hash as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The interned strings of an interpreter.
#[derive(Default)]
pub(super) struct InternedStrings(RefCell<HashSet<Entry, BuildHasherDefault<KnownHash>>>);

impl InternedStrings {
    /// A table with the names that the runtime knows and the strings that are made once.
    pub(super) fn with_names() -> Self {
        let names = crate::names::all().chain(crate::str::static_strings()).map(|name| Entry(name)).collect();
        Self(RefCell::new(names))
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
        let mut table = self.interned.0.borrow_mut();
        if table.get(&Entry(string)).is_some_and(|it| std::ptr::eq(it.0, string)) {
            table.remove(&Entry(string));
        }
    }

    /// The strings in the table, for `sys` and for the embedding's statistics.
    pub fn interned_count(&self) -> usize {
        self.interned.0.borrow().len()
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
        if let Some(known) = table.get(&Entry(string)) {
            return Py::from_ref(known.text());
        }
        let state = if string.is_immortal() { SSTATE_INTERNED_IMMORTAL } else { SSTATE_INTERNED_MORTAL };
        string.set_interned(state);
        table.insert(Entry(string));
        Py::from_ref(string)
    }

    /// As [`Thread::intern`], and the string lives for ever: for the names and string constants of code objects.
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
        let hash = text::hash::hash_bytes(hash_secret(), text) as isize;
        let probe = AsciiProbe { text, hash };
        let known = self.interpreter().interned.0.borrow().get(&probe as &dyn Probe).map(|it| Py::from_ref(it.text()));
        let string = known.unwrap_or_else(|| Str::from_view(StrView::Ascii(text), self));
        self.intern_for_ever(&string)
    }

    /// The interned string of a text of the source.
    pub fn intern_text(&mut self, text: &str) -> Py<Str> {
        let string = Str::from_str(text, self);
        self.intern(&string)
    }
}
