//! `dict.keys()`, `dict.values()`, `dict.items()`: views of a dict. Keys and items have the operations of sets.

use macros::{Instance, python_type};

use super::iterators::{
    ItemIterator, KeyIterator, ReverseItemIterator, ReverseKeyIterator, ReverseValueIterator, ValueIterator,
};
use super::object::Dict;
use super::proxy::MappingProxy;
use crate::bool::Bool;
use crate::errors::PyResult;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Header, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

/// Makes a view type: its names, its iterators, whether it has the operations of sets.
macro_rules! view_type {
    ($name:ident, $python_name:literal, $symbol:literal, $iterator:ident, $reverse:ident, $reverse_doc:literal, {$($members:tt)*}) => {
        #[doc = concat!("`", $python_name, "`: a view of a dict.")]
        #[derive(Instance)]
        #[repr(C)]
        pub struct $name {
            header: Header,
            dict: Py<Dict>,
        }

        impl $name {
            pub fn new(dict: &Dict, thread: &mut Thread) -> Py<$name> {
                Py::new(Self::of_class(Self::class(), dict), thread)
            }

            /// The fields of a view whose class is this type or a subtype.
            pub fn of_class(class: &Type, dict: &Dict) -> $name {
                $name { header: Header::new(class), dict: Py::from_ref(dict) }
            }

            /// What this is a view of.
            pub fn dict(&self) -> &Py<Dict> {
                &self.dict
            }
        }

        #[python_type(name = $python_name, symbol = $symbol, base = crate::object::BaseObject)]
        impl $name {
            #[slot(tp_iter)]
            fn iter(&self, thread: &mut Thread) -> Py<$iterator> {
                $iterator::new(&self.dict, thread)
            }

            #[slot(sq_length)]
            fn len(&self) -> PyResult<usize> {
                Ok(self.dict.length())
            }

            #[slot(tp_repr)]
            fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
                protocol::repr_guarded(self, "...", thread, |thread| {
                    let items = protocol::to_list(self, thread)?;
                    let mut text = protocol::ContainerRepr::open(&self.class().short_name());
                    text.push("(");
                    text.push_repr(&items, thread)?;
                    text.push(")");
                    text.finish(thread)
                })
            }

            #[doc = $reverse_doc]
            #[method]
            fn __reversed__(&self, thread: &mut Thread) -> Py<$reverse> {
                $reverse::new(&self.dict, thread)
            }

            /// dictionary that this view refers to
            #[getter]
            fn mapping(&self, thread: &mut Thread) -> Py<MappingProxy> {
                MappingProxy::new(&self.dict, thread)
            }

            $($members)*
        }
    };
}

/// The view type with what keys and items have beyond it.
macro_rules! set_view_type {
    ($name:ident, $python_name:literal, $symbol:literal, $iterator:ident, $reverse:ident, $reverse_doc:literal) => {
        view_type!($name, $python_name, $symbol, $iterator, $reverse, $reverse_doc, {
            #[slot(sq_contains)]
            fn contains_slot(&self, value: &Object, thread: &mut Thread) -> PyResult<bool> {
                self.contains(value, thread)
            }

            #[slot(tp_richcompare)]
            fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
                compare_views(self, other, operation, thread)
            }

            #[slot(nb_subtract)]
            fn subtract(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                change_set(left, right, "difference_update", thread)
            }

            #[slot(nb_and)]
            fn and(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                intersect(left, right, thread)
            }

            #[slot(nb_xor)]
            fn xor(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                symmetric_difference(left, right, thread)
            }

            #[slot(nb_or)]
            fn or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                change_set(left, right, "update", thread)
            }

            /// isdisjoint($self, object, /)
            /// --
            ///
            /// Return True if the view and the given iterable have a null intersection.
            #[method]
            fn isdisjoint(&self, object: &Object, thread: &mut Thread) -> PyResult<bool> {
                are_disjoint(self, object, thread)
            }
        });
    };
}

set_view_type!(
    DictKeys,
    "dict_keys",
    "PyDictKeys_Type",
    KeyIterator,
    ReverseKeyIterator,
    "__reversed__($self, /)\n--\n\nReturn a reverse iterator over the dict keys."
);
set_view_type!(
    DictItems,
    "dict_items",
    "PyDictItems_Type",
    ItemIterator,
    ReverseItemIterator,
    "__reversed__($self, /)\n--\n\nReturn a reverse iterator over the dict items."
);
view_type!(
    DictValues,
    "dict_values",
    "PyDictValues_Type",
    ValueIterator,
    ReverseValueIterator,
    "__reversed__($self, /)\n--\n\nReturn a reverse iterator over the dict values.",
    {}
);

impl DictKeys {
    fn contains(&self, key: &Object, thread: &mut Thread) -> PyResult<bool> {
        self.dict.contains(key, thread)
    }
}

impl DictItems {
    fn contains(&self, pair: &Object, thread: &mut Thread) -> PyResult<bool> {
        let Some([key, value]) = pair.downcast::<Tuple>().map(Tuple::items) else { return Ok(false) };
        match self.dict.get(key, thread)? {
            Some(found) => protocol::equals(&found, value, thread),
            None => Ok(false),
        }
    }
}

/// The dict behind a view that has the operations of sets.
fn dict_of_set_view(object: &Object) -> Option<&Py<Dict>> {
    match object.downcast::<DictKeys>() {
        Some(keys) => Some(&keys.dict),
        None => object.downcast::<DictItems>().map(|it| &it.dict),
    }
}

/// True for sets, frozensets and instances of their subclasses.
fn is_any_set(object: &Object, thread: &Thread) -> bool {
    let types = thread.interpreter().set_types.get();
    types.is_some_and(|(set, frozenset)| object.class().is_subtype(set) || object.class().is_subtype(frozenset))
}

/// True for instances of exactly `set` or `frozenset`.
pub(super) fn is_exactly_set(object: &Object, thread: &Thread) -> bool {
    let types = thread.interpreter().set_types.get();
    types.is_some_and(|(set, frozenset)| {
        let class: *const Type = object.class();
        std::ptr::eq(class, set) || std::ptr::eq(class, frozenset)
    })
}

/// A new set of an iterable's items.
fn make_set(items: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
    match thread.interpreter().set_types.get() {
        Some((set, _)) => protocol::call(set, items, thread),
        None => Err(raise!(thread, NotImplementedError, "sets are not a part of this interpreter")),
    }
}

/// Calls a method by a name of the source.
fn call_named(receiver: &Object, name: &str, argument: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = Str::from_str(name, thread);
    protocol::call_method(receiver, &name, &[argument], thread)
}

/// A set of the left operand's items, changed by a method with the right one.
fn change_set(left: &Object, right: &Object, method: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let result = make_set(&[left], thread)?;
    call_named(&result, method, right, thread)?;
    Ok(result)
}

fn all_in(items: &Object, container: &Object, thread: &mut Thread) -> PyResult<bool> {
    let iterator = protocol::iter(items, thread)?;
    while let Some(item) = protocol::next(&iterator, thread)? {
        if !protocol::contains(container, &item, thread)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compare_views(view: &Object, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
    if dict_of_set_view(other).is_none() && !is_any_set(other, thread) {
        return Ok(thread.not_implemented());
    }
    let (length, other_length) = (protocol::length(view, thread)?, protocol::length(other, thread)?);
    let (possible, subset) = match operation {
        Comparison::Equal | Comparison::NotEqual => (length == other_length, (view, other)),
        Comparison::Less => (length < other_length, (view, other)),
        Comparison::LessEqual => (length <= other_length, (view, other)),
        Comparison::Greater => (length > other_length, (other, view)),
        Comparison::GreaterEqual => (length >= other_length, (other, view)),
    };
    let holds = possible && all_in(subset.0, subset.1, thread)?;
    Ok(Bool::new(holds != (operation == Comparison::NotEqual)))
}

fn intersect(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let (mut view, mut other) = if dict_of_set_view(left).is_some() { (left, right) } else { (right, left) };
    let length = protocol::length(view, thread)?;
    let sets = thread.interpreter().set_types.get();
    // A frozenset would make another frozenset.
    let is_set = sets.is_some_and(|(set, _)| std::ptr::eq(other.class(), set));
    if is_set && length <= protocol::length(other, thread)? {
        return call_named(other, "intersection", view, thread);
    }
    if dict_of_set_view(other).is_some_and(|it| it.length() > length) {
        (view, other) = (other, view);
    }
    let result = make_set(&[], thread)?;
    let iterator = protocol::iter(other, thread)?;
    while let Some(item) = protocol::next(&iterator, thread)? {
        if protocol::contains(view, &item, thread)? {
            call_named(&result, "add", &item, thread)?;
        }
    }
    Ok(result)
}

fn symmetric_difference(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let (Some(first), Some(second)) = (left.downcast::<DictItems>(), right.downcast::<DictItems>()) else {
        return change_set(left, right, "symmetric_difference_update", thread);
    };
    let result = make_set(&[], thread)?;
    for (one, other) in [(first, second), (second, first)] {
        let mut position = 0;
        while let Some((key, hash, value)) = one.dict.next_with_hash(&mut position, thread) {
            let found = other.dict.get_with_hash(&key, hash, thread)?;
            let same = match found {
                Some(found) => protocol::equals(&value, &found, thread)?,
                None => false,
            };
            if !same {
                let pair = Tuple::new(vec![key, value], thread)?;
                call_named(&result, "add", &pair, thread)?;
            }
        }
    }
    Ok(result)
}

fn are_disjoint(view: &Object, other: &Object, thread: &mut Thread) -> PyResult<bool> {
    let length = protocol::length(view, thread)?;
    if view.is(other) {
        return Ok(length == 0);
    }
    let sized = is_exactly_set(other, thread) || dict_of_set_view(other).is_some();
    let (container, items) =
        if sized && protocol::length(other, thread)? > length { (other, view) } else { (view, other) };
    let iterator = protocol::iter(items, thread)?;
    while let Some(item) = protocol::next(&iterator, thread)? {
        if protocol::contains(container, &item, thread)? {
            return Ok(false);
        }
    }
    Ok(true)
}
