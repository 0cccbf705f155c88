//! What Python programs see of `tuple`.

use std::ops::Range;

use macros::python_type;

use super::iterator::TupleIterator;
use super::object::Tuple;
use crate::bool::Bool;
use crate::dict::Dict;
use crate::errors::{IndexError, PyResult};
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Object, Py};
use crate::slice::{Slice, SliceIndex};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::TupleHash;
use crate::types::{Instance as _, Type};

impl Tuple {
    fn repr_items(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut text = protocol::ContainerRepr::open("(");
        for (index, item) in self.slots().enumerate() {
            if index > 0 {
                text.push(", ");
            }
            // C code shows tuples that it has not filled in yet.
            match item {
                Some(item) => text.push_repr(item, thread)?,
                None => text.push("<NULL>"),
            }
        }
        text.push(if self.length() == 1 { ",)" } else { ")" });
        text.finish(thread)
    }

    /// The tuple itself where a new one could not be told from it.
    fn as_exact(&self) -> Option<Py<Tuple>> {
        self.is_exactly::<Tuple>().then(|| Py::from_ref(self))
    }

    /// The items in `range`, which lies in the tuple: the tuple itself if that is all of it.
    pub fn section(&self, range: Range<usize>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if range.len() == self.length()
            && let Some(whole) = self.as_exact()
        {
            return Ok(whole);
        }
        Tuple::from_iterator(self.items()[range].iter().cloned(), thread)
    }

    /// `self[slice]`.
    pub fn slice(&self, slice: &Slice, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let selection = slice.unpack(thread)?.select(self.length());
        if selection.count == self.length()
            && selection.step == 1
            && let Some(whole) = self.as_exact()
        {
            return Ok(whole);
        }
        if selection.step == 1 {
            let start = selection.start as usize;
            return self.section(start..start + selection.count, thread);
        }
        let items = self.items();
        Tuple::new(selection.indices().map(|index| items[index].clone()).collect(), thread)
    }

    /// `self * count`.
    pub fn repeated(&self, count: isize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if count == 1
            && let Some(same) = self.as_exact()
        {
            return Ok(same);
        }
        let count = count.max(0) as usize;
        match self.length().checked_mul(count) {
            Some(length) if length <= isize::MAX as usize / size_of::<usize>() => {
                Tuple::from_iterator((0..length).map(|index| self.items()[index % self.length()].clone()), thread)
            }
            _ => Err(thread.raise_memory_error()),
        }
    }
}

/// tuple(iterable=(), /)
/// --
///
/// Built-in immutable sequence.
///
/// If no argument is given, the constructor returns an empty tuple.
/// If iterable is specified the tuple is initialized from iterable's items.
///
/// If the argument is a tuple, the return value is the same object.
#[python_type(
    name = "tuple", symbol = "PyTuple_Type", base = crate::object::BaseObject,
    flags(BASETYPE, TUPLE_SUBCLASS, SEQUENCE, MATCH_SELF), item_size = size_of::<*mut layout::PyObject>()
)]
impl Tuple {
    #[slot(tp_new)]
    fn new_instance(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let plain_init = class.slots().tp_init.get().map(|it| it as usize)
            == Tuple::class().slots().tp_init.get().map(|it| it as usize);
        if plain_init && keywords.is_some_and(|it| !it.is_empty()) {
            return Err(raise!(thread, TypeError, "tuple() takes no keyword arguments"));
        }
        let exact = std::ptr::eq(class, Tuple::class());
        match arguments.items() {
            [] if exact => Ok(Tuple::empty(thread)),
            [] => Tuple::new_in(class, Vec::new(), thread),
            [iterable] if exact => protocol::to_tuple(iterable, thread),
            [iterable] => {
                let items = protocol::collect(iterable, thread)?;
                Tuple::new_in(class, items, thread)
            }
            more => {
                let given = more.len();
                Err(raise!(thread, TypeError, "tuple expected at most 1 argument, got {given}"))
            }
        }
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        if self.length() == 0 {
            return Ok(Str::from_str("()", thread));
        }
        protocol::repr_guarded(self, "(...)", thread, |thread| self.repr_items(thread))
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        if let Some(hash) = self.known_hash() {
            return Ok(hash);
        }
        thread.check_stack(" while hashing a tuple")?;
        let mut hash = TupleHash::new();
        for item in self.items() {
            hash.add(protocol::hash(item, thread)?);
        }
        let hash = hash.finish(self.length());
        self.remember_hash(hash);
        Ok(hash)
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> Py<TupleIterator> {
        TupleIterator::new(self, thread)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(other) = other.downcast::<Tuple>() else { return Ok(thread.not_implemented()) };
        let by_length = Bool::new(operation.holds(self.length().cmp(&other.length())));
        for (left, right) in self.items().iter().zip(other.items()) {
            if !protocol::equals(left, right, thread)? {
                return match operation {
                    Comparison::Equal => Ok(Bool::new(false)),
                    Comparison::NotEqual => Ok(Bool::new(true)),
                    _ => protocol::compare(left, right, operation, thread),
                };
            }
        }
        Ok(by_length)
    }

    #[slot(sq_length, mp_length)]
    fn len(&self) -> PyResult<usize> {
        Ok(self.length())
    }

    #[slot(sq_contains)]
    fn contains(&self, value: &Object, thread: &mut Thread) -> PyResult<bool> {
        for item in self.items() {
            if protocol::equals(item, value, thread)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[slot(sq_item)]
    fn item(&self, index: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        match usize::try_from(index).ok().and_then(|index| self.items().get(index)) {
            Some(item) => Ok(item.clone()),
            None => Err(raise!(thread, IndexError, "tuple index out of range")),
        }
    }

    #[slot(mp_subscript)]
    fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(slice) = key.downcast_exact::<Slice>() {
            return self.slice(slice, thread).map(Py::into_object);
        }
        if !protocol::is_index(key) {
            let class = key.class().full_name();
            return Err(raise!(thread, TypeError, "tuple indices must be integers or slices, not {class}"));
        }
        let index = protocol::index_or_raise(key, IndexError, thread)?;
        self.item(if index < 0 { index + self.length() as isize } else { index }, thread)
    }

    #[slot(sq_concat)]
    fn concat(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let Some(other_tuple) = other.downcast::<Tuple>() else {
            let class = other.class().full_name();
            return Err(raise!(thread, TypeError, "can only concatenate tuple (not \"{class}\") to tuple"));
        };
        if self.length() == 0
            && let Some(same) = other_tuple.as_exact()
        {
            return Ok(same);
        }
        if other_tuple.length() == 0
            && let Some(same) = self.as_exact()
        {
            return Ok(same);
        }
        Tuple::new([self.items(), other_tuple.items()].concat(), thread)
    }

    #[slot(sq_repeat)]
    fn repeat(&self, count: isize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.repeated(count, thread)
    }

    /// __getnewargs__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __getnewargs__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let items = Tuple::new(self.items().to_vec(), thread)?;
        Tuple::new(vec![items.into_object()], thread)
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
        let (start, stop) = (start.from_start(self.length()), stop.from_start(self.length()));
        for index in start..stop.min(self.length()) {
            if protocol::equals(&self.items()[index], value, thread)? {
                return Ok(index);
            }
        }
        Err(raise!(thread, ValueError, "tuple.index(x): x not in tuple"))
    }

    /// count($self, value, /)
    /// --
    ///
    /// Return number of occurrences of value.
    #[method]
    fn count(&self, value: &Object, thread: &mut Thread) -> PyResult<usize> {
        let mut count = 0;
        for item in self.items() {
            count += usize::from(protocol::equals(item, value, thread)?);
        }
        Ok(count)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// Tuples are generic over the types of their contents.
    ///
    /// For example, use ``tuple[int, str]`` for a pair whose first element
    /// is an int and second element is a string.
    ///
    /// Tuples also support the form ``tuple[T, ...]`` to indicate
    /// an arbitrary length tuple of elements of type T.
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }
}
