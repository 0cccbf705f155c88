//! `deque`: a sequence with two ends.

use std::cell::Cell;
use std::collections::VecDeque;

use layout::PyObject;
use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{OrMemoryError, PyResult, Raised, with_room};
use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Guarded, Header, Object, Py};
use objects::slice::SliceIndex;
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::deque_iterator::{DequeIterator, DequeReverseIterator};

/// The items.
#[derive(Default)]
struct Items(VecDeque<Py<Object>>);

impl Traverse for Items {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.0.iter().for_each(|item| item.traverse(visitor));
    }

    fn clear(&self) {}
}

#[derive(Instance)]
#[repr(C)]
pub struct Deque {
    header: Header,
    items: Guarded<Items>,
    /// Counts changes, for iterators.
    state: Cell<usize>,
    /// −1: no limit.
    most: Cell<isize>,
    weak_references: Cell<*mut PyObject>,
}

impl Deque {
    pub fn length(&self, thread: &Thread) -> usize {
        self.items.get(thread).0.len()
    }

    pub fn item(&self, index: usize, thread: &Thread) -> Option<Py<Object>> {
        self.items.get(thread).0.get(index).cloned()
    }

    pub fn state(&self) -> usize {
        self.state.get()
    }

    fn changed(&self) {
        self.state.set(self.state.get().wrapping_add(1));
    }

    fn snapshot(&self, thread: &mut Thread) -> PyResult<Vec<Py<Object>>> {
        let mut all = with_room(self.length(thread)).or_memory_error(thread)?;
        all.extend(self.items.get(thread).0.iter().cloned());
        Ok(all)
    }

    /// Room for one more item.
    fn make_room(&self, thread: &mut Thread) -> PyResult<()> {
        let items = &mut self.items.get_mut(thread).0;
        if items.len() == items.capacity() {
            items.try_reserve(1).or_memory_error(thread)?;
        }
        Ok(())
    }

    fn is_over_limit(&self, length: usize) -> bool {
        usize::try_from(self.most.get()).is_ok_and(|most| length > most)
    }

    fn push_right(&self, item: Py<Object>, thread: &mut Thread) -> PyResult<()> {
        self.make_room(thread)?;
        let items = &mut self.items.get_mut(thread).0;
        items.push_back(item);
        let length = items.len();
        let surplus = if self.is_over_limit(length) { items.pop_front() } else { None };
        self.changed();
        drop(surplus);
        Ok(())
    }

    fn push_left(&self, item: Py<Object>, thread: &mut Thread) -> PyResult<()> {
        self.make_room(thread)?;
        let items = &mut self.items.get_mut(thread).0;
        items.push_front(item);
        let length = items.len();
        let surplus = if self.is_over_limit(length) { items.pop_back() } else { None };
        self.changed();
        drop(surplus);
        Ok(())
    }

    fn extend_right(&self, iterable: &Object, thread: &mut Thread) -> PyResult<()> {
        if iterable.is(self) {
            for item in self.snapshot(thread)? {
                self.push_right(item, thread)?;
            }
            return Ok(());
        }
        let iterator = protocol::iter(iterable, thread)?;
        while let Some(item) = protocol::next(&iterator, thread)? {
            self.push_right(item, thread)?;
        }
        Ok(())
    }

    fn empty_like(&self, most: isize, thread: &mut Thread) -> Py<Deque> {
        let deque = Self::fields();
        deque.most.set(most);
        Py::new(deque, thread)
    }

    fn fields() -> Deque {
        Deque {
            header: Header::new(Deque::class()),
            items: Guarded::new(Items::default()),
            state: Cell::new(0),
            most: Cell::new(-1),
            weak_references: Cell::new(std::ptr::null_mut()),
        }
    }

    fn duplicate(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        if self.is_exactly::<Deque>() {
            let items = self.snapshot(thread)?;
            let new = self.empty_like(self.most.get(), thread);
            new.items.get_mut(thread).0 = items.into();
            return Ok(new.into_object());
        }
        let class = Py::from_ref(self.class());
        if self.most.get() < 0 {
            return protocol::call_one(&class, self, thread);
        }
        let most = Int::from_i64(self.most.get() as i64, thread);
        protocol::call(&class, &[self, &most], thread)
    }

    /// An index counted from the left; None if it is out of range.
    fn place(&self, index: isize, thread: &Thread) -> Option<usize> {
        let length = self.length(thread);
        usize::try_from(index).ok().filter(|it| *it < length)
    }

    /// The index of the first item equal to `value` between two bounds.
    fn find(&self, value: &Object, start: usize, stop: usize, thread: &mut Thread) -> PyResult<Option<usize>> {
        let state = self.state();
        for index in start..stop {
            let Some(item) = self.item(index, thread) else { break };
            let found = protocol::equals(&item, value, thread)?;
            if state != self.state() {
                return Err(raise_mutated(thread));
            }
            if found {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    fn repeat_in_place(&self, count: isize, thread: &mut Thread) -> PyResult<()> {
        let old = self.snapshot(thread)?;
        let count = usize::try_from(count).unwrap_or(0);
        if count == 0 || old.is_empty() {
            drop(std::mem::take(self.items.get_mut(thread)));
            self.changed();
            return Ok(());
        }
        let limit = usize::try_from(self.most.get()).unwrap_or(usize::MAX);
        let Some(total) = old.len().checked_mul(count) else { return Err(thread.raise_memory_error()) };
        let kept = total.min(limit);
        let items = &mut self.items.get_mut(thread).0;
        if items.try_reserve(kept.saturating_sub(items.len())).is_err() {
            return Err(thread.raise_memory_error());
        }
        let first = total - kept;
        items.clear();
        items.extend((first..total).filter_map(|index| old.get(index % old.len()).cloned()));
        self.changed();
        Ok(())
    }
}

#[cold]
fn raise_mutated(thread: &mut Thread) -> Raised {
    raise!(thread, RuntimeError, "deque mutated during iteration")
}

/// deque([iterable[, maxlen]])
/// --
///
/// A list-like sequence optimized for data accesses near its endpoints.
#[python_type(
    name = "collections.deque", base = BaseObject, flags(HEAPTYPE, BASETYPE, SEQUENCE), unhashable,
    weaklist_offset = std::mem::offset_of!(Deque, weak_references)
)]
impl Deque {
    #[slot(tp_new)]
    fn new_empty(class: &Type, _: &Tuple, _: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Deque>> {
        Py::new_in(class, Self::fields(), thread)
    }

    #[init]
    #[signature("(iterable=None, maxlen=None)")]
    fn init(&self, iterable: Option<&Object>, maxlen: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let most = match maxlen.filter(|it| !it.is_none()) {
            None => -1,
            Some(maxlen) => {
                let Some(_) = maxlen.downcast::<Int>() else {
                    return Err(raise!(thread, TypeError, "an integer is required"));
                };
                let most = protocol::index_as_isize(maxlen, thread)?;
                if most < 0 {
                    return Err(raise!(thread, ValueError, "maxlen must be non-negative"));
                }
                most
            }
        };
        self.most.set(most);
        if self.length(thread) > 0 {
            drop(std::mem::take(self.items.get_mut(thread)));
            self.changed();
        }
        match iterable {
            Some(iterable) => self.extend_right(iterable, thread),
            None => Ok(()),
        }
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> Py<DequeIterator> {
        DequeIterator::over(self, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        protocol::repr_guarded(self, "[...]", thread, |thread| {
            let list = protocol::to_list(self, thread)?;
            let items = protocol::repr(&list, thread)?;
            let mut text = protocol::ContainerRepr::open(&format!("{}(", self.class().short_name()));
            text.push(&items.to_string_lossy());
            if self.most.get() >= 0 {
                text.push(&format!(", maxlen={}", self.most.get()));
            }
            text.push(")");
            text.finish(thread)
        })
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(other) = other.downcast::<Deque>() else { return Ok(thread.not_implemented()) };
        let lengths = (self.length(thread), other.length(thread));
        if lengths.0 != lengths.1 && matches!(operation, Comparison::Equal | Comparison::NotEqual) {
            return Ok(Bool::new(operation == Comparison::NotEqual));
        }
        let left = protocol::iter(self, thread)?;
        let right = protocol::iter(other, thread)?;
        loop {
            let (x, y) = (protocol::next(&left, thread)?, protocol::next(&right, thread)?);
            match (x, y) {
                (Some(x), Some(y)) => {
                    if protocol::equals(&x, &y, thread)? {
                        continue;
                    }
                    return match operation {
                        Comparison::Equal => Ok(Bool::new(false)),
                        Comparison::NotEqual => Ok(Bool::new(true)),
                        _ => protocol::compare(&x, &y, operation, thread),
                    };
                }
                (x, y) => return Ok(Bool::new(operation.holds(x.is_some().cmp(&y.is_some())))),
            }
        }
    }

    #[slot(sq_length)]
    fn len(&self, thread: &mut Thread) -> PyResult<usize> {
        Ok(self.length(thread))
    }

    #[slot(sq_contains)]
    fn contains(&self, value: &Object, thread: &mut Thread) -> PyResult<bool> {
        let length = self.length(thread);
        self.find(value, 0, length, thread).map(|it| it.is_some())
    }

    #[slot(sq_item)]
    fn get_item(&self, index: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.place(index, thread).and_then(|index| self.item(index, thread)) {
            Some(item) => Ok(item),
            None => Err(raise!(thread, IndexError, "deque index out of range")),
        }
    }

    #[slot(sq_ass_item)]
    fn set_item(&self, index: isize, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(index) = self.place(index, thread) else {
            return Err(raise!(thread, IndexError, "deque index out of range"));
        };
        let items = &mut self.items.get_mut(thread).0;
        let old = match value {
            Some(value) => items.get_mut(index).map(|place| std::mem::replace(place, Py::from_ref(value))),
            None => {
                self.changed();
                items.remove(index)
            }
        };
        drop(old);
        Ok(())
    }

    #[slot(sq_concat)]
    fn concat(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if other.downcast::<Deque>().is_none() {
            let class = other.class().full_name();
            return Err(raise!(thread, TypeError, "can only concatenate deque (not \"{class}\") to deque"));
        }
        let new = self.duplicate(thread)?;
        if let Some(deque) = new.downcast::<Deque>() {
            deque.extend_right(other, thread)?;
        }
        Ok(new)
    }

    #[slot(sq_inplace_concat)]
    fn concat_in_place(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Deque>> {
        self.extend_right(other, thread)?;
        Ok(Py::from_ref(self))
    }

    #[slot(sq_repeat)]
    fn repeat(&self, count: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let new = self.duplicate(thread)?;
        if let Some(deque) = new.downcast::<Deque>() {
            deque.repeat_in_place(count, thread)?;
        }
        Ok(new)
    }

    #[slot(sq_inplace_repeat)]
    fn repeat_self(&self, count: isize, thread: &mut Thread) -> PyResult<Py<Deque>> {
        self.repeat_in_place(count, thread)?;
        Ok(Py::from_ref(self))
    }

    /// append($self, item, /)
    /// --
    ///
    /// Add an element to the right side of the deque.
    #[method]
    fn append(&self, item: &Object, thread: &mut Thread) -> PyResult<()> {
        self.push_right(Py::from_ref(item), thread)
    }

    /// appendleft($self, item, /)
    /// --
    ///
    /// Add an element to the left side of the deque.
    #[method]
    fn appendleft(&self, item: &Object, thread: &mut Thread) -> PyResult<()> {
        self.push_left(Py::from_ref(item), thread)
    }

    /// clear($self, /)
    /// --
    ///
    /// Remove all elements from the deque.
    #[method]
    fn clear(&self, thread: &mut Thread) {
        let old = std::mem::take(self.items.get_mut(thread));
        self.changed();
        drop(old);
    }

    /// __copy__($self, /)
    /// --
    ///
    /// Return a shallow copy of a deque.
    #[method]
    fn __copy__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.duplicate(thread)
    }

    /// copy($self, /)
    /// --
    ///
    /// Return a shallow copy of a deque.
    #[method]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.duplicate(thread)
    }

    /// count($self, value, /)
    /// --
    ///
    /// Return number of occurrences of value.
    #[method]
    fn count(&self, value: &Object, thread: &mut Thread) -> PyResult<usize> {
        let state = self.state();
        let mut count = 0;
        for index in 0..self.length(thread) {
            let Some(item) = self.item(index, thread) else { break };
            count += usize::from(protocol::equals(&item, value, thread)?);
            if state != self.state() {
                return Err(raise_mutated(thread));
            }
        }
        Ok(count)
    }

    /// extend($self, iterable, /)
    /// --
    ///
    /// Extend the right side of the deque with elements from the iterable.
    #[method]
    fn extend(&self, iterable: &Object, thread: &mut Thread) -> PyResult<()> {
        self.extend_right(iterable, thread)
    }

    /// extendleft($self, iterable, /)
    /// --
    ///
    /// Extend the left side of the deque with elements from the iterable.
    #[method]
    fn extendleft(&self, iterable: &Object, thread: &mut Thread) -> PyResult<()> {
        if iterable.is(self) {
            for item in self.snapshot(thread)? {
                self.push_left(item, thread)?;
            }
            return Ok(());
        }
        let iterator = protocol::iter(iterable, thread)?;
        while let Some(item) = protocol::next(&iterator, thread)? {
            self.push_left(item, thread)?;
        }
        Ok(())
    }

    /// index($self, value, [start, [stop]])
    /// --
    ///
    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[method]
    #[signature("(value, start=None, stop=None, /)")]
    fn index(
        &self,
        value: &Object,
        start: Option<SliceIndex>,
        stop: Option<SliceIndex>,
        thread: &mut Thread,
    ) -> PyResult<usize> {
        let length = self.length(thread);
        let start = start.map_or(0, |it| it.from_start(length));
        let stop = stop.map_or(length, |it| it.from_start(length)).min(length);
        match self.find(value, start, stop, thread)? {
            Some(index) => Ok(index),
            None => {
                let value = protocol::repr(value, thread)?.to_string_lossy();
                Err(raise!(thread, ValueError, "{value} is not in deque"))
            }
        }
    }

    /// insert($self, index, value, /)
    /// --
    ///
    /// Insert value before index.
    #[method]
    fn insert(&self, index: isize, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let length = self.length(thread);
        if self.most.get() == length as isize {
            return Err(raise!(thread, IndexError, "deque already at its maximum size"));
        }
        let place = SliceIndex(index).from_start(length).min(length);
        self.items.get_mut(thread).0.insert(place, Py::from_ref(value));
        self.changed();
        Ok(())
    }

    /// pop($self, /)
    /// --
    ///
    /// Remove and return the rightmost element.
    #[method]
    fn pop(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.items.get_mut(thread).0.pop_back() {
            Some(item) => {
                self.changed();
                Ok(item)
            }
            None => Err(raise!(thread, IndexError, "pop from an empty deque")),
        }
    }

    /// popleft($self, /)
    /// --
    ///
    /// Remove and return the leftmost element.
    #[method]
    fn popleft(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.items.get_mut(thread).0.pop_front() {
            Some(item) => {
                self.changed();
                Ok(item)
            }
            None => Err(raise!(thread, IndexError, "pop from an empty deque")),
        }
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let state = objects::object::default_state(self, false, thread)?;
        let items = protocol::iter(self, thread)?;
        let arguments = if self.most.get() < 0 {
            Tuple::empty(thread)
        } else {
            let most = Int::from_i64(self.most.get() as i64, thread).into_object();
            let empty = Tuple::empty(thread).into_object();
            Tuple::new(vec![empty, most], thread)?
        };
        Tuple::new(vec![Py::from_ref(self.class()).into_object(), arguments.into_object(), state, items], thread)
    }

    /// remove($self, value, /)
    /// --
    ///
    /// Remove first occurrence of value.
    #[method]
    fn remove(&self, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let state = self.state();
        for index in 0..self.length(thread) {
            let Some(item) = self.item(index, thread) else { break };
            let found = protocol::equals(&item, value, thread)?;
            if state != self.state() {
                return Err(raise!(thread, IndexError, "deque mutated during remove()."));
            }
            if found {
                let old = self.items.get_mut(thread).0.remove(index);
                self.changed();
                drop(old);
                return Ok(());
            }
        }
        let value = protocol::repr(value, thread)?.to_string_lossy();
        Err(raise!(thread, ValueError, "{value} is not in deque"))
    }

    /// __reversed__($self, /)
    /// --
    ///
    /// Return a reverse iterator over the deque.
    #[method]
    fn __reversed__(&self, thread: &mut Thread) -> Py<DequeReverseIterator> {
        DequeReverseIterator::over(self, thread)
    }

    /// reverse($self, /)
    /// --
    ///
    /// Reverse *IN PLACE*.
    #[method]
    fn reverse(&self, thread: &mut Thread) {
        self.items.get_mut(thread).0.make_contiguous().reverse();
        self.changed();
    }

    /// rotate($self, n=1, /)
    /// --
    ///
    /// Rotate the deque n steps to the right.  If n is negative, rotates left.
    #[method]
    fn rotate(&self, n: isize, thread: &mut Thread) {
        let items = &mut self.items.get_mut(thread).0;
        if items.len() > 1 {
            let steps = n.rem_euclid(items.len() as isize) as usize;
            items.rotate_right(steps);
        }
        self.changed();
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Return the size of the deque in memory, in bytes.
    #[method]
    fn __sizeof__(&self, thread: &mut Thread) -> usize {
        self.class().basic_size() + self.items.get(thread).0.capacity() * size_of::<usize>()
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// deques are generic over the type of their contents
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    /// maximum size of a deque or None if unbounded
    #[getter]
    fn maxlen(&self) -> Option<isize> {
        (self.most.get() >= 0).then(|| self.most.get())
    }
}
