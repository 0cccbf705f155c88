//! `property`.

use std::cell::Cell;

use macros::{Instance, python_type};

use super::class_method::is_abstract;
use crate::dict::Dict;
use crate::errors::{AttributeError, PyResult, Raised};
use crate::names;
use crate::protocol;
use crate::raise;
use crate::refs::{Field, Header, Object, Py};
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{self, Type};

/// A computed attribute of a class.
#[derive(Instance)]
#[repr(C)]
pub struct Property {
    header: Header,
    get: Field,
    set: Field,
    delete: Field,
    doc: Field,
    name: Field,
    /// The documentation is the getter's.
    doc_is_getters: Cell<i32>,
}

const _: () = assert!(size_of::<Property>() == size_of::<layout::propertyobject>());

fn present(value: Option<&Object>) -> Option<Py<Object>> {
    value.filter(|it| !it.is_none()).map(Py::from_ref)
}

impl Property {
    /// `fget`.
    pub fn get_function(&self) -> Option<Py<Object>> {
        self.get.get()
    }

    /// The name that the property has in its class, as far as it is known.
    fn known_name(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if let Some(name) = self.name.get() {
            return Ok(Some(name));
        }
        match self.get.get() {
            Some(getter) => protocol::lookup_attribute(&getter, &names::__name__, thread),
            None => Ok(None),
        }
    }

    /// `property 'x' of 'C' object has no setter`.
    #[cold]
    fn raise_missing(&self, instance: &Object, what: &str, thread: &mut Thread) -> Raised {
        let name = match self.known_name(thread) {
            Ok(name) => name,
            Err(raised) => return raised,
        };
        let class = instance.class().qualified_name();
        match name.map(|it| protocol::repr(&it, thread)) {
            Some(Ok(name)) => {
                let name = name.to_string_lossy();
                raise!(thread, AttributeError, "property {name} of '{class}' object has no {what}")
            }
            Some(Err(raised)) => raised,
            None => raise!(thread, AttributeError, "property of '{class}' object has no {what}"),
        }
    }

    /// A copy with one function exchanged.
    fn copy(
        &self,
        get: Option<&Object>,
        set: Option<&Object>,
        delete: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let none = thread.none();
        let or_old =
            |new: Option<&Object>, old: &Field| present(new).or_else(|| old.get()).unwrap_or_else(|| none.clone());
        let (get, set, delete) = (or_old(get, &self.get), or_old(set, &self.set), or_old(delete, &self.delete));
        let take_getters = self.doc_is_getters.get() != 0 && !get.is_none();
        let doc = self.doc.get().filter(|_| !take_getters).unwrap_or_else(|| none.clone());
        let class = Py::from_ref(self.class());
        let new = protocol::call(&class, &[&get, &set, &delete, &doc], thread)?;
        if let Some(property) = new.downcast::<Property>() {
            property.name.set(self.name.get());
        }
        Ok(new)
    }

    fn set_doc_of(&self, doc: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.doc_is_getters.set(0);
        let mut found = present(doc);
        if found.is_none()
            && let Some(getter) = self.get.get()
        {
            found = protocol::lookup_attribute(&getter, &names::__doc__, thread)?.filter(|it| !it.is_none());
            self.doc_is_getters.set(i32::from(found.is_some()));
        }
        if self.is_exactly::<Property>() {
            self.doc.set(found);
            return Ok(());
        }
        // In a subclass the class's own `__doc__` would hide the field, so it goes where the instance keeps attributes.
        let value = found.unwrap_or_else(|| thread.none());
        match protocol::set_attribute(self, &names::__doc__, Some(&value), thread) {
            Err(raised) if self.doc_is_getters.get() == 0 => {
                thread.suppress::<()>(Err(raised), AttributeError).map(drop)
            }
            result => result,
        }
    }
}

/// property(fget=None, fset=None, fdel=None, doc=None)
/// --
///
/// Property attribute.
///
///   fget
///     function to be used for getting an attribute value
///   fset
///     function to be used for setting an attribute value
///   fdel
///     function to be used for del'ing an attribute
///   doc
///     docstring
///
/// Typical use is to define a managed attribute x:
///
/// class C(object):
///     def getx(self): return self._x
///     def setx(self, value): self._x = value
///     def delx(self): del self._x
///     x = property(getx, setx, delx, "I'm the 'x' property.")
///
/// Decorators make defining new properties or modifying existing ones easy:
///
/// class C(object):
///     @property
///     def x(self):
///         "I am the 'x' property."
///         return self._x
///     @x.setter
///     def x(self, value):
///         self._x = value
///     @x.deleter
///     def x(self):
///         del self._x
#[python_type(name = "property", symbol = "PyProperty_Type", base = crate::object::BaseObject, flags(BASETYPE),
    members(fget(get): Object, fset(set): Object, fdel(delete): Object, mut __doc__(doc): Object)
)]
impl Property {
    #[slot(tp_new)]
    fn new(class: &Type, _: &Tuple, _: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        types::new_instance(class, thread)
    }

    #[init]
    fn init(
        &self,
        fget: Option<&Object>,
        fset: Option<&Object>,
        fdel: Option<&Object>,
        doc: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        self.get.set(present(fget));
        self.set.set(present(fset));
        self.delete.set(present(fdel));
        self.doc.set(None);
        self.name.set(None);
        self.set_doc_of(doc, thread)
    }

    #[slot(tp_descr_get)]
    fn get(&self, instance: Option<&Object>, _: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(instance) = instance.filter(|it| !it.is_none()) else {
            return Ok(Py::from_ref(self).into_object());
        };
        match self.get.get() {
            Some(getter) => protocol::call_one(&getter, instance, thread),
            None => Err(self.raise_missing(instance, "getter", thread)),
        }
    }

    #[slot(tp_descr_set)]
    fn set(&self, instance: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let (function, what) = match value {
            Some(_) => (self.set.get(), "setter"),
            None => (self.delete.get(), "deleter"),
        };
        let Some(function) = function else { return Err(self.raise_missing(instance, what, thread)) };
        match value {
            Some(value) => protocol::call(&function, &[instance, value], thread)?,
            None => protocol::call_one(&function, instance, thread)?,
        };
        Ok(())
    }

    /// getter($self, object, /)
    /// --
    ///
    /// Descriptor to obtain a copy of the property with a different getter.
    #[method]
    fn getter(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.copy(Some(object), None, None, thread)
    }

    /// setter($self, object, /)
    /// --
    ///
    /// Descriptor to obtain a copy of the property with a different setter.
    #[method]
    fn setter(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.copy(None, Some(object), None, thread)
    }

    /// deleter($self, object, /)
    /// --
    ///
    /// Descriptor to obtain a copy of the property with a different deleter.
    #[method]
    fn deleter(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.copy(None, None, Some(object), thread)
    }

    /// __set_name__($self, owner, name, /)
    /// --
    ///
    /// Method to set name of a property.
    #[method]
    #[signature("(*args)")]
    fn __set_name__(&self, arguments: &[&Object], thread: &mut Thread) -> PyResult<()> {
        let [_, name] = arguments else {
            let given = arguments.len();
            return Err(raise!(
                thread,
                TypeError,
                "__set_name__() takes 2 positional arguments but {given} were given"
            ));
        };
        self.name.set(Some(Py::from_ref(*name)));
        Ok(())
    }

    #[getter]
    fn __name__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.known_name(thread)? {
            Some(name) => Ok(name),
            None => Err(protocol::raise_no_attribute(self, "__name__", thread)),
        }
    }

    #[setter(name = "__name__")]
    fn set_name(&self, value: Option<&Object>) -> PyResult<()> {
        self.name.set(value.map(Py::from_ref));
        Ok(())
    }

    #[getter]
    fn __isabstractmethod__(&self, thread: &mut Thread) -> PyResult<bool> {
        for function in [self.get.get(), self.set.get(), self.delete.get()] {
            if is_abstract(function.as_deref(), thread)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
