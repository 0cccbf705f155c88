//! What Python programs see of `set` and `frozenset`.

use std::mem::offset_of;

use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{KeyError, PyResult};
use objects::list::List;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::iterator::SetIterator;
use super::object::SetObject;

/// A changeable set.
#[derive(Instance)]
#[repr(C)]
pub struct Set {
    pub(super) object: SetObject,
}

/// A set that never changes.
#[derive(Instance)]
#[repr(C)]
pub struct FrozenSet {
    pub(super) object: SetObject,
}

impl Set {
    /// A new empty set.
    pub fn new(thread: &mut Thread) -> PyResult<Py<Set>> {
        let set = SetObject::new_in(Set::class(), thread)?;
        Ok(set.into_object().downcast_into().unwrap_or_else(|_| unreachable!("it was made as a set")))
    }

    /// The set with the operations of both kinds.
    pub fn view(&self) -> &SetObject {
        &self.object
    }
}

impl FrozenSet {
    /// A new frozenset of these elements.
    pub fn from_elements(elements: &[Py<Object>], thread: &mut Thread) -> PyResult<Py<FrozenSet>> {
        let set = SetObject::new_in(FrozenSet::class(), thread)?;
        for element in elements {
            set.add(element, thread)?;
        }
        Ok(set.into_object().downcast_into().unwrap_or_else(|_| unreachable!("it was made as a frozenset")))
    }

    /// The frozenset with the operations of both kinds.
    pub fn view(&self) -> &SetObject {
        &self.object
    }
}

/// The one optional argument of the constructors.
fn only_argument<'a>(arguments: &'a Tuple, name: &str, thread: &mut Thread) -> PyResult<Option<&'a Object>> {
    match arguments.items() {
        [] => Ok(None),
        [iterable] => Ok(Some(iterable)),
        more => {
            let given = more.len();
            Err(raise!(thread, TypeError, "{name} expected at most 1 argument, got {given}"))
        }
    }
}

fn repr(set: &SetObject, thread: &mut Thread) -> PyResult<Py<Str>> {
    let name = set.class().full_name();
    if set.length() == 0 {
        return Ok(Str::from_str(&format!("{name}()"), thread));
    }
    let plain = set.is_exactly::<Set>();
    let (open, close) = if plain { ("{".to_owned(), "}") } else { (format!("{name}({{"), "})") };
    protocol::repr_guarded(set, &format!("{name}(...)"), thread, |thread| {
        let mut text = protocol::ContainerRepr::open(&open);
        for (index, key) in set.snapshot(thread).iter().enumerate() {
            if index > 0 {
                text.push(", ");
            }
            text.push_repr(key, thread)?;
        }
        text.push(close);
        text.finish(thread)
    })
}

fn compare(set: &SetObject, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(other) = SetObject::of(other) else { return Ok(thread.not_implemented()) };
    let holds = match operation {
        Comparison::Equal => set.equals(other, thread)?,
        Comparison::NotEqual => !set.equals(other, thread)?,
        Comparison::LessEqual => set.is_subset(other, thread)?,
        Comparison::GreaterEqual => set.is_superset(other, thread)?,
        Comparison::Less => set.length() < other.length() && set.is_subset(other, thread)?,
        Comparison::Greater => set.length() > other.length() && set.is_superset(other, thread)?,
    };
    Ok(Bool::new(holds))
}

fn reduce(set: &SetObject, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let keys = List::new(set.snapshot(thread), thread)?;
    let arguments = Tuple::new(vec![keys.into_object()], thread)?;
    let get_state = &objects::names::__getstate__;
    let state = protocol::call_method(set, get_state, &[], thread)?;
    Tuple::new(vec![Py::from_ref(set.class()).into_object(), arguments.into_object(), state], thread)
}

/// Both operands as sets of either kind, as binary operators need them.
fn operands<'a>(left: &'a Object, right: &'a Object) -> Option<(&'a SetObject, &'a SetObject)> {
    Some((SetObject::of(left)?, SetObject::of(right)?))
}

/// Declares a kind of set: what both have, and what is the kind's own.
macro_rules! set_type {
    ($(#[doc = $doc:literal])* $name:ident, $python_name:literal, $symbol:literal, {$($hashable:tt)*}, {$($members:tt)*}) => {
        $(#[doc = $doc])*
        #[python_type(
            name = $python_name, symbol = $symbol, base = objects::object::BaseObject, flags(BASETYPE, MATCH_SELF),
            weaklist_offset = offset_of!(SetObject, weak_references), $($hashable)*
        )]
        impl $name {
            $($members)*

            #[slot(tp_repr)]
            fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
                repr(&self.object, thread)
            }

            #[slot(tp_iter)]
            fn iter(&self, thread: &mut Thread) -> Py<SetIterator> {
                SetIterator::new(&self.object, thread)
            }

            #[slot(tp_richcompare)]
            fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
                compare(&self.object, other, operation, thread)
            }

            #[slot(sq_length)]
            fn len(&self) -> PyResult<usize> {
                Ok(self.object.length())
            }

            #[slot(sq_contains)]
            fn contains(&self, key: &Object, thread: &mut Thread) -> PyResult<bool> {
                self.object.contains(key, thread)
            }

            #[slot(nb_subtract)]
            fn subtract(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                match operands(left, right) {
                    Some((left, _)) => left.difference(&[right], thread).map(Py::into_object),
                    None => Ok(thread.not_implemented()),
                }
            }

            #[slot(nb_and)]
            fn and(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                match operands(left, right) {
                    Some((left, _)) => left.intersection(&[right], thread).map(Py::into_object),
                    None => Ok(thread.not_implemented()),
                }
            }

            #[slot(nb_xor)]
            fn xor(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                match operands(left, right) {
                    Some((left, _)) => left.symmetric_difference(right, thread).map(Py::into_object),
                    None => Ok(thread.not_implemented()),
                }
            }

            #[slot(nb_or)]
            fn or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
                match operands(left, right) {
                    Some((left, _)) => left.union(&[right], thread).map(Py::into_object),
                    None => Ok(thread.not_implemented()),
                }
            }

            /// __contains__($self, object, /)
            /// --
            ///
            /// x.__contains__(y) <==> y in x.
            #[method]
            fn __contains__(&self, object: &Object, thread: &mut Thread) -> PyResult<bool> {
                self.object.contains(object, thread)
            }

            /// difference($self, /, *others)
            /// --
            ///
            /// Return a new set with elements in the set that are not in the others.
            #[method]
            fn difference(&self, others: &[&Object], thread: &mut Thread) -> PyResult<Py<SetObject>> {
                self.object.difference(others, thread)
            }

            /// intersection($self, /, *others)
            /// --
            ///
            /// Return a new set with elements common to the set and all others.
            #[method]
            fn intersection(&self, others: &[&Object], thread: &mut Thread) -> PyResult<Py<SetObject>> {
                self.object.intersection(others, thread)
            }

            /// isdisjoint($self, other, /)
            /// --
            ///
            /// Return True if two sets have a null intersection.
            #[method]
            fn isdisjoint(&self, other: &Object, thread: &mut Thread) -> PyResult<bool> {
                self.object.is_disjoint(other, thread)
            }

            /// issubset($self, other, /)
            /// --
            ///
            /// Report whether another set contains this set.
            #[method]
            fn issubset(&self, other: &Object, thread: &mut Thread) -> PyResult<bool> {
                self.object.is_subset(other, thread)
            }

            /// issuperset($self, other, /)
            /// --
            ///
            /// Report whether this set contains another set.
            #[method]
            fn issuperset(&self, other: &Object, thread: &mut Thread) -> PyResult<bool> {
                self.object.is_superset(other, thread)
            }

            /// __reduce__($self, /)
            /// --
            ///
            /// Return state information for pickling.
            #[method]
            fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
                reduce(&self.object, thread)
            }

            /// __sizeof__($self, /)
            /// --
            ///
            /// S.__sizeof__() -> size of S in memory, in bytes.
            #[method]
            fn __sizeof__(&self) -> usize {
                self.object.size_in_bytes()
            }

            /// symmetric_difference($self, other, /)
            /// --
            ///
            /// Return a new set with elements in either the set or other but not both.
            #[method]
            fn symmetric_difference(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<SetObject>> {
                self.object.symmetric_difference(other, thread)
            }

            /// union($self, /, *others)
            /// --
            ///
            /// Return a new set with elements from the set and all others.
            #[method]
            fn union(&self, others: &[&Object], thread: &mut Thread) -> PyResult<Py<SetObject>> {
                self.object.union(others, thread)
            }

       }
    };
}

set_type!(
    /// set(iterable=(), /)
    /// --
    ///
    /// Build an unordered collection of unique elements.
    Set, "set", "PySet_Type", {unhashable}, {
        #[slot(tp_new)]
        fn new_instance(
            class: &Type,
            arguments: &Tuple,
            keywords: Option<&Dict>,
            thread: &mut Thread,
        ) -> PyResult<Py<SetObject>> {
            let _ = (arguments, keywords);
            SetObject::new_in(class, thread)
        }

        #[slot(tp_init)]
        fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
            if keywords.is_some_and(|it| !it.is_empty()) {
                return Err(raise!(thread, TypeError, "set() takes no keyword arguments"));
            }
            let iterable = only_argument(arguments, &self.class().full_name(), thread)?;
            self.object.clear(thread);
            match iterable {
                Some(iterable) => self.object.update(iterable, thread),
                None => Ok(()),
            }
        }

        #[slot(nb_inplace_subtract)]
        fn inplace_subtract(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
            if SetObject::of(other).is_none() {
                return Ok(thread.not_implemented());
            }
            self.object.difference_update(other, thread)?;
            Ok(Py::from_ref(self).into_object())
        }

        #[slot(nb_inplace_and)]
        fn inplace_and(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
            if SetObject::of(other).is_none() {
                return Ok(thread.not_implemented());
            }
            self.object.intersection_update(&[other], thread)?;
            Ok(Py::from_ref(self).into_object())
        }

        #[slot(nb_inplace_xor)]
        fn inplace_xor(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
            if SetObject::of(other).is_none() {
                return Ok(thread.not_implemented());
            }
            self.object.symmetric_difference_update(other, thread)?;
            Ok(Py::from_ref(self).into_object())
        }

        #[slot(nb_inplace_or)]
        fn inplace_or(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
            if SetObject::of(other).is_none() {
                return Ok(thread.not_implemented());
            }
            self.object.update(other, thread)?;
            Ok(Py::from_ref(self).into_object())
        }

        /// add($self, object, /)
        /// --
        ///
        /// Add an element to a set.
        ///
        /// This has no effect if the element is already present.
        #[method]
        fn add(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
            self.object.add(object, thread)
        }

        /// clear($self, /)
        /// --
        ///
        /// Remove all elements from this set.
        #[method]
        fn clear(&self, thread: &mut Thread) {
            self.object.clear(thread);
        }

        /// copy($self, /)
        /// --
        ///
        /// Return a shallow copy of a set.
        #[method]
        fn copy(&self, thread: &mut Thread) -> PyResult<Py<SetObject>> {
            self.object.duplicate(thread)
        }

        /// discard($self, object, /)
        /// --
        ///
        /// Remove an element from a set if it is a member.
        ///
        /// Unlike set.remove(), the discard() method does not raise
        /// an exception when an element is missing from the set.
        #[method]
        fn discard(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
            self.object.discard(object, thread).map(drop)
        }

        /// remove($self, object, /)
        /// --
        ///
        /// Remove an element from a set; it must be a member.
        ///
        /// If the element is not a member, raise a KeyError.
        #[method]
        fn remove(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
            if self.object.discard(object, thread)? {
                return Ok(());
            }
            Err(thread.raise_with_argument(KeyError, Py::from_ref(object)))
        }

        /// pop($self, /)
        /// --
        ///
        /// Remove and return an arbitrary set element.
        ///
        /// Raises KeyError if the set is empty.
        #[method]
        fn pop(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
            match self.object.pop_any(thread) {
                Some(key) => Ok(key),
                None => Err(raise!(thread, KeyError, "pop from an empty set")),
            }
        }

        /// update($self, /, *others)
        /// --
        ///
        /// Update the set, adding elements from all others.
        #[method]
        fn update(&self, others: &[&Object], thread: &mut Thread) -> PyResult<()> {
            others.iter().try_for_each(|it| self.object.update(it, thread))
        }

        /// difference_update($self, /, *others)
        /// --
        ///
        /// Update the set, removing elements found in others.
        #[method]
        fn difference_update(&self, others: &[&Object], thread: &mut Thread) -> PyResult<()> {
            others.iter().try_for_each(|it| self.object.difference_update(it, thread))
        }

        /// intersection_update($self, /, *others)
        /// --
        ///
        /// Update the set, keeping only elements found in it and all others.
        #[method]
        fn intersection_update(&self, others: &[&Object], thread: &mut Thread) -> PyResult<()> {
            self.object.intersection_update(others, thread)
        }

        /// symmetric_difference_update($self, other, /)
        /// --
        ///
        /// Update the set, keeping only elements found in either set, but not in both.
        #[method]
        fn symmetric_difference_update(&self, other: &Object, thread: &mut Thread) -> PyResult<()> {
            self.object.symmetric_difference_update(other, thread)
        }

        /// __class_getitem__($type, object, /)
        /// --
        ///
        /// sets are generic over the type of their elements
        #[classmethod]
        fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
            protocol::generic_alias(class, object, thread)
        }
    }
);

set_type!(
    /// frozenset(iterable=(), /)
    /// --
    ///
    /// Build an immutable unordered collection of unique elements.
    FrozenSet, "frozenset", "PyFrozenSet_Type", {}, {
        #[slot(tp_new)]
        fn new_instance(
            class: &Type,
            arguments: &Tuple,
            keywords: Option<&Dict>,
            thread: &mut Thread,
        ) -> PyResult<Py<Object>> {
            let plain_init = class.slots().tp_init.get().map(|it| it as usize)
                == FrozenSet::class().slots().tp_init.get().map(|it| it as usize);
            if plain_init && keywords.is_some_and(|it| !it.is_empty()) {
                return Err(raise!(thread, TypeError, "frozenset() takes no keyword arguments"));
            }
            let iterable = only_argument(arguments, &class.full_name(), thread)?;
            if let Some(iterable) = iterable
                && std::ptr::eq(class, FrozenSet::class())
                && iterable.is_exactly::<FrozenSet>()
            {
                return Ok(Py::from_ref(iterable));
            }
            SetObject::from_iterable(class, iterable, thread).map(Py::into_object)
        }

        #[slot(tp_hash)]
        fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
            Ok(self.object.hash_keys(thread))
        }

        /// copy($self, /)
        /// --
        ///
        /// Return a shallow copy of a set.
        #[method]
        fn copy(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
            if self.is_exactly::<FrozenSet>() {
                return Ok(Py::from_ref(self).into_object());
            }
            self.object.duplicate(thread).map(Py::into_object)
        }

        /// __class_getitem__($type, object, /)
        /// --
        ///
        /// frozensets are generic over the type of their elements
        #[classmethod]
        fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
            protocol::generic_alias(class, object, thread)
        }
    }
);
