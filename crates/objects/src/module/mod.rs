//! `module`, and the definitions of built-in modules.

use std::cell::Cell;
use std::ffi::CStr;

use layout::PyModuleObject;
use macros::{Instance, python_type};

use crate::dict::Dict;
use crate::errors::PyResult;
use crate::method::Method;
use crate::refs::{Field, Header, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::types::Instance as _;

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
    dict_offset = std::mem::offset_of!(Module, dict), weaklist_offset = std::mem::offset_of!(Module, weak_references)
)]
impl Module {}
