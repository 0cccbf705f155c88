//! What sets and frozensets are: a hash table of keys.
//!
//! ```text
//! 0       16    24    32    40     48    56      64              192        200
//! header  fill  used  mask  table  hash  finger  8 small entries  weak refs
//! ```
//! The table lies inside the object as long as eight entries are enough. Where a key lies is visible, as the order of iteration, and so are
//! the sizes; both are CPython's: runs of neighbouring entries, then jumps as in dicts, growth by four until the set is large (`Objects/setobject.c`
//! explains why). An entry is unused (null, hash 0), deleted (null, hash -1) or holds a key.
//!
//! Only [`SetObject::find`] may run Python code (`__eq__`); from it to the change nothing does. Keys are dropped when a change is complete. While
//! the table lies elsewhere, the small entries are unused.

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr;

use layout::{PyObject, PySet_MINSIZE, PySetObject, setentry};
use macros::Instance;
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::protocol;
use objects::refs::{Header, Object, Py, cast};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

use super::methods::{FrozenSet, Set};

/// A set or a frozenset.
#[derive(Instance)]
#[repr(C)]
pub struct SetObject {
    header: Header,
    body: Body,
    /// Where weak references to the set are.
    pub(super) weak_references: Cell<*mut PyObject>,
}

#[repr(C)]
struct Body {
    /// Entries in use and deleted ones.
    fill: Cell<isize>,
    used: Cell<isize>,
    /// The number of entries, a power of two, less one.
    mask: Cell<isize>,
    /// The entries: `small`, or memory of their own.
    table: Cell<*mut setentry>,
    /// Of frozensets; -1: not computed yet.
    hash: Cell<isize>,
    /// Where `pop` goes on searching.
    finger: Cell<usize>,
    small: [setentry; PySet_MINSIZE],
}

const _: () = {
    assert!(size_of::<SetObject>() == size_of::<PySetObject>());
    assert!(offset_of!(SetObject, body) + offset_of!(Body, table) == offset_of!(PySetObject, table));
    assert!(offset_of!(SetObject, weak_references) == offset_of!(PySetObject, weakreflist));
};

/// The hash in an entry that was deleted. No object has it.
const DELETED: isize = -1;
/// Neighbours that are looked at before a search jumps.
const LINEAR_PROBES: usize = 9;
/// Sets above this size double when they grow; smaller ones become four times as large.
const LARGE: usize = 50_000;

impl Body {
    #[expect(clippy::declare_interior_mutable_const, reason = "a value to start from, copied at each use")]
    const EMPTY_ENTRY: setentry = setentry { key: Cell::new(ptr::null_mut()), hash: Cell::new(0) };

    /// An empty body; its table is set when it has its place in memory.
    fn new() -> Self {
        Self {
            fill: Cell::new(0),
            used: Cell::new(0),
            mask: Cell::new(PySet_MINSIZE as isize - 1),
            table: Cell::new(ptr::null_mut()),
            hash: Cell::new(-1),
            finger: Cell::new(0),
            small: [const { Self::EMPTY_ENTRY }; PySet_MINSIZE],
        }
    }

    fn has_small_table(&self) -> bool {
        self.table.get().is_null() || ptr::eq(self.table.get(), self.small.as_ptr())
    }

    fn entries(&self) -> &[setentry] {
        if self.has_small_table() {
            return &self.small;
        }
        // SAFETY: the table has one entry more than the mask says, all of them initialized.
        unsafe { std::slice::from_raw_parts(self.table.get(), self.mask.get() as usize + 1) }
    }

    /// Makes the set empty, and gives the keys that it had.
    fn take_keys(&self, thread: &Thread) -> Vec<Py<Object>> {
        let mut keys = Vec::with_capacity(self.used.get() as usize);
        for entry in self.entries() {
            entry.hash.set(0);
            // SAFETY: an entry owns its key, which is given up here.
            keys.extend(unsafe { Py::<Object>::steal_pointer(entry.key.replace(ptr::null_mut())) });
        }
        self.free_table(thread);
        self.table.set(self.small.as_ptr().cast_mut());
        self.mask.set(PySet_MINSIZE as isize - 1);
        self.fill.set(0);
        self.used.set(0);
        self.hash.set(-1);
        keys
    }

    /// Frees a table outside of the object; what it held has been moved or dropped.
    fn free_table(&self, thread: &Thread) {
        if !self.has_small_table() {
            // SAFETY: the table came from this interpreter's allocator, and is replaced by the caller.
            unsafe { thread.allocator().free(self.table.get().cast()) };
        }
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        for entry in self.entries() {
            // SAFETY: an entry owns its key, which is given up here; nobody has the set any more.
            drop(unsafe { Py::<Object>::steal_pointer(entry.key.get()) });
        }
        // SAFETY: objects only exist while their thread is attached.
        self.free_table(&unsafe { Thread::current() });
    }
}

impl Traverse for Body {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        for entry in self.entries() {
            // SAFETY: an entry holds a live object or null.
            if let Some(key) = unsafe { Object::from_pointer(entry.key.get()) } {
                visitor.visit(key);
            }
        }
    }

    fn clear(&self) {
        // SAFETY: the collector runs in an attached thread.
        drop(self.take_keys(&unsafe { Thread::current() }));
    }
}

/// Where a search stands.
#[derive(Clone, Copy)]
struct Probe {
    mask: usize,
    /// The first entry of the run of neighbours.
    base: usize,
    position: usize,
    neighbours: usize,
    perturb: usize,
}

impl Probe {
    #[inline(always)]
    fn new(hash: isize, mask: usize) -> Self {
        let base = hash as usize & mask;
        Self { mask, base, position: base, neighbours: Self::neighbours(base, mask), perturb: hash as usize }
    }

    #[inline(always)]
    fn neighbours(base: usize, mask: usize) -> usize {
        if base + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 }
    }

    #[inline(always)]
    fn advance(&mut self) {
        if self.neighbours > 0 {
            self.neighbours -= 1;
            self.position += 1;
            return;
        }
        self.perturb >>= 5;
        self.base = self.base.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb) & self.mask;
        self.position = self.base;
        self.neighbours = Self::neighbours(self.base, self.mask);
    }
}

/// Where a key is, or where it may be put.
#[derive(Clone, Copy)]
enum Place {
    Found(usize),
    /// An entry that was never used.
    Unused(usize),
    /// The last deleted entry on the way to where the key is not.
    Deleted(usize),
}

// Making sets.
impl SetObject {
    fn fields(class: &Type) -> Self {
        Self { header: Header::new(class), body: Body::new(), weak_references: Cell::new(ptr::null_mut()) }
    }

    /// A new empty instance of `class`: `set`, `frozenset` or a subtype of either.
    pub fn new_in(class: &Type, thread: &mut Thread) -> PyResult<Py<SetObject>> {
        let object = if class.is_subtype(Set::class()) {
            Py::new_in(class, Set { object: Self::fields(Set::class()) }, thread)?.into_object()
        } else {
            Py::new_in(class, FrozenSet { object: Self::fields(FrozenSet::class()) }, thread)?.into_object()
        };
        // SAFETY: instances of both types are this struct.
        let set = unsafe { object.cast_into::<SetObject>() };
        set.body.table.set(set.body.small.as_ptr().cast_mut());
        Ok(set)
    }

    /// The object as a set of either kind.
    #[inline]
    pub fn of(object: &Object) -> Option<&SetObject> {
        let class = object.class();
        let is_set = class.is_subtype(Set::class()) || class.is_subtype(FrozenSet::class());
        // SAFETY: instances of both types, and of their subtypes, start with this struct.
        is_set.then(|| unsafe { cast(object) })
    }

    /// As [`SetObject::of`], for exactly the two types.
    pub fn of_exact(object: &Object) -> Option<&SetObject> {
        Self::of(object).filter(|_| object.is_exactly::<Set>() || object.is_exactly::<FrozenSet>())
    }

    /// True for instances of `set` and its subtypes.
    pub fn is_changeable(&self) -> bool {
        self.class().is_subtype(Set::class())
    }

    /// `set` or `frozenset`, whichever this is an instance of.
    pub fn base_class(&self) -> &'static Type {
        if self.is_changeable() { Set::class() } else { FrozenSet::class() }
    }
}

// Reading.
impl SetObject {
    #[inline(always)]
    pub fn length(&self) -> usize {
        self.body.used.get() as usize
    }

    fn mask(&self) -> usize {
        self.body.mask.get() as usize
    }

    fn fill(&self) -> usize {
        self.body.fill.get() as usize
    }

    /// The entries, until the thread is needed for something that may run Python code or change the set.
    #[inline(always)]
    fn entries<'t>(&'t self, _thread: &'t Thread) -> &'t [setentry] {
        self.body.entries()
    }

    /// Bytes that the set takes, as `__sizeof__` counts them.
    pub fn size_in_bytes(&self) -> usize {
        let outside = if self.body.has_small_table() { 0 } else { (self.mask() + 1) * size_of::<setentry>() };
        self.class().basic_size() + outside
    }

    pub(super) fn known_hash(&self) -> Option<isize> {
        Some(self.body.hash.get()).filter(|it| *it != -1)
    }

    pub(super) fn remember_hash(&self, hash: isize) {
        self.body.hash.set(hash);
    }

    /// The first key at or after a position, with its hash; the position moves behind it.
    #[inline]
    pub fn next(&self, position: &mut usize, thread: &Thread) -> Option<(Py<Object>, isize)> {
        let entries = self.entries(thread);
        while *position < entries.len() {
            let entry = &entries[*position];
            *position += 1;
            // SAFETY: an entry holds a live object or null.
            if let Some(key) = unsafe { Object::from_pointer(entry.key.get()) } {
                return Some((Py::from_ref(key), entry.hash.get()));
            }
        }
        None
    }

    /// New references to all keys, in order.
    pub fn snapshot(&self, thread: &Thread) -> Vec<Py<Object>> {
        let mut position = 0;
        std::iter::from_fn(|| self.next(&mut position, thread)).map(|it| it.0).collect()
    }

    /// Where a key is. May run the `__eq__` of keys with the same hash, and starts again when one of them changes the set; but where the key is to
    /// be added, it was found if they were equal, whatever has become of the other since.
    fn find(&self, key: &Object, hash: isize, adding: bool, thread: &mut Thread) -> PyResult<Place> {
        'restart: loop {
            let (table, mask) = (self.body.table.get(), self.mask());
            let mut probe = Probe::new(hash, mask);
            let mut deleted = None;
            loop {
                let entry = &self.entries(thread)[probe.position];
                let stored = entry.key.get();
                if stored.is_null() {
                    if entry.hash.get() != 0 {
                        deleted = Some(probe.position);
                    } else {
                        let Some(deleted) = deleted.filter(|_| adding) else {
                            return Ok(Place::Unused(probe.position));
                        };
                        // A comparison may have put another key there, or emptied the set.
                        if self.entries(thread)[deleted].hash.get() != DELETED {
                            continue 'restart;
                        }
                        return Ok(Place::Deleted(deleted));
                    }
                } else if ptr::eq(stored, key.as_pointer()) {
                    return Ok(Place::Found(probe.position));
                } else if entry.hash.get() == hash {
                    // SAFETY: an entry holds a live object.
                    let candidate = unsafe { &*stored.cast::<Object>() };
                    match protocol::equals_plainly(candidate, key) {
                        Some(true) => return Ok(Place::Found(probe.position)),
                        Some(false) => {
                            probe.advance();
                            continue;
                        }
                        None => {}
                    }
                    let candidate = Py::from_ref(candidate);
                    let equal = protocol::equals(&candidate, key, thread)?;
                    if equal && adding {
                        return Ok(Place::Found(probe.position));
                    }
                    let same = self.body.table.get() == table
                        && self.mask() == mask
                        && ptr::eq(self.entries(thread)[probe.position].key.get(), stored);
                    if !same {
                        continue 'restart;
                    }
                    if equal {
                        return Ok(Place::Found(probe.position));
                    }
                }
                probe.advance();
            }
        }
    }

    /// `key in set`, where the key's hash is known.
    #[inline]
    pub fn contains_with_hash(&self, key: &Object, hash: isize, thread: &mut Thread) -> PyResult<bool> {
        Ok(matches!(self.find(key, hash, false, thread)?, Place::Found(_)))
    }
}

// Changing.
impl SetObject {
    /// Adds a key; false if it was there.
    pub fn add_with_hash(&self, key: Py<Object>, hash: isize, thread: &mut Thread) -> PyResult<bool> {
        let (position, is_new) = match self.find(&key, hash, true, thread)? {
            Place::Found(_) => return Ok(false),
            Place::Unused(position) => (position, true),
            Place::Deleted(position) => (position, false),
        };
        let entry = &self.entries(thread)[position];
        entry.hash.set(hash);
        entry.key.set(key.into_pointer());
        self.body.used.set(self.body.used.get() + 1);
        if is_new {
            self.body.fill.set(self.body.fill.get() + 1);
            if self.fill() * 5 >= self.mask() * 3 {
                self.grow(thread)?;
            }
        }
        Ok(true)
    }

    /// Adds a key.
    #[inline]
    pub fn add(&self, key: &Object, thread: &mut Thread) -> PyResult<()> {
        let hash = hash_element(key, thread)?;
        self.add_with_hash(Py::from_ref(key), hash, thread).map(drop)
    }

    /// Removes a key; false if it is not there.
    pub fn discard_with_hash(&self, key: &Object, hash: isize, thread: &mut Thread) -> PyResult<bool> {
        let Place::Found(position) = self.find(key, hash, false, thread)? else { return Ok(false) };
        if let Some(key) = self.take_entry(position, thread) {
            key.release(thread);
        }
        Ok(true)
    }

    /// Takes the key out of an entry, and marks the entry as deleted.
    fn take_entry(&self, position: usize, thread: &Thread) -> Option<Py<Object>> {
        let entry = &self.entries(thread)[position];
        entry.hash.set(DELETED);
        self.body.used.set(self.body.used.get() - 1);
        // SAFETY: the entry owned its key, which is given up here.
        unsafe { Py::steal_pointer(entry.key.replace(ptr::null_mut())) }
    }

    /// Removes some key, None if the set is empty.
    pub fn pop_any(&self, thread: &Thread) -> Option<Py<Object>> {
        if self.length() == 0 {
            return None;
        }
        let entries = self.entries(thread);
        let mut position = self.body.finger.get() & self.mask();
        while entries[position].key.get().is_null() {
            position = (position + 1) & self.mask();
        }
        self.body.finger.set(position + 1);
        self.take_entry(position, thread)
    }

    /// Removes all keys.
    pub fn clear(&self, thread: &mut Thread) {
        drop(self.body.take_keys(thread));
    }

    fn grow(&self, thread: &mut Thread) -> PyResult<()> {
        self.resize(self.length() * if self.length() > LARGE { 2 } else { 4 }, thread)
    }

    /// Makes room for `more` keys at once, as an update with a set or dict does.
    pub(super) fn reserve(&self, more: usize, thread: &mut Thread) -> PyResult<()> {
        if (self.fill() + more) * 5 >= self.mask() * 3 {
            return self.resize((self.length() + more) * 2, thread);
        }
        Ok(())
    }

    /// Gets rid of deleted entries when they are more than a fourth.
    pub(super) fn tidy(&self, thread: &mut Thread) -> PyResult<()> {
        if self.fill() - self.length() > self.mask() / 4 {
            return self.grow(thread);
        }
        Ok(())
    }

    /// Moves the keys into a table of more than `least` entries.
    fn resize(&self, least: usize, thread: &mut Thread) -> PyResult<()> {
        let size = (least + 1).next_power_of_two().max(PySet_MINSIZE);
        let live: Vec<(*mut PyObject, isize)> = self
            .entries(thread)
            .iter()
            .filter(|it| !it.key.get().is_null())
            .map(|it| (it.key.get(), it.hash.get()))
            .collect();
        let table = if size == PySet_MINSIZE {
            self.body.small.as_ptr().cast_mut()
        } else {
            let table = size.checked_mul(size_of::<setentry>()).map(|it| thread.allocator().allocate_zeroed(it));
            match table.filter(|it| !it.is_null()) {
                Some(table) => table.cast::<setentry>(),
                None => return Err(thread.raise_memory_error()),
            }
        };
        self.body.free_table(thread);
        // Whether the keys leave the small table or come back to it: it has to be empty.
        for entry in &self.body.small {
            entry.key.set(ptr::null_mut());
            entry.hash.set(0);
        }
        self.body.table.set(table);
        self.body.mask.set(size as isize - 1);
        self.body.fill.set(live.len() as isize);
        for (key, hash) in live {
            self.insert_clean(key, hash, thread);
        }
        Ok(())
    }

    /// Puts a key that is not there into a table without deleted entries. Counts are the caller's.
    fn insert_clean(&self, key: *mut PyObject, hash: isize, thread: &Thread) {
        let entries = self.entries(thread);
        let mut probe = Probe::new(hash, self.mask());
        while !entries[probe.position].key.get().is_null() {
            probe.advance();
        }
        entries[probe.position].key.set(key);
        entries[probe.position].hash.set(hash);
    }

    /// Adds all keys of another set.
    pub fn merge(&self, other: &SetObject, thread: &mut Thread) -> PyResult<()> {
        if self.is(other) || other.length() == 0 {
            return Ok(());
        }
        self.reserve(other.length(), thread)?;
        let mut position = 0;
        if self.fill() > 0 {
            while let Some((key, hash)) = other.next(&mut position, thread) {
                self.add_with_hash(key, hash, thread)?;
            }
            return Ok(());
        }
        // Nothing is compared from here on.
        self.body.fill.set(other.body.used.get());
        self.body.used.set(other.body.used.get());
        if self.mask() == other.mask() && other.fill() == other.length() {
            for (to, from) in self.entries(thread).iter().zip(other.entries(thread)) {
                // SAFETY: an entry holds a live object or null.
                let key = unsafe { Object::from_pointer(from.key.get()) };
                to.key.set(key.map_or(ptr::null_mut(), |it| Py::from_ref(it).into_pointer()));
                to.hash.set(from.hash.get());
            }
            return Ok(());
        }
        while let Some((key, hash)) = other.next(&mut position, thread) {
            self.insert_clean(key.into_pointer(), hash, thread);
        }
        Ok(())
    }

    /// Takes over the contents of another set, in place of its own.
    pub(super) fn take_contents(&self, other: &SetObject, thread: &mut Thread) {
        let old = self.body.take_keys(thread);
        if other.body.has_small_table() {
            for (to, from) in self.body.small.iter().zip(&other.body.small) {
                to.key.set(from.key.replace(ptr::null_mut()));
                to.hash.set(from.hash.replace(0));
            }
        } else {
            self.body.table.set(other.body.table.replace(other.body.small.as_ptr().cast_mut()));
            self.body.mask.set(other.body.mask.replace(PySet_MINSIZE as isize - 1));
        }
        self.body.fill.set(other.body.fill.replace(0));
        self.body.used.set(other.body.used.replace(0));
        drop(old);
    }
}

/// The hash of an element, with the message that sets give for what has none.
#[inline]
pub(super) fn hash_element(key: &Object, thread: &mut Thread) -> PyResult<isize> {
    protocol::hash_for(key, "a set element", thread)
}
