//! What Python programs see of `list`.

use macros::python_type;

use super::iterator::{ListIterator, ListReverseIterator};
use super::object::List;
use crate::bool::Bool;
use crate::dict::Dict;
use crate::errors::{IndexError, OrMemoryError, PyResult, TryToVec};
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Object, Py};
use crate::slice::{Bounds, Slice, SliceIndex};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

// What the methods and the interpreter's instructions share.
impl List {
    /// Appends all items of an iterable.
    pub fn extend(&self, iterable: &Object, thread: &mut Thread) -> PyResult<()> {
        // Subclasses may iterate differently.
        let items = if let Some(list) = iterable.downcast_exact::<List>() {
            list.try_snapshot(thread)?
        } else if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
            tuple.items().try_to_vec().or_memory_error(thread)?
        } else {
            return self.extend_by_iterating(iterable, thread);
        };
        self.extend_with(items, thread)
    }

    /// Appends items.
    pub fn extend_with(&self, items: Vec<Py<Object>>, thread: &mut Thread) -> PyResult<()> {
        if items.is_empty() {
            return Ok(());
        }
        self.reserve(items.len(), thread)?;
        for item in items {
            self.push(item, thread)?;
        }
        Ok(())
    }

    fn extend_by_iterating(&self, iterable: &Object, thread: &mut Thread) -> PyResult<()> {
        /// What is reserved on an object's word alone; more comes as the items do.
        const MOST_RESERVED: usize = 1 << 24;
        /// CPython's guess where nobody says how many items there will be.
        const LENGTH_GUESS: usize = 8;
        let iterator = protocol::iter(iterable, thread)?;
        let hint = protocol::length_hint(iterable, LENGTH_GUESS, thread)?;
        // A hint that no list could follow is ignored; one that there is no memory for is not.
        if hint <= isize::MAX as usize - self.length() {
            thread.check_room(hint.saturating_mul(size_of::<Py<Object>>()))?;
        }
        self.reserve(hint.min(MOST_RESERVED), thread)?;
        while let Some(item) = protocol::next(&iterator, thread)? {
            self.push(item, thread)?;
        }
        self.trim(thread)
    }

    /// `self[slice]`.
    pub fn slice(&self, slice: &Slice, thread: &mut Thread) -> PyResult<Py<List>> {
        let selection = slice.unpack(thread)?.select(self.length());
        self.selected(selection.count, selection.indices(), thread)
    }

    /// `self[slice] = value`, or `del self[slice]` without a value.
    pub fn assign_slice(&self, slice: &Slice, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let bounds = slice.unpack(thread)?;
        self.assign_within(bounds, value, thread)
    }

    /// `self[bounds] = value`, or `del self[bounds]` without a value.
    pub fn assign_within(&self, bounds: Bounds, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let step_is_one = bounds.step == 1;
        let new = match value {
            Some(value) => Some(items_of(value, thread)?),
            None => None,
        };
        let selection = bounds.select(self.length());
        if step_is_one {
            let start = selection.start as usize;
            let removed = self.splice(start..start + selection.count, new.unwrap_or_default(), thread)?;
            return release_all(removed, thread);
        }
        let Some(new) = new else {
            let removed = self.delete_indices(selection.ascending().indices(), thread)?;
            return release_all(removed, thread);
        };
        if new.len() != selection.count {
            let (given, wanted) = (new.len(), selection.count);
            return Err(raise!(
                thread,
                ValueError,
                "attempt to assign sequence of size {given} to extended slice of size {wanted}"
            ));
        }
        let old = selection.indices().zip(new).map(|(index, item)| self.replace(index, item));
        let old = old.map(|it| it.unwrap_or_else(|unused| unused)).collect();
        release_all(old, thread)
    }

    /// A new list of the items, `count` times over.
    pub fn repeated(&self, count: isize, thread: &mut Thread) -> PyResult<Py<List>> {
        let result = List::empty(thread);
        let total = self.repeated_length(count, thread)?;
        result.reserve_exactly(total, thread)?;
        if total > 0 {
            for item in self.items(thread) {
                result.write_new(result.length(), item.clone());
            }
            result.repeat_to(total);
        }
        Ok(result)
    }

    fn repeated_length(&self, count: isize, thread: &mut Thread) -> PyResult<usize> {
        match self.length().checked_mul(count.max(0) as usize) {
            Some(total) if total <= isize::MAX as usize / size_of::<usize>() => Ok(total),
            _ => Err(thread.raise_memory_error()),
        }
    }

    /// An index from either end as one from the start.
    fn index_from_start(&self, index: isize) -> Option<usize> {
        let index = if index < 0 { index + self.length() as isize } else { index };
        usize::try_from(index).ok().filter(|it| *it < self.length())
    }

    fn repr_items(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut text = protocol::ContainerRepr::open("[");
        let mut index = 0;
        while index < self.length() {
            if index > 0 {
                text.push(", ");
            }
            // C code shows lists that it has not filled in yet.
            match self.is_filled(index).then(|| self.get(index, thread)).flatten() {
                Some(item) => text.push_repr(&item, thread)?,
                None => text.push("<NULL>"),
            }
            index += 1;
        }
        text.push("]");
        text.finish(thread)
    }

    /// The index of the first item in a range that equals a value.
    fn position(&self, value: &Object, range: std::ops::Range<usize>, thread: &mut Thread) -> PyResult<Option<usize>> {
        for index in range {
            let Some(item) = self.get(index, thread) else { break };
            if protocol::equals(&item, value, thread)? {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }
}

/// The items of an iterable that is assigned to a slice.
fn items_of(value: &Object, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
    if let Some(list) = value.downcast::<List>() {
        return list.try_snapshot(thread);
    }
    if let Some(tuple) = value.downcast::<Tuple>() {
        return tuple.items().try_to_vec().or_memory_error(thread);
    }
    let iterator = protocol::iter(value, thread);
    match thread.suppress(iterator, crate::errors::TypeError)? {
        Some(iterator) => protocol::collect(&iterator, thread),
        None => Err(raise!(thread, TypeError, "must assign iterable to extended slice")),
    }
}

/// Gives back references to items that are no longer in the list, from the last to the first.
fn release_all(items: Vec<Py<Object>>, thread: &mut Thread) -> PyResult<()> {
    for item in items.into_iter().rev() {
        item.release(thread);
    }
    Ok(())
}

/// list(iterable=(), /)
/// --
///
/// Built-in mutable sequence.
///
/// If no argument is given, the constructor creates a new empty list.
/// The argument must be an iterable if specified.
#[python_type(
    name = "list", symbol = "PyList_Type", base = crate::object::BaseObject,
    flags(BASETYPE, LIST_SUBCLASS, SEQUENCE, MATCH_SELF), unhashable
)]
impl List {
    #[slot(tp_new)]
    fn new_instance(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<List>> {
        let _ = (arguments, keywords);
        Self::new_in(class, thread)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        let plain_new = self.class().slots().tp_new.get().map(|it| it as usize)
            == List::class().slots().tp_new.get().map(|it| it as usize);
        if plain_new && keywords.is_some_and(|it| !it.is_empty()) {
            return Err(raise!(thread, TypeError, "list() takes no keyword arguments"));
        }
        let iterable = match arguments.items() {
            [] => None,
            [iterable] => Some(iterable),
            more => {
                let given = more.len();
                return Err(raise!(thread, TypeError, "list expected at most 1 argument, got {given}"));
            }
        };
        self.clear(thread);
        thread.reap();
        match iterable {
            Some(iterable) => self.extend(iterable, thread),
            None => Ok(()),
        }
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        if self.length() == 0 {
            return Ok(Str::from_str("[]", thread));
        }
        protocol::repr_guarded(self, "[...]", thread, |thread| self.repr_items(thread))
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> Py<ListIterator> {
        ListIterator::new(self, thread)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(other) = other.downcast::<List>() else { return Ok(thread.not_implemented()) };
        let equality = matches!(operation, Comparison::Equal | Comparison::NotEqual);
        if equality && self.length() != other.length() {
            return Ok(Bool::new(operation == Comparison::NotEqual));
        }
        let mut index = 0;
        while let (Some(left), Some(right)) = (self.get(index, thread), other.get(index, thread)) {
            if !protocol::equals(&left, &right, thread)? {
                break;
            }
            index += 1;
        }
        // The comparison may have changed the lists: what counts is what is there now.
        match (self.get(index, thread), other.get(index, thread), operation) {
            (Some(_), Some(_), Comparison::Equal) => Ok(Bool::new(false)),
            (Some(_), Some(_), Comparison::NotEqual) => Ok(Bool::new(true)),
            (Some(left), Some(right), _) => protocol::compare(&left, &right, operation, thread),
            _ => Ok(Bool::new(operation.holds(self.length().cmp(&other.length())))),
        }
    }

    #[slot(sq_length, mp_length)]
    fn len(&self) -> PyResult<usize> {
        Ok(self.length())
    }

    #[slot(sq_contains)]
    fn contains(&self, value: &Object, thread: &mut Thread) -> PyResult<bool> {
        Ok(self.position(value, 0..usize::MAX, thread)?.is_some())
    }

    #[slot(sq_item)]
    fn item(&self, index: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        match usize::try_from(index).ok().and_then(|index| self.get(index, thread)) {
            Some(item) => Ok(item),
            None => Err(raise!(thread, IndexError, "list index out of range")),
        }
    }

    #[slot(sq_ass_item)]
    fn assign_item(&self, index: isize, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(index) = usize::try_from(index).ok().filter(|it| *it < self.length()) else {
            return Err(raise!(thread, IndexError, "list assignment index out of range"));
        };
        let old = match value {
            Some(value) => self.replace(index, Py::from_ref(value)).ok(),
            None => self.remove(index, thread)?,
        };
        if let Some(old) = old {
            old.release(thread);
        }
        Ok(())
    }

    #[slot(mp_subscript)]
    fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if protocol::is_index(key) {
            let index = protocol::index_or_raise(key, IndexError, thread)?;
            return match self.index_from_start(index).and_then(|index| self.get(index, thread)) {
                Some(item) => Ok(item),
                None => Err(raise!(thread, IndexError, "list index out of range")),
            };
        }
        match key.downcast_exact::<Slice>() {
            Some(slice) => self.slice(slice, thread).map(Py::into_object),
            None => {
                let class = key.class().full_name();
                Err(raise!(thread, TypeError, "list indices must be integers or slices, not {class}"))
            }
        }
    }

    #[slot(mp_ass_subscript)]
    fn assign(&self, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        if protocol::is_index(key) {
            let index = protocol::index_or_raise(key, IndexError, thread)?;
            let index = if index < 0 { index + self.length() as isize } else { index };
            return self.assign_item(index, value, thread);
        }
        match key.downcast_exact::<Slice>() {
            Some(slice) => self.assign_slice(slice, value, thread),
            None => {
                let class = key.class().full_name();
                Err(raise!(thread, TypeError, "list indices must be integers or slices, not {class}"))
            }
        }
    }

    #[slot(sq_concat)]
    fn concat(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<List>> {
        let Some(other_list) = other.downcast::<List>() else {
            let class = other.class().full_name();
            return Err(raise!(thread, TypeError, "can only concatenate list (not \"{class}\") to list"));
        };
        let items = [self.items(thread), other_list.items(thread)].concat();
        List::new(items, thread)
    }

    #[slot(sq_inplace_concat)]
    fn inplace_concat(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<List>> {
        self.extend(other, thread)?;
        Ok(Py::from_ref(self))
    }

    #[slot(sq_repeat)]
    fn repeat(&self, count: isize, thread: &mut Thread) -> PyResult<Py<List>> {
        self.repeated(count, thread)
    }

    #[slot(sq_inplace_repeat)]
    fn inplace_repeat(&self, count: isize, thread: &mut Thread) -> PyResult<Py<List>> {
        let length = self.length();
        if count < 1 {
            self.clear(thread);
            thread.reap();
        } else if length > 0 && count > 1 {
            let total = self.repeated_length(count, thread)?;
            self.reserve(total - length, thread)?;
            self.repeat_to(total);
        }
        Ok(Py::from_ref(self))
    }

    /// __getitem__($self, index, /)
    /// --
    ///
    /// Return self[index].
    #[method]
    #[signature("(index, /)")]
    fn __getitem__(&self, index: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.subscript(index, thread)
    }

    /// __reversed__($self, /)
    /// --
    ///
    /// Return a reverse iterator over the list.
    #[method]
    fn __reversed__(&self, thread: &mut Thread) -> Py<ListReverseIterator> {
        ListReverseIterator::new(self, thread)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Return the size of the list in memory, in bytes.
    #[method]
    fn __sizeof__(&self) -> usize {
        self.size_in_bytes()
    }

    /// clear($self, /)
    /// --
    ///
    /// Remove all items from list.
    #[method(name = "clear")]
    fn clear_method(&self, thread: &mut Thread) {
        self.clear(thread);
    }

    /// copy($self, /)
    /// --
    ///
    /// Return a shallow copy of the list.
    #[method]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let items = self.try_snapshot(thread)?;
        List::new(items, thread)
    }

    /// append($self, object, /)
    /// --
    ///
    /// Append object to the end of the list.
    #[method]
    fn append(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        self.push(Py::from_ref(object), thread)
    }

    /// insert($self, index, object, /)
    /// --
    ///
    /// Insert object before index.
    #[method(name = "insert")]
    fn insert_method(&self, index: isize, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let index = SliceIndex(index).from_start(self.length());
        self.insert(index, Py::from_ref(object), thread)
    }

    /// extend($self, iterable, /)
    /// --
    ///
    /// Extend list by appending elements from the iterable.
    #[method(name = "extend")]
    fn extend_method(&self, iterable: &Object, thread: &mut Thread) -> PyResult<()> {
        self.extend(iterable, thread)
    }

    /// pop($self, index=-1, /)
    /// --
    ///
    /// Remove and return item at index (default last).
    ///
    /// Raises IndexError if list is empty or index is out of range.
    #[method]
    fn pop(&self, index: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        if self.length() == 0 {
            return Err(raise!(thread, IndexError, "pop from empty list"));
        }
        let item = match self.index_from_start(index) {
            Some(index) => self.remove(index, thread)?,
            None => None,
        };
        self.free_if_empty(thread);
        match item {
            Some(item) => Ok(item),
            None => Err(raise!(thread, IndexError, "pop index out of range")),
        }
    }

    /// remove($self, value, /)
    /// --
    ///
    /// Remove first occurrence of value.
    ///
    /// Raises ValueError if the value is not present.
    #[method(name = "remove")]
    fn remove_method(&self, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let Some(index) = self.position(value, 0..usize::MAX, thread)? else {
            return Err(raise!(thread, ValueError, "list.remove(x): x not in list"));
        };
        let item = self.remove(index, thread)?;
        self.free_if_empty(thread);
        if let Some(item) = item {
            item.release(thread);
        }
        Ok(())
    }

    /// index($self, value, start=0, stop=sys.maxsize, /)
    /// --
    ///
    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[method]
    fn index(
        &self,
        value: &Object,
        #[default(SliceIndex(0))] start: SliceIndex,
        #[default(SliceIndex(isize::MAX))] stop: SliceIndex,
        thread: &mut Thread,
    ) -> PyResult<usize> {
        let range = start.from_start(self.length())..stop.from_start(self.length());
        match self.position(value, range, thread)? {
            Some(index) => Ok(index),
            None => Err(raise!(thread, ValueError, "list.index(x): x not in list")),
        }
    }

    /// count($self, value, /)
    /// --
    ///
    /// Return number of occurrences of value.
    #[method]
    fn count(&self, value: &Object, thread: &mut Thread) -> PyResult<usize> {
        let (mut count, mut index) = (0, 0);
        while let Some(item) = self.get(index, thread) {
            count += usize::from(protocol::equals(&item, value, thread)?);
            index += 1;
        }
        Ok(count)
    }

    /// reverse($self, /)
    /// --
    ///
    /// Reverse *IN PLACE*.
    #[method(name = "reverse")]
    fn reverse_method(&self) {
        self.reverse();
    }

    /// sort($self, /, *, key=None, reverse=False)
    /// --
    ///
    /// Sort the list in ascending order and return None.
    ///
    /// The sort is in-place (i.e. the list itself is modified) and stable
    /// (i.e. the order of two equal elements is maintained).
    ///
    /// If a key function is given, apply it once to each list item and sort
    /// them, ascending or descending, according to their function values.
    ///
    /// The reverse flag can be set to sort in descending order.
    #[method(name = "sort")]
    fn sort_method(
        &self,
        #[default(crate::method::OrNone(None))] key: crate::method::OrNone<&Object>,
        reverse: bool,
        thread: &mut Thread,
    ) -> PyResult<()> {
        self.sort(key.0, reverse, thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// lists are generic over the type of their contents
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }
}
