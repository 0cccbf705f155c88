//! `fork`, and what runs around it.
//!
//! Whoever forks calls [`before_fork`], and then, on each side, [`after_fork_in_parent`] or [`after_fork_in_child`].

use std::cell::RefCell;

use macros::python_module;
use objects::audit;
use objects::errors::{DeprecationWarning, PyResult};
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::call;

use super::descriptors::pair;

/// The functions that `register_at_fork` was given.
#[derive(Default)]
struct AtFork {
    before: RefCell<Vec<Py<Object>>>,
    in_child: RefCell<Vec<Py<Object>>>,
    in_parent: RefCell<Vec<Py<Object>>>,
}

/// Calls functions; what they raise is reported and forgotten.
fn run_all(functions: Vec<Py<Object>>, thread: &mut Thread) {
    for function in functions {
        if let Err(raised) = protocol::call(&function, &[], thread) {
            thread.report_unraisable(raised, "Exception ignored in fork hook", Some(&function));
        }
    }
}

/// Runs what is registered to run before a fork, the last one first.
pub fn before_fork(thread: &mut Thread) {
    let hooks = thread.interpreter().extension::<AtFork>();
    let functions = hooks.before.borrow().iter().rev().cloned().collect();
    run_all(functions, thread);
}

/// Runs what is registered for the parent.
pub fn after_fork_in_parent(thread: &mut Thread) {
    let hooks = thread.interpreter().extension::<AtFork>();
    let functions = hooks.in_parent.borrow().clone();
    run_all(functions, thread);
}

/// Fits the runtime to the new process, in which only this thread lives, and runs what is registered for it.
pub fn after_fork_in_child(thread: &mut Thread) {
    thread.after_fork_in_child();
    crate::signal::after_fork_in_child(thread);
    let hooks = thread.interpreter().extension::<AtFork>();
    let functions = hooks.in_child.borrow().clone();
    run_all(functions, thread);
}

/// The process's threads, as the system counts them.
fn thread_count() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = status.rsplit_once(')')?;
    fields.split_whitespace().nth(17)?.parse().ok()
}

/// Locks that other threads hold stay locked in the child.
fn warn_of_threads(function: &str, thread: &mut Thread) {
    if thread_count().is_none_or(|it| it < 2) {
        return;
    }
    let process = std::process::id();
    let warned = thread.warn(
        DeprecationWarning,
        1,
        format_args!(
            "This process (pid={process}) is multi-threaded, use of {function}() may lead to deadlocks in the child."
        ),
    );
    if let Err(raised) = warned {
        thread.report_unraisable(raised, "Exception ignored in", None);
    }
}

/// RuntimeError in an interpreter that may not fork.
pub fn check_fork_allowed(thread: &mut Thread) -> PyResult<()> {
    if thread.interpreter().isolation.settings().allow_fork {
        return Ok(());
    }
    Err(raise!(thread, RuntimeError, "fork not supported for isolated subinterpreters"))
}

/// Forks with all that belongs to it: zero in the child, the child's number in the parent.
fn fork_by(function: &str, fork: impl FnOnce() -> i32, thread: &mut Thread) -> PyResult<i32> {
    check_fork_allowed(thread)?;
    before_fork(thread);
    let process = fork();
    let number = call::last_error();
    if process == 0 {
        after_fork_in_child(thread);
        return Ok(0);
    }
    warn_of_threads(function, thread);
    after_fork_in_parent(thread);
    if process < 0 {
        return Err(thread.raise_os_error(number, None));
    }
    Ok(process)
}

/// Checks an argument of `register_at_fork`: None if it was left out.
fn hook(value: Option<&Object>, name: &str, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let Some(value) = value else { return Ok(None) };
    if value.class().slots().tp_call.get().is_none() {
        let class = value.class().short_name();
        return Err(raise!(thread, TypeError, "'{name}' must be callable, not {class}"));
    }
    Ok(Some(Py::from_ref(value)))
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// register_at_fork($module, /, *, before=<unrepresentable>,
    ///                  after_in_child=<unrepresentable>,
    ///                  after_in_parent=<unrepresentable>)
    /// --
    ///
    /// Register callables to be called when forking a new process.
    ///
    ///   before
    ///     A callable to be called in the parent before the fork() syscall.
    ///   after_in_child
    ///     A callable to be called in the child after fork().
    ///   after_in_parent
    ///     A callable to be called in the parent after fork().
    ///
    /// 'before' callbacks are called in reverse order.
    /// 'after_in_child' and 'after_in_parent' callbacks are called in order.
    #[function]
    fn register_at_fork(
        before: Option<&Object>,
        after_in_child: Option<&Object>,
        after_in_parent: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        if before.is_none() && after_in_child.is_none() && after_in_parent.is_none() {
            return Err(raise!(thread, TypeError, "At least one argument is required."));
        }
        let before = hook(before, "before", thread)?;
        let in_child = hook(after_in_child, "after_in_child", thread)?;
        let in_parent = hook(after_in_parent, "after_in_parent", thread)?;
        let hooks = thread.interpreter().extension::<AtFork>();
        hooks.before.borrow_mut().extend(before);
        hooks.in_child.borrow_mut().extend(in_child);
        hooks.in_parent.borrow_mut().extend(in_parent);
        Ok(())
    }

    /// fork($module, /)
    /// --
    ///
    /// Fork a child process.
    ///
    /// Return 0 to child process and PID of child to parent process.
    #[function]
    fn fork(thread: &mut Thread) -> PyResult<i32> {
        audit!(thread, "os.fork")?;
        // SAFETY: the child goes on with this thread alone, as CPython's does.
        fork_by("fork", || unsafe { libc::fork() }, thread)
    }

    /// forkpty($module, /)
    /// --
    ///
    /// Fork a new process with a new pseudo-terminal as controlling tty.
    ///
    /// Returns a tuple of (pid, master_fd).
    /// Like fork(), return pid of 0 to the child process,
    /// and pid of child to the parent process.
    /// To both, return fd of newly opened pseudo-terminal.
    #[function]
    fn forkpty(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        audit!(thread, "os.forkpty")?;
        let mut terminal = -1;
        let fork = || {
            // SAFETY: a local to write to, and nulls; the child goes on with this thread alone.
            unsafe { libc::forkpty(&mut terminal, std::ptr::null_mut(), std::ptr::null(), std::ptr::null()) }
        };
        let process = fork_by("forkpty", fork, thread)?;
        pair([process, terminal], thread)
    }
}
