//! `reversed` of sequences that have no `__reversed__`.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{IndexError, PyResult, Raised, StopIteration};
use objects::names;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, Type, TypeDeclaration};

use crate::filter::check_no_keywords;

pub const TYPES: &[&TypeDeclaration] = &[Reversed::DECLARATION];

/// An iterator from the last item of a sequence to the first.
#[derive(Instance)]
#[repr(C)]
pub struct Reversed {
    header: Header,
    /// The index of the next item; −1 at the end.
    index: Cell<isize>,
    /// Empty when exhausted.
    sequence: Field,
}

#[cold]
fn raise_not_reversible(sequence: &Object, thread: &mut Thread) -> Raised {
    raise!(thread, TypeError, "'{}' object is not reversible", sequence.class().full_name())
}

/// reversed(sequence, /)
/// --
///
/// Return a reverse iterator over the values of the given sequence.
#[python_type(name = "reversed", symbol = "PyReversed_Type", base = BaseObject, flags(BASETYPE))]
impl Reversed {
    #[new]
    #[signature("(sequence, /, **keywords)")]
    fn __new__(
        class: &Type,
        sequence: &Object,
        keywords: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        check_no_keywords::<Reversed>(class, keywords.as_deref(), thread)?;
        if let Some(method) = protocol::lookup_special(sequence, &names::__reversed__, thread)? {
            if method.is_none() {
                return Err(raise_not_reversible(sequence, thread));
            }
            return method.call(sequence, &[], thread);
        }
        if !protocol::is_sequence(sequence) {
            return Err(raise_not_reversible(sequence, thread));
        }
        let length = protocol::length(sequence, thread)?;
        let header = Header::new(Reversed::class());
        let (index, sequence) = (Cell::new(length as isize - 1), Py::from_ref(sequence).into());
        Py::new_in(class, Reversed { header, index, sequence }, thread).map(Py::into_object)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Reversed> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let index = self.index.get();
        let Some(sequence) = self.sequence.get() else { return Ok(None) };
        if index >= 0 {
            let item = protocol::get_index(&sequence, index, thread);
            if item.is_ok() {
                self.index.set(index - 1);
                return item.map(Some);
            }
            if !thread.raised_is(IndexError) && !thread.raised_is(StopIteration) {
                return item.map(Some);
            }
            drop(thread.take_exception());
        }
        self.index.set(-1);
        self.sequence.set(None);
        Ok(None)
    }

    /// __length_hint__($self, /)
    /// --
    ///
    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(&self, thread: &mut Thread) -> PyResult<usize> {
        let Some(sequence) = self.sequence.get() else { return Ok(0) };
        let length = protocol::length(&sequence, thread)?;
        let left = usize::try_from(self.index.get() + 1).unwrap_or_default();
        Ok(if length < left { 0 } else { left })
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let class = Py::from_ref(self.class()).into_object();
        let sequence = self.sequence.get();
        protocol::reduce_iterator(class, sequence, Some(self.index.get()), thread)
    }

    /// __setstate__($self, object, /)
    /// --
    ///
    /// Set state information for unpickling.
    #[method]
    #[signature("(state, /)")]
    fn __setstate__(&self, state: isize, thread: &mut Thread) -> PyResult<()> {
        if let Some(sequence) = self.sequence.get() {
            let length = protocol::length(&sequence, thread)? as isize;
            self.index.set(state.clamp(-1, length - 1));
        }
        Ok(())
    }
}
