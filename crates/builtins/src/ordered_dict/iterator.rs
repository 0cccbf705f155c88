//! `odict_iterator`: over keys, values or items of an ordered dict, forwards or backwards.
//!
//! It stands at the node that it gives next. A change of the order ends it with RuntimeError.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use super::object::{OrderedDict, raise_mutated};

/// What an iterator gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Keys,
    Values,
    Items,
}

#[derive(Instance)]
#[repr(C)]
pub struct OrderedIterator {
    header: Header,
    /// Empty when exhausted.
    dict: Field<OrderedDict>,
    /// What it stands at, plus one; zero at the end.
    node: Cell<usize>,
    length: Cell<isize>,
    state: Cell<usize>,
    part: Cell<Part>,
    backwards: Cell<bool>,
    /// The pair given last, which is used again when nobody else has it.
    pair: Field<Tuple>,
}

impl OrderedIterator {
    pub fn new(dict: &OrderedDict, part: Part, backwards: bool, thread: &mut Thread) -> PyResult<Py<OrderedIterator>> {
        let none = thread.none();
        let pair = match part {
            Part::Items => Some(Tuple::new(vec![none.clone(), none], thread)?),
            _ => None,
        };
        let iterator = OrderedIterator {
            header: Header::new(Self::class()),
            dict: Field::new(Some(Py::from_ref(dict))),
            node: Cell::new(dict.start(backwards, thread).map_or(0, |it| it + 1)),
            length: Cell::new(dict.length() as isize),
            state: Cell::new(dict.state(thread)),
            part: Cell::new(part),
            backwards: Cell::new(backwards),
            pair: Field::new(pair),
        };
        Ok(Py::new(iterator, thread))
    }

    fn next_key(&self, dict: &OrderedDict, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let Some(node) = self.node.get().checked_sub(1) else { return Ok(None) };
        if dict.state(thread) != self.state.get() {
            self.dict.set(None);
            return Err(raise_mutated(thread));
        }
        if dict.length() as isize != self.length.get() {
            self.length.set(-1);
            return Err(raise!(thread, RuntimeError, "OrderedDict changed size during iteration"));
        }
        let key = dict.key(node, thread);
        self.node.set(dict.neighbour(node, self.backwards.get(), thread).map_or(0, |it| it + 1));
        Ok(key)
    }

    /// A pair as a tuple: the one given last, if nobody has it any more.
    fn make_pair(&self, key: Py<Object>, value: Py<Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(pair) = self.pair.take().filter(|it| it.is_unique()) else {
            let pair = Tuple::new(vec![key, value], thread)?;
            self.pair.set(Some(pair.clone()));
            return Ok(pair.into_object());
        };
        let old = pair.refill([key, value], thread);
        self.pair.set(Some(pair.clone()));
        drop(old);
        Ok(pair.into_object())
    }
}

#[python_type(name = "odict_iterator", symbol = "PyODictIter_Type", base = BaseObject)]
impl OrderedIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<OrderedIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let Some(dict) = self.dict.get() else { return Ok(None) };
        let Some(key) = self.next_key(&dict, thread)? else {
            self.dict.set(None);
            dict.release(thread);
            return Ok(None);
        };
        if self.part.get() == Part::Keys {
            return Ok(Some(key));
        }
        let value = dict.value_of(&key, thread)?;
        match self.part.get() {
            Part::Items => self.make_pair(key, value, thread).map(Some),
            _ => Ok(Some(value)),
        }
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let copy = OrderedIterator {
            header: Header::new(Self::class()),
            dict: Field::new(self.dict.get()),
            node: self.node.clone(),
            length: self.length.clone(),
            state: self.state.clone(),
            part: self.part.clone(),
            backwards: self.backwards.clone(),
            pair: Field::EMPTY,
        };
        let copy = Py::new(copy, thread);
        let rest = protocol::to_list(&copy, thread)?.into_object();
        let iter = protocol::builtin(&objects::names::iter, thread)?;
        let arguments = Tuple::new(vec![rest], thread)?.into_object();
        Tuple::new(vec![iter, arguments], thread)
    }
}
