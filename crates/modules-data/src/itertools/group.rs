//! `accumulate`, `batched`, `groupby`, `pairwise`, `zip_longest`: items put together.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Guarded, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

#[derive(Instance)]
#[repr(C)]
pub struct Accumulate {
    header: Header,
    total: Field,
    iterator: Py<Object>,
    /// Empty: addition.
    function: Field,
    /// The first item to give, if the iterable does not give it.
    initial: Field,
}

/// accumulate(iterable, func=None, *, initial=None)
/// --
///
/// Return series of accumulated sums (or other binary function results).
#[python_type(name = "itertools.accumulate", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Accumulate {
    #[new]
    fn __new__(
        class: &Type,
        iterable: &Object,
        func: Option<&Object>,
        initial: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Accumulate>> {
        let given = |value: Option<&Object>| Field::new(value.filter(|it| !it.is_none()).map(Py::from_ref));
        let accumulate = Accumulate {
            header: Header::new(Accumulate::class()),
            total: Field::EMPTY,
            iterator: protocol::iter(iterable, thread)?,
            function: given(func),
            initial: given(initial),
        };
        Py::new_in(class, accumulate, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Accumulate> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if let Some(initial) = self.initial.take() {
            self.total.set(Some(initial.clone()));
            return Ok(Some(initial));
        }
        let Some(item) = protocol::next_to_hand_on(&self.iterator, thread)? else { return Ok(None) };
        let total = match self.total.get() {
            None => item,
            Some(total) => match self.function.get() {
                Some(function) => protocol::call(&function, &[&total, &item], thread)?,
                None => protocol::add(&total, &item, thread)?,
            },
        };
        self.total.set(Some(total.clone()));
        Ok(Some(total))
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Batched {
    header: Header,
    /// Empty at the end.
    iterator: Field,
    size: usize,
    strict: bool,
}

/// batched(iterable, n, *, strict=False)
/// --
///
/// Batch data into tuples of length n. The last batch may be shorter than n.
///
/// Loops over the input iterable and accumulates data into tuples
/// up to size n.  The input is consumed lazily, just enough to
/// fill a batch.  The result is yielded as soon as a batch is full
/// or when the input iterable is exhausted.
///
///     >>> for batch in batched('ABCDEFG', 3):
///     ...     print(batch)
///     ...
///     ('A', 'B', 'C')
///     ('D', 'E', 'F')
///     ('G',)
///
/// If "strict" is True, raises a ValueError if the final batch is shorter
/// than n.
#[python_type(name = "itertools.batched", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Batched {
    #[new]
    fn __new__(class: &Type, iterable: &Object, n: isize, strict: bool, thread: &mut Thread) -> PyResult<Py<Batched>> {
        if n < 1 {
            return Err(raise!(thread, ValueError, "n must be at least one"));
        }
        let iterator = protocol::iter(iterable, thread)?.into();
        let batched = Batched { header: Header::new(Batched::class()), iterator, size: n as usize, strict };
        Py::new_in(class, batched, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Batched> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        let Some(iterator) = self.iterator.get() else { return Ok(None) };
        let mut items = Vec::new();
        while items.len() < self.size {
            let item = match protocol::next(&iterator, thread) {
                Ok(Some(item)) => item,
                Ok(None) => break,
                Err(raised) => {
                    self.iterator.set(None);
                    return Err(raised);
                }
            };
            items.push(item);
        }
        if items.is_empty() {
            self.iterator.set(None);
            return Ok(None);
        }
        if self.strict && items.len() < self.size {
            self.iterator.set(None);
            return Err(raise!(thread, ValueError, "batched(): incomplete batch"));
        }
        Tuple::new(items, thread).map(Some)
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct GroupBy {
    header: Header,
    iterator: Py<Object>,
    key_function: Py<Object>,
    /// The key of the group that was given last.
    target_key: Field,
    current_key: Field,
    current_value: Field,
    /// The group that was given last, which ends when the next is asked for.
    current_grouper: Cell<usize>,
}

impl GroupBy {
    /// Takes the next item of the iterator and its key; false at the end.
    fn step(&self, thread: &mut Thread) -> PyResult<bool> {
        let Some(value) = protocol::next(&self.iterator, thread)? else { return Ok(false) };
        let key = match self.key_function.is_none() {
            true => value.clone(),
            false => protocol::call_one(&self.key_function, &value, thread)?,
        };
        self.current_value.set(Some(value));
        self.current_key.set(Some(key));
        Ok(true)
    }
}

/// groupby(iterable, key=None)
/// --
///
/// make an iterator that returns consecutive keys and groups from the iterable
///
///   iterable
///     Elements to divide into groups according to the key function.
///   key
///     A function for computing the group category for each element.
///     If the key function is not specified or is None, the element itself
///     is used for grouping.
#[python_type(name = "itertools.groupby", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl GroupBy {
    #[new]
    fn __new__(class: &Type, iterable: &Object, key: Option<&Object>, thread: &mut Thread) -> PyResult<Py<GroupBy>> {
        let group_by = GroupBy {
            header: Header::new(GroupBy::class()),
            iterator: protocol::iter(iterable, thread)?,
            key_function: key.map_or_else(|| thread.none(), Py::from_ref),
            target_key: Field::EMPTY,
            current_key: Field::EMPTY,
            current_value: Field::EMPTY,
            current_grouper: Cell::new(0),
        };
        Py::new_in(class, group_by, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<GroupBy> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        self.current_grouper.set(0);
        loop {
            match (self.current_key.get(), self.target_key.get()) {
                (None, _) => {}
                (Some(_), None) => break,
                (Some(current), Some(target)) => {
                    if !protocol::equals(&target, &current, thread)? {
                        break;
                    }
                }
            }
            if !self.step(thread)? {
                return Ok(None);
            }
        }
        let Some(key) = self.current_key.get() else { return Ok(None) };
        self.target_key.set(Some(key.clone()));
        let grouper = Grouper::new(self, &key, thread);
        Tuple::new(vec![key, grouper.into_object()], thread).map(Some)
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Grouper {
    header: Header,
    parent: Py<GroupBy>,
    target_key: Py<Object>,
}

impl Grouper {
    fn new(parent: &GroupBy, target_key: &Object, thread: &mut Thread) -> Py<Grouper> {
        let header = Header::new(Grouper::class());
        let grouper = Grouper { header, parent: Py::from_ref(parent), target_key: Py::from_ref(target_key) };
        let grouper = Py::new(grouper, thread);
        parent.current_grouper.set(grouper.address());
        grouper
    }
}

#[python_type(name = "itertools._grouper", base = BaseObject, flags(HEAPTYPE))]
impl Grouper {
    #[new]
    #[signature("(parent, tgtkey, /)")]
    fn __new__(_class: &Type, parent: &GroupBy, tgtkey: &Object, thread: &mut Thread) -> Py<Grouper> {
        Grouper::new(parent, tgtkey, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Grouper> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let parent = self.parent.clone();
        if parent.current_grouper.get() != self.address() {
            return Ok(None);
        }
        if parent.current_value.is_empty() && !parent.step(thread)? {
            return Ok(None);
        }
        let Some(key) = parent.current_key.get() else { return Ok(None) };
        if !protocol::equals(&self.target_key, &key, thread)? {
            return Ok(None);
        }
        Ok(parent.current_value.take())
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Pairwise {
    header: Header,
    /// Empty at the end.
    iterator: Field,
    old: Field,
    /// The last pair, which is used again if nobody has kept it.
    pair: Field<Tuple>,
}

/// pairwise(iterable, /)
/// --
///
/// Return an iterator of overlapping pairs taken from the input iterator.
///
///     s -> (s0,s1), (s1,s2), (s2, s3), ...
#[python_type(name = "itertools.pairwise", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Pairwise {
    #[new]
    fn __new__(class: &Type, iterable: &Object, thread: &mut Thread) -> PyResult<Py<Pairwise>> {
        let iterator = protocol::iter(iterable, thread)?.into();
        let none = thread.none();
        let pair = Field::new(Some(Tuple::from_slice(&[&none, &none], thread)?));
        let header = Header::new(Pairwise::class());
        Py::new_in(class, Pairwise { header, iterator, old: Field::EMPTY, pair }, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Pairwise> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        let Some(iterator) = self.iterator.get() else { return Ok(None) };
        let result = self.next_pair(&iterator, thread);
        if !matches!(result, Ok(Some(_))) {
            self.iterator.set(None);
            self.old.set(None);
            self.pair.set(None);
        }
        result
    }
}

impl Pairwise {
    fn next_pair(&self, iterator: &Object, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        if self.old.is_empty() {
            let Some(first) = protocol::next_to_hand_on(iterator, thread)? else { return Ok(None) };
            self.old.set(Some(first));
            if self.iterator.is_empty() {
                return Ok(None);
            }
        }
        let Some(old) = self.old.get() else { return Ok(None) };
        let Some(new) = protocol::next_to_hand_on(iterator, thread)? else { return Ok(None) };
        self.old.set(Some(new.clone()));
        match self.pair.take() {
            Some(pair) if pair.is_unique() => {
                // The old items may run Python code when they go, which must not find the pair half-filled.
                let old = pair.refill([old, new], thread);
                self.pair.set(Some(pair.clone()));
                drop(old);
                Ok(Some(pair))
            }
            kept => {
                self.pair.set(kept);
                Tuple::new(vec![old, new], thread).map(Some)
            }
        }
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct ZipLongest {
    header: Header,
    /// None where an iterator is exhausted.
    iterators: Guarded<Vec<Option<Py<Object>>>>,
    active: Cell<usize>,
    fill_value: Py<Object>,
}

/// zip_longest(*iterables, fillvalue=None)
/// --
///
/// Return a zip_longest object whose .__next__() method returns a tuple where
/// the i-th element comes from the i-th iterable argument.  The .__next__()
/// method continues until the longest iterable in the argument sequence
/// is exhausted and then it raises StopIteration.  When the shorter iterables
/// are exhausted, the fillvalue is substituted in their place.  The fillvalue
/// defaults to None or can be specified by a keyword argument.
///
#[python_type(name = "itertools.zip_longest", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl ZipLongest {
    #[new]
    fn __new__(
        class: &Type,
        iterables: &[&Object],
        fillvalue: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<ZipLongest>> {
        let mut iterators = Vec::with_capacity(iterables.len());
        for iterable in iterables {
            iterators.push(Some(protocol::iter(iterable, thread)?));
        }
        let zip = ZipLongest {
            header: Header::new(ZipLongest::class()),
            active: Cell::new(iterators.len()),
            iterators: Guarded::new(iterators),
            fill_value: fillvalue.map_or_else(|| thread.none(), Py::from_ref),
        };
        Py::new_in(class, zip, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<ZipLongest> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        if self.active.get() == 0 {
            return Ok(None);
        }
        let count = self.iterators.get(thread).len();
        let mut items = Vec::with_capacity(count);
        for index in 0..count {
            let iterator = self.iterators.get(thread).get(index).cloned().flatten();
            let Some(iterator) = iterator else {
                items.push(self.fill_value.clone());
                continue;
            };
            match protocol::next(&iterator, thread) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => {
                    self.active.set(self.active.get().saturating_sub(1));
                    if self.active.get() == 0 {
                        return Ok(None);
                    }
                    items.push(self.fill_value.clone());
                    if let Some(place) = self.iterators.get_mut(thread).get_mut(index) {
                        drop(place.take());
                    }
                }
                Err(raised) => {
                    self.active.set(0);
                    return Err(raised);
                }
            }
        }
        Tuple::new(items, thread).map(Some)
    }
}
