//! Functions of CPython's C API that are not provided: a module that needs them loads, and calling one raises SystemError with its name.
//!
//! `build.rs` makes an entry for each name in `data/functions.tsv` that this crate's sources do not define; all of them come here.

use std::ffi::{CStr, c_char};

use objects::raise;
use objects::thread::{Thread, ThreadState};

/// What was missing last, for the loader: a module that cannot do without it cannot be imported.
#[derive(Default)]
pub struct Missing {
    pub last: std::cell::RefCell<Option<String>>,
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

/// Raises SystemError; where no exception can be raised, says it on the standard error stream and ends the process.
///
/// # Safety
/// The name is a C string.
unsafe fn report(name: *const c_char) {
    // SAFETY: this function's contract.
    let name = unsafe { CStr::from_ptr(name) }.to_string_lossy();
    if ThreadState::current().is_null() {
        eprintln!("{name}() of CPython's C API is not provided");
        std::process::abort();
    }
    // SAFETY: the thread is attached.
    let mut thread = unsafe { Thread::current() };
    let missing = thread.interpreter().extension::<Missing>();
    missing.last.replace(Some(name.clone().into_owned()));
    let _ = raise!(thread, SystemError, "{name}() of CPython's C API is not provided");
}
