//! `set_iterator`: ends with RuntimeError when the set's size changes.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::list::List;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use super::object::SetObject;

/// An iterator over a set of either kind.
#[derive(Instance)]
#[repr(C)]
pub struct SetIterator {
    header: Header,
    /// Empty when exhausted.
    set: Field<SetObject>,
    used: Cell<isize>,
    position: Cell<usize>,
    left: Cell<usize>,
}

impl SetIterator {
    pub fn new(set: &SetObject, thread: &mut Thread) -> Py<SetIterator> {
        let iterator = SetIterator {
            header: Header::new(Self::class()),
            set: Field::new(Some(Py::from_ref(set))),
            used: Cell::new(set.length() as isize),
            position: Cell::new(0),
            left: Cell::new(set.length()),
        };
        Py::new(iterator, thread)
    }
}

#[python_type(name = "set_iterator", symbol = "PySetIter_Type", base = objects::object::BaseObject)]
impl SetIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<SetIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let Some(set) = self.set.get() else { return Ok(None) };
        if self.used.get() != set.length() as isize {
            self.used.set(-1);
            return Err(raise!(thread, RuntimeError, "Set changed size during iteration"));
        }
        let mut position = self.position.get();
        let item = set.next(&mut position, thread);
        self.position.set(position);
        match item {
            Some((key, _)) => {
                self.left.set(self.left.get().saturating_sub(1));
                Ok(Some(key))
            }
            None => {
                self.set.set(None);
                Ok(None)
            }
        }
    }

    /// __length_hint__($self, /)
    /// --
    ///
    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(&self) -> usize {
        match self.set.get() {
            Some(set) if self.used.get() == set.length() as isize => self.left.get(),
            _ => 0,
        }
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let items = match self.set.get() {
            Some(set) => {
                let rest = SetIterator::new(&set, thread);
                rest.used.set(self.used.get());
                rest.position.set(self.position.get());
                rest.left.set(self.left.get());
                protocol::to_list(&rest, thread)?
            }
            None => List::empty(thread),
        };
        let iter = protocol::builtin(&names::iter, thread)?;
        let arguments = Tuple::new(vec![items.into_object()], thread)?;
        Tuple::new(vec![iter, arguments.into_object()], thread)
    }
}
