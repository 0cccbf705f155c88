//! Scripts: what `_interpreters.exec` runs, as code that another interpreter can run.

use interpreter::code::Code;
use interpreter::function::Function;
use objects::errors::{PyResult, TypeError};
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::data::Data;
use crate::errors::raise_not_shareable;
use crate::stateless;

/// What scripts are called in tracebacks.
const FILE_NAME: &str = "<script>";

/// The data of the code of a script: source text, code, or a function without arguments. `pure`: it may use no global names but built-in ones.
pub fn data(script: &Object, pure: bool, thread: &mut Thread) -> PyResult<Data> {
    let code = code_of(script, pure, thread)?;
    Data::of_code(&code, thread)
}

/// As [`data`], and what is wrong with the script is the cause of a NotShareableError.
pub fn data_or_not_shareable(script: &Object, pure: bool, thread: &mut Thread) -> PyResult<Data> {
    match code_of(script, pure, thread) {
        Ok(code) => Data::of_code(&code, thread),
        Err(raised) => {
            let cause = thread.catch(raised);
            Err(raise_not_shareable(format_args!("object not a valid script"), Some(cause), thread))
        }
    }
}

fn code_of(script: &Object, pure: bool, thread: &mut Thread) -> PyResult<Py<Code>> {
    let (code, is_checked) = if let Some(code) = script.downcast::<Code>() {
        (Py::from_ref(code), false)
    } else if let Some(function) = script.downcast::<Function>() {
        if pure {
            stateless::check_function(function, thread)?;
        }
        (function.code(), pure)
    } else {
        (compile(script, thread)?, true)
    };
    if !is_checked {
        let builtins = if pure { thread.interpreter().builtins.get() } else { None };
        stateless::check_code(&code, None, builtins.as_deref(), thread)?;
    }
    stateless::check_script(&code, thread)?;
    Ok(code)
}

fn compile(source: &Object, thread: &mut Thread) -> PyResult<Py<Code>> {
    let is_text = source.downcast::<Str>().is_some() || protocol::buffer::has_buffer(source);
    if !is_text {
        let shown = protocol::repr(source, thread)?.to_string_lossy();
        return Err(thread.raise_message(TypeError, format_args!("unsupported script {shown}")));
    }
    let compile = thread.intern_text("compile");
    let compile = protocol::builtin(&compile, thread)?;
    let name = Str::from_str(FILE_NAME, thread);
    let mode = thread.intern_text("exec");
    let flags = protocol::make_int(0, thread);
    let alone = Py::from_ref(objects::bool::Bool::get(true));
    let code = protocol::call(&compile, &[source, &name, &mode, &flags, &alone], thread)?;
    match code.downcast_into::<Code>() {
        Ok(code) => Ok(code),
        Err(_) => Err(objects::raise!(thread, SystemError, "compile() gave something else than code")),
    }
}
