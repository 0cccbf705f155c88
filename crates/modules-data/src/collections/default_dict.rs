//! `defaultdict`: a dict that makes the values of missing keys.

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{KeyError, PyResult};
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

#[derive(Instance)]
#[repr(C)]
pub struct DefaultDict {
    dict: Dict,
    factory: Field,
}

impl DefaultDict {
    /// What makes values; None, which a program may have stored, is none.
    fn factory(&self) -> Option<Py<Object>> {
        self.factory.get().filter(|it| !it.is_none())
    }

    /// The same class called with the factory and the items of `items`.
    fn alike(&self, items: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let factory = self.factory.get().unwrap_or_else(|| thread.none());
        let class = Py::from_ref(self.class());
        protocol::call(&class, &[&factory, items], thread)
    }
}

/// defaultdict(default_factory=None, /, [...]) --> dict with default factory
///
/// The default factory is called without arguments to produce
/// a new value when a key is not present, in __getitem__ only.
/// A defaultdict compares equal to a dict with the same items.
/// All remaining arguments are treated the same as if they were
/// passed to the dict constructor, including keyword arguments.
///
#[python_type(
    name = "collections.defaultdict", base = Dict, flags(HEAPTYPE, BASETYPE),
    members(mut default_factory(factory): Object = "Factory for default value called by __missing__().")
)]
impl DefaultDict {
    #[slot(tp_init)]
    fn init(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        let factory = match arguments.items().first() {
            Some(first) if !first.is_none() && first.class().slots().tp_call.get().is_none() => {
                return Err(raise!(thread, TypeError, "first argument must be callable or None"));
            }
            first => first.filter(|it| !it.is_none()).cloned(),
        };
        let rest: Vec<&Object> = arguments.items().iter().skip(1).map(|it| &**it).collect();
        self.factory.set(factory);
        self.dict.update_from_call(&rest, keywords, "dict", thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let base = self.dict_repr(thread)?;
        let factory = match self.factory.get() {
            None => Str::from_str("None", thread),
            Some(factory) => protocol::repr_guarded(self, "...", thread, |thread| protocol::repr(&factory, thread))?,
        };
        let (class, factory, base) = (self.class().short_name(), factory, base);
        let mut text = protocol::ContainerRepr::open(&class);
        text.push(&format!("({}, {})", factory.to_string_lossy(), base.to_string_lossy()));
        text.finish(thread)
    }

    #[slot(nb_or)]
    fn or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (owner, other) = match left.downcast::<DefaultDict>() {
            Some(owner) => (owner, right),
            None => match right.downcast::<DefaultDict>() {
                Some(owner) => (owner, left),
                None => return Ok(thread.not_implemented()),
            },
        };
        if other.downcast::<Dict>().is_none() {
            return Ok(thread.not_implemented());
        }
        let new = owner.alike(left, thread)?;
        if let Some(dict) = new.downcast::<Dict>() {
            dict.update(right, thread)?;
        }
        Ok(new)
    }

    /// __missing__($self, object, /)
    /// --
    ///
    /// __missing__(key) # Called by __getitem__ for missing key; pseudo-code:
    ///   if self.default_factory is None: raise KeyError((key,))
    ///   self[key] = value = self.default_factory()
    ///   return value
    ///
    #[method]
    fn __missing__(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(factory) = self.factory() else {
            return Err(thread.raise_with_argument(KeyError, Py::from_ref(object)));
        };
        let value = protocol::call(&factory, &[], thread)?;
        // The factory may have stored a value under the key meanwhile: that one stays.
        Ok(self.dict.set_default(object, &value, thread)?.0)
    }

    /// copy($self, /)
    /// --
    ///
    /// D.copy() -> a shallow copy of D.
    #[method]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.alike(self, thread)
    }

    /// __copy__($self, /)
    /// --
    ///
    /// D.copy() -> a shallow copy of D.
    #[method]
    fn __copy__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.alike(self, thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// Return state information for pickling.
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let arguments = match self.factory() {
            None => Tuple::empty(thread),
            Some(factory) => Tuple::new(vec![factory], thread)?,
        };
        let items = protocol::call_method(self, &objects::names::items, &[], thread)?;
        let items = protocol::iter(&items, thread)?;
        let (class, none) = (Py::from_ref(self.class()).into_object(), thread.none());
        Tuple::new(vec![class, arguments.into_object(), none.clone(), none, items], thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// defaultdicts are generic over two types, signifying (respectively) the types of the dictionary's keys and values
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }
}

impl DefaultDict {
    /// What `dict.__repr__` gives.
    fn dict_repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let plain = Dict::class().lookup(&objects::names::__repr__, thread);
        let Some(plain) = plain else { return Ok(Str::from_str("{...}", thread)) };
        let text = protocol::call_one(&plain, self, thread)?;
        protocol::str(&text, thread)
    }
}
