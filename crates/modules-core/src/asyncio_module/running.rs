//! The event loop that runs in a thread, and the task that it runs: both hang off the thread's state, where profilers look for them.

use std::cell::Cell;

use layout::PyObject;
use objects::errors::{PyResult, Raised};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::support::{Library, shown};

/// A reference that the thread's state owns.
fn read(field: &Cell<*mut PyObject>) -> Option<Py<Object>> {
    // SAFETY: the state owns what the field points to, or the field is null.
    unsafe { Object::from_pointer(field.get()) }.map(Py::from_ref)
}

/// Puts a reference in, and gives the old one.
fn replace(field: &Cell<*mut PyObject>, value: Option<Py<Object>>) -> Option<Py<Object>> {
    let old = field.replace(value.map_or(std::ptr::null_mut(), Py::into_pointer));
    // SAFETY: the state owned the old reference, and gives it up here.
    unsafe { Py::steal_pointer(old) }
}

/// The loop that runs in this thread.
pub fn running_loop(thread: &Thread) -> Option<Py<Object>> {
    read(&thread.state().c.asyncio_running_loop)
}

pub fn set_running_loop(value: Option<Py<Object>>, thread: &mut Thread) {
    drop(replace(&thread.state().c.asyncio_running_loop, value));
}

#[cold]
fn raise_not_running(event_loop: &Object, thread: &mut Thread) -> Raised {
    match shown(event_loop, thread) {
        Ok(shown) => raise!(thread, RuntimeError, "loop {shown} is not the running loop"),
        Err(raised) => raised,
    }
}

fn check_running(event_loop: &Object, thread: &mut Thread) -> PyResult<()> {
    if thread.state().c.asyncio_running_loop.get() == event_loop.as_pointer() {
        return Ok(());
    }
    Err(raise_not_running(event_loop, thread))
}

/// The running loop, or the policy's.
pub fn current_loop(thread: &mut Thread) -> PyResult<Py<Object>> {
    if let Some(running) = running_loop(thread) {
        return Ok(running);
    }
    let policy = Library::GetEventLoopPolicy.get(thread)?;
    let policy = protocol::call(&policy, &[], thread)?;
    let name = thread.intern_text("get_event_loop");
    protocol::call_method(&policy, &name, &[], thread)
}

/// The running loop; RuntimeError if there is none.
pub fn required_loop(thread: &mut Thread) -> PyResult<Py<Object>> {
    match running_loop(thread) {
        Some(running) => Ok(running),
        None => Err(raise!(thread, RuntimeError, "no running event loop")),
    }
}

pub fn enter_task(event_loop: &Object, task: &Object, thread: &mut Thread) -> PyResult<()> {
    check_running(event_loop, thread)?;
    if let Some(other) = read(&thread.state().c.asyncio_running_task) {
        let (task, other) = (shown(task, thread)?, shown(&other, thread)?);
        let message = format_args!("Cannot enter into task {task} while another task {other} is being executed.");
        return Err(raise!(thread, RuntimeError, "{message}"));
    }
    drop(replace(&thread.state().c.asyncio_running_task, Some(Py::from_ref(task))));
    Ok(())
}

pub fn leave_task(event_loop: &Object, task: &Object, thread: &mut Thread) -> PyResult<()> {
    check_running(event_loop, thread)?;
    let other = read(&thread.state().c.asyncio_running_task);
    if !other.as_ref().is_some_and(|it| it.is(task)) {
        let task = shown(task, thread)?;
        let other = match &other {
            Some(other) => shown(other, thread)?,
            None => "None".to_owned(),
        };
        let message = format_args!("Invalid attempt to leave task {task} while task {other} is entered.");
        return Err(raise!(thread, RuntimeError, "{message}"));
    }
    drop(replace(&thread.state().c.asyncio_running_task, None));
    Ok(())
}

/// Makes another task the running one; gives the one that was.
pub fn swap_task(event_loop: &Object, task: Option<Py<Object>>, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    check_running(event_loop, thread)?;
    Ok(replace(&thread.state().c.asyncio_running_task, task))
}

/// In the child of a fork no loop runs.
pub fn forget(thread: &mut Thread) {
    drop(replace(&thread.state().c.asyncio_running_task, None));
    drop(replace(&thread.state().c.asyncio_running_loop, None));
}

/// The task that a loop runs, in whatever thread.
pub fn running_task(event_loop: &Object, thread: &mut Thread) -> Option<Py<Object>> {
    let own = &thread.state().c;
    if own.asyncio_running_loop.get() == event_loop.as_pointer() {
        return read(&own.asyncio_running_task);
    }
    for state in thread.interpreter().thread_states() {
        // SAFETY: a state is on the list as long as it lives, and this thread has the interpreter's lock.
        let state = unsafe { &(*state).c };
        if state.asyncio_running_loop.get() == event_loop.as_pointer() {
            return read(&state.asyncio_running_task);
        }
    }
    None
}
