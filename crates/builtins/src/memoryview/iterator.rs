//! The iterator over memoryviews with one dimension.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::types::Instance as _;

use super::index::{item, raise_no_dimension};
use super::item::Format;
use super::object::MemoryView;

/// An iterator over a memoryview.
#[derive(Instance)]
#[repr(C)]
pub struct MemoryIterator {
    header: Header,
    index: Cell<isize>,
    length: isize,
    /// Empty when exhausted.
    view: Field<MemoryView>,
}

impl MemoryIterator {
    pub fn new(view: &MemoryView, thread: &mut Thread) -> PyResult<Py<MemoryIterator>> {
        view.check(thread)?;
        match view.dimensions() {
            0 => return Err(raise_no_dimension(thread)),
            1 => {}
            _ => {
                let message = "multi-dimensional sub-views are not implemented";
                return Err(raise!(thread, NotImplementedError, "{message}"));
            }
        }
        Format::of(view.raw(), thread)?;
        let header = Header::new(Self::class());
        let (length, view) = (view.shape()[0], Py::from_ref(view).into());
        Ok(Py::new(MemoryIterator { header, index: Cell::new(0), length, view }, thread))
    }
}

#[python_type(name = "memory_iterator", symbol = "_PyMemoryIter_Type", base = BaseObject)]
impl MemoryIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<MemoryIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let Some(view) = self.view.get() else { return Ok(None) };
        let index = self.index.get();
        if index >= self.length {
            self.view.set(None);
            return Ok(None);
        }
        let item = item(&view, index, thread)?;
        self.index.set(index + 1);
        Ok(Some(item))
    }
}
