//! `compress`, `dropwhile`, `filterfalse`, `starmap`, `takewhile`: items chosen or changed one by one.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

#[derive(Instance)]
#[repr(C)]
pub struct Compress {
    header: Header,
    data: Py<Object>,
    selectors: Py<Object>,
}

/// compress(data, selectors)
/// --
///
/// Return data elements corresponding to true selector elements.
///
/// Forms a shorter iterator from selected data elements using the selectors
/// to choose the data elements.
#[python_type(name = "itertools.compress", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl Compress {
    #[new]
    fn __new__(class: &Type, data: &Object, selectors: &Object, thread: &mut Thread) -> PyResult<Py<Compress>> {
        let data = protocol::iter(data, thread)?;
        let selectors = protocol::iter(selectors, thread)?;
        Py::new_in(class, Compress { header: Header::new(Compress::class()), data, selectors }, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Compress> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        loop {
            let Some(item) = protocol::next_to_hand_on(&self.data, thread)? else { return Ok(None) };
            let Some(selector) = protocol::next_to_hand_on(&self.selectors, thread)? else { return Ok(None) };
            if protocol::is_true(&selector, thread)? {
                return Ok(Some(item));
            }
        }
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct DropWhile {
    header: Header,
    predicate: Py<Object>,
    iterator: Py<Object>,
    started: Cell<bool>,
}

/// dropwhile(predicate, iterable, /)
/// --
///
/// Drop items from the iterable while predicate(item) is true.
///
/// Afterwards, return every element until the iterable is exhausted.
#[python_type(name = "itertools.dropwhile", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl DropWhile {
    #[new]
    fn __new__(class: &Type, predicate: &Object, iterable: &Object, thread: &mut Thread) -> PyResult<Py<DropWhile>> {
        let iterator = protocol::iter(iterable, thread)?;
        let header = Header::new(DropWhile::class());
        let drop = DropWhile { header, predicate: Py::from_ref(predicate), iterator, started: Cell::new(false) };
        Py::new_in(class, drop, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<DropWhile> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        loop {
            let Some(item) = protocol::next_to_hand_on(&self.iterator, thread)? else { return Ok(None) };
            if self.started.get() {
                return Ok(Some(item));
            }
            let verdict = protocol::call_one(&self.predicate, &item, thread)?;
            if !protocol::is_true(&verdict, thread)? {
                self.started.set(true);
                return Ok(Some(item));
            }
        }
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct TakeWhile {
    header: Header,
    predicate: Py<Object>,
    iterator: Py<Object>,
    stopped: Cell<bool>,
}

/// takewhile(predicate, iterable, /)
/// --
///
/// Return successive entries from an iterable as long as the predicate evaluates to true for each entry.
#[python_type(name = "itertools.takewhile", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl TakeWhile {
    #[new]
    fn __new__(class: &Type, predicate: &Object, iterable: &Object, thread: &mut Thread) -> PyResult<Py<TakeWhile>> {
        let iterator = protocol::iter(iterable, thread)?;
        let header = Header::new(TakeWhile::class());
        let take = TakeWhile { header, predicate: Py::from_ref(predicate), iterator, stopped: Cell::new(false) };
        Py::new_in(class, take, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<TakeWhile> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if self.stopped.get() {
            return Ok(None);
        }
        let Some(item) = protocol::next_to_hand_on(&self.iterator, thread)? else { return Ok(None) };
        let verdict = protocol::call_one(&self.predicate, &item, thread)?;
        if protocol::is_true(&verdict, thread)? {
            return Ok(Some(item));
        }
        self.stopped.set(true);
        Ok(None)
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct FilterFalse {
    header: Header,
    function: Py<Object>,
    iterator: Py<Object>,
}

/// filterfalse(function, iterable, /)
/// --
///
/// Return those items of iterable for which function(item) is false.
///
/// If function is None, return the items that are false.
#[python_type(name = "itertools.filterfalse", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl FilterFalse {
    #[new]
    fn __new__(class: &Type, function: &Object, iterable: &Object, thread: &mut Thread) -> PyResult<Py<FilterFalse>> {
        let iterator = protocol::iter(iterable, thread)?;
        let header = Header::new(FilterFalse::class());
        Py::new_in(class, FilterFalse { header, function: Py::from_ref(function), iterator }, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<FilterFalse> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let plain = self.function.is_none() || self.function.is(Bool::class());
        loop {
            let Some(item) = protocol::next_to_hand_on(&self.iterator, thread)? else { return Ok(None) };
            let verdict = if plain { item.clone() } else { protocol::call_one(&self.function, &item, thread)? };
            if !protocol::is_true(&verdict, thread)? {
                return Ok(Some(item));
            }
        }
    }
}

#[derive(Instance)]
#[repr(C)]
pub struct StarMap {
    header: Header,
    function: Py<Object>,
    iterator: Py<Object>,
}

/// starmap(function, iterable, /)
/// --
///
/// Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.
#[python_type(name = "itertools.starmap", base = BaseObject, flags(HEAPTYPE, BASETYPE))]
impl StarMap {
    #[new]
    fn __new__(class: &Type, function: &Object, iterable: &Object, thread: &mut Thread) -> PyResult<Py<StarMap>> {
        let iterator = protocol::iter(iterable, thread)?;
        let header = Header::new(StarMap::class());
        Py::new_in(class, StarMap { header, function: Py::from_ref(function), iterator }, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<StarMap> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let Some(item) = protocol::next_to_hand_on(&self.iterator, thread)? else { return Ok(None) };
        let arguments = protocol::to_tuple(&item, thread)?;
        protocol::call_tuple(&self.function, &arguments, None, thread).map(Some)
    }
}
