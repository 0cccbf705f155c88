//! The iterator of ranges whose bounds fit machine words.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::int::Int;
use objects::object::BaseObject;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::types::Instance as _;

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
        let value =
            RangeIterator { header: Header::new(RangeIterator::class()), next: Cell::new(start), step, left: Cell::new(count) };
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
}
