//! `pythonrun.h` and `marshal.h` over C's files: running a file as a program, statement by statement, or whole; objects read and written.
//!
//! What these functions run prints its exceptions itself, so they return -1 without one.

use std::ffi::{CStr, c_char, c_int};

use interpreter::code::Code;
use objects::errors::PyResult;
use objects::module::Module;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::entry::{Array, Nothing, export};
use crate::fileobject::{File, read_rest};
use crate::import::call_of_module;
use crate::pythonrun::{CompilerFlags, compile, evaluate, flags_of, printed};
use crate::unicodeobject::decode_file_name;

/// The start symbols that these functions use.
const SINGLE: c_int = 256;
const WHOLE: c_int = 257;

/// What says that a file has no more statements.
const END_OF_FILE: c_int = 11;

/// Whether a file is a terminal, or may be treated as one.
fn is_interactive(file: *mut File, name: Option<&CStr>, thread: &mut Thread) -> bool {
    // SAFETY: C's caller passes an open file.
    if unsafe { libc::isatty(libc::fileno(file)) } != 0 {
        return true;
    }
    let asked = crate::initconfig::is_set("interactive", thread);
    asked && name.is_none_or(|it| matches!(it.to_bytes(), b"<stdin>" | b"???"))
}

fn main_module(thread: &mut Thread) -> PyResult<Py<Module>> {
    let modules = thread.interpreter().modules.get();
    let main = modules.and_then(|it| it.get_str(&names::__main__, thread));
    match main.and_then(|it| it.downcast_into::<Module>().ok()) {
        Some(main) => Ok(main),
        None => Err(raise!(thread, SystemError, "no module __main__")),
    }
}

/// Reads a line, with the end of the line; empty at the end of the file. Others run meanwhile.
fn read_line(file: *mut File, thread: &mut Thread) -> Vec<u8> {
    let mut line = Vec::new();
    thread.without_lock(|| {
        loop {
            // SAFETY: C's caller passes an open file.
            match unsafe { libc::fgetc(file) } {
                libc::EOF => break,
                byte => line.push(byte as u8),
            }
            if line.ends_with(b"\n") {
                break;
            }
        }
    });
    line
}

/// `sys.ps1` or `sys.ps2` as text, on the standard error stream.
fn prompt(name: &str, thread: &mut Thread) {
    let name = thread.intern_text(name);
    let Some(shown) = crate::sysmodule::find(&name, thread) else { return };
    match protocol::str(&shown, thread) {
        Ok(shown) => objects::error_text!("{}", shown.to_string_lossy()),
        Err(raised) => drop(thread.catch(raised)),
    }
}

/// The code of the next statement of a file; None where there is no more.
fn next_statement(
    file: *mut File,
    name: &Object,
    flags: Option<CompilerFlags>,
    thread: &mut Thread,
) -> PyResult<Option<Py<Object>>> {
    let mut text = Vec::new();
    prompt("ps1", thread);
    loop {
        let line = read_line(file, thread);
        let is_end = line.is_empty();
        text.extend(line);
        if text.iter().all(u8::is_ascii_whitespace) {
            if is_end {
                return Ok(None);
            }
            text.clear();
            continue;
        }
        if is_end || !text.ends_with(b"\n") {
            let source = thread.make_bytes(&text)?;
            return compile(&source, name, SINGLE, flags, -1, thread).map(Some);
        }
        let source = objects::str::codecs::decode(&text, None, Some("replace"), thread)?;
        let mode = Str::from_str("single", thread);
        // Without the last line's end: so a compound statement goes on until there is an empty line.
        let source = source.substring(0..source.length() - 1, thread)?;
        let code = call_of_module("codeop", "compile_command", &[&source, name, &mode], thread)?;
        if !code.is_none() {
            return Ok(Some(code));
        }
        prompt("ps2", thread);
    }
}

/// `PyRun_InteractiveOneObject`, but for printing what was raised.
fn run_statement(file: *mut File, name: &Object, flags: Option<CompilerFlags>, thread: &mut Thread) -> PyResult<c_int> {
    if name.downcast::<Str>().is_none() {
        let found = name.class().full_name();
        return Err(raise!(thread, TypeError, "compile() argument 'filename' must be str, not {found}"));
    }
    let Some(code) = next_statement(file, name, flags, thread)? else { return Ok(END_OF_FILE) };
    let dict = main_module(thread)?.dict();
    evaluate(&code, &dict, &dict, thread)?;
    Ok(0)
}

/// As [`run_statement`]; what was raised is printed.
fn run_one(file: *mut File, name: &Object, flags: Option<CompilerFlags>, thread: &mut Thread) -> PyResult<c_int> {
    match run_statement(file, name, flags, thread) {
        Ok(status) => Ok(status),
        Err(raised) => printed(Err(raised), thread).map(|()| 0),
    }
}

/// Runs statements until the file ends; what they raise is printed, and the next one follows.
fn run_loop(file: *mut File, name: &CStr, flags: Option<CompilerFlags>, thread: &mut Thread) -> PyResult<c_int> {
    let name = decode_file_name(name.to_bytes(), thread)?;
    for (variable, text) in [("ps1", ">>> "), ("ps2", "... ")] {
        let variable = thread.intern_text(variable);
        if crate::sysmodule::find(&variable, thread).is_none() {
            let text = Str::from_str(text, thread);
            crate::sysmodule::set(&variable, Some(&text), thread)?;
        }
    }
    loop {
        match run_statement(file, &name, flags, thread) {
            Ok(END_OF_FILE) => return Ok(0),
            Ok(_) => {}
            // -1 goes with no exception: it has been printed.
            Err(raised) => drop(printed(Err(raised), thread)),
        }
    }
}

/// The module's loader, as the import system would have set it.
fn set_loader(main: &Module, name: &Str, loader: &str, thread: &mut Thread) -> PyResult<()> {
    let own = Str::from_str("__main__", thread);
    let loader = call_of_module("_frozen_importlib_external", loader, &[&own, name], thread)?;
    main.dict().set_str(&names::__loader__, &loader, thread)
}

/// The code of a compiled file.
fn compiled(content: &[u8], thread: &mut Thread) -> PyResult<Py<Object>> {
    let Some(body) = content.get(16..) else {
        return Err(raise!(thread, RuntimeError, "Bad magic number in .pyc file"));
    };
    let body = thread.make_bytes(body)?;
    let code = call_of_module("marshal", "loads", &[&body], thread)?;
    match code.downcast::<Code>() {
        Some(_) => Ok(code),
        None => Err(raise!(thread, RuntimeError, "Bad code object in .pyc file")),
    }
}

fn run_as_main(
    main: &Module,
    file: *mut File,
    name: &CStr,
    closes: bool,
    flags: Option<CompilerFlags>,
    thread: &mut Thread,
) -> PyResult<()> {
    let content = read_rest(file);
    if closes {
        // SAFETY: C's caller gives the file up.
        unsafe { libc::fclose(file) };
    }
    let dict = main.dict();
    let path = decode_file_name(name.to_bytes(), thread)?;
    let code = if name.to_bytes().ends_with(b".pyc") {
        set_loader(main, &path, "SourcelessFileLoader", thread)?;
        compiled(&content, thread)?
    } else {
        if name.to_bytes() != b"<stdin>" {
            set_loader(main, &path, "SourceFileLoader", thread)?;
        }
        let source = thread.make_bytes(&content)?;
        compile(&source, &path, WHOLE, flags, -1, thread)?
    };
    evaluate(&code, &dict, &dict, thread).map(drop)
}

/// Runs a file as `__main__`; `__file__` is set meanwhile, unless it is there already.
fn run_simple(
    file: *mut File,
    name: &CStr,
    closes: c_int,
    flags: Option<CompilerFlags>,
    thread: &mut Thread,
) -> PyResult<()> {
    let main = main_module(thread)?;
    let dict = main.dict();
    let is_new = dict.get_str(&names::__file__, thread).is_none();
    let cached = thread.intern_text("__cached__");
    if is_new {
        let path = decode_file_name(name.to_bytes(), thread)?;
        dict.set_str(&names::__file__, &path, thread)?;
        let none = thread.none();
        dict.set_str(&cached, &none, thread)?;
    }
    let result = run_as_main(&main, file, name, closes != 0, flags, thread);
    let result = printed(result, thread);
    if is_new {
        dict.delete(&names::__file__, thread)?;
        dict.delete(&cached, thread)?;
    }
    result
}

fn run_any(
    file: *mut File,
    name: Option<&CStr>,
    closes: c_int,
    flags: Array<CompilerFlags>,
    thread: &mut Thread,
) -> PyResult<c_int> {
    let shown = name.unwrap_or(c"???");
    let flags = flags_of(flags);
    if is_interactive(file, name, thread) {
        let status = run_loop(file, shown, flags, thread);
        if closes != 0 {
            // SAFETY: C's caller gives the file up.
            unsafe { libc::fclose(file) };
        }
        return status;
    }
    run_simple(file, shown, closes, flags, thread).map(|()| 0)
}

/// A statement of a file whose name is a C string.
fn run_named(file: *mut File, name: &CStr, flags: Array<CompilerFlags>, thread: &mut Thread) -> PyResult<c_int> {
    match decode_file_name(name.to_bytes(), thread) {
        Ok(name) => run_one(file, &name, flags_of(flags), thread),
        Err(raised) => printed(Err(raised), thread).map(|()| 0),
    }
}

export! { thread;
    fn PyRun_AnyFile(file: *mut File, name: Option<&CStr>) -> i32 { run_any(file, name, 0, Array::null(), thread) }

    fn PyRun_AnyFileEx(file: *mut File, name: Option<&CStr>, closes: i32) -> i32 { run_any(file, name, closes, Array::null(), thread) }

    fn PyRun_AnyFileFlags(file: *mut File, name: Option<&CStr>, flags: Array<CompilerFlags>) -> i32 { run_any(file, name, 0, flags, thread) }

    fn PyRun_AnyFileExFlags(file: *mut File, name: Option<&CStr>, closes: i32, flags: Array<CompilerFlags>) -> i32 {
        run_any(file, name, closes, flags, thread)
    }

    fn PyRun_SimpleFile(file: *mut File, name: &CStr) -> () { run_simple(file, name, 0, None, thread) }

    fn PyRun_SimpleFileEx(file: *mut File, name: &CStr, closes: i32) -> () { run_simple(file, name, closes, None, thread) }

    fn PyRun_SimpleFileExFlags(file: *mut File, name: &CStr, closes: i32, flags: Array<CompilerFlags>) -> () {
        run_simple(file, name, closes, flags_of(flags), thread)
    }

    fn PyRun_InteractiveOne(file: *mut File, name: &CStr) -> i32 { run_named(file, name, Array::null(), thread) }

    fn PyRun_InteractiveOneFlags(file: *mut File, name: &CStr, flags: Array<CompilerFlags>) -> i32 {
        run_named(file, name, flags, thread)
    }

    fn PyRun_InteractiveOneObject(file: *mut File, name: &Object, flags: Array<CompilerFlags>) -> i32 {
        run_one(file, name, flags_of(flags), thread)
    }

    fn PyRun_InteractiveLoop(file: *mut File, name: &CStr) -> i32 { run_loop(file, name, None, thread) }

    fn PyRun_InteractiveLoopFlags(file: *mut File, name: &CStr, flags: Array<CompilerFlags>) -> i32 {
        run_loop(file, name, flags_of(flags), thread)
    }

    fn Py_FdIsInteractive(file: *mut File, name: Option<&CStr>) -> bool { Ok(is_interactive(file, name, thread)) }

    fn PyMarshal_WriteLongToFile(value: i64, file: *mut File, version: i32) -> Nothing {
        let _ = (&thread, version);
        write(file, &(value as i32).to_le_bytes());
        Ok(Nothing)
    }

    fn PyMarshal_WriteObjectToFile(object: &Object, file: *mut File, version: i32) -> Nothing {
        let version = protocol::make_int(i128::from(version), thread);
        let written = call_of_module("marshal", "dumps", &[object, &version], thread)?;
        write(file, protocol::buffer::bytes_contents(&written).unwrap_or_default());
        Ok(Nothing)
    }

    fn PyMarshal_ReadShortFromFile(file: *mut File) -> i32 {
        Ok(i32::from(i16::from_le_bytes(read_exactly(file, thread)?)))
    }

    fn PyMarshal_ReadLongFromFile(file: *mut File) -> i64 {
        Ok(i64::from(i32::from_le_bytes(read_exactly(file, thread)?)))
    }

    fn PyMarshal_ReadObjectFromFile(file: *mut File) -> Py<Object> { read_object(file, true, thread) }

    fn PyMarshal_ReadLastObjectFromFile(file: *mut File) -> Py<Object> { read_object(file, false, thread) }
}

fn write(file: *mut File, bytes: &[u8]) {
    // SAFETY: C's caller passes an open file; whether it could be written to is for `ferror` to say.
    unsafe { libc::fwrite(bytes.as_ptr().cast(), 1, bytes.len(), file) };
}

fn read_exactly<const N: usize>(file: *mut File, thread: &mut Thread) -> PyResult<[u8; N]> {
    let mut bytes = [0; N];
    // SAFETY: C's caller passes an open file; there is room for so many bytes.
    if unsafe { libc::fread(bytes.as_mut_ptr().cast(), 1, N, file) } == N {
        return Ok(bytes);
    }
    Err(raise!(thread, EOFError, "EOF read where not expected"))
}

/// Reads an object. What follows it stays in the file if that is asked for and the file can be moved in.
fn read_object(file: *mut File, keeps_rest: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
    // SAFETY: C's caller passes an open file; -1 says that it is a stream.
    let start = unsafe { libc::ftell(file) };
    let content = thread.make_bytes(&read_rest(file))?;
    let source = call_of_module("io", "BytesIO", &[&content], thread)?;
    let result = call_of_module("marshal", "load", &[&source], thread)?;
    if keeps_rest && start >= 0 {
        let tell = thread.intern_text("tell");
        let used = protocol::call_method(&source, &tell, &[], thread)?;
        let used = protocol::index_as_isize(&used, thread)?;
        // SAFETY: as above.
        unsafe { libc::fseek(file, start + used as i64, libc::SEEK_SET) };
    }
    Ok(result)
}

/// `Py_UniversalNewlineFgets`: a line whose end, whatever it was, has become a newline; at most `size - 1` bytes of it.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_UniversalNewlineFgets(
    buffer: *mut c_char,
    size: c_int,
    file: *mut File,
    object: *mut layout::PyObject,
) -> *mut c_char {
    if !object.is_null() {
        // CPython knows no file objects over C's files any more.
        // SAFETY: the address is this thread's own.
        unsafe { *libc::__errno_location() = libc::ENXIO };
        return std::ptr::null_mut();
    }
    let mut line = Vec::new();
    while line.len() + 1 < size.max(0) as usize {
        // SAFETY: C's caller passes an open file.
        match unsafe { libc::fgetc(file) } {
            libc::EOF => break,
            byte if byte == c_int::from(b'\r') => {
                line.push(b'\n');
                // SAFETY: as above.
                unsafe {
                    let next = libc::fgetc(file);
                    if next != c_int::from(b'\n') {
                        libc::ungetc(next, file);
                    }
                }
            }
            byte => line.push(byte as u8),
        }
        if line.ends_with(b"\n") {
            break;
        }
    }
    if line.is_empty() {
        return std::ptr::null_mut();
    }
    line.push(0);
    // SAFETY: C's caller passes room for `size` bytes.
    unsafe { std::ptr::copy_nonoverlapping(line.as_ptr(), buffer.cast(), line.len()) };
    buffer
}

/// `_Py_IsValidFD`.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn _Py_IsValidFD(descriptor: c_int) -> c_int {
    // SAFETY: any number will do.
    c_int::from(descriptor >= 0 && unsafe { libc::fcntl(descriptor, libc::F_GETFD) } >= 0)
}
