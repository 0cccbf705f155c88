//! Shared libraries: opening them, and finding what they export.

use std::ffi::{CStr, CString};

use objects::errors::{OSError, PyResult, Raised};
use objects::thread::Thread;

/// The loader's last complaint.
#[cold]
fn raise_loader_error(thread: &mut Thread) -> Raised {
    // SAFETY: null, or a C string that stays until the next call of the loader.
    let text = unsafe {
        let text = libc::dlerror();
        if text.is_null() { "dlopen() error".to_owned() } else { CStr::from_ptr(text).to_string_lossy().into_owned() }
    };
    thread.raise_message(OSError, format_args!("{text}"))
}

/// Opens a library; the program itself without a name.
pub fn open(name: Option<&CStr>, mode: i32, thread: &mut Thread) -> PyResult<usize> {
    let name = name.map_or(std::ptr::null(), CStr::as_ptr);
    // The library's start may run code that needs the lock, which extension modules hold while they are loaded.
    // SAFETY: a C string, or null.
    let handle = unsafe { libc::dlopen(name, mode | libc::RTLD_NOW) };
    if handle.is_null() { Err(raise_loader_error(thread)) } else { Ok(handle.addr()) }
}

/// The address of what a library exports under a name.
pub fn symbol(handle: usize, name: &str, thread: &mut Thread) -> PyResult<usize> {
    // Without zeros inside: checked by the conversion of the argument.
    let name = CString::new(name).unwrap_or_default();
    // SAFETY: the program passes a handle that `open` gave; a C string.
    let address = unsafe {
        libc::dlerror();
        libc::dlsym(std::ptr::with_exposed_provenance_mut(handle), name.as_ptr())
    };
    if !address.is_null() {
        return Ok(address.expose_provenance());
    }
    // SAFETY: null, or a C string that stays until the next call of the loader.
    let complaint = unsafe {
        let text = libc::dlerror();
        if text.is_null() { None } else { Some(CStr::from_ptr(text).to_string_lossy().into_owned()) }
    };
    let complaint = complaint.unwrap_or_else(|| format!("symbol '{}' not found", name.to_string_lossy()));
    Err(thread.raise_message(OSError, format_args!("{complaint}")))
}

/// Closes a library.
pub fn close(handle: usize, thread: &mut Thread) -> PyResult<()> {
    // SAFETY: the program passes a handle that `open` gave, and does not use it again.
    let status = unsafe { libc::dlclose(std::ptr::with_exposed_provenance_mut(handle)) };
    if status == 0 { Ok(()) } else { Err(raise_loader_error(thread)) }
}
