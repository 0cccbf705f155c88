//! `import.h`: importing modules, and the table of modules.

use std::ffi::{CStr, c_char};

use interpreter::code::Code;
use layout::PyObject;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::module::Module;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::abstract_object::{FromC as _, optional};
use crate::entry::{Flag, Found, export, text};

/// `sys.modules`.
fn modules(thread: &mut Thread) -> PyResult<Py<Dict>> {
    match thread.interpreter().modules.get() {
        Some(modules) => Ok(modules),
        None => Err(raise!(thread, RuntimeError, "unable to get sys.modules")),
    }
}

/// `importlib.import_module(name)` of an absolute name, through the `__import__` of the code that runs now.
pub fn import(name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let globals = match thread.current_globals() {
        Some(globals) => globals,
        None => Dict::new(thread),
    };
    let builtins = match globals.get_str(&names::__builtins__, thread) {
        Some(builtins) => Some(builtins),
        None => thread.interpreter().builtins.get().map(Py::into_object),
    };
    let function = match builtins {
        Some(builtins) => match builtins.downcast::<Dict>() {
            Some(dict) => dict.get_str(&names::__import__, thread),
            None => protocol::lookup_attribute(&builtins, &names::__import__, thread)?,
        },
        None => None,
    };
    let Some(function) = function else {
        return Err(raise!(thread, ImportError, "__import__ not found"));
    };
    let from = Tuple::new(vec![Str::empty().into_object()], thread)?;
    let level = protocol::make_int(0, thread);
    protocol::call(&function, &[name, &globals, &globals, &from, &level], thread)?;
    loaded(name, thread)
}

/// What has been imported under a name.
fn loaded(name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let modules = modules(thread)?;
    match modules.get(name, thread)? {
        Some(module) => Ok(module),
        None => Err(thread.raise_with_argument(objects::errors::KeyError, Py::<Str>::from_ref(name).into_object())),
    }
}

/// A module by name, whatever `__import__` may be now.
pub fn import_absolute(name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = thread.intern_text(name);
    let modules = modules(thread)?;
    if let Some(module) = modules.get(&name, thread)? {
        return Ok(module);
    }
    let function = protocol::builtin(&names::__import__, thread)?;
    let none = thread.none();
    let from = Tuple::new(vec![Str::empty().into_object()], thread)?;
    protocol::call(&function, &[&name, &none, &none, &from], thread)
}

/// `module.function(*arguments)`.
pub fn call_of_module(
    module: &str,
    function: &str,
    arguments: &[&Object],
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let module = import_absolute(module, thread)?;
    let function = thread.intern_text(function);
    protocol::call_method(&module, &function, arguments, thread)
}

/// The module of a name in `sys.modules`, made where there is none.
fn add_module(name: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let modules = modules(thread)?;
    if let Some(module) = modules.get(name, thread)?
        && module.downcast::<Module>().is_some()
    {
        return Ok(module);
    }
    let module = crate::moduleobject::new_module_of(name, thread)?;
    modules.set(name, &module, thread)?;
    Ok(module.into_object())
}

/// `__import__(name, globals, locals, from, level)` as the interpreter's own.
fn import_level(
    name: &Object,
    globals: Option<&Object>,
    locals: Option<&Object>,
    from: Option<&Object>,
    level: i32,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let Some(name) = name.downcast::<Str>() else {
        return Err(raise!(thread, TypeError, "module name must be a string"));
    };
    let function = protocol::builtin(&names::__import__, thread)?;
    let (none, empty) = (thread.none(), Tuple::empty(thread));
    let level = protocol::make_int(i128::from(level), thread);
    let from: &Object = from.unwrap_or(&empty);
    protocol::call(&function, &[name, globals.unwrap_or(&none), locals.unwrap_or(&none), from, &level], thread)
}

/// Runs a code object in the module of a name, and gives what is in `sys.modules` then.
fn execute(
    name: &Object,
    code: &Object,
    path: Option<&Object>,
    cached: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let module = add_module(name, thread)?;
    let dict = match module.downcast::<Module>() {
        Some(module) => module.dict(),
        None => return Err(raise!(thread, TypeError, "not a module")),
    };
    if dict.get_str(&names::__builtins__, thread).is_none()
        && let Some(builtins) = thread.interpreter().builtins.get()
    {
        dict.set_str(&names::__builtins__, &builtins, thread)?;
    }
    let none = thread.none();
    let external = import_absolute("_frozen_importlib_external", thread)?;
    let fix = thread.intern_text("_fix_up_module");
    let code_path = match code.downcast::<Code>() {
        Some(_) => {
            let attribute = thread.intern_text("co_filename");
            protocol::get_attribute(code, &attribute, thread)?
        }
        None => none.clone(),
    };
    let arguments: [&Object; 4] = [&dict, name, path.unwrap_or(&code_path), cached.unwrap_or(&none)];
    protocol::call_method(&external, &fix, &arguments, thread)?;
    let result = crate::pythonrun::evaluate(code, &dict, &dict, thread);
    if let Err(raised) = result {
        let exception = thread.catch(raised);
        let modules = modules(thread)?;
        modules.delete(name, thread)?;
        return Err(thread.set_exception(exception));
    }
    let modules = modules(thread)?;
    match modules.get(name, thread)? {
        Some(module) => Ok(module),
        None => {
            let shown = protocol::repr(name, thread)?.to_string_lossy();
            Err(raise!(thread, ImportError, "Loaded module {shown} not found in sys.modules"))
        }
    }
}

export! { thread;
    fn PyImport_Import(name: &Object) -> Py<Object> {
        match name.downcast::<Str>() {
            Some(name) => import(name, thread),
            None => Err(raise!(thread, TypeError, "module name must be a string")),
        }
    }

    fn PyImport_ImportModule(name: &CStr) -> Py<Object> {
        let name = Str::from_c(name, thread)?;
        import(&name, thread)
    }

    fn PyImport_ImportModuleNoBlock(name: &CStr) -> Py<Object> {
        let message = "PyImport_ImportModuleNoBlock() is deprecated and scheduled for removal in Python 3.15. Use PyImport_ImportModule() instead.";
        thread.warn(objects::errors::DeprecationWarning, 1, format_args!("{message}"))?;
        let name = Str::from_c(name, thread)?;
        import(&name, thread)
    }

    fn PyImport_ImportModuleLevel(name: &CStr, globals: Option<&Object>, locals: Option<&Object>, from: Option<&Object>, level: i32) -> Py<Object> {
        let name = Str::from_c(name, thread)?;
        import_level(&name, globals, locals, from, level, thread)
    }

    fn PyImport_ImportModuleLevelObject(name: Option<&Object>, globals: Option<&Object>, locals: Option<&Object>, from: Option<&Object>, level: i32) -> Py<Object> {
        match name {
            Some(name) => import_level(name, globals, locals, from, level, thread),
            None => Err(raise!(thread, ValueError, "Empty module name")),
        }
    }

    fn PyImport_ImportModuleAttr(module: &Object, name: &Object) -> Py<Object> {
        let Some(module) = module.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "module name must be a string"));
        };
        let module = import(module, thread)?;
        let name = objects::object::attribute_name(name, thread)?;
        protocol::get_attribute(&module, name, thread)
    }

    fn PyImport_ImportModuleAttrString(module: &CStr, name: &CStr) -> Py<Object> {
        let module = Str::from_c(module, thread)?;
        let name = Str::from_c(name, thread)?;
        let module = import(&module, thread)?;
        protocol::get_attribute(&module, &name, thread)
    }

    fn PyImport_ReloadModule(module: &Object) -> Py<Object> {
        call_of_module("importlib", "reload", &[module], thread)
    }

    fn PyImport_GetModuleDict() -> *mut PyObject { Ok(modules(thread)?.as_pointer()) }

    fn PyImport_GetModule(name: &Object) -> Option<Py<Object>> {
        let modules = modules(thread)?;
        modules.get(name, thread)
    }

    fn PyImport_AddModule(name: &CStr) -> *mut PyObject {
        let name = Str::from_c(name, thread)?;
        Ok(add_module(&name, thread)?.as_pointer())
    }

    fn PyImport_AddModuleRef(name: &CStr) -> Py<Object> {
        let name = Str::from_c(name, thread)?;
        add_module(&name, thread)
    }

    fn PyImport_AddModuleObject(name: &Object) -> *mut PyObject { Ok(add_module(name, thread)?.as_pointer()) }

    fn PyImport_ExecCodeModule(name: &CStr, code: &Object) -> Py<Object> {
        let name = Str::from_c(name, thread)?;
        execute(&name, code, None, None, thread)
    }

    fn PyImport_ExecCodeModuleEx(name: &CStr, code: &Object, path: Option<&CStr>) -> Py<Object> {
        let name = Str::from_c(name, thread)?;
        let path = path_text(path, thread)?;
        execute(&name, code, path.as_deref(), None, thread)
    }

    fn PyImport_ExecCodeModuleWithPathnames(name: &CStr, code: &Object, path: Option<&CStr>, cached: Option<&CStr>) -> Py<Object> {
        let name = Str::from_c(name, thread)?;
        let cached = path_text(cached, thread)?;
        let mut path = path_text(path, thread)?;
        if path.is_none() && let Some(cached) = &cached {
            let external = import_absolute("_frozen_importlib_external", thread)?;
            let function = thread.intern_text("_get_sourcefile");
            path = Some(protocol::call_method(&external, &function, &[cached], thread)?);
        }
        execute(&name, code, path.as_deref(), cached.as_deref(), thread)
    }

    fn PyImport_ExecCodeModuleObject(name: &Object, code: &Object, path: Option<&Object>, cached: Option<&Object>) -> Py<Object> {
        execute(name, code, path, cached, thread)
    }

    fn PyImport_GetMagicNumber() -> i64 {
        let _ = &thread;
        Ok(i64::from(bytecode::pyc::MAGIC_NUMBER_TOKEN))
    }

    fn PyImport_GetMagicTag() -> *const c_char { let _ = &thread; Ok(c"cpython-314".as_ptr()) }

    fn PyImport_GetImporter(path: &Object) -> Py<Object> { call_of_module("pkgutil", "get_importer", &[path], thread) }

    fn PyImport_ImportFrozenModule(name: &CStr) -> Flag3 {
        let name = Str::from_c(name, thread)?;
        import_frozen(&name, thread).map(Flag3)
    }

    fn PyImport_ImportFrozenModuleObject(name: Option<&Object>) -> Flag3 {
        match name.and_then(|it| it.downcast::<Str>()) {
            Some(name) => import_frozen(name, thread).map(Flag3),
            None => Ok(Flag3(0)),
        }
    }

    fn _PyImport_GetModuleAttr(module: &Object, name: &Object) -> Py<Object> {
        let Some(module) = module.downcast::<Str>() else {
            return Err(raise!(thread, TypeError, "module name must be a string"));
        };
        let module = import(module, thread)?;
        let name = objects::object::attribute_name(name, thread)?;
        protocol::get_attribute(&module, name, thread)
    }

    fn _PyImport_GetModuleAttrString(module: &CStr, name: &CStr) -> Py<Object> {
        let module = import_absolute(&text(module), thread)?;
        let name = Str::from_c(name, thread)?;
        protocol::get_attribute(&module, &name, thread)
    }

    fn _PyImport_SetModule(name: &Object, module: &Object) -> () {
        let modules = modules(thread)?;
        modules.set(name, module, thread)
    }

    fn _PyImport_GetModuleId(name: &Object, result: Found) -> bool {
        let modules = modules(thread)?;
        optional(modules.get(name, thread)?, result)
    }

    fn _PyImport_IsFrozen(name: &Object) -> Flag {
        let found = call_of_module("_imp", "is_frozen", &[name], thread)?;
        Ok(Flag(protocol::is_true(&found, thread)?))
    }
}

/// 1, 0, or -1 with an exception set.
pub struct Flag3(i32);

impl crate::entry::Output for Flag3 {
    type C = i32;

    fn into_c(self) -> i32 {
        self.0
    }

    fn error() -> i32 {
        -1
    }
}

fn import_frozen(name: &Str, thread: &mut Thread) -> PyResult<i32> {
    let found = call_of_module("_imp", "is_frozen", &[name], thread)?;
    if !protocol::is_true(&found, thread)? {
        return Ok(0);
    }
    let code = call_of_module("_imp", "get_frozen_object", &[name], thread)?;
    let module = add_module(name, thread)?;
    let Some(module) = module.downcast::<Module>() else { return Ok(0) };
    let dict = module.dict();
    crate::pythonrun::evaluate(&code, &dict, &dict, thread)?;
    Ok(1)
}

fn path_text(path: Option<&CStr>, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    match path {
        None => Ok(None),
        Some(path) => crate::unicodeobject::decode_file_name(path.to_bytes(), thread).map(|it| Some(it.into_object())),
    }
}
