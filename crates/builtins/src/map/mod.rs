//! `map`.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, Type, TypeDeclaration};

use crate::zip::{iterators_of, next_of_all};

pub const TYPES: &[&TypeDeclaration] = &[Map::DECLARATION];

/// An iterator of what a function gives for the items of others.
#[derive(Instance)]
#[repr(C)]
pub struct Map {
    header: Header,
    iterators: Py<Tuple>,
    function: Py<Object>,
    strict: Cell<bool>,
}

/// map(function, iterable, /, *iterables, strict=False)
/// --
///
/// Make an iterator that computes the function using arguments from
/// each of the iterables.  Stops when the shortest iterable is exhausted.
///
/// If strict is true and one of the arguments is exhausted before the
/// others, raise a ValueError.
#[python_type(name = "map", symbol = "PyMap_Type", base = BaseObject, flags(BASETYPE))]
impl Map {
    #[new]
    #[signature("(*arguments, strict=False)")]
    fn __new__(class: &Type, arguments: &[&Object], strict: bool, thread: &mut Thread) -> PyResult<Py<Map>> {
        let [function, iterables @ ..] = arguments else {
            return Err(raise!(thread, TypeError, "map() must have at least two arguments."));
        };
        if iterables.is_empty() {
            return Err(raise!(thread, TypeError, "map() must have at least two arguments."));
        }
        let iterators = iterators_of(iterables, thread)?;
        let header = Header::new(Map::class());
        let map = Map { header, iterators, function: Py::from_ref(*function), strict: Cell::new(strict) };
        Py::new_in(class, map, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Map> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let (iterators, function) = (self.iterators.clone(), self.function.clone());
        if let [iterator] = iterators.items() {
            let Some(item) = protocol::next_to_hand_on(iterator, thread)? else { return Ok(None) };
            return protocol::call_one(&function, &item, thread).map(Some);
        }
        let Some(items) = next_of_all(&iterators, self.strict.get(), "map", thread)? else { return Ok(None) };
        let arguments: Vec<&Object> = items.iter().map(|item| &**item).collect();
        protocol::call(&function, &arguments, thread).map(Some)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut arguments = vec![self.function.clone()];
        arguments.extend(self.iterators.items().iter().cloned());
        let arguments = Tuple::new(arguments, thread)?;
        let mut parts = vec![Py::from_ref(self.class()).into_object(), arguments.into_object()];
        if self.strict.get() {
            parts.push(Bool::new(true));
        }
        Tuple::new(parts, thread)
    }

    /// __setstate__($self, object, /)
    /// --
    ///
    /// Set state information for unpickling.
    #[method]
    #[signature("(state, /)")]
    fn __setstate__(&self, strict: bool) {
        self.strict.set(strict);
    }
}
