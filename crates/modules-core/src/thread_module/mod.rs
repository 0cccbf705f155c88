//! `_thread`: threads and locks.

mod futex;
mod local;
mod lock;

use macros::python_module;
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::float::Float;
use objects::int::Int;
use objects::module::Module;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, TypeDeclaration};

pub use local::Local;
pub use lock::{Lock, RLock, TIMEOUT_MAX};

/// The types of this module.
pub const TYPES: &[&TypeDeclaration] = &[Lock::DECLARATION, RLock::DECLARATION, Local::DECLARATION];

/// What `get_ident()` gives: the thread as the system's library names it.
pub fn identity() -> u64 {
    // SAFETY: the call cannot fail and touches nothing.
    unsafe { libc::pthread_self() }
}

pub struct ThreadModule;

/// This module provides primitive operations to write multi-threaded programs.
/// The 'threading' module provides a more convenient interface.
#[python_module(name = "_thread")]
impl ThreadModule {
    /// start_new_thread($module, function, args, kwargs={}, /)
    /// --
    ///
    /// Start a new thread and return its identifier.
    ///
    /// The thread will call the function with positional arguments from the
    /// tuple args and keyword arguments taken from the optional dictionary
    /// kwargs.  The thread exits when the function returns; the return value
    /// is ignored.  The thread will also exit when the function raises an
    /// unhandled exception; a stack trace will be printed unless the exception
    /// is SystemExit.
    #[function]
    #[signature("(function, args, kwargs=None, /)")]
    fn start_new_thread(function: &Object, args: &Tuple, kwargs: Option<&Dict>, thread: &mut Thread) -> PyResult<u64> {
        let _ = (function, args, kwargs);
        Err(raise_cannot_start(thread))
    }

    /// daemon_threads_allowed($module, /)
    /// --
    ///
    /// Return True if daemon threads are allowed in the current interpreter,
    /// and False otherwise.
    #[function]
    fn daemon_threads_allowed() -> bool {
        true
    }

    /// allocate_lock($module, /)
    /// --
    ///
    /// Create a new lock object. See help(type(threading.Lock())) for
    /// information about locks.
    #[function]
    fn allocate_lock(thread: &mut Thread) -> Py<Lock> {
        Lock::new(thread)
    }

    /// allocate($module, /)
    /// --
    ///
    /// An obsolete synonym of allocate_lock().
    #[function]
    fn allocate(thread: &mut Thread) -> Py<Lock> {
        Lock::new(thread)
    }

    /// exit_thread($module, /)
    /// --
    ///
    /// An obsolete synonym of exit().
    #[function]
    fn exit_thread(thread: &mut Thread) -> PyResult<()> {
        Self::exit(thread)
    }

    /// exit($module, /)
    /// --
    ///
    /// This is synonymous to ``raise SystemExit''.  It will cause the current
    /// thread to exit silently unless the exception is caught.
    #[function]
    fn exit(thread: &mut Thread) -> PyResult<()> {
        Err(thread.raise_kind(objects::errors::SystemExit))
    }

    /// get_ident($module, /)
    /// --
    ///
    /// Return a non-zero integer that uniquely identifies the current thread
    /// amongst other threads that exist simultaneously.
    /// This may be used to identify per-thread resources.
    /// Even though on some platforms threads identities may appear to be
    /// allocated consecutive numbers starting at 1, this behavior should not
    /// be relied upon, and the number should be seen purely as a magic cookie.
    /// A thread's identity may be reused for another thread after it exits.
    #[function]
    fn get_ident() -> u64 {
        identity()
    }

    /// get_native_id($module, /)
    /// --
    ///
    /// Return a non-negative integer identifying the thread as reported
    /// by the OS (kernel). This may be used to uniquely identify a
    /// particular thread within a system.
    #[function]
    fn get_native_id() -> i32 {
        // SAFETY: the call cannot fail and touches nothing.
        unsafe { libc::gettid() }
    }

    /// _is_main_interpreter($module, /)
    /// --
    ///
    /// Return True if the current interpreter is the main Python interpreter.
    #[function]
    fn _is_main_interpreter() -> bool {
        true
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let maximum = Float::new(TIMEOUT_MAX, thread);
        module.set("TIMEOUT_MAX", &maximum, thread)?;
        let length = Int::from_i64(15, thread);
        module.set("_NAME_MAXLEN", &length, thread)?;
        module.set("error", objects::errors::RuntimeError.as_type(), thread)?;
        let types: [(&str, &TypeDeclaration); 4] = [
            ("lock", Lock::DECLARATION),
            ("LockType", Lock::DECLARATION),
            ("RLock", RLock::DECLARATION),
            ("_local", Local::DECLARATION),
        ];
        for (name, declaration) in types {
            module.set(name, declaration.as_type(), thread)?;
        }
        Ok(())
    }
}

#[cold]
fn raise_cannot_start(thread: &mut Thread) -> Raised {
    raise!(thread, RuntimeError, "can't start new thread")
}
