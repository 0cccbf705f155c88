//! `__main__`: running a program, and what its end means for the process.

mod ending;
mod interactive;
mod programs;
mod teardown;

pub use interactive::base_prompt as run_base_prompt;

use std::sync::{Mutex, PoisonError};

use objects::errors::PyResult;
use objects::list::List;
use objects::module::Module;
use objects::names;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::thread::runtime::runtime;

use crate::builtins_module::import_module;
use crate::config::Config;

/// What is to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// `-c`
    Command(Vec<u8>),
    /// `-m`
    Module(Vec<u8>),
    /// A file, folder or archive.
    Path(Vec<u8>),
    /// Standard input.
    StandardInput,
}

/// Runs a program in `__main__`, and ends the interpreter; the process's exit code.
pub fn run(config: &Config, program: &Program, thread: &mut Thread) -> i32 {
    let mut code = match start_program(config, program, thread) {
        Ok(code) => code,
        Err(raised) => ending::report(raised, config, thread),
    };
    let had_prompt = *program == Program::StandardInput && interactive::is_interactive(config);
    if !had_prompt && interactive::is_wanted_afterwards(config) {
        code = inspect(config, thread);
    }
    ending::finish(code, thread)
}

/// The prompt after a program: it sees what the program left in `__main__`. The exit code is the prompt's.
fn inspect(config: &Config, thread: &mut Thread) -> i32 {
    let name = thread.intern_text("__main__");
    let main = thread.interpreter().modules.get().and_then(|it| it.get_str(&name, thread));
    let Some(globals) = main.as_ref().and_then(|it| it.downcast::<Module>()).map(|it| it.dict()) else { return 1 };
    match interactive::run(config, false, globals, thread) {
        Ok(()) => 0,
        Err(raised) => ending::report_final(raised, thread),
    }
}

/// Gives an interpreter that runs no program `__main__` and `site`: one of several in a process.
pub fn prepare(config: &Config, thread: &mut Thread) -> PyResult<()> {
    teardown::note_builtins(thread)?;
    make_main(thread)?;
    if !config.no_site {
        import_module("site", thread)?;
    }
    let first = runtime().shared::<FirstSearchPath>();
    let first = first.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(first) = first {
        thread.interpreter().first_search_path.replace(Some(first.clone()));
        let first = system::path::decode(&first, thread)?;
        prepend_search_path(&first, thread)?;
    }
    Ok(())
}

/// `sys.path[0]` of the program, which further interpreters begin with too.
#[derive(Default)]
struct FirstSearchPath(Mutex<Option<Vec<u8>>>);

/// Ends an interpreter that [`prepare`] made ready.
pub fn end(thread: &mut Thread) {
    ending::finish(0, thread);
}

/// Makes `__main__`, imports `site`, and runs. Ok has the exit code of programs that could not be opened.
fn start_program(config: &Config, program: &Program, thread: &mut Thread) -> PyResult<i32> {
    teardown::note_builtins(thread)?;
    let main = make_main(thread)?;
    let has_prompt = *program == Program::StandardInput && interactive::is_interactive(config);
    if has_prompt {
        interactive::print_header(config);
    }
    if !config.warn_options.is_empty() {
        // It makes filters of the options, for warnings of native code too.
        import_module("warnings", thread)?;
    }
    if !config.no_site {
        import_module("site", thread)?;
    }
    // A folder or an archive runs its own `__main__`, and is where it imports from.
    if let Program::Path(path) = program
        && programs::has_importer(path, thread)?
    {
        let path = absolute(path);
        note_first_for_others(&path);
        let path = system::path::decode(&path, thread)?;
        prepend_search_path(&path, thread)?;
        return programs::run_module("__main__", false, thread).map(|()| 0);
    }
    if !config.safe_path
        && let Some(first) = first_search_path(program)
    {
        note_first_search_path(&first, thread);
        let first = system::path::decode(&first, thread)?;
        prepend_search_path(&first, thread)?;
    }
    if has_prompt {
        // From the prompt itself, `-i` does not keep SystemExit from ending the program.
        return match interactive::run(config, true, main.dict(), thread) {
            Ok(()) => Ok(0),
            Err(raised) => Ok(ending::report_final(raised, thread)),
        };
    }
    programs::run(config, program, main.dict(), thread)
}

fn note_first_search_path(first: &[u8], thread: &mut Thread) {
    thread.interpreter().first_search_path.replace(Some(first.to_vec()));
    note_first_for_others(first);
}

fn note_first_for_others(first: &[u8]) {
    let shared = runtime().shared::<FirstSearchPath>();
    shared.0.lock().unwrap_or_else(PoisonError::into_inner).replace(first.to_vec());
}

fn make_main(thread: &mut Thread) -> PyResult<Py<Module>> {
    let name = thread.intern_text("__main__");
    let main = Module::new(&name, thread)?;
    let modules = thread.interpreter().modules.get().expect("set when the interpreter starts");
    modules.set_str(&name, &main, thread)?;
    let globals = main.dict();
    let builtins = modules.get_str(&names::builtins, thread).unwrap_or_else(|| thread.none());
    globals.set_str(&names::__builtins__, &builtins, thread)?;
    let none = thread.none();
    for attribute in [&names::__doc__ as &Str, &names::__spec__, &names::__package__] {
        globals.set_str(attribute, &none, thread)?;
    }
    let machinery = import_module("_frozen_importlib", thread)?;
    let loader = thread.intern_text("BuiltinImporter");
    let loader: Py<Object> = objects::protocol::get_attribute(&machinery, &loader, thread)?;
    globals.set_str(&names::__loader__, &loader, thread)?;
    Ok(main)
}

/// `sys.path[0]`: the script's folder, the current one, or nothing, which means the current one whatever it is.
fn first_search_path(program: &Program) -> Option<Vec<u8>> {
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    match program {
        Program::Command(_) | Program::StandardInput => Some(Vec::new()),
        Program::Module(_) => std::env::current_dir().ok().map(|it| it.into_os_string().into_vec()),
        Program::Path(path) => {
            let path = std::path::Path::new(std::ffi::OsStr::from_bytes(path));
            let full = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
            Some(full.parent().map(|it| it.as_os_str().as_bytes().to_vec()).unwrap_or_default())
        }
    }
}

fn absolute(path: &[u8]) -> Vec<u8> {
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    let given = std::path::Path::new(std::ffi::OsStr::from_bytes(path));
    std::path::absolute(given).map_or_else(|_| path.to_vec(), |it| it.into_os_string().into_vec())
}

fn prepend_search_path(folder: &Str, thread: &mut Thread) -> PyResult<()> {
    let path = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&names::path, thread));
    match path.as_ref().and_then(|it| it.downcast::<List>()) {
        Some(path) => path.insert(0, Py::from_ref(folder).into_object(), thread),
        None => Ok(()),
    }
}
