//! `wrapper_descriptor` and `method-wrapper`: slots of built-in types as methods.

use std::cell::Cell;

use layout::{PyObject, PyWrapperDescrObject};
use macros::{Instance, python_type};

use super::doc::TableDoc;
use super::head::DescriptorHead;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::names;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Field, Header, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::slot_table::{SlotFunction, SlotRow, same_function};
use crate::types::slot_wrappers::WrappedCall;
use crate::types::{Instance as _, Type};

/// A filled slot of a type, as a method.
#[derive(Instance)]
#[repr(C)]
pub struct WrapperDescriptor {
    head: DescriptorHead,
    row: Cell<&'static SlotRow>,
    function: Cell<SlotFunction>,
}

const _: () = assert!(size_of::<WrapperDescriptor>() == size_of::<PyWrapperDescrObject>());

impl WrapperDescriptor {
    /// A descriptor for what `owner` has in a slot.
    pub fn new(
        owner: &Type,
        row: &'static SlotRow,
        function: SlotFunction,
        thread: &mut Thread,
    ) -> Py<WrapperDescriptor> {
        let head = DescriptorHead::new(Self::class(), owner, Py::from_ref(row.name()));
        Py::new(Self { head, row: Cell::new(row), function: Cell::new(function) }, thread)
    }

    /// The row of the slot table.
    pub fn row(&self) -> &'static SlotRow {
        self.row.get()
    }

    /// The slot's function.
    pub fn function(&self) -> SlotFunction {
        self.function.get()
    }

    pub fn owner(&self) -> &Type {
        self.head.owner()
    }

    /// True if this is `object.__getattribute__`.
    pub fn is_generic_getattribute(&self) -> bool {
        let object = crate::object::BaseObject::class();
        same_function(Some(self.function.get()), object.slot_function(self.row().place))
            && self.row().name().is(&names::__getattribute__)
    }

    fn run(
        &self,
        receiver: &Object,
        arguments: &[&Object],
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        thread.check_stack(" while calling a Python object")?;
        let call = WrappedCall { row: self.row(), function: self.function.get(), receiver, arguments, keywords };
        call.run(thread)
    }

    fn table_doc(&self) -> TableDoc {
        TableDoc::parse(&self.head.name_text(), self.row().doc())
    }
}

#[python_type(
    name = "wrapper_descriptor", symbol = "PyWrapperDescr_Type", base = crate::object::BaseObject,
    flags(METHOD_DESCRIPTOR)
)]
impl WrapperDescriptor {
    #[slot(tp_repr)]
    fn repr(&self) -> String {
        format!("<slot wrapper '{}' of '{}' objects>", self.head.name_text(), self.head.owner_name())
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (name, owner) = (self.head.name(), self.head.owner());
        let Some((receiver, rest)) = arguments.items().split_first() else {
            let (name, owner) = (name.to_string_lossy(), owner.full_name());
            return Err(raise!(thread, TypeError, "descriptor '{name}' of '{owner}' object needs an argument"));
        };
        if !receiver.class().is_subtype(owner) {
            let (name, owner, found) = (name.to_string_lossy(), owner.full_name(), receiver.class().full_name());
            return Err(raise!(
                thread,
                TypeError,
                "descriptor '{name}' requires a '{owner}' object but received a '{found}'"
            ));
        }
        let rest: Vec<&Object> = rest.iter().map(|it| &**it).collect();
        self.run(receiver, &rest, keywords, thread)
    }

    #[slot(tp_descr_get)]
    fn get(&self, instance: Option<&Object>, _: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(instance) = instance else { return Ok(Py::from_ref(self).into_object()) };
        self.head.check_instance(instance, thread)?;
        let value = MethodWrapper {
            header: Header::new(MethodWrapper::class()),
            descriptor: Py::from_ref(self).into(),
            receiver: Py::from_ref(instance).into(),
        };
        Ok(Py::new(value, thread).into_object())
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

/// A filled slot bound to an instance.
#[derive(Instance)]
#[repr(C)]
pub struct MethodWrapper {
    header: Header,
    descriptor: Field<WrapperDescriptor>,
    receiver: Field,
}

impl MethodWrapper {
    fn descriptor(&self) -> Py<WrapperDescriptor> {
        self.descriptor.get().expect("a method-wrapper has its descriptor from creation on")
    }

    fn receiver(&self) -> Py<Object> {
        self.receiver.get().expect("a method-wrapper has its receiver from creation on")
    }
}

#[python_type(name = "method-wrapper", symbol = "_PyMethodWrapper_Type", base = crate::object::BaseObject)]
impl MethodWrapper {
    #[slot(tp_repr)]
    fn repr(&self) -> String {
        let (descriptor, receiver) = (self.descriptor(), self.receiver());
        let (name, class) = (descriptor.head.name_text(), receiver.class().full_name());
        format!("<method-wrapper '{name}' of {class} object at {:#x}>", receiver.address())
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        let receiver = crate::object::hash_of_address(self.receiver().address());
        Ok(receiver ^ crate::object::hash_of_address(self.descriptor().address()))
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let all: Vec<&Object> = arguments.items().iter().map(|it| &**it).collect();
        self.descriptor().run(&self.receiver(), &all, keywords, thread)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> Py<Object> {
        let (Some(other), Comparison::Equal | Comparison::NotEqual) = (other.downcast::<Self>(), comparison) else {
            return thread.not_implemented();
        };
        let equal = self.descriptor().is(&other.descriptor()) && self.receiver().is(&other.receiver());
        crate::bool::Bool::new(equal == (comparison == Comparison::Equal))
    }

    /// __reduce__($self, /)
    /// --
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let getattr = protocol::builtin(&names::getattr, thread)?;
        let name = Py::from_ref(self.descriptor().head.name()).into_object();
        let arguments = Tuple::new(vec![self.receiver(), name], thread)?;
        Tuple::new(vec![getattr, arguments.into_object()], thread).map(Py::into_object)
    }

    #[getter]
    fn __self__(&self) -> Py<Object> {
        self.receiver()
    }

    #[getter]
    fn __objclass__(&self) -> Py<Type> {
        Py::from_ref(self.descriptor().head.owner())
    }

    #[getter]
    fn __name__(&self) -> Py<Str> {
        Py::from_ref(self.descriptor().head.name())
    }

    #[getter]
    fn __qualname__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.descriptor().head.qualname(thread)
    }

    #[getter]
    fn __doc__(&self) -> Option<String> {
        self.descriptor().table_doc().doc
    }

    #[getter]
    fn __text_signature__(&self) -> Option<String> {
        self.descriptor().table_doc().signature
    }
}

const _: () = assert!(size_of::<*mut PyObject>() == size_of::<SlotFunction>());
