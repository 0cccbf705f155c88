//! Attributes of instances: the keys are shared by all instances of a class, each instance has only an array of values.
//!
//! ```text
//! instance      head      …fields…  │ capacity, size, embedded, valid, 0 0 0 0 │ value 0 … value n-1 │ order of insertion, a byte each
//!                                   ^ tp_basicsize, where the type has Py_TPFLAGS_INLINE_VALUES
//! ```
//! The type machinery owns the instance and calls this; a dict made for `__dict__` shares keys and values ([`Dict::from_shared`]) until it
//! gets a key that does not fit, or the instance dies first ([`Dict::detach_values`]). The slot of a name never changes, so the interpreter
//! caches it under the version of the keys. The sizes and the way they shrink with each instance are CPython's.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use layout::{PyDictKeysObject, PyDictValues, PyObject};

use super::object::Dict;
use super::table::{Kind, Table};
use crate::gc::Visitor;
use crate::refs::{Object, Py, cast};
use crate::str::Str;
use crate::thread::Thread;

/// Attributes that instances of one class may keep outside of a dict of their own.
const MAXIMUM_SHARED_KEYS: isize = 30;
/// The size of tables of shared keys, with room for all of them.
const SHARED_LOG2_SIZE: u8 = 6;

/// The attribute names that the instances of a class have in common. The type owns a reference in `ht_cached_keys`.
#[derive(Clone, Copy)]
pub struct SharedKeys<'t>(pub(super) Table<'t>);

impl<'t> SharedKeys<'t> {
    /// New keys with one reference, which the caller puts into the type; `names` (`__static_attributes__`) get the first slots.
    pub fn allocate<'n>(names: impl Iterator<Item = &'n Str>, thread: &'t Thread) -> Option<SharedKeys<'t>> {
        let keys = SharedKeys(Table::allocate(SHARED_LOG2_SIZE, Kind::Shared, thread)?);
        keys.0.head().usable.set(MAXIMUM_SHARED_KEYS);
        for name in names {
            keys.insert(name);
        }
        Some(keys)
    }

    /// The keys that a type refers to.
    ///
    /// # Safety
    /// The pointer is null, or came from [`SharedKeys::as_pointer`], and its owner keeps its reference as long as `'t`.
    #[inline(always)]
    pub unsafe fn from_pointer(pointer: *mut PyDictKeysObject) -> Option<SharedKeys<'t>> {
        // SAFETY: passed on to the caller.
        (!pointer.is_null()).then(|| SharedKeys(unsafe { Table::from_pointer(pointer) }))
    }

    #[inline(always)]
    pub fn as_pointer(self) -> *mut PyDictKeysObject {
        self.0.as_pointer()
    }

    /// Gives a reference back.
    ///
    /// # Safety
    /// The caller owns a reference, and does not use the keys afterwards.
    pub unsafe fn release(self, thread: &Thread) {
        // SAFETY: passed on to the caller.
        unsafe { self.0.release(thread) };
    }

    /// The slot of a name.
    #[inline]
    pub fn lookup(self, name: &Str) -> Option<usize> {
        self.0.find_string(name, name.hash_value())
    }

    /// The slot of a name, which gets one if there is room. Exact strings only.
    pub fn insert(self, name: &Str) -> Option<usize> {
        if let Some(slot) = self.lookup(name) {
            return Some(slot);
        }
        if self.0.head().usable.get() <= 0 || !name.is_exactly::<Str>() {
            return None;
        }
        self.0.head().version.set(0);
        Some(self.0.insert(Py::from_ref(name).into_pointer(), name.hash_value(), ptr::null_mut()))
    }

    /// The name that a slot belongs to.
    pub fn name_at(self, slot: usize) -> Option<Py<Str>> {
        if slot >= self.0.entry_count() {
            return None;
        }
        // SAFETY: shared keys are strings, and never deleted.
        unsafe { Object::from_pointer(self.0.pair(slot).key.get()).map(|it| Py::from_ref(cast::<Str>(it))) }
    }

    /// How many names have a slot.
    pub fn length(self) -> usize {
        self.0.entry_count()
    }

    /// Slots that are in use, and those that may still come into use: what a new instance has room for.
    #[inline(always)]
    pub fn capacity(self) -> usize {
        self.0.entry_count() + self.0.head().usable.get().max(0) as usize
    }

    /// Bytes that the values of a new instance take.
    #[inline(always)]
    pub fn values_size(self) -> usize {
        Values::size_for(self.capacity())
    }

    /// Bytes of the keys themselves, which count as the type's.
    pub fn size_in_bytes(self) -> usize {
        self.0.size_in_bytes()
    }

    /// True if the keys have this version.
    #[inline(always)]
    pub fn has_version(self, version: u32) -> bool {
        self.0.head().version.get() == version
    }

    /// The version of the keys for caches: changes when a name is added. None: there is none to be had.
    pub fn version(self, thread: &Thread) -> Option<u32> {
        super::object::version_of(self.0, thread)
    }
}

/// The head of an array of values.
#[repr(C)]
struct ValuesHead {
    capacity: u8,
    /// How many values there are: so many bytes of the order are meaningful.
    size: Cell<u8>,
    /// True if the array is a part of an instance.
    embedded: Cell<bool>,
    /// False once the values of an instance have moved into a dict of its own.
    valid: Cell<bool>,
    padding: [u8; 4],
}

/// The values of an instance, or of a dict that shares its keys: a view that lasts as long as its owner is not changed in shape.
#[derive(Clone, Copy)]
pub struct Values<'t> {
    head: NonNull<ValuesHead>,
    lives: PhantomData<&'t ValuesHead>,
}

impl<'t> Values<'t> {
    fn size_for(capacity: usize) -> usize {
        capacity.next_multiple_of(size_of::<*mut PyObject>()) + (capacity + 1) * size_of::<*mut PyObject>()
    }

    /// Makes the empty values of a new instance in memory that has room for [`SharedKeys::values_size`] bytes. The next instance will have
    /// room for one name less, so that classes come to have as many slots as they use.
    ///
    /// # Safety
    /// The memory is the caller's, and aligned.
    pub unsafe fn initialize(at: *mut u8, keys: SharedKeys<'_>) -> Values<'t> {
        // SAFETY: passed on to the caller.
        let values = unsafe { Self::initialize_with(at, keys.capacity(), true) };
        let usable = &keys.0.head().usable;
        if usable.get() > 1 {
            usable.set(usable.get() - 1);
        }
        values
    }

    /// # Safety
    /// The memory has room for `size_for(capacity)` bytes, is aligned and the caller's.
    unsafe fn initialize_with(at: *mut u8, capacity: usize, embedded: bool) -> Values<'t> {
        // SAFETY: passed on to the caller.
        unsafe {
            let head = NonNull::new_unchecked(at.cast::<ValuesHead>());
            head.write(ValuesHead {
                capacity: capacity as u8,
                size: Cell::new(0),
                embedded: Cell::new(embedded),
                valid: Cell::new(true),
                padding: [0; 4],
            });
            head.add(1).cast::<*mut PyObject>().write_bytes(0, capacity);
            Values { head, lives: PhantomData }
        }
    }

    /// Separate memory for a dict's values; None if there is none.
    fn allocate(capacity: usize, thread: &Thread) -> Option<Values<'t>> {
        let block = thread.allocator().allocate(Self::size_for(capacity));
        // SAFETY: the block has this size.
        (!block.is_null()).then(|| unsafe { Self::initialize_with(block, capacity, false) })
    }

    /// The values at an address.
    ///
    /// # Safety
    /// The pointer is null, or to values that [`Values::initialize`] made, which stay there as long as `'t`.
    #[inline(always)]
    pub unsafe fn from_pointer(pointer: *mut PyDictValues) -> Option<Values<'t>> {
        NonNull::new(pointer.cast()).map(|head| Values { head, lives: PhantomData })
    }

    #[inline(always)]
    pub fn as_pointer(self) -> *mut PyDictValues {
        self.head.as_ptr().cast()
    }

    #[inline(always)]
    fn head(self) -> &'t ValuesHead {
        // SAFETY: the values live as long as `'t`.
        unsafe { self.head.as_ref() }
    }

    /// False once the values have moved into a dict: then that dict is the authority.
    #[inline(always)]
    pub fn is_valid(self) -> bool {
        self.head().valid.get()
    }

    pub fn set_invalid(self) {
        self.head().valid.set(false);
    }

    pub(super) fn is_embedded(self) -> bool {
        self.head().embedded.get()
    }

    #[inline(always)]
    pub fn capacity(self) -> usize {
        usize::from(self.head().capacity)
    }

    /// How many attributes have a value.
    #[inline(always)]
    pub fn length(self) -> usize {
        usize::from(self.head().size.get())
    }

    /// The cell of a slot, null without a value.
    #[inline(always)]
    pub(super) fn cell(self, slot: usize) -> &'t Cell<*mut PyObject> {
        assert!(slot < self.capacity(), "keys never outgrow the values that share them");
        // SAFETY: the values follow the head, as many as the capacity says.
        unsafe { self.head.add(1).cast::<Cell<*mut PyObject>>().add(slot).as_ref() }
    }

    /// The value in a slot, without a look at the capacity.
    ///
    /// # Safety
    /// The slot is one of the keys that the values go by: values never have less room than those have names.
    #[inline(always)]
    pub unsafe fn get_known(self, slot: usize) -> Option<&'t Object> {
        debug_assert!(slot < self.capacity());
        // SAFETY: the values follow the head; a slot holds a live object or null.
        unsafe { Object::from_pointer(self.head.add(1).cast::<*mut PyObject>().add(slot).read()) }
    }

    #[inline(always)]
    fn order(self, at: usize) -> &'t Cell<u8> {
        debug_assert!(at < self.capacity());
        // SAFETY: a byte for each slot follows the values.
        unsafe { self.head.add(1).cast::<*mut PyObject>().add(self.capacity()).cast::<Cell<u8>>().add(at).as_ref() }
    }

    /// The slot that got its value as number `at`.
    pub fn slot_by_order(self, at: usize) -> Option<usize> {
        (at < self.length()).then(|| usize::from(self.order(at).get()))
    }

    /// The value in a slot.
    #[inline]
    pub fn get(self, slot: usize) -> Option<Py<Object>> {
        if slot >= self.capacity() {
            return None;
        }
        // SAFETY: a slot holds a live object or null.
        unsafe { Object::from_pointer(self.cell(slot).get()) }.map(Py::from_ref)
    }

    /// Puts a value into a slot, and gives back the one before. A dict that shares the values must be told ([`Dict::value_added`]) if there
    /// was none.
    #[inline]
    pub fn set(self, slot: usize, value: Py<Object>) -> Option<Py<Object>> {
        let old = self.cell(slot).replace(value.into_pointer());
        if old.is_null() {
            let size = self.length();
            self.order(size).set(slot as u8);
            self.head().size.set(size as u8 + 1);
        }
        // SAFETY: the slot owned a reference, which is given up here.
        unsafe { Py::steal_pointer(old) }
    }

    /// Takes the value out of a slot.
    pub fn delete(self, slot: usize) -> Option<Py<Object>> {
        if slot >= self.capacity() {
            return None;
        }
        let old = self.cell(slot).replace(ptr::null_mut());
        if !old.is_null() {
            let size = self.length();
            if let Some(at) = (0..size).find(|at| usize::from(self.order(*at).get()) == slot) {
                (at + 1..size).for_each(|next| self.order(next - 1).set(self.order(next).get()));
            }
            self.head().size.set(size as u8 - 1);
        }
        // SAFETY: the slot owned a reference, which is given up here.
        unsafe { Py::steal_pointer(old) }
    }

    /// Drops all values, when the array is empty: their end may be the end of the instance that the array is a part of.
    pub fn clear(self) {
        self.head().size.set(0);
        let taken: Vec<Py<Object>> = (0..self.capacity())
            // SAFETY: the slot owned a reference, which is given up here.
            .filter_map(|slot| unsafe { Py::steal_pointer(self.cell(slot).replace(ptr::null_mut())) })
            .collect();
        drop(taken);
    }

    /// Reports the values to the cycle collector.
    pub fn traverse(self, visitor: &mut Visitor<'_>) {
        for slot in 0..self.capacity() {
            // SAFETY: a slot holds a live object or null.
            if let Some(value) = unsafe { Object::from_pointer(self.cell(slot).get()) } {
                visitor.visit(value);
            }
        }
    }

    /// Moves the values into separate memory; None if there is none. What is left behind is empty and no longer valid.
    pub(super) fn move_out(self, thread: &Thread) -> Option<Values<'t>> {
        let copy = Self::allocate(self.capacity(), thread)?;
        for at in 0..self.length() {
            let slot = self.order(at).get();
            copy.order(at).set(slot);
            copy.cell(usize::from(slot)).set(self.cell(usize::from(slot)).replace(ptr::null_mut()));
        }
        copy.head().size.set(self.head().size.replace(0));
        self.set_invalid();
        Some(copy)
    }

    /// A copy in separate memory, with its own references.
    pub(super) fn duplicate(self, thread: &Thread) -> Option<Values<'t>> {
        let copy = Self::allocate(self.capacity(), thread)?;
        for at in 0..self.length() {
            let slot = usize::from(self.order(at).get());
            if let Some(value) = self.get(slot) {
                copy.set(slot, value);
            }
        }
        Some(copy)
    }

    /// Ends the use of values that were all taken out: separate memory is freed, an instance's own is marked as no longer valid.
    ///
    /// # Safety
    /// No view of values in separate memory is used afterwards.
    pub(super) unsafe fn abandon(self, thread: &Thread) {
        if self.is_embedded() {
            self.head().size.set(0);
            self.set_invalid();
        } else {
            // SAFETY: passed on to the caller.
            unsafe { self.free(thread) };
        }
    }

    /// Frees separate memory, whose values were taken out.
    ///
    /// # Safety
    /// The values are not embedded, and no view of them is used afterwards.
    pub(super) unsafe fn free(self, thread: &Thread) {
        // SAFETY: passed on to the caller.
        unsafe { thread.allocator().free_sized(self.head.as_ptr().cast(), Self::size_for(self.capacity())) };
    }
}

impl Dict {
    /// True if the dict shares these very values with an instance.
    pub fn shares_values(&self, values: Values<'_>) -> bool {
        ptr::eq(self.body.values.get(), values.as_pointer())
    }

    /// Tells a dict that shares an instance's values that one was added, or removed, through the instance.
    pub fn value_added(&self) {
        self.body.used.set(self.body.used.get() + 1);
    }

    /// See [`Dict::value_added`].
    pub fn value_removed(&self) {
        self.body.used.set(self.body.used.get() - 1);
    }

    /// Lets a dict that nobody will use again forget the values that it shares with a dying instance.
    pub fn forget_shared_values(&self, thread: &Thread) {
        if self.body.values().is_some_and(Values::is_embedded) {
            self.body.become_empty(thread);
        }
    }

    /// Gives the dict of a dying instance values of its own, in place of those that it shared with the instance. Without memory
    /// for them the dict is empty afterwards, and the answer is false.
    pub fn detach_values(&self, thread: &Thread) -> bool {
        // SAFETY: the field holds null or the values that the dict shares or owns.
        let Some(values) = (unsafe { Values::from_pointer(self.body.values.get()) }) else { return true };
        if !values.is_embedded() {
            return true;
        }
        if let Some(own) = values.move_out(thread) {
            self.body.values.set(own.as_pointer());
            return true;
        }
        self.body.become_empty(thread);
        values.set_invalid();
        values.clear();
        false
    }
}

/// The name of every attribute and its value, in order of insertion.
pub fn snapshot(keys: SharedKeys<'_>, values: Values<'_>) -> Vec<(Py<Str>, Py<Object>)> {
    (0..values.length())
        .filter_map(|at| {
            let slot = values.slot_by_order(at)?;
            Some((keys.name_at(slot)?, values.get(slot)?))
        })
        .collect()
}

const _: () = assert!(size_of::<ValuesHead>() == 8);
