//! `sys.settrace` and `sys.setprofile`: the functions are the thread state's, where the evaluation loop looks for them.

use std::cell::Cell;

use layout::PyObject;
use objects::errors::PyResult;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

use super::audit::audit;

pub fn set_trace(function: &Object, thread: &mut Thread) -> PyResult<()> {
    audit("sys.settrace", &[], thread)?;
    set(&thread.state().base().c_traceobj, function);
    thread.reap();
    Ok(())
}

pub fn set_profile(function: &Object, thread: &mut Thread) -> PyResult<()> {
    audit("sys.setprofile", &[], thread)?;
    set(&thread.state().base().c_profileobj, function);
    thread.reap();
    Ok(())
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

/// Puts a function into a field of the thread state that owns what it holds; None empties it.
fn set(field: &Cell<*mut PyObject>, function: &Object) {
    let new = if function.is_none() { std::ptr::null_mut() } else { Py::from_ref(function).into_pointer() };
    // SAFETY: the field owned a reference to what it held, and gives it up here.
    drop(unsafe { Py::<Object>::steal_pointer(field.replace(new)) });
}

fn get(field: &Cell<*mut PyObject>) -> Option<Py<Object>> {
    // SAFETY: the field holds null or an object that it owns.
    unsafe { Object::from_pointer(field.get()) }.map(Py::from_ref)
}
