//! `method`: a callable bound to its first argument.

use std::cell::Cell;
use std::mem::offset_of;

use layout::{PyMethodObject, PyObject, vectorcallfunc};
use macros::{Instance, python_type};

use super::convention::{call_by_vector, vector_arguments};
use crate::bool::Bool;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::names;
use crate::protocol::{self, Comparison};
use crate::raise;
use crate::refs::{Field, Header, Object, Py, cast};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

/// A function and the instance or class that it is called with.
#[derive(Instance)]
#[repr(C)]
pub struct BoundMethod {
    header: Header,
    function: Field,
    receiver: Field,
    weak_references: Cell<*mut PyObject>,
    vectorcall: Cell<Option<vectorcallfunc>>,
}

const _: () = assert!(size_of::<BoundMethod>() == size_of::<PyMethodObject>());

impl BoundMethod {
    pub fn new(function: &Object, receiver: &Object, thread: &mut Thread) -> Py<BoundMethod> {
        let value = Self {
            header: Header::new(Self::class()),
            function: Py::from_ref(function).into(),
            receiver: Py::from_ref(receiver).into(),
            weak_references: Cell::new(std::ptr::null_mut()),
            vectorcall: Cell::new(Some(call_bound)),
        };
        Py::new(value, thread)
    }

    /// `__func__`.
    #[inline]
    pub fn function(&self) -> Py<Object> {
        self.function.get().expect("a method has its function from creation on")
    }

    /// `__self__`.
    #[inline]
    pub fn receiver(&self) -> Py<Object> {
        self.receiver.get().expect("a method has its receiver from creation on")
    }
}

/// Arguments that are passed on from the native stack; more go through the heap.
const FEW: usize = 8;

/// The vectorcall function of bound methods.
///
/// # Safety
/// By the vectorcall protocol.
unsafe extern "C-unwind" fn call_bound(
    callable: *mut PyObject,
    arguments: *const *mut PyObject,
    count_and_flags: usize,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: this function's contract.
    let (method, (arguments, names), mut thread) = unsafe {
        let method = cast::<BoundMethod>(&*callable.cast::<Object>());
        (method, vector_arguments(arguments, count_and_flags, names), Thread::current())
    };
    let (function, receiver) = (method.function(), method.receiver());
    let total = arguments.len() + 1;
    let result = if total <= FEW {
        let mut all = [&*receiver; FEW];
        all[1..total].copy_from_slice(arguments);
        protocol::call_vector(&function, &all[..total], names, &mut thread)
    } else {
        let mut all: Vec<&Object> = Vec::with_capacity(total);
        all.push(&receiver);
        all.extend_from_slice(arguments);
        protocol::call_vector(&function, &all, names, &mut thread)
    };
    result.map_or(std::ptr::null_mut(), Py::into_pointer)
}

/// method(function, instance, /)
/// --
///
/// Create a bound instance method object.
#[python_type(
    name = "method", symbol = "PyMethod_Type", base = crate::object::BaseObject, flags(HAVE_VECTORCALL),
    vectorcall_offset = offset_of!(BoundMethod, vectorcall),
    weaklist_offset = offset_of!(BoundMethod, weak_references)
)]
impl BoundMethod {
    #[slot(tp_new)]
    fn new_method(
        _class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<BoundMethod>> {
        if keywords.is_some_and(|it| it.length() > 0) {
            return Err(raise!(thread, TypeError, "method() takes no keyword arguments"));
        }
        let [function, receiver] = arguments.items() else {
            let given = arguments.length();
            return Err(raise!(thread, TypeError, "method expected 2 arguments, got {given}"));
        };
        if function.class().slots().tp_call.get().is_none() {
            return Err(raise!(thread, TypeError, "first argument must be callable"));
        }
        if receiver.is_none() {
            return Err(raise!(thread, TypeError, "instance must not be None"));
        }
        Ok(Self::new(function, receiver, thread))
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<String> {
        let function = self.function();
        let name = match protocol::lookup_attribute(&function, &names::__qualname__, thread)? {
            Some(name) => Some(name),
            None => protocol::lookup_attribute(&function, &names::__name__, thread)?,
        };
        let name = name.and_then(|it| it.downcast::<Str>().map(Str::to_string_lossy));
        let receiver = protocol::repr(&self.receiver(), thread)?.to_string_lossy();
        Ok(format!("<bound method {} of {receiver}>", name.as_deref().unwrap_or("?")))
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        let receiver = crate::object::hash_of_address(self.receiver().address());
        Ok(receiver ^ protocol::hash(&self.function(), thread)?)
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        call_by_vector(self, arguments, keywords, thread)
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
        let same = self.receiver().is(&other.receiver());
        let equal = same && protocol::equals(&self.function(), &other.function(), thread)?;
        Ok(Bool::new(equal == (comparison == Comparison::Equal)))
    }

    #[slot(tp_descr_get)]
    fn get(&self, _: Option<&Object>, _: Option<&Object>) -> Py<BoundMethod> {
        Py::from_ref(self)
    }

    /// __reduce__($self, /)
    /// --
    ///
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = protocol::get_attribute(&self.function(), &names::__name__, thread)?;
        let getattr = protocol::builtin(&names::getattr, thread)?;
        let arguments = Tuple::new(vec![self.receiver(), name], thread)?;
        Tuple::new(vec![getattr, arguments.into_object()], thread).map(Py::into_object)
    }

    /// the function (or other callable) implementing a method
    #[getter]
    fn __func__(&self) -> Py<Object> {
        self.function()
    }

    /// the instance to which a method is bound
    #[getter]
    fn __self__(&self) -> Py<Object> {
        self.receiver()
    }

    #[getter]
    fn __doc__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::get_attribute(&self.function(), &names::__doc__, thread)
    }
}
