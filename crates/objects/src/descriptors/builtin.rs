//! `builtin_function_or_method`: functions of modules written in Rust or C, and methods of built-in types bound to their instance.

use std::cell::Cell;
use std::mem::offset_of;

use layout::{METH_STATIC, PyCFunctionObject, PyCMethodObject, PyMethodDef, PyObject, vectorcallfunc};
use macros::{Instance, python_type};

use super::convention::{DefinedCall, call_by_vector, vector_arguments};
use super::doc::{TableDoc, text_of};
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::method::Method;
use crate::module::Module;
use crate::names;
use crate::protocol::{self, Comparison};
use crate::refs::{Field, Header, Object, Py, cast};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

/// A function written in Rust or C.
#[derive(Instance)]
#[repr(C)]
pub struct BuiltinFunction {
    header: Header,
    definition: Cell<*mut PyMethodDef>,
    receiver: Field,
    module: Field,
    weak_references: Cell<*mut PyObject>,
    vectorcall: Cell<Option<vectorcallfunc>>,
}

const _: () = {
    assert!(size_of::<BuiltinFunction>() == size_of::<PyCFunctionObject>());
    assert!(offset_of!(BuiltinFunction, vectorcall) == offset_of!(PyCFunctionObject, vectorcall));
};

/// A method that is told the class that defines it (`METH_METHOD`).
#[derive(Instance)]
#[repr(C)]
pub struct BuiltinMethod {
    base: BuiltinFunction,
    class: Field<Type>,
}

const _: () = assert!(size_of::<BuiltinMethod>() == size_of::<PyCMethodObject>());

impl BuiltinFunction {
    /// A function of this definition: `receiver` is the instance, class or module that it gets, `module` its `__module__`, `class` the
    /// class that defines it, for `METH_METHOD`.
    ///
    /// # Safety
    /// The definition lives as long as the function; the receiver is what the function's code expects.
    pub unsafe fn new(
        definition: *mut PyMethodDef,
        receiver: Option<Py<Object>>,
        module: Option<Py<Object>>,
        class: Option<&Type>,
        thread: &mut Thread,
    ) -> Py<Object> {
        let made = if class.is_some() { BuiltinMethod::class() } else { Self::class() };
        let base = Self {
            header: Header::new(made),
            definition: Cell::new(definition),
            receiver: Field::new(receiver),
            module: Field::new(module),
            weak_references: Cell::new(std::ptr::null_mut()),
            vectorcall: Cell::new(Some(call_function)),
        };
        match class {
            Some(class) => Py::new(BuiltinMethod { base, class: Py::from_ref(class).into() }, thread).into_object(),
            None => Py::new(base, thread).into_object(),
        }
    }

    pub fn definition(&self) -> &PyMethodDef {
        // SAFETY: the definition lives as long as the function.
        unsafe { &*self.definition.get() }
    }

    /// `__self__`, if there is one.
    pub fn receiver(&self) -> Option<Py<Object>> {
        self.receiver.get()
    }

    /// What the function itself gets: `__self__`, but static methods of C code get none.
    pub fn receiver_pointer(&self) -> *mut PyObject {
        // SAFETY: the definition lives as long as the function.
        let is_ours = || unsafe { Method::of(self.definition.get()) }.is_some();
        if self.definition().ml_flags & METH_STATIC != 0 && !is_ours() {
            return std::ptr::null_mut();
        }
        // SAFETY: the fields of a function never change while it is in use.
        unsafe { self.receiver.borrow() }.map_or(std::ptr::null_mut(), Object::as_pointer)
    }

    pub fn name_text(&self) -> String {
        // SAFETY: a definition's name is a C string.
        unsafe { text_of(self.definition().ml_name) }
    }

    fn table_doc(&self) -> TableDoc {
        // SAFETY: a definition's texts are C strings.
        unsafe { TableDoc::of_definition(self.definition()) }
    }

    /// The class that defines a `METH_METHOD`.
    fn class_pointer(&self) -> *mut layout::PyTypeObject {
        match self.downcast::<BuiltinMethod>() {
            Some(method) => method.class.get().map_or(std::ptr::null_mut(), |it| it.as_pointer()),
            None => std::ptr::null_mut(),
        }
    }

    /// `__self__` if it is not a module.
    fn bound_receiver(&self) -> Option<Py<Object>> {
        self.receiver.get().filter(|it| it.downcast::<Module>().is_none())
    }

    /// `__qualname__`.
    fn qualified_name(&self, thread: &mut Thread) -> PyResult<String> {
        let name = self.name_text();
        let Some(receiver) = self.bound_receiver() else { return Ok(name) };
        let class = match receiver.downcast::<Type>() {
            Some(class) => Py::from_ref(class),
            None => Py::from_ref(receiver.class()),
        };
        let qualname = protocol::get_attribute(&class, &names::__qualname__, thread)?;
        let Some(qualname) = qualname.downcast::<Str>() else {
            return Err(crate::raise!(thread, TypeError, "<method>.__class__.__qualname__ is not a unicode object"));
        };
        Ok(format!("{}.{name}", qualname.to_string_lossy()))
    }

    /// `math.sin()`, for messages.
    fn describe(&self, thread: &mut Thread) -> PyResult<String> {
        let qualname = self.qualified_name(thread)?;
        let module = self.module.get().and_then(|it| it.downcast::<Str>().map(Str::to_string_lossy));
        Ok(match module.filter(|it| it != "builtins") {
            Some(module) => format!("{module}.{qualname}()"),
            None => format!("{qualname}()"),
        })
    }
}

/// The vectorcall function of built-in functions.
///
/// # Safety
/// By the vectorcall protocol.
unsafe extern "C-unwind" fn call_function(
    callable: *mut PyObject,
    arguments: *const *mut PyObject,
    count_and_flags: usize,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: this function's contract.
    let (function, (arguments, names), mut thread) = unsafe {
        let function = cast::<BuiltinFunction>(&*callable.cast::<Object>());
        (function, vector_arguments(arguments, count_and_flags, names), Thread::current())
    };
    let call = DefinedCall {
        definition: function.definition(),
        class: function.class_pointer(),
        receiver: function.receiver_pointer(),
        arguments,
        names,
    };
    let result = call.run(|thread| function.describe(thread), &mut thread);
    result.map_or(std::ptr::null_mut(), Py::into_pointer)
}

#[python_type(
    name = "builtin_function_or_method", symbol = "PyCFunction_Type", base = crate::object::BaseObject,
    flags(HAVE_VECTORCALL), vectorcall_offset = offset_of!(BuiltinFunction, vectorcall),
    weaklist_offset = offset_of!(BuiltinFunction, weak_references)
)]
impl BuiltinFunction {
    #[slot(tp_repr)]
    fn repr(&self) -> String {
        let name = self.name_text();
        match self.bound_receiver() {
            Some(receiver) => {
                let class = receiver.class().full_name();
                format!("<built-in method {name} of {class} object at {:#x}>", receiver.address())
            }
            None => format!("<built-in function {name}>"),
        }
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        let receiver = self.receiver.get().map_or(0, |it| crate::object::hash_of_address(it.address()));
        Ok(receiver ^ crate::object::hash_of_address(self.definition.get() as usize))
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        call_by_vector(self, arguments, keywords, thread)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, comparison: Comparison, thread: &mut Thread) -> Py<Object> {
        let (Some(other), Comparison::Equal | Comparison::NotEqual) = (other.downcast::<Self>(), comparison) else {
            return thread.not_implemented();
        };
        let same_receiver = match (self.receiver.get(), other.receiver.get()) {
            (Some(left), Some(right)) => left.is(&right),
            (None, None) => true,
            _ => false,
        };
        // SAFETY: a union of function pointers and a number, all of one word.
        let same_function = unsafe { self.definition().ml_meth.null == other.definition().ml_meth.null };
        let equal = same_receiver && same_function;
        crate::bool::Bool::new(equal == (comparison == Comparison::Equal))
    }

    /// __reduce__($self, /)
    /// --
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = Str::from_str(&self.name_text(), thread).into_object();
        let Some(receiver) = self.bound_receiver() else { return Ok(name) };
        let getattr = protocol::builtin(&names::getattr, thread)?;
        let arguments = Tuple::new(vec![receiver, name], thread)?;
        Tuple::new(vec![getattr, arguments.into_object()], thread).map(Py::into_object)
    }

    #[getter]
    fn __module__(&self) -> Option<Py<Object>> {
        self.module.get()
    }

    #[setter(name = "__module__")]
    fn set_module(&self, value: Option<&Object>) -> PyResult<()> {
        self.module.set(value.map(Py::from_ref));
        Ok(())
    }

    #[getter]
    fn __doc__(&self) -> Option<String> {
        self.table_doc().doc
    }

    #[getter]
    fn __name__(&self) -> String {
        self.name_text()
    }

    #[getter]
    fn __qualname__(&self, thread: &mut Thread) -> PyResult<String> {
        self.qualified_name(thread)
    }

    #[getter]
    fn __self__(&self) -> Option<Py<Object>> {
        // The class that a static method belongs to is only for its name.
        self.receiver.get().filter(|_| self.definition().ml_flags & METH_STATIC == 0)
    }

    #[getter]
    fn __text_signature__(&self) -> Option<String> {
        self.table_doc().signature
    }
}

#[python_type(
    name = "builtin_method", symbol = "PyCMethod_Type", base = BuiltinFunction
)]
impl BuiltinMethod {}
