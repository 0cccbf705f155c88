//! Seconds since the epoch as local time and as UTC: what `time` and `datetime` ask the C library.

use std::ffi::CStr;

use objects::errors::PyResult;
use objects::refs::{Object, Py};
use objects::thread::Thread;

/// What the C library calls `struct tm`.
pub use libc::tm as Time;

use crate::call;
use crate::path;
use crate::zeroed::Zeroed;

/// The local time of a moment.
pub fn local(seconds: i64, thread: &mut Thread) -> PyResult<libc::tm> {
    let mut time = libc::tm::zeroed();
    // SAFETY: locals to read and to write.
    if unsafe { libc::localtime_r(&seconds, &mut time) }.is_null() {
        return Err(raise_unrepresentable(thread));
    }
    Ok(time)
}

/// UTC of a moment.
pub fn universal(seconds: i64, thread: &mut Thread) -> PyResult<libc::tm> {
    let mut time = libc::tm::zeroed();
    // SAFETY: locals to read and to write.
    if unsafe { libc::gmtime_r(&seconds, &mut time) }.is_null() {
        return Err(raise_unrepresentable(thread));
    }
    Ok(time)
}

#[cold]
fn raise_unrepresentable(thread: &mut Thread) -> objects::errors::Raised {
    let number = call::last_error();
    thread.raise_os_error(if number == 0 { libc::EINVAL } else { number }, None)
}

/// The name of a time's zone, or None.
pub fn zone_name(time: &libc::tm, thread: &mut Thread) -> PyResult<Py<Object>> {
    if time.tm_zone.is_null() {
        return Ok(thread.none());
    }
    // SAFETY: the C library keeps the names of zones for ever.
    let name = unsafe { CStr::from_ptr(time.tm_zone) };
    path::decode(name.to_bytes(), thread).map(Py::into_object)
}
