//! `_imp`: what the import system needs of the interpreter: built-in and frozen modules, the import lock, extension modules.
//!
//! A "frozen" module here is one of the embedded library that must be there before the library can be imported from its
//! own place; the others are found by the embedded importer.

use macros::python_module;
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::module::{Definition, Module};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::marshal_module::load_code;

/// Remembers the built-in modules of all crates for this interpreter.
pub fn set_builtin_modules(modules: Vec<&'static Definition>, thread: &mut Thread) {
    thread.interpreter().builtin_modules.replace(modules);
}

/// The definition of a built-in module.
pub fn builtin_module(name: &str, thread: &Thread) -> Option<&'static Definition> {
    thread.interpreter().builtin_modules.borrow().iter().copied().find(|it| it.name.to_bytes() == name.as_bytes())
}

/// The library files that are frozen modules, by module name: what the import system itself is made of, and what starts before the
/// embedded library can be on the path.
const FROZEN: &[(&str, &str)] = &[
    ("_frozen_importlib", "importlib/_bootstrap.py"),
    ("_frozen_importlib_external", "importlib/_bootstrap_external.py"),
    ("zipimport", "zipimport.py"),
];

/// The path and kind of a frozen module.
fn frozen(name: &str) -> Option<(String, bool)> {
    if let Some((_, path)) = FROZEN.iter().find(|it| it.0 == name) {
        return Some(((*path).to_owned(), false));
    }
    stdlib::module(name).map(|(path, is_package, _)| (path, is_package))
}

pub struct ImpModule;

/// (Extremely) low-level import machinery bits as used by importlib.
#[python_module(name = "_imp")]
impl ImpModule {
    /// lock_held($module, /)
    /// --
    ///
    /// Return True if the import lock is currently held, else False.
    ///
    /// On platforms without threads, return False.
    #[function]
    fn lock_held(thread: &mut Thread) -> bool {
        thread.interpreter().import_lock_depth.get() > 0
    }

    /// acquire_lock($module, /)
    /// --
    ///
    /// Acquires the interpreter's import lock for the current thread.
    ///
    /// This lock should be used by import hooks to ensure thread-safety when
    /// importing modules. On platforms without threads, this function does
    /// nothing.
    #[function]
    fn acquire_lock(thread: &mut Thread) {
        let depth = &thread.interpreter().import_lock_depth;
        depth.set(depth.get() + 1);
    }

    /// release_lock($module, /)
    /// --
    ///
    /// Release the interpreter's import lock.
    ///
    /// On platforms without threads, this function does nothing.
    #[function]
    fn release_lock(thread: &mut Thread) -> PyResult<()> {
        let depth = thread.interpreter().import_lock_depth.get();
        if depth == 0 {
            return Err(raise!(thread, RuntimeError, "not holding the import lock"));
        }
        thread.interpreter().import_lock_depth.set(depth - 1);
        Ok(())
    }

    /// extension_suffixes($module, /)
    /// --
    ///
    /// Returns the list of file suffixes used to identify extension modules.
    #[function]
    fn extension_suffixes(thread: &mut Thread) -> PyResult<Py<Object>> {
        let suffixes = [".cpython-314-x86_64-linux-gnu.so", ".abi3.so", ".so"];
        let suffixes = suffixes.iter().map(|it| Str::from_str(it, thread).into_object()).collect();
        objects::list::List::new(suffixes, thread).map(Py::into_object)
    }

    /// is_builtin($module, name, /)
    /// --
    ///
    /// Returns True if the module name corresponds to a built-in module.
    #[function]
    fn is_builtin(name: &Str, thread: &mut Thread) -> i32 {
        let name = name.to_string_lossy();
        // 1: it can be made anew; -1: it is made once (sys, builtins).
        match builtin_module(&name, thread) {
            Some(_) => 1,
            None if matches!(name.as_str(), "sys" | "builtins" | "_imp") => -1,
            None => 0,
        }
    }

    /// is_frozen($module, name, /)
    /// --
    ///
    /// Returns True if the module name corresponds to a frozen module.
    #[function]
    fn is_frozen(name: &Str) -> bool {
        frozen(&name.to_string_lossy()).is_some()
    }

    /// is_frozen_package($module, name, /)
    /// --
    ///
    /// Returns True if the module name is of a frozen package.
    #[function]
    fn is_frozen_package(name: &Str, thread: &mut Thread) -> PyResult<bool> {
        match frozen(&name.to_string_lossy()) {
            Some((_, is_package)) => Ok(is_package),
            None => Err(raise_no_frozen(name, thread)),
        }
    }

    /// find_frozen($module, name, /, *, withdata=False)
    /// --
    ///
    /// Return info about the corresponding frozen module (if there is one) or None.
    ///
    /// The returned info (a 2-tuple):
    ///
    ///  * data         the raw marshalled bytes
    ///  * is_package   whether or not it is a package
    ///  * origname     the originally frozen module's name, or None if not
    ///                 a stdlib module (this will usually be the same as
    ///                 the module's current name)
    #[function]
    fn find_frozen(name: &Str, withdata: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
        let text = name.to_string_lossy();
        let Some((path, is_package)) = frozen(&text) else { return Ok(thread.none()) };
        let data = match stdlib::file(&path) {
            Some(file) if withdata => builtins::bytes::Bytes::from_slice(file.code(), thread).into_object(),
            _ => thread.none(),
        };
        let original = path.trim_end_matches(".py").trim_end_matches("/__init__").replace('/', ".");
        let original = Str::from_str(&original, thread).into_object();
        Tuple::new(vec![data, Bool::new(is_package), original], thread).map(Py::into_object)
    }

    /// get_frozen_object($module, name, data=None, /)
    /// --
    ///
    /// Create a code object for a frozen module.
    #[function]
    fn get_frozen_object(name: &Str, data: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let _ = data;
        let text = name.to_string_lossy();
        let Some((path, _)) = frozen(&text) else { return Err(raise_no_frozen(name, thread)) };
        let Some(file) = stdlib::file(&path) else { return Err(raise_no_frozen(name, thread)) };
        let filename =
            format!("<frozen {}>", path.trim_end_matches(".py").trim_end_matches("/__init__").replace('/', "."));
        let filename = Str::from_str(&filename, thread);
        load_code(file.code(), filename, thread).map(Py::into_object)
    }

    /// create_builtin($module, spec, /)
    /// --
    ///
    /// Create an extension module.
    #[function]
    fn create_builtin(spec: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = protocol::get_attribute(spec, &names::name, thread)?;
        let Some(name) = name.downcast::<Str>() else {
            let found = name.class().short_name();
            return Err(raise!(thread, TypeError, "name must be string, not {found}"));
        };
        let modules = thread.interpreter().modules.get();
        if let Some(module) = modules.and_then(|it| it.get_str(name, thread)) {
            return Ok(module);
        }
        match builtin_module(&name.to_string_lossy(), thread) {
            Some(definition) => Module::from_definition(definition, thread).map(Py::into_object),
            None => Ok(thread.none()),
        }
    }

    /// exec_builtin($module, mod, /)
    /// --
    ///
    /// Initialize a built-in module.
    #[function]
    fn exec_builtin(module_: &Object) -> i32 {
        // A definition's `exec` runs when the module is made.
        let _ = module_;
        0
    }

    /// create_dynamic($module, spec, file=<unrepresentable>, /)
    /// --
    ///
    /// Create an extension module.
    #[function]
    #[signature("(spec, file=None, /)")]
    fn create_dynamic(spec: &Object, file: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let _ = file;
        let origin = thread.intern_text("origin");
        let path = protocol::get_attribute(spec, &origin, thread)?;
        let path = protocol::str(&path, thread)?.to_string_lossy();
        match thread.interpreter().extension_loader.get() {
            Some(loader) => (loader.create)(spec, &path, thread),
            None => Err(raise!(thread, ImportError, "this program cannot load extension modules")),
        }
    }

    /// exec_dynamic($module, mod, /)
    /// --
    ///
    /// Initialize an extension module.
    #[function]
    fn exec_dynamic(module_: &Object, thread: &mut Thread) -> PyResult<i32> {
        if let Some(loader) = thread.interpreter().extension_loader.get() {
            (loader.execute)(module_, thread)?;
        }
        Ok(0)
    }

    /// source_hash($module, /, key, source)
    /// --
    ///
    #[function]
    fn source_hash(key: i64, source: &builtins::bytes::Bytes, thread: &mut Thread) -> Py<Object> {
        // The only key in use is the magic number, which the function knows.
        let _ = key;
        let hash = bytecode::pyc::source_hash(source.as_slice());
        builtins::bytes::Bytes::from_slice(&hash, thread).into_object()
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let mode = Str::from_str("default", thread);
        module.set("check_hash_based_pycs", &mode, thread)?;
        let token = objects::int::Int::from_i64(i64::from(bytecode::pyc::MAGIC_NUMBER_TOKEN), thread);
        module.set("pyc_magic_number_token", &token, thread)
    }
}

#[cold]
fn raise_no_frozen(name: &Str, thread: &mut Thread) -> objects::errors::Raised {
    raise!(thread, ImportError, "No such frozen object named {}", name.to_string_lossy())
}
