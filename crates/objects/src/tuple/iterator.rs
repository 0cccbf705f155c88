//! `tuple_iterator`.

use std::cell::Cell;

use macros::{Instance, python_type};

use super::object::Tuple;
use crate::errors::PyResult;
use crate::names;
use crate::protocol;
use crate::refs::{Field, Header, Object, Py};
use crate::thread::Thread;
use crate::types::Instance as _;

/// An iterator over a tuple.
#[derive(Instance)]
#[repr(C)]
pub struct TupleIterator {
    header: Header,
    index: Cell<isize>,
    /// Empty when exhausted.
    tuple: Field<Tuple>,
}

impl TupleIterator {
    pub fn new(tuple: &Tuple, thread: &mut Thread) -> Py<TupleIterator> {
        let tuple = Field::new(Some(Py::from_ref(tuple)));
        Py::new(TupleIterator { header: Header::new(Self::class()), index: Cell::new(0), tuple }, thread)
    }

    /// The next item: what the interpreter's specialized loop calls.
    #[inline]
    pub fn advance(&self) -> Option<Py<Object>> {
        // SAFETY: the field is not changed before the item is cloned.
        let item = unsafe { self.tuple.borrow() }?.items().get(self.index.get() as usize).cloned();
        match item {
            Some(_) => self.index.set(self.index.get() + 1),
            None => self.tuple.set(None),
        }
        item
    }
}

#[python_type(name = "tuple_iterator", symbol = "PyTupleIter_Type", base = crate::object::BaseObject)]
impl TupleIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<TupleIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self) -> PyResult<Option<Py<Object>>> {
        Ok(self.advance())
    }

    /// __length_hint__($self, /)
    /// --
    ///
    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(&self) -> usize {
        self.tuple.get().map_or(0, |it| it.length().saturating_sub(self.index.get() as usize))
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let iter = protocol::builtin(&names::iter, thread)?;
        let tuple = self.tuple.get().map(Py::into_object);
        protocol::reduce_iterator(iter, tuple, Some(self.index.get()), thread)
    }

    /// __setstate__($self, object, /)
    /// --
    ///
    /// Set state information for unpickling.
    #[method]
    fn __setstate__(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let index = protocol::int_as_isize(object, thread)?;
        if let Some(tuple) = self.tuple.get() {
            self.index.set(index.clamp(0, tuple.length() as isize));
        }
        Ok(())
    }
}
