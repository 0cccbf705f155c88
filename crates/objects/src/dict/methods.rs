//! What Python programs see of `dict`.

use macros::python_type;

use super::iterators::{KeyIterator, ReverseKeyIterator};
use super::object::Dict;
use super::views::{DictItems, DictKeys, DictValues};
use crate::bool::Bool;
use crate::errors::{KeyError, PyResult};
use crate::names;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::Type;

impl Dict {
    /// `dict[key]`, with `__missing__` of subclasses.
    pub fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(value) = self.get(key, thread)? {
            return Ok(value);
        }
        if !self.is_exactly::<Dict>()
            && let Some(value) = protocol::call_special(self, &names::__missing__, &[key], thread)?
        {
            return Ok(value);
        }
        Err(thread.raise_with_argument(KeyError, Py::from_ref(key)))
    }

    fn repr_items(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut text = protocol::ContainerRepr::open("{");
        let mut position = 0;
        let mut first = true;
        while let Some((key, value)) = self.next(&mut position, thread) {
            if !first {
                text.push(", ");
            }
            first = false;
            text.push_repr(&key, thread)?;
            text.push(": ");
            text.push_repr(&value, thread)?;
        }
        text.push("}");
        text.finish(thread)
    }
}

/// dict() -> new empty dictionary
/// dict(mapping) -> new dictionary initialized from a mapping object's
///     (key, value) pairs
/// dict(iterable) -> new dictionary initialized as if via:
///     d = {}
///     for k, v in iterable:
///         d[k] = v
/// dict(**kwargs) -> new dictionary initialized with the name=value pairs
///     in the keyword argument list.  For example:  dict(one=1, two=2)
#[python_type(
    name = "dict", symbol = "PyDict_Type", base = crate::object::BaseObject, dealloc = super::watching::deallocate,
    flags(BASETYPE, DICT_SUBCLASS, MAPPING, MATCH_SELF), unhashable
)]
impl Dict {
    #[slot(tp_new)]
    fn new_instance(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Dict>> {
        let _ = (arguments, keywords);
        Self::new_in(class, thread)
    }

    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        let arguments: Vec<&Object> = arguments.items().iter().map(|it| &**it).collect();
        self.update_from_call(&arguments, keywords, "dict", thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        if self.is_empty() {
            return Ok(Str::from_str("{}", thread));
        }
        protocol::repr_guarded(self, "{...}", thread, |thread| self.repr_items(thread))
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> Py<KeyIterator> {
        KeyIterator::new(self, thread)
    }

    #[slot(sq_length, mp_length)]
    fn len(&self) -> PyResult<usize> {
        Ok(self.length())
    }

    #[slot(sq_contains)]
    fn contains_slot(&self, key: &Object, thread: &mut Thread) -> PyResult<bool> {
        self.contains(key, thread)
    }

    #[slot(mp_subscript)]
    fn subscript_slot(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.subscript(key, thread)
    }

    #[slot(mp_ass_subscript)]
    fn assign(&self, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        match value {
            Some(value) => self.set(key, value, thread),
            None if self.delete(key, thread)? => Ok(()),
            None => Err(thread.raise_with_argument(KeyError, Py::from_ref(key))),
        }
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let equal = match (other.downcast::<Dict>(), operation) {
            (Some(other), Comparison::Equal | Comparison::NotEqual) => self.equals(other, thread)?,
            _ => return Ok(thread.not_implemented()),
        };
        Ok(Bool::new(equal == (operation == Comparison::Equal)))
    }

    #[slot(nb_or)]
    fn or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (Some(left), Some(_)) = (left.downcast::<Dict>(), right.downcast::<Dict>()) else {
            return Ok(thread.not_implemented());
        };
        let result = left.copy(thread)?;
        result.update(right, thread)?;
        Ok(result.into_object())
    }

    #[slot(nb_inplace_or)]
    fn inplace_or(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Dict>> {
        self.update(other, thread)?;
        Ok(Py::from_ref(self))
    }

    /// __contains__($self, key, /)
    /// --
    ///
    /// True if the dictionary has the specified key, else False.
    #[method]
    fn __contains__(&self, key: &Object, thread: &mut Thread) -> PyResult<bool> {
        self.contains(key, thread)
    }

    /// __getitem__($self, key, /)
    /// --
    ///
    /// Return self[key].
    #[method]
    fn __getitem__(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.subscript(key, thread)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Return the size of the dict in memory, in bytes.
    #[method]
    fn __sizeof__(&self, thread: &mut Thread) -> usize {
        self.size_in_bytes(thread)
    }

    /// get($self, key, default=None, /)
    /// --
    ///
    /// Return the value for key if key is in the dictionary, else default.
    #[method(name = "get")]
    fn get_method(&self, key: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let value = self.get(key, thread)?;
        Ok(value.unwrap_or_else(|| default.map_or_else(|| thread.none(), Py::from_ref)))
    }

    /// setdefault($self, key, default=None, /)
    /// --
    ///
    /// Insert key with a value of default if key is not in the dictionary.
    ///
    /// Return the value for key if key is in the dictionary, else default.
    #[method]
    fn setdefault(&self, key: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let default = default.unwrap_or_else(|| protocol::none());
        Ok(self.set_default(key, default, thread)?.0)
    }

    /// pop($self, key, default=<unrepresentable>, /)
    /// --
    ///
    /// D.pop(k[,d]) -> v, remove specified key and return the corresponding value.
    ///
    /// If the key is not found, return the default if given; otherwise,
    /// raise a KeyError.
    #[method(name = "pop")]
    fn pop_method(&self, key: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        match (self.pop(key, thread)?, default) {
            (Some(value), _) => Ok(value),
            (None, Some(default)) => Ok(Py::from_ref(default)),
            (None, None) => Err(thread.raise_with_argument(KeyError, Py::from_ref(key))),
        }
    }

    /// popitem($self, /)
    /// --
    ///
    /// Remove and return a (key, value) pair as a 2-tuple.
    ///
    /// Pairs are returned in LIFO (last-in, first-out) order.
    /// Raises KeyError if the dict is empty.
    #[method]
    fn popitem(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        match self.pop_last(thread)? {
            Some((key, value)) => Tuple::new(vec![key, value], thread),
            None => Err(raise!(thread, KeyError, "popitem(): dictionary is empty")),
        }
    }

    /// keys($self, /)
    /// --
    ///
    /// Return a set-like object providing a view on the dict's keys.
    #[method]
    fn keys(&self, thread: &mut Thread) -> Py<DictKeys> {
        DictKeys::new(self, thread)
    }

    /// items($self, /)
    /// --
    ///
    /// Return a set-like object providing a view on the dict's items.
    #[method]
    fn items(&self, thread: &mut Thread) -> Py<DictItems> {
        DictItems::new(self, thread)
    }

    /// values($self, /)
    /// --
    ///
    /// Return an object providing a view on the dict's values.
    #[method]
    fn values(&self, thread: &mut Thread) -> Py<DictValues> {
        DictValues::new(self, thread)
    }

    /// D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.
    /// If E is present and has a .keys() method, then does:  for k in E.keys(): D[k] = E[k]
    /// If E is present and lacks a .keys() method, then does:  for k, v in E: D[k] = v
    /// In either case, this is followed by: for k in F:  D[k] = F[k]
    #[method(name = "update")]
    #[any_names]
    #[signature("(*args, **kwargs)")]
    fn update_method(&self, args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<()> {
        self.update_from_call(args, kwargs.as_deref(), "update", thread)
    }

    /// fromkeys($type, iterable, value=None, /)
    /// --
    ///
    /// Create a new dictionary with keys from iterable and values set to value.
    #[classmethod]
    fn fromkeys(class: &Type, iterable: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        Self::from_keys(class, iterable, value.unwrap_or_else(|| protocol::none()), thread)
    }

    /// clear($self, /)
    /// --
    ///
    /// Remove all items from the dict.
    #[method(name = "clear")]
    fn clear_method(&self, thread: &mut Thread) {
        self.clear(thread);
    }

    /// copy($self, /)
    /// --
    ///
    /// Return a shallow copy of the dict.
    #[method(name = "copy")]
    fn copy_method(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        self.copy(thread)
    }

    /// __reversed__($self, /)
    /// --
    ///
    /// Return a reverse iterator over the dict keys.
    #[method]
    fn __reversed__(&self, thread: &mut Thread) -> Py<ReverseKeyIterator> {
        ReverseKeyIterator::new(self, thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// dicts are generic over two types, signifying (respectively) the types of their keys and values
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }
}
