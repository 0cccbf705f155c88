//! The kinds of programs: commands, modules, files, standard input.

use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use interpreter::code::Code;
use interpreter::execute::run_code;
use objects::dict::Dict;
use objects::errors::{PyResult, Raised, UnicodeEncodeError, ValueError};
use objects::int::Int;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use syntax::parser::Mode;

use super::Program;
use crate::builtins_module::import_module;
use crate::compile::{Request, Text, compile_source};
use crate::config::Config;
use crate::marshal_module::load_any;

/// Bytes of a `.pyc` file before the code.
const HEADER: usize = 16;

pub fn run(config: &Config, program: &Program, globals: Py<Dict>, thread: &mut Thread) -> PyResult<i32> {
    match program {
        Program::Command(text) => run_command(text, globals, thread).map(|()| 0),
        Program::Module(name) => {
            let name = system::path::decode(name, thread)?.to_string_lossy();
            run_module(&name, true, thread).map(|()| 0)
        }
        Program::Path(path) => run_file(config, path, globals, thread),
        Program::StandardInput => run_standard_input(globals, thread).map(|()| 0),
    }
}

/// True if a path hook knows the path: a folder or an archive.
pub fn has_importer(path: &[u8], thread: &mut Thread) -> PyResult<bool> {
    let file = Path::new(std::ffi::OsStr::from_bytes(path));
    if !file.exists() {
        return Ok(false);
    }
    let path = system::path::decode(path, thread)?;
    let pkgutil = import_module("_frozen_importlib_external", thread)?;
    let finder = thread.intern_text("PathFinder");
    let finder = protocol::get_attribute(&pkgutil, &finder, thread)?;
    let hooks = thread.intern_text("_path_importer_cache");
    let importer = protocol::call_method(&finder, &hooks, &[&path], thread)?;
    Ok(!importer.is_none())
}

/// Runs a module through `runpy`, as CPython does.
pub fn run_module(name: &str, alter_argv: bool, thread: &mut Thread) -> PyResult<()> {
    let runpy = import_module("runpy", thread)?;
    let function = thread.intern_text("_run_module_as_main");
    let name = Str::from_str(name, thread);
    protocol::call_method(&runpy, &function, &[&name, objects::bool::Bool::get(alter_argv)], thread).map(drop)
}

fn compile_program(text: Text<'_>, filename: &str, thread: &mut Thread) -> PyResult<Py<Code>> {
    let request = Request::new(Mode::Module, 0, thread.interpreter().optimize.get().min(2));
    compile_source(text, &filename.into(), request, thread)
}

fn run_program(code: Py<Code>, globals: Py<Dict>, thread: &mut Thread) -> PyResult<()> {
    run_code(code, globals.clone(), globals.into_object(), None, thread).map(drop)
}

/// `-c`: the common indentation goes, and tracebacks can show the lines.
fn run_command(text: &[u8], globals: Py<Dict>, thread: &mut Thread) -> PyResult<()> {
    let text = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) => return Err(raise_undecodable(text, &error, thread)),
    };
    let mut text = dedent(text);
    text.push('\n');
    let code = compile_program(Text::Decoded(&text), "<string>", thread)?;
    let linecache = import_module("linecache", thread)?;
    let register = thread.intern_text("_register_code");
    let (source, name) = (Str::from_str(&text, thread), Str::from_str("<string>", thread));
    protocol::call_method(&linecache, &register, &[&code, &source, &name], thread)?;
    run_program(code, globals, thread)
}

/// A command that is not UTF-8: as the command line is decoded, its bytes would be lone surrogates.
#[cold]
fn raise_undecodable(text: &[u8], error: &std::str::Utf8Error, thread: &mut Thread) -> Raised {
    objects::error_line!("Unable to decode the command from the command line:");
    let text = match system::path::decode(text, thread) {
        Ok(text) => text,
        Err(raised) => return raised,
    };
    let before = error.valid_up_to();
    let position = text.to_string_lossy().char_indices().take_while(|(at, _)| *at < before).count();
    let arguments = [
        Str::from_str("utf-8", thread).into_object(),
        text.into_object(),
        Int::from_i64(position as i64, thread).into_object(),
        Int::from_i64(position as i64 + 1, thread).into_object(),
        Str::from_str("surrogates not allowed", thread).into_object(),
    ];
    let arguments: Vec<&Object> = arguments.iter().map(|it| &**it).collect();
    match protocol::call(UnicodeEncodeError.as_type(), &arguments, thread) {
        Ok(exception) => thread.raise(exception),
        Err(raised) => raised,
    }
}

/// Takes the white space off that all lines begin with; lines of white space alone become empty.
fn dedent(text: &str) -> String {
    let blank = |line: &str| line.trim_matches([' ', '\t']).is_empty();
    let indents =
        text.lines().filter(|it| !blank(it)).map(|it| &it[..it.len() - it.trim_start_matches([' ', '\t']).len()]);
    let common = indents.reduce(|left, right| {
        let same = left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
        &left[..same]
    });
    let common = common.unwrap_or_default();
    let lines = text.split('\n').map(|it| if blank(it) { "" } else { it.strip_prefix(common).unwrap_or(it) });
    lines.collect::<Vec<_>>().join("\n")
}

/// Runs a file of source or of bytecode; 2 if it cannot be opened.
fn run_file(config: &Config, path: &[u8], globals: Py<Dict>, thread: &mut Thread) -> PyResult<i32> {
    let file = Path::new(std::ffi::OsStr::from_bytes(path));
    let shown = std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf());
    let mut contents = match std::fs::read(file) {
        Ok(contents) => contents,
        Err(error) => {
            let number = error.raw_os_error().unwrap_or(0);
            let reason = objects::exceptions::os_error_text(number);
            let program = config.original_arguments.first().map(|it| String::from_utf8_lossy(it)).unwrap_or_default();
            objects::error_line!("{program}: can't open file '{}': [Errno {number}] {reason}", shown.display());
            return Ok(2);
        }
    };
    let name = system::path::decode(shown.as_os_str().as_bytes(), thread)?;
    globals.set_str(&names::__file__, &name, thread)?;
    let magic = bytecode::pyc::MAGIC_NUMBER_TOKEN.to_le_bytes();
    let is_bytecode = path.ends_with(b".pyc") || contents.starts_with(&magic[..2]);
    set_loader(&globals, &name, is_bytecode, thread)?;
    let code = if is_bytecode {
        read_bytecode(&contents, &magic, thread)?
    } else {
        if config.skip_first_line {
            let end = contents.iter().position(|it| *it == b'\n').unwrap_or(contents.len());
            // The line's end stays, so that the numbers of the others do.
            contents.drain(..end);
        }
        compile_program(Text::File(&contents), &name.to_string_lossy(), thread)?
    };
    run_program(code, globals, thread)?;
    Ok(0)
}

/// The code in a `.pyc` file that runs as a program; it keeps the file name that it was compiled with.
fn read_bytecode(contents: &[u8], magic: &[u8], thread: &mut Thread) -> PyResult<Py<Code>> {
    if !contents.starts_with(magic) {
        return Err(raise!(thread, RuntimeError, "Bad magic number in .pyc file"));
    }
    let Some(data) = contents.get(HEADER..) else {
        return Err(raise!(thread, EOFError, "EOF read where not expected"));
    };
    let code = match load_any(data, thread) {
        Ok(value) => value.downcast_into::<Code>().ok(),
        Err(raised) => {
            drop(thread.catch(raised));
            None
        }
    };
    code.ok_or_else(|| raise!(thread, RuntimeError, "Bad code object in .pyc file"))
}

/// `__loader__` of a file that runs as a program.
fn set_loader(globals: &Dict, filename: &Str, is_bytecode: bool, thread: &mut Thread) -> PyResult<()> {
    let machinery = import_module("_frozen_importlib_external", thread)?;
    let class = thread.intern_text(if is_bytecode { "SourcelessFileLoader" } else { "SourceFileLoader" });
    let class = protocol::get_attribute(&machinery, &class, thread)?;
    let main = thread.intern_text("__main__");
    let loader: Py<Object> = protocol::call(&class, &[&main, filename], thread)?;
    globals.set_str(&names::__loader__, &loader, thread)
}

fn run_standard_input(globals: Py<Dict>, thread: &mut Thread) -> PyResult<()> {
    let mut text = Vec::new();
    let read = thread.without_lock(|| std::io::stdin().read_to_end(&mut text));
    if let Err(error) = read {
        return Err(thread.raise_io_error(&error, None));
    }
    if text.contains(&0) {
        let message = Str::from_str("source code cannot contain null bytes", thread).into_object();
        return Err(thread.raise_with_argument(ValueError, message));
    }
    let code = compile_program(Text::Encoded(&text), "<stdin>", thread)?;
    run_program(code, globals, thread)
}

#[cfg(test)]
mod tests {
    use super::dedent;

    #[test]
    fn takes_off_what_all_lines_begin_with() {
        assert_eq!(dedent("   \n  def f():\n      1\n  f()"), "\ndef f():\n    1\nf()");
        assert_eq!(dedent("a\n  b"), "a\n  b");
        assert_eq!(dedent("\ta\n  b"), "\ta\n  b");
        assert_eq!(dedent(""), "");
    }
}
