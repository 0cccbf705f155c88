//! What programs see of `OrderedDict`.

use macros::python_type;
use objects::bool::Bool;
use objects::dict::{Dict, Duplicates};
use objects::errors::{KeyError, PyResult};
use objects::object::default_state;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Type, instance_dict};

use super::iterator::{OrderedIterator, Part};
use super::object::OrderedDict;
use super::update::{update, update_from_call};
use super::views::{OrderedItems, OrderedKeys, OrderedValues};

impl OrderedDict {
    /// The items as a plain dict in this order, for `repr`. A subclass may have its own idea of them.
    fn to_plain(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        let plain = Dict::new(thread);
        plain.merge(self, Duplicates::Replace, thread)?;
        Ok(plain)
    }

    /// The instance's state: by `__getstate__`.
    fn get_state(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        match protocol::lookup_attribute(self, &objects::names::__getstate__, thread)? {
            Some(get) => protocol::call(&get, &[], thread),
            None => default_state(self, false, thread),
        }
    }
}

/// Dictionary that remembers insertion order
#[python_type(
    name = "collections.OrderedDict", symbol = "PyODict_Type", base = Dict, flags(BASETYPE), unhashable,
    dict_offset = std::mem::offset_of!(OrderedDict, attributes),
    weaklist_offset = std::mem::offset_of!(OrderedDict, weak_references)
)]
impl OrderedDict {
    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        let arguments: Vec<&Object> = arguments.items().iter().map(|it| &**it).collect();
        if arguments.len() > 1 {
            let given = arguments.len();
            return Err(raise!(thread, TypeError, "expected at most 1 argument, got {given}"));
        }
        update_from_call(self, &arguments, keywords, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> PyResult<Py<OrderedIterator>> {
        OrderedIterator::new(self, Part::Keys, false, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let class = self.class().short_name();
        if self.length() == 0 {
            return Ok(Str::from_str(&format!("{class}()"), thread));
        }
        protocol::repr_guarded(self, "...", thread, |thread| {
            let plain = self.to_plain(thread)?;
            let mut text = protocol::ContainerRepr::open(&class);
            text.push("(");
            text.push_repr(&plain, thread)?;
            text.push(")");
            text.finish(thread)
        })
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (Some(dict), Comparison::Equal | Comparison::NotEqual) = (other.downcast::<Dict>(), operation) else {
            return Ok(thread.not_implemented());
        };
        let mut equal = self.dict.equals(dict, thread)?;
        if equal && let Some(ordered) = other.downcast::<OrderedDict>() {
            equal = self.has_same_order(ordered, thread)?;
        }
        Ok(Bool::new(equal == (operation == Comparison::Equal)))
    }

    #[slot(mp_ass_subscript)]
    fn assign(&self, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        match value {
            Some(value) => self.set(key, value, thread),
            None => self.delete(key, thread),
        }
    }

    #[slot(nb_or)]
    fn or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let class = match (left.downcast::<OrderedDict>(), right.downcast::<OrderedDict>()) {
            (Some(own), _) if right.downcast::<Dict>().is_some() => Py::from_ref(own.class()),
            (None, Some(own)) if left.downcast::<Dict>().is_some() => Py::from_ref(own.class()),
            _ => return Ok(thread.not_implemented()),
        };
        let new = protocol::call_one(&class, left, thread)?;
        update(&new, right, thread)?;
        Ok(new)
    }

    #[slot(nb_inplace_or)]
    fn inplace_or(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<OrderedDict>> {
        update(self, other, thread)?;
        Ok(Py::from_ref(self))
    }

    #[getter]
    fn __dict__(&self, thread: &mut Thread) -> Option<Py<Dict>> {
        instance_dict::dict(self, thread)
    }

    #[setter(name = "__dict__")]
    fn set_dict(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        instance_dict::set_dict(self, value, thread)
    }

    /// fromkeys($type, /, iterable, value=None)
    /// --
    ///
    /// Create a new ordered dictionary with keys from iterable and values set to value.
    #[classmethod]
    fn fromkeys(class: &Type, iterable: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let none = thread.none();
        let value = value.unwrap_or(&none);
        let new = protocol::call(class, &[], thread)?;
        let iterator = protocol::iter(iterable, thread)?;
        while let Some(key) = protocol::next(&iterator, thread)? {
            protocol::set_item(&new, &key, value, thread)?;
        }
        Ok(new)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __sizeof__(&self, thread: &mut Thread) -> usize {
        self.size_in_bytes(thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let state = self.get_state(thread)?;
        let items = protocol::call_method(self, &objects::names::items, &[], thread)?;
        let items = protocol::iter(&items, thread)?;
        let class = Py::from_ref(self.class()).into_object();
        let (nothing, none) = (Tuple::empty(thread).into_object(), thread.none());
        Tuple::new(vec![class, nothing, state, none, items], thread)
    }

    /// setdefault($self, /, key, default=None)
    /// --
    ///
    /// Insert key with a value of default if key is not in the dictionary.
    ///
    /// Return the value for key if key is in the dictionary, else default.
    #[method]
    fn setdefault(&self, key: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let none = thread.none();
        let default = default.unwrap_or(&none);
        if self.is_exactly::<OrderedDict>() {
            if let Some(value) = self.dict.get(key, thread)? {
                return Ok(value);
            }
            self.set(key, default, thread)?;
        } else {
            if protocol::contains(self, key, thread)? {
                return protocol::get_item(self, key, thread);
            }
            protocol::set_item(self, key, default, thread)?;
        }
        Ok(Py::from_ref(default))
    }

    /// pop($self, /, key, default=<unrepresentable>)
    /// --
    ///
    /// od.pop(key[,default]) -> v, remove specified key and return the corresponding value.
    ///
    /// If the key is not found, return the default if given; otherwise,
    /// raise a KeyError.
    #[method]
    fn pop(&self, key: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let hash = protocol::hash(key, thread)?;
        match (self.take(key, hash, thread)?, default) {
            (Some(value), _) => Ok(value),
            (None, Some(default)) => Ok(Py::from_ref(default)),
            (None, None) => Err(thread.raise_with_argument(KeyError, Py::from_ref(key))),
        }
    }

    /// popitem($self, /, last=True)
    /// --
    ///
    /// Remove and return a (key, value) pair from the dictionary.
    ///
    /// Pairs are returned in LIFO order if last is true or FIFO order if
    /// false.
    #[method]
    fn popitem(&self, last: Option<bool>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let Some((key, hash)) = self.end_key(last.unwrap_or(true), thread) else {
            return Err(raise!(thread, KeyError, "dictionary is empty"));
        };
        match self.take(&key, hash, thread)? {
            Some(value) => Tuple::new(vec![key, value], thread),
            None => Err(thread.raise_with_argument(KeyError, key)),
        }
    }

    /// keys($self, /)
    /// --
    ///
    ///
    #[method]
    fn keys(&self, thread: &mut Thread) -> Py<OrderedKeys> {
        OrderedKeys::new(self, thread)
    }

    /// values($self, /)
    /// --
    ///
    ///
    #[method]
    fn values(&self, thread: &mut Thread) -> Py<OrderedValues> {
        OrderedValues::new(self, thread)
    }

    /// items($self, /)
    /// --
    ///
    ///
    #[method]
    fn items(&self, thread: &mut Thread) -> Py<OrderedItems> {
        OrderedItems::new(self, thread)
    }

    #[method]
    #[signature("(*args, **kwargs)")]
    fn update(&self, args: &[&Object], kwargs: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<()> {
        update_from_call(self, args, kwargs.as_deref(), thread)
    }

    /// clear($self, /)
    /// --
    ///
    /// Remove all items from ordered dict.
    #[method]
    fn clear(&self, thread: &mut Thread) {
        self.clear_all(thread);
    }

    /// copy($self, /)
    /// --
    ///
    /// A shallow copy of ordered dict.
    #[method]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let class = Py::from_ref(self.class());
        let copy = protocol::call(&class, &[], thread)?;
        let exact = self.is_exactly::<OrderedDict>();
        self.for_each_key(thread, |key, hash, thread| match copy.downcast::<OrderedDict>() {
            Some(copy) if exact => {
                let value = self.value_of(key, thread)?;
                copy.set_with_hash(key, hash, value, thread)
            }
            _ => {
                let value = protocol::get_item(self, key, thread)?;
                protocol::set_item(&copy, key, &value, thread)
            }
        })?;
        Ok(copy)
    }

    /// __reversed__($self, /)
    /// --
    ///
    /// od.__reversed__() <==> reversed(od)
    #[method]
    fn __reversed__(&self, thread: &mut Thread) -> PyResult<Py<OrderedIterator>> {
        OrderedIterator::new(self, Part::Keys, true, thread)
    }

    /// move_to_end($self, /, key, last=True)
    /// --
    ///
    /// Move an existing element to the end (or beginning if last is false).
    ///
    /// Raise KeyError if the element does not exist.
    #[method]
    fn move_to_end(&self, key: &Object, last: Option<bool>, thread: &mut Thread) -> PyResult<()> {
        self.move_key(key, last.unwrap_or(true), thread)
    }
}
