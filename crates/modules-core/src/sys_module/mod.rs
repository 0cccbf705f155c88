//! `sys`: what the interpreter says of itself, and what programs may set.

mod functions;
mod streams;

use builtins::namespace::SimpleNamespace;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int::Int;
use objects::list::List;
use objects::module::Module;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::config::Config;

pub use functions::SysModule;
pub use streams::{Printer, open_standard_streams};

/// The version of the language, as CPython's releases are numbered.
pub const VERSION_NUMBER: &str = "3.14.2";
const VERSION_PARTS: [i64; 3] = [3, 14, 2];

/// `sys.version`.
pub fn version() -> String {
    format!("{VERSION_NUMBER} (main) [Naja {}]", env!("CARGO_PKG_VERSION"))
}

/// The module `sys` of a new interpreter.
pub fn create(config: &Config, thread: &mut Thread) -> PyResult<Py<Module>> {
    let sys = Module::from_definition(&SysModule::DEFINITION, thread)?;
    thread.interpreter().optimize.set(config.optimize);
    thread.interpreter().bytes_warning.set(config.bytes_warning);
    let modules = thread.interpreter().modules.get();
    if let Some(modules) = modules {
        sys.set("modules", &modules, thread)?;
    }
    set_version(&sys, thread)?;
    set_paths(&sys, config, thread)?;
    set_numbers(&sys, thread)?;
    set_flags(&sys, config, thread)?;
    Ok(sys)
}

fn text(text: &str, thread: &mut Thread) -> Py<Object> {
    Str::from_str(text, thread).into_object()
}

fn int(value: i64, thread: &mut Thread) -> Py<Object> {
    Int::from_i64(value, thread).into_object()
}

fn list(items: Vec<Py<Object>>, thread: &mut Thread) -> PyResult<Py<Object>> {
    List::new(items, thread).map(Py::into_object)
}

fn set_text(sys: &Module, name: &str, value: &str, thread: &mut Thread) -> PyResult<()> {
    let value = text(value, thread);
    sys.set(name, &value, thread)
}

fn set_version(sys: &Module, thread: &mut Thread) -> PyResult<()> {
    set_text(sys, "version", &version(), thread)?;
    let [major, minor, micro] = VERSION_PARTS;
    let hexversion = int(major << 24 | minor << 16 | micro << 8 | 0xF0, thread);
    sys.set("hexversion", &hexversion, thread)?;
    let parts = vec![int(major, thread), int(minor, thread), int(micro, thread), text("final", thread), int(0, thread)];
    let info = Tuple::new(parts, thread)?;
    sys.set("version_info", &info, thread)?;
    let values = Dict::new(thread);
    for (name, value) in [("name", "cpython"), ("cache_tag", "cpython-314"), ("_multiarch", "x86_64-linux-gnu")] {
        let (name, value) = (thread.intern_text(name), text(value, thread));
        values.set_str(&name, &value, thread)?;
    }
    for (name, value) in [("version", &info as &Object), ("hexversion", &hexversion)] {
        let name = thread.intern_text(name);
        values.set_str(&name, value, thread)?;
    }
    let implementation = SimpleNamespace::new(values, thread);
    sys.set("implementation", &implementation, thread)?;
    set_text(sys, "platform", "linux", thread)?;
    set_text(sys, "byteorder", "little", thread)?;
    set_text(sys, "abiflags", "", thread)?;
    set_text(sys, "copyright", "Copyright (c) the Naja developers.\nAll Rights Reserved.", thread)?;
    set_text(sys, "float_repr_style", "short", thread)?;
    set_text(sys, "platlibdir", "lib", thread)
}

fn set_paths(sys: &Module, config: &Config, thread: &mut Thread) -> PyResult<()> {
    let executable = String::from_utf8_lossy(&config.executable).into_owned();
    for name in ["executable", "_base_executable"] {
        set_text(sys, name, &executable, thread)?;
    }
    let prefix = std::path::Path::new(&executable).parent().and_then(std::path::Path::parent);
    let prefix = prefix.map_or_else(|| "/usr".to_owned(), |it| it.to_string_lossy().into_owned());
    for name in ["prefix", "base_prefix", "exec_prefix", "base_exec_prefix"] {
        set_text(sys, name, &prefix, thread)?;
    }
    let path = config.module_search_path.iter().map(|it| text(&String::from_utf8_lossy(it), thread)).collect();
    let path = list(path, thread)?;
    sys.set("path", &path, thread)?;
    for name in ["meta_path", "path_hooks"] {
        let empty = list(Vec::new(), thread)?;
        sys.set(name, &empty, thread)?;
    }
    let cache = Dict::new(thread);
    sys.set("path_importer_cache", &cache, thread)?;
    for (name, arguments) in [("argv", &config.arguments), ("orig_argv", &config.original_arguments)] {
        let items = arguments.iter().map(|it| text(&String::from_utf8_lossy(it), thread)).collect();
        let items = list(items, thread)?;
        sys.set(name, &items, thread)?;
    }
    let options = config.warn_options.iter().map(|it| text(it, thread)).collect();
    let options = list(options, thread)?;
    sys.set("warnoptions", &options, thread)?;
    let options = Dict::new(thread);
    sys.set("_xoptions", &options, thread)?;
    let none = thread.none();
    sys.set("pycache_prefix", &none, thread)
}

fn set_numbers(sys: &Module, thread: &mut Thread) -> PyResult<()> {
    let maximum = int(i64::MAX, thread);
    sys.set("maxsize", &maximum, thread)?;
    let maximum = int(0x10_FFFF, thread);
    sys.set("maxunicode", &maximum, thread)?;
    let api = int(1013, thread);
    sys.set("api_version", &api, thread)?;
    let names = thread.interpreter().builtin_modules.borrow().clone();
    let mut names: Vec<String> = names.iter().map(|it| it.name.to_string_lossy().into_owned()).collect();
    names.extend(["sys".to_owned(), "builtins".to_owned(), "_imp".to_owned()]);
    names.sort();
    let names = names.iter().map(|it| text(it, thread)).collect();
    let names = Tuple::new(names, thread)?;
    sys.set("builtin_module_names", &names, thread)
}

fn set_flags(sys: &Module, config: &Config, thread: &mut Thread) -> PyResult<()> {
    let flags = Module::new(&Str::from_str("flags", thread), thread)?;
    let values: [(&str, i64); 18] = [
        ("debug", config.debug.into()),
        ("inspect", config.inspect.into()),
        ("interactive", config.interactive.into()),
        ("optimize", config.optimize.into()),
        ("dont_write_bytecode", config.dont_write_bytecode.into()),
        ("no_user_site", config.no_user_site.into()),
        ("no_site", config.no_site.into()),
        ("ignore_environment", config.ignore_environment.into()),
        ("verbose", config.verbose.into()),
        ("bytes_warning", config.bytes_warning.into()),
        ("quiet", config.quiet.into()),
        ("hash_randomization", config.hash_seed.is_none().into()),
        ("isolated", config.isolated.into()),
        ("dev_mode", config.development_mode.into()),
        ("utf8_mode", config.utf8_mode.into()),
        ("warn_default_encoding", 0),
        ("safe_path", config.safe_path.into()),
        ("int_max_str_digits", config.maximum_integer_digits.unwrap_or(4300)),
    ];
    for (name, value) in values {
        let value = int(value, thread);
        flags.set(name, &value, thread)?;
    }
    sys.set("flags", &flags, thread)?;
    let dont_write = objects::bool::Bool::new(config.dont_write_bytecode);
    sys.set("dont_write_bytecode", &dont_write, thread)
}
