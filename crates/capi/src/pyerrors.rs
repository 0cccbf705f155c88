//! `pyerrors.h`: the current exception.

use std::ffi::{CStr, c_char};

use layout::PyObject;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

/// `PyErr_SetString`: sets an exception of a class with a message in UTF-8.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyErr_SetString(class: *mut PyObject, message: *const c_char) {
    // SAFETY: the caller is attached, passes an exception class and a C string.
    let (mut thread, class, message) =
        unsafe { (Thread::current(), Object::from_pointer(class), CStr::from_ptr(message)) };
    let Some(class) = class else { return };
    let message = Str::from_str(&message.to_string_lossy(), &mut thread);
    if let Ok(exception) = protocol::call_one(class, &message, &mut thread) {
        let _ = thread.raise(exception);
    }
}

/// `PyErr_Occurred`: the class of the exception that is set, borrowed, or null.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyErr_Occurred() -> *mut PyObject {
    // SAFETY: the caller is attached; the thread state owns the exception, whose class it keeps.
    unsafe {
        let thread = Thread::current();
        let exception = Object::from_pointer(thread.state().base().current_exception.get());
        exception.map_or(std::ptr::null_mut(), |it| it.class().as_pointer().cast())
    }
}

/// `PyErr_Clear`: forgets the exception that is set.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyErr_Clear() {
    // SAFETY: the caller is attached.
    let mut thread = unsafe { Thread::current() };
    if let Some(exception) = thread.take_exception() {
        Py::release(exception, &mut thread);
    }
}
