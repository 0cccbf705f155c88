//! Loading extension modules (PEP 489, multi-phase initialization): what `_imp.create_dynamic` and `_imp.exec_dynamic` come down to.

use std::ffi::{CStr, c_int};
use std::mem;

use layout::{Py_mod_create, Py_mod_exec, PyMethodDef, PyModuleDef, PyObject};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use objects::descriptors::BuiltinFunction;
use objects::errors::PyResult;
use objects::module::{ExtensionLoader, Module};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

/// What the interpreter calls for extension modules.
pub const EXTENSION_LOADER: ExtensionLoader = ExtensionLoader { create, execute };

/// A module's init function.
type InitFunction = unsafe extern "C-unwind" fn() -> *mut PyObject;

/// Makes the module of an extension file, without running its `Py_mod_exec` slots.
fn create(spec: &Object, path: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = protocol::get_attribute(spec, &names::name, thread)?;
    let name = protocol::str(&name, thread)?;
    let definition = definition_of(&name, path, thread)?;
    // SAFETY: an init function gives its definition, which lives for ever.
    let definition = unsafe { &*definition };
    if let Some(made) = run_create_slot(definition, spec, thread)? {
        return Ok(made);
    }
    let module = Module::new(&name, thread)?;
    module.set_definition(definition, thread)?;
    add_functions(&module, definition, &name, thread)?;
    if !definition.m_doc.get().is_null() {
        // SAFETY: a definition's doc is a C string.
        let doc = unsafe { CStr::from_ptr(definition.m_doc.get()) }.to_string_lossy().into_owned();
        let doc = Str::from_str(&doc, thread);
        module.dict().set_str(&names::__doc__, &doc, thread)?;
    }
    Ok(module.into_object())
}

/// Opens the file and calls its init function.
fn definition_of(name: &Str, path: &str, thread: &mut Thread) -> PyResult<*const PyModuleDef> {
    let full = name.to_string_lossy();
    let short = full.rsplit('.').next().unwrap_or(&full);
    // SAFETY: loading an extension module runs its code: that is what the program asked for.
    let library = match unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) } {
        Ok(library) => library,
        Err(error) => return Err(raise!(thread, ImportError, "{error}")),
    };
    let symbol = format!("PyInit_{short}");
    // SAFETY: by the rules of extension modules the symbol is an init function.
    let init = match unsafe { library.get::<InitFunction>(symbol.as_bytes()) } {
        Ok(init) => *init,
        Err(_) => {
            let message = "dynamic module does not define module export function";
            return Err(raise!(thread, ImportError, "{message} ({symbol})"));
        }
    };
    // Extension modules are never unloaded.
    mem::forget(library);
    // SAFETY: as above.
    let result = unsafe { init() };
    // SAFETY: an init function returns an object, or null with an exception set.
    match unsafe { Object::from_pointer(result) } {
        None => Err(thread.raised_elsewhere()),
        Some(object) if std::ptr::eq(object.class(), <Module as objects::types::Instance>::class()) => {
            Ok(result.cast())
        }
        Some(_) => Err(raise!(thread, NotImplementedError, "single-phase initialization of extension module {full}")),
    }
}

/// The slots of a definition.
fn slots(definition: &PyModuleDef) -> impl Iterator<Item = (c_int, *mut std::ffi::c_void)> {
    let mut slot = definition.m_slots.get();
    std::iter::from_fn(move || {
        // SAFETY: the table of slots is null or ends with slot zero.
        let row = unsafe { slot.as_ref() }.filter(|it| it.slot != 0)?;
        // SAFETY: as above.
        slot = unsafe { slot.add(1) };
        Some((row.slot, row.value))
    })
}

fn run_create_slot(definition: &PyModuleDef, spec: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    type CreateFunction = unsafe extern "C-unwind" fn(*mut PyObject, *mut PyModuleDef) -> *mut PyObject;
    let Some((_, function)) = slots(definition).find(|it| it.0 == Py_mod_create) else { return Ok(None) };
    // SAFETY: the slot's value is a function of this type.
    let result = unsafe {
        let function = mem::transmute::<*mut std::ffi::c_void, CreateFunction>(function);
        function(spec.as_pointer(), std::ptr::from_ref(definition).cast_mut())
    };
    protocol::result_from_c(result, thread).map(Some)
}

fn add_functions(module: &Py<Module>, definition: &PyModuleDef, name: &Str, thread: &mut Thread) -> PyResult<()> {
    let mut method: *mut PyMethodDef = definition.m_methods.get();
    // SAFETY: the table of methods is null or ends with a null name, and lives for ever.
    while let Some(row) = unsafe { method.as_ref() }.filter(|it| !it.ml_name.is_null()) {
        let receiver = Some(Py::from_ref(&**module).into_object());
        let owner = Some(Py::from_ref(name).into_object());
        // SAFETY: a module's functions expect the module.
        let function = unsafe { BuiltinFunction::new(method, receiver, owner, None, thread) };
        // SAFETY: a method's name is a C string.
        let key = unsafe { CStr::from_ptr(row.ml_name) }.to_string_lossy().into_owned();
        module.set(&key, &function, thread)?;
        // SAFETY: as above.
        method = unsafe { method.add(1) };
    }
    Ok(())
}

/// Runs the `Py_mod_exec` slots of a module that [`create`] has made; modules of other kinds have none.
fn execute(module: &Object, thread: &mut Thread) -> PyResult<()> {
    type ExecFunction = unsafe extern "C-unwind" fn(*mut PyObject) -> c_int;
    let definition = module.downcast::<Module>().and_then(Module::definition);
    let Some(definition) = definition else { return Ok(()) };
    for (_, function) in slots(definition).filter(|it| it.0 == Py_mod_exec) {
        // SAFETY: the slot's value is a function of this type.
        let status = unsafe {
            let function = mem::transmute::<*mut std::ffi::c_void, ExecFunction>(function);
            function(module.as_pointer())
        };
        if status != 0 {
            return Err(thread.raised_elsewhere());
        }
    }
    Ok(())
}
