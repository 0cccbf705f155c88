//! `__main__`: running a program, and what its end means for the process.

use interpreter::execute::run_code;
use objects::dict::Dict;
use objects::errors::{BaseException, PyResult, Raised, SystemExit};
use objects::int::Int;
use objects::module::Module;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use syntax::parser::Mode;

use crate::compile::{Request, Text, compile_source};
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

/// Runs a program in `__main__`; the process's exit code.
pub fn run(config: &Config, program: &Program, thread: &mut Thread) -> i32 {
    let result = run_program(config, program, thread);
    let code = match result {
        Ok(()) => 0,
        Err(raised) => report(raised, thread),
    };
    flush_streams(thread);
    code
}

fn run_program(config: &Config, program: &Program, thread: &mut Thread) -> PyResult<()> {
    let name = thread.intern_text("__main__");
    let main = Module::new(&name, thread)?;
    let modules = thread.interpreter().modules.get().expect("set when the interpreter starts");
    modules.set_str(&name, &main, thread)?;
    let globals = main.dict();
    let builtins = modules.get_str(&names::builtins, thread).unwrap_or_else(|| thread.none());
    globals.set_str(&names::__builtins__, &builtins, thread)?;
    for attribute in [&names::__doc__ as &objects::str::Str, &names::__spec__, &names::__package__, &names::__loader__]
    {
        let none = thread.none();
        globals.set_str(attribute, &none, thread)?;
    }
    if !config.no_site {
        import_site(thread)?;
    }
    match program {
        Program::Command(text) => run_text(Text::Encoded(text), "<string>", globals, thread),
        Program::Path(path) => run_file(path, globals, thread),
        Program::StandardInput => run_standard_input(globals, thread),
        Program::Module(name) => run_module(name, thread),
    }
}

fn import_site(thread: &mut Thread) -> PyResult<()> {
    let name = thread.intern_text("site");
    let import = thread.interpreter().builtins.get().and_then(|it| it.get_str(&names::__import__, thread));
    if let Some(import) = import {
        protocol::call(&import, &[&name], thread)?;
    }
    Ok(())
}

fn run_text(text: Text<'_>, filename: &str, globals: Py<Dict>, thread: &mut Thread) -> PyResult<()> {
    let request = Request { mode: Mode::Module, flags: 0, optimize: thread.interpreter().optimize.get() };
    let code = compile_source(text, &filename.into(), request, thread)?;
    run_code(code, globals.clone(), globals.into_object(), None, thread)?;
    Ok(())
}

fn run_file(path: &[u8], globals: Py<Dict>, thread: &mut Thread) -> PyResult<()> {
    use std::os::unix::ffi::OsStrExt;
    let file = std::path::Path::new(std::ffi::OsStr::from_bytes(path));
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(error) => {
            let number = error.raw_os_error().unwrap_or(0);
            let reason = error.to_string();
            let reason = reason.split(" (os error").next().unwrap_or_default();
            let path = file.display();
            return Err(raise!(thread, OSError, "can't open file '{path}': [Errno {number}] {reason}"));
        }
    };
    let name = file.to_string_lossy().into_owned();
    let value = objects::str::Str::from_str(&name, thread);
    globals.set_str(&names::__file__, &value, thread)?;
    run_text(Text::Encoded(&text), &name, globals, thread)
}

fn run_standard_input(globals: Py<Dict>, thread: &mut Thread) -> PyResult<()> {
    let mut text = Vec::new();
    if let Err(error) = std::io::Read::read_to_end(&mut std::io::stdin(), &mut text) {
        return Err(raise!(thread, OSError, "{error}"));
    }
    run_text(Text::Encoded(&text), "<stdin>", globals, thread)
}

/// `-m`: through `runpy`, as CPython does.
fn run_module(name: &[u8], thread: &mut Thread) -> PyResult<()> {
    let runpy = thread.intern_text("runpy");
    let import = thread.interpreter().builtins.get().and_then(|it| it.get_str(&names::__import__, thread));
    let Some(import) = import else { return Err(raise!(thread, ImportError, "__import__ not found")) };
    let runpy = protocol::call(&import, &[&runpy], thread)?;
    let function = thread.intern_text("_run_module_as_main");
    let name = objects::str::Str::from_str(&String::from_utf8_lossy(name), thread);
    protocol::call_method(&runpy, &function, &[&name], thread)?;
    Ok(())
}

/// Prints the exception that ended the program; the exit code.
fn report(raised: Raised, thread: &mut Thread) -> i32 {
    let exception = thread.catch(raised);
    if let Some(exit) = exception.downcast::<SystemExit>() {
        return exit_code(exit.code(), thread);
    }
    flush_streams(thread);
    print_exception(&exception, thread);
    1
}

/// What `SystemExit(code)` means: None is success, a number itself, anything else is printed and a failure.
fn exit_code(code: Option<Py<Object>>, thread: &mut Thread) -> i32 {
    let Some(code) = code.filter(|it| !it.is_none()) else { return 0 };
    if let Some(number) = code.downcast::<Int>() {
        return number.to_i128().map_or(-1, |it| it as i32);
    }
    match protocol::str(&code, thread) {
        Ok(text) => eprintln!("{}", text.to_string_lossy()),
        Err(_) => drop(thread.take_exception()),
    }
    1
}

/// `sys.excepthook(type, value, traceback)`, or a plain text if that fails.
fn print_exception(exception: &BaseException, thread: &mut Thread) {
    let hook = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&names::excepthook, thread));
    let traceback = exception.traceback().unwrap_or_else(|| thread.none());
    let class = Py::from_ref(exception.class());
    if let Some(hook) = hook
        && protocol::call(&hook, &[&class, exception, &traceback], thread).is_ok()
    {
        return;
    }
    drop(thread.take_exception());
    interpreter::traceback::print_plain(exception, thread);
}

fn flush_streams(thread: &mut Thread) {
    for name in [&names::stdout as &objects::str::Str, &names::stderr] {
        let stream = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(name, thread));
        if let Some(stream) = stream.filter(|it| !it.is_none())
            && protocol::call_method(&stream, &names::flush, &[], thread).is_err()
        {
            drop(thread.take_exception());
        }
    }
}
