//! The generic alias object: `list[int]`, and what it knows of its type variables.

use std::cell::Cell;
use std::mem::offset_of;

use layout::{PyObject, vectorcallfunc};
use macros::Instance;
use objects::errors::PyResult;
use objects::protocol;
use objects::refs::{Field, Header, Object, Py, cast};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::parameters;

/// A generic type with arguments.
///
/// ```text
/// 16      24         32          40         48       56
/// origin  arguments  parameters  weak refs  starred  vectorcall
/// ```
#[derive(Instance)]
#[repr(C)]
pub struct GenericAlias {
    header: Header,
    pub(super) origin: Py<Object>,
    pub(super) arguments: Py<Tuple>,
    /// The type variables, once they were asked for.
    parameters: Field<Tuple>,
    pub(super) weak_references: Cell<*mut PyObject>,
    /// `*list[int]`
    pub(super) starred: bool,
    pub(super) vectorcall: Cell<Option<vectorcallfunc>>,
}

const _: () = assert!(size_of::<GenericAlias>() == 64 && offset_of!(GenericAlias, weak_references) == 40);

impl GenericAlias {
    /// `origin[arguments]`; arguments that are no tuple are a single one.
    pub fn new(origin: &Object, arguments: &Object, thread: &mut Thread) -> PyResult<Py<GenericAlias>> {
        Self::new_in(Self::class(), origin, arguments, false, thread)
    }

    pub(super) fn new_in(
        class: &Type,
        origin: &Object,
        arguments: &Object,
        starred: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<GenericAlias>> {
        let arguments = match arguments.downcast::<Tuple>() {
            Some(tuple) => Py::from_ref(tuple),
            None => Tuple::from_slice(&[arguments], thread)?,
        };
        let vectorcall = protocol::vectorcall_of(origin).map(|_| super::call::VECTORCALL);
        let alias = GenericAlias {
            header: Header::new(Self::class()),
            origin: Py::from_ref(origin),
            arguments,
            parameters: Field::EMPTY,
            weak_references: Cell::new(std::ptr::null_mut()),
            starred,
            vectorcall: Cell::new(vectorcall),
        };
        Py::new_in(class, alias, thread)
    }

    /// The object as an alias, subtypes included.
    pub fn of(object: &Object) -> Option<&GenericAlias> {
        object.downcast::<GenericAlias>()
    }

    /// What has the arguments.
    pub fn origin(&self) -> &Object {
        &self.origin
    }

    /// `__parameters__`: the type variables among the arguments.
    pub(super) fn parameters(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if let Some(parameters) = self.parameters.get() {
            return Ok(parameters);
        }
        let parameters = parameters::collect(&self.arguments, thread)?;
        self.parameters.set(Some(parameters.clone()));
        Ok(parameters)
    }

    /// What the alias unpacks to in a tuple of types: the arguments of `*tuple[…]`.
    pub(super) fn unpacked_arguments(&self) -> Option<&Tuple> {
        (self.starred && self.origin.is(Tuple::class())).then_some(&*self.arguments)
    }
}

/// The object as an alias, for functions that C code calls with one.
///
/// # Safety
/// The object is a generic alias.
pub(super) unsafe fn alias_of<'a>(object: *mut PyObject) -> &'a GenericAlias {
    // SAFETY: passed on to the caller.
    unsafe { cast(&*object.cast::<Object>()) }
}
