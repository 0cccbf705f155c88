//! Starting an interpreter: all crates' types and modules come together here.

use modules_core::config::Config;
use objects::module::Definition;
use objects::thread::runtime::{OtherInterpreters, Settings, Stage, origin, runtime};
use objects::thread::{Interpreter, Thread};
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
    modules_sqlite::TYPES,
    modules_xml::TYPES,
    modules_foreign::TYPES,
    crossing::TYPES,
    modules_interpreters::TYPES,
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
    modules_sqlite::MODULES,
    modules_xml::MODULES,
    modules_foreign::MODULES,
    modules_interpreters::MODULES,
];

/// The process's first interpreter on this thread; None if it could not be started, which has been reported.
pub fn start(config: &Config) -> Option<Thread> {
    let like_this = config.clone();
    runtime().set_others(OtherInterpreters {
        start: Box::new(move |settings| start_another(&like_this, settings)),
        end: end_another,
    });
    let thread = start_with(config, Settings::FIRST)?;
    let record = thread.interpreter().record();
    record.set_origin(origin::RUNTIME);
    record.enter(Stage::Ready);
    Some(thread)
}

/// An interpreter on this thread, with `sys`, `builtins` and the import system ready; None if that failed, which has been reported.
fn start_with(config: &Config, settings: Settings) -> Option<Thread> {
    let types: Vec<&'static TypeDeclaration> = TYPES.concat();
    let modules: Vec<&'static Definition> = MODULES.concat();
    let mut thread = Interpreter::start(&types, settings);
    interpreter::hooks::install(&mut thread);
    builtins::install(&mut thread);
    thread.interpreter().extension_loader.set(Some(capi::EXTENSION_LOADER));
    if let Err(raised) = modules_core::start::start(config, modules, &mut thread) {
        let exception = thread.catch(raised);
        interpreter::traceback::print_plain(&exception, &mut thread);
        return None;
    }
    Some(thread)
}

/// Another interpreter in this process, with `__main__` and `site`, as `Py_NewInterpreter` makes it. None if that failed, which has been
/// reported: then no state is current.
fn start_another(config: &Config, settings: Settings) -> Option<Thread> {
    let mut thread = start_with(config, settings)?;
    match modules_core::main_module::prepare(config, &mut thread) {
        Ok(()) => {
            thread.interpreter().record().enter(Stage::Ready);
            Some(thread)
        }
        Err(raised) => {
            let exception = thread.catch(raised);
            interpreter::traceback::print_plain(&exception, &mut thread);
            thread.interpreter().record().enter(Stage::Ended);
            thread.leave();
            None
        }
    }
}

/// Ends the interpreter of this thread, which is not the first.
fn end_another(thread: &mut Thread) {
    let record = thread.interpreter().record();
    record.enter(Stage::Ending);
    modules_core::main_module::end(thread);
    thread.do_errands();
    record.enter(Stage::Ended);
    crossing::lifetime::tell_end(record.number());
}
