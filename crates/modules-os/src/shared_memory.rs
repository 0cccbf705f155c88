//! `_posixshmem`: names of memory that processes share.

use macros::python_module;
use objects::errors::PyResult;
use objects::refs::Object;
use objects::str::Str;
use objects::str::arguments::c_text;
use objects::thread::Thread;
use std::ffi::CString;
use system::call;

/// A name as the C library takes it.
fn c_name(path: &Str, thread: &mut Thread) -> PyResult<CString> {
    // Without zeros inside: checked by the conversion.
    c_text(path, thread).map(|it| CString::new(it).unwrap_or_default())
}

/// Calls until no signal interrupts; errors name the path.
fn checked(path: &Object, call: impl FnMut() -> i32, thread: &mut Thread) -> PyResult<i32> {
    call::interruptible(call, thread)?.map_err(|number| thread.raise_os_error(number, Some(path)))
}

pub struct SharedMemoryModule;

/// POSIX shared memory module
#[python_module(name = "_posixshmem")]
impl SharedMemoryModule {
    /// shm_open($module, /, path, flags, mode=511)
    /// --
    ///
    /// Open a shared memory object.  Returns a file descriptor (integer).
    #[function]
    fn shm_open(path: &Str, flags: i32, mode: i32, thread: &mut Thread) -> PyResult<i32> {
        let name = c_name(path, thread)?;
        // SAFETY: a C string; the descriptor is closed by `exec`, as the C library promises.
        checked(path, || unsafe { libc::shm_open(name.as_ptr(), flags, mode as libc::mode_t) }, thread)
    }

    /// shm_unlink($module, path, /)
    /// --
    ///
    /// Remove a shared memory object (similar to unlink()).
    ///
    /// Remove a shared memory object name, and, once all processes have
    /// unmapped the object, de-allocates and destroys the contents of the
    /// associated memory region.
    #[function]
    fn shm_unlink(path: &Str, thread: &mut Thread) -> PyResult<()> {
        let name = c_name(path, thread)?;
        // SAFETY: a C string.
        checked(path, || unsafe { libc::shm_unlink(name.as_ptr()) }, thread).map(drop)
    }
}
