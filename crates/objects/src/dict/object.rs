//! The dict object.

use std::cell::Cell;

use macros::{Instance, python_type};

use crate::errors::PyResult;
use crate::refs::{Guarded, Header, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::Instance as _;

/// A dictionary.
#[derive(Instance)]
#[repr(C)]
pub struct Dict {
    header: Header,
    used: Cell<isize>,
    entries: Guarded<Vec<(Py<Object>, Py<Object>)>>,
}

impl Dict {
    pub fn new(thread: &mut Thread) -> Py<Dict> {
        let value = Dict { header: Header::new(Dict::class()), used: Cell::new(0), entries: Guarded::new(Vec::new()) };
        Py::new(value, thread)
    }

    /// The value of a string key. Exact strings only: runs no Python code.
    pub fn get_str(&self, name: &Str, thread: &Thread) -> Option<Py<Object>> {
        let entries = self.entries.get(thread);
        entries
            .iter()
            .find(|(key, _)| key.downcast_exact::<Str>().is_some_and(|it| it.equals(name)))
            .map(|it| it.1.clone())
    }

    /// Sets the value of a string key.
    pub fn set_str(&self, name: &Str, value: &Object, thread: &mut Thread) -> PyResult<()> {
        self.set(name, value, thread)
    }

    pub fn set(&self, key: &Object, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let entries = self.entries.get_mut(thread);
        entries.push((Py::from_ref(key), Py::from_ref(value)));
        self.used.set(entries.len() as isize);
        Ok(())
    }

    /// New references to all keys and values, in order.
    pub fn items_snapshot(&self, thread: &Thread) -> Vec<(Py<Object>, Py<Object>)> {
        self.entries.get(thread).clone()
    }

    pub fn length(&self) -> usize {
        self.used.get() as usize
    }
}

#[python_type(
    name = "dict", symbol = "PyDict_Type", base = crate::object::BaseObject, flags(BASETYPE, DICT_SUBCLASS, MAPPING),
    unhashable
)]
impl Dict {}
