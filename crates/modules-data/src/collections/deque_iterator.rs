//! `_deque_iterator` and `_deque_reverse_iterator`.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::int::Int;
use objects::object::BaseObject;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::deque::Deque;

/// Makes an iterator type: its name, and whether it goes backwards.
macro_rules! iterator_type {
    ($name:ident, $python_name:literal, $reverse:literal) => {
        #[derive(Instance)]
        #[repr(C)]
        pub struct $name {
            header: Header,
            deque: Py<Deque>,
            /// How many items were given.
            given: Cell<usize>,
            left: Cell<usize>,
            state: Cell<usize>,
        }

        impl $name {
            pub fn over(deque: &Deque, thread: &mut Thread) -> Py<$name> {
                let iterator = $name {
                    header: Header::new($name::class()),
                    deque: Py::from_ref(deque),
                    given: Cell::new(0),
                    left: Cell::new(deque.length(thread)),
                    state: Cell::new(deque.state()),
                };
                Py::new(iterator, thread)
            }
        }

        #[python_type(name = $python_name, base = BaseObject, flags(HEAPTYPE))]
        impl $name {
            #[new]
            #[signature("(deque, index=0, /)")]
            fn __new__(_class: &Type, deque: &Deque, index: isize, thread: &mut Thread) -> PyResult<Py<$name>> {
                let iterator = $name::over(deque, thread);
                let skip = usize::try_from(index).unwrap_or(0).min(iterator.left.get());
                iterator.given.set(skip);
                iterator.left.set(iterator.left.get() - skip);
                Ok(iterator)
            }

            #[slot(tp_iter)]
            fn iter(&self) -> Py<$name> {
                Py::from_ref(self)
            }

            #[slot(tp_iternext)]
            fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
                if self.deque.state() != self.state.get() {
                    self.left.set(0);
                    return Err(raise!(thread, RuntimeError, "deque mutated during iteration"));
                }
                if self.left.get() == 0 {
                    return Ok(None);
                }
                let given = self.given.get();
                let length = self.deque.length(thread);
                let index = if $reverse { length.checked_sub(given + 1) } else { Some(given) };
                let item = index.and_then(|index| self.deque.item(index, thread));
                self.given.set(given + 1);
                self.left.set(self.left.get() - 1);
                Ok(item)
            }

            /// __length_hint__($self, /)
            /// --
            ///
            /// Private method returning an estimate of len(list(it)).
            #[method]
            fn __length_hint__(&self) -> usize {
                self.left.get()
            }

            /// __reduce__($self, /)
            /// --
            ///
            /// Return state information for pickling.
            #[method]
            fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
                let given = Int::from_i64(self.given.get() as i64, thread).into_object();
                let arguments = Tuple::new(vec![self.deque.clone().into_object(), given], thread)?.into_object();
                Tuple::new(vec![Py::from_ref(self.class()).into_object(), arguments], thread)
            }
        }
    };
}

iterator_type!(DequeIterator, "collections._deque_iterator", false);
iterator_type!(DequeReverseIterator, "collections._deque_reverse_iterator", true);
