//! The process's surroundings: environment variables, the machine, the terminal's name, the shell.

use std::ffi::{CStr, CString};
use std::os::unix::ffi::OsStrExt;

use macros::python_module;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::float::Float;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::struct_sequence;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::tuple::struct_sequence;
use system::call;
use system::path::{self, SystemText};
use system::zeroed::Zeroed;

struct_sequence! {
    /// uname_result: Result from os.uname().
    ///
    /// This object may be accessed either as a tuple of
    ///   (sysname, nodename, release, version, machine),
    /// or via the attributes sysname, nodename, release, version, and machine.
    ///
    /// See os.uname for more information.
    pub struct UnameResult = "posix.uname_result", 5 visible of 5, constructible, HEAPTYPE;
    "sysname": "operating system name";
    "nodename": "name of machine on network (implementation-defined)";
    "release": "operating system release";
    "version": "operating system version";
    "machine": "hardware identifier";
}

/// The environment as a dict of bytes.
pub(super) fn read(thread: &mut Thread) -> PyResult<Py<Dict>> {
    let dict = Dict::new(thread);
    for (name, value) in std::env::vars_os() {
        let name = thread.make_bytes(name.as_bytes())?;
        let value = thread.make_bytes(value.as_bytes())?;
        if dict.get(&name, thread)?.is_none() {
            dict.set(&name, &value, thread)?;
        }
    }
    Ok(dict)
}

/// The text of one part of `uname`.
fn part(text: &[libc::c_char], thread: &mut Thread) -> PyResult<Py<Object>> {
    let bytes: Vec<u8> = text.iter().map(|it| *it as u8).take_while(|it| *it != 0).collect();
    path::decode(&bytes, thread).map(Py::into_object)
}

/// A name that the C library returns, or None for null.
///
/// # Safety
/// The pointer is null or to a C string that lives until the next call of the same function.
unsafe fn library_text(text: *const libc::c_char, thread: &mut Thread) -> PyResult<Option<Py<Str>>> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: passed on to the caller.
    let text = unsafe { CStr::from_ptr(text) }.to_bytes().to_vec();
    path::decode(&text, thread).map(Some)
}

fn check_name(name: &CString, thread: &mut Thread) -> PyResult<()> {
    if name.to_bytes().contains(&b'=') {
        return Err(raise!(thread, ValueError, "illegal environment variable name"));
    }
    Ok(())
}

/// Tells audit hooks of an event with a text, as bytes.
fn audit_text(event: &str, text: &SystemText, thread: &mut Thread) -> PyResult<()> {
    if !thread.is_audited() {
        return Ok(());
    }
    let told = thread.make_bytes(text.0.to_bytes())?;
    thread.audit(event, &[&told])
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// putenv($module, name, value, /)
    /// --
    ///
    /// Change or add an environment variable.
    #[function]
    fn putenv(name: SystemText, value: SystemText, thread: &mut Thread) -> PyResult<()> {
        check_name(&name.0, thread)?;
        if thread.is_audited() {
            let told = [thread.make_bytes(name.0.to_bytes())?, thread.make_bytes(value.0.to_bytes())?];
            thread.audit("os.putenv", &told.each_ref().map(|it| &**it))?;
        }
        // SAFETY: C strings; the environment changes under the interpreter's lock, as in CPython.
        call::checked(|| unsafe { libc::setenv(name.0.as_ptr(), value.0.as_ptr(), 1) }, thread).map(drop)
    }

    /// unsetenv($module, name, /)
    /// --
    ///
    /// Delete an environment variable.
    #[function]
    fn unsetenv(name: SystemText, thread: &mut Thread) -> PyResult<()> {
        audit_text("os.unsetenv", &name, thread)?;
        // SAFETY: a C string; the environment changes under the interpreter's lock, as in CPython.
        call::checked(|| unsafe { libc::unsetenv(name.0.as_ptr()) }, thread).map(drop)
    }

    /// _create_environ($module, /)
    /// --
    ///
    /// Create the environment dictionary.
    #[function]
    fn _create_environ(thread: &mut Thread) -> PyResult<Py<Dict>> {
        read(thread)
    }

    /// uname($module, /)
    /// --
    ///
    /// Return an object identifying the current operating system.
    ///
    /// The object behaves like a named tuple with the following fields:
    ///   (sysname, nodename, release, version, machine)
    #[function]
    fn uname(thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut names = libc::utsname::zeroed();
        // SAFETY: a local to write to.
        call::checked(|| unsafe { libc::uname(&mut names) }, thread)?;
        let mut values = Vec::new();
        for text in [&names.sysname, &names.nodename, &names.release, &names.version, &names.machine] {
            values.push(part(text, thread)?);
        }
        struct_sequence::make::<UnameResult>(values, thread)
    }

    /// cpu_count($module, /)
    /// --
    ///
    /// Return the number of logical CPUs in the system.
    ///
    /// Return None if indeterminable.
    #[function]
    fn cpu_count(thread: &mut Thread) -> Option<i64> {
        let chosen = thread.interpreter().processor_count.get();
        if chosen > 0 {
            return Some(chosen.into());
        }
        // SAFETY: a number.
        let count = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) };
        (count >= 1).then_some(count)
    }

    /// getloadavg($module, /)
    /// --
    ///
    /// Return average recent system load information.
    ///
    /// Return the number of processes in the system run queue averaged over
    /// the last 1, 5, and 15 minutes as a tuple of three floats.
    /// Raises OSError if the load average was unobtainable.
    #[function]
    fn getloadavg(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut loads = [0.0; 3];
        // SAFETY: room for three numbers.
        if unsafe { libc::getloadavg(loads.as_mut_ptr(), 3) } != 3 {
            return Err(raise!(thread, OSError, "Load averages are unobtainable"));
        }
        let items = loads.iter().map(|it| Float::new(*it, thread).into_object()).collect();
        Tuple::new(items, thread)
    }

    /// getlogin($module, /)
    /// --
    ///
    /// Return the actual login name.
    #[function]
    fn getlogin(thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut name = [0u8; 256];
        // SAFETY: a buffer of the given size.
        let number = thread.without_lock(|| unsafe { getlogin_r(name.as_mut_ptr().cast(), name.len()) });
        if number != 0 {
            // Some C libraries give the negative of the error.
            let number = if number > 0 { number } else { call::last_error() };
            return Err(thread.raise_os_error(number, None));
        }
        let length = name.iter().position(|it| *it == 0).unwrap_or(name.len());
        path::decode(&name[..length], thread)
    }

    /// ctermid($module, /)
    /// --
    ///
    /// Return the name of the controlling terminal for this process.
    #[function]
    fn ctermid(thread: &mut Thread) -> PyResult<Option<Py<Str>>> {
        let mut name = [0 as libc::c_char; 64];
        // SAFETY: a buffer larger than `L_ctermid`.
        let name = unsafe { libc::ctermid(name.as_mut_ptr()) };
        // SAFETY: a C string in the buffer.
        unsafe { library_text(name, thread) }
    }

    /// strerror($module, code, /)
    /// --
    ///
    /// Translate an error code to a message string.
    #[function]
    fn strerror(code: i32) -> String {
        objects::errors::os_error_text(code)
    }

    /// system($module, /, command)
    /// --
    ///
    /// Execute the command in a subshell.
    #[function]
    fn system(command: SystemText, thread: &mut Thread) -> PyResult<i32> {
        audit_text("os.system", &command, thread)?;
        // SAFETY: a C string.
        Ok(thread.without_lock(|| unsafe { libc::system(command.0.as_ptr()) }))
    }

    /// _inputhook($module, /)
    /// --
    ///
    /// Calls PyOS_CallInputHook droppong the GIL first
    #[function]
    fn _inputhook() -> i32 {
        // No library of C sets one here.
        0
    }

    /// _is_inputhook_installed($module, /)
    /// --
    ///
    /// Checks if PyOS_CallInputHook is set
    #[function]
    fn _is_inputhook_installed() -> bool {
        false
    }
}

unsafe extern "C" {
    /// Writes the name of the user who is logged in on the controlling terminal.
    fn getlogin_r(name: *mut libc::c_char, size: libc::size_t) -> libc::c_int;
}
