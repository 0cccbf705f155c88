//! `fileobject.h`, `pyhash.h`, running files: what is left of the headers that modules use now and then.

use std::ffi::{CStr, c_char, c_int, c_void};

use objects::errors::PyResult;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::{Thread, hash_secret};

use crate::abstract_object::FromC as _;
use crate::entry::{Array, Nothing, export, text};
use crate::pythonrun::CompilerFlags;

/// C's `FILE`.
pub type File = libc::FILE;

fn optional_text(value: Option<&CStr>, thread: &mut Thread) -> Py<Object> {
    match value {
        Some(value) => Str::from_str(&text(value), thread).into_object(),
        None => thread.none(),
    }
}

export! { thread;
    fn PyFile_FromFd(descriptor: i32, name: Option<&CStr>, mode: Option<&CStr>, buffering: i32, encoding: Option<&CStr>, errors: Option<&CStr>, newline: Option<&CStr>, closes: i32) -> Py<Object> {
        let _ = name;
        let descriptor = protocol::make_int(i128::from(descriptor), thread);
        let mode = Str::from_str(&mode.map_or_else(|| "r".to_owned(), text), thread);
        let buffering = protocol::make_int(i128::from(buffering), thread);
        let [encoding, errors, newline] = [encoding, errors, newline].map(|it| optional_text(it, thread));
        let closes = objects::bool::Bool::new(closes != 0);
        let arguments: [&Object; 7] = [&descriptor, &mode, &buffering, &encoding, &errors, &newline, &closes];
        crate::import::call_of_module("io", "open", &arguments, thread)
    }

    fn PyFile_GetLine(file: &Object, count: i32) -> Py<Object> { get_line(file, count, thread) }

    fn PyFile_WriteObject(object: Option<&Object>, file: Option<&Object>, flags: i32) -> () {
        let Some(file) = file else {
            return Err(raise!(thread, TypeError, "writeobject with NULL file"));
        };
        let content = match object {
            None => Str::from_str("<NULL>", thread),
            Some(object) if flags & 1 != 0 => protocol::str(object, thread)?,
            Some(object) => protocol::repr(object, thread)?,
        };
        protocol::call_method(file, &names::write, &[&content], thread).map(drop)
    }

    fn PyFile_WriteString(content: &CStr, file: Option<&Object>) -> () {
        if thread.is_raised() {
            return Err(thread.raised_elsewhere());
        }
        let Some(file) = file else {
            return Err(raise!(thread, SystemError, "null file for PyFile_WriteString"));
        };
        let content = Str::from_c(content, thread)?;
        protocol::call_method(file, &names::write, &[&content], thread).map(drop)
    }

    fn PyFile_OpenCodeObject(path: &Object) -> Py<Object> {
        crate::import::call_of_module("io", "open_code", &[path], thread)
    }

    fn PyFile_OpenCode(path: &CStr) -> Py<Object> {
        let path = crate::unicodeobject::decode_file_name(path.to_bytes(), thread)?;
        crate::import::call_of_module("io", "open_code", &[&path], thread)
    }

    fn PyObject_Print(object: Option<&Object>, file: *mut File, flags: i32) -> () {
        let shown = match object {
            None => Str::from_str("<nil>", thread),
            Some(object) if flags & 1 != 0 => protocol::str(object, thread)?,
            Some(object) => protocol::repr(object, thread)?,
        };
        let bytes = objects::str::codecs::encode(&shown, None, Some("backslashreplace"), thread)?;
        let bytes = protocol::buffer::bytes_contents(&bytes).unwrap_or_default();
        // SAFETY: C's caller passes an open file.
        unsafe {
            libc::clearerr(file);
            let written = libc::fwrite(bytes.as_ptr().cast(), 1, bytes.len(), file);
            if written != bytes.len() || libc::ferror(file) != 0 {
                let number = crate::pyerrors::errno();
                libc::clearerr(file);
                return Err(thread.raise_os_error(number, None));
            }
        }
        Ok(())
    }

    fn PyRun_FileExFlags(file: *mut File, name: &CStr, start: i32, globals: &Object, locals: Option<&Object>, closes: i32, flags: Array<CompilerFlags>) -> Py<Object> {
        run_file(file, name, start, globals, locals, closes, flags, thread)
    }

    fn PyRun_FileEx(file: *mut File, name: &CStr, start: i32, globals: &Object, locals: Option<&Object>, closes: i32) -> Py<Object> {
        run_file(file, name, start, globals, locals, closes, Array::null(), thread)
    }

    fn PyRun_FileFlags(file: *mut File, name: &CStr, start: i32, globals: &Object, locals: Option<&Object>, flags: Array<CompilerFlags>) -> Py<Object> {
        run_file(file, name, start, globals, locals, 0, flags, thread)
    }

    fn PyRun_File(file: *mut File, name: &CStr, start: i32, globals: &Object, locals: Option<&Object>) -> Py<Object> {
        run_file(file, name, start, globals, locals, 0, Array::null(), thread)
    }

    fn Py_fopen(path: &Object, mode: &CStr) -> *mut File {
        let bytes = system::path::fsencode(path, thread)?;
        // SAFETY: both are C strings.
        let file = unsafe { libc::fopen(bytes.as_ptr(), mode.as_ptr()) };
        if file.is_null() {
            let number = crate::pyerrors::errno();
            return Err(thread.raise_os_error(number, Some(path)));
        }
        Ok(file)
    }

    fn Py_fclose(file: *mut File) -> i32 {
        let _ = &thread;
        // SAFETY: C's caller passes an open file, once.
        Ok(unsafe { libc::fclose(file) })
    }

    fn PyOS_BeforeFork() -> Nothing { let _ = &thread; Ok(Nothing) }
    fn PyOS_AfterFork_Parent() -> Nothing { let _ = &thread; Ok(Nothing) }
    fn PyOS_AfterFork_Child() -> Nothing { thread.after_fork_in_child(); Ok(Nothing) }
}

/// `_Py_normpath`: a path without what does not change where it leads, in place. Two slashes at the start are kept, three are one.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _Py_normpath(path: *mut u32, size: isize) -> *mut u32 {
    const SLASH: u32 = b'/' as u32;
    const DOT: u32 = b'.' as u32;
    // SAFETY: C's caller passes so many characters, or characters that end with zero.
    let characters: Vec<u32> = unsafe {
        let given = usize::try_from(size).unwrap_or(usize::MAX);
        (0..given).map(|at| path.add(at).read()).take_while(|it| *it != 0).collect()
    };
    let slashes = characters.iter().take_while(|it| **it == SLASH).count();
    let mut parts: Vec<&[u32]> = Vec::new();
    for part in characters.split(|it| *it == SLASH) {
        match part {
            [] | [DOT] => {}
            [DOT, DOT] if parts.last().is_some_and(|it| *it != [DOT, DOT]) => drop(parts.pop()),
            [DOT, DOT] if slashes > 0 => {}
            _ => parts.push(part),
        }
    }
    let mut result = vec![SLASH; if slashes == 2 { 2 } else { slashes.min(1) }];
    result.extend(parts.join(&SLASH));
    // SAFETY: the result is not longer than the path was; where it is shorter, there is a place for its end.
    unsafe {
        std::ptr::copy_nonoverlapping(result.as_ptr(), path, result.len());
        if result.len() < characters.len() {
            path.add(result.len()).write(0);
        }
    }
    path
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn Py_HashPointer(pointer: *const c_void) -> isize {
    objects::object::hash_of_address(pointer as usize)
}

#[unsafe(no_mangle)]
pub extern "C-unwind" fn _Py_HashPointer(pointer: *const c_void) -> isize {
    objects::object::hash_of_address(pointer as usize)
}

/// `Py_HashBuffer`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn Py_HashBuffer(content: *const u8, length: isize) -> isize {
    let Ok(length @ 1..) = usize::try_from(length) else { return 0 };
    // SAFETY: C's caller passes so many bytes.
    let bytes = unsafe { std::slice::from_raw_parts(content, length) };
    match ::text::hash::hash_bytes(hash_secret(), bytes) as isize {
        -1 => -2,
        hash => hash,
    }
}

/// What `PyHash_GetFuncDef` describes: CPython's `PyHash_FuncDef`.
#[repr(C)]
pub struct HashFunction {
    hash: unsafe extern "C-unwind" fn(*const u8, isize) -> isize,
    name: *const c_char,
    hash_bits: c_int,
    seed_bits: c_int,
}

// SAFETY: the name is a literal, and nothing changes.
unsafe impl Sync for HashFunction {}

/// As `sys.hash_info` says.
static HASH_FUNCTION: HashFunction =
    HashFunction { hash: Py_HashBuffer, name: c"siphash13".as_ptr(), hash_bits: 64, seed_bits: 128 };

#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyHash_GetFuncDef() -> *const HashFunction {
    &HASH_FUNCTION
}

/// `_Py_HashBytes`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _Py_HashBytes(content: *const u8, length: isize) -> isize {
    // SAFETY: passed on to the caller.
    unsafe { Py_HashBuffer(content, length) }
}

/// `_Py_HashDouble`.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn _Py_HashDouble(owner: *mut layout::PyObject, value: f64) -> isize {
    // SAFETY: C's caller passes an object, or null for numbers that are never NaN.
    match unsafe { Object::from_pointer(owner) } {
        Some(owner) => objects::float::hash_of(value, owner),
        None => objects::float::hash_of(value, objects::none::NoneType::get()),
    }
}

/// A line of a file object: without its end if `count` is negative, at most so long otherwise.
fn get_line(file: &Object, count: c_int, thread: &mut Thread) -> PyResult<Py<Object>> {
    let limit = protocol::make_int(i128::from(count), thread);
    let arguments: &[&Object] = if count <= 0 { &[] } else { &[&limit] };
    let line = protocol::call_method(file, &names::readline, arguments, thread)?;
    let is_text = line.downcast::<Str>();
    let is_bytes = protocol::buffer::bytes_contents(&line);
    if is_text.is_none() && is_bytes.is_none() {
        return Err(raise!(thread, TypeError, "object.readline() returned non-string"));
    }
    if count >= 0 {
        return Ok(line);
    }
    if let Some(line) = is_text {
        return match line.length() {
            0 => Err(raise!(thread, EOFError, "EOF when reading a line")),
            length if line.code_point(length - 1) == Some(u32::from('\n')) => {
                line.substring(0..length - 1, thread).map(Py::into_object)
            }
            _ => Ok(Py::<Str>::from_ref(line).into_object()),
        };
    }
    match is_bytes {
        None | Some([]) => Err(raise!(thread, EOFError, "EOF when reading a line")),
        Some([rest @ .., b'\n']) => {
            let rest = rest.to_vec();
            thread.make_bytes(&rest)
        }
        Some(_) => Ok(line),
    }
}

#[expect(clippy::too_many_arguments, reason = "they are C's")]
fn run_file(
    file: *mut File,
    name: &CStr,
    start: c_int,
    globals: &Object,
    locals: Option<&Object>,
    closes: c_int,
    flags: Array<CompilerFlags>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let content = read_rest(file);
    if closes != 0 {
        // SAFETY: C's caller gives the file up.
        unsafe { libc::fclose(file) };
    }
    crate::pythonrun::run_content(&content, name, start, globals, locals.unwrap_or(globals), flags, thread)
}

/// What there is to read of a file from where it is on.
pub fn read_rest(file: *mut File) -> Vec<u8> {
    let mut content = Vec::new();
    let mut buffer = [0u8; 4096];
    loop {
        // SAFETY: C's caller passes an open file; the buffer is as large as it says.
        let count = unsafe { libc::fread(buffer.as_mut_ptr().cast(), 1, buffer.len(), file) };
        if count == 0 {
            return content;
        }
        content.extend_from_slice(&buffer[..count]);
    }
}
