//! `faulthandler`: tracebacks on faults, on signals, after a time, and on request.
//!
//! ```text
//! fatal    the signals that end a process, and fatal errors      ┐
//! user     signals of the program's choice                       ├──▶ report: async-signal-safe text ──▶ descriptor
//! watchdog a thread that waits                                   ┘
//! ```

mod fatal;
mod report;
mod target;
mod user;
mod watchdog;

use macros::python_module;
use objects::errors::{PyResult, Raised};
use objects::method::OrNone;
use objects::raise;
use objects::refs::Object;
use objects::thread::Thread;
use system::clock::{self, Rounding};

pub use fatal::fatal_error;
use report::{Report, state_of_this_thread};

use crate::signal::SIGNAL_COUNT;

/// `-X faulthandler`: reports of faults from the start on.
pub fn enable_at_start(thread: &mut Thread) {
    let target = target::Target { descriptor: 2, file: None };
    // Without the handlers the program runs as well.
    let _ = fatal::enable(target, true, true, thread);
}

/// The signal that an argument names, if reports on it can be asked for.
fn check_signal(signal: i32, thread: &mut Thread) -> PyResult<()> {
    if fatal::is_fatal(signal) {
        return Err(raise!(thread, RuntimeError, "signal {signal} cannot be registered, use enable() instead"));
    }
    match usize::try_from(signal) {
        Ok(number) if (1..SIGNAL_COUNT).contains(&number) => Ok(()),
        _ => Err(raise!(thread, ValueError, "signal number out of range")),
    }
}

/// Stack that a call of [`overflow`] takes, at least.
const FRAME_BYTES: usize = 4096;
/// Calls after which the stack is taken to have no end.
const MAXIMUM_CALLS: usize = 1 << 18;

/// Calls itself until the stack ends; gives the depth where it did not.
fn overflow(depth: usize) -> usize {
    let mut room = [0u8; FRAME_BYTES];
    std::hint::black_box(&mut room);
    let reached = if depth < MAXIMUM_CALLS { overflow(depth + 1) } else { depth };
    reached + usize::from(std::hint::black_box(&room)[0])
}

#[cold]
fn raise_survived(signal: i32, thread: &mut Thread) -> Raised {
    raise!(thread, RuntimeError, "signal {signal} did not end the process")
}

/// Raises a signal that the process does not outlive, unless the program handles it.
fn raise_signal(signal: i32) {
    // SAFETY: no arguments in memory.
    unsafe { libc::raise(signal) };
}

pub struct FaulthandlerModule;

/// faulthandler module.
#[python_module(name = "faulthandler")]
impl FaulthandlerModule {
    /// enable($module, /, file=sys.stderr, all_threads=True)
    /// --
    ///
    /// Enable the fault handler.
    #[function]
    #[signature("(file=sys.stderr, all_threads=True, c_stack=True)")]
    fn enable(
        file: Option<OrNone<&Object>>,
        all_threads: Option<bool>,
        c_stack: Option<bool>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let target = target::of_argument(file, thread)?;
        fatal::enable(target, all_threads.unwrap_or(true), c_stack.unwrap_or(true), thread)
            .map_err(|number| thread.raise_os_error(number, None))
    }

    /// disable($module, /)
    /// --
    ///
    /// Disable the fault handler.
    #[function]
    fn disable(thread: &mut Thread) -> bool {
        fatal::disable(thread)
    }

    /// is_enabled($module, /)
    /// --
    ///
    /// Check if the handler is enabled.
    #[function]
    fn is_enabled() -> bool {
        fatal::is_enabled()
    }

    /// dump_traceback($module, /, file=sys.stderr, all_threads=True)
    /// --
    ///
    /// Dump the traceback of the current thread, or of all threads if all_threads is True, into file.
    #[function]
    fn dump_traceback(file: Option<OrNone<&Object>>, all_threads: Option<bool>, thread: &mut Thread) -> PyResult<()> {
        let target = target::of_argument(file, thread)?;
        let mut report = Report::to(target.descriptor);
        if all_threads.unwrap_or(true) {
            report.all_threads(thread.interpreter(), state_of_this_thread(thread.interpreter()));
        } else {
            report.stack(Some(thread.state()));
        }
        Ok(())
    }

    /// dump_c_stack($module, /, file=sys.stderr)
    /// --
    ///
    /// Dump the C stack of the current thread.
    #[function]
    fn dump_c_stack(file: Option<OrNone<&Object>>, thread: &mut Thread) -> PyResult<()> {
        let target = target::of_argument(file, thread)?;
        Report::to(target.descriptor).native_stack();
        Ok(())
    }

    /// dump_traceback_later($module, /, timeout, repeat=False, file=sys.stderr, exit=False)
    /// --
    ///
    /// Dump the traceback of all threads in timeout seconds,
    /// or each timeout seconds if repeat is True. If exit is True, call _exit(1) which is not safe.
    #[function]
    fn dump_traceback_later(
        timeout: &Object,
        repeat: Option<bool>,
        file: Option<OrNone<&Object>>,
        exit: Option<bool>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let timeout = clock::nanoseconds(timeout, Rounding::Up, thread)?;
        let Some(microseconds) = u64::try_from(Rounding::Up.divide(timeout, 1000)).ok().filter(|it| *it > 0) else {
            return Err(raise!(thread, ValueError, "timeout must be greater than 0"));
        };
        let target = target::of_argument(file, thread)?;
        let order = watchdog::Order { microseconds, repeat: repeat.unwrap_or(false), exit: exit.unwrap_or(false) };
        if !watchdog::start(order, target, thread) {
            return Err(raise!(thread, RuntimeError, "unable to start watchdog thread"));
        }
        Ok(())
    }

    /// cancel_dump_traceback_later($module, /)
    /// --
    ///
    /// Cancel the previous call to dump_traceback_later().
    #[function]
    fn cancel_dump_traceback_later(thread: &mut Thread) {
        watchdog::cancel(thread);
    }

    /// register($module, /, signum, file=sys.stderr, all_threads=True, chain=False)
    /// --
    ///
    /// Register a handler for the signal 'signum': dump the traceback of the current thread, or of all threads if all_threads is True, into file.
    #[function]
    fn register(
        signum: i32,
        file: Option<OrNone<&Object>>,
        all_threads: Option<bool>,
        chain: Option<bool>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        check_signal(signum, thread)?;
        let target = target::of_argument(file, thread)?;
        user::register(signum, target, all_threads.unwrap_or(true), chain.unwrap_or(false), thread)
            .map_err(|number| thread.raise_os_error(number, None))
    }

    /// unregister($module, signum, /)
    /// --
    ///
    /// Unregister the handler of the signal 'signum' registered by register().
    #[function]
    fn unregister(signum: i32, thread: &mut Thread) -> PyResult<bool> {
        check_signal(signum, thread)?;
        Ok(user::unregister(signum, thread))
    }

    /// _read_null($module, /)
    /// --
    ///
    /// Read from NULL, raise a SIGSEGV or SIGBUS signal depending on the platform.
    #[function]
    fn _read_null(thread: &mut Thread) -> PyResult<()> {
        // SAFETY: none: this is the fault that was asked for. The instruction reads a page that is never mapped, and changes nothing else.
        unsafe { std::arch::asm!("mov {word:e}, dword ptr [{address}]", word = out(reg) _, address = in(reg) 0usize) };
        Err(raise_survived(libc::SIGSEGV, thread))
    }

    /// _sigsegv($module, release_gil=False, /)
    /// --
    ///
    /// Raise a SIGSEGV signal.
    #[function]
    fn _sigsegv(release_gil: Option<bool>, thread: &mut Thread) {
        if release_gil.unwrap_or(false) {
            thread.without_lock(|| raise_signal(libc::SIGSEGV));
        } else {
            raise_signal(libc::SIGSEGV);
        }
    }

    /// _sigabrt($module, /)
    /// --
    ///
    /// Raise a SIGABRT signal.
    #[function]
    fn _sigabrt() {
        std::process::abort()
    }

    /// _sigfpe($module, /)
    /// --
    ///
    /// Raise a SIGFPE signal.
    #[function]
    fn _sigfpe() {
        raise_signal(libc::SIGFPE);
    }

    /// _fatal_error_c_thread($module, /)
    /// --
    ///
    /// Call Py_FatalError() in a new C thread.
    #[function]
    fn _fatal_error_c_thread(thread: &mut Thread) -> PyResult<()> {
        fatal::note_interpreter(thread);
        let run = || fatal_error("faulthandler_fatal_error_thread", "in new thread");
        match std::thread::Builder::new().spawn(run) {
            Ok(handle) => {
                // The process ends meanwhile.
                let _ = thread.without_lock(|| handle.join());
                Ok(())
            }
            Err(_) => Err(raise!(thread, RuntimeError, "unable to start the thread")),
        }
    }

    /// _stack_overflow($module, /)
    /// --
    ///
    /// Recursive call to raise a stack overflow.
    #[function]
    fn _stack_overflow(thread: &mut Thread) -> PyResult<()> {
        let calls = overflow(0);
        let bytes = calls * FRAME_BYTES;
        let message = "unable to raise a stack overflow";
        Err(raise!(thread, RuntimeError, "{message} (allocated {bytes} bytes on the stack, {calls} recursive calls)"))
    }
}
