//! Iterators over strings: one type for ASCII strings, whose characters need no look at the form, and one for all others.

use std::cell::Cell;

use layout::PyObject;
use macros::{Instance, python_type};

use super::Str;
use crate::errors::PyResult;
use crate::names;
use crate::protocol;
use crate::refs::{Field, Header, Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Instance as _;

/// An iterator over any string.
#[derive(Instance)]
#[repr(C)]
pub struct StrIterator {
    header: Header,
    index: Cell<isize>,
    /// Empty when exhausted.
    text: Field<Str>,
}

/// An iterator over an ASCII string.
#[derive(Instance)]
#[repr(C)]
pub struct AsciiIterator {
    common: StrIterator,
}

const _: () = assert!(size_of::<AsciiIterator>() == size_of::<*mut PyObject>() * 2 + size_of::<Header>());

impl StrIterator {
    /// `iter(text)`.
    pub fn over(text: &Str, thread: &mut Thread) -> Py<Object> {
        let fields =
            |class| StrIterator { header: Header::new(class), index: Cell::new(0), text: Py::from_ref(text).into() };
        if text.is_ascii() {
            return Py::new(AsciiIterator { common: fields(AsciiIterator::class()) }, thread).into_object();
        }
        Py::new(fields(StrIterator::class()), thread).into_object()
    }

    /// The next character; the text is given up behind the last.
    #[inline]
    fn advance(&self, thread: &mut Thread) -> Option<Py<Object>> {
        let index = self.index.get();
        // SAFETY: the field is not set before the character was read.
        let point = unsafe { self.text.borrow() }?.code_point(index as usize);
        let Some(point) = point else {
            self.text.set(None);
            return None;
        };
        self.index.set(index + 1);
        Some(Str::from_code_point(point, thread).into_object())
    }

    fn length_hint(&self) -> isize {
        self.text.get().map_or(0, |text| (text.length() as isize - self.index.get()).max(0))
    }

    fn reduce(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let iter = protocol::builtin(&names::iter, thread)?;
        let (text, index) = match self.text.get() {
            Some(text) => (text, Some(self.index.get())),
            None => (Str::empty(), None),
        };
        protocol::reduce_iterator(iter, Some(text.into_object()), index, thread)
    }

    fn set_state(&self, state: &Object, thread: &mut Thread) -> PyResult<()> {
        let index = protocol::int_as_isize(state, thread)?;
        if let Some(text) = self.text.get() {
            self.index.set(index.clamp(0, text.length() as isize));
        }
        Ok(())
    }
}

/// Declares the two types, which differ in name only.
macro_rules! iterator_type {
    ($owner:ident, $name:literal, $receiver:ident => $common:expr, $($symbol:tt)*) => {
        #[python_type(name = $name, $($symbol)* base = crate::object::BaseObject)]
        impl $owner {
            #[slot(tp_iter)]
            fn iter(&self) -> Py<$owner> {
                Py::from_ref(self)
            }

            #[slot(tp_iternext)]
            fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
                let $receiver = self;
                Ok($common.advance(thread))
            }

            /// __length_hint__($self, /)
            /// --
            ///
            /// Private method returning an estimate of len(list(it)).
            #[method]
            fn __length_hint__(&self) -> isize {
                let $receiver = self;
                $common.length_hint()
            }

            /// __reduce__($self, /)
            /// --
            ///
            /// Return state information for pickling.
            #[method]
            fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
                let $receiver = self;
                $common.reduce(thread)
            }

            /// __setstate__($self, object, /)
            /// --
            ///
            /// Set state information for unpickling.
            #[method]
            fn __setstate__(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
                let $receiver = self;
                $common.set_state(object, thread)
            }
        }
    };
}

iterator_type!(StrIterator, "str_iterator", iterator => iterator, symbol = "PyUnicodeIter_Type",);
iterator_type!(AsciiIterator, "str_ascii_iterator", iterator => iterator.common,);
