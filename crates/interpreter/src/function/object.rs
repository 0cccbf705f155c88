//! The function object: its layout, and what the loop reads of it.

use std::cell::Cell;
use std::mem::offset_of;
use std::ops::Deref;
use std::ptr;

use bytecode::code_flags::CO_HAS_DOCSTRING;
use layout::{PyFunctionObject, PyObject, vectorcallfunc};
use macros::Instance;
use objects::dict::Dict;
use objects::gc::{Traverse, Visitor};
use objects::names;
use objects::refs::{Field, HasHeader, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;
use objects::watchers::FunctionEvent;

use super::call::function_vectorcall;
use crate::code::Code;

/// A field that the collector leaves alone when it breaks a cycle: a function without its code, names and namespaces could not be called, and
/// finalizers may still call it.
#[repr(transparent)]
pub(super) struct Kept<T: HasHeader>(Field<T>);

impl<T: HasHeader> Deref for Kept<T> {
    type Target = Field<T>;

    #[inline(always)]
    fn deref(&self) -> &Field<T> {
        &self.0
    }
}

impl<T: HasHeader> From<Py<T>> for Kept<T> {
    fn from(value: Py<T>) -> Self {
        Self(value.into())
    }
}

impl<T: HasHeader> Traverse for Kept<T> {
    const MAY_REFER: bool = true;
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.0.traverse(visitor);
    }
    fn clear(&self) {}
}

/// A Python function.
#[derive(Instance)]
#[repr(C)]
pub struct Function {
    header: Header,
    pub(super) globals: Kept<Dict>,
    pub(super) builtins: Kept<Object>,
    pub(super) name: Kept<Str>,
    pub(super) qualified_name: Kept<Str>,
    pub(super) code: Kept<Code>,
    pub(super) defaults: Field<Tuple>,
    pub(super) keyword_defaults: Field<Dict>,
    pub(super) closure: Field<Tuple>,
    pub(super) doc: Field,
    pub(super) dict: Field<Dict>,
    pub(super) weak_references: Cell<*mut PyObject>,
    pub(super) module: Field,
    pub(super) annotations: Field,
    pub(super) annotate: Field,
    pub(super) type_parameters: Field,
    pub(super) vectorcall: Cell<Option<vectorcallfunc>>,
    pub(super) version: Cell<u32>,
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
        let function = Py::new(value, thread);
        if thread.interpreter().watchers.functions.active() != 0 {
            objects::watchers::tell_of_function(FunctionEvent::Create, &function, None, thread);
        }
        function
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

    pub(super) fn set_qualified_name(&self, name: Py<Str>) {
        self.qualified_name.set(Some(name));
    }

    pub fn name(&self) -> Py<Str> {
        self.name.get().expect("a function has a name from creation on")
    }

    pub fn defaults(&self) -> Option<Py<Tuple>> {
        self.defaults.get()
    }

    /// The defaults, without counting.
    ///
    /// # Safety
    /// Nothing sets `__defaults__` while the result is in use.
    #[inline(always)]
    pub unsafe fn borrow_defaults(&self) -> Option<&Tuple> {
        // SAFETY: passed on to the caller.
        unsafe { self.defaults.borrow() }
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

    /// Has another function called in its place (`PyFunction_SetVectorcall`). Code that was specialized for the function looks again.
    pub fn set_vectorcall(&self, vectorcall: vectorcallfunc) {
        self.version.set(0);
        self.vectorcall.set(Some(vectorcall));
    }

    /// True if calling the object runs the loop on its code: nobody has put another function in the vectorcall field.
    #[inline(always)]
    pub fn is_plain(&self) -> bool {
        self.vectorcall.get().is_some_and(|it| ptr::fn_addr_eq(it, function_vectorcall as vectorcallfunc))
    }
}
