//! `instancemethod`: a callable of C code that is bound as functions are.

use layout::PyInstanceMethodObject;
use macros::{Instance, python_type};

use super::bound_method::BoundMethod;
use crate::bool::Bool;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::names;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Field, Header, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

/// A callable that becomes a method of the instance it is taken from.
#[derive(Instance)]
#[repr(C)]
pub struct InstanceMethod {
    header: Header,
    function: Field,
}

const _: () = assert!(size_of::<InstanceMethod>() == size_of::<PyInstanceMethodObject>());

impl InstanceMethod {
    pub fn new(function: &Object, thread: &mut Thread) -> Py<InstanceMethod> {
        Py::new(Self { header: Header::new(Self::class()), function: Py::from_ref(function).into() }, thread)
    }

    /// `__func__`.
    pub fn function(&self) -> Py<Object> {
        self.function.get().expect("an instancemethod has its function from creation on")
    }
}

/// instancemethod(function, /)
/// --
///
/// Bind a function to a class.
#[python_type(name = "instancemethod", symbol = "PyInstanceMethod_Type", base = crate::object::BaseObject)]
impl InstanceMethod {
    #[slot(tp_new)]
    fn new_method(
        _class: &Type,
        arguments: &Tuple,
        _keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<InstanceMethod>> {
        let [function] = arguments.items() else {
            let given = arguments.length();
            return Err(raise!(thread, TypeError, "instancemethod expected 1 argument, got {given}"));
        };
        if function.class().slots().tp_call.get().is_none() {
            return Err(raise!(thread, TypeError, "first argument must be callable"));
        }
        Ok(Self::new(function, thread))
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        let name = protocol::lookup_attribute(&self.function(), &names::__name__, thread)?;
        let name = name.and_then(|it| it.downcast::<Str>().map(Str::to_string_lossy));
        Ok(format!("<instancemethod {} at {:#x}>", name.as_deref().unwrap_or("?"), self.address()))
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::call_tuple(&self.function(), arguments, keywords, thread)
    }

    #[slot(tp_getattro)]
    fn get_attribute(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = crate::object::attribute_name(name, thread)?;
        if self.class().lookup(name, thread).is_some() {
            return crate::object::get_attribute_generic(self, name, thread);
        }
        protocol::get_attribute(&self.function(), name, thread)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (Some(other), Comparison::Equal | Comparison::NotEqual) = (other.downcast::<Self>(), comparison) else {
            return Ok(thread.not_implemented());
        };
        let equal = protocol::equals(&self.function(), &other.function(), thread)?;
        Ok(Bool::new(equal == (comparison == Comparison::Equal)))
    }

    #[slot(tp_descr_get)]
    fn get(&self, instance: Option<&Object>, _: Option<&Object>, thread: &mut Thread) -> Py<Object> {
        match instance {
            Some(instance) => BoundMethod::new(&self.function(), instance, thread).into_object(),
            None => self.function(),
        }
    }

    /// the function (or other callable) implementing a method
    #[getter]
    fn __func__(&self) -> Py<Object> {
        self.function()
    }

    #[getter]
    fn __doc__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::get_attribute(&self.function(), &names::__doc__, thread)
    }
}
