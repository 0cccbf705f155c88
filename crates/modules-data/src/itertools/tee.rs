//! `_tee` and `_tee_dataobject`: several iterators over the items of one.
//!
//! Items are kept in a list of blocks that the copies share: a block goes when the last copy has left it.

use std::cell::Cell;

use layout::PyObject;
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Guarded, Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

/// Items in a block.
const BLOCK_LENGTH: usize = 57;

#[derive(Instance)]
#[repr(C)]
pub struct Data {
    header: Header,
    iterator: Py<Object>,
    values: Guarded<Vec<Py<Object>>>,
    running: Cell<bool>,
    next: Field<Data>,
}

impl Data {
    fn new(iterator: &Object, thread: &mut Thread) -> Py<Data> {
        let data = Data {
            header: Header::new(Data::class()),
            iterator: Py::from_ref(iterator),
            values: Guarded::new(Vec::new()),
            running: Cell::new(false),
            next: Field::EMPTY,
        };
        Py::new(data, thread)
    }

    fn item(&self, index: usize, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if let Some(item) = self.values.get(thread).get(index) {
            return Ok(Some(item.clone()));
        }
        if self.running.replace(true) {
            return Err(raise!(thread, RuntimeError, "cannot re-enter the tee iterator"));
        }
        let item = protocol::next(&self.iterator, thread);
        self.running.set(false);
        let item = item?;
        if let Some(item) = &item {
            self.values.get_mut(thread).push(item.clone());
        }
        Ok(item)
    }

    fn next_block(&self, thread: &mut Thread) -> Py<Data> {
        if let Some(next) = self.next.get() {
            return next;
        }
        let next = Data::new(&self.iterator, thread);
        self.next.set(Some(next.clone()));
        next
    }
}

/// teedataobject(iterable, values, next, /)
/// --
///
/// Data container common to multiple tee objects.
#[python_type(name = "itertools._tee_dataobject", base = BaseObject, flags(HEAPTYPE))]
impl Data {
    #[new(name = "teedataobject")]
    #[signature("(iterable, values, next, /)")]
    fn __new__(
        _class: &Type,
        iterable: &Object,
        values: &objects::list::List,
        next: &Object,
        thread: &mut Thread,
    ) -> PyResult<Py<Data>> {
        let data = Data::new(iterable, thread);
        let values = values.snapshot(thread);
        if values.len() > BLOCK_LENGTH {
            return Err(raise!(thread, ValueError, "Invalid arguments"));
        }
        if let Some(next) = next.downcast::<Data>() {
            if values.len() != BLOCK_LENGTH {
                return Err(raise!(thread, ValueError, "_tee_dataobject shouldn't have a next if not full"));
            }
            data.next.set(Some(Py::from_ref(next)));
        } else if !next.is_none() {
            return Err(raise!(thread, ValueError, "Invalid arguments"));
        }
        *data.values.get_mut(thread) = values;
        Ok(data)
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct Tee {
    header: Header,
    data: Field<Data>,
    index: Cell<usize>,
    weak_references: Cell<*mut PyObject>,
}

impl Tee {
    fn at(data: Py<Data>, index: usize, thread: &mut Thread) -> Py<Tee> {
        let tee = Tee {
            header: Header::new(Tee::class()),
            data: data.into(),
            index: Cell::new(index),
            weak_references: Cell::new(std::ptr::null_mut()),
        };
        Py::new(tee, thread)
    }

    /// A first copy of an iterable's iterator, or a further copy of a copy.
    pub fn over(iterable: &Object, thread: &mut Thread) -> PyResult<Py<Tee>> {
        let iterator = protocol::iter(iterable, thread)?;
        if let Some(tee) = iterator.downcast::<Tee>() {
            return Ok(tee.copy(thread));
        }
        let data = Data::new(&iterator, thread);
        Ok(Tee::at(data, 0, thread))
    }

    /// Another iterator at the same place.
    pub fn copy(&self, thread: &mut Thread) -> Py<Tee> {
        let data = self.data.get().unwrap_or_else(|| {
            let none = thread.none();
            Data::new(&none, thread)
        });
        Tee::at(data, self.index.get(), thread)
    }
}

/// _tee(iterable, /)
/// --
///
/// Iterator wrapped to make it copyable.
#[python_type(
    name = "itertools._tee", base = BaseObject, flags(HEAPTYPE), weaklist_offset = std::mem::offset_of!(Tee, weak_references)
)]
impl Tee {
    #[new]
    fn __new__(_class: &Type, iterable: &Object, thread: &mut Thread) -> PyResult<Py<Tee>> {
        Tee::over(iterable, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Tee> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let Some(mut data) = self.data.get() else { return Ok(None) };
        if self.index.get() >= BLOCK_LENGTH {
            data = data.next_block(thread);
            self.data.set(Some(data.clone()));
            self.index.set(0);
        }
        let Some(item) = data.item(self.index.get(), thread)? else { return Ok(None) };
        self.index.set(self.index.get() + 1);
        Ok(Some(item))
    }

    /// __copy__($self, /)
    /// --
    ///
    /// Returns an independent iterator.
    #[method]
    fn __copy__(&self, thread: &mut Thread) -> Py<Tee> {
        self.copy(thread)
    }
}
