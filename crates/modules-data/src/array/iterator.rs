//! The iterator over an array.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::names;
use objects::object::BaseObject;
use objects::protocol;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use super::object::Array;

#[derive(Instance)]
#[repr(C)]
pub struct ArrayIterator {
    header: Header,
    index: Cell<usize>,
    /// Empty when exhausted.
    array: Field<Array>,
}

impl ArrayIterator {
    pub fn new(array: &Array, thread: &mut Thread) -> Py<ArrayIterator> {
        let array = Py::from_ref(array).into();
        Py::new(ArrayIterator { header: Header::new(Self::class()), index: Cell::new(0), array }, thread)
    }
}

#[python_type(name = "array.arrayiterator", base = BaseObject, flags(HEAPTYPE))]
impl ArrayIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<ArrayIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let Some(array) = self.array.get() else { return Ok(None) };
        let index = self.index.get();
        let item = array.item(index, thread)?;
        match item {
            Some(_) => self.index.set(index + 1),
            None => self.array.set(None),
        }
        Ok(item)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[defining_class]
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let iter = protocol::builtin(&names::iter, thread)?;
        let array = self.array.get().map(Py::into_object);
        protocol::reduce_iterator(iter, array, Some(self.index.get() as isize), thread)
    }

    /// __setstate__($self, state, /)
    /// --
    ///
    /// Set state information for unpickling.
    #[method]
    fn __setstate__(&self, state: &Object, thread: &mut Thread) -> PyResult<()> {
        let index = protocol::int_as_isize(state, thread)?;
        if let Some(array) = self.array.get() {
            self.index.set(index.clamp(0, array.length() as isize) as usize);
        }
        Ok(())
    }
}
