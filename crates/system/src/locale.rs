//! The C library's locale for characters: which one is in force, and which encoding it means.
//!
//! The command sets it at the start (PEP 538, PEP 540), `_locale` and `open` ask for it. The C library keeps it for the whole process.

use std::ffi::{CStr, CString};

/// Makes the environment's locale (`LC_ALL`, `LC_CTYPE`, `LANG`) that of the process. To be called before there is a second thread.
pub fn adopt_environment() {
    // SAFETY: an empty name asks for what the environment says; no other thread uses the locale yet.
    unsafe { libc::setlocale(libc::LC_CTYPE, c"".as_ptr()) };
}

/// Makes this locale that of the process; false if the system doesn't have it. To be called before there is a second thread.
pub fn adopt(name: &str) -> bool {
    let Ok(name) = CString::new(name) else { return false };
    // SAFETY: a C string; no other thread uses the locale yet.
    !unsafe { libc::setlocale(libc::LC_CTYPE, name.as_ptr()) }.is_null()
}

/// The name of the locale in force.
pub fn name() -> String {
    // SAFETY: no new locale is asked for; the text is copied at once.
    text(unsafe { libc::setlocale(libc::LC_CTYPE, std::ptr::null()) })
}

/// The encoding of the locale in force, as the C library spells it (`UTF-8`, `ANSI_X3.4-1968`).
pub fn encoding() -> String {
    // SAFETY: an item that exists; the text is copied at once.
    let name = text(unsafe { libc::nl_langinfo(libc::CODESET) });
    if name.is_empty() { "UTF-8".to_owned() } else { name }
}

fn text(pointer: *const libc::c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: the C library's functions above return C strings.
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}
