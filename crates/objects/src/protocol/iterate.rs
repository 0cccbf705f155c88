//! Iteration: `iter`, `next`, `send`, and the iterators that stand in where a type has none of its own.

use std::cell::Cell;

use macros::{Instance, python_type};

use crate::errors::{IndexError, PyResult, StopIteration};
use crate::names;
use crate::raise;
use crate::refs::{Field, Header, Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Instance as _;

use super::call::{call, result_from_c};
use super::sequence::{get_index, is_sequence};

/// What resuming a generator-like object gives.
pub enum SendOutcome {
    /// It yielded; it can be resumed again.
    Yielded(Py<Object>),
    /// It returned; it is finished.
    Returned(Py<Object>),
}

/// `iter(object)`.
#[inline]
pub fn iter(object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(function) = object.class().slots().tp_iter.get() else {
        if is_sequence(object) {
            return Ok(SequenceIterator::new(object, thread).into_object());
        }
        return Err(raise!(thread, TypeError, "'{}' object is not iterable", object.class().full_name()));
    };
    // SAFETY: the slot's protocol.
    let iterator = result_from_c(unsafe { function(object.as_pointer()) }, thread)?;
    if !is_iterator(&iterator) {
        let class = iterator.class().full_name();
        return Err(raise!(thread, TypeError, "iter() returned non-iterator of type '{class}'"));
    }
    Ok(iterator)
}

/// `PyIter_Check`: true if `next` works on the object.
#[inline]
pub fn is_iterator(object: &Object) -> bool {
    let function = object.class().slots().tp_iternext.get();
    // A class without `__next__` has a function that says so, in case a base has one.
    let absent: layout::iternextfunc = crate::type_::next_not_implemented;
    function.is_some_and(|it| !std::ptr::fn_addr_eq(it, absent))
}

/// True if `iter` works on the object's type.
pub fn is_iterable(object: &Object) -> bool {
    object.class().slots().tp_iter.get().is_some() || is_sequence(object)
}

/// The next item, None when the iterator is exhausted: whether it says so by null or by StopIteration.
#[inline]
pub fn next(iterator: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    match next_to_hand_on(iterator, thread) {
        Ok(item) => Ok(item),
        Err(raised) => Ok(thread.suppress(Err(raised), StopIteration)?.flatten()),
    }
}

/// The next item for an iterator that gives what another one does: a StopIteration that the other one raised is an error, so that whoever asked
/// gets that very exception, and tools are told of it.
#[inline]
pub fn next_to_hand_on(iterator: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let Some(function) = iterator.class().slots().tp_iternext.get() else {
        return Err(raise!(thread, TypeError, "'{}' object is not an iterator", iterator.class().full_name()));
    };
    thread.check_stack(" while getting the next item")?;
    thread.check_memory()?;
    // SAFETY: the slot's protocol: null without an exception means that nothing is left.
    let item = unsafe { Py::steal_pointer(function(iterator.as_pointer())) };
    if item.is_none() && thread.is_raised() {
        return Err(thread.raised_elsewhere());
    }
    Ok(item)
}

/// Iterates over an object that has `__getitem__` alone, until IndexError.
#[derive(Instance)]
#[repr(C)]
pub struct SequenceIterator {
    header: Header,
    index: Cell<isize>,
    /// Empty when exhausted.
    sequence: Field,
}

impl SequenceIterator {
    /// An iterator over an object that has `__getitem__`.
    pub fn new(sequence: &Object, thread: &mut Thread) -> Py<SequenceIterator> {
        let header = Header::new(Self::class());
        let sequence = Py::from_ref(sequence).into();
        Py::new(SequenceIterator { header, index: Cell::new(0), sequence }, thread)
    }
}

#[python_type(name = "iterator", symbol = "PySeqIter_Type", base = crate::object::BaseObject)]
impl SequenceIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<SequenceIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let Some(sequence) = self.sequence.get() else { return Ok(None) };
        let index = self.index.get();
        if index == isize::MAX {
            return Err(raise!(thread, OverflowError, "iter index too large"));
        }
        let item = get_index(&sequence, index, thread);
        if item.is_ok() {
            self.index.set(index + 1);
            return item.map(Some);
        }
        if !thread.raised_is(IndexError) && !thread.raised_is(StopIteration) {
            return item.map(Some);
        }
        let result = match thread.suppress(item, IndexError) {
            Err(raised) => thread.suppress(Err(raised), StopIteration).map(Option::flatten),
            other => other,
        };
        self.sequence.set(None);
        result
    }

    /// __length_hint__($self, /)
    /// --
    ///
    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(sequence) = self.sequence.get() else { return Ok(super::make_int(0, thread)) };
        if !super::size::has_length(&sequence) {
            return Ok(thread.not_implemented());
        }
        let left = super::length(&sequence, thread)? as i128 - self.index.get() as i128;
        Ok(super::make_int(left.max(0), thread))
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let iter = super::builtin(&names::iter, thread)?;
        reduce_iterator(iter, self.sequence.get(), Some(self.index.get()), thread)
    }

    /// __setstate__($self, object, /)
    /// --
    ///
    /// Set state information for unpickling.
    #[method]
    #[signature("(state, /)")]
    fn __setstate__(&self, state: &Object, thread: &mut Thread) -> PyResult<()> {
        let index = super::int_as_isize(state, thread)?;
        if !self.sequence.is_empty() {
            self.index.set(index.max(0));
        }
        Ok(())
    }
}

/// What pickles an iterator over `sequence`: `iter` with it and the position, or with an empty list or tuple if it is exhausted.
pub fn reduce_iterator(
    iter: Py<Object>,
    sequence: Option<Py<Object>>,
    index: Option<isize>,
    thread: &mut Thread,
) -> PyResult<Py<Tuple>> {
    let exhausted = sequence.is_none();
    let source = match sequence {
        Some(sequence) => sequence,
        None => Tuple::empty(thread).into_object(),
    };
    let arguments = Tuple::new(vec![source], thread)?;
    let mut parts = vec![iter, arguments.into_object()];
    if let Some(index) = index.filter(|_| !exhausted) {
        parts.push(super::make_int(index as i128, thread));
    }
    Tuple::new(parts, thread)
}

/// `iter(callable, sentinel)`: calls until it gets the sentinel.
#[derive(Instance)]
#[repr(C)]
pub struct CallableIterator {
    header: Header,
    /// Both empty when exhausted.
    callable: Field,
    sentinel: Field,
}

impl CallableIterator {
    pub fn new(callable: &Object, sentinel: &Object, thread: &mut Thread) -> Py<CallableIterator> {
        let header = Header::new(Self::class());
        let (callable, sentinel) = (Py::from_ref(callable).into(), Py::from_ref(sentinel).into());
        Py::new(CallableIterator { header, callable, sentinel }, thread)
    }

    fn finish(&self) {
        self.callable.set(None);
        self.sentinel.set(None);
    }
}

#[python_type(name = "callable_iterator", symbol = "PyCallIter_Type", base = crate::object::BaseObject)]
impl CallableIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<CallableIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let Some(callable) = self.callable.get() else { return Ok(None) };
        let item = match call(&callable, &[], thread) {
            Ok(item) => item,
            Err(raised) => {
                if thread.raised_is(StopIteration) {
                    self.finish();
                }
                return thread.suppress(Err(raised), StopIteration).map(Option::flatten);
            }
        };
        // The call may have exhausted this very iterator.
        let Some(sentinel) = self.sentinel.get() else { return Ok(None) };
        if super::equals(&sentinel, &item, thread)? {
            self.finish();
            return Ok(None);
        }
        Ok(Some(item))
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let iter = super::builtin(&names::iter, thread)?;
        match (self.callable.get(), self.sentinel.get()) {
            (Some(callable), Some(sentinel)) => {
                let arguments = Tuple::new(vec![callable, sentinel], thread)?;
                Tuple::new(vec![iter, arguments.into_object()], thread)
            }
            _ => reduce_iterator(iter, None, None, thread),
        }
    }
}
