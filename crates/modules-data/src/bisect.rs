//! `_bisect`: binary search in sorted sequences.

use macros::python_module;
use objects::errors::PyResult;
use objects::list::List;
use objects::method::OrNone;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

/// Which side of equal items to end on.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

/// What to search, and between which bounds.
struct Search<'a> {
    sequence: &'a Object,
    low: isize,
    high: Option<isize>,
    key: Option<&'a Object>,
}

impl Search<'_> {
    /// The index where `item`, which is a key already, belongs.
    fn find(&self, item: &Object, side: Side, thread: &mut Thread) -> PyResult<isize> {
        if self.low < 0 {
            return Err(raise!(thread, ValueError, "lo must be non-negative"));
        }
        let mut low = self.low;
        let mut high = match self.high {
            Some(high) => high,
            None => protocol::length(self.sequence, thread)? as isize,
        };
        let list = self.sequence.downcast_exact::<List>();
        while low < high {
            let middle = low + (high - low) / 2;
            let listed = list.and_then(|list| list.get(middle as usize, thread));
            let found = match listed {
                Some(found) => found,
                None => protocol::get_index(self.sequence, middle, thread)?,
            };
            let found = match self.key {
                Some(key) => protocol::call_one(key, &found, thread)?,
                None => found,
            };
            let goes_left = match side {
                Side::Right => is_less(item, &found, thread)?,
                Side::Left => !is_less(&found, item, thread)?,
            };
            if goes_left {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(low)
    }

    fn insert(&self, item: &Object, side: Side, thread: &mut Thread) -> PyResult<()> {
        let index = match self.key {
            Some(key) => {
                let key = protocol::call_one(key, item, thread)?;
                self.find(&key, side, thread)?
            }
            None => self.find(item, side, thread)?,
        };
        if let Some(list) = self.sequence.downcast_exact::<List>() {
            let index = (index as usize).min(list.length());
            return list.insert(index, Py::from_ref(item), thread);
        }
        let name = thread.intern_text("insert");
        let index = protocol::make_int(index as i128, thread);
        protocol::call_method(self.sequence, &name, &[&index, item], thread)?;
        Ok(())
    }
}

fn is_less(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<bool> {
    let result = protocol::compare(left, right, Comparison::Less, thread)?;
    protocol::is_true(&result, thread)
}

fn key_of(key: Option<&Object>) -> Option<&Object> {
    key.filter(|it| !it.is_none())
}

pub struct BisectModule;

/// Bisection algorithms.
///
/// This module provides support for maintaining a list in sorted order without
/// having to sort the list after each insertion. For long lists of items with
/// expensive comparison operations, this can be an improvement over the more
/// common approach.
///
#[python_module(name = "_bisect")]
impl BisectModule {
    /// bisect_right($module, /, a, x, lo=0, hi=None, *, key=None)
    /// --
    ///
    /// Return the index where to insert item x in list a, assuming a is sorted.
    ///
    /// The return value i is such that all e in a[:i] have e <= x, and all e in
    /// a[i:] have e > x.  So if x already appears in the list, a.insert(i, x)
    /// will insert just after the rightmost x already there.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[function]
    fn bisect_right(
        a: &Object,
        x: &Object,
        lo: isize,
        hi: OrNone<isize>,
        key: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<isize> {
        Search { sequence: a, low: lo, high: hi.0, key: key_of(key) }.find(x, Side::Right, thread)
    }

    /// bisect_left($module, /, a, x, lo=0, hi=None, *, key=None)
    /// --
    ///
    /// Return the index where to insert item x in list a, assuming a is sorted.
    ///
    /// The return value i is such that all e in a[:i] have e < x, and all e in
    /// a[i:] have e >= x.  So if x already appears in the list, a.insert(i, x)
    /// will insert just before the leftmost x already there.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[function]
    fn bisect_left(
        a: &Object,
        x: &Object,
        lo: isize,
        hi: OrNone<isize>,
        key: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<isize> {
        Search { sequence: a, low: lo, high: hi.0, key: key_of(key) }.find(x, Side::Left, thread)
    }

    /// insort_right($module, /, a, x, lo=0, hi=None, *, key=None)
    /// --
    ///
    /// Insert item x in list a, and keep it sorted assuming a is sorted.
    ///
    /// If x is already in a, insert it to the right of the rightmost x.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[function]
    fn insort_right(
        a: &Object,
        x: &Object,
        lo: isize,
        hi: OrNone<isize>,
        key: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        Search { sequence: a, low: lo, high: hi.0, key: key_of(key) }.insert(x, Side::Right, thread)
    }

    /// insort_left($module, /, a, x, lo=0, hi=None, *, key=None)
    /// --
    ///
    /// Insert item x in list a, and keep it sorted assuming a is sorted.
    ///
    /// If x is already in a, insert it to the left of the leftmost x.
    ///
    /// Optional args lo (default 0) and hi (default len(a)) bound the
    /// slice of a to be searched.
    ///
    /// A custom key function can be supplied to customize the sort order.
    #[function]
    fn insort_left(
        a: &Object,
        x: &Object,
        lo: isize,
        hi: OrNone<isize>,
        key: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        Search { sequence: a, low: lo, high: hi.0, key: key_of(key) }.insert(x, Side::Left, thread)
    }
}
