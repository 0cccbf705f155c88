//! `list_iterator` and `list_reverseiterator`: they follow what happens to the list while they run.

use std::cell::Cell;

use macros::{Instance, python_type};

use super::object::List;
use crate::errors::PyResult;
use crate::names;
use crate::protocol;
use crate::refs::{Field, Header, Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Instance as _;

/// An iterator over a list.
#[derive(Instance)]
#[repr(C)]
pub struct ListIterator {
    header: Header,
    index: Cell<isize>,
    /// Empty when exhausted.
    list: Field<List>,
}

impl ListIterator {
    pub fn new(list: &List, thread: &mut Thread) -> Py<ListIterator> {
        let list = Field::new(Some(Py::from_ref(list)));
        Py::new(ListIterator { header: Header::new(Self::class()), index: Cell::new(0), list }, thread)
    }

    /// The next item: what the interpreter's specialized loop calls.
    #[inline]
    pub fn advance(&self, thread: &Thread) -> Option<Py<Object>> {
        // SAFETY: the field is not changed before the item is cloned.
        let item = unsafe { self.list.borrow() }?.get(self.index.get() as usize, thread);
        match item {
            Some(_) => self.index.set(self.index.get() + 1),
            None => self.list.set(None),
        }
        item
    }
}

/// What pickles an iterator: a list that is not needed any more is as good as an empty one.
fn reduce(function: Py<Object>, list: Option<Py<List>>, index: isize, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let position = list.is_some().then_some(index);
    let source = match list {
        Some(list) => list,
        None => List::empty(thread),
    };
    protocol::reduce_iterator(function, Some(source.into_object()), position, thread)
}

#[python_type(name = "list_iterator", symbol = "PyListIter_Type", base = crate::object::BaseObject)]
impl ListIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<ListIterator> {
        Py::from_ref(self)
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
    fn __length_hint__(&self) -> usize {
        self.list.get().map_or(0, |it| it.length().saturating_sub(self.index.get() as usize))
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let iter = protocol::builtin(&names::iter, thread)?;
        reduce(iter, self.list.get(), self.index.get(), thread)
    }

    /// __setstate__($self, object, /)
    /// --
    ///
    /// Set state information for unpickling.
    #[method]
    fn __setstate__(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let index = protocol::int_as_isize(object, thread)?;
        if let Some(list) = self.list.get() {
            self.index.set(index.clamp(0, list.length() as isize));
        }
        Ok(())
    }
}

/// An iterator over a list from its end.
#[derive(Instance)]
#[repr(C)]
pub struct ListReverseIterator {
    header: Header,
    /// Of the next item; negative when there is none.
    index: Cell<isize>,
    /// Empty when exhausted.
    list: Field<List>,
}

impl ListReverseIterator {
    pub fn new(list: &List, thread: &mut Thread) -> Py<ListReverseIterator> {
        let index = Cell::new(list.length() as isize - 1);
        let list = Field::new(Some(Py::from_ref(list)));
        Py::new(ListReverseIterator { header: Header::new(Self::class()), index, list }, thread)
    }
}

#[python_type(name = "list_reverseiterator", symbol = "PyListRevIter_Type", base = crate::object::BaseObject)]
impl ListReverseIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<ListReverseIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let Some(list) = self.list.get() else { return Ok(None) };
        let item = usize::try_from(self.index.get()).ok().and_then(|index| list.get(index, thread));
        match item {
            Some(_) => self.index.set(self.index.get() - 1),
            None => {
                self.index.set(-1);
                self.list.set(None);
            }
        }
        Ok(item)
    }

    /// __length_hint__($self, /)
    /// --
    ///
    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(&self) -> usize {
        let left = (self.index.get() + 1) as usize;
        self.list.get().map_or(0, |it| if it.length() < left { 0 } else { left })
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let reversed = protocol::builtin(&names::reversed, thread)?;
        reduce(reversed, self.list.get(), self.index.get(), thread)
    }

    /// __setstate__($self, object, /)
    /// --
    ///
    /// Set state information for unpickling.
    #[method]
    fn __setstate__(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let index = protocol::int_as_isize(object, thread)?;
        if let Some(list) = self.list.get() {
            self.index.set(index.clamp(-1, list.length() as isize - 1));
        }
        Ok(())
    }
}
