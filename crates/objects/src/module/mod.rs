//! `module`, and the definitions of built-in modules.

mod attributes;
mod shadowing;

use std::cell::Cell;
use std::ffi::CStr;

use layout::PyModuleObject;
use macros::{Instance, python_type};

use crate::descriptors::BuiltinFunction;
use crate::dict::Dict;
use crate::errors::PyResult;
use crate::gc::{Traverse, Visitor};
use crate::method::Method;
use crate::names;
use crate::refs::{Field, Header, Object, Py};
use crate::str::Str;
use crate::thread::Thread;
use crate::tuple::Tuple;
use crate::types::{Instance as _, Type};

pub use shadowing::raise_cannot_import;

/// A module object.
#[derive(Instance)]
#[repr(C)]
pub struct Module {
    header: Header,
    dict: Field<Dict>,
    definition: Cell<*mut layout::PyModuleDef>,
    state: ModuleState,
    weak_references: Cell<*mut layout::PyObject>,
    name: Field<Str>,
}

const _: () = assert!(size_of::<Module>() == size_of::<PyModuleObject>());

/// What C code keeps for a module: memory of the size that its definition says, which goes through the definition's functions.
#[repr(transparent)]
struct ModuleState(Cell<*mut std::ffi::c_void>);

impl ModuleState {
    /// The module that this is a part of.
    fn module(&self) -> &Module {
        // SAFETY: a state only ever lies inside a module.
        unsafe { &*std::ptr::from_ref(self).cast::<u8>().sub(std::mem::offset_of!(Module, state)).cast::<Module>() }
    }

    /// The definition, if its functions may be called: not as long as there is no state that they may look at.
    fn usable_definition(&self) -> Option<&'static layout::PyModuleDef> {
        self.module().definition().filter(|it| it.m_size.get() <= 0 || !self.0.get().is_null())
    }
}

impl Traverse for ModuleState {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        if let Some(function) = self.usable_definition().and_then(|it| it.m_traverse.get()) {
            visitor.visit_by(self.module(), function);
        }
    }

    fn clear(&self) {
        if let Some(function) = self.usable_definition().and_then(|it| it.m_clear.get()) {
            // SAFETY: the definition's protocol.
            unsafe { function(self.module().as_pointer()) };
        }
    }
}

impl Drop for ModuleState {
    fn drop(&mut self) {
        if let Some(function) = self.usable_definition().and_then(|it| it.m_free.get()) {
            // SAFETY: the definition's protocol.
            unsafe { function(self.module().as_pointer().cast()) };
        }
        // SAFETY: objects only exist while their thread is attached; the state came from its allocator, or is null.
        unsafe { Thread::current().allocator().free(self.0.get().cast()) };
    }
}

/// What `#[python_module]` makes of an `impl` block.
pub struct Definition {
    pub name: &'static CStr,
    pub doc: Option<&'static CStr>,
    pub functions: &'static [&'static Method],
    /// Adds what is not a function: constants, types.
    pub exec: Option<fn(&Module, &mut Thread) -> PyResult<()>>,
}

/// How extension modules are loaded: filled in by the binary, from the crate that has the C API.
#[derive(Clone, Copy)]
pub struct ExtensionLoader {
    /// The module of a spec and a file, before it is executed.
    pub create: fn(&Object, &str, &mut Thread) -> PyResult<Py<Object>>,
    /// Executes a module that `create` has made.
    pub execute: fn(&Object, &mut Thread) -> PyResult<()>,
}

impl Module {
    /// The C definition that the module was made from, if it is an extension module.
    pub fn definition(&self) -> Option<&'static layout::PyModuleDef> {
        // SAFETY: null, or a definition that lives for ever.
        unsafe { self.definition.get().as_ref() }
    }

    /// Makes this the module of a C definition; it has no state yet.
    pub fn set_definition(&self, definition: &'static layout::PyModuleDef) {
        self.definition.set(std::ptr::from_ref(definition).cast_mut());
    }

    /// What C code keeps for the module, null if it keeps nothing.
    pub fn state(&self) -> *mut std::ffi::c_void {
        self.state.0.get()
    }

    /// Room for what the module's definition says that C code keeps, zeroed, unless it is there already.
    pub fn allocate_state(&self, thread: &mut Thread) -> PyResult<()> {
        let size = self.definition().and_then(|it| usize::try_from(it.m_size.get()).ok());
        if let Some(size) = size
            && self.state().is_null()
        {
            let state = thread.allocator().allocate_zeroed(size.max(1));
            if state.is_null() {
                return Err(thread.raise_memory_error());
            }
            self.state.0.set(state.cast());
        }
        Ok(())
    }

    /// A new module with an empty dictionary but for `__name__` and its kin.
    pub fn new(name: &Str, thread: &mut Thread) -> PyResult<Py<Module>> {
        let dict = Dict::new(thread);
        dict.set_str(&crate::names::__name__, name, thread)?;
        Ok(Py::new(Self::fields(dict, Some(Py::from_ref(name))), thread))
    }

    fn fields(dict: Py<Dict>, name: Option<Py<Str>>) -> Self {
        Self {
            header: Header::new(Module::class()),
            dict: dict.into(),
            definition: Cell::new(std::ptr::null_mut()),
            state: ModuleState(Cell::new(std::ptr::null_mut())),
            weak_references: Cell::new(std::ptr::null_mut()),
            name: Field::new(name),
        }
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
/// The name must be a string; the optional doc argument can have any type.
#[python_type(
    name = "module", symbol = "PyModule_Type", base = crate::object::BaseObject, flags(BASETYPE),
    members(__dict__(dict): Object),
    dict_offset = std::mem::offset_of!(Module, dict), weaklist_offset = std::mem::offset_of!(Module, weak_references)
)]
impl Module {
    #[slot(tp_new)]
    fn new_empty(class: &Type, _: &Tuple, _: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Module>> {
        let dict = Dict::new(thread);
        Py::new_in(class, Self::fields(dict, None), thread)
    }

    #[init]
    fn init(&self, name: &Str, doc: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let none = thread.none();
        let dict = self.dict();
        dict.set_str(&names::__name__, name, thread)?;
        dict.set_str(&names::__doc__, doc.unwrap_or(&none), thread)?;
        for attribute in [&names::__package__ as &Str, &names::__loader__, &names::__spec__] {
            dict.set_str(attribute, &none, thread)?;
        }
        self.name.set(Some(Py::from_ref(name)));
        Ok(())
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        attributes::repr(self, thread)
    }

    #[slot(tp_getattro)]
    fn get_attribute(&self, name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = crate::object::attribute_name(name, thread)?;
        attributes::get_attribute(self, name, thread)
    }

    /// __dir__($self, /)
    /// --
    ///
    /// __dir__() -> list
    /// specialized dir() implementation
    #[method]
    fn __dir__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        attributes::dir(self, thread)
    }

    #[getter]
    fn __annotations__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        attributes::annotations(self, thread)
    }

    #[setter(name = "__annotations__")]
    fn set_annotations(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        attributes::set_annotations(self, value, thread)
    }

    #[getter]
    fn __annotate__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        attributes::annotate(self, thread)
    }

    #[setter(name = "__annotate__")]
    fn set_annotate(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        attributes::set_annotate(self, value, thread)
    }
}
