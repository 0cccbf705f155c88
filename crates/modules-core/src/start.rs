//! Starting: `builtins` and `sys` first, then the import system from the library's own text.

use interpreter::code::CodeSettings;
use interpreter::execute::{provide_builtins, run_code};
use interpreter::hooks::CodeGeneration;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::list::List;
use objects::module::{Definition, Module};
use objects::names;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::builtins_module::{BuiltinsModule, generate_node};
use crate::config::Config;
use crate::imp::{self, frozen};
use crate::sys_module;

/// Makes a new interpreter ready to import and run programs. `modules` are the built-in modules of all crates.
pub fn start(config: &Config, modules: Vec<&'static Definition>, thread: &mut Thread) -> PyResult<()> {
    // SAFETY: the call cannot fail and touches nothing.
    let native = unsafe { libc::gettid() };
    thread.set_identity(crate::thread_module::identity(), native as u64);
    crate::thread_module::note_main_thread(thread);
    crate::thread_module::adopt_system_stack(thread);
    thread.interpreter().extension::<CodeGeneration>().0.set(Some(generate_node));
    thread.interpreter().extension::<CodeSettings>().without_columns.set(config.no_debug_ranges);
    let all = Dict::new(thread);
    thread.interpreter().modules.set(Some(all.clone()));
    imp::set_builtin_modules(modules, thread);
    crate::warnings_module::install(thread);
    let builtins = Module::from_definition(&BuiltinsModule::DEFINITION, thread)?;
    thread.interpreter().builtins.set(Some(builtins.dict()));
    let (all_function, any_function) = (thread.intern_text("all"), thread.intern_text("any"));
    thread.interpreter().original_all.set(builtins.dict().get_str(&all_function, thread));
    thread.interpreter().original_any.set(builtins.dict().get_str(&any_function, thread));
    all.set_str(&names::builtins, &builtins, thread)?;
    let sys = sys_module::create(config, thread)?;
    thread.interpreter().sys_dict.set(Some(sys.dict()));
    all.set_str(&names::sys, &sys, thread)?;
    install_importlib(&sys, thread)?;
    crate::library::install(&config.paths.library, thread)?;
    // It makes SIGINT a KeyboardInterrupt.
    crate::builtins_module::import_module("_signal", thread)?;
    sys_module::open_standard_streams(config, thread)
}

/// `importlib._bootstrap` and `_bootstrap_external`: run under their frozen names, then installed.
fn install_importlib(sys: &Module, thread: &mut Thread) -> PyResult<()> {
    let bootstrap = frozen_module("_frozen_importlib", thread)?;
    thread.interpreter().importlib.set(Some(bootstrap.clone()));
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

/// Makes a frozen module and puts it into `sys.modules`.
fn frozen_module(name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = thread.intern_text(name);
    match frozen::find(&name.to_string_lossy()) {
        Some(module) => run_frozen(&name, module, thread),
        None => Err(frozen::raise_not_frozen(&name, thread)),
    }
}

/// Runs a frozen module's code in a new module that is put into `sys.modules`. The import system takes `__origname__` off again.
pub fn run_frozen(name: &Str, frozen: &frozen::FrozenModule, thread: &mut Thread) -> PyResult<Py<Object>> {
    let code = frozen.code(thread)?;
    let module = Module::new(name, thread)?;
    let modules = thread.interpreter().modules.get().expect("set when the interpreter starts");
    modules.set_str(name, &module, thread)?;
    if frozen.is_package {
        let path = List::empty(thread);
        module.set("__path__", &path, thread)?;
    }
    if let Some(original) = frozen.original {
        let original = Str::from_str(original, thread);
        module.set("__origname__", &original, thread)?;
    }
    let globals = module.dict();
    provide_builtins(&globals, thread)?;
    run_code(code, globals.clone(), globals.into_object(), None, thread)?;
    Ok(module.into_object())
}

/// What `--version` prints.
pub fn version_text(long: bool) -> String {
    if long { format!("Python {}", sys_module::version()) } else { format!("Python {}", sys_module::VERSION_NUMBER) }
}
