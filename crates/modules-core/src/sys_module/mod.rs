//! `sys`: what the interpreter says of itself, and what programs may set.

pub mod audit;
mod breakpoint;
mod functions;
mod info;
mod jit;
mod module_names;
mod monitoring;
mod settings;
mod sizes;
mod streams;
mod tracing;

use builtins::namespace::SimpleNamespace;
use builtins::set::FrozenSet;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::int::Int;
use objects::list::List;
use objects::module::Module;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, TypeDeclaration, concatenate_declarations, count_declarations};

use crate::config::Config;

pub use functions::SysModule;
pub use settings::{Settings, of as settings};
pub use streams::{Printer, open_standard_streams};

/// `sys.platform`.
pub const PLATFORM: &str = "linux";
/// The version of the language, as CPython's releases are numbered.
pub const VERSION_NUMBER: &str = "3.14.2";
const VERSION_PARTS: [i64; 3] = [3, 14, 2];
/// The version of the C API.
const API_VERSION: i64 = 1013;

const COPYRIGHT: &str = "Copyright (c) the Naja developers.\nAll Rights Reserved.";

/// The types of this module.
pub const TYPES: &[&TypeDeclaration] = &concatenate_declarations::<{ count_declarations(LISTS) }>(LISTS);
const LISTS: &[&[&TypeDeclaration]] = &[&[Printer::DECLARATION], info::TYPES];

/// `sys.version`.
pub fn version() -> String {
    format!("{VERSION_NUMBER} (main) [Naja {}]", env!("CARGO_PKG_VERSION"))
}

/// The module `sys` of a new interpreter.
pub fn create(config: &Config, thread: &mut Thread) -> PyResult<Py<Module>> {
    let sys = Module::from_definition(&SysModule::DEFINITION, thread)?;
    thread.interpreter().optimize.set(config.optimize);
    thread.interpreter().bytes_warning.set(config.bytes_warning);
    thread.interpreter().development_mode.set(config.development_mode);
    thread.interpreter().processor_count.set(config.processor_count.unwrap_or(-1));
    if let Some(digits) = config.maximum_integer_digits {
        thread.interpreter().maximum_integer_digits.set(digits);
    }
    let settings = settings(thread);
    settings.import_time.set(config.import_time);
    settings.ignore_environment.set(config.ignore_environment);
    settings.verbose.set(config.verbose > 0);
    if let Some(modules) = thread.interpreter().modules.get() {
        sys.set("modules", &modules, thread)?;
    }
    info::set_all(&sys, config, thread)?;
    set_version(&sys, thread)?;
    set_paths(&sys, config, thread)?;
    set_arguments(&sys, config, thread)?;
    set_numbers(&sys, thread)?;
    set_module_names(&sys, thread)?;
    let jit = Module::from_definition(&jit::JitModule::DEFINITION, thread)?;
    sys.set("_jit", &jit, thread)?;
    let monitoring = Module::from_definition(&monitoring::MonitoringModule::DEFINITION, thread)?;
    sys.set("monitoring", &monitoring, thread)?;
    sys.set("dont_write_bytecode", Bool::get(config.dont_write_bytecode), thread)?;
    Ok(sys)
}

/// True if `PYTHON…` variables are not looked at.
fn ignores_environment(thread: &Thread) -> bool {
    settings(thread).ignore_environment.get()
}

fn text(text: &str, thread: &mut Thread) -> Py<Object> {
    Str::from_str(text, thread).into_object()
}

fn int(value: i64, thread: &mut Thread) -> Py<Object> {
    Int::from_i64(value, thread).into_object()
}

fn set_text(sys: &Module, name: &str, value: &str, thread: &mut Thread) -> PyResult<()> {
    let value = text(value, thread);
    sys.set(name, &value, thread)
}

/// A list of strings from what the system gave.
fn list_of(items: &[Vec<u8>], thread: &mut Thread) -> PyResult<Py<List>> {
    let mut strings = Vec::with_capacity(items.len());
    for item in items {
        strings.push(system::path::decode(item, thread)?.into_object());
    }
    List::new(strings, thread)
}

fn set_version(sys: &Module, thread: &mut Thread) -> PyResult<()> {
    set_text(sys, "version", &version(), thread)?;
    let [major, minor, micro] = VERSION_PARTS;
    let hexversion = int(major << 24 | minor << 16 | micro << 8 | 0xF0, thread);
    sys.set("hexversion", &hexversion, thread)?;
    let info = info::version_info(thread)?;
    sys.set("version_info", &info, thread)?;
    let git = Tuple::new(vec![text("Naja", thread), text("", thread), text("", thread)], thread)?;
    sys.set("_git", &git, thread)?;
    set_text(sys, "_framework", "", thread)?;
    let implementation = [
        ("name", text("cpython", thread)),
        ("cache_tag", text("cpython-314", thread)),
        ("version", info),
        ("hexversion", hexversion),
        ("_multiarch", text("x86_64-linux-gnu", thread)),
        ("supports_isolated_interpreters", Bool::new(true)),
    ];
    let attributes = Dict::new(thread);
    for (name, value) in implementation {
        let name = thread.intern_text(name);
        attributes.set_str(&name, &value, thread)?;
    }
    let implementation = SimpleNamespace::new(attributes, thread);
    sys.set("implementation", &implementation, thread)?;
    set_text(sys, "platform", PLATFORM, thread)?;
    set_text(sys, "byteorder", "little", thread)?;
    set_text(sys, "abiflags", "", thread)?;
    set_text(sys, "copyright", COPYRIGHT, thread)?;
    set_text(sys, "float_repr_style", "short", thread)
}

fn set_paths(sys: &Module, config: &Config, thread: &mut Thread) -> PyResult<()> {
    let paths = &config.paths;
    let values = [
        ("executable", &paths.executable),
        ("_base_executable", &paths.base_executable),
        ("prefix", &paths.prefix),
        ("exec_prefix", &paths.prefix),
        ("base_prefix", &paths.base_prefix),
        ("base_exec_prefix", &paths.base_prefix),
        ("_stdlib_dir", &paths.library),
    ];
    for (name, value) in values {
        let value = system::path::decode(value, thread)?;
        sys.set(name, &value, thread)?;
    }
    set_text(sys, "platlibdir", "lib", thread)?;
    let path = list_of(&config.module_search_path, thread)?;
    sys.set("path", &path, thread)?;
    for name in ["meta_path", "path_hooks"] {
        let empty = List::empty(thread);
        sys.set(name, &empty, thread)?;
    }
    let cache = Dict::new(thread);
    sys.set("path_importer_cache", &cache, thread)?;
    let none = thread.none();
    sys.set("_home", &none, thread)?;
    let prefix = match &config.bytecode_prefix {
        Some(prefix) => system::path::decode(prefix, thread)?.into_object(),
        None => none,
    };
    sys.set("pycache_prefix", &prefix, thread)
}

fn set_arguments(sys: &Module, config: &Config, thread: &mut Thread) -> PyResult<()> {
    for (name, arguments) in [("argv", &config.arguments), ("orig_argv", &config.original_arguments)] {
        let items = list_of(arguments, thread)?;
        sys.set(name, &items, thread)?;
    }
    let options = config.warn_options.iter().map(|it| text(it, thread)).collect();
    let options = List::new(options, thread)?;
    sys.set("warnoptions", &options, thread)?;
    let options = Dict::new(thread);
    for option in &config.x_options {
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (text(name, thread), text(value, thread)),
            None => (text(option, thread), Bool::new(true)),
        };
        options.set(&name, &value, thread)?;
    }
    sys.set("_xoptions", &options, thread)
}

fn set_numbers(sys: &Module, thread: &mut Thread) -> PyResult<()> {
    for (name, value) in [("maxsize", i64::MAX), ("maxunicode", 0x10_FFFF), ("api_version", API_VERSION)] {
        let value = int(value, thread);
        sys.set(name, &value, thread)?;
    }
    Ok(())
}

fn set_module_names(sys: &Module, thread: &mut Thread) -> PyResult<()> {
    let definitions = thread.interpreter().builtin_modules.borrow().clone();
    let mut names: Vec<String> = definitions.iter().map(|it| it.name.to_string_lossy().into_owned()).collect();
    names.extend(["sys".to_owned(), "builtins".to_owned(), "_imp".to_owned()]);
    names.sort();
    let names = names.iter().map(|it| text(it, thread)).collect();
    let names = Tuple::new(names, thread)?;
    sys.set("builtin_module_names", &names, thread)?;
    let names: Vec<_> = module_names::STDLIB_MODULE_NAMES.iter().map(|it| text(it, thread)).collect();
    let names = FrozenSet::from_elements(&names, thread)?;
    sys.set("stdlib_module_names", &names, thread)
}
