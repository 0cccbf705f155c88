//! Functions of CPython's C API that are not provided: a module that needs them loads, and calling one raises SystemError with its name.
//!
//! `build.rs` makes an entry for each name in `data/functions.tsv` that this crate's sources do not define; all of them come here, by what
//! they give back. A function that can say so says that an exception is set; one that gives nothing back must not leave an exception behind,
//! since its caller will not look for one: it is reported as one that could not be raised.

use std::ffi::{CStr, c_char, c_int};

use objects::errors::Raised;
use objects::raise;
use objects::thread::{Thread, ThreadState};

/// What was missing last, for the loader: a module that cannot do without it cannot be imported.
#[derive(Default)]
pub struct Missing {
    pub last: std::cell::RefCell<Option<String>>,
}

/// CPython's `PyStatus`: how starting the interpreter went.
#[repr(C)]
pub struct Status {
    pub kind: c_int,
    pub function: *const c_char,
    pub message: *const c_char,
    pub exit_code: c_int,
}

impl Status {
    pub const ERROR: c_int = 1;
}

include!(concat!(env!("OUT_DIR"), "/missing.rs"));

/// Where entries for functions that give a pointer go. Exported, so that the linker keeps this file's part of the crate, entries included.
///
/// # Safety
/// The name is a C string.
#[unsafe(export_name = "_PyNaja_MissingPointer")]
unsafe extern "C-unwind" fn missing_pointer(name: *const c_char) -> usize {
    // SAFETY: this function's contract.
    unsafe { report(name) };
    0
}

/// # Safety
/// The name is a C string.
unsafe extern "C-unwind" fn missing_number(name: *const c_char) -> isize {
    // SAFETY: this function's contract.
    unsafe { report(name) };
    -1
}

/// # Safety
/// The name is a C string.
unsafe extern "C-unwind" fn missing_float(name: *const c_char) -> f64 {
    // SAFETY: this function's contract.
    unsafe { report(name) };
    -1.0
}

/// Functions that give a status may be called before there is an interpreter: what is wrong stands in the status alone.
///
/// # Safety
/// The name is a C string that lives for ever; there is room for a status.
unsafe extern "C-unwind" fn missing_status(place: *mut Status, name: *const c_char) -> *mut Status {
    let message = c"this function of CPython's C API is not provided".as_ptr();
    // SAFETY: this function's contract.
    unsafe { place.write(Status { kind: Status::ERROR, function: name, message, exit_code: 0 }) };
    place
}

/// # Safety
/// The name is a C string.
unsafe extern "C-unwind" fn missing_nothing(name: *const c_char) {
    // SAFETY: this function's contract.
    let mut thread = unsafe { attached(name) };
    let before = thread.take_exception();
    // SAFETY: as above.
    let raised = unsafe { raise(name, &mut thread) };
    thread.report_unraisable(raised, "Exception ignored in", None);
    thread.restore_exception(before);
}

/// # Safety
/// The name is a C string.
unsafe fn report(name: *const c_char) {
    // SAFETY: this function's contract.
    let _ = unsafe { raise(name, &mut attached(name)) };
}

/// The thread; where no exception can be raised, says it on the standard error stream and ends the process.
///
/// # Safety
/// The name is a C string.
unsafe fn attached(name: *const c_char) -> Thread {
    if ThreadState::current().is_null() {
        // SAFETY: this function's contract.
        let name = unsafe { CStr::from_ptr(name) }.to_string_lossy();
        objects::error_line!("{name}() of CPython's C API is not provided");
        std::process::abort();
    }
    // SAFETY: the thread is attached.
    unsafe { Thread::current() }
}

/// Raises SystemError.
///
/// # Safety
/// The name is a C string.
unsafe fn raise(name: *const c_char, thread: &mut Thread) -> Raised {
    // SAFETY: this function's contract.
    let name = unsafe { CStr::from_ptr(name) }.to_string_lossy();
    let missing = thread.interpreter().extension::<Missing>();
    missing.last.replace(Some(name.clone().into_owned()));
    raise!(thread, SystemError, "{name}() of CPython's C API is not provided")
}
