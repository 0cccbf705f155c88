//! `module`, and the definitions of built-in modules.

use std::cell::Cell;
use std::ffi::CStr;

use layout::PyModuleObject;
use macros::{Instance, python_type};

use crate::descriptors::BuiltinFunction;
use crate::dict::Dict;
use crate::errors::{PyResult, Raised};
use crate::method::Method;
use crate::names;
use crate::object::{attribute_name, lookup_attribute_generic};
use crate::protocol;
use crate::raise;
use crate::refs::{Field, Header, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

/// A module object.
#[derive(Instance)]
#[repr(C)]
pub struct Module {
    header: Header,
    dict: Field<Dict>,
    definition: Cell<*mut layout::PyModuleDef>,
    state: Cell<*mut std::ffi::c_void>,
    weak_references: Cell<*mut layout::PyObject>,
    name: Field<Str>,
}

const _: () = assert!(size_of::<Module>() == size_of::<PyModuleObject>());

/// What `#[python_module]` makes of an `impl` block.
pub struct Definition {
    pub name: &'static CStr,
    pub doc: Option<&'static CStr>,
    pub functions: &'static [&'static Method],
    /// Adds what is not a function: constants, types.
    pub exec: Option<fn(&Module, &mut Thread) -> PyResult<()>>,
}

impl Module {
    /// A new module with an empty dictionary but for `__name__` and its kin.
    pub fn new(name: &Str, thread: &mut Thread) -> PyResult<Py<Module>> {
        let dict = Dict::new(thread);
        dict.set_str(&crate::names::__name__, name, thread)?;
        let value = Module {
            header: Header::new(Module::class()),
            dict: dict.into(),
            definition: Cell::new(std::ptr::null_mut()),
            state: Cell::new(std::ptr::null_mut()),
            weak_references: Cell::new(std::ptr::null_mut()),
            name: Field::new(Some(Py::from_ref(name))),
        };
        Ok(Py::new(value, thread))
    }

    /// A built-in module: its functions, then what its `exec` adds.
    pub fn from_definition(definition: &'static Definition, thread: &mut Thread) -> PyResult<Py<Module>> {
        let name = thread.intern_text(&definition.name.to_string_lossy());
        let module = Self::new(&name, thread)?;
        let dict = module.dict();
        let doc = match definition.doc {
            Some(doc) => Str::from_str(&doc.to_string_lossy(), thread).into_object(),
            None => thread.none(),
        };
        dict.set_str(&names::__doc__, &doc, thread)?;
        for attribute in [&names::__package__ as &Str, &names::__loader__, &names::__spec__] {
            let none = thread.none();
            dict.set_str(attribute, &none, thread)?;
        }
        for method in definition.functions {
            let receiver = Some(Py::from_ref(&*module).into_object());
            let owner = Some(Py::from_ref(&*name).into_object());
            // SAFETY: the definition is a static, and its function expects a module.
            let function = unsafe { BuiltinFunction::new(method.definition(), receiver, owner, None, thread) };
            let name = thread.intern_text(method.name);
            dict.set_str(&name, &function, thread)?;
        }
        if let Some(exec) = definition.exec {
            exec(&module, thread)?;
        }
        Ok(module)
    }

    /// Sets an attribute of a module that is being made.
    pub fn set(&self, name: &str, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let name = thread.intern_text(name);
        self.dict().set_str(&name, value, thread)
    }

    /// `__dict__`.
    pub fn dict(&self) -> Py<Dict> {
        self.dict.get().expect("a module has a dictionary from creation on")
    }
}

/// module(name, doc=None)
/// --
///
/// Create a module object.
///
/// The name must be a string; the optional docstring can have any type.
#[python_type(
    name = "module", symbol = "PyModule_Type", base = crate::object::BaseObject, flags(BASETYPE),
    dict_offset = std::mem::offset_of!(Module, dict), weaklist_offset = std::mem::offset_of!(Module, weak_references),
    members(__dict__(dict): Object)
)]
impl Module {
    #[slot(tp_new)]
    fn make(class: &Type, _arguments: &Tuple, _keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Module>> {
        let dict = Dict::new(thread);
        let value = Module {
            header: Header::new(class),
            dict: dict.into(),
            definition: Cell::new(std::ptr::null_mut()),
            state: Cell::new(std::ptr::null_mut()),
            weak_references: Cell::new(std::ptr::null_mut()),
            name: Field::EMPTY,
        };
        Py::new_in(class, value, thread)
    }

    #[init]
    fn init(&self, name: &Str, doc: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let dict = self.dict();
        let none = thread.none();
        dict.set_str(&names::__name__, name, thread)?;
        dict.set_str(&names::__doc__, doc.unwrap_or(&none), thread)?;
        for attribute in [&names::__package__ as &Str, &names::__loader__, &names::__spec__] {
            dict.set_str(attribute, &none, thread)?;
        }
        self.name.set(Some(Py::from_ref(name)));
        Ok(())
    }

    /// `importlib._bootstrap._module_repr(module)`.
    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let importlib = thread.intern_text("_frozen_importlib");
        match thread.interpreter().modules.get().and_then(|it| it.get_str(&importlib, thread)) {
            Some(importlib) => {
                let function = thread.intern_text("_module_repr");
                protocol::call_method(&importlib, &function, &[self], thread)
            }
            None => Ok(Str::from_str("<module>", thread).into_object()),
        }
    }

    /// The attribute, or what the module's own `__getattr__` gives (PEP 562).
    #[slot(tp_getattro)]
    fn getattribute(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = attribute_name(name, thread)?;
        if let Some(value) = lookup_attribute_generic(self, name, thread)? {
            return Ok(value);
        }
        let dict = self.dict();
        if let Some(getattr) = dict.get_str(&names::__getattr__, thread) {
            return protocol::call_one(&getattr, name, thread);
        }
        Err(raise_no_attribute(&dict, self, name, thread))
    }

    /// __dir__() -> list
    /// specialized dir() implementation
    #[method]
    fn __dir__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let dict = self.dict();
        match dict.get_str(&names::__dir__, thread) {
            Some(function) => protocol::call(&function, &[], thread),
            None => protocol::to_list(&dict, thread).map(Py::into_object),
        }
    }
}

#[cold]
fn raise_no_attribute(dict: &Dict, module: &Module, name: &Str, thread: &mut Thread) -> Raised {
    let module_name = dict.get_str(&names::__name__, thread).and_then(|it| it.downcast_into::<Str>().ok());
    let text = name.to_string_lossy();
    let message = match module_name {
        Some(module_name) => format!("module '{}' has no attribute '{text}'", module_name.to_string_lossy()),
        None => format!("module has no attribute '{text}'"),
    };
    let raised = raise!(thread, AttributeError, "{message}");
    protocol::set_attribute_error_context(module, name, raised, thread)
}
