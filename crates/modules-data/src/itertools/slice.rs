//! `islice`: a slice of an iterator.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::{PyResult, Raised};
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

#[derive(Instance)]
#[repr(C)]
pub struct Slice {
    header: Header,
    /// Empty at the end.
    iterator: Field,
    next: Cell<isize>,
    /// −1: no end.
    stop: isize,
    step: isize,
    /// How many items the iterator has given.
    count: Cell<isize>,
}

/// A bound as a number that is not negative; what it is when left out or None.
fn bound(value: Option<&Object>, absent: isize, thread: &mut Thread) -> PyResult<Option<isize>> {
    let Some(value) = value.filter(|it| !it.is_none()) else { return Ok(Some(absent)) };
    match protocol::index_as_isize(value, thread) {
        Ok(number) => Ok((number >= 0).then_some(number)),
        Err(raised) => {
            drop(thread.catch(raised));
            Ok(None)
        }
    }
}

#[cold]
fn raise_bad_indices(thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
}

/// islice(iterable, stop) --> islice object
/// islice(iterable, start, stop[, step]) --> islice object
///
/// Return an iterator whose next() method returns selected values from an
/// iterable.  If start is specified, will skip all preceding elements;
/// otherwise, start defaults to zero.  Step defaults to one.  If
/// specified as another value, step determines how many values are
/// skipped between successive calls.  Works like a slice() on a list
/// but returns an iterator.
#[python_type(name = "itertools.islice", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Slice {
    #[new]
    #[signature("(iterable, first, second=None, third=None, /)")]
    fn __new__(
        class: &Type,
        iterable: &Object,
        first: &Object,
        second: Option<&Object>,
        third: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Slice>> {
        let (start, stop) = match second {
            None => {
                let Some(stop) = bound(Some(first), -1, thread)? else {
                    let message = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
                    return Err(raise!(thread, ValueError, "{message}"));
                };
                (0, stop)
            }
            Some(second) => {
                let start = bound(Some(first), 0, thread)?;
                let Some(stop) = bound(Some(second), -1, thread)? else {
                    let message = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
                    return Err(raise!(thread, ValueError, "{message}"));
                };
                let Some(start) = start else { return Err(raise_bad_indices(thread)) };
                (start, stop)
            }
        };
        let Some(step) = bound(third, 1, thread)?.filter(|it| *it > 0) else {
            return Err(raise!(thread, ValueError, "Step for islice() must be a positive integer or None."));
        };
        let iterator = protocol::iter(iterable, thread)?;
        let slice = Slice {
            header: Header::new(Slice::class()),
            iterator: iterator.into(),
            next: Cell::new(start),
            stop,
            step,
            count: Cell::new(0),
        };
        Py::new_in(class, slice, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Slice> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let Some(iterator) = self.iterator.get() else { return Ok(None) };
        let item = self.selected(&iterator, thread);
        if !matches!(item, Ok(Some(_))) {
            self.iterator.set(None);
            return item;
        }
        self.count.set(self.count.get() + 1);
        let next = self.next.get().saturating_add(self.step);
        self.next.set(if self.stop != -1 { next.min(self.stop) } else { next });
        item
    }
}

impl Slice {
    /// The next item that belongs to the slice, after those that do not.
    fn selected(&self, iterator: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        while self.count.get() < self.next.get() {
            if protocol::next_to_hand_on(iterator, thread)?.is_none() {
                return Ok(None);
            }
            self.count.set(self.count.get() + 1);
        }
        if self.stop != -1 && self.count.get() >= self.stop {
            return Ok(None);
        }
        protocol::next_to_hand_on(iterator, thread)
    }
}
