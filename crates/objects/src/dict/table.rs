//! The hash table behind a dict: indices with open addressing, and entries in order of insertion.
//!
//! ```text
//! 0            8         9               10    12       16      24             32
//! references   log2 size log2 index size kind  version  usable  entry count    indices …  entries …
//! ```
//! An index is -1 (never used), -2 (its entry was deleted) or the number of an entry; its width follows from the table's size. An
//! entry is `key, value` where all keys are exact strings, which know their hash, and `hash, key, value` otherwise. In a *shared* table
//! the values are elsewhere (see `split`). The sizes are CPython's, because `sys.getsizeof` shows them; so is the order of probing
//! (`Objects/dictobject.c` explains it), because it decides which `__eq__` calls a program sees.
//!
//! Only `dict` uses this module. A [`Table`] is a view: it borrows the thread (or the owner), and whatever frees or replaces a table needs the
//! thread mutably, so a view never dangles. Invariants: at least one index is -1; entries below `entry_count` are initialized.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use layout::{PyDictKeysObject, PyObject};

use crate::refs::{HasHeader, Object, Py, cast};
use crate::str::Str;
use crate::thread::Thread;

/// The smallest table of a dict that is not empty.
pub(super) const MINIMUM_LOG2_SIZE: u8 = 3;

/// What a table's entries look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// `hash, key, value`.
    General,
    /// `key, value`; all keys are exact strings.
    Strings,
    /// `key, null`; all keys are exact strings, the values lie in an array of each dict or instance.
    Shared,
}

/// The head of a table.
#[repr(C)]
pub(super) struct Head {
    references: Cell<isize>,
    log2_size: u8,
    log2_index_bytes: u8,
    pub kind: Cell<Kind>,
    /// What the interpreter's caches compare; zero: none assigned since the keys last changed.
    pub version: Cell<u32>,
    /// How many entries may still be added before the table must grow.
    pub usable: Cell<isize>,
    entry_count: Cell<isize>,
}

const _: () = assert!(size_of::<Head>() == 32);

const EMPTY: isize = -1;
const DELETED: isize = -2;

/// The table of all dicts that are empty and never were anything else. Nobody writes it.
#[repr(C, align(16))]
struct EmptyTable(Head, [u8; 8]);

// SAFETY: it is never written: it has no room for an entry, no version is given to it, and references to it are not counted.
unsafe impl Sync for EmptyTable {}

static EMPTY_TABLE: EmptyTable = EmptyTable(
    Head {
        references: Cell::new(0),
        log2_size: 0,
        log2_index_bytes: 3,
        kind: Cell::new(Kind::Strings),
        version: Cell::new(0),
        usable: Cell::new(0),
        entry_count: Cell::new(0),
    },
    [0xff; 8],
);

/// How many entries a table of this many indices has room for.
pub(super) const fn usable_fraction(size: usize) -> usize {
    (size << 1) / 3
}

/// The smallest size (as a power of two) of at least this many indices.
pub(super) fn log2_size_for_indices(indices: usize) -> u8 {
    let bits = usize::BITS - (indices.max(1) - 1).leading_zeros();
    (bits as u8).max(MINIMUM_LOG2_SIZE)
}

/// The smallest size (as a power of two) with room for this many entries.
pub(super) fn log2_size_for_entries(entries: usize) -> u8 {
    log2_size_for_indices((entries * 3).div_ceil(2))
}

/// Integers that an index is stored as.
trait IndexWord: Copy {
    fn to_isize(self) -> isize;
}

macro_rules! index_words {
    ($($word:ty)*) => { $(impl IndexWord for $word {
        #[inline(always)]
        fn to_isize(self) -> isize { self as isize }
    })* };
}

index_words!(i8 i16 i32 i64);

/// Calls a generic function with the index type of a table as its first type argument.
macro_rules! with_index_width {
    ($table:expr, $self_:ident . $method:ident ($($argument:expr),*)) => {
        match $table.index_width() {
            1 => $self_.$method::<i8>($($argument),*),
            2 => $self_.$method::<i16>($($argument),*),
            4 => $self_.$method::<i32>($($argument),*),
            _ => $self_.$method::<i64>($($argument),*),
        }
    };
}

/// A key and its value; null where there is none.
#[repr(C)]
pub(super) struct Pair {
    pub key: Cell<*mut PyObject>,
    pub value: Cell<*mut PyObject>,
}

/// Where a search stands: resumed after each comparison that may have run Python code.
#[derive(Clone, Copy)]
pub(super) struct Probe {
    position: usize,
    perturb: usize,
}

/// What a step of a search found.
pub(super) enum Candidate {
    /// Nothing more: the key is not there.
    Absent,
    /// The entry has the key itself, or a string equal to it.
    Found(usize),
    /// The entry's key has the same hash: comparing must tell.
    Compare(usize),
}

/// A view of a table.
#[derive(Clone, Copy)]
pub(super) struct Table<'t> {
    head: NonNull<Head>,
    lives: PhantomData<&'t Head>,
}

impl<'t> Table<'t> {
    /// The table that new dicts have.
    pub fn empty() -> Table<'static> {
        Table { head: NonNull::from(&EMPTY_TABLE.0), lives: PhantomData }
    }

    /// # Safety
    /// The pointer is to a table that lives, and is not freed, as long as `'t`.
    #[inline(always)]
    pub unsafe fn from_pointer(pointer: *mut PyDictKeysObject) -> Table<'t> {
        // SAFETY: passed on to the caller.
        Table { head: unsafe { NonNull::new_unchecked(pointer.cast()) }, lives: PhantomData }
    }

    #[inline(always)]
    pub fn as_pointer(self) -> *mut PyDictKeysObject {
        self.head.as_ptr().cast()
    }

    /// A new table with one reference, all of whose indices are unused; None if there is no memory.
    pub fn allocate(log2_size: u8, kind: Kind, thread: &'t Thread) -> Option<Table<'t>> {
        let log2_index_bytes = match log2_size {
            0..8 => log2_size,
            8..16 => log2_size + 1,
            16..32 => log2_size + 2,
            _ => log2_size + 3,
        };
        let size = Self::bytes(log2_size, log2_index_bytes, kind)?;
        let block = NonNull::new(thread.allocator().allocate(size))?.cast::<Head>();
        let usable = usable_fraction(1 << log2_size) as isize;
        // SAFETY: the block has room for the head and the indices; entries are initialized as they are added.
        unsafe {
            block.write(Head {
                references: Cell::new(1),
                log2_size,
                log2_index_bytes,
                kind: Cell::new(kind),
                version: Cell::new(0),
                usable: Cell::new(usable),
                entry_count: Cell::new(0),
            });
            block.add(1).cast::<u8>().write_bytes(0xff, 1 << log2_index_bytes);
        }
        Some(Table { head: block, lives: PhantomData })
    }

    fn bytes(log2_size: u8, log2_index_bytes: u8, kind: Kind) -> Option<usize> {
        if log2_size >= usize::BITS as u8 - 6 {
            return None;
        }
        let entry = if kind == Kind::General { 24 } else { 16 };
        Some(size_of::<Head>() + (1 << log2_index_bytes) + usable_fraction(1 << log2_size) * entry)
    }

    /// The memory of the table, for `__sizeof__`.
    pub fn size_in_bytes(self) -> usize {
        let head = self.head();
        Self::bytes(head.log2_size, head.log2_index_bytes, head.kind.get()).unwrap_or_default()
    }

    #[inline(always)]
    pub fn head(self) -> &'t Head {
        // SAFETY: the table lives as long as `'t`; all that changes in its head are cells.
        unsafe { self.head.as_ref() }
    }

    #[inline(always)]
    pub fn is_the_empty_one(self) -> bool {
        ptr::eq(self.head.as_ptr(), &raw const EMPTY_TABLE.0)
    }

    /// The number of indices.
    #[inline(always)]
    pub fn size(self) -> usize {
        1 << self.head().log2_size
    }

    #[inline(always)]
    pub fn log2_size(self) -> u8 {
        self.head().log2_size
    }

    /// Entries in use and deleted ones.
    #[inline(always)]
    pub fn entry_count(self) -> usize {
        self.head().entry_count.get() as usize
    }

    pub fn set_entry_count(self, count: usize) {
        self.head().entry_count.set(count as isize);
    }

    #[inline(always)]
    pub fn kind(self) -> Kind {
        self.head().kind.get()
    }

    /// True if all keys are exact strings.
    #[inline(always)]
    pub fn has_only_strings(self) -> bool {
        self.kind() != Kind::General
    }

    pub fn references(self) -> isize {
        self.head().references.get()
    }

    /// Counts one more owner.
    pub fn retain(self) {
        if !self.is_the_empty_one() {
            self.head().references.set(self.references() + 1);
        }
    }

    /// Counts one owner less; the last one drops the keys and values and frees the table.
    ///
    /// # Safety
    /// The caller owns a reference, gives it up, and no view of the table is used afterwards.
    pub unsafe fn release(self, thread: &Thread) {
        if self.is_the_empty_one() {
            return;
        }
        let references = self.references() - 1;
        self.head().references.set(references);
        if references > 0 {
            return;
        }
        for index in 0..self.entry_count() {
            let pair = self.pair(index);
            // SAFETY: an entry owns its key and its value.
            unsafe {
                drop(Py::<Object>::steal_pointer(pair.key.get()));
                drop(Py::<Object>::steal_pointer(pair.value.get()));
            }
        }
        // SAFETY: nobody owns the table any more.
        unsafe { self.free(thread) };
    }

    /// Frees the memory alone: what the entries held was moved out.
    ///
    /// # Safety
    /// Nobody else owns the table, and no view of it is used afterwards.
    pub unsafe fn free(self, thread: &Thread) {
        // SAFETY: the block came from this interpreter's allocator.
        unsafe { thread.allocator().free_sized(self.head.as_ptr().cast(), self.size_in_bytes()) };
    }

    #[inline(always)]
    fn index_width(self) -> usize {
        match self.head().log2_size {
            0..8 => 1,
            8..16 => 2,
            16..32 => 4,
            _ => 8,
        }
    }

    #[inline(always)]
    fn indices(self) -> *mut u8 {
        // SAFETY: the indices follow the head.
        unsafe { self.head.as_ptr().add(1).cast() }
    }

    #[inline(always)]
    fn index_at<I: IndexWord>(self, position: usize) -> isize {
        debug_assert!(position < self.size());
        // SAFETY: positions are taken modulo the size, and the width is the table's.
        unsafe { self.indices().cast::<I>().add(position).read() }.to_isize()
    }

    fn any_index_at(self, position: usize) -> isize {
        with_index_width!(self, self.index_at(position))
    }

    fn set_index(self, position: usize, index: isize) {
        debug_assert!(position < self.size());
        let indices = self.indices();
        // SAFETY: positions are taken modulo the size, and the width is the table's.
        unsafe {
            match self.index_width() {
                1 => indices.cast::<i8>().add(position).write(index as i8),
                2 => indices.cast::<i16>().add(position).write(index as i16),
                4 => indices.cast::<i32>().add(position).write(index as i32),
                _ => indices.cast::<i64>().add(position).write(index as i64),
            }
        }
    }

    /// Where entry `index` begins, and its size in words.
    #[inline(always)]
    fn entry(self, index: usize) -> (*mut *mut PyObject, usize) {
        let words = if self.kind() == Kind::General { 3 } else { 2 };
        // SAFETY: the entries follow the indices; callers pass numbers of entries that the table has room for.
        let first = unsafe { self.indices().add(1 << self.head().log2_index_bytes) }.cast::<*mut PyObject>();
        debug_assert!(index < usable_fraction(self.size()));
        // SAFETY: as above.
        (unsafe { first.add(index * words) }, words)
    }

    /// The key and value of an entry below [`Table::entry_count`].
    #[inline(always)]
    pub fn pair(self, index: usize) -> &'t Pair {
        debug_assert!(index < self.entry_count());
        let (entry, words) = self.entry(index);
        // SAFETY: the last two words of an initialized entry are its key and its value.
        unsafe { &*entry.add(words - 2).cast::<Pair>() }
    }

    /// The value of an entry of a table of strings, which is no shared one.
    ///
    /// # Safety
    /// The table is of that kind, and has an entry of that number.
    #[inline(always)]
    pub unsafe fn string_value(self, index: usize) -> *mut PyObject {
        debug_assert!(self.has_only_strings() && index < self.entry_count());
        // SAFETY: the entries of two words, key and value, follow the indices.
        unsafe {
            let first = self.indices().add(1 << self.head().log2_index_bytes).cast::<Pair>();
            (*first.add(index)).value.get()
        }
    }

    /// The hash of an entry's key.
    pub fn hash_at(self, index: usize) -> isize {
        if self.kind() == Kind::General {
            // SAFETY: the first of three words of an initialized entry is the hash.
            return unsafe { self.entry(index).0.cast::<isize>().read() };
        }
        // SAFETY: the keys of such a table are strings, or null in deleted entries.
        match unsafe { Object::from_pointer(self.pair(index).key.get()) } {
            // SAFETY: as above.
            Some(key) => unsafe { cast::<Str>(key) }.hash_value(),
            None => 0,
        }
    }

    /// Appends an entry; the index is written by the caller.
    fn push_entry(self, key: *mut PyObject, hash: isize, value: *mut PyObject) -> usize {
        let index = self.entry_count();
        let (entry, words) = self.entry(index);
        // SAFETY: there is room for the entry: callers check `usable`.
        unsafe {
            if words == 3 {
                entry.cast::<isize>().write(hash);
            }
            entry.add(words - 2).write(key);
            entry.add(words - 1).write(value);
        }
        self.set_entry_count(index + 1);
        index
    }

    /// Adds a key that is not there; takes over a reference to each. The table has room, and takes keys of this sort.
    pub fn insert(self, key: *mut PyObject, hash: isize, value: *mut PyObject) -> usize {
        debug_assert!(self.head().usable.get() > 0);
        let position = self.free_position(hash);
        let index = self.push_entry(key, hash, value);
        self.set_index(position, index as isize);
        self.head().usable.set(self.head().usable.get() - 1);
        index
    }

    /// Appends the entries of another table, without those that were deleted, to this one, which is empty and has room for all.
    /// The references move; the other table is to be freed.
    pub fn take_entries(self, other: Table<'_>) {
        for index in 0..other.entry_count() {
            let pair = other.pair(index);
            if !pair.value.get().is_null() {
                self.insert(pair.key.get(), other.hash_at(index), pair.value.get());
            }
        }
    }

    /// A copy of the table's memory, with its own references to keys and values; None if there is no memory.
    pub fn duplicate(self, thread: &'t Thread) -> Option<Table<'t>> {
        let copy = Self::allocate(self.log2_size(), self.kind(), thread)?;
        let bytes = self.size_in_bytes();
        let used =
            bytes - (usable_fraction(self.size()) - self.entry_count()) * if self.has_only_strings() { 16 } else { 24 };
        // SAFETY: both blocks have this size; what lies behind the last entry is not initialized and not copied.
        unsafe { ptr::copy_nonoverlapping(self.head.as_ptr().cast::<u8>(), copy.head.as_ptr().cast::<u8>(), used) };
        copy.head().references.set(1);
        copy.head().version.set(0);
        for index in 0..self.entry_count() {
            let pair = self.pair(index);
            for pointer in [pair.key.get(), pair.value.get()] {
                // SAFETY: entries hold live objects or null.
                if let Some(object) = unsafe { Object::from_pointer(pointer) } {
                    object.increment();
                }
            }
        }
        Some(copy)
    }

    /// The first position for a new key of this hash.
    fn free_position(self, hash: isize) -> usize {
        let mut probe = self.start(hash);
        while self.any_index_at(probe.position) >= 0 {
            self.advance(&mut probe);
        }
        probe.position
    }

    #[inline(always)]
    pub fn start(self, hash: isize) -> Probe {
        Probe { position: hash as usize & (self.size() - 1), perturb: hash as usize }
    }

    #[inline(always)]
    fn advance(self, probe: &mut Probe) {
        probe.perturb >>= 5;
        probe.position =
            (probe.position.wrapping_mul(5).wrapping_add(probe.perturb).wrapping_add(1)) & (self.size() - 1);
    }

    /// The entry with an exact string as its key, in a table of strings.
    #[inline]
    pub fn find_string(self, key: &Str, hash: isize) -> Option<usize> {
        debug_assert!(self.has_only_strings());
        with_index_width!(self, self.find_string_by_width(key, hash))
    }

    #[inline(always)]
    fn find_string_by_width<I: IndexWord>(self, key: &Str, hash: isize) -> Option<usize> {
        let mut probe = self.start(hash);
        loop {
            let index = self.index_at::<I>(probe.position);
            if index >= 0 {
                let candidate = self.pair(index as usize).key.get();
                if ptr::eq(candidate, key.as_object().as_pointer()) {
                    return Some(index as usize);
                }
                // SAFETY: the keys of such a table are strings; an entry that an index leads to is in use.
                let candidate = unsafe { cast::<Str>(&*candidate.cast::<Object>()) };
                if candidate.hash_value() == hash && candidate.equals(key) {
                    return Some(index as usize);
                }
            } else if index == EMPTY {
                return None;
            }
            self.advance(&mut probe);
        }
    }

    /// The next entry that may have this key.
    pub fn next_candidate(self, probe: &mut Probe, key: &Object, hash: isize) -> Candidate {
        loop {
            let index = self.any_index_at(probe.position);
            if index == EMPTY {
                return Candidate::Absent;
            }
            self.advance(probe);
            if index >= 0 {
                let index = index as usize;
                if ptr::eq(self.pair(index).key.get(), key.as_pointer()) {
                    return Candidate::Found(index);
                }
                if self.hash_at(index) == hash {
                    return Candidate::Compare(index);
                }
            }
        }
    }

    /// Marks the index that leads to an entry as deleted.
    pub fn delete_index(self, hash: isize, entry: usize) {
        let mut probe = self.start(hash);
        loop {
            let index = self.any_index_at(probe.position);
            if index == entry as isize {
                return self.set_index(probe.position, DELETED);
            }
            debug_assert!(index != EMPTY, "an entry in use has an index");
            if index == EMPTY {
                return;
            }
            self.advance(&mut probe);
        }
    }
}
