//! The list object: its layout, its storage, and how Rust code reads and changes it.
//!
//! ```text
//! 0       16    24     32
//! header  size  items  allocated          items → owned references, `size` of `allocated`
//! ```
//! The storage grows as CPython's does, because `sys.getsizeof` shows it. A view of the items borrows the thread, so none is open while
//! Python code runs. Old items are dropped when a change is complete: their end may free anything but this list.

use std::cell::Cell;
use std::mem::offset_of;
use std::ops::Range;
use std::ptr;

use layout::{PyListObject, PyObject};
use macros::Instance;

use crate::errors::{OrMemoryError, PyResult, TryToVec};
use crate::gc::{Traverse, Visitor};
use crate::refs::{Object, Py, VarHeader};
use crate::thread::Thread;
use crate::types::{Instance as _, Type};

/// A list.
#[derive(Instance)]
#[repr(C)]
pub struct List {
    header: VarHeader,
    storage: Storage,
}

/// The items, of which the header says how many there are.
#[repr(C)]
struct Storage {
    items: Cell<*mut *mut PyObject>,
    allocated: Cell<isize>,
}

const _: () = {
    assert!(size_of::<List>() == size_of::<PyListObject>());
    assert!(offset_of!(List, storage) == offset_of!(PyListObject, ob_item));
};

const WORD: usize = size_of::<*mut PyObject>();
/// Room for so many items is not given back when items go, unless all do.
const LARGEST_KEPT: usize = 32;

impl Storage {
    /// The list that this is a part of.
    fn list(&self) -> &List {
        // SAFETY: a storage only ever lies inside a list.
        unsafe { &*ptr::from_ref(self).cast::<u8>().sub(offset_of!(List, storage)).cast::<List>() }
    }
}

impl Traverse for Storage {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        let items = self.items.get();
        for index in (0..self.list().length()).rev() {
            // C code fills in lists that the collector knows already: an item may still be null.
            // SAFETY: the index is in range; a visitor changes nothing, and the collector runs only where no list is being changed.
            if let Some(item) = unsafe { Object::from_pointer(items.add(index).read()) } {
                visitor.visit(item);
            }
        }
    }

    fn clear(&self) {
        // SAFETY: the collector runs in an attached thread.
        self.list().clear(&unsafe { Thread::current() });
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        // SAFETY: objects only exist while their thread is attached.
        self.list().clear(&unsafe { Thread::current() });
    }
}

/// Storage that was taken out of a list, as [`List::restore`] takes it back.
pub struct Taken {
    items: *mut *mut PyObject,
    length: usize,
    allocated: isize,
}

impl Taken {
    /// The items, which are nobody's but the holder's.
    pub fn items(&mut self) -> &mut [Py<Object>] {
        if self.length == 0 {
            return &mut [];
        }
        // SAFETY: the storage holds `length` owned references, and a `Py` is one pointer.
        unsafe { std::slice::from_raw_parts_mut(self.items.cast(), self.length) }
    }
}

// Making lists.
impl List {
    /// A new list of these items.
    pub fn new(items: Vec<Py<Object>>, thread: &mut Thread) -> PyResult<Py<List>> {
        Self::from_iterator(items.into_iter(), thread)
    }

    /// A new list of as many items as the iterator says. The iterator must not touch the thread.
    pub fn from_iterator(items: impl ExactSizeIterator<Item = Py<Object>>, thread: &mut Thread) -> PyResult<Py<List>> {
        let list = Self::empty(thread);
        let length = items.len();
        list.reserve_exactly(length, thread)?;
        let (pointer, mut filled) = (list.storage.items.get(), 0);
        for item in items.take(length) {
            // SAFETY: there is room for `length` items.
            unsafe { pointer.add(filled).write(item.into_pointer()) };
            filled += 1;
        }
        list.header.set_size(filled as isize);
        Ok(list)
    }

    /// A new list of the items in `range`, which lies in the list.
    pub fn section(&self, range: Range<usize>, thread: &mut Thread) -> PyResult<Py<List>> {
        self.selected(range.len(), range, thread)
    }

    /// A new list of the `count` items at these indices, which lie in the list.
    pub(super) fn selected(
        &self,
        count: usize,
        indices: impl Iterator<Item = usize>,
        thread: &mut Thread,
    ) -> PyResult<Py<List>> {
        let list = Self::empty(thread);
        list.reserve_exactly(count, thread)?;
        let (pointer, mut filled) = (list.storage.items.get(), 0);
        let items = self.items(thread);
        for index in indices.take(count) {
            // SAFETY: there is room for `count` items.
            unsafe { pointer.add(filled).write(items[index].clone().into_pointer()) };
            filled += 1;
        }
        list.header.set_size(filled as isize);
        Ok(list)
    }

    /// A new list without items.
    #[inline]
    pub fn empty(thread: &mut Thread) -> Py<List> {
        Py::new(Self::fields(), thread)
    }

    /// A new empty instance of `class`, which is `list` or a subtype.
    pub fn new_in(class: &Type, thread: &mut Thread) -> PyResult<Py<List>> {
        Py::new_in(class, Self::fields(), thread)
    }

    /// `PyList_New`: a list whose items are null, for C code to fill in before anybody reads it.
    pub fn unfilled(length: usize, thread: &mut Thread) -> PyResult<Py<List>> {
        let list = Self::empty(thread);
        list.reserve_exactly(length, thread)?;
        if length > 0 {
            // SAFETY: there is room for so many items.
            unsafe { ptr::write_bytes(list.storage.items.get(), 0, length) };
        }
        list.header.set_size(length as isize);
        Ok(list)
    }

    /// Whether there is an item at an index within the list: C code may have left it null.
    pub(super) fn is_filled(&self, index: usize) -> bool {
        // SAFETY: the caller's index is in range; the place is read as the pointer that C code sees.
        unsafe { !self.storage.items.get().add(index).read().is_null() }
    }

    /// Where the items lie, for C code that fills them in.
    pub fn items_pointer(&self) -> *mut *mut PyObject {
        self.storage.items.get()
    }

    fn fields() -> List {
        List {
            header: VarHeader::new(List::class(), 0),
            storage: Storage { items: Cell::new(ptr::null_mut()), allocated: Cell::new(0) },
        }
    }
}

// Reading.
impl List {
    #[inline(always)]
    pub fn length(&self) -> usize {
        self.header.size() as usize
    }

    /// # Safety
    /// The list is not changed as long as the slice is used.
    #[inline(always)]
    unsafe fn raw_items(&self) -> &[Py<Object>] {
        if self.length() == 0 {
            return &[];
        }
        // SAFETY: the storage holds `length` owned references, and a `Py` is one pointer.
        unsafe { std::slice::from_raw_parts(self.storage.items.get().cast(), self.length()) }
    }

    /// The items, until the thread is needed for something that may run Python code.
    #[inline(always)]
    pub fn items<'t>(&'t self, _thread: &'t Thread) -> &'t [Py<Object>] {
        // SAFETY: all that changes a list needs the thread mutably, or is a single step in which no view is open.
        unsafe { self.raw_items() }
    }

    /// The item at an index.
    #[inline(always)]
    pub fn get(&self, index: usize, thread: &Thread) -> Option<Py<Object>> {
        self.items(thread).get(index).cloned()
    }

    /// New references to all items of a list that is known to be short.
    pub fn snapshot(&self, thread: &Thread) -> Vec<Py<Object>> {
        self.items(thread).to_vec()
    }

    /// New references to all items.
    pub fn try_snapshot(&self, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
        self.items(thread).try_to_vec().or_memory_error(thread)
    }

    /// Bytes that the list takes, as `__sizeof__` counts them.
    pub fn size_in_bytes(&self) -> usize {
        self.class().basic_size() + self.storage.allocated.get().max(0) as usize * WORD
    }
}

// Changing.
impl List {
    /// Makes room for `length` items, with room to spare where more will probably follow, and sets the length. New items are the caller's
    /// to write; when shrinking, the last items were taken out.
    fn resize(&self, length: usize, thread: &mut Thread) -> PyResult<()> {
        let allocated = self.storage.allocated.get() as usize;
        if length <= allocated && (length >= allocated >> 1 || allocated <= LARGEST_KEPT) {
            self.header.set_size(length as isize);
            return Ok(());
        }
        let mut room = (length + (length >> 3) + 6) & !3;
        if length > self.length() && length - self.length() > room - length {
            room = (length + 3) & !3;
        }
        if length == 0 {
            room = 0;
        }
        self.reallocate(room, thread)?;
        self.header.set_size(length as isize);
        Ok(())
    }

    /// Gives the storage room for so many items.
    fn reallocate(&self, room: usize, thread: &mut Thread) -> PyResult<()> {
        let old = self.storage.items.get().cast::<u8>();
        let Some(bytes) = room.checked_mul(WORD).filter(|it| *it <= isize::MAX as usize) else {
            return Err(thread.raise_memory_error());
        };
        // SAFETY: the storage came from this interpreter's allocator, or is null; the old address is not used again.
        let items = unsafe {
            if room == 0 {
                thread.allocator().free(old);
                ptr::null_mut()
            } else {
                let items = thread.allocator().reallocate(old, bytes);
                if items.is_null() {
                    return Err(thread.raise_memory_error());
                }
                items
            }
        };
        self.storage.items.set(items.cast());
        self.storage.allocated.set(room as isize);
        Ok(())
    }

    /// Gives an empty list room for exactly so many items.
    pub fn reserve_exactly(&self, length: usize, thread: &mut Thread) -> PyResult<()> {
        debug_assert!(self.storage.items.get().is_null());
        let Some(bytes) = length.checked_mul(WORD).filter(|it| *it <= isize::MAX as usize) else {
            return Err(thread.raise_memory_error());
        };
        if bytes > 0 {
            let items = thread.allocator().allocate(bytes);
            if items.is_null() {
                return Err(thread.raise_memory_error());
            }
            self.storage.items.set(items.cast());
            self.storage.allocated.set(length as isize);
        }
        Ok(())
    }

    /// Makes room for so many items more, as an extension by an iterable of that length does: exactly if the list has none (an
    /// even number, since memory comes in units of two words), otherwise with room to spare.
    pub(super) fn reserve(&self, more: usize, thread: &mut Thread) -> PyResult<()> {
        let length = self.length();
        if self.storage.items.get().is_null() {
            return self.reserve_exactly(more.next_multiple_of(2), thread);
        }
        match length.checked_add(more) {
            Some(total) => self.resize(total, thread)?,
            None => return Err(thread.raise_memory_error()),
        }
        self.header.set_size(length as isize);
        Ok(())
    }

    /// Gives room back that an extension did not need.
    pub(super) fn trim(&self, thread: &mut Thread) -> PyResult<()> {
        self.resize(self.length(), thread)
    }

    /// Reverses the items.
    pub fn reverse(&self) {
        if self.length() > 1 {
            // SAFETY: the storage holds `length` owned references; nothing else runs meanwhile.
            unsafe { std::slice::from_raw_parts_mut(self.storage.items.get(), self.length()) }.reverse();
        }
    }

    /// Writes an item into room that was made for it; indices ascend.
    pub(super) fn write_new(&self, index: usize, item: Py<Object>) {
        debug_assert!((index as isize) < self.storage.allocated.get());
        // SAFETY: there is room at the index.
        unsafe { self.storage.items.get().add(index).write(item.into_pointer()) };
        self.header.set_size(index as isize + 1);
    }

    /// Appends an item.
    #[inline]
    pub fn push(&self, item: Py<Object>, thread: &mut Thread) -> PyResult<()> {
        let length = self.length();
        if (length as isize) < self.storage.allocated.get() {
            self.write_new(length, item);
            return Ok(());
        }
        self.push_growing(item, thread)
    }

    /// Appends as many items as the iterator says. The iterator must not touch the thread.
    pub fn append_all(&self, items: impl ExactSizeIterator<Item = Py<Object>>, thread: &mut Thread) -> PyResult<()> {
        let (length, more) = (self.length(), items.len());
        self.resize(length + more, thread)?;
        // There is room now; should there be fewer items than said, the list ends with the last.
        self.header.set_size(length as isize);
        for (index, item) in items.take(more).enumerate() {
            self.write_new(length + index, item);
        }
        Ok(())
    }

    #[inline(never)]
    fn push_growing(&self, item: Py<Object>, thread: &mut Thread) -> PyResult<()> {
        let length = self.length();
        self.resize(length + 1, thread)?;
        self.write_new(length, item);
        Ok(())
    }

    /// Puts an item in the place of another, which it gives back; the item itself if the index is out of range.
    #[inline(always)]
    pub fn replace(&self, index: usize, item: Py<Object>) -> Result<Py<Object>, Py<Object>> {
        if index >= self.length() {
            return Err(item);
        }
        // SAFETY: the index is in range: there lies an owned reference.
        let slot = unsafe { &mut *self.storage.items.get().add(index).cast::<Py<Object>>() };
        Ok(std::mem::replace(slot, item))
    }

    /// Puts other items in the place of a range, which must lie in the list. Gives what was there: to be dropped when the caller is done.
    pub fn splice(
        &self,
        range: Range<usize>,
        mut new: Vec<Py<Object>>,
        thread: &mut Thread,
    ) -> PyResult<Vec<Py<Object>>> {
        let length = self.length();
        assert!(range.start <= range.end && range.end <= length, "callers adjust ranges to the list");
        if range.len() == new.len() && !new.is_empty() {
            // SAFETY: the range lies in the list, and nothing else runs meanwhile.
            let places = unsafe { std::slice::from_raw_parts_mut(self.storage.items.get().cast(), length) };
            new.swap_with_slice(&mut places[range]);
            return Ok(new);
        }
        let tail = length - range.end;
        let new_length = length - range.len() + new.len();
        let mut removed: Vec<Py<Object>> = Vec::with_capacity(range.len());
        if new_length > length {
            self.resize(new_length, thread)?;
        }
        let items = self.storage.items.get();
        // SAFETY: the range lies in the list, whose storage now has room for the new items; each reference moves once.
        unsafe {
            for index in range.clone() {
                removed.extend(Py::steal_pointer(items.add(index).read()));
            }
            ptr::copy(items.add(range.end), items.add(range.start + new.len()), tail);
            for (offset, item) in new.into_iter().enumerate() {
                items.add(range.start + offset).write(item.into_pointer());
            }
        }
        if new_length < length {
            self.header.set_size(new_length as isize);
            self.resize(new_length, thread)?;
        }
        self.free_if_empty(thread);
        Ok(removed)
    }

    /// Frees the storage of a list that has become empty.
    pub(super) fn free_if_empty(&self, thread: &Thread) {
        if self.length() == 0 {
            self.clear(thread);
        }
    }

    /// Takes the items at ascending indices, which are in range, out.
    pub(super) fn delete_indices(
        &self,
        indices: impl Iterator<Item = usize>,
        thread: &mut Thread,
    ) -> PyResult<Vec<Py<Object>>> {
        let (length, items) = (self.length(), self.storage.items.get());
        let mut indices = indices.peekable();
        let (mut removed, mut kept) = (Vec::new(), 0);
        for index in 0..length {
            // SAFETY: the index is in range; each reference moves once, into the result or to a lower place that is free.
            unsafe {
                let item = items.add(index).read();
                if indices.next_if_eq(&index).is_some() {
                    removed.extend(Py::steal_pointer(item));
                } else {
                    items.add(kept).write(item);
                    kept += 1;
                }
            }
        }
        self.header.set_size(kept as isize);
        self.resize(kept, thread)?;
        Ok(removed)
    }

    /// Takes the item at an index out, None if there is none.
    pub fn remove(&self, index: usize, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let length = self.length();
        if index >= length {
            return Ok(None);
        }
        let items = self.storage.items.get();
        // SAFETY: the index is in range; the reference there moves out, and those behind it move down by one.
        let item = unsafe {
            let item = Py::steal_pointer(items.add(index).read());
            ptr::copy(items.add(index + 1), items.add(index), length - index - 1);
            item
        };
        self.header.set_size(length as isize - 1);
        self.resize(length - 1, thread)?;
        Ok(item)
    }

    /// Puts an item before the one at an index, or at the end.
    pub fn insert(&self, index: usize, item: Py<Object>, thread: &mut Thread) -> PyResult<()> {
        let length = self.length();
        let index = index.min(length);
        self.resize(length + 1, thread)?;
        let items = self.storage.items.get();
        // SAFETY: there is room for one more; the references from the index on move up by one.
        unsafe {
            ptr::copy(items.add(index), items.add(index + 1), length - index);
            items.add(index).write(item.into_pointer());
        }
        Ok(())
    }

    /// Appends the items from the start on until the list has `total`, for which there is room.
    pub(super) fn repeat_to(&self, total: usize) {
        let length = self.length();
        debug_assert!(total as isize <= self.storage.allocated.get());
        if length == 0 {
            return;
        }
        let items = self.storage.items.get();
        for index in length..total {
            // SAFETY: the item one period before is there, and there is room at the index.
            unsafe {
                let item = items.add(index - length).read();
                (*item.cast::<Object>()).increment();
                items.add(index).write(item);
            }
        }
        self.header.set_size(total as isize);
    }

    /// Drops all items and frees the storage.
    pub fn clear(&self, thread: &Thread) {
        if self.storage.items.get().is_null() {
            return;
        }
        let taken = self.take();
        drop_taken(taken, thread);
    }

    /// Takes the storage out and leaves the list empty; its allocated size tells a change from then on ([`List::was_changed`]).
    pub(super) fn take_for_sorting(&self) -> Taken {
        let taken = self.take();
        self.storage.allocated.set(-1);
        taken
    }

    /// True if the list was changed since [`List::take_for_sorting`].
    pub(super) fn was_changed(&self) -> bool {
        self.storage.allocated.get() != -1
    }

    fn take(&self) -> Taken {
        let taken = Taken {
            items: self.storage.items.replace(ptr::null_mut()),
            length: self.length(),
            allocated: self.storage.allocated.replace(0),
        };
        self.header.set_size(0);
        taken
    }

    /// Puts storage back that was taken; what was put into the list meanwhile is dropped.
    pub(super) fn restore(&self, taken: Taken, thread: &Thread) {
        let other = self.take();
        self.storage.items.set(taken.items);
        self.storage.allocated.set(taken.allocated);
        self.header.set_size(taken.length as isize);
        drop_taken(other, thread);
    }
}

/// Drops items from the last to the first, and frees their storage.
fn drop_taken(taken: Taken, thread: &Thread) {
    for index in (0..taken.length).rev() {
        // SAFETY: the storage owns a reference at each index, which is given up here.
        drop(unsafe { Py::<Object>::steal_pointer(taken.items.add(index).read()) });
    }
    // SAFETY: the storage came from this interpreter's allocator, or is null, and nobody uses it any more.
    unsafe { thread.allocator().free(taken.items.cast()) };
}
