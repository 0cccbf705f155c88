//! Starting an interpreter: all crates' types and modules come together here.

use std::cell::RefCell;

use modules_core::config::Config;
use objects::module::Definition;
use objects::thread::{Interpreter, OtherInterpreters, Thread};
use objects::types::TypeDeclaration;

/// The tables of types of all crates, lower layers first.
const TYPES: &[&[&TypeDeclaration]] = &[
    objects::TYPES,
    builtins::TYPES,
    interpreter::TYPES,
    modules_core::TYPES,
    modules_io::TYPES,
    modules_os::TYPES,
    modules_data::TYPES,
    modules_text::TYPES,
    modules_compression::TYPES,
    modules_crypto::TYPES,
    modules_tls::TYPES,
    modules_foreign::TYPES,
    capi::TYPES,
];

/// The tables of modules of all crates.
const MODULES: &[&[&Definition]] = &[
    modules_core::MODULES,
    modules_io::MODULES,
    modules_os::MODULES,
    modules_data::MODULES,
    modules_text::MODULES,
    modules_compression::MODULES,
    modules_crypto::MODULES,
    modules_tls::MODULES,
    modules_foreign::MODULES,
];

/// An interpreter on this thread, with `sys`, `builtins` and the import system ready; None if that failed, which has been reported.
pub fn start(config: &Config) -> Option<Thread> {
    let types: Vec<&'static TypeDeclaration> = TYPES.concat();
    let modules: Vec<&'static Definition> = MODULES.concat();
    let mut thread = Interpreter::start(&types);
    interpreter::hooks::install(&mut thread);
    builtins::install(&mut thread);
    thread.interpreter().extension_loader.set(Some(capi::EXTENSION_LOADER));
    thread
        .interpreter()
        .others
        .set(Some(OtherInterpreters { start: start_another, end: modules_core::main_module::end }));
    thread.interpreter().extension::<Configuration>().0.replace(config.clone());
    if let Err(raised) = modules_core::start::start(config, modules, &mut thread) {
        let exception = thread.catch(raised);
        interpreter::traceback::print_plain(&exception, &mut thread);
        return None;
    }
    Some(thread)
}

/// The configuration that an interpreter was started with, for others that are to be like it.
#[derive(Default)]
struct Configuration(RefCell<Config>);

/// Another interpreter in this process, with `__main__` and `site`, as `Py_NewInterpreter` makes it.
fn start_another(first: &Interpreter) -> Option<Thread> {
    let config = first.extension::<Configuration>().0.borrow().clone();
    let mut thread = start(&config)?;
    thread.interpreter().isolation.is_secondary.set(true);
    match modules_core::main_module::prepare(&config, &mut thread) {
        Ok(()) => Some(thread),
        Err(raised) => {
            let exception = thread.catch(raised);
            interpreter::traceback::print_plain(&exception, &mut thread);
            None
        }
    }
}
