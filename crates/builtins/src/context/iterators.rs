//! What `iter()`, `keys()`, `values()` and `items()` of a `Context` give: iterators over what was in it then. Their end is an exception, of which tools
//! are told, and their length that of the context.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{PyResult, StopIteration};
use objects::object::BaseObject;
use objects::protocol;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::types::Instance as _;

macro_rules! iterator_type {
    ($type:ident, $name:literal) => {
        #[derive(Instance)]
        #[repr(C)]
        pub struct $type {
            header: Header,
            /// An iterator over the values, which nobody else has.
            inner: Field,
            length: Cell<usize>,
        }

        #[python_type(name = $name, base = BaseObject, flags(DISALLOW_INSTANTIATION))]
        impl $type {
            #[slot(tp_iter)]
            fn iter(&self) -> Py<Self> {
                Py::from_ref(self)
            }

            #[slot(tp_iternext)]
            fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
                let Some(inner) = self.inner.get() else { return Err(thread.raise_kind(StopIteration)) };
                match protocol::next(&inner, thread)? {
                    Some(item) => Ok(Some(item)),
                    None => Err(thread.raise_kind(StopIteration)),
                }
            }

            #[slot(mp_length)]
            fn length(&self) -> PyResult<usize> {
                Ok(self.length.get())
            }
        }

        impl $type {
            /// Over the values of a context.
            pub(super) fn over(values: &Dict, thread: &mut Thread) -> PyResult<Py<Self>> {
                let values = values.copy(thread)?;
                let length = Cell::new(values.length());
                let name = thread.intern_text($name);
                let view = protocol::call_method(&values, &name, &[], thread)?;
                let inner = Field::new(Some(protocol::iter(&view, thread)?));
                Ok(Py::new(Self { header: Header::new(Self::class()), inner, length }, thread))
            }
        }
    };
}

iterator_type!(Keys, "keys");
iterator_type!(Values, "values");
iterator_type!(Items, "items");
