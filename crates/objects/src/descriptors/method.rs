//! `method_descriptor` and `classmethod_descriptor`: methods of built-in types, found on the type.

use std::cell::Cell;
use std::mem::offset_of;

use layout::{METH_METHOD, PyMethodDef, PyMethodDescrObject, PyObject, vectorcallfunc};
use macros::{Instance, python_type};

use super::builtin::BuiltinFunction;
use super::convention::{DefinedCall, call_by_vector, vector_arguments};
use super::doc::{TableDoc, text_of};
use super::head::DescriptorHead;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::raise;
use crate::refs::{Object, Py, cast};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

/// A method of a built-in type, taken from the type.
#[derive(Instance)]
#[repr(C)]
pub struct MethodDescriptor {
    head: DescriptorHead,
    definition: Cell<*mut PyMethodDef>,
    vectorcall: Cell<Option<vectorcallfunc>>,
}

const _: () = assert!(size_of::<MethodDescriptor>() == size_of::<PyMethodDescrObject>());

impl MethodDescriptor {
    /// A descriptor for an entry of `owner`'s table.
    ///
    /// # Safety
    /// The definition lives as long as the owner.
    pub unsafe fn new(owner: &Type, definition: *mut PyMethodDef, thread: &mut Thread) -> Py<MethodDescriptor> {
        // SAFETY: passed on to the caller.
        let name = unsafe { text_of((*definition).ml_name) };
        let name = thread.intern_text(&name);
        let value = Self {
            head: DescriptorHead::new(Self::class(), owner, name),
            definition: Cell::new(definition),
            vectorcall: Cell::new(Some(call_method)),
        };
        Py::new(value, thread)
    }

    pub fn definition(&self) -> &PyMethodDef {
        // SAFETY: the definition lives as long as the owner, which this keeps alive.
        unsafe { &*self.definition.get() }
    }

    pub fn head(&self) -> &DescriptorHead {
        &self.head
    }

    fn table_doc(&self) -> TableDoc {
        // SAFETY: a definition's texts are C strings.
        unsafe { TableDoc::of_definition(self.definition()) }
    }

    /// `list.append()`, for messages.
    fn describe(&self, thread: &mut Thread) -> PyResult<String> {
        let qualname = self.head.qualname(thread)?;
        Ok(format!("{}()", qualname.downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default()))
    }

    fn call_unbound(&self, arguments: &[&Object], names: Option<&Tuple>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let named = names.map_or(0, Tuple::length);
        if arguments.len() == named {
            let name = self.describe(thread)?;
            return Err(raise!(thread, TypeError, "unbound method {name} needs an argument"));
        }
        self.head.check_instance(arguments[0], thread)?;
        let call = DefinedCall {
            definition: self.definition(),
            class: self.head.owner().as_pointer(),
            receiver: arguments[0].as_pointer(),
            arguments: &arguments[1..],
            names,
        };
        call.run(|thread| self.describe(thread), thread)
    }
}

/// The vectorcall function of method descriptors.
///
/// # Safety
/// By the vectorcall protocol.
unsafe extern "C-unwind" fn call_method(
    callable: *mut PyObject,
    arguments: *const *mut PyObject,
    count_and_flags: usize,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: this function's contract.
    let (descriptor, (arguments, names), mut thread) = unsafe {
        let descriptor = cast::<MethodDescriptor>(&*callable.cast::<Object>());
        (descriptor, vector_arguments(arguments, count_and_flags, names), Thread::current())
    };
    let result = descriptor.call_unbound(arguments, names, &mut thread);
    result.map_or(std::ptr::null_mut(), Py::into_pointer)
}

#[python_type(
    name = "method_descriptor", symbol = "PyMethodDescr_Type", base = crate::object::BaseObject,
    flags(METHOD_DESCRIPTOR, HAVE_VECTORCALL), vectorcall_offset = offset_of!(MethodDescriptor, vectorcall)
)]
impl MethodDescriptor {
    #[slot(tp_repr)]
    fn repr(&self) -> String {
        format!("<method '{}' of '{}' objects>", self.head.name_text(), self.head.owner_name())
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        call_by_vector(self, arguments, keywords, thread)
    }

    #[slot(tp_descr_get)]
    fn get(&self, instance: Option<&Object>, _: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(instance) = instance else { return Ok(Py::from_ref(self).into_object()) };
        self.head.check_instance(instance, thread)?;
        let class = (self.definition().ml_flags & METH_METHOD != 0).then(|| self.head.owner());
        let receiver = Some(Py::from_ref(instance));
        // SAFETY: the definition lives as long as the owner, whose instance the function holds.
        Ok(unsafe { BuiltinFunction::new(self.definition.get(), receiver, None, class, thread) })
    }

    /// __reduce__($self, /)
    /// --
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.head.reduce(thread)
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
        self.table_doc().doc
    }

    #[getter]
    fn __qualname__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.head.qualname(thread)
    }

    #[getter]
    fn __text_signature__(&self) -> Option<String> {
        self.table_doc().signature
    }
}

/// A class method of a built-in type, taken from the type's dictionary.
#[derive(Instance)]
#[repr(C)]
pub struct ClassMethodDescriptor {
    head: DescriptorHead,
    definition: Cell<*mut PyMethodDef>,
    vectorcall: Cell<Option<vectorcallfunc>>,
}

impl ClassMethodDescriptor {
    /// A descriptor for an entry of `owner`'s table.
    ///
    /// # Safety
    /// The definition lives as long as the owner.
    pub unsafe fn new(owner: &Type, definition: *mut PyMethodDef, thread: &mut Thread) -> Py<ClassMethodDescriptor> {
        // SAFETY: passed on to the caller.
        let name = unsafe { text_of((*definition).ml_name) };
        let name = thread.intern_text(&name);
        let head = DescriptorHead::new(Self::class(), owner, name);
        Py::new(Self { head, definition: Cell::new(definition), vectorcall: Cell::new(None) }, thread)
    }

    fn table_doc(&self) -> TableDoc {
        // SAFETY: the definition lives as long as the owner, which this keeps alive; its texts are C strings.
        unsafe { TableDoc::of_definition(&*self.definition.get()) }
    }

    /// The function bound to a class, which must be the owner or a subclass.
    fn bind(&self, class: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (name, owner) = (self.head.name_text(), self.head.owner_name());
        let Some(class) = class.downcast::<Type>() else {
            let found = class.class().full_name();
            return Err(raise!(
                thread,
                TypeError,
                "descriptor '{name}' for type '{owner}' needs a type, not a '{found}' as arg 2"
            ));
        };
        if !class.is_subtype(self.head.owner()) {
            let found = class.full_name();
            return Err(raise!(
                thread,
                TypeError,
                "descriptor '{name}' requires a subtype of '{owner}' but received '{found}'"
            ));
        }
        // SAFETY: as above.
        let takes_class = unsafe { (*self.definition.get()).ml_flags } & METH_METHOD != 0;
        let defining = takes_class.then(|| self.head.owner());
        let receiver = Some(Py::from_ref(class).into_object());
        // SAFETY: the definition lives as long as the owner, of which the receiver is a subclass.
        Ok(unsafe { BuiltinFunction::new(self.definition.get(), receiver, None, defining, thread) })
    }
}

#[python_type(
    name = "classmethod_descriptor", symbol = "PyClassMethodDescr_Type", base = crate::object::BaseObject
)]
impl ClassMethodDescriptor {
    #[slot(tp_repr)]
    fn repr(&self) -> String {
        format!("<method '{}' of '{}' objects>", self.head.name_text(), self.head.owner_name())
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some((class, rest)) = arguments.items().split_first() else {
            let (name, owner) = (self.head.name_text(), self.head.owner_name());
            return Err(raise!(thread, TypeError, "descriptor '{name}' of '{owner}' object needs an argument"));
        };
        let bound = self.bind(class, thread)?;
        let rest = Tuple::new(rest.to_vec(), thread)?;
        crate::protocol::call_tuple(&bound, &rest, keywords, thread)
    }

    #[slot(tp_descr_get)]
    fn get(&self, instance: Option<&Object>, owner: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        match (owner, instance) {
            (Some(owner), _) => self.bind(owner, thread),
            (None, Some(instance)) => self.bind(&Py::from_ref(instance.class()), thread),
            (None, None) => {
                let (name, owner) = (self.head.name_text(), self.head.owner_name());
                let message = format!("descriptor '{name}' for type '{owner}' needs either an object or a type");
                Err(raise!(thread, TypeError, "{message}"))
            }
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
        self.table_doc().doc
    }

    #[getter]
    fn __qualname__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.head.qualname(thread)
    }

    #[getter]
    fn __text_signature__(&self) -> Option<String> {
        self.table_doc().signature
    }
}
