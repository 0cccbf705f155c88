//! The function object and its attributes.

use std::cell::Cell;
use std::mem::offset_of;
use std::ptr;

use bytecode::code_flags::CO_HAS_DOCSTRING;
use layout::{PyFunctionObject, PyObject, vectorcallfunc};
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::names;
use objects::object::BaseObject;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use super::call::function_vectorcall;
use crate::code::Code;

/// A Python function.
#[derive(Instance)]
#[repr(C)]
pub struct Function {
    header: Header,
    globals: Field<Dict>,
    builtins: Field,
    name: Field<Str>,
    qualified_name: Field<Str>,
    code: Field<Code>,
    defaults: Field<Tuple>,
    keyword_defaults: Field<Dict>,
    closure: Field<Tuple>,
    doc: Field,
    dict: Field<Dict>,
    weak_references: Cell<*mut PyObject>,
    module: Field,
    annotations: Field,
    annotate: Field,
    type_parameters: Field,
    vectorcall: Cell<Option<vectorcallfunc>>,
    version: Cell<u32>,
}

const _: () = {
    assert!(size_of::<Function>() == size_of::<PyFunctionObject>());
    assert!(offset_of!(Function, code) == offset_of!(PyFunctionObject, func_code));
    assert!(offset_of!(Function, annotations) == offset_of!(PyFunctionObject, func_annotations));
    assert!(offset_of!(Function, version) == offset_of!(PyFunctionObject, func_version));
};

impl Function {
    /// A new function, as `MAKE_FUNCTION` makes it.
    pub fn new(code: Py<Code>, globals: Py<Dict>, builtins: Py<Object>, thread: &mut Thread) -> Py<Function> {
        let doc = match code.constants().items().first() {
            Some(first) if code.has_flag(CO_HAS_DOCSTRING) => first.clone(),
            _ => thread.none(),
        };
        let module = globals.get_str(&names::__name__, thread);
        let value = Function {
            header: Header::new(Function::class()),
            builtins: builtins.into(),
            name: Py::from_ref(code.name()).into(),
            qualified_name: Py::from_ref(code.qualified_name()).into(),
            defaults: Field::EMPTY,
            keyword_defaults: Field::EMPTY,
            closure: Field::EMPTY,
            doc: doc.into(),
            dict: Field::EMPTY,
            weak_references: Cell::new(ptr::null_mut()),
            module: Field::new(module),
            annotations: Field::EMPTY,
            annotate: Field::EMPTY,
            type_parameters: Field::EMPTY,
            vectorcall: Cell::new(Some(function_vectorcall)),
            version: Cell::new(code.version()),
            globals: globals.into(),
            code: code.into(),
        };
        Py::new(value, thread)
    }

    #[inline(always)]
    pub fn code(&self) -> Py<Code> {
        // SAFETY: a function has a code object from creation on; assigning `__code__` replaces it.
        unsafe { self.code.get().unwrap_unchecked() }
    }

    /// The code, without counting.
    ///
    /// # Safety
    /// Nothing sets `__code__` while the result is in use.
    #[inline(always)]
    pub unsafe fn borrow_code(&self) -> &Code {
        // SAFETY: as above, and the caller keeps it there.
        unsafe { self.code.borrow().unwrap_unchecked() }
    }

    #[inline(always)]
    pub(crate) fn globals_pointer(&self) -> *mut PyObject {
        // SAFETY: a function's globals never change.
        unsafe { self.globals.borrow() }.map_or(ptr::null_mut(), |it| it.as_pointer())
    }

    #[inline(always)]
    pub(crate) fn builtins_pointer(&self) -> *mut PyObject {
        // SAFETY: a function's builtins never change.
        unsafe { self.builtins.borrow() }.map_or(ptr::null_mut(), |it| it.as_pointer())
    }

    pub fn globals(&self) -> Py<Dict> {
        self.globals.get().expect("a function has globals from creation on")
    }

    pub fn qualified_name(&self) -> Py<Str> {
        self.qualified_name.get().expect("a function has a qualified name from creation on")
    }

    pub fn name(&self) -> Py<Str> {
        self.name.get().expect("a function has a name from creation on")
    }

    pub fn defaults(&self) -> Option<Py<Tuple>> {
        self.defaults.get()
    }

    pub fn keyword_defaults(&self) -> Option<Py<Dict>> {
        self.keyword_defaults.get()
    }

    /// The cells of the free variables.
    #[inline(always)]
    pub fn closure(&self) -> Option<&Tuple> {
        // SAFETY: a function's closure is set when it is made and never again.
        unsafe { self.closure.borrow() }
    }

    pub fn set_closure(&self, closure: Py<Tuple>) {
        self.closure.set(Some(closure));
    }

    pub fn set_defaults(&self, defaults: Option<Py<Tuple>>) {
        self.version.set(0);
        self.defaults.set(defaults);
    }

    /// Sets the defaults of a function that is being made: its version stays.
    pub fn initialize_defaults(&self, defaults: Py<Tuple>) {
        self.defaults.set(Some(defaults));
    }

    /// As [`Function::initialize_defaults`], for keyword-only parameters.
    pub fn initialize_keyword_defaults(&self, defaults: Py<Dict>) {
        self.keyword_defaults.set(Some(defaults));
    }

    pub fn set_annotations(&self, annotations: Option<Py<Object>>) {
        self.annotations.set(annotations);
    }

    pub fn set_annotate(&self, annotate: Option<Py<Object>>) {
        self.annotate.set(annotate);
    }

    pub fn set_type_parameters(&self, parameters: Option<Py<Object>>) {
        self.type_parameters.set(parameters);
    }

    /// The specializer's number: functions with the same have the same code and number of defaults. Zero: none.
    #[inline(always)]
    pub fn version(&self) -> u32 {
        self.version.get()
    }

    /// True if calling the object runs the loop on its code: nobody has put another function in the vectorcall field.
    #[inline(always)]
    pub fn is_plain(&self) -> bool {
        self.vectorcall.get().is_some_and(|it| ptr::fn_addr_eq(it, function_vectorcall as vectorcallfunc))
    }
}

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
    name = "function", symbol = "PyFunction_Type", base = BaseObject,
    flags(METHOD_DESCRIPTOR, HAVE_VECTORCALL),
    vectorcall_offset = offset_of!(Function, vectorcall), dict_offset = offset_of!(Function, dict),
    weaklist_offset = offset_of!(Function, weak_references),
    members(__closure__(closure): Object, mut __doc__(doc): Object, __globals__(globals): Object,
        mut __module__(module): Object, __builtins__(builtins): Object)
)]
impl Function {
    #[getter]
    fn __dict__(&self, thread: &mut Thread) -> Option<Py<Dict>> {
        objects::types::instance_dict::dict(self, thread)
    }

    #[setter(name = "__dict__")]
    fn set_dict(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        objects::types::instance_dict::set_dict(self, value, thread)
    }

    #[getter]
    fn __name__(&self) -> Py<Str> {
        self.name()
    }

    #[setter(name = "__name__")]
    fn set_name(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        match value.and_then(|it| it.downcast::<Str>()) {
            Some(name) => {
                self.name.set(Some(Py::from_ref(name)));
                Ok(())
            }
            None => Err(raise!(thread, TypeError, "__name__ must be set to a string object")),
        }
    }

    #[getter]
    fn __qualname__(&self) -> Py<Str> {
        self.qualified_name()
    }

    #[setter(name = "__qualname__")]
    fn set_qualname(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        match value.and_then(|it| it.downcast::<Str>()) {
            Some(name) => {
                self.qualified_name.set(Some(Py::from_ref(name)));
                Ok(())
            }
            None => Err(raise!(thread, TypeError, "__qualname__ must be set to a string object")),
        }
    }

    #[getter]
    fn __code__(&self) -> Py<Code> {
        self.code()
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
    fn get(&self, instance: Option<&Object>, _owner: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        match instance {
            Some(instance) if !instance.is_none() => {
                Ok(objects::descriptors::BoundMethod::new(self, instance, thread).into_object())
            }
            _ => Ok(Py::from_ref(self).into_object()),
        }
    }
}
