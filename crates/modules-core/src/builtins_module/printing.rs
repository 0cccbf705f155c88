//! `print` and `input`.

use objects::errors::PyResult;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

/// Writes the values' texts, separated and ended, to a file (`sys.stdout` without one).
pub fn print(
    values: &[&Object],
    separator: Option<&Object>,
    end: Option<&Object>,
    file: Option<&Object>,
    flush: bool,
    thread: &mut Thread,
) -> PyResult<()> {
    let file = match file {
        Some(file) => Py::from_ref(file),
        None => standard_stream(&names::stdout, thread)?,
    };
    if file.is_none() {
        return Ok(());
    }
    let separator = string_or_default(separator, "sep", " ", thread)?;
    let end = string_or_default(end, "end", "\n", thread)?;
    let write = protocol::get_attribute(&file, &names::write, thread)?;
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            protocol::call(&write, &[&separator], thread)?;
        }
        let text = protocol::str(value, thread)?;
        protocol::call(&write, &[&text], thread)?;
    }
    protocol::call(&write, &[&end], thread)?;
    if flush {
        protocol::call_method(&file, &names::flush, &[], thread)?;
    }
    Ok(())
}

/// A stream of `sys`, RuntimeError if it is gone.
fn standard_stream(name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    match thread.interpreter().sys_dict.get().and_then(|it| it.get_str(name, thread)) {
        Some(stream) => Ok(stream),
        None => Err(raise_lost(name, thread)),
    }
}

/// A stream of `sys` that may not be None either.
fn real_stream(name: &Str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let stream = standard_stream(name, thread)?;
    if stream.is_none() { Err(raise_lost(name, thread)) } else { Ok(stream) }
}

#[cold]
fn raise_lost(name: &Str, thread: &mut Thread) -> objects::errors::Raised {
    raise!(thread, RuntimeError, "lost sys.{}", name.to_string_lossy())
}

fn string_or_default(
    value: Option<&Object>,
    parameter: &str,
    default: &str,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    match value {
        Some(value) if !value.is_none() => {
            if value.downcast::<Str>().is_none() {
                let found = value.class().short_name();
                return Err(raise!(thread, TypeError, "{parameter} must be None or a string, not {found}"));
            }
            Ok(Py::from_ref(value))
        }
        _ => Ok(Str::from_str(default, thread).into_object()),
    }
}

/// Flushes a stream, which may be a stranger that cannot.
fn flush_if_possible(stream: &Object, thread: &mut Thread) {
    if let Err(raised) = protocol::call_method(stream, &names::flush, &[], thread) {
        drop(thread.catch(raised));
    }
}

/// Reads a line from `sys.stdin`, after writing a prompt.
pub fn input(prompt: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let (stdin, stdout) = (real_stream(&names::stdin, thread)?, real_stream(&names::stdout, thread)?);
    let stderr = real_stream(&names::stderr, thread)?;
    let none = thread.none();
    thread.audit("builtins.input", &[prompt.unwrap_or(&none)])?;
    flush_if_possible(&stderr, thread);
    if let Some(prompt) = prompt {
        let text = protocol::str(prompt, thread)?;
        protocol::call_method(&stdout, &names::write, &[&text], thread)?;
    }
    flush_if_possible(&stdout, thread);
    let readline = thread.intern_text("readline");
    let line = protocol::call_method(&stdin, &readline, &[], thread)?;
    let Some(line) = line.downcast::<Str>() else {
        return Err(raise!(thread, TypeError, "object.readline() returned non-string"));
    };
    if line.length() == 0 {
        return Err(raise!(thread, EOFError, "EOF when reading a line"));
    }
    let ends = line.code_point(line.length() - 1) == Some(u32::from('\n'));
    line.substring(0..line.length() - usize::from(ends), thread).map(Py::into_object)
}
