//! `enumerate`.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, Type, TypeDeclaration};

pub const TYPES: &[&TypeDeclaration] = &[Enumerate::DECLARATION];

/// An iterator of numbered items.
#[derive(Instance)]
#[repr(C)]
pub struct Enumerate {
    header: Header,
    /// The next number; `isize::MAX` says that it is in `long_index`.
    index: Cell<isize>,
    iterator: Py<Object>,
    /// The pair that was given last, used again if nobody kept it.
    pair: Field<Tuple>,
    long_index: Field<Int>,
    one: Py<Int>,
}

impl Enumerate {
    /// The number to give, which counts on.
    #[inline]
    fn number(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        let index = self.index.get();
        if index != isize::MAX {
            self.index.set(index + 1);
            return Ok(Int::from_i64(index as i64, thread));
        }
        let number = self.long_number(thread);
        let next = number.add(&self.one, thread)?;
        self.long_index.set(Some(next));
        Ok(number)
    }

    fn long_number(&self, thread: &mut Thread) -> Py<Int> {
        self.long_index.get().unwrap_or_else(|| Int::from_i64(isize::MAX as i64, thread))
    }
}

/// enumerate(iterable, start=0)
/// --
///
/// Return an enumerate object.
///
///   iterable
///     an object supporting iteration
///
/// The enumerate object yields pairs containing a count (from start, which
/// defaults to zero) and a value yielded by the iterable argument.
///
/// enumerate is useful for obtaining an indexed list:
///     (0, seq[0]), (1, seq[1]), (2, seq[2]), ...
#[python_type(name = "enumerate", symbol = "PyEnum_Type", base = BaseObject, flags(BASETYPE))]
impl Enumerate {
    #[new]
    fn __new__(
        class: &Type,
        iterable: &Object,
        start: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Enumerate>> {
        let start = match start {
            Some(start) => protocol::index(start, thread)?,
            None => Int::from_i64(0, thread),
        };
        let index = start.to_i64().map_or(isize::MAX, |start| start as isize);
        let iterator = protocol::iter(iterable, thread)?;
        let enumerate = Enumerate {
            header: Header::new(Enumerate::class()),
            index: Cell::new(index),
            iterator,
            pair: Field::EMPTY,
            long_index: Field::new((index == isize::MAX).then_some(start)),
            one: Int::from_i64(1, thread),
        };
        Py::new_in(class, enumerate, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Enumerate> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        let Some(item) = protocol::next_to_hand_on(&self.iterator, thread)? else { return Ok(None) };
        let number = self.number(thread)?;
        if let Some(pair) = self.pair.take() {
            if pair.is_unique() {
                // The old items may run Python code when they go, which must not find the pair half-filled.
                let old = pair.refill([number.into_object(), item], thread);
                self.pair.set(Some(pair.clone()));
                drop(old);
                return Ok(Some(pair));
            }
            self.pair.set(Some(pair));
            return Tuple::from_iterator([number.into_object(), item].into_iter(), thread).map(Some);
        }
        let pair = Tuple::from_iterator([number.into_object(), item].into_iter(), thread)?;
        self.pair.set(Some(pair.clone()));
        Ok(Some(pair))
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let number = match self.index.get() {
            isize::MAX => self.long_number(thread),
            index => Int::from_i64(index as i64, thread),
        };
        let arguments = Tuple::new(vec![self.iterator.clone(), number.into_object()], thread)?;
        Tuple::new(vec![Py::from_ref(self.class()).into_object(), arguments.into_object()], thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// 'enumerate' objects are generic over the type of their values
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }
}
