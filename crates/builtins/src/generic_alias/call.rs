//! Calling a generic alias calls its origin, and notes the alias in the result if that takes it.

use layout::{PyObject, vectorcallfunc};
use objects::errors::{AttributeError, PyResult, TypeError};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::object::alias_of;

/// The function in the slot of aliases whose origin has one.
pub(super) const VECTORCALL: vectorcallfunc = vectorcall;

/// Sets `__orig_class__`, which many objects do not take.
pub(super) fn note_alias(result: Py<Object>, alias: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let set = protocol::set_attribute(&result, &names::__orig_class__, Some(alias), thread);
    let set = match thread.suppress(set, AttributeError) {
        Err(raised) => thread.suppress::<()>(Err(raised), TypeError).map(|_| ()),
        Ok(_) => Ok(()),
    };
    set.map(|()| result)
}

/// # Safety
/// By the vectorcall protocol, on a generic alias.
unsafe extern "C-unwind" fn vectorcall(
    alias: *mut PyObject,
    arguments: *const *mut PyObject,
    count_and_flags: usize,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: this function's contract; C calls run in attached threads.
    let (alias, mut thread) = unsafe { (alias_of(alias), Thread::current()) };
    let origin = alias.origin.clone();
    let result = match protocol::vectorcall_of(&origin) {
        // SAFETY: the vectorcall protocol: the arguments are passed on as they came.
        Some(function) => protocol::result_from_c(
            unsafe { function(origin.as_pointer(), arguments, count_and_flags, names) },
            &mut thread,
        ),
        None => Err(raise!(thread, TypeError, "'{}' object is not callable", origin.class().full_name())),
    };
    let result = result.and_then(|result| note_alias(result, alias, &mut thread));
    result.map_or(std::ptr::null_mut(), Py::into_pointer)
}
