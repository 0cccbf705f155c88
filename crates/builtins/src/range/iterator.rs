//! The iterator of ranges whose bounds fit machine words.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::int::Int;
use objects::object::BaseObject;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use super::long_iterator::reduced;
use super::object::Range;

/// What is left of a range: the next value, the step, how many values.
#[derive(Instance)]
#[repr(C)]
pub struct RangeIterator {
    header: Header,
    next: Cell<i64>,
    step: i64,
    left: Cell<i64>,
}

impl RangeIterator {
    /// An iterator over `count` values from `start` on; none of them overflows.
    pub fn new(start: i64, step: i64, count: i64, thread: &mut Thread) -> Py<RangeIterator> {
        let value = RangeIterator {
            header: Header::new(RangeIterator::class()),
            next: Cell::new(start),
            step,
            left: Cell::new(count),
        };
        Py::new(value, thread)
    }

    /// The next value; None at the end.
    #[inline(always)]
    pub fn advance(&self, thread: &mut Thread) -> Option<Py<Object>> {
        let left = self.left.get();
        if left <= 0 {
            return None;
        }
        self.left.set(left - 1);
        let value = self.next.get();
        // Behind the last value the sum is not used.
        self.next.set(value.wrapping_add(self.step));
        Some(Int::from_i64(value, thread).into_object())
    }
}

#[python_type(name = "range_iterator", symbol = "PyRangeIter_Type", base = BaseObject)]
impl RangeIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<Object> {
        Py::from_ref(self).into_object()
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        Ok(self.advance(thread))
    }

    /// __length_hint__($self, /)
    /// --
    ///
    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(&self) -> i64 {
        self.left.get().max(0)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let (next, step, left) = (self.next.get(), self.step, self.left.get().max(0));
        let stop = i128::from(next) + i128::from(step) * i128::from(left);
        let (next, stop, step) =
            (Int::from_i64(next, thread), Int::from_i128(stop, thread), Int::from_i64(step, thread));
        let range = Range::new(next, stop, step, thread)?;
        reduced(range, thread)
    }

    /// __setstate__($self, object, /)
    /// --
    ///
    /// Set state information for unpickling.
    #[method]
    #[signature("(state, /)")]
    fn __setstate__(&self, state: isize) {
        let skipped = (state as i64).clamp(0, self.left.get().max(0));
        // Behind the last value the sum is not used.
        self.next.set(self.next.get().wrapping_add(skipped.wrapping_mul(self.step)));
        self.left.set(self.left.get() - skipped);
    }
}
