//! `mappingproxy`: a read-only view of a mapping, such as the dictionary of a class.

use macros::{Instance, python_type};

use crate::errors::PyResult;
use crate::list::List;
use crate::names;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Header, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

/// A read-only view of a mapping.
#[derive(Instance)]
#[repr(C)]
pub struct MappingProxy {
    header: Header,
    mapping: Py<Object>,
}

impl MappingProxy {
    /// A view of `mapping`.
    pub fn new(mapping: &Object, thread: &mut Thread) -> Py<MappingProxy> {
        Py::new(MappingProxy { header: Header::new(Self::class()), mapping: Py::from_ref(mapping) }, thread)
    }

    /// The mapping behind an operand, if it is a proxy.
    fn unwrapped(object: &Object) -> &Object {
        object.downcast_exact::<MappingProxy>().map_or(object, |it| &it.mapping)
    }

    fn call(&self, name: &Str, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::call_method(&self.mapping, name, arguments, thread)
    }
}

/// mappingproxy(mapping)
/// --
///
/// Read-only proxy of a mapping.
#[python_type(
    name = "mappingproxy", symbol = "PyDictProxy_Type", base = crate::object::BaseObject, flags(MAPPING)
)]
impl MappingProxy {
    #[new]
    #[signature("(mapping)")]
    fn __new__(class: &Type, mapping: &Object, thread: &mut Thread) -> PyResult<Py<MappingProxy>> {
        let _ = class;
        // SAFETY: a type's method suites live as long as the type.
        let methods = unsafe { mapping.class().slots().tp_as_mapping.get().as_ref() };
        let has_items = methods.is_some_and(|it| it.mp_subscript.get().is_some());
        if !has_items || mapping.downcast::<List>().is_some() || mapping.downcast::<Tuple>().is_some() {
            let class = mapping.class().full_name();
            return Err(raise!(thread, TypeError, "mappingproxy() argument must be a mapping, not {class}"));
        }
        Ok(Self::new(mapping, thread))
    }

    #[slot(mp_length)]
    fn len(&self, thread: &mut Thread) -> PyResult<usize> {
        protocol::length(&self.mapping, thread)
    }

    #[slot(mp_subscript)]
    fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::get_item(&self.mapping, key, thread)
    }

    #[slot(sq_contains)]
    fn contains(&self, key: &Object, thread: &mut Thread) -> PyResult<bool> {
        protocol::contains(&self.mapping, key, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::iter(&self.mapping, thread)
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        protocol::hash(&self.mapping, thread)
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        protocol::str(&self.mapping, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut text = protocol::ContainerRepr::open("mappingproxy(");
        text.push_repr(&self.mapping, thread)?;
        text.push(")");
        text.finish(thread)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::compare(&self.mapping, other, operation, thread)
    }

    #[slot(nb_or)]
    fn or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (left, right) = (Py::from_ref(Self::unwrapped(left)), Py::from_ref(Self::unwrapped(right)));
        protocol::or(&left, &right, thread)
    }

    #[slot(nb_inplace_or)]
    fn inplace_or(&self, other: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let _ = other;
        let class = self.class().full_name();
        Err(raise!(thread, TypeError, "'|=' is not supported by {class}; use '|' instead"))
    }

    /// get($self, key, default=None, /)
    /// --
    ///
    /// Return the value for key if key is in the mapping, else default.
    #[method]
    #[signature("(key, default=None, /)")]
    fn get(&self, key: &Object, default: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.call(&names::get, &[key, default.unwrap_or_else(|| protocol::none())], thread)
    }

    /// keys($self, /)
    /// --
    ///
    /// D.keys() -> a set-like object providing a view on D's keys
    #[method]
    #[signature("()")]
    fn keys(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.call(&names::keys, &[], thread)
    }

    /// values($self, /)
    /// --
    ///
    /// D.values() -> an object providing a view on D's values
    #[method]
    #[signature("()")]
    fn values(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.call(&names::values, &[], thread)
    }

    /// items($self, /)
    /// --
    ///
    /// D.items() -> a set-like object providing a view on D's items
    #[method]
    #[signature("()")]
    fn items(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.call(&names::items, &[], thread)
    }

    /// copy($self, /)
    /// --
    ///
    /// D.copy() -> a shallow copy of D
    #[method]
    #[signature("()")]
    fn copy(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.call(&names::copy, &[], thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// mappingproxy objects are generic over two types, signifying (respectively) the types of their keys and values
    #[classmethod]
    #[signature("(object, /)")]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    /// __reversed__($self, /)
    /// --
    ///
    /// D.__reversed__() -> reverse iterator
    #[method]
    #[signature("()")]
    fn __reversed__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.call(&names::__reversed__, &[], thread)
    }
}
