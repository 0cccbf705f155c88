//! The dict object: searching, inserting, deleting, growing, reading by position.
//!
//! Used by everything: namespaces, keyword arguments, programs. What may run Python code (`__hash__` and `__eq__` of keys) happens in
//! [`Dict::find`] and before it; from there to the change nothing does. Old keys and values are dropped when the change is complete. The
//! invariants: `used` counts the pairs; `values` is null or the dict's table is a shared one; a table that is not shared and
//! not the empty one has exactly one owner.

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr;

use layout::{PyDictKeysObject, PyDictObject, PyDictValues};
use macros::Instance;

use super::split::{SharedKeys, Values};
use super::table::{
    Candidate, Kind, MINIMUM_LOG2_SIZE, Table, log2_size_for_entries, log2_size_for_indices, usable_fraction,
};
use crate::errors::PyResult;
use crate::gc::{Traverse, Visitor};
use crate::protocol;
use crate::refs::{Header, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::{Instance as _, Type};
use crate::watchers::DictEvent;

/// A dictionary.
#[derive(Instance)]
#[repr(C)]
pub struct Dict {
    header: Header,
    pub(super) body: Body,
}

/// What follows the header: C's fields.
#[repr(C)]
pub(super) struct Body {
    pub used: Cell<isize>,
    watcher_tag: Cell<u64>,
    pub keys: Cell<*mut PyDictKeysObject>,
    pub values: Cell<*mut PyDictValues>,
}

const _: () = {
    assert!(size_of::<Dict>() == size_of::<PyDictObject>());
    assert!(offset_of!(Dict, body) + offset_of!(Body, keys) == offset_of!(PyDictObject, ma_keys));
    assert!(offset_of!(Dict, body) + offset_of!(Body, values) == offset_of!(PyDictObject, ma_values));
};

/// A bit of the watchers' tag that CPython leaves free.
const OF_INSTANCE: u64 = 1 << 63;

impl Body {
    fn new(table: Table<'_>) -> Self {
        Self {
            used: Cell::new(0),
            watcher_tag: Cell::new(0),
            keys: Cell::new(table.as_pointer()),
            values: Cell::new(ptr::null_mut()),
        }
    }

    /// The table as long as the dict's shape does not change.
    #[inline(always)]
    fn table(&self) -> Table<'_> {
        // SAFETY: the dict owns a reference to its table; callers that keep the view borrow the thread, and changing the shape needs
        // the thread mutably (see `Dict::table`).
        unsafe { Table::from_pointer(self.keys.get()) }
    }

    #[inline(always)]
    pub(super) fn values(&self) -> Option<Values<'_>> {
        // SAFETY: null, or the array that the dict owns or shares.
        unsafe { Values::from_pointer(self.values.get()) }
    }

    /// Puts the empty table in and lets go of everything. Shared values are only forgotten: they are the instance's.
    pub fn become_empty(&self, thread: &Thread) {
        let table = self.keys.replace(Table::empty().as_pointer());
        let values = self.values.replace(ptr::null_mut());
        self.used.set(0);
        // SAFETY: the dict owned a reference to its table and, unless they are embedded in an instance, its values.
        unsafe {
            if let Some(values) = Values::from_pointer(values).filter(|it| !it.is_embedded()) {
                values.clear();
                values.free(thread);
            }
            Table::from_pointer(table).release(thread);
        }
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        // SAFETY: objects only exist while their thread is attached.
        self.become_empty(&unsafe { Thread::current() });
    }
}

impl Traverse for Body {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        if let Some(values) = self.values() {
            // Also those that lie in an instance, which reports its dictionary in their stead.
            return values.traverse(visitor);
        }
        let table = self.table();
        for index in 0..table.entry_count() {
            let pair = table.pair(index);
            // SAFETY: entries hold live objects or null; strings as keys cannot be part of a cycle.
            unsafe {
                if let Some(key) = Object::from_pointer(pair.key.get()).filter(|_| !table.has_only_strings()) {
                    visitor.visit(key);
                }
                if let Some(value) = Object::from_pointer(pair.value.get()) {
                    visitor.visit(value);
                }
            }
        }
    }

    fn clear(&self) {
        // SAFETY: the collector runs in an attached thread.
        self.become_empty(&unsafe { Thread::current() });
    }
}

/// The version of a table for caches, which it gets now if it has none; None if there is none to be had.
pub(super) fn version_of(table: Table<'_>, thread: &Thread) -> Option<u32> {
    let version = table.head().version.get();
    if version != 0 {
        return Some(version);
    }
    let next = &thread.interpreter().next_keys_version;
    if table.is_the_empty_one() || next.get() == u32::MAX {
        return None;
    }
    let version = next.get() + 1;
    next.set(version);
    table.head().version.set(version);
    Some(version)
}

// Making dicts.
impl Dict {
    /// A new empty dict.
    #[inline]
    pub fn new(thread: &mut Thread) -> Py<Dict> {
        Py::new(Self::fields(), thread)
    }

    /// A new empty instance of `class`, which is `dict` or a subtype.
    pub fn new_in(class: &Type, thread: &mut Thread) -> PyResult<Py<Dict>> {
        Py::new_in(class, Self::fields(), thread)
    }

    fn fields() -> Dict {
        Dict { header: Header::new(Dict::class()), body: Body::new(Table::empty()) }
    }

    /// A new dict with room for so many pairs; `only_strings` if all keys will be exact strings.
    pub fn with_capacity(pairs: usize, only_strings: bool, thread: &mut Thread) -> PyResult<Py<Dict>> {
        /// More room than this is not made in advance, whoever asks.
        const LARGEST_LOG2_SIZE: u8 = 17;
        let dict = Self::new(thread);
        if pairs > usable_fraction(1 << MINIMUM_LOG2_SIZE) {
            let size = if pairs > usable_fraction(1 << LARGEST_LOG2_SIZE) {
                LARGEST_LOG2_SIZE
            } else {
                log2_size_for_entries(pairs)
            };
            dict.resize(size, only_strings, thread)?;
        }
        Ok(dict)
    }

    /// A dict that shares keys with a class and values with an instance: the instance's `__dict__`.
    pub fn from_shared(keys: SharedKeys<'_>, values: Values<'_>, thread: &mut Thread) -> Py<Dict> {
        keys.0.retain();
        let body = Body::new(keys.0);
        body.used.set(values.length() as isize);
        body.values.set(values.as_pointer());
        Py::new(Dict { header: Header::new(Dict::class()), body }, thread)
    }

    /// A new dict with the same pairs, by copying memory: worth it when few entries are deleted ones. None: it is not, or not possible.
    pub(super) fn duplicate(&self, thread: &mut Thread) -> PyResult<Option<Py<Dict>>> {
        if self.is_empty() {
            return Ok(None);
        }
        let (keys, values) = {
            let table = self.table(thread);
            match self.body.values() {
                Some(values) => {
                    let Some(copy) = values.duplicate(thread) else { return Err(thread.raise_memory_error()) };
                    table.retain();
                    (table.as_pointer(), copy.as_pointer())
                }
                None => {
                    if self.length() < table.entry_count() * 2 / 3 {
                        return Ok(None);
                    }
                    let Some(copy) = table.duplicate(thread) else { return Err(thread.raise_memory_error()) };
                    (copy.as_pointer(), ptr::null_mut())
                }
            }
        };
        let dict = Self::new(thread);
        dict.body.keys.set(keys);
        dict.body.values.set(values);
        dict.body.used.set(self.body.used.get());
        Ok(Some(dict))
    }

    /// Takes over a copy of another dict's table, in place of its own empty one. False: that dict's table is not worth copying.
    pub(super) fn adopt_copy(&self, other: &Dict, thread: &mut Thread) -> PyResult<bool> {
        let source = other.table(thread);
        let dense = other.length() == source.entry_count();
        let fits = source.log2_size() == MINIMUM_LOG2_SIZE || usable_fraction(source.size() / 2) < other.length();
        if self.length() > 0 || self.shape_is_shared() || other.shape_is_shared() || other.is_empty() || !dense || !fits
        {
            return Ok(false);
        }
        if self.watchers() != 0 {
            self.tell(DictEvent::Cloned, Some(other), None, thread);
            // A watcher may have changed either.
            if self.watchers() == 0 || !self.is_empty() {
                return Ok(false);
            }
        }
        let source = other.table(thread);
        let Some(copy) = source.duplicate(thread) else { return Err(thread.raise_memory_error()) };
        let old = self.body.keys.replace(copy.as_pointer());
        self.body.used.set(other.body.used.get());
        // SAFETY: the dict owned a reference to its table, in which no pair was left.
        unsafe { Table::from_pointer(old).release(thread) };
        Ok(true)
    }
}

// Reading.
impl Dict {
    /// The number of pairs.
    #[inline(always)]
    pub fn length(&self) -> usize {
        self.body.used.get() as usize
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.length() == 0
    }

    /// The table. The view lasts until the thread is needed for something that may run Python code, or change the dict.
    #[inline(always)]
    pub(super) fn table<'t>(&'t self, _thread: &'t Thread) -> Table<'t> {
        self.body.table()
    }

    pub(super) fn shape_is_shared(&self) -> bool {
        !self.body.values.get().is_null()
    }

    /// A bit for each watcher of this dict.
    #[inline(always)]
    pub fn watchers(&self) -> u8 {
        self.body.watcher_tag.get() as u8
    }

    /// Whether watchers are told of attributes that are set to what they are: CPython does for dicts that share their keys.
    pub(super) fn is_watched_as_of_instance(&self) -> bool {
        self.body.watcher_tag.get() & OF_INSTANCE != 0
    }

    pub(super) fn note_instance(&self) {
        self.body.watcher_tag.set(self.body.watcher_tag.get() | OF_INSTANCE);
    }

    pub(super) fn set_watchers(&self, bits: u8) {
        self.body.watcher_tag.set(self.body.watcher_tag.get() & !0xff | u64::from(bits));
    }

    /// True if all keys are exact strings.
    #[inline(always)]
    pub fn has_only_strings(&self) -> bool {
        self.body.table().has_only_strings()
    }

    /// The cell of an entry's value.
    #[inline(always)]
    fn value_cell(&self, index: usize) -> &Cell<*mut layout::PyObject> {
        match self.body.values() {
            Some(values) => values.cell(index),
            None => &self.body.table().pair(index).value,
        }
    }

    /// The value of an entry whose number a search gave; None: a shared key without a value in this dict.
    #[inline(always)]
    pub(super) fn value_of_entry(&self, index: usize) -> Option<Py<Object>> {
        // SAFETY: entries hold live objects or null.
        unsafe { Object::from_pointer(self.value_cell(index).get()) }.map(Py::from_ref)
    }

    /// The value of a string key: identity first, then hash and characters. Runs no Python code: keys that are neither exact strings nor
    /// compare like them are passed over.
    #[inline]
    pub fn get_str(&self, name: &Str, thread: &Thread) -> Option<Py<Object>> {
        self.value_of_entry(self.index_of(name, thread)?)
    }

    /// The entry of a string key, for [`Dict::value_at`]. Runs no Python code, as [`Dict::get_str`].
    #[inline]
    pub fn index_of(&self, name: &Str, thread: &Thread) -> Option<usize> {
        let table = self.table(thread);
        if table.has_only_strings() {
            return table.find_string(name, name.hash_value());
        }
        self.index_of_among_others(name, thread)
    }

    #[inline(never)]
    fn index_of_among_others(&self, name: &Str, thread: &Thread) -> Option<usize> {
        let (table, hash) = (self.table(thread), name.hash_value());
        let mut probe = table.start(hash);
        loop {
            let index = match table.next_candidate(&mut probe, name, hash) {
                Candidate::Absent => return None,
                Candidate::Found(index) => return Some(index),
                Candidate::Compare(index) => index,
            };
            // SAFETY: an index leads only to entries in use.
            let key = unsafe { Object::from_pointer(table.pair(index).key.get()) };
            if key.and_then(protocol::as_plain_string).is_some_and(|it| it.equals(name)) {
                return Some(index);
            }
        }
    }

    /// The value of an entry, by a number that [`Dict::index_of`] gave and under the keys version that was valid then.
    #[inline(always)]
    pub fn value_at(&self, index: usize, thread: &Thread) -> Option<Py<Object>> {
        if index >= self.table(thread).entry_count() {
            return None;
        }
        self.value_of_entry(index)
    }

    /// As [`Dict::value_at`], without looking what kind of table the dict has.
    ///
    /// # Safety
    /// The keys have the version that they had when the index was found and [`Dict::has_string_table`] was true.
    #[inline(always)]
    pub unsafe fn string_value_at(&self, index: usize) -> Option<&Object> {
        // SAFETY: entries hold live objects or null.
        unsafe { Object::from_pointer(self.body.table().string_value(index)) }
    }

    /// True if the dict has a table of its own in which all keys are exact strings: a version of its keys is a version of such a table.
    pub fn has_string_table(&self) -> bool {
        self.body.values().is_none() && self.body.table().has_only_strings()
    }

    /// The version of the keys, for caches: entries keep their numbers as long as it stays the same. None: there is none to be had.
    pub fn keys_version(&self, thread: &Thread) -> Option<u32> {
        version_of(self.table(thread), thread)
    }

    /// True if the keys still have a version that was given earlier.
    #[inline(always)]
    pub fn has_keys_version(&self, version: u32) -> bool {
        self.body.table().head().version.get() == version
    }

    /// The entry of a key. May run the `__eq__` of keys with the same hash, and starts again when one of them changes the dict.
    #[inline]
    pub(super) fn find(&self, key: &Object, hash: isize, thread: &mut Thread) -> PyResult<Option<usize>> {
        if let Some(name) = key.downcast_exact::<Str>()
            && self.has_only_strings()
        {
            return Ok(self.table(thread).find_string(name, hash));
        }
        self.find_by_comparing(key, hash, thread)
    }

    #[inline(never)]
    fn find_by_comparing(&self, key: &Object, hash: isize, thread: &mut Thread) -> PyResult<Option<usize>> {
        'restart: loop {
            let (keys, log2_size) = (self.body.keys.get(), self.table(thread).log2_size());
            let mut probe = self.table(thread).start(hash);
            loop {
                let table = self.table(thread);
                let (index, candidate) = match table.next_candidate(&mut probe, key, hash) {
                    Candidate::Absent => return Ok(None),
                    Candidate::Found(index) => return Ok(Some(index)),
                    // SAFETY: an index leads only to entries in use.
                    Candidate::Compare(index) => (index, unsafe { Object::from_pointer(table.pair(index).key.get()) }),
                };
                let Some(candidate) = candidate else { continue };
                match protocol::equals_plainly(candidate, key) {
                    Some(true) => return Ok(Some(index)),
                    Some(false) => continue,
                    None => {}
                }
                let candidate = Py::from_ref(candidate);
                let equal = protocol::equals(&candidate, key, thread)?;
                let table = self.table(thread);
                let same = self.body.keys.get() == keys
                    && table.log2_size() == log2_size
                    && index < table.entry_count()
                    && ptr::eq(table.pair(index).key.get(), candidate.as_pointer());
                if !same {
                    continue 'restart;
                }
                if equal {
                    return Ok(Some(index));
                }
            }
        }
    }

    /// `dict[key]`, None if there is no such key. TypeError for a key that cannot be hashed.
    #[inline]
    pub fn get(&self, key: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let hash = hash_key(key, thread)?;
        self.get_with_hash(key, hash, thread)
    }

    /// [`Dict::get`] where the key's hash is known.
    #[inline]
    pub fn get_with_hash(&self, key: &Object, hash: isize, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        Ok(self.find(key, hash, thread)?.and_then(|index| self.value_of_entry(index)))
    }

    /// `key in dict`.
    /// The key as the dict has it, and its value: for dicts that keep more about their keys.
    pub fn entry_with_hash(
        &self,
        key: &Object,
        hash: isize,
        thread: &mut Thread,
    ) -> PyResult<Option<(Py<Object>, Py<Object>)>> {
        Ok(self.find(key, hash, thread)?.and_then(|index| self.pair_of_entry(index, thread)))
    }

    pub fn contains(&self, key: &Object, thread: &mut Thread) -> PyResult<bool> {
        let hash = hash_key(key, thread)?;
        self.contains_with_hash(key, hash, thread)
    }

    /// [`Dict::contains`] where the key's hash is known.
    pub fn contains_with_hash(&self, key: &Object, hash: isize, thread: &mut Thread) -> PyResult<bool> {
        Ok(self.find(key, hash, thread)?.is_some_and(|index| !self.value_cell(index).get().is_null()))
    }
}

/// The hash of a key, with the message that dicts give for what has none.
#[inline]
pub(super) fn hash_key(key: &Object, thread: &mut Thread) -> PyResult<isize> {
    if let Some(text) = key.downcast_exact::<Str>() {
        return Ok(text.hash_value());
    }
    protocol::hash_for(key, "a dict key", thread)
}

// Reading by position: entries in order of insertion.
impl Dict {
    /// One past the last position.
    pub fn end_position(&self, thread: &Thread) -> usize {
        match self.body.values() {
            Some(values) => values.length(),
            None => self.table(thread).entry_count(),
        }
    }

    /// The number of the first entry in use at or after a position, which moves behind it.
    #[inline]
    pub(super) fn next_entry(&self, position: &mut usize, thread: &Thread) -> Option<usize> {
        if let Some(values) = self.body.values() {
            *position += 1;
            return values.slot_by_order(*position - 1);
        }
        let table = self.table(thread);
        let end = table.entry_count();
        while *position < end {
            *position += 1;
            if !table.pair(*position - 1).value.get().is_null() {
                return Some(*position - 1);
            }
        }
        None
    }

    /// The number of the last entry in use before a position, which moves to it. None for a position that is not in the dict any more.
    pub(super) fn previous_entry(&self, position: &mut usize, thread: &Thread) -> Option<usize> {
        if *position > self.end_position(thread) {
            return None;
        }
        while *position > 0 {
            *position -= 1;
            let index = match self.body.values() {
                Some(values) => values.slot_by_order(*position)?,
                None => *position,
            };
            if !self.value_cell(index).get().is_null() {
                return Some(index);
            }
        }
        None
    }

    /// The key of an entry in use.
    #[inline]
    pub(super) fn key_of_entry(&self, index: usize, thread: &Thread) -> Option<Py<Object>> {
        // SAFETY: an entry's key is a live object or null.
        unsafe { Object::from_pointer(self.table(thread).pair(index).key.get()) }.map(Py::from_ref)
    }

    /// Key and value of an entry in use.
    #[inline]
    fn pair_of_entry(&self, index: usize, thread: &Thread) -> Option<(Py<Object>, Py<Object>)> {
        Some((self.key_of_entry(index, thread)?, self.value_of_entry(index)?))
    }

    /// The first pair at or after a position, which moves behind it: `while let Some((key, value)) = dict.next(&mut position, thread)`. The
    /// dict may change meanwhile; what that means for the iteration is the caller's to decide.
    #[inline]
    pub fn next(&self, position: &mut usize, thread: &Thread) -> Option<(Py<Object>, Py<Object>)> {
        let index = self.next_entry(position, thread)?;
        self.pair_of_entry(index, thread)
    }

    /// As [`Dict::next`], with the key's hash.
    pub fn next_with_hash(&self, position: &mut usize, thread: &Thread) -> Option<(Py<Object>, isize, Py<Object>)> {
        let index = self.next_entry(position, thread)?;
        let (key, value) = self.pair_of_entry(index, thread)?;
        Some((key, self.table(thread).hash_at(index), value))
    }

    /// New references to all keys and values, in order.
    pub fn items_snapshot(&self, thread: &Thread) -> Vec<(Py<Object>, Py<Object>)> {
        let mut items = Vec::with_capacity(self.length());
        let mut position = 0;
        while let Some(pair) = self.next(&mut position, thread) {
            items.push(pair);
        }
        items
    }

    /// New references to all keys, in order.
    pub fn keys_snapshot(&self, thread: &Thread) -> Vec<Py<Object>> {
        let mut keys = Vec::with_capacity(self.length());
        let mut position = 0;
        while let Some(index) = self.next_entry(&mut position, thread) {
            keys.extend(self.key_of_entry(index, thread));
        }
        keys
    }
}

// Changing.
impl Dict {
    /// `dict[key] = value`.
    #[inline]
    pub fn set(&self, key: &Object, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let hash = hash_key(key, thread)?;
        self.set_with_hash(key, hash, Py::from_ref(value), thread)
    }

    /// `dict[name] = value`. Runs no Python code but what the old value's end may run, if all keys are exact strings.
    #[inline]
    pub fn set_str(&self, name: &Str, value: &Object, thread: &mut Thread) -> PyResult<()> {
        self.set_with_hash(name, name.hash_value(), Py::from_ref(value), thread)
    }

    /// [`Dict::set`] where the key's hash is known.
    pub fn set_with_hash(&self, key: &Object, hash: isize, value: Py<Object>, thread: &mut Thread) -> PyResult<()> {
        if self.watchers() != 0 {
            self.tell_of_setting(key, hash, &value, thread)?;
        }
        if let Some(index) = self.find(key, hash, thread)? {
            let cell = self.value_cell(index);
            if !cell.get().is_null() {
                let old = cell.replace(value.into_pointer());
                crate::refs::release_now(old, thread);
                return Ok(());
            }
        }
        self.insert_new(Py::from_ref(key), hash, value, thread)
    }

    /// Adds a key that is not there.
    fn insert_new(&self, key: Py<Object>, hash: isize, value: Py<Object>, thread: &mut Thread) -> PyResult<()> {
        let name = key.downcast_exact::<Str>();
        if let Some(values) = self.body.values()
            && let Some(slot) = name.and_then(|it| SharedKeys(self.body.table()).insert(it))
            && slot < values.capacity()
        {
            drop(values.set(slot, value));
            self.value_added();
            return Ok(());
        }
        let is_string = name.is_some();
        let table = self.table(thread);
        if table.is_the_empty_one() {
            self.resize(MINIMUM_LOG2_SIZE, is_string, thread)?;
        } else if self.shape_is_shared() || table.head().usable.get() <= 0 || (table.has_only_strings() && !is_string) {
            self.resize(log2_size_for_indices(self.length() * 3), is_string, thread)?;
        }
        let table = self.table(thread);
        table.head().version.set(0);
        table.insert(key.into_pointer(), hash, value.into_pointer());
        self.body.used.set(self.body.used.get() + 1);
        Ok(())
    }

    /// Makes room for `more` pairs at once, as an update with a large dict does.
    pub(super) fn reserve(&self, more: usize, only_strings: bool, thread: &mut Thread) -> PyResult<()> {
        if usable_fraction(self.table(thread).size()) < more {
            return self.resize(log2_size_for_entries(self.length() + more), only_strings, thread);
        }
        Ok(())
    }

    /// Moves all pairs into a new table of its own.
    pub(super) fn resize(&self, log2_size: u8, only_strings: bool, thread: &mut Thread) -> PyResult<()> {
        let old = self.body.table();
        let kind = if only_strings && old.has_only_strings() { Kind::Strings } else { Kind::General };
        let Some(table) = Table::allocate(log2_size, kind, thread) else { return Err(thread.raise_memory_error()) };
        let table_pointer = table.as_pointer();
        let values = self.body.values();
        match values {
            Some(values) => {
                for at in 0..values.length() {
                    let Some(slot) = values.slot_by_order(at) else { continue };
                    let (key, hash) = (&old.pair(slot).key, old.hash_at(slot));
                    // SAFETY: shared keys are never null.
                    let key = unsafe { &*key.get().cast::<Object>() };
                    table.insert(Py::from_ref(key).into_pointer(), hash, values.cell(slot).replace(ptr::null_mut()));
                }
            }
            None => table.take_entries(old),
        }
        let old = self.body.keys.replace(table_pointer);
        let values = self.body.values.replace(ptr::null_mut());
        // SAFETY: the dict owned a reference to its table and, unless they are embedded in an instance, its values; what they held
        // has moved.
        unsafe {
            match Values::from_pointer(values) {
                Some(values) => {
                    values.abandon(thread);
                    Table::from_pointer(old).release(thread);
                }
                None if Table::from_pointer(old).is_the_empty_one() => {}
                None => Table::from_pointer(old).free(thread),
            }
        }
        Ok(())
    }

    /// Takes an entry in use out; gives its key and value.
    fn delete_entry(&self, index: usize, hash: isize) -> (Option<Py<Object>>, Option<Py<Object>>) {
        self.body.used.set(self.body.used.get() - 1);
        if let Some(values) = self.body.values() {
            return (None, values.delete(index));
        }
        let table = self.body.table();
        table.head().version.set(0);
        table.delete_index(hash, index);
        let pair = table.pair(index);
        // SAFETY: the entry owned a reference to each, which is given up here.
        unsafe {
            (
                Py::steal_pointer(pair.key.replace(ptr::null_mut())),
                Py::steal_pointer(pair.value.replace(ptr::null_mut())),
            )
        }
    }

    /// Removes a key; gives its value, None if there is no such key.
    pub fn pop(&self, key: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if self.is_empty() {
            return Ok(None);
        }
        let hash = hash_key(key, thread)?;
        self.pop_with_hash(key, hash, thread)
    }

    /// [`Dict::pop`] where the key's hash is known.
    pub fn pop_with_hash(&self, key: &Object, hash: isize, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if self.watchers() != 0 {
            self.tell_of_deleting(key, hash, thread)?;
        }
        match self.find(key, hash, thread)? {
            Some(index) if !self.value_cell(index).get().is_null() => Ok(self.delete_entry(index, hash).1),
            _ => Ok(None),
        }
    }

    /// Removes a key; false if there is no such key.
    pub fn delete(&self, key: &Object, thread: &mut Thread) -> PyResult<bool> {
        let hash = hash_key(key, thread)?;
        match self.pop_with_hash(key, hash, thread)? {
            Some(value) => {
                value.release(thread);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Removes the pair that was inserted last.
    pub fn pop_last(&self, thread: &mut Thread) -> PyResult<Option<(Py<Object>, Py<Object>)>> {
        if self.is_empty() {
            return Ok(None);
        }
        if self.shape_is_shared() {
            self.resize(self.table(thread).log2_size(), true, thread)?;
        }
        if self.watchers() != 0 {
            self.tell_of_last(thread);
        }
        let mut position = self.end_position(thread);
        let Some(index) = self.previous_entry(&mut position, thread) else { return Ok(None) };
        let hash = self.table(thread).hash_at(index);
        let pair = self.delete_entry(index, hash);
        // The room is not usable again: its index stays marked as deleted.
        self.table(thread).set_entry_count(index);
        Ok(pair.0.zip(pair.1))
    }

    /// The value of a key, which is inserted with `default` if it is not there; and whether it was there.
    pub fn set_default(&self, key: &Object, default: &Object, thread: &mut Thread) -> PyResult<(Py<Object>, bool)> {
        let hash = hash_key(key, thread)?;
        if let Some(value) = self.get_with_hash(key, hash, thread)? {
            return Ok((value, true));
        }
        if self.watchers() != 0 {
            self.set_with_hash(key, hash, Py::from_ref(default), thread)?;
            return Ok((Py::from_ref(default), false));
        }
        self.insert_new(Py::from_ref(key), hash, Py::from_ref(default), thread)?;
        Ok((Py::from_ref(default), false))
    }

    /// Removes all pairs.
    pub fn clear(&self, thread: &mut Thread) {
        if self.watchers() != 0 && !self.is_empty() {
            self.tell(DictEvent::Cleared, None, None, thread);
        }
        match self.body.values() {
            Some(values) if values.is_embedded() => {
                self.body.used.set(0);
                values.clear();
            }
            _ => self.body.become_empty(thread),
        }
        thread.reap();
    }

    /// Slots of the hash table; none in a dict that has never had a key.
    pub fn hash_slots(&self, thread: &Thread) -> usize {
        let table = self.table(thread);
        if table.is_the_empty_one() { 0 } else { table.size() }
    }

    /// Bytes that the dict takes, as `__sizeof__` counts them: a table that is shared belongs to the class.
    pub fn size_in_bytes(&self, thread: &Thread) -> usize {
        let table = self.table(thread);
        let mut size = self.class().basic_size();
        if self.shape_is_shared() {
            size += SharedKeys(table).capacity() * size_of::<*mut layout::PyObject>();
        }
        if table.references() == 1 {
            size += table.size_in_bytes();
        }
        size
    }
}
