//! The tuple object: its layout, how tuples are made and read.
//!
//! ```text
//! 0       16    24    32
//! header  size  hash  items …
//! ```
//! Tuples come straight from the allocator's pools: a list of freed ones would save nothing that can be measured.

use std::cell::Cell;
use std::mem::offset_of;

use layout::{PyGC_Head, PyObject, PyTupleObject};
use macros::Instance;

use crate::errors::PyResult;
use crate::gc::{self, Traverse, Visitor};
use crate::refs::{Object, Py, VarHeader, allocate_variable};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::{Instance as _, Type};

/// A tuple: the items follow the head.
#[derive(Instance)]
#[repr(C)]
pub struct Tuple {
    header: VarHeader,
    hash: Cell<isize>,
    items: Items,
}

/// The items of a tuple, as many as its header says.
#[repr(C)]
struct Items([*mut PyObject; 0]);

const _: () = assert!(offset_of!(Tuple, items) == offset_of!(PyTupleObject, ob_item));

impl Traverse for Items {
    const MAY_REFER: bool = true;
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        // SAFETY: this is the last field of a tuple, which `items` reads from its start.
        let tuple = unsafe { &*std::ptr::from_ref(self).cast::<u8>().sub(offset_of!(Tuple, items)).cast::<Tuple>() };
        let items = tuple.item_pointer();
        for index in (0..tuple.length()).rev() {
            // C code fills in tuples that the collector knows already: an item may still be null.
            // SAFETY: the index is in range.
            if let Some(item) = unsafe { Object::from_pointer(items.add(index).read()) } {
                visitor.visit(item);
            }
        }
    }
    fn clear(&self) {}
}

impl Drop for Items {
    fn drop(&mut self) {
        // SAFETY: as above; the tuple has no reference left, and its items are dropped once, here, from the last to the first.
        unsafe {
            let tuple = &*std::ptr::from_ref(self).cast::<u8>().sub(offset_of!(Tuple, items)).cast::<Tuple>();
            let items = tuple.item_pointer();
            for index in (0..tuple.length()).rev() {
                drop(Py::<Object>::steal_pointer(items.add(index).read()));
            }
        }
    }
}

// Making tuples.
impl Tuple {
    /// A new tuple of these items.
    pub fn new(items: Vec<Py<Object>>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        Self::from_iterator(items.into_iter(), thread)
    }

    /// A new tuple of new references to these objects.
    pub fn from_slice(items: &[&Object], thread: &mut Thread) -> PyResult<Py<Tuple>> {
        Self::from_iterator(items.iter().map(|it| Py::from_ref(*it)), thread)
    }

    /// A new tuple of as many items as the iterator says. The iterator must not touch the thread. The collector need not know of a tuple whose
    /// items are no collectable objects.
    #[inline]
    pub fn from_iterator(items: impl ExactSizeIterator<Item = Py<Object>>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let length = items.len();
        if length == 0 {
            return Ok(Self::empty(thread));
        }
        let tuple = Self::allocate(length, thread)?;
        if tuple.fill(items) {
            // SAFETY: the tuple is whole now, and has not been tracked.
            unsafe { gc::track(tuple.as_pointer(), thread) };
        }
        Ok(tuple)
    }

    /// A new tuple of strings, as many as the iterator says, which must not touch the thread. The collector need not know of it.
    #[inline]
    pub fn of_strings(strings: impl ExactSizeIterator<Item = Py<Str>>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let length = strings.len();
        if length == 0 {
            return Ok(Self::empty(thread));
        }
        let tuple = Self::allocate(length, thread)?;
        let (pointer, mut filled) = (tuple.item_pointer(), 0);
        for string in strings.take(length) {
            // SAFETY: there is room for `length` items.
            unsafe { pointer.add(filled).write(string.into_pointer()) };
            filled += 1;
        }
        tuple.header.set_size(filled as isize);
        Ok(tuple)
    }

    /// A new instance of `class`, a subtype of `tuple`, with these items.
    pub fn new_in(class: &Type, items: Vec<Py<Object>>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if std::ptr::eq(class, Tuple::class()) {
            return Self::new(items, thread);
        }
        let tuple = allocate_variable(class, items.len() as isize, thread)?;
        // SAFETY: instances of subtypes start with a tuple.
        let tuple = unsafe { tuple.cast_into::<Tuple>() };
        tuple.hash.set(-1);
        tuple.fill(items.into_iter());
        // SAFETY: the tuple is whole now, and has not been tracked.
        unsafe { gc::track(tuple.as_pointer(), thread) };
        Ok(tuple)
    }

    /// A new instance of a struct sequence: `visible` of the values are the tuple's items, the others lie behind them, which the type's
    /// instances have room for.
    pub(super) fn new_with_hidden(
        class: &Type,
        visible: usize,
        values: Vec<Py<Object>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        debug_assert!(class.basic_size() == size_of::<Tuple>() + (values.len() - visible) * class.item_size());
        let tuple = allocate_variable(class, visible as isize, thread)?;
        // SAFETY: struct sequences are tuples.
        let tuple = unsafe { tuple.cast_into::<Tuple>() };
        tuple.hash.set(-1);
        let may_refer = values.iter().any(|it| it.class().is_collectable());
        for (index, value) in values.into_iter().enumerate() {
            // SAFETY: the block has room for the items, and for as many hidden ones as the basic size adds.
            unsafe { tuple.item_pointer().add(index).write(value.into_pointer()) };
        }
        if may_refer {
            // SAFETY: the tuple is whole now, and has not been tracked.
            unsafe { gc::track(tuple.as_pointer(), thread) };
        }
        Ok(tuple)
    }

    /// `PyTuple_New`: a tuple whose items are null, for C code to fill in before anybody reads it.
    pub fn unfilled(length: usize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if length == 0 {
            return Ok(Self::empty(thread));
        }
        let tuple = Self::allocate(length, thread)?;
        // SAFETY: there is room for the items, of which the collector skips those that are null.
        unsafe {
            std::ptr::write_bytes(tuple.item_pointer(), 0, length);
            gc::track(tuple.as_pointer(), thread);
        }
        Ok(tuple)
    }

    /// Gives an unfilled tuple its items, as many as it is long; whoever saw it before found nothing in it.
    pub fn fill_unfilled(&self, items: Vec<Py<Object>>) {
        assert!(items.len() == self.length(), "an unfilled tuple has room for its items");
        self.hash.set(-1);
        for (index, item) in items.into_iter().enumerate() {
            // SAFETY: there is room for the items; what was there is null or a stand-in, which the tuple owned.
            unsafe {
                let old = self.item_pointer().add(index).replace(item.into_pointer());
                drop(Py::<Object>::steal_pointer(old));
            }
        }
    }

    /// The items of a tuple that C code may not have filled in yet.
    pub(crate) fn slots(&self) -> impl Iterator<Item = Option<&Object>> {
        // SAFETY: a tuple has room for so many; the places are read as the pointers that C code sees.
        (0..self.length()).map(|at| unsafe { Object::from_pointer(self.item_pointer().add(at).read()) })
    }

    /// Where the items lie, for C code that fills them in.
    pub fn items_pointer(&self) -> *mut *mut PyObject {
        self.item_pointer()
    }

    /// Memory for a tuple, whose items are to be filled in before anybody sees it.
    #[inline]
    fn allocate(length: usize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let head = size_of::<PyGC_Head>() + size_of::<Tuple>();
        let size = length.checked_mul(size_of::<*mut PyObject>()).and_then(|it| it.checked_add(head));
        let block = size.map_or(std::ptr::null_mut(), |size| thread.allocator().allocate(size));
        if block.is_null() {
            return Err(thread.raise_memory_error());
        }
        // SAFETY: the block has room for the collector's head, the tuple's, and the items.
        unsafe {
            let tuple = block.add(size_of::<PyGC_Head>()).cast::<Tuple>();
            let header = VarHeader::new(Tuple::class(), length as isize);
            tuple.write(Tuple { header, hash: Cell::new(-1), items: Items([]) });
            gc::prepare(tuple.cast(), thread);
            Ok(Py::steal(std::ptr::NonNull::new_unchecked(tuple)))
        }
    }

    /// Writes the items of a new tuple. Should there be fewer than its length, the tuple becomes that much shorter.
    /// True if one of them might be part of a cycle: the collector need not know of other tuples.
    #[inline(always)]
    fn fill(&self, items: impl Iterator<Item = Py<Object>>) -> bool {
        let (pointer, mut filled, mut may_refer) = (self.item_pointer(), 0, false);
        for item in items.take(self.length()) {
            may_refer |= item.class().is_collectable();
            // SAFETY: there is room for `length` items.
            unsafe { pointer.add(filled).write(item.into_pointer()) };
            filled += 1;
        }
        self.header.set_size(filled as isize);
        may_refer
    }

    /// Puts other items into a tuple that nobody else has, so that its memory is used again. Gives the old ones.
    /// The collector knows the tuple from now on.
    pub fn refill<const N: usize>(&self, items: [Py<Object>; N], thread: &Thread) -> [Py<Object>; N] {
        assert!(self.reference_count() == 1 && self.length() == N, "only a tuple that nobody else has may change");
        self.hash.set(-1);
        // SAFETY: tuples are collectable; this one was whole all along.
        unsafe {
            if !gc::is_tracked(self.as_pointer()) {
                gc::track(self.as_pointer(), thread);
            }
        }
        // SAFETY: the tuple has N items, each of them a reference that it owns; nobody else can look at it.
        unsafe { std::mem::replace(&mut *self.item_pointer().cast::<[Py<Object>; N]>(), items) }
    }

    /// The empty tuple.
    #[inline]
    pub fn empty(thread: &mut Thread) -> Py<Tuple> {
        thread.interpreter().empty_tuple()
    }

    /// The one tuple without items, made when an interpreter starts.
    pub(crate) fn without_items(thread: &mut Thread) -> Py<Tuple> {
        let tuple = Self::allocate(0, thread).expect("a new interpreter has memory");
        tuple.make_immortal();
        tuple
    }
}

// Reading.
impl Tuple {
    /// The items. A tuple never changes, so they may be read as long as the tuple is held.
    #[inline(always)]
    pub fn items(&self) -> &[Py<Object>] {
        // SAFETY: the items were written when the tuple was made, and a `Py` is one pointer.
        unsafe { std::slice::from_raw_parts(self.item_pointer().cast::<Py<Object>>(), self.length()) }
    }

    #[inline(always)]
    pub fn length(&self) -> usize {
        self.header.size() as usize
    }

    #[inline(always)]
    fn item_pointer(&self) -> *mut *mut PyObject {
        std::ptr::from_ref(&self.items).cast_mut().cast()
    }

    /// The hash, if it was computed before.
    pub(super) fn known_hash(&self) -> Option<isize> {
        Some(self.hash.get()).filter(|it| *it != -1)
    }

    pub(super) fn remember_hash(&self, hash: isize) {
        self.hash.set(hash);
    }
}
