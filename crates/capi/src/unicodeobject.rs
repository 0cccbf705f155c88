//! `unicodeobject.h`: strings.

use layout::{Py_ssize_t, PyObject};
use objects::raise;
use objects::refs::Py;
use objects::str::{Str, StrFiller};
use objects::thread::Thread;

/// `PyUnicode_New`: a string of so many characters, the greatest of which will not be above `maxchar`; the caller writes them.
///
/// # Safety
/// As the C API says.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn PyUnicode_New(size: Py_ssize_t, maxchar: u32) -> *mut PyObject {
    // SAFETY: the caller is attached.
    let mut thread = unsafe { Thread::current() };
    let result = match usize::try_from(size) {
        Ok(0) => Ok(Str::empty()),
        Ok(length) => StrFiller::new(maxchar.min(0x10_FFFF), length, &mut thread).map(|mut filler| {
            filler.push_repeated(0, length);
            filler.finish()
        }),
        Err(_) => Err(raise!(thread, SystemError, "Negative size passed to PyUnicode_New")),
    };
    result.map_or(std::ptr::null_mut(), Py::into_pointer)
}
