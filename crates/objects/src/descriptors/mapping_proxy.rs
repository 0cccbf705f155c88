//! `mappingproxy`: a read-only view of a mapping, such as a class's `__dict__`.

use macros::{Instance, python_type};

use crate::dict::Dict;
use crate::errors::PyResult;
use crate::names;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Field, Header, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::{Instance as _, Type};

/// A read-only view of a mapping.
#[derive(Instance)]
#[repr(C)]
pub struct MappingProxy {
    header: Header,
    mapping: Field,
}

impl MappingProxy {
    pub fn new(mapping: &Object, thread: &mut Thread) -> Py<MappingProxy> {
        let value = Self { header: Header::new(Self::class()), mapping: Py::from_ref(mapping).into() };
        Py::new(value, thread)
    }

    /// What this is a view of.
    pub fn mapping(&self) -> Py<Object> {
        self.mapping.get().expect("a mappingproxy has its mapping from creation on")
    }
}

fn unwrapped(object: &Object) -> Py<Object> {
    object.downcast::<MappingProxy>().map_or_else(|| Py::from_ref(object), MappingProxy::mapping)
}

/// mappingproxy(mapping)
/// --
///
/// Read-only proxy of a mapping.
#[python_type(name = "mappingproxy", symbol = "PyDictProxy_Type", base = crate::object::BaseObject, flags(MAPPING))]
impl MappingProxy {
    #[new]
    fn new_proxy(mapping: &Object, thread: &mut Thread) -> PyResult<Py<MappingProxy>> {
        let class = mapping.class();
        let sequence = layout::Py_TPFLAGS_LIST_SUBCLASS | layout::Py_TPFLAGS_TUPLE_SUBCLASS;
        // SAFETY: a type's mapping methods live as long as the type.
        let methods = unsafe { class.slots().tp_as_mapping.get().as_ref() };
        if class.has_flag(sequence) || methods.is_none_or(|it| it.mp_subscript.get().is_none()) {
            let found = class.full_name();
            return Err(raise!(thread, TypeError, "mappingproxy() argument must be a mapping, not {found}"));
        }
        Ok(Self::new(mapping, thread))
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        let mapping = protocol::repr(&self.mapping(), thread)?;
        Ok(format!("mappingproxy({})", mapping.to_string_lossy()))
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        protocol::hash(&self.mapping(), thread)
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        protocol::str(&self.mapping(), thread)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::compare(&self.mapping(), other, comparison, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::iter(&self.mapping(), thread)
    }

    #[slot(nb_or)]
    fn or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::or(&unwrapped(left), &unwrapped(right), thread)
    }

    #[slot(nb_inplace_or)]
    fn inplace_or(&self, _other: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = self.class().full_name();
        Err(raise!(thread, TypeError, "'|=' is not supported by {name}; use '|' instead"))
    }

    #[slot(mp_length)]
    fn len(&self, thread: &mut Thread) -> PyResult<usize> {
        protocol::length(&self.mapping(), thread)
    }

    #[slot(mp_subscript)]
    fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::get_item(&self.mapping(), key, thread)
    }

    #[slot(sq_contains)]
    fn contains(&self, key: &Object, thread: &mut Thread) -> PyResult<bool> {
        let mapping = self.mapping();
        match mapping.downcast_exact::<Dict>() {
            Some(dict) => dict.contains(key, thread),
            None => protocol::contains(&mapping, key, thread),
        }
    }

    /// get($self, key, default=None, /)
    /// --
    ///
    /// Return the value for key if key is in the mapping, else default.
    #[method]
    fn get(&self, key: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let none = thread.none();
        protocol::call_method(&self.mapping(), &names::get, &[key, default.unwrap_or(&none)], thread)
    }

    /// keys($self, /)
    /// --
    ///
    /// D.keys() -> a set-like object providing a view on D's keys
    #[method]
    fn keys(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::call_method(&self.mapping(), &names::keys, &[], thread)
    }

    /// values($self, /)
    /// --
    ///
    /// D.values() -> an object providing a view on D's values
    #[method]
    fn values(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::call_method(&self.mapping(), &names::values, &[], thread)
    }

    /// items($self, /)
    /// --
    ///
    /// D.items() -> a set-like object providing a view on D's items
    #[method]
    fn items(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::call_method(&self.mapping(), &names::items, &[], thread)
    }

    /// copy($self, /)
    /// --
    ///
    /// D.copy() -> a shallow copy of D
    #[method]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::call_method(&self.mapping(), &names::copy, &[], thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// mappingproxy objects are generic over two types, signifying (respectively) the types of their keys and values
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    /// __reversed__($self, /)
    /// --
    ///
    /// D.__reversed__() -> reverse iterator
    #[method]
    fn __reversed__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::call_method(&self.mapping(), &names::__reversed__, &[], thread)
    }
}
