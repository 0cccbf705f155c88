//! Starting: `builtins` and `sys` first, then the import system from the library's own text.

use interpreter::execute::run_code;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::module::{Definition, Module};
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::builtins_module::BuiltinsModule;
use crate::config::Config;
use crate::imp;
use crate::marshal_module::load_code;
use crate::sys_module;

/// Makes a new interpreter ready to import and run programs. `modules` are the built-in modules of all crates.
pub fn start(config: &Config, modules: Vec<&'static Definition>, thread: &mut Thread) -> PyResult<()> {
    let all = Dict::new(thread);
    thread.interpreter().modules.set(Some(all.clone()));
    imp::set_builtin_modules(modules, thread);
    crate::warnings_module::install(thread);
    let builtins = Module::from_definition(&BuiltinsModule::DEFINITION, thread)?;
    thread.interpreter().builtins.set(Some(builtins.dict()));
    all.set_str(&names::builtins, &builtins, thread)?;
    let sys = sys_module::create(config, thread)?;
    thread.interpreter().sys_dict.set(Some(sys.dict()));
    all.set_str(&names::sys, &sys, thread)?;
    install_importlib(&sys, thread)?;
    sys_module::open_standard_streams(config, thread)
}

/// `importlib._bootstrap` and `_bootstrap_external`: run under their frozen names, then installed.
fn install_importlib(sys: &Module, thread: &mut Thread) -> PyResult<()> {
    let bootstrap = frozen_module("_frozen_importlib", "importlib/_bootstrap.py", thread)?;
    let imp = Module::from_definition(&imp::ImpModule::DEFINITION, thread)?;
    let modules = thread.interpreter().modules.get().expect("set above");
    let name = thread.intern_text("_imp");
    modules.set_str(&name, &imp, thread)?;
    let install = thread.intern_text("_install");
    protocol::call_method(&bootstrap, &install, &[sys, &imp], thread)?;
    let install = thread.intern_text("_install_external_importers");
    protocol::call_method(&bootstrap, &install, &[], thread)?;
    Ok(())
}

/// Runs a file of the embedded library as a module of another name, and puts it into `sys.modules`.
pub fn frozen_module(name: &str, path: &str, thread: &mut Thread) -> PyResult<Py<Module>> {
    let Some(file) = stdlib::file(path) else {
        return Err(objects::raise!(thread, ImportError, "no embedded file {path}"));
    };
    let filename = format!("<frozen {}>", path.trim_end_matches(".py").replace('/', "."));
    let filename = Str::from_str(&filename, thread);
    let code = load_code(file.code(), filename, thread)?;
    let name = thread.intern_text(name);
    let module = Module::new(&name, thread)?;
    let modules = thread.interpreter().modules.get().expect("set when the interpreter starts");
    modules.set_str(&name, &module, thread)?;
    // The import system learns from this name which embedded module it is.
    let origin = text(path.trim_end_matches(".py").replace('/', ".").as_str(), thread);
    module.set("__origname__", &origin, thread)?;
    let globals = module.dict();
    run_code(code, globals.clone(), globals.into_object(), None, thread)?;
    Ok(module)
}

/// What `--version` prints.
pub fn version_text(long: bool) -> String {
    if long { format!("Python {}", sys_module::version()) } else { format!("Python {}", sys_module::VERSION_NUMBER) }
}

/// An object by its text: for names that are not known to the runtime.
pub(crate) fn text(text: &str, thread: &mut Thread) -> Py<Object> {
    Str::from_str(text, thread).into_object()
}
