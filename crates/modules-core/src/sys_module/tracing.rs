//! `sys.settrace` and `sys.setprofile`: a thread's functions, which `interpreter::monitoring::legacy` calls.

use std::cell::Cell;
use std::ptr;

use interpreter::monitoring::legacy;
use layout::{Py_tracefunc, PyObject};
use objects::errors::PyResult;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::thread::{Thread, ThreadState};
use objects::tuple::Tuple;

/// Sets a function of one thread, or takes it away.
type Set = fn(&ThreadState, Option<(Py_tracefunc, Option<Py<Object>>)>, &mut Thread) -> PyResult<()>;

pub fn set_trace(function: &Object, thread: &mut Thread) -> PyResult<()> {
    here(legacy::set_trace, legacy::trace_trampoline, function, thread)
}

pub fn set_profile(function: &Object, thread: &mut Thread) -> PyResult<()> {
    here(legacy::set_profile, legacy::profile_trampoline, function, thread)
}

pub fn set_trace_in_all_threads(function: &Object, thread: &mut Thread) -> PyResult<()> {
    everywhere(legacy::set_trace, legacy::trace_trampoline, function, thread)
}

pub fn set_profile_in_all_threads(function: &Object, thread: &mut Thread) -> PyResult<()> {
    everywhere(legacy::set_profile, legacy::profile_trampoline, function, thread)
}

pub fn trace(thread: &Thread) -> Option<Py<Object>> {
    get(&thread.state().base().c_traceobj)
}

pub fn profile(thread: &Thread) -> Option<Py<Object>> {
    get(&thread.state().base().c_profileobj)
}

/// `sys.call_tracing`: calls with tracing as it is outside the tracing function.
pub fn call_traced(function: &Object, arguments: &Tuple, thread: &mut Thread) -> PyResult<Py<Object>> {
    let tracing = thread.state().base().tracing.replace(0);
    let result = protocol::call_tuple(function, arguments, None, thread);
    thread.state().base().tracing.set(tracing);
    result
}

fn here(set: Set, trampoline: Py_tracefunc, function: &Object, thread: &mut Thread) -> PyResult<()> {
    let state = ptr::from_ref(thread.state());
    // SAFETY: the running thread's own state, which outlives the call.
    set(unsafe { &*state }, value(trampoline, function), thread)
}

fn everywhere(set: Set, trampoline: Py_tracefunc, function: &Object, thread: &mut Thread) -> PyResult<()> {
    for state in thread.interpreter().thread_states() {
        // What runs meanwhile may end threads.
        if thread.interpreter().thread_states().contains(&state) {
            // SAFETY: states on the interpreter's list are live.
            set(unsafe { &*state }, value(trampoline, function), thread)?;
        }
    }
    Ok(())
}

fn value(trampoline: Py_tracefunc, function: &Object) -> Option<(Py_tracefunc, Option<Py<Object>>)> {
    (!function.is_none()).then(|| (trampoline, Some(Py::from_ref(function))))
}

fn get(field: &Cell<*mut PyObject>) -> Option<Py<Object>> {
    // SAFETY: the field holds null or an object that it owns.
    unsafe { Object::from_pointer(field.get()) }.map(Py::from_ref)
}
