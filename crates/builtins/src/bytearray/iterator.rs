//! The iterator over bytearrays.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::int::Int;
use objects::names;
use objects::object::BaseObject;
use objects::protocol;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use super::ByteArray;
use crate::bytes::shared::ByteString as _;

/// An iterator over a bytearray: gives the bytes as integers.
#[derive(Instance)]
#[repr(C)]
pub struct ByteArrayIterator {
    header: Header,
    index: Cell<isize>,
    /// Empty when exhausted.
    array: Field<ByteArray>,
}

impl ByteArrayIterator {
    pub fn new(array: &ByteArray, thread: &mut Thread) -> Py<ByteArrayIterator> {
        let array = Py::from_ref(array).into();
        Py::new(ByteArrayIterator { header: Header::new(Self::class()), index: Cell::new(0), array }, thread)
    }
}

#[python_type(name = "bytearray_iterator", symbol = "PyByteArrayIter_Type", base = BaseObject)]
impl ByteArrayIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<ByteArrayIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Int>>> {
        let Some(array) = self.array.get() else { return Ok(None) };
        let index = self.index.get();
        let byte = array.contents(thread).get(index as usize).copied();
        match byte {
            Some(byte) => {
                self.index.set(index + 1);
                Ok(Some(Py::from_ref(Int::small(i32::from(byte)))))
            }
            None => {
                self.array.set(None);
                Ok(None)
            }
        }
    }

    /// __length_hint__($self, /)
    /// --
    ///
    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(&self) -> isize {
        self.array.get().map_or(0, |array| (array.length() as isize - self.index.get()).max(0))
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let iter = protocol::builtin(&names::iter, thread)?;
        protocol::reduce_iterator(iter, self.array.get().map(Py::into_object), Some(self.index.get()), thread)
    }

    /// __setstate__($self, object, /)
    /// --
    ///
    /// Set state information for unpickling.
    #[method]
    fn __setstate__(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let index = protocol::int_as_isize(object, thread)?;
        if let Some(array) = self.array.get() {
            self.index.set(index.clamp(0, array.length() as isize));
        }
        Ok(())
    }
}
