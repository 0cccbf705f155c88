//! Loading extension modules: what `_imp.create_dynamic` and `_imp.exec_dynamic` come down to.
//!
//! A module's init function gives either its definition (PEP 489, multi-phase initialization: [`from_definition_and_spec`], then
//! [`execute_definition`]) or the module itself (single-phase). Of the latter the loader keeps what it takes to make them again when they
//! are imported a second time: a copy of the namespace, or the init function.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::{c_int, c_void};
use std::mem;

use layout::{
    Py_mod_create, Py_mod_exec, Py_mod_gil, Py_mod_multiple_interpreters, PyModuleDef, PyModuleDef_Slot, PyObject,
};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use objects::dict::{Dict, Duplicates};
use objects::errors::{PyResult, Raised};
use objects::module::{ExtensionLoader, Module};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::thread::runtime::LockChoice;
use objects::tuple::Tuple;

use crate::missing::Missing;
use crate::moduleobject::{add_functions, new_module, remember, set_doc};

/// What the interpreter calls for extension modules.
pub const EXTENSION_LOADER: ExtensionLoader = ExtensionLoader { create: create_or_refuse, execute: execute_or_refuse };

/// [`create`]; ImportError where the module needs a function that is not provided.
fn create_or_refuse(spec: &Object, path: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let missing = thread.interpreter().extension::<Missing>();
    missing.last.take();
    create(spec, path, thread).map_err(|raised| refuse(raised, path, thread))
}

/// [`execute`]; ImportError where the module needs a function that is not provided.
fn execute_or_refuse(module: &Object, thread: &mut Thread) -> PyResult<()> {
    let missing = thread.interpreter().extension::<Missing>();
    missing.last.take();
    execute(module, thread).map_err(|raised| {
        let dict = module.downcast::<Module>().map(Module::dict);
        let name = dict.and_then(|it| it.get_str(&names::__name__, thread));
        let name =
            name.and_then(|it| it.downcast_into::<Str>().ok()).map_or_else(String::new, |it| it.to_string_lossy());
        refuse(raised, &name, thread)
    })
}

/// Makes what was raised an ImportError, if it was raised because a function is missing.
#[cold]
fn refuse(raised: Raised, module: &str, thread: &mut Thread) -> Raised {
    let missing = thread.interpreter().extension::<Missing>();
    let Some(function) = missing.last.take() else { return raised };
    let cause = thread.catch(raised);
    let raised = raise!(thread, ImportError, "{module}: {function}() of CPython's C API is not provided");
    let exception = thread.catch(raised);
    exception.set_cause(Some(cause));
    thread.set_exception(exception)
}

/// A module's init function.
type InitFunction = unsafe extern "C-unwind" fn() -> *mut PyObject;

/// What is kept of modules with single-phase initialization, by file and full name; and the name of the one that is being initialized.
#[derive(Default)]
struct SinglePhase {
    known: RefCell<HashMap<(String, String), Known>>,
    loading: RefCell<Option<String>>,
}

#[derive(Clone)]
struct Known {
    definition: &'static PyModuleDef,
    init: InitFunction,
    /// The namespace after the first import, of modules whose definition asks for that.
    copy: Option<Py<Dict>>,
}

/// The full name of the module whose init function runs, for the first module that it makes.
pub fn name_being_loaded(thread: &Thread) -> Option<String> {
    let state = thread.interpreter().extension::<SinglePhase>();

    state.loading.borrow().clone()
}

/// `_PyImport_ClearExtension`: forgets a module, so that the next import starts afresh.
pub fn forget(name: &str, path: &str, thread: &mut Thread) {
    let state = thread.interpreter().extension::<SinglePhase>();
    let known = state.known.borrow_mut().remove(&(path.to_owned(), name.to_owned()));
    if let Some(known) = known {
        known.definition.m_base.m_copy.set(std::ptr::null_mut());
        drop(known);
    }
}

/// Makes the module of an extension file; of one with multi-phase initialization, without running its `Py_mod_exec` slots.
fn create(spec: &Object, path: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    crate::pystate::remember_interpreter(thread);
    let name = protocol::get_attribute(spec, &names::name, thread)?;
    let Some(name) = name.downcast::<Str>() else {
        let found = name.class().full_name();
        return Err(raise!(thread, TypeError, "expected str, got {found}"));
    };
    let full = name.to_string_lossy();
    if full.contains('\0') || path.contains('\0') {
        return Err(raise!(thread, ValueError, "embedded null character"));
    }
    if let Some(module) = again(name, &full, path, thread)? {
        return Ok(module);
    }
    let none = thread.none();
    let shown_path = crate::unicodeobject::decode_file_name(path.as_bytes(), thread)?;
    thread.audit("import", &[name, &shown_path, &none, &none, &none])?;
    let (init, is_ascii) = find_init(&full, path, thread)?;
    let result = run_init(init, &full, thread)?;
    // SAFETY: an init function gives an object; one without a type was never made ready.
    if unsafe { (*result).ob_type.get() }.is_null() {
        return Err(raise!(thread, SystemError, "init function of {full} returned uninitialized object"));
    }
    // SAFETY: as above: a definition lives for ever; of a module the function gives a reference away.
    unsafe {
        if std::ptr::eq((*result).ob_type.get(), crate::data::PyModuleDef_Type.get().cast()) {
            return from_definition_and_spec(&*result.cast::<PyModuleDef>(), spec, thread);
        }
    }
    if !is_ascii {
        return Err(raise!(thread, SystemError, "initialization of {full} did not return PyModuleDef"));
    }
    check_interpreter(Support::One, &full, thread)?;
    // SAFETY: as above.
    let module = unsafe { Py::<Object>::steal_pointer(result) };
    let Some(module) = module.filter(|it| it.downcast::<Module>().is_some()) else {
        return Err(raise!(thread, SystemError, "initialization of {full} did not return an extension module"));
    };
    finish_single_phase(module, name, &full, path, init, thread)
}

/// Opens the file and finds its init function: also whether its name is ASCII.
fn find_init(full: &str, path: &str, thread: &mut Thread) -> PyResult<(InitFunction, bool)> {
    let short = full.rsplit('.').next().unwrap_or(full);
    let symbol = match short.is_ascii() {
        true => format!("PyInit_{short}"),
        false => {
            let text = Str::from_str(short, thread);
            let encoded = objects::str::codecs::encode(&text, Some("punycode"), None, thread)?;
            let encoded = protocol::buffer::bytes_contents(&encoded).unwrap_or_default();
            format!("PyInitU_{}", String::from_utf8_lossy(encoded).replace('-', "_"))
        }
    };
    // SAFETY: loading an extension module runs its code: that is what the program asked for.
    let library = match unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) } {
        Ok(library) => library,
        Err(error) => return Err(raise_import_error(&error.to_string(), full, path, thread)),
    };
    // SAFETY: by the rules of extension modules the symbol is an init function.
    let init = match unsafe { library.get::<InitFunction>(symbol.as_bytes()) } {
        Ok(init) => *init,
        Err(_) => {
            let message = format!("dynamic module does not define module export function ({symbol})");
            return Err(raise_import_error(&message, full, path, thread));
        }
    };
    // Extension modules are never unloaded.
    mem::forget(library);
    Ok((init, short.is_ascii()))
}

#[cold]
fn raise_import_error(message: &str, name: &str, path: &str, thread: &mut Thread) -> Raised {
    let class: &Object = objects::errors::ImportError.as_type();
    let message = Str::from_str(message, thread);
    let (name, path) = (Str::from_str(name, thread), Str::from_str(path, thread));
    let keywords = ["name", "path"].map(|it| thread.intern_text(it).into_object());
    let result = Tuple::new(keywords.to_vec(), thread)
        .and_then(|keywords| protocol::call_vector(class, &[&message, &name, &path], Some(&keywords), thread));
    match result {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// Calls an init function. Null and an exception go together, or a SystemError says what is wrong.
fn run_init(init: InitFunction, full: &str, thread: &mut Thread) -> PyResult<*mut PyObject> {
    let state = thread.interpreter().extension::<SinglePhase>();
    let outer = state.loading.replace(Some(full.to_owned()));
    // SAFETY: it is an init function.
    let result = unsafe { init() };
    state.loading.replace(outer);
    check_outcome(!result.is_null(), "initialization of", full, "raising an exception", thread)?;
    Ok(result)
}

/// What C code did, and whether an exception is set, have to agree.
fn check_outcome(succeeded: bool, what: &str, full: &str, without: &str, thread: &mut Thread) -> PyResult<()> {
    match (succeeded, thread.take_exception()) {
        (true, None) => Ok(()),
        (false, Some(exception)) => Err(thread.set_exception(exception)),
        (false, None) => Err(raise!(thread, SystemError, "{what} {full} failed without {without}")),
        (true, Some(cause)) => {
            let raised = raise!(thread, SystemError, "{what} {full} raised unreported exception");
            let exception = thread.catch(raised);
            exception.set_cause(Some(cause.clone()));
            exception.set_context(Some(cause));
            Err(thread.set_exception(exception))
        }
    }
}

/// A module with single-phase initialization has been made for the first time: `__file__`, the tables, what the next import needs.
fn finish_single_phase(
    module: Py<Object>,
    name: &Str,
    full: &str,
    path: &str,
    init: InitFunction,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let Some(own) = module.downcast::<Module>() else { return Ok(module) };
    let Some(definition) = own.definition() else {
        let message = format!("initialization of {full} did not return a valid extension module");
        return Err(raise!(thread, SystemError, "{message}"));
    };
    let dict = own.dict();
    let file = crate::unicodeobject::decode_file_name(path.as_bytes(), thread)?;
    dict.set_str(&names::__file__, &file, thread)?;
    let copy = if definition.m_size.get() == -1 { Some(dict.copy(thread)?) } else { None };
    definition.m_base.m_init.set(Some(init));
    definition.m_base.m_copy.set(copy.as_ref().map_or(std::ptr::null_mut(), |it| it.as_pointer()));
    let state = thread.interpreter().extension::<SinglePhase>();
    let known = Known { definition, init, copy };
    state.known.borrow_mut().insert((path.to_owned(), full.to_owned()), known);
    if let Some(modules) = thread.interpreter().modules.get() {
        modules.set_str(name, &module, thread)?;
    }
    remember(&module, definition, thread)?;
    Ok(module)
}

/// The module of a file that was imported before, if it has single-phase initialization.
fn again(name: &Str, full: &str, path: &str, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let state = thread.interpreter().extension::<SinglePhase>();
    let known = state.known.borrow().get(&(path.to_owned(), full.to_owned())).cloned();
    let Some(known) = known else { return Ok(None) };
    let modules = thread.interpreter().modules.get();
    let module = match &known.copy {
        Some(copy) => {
            let loaded = modules.as_ref().and_then(|it| it.get_str(name, thread));
            let module = match loaded.filter(|it| it.downcast::<Module>().is_some()) {
                Some(module) => module,
                None => new_module(name, thread)?.into_object(),
            };
            if let Some(own) = module.downcast::<Module>() {
                own.dict().merge(copy, Duplicates::Replace, thread)?;
            }
            module
        }
        None => {
            let result = run_init(known.init, full, thread)?;
            let module = protocol::result_from_c(result, thread)?;
            if let Some(own) = module.downcast::<Module>() {
                let file = crate::unicodeobject::decode_file_name(path.as_bytes(), thread)?;
                own.dict().set_str(&names::__file__, &file, thread)?;
            }
            module
        }
    };
    if let Some(modules) = modules {
        modules.set_str(name, &module, thread)?;
    }
    remember(&module, known.definition, thread)?;
    Ok(Some(module))
}

/// The slots of a definition.
fn slots(definition: &PyModuleDef) -> impl Iterator<Item = (c_int, *mut c_void)> {
    let mut slot: *const PyModuleDef_Slot = definition.m_slots.get();
    std::iter::from_fn(move || {
        // SAFETY: the table of slots is null or ends with slot zero.
        let row = unsafe { slot.as_ref() }.filter(|it| it.slot != 0)?;
        // SAFETY: as above.
        slot = unsafe { slot.add(1) };
        Some((row.slot, row.value))
    })
}

/// What the slots of a definition say, before any of them is used.
struct Slots {
    create: Option<*mut c_void>,
    has_exec: bool,
    support: Support,
}

/// In how many interpreters of a process a module can be used (PEP 489, PEP 684).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Support {
    One,
    /// Several that share a lock: the default of modules with multi-phase initialization.
    SeveralWithOneLock,
    SeveralWithOwnLocks,
}

/// ImportError if this interpreter is not the process's first, and the module is not made for that.
fn check_interpreter(support: Support, full: &str, thread: &mut Thread) -> PyResult<()> {
    let lock = thread.interpreter().isolation.settings().lock;
    let is_fit = match support {
        Support::One => false,
        Support::SeveralWithOneLock => lock != LockChoice::Own,
        Support::SeveralWithOwnLocks => true,
    };
    if is_fit || !thread.interpreter().refuses_unprepared_modules() {
        return Ok(());
    }
    Err(raise!(thread, ImportError, "module {full} does not support loading in subinterpreters"))
}

fn read_slots(definition: &PyModuleDef, name: &str, thread: &mut Thread) -> PyResult<Slots> {
    if definition.m_size.get() < 0 {
        let message = "m_size may not be negative for multi-phase initialization";
        return Err(raise!(thread, SystemError, "module {name}: {message}"));
    }
    let (mut create, mut has_exec, mut interpreters, mut gil) = (None, false, false, false);
    let mut support = Support::SeveralWithOneLock;
    for (slot, value) in slots(definition) {
        let repeated = match slot {
            Py_mod_create => create.replace(value).is_some().then_some("has multiple create slots"),
            Py_mod_exec => {
                has_exec = true;
                None
            }
            Py_mod_multiple_interpreters => {
                support = match value as usize {
                    0 => Support::One,
                    2 => Support::SeveralWithOwnLocks,
                    _ => Support::SeveralWithOneLock,
                };
                mem::replace(&mut interpreters, true).then_some("has more than one 'multiple interpreters' slots")
            }
            Py_mod_gil => mem::replace(&mut gil, true).then_some("has more than one 'gil' slot"),
            _ => return Err(raise!(thread, SystemError, "module {name} uses unknown slot ID {slot}")),
        };
        if let Some(problem) = repeated {
            return Err(raise!(thread, SystemError, "module {name} {problem}"));
        }
    }
    Ok(Slots { create, has_exec, support })
}

/// `PyModule_FromDefAndSpec`: the module, by the definition's create slot or as a plain one, with its functions.
pub fn from_definition_and_spec(
    definition: &'static PyModuleDef,
    spec: &Object,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    type CreateFunction = unsafe extern "C-unwind" fn(*mut PyObject, *mut PyModuleDef) -> *mut PyObject;
    // SAFETY: the definition lives for ever.
    unsafe { crate::moduleobject::PyModuleDef_Init(std::ptr::from_ref(definition).cast_mut()) };
    let name = protocol::get_attribute(spec, &names::name, thread)?;
    let name = protocol::str(&name, thread)?;
    let full = name.to_string_lossy();
    let Slots { create, has_exec, support } = read_slots(definition, &full, thread)?;
    check_interpreter(support, &full, thread)?;
    let module = match create {
        Some(function) => {
            // SAFETY: the slot's value is a function of this type.
            let result = unsafe {
                let function = mem::transmute::<*mut c_void, CreateFunction>(function);
                function(spec.as_pointer(), std::ptr::from_ref(definition).cast_mut())
            };
            // SAFETY: what it gives is ours.
            let module = unsafe { Py::<Object>::steal_pointer(result) };
            check_outcome(module.is_some(), "creation of module", &full, "setting an exception", thread)?;
            match module {
                Some(module) => module,
                None => return Err(thread.raised_elsewhere()),
            }
        }
        None => new_module(&name, thread)?.into_object(),
    };
    match module.downcast::<Module>() {
        Some(own) => own.set_definition(definition),
        None => check_plain_object(definition, has_exec, &full, thread)?,
    }
    add_functions(&module, definition.m_methods.get(), Some(&name), thread)?;
    set_doc(&module, definition.m_doc.get(), thread)?;
    Ok(module)
}

/// An object that is no module has no state, and cannot be executed.
fn check_plain_object(definition: &PyModuleDef, has_exec: bool, name: &str, thread: &mut Thread) -> PyResult<()> {
    let wants_state = definition.m_size.get() > 0
        || definition.m_traverse.get().is_some()
        || definition.m_clear.get().is_some()
        || definition.m_free.get().is_some();
    if wants_state {
        let message = "is not a module object, but requests module state";
        return Err(raise!(thread, SystemError, "module {name} {message}"));
    }
    if has_exec {
        let message = "specifies execution slots, but did not create a ModuleType instance";
        return Err(raise!(thread, SystemError, "module {name} {message}"));
    }
    Ok(())
}

/// Runs the `Py_mod_exec` slots of a module that [`create`] has made, once; objects of other kinds have none.
fn execute(module: &Object, thread: &mut Thread) -> PyResult<()> {
    let Some(own) = module.downcast::<Module>() else { return Ok(()) };
    match own.definition() {
        Some(definition) if own.state().is_null() => execute_definition(module, definition, thread),
        _ => Ok(()),
    }
}

/// `PyModule_ExecDef`.
pub fn execute_definition(module: &Object, definition: &'static PyModuleDef, thread: &mut Thread) -> PyResult<()> {
    type ExecFunction = unsafe extern "C-unwind" fn(*mut PyObject) -> c_int;
    let Some(own) = module.downcast::<Module>() else { return crate::entry::bad_internal_call(thread) };
    let name = own.dict().get_str(&names::__name__, thread);
    let Some(name) = name.and_then(|it| it.downcast_into::<Str>().ok()) else {
        return Err(raise!(thread, SystemError, "nameless module"));
    };
    let full = name.to_string_lossy();
    own.allocate_state(thread)?;
    for (slot, value) in slots(definition) {
        match slot {
            Py_mod_exec => {
                // SAFETY: the slot's value is a function of this type.
                let status = unsafe {
                    let function = mem::transmute::<*mut c_void, ExecFunction>(value);
                    function(module.as_pointer())
                };
                check_outcome(status == 0, "execution of module", &full, "setting an exception", thread)?;
            }
            Py_mod_create | Py_mod_multiple_interpreters | Py_mod_gil => {}
            _ => return Err(raise!(thread, SystemError, "module {full} initialized with unknown slot {slot}")),
        }
    }
    Ok(())
}
