//! The type `range`.

use macros::python_type;
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::slice::Slice;
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

use super::object::Range;

/// An argument as an exact int.
fn bound(value: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
    let int = protocol::index(value, thread)?;
    if int.is_exactly::<Int>() { Ok(int) } else { int.to_exact(thread) }
}

/// A value as an int if it is found in a range by computing: an exact int, or a bool.
fn as_plain_int(value: &Object) -> Option<&Int> {
    let plain = value.is_exactly::<Int>() || value.is_exactly::<Bool>();
    if plain { Int::of(value) } else { None }
}

impl Range {
    /// The range of the values that a slice selects.
    fn slice(&self, slice: &Slice, thread: &mut Thread) -> PyResult<Py<Range>> {
        let indices = thread.intern_text("indices");
        let parts = protocol::call_method(slice, &indices, &[&*self.length], thread)?;
        let parts = protocol::to_tuple(&parts, thread)?;
        let [start, stop, step] = parts.items() else {
            return Err(raise!(thread, SystemError, "slice.indices() did not return three items"));
        };
        let (start, stop, step) = (bound(start, thread)?, bound(stop, thread)?, bound(step, thread)?);
        let (start, stop) = (self.value_at(&start, thread)?, self.value_at(&stop, thread)?);
        let step = step.multiply(&self.step, thread)?;
        Range::new(start, stop, step, thread)
    }

    /// What equality and hash rest on: the length, the start unless there are no values, the step unless there is one value at most.
    fn essence(&self, thread: &mut Thread) -> [Py<Object>; 3] {
        let length = self.length.compact_value();
        let start = if length == Some(0) { thread.none() } else { self.start.0.clone().into_object() };
        let step = if matches!(length, Some(0 | 1)) { thread.none() } else { self.step.0.clone().into_object() };
        [self.length.0.clone().into_object(), start, step]
    }
}

/// range(stop) -> range object
/// range(start, stop[, step]) -> range object
///
/// Return an object that produces a sequence of integers from start (inclusive)
/// to stop (exclusive) by step.  range(i, j) produces i, i+1, i+2, ..., j-1.
/// start defaults to 0, and stop is omitted!  range(4) produces 0, 1, 2, 3.
/// These are exactly the valid indices for a list of 4 elements.
/// When step is given, it specifies the increment (or decrement).
#[python_type(
    name = "range", symbol = "PyRange_Type", base = BaseObject, flags(SEQUENCE),
    members(start: Object, stop: Object, step: Object)
)]
impl Range {
    #[new]
    #[signature("(*arguments)")]
    fn __new__(_class: &Type, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Range>> {
        let one = Int::from_i64(1, thread);
        match *arguments {
            [stop] => {
                let (start, stop) = (Int::from_i64(0, thread), bound(stop, thread)?);
                Range::new(start, stop, one, thread)
            }
            [start, stop] => {
                let (start, stop) = (bound(start, thread)?, bound(stop, thread)?);
                Range::new(start, stop, one, thread)
            }
            [start, stop, step] => {
                let (start, stop, step) = (bound(start, thread)?, bound(stop, thread)?, bound(step, thread)?);
                Range::new(start, stop, step, thread)
            }
            [] => Err(raise!(thread, TypeError, "range expected at least 1 argument, got 0")),
            _ => Err(raise!(thread, TypeError, "range expected at most 3 arguments, got {}", arguments.len())),
        }
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut text = protocol::ContainerRepr::open("range(");
        text.push_repr(&self.start, thread)?;
        text.push(", ");
        text.push_repr(&self.stop, thread)?;
        if self.step.compact_value() != Some(1) {
            text.push(", ");
            text.push_repr(&self.step, thread)?;
        }
        text.push(")");
        text.finish(thread)
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        let essence = self.essence(thread);
        let tuple = Tuple::from_iterator(essence.into_iter(), thread)?;
        protocol::hash(&tuple, thread)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(other) = other.downcast::<Range>() else { return Ok(thread.not_implemented()) };
        if !matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
            return Ok(thread.not_implemented());
        }
        let mut equal = true;
        for (left, right) in self.essence(thread).iter().zip(&other.essence(thread)) {
            equal = equal && protocol::equals(left, right, thread)?;
        }
        Ok(Bool::new(equal == (comparison == Comparison::Equal)))
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> Py<Object> {
        self.iterate(thread)
    }

    #[slot(nb_bool)]
    fn bool(&self) -> PyResult<bool> {
        Ok(!self.length.is_zero())
    }

    #[slot(sq_length, mp_length)]
    fn len(&self, thread: &mut Thread) -> PyResult<usize> {
        match self.length.to_i64() {
            Some(length) => Ok(length as usize),
            None => Err(raise!(thread, OverflowError, "Python int too large to convert to C ssize_t")),
        }
    }

    #[slot(sq_item)]
    fn get_index(&self, index: isize, thread: &mut Thread) -> PyResult<Py<Int>> {
        let index = Int::from_i64(index as i64, thread);
        self.item(&index, thread)
    }

    #[slot(sq_contains)]
    fn contains(&self, value: &Object, thread: &mut Thread) -> PyResult<bool> {
        match as_plain_int(value) {
            Some(value) => Ok(self.position(value, thread)?.is_some()),
            None => Ok(protocol::find_by_iteration(self, value, thread)?.is_some()),
        }
    }

    #[slot(mp_subscript)]
    fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if protocol::is_index(key) {
            let index = protocol::index(key, thread)?;
            return self.item(&index, thread).map(Py::into_object);
        }
        match key.downcast::<Slice>() {
            Some(slice) => self.slice(slice, thread).map(Py::into_object),
            None => {
                let class = key.class().full_name();
                Err(raise!(thread, TypeError, "range indices must be integers or slices, not {class}"))
            }
        }
    }

    /// __reversed__($self, /)
    /// --
    ///
    /// Return a reverse iterator.
    #[method]
    fn __reversed__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.iterate_backwards(thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let bounds = [&self.start, &self.stop, &self.step].map(|it| it.0.clone().into_object());
        let bounds = Tuple::from_iterator(bounds.into_iter(), thread)?;
        Tuple::new(vec![Py::from_ref(self.class()).into_object(), bounds.into_object()], thread)
    }

    /// count($self, object, /)
    /// --
    ///
    /// rangeobject.count(value) -> integer -- return number of occurrences of value
    #[method]
    fn count(&self, value: &Object, thread: &mut Thread) -> PyResult<usize> {
        match as_plain_int(value) {
            Some(value) => Ok(usize::from(self.position(value, thread)?.is_some())),
            None => protocol::count_by_iteration(self, value, thread),
        }
    }

    /// index($self, object, /)
    /// --
    ///
    /// rangeobject.index(value) -> integer -- return index of value.
    /// Raise ValueError if the value is not present.
    #[method]
    fn index(&self, value: &Object, thread: &mut Thread) -> PyResult<Py<Int>> {
        if let Some(value) = as_plain_int(value) {
            return match self.position(value, thread)? {
                Some(position) => Ok(position),
                None => Err(raise!(thread, ValueError, "range.index(x): x not in range")),
            };
        }
        match protocol::find_by_iteration(self, value, thread)? {
            Some(position) => Ok(Int::from_u64(position as u64, thread)),
            None => Err(raise!(thread, ValueError, "sequence.index(x): x not in sequence")),
        }
    }
}
