//! `getset_descriptor`: computed attributes of built-in types.

use std::cell::Cell;

use layout::{PyGetSetDef, PyGetSetDescrObject};
use macros::{Instance, python_type};

use super::doc::{TableDoc, text_of};
use super::head::DescriptorHead;
use crate::errors::PyResult;
use crate::protocol::result_from_c;
use crate::raise;
use crate::refs::{Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::{Instance as _, Type};

/// A computed attribute.
#[derive(Instance)]
#[repr(C)]
pub struct GetSetDescriptor {
    head: DescriptorHead,
    definition: Cell<*mut PyGetSetDef>,
}

const _: () = assert!(size_of::<GetSetDescriptor>() == size_of::<PyGetSetDescrObject>());

impl GetSetDescriptor {
    /// A descriptor for an entry of `owner`'s table.
    ///
    /// # Safety
    /// The definition lives as long as the owner.
    pub unsafe fn new(owner: &Type, definition: *mut PyGetSetDef, thread: &mut Thread) -> Py<GetSetDescriptor> {
        // SAFETY: passed on to the caller.
        let name = unsafe { text_of((*definition).name) };
        let name = thread.intern_text(&name);
        let head = DescriptorHead::new(Self::class(), owner, name);
        Py::new(Self { head, definition: Cell::new(definition) }, thread)
    }

    pub fn head(&self) -> &DescriptorHead {
        &self.head
    }

    fn definition(&self) -> &PyGetSetDef {
        // SAFETY: the definition lives as long as the owner, which this keeps alive.
        unsafe { &*self.definition.get() }
    }
}

#[python_type(name = "getset_descriptor", symbol = "PyGetSetDescr_Type", base = crate::object::BaseObject)]
impl GetSetDescriptor {
    #[slot(tp_repr)]
    fn repr(&self) -> String {
        format!("<attribute '{}' of '{}' objects>", self.head.name_text(), self.head.owner_name())
    }

    #[slot(tp_descr_get)]
    fn get(&self, instance: Option<&Object>, _: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(instance) = instance else { return Ok(Py::from_ref(self).into_object()) };
        self.head.check_instance(instance, thread)?;
        let definition = self.definition();
        let Some(get) = definition.get else {
            let (name, owner) = (self.head.name_text(), self.head.owner_name());
            return Err(raise!(thread, AttributeError, "attribute '{name}' of '{owner}' objects is not readable"));
        };
        // SAFETY: a getter's protocol, on an instance of its owner.
        result_from_c(unsafe { get(instance.as_pointer(), definition.closure) }, thread)
    }

    #[slot(tp_descr_set)]
    fn set(&self, instance: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.head.check_instance(instance, thread)?;
        let definition = self.definition();
        let Some(set) = definition.set else {
            let (name, owner) = (self.head.name_text(), self.head.owner_name());
            return Err(raise!(thread, AttributeError, "attribute '{name}' of '{owner}' objects is not writable"));
        };
        let value = value.map_or(std::ptr::null_mut(), Object::as_pointer);
        // SAFETY: a setter's protocol, on an instance of its owner; null deletes.
        match unsafe { set(instance.as_pointer(), value, definition.closure) } {
            0 => Ok(()),
            _ => Err(thread.raised_elsewhere()),
        }
    }

    #[getter]
    fn __objclass__(&self) -> Py<Type> {
        Py::from_ref(self.head.owner())
    }

    #[getter]
    fn __name__(&self) -> Py<Str> {
        Py::from_ref(self.head.name())
    }

    #[getter]
    fn __doc__(&self) -> Option<String> {
        // SAFETY: a definition's texts are C strings.
        unsafe { TableDoc::from_c(self.definition().name, self.definition().doc).doc }
    }

    #[getter]
    fn __qualname__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.head.qualname(thread)
    }
}
