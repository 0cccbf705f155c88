//! Finding a type's attribute: along the method resolution order, through a cache.
//!
//! The cache is the interpreter's, indexed by the type's version and the name's address, as CPython's method cache is. A type's
//! version changes whenever an attribute of it or of a base may have changed ([`Type::modified`]); version 0 means none.

use std::cell::Cell;

use super::handle::Type;
use crate::refs::{Object, Py, cast};
use crate::str::Str;
use crate::thread::Thread;

const CACHE_BITS: u32 = 12;

/// Versions below this belong to static types, whose versions are the same in all interpreters and never change.
pub(super) const FIRST_DYNAMIC_VERSION: u32 = 1 << 12;

/// One remembered search.
#[derive(Default)]
struct Entry {
    version: Cell<u32>,
    /// The name's address; names in the cache are interned and kept alive by it.
    name: Cell<usize>,
    keeps_name: crate::refs::Field<Str>,
    /// Borrowed: valid as long as the version is.
    value: Cell<usize>,
}

/// Remembers where attributes of types were found.
pub struct TypeCache {
    entries: Box<[Entry]>,
    next_version: Cell<u32>,
}

impl Default for TypeCache {
    fn default() -> Self {
        let entries = (0..1usize << CACHE_BITS).map(|_| Entry::default()).collect();
        Self { entries, next_version: Cell::new(FIRST_DYNAMIC_VERSION) }
    }
}

impl TypeCache {
    #[inline(always)]
    fn entry(&self, version: u32, name: &Str) -> &Entry {
        let index = (version as usize ^ (name.address() >> 4)) & ((1 << CACHE_BITS) - 1);
        &self.entries[index]
    }

    /// Forgets everything: at the interpreter's end, and when versions run out.
    pub fn clear(&self) {
        for entry in &*self.entries {
            entry.version.set(0);
            entry.keeps_name.set(None);
        }
    }
}

impl Thread {
    /// Forgets where attributes of types were found.
    pub fn clear_type_cache(&self) {
        self.interpreter().type_cache.clear();
    }
}

impl Type {
    /// `_PyType_Lookup`: the attribute `name` of this type or of the first base that has it. Does not run Python code: names are exact
    /// strings and so are a type's keys.
    #[inline]
    pub fn lookup(&self, name: &Str, thread: &Thread) -> Option<Py<Object>> {
        let cache = &thread.interpreter().type_cache;
        let version = self.slots().tp_version_tag.get();
        if version != 0 {
            let entry = cache.entry(version, name);
            if entry.version.get() == version && entry.name.get() == name.address() {
                // SAFETY: the value is kept alive by a type's dictionary as long as the version is valid.
                return unsafe { Object::from_pointer(entry.value.get() as *mut layout::PyObject) }.map(Py::from_ref);
            }
        }
        self.lookup_slow(name, thread)
    }

    #[inline(never)]
    fn lookup_slow(&self, name: &Str, thread: &Thread) -> Option<Py<Object>> {
        let value = self.search_mro(name, thread);
        if name.is_interned() && self.assign_version(thread) {
            let version = self.slots().tp_version_tag.get();
            let entry = thread.interpreter().type_cache.entry(version, name);
            entry.version.set(version);
            entry.name.set(name.address());
            entry.value.set(value.as_ref().map_or(0, |it| it.address()));
            entry.keeps_name.set(Some(Py::from_ref(name)));
        }
        value
    }

    pub(super) fn search_mro(&self, name: &Str, thread: &Thread) -> Option<Py<Object>> {
        let mro = Py::from_ref(self.mro()?);
        mro.items().iter().find_map(|base| {
            // SAFETY: a method resolution order holds types only.
            unsafe { cast::<Type>(base) }.dict(thread).get_str(name, thread)
        })
    }

    /// Gives the type a version, and its bases first; false if it cannot have one.
    pub fn assign_version(&self, thread: &Thread) -> bool {
        if self.slots().tp_version_tag.get() != 0 {
            return true;
        }
        if self.mro().is_none() || self.slots().tp_versions_used.get() >= layout::_Py_ATTR_CACHE_UNUSED {
            return false;
        }
        let bases = self.bases();
        for base in bases.iter().flat_map(|it| it.items()) {
            // SAFETY: bases are types only.
            if !unsafe { cast::<Type>(base) }.assign_version(thread) {
                return false;
            }
        }
        let next = &thread.interpreter().type_cache.next_version;
        let version = next.get();
        if version == u32::MAX {
            return false;
        }
        next.set(version + 1);
        self.slots().tp_version_tag.set(version);
        true
    }

    /// Keeps the type from ever having a version: what it inherits from is not what its bases say, so changes there would go unnoticed.
    pub(super) fn forbid_version(&self, thread: &Thread) {
        self.modified(thread);
        self.slots().tp_versions_used.set(layout::_Py_ATTR_CACHE_UNUSED);
    }

    /// `PyType_Modified`: an attribute of this type may have changed, so what was remembered of it and its subclasses is void.
    pub fn modified(&self, thread: &Thread) {
        if self.slots().tp_version_tag.get() == 0 {
            return;
        }
        self.slots().tp_version_tag.set(0);
        self.for_each_subclass(thread, &mut |subclass| subclass.modified(thread));
        if self.slots().tp_watched.get() != 0 {
            crate::watchers::note_type(self, thread);
        }
    }
}
