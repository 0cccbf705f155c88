//! `_asyncio`: futures and tasks, and which loop and task a thread runs. The loops themselves are Python, in `asyncio`.

mod future;
mod future_iterator;
mod future_methods;
mod future_type;
mod registry;
mod running;
mod step;
mod support;
mod task;

use macros::python_module;
use objects::errors::PyResult;
use objects::module::Module;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::{Instance, TypeDeclaration};

use future::Future;
use registry::Others;
use task::Task;

pub const TYPES: &[&TypeDeclaration] = &[
    Future::DECLARATION,
    Task::DECLARATION,
    future_iterator::FutureIterator::DECLARATION,
    step::StepCall::DECLARATION,
];

pub struct AsyncioModule;

/// The loop that a function is asked about: the one given, or the running one.
fn loop_argument(event_loop: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
    match event_loop.filter(|it| !it.is_none()) {
        Some(event_loop) => Ok(Py::from_ref(event_loop)),
        None => running::required_loop(thread),
    }
}

/// Both futures, if both are ours.
fn both<'a>(left: &'a Object, right: &'a Object) -> Option<(&'a Future, &'a Future)> {
    left.downcast::<Future>().zip(right.downcast::<Future>())
}

/// Accelerator module for asyncio
#[python_module(name = "_asyncio")]
impl AsyncioModule {
    /// current_task($module, /, loop=None)
    /// --
    ///
    /// Return a currently executed task.
    #[function]
    fn current_task(r#loop: Option<&Object>, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let event_loop = loop_argument(r#loop, thread)?;
        Ok(running::running_task(&event_loop, thread))
    }

    /// get_event_loop($module, /)
    /// --
    ///
    /// Return an asyncio event loop.
    ///
    /// When called from a coroutine or a callback (e.g. scheduled with
    /// call_soon or similar API), this function will always return the
    /// running event loop.
    ///
    /// If there is no running event loop set, the function will return
    /// the result of `get_event_loop_policy().get_event_loop()` call.
    #[function]
    fn get_event_loop(thread: &mut Thread) -> PyResult<Py<Object>> {
        running::current_loop(thread)
    }

    /// get_running_loop($module, /)
    /// --
    ///
    /// Return the running event loop.  Raise a RuntimeError if there is none.
    ///
    /// This function is thread-specific.
    #[function]
    fn get_running_loop(thread: &mut Thread) -> PyResult<Py<Object>> {
        running::required_loop(thread)
    }

    /// _get_running_loop($module, /)
    /// --
    ///
    /// Return the running event loop or None.
    ///
    /// This is a low-level function intended to be used by event loops.
    /// This function is thread-specific.
    #[function]
    fn _get_running_loop(thread: &mut Thread) -> Option<Py<Object>> {
        running::running_loop(thread)
    }

    /// _set_running_loop($module, loop, /)
    /// --
    ///
    /// Set the running event loop.
    ///
    /// This is a low-level function intended to be used by event loops.
    /// This function is thread-specific.
    #[function]
    fn _set_running_loop(r#loop: &Object, thread: &mut Thread) {
        let event_loop = Some(r#loop).filter(|it| !it.is_none()).map(Py::from_ref);
        running::set_running_loop(event_loop, thread);
    }

    /// _register_task($module, /, task)
    /// --
    ///
    /// Register a new task in asyncio as executed by loop.
    ///
    /// Returns None.
    #[function]
    fn _register_task(task: &Object, thread: &mut Thread) -> PyResult<()> {
        registry::change(task, Others::Scheduled, "add", thread)
    }

    /// _register_eager_task($module, /, task)
    /// --
    ///
    /// Register a new task in asyncio as executed by loop.
    ///
    /// Returns None.
    #[function]
    fn _register_eager_task(task: &Object, thread: &mut Thread) -> PyResult<()> {
        registry::change(task, Others::Eager, "add", thread)
    }

    /// _unregister_task($module, /, task)
    /// --
    ///
    /// Unregister a task.
    ///
    /// Returns None.
    #[function]
    fn _unregister_task(task: &Object, thread: &mut Thread) -> PyResult<()> {
        registry::change(task, Others::Scheduled, "discard", thread)
    }

    /// _unregister_eager_task($module, /, task)
    /// --
    ///
    /// Unregister a task.
    ///
    /// Returns None.
    #[function]
    fn _unregister_eager_task(task: &Object, thread: &mut Thread) -> PyResult<()> {
        registry::change(task, Others::Eager, "discard", thread)
    }

    /// _enter_task($module, /, loop, task)
    /// --
    ///
    /// Enter into task execution or resume suspended task.
    ///
    /// Task belongs to loop.
    ///
    /// Returns None.
    #[function]
    fn _enter_task(r#loop: &Object, task: &Object, thread: &mut Thread) -> PyResult<()> {
        running::enter_task(r#loop, task, thread)
    }

    /// _leave_task($module, /, loop, task)
    /// --
    ///
    /// Leave task execution or suspend a task.
    ///
    /// Task belongs to loop.
    ///
    /// Returns None.
    #[function]
    fn _leave_task(r#loop: &Object, task: &Object, thread: &mut Thread) -> PyResult<()> {
        running::leave_task(r#loop, task, thread)
    }

    /// _swap_current_task($module, /, loop, task)
    /// --
    ///
    /// Temporarily swap in the supplied task and return the original one (or None).
    ///
    /// This is intended for use during eager coroutine execution.
    #[function]
    fn _swap_current_task(r#loop: &Object, task: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let task = Some(task).filter(|it| !it.is_none()).map(Py::from_ref);
        running::swap_task(r#loop, task, thread)
    }

    /// all_tasks($module, /, loop=None)
    /// --
    ///
    /// Return a set of all tasks for the loop.
    #[function]
    fn all_tasks(r#loop: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let event_loop = loop_argument(r#loop, thread)?;
        registry::all(&event_loop, thread)
    }

    /// future_add_to_awaited_by($module, fut, waiter, /)
    /// --
    ///
    /// Record that `fut` is awaited on by `waiter`.
    #[function]
    fn future_add_to_awaited_by(fut: &Object, waiter: &Object, thread: &mut Thread) -> PyResult<()> {
        match both(fut, waiter) {
            Some((future, waiter)) => future.add_waiter(waiter, thread),
            None => Ok(()),
        }
    }

    /// future_discard_from_awaited_by($module, fut, waiter, /)
    /// --
    ///
    ///
    #[function]
    fn future_discard_from_awaited_by(fut: &Object, waiter: &Object, thread: &mut Thread) -> PyResult<()> {
        match both(fut, waiter) {
            Some((future, waiter)) => future.discard_waiter(waiter, thread),
            None => Ok(()),
        }
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        thread.interpreter().add_fork_handler(running::forget);
        module.set("Future", Future::class(), thread)?;
        module.set("Task", Task::class(), thread)
    }
}
