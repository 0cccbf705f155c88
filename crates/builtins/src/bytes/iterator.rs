//! The iterator over bytes.

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

use super::Bytes;

/// An iterator over bytes: gives them as integers.
#[derive(Instance)]
#[repr(C)]
pub struct BytesIterator {
    header: Header,
    index: Cell<isize>,
    /// Empty when exhausted.
    bytes: Field<Bytes>,
}

impl BytesIterator {
    pub fn new(bytes: &Bytes, thread: &mut Thread) -> Py<BytesIterator> {
        let bytes = Py::from_ref(bytes).into();
        Py::new(BytesIterator { header: Header::new(Self::class()), index: Cell::new(0), bytes }, thread)
    }
}

#[python_type(name = "bytes_iterator", symbol = "PyBytesIter_Type", base = BaseObject)]
impl BytesIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<BytesIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self) -> PyResult<Option<Py<Int>>> {
        let Some(bytes) = self.bytes.get() else { return Ok(None) };
        let index = self.index.get();
        match bytes.as_slice().get(index as usize) {
            Some(byte) => {
                self.index.set(index + 1);
                Ok(Some(Py::from_ref(Int::small(i32::from(*byte)))))
            }
            None => {
                self.bytes.set(None);
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
        self.bytes.get().map_or(0, |bytes| bytes.length() as isize - self.index.get())
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let iter = protocol::builtin(&names::iter, thread)?;
        protocol::reduce_iterator(iter, self.bytes.get().map(Py::into_object), Some(self.index.get()), thread)
    }

    /// __setstate__($self, object, /)
    /// --
    ///
    /// Set state information for unpickling.
    #[method]
    fn __setstate__(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        let index = protocol::int_as_isize(object, thread)?;
        if let Some(bytes) = self.bytes.get() {
            self.index.set(index.clamp(0, bytes.length() as isize));
        }
        Ok(())
    }
}
