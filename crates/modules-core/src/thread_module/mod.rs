//! `_thread`: threads and locks.

mod excepthook;
mod handle;
mod local;
mod lock;
mod start;

use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use macros::python_module;
use objects::audit;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::module::Module;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::thread::runtime::runtime;
use objects::tuple::Tuple;
use objects::types::{Instance, TypeDeclaration};

use excepthook::ExceptHookArguments;
use handle::{Course, ThreadHandle};
pub use start::adopt_system_stack;
use start::{Job, State};

pub use local::Local;
pub use lock::{Lock, RLock, TIMEOUT_MAX};

/// The types of this module.
pub const TYPES: &[&TypeDeclaration] = &[
    Lock::DECLARATION,
    RLock::DECLARATION,
    Local::DECLARATION,
    ThreadHandle::DECLARATION,
    ExceptHookArguments::DECLARATION,
];

/// What `get_ident()` gives: the thread as the system's library names it.
pub fn identity() -> u64 {
    // SAFETY: the call cannot fail and touches nothing.
    unsafe { libc::pthread_self() }
}

/// The identity of the first interpreter's main thread, for the others.
#[derive(Default)]
struct MainThread(AtomicU64);

/// Notes this thread as the main one, if its interpreter is the first.
pub fn note_main_thread(thread: &Thread) {
    if thread.interpreter().is_first() {
        runtime().shared::<MainThread>().0.store(identity(), Ordering::Relaxed);
    }
}

/// Bytes that a thread's name may have.
const NAME_LENGTH: usize = 15;

/// The least stack that a program may ask for.
const MINIMUM_STACK: isize = 53248;

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
    fn start_new_thread(
        function: &Object,
        args: &Object,
        kwargs: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<u64> {
        start_detached(function, args, kwargs, thread)
    }

    /// start_new($module, function, args, kwargs={}, /)
    /// --
    ///
    /// An obsolete synonym of start_new_thread().
    #[function]
    #[signature("(function, args, kwargs=None, /)")]
    fn start_new(function: &Object, args: &Object, kwargs: Option<&Object>, thread: &mut Thread) -> PyResult<u64> {
        start_detached(function, args, kwargs, thread)
    }

    /// start_joinable_thread($module, /, function, handle=None, daemon=True)
    /// --
    ///
    /// *For internal use only*: start a new thread.
    ///
    /// Like start_new_thread(), this starts a new thread calling the given function.
    /// Unlike start_new_thread(), this returns a handle object with methods to join
    /// or detach the given thread.
    /// This function is not for third-party code, please use the
    /// `threading` module instead. During finalization the runtime will not wait for
    /// the thread to exit if daemon is True. If handle is provided it must be a
    /// newly created thread._ThreadHandle instance.
    #[function]
    fn start_joinable_thread(
        function: &Object,
        handle: Option<&Object>,
        daemon: Option<bool>,
        thread: &mut Thread,
    ) -> PyResult<Py<ThreadHandle>> {
        if !is_callable(function) {
            return Err(raise!(thread, TypeError, "thread function must be callable"));
        }
        let handle = match handle.filter(|it| !it.is_none()) {
            Some(handle) => match handle.downcast::<ThreadHandle>() {
                Some(handle) => Some(Py::from_ref(handle)),
                None => return Err(raise!(thread, TypeError, "'handle' must be a _ThreadHandle")),
            },
            None => None,
        };
        let daemon = daemon.unwrap_or(true);
        audit!(thread, "_thread.start_joinable_thread", function, i32::from(daemon), handle.clone())?;
        let handle = handle.unwrap_or_else(|| ThreadHandle::not_started(thread));
        let job = Job { function: Py::from_ref(function), arguments: Tuple::new(Vec::new(), thread)?, keywords: None };
        start::start(handle.course(), job, !daemon, thread)?;
        Ok(handle)
    }

    /// _count($module, /)
    /// --
    ///
    /// Return the number of currently running Python threads, excluding
    /// the main thread. The returned number comprises all threads created
    /// through `start_new_thread()` as well as `threading.Thread`, and not
    /// yet finished.
    ///
    /// This function is meant for internal and specialized purposes only.
    /// In most applications `threading.enumerate()` should be used instead.
    #[function]
    fn _count(thread: &mut Thread) -> usize {
        state(thread).count.get()
    }

    /// _shutdown($module, /)
    /// --
    ///
    /// Wait for all non-daemon threads (other than the calling thread) to stop.
    #[function]
    fn _shutdown(thread: &mut Thread) -> PyResult<()> {
        start::wait_for_all(thread)
    }

    /// _make_thread_handle($module, ident, /)
    /// --
    ///
    /// Internal only. Make a thread handle for threads not spawned
    /// by the _thread or threading module.
    #[function]
    fn _make_thread_handle(ident: &Object, thread: &mut Thread) -> PyResult<Py<ThreadHandle>> {
        let Some(ident) = ident.downcast::<Int>() else {
            return Err(raise!(thread, TypeError, "ident must be an integer"));
        };
        let Some(ident) = ident.to_i128().and_then(|it| u64::try_from(it).ok()) else {
            return Err(raise!(thread, OverflowError, "Python int too large to convert to C unsigned long"));
        };
        Ok(ThreadHandle::running(ident, thread))
    }

    /// _get_main_thread_ident($module, /)
    /// --
    ///
    /// Internal only. Return a non-zero integer that uniquely identifies the main thread
    /// of the main interpreter.
    #[function]
    fn _get_main_thread_ident(thread: &mut Thread) -> u64 {
        let own = thread.interpreter();
        if own.is_first() {
            return own.main_thread().map_or(0, |it| it.base().thread_id.get());
        }
        runtime().shared::<MainThread>().0.load(Ordering::Relaxed)
    }

    /// _excepthook($module, args, /)
    /// --
    ///
    /// Handle uncaught Thread.run() exception.
    #[function]
    fn _excepthook(args: &Object, thread: &mut Thread) -> PyResult<()> {
        excepthook::report(args, thread)
    }

    /// interrupt_main($module, signum=signal.SIGINT, /)
    /// --
    ///
    /// Simulate the arrival of the given signal in the main thread,
    /// where the corresponding signal handler will be executed.
    /// If *signum* is omitted, SIGINT is assumed.
    /// A subthread can use this function to interrupt the main thread.
    ///
    /// Note: the default signal handler for SIGINT raises ``KeyboardInterrupt``.
    #[function]
    #[signature("(signum=2, /)")]
    fn interrupt_main(signum: Option<i32>, thread: &mut Thread) -> PyResult<()> {
        let known = match thread.interpreter().hooks.simulate_signal.get() {
            Some(simulate) => simulate(signum.unwrap_or(libc::SIGINT), thread),
            None => true,
        };
        if known { Ok(()) } else { Err(raise!(thread, ValueError, "signal number out of range")) }
    }

    /// stack_size($module, size=0, /)
    /// --
    ///
    /// Return the thread stack size used when creating new threads.  The
    /// optional size argument specifies the stack size (in bytes) to be used
    /// for subsequently created threads, and must be 0 (use platform or
    /// configured default) or a positive integer value of at least 32,768 (32k).
    /// If changing the thread stack size is unsupported, a ThreadError
    /// exception is raised.  If the specified size is invalid, a ValueError
    /// exception is raised, and the stack size is unmodified.  32k bytes
    ///  currently the minimum supported stack size value to guarantee
    /// sufficient stack space for the interpreter itself.
    ///
    /// Note that some platforms may have particular restrictions on values for
    /// the stack size, such as requiring a minimum stack size larger than 32 KiB or
    /// requiring allocation in multiples of the system memory page size
    /// - platform documentation should be referred to for more information
    /// (4 KiB pages are common; using multiples of 4096 for the stack size is
    /// the suggested approach in the absence of more specific information).
    #[function]
    fn stack_size(size: Option<isize>, thread: &mut Thread) -> PyResult<usize> {
        let size = size.unwrap_or(0);
        if size != 0 && size < MINIMUM_STACK {
            return Err(raise!(thread, ValueError, "size must be at least {MINIMUM_STACK} bytes"));
        }
        Ok(state(thread).stack_size.replace(size.unsigned_abs()))
    }

    /// set_name($module, /, name)
    /// --
    ///
    /// Set the name of the current thread.
    #[function]
    fn set_name(name: &Str, thread: &mut Thread) -> PyResult<()> {
        let _ = &thread;
        let mut bytes = name.to_string_lossy().replace('\u{fffd}', "?").into_bytes();
        bytes.truncate(NAME_LENGTH);
        // A name ends at the first zero.
        bytes.push(0);
        // SAFETY: the text ends with a zero, and is not longer than the system allows.
        unsafe { libc::pthread_setname_np(libc::pthread_self(), bytes.as_ptr().cast()) };
        Ok(())
    }

    /// _get_name($module, /)
    /// --
    ///
    /// Get the name of the current thread.
    #[function]
    fn _get_name(thread: &mut Thread) -> PyResult<Py<Str>> {
        let mut name = [0u8; 100];
        // SAFETY: the array is as long as the call is told.
        let status = unsafe { libc::pthread_getname_np(libc::pthread_self(), name.as_mut_ptr().cast(), name.len()) };
        if status != 0 {
            return Err(thread.raise_os_error(status, None));
        }
        let length = name.iter().position(|it| *it == 0).unwrap_or(name.len());
        system::path::decode(&name[..length], thread)
    }

    /// daemon_threads_allowed($module, /)
    /// --
    ///
    /// Return True if daemon threads are allowed in the current interpreter,
    /// and False otherwise.
    #[function]
    fn daemon_threads_allowed(thread: &mut Thread) -> bool {
        thread.interpreter().isolation.settings().allow_daemon_threads
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
    fn _is_main_interpreter(thread: &mut Thread) -> bool {
        thread.interpreter().is_first()
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let maximum = Float::new(TIMEOUT_MAX, thread);
        module.set("TIMEOUT_MAX", &maximum, thread)?;
        let length = Int::from_i64(NAME_LENGTH as i64, thread);
        module.set("_NAME_MAXLEN", &length, thread)?;
        module.set("error", objects::errors::RuntimeError.as_type(), thread)?;
        let types: [(&str, &TypeDeclaration); 6] = [
            ("lock", Lock::DECLARATION),
            ("LockType", Lock::DECLARATION),
            ("RLock", RLock::DECLARATION),
            ("_local", Local::DECLARATION),
            ("_ThreadHandle", ThreadHandle::DECLARATION),
            ("_ExceptHookArgs", ExceptHookArguments::DECLARATION),
        ];
        for (name, declaration) in types {
            module.set(name, declaration.as_type(), thread)?;
        }
        Ok(())
    }
}

/// What the module keeps for the thread's interpreter.
fn state(thread: &mut Thread) -> Rc<State> {
    thread.interpreter().extension::<State>()
}

fn is_callable(object: &Object) -> bool {
    object.class().slots().tp_call.get().is_some()
}

/// `start_new_thread`.
fn start_detached(
    function: &Object,
    arguments: &Object,
    keywords: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<u64> {
    if !is_callable(function) {
        return Err(raise!(thread, TypeError, "first arg must be callable"));
    }
    let Some(arguments) = arguments.downcast::<Tuple>() else {
        return Err(raise!(thread, TypeError, "2nd arg must be a tuple"));
    };
    let keywords = match keywords.map(Object::downcast::<Dict>) {
        Some(None) => return Err(raise!(thread, TypeError, "optional 3rd arg must be a dictionary")),
        other => other.flatten(),
    };
    let none = thread.none();
    let shown: &Object = match keywords {
        Some(keywords) => keywords,
        None => &none,
    };
    thread.audit("_thread.start_new_thread", &[function, arguments, shown])?;
    let course = Course::not_started(thread);
    let job = Job {
        function: Py::from_ref(function),
        arguments: Py::from_ref(arguments),
        keywords: keywords.map(Py::from_ref),
    };
    start::start(&course, job, false, thread)
}
