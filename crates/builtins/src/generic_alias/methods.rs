//! The types `types.GenericAlias` and `generic_alias_iterator`.

use std::mem::offset_of;

use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{PyResult, StopIteration};
use objects::list::List;
use objects::names;
use objects::object::{BaseObject, get_attribute_generic};
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use text::builder::StrBuilder;

use super::call::note_alias;
use super::object::GenericAlias;
use super::parameters;
use crate::typing::push_type_repr;
use crate::union::union_of_types;

/// Attributes that an alias has itself; all others are its origin's.
const OWN_ATTRIBUTES: [&str; 9] = [
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
];

/// Attributes of the origin that would mislead: an alias is no class, and is copied by `__reduce__`.
const HIDDEN_ATTRIBUTES: [&str; 3] = ["__bases__", "__copy__", "__deepcopy__"];

impl GenericAlias {
    fn text(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut text = StrBuilder::new();
        if self.starred {
            text.push_str("*");
        }
        push_type_repr(&mut text, &self.origin, thread)?;
        text.push_str("[");
        if self.arguments.length() == 0 {
            text.push_str("()");
        }
        for (index, argument) in self.arguments.items().iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            match argument.downcast_exact::<List>() {
                Some(list) => push_list(&mut text, list, thread)?,
                None => push_type_repr(&mut text, argument, thread)?,
            }
        }
        text.push_str("]");
        Str::from_builder(text, thread)
    }
}

/// The parameters of a callable: types in brackets.
fn push_list(text: &mut StrBuilder, list: &List, thread: &mut Thread) -> PyResult<()> {
    text.push_str("[");
    for (index, item) in list.snapshot(thread).iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        push_type_repr(text, item, thread)?;
    }
    text.push_str("]");
    Ok(())
}

/// GenericAlias(origin, args, /)
/// --
///
/// Represent a PEP 585 generic type
///
/// For example, for t = list[int], t.__origin__ is list and t.__args__
/// is (int,).
#[python_type(
    name = "types.GenericAlias", symbol = "Py_GenericAliasType", base = BaseObject, flags(BASETYPE, HAVE_VECTORCALL),
    members(
        __origin__(origin): Object, __args__(arguments): Object, __unpacked__(starred): Bool
    ),
    weaklist_offset = offset_of!(GenericAlias, weak_references),
    vectorcall_offset = offset_of!(GenericAlias, vectorcall)
)]
impl GenericAlias {
    #[new]
    fn __new__(class: &Type, origin: &Object, arguments: &Object, thread: &mut Thread) -> PyResult<Py<GenericAlias>> {
        Self::new_in(class, origin, arguments, false, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        self.text(thread)
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        Ok(protocol::hash(&self.origin, thread)? ^ protocol::hash(&self.arguments, thread)?)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let Some(other) = GenericAlias::of(other).filter(|_| is_equality) else {
            return Ok(thread.not_implemented());
        };
        let equal = self.starred == other.starred
            && protocol::equals(&self.origin, &other.origin, thread)?
            && protocol::equals(&self.arguments, &other.arguments, thread)?;
        Ok(Bool::new(equal == (comparison == Comparison::Equal)))
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let result = protocol::call_tuple(&self.origin, arguments, keywords, thread)?;
        note_alias(result, self, thread)
    }

    #[slot(tp_getattro)]
    fn get_attribute(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(name) = name.downcast::<Str>() else {
            let class = name.class().full_name();
            return Err(raise!(thread, TypeError, "attribute name must be string, not '{class}'"));
        };
        let mut own = OWN_ATTRIBUTES.iter().chain(&HIDDEN_ATTRIBUTES);
        if own.any(|it| name.equals_text(it)) {
            return get_attribute_generic(self, name, thread);
        }
        protocol::get_attribute(&self.origin, name, thread)
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> Py<GenericAliasIterator> {
        let alias = Field::new(Some(Py::from_ref(self)));
        Py::new(GenericAliasIterator { header: Header::new(GenericAliasIterator::class()), alias }, thread)
    }

    #[slot(nb_or)]
    fn or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        union_of_types(left, right, thread)
    }

    #[slot(mp_subscript)]
    fn subscript(&self, item: &Object, thread: &mut Thread) -> PyResult<Py<GenericAlias>> {
        let parameters = self.parameters(thread)?;
        let arguments = parameters::substitute(self, &self.arguments, &parameters, item, thread)?;
        Self::new_in(GenericAlias::class(), &self.origin, &arguments, self.starred, thread)
    }

    /// __mro_entries__($self, object, /)
    /// --
    ///
    ///
    #[method]
    fn __mro_entries__(&self, _bases: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        Tuple::from_slice(&[&self.origin], thread)
    }

    /// __instancecheck__($self, object, /)
    /// --
    ///
    ///
    #[method]
    fn __instancecheck__(&self, _object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        Err(raise!(thread, TypeError, "isinstance() argument 2 cannot be a parameterized generic"))
    }

    /// __subclasscheck__($self, object, /)
    /// --
    ///
    ///
    #[method]
    fn __subclasscheck__(&self, _class: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        Err(raise!(thread, TypeError, "issubclass() argument 2 cannot be a parameterized generic"))
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if self.starred {
            let plain = Self::new(&self.origin, &self.arguments, thread)?;
            let iterator = protocol::iter(&plain, thread)?;
            let name = thread.intern_text("next");
            let next = protocol::builtin(&name, thread)?;
            let arguments = Tuple::new(vec![iterator], thread)?;
            return Tuple::new(vec![next, arguments.into_object()], thread);
        }
        let parts = Tuple::from_slice(&[&self.origin, &self.arguments], thread)?;
        Tuple::new(vec![Py::from_ref(self.class()).into_object(), parts.into_object()], thread)
    }

    /// __dir__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __dir__(&self, thread: &mut Thread) -> PyResult<Py<List>> {
        let name = thread.intern_text("dir");
        let dir = protocol::builtin(&name, thread)?;
        let names = protocol::call_one(&dir, &self.origin, thread)?;
        let names = protocol::to_list(&names, thread)?;
        for own in OWN_ATTRIBUTES {
            let own = thread.intern_text(own);
            if !protocol::contains(&names, &own, thread)? {
                names.push(own.into_object(), thread)?;
            }
        }
        Ok(names)
    }

    /// Type variables in the GenericAlias.
    #[getter]
    fn __parameters__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.parameters(thread)
    }

    #[getter]
    fn __typing_unpacked_tuple_args__(&self) -> Option<Py<Tuple>> {
        self.unpacked_arguments().map(Py::from_ref)
    }
}

/// Gives the starred alias, once.
#[derive(Instance)]
#[repr(C)]
pub struct GenericAliasIterator {
    header: Header,
    /// Empty when exhausted.
    alias: Field<GenericAlias>,
}

#[python_type(name = "generic_alias_iterator", symbol = "_Py_GenericAliasIterType", base = BaseObject)]
impl GenericAliasIterator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<GenericAliasIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<GenericAlias>>> {
        let Some(alias) = self.alias.take() else { return Err(thread.raise_kind(StopIteration)) };
        GenericAlias::new_in(GenericAlias::class(), &alias.origin, &alias.arguments, true, thread).map(Some)
    }

    /// __reduce__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let iter = protocol::builtin(&names::iter, thread)?;
        let alias = self.alias.get().map(Py::into_object);
        protocol::reduce_iterator(iter, alias, None, thread)
    }
}
