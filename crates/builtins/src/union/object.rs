//! The type of unions.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyObject;
use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::names;
use objects::object::{BaseObject, attribute_name, get_attribute_generic};
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use text::builder::StrBuilder;

use super::builder::{union_of, union_of_tuple};
use crate::generic_alias::parameters;
use crate::typing::push_type_repr;

/// A union of types: two at least.
#[derive(Instance)]
#[repr(C)]
pub struct Union {
    header: Header,
    members: Py<Tuple>,
    /// Those of the members that can be hashed, as a frozenset.
    hashable: Py<Object>,
    /// The others, if there are any.
    unhashable: Field<Tuple>,
    /// The type variables, once they were asked for.
    parameters: Field<Tuple>,
    weak_references: Cell<*mut PyObject>,
}

const _: () = assert!(size_of::<Union>() == 56 && offset_of!(Union, weak_references) == 48);

impl Union {
    pub(super) fn new(
        members: Py<Tuple>,
        hashable: Py<Object>,
        unhashable: Option<Py<Tuple>>,
        thread: &mut Thread,
    ) -> Py<Union> {
        let union = Union {
            header: Header::new(Self::class()),
            members,
            hashable,
            unhashable: Field::new(unhashable),
            parameters: Field::EMPTY,
            weak_references: Cell::new(std::ptr::null_mut()),
        };
        Py::new(union, thread)
    }

    /// The types that the union is of.
    pub fn members(&self) -> &Tuple {
        &self.members
    }

    fn parameters(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if let Some(parameters) = self.parameters.get() {
            return Ok(parameters);
        }
        let parameters = parameters::collect(&self.members, thread)?;
        self.parameters.set(Some(parameters.clone()));
        Ok(parameters)
    }

    fn equals(&self, other: &Union, thread: &mut Thread) -> PyResult<bool> {
        if !protocol::equals(&self.hashable, &other.hashable, thread)? {
            return Ok(false);
        }
        let (left, right) = match (self.unhashable.get(), other.unhashable.get()) {
            (None, None) => return Ok(true),
            (Some(left), Some(right)) if left.length() == right.length() => (left, right),
            _ => return Ok(false),
        };
        Ok(contains_all(&left, &right, thread)? && contains_all(&right, &left, thread)?)
    }
}

fn contains_all(container: &Tuple, items: &Tuple, thread: &mut Thread) -> PyResult<bool> {
    for item in items.items() {
        if !protocol::contains(container, item, thread)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Represent a union type
///
/// E.g. for int | str
#[python_type(
    name = "typing.Union", symbol = "_PyUnion_Type", base = BaseObject, members(__args__(members): Object),
    weaklist_offset = offset_of!(Union, weak_references)
)]
impl Union {
    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut text = StrBuilder::new();
        for (index, member) in self.members.items().iter().enumerate() {
            if index > 0 {
                text.push_str(" | ");
            }
            push_type_repr(&mut text, member, thread)?;
        }
        Str::from_builder(text, thread)
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        let Some(unhashable) = self.unhashable.get() else { return protocol::hash(&self.hashable, thread) };
        // The error is that of the member, unless that can be hashed by now.
        for member in unhashable.items() {
            protocol::hash(member, thread)?;
        }
        let count = unhashable.length();
        Err(raise!(thread, TypeError, "union contains {count} unhashable elements"))
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let Some(other) = other.downcast_exact::<Union>().filter(|_| is_equality) else {
            return Ok(thread.not_implemented());
        };
        let equal = self.equals(other, thread)?;
        Ok(Bool::new(equal == (comparison == Comparison::Equal)))
    }

    #[slot(tp_getattro)]
    fn get_attribute(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = attribute_name(name, thread)?;
        // `typing` asks instances for their class's module.
        if name.equals(&names::__module__) {
            return protocol::get_attribute(self.class(), name, thread);
        }
        get_attribute_generic(self, name, thread)
    }

    #[slot(nb_or)]
    fn or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        union_of(left, right, thread)
    }

    #[slot(mp_subscript)]
    fn subscript(&self, item: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let parameters = self.parameters(thread)?;
        let members = parameters::substitute(self, &self.members, &parameters, item, thread)?;
        union_of_tuple(&members, thread)
    }

    /// __mro_entries__($self, object, /)
    /// --
    ///
    ///
    #[method]
    fn __mro_entries__(&self, _bases: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let shown = protocol::repr(self, thread)?.to_string_lossy();
        Err(raise!(thread, TypeError, "Cannot subclass {shown}"))
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// Create a union containing the given types
    #[classmethod]
    fn __class_getitem__(_class: &Type, members: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        union_of_tuple(members, thread)
    }

    /// Name of the type
    #[getter]
    fn __name__(&self) -> &'static str {
        "Union"
    }

    /// Qualified name of the type
    #[getter]
    fn __qualname__(&self) -> &'static str {
        "Union"
    }

    /// Always returns the type
    #[getter]
    fn __origin__(&self) -> Py<Type> {
        Py::from_ref(Union::class())
    }

    /// Type variables in the types.UnionType.
    #[getter]
    fn __parameters__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.parameters(thread)
    }
}
