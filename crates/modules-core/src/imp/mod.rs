//! `_imp`: what the import system needs of the interpreter: built-in and frozen modules, the import lock, extension modules.
//!
//! The modules that CPython freezes are frozen here, too; all others of the library are found by the embedded importer.

pub mod frozen;

use builtins::bytes::Bytes;
use interpreter::code::Code;
use macros::python_module;
use objects::bool::Bool;
use objects::errors::{OrMemoryError, PyResult, TryToVec};
use objects::list::List;
use objects::module::{Definition, Module};
use objects::names;
use objects::protocol;
use objects::protocol::buffer::BytesLike;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use crate::marshal_module::load_any;

/// Remembers the built-in modules of all crates for this interpreter.
pub fn set_builtin_modules(modules: Vec<&'static Definition>, thread: &mut Thread) {
    thread.interpreter().builtin_modules.replace(modules);
}

/// The definition of a built-in module.
pub fn builtin_module(name: &str, thread: &Thread) -> Option<&'static Definition> {
    thread.interpreter().builtin_modules.borrow().iter().copied().find(|it| it.name.to_bytes() == name.as_bytes())
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
        List::new(suffixes, thread).map(Py::into_object)
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
        frozen::find(&name.to_string_lossy()).is_some()
    }

    /// is_frozen_package($module, name, /)
    /// --
    ///
    /// Returns True if the module name is of a frozen package.
    #[function]
    fn is_frozen_package(name: &Str, thread: &mut Thread) -> PyResult<bool> {
        match frozen::find(&name.to_string_lossy()) {
            Some(module) => Ok(module.is_package),
            None => Err(frozen::raise_not_frozen(name, thread)),
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
        let Some(module) = frozen::find(&name.to_string_lossy()) else { return Ok(thread.none()) };
        let data = if withdata {
            let data = Bytes::from_slice(module.data(), thread);
            protocol::call_one(builtins::memoryview::MemoryView::class(), &data, thread)?
        } else {
            thread.none()
        };
        let original = match module.original {
            Some(original) => Str::from_str(original, thread).into_object(),
            None => thread.none(),
        };
        Tuple::new(vec![data, Bool::new(module.is_package), original], thread).map(Py::into_object)
    }

    /// get_frozen_object($module, name, data=None, /)
    /// --
    ///
    /// Create a code object for a frozen module.
    #[function]
    #[signature("(name, data=None, /)")]
    fn get_frozen_object(name: &Str, data: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(data) = data.filter(|it| !it.is_none()) else {
            return match frozen::find(&name.to_string_lossy()) {
                Some(module) => module.code(thread).map(Py::into_object),
                None => Err(frozen::raise_not_frozen(name, thread)),
            };
        };
        let data = BytesLike::of(data, thread)?.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        let shown = name.to_string_lossy();
        let code = if data.is_empty() { None } else { load_any(&data, thread).ok() };
        drop(thread.take_exception());
        match code {
            None => {
                let message = format!("Frozen object named {shown} is invalid");
                Err(frozen::raise_import_error(&message, Some(name), None, thread))
            }
            Some(code) if code.is_exactly::<Code>() => Ok(code),
            Some(_) => Err(raise!(thread, TypeError, "frozen object {shown} is not a code object")),
        }
    }

    /// init_frozen($module, name, /)
    /// --
    ///
    /// Initializes a frozen module.
    #[function]
    fn init_frozen(name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
        match frozen::find(&name.to_string_lossy()) {
            Some(module) => crate::start::run_frozen(name, module, thread),
            None => Ok(thread.none()),
        }
    }

    /// _frozen_module_names($module, /)
    /// --
    ///
    /// Returns the list of available frozen modules.
    #[function]
    fn _frozen_module_names(thread: &mut Thread) -> PyResult<Py<List>> {
        let names = frozen::FROZEN.iter().map(|it| Str::from_str(it.name, thread).into_object()).collect();
        List::new(names, thread)
    }

    /// _frozen_source($module, name, /)
    /// --
    ///
    /// The text of the file that a frozen module was made of.
    #[function]
    fn _frozen_source(name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
        match frozen::find(&name.to_string_lossy()) {
            Some(module) => crate::library::decode_source(&module.source(), thread),
            None => Ok(thread.none()),
        }
    }

    /// _override_frozen_modules_for_tests($module, override, /)
    /// --
    ///
    /// (internal-only) Override PyConfig.use_frozen_modules.
    ///
    /// (-1: "off", 1: "on", 0: no override)
    /// See frozen_modules() in Lib/test/support/import_helper.py.
    #[function]
    fn _override_frozen_modules_for_tests(r#override: i32) {
        // Frozen modules are always used: there is nothing to choose from.
        let _ = r#override;
    }

    /// _override_multi_interp_extensions_check($module, override, /)
    /// --
    ///
    /// (internal-only) Override PyInterpreterConfig.check_multi_interp_extensions.
    ///
    /// (-1: "never", 1: "always", 0: no override)
    #[function]
    fn _override_multi_interp_extensions_check(r#override: i32, thread: &mut Thread) -> PyResult<i32> {
        if !thread.interpreter().is_first() {
            return Ok(thread.interpreter().isolation.check_override.replace(r#override));
        }
        let message = "_imp._override_multi_interp_extensions_check() cannot be used in the main interpreter";
        Err(raise!(thread, RuntimeError, "{message}"))
    }

    /// _fix_co_filename($module, code, path, /)
    /// --
    ///
    /// Changes code.co_filename to specify the passed-in file path.
    ///
    ///   code
    ///     Code object to change.
    ///   path
    ///     File path to use.
    #[function]
    fn _fix_co_filename(code: &Code, path: &Str) {
        code.rename(path);
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
    fn source_hash(key: i64, source: BytesLike<'_>, thread: &mut Thread) -> Py<Bytes> {
        // The only key in use is the magic number, which the function knows.
        let _ = key;
        let hash = bytecode::pyc::source_hash(source.as_slice(thread));
        Bytes::from_slice(&hash, thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let mode = Str::from_str("default", thread);
        module.set("check_hash_based_pycs", &mode, thread)?;
        let token = objects::int::Int::from_i64(i64::from(bytecode::pyc::MAGIC_NUMBER_TOKEN), thread);
        module.set("pyc_magic_number_token", &token, thread)
    }
}
