//! The iterator of ranges whose bounds are larger than machine words.

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::int::Int;
use objects::names;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use super::bound::{IntField, IntRef};
use super::object::Range;

/// What is left of a range: the next value, the step, how many values.
#[derive(Instance)]
#[repr(C)]
pub struct LongRangeIterator {
    header: Header,
    next: IntField,
    step: IntRef,
    left: IntField,
}

impl LongRangeIterator {
    /// An iterator over so many values from `start` on.
    pub fn new(start: &Int, step: &Int, count: &Int, thread: &mut Thread) -> Py<LongRangeIterator> {
        let field = |value: &Int| IntField(Field::new(Some(Py::from_ref(value))));
        let iterator = LongRangeIterator {
            header: Header::new(LongRangeIterator::class()),
            next: field(start),
            step: IntRef(Py::from_ref(step)),
            left: field(count),
        };
        Py::new(iterator, thread)
    }

    /// The next value and how many are left; the fields are never empty.
    fn state(&self, thread: &mut Thread) -> (Py<Int>, Py<Int>) {
        let zero = || Int::from_i64(0, thread);
        let next = self.next.0.get().unwrap_or_else(zero);
        let left = self.left.0.get().unwrap_or_else(|| Int::from_i64(0, thread));
        (next, left)
    }

    /// Leaves out so many values.
    fn advance(&self, count: &Int, thread: &mut Thread) -> PyResult<()> {
        let (next, left) = self.state(thread);
        let distance = count.multiply(&self.step, thread)?;
        let (next, left) = (next.add(&distance, thread)?, left.subtract(count, thread)?);
        self.next.0.set(Some(next));
        self.left.0.set(Some(left));
        Ok(())
    }
}

#[python_type(name = "longrange_iterator", symbol = "PyLongRangeIter_Type", base = BaseObject)]
impl LongRangeIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<LongRangeIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Int>>> {
        let (next, left) = self.state(thread);
        if left.is_negative() || left.is_zero() {
            return Ok(None);
        }
        let one = Int::from_i64(1, thread);
        self.advance(&one, thread)?;
        Ok(Some(next))
    }

    /// __length_hint__($self, /)
    /// --
    ///
    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(&self, thread: &mut Thread) -> Py<Int> {
        self.state(thread).1
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let (next, left) = self.state(thread);
        let distance = left.multiply(&self.step, thread)?;
        let stop = next.add(&distance, thread)?;
        let range = Range::new(next, stop, self.step.0.clone(), thread)?;
        reduced(range, thread)
    }

    /// __setstate__($self, object, /)
    /// --
    ///
    /// Set state information for unpickling.
    #[method]
    #[signature("(state, /)")]
    fn __setstate__(&self, state: &Object, thread: &mut Thread) -> PyResult<()> {
        let Some(index) = Int::of(state) else {
            let class = protocol::qualified_name(state.class(), thread);
            return Err(raise!(thread, TypeError, "state must be an int, not {class}"));
        };
        let left = self.state(thread).1;
        if index.is_negative() {
            return Ok(());
        }
        let index = if index.compare(&left).is_gt() { left } else { Py::from_ref(index) };
        self.advance(&index, thread)
    }
}

/// What pickles an iterator over a range.
pub(super) fn reduced(range: Py<Range>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let iter = protocol::builtin(&names::iter, thread)?;
    let arguments = Tuple::new(vec![range.into_object()], thread)?;
    Tuple::new(vec![iter, arguments.into_object(), thread.none()], thread)
}
