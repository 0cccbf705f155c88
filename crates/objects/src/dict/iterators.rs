//! Iterators over a dict's keys, values and items, forwards and backwards: six types over one state.
//!
//! An iterator remembers how many items the dict had. A change of that number, or keys beyond the last one that there was, end the iteration with
//! RuntimeError, now and ever after.

use std::cell::Cell;

use macros::{Instance, python_type};

use super::object::Dict;
use crate::errors::PyResult;
use crate::list::List;
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Field, Header, Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

/// What all the iterators are.
#[derive(Instance)]
#[repr(C)]
pub struct IteratorState {
    header: Header,
    /// Empty when exhausted.
    dict: Field<Dict>,
    used: Cell<isize>,
    position: Cell<usize>,
    /// The tuple given last, which is used again when nobody else has it.
    result: Field<Tuple>,
    left: Cell<usize>,
}

impl IteratorState {
    fn new(class: &Type, dict: &Dict, position: usize, pairs: bool, thread: &mut Thread) -> IteratorState {
        let result = if pairs {
            let none = thread.none();
            Field::new(Tuple::new(vec![none.clone(), none], thread).ok())
        } else {
            Field::EMPTY
        };
        IteratorState {
            header: Header::new(class),
            dict: Field::new(Some(Py::from_ref(dict))),
            used: Cell::new(dict.length() as isize),
            position: Cell::new(position),
            result,
            left: Cell::new(dict.length()),
        }
    }

    /// What `give` makes of the next entry in the iterator's direction.
    #[inline]
    fn step(&self, reverse: bool, give: Give, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        // SAFETY: the field changes only below, where the dict is not used any more.
        let Some(dict) = (unsafe { self.dict.borrow() }) else { return Ok(None) };
        if self.used.get() != dict.length() as isize {
            self.used.set(-1);
            return Err(raise!(thread, RuntimeError, "dictionary changed size during iteration"));
        }
        let mut position = self.position.get();
        let entry =
            if reverse { dict.previous_entry(&mut position, thread) } else { dict.next_entry(&mut position, thread) };
        let Some(entry) = entry else {
            self.dict.set(None);
            return Ok(None);
        };
        if self.left.get() == 0 {
            self.dict.set(None);
            return Err(raise!(thread, RuntimeError, "dictionary keys changed during iteration"));
        }
        self.position.set(position);
        self.left.set(self.left.get() - 1);
        match give {
            Give::Key => Ok(dict.key_of_entry(entry, thread)),
            Give::Value => Ok(dict.value_of_entry(entry)),
            Give::Pair => match dict.key_of_entry(entry, thread).zip(dict.value_of_entry(entry)) {
                Some(pair) => self.tuple_of(pair, thread).map(|it| Some(it.into_object())),
                None => Ok(None),
            },
        }
    }

    /// A pair as a tuple, the one given last if nobody else has it.
    fn tuple_of(&self, (key, value): (Py<Object>, Py<Object>), thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if let Some(last) = self.result.take() {
            if last.is_unique() {
                let old = last.refill([key, value], thread);
                self.result.set(Some(last.clone()));
                drop(old);
                return Ok(last);
            }
            self.result.set(Some(last));
        }
        Tuple::new(vec![key, value], thread)
    }

    fn length_hint(&self) -> usize {
        match self.dict.get() {
            Some(dict) if self.used.get() == dict.length() as isize => self.left.get(),
            _ => 0,
        }
    }
}

/// What an iterator gives of an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Give {
    Key,
    Value,
    Pair,
}

/// Makes an iterator type: its name, the direction, what it gives of an entry.
macro_rules! iterator_type {
    ($name:ident, $python_name:literal, $symbol:literal, $reverse:literal, $give:ident) => {
        #[doc = concat!("`", $python_name, "`.")]
        #[derive(Instance)]
        #[repr(C)]
        pub struct $name {
            state: IteratorState,
        }

        impl $name {
            /// An iterator at the beginning.
            pub fn new(dict: &Dict, thread: &mut Thread) -> Py<$name> {
                let position = if $reverse { dict.end_position(thread) } else { 0 };
                let state = IteratorState::new(Self::class(), dict, position, Give::$give == Give::Pair, thread);
                Py::new($name { state }, thread)
            }
        }

        #[python_type(name = $python_name, symbol = $symbol, base = crate::object::BaseObject)]
        impl $name {
            #[slot(tp_iter)]
            fn iter(&self) -> Py<$name> {
                Py::from_ref(self)
            }

            #[slot(tp_iternext)]
            fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
                self.state.step($reverse, Give::$give, thread)
            }

            /// __length_hint__($self, /)
            /// --
            ///
            /// Private method returning an estimate of len(list(it)).
            #[method]
            fn __length_hint__(&self) -> usize {
                self.state.length_hint()
            }

            /// __reduce__($self, /)
            /// --
            ///
            /// Return state information for pickling.
            #[method]
            fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
                let items = match self.state.dict.get() {
                    Some(dict) => {
                        let rest = $name::new(&dict, thread);
                        rest.state.used.set(self.state.used.get());
                        rest.state.position.set(self.state.position.get());
                        rest.state.left.set(self.state.left.get());
                        protocol::to_list(&rest, thread)?
                    }
                    None => List::empty(thread),
                };
                let iter = protocol::builtin(&names::iter, thread)?;
                let arguments = Tuple::new(vec![items.into_object()], thread)?;
                Tuple::new(vec![iter, arguments.into_object()], thread)
            }
        }
    };
}

iterator_type!(KeyIterator, "dict_keyiterator", "PyDictIterKey_Type", false, Key);
iterator_type!(ValueIterator, "dict_valueiterator", "PyDictIterValue_Type", false, Value);
iterator_type!(ItemIterator, "dict_itemiterator", "PyDictIterItem_Type", false, Pair);
iterator_type!(ReverseKeyIterator, "dict_reversekeyiterator", "PyDictRevIterKey_Type", true, Key);
iterator_type!(ReverseValueIterator, "dict_reversevalueiterator", "PyDictRevIterValue_Type", true, Value);
iterator_type!(ReverseItemIterator, "dict_reverseitemiterator", "PyDictRevIterItem_Type", true, Pair);
