//! The type `function`: constructor and attributes.

use std::mem::offset_of;

use bytecode::code_flags::{CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR};
use macros::python_type;
use objects::audit;
use objects::cell::Cell;
use objects::descriptors::BoundMethod;
use objects::dict::Dict;
use objects::errors::{self, PyResult};
use objects::object::BaseObject;
use objects::raise;
use objects::refs::{Field, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, Type, instance_dict};
use objects::watchers::FunctionEvent;

use super::Function;
use crate::code::Code;
use crate::execute::builtins_of;

const WRONG_KIND: &str =
    "Assigning a code object of non-matching type is deprecated (e.g., from a generator to a plain function)";

/// An argument of the constructor that may be None.
fn optional<'a, T: Instance>(
    value: Option<&'a Object>,
    place: &str,
    expected: &str,
    thread: &mut Thread,
) -> PyResult<Option<&'a T>> {
    match value.filter(|it| !it.is_none()) {
        None => Ok(None),
        Some(value) => match value.downcast::<T>() {
            Some(value) => Ok(Some(value)),
            None => Err(raise!(thread, TypeError, "{place} must be None or {expected}")),
        },
    }
}

/// Checks that a closure has a cell for each of the code's free variables.
fn check_closure(code: &Code, closure: Option<&Tuple>, given: bool, thread: &mut Thread) -> PyResult<()> {
    let wanted = code.free_count();
    if closure.is_none() && wanted > 0 && !given {
        return Err(raise!(thread, TypeError, "arg 5 (closure) must be tuple"));
    }
    let count = closure.map_or(0, Tuple::length);
    if count != wanted {
        let name = code.name().to_string_lossy();
        return Err(raise!(thread, ValueError, "{name} requires closure of length {wanted}, not {count}"));
    }
    for cell in closure.map_or(&[][..], Tuple::items) {
        if cell.downcast::<Cell>().is_none() {
            let found = cell.class().full_name();
            return Err(raise!(thread, TypeError, "arg 5 (closure) expected cell, found {found}"));
        }
    }
    Ok(())
}

/// A name that is being set.
fn set_name(field: &Field<Str>, name: &str, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    match value.and_then(|it| it.downcast::<Str>()) {
        Some(value) => {
            field.set(Some(Py::from_ref(value)));
            Ok(())
        }
        None => Err(raise!(thread, TypeError, "{name} must be set to a string object")),
    }
}

/// An attribute that is being set to an instance of `T`; None and deleting empty it.
fn instance_or_none<T: Instance>(
    value: Option<&Object>,
    name: &str,
    expected: &str,
    thread: &mut Thread,
) -> PyResult<Option<Py<T>>> {
    match value.filter(|it| !it.is_none()) {
        None => Ok(None),
        Some(value) => match value.downcast::<T>() {
            Some(value) => Ok(Some(Py::from_ref(value))),
            None => Err(raise!(thread, TypeError, "{name} must be set to a {expected} object")),
        },
    }
}

/// The deallocator of functions: watchers are told first.
///
/// # Safety
/// Called as `tp_dealloc`.
unsafe extern "C-unwind" fn deallocate(object: *mut layout::PyObject) {
    // SAFETY: objects only exist while their thread is attached.
    let mut thread = unsafe { Thread::current() };
    if thread.interpreter().watchers.functions.active() != 0 {
        let tell = |it: &Object, thread: &mut Thread| {
            objects::watchers::tell_of_function(FunctionEvent::Destroy, it, None, thread);
        };
        // SAFETY: the count is zero.
        if unsafe { objects::watchers::put_off(object, &mut thread, tell) } {
            return;
        }
    }
    // SAFETY: passed on.
    unsafe { objects::refs::deallocate_instance::<Function>(object) }
}

impl Function {
    /// Tells watchers of functions, if there are any, of what is about to change.
    fn tell_watchers(&self, event: FunctionEvent, value: Option<&Object>, thread: &mut Thread) {
        if thread.interpreter().watchers.functions.active() != 0 {
            objects::watchers::tell_of_function(event, self, value, thread);
        }
    }

    /// Tells audit hooks of an attribute that is to be changed, or to be deleted.
    fn audit_change(&self, name: &str, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        match value {
            Some(value) => audit!(thread, "object.__setattr__", &**self, name, value),
            None => audit!(thread, "object.__delattr__", &**self, name),
        }
    }
}

/// function(code, globals, name=None, argdefs=None, closure=None,
///          kwdefaults=None)
/// --
///
/// Create a function object.
///
///   code
///     a code object
///   globals
///     the globals dictionary
///   name
///     a string that overrides the name from the code object
///   argdefs
///     a tuple that specifies the default argument values
///   closure
///     a tuple that supplies the bindings for free variables
///   kwdefaults
///     a dictionary that specifies the default keyword argument values
#[python_type(
    name = "function", symbol = "PyFunction_Type", base = BaseObject, dealloc = deallocate, flags(METHOD_DESCRIPTOR, HAVE_VECTORCALL),
    vectorcall_offset = offset_of!(Function, vectorcall), dict_offset = offset_of!(Function, dict),
    weaklist_offset = offset_of!(Function, weak_references),
    members(
        __closure__(closure): Object, mut __doc__(doc): Object, __globals__(globals): Object,
        __builtins__(builtins): Object
    )
)]
impl Function {
    #[new]
    #[allow(clippy::too_many_arguments, reason = "the parameters are Python's")]
    fn construct(
        _class: &Type,
        code: &Code,
        globals: &Dict,
        name: Option<&Object>,
        argdefs: Option<&Object>,
        closure: Option<&Object>,
        kwdefaults: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Function>> {
        let name = optional::<Str>(name, "arg 3 (name)", "string", thread)?;
        let defaults = optional::<Tuple>(argdefs, "arg 4 (defaults)", "tuple", thread)?;
        let closure = optional::<Tuple>(closure, "arg 5 (closure)", "tuple", thread)?;
        let keyword_defaults = optional::<Dict>(kwdefaults, "arg 6 (kwdefaults)", "dict", thread)?;
        check_closure(code, closure, closure.is_some(), thread)?;
        audit!(thread, "function.__new__", &**code)?;
        let builtins = builtins_of(globals, thread)?;
        let function = Function::new(Py::from_ref(code), Py::from_ref(globals), builtins, thread);
        // Only functions that a `def` made are known by the version of their code.
        function.version.set(0);
        if let Some(name) = name {
            function.name.set(Some(Py::from_ref(name)));
        }
        function.defaults.set(defaults.map(Py::from_ref));
        function.closure.set(closure.map(Py::from_ref));
        function.keyword_defaults.set(keyword_defaults.map(Py::from_ref));
        Ok(function)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> String {
        format!("<function {} at {:#x}>", self.qualified_name().to_string_lossy(), self.address())
    }

    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        super::call::call_with_tuple(self, arguments, keywords, thread)
    }

    #[slot(tp_descr_get)]
    fn get(&self, instance: Option<&Object>, _owner: Option<&Object>, thread: &mut Thread) -> Py<Object> {
        match instance.filter(|it| !it.is_none()) {
            Some(instance) => BoundMethod::new(self, instance, thread).into_object(),
            None => Py::from_ref(self).into_object(),
        }
    }

    #[getter]
    fn __code__(&self, thread: &mut Thread) -> PyResult<Py<Code>> {
        audit!(thread, "object.__getattr__", &**self, "__code__")?;
        Ok(self.code())
    }

    #[setter(name = "__code__")]
    fn set_code(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(code) = value.and_then(|it| it.downcast::<Code>()) else {
            return Err(raise!(thread, TypeError, "__code__ must be set to a code object"));
        };
        audit!(thread, "object.__setattr__", &**self, "__code__", value)?;
        let (wanted, found) = (self.closure().map_or(0, Tuple::length), code.free_count());
        if wanted != found {
            let name = self.name().to_string_lossy();
            let message = "requires a code object with";
            return Err(raise!(thread, ValueError, "{name}() {message} {wanted} free vars, not {found}"));
        }
        let kind = |code: &Code| code.flags() & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR);
        if kind(code) != kind(&self.code()) {
            thread.warn(errors::DeprecationWarning, 1, format_args!("{WRONG_KIND}"))?;
        }
        self.tell_watchers(FunctionEvent::ModifyCode, value, thread);
        self.version.set(0);
        self.code.set(Some(Py::from_ref(code)));
        Ok(())
    }

    #[getter]
    fn __defaults__(&self, thread: &mut Thread) -> PyResult<Option<Py<Tuple>>> {
        audit!(thread, "object.__getattr__", &**self, "__defaults__")?;
        Ok(self.defaults())
    }

    #[setter(name = "__defaults__")]
    fn set_defaults_attribute(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let defaults = instance_or_none(value, "__defaults__", "tuple", thread)?;
        self.audit_change("__defaults__", defaults.is_some().then_some(value).flatten(), thread)?;
        self.tell_watchers(FunctionEvent::ModifyDefaults, value.filter(|it| !it.is_none()), thread);
        self.set_defaults(defaults);
        Ok(())
    }

    #[getter]
    fn __kwdefaults__(&self, thread: &mut Thread) -> PyResult<Option<Py<Dict>>> {
        audit!(thread, "object.__getattr__", &**self, "__kwdefaults__")?;
        Ok(self.keyword_defaults())
    }

    #[setter(name = "__kwdefaults__")]
    fn set_keyword_defaults(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let defaults = instance_or_none(value, "__kwdefaults__", "dict", thread)?;
        self.audit_change("__kwdefaults__", defaults.is_some().then_some(value).flatten(), thread)?;
        self.tell_watchers(FunctionEvent::ModifyKeywordDefaults, value.filter(|it| !it.is_none()), thread);
        self.version.set(0);
        self.keyword_defaults.set(defaults);
        Ok(())
    }

    /// Dict of annotations in a function object.
    #[getter]
    fn __annotations__(&self, thread: &mut Thread) -> PyResult<Py<Dict>> {
        self.annotations(thread)
    }

    #[setter(name = "__annotations__")]
    fn set_annotations_attribute(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.assign_annotations(value, thread)
    }

    /// Get the code object for a function.
    #[getter]
    fn __annotate__(&self) -> Option<Py<Object>> {
        self.annotate.get()
    }

    #[setter(name = "__annotate__")]
    fn set_annotate_attribute(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.assign_annotate(value, thread)
    }

    #[getter]
    fn __dict__(&self, thread: &mut Thread) -> Option<Py<Dict>> {
        instance_dict::dict(self, thread)
    }

    #[setter(name = "__dict__")]
    fn set_dict(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        instance_dict::set_dict(self, value, thread)
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
    fn __name__(&self) -> Py<Str> {
        self.name()
    }

    #[setter(name = "__name__")]
    fn set_name(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        set_name(&self.name, "__name__", value, thread)
    }

    #[getter]
    fn __qualname__(&self) -> Py<Str> {
        self.qualified_name()
    }

    #[setter(name = "__qualname__")]
    fn set_qualname(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        set_name(&self.qualified_name, "__qualname__", value, thread)
    }

    /// Get the declared type parameters for a function.
    #[getter]
    fn __type_params__(&self, thread: &mut Thread) -> Py<Object> {
        self.type_parameters.get().unwrap_or_else(|| Tuple::empty(thread).into_object())
    }

    #[setter(name = "__type_params__")]
    fn set_type_params(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        match value.filter(|it| it.downcast::<Tuple>().is_some()) {
            Some(value) => {
                self.type_parameters.set(Some(Py::from_ref(value)));
                Ok(())
            }
            None => Err(raise!(thread, TypeError, "__type_params__ must be set to a tuple")),
        }
    }
}
