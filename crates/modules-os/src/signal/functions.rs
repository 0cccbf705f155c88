//! The functions of `_signal`.

use builtins::set::Set;
use macros::python_module;
use objects::audit;
use objects::errors::{KeyboardInterrupt, OSError, PyResult, Raised};
use objects::float::Float;
use objects::int::Int;
use objects::module::Module;
use objects::protocol::make_int;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::struct_sequence;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::tuple::struct_sequence;
use objects::types::{Instance, TypeDeclaration};
use system::call;
use system::clock::{self, Deadline, Rounding};
use system::constants::{self, Constant};
use system::exception;
use system::libc_constants;
use system::zeroed::Zeroed;

use super::SIGNAL_COUNT;
use super::delivery::{Action, Handlers, current_action, install, is_main_thread, replace_wakeup, set_action};
use super::set::{set_object, signal_set};

struct_sequence! {
    /// struct_siginfo: Result from sigwaitinfo or sigtimedwait.
    ///
    /// This object may be accessed either as a tuple of
    /// (si_signo, si_code, si_errno, si_pid, si_uid, si_status, si_band),
    /// or via the attributes si_signo, si_code, and so on.
    pub struct SignalInformation = "signal.struct_siginfo", 7 visible of 7, constructible, HEAPTYPE;
    "si_signo": "signal number";
    "si_code": "signal code";
    "si_errno": "errno associated with this signal";
    "si_pid": "sending process ID";
    "si_uid": "real user ID of sending process";
    "si_status": "exit value or signal";
    "si_band": "band event for SIGPOLL";
}

/// The types of the module.
pub const TYPES: &[&TypeDeclaration] = &[SignalInformation::DECLARATION];

const CONSTANTS: &[Constant] = libc_constants![
    SIG_BLOCK SIG_UNBLOCK SIG_SETMASK SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGIOT SIGABRT SIGFPE SIGKILL SIGBUS SIGSEGV SIGSYS
    SIGPIPE SIGALRM SIGTERM SIGUSR1 SIGUSR2 SIGCHLD SIGPWR SIGIO SIGURG SIGWINCH SIGPOLL SIGSTOP SIGTSTP SIGCONT SIGTTIN
    SIGTTOU SIGVTALRM SIGPROF SIGXCPU SIGXFSZ SIGSTKFLT ITIMER_REAL ITIMER_VIRTUAL ITIMER_PROF
];

const DEFAULT: i64 = 0;
const IGNORE: i64 = 1;

fn check_number(signal: i32, thread: &mut Thread) -> PyResult<usize> {
    match usize::try_from(signal) {
        Ok(number) if (1..SIGNAL_COUNT).contains(&number) => Ok(number),
        _ => Err(raise!(thread, ValueError, "signal number out of range")),
    }
}

/// What is to be done on a signal, by the second argument of `signal`.
fn action(handler: &Object, thread: &mut Thread) -> PyResult<Action> {
    if handler.class().slots().tp_call.get().is_some() {
        return Ok(Action::Note);
    }
    // `signal.Handlers` makes enumeration members of these, which compare equal to the numbers.
    let number = handler.downcast::<Int>().and_then(Int::to_i128);
    match number {
        Some(number) if number == i128::from(DEFAULT) => Ok(Action::Default),
        Some(number) if number == i128::from(IGNORE) => Ok(Action::Ignore),
        _ => Err(raise!(
            thread,
            TypeError,
            "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"
        )),
    }
}

/// Raises `ItimerError`.
fn raise_timer_error(number: i32, thread: &mut Thread) -> Raised {
    match thread.interpreter().extension::<Handlers>().timer_error.get() {
        Some(class) => exception::raise_number(&class, number, thread),
        None => thread.raise_os_error(number, None),
    }
}

/// A timer as a tuple of seconds.
fn timer_object(timer: &libc::itimerval, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let items = [timer.it_value, timer.it_interval]
        .map(|it| Float::new(it.tv_sec as f64 + it.tv_usec as f64 * 1e-6, thread).into_object());
    Tuple::new(items.into(), thread)
}

fn timer_part(seconds: Option<&Object>, thread: &mut Thread) -> PyResult<libc::timeval> {
    let microseconds = match seconds {
        Some(seconds) => Rounding::Ceiling.divide(clock::nanoseconds(seconds, Rounding::Ceiling, thread)?, 1000),
        None => 0,
    };
    Ok(libc::timeval { tv_sec: microseconds.div_euclid(1_000_000), tv_usec: microseconds.rem_euclid(1_000_000) })
}

fn information(found: &libc::siginfo_t, thread: &mut Thread) -> PyResult<Py<Object>> {
    // SAFETY: the system fills the whole struct; fields that a signal does not use read as numbers without meaning.
    let (process, user, status) = unsafe { (found.si_pid(), found.si_uid(), found.si_status()) };
    // SAFETY: as above: the band lies where the sender's number lies, and reads as a number.
    let band = unsafe { *(&raw const *found).cast::<u8>().add(16).cast::<i64>() };
    let user = crate::posix::identifier_object(user, thread);
    let [signal, code, number, process, status] =
        [found.si_signo, found.si_code, found.si_errno, process, status].map(|it| make_int(i128::from(it), thread));
    let band = make_int(i128::from(band), thread);
    struct_sequence::make::<SignalInformation>(vec![signal, code, number, process, user, status, band], thread)
}

pub struct SignalModule;

/// This module provides mechanisms to use signal handlers in Python.
///
/// Functions:
///
/// alarm() -- cause SIGALRM after a specified time [Unix only]
/// setitimer() -- cause a signal (described below) after a specified
///                float time and the timer may restart then [Unix only]
/// getitimer() -- get current value of timer [Unix only]
/// signal() -- set the action for a given signal
/// getsignal() -- get the signal action for a given signal
/// pause() -- wait until a signal arrives [Unix only]
/// default_int_handler() -- default SIGINT handler
///
/// signal constants:
/// SIG_DFL -- used to refer to the system default handler
/// SIG_IGN -- used to ignore the signal
/// NSIG -- number of defined signals
/// SIGINT, SIGTERM, etc. -- signal numbers
///
/// itimer constants:
/// ITIMER_REAL -- decrements in real time, and delivers SIGALRM upon
///                expiration
/// ITIMER_VIRTUAL -- decrements only when the process is executing,
///                and delivers SIGVTALRM upon expiration
/// ITIMER_PROF -- decrements both when the process is executing and
///                when the system is executing on behalf of the process.
///                Coupled with ITIMER_VIRTUAL, this timer is usually
///                used to profile the time spent by the application
///                in user and kernel space. SIGPROF is delivered upon
///                expiration.
///
///
/// *** IMPORTANT NOTICE ***
/// A signal handler function is called with two arguments:
/// the first is the signal number, the second is the interrupted stack frame.
#[python_module(name = "_signal")]
impl SignalModule {
    /// default_int_handler($module, signalnum, frame, /)
    /// --
    ///
    /// The default handler for SIGINT installed by Python.
    ///
    /// It raises KeyboardInterrupt.
    #[function]
    fn default_int_handler(signalnum: i32, frame: &Object, thread: &mut Thread) -> PyResult<()> {
        let _ = (signalnum, frame);
        Err(thread.raise_kind(KeyboardInterrupt))
    }

    /// alarm($module, seconds, /)
    /// --
    ///
    /// Arrange for SIGALRM to arrive after the given number of seconds.
    #[function]
    fn alarm(seconds: i32) -> u32 {
        // SAFETY: a number.
        unsafe { libc::alarm(seconds as libc::c_uint) }
    }

    /// pause($module, /)
    /// --
    ///
    /// Wait until a signal arrives.
    #[function]
    fn pause(thread: &mut Thread) -> PyResult<()> {
        // SAFETY: no arguments.
        thread.without_lock(|| unsafe { libc::pause() });
        thread.check_signals()
    }

    /// raise_signal($module, signalnum, /)
    /// --
    ///
    /// Send a signal to the executing process.
    #[function]
    fn raise_signal(signalnum: i32, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: a number.
        if thread.without_lock(|| unsafe { libc::raise(signalnum) }) != 0 {
            return Err(call::raise_last(thread));
        }
        thread.check_signals()
    }

    /// signal($module, signalnum, handler, /)
    /// --
    ///
    /// Set the action for the given signal.
    ///
    /// The action can be SIG_DFL, SIG_IGN, or a callable Python object.
    /// The previous action is returned.  See getsignal() for possible return
    /// values.
    ///
    /// *** IMPORTANT NOTICE ***
    /// A signal handler function is called with two arguments: the first is
    /// the signal number, the second is the interrupted stack frame.
    #[function]
    fn signal(signalnum: i32, handler: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        if !is_main_thread(thread) {
            return Err(raise!(thread, ValueError, "signal only works in main thread of the main interpreter"));
        }
        let number = check_number(signalnum, thread)?;
        let action = action(handler, thread)?;
        thread.check_signals()?;
        set_action(signalnum, action).map_err(|number| thread.raise_os_error(number, None))?;
        let handlers = thread.interpreter().extension::<Handlers>();
        Ok(handlers.replace(number, Some(Py::from_ref(handler))))
    }

    /// getsignal($module, signalnum, /)
    /// --
    ///
    /// Return the current action for the given signal.
    ///
    /// The return value can be:
    ///   SIG_IGN -- if the signal is being ignored
    ///   SIG_DFL -- if the default action for the signal is in effect
    ///   None    -- if an unknown handler is in effect
    ///   anything else -- the callable Python object used as a handler
    #[function]
    fn getsignal(signalnum: i32, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let number = check_number(signalnum, thread)?;
        Ok(thread.interpreter().extension::<Handlers>().get(number))
    }

    /// strsignal($module, signalnum, /)
    /// --
    ///
    /// Return the system description of the given signal.
    ///
    /// Returns the description of signal *signalnum*, such as "Interrupt"
    /// for :const:`SIGINT`. Returns :const:`None` if *signalnum* has no
    /// description. Raises :exc:`ValueError` if *signalnum* is invalid.
    #[function]
    fn strsignal(signalnum: i32, thread: &mut Thread) -> PyResult<Option<Py<Str>>> {
        check_number(signalnum, thread)?;
        // SAFETY: a C string that lives until the next call, and the lock is held.
        let text = unsafe { libc::strsignal(signalnum).as_ref().map(|it| std::ffi::CStr::from_ptr(it)) };
        match text.map(|it| it.to_string_lossy().into_owned()) {
            Some(text) if !text.starts_with("Unknown signal") => Ok(Some(Str::from_str(&text, thread))),
            _ => Ok(None),
        }
    }

    /// siginterrupt($module, signalnum, flag, /)
    /// --
    ///
    /// Change system call restart behaviour.
    ///
    /// If flag is False, system calls will be restarted when interrupted by
    /// signal sig, else system calls will be interrupted.
    #[function]
    fn siginterrupt(signalnum: i32, flag: i32, thread: &mut Thread) -> PyResult<()> {
        check_number(signalnum, thread)?;
        let mut action = libc::sigaction::zeroed();
        // SAFETY: a local to write to.
        call::checked(|| unsafe { libc::sigaction(signalnum, std::ptr::null(), &mut action) }, thread)?;
        if flag != 0 {
            action.sa_flags &= !libc::SA_RESTART;
        } else {
            action.sa_flags |= libc::SA_RESTART;
        }
        // SAFETY: a whole struct, which the system gave.
        call::checked(|| unsafe { libc::sigaction(signalnum, &action, std::ptr::null_mut()) }, thread).map(drop)
    }

    /// set_wakeup_fd($module, fd, /, *, warn_on_full_buffer=True)
    /// --
    ///
    /// Sets the fd to be written to (with the signal number) when a signal comes in.
    ///
    /// A library can use this to wakeup select or poll.
    /// The previous fd or -1 is returned.
    ///
    /// The fd must be non-blocking.
    #[function]
    fn set_wakeup_fd(fd: i32, #[default(true)] warn_on_full_buffer: bool, thread: &mut Thread) -> PyResult<i32> {
        if !is_main_thread(thread) {
            return Err(raise!(thread, ValueError, "set_wakeup_fd only works in main thread of the main interpreter"));
        }
        if fd != -1 {
            // SAFETY: numbers.
            let flags = call::checked(|| unsafe { libc::fcntl(fd, libc::F_GETFL) }, thread)?;
            if flags & libc::O_NONBLOCK == 0 {
                return Err(raise!(thread, ValueError, "the fd {fd} must be in non-blocking mode"));
            }
        }
        thread.interpreter().extension::<Handlers>().warns_of_full_buffer.set(warn_on_full_buffer);
        Ok(replace_wakeup(fd))
    }

    /// setitimer($module, which, seconds, interval=0.0, /)
    /// --
    ///
    /// Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF).
    ///
    /// The timer will fire after value seconds and after that every interval
    /// seconds.  The itimer can be cleared by setting seconds to zero.
    ///
    /// Returns old values as a tuple: (delay, interval).
    #[function]
    fn setitimer(which: i32, seconds: &Object, interval: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let it_value = timer_part(Some(seconds), thread)?;
        let it_interval = timer_part(interval, thread)?;
        let new = libc::itimerval { it_interval, it_value };
        let mut old = libc::itimerval::zeroed();
        // SAFETY: locals to read and to write.
        let outcome = call::plain(|| unsafe { libc::setitimer(which as _, &new, &mut old) }, thread);
        match outcome {
            Ok(_) => timer_object(&old, thread),
            Err(number) => Err(raise_timer_error(number, thread)),
        }
    }

    /// getitimer($module, which, /)
    /// --
    ///
    /// Returns current value of given itimer.
    #[function]
    fn getitimer(which: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut timer = libc::itimerval::zeroed();
        // SAFETY: a local to write to.
        match call::plain(|| unsafe { libc::getitimer(which as _, &mut timer) }, thread) {
            Ok(_) => timer_object(&timer, thread),
            Err(number) => Err(raise_timer_error(number, thread)),
        }
    }

    /// pthread_kill($module, thread_id, signalnum, /)
    /// --
    ///
    /// Send a signal to a thread.
    #[function]
    fn pthread_kill(thread_id: u64, signalnum: i32, thread: &mut Thread) -> PyResult<()> {
        audit!(thread, "signal.pthread_kill", thread_id, signalnum)?;
        // SAFETY: the number of a thread, which the caller must know to be alive, as in C.
        let number = unsafe { libc::pthread_kill(thread_id, signalnum) };
        if number != 0 {
            return Err(thread.raise_os_error(number, None));
        }
        // The signal may be for this thread.
        thread.check_signals()
    }

    /// pthread_sigmask($module, how, mask, /)
    /// --
    ///
    /// Fetch and/or change the signal mask of the calling thread.
    #[function]
    fn pthread_sigmask(how: i32, mask: &Object, thread: &mut Thread) -> PyResult<Py<Set>> {
        let new = signal_set(mask, thread)?;
        let mut old = libc::sigset_t::zeroed();
        // SAFETY: locals to read and to write.
        let number = unsafe { libc::pthread_sigmask(how, &new, &mut old) };
        if number != 0 {
            return Err(thread.raise_os_error(number, None));
        }
        // Signals that were just let through have their handlers run.
        thread.check_signals()?;
        set_object(&old, thread)
    }

    /// sigpending($module, /)
    /// --
    ///
    /// Examine pending signals.
    ///
    /// Returns a set of signal numbers that are pending for delivery to
    /// the calling thread.
    #[function]
    fn sigpending(thread: &mut Thread) -> PyResult<Py<Set>> {
        let mut set = libc::sigset_t::zeroed();
        // SAFETY: a local to write to.
        call::checked(|| unsafe { libc::sigpending(&mut set) }, thread)?;
        set_object(&set, thread)
    }

    /// sigwait($module, sigset, /)
    /// --
    ///
    /// Wait for a signal.
    ///
    /// Suspend execution of the calling thread until the delivery of one of the
    /// signals specified in the signal set sigset.  The function accepts the
    /// signal and returns the signal number.
    #[function]
    fn sigwait(sigset: &Object, thread: &mut Thread) -> PyResult<i32> {
        let set = signal_set(sigset, thread)?;
        let mut signal = 0;
        // SAFETY: locals to read and to write.
        match thread.without_lock(|| unsafe { libc::sigwait(&set, &mut signal) }) {
            0 => Ok(signal),
            number => Err(thread.raise_os_error(number, None)),
        }
    }

    /// sigwaitinfo($module, sigset, /)
    /// --
    ///
    /// Wait synchronously until one of the signals in *sigset* is delivered.
    ///
    /// Returns a struct_siginfo containing information about the signal.
    #[function]
    fn sigwaitinfo(sigset: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let set = signal_set(sigset, thread)?;
        let mut found = libc::siginfo_t::zeroed();
        // SAFETY: locals to read and to write.
        call::checked_interruptible(|| unsafe { libc::sigwaitinfo(&set, &mut found) }, thread)?;
        information(&found, thread)
    }

    /// sigtimedwait($module, sigset, timeout, /)
    /// --
    ///
    /// Like sigwaitinfo(), but with a timeout.
    ///
    /// The timeout is specified in seconds, with floating-point numbers allowed.
    #[function]
    fn sigtimedwait(sigset: &Object, timeout: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let set = signal_set(sigset, thread)?;
        let timeout = clock::nanoseconds(timeout, Rounding::Ceiling, thread)?;
        if timeout < 0 {
            return Err(raise!(thread, ValueError, "timeout must be non-negative"));
        }
        let deadline = Deadline::after(Some(timeout));
        let mut found = libc::siginfo_t::zeroed();
        loop {
            let rest = clock::to_timespec(deadline.remaining().unwrap_or(0));
            // SAFETY: locals to read and to write.
            match call::plain(|| unsafe { libc::sigtimedwait(&set, &mut found, &rest) }, thread) {
                Ok(_) => return information(&found, thread).map(Some),
                Err(libc::EAGAIN) => return Ok(None),
                Err(libc::EINTR) => thread.check_signals()?,
                Err(number) => return Err(thread.raise_os_error(number, None)),
            }
        }
    }

    /// valid_signals($module, /)
    /// --
    ///
    /// Return a set of valid signal numbers on this platform.
    ///
    /// The signal numbers returned by this function can be safely passed to
    /// functions like `pthread_sigmask`.
    #[function]
    fn valid_signals(thread: &mut Thread) -> PyResult<Py<Set>> {
        let mut set = libc::sigset_t::zeroed();
        // SAFETY: a local to write to.
        unsafe { libc::sigfillset(&mut set) };
        set_object(&set, thread)
    }

    /// pidfd_send_signal($module, pidfd, signalnum, siginfo=None, flags=0, /)
    /// --
    ///
    /// Send a signal to a process referred to by a pid file descriptor.
    #[function]
    fn pidfd_send_signal(
        pidfd: i32,
        signalnum: i32,
        siginfo: Option<&Object>,
        flags: i32,
        thread: &mut Thread,
    ) -> PyResult<()> {
        if siginfo.is_some_and(|it| !it.is_none()) {
            return Err(raise!(thread, TypeError, "siginfo must be None"));
        }
        let none = std::ptr::null::<libc::siginfo_t>();
        // SAFETY: numbers and null.
        let send = || unsafe { libc::syscall(libc::SYS_pidfd_send_signal, pidfd, signalnum, none, flags) };
        call::checked(send, thread).map(drop)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        constants::add(module, CONSTANTS, thread)?;
        let others: [Constant; 6] = [
            ("NSIG", SIGNAL_COUNT as i64),
            ("SIGCLD", i64::from(libc::SIGCHLD)),
            ("SIGRTMIN", i64::from(libc::SIGRTMIN())),
            ("SIGRTMAX", i64::from(libc::SIGRTMAX())),
            ("SIG_DFL", DEFAULT),
            ("SIG_IGN", IGNORE),
        ];
        constants::add(module, &others, thread)?;
        let error = exception::new_exception("signal", "ItimerError", &[OSError], thread)?;
        module.set("ItimerError", &error, thread)?;
        let information = struct_sequence::prepare::<SignalInformation>(thread)?;
        module.set("struct_siginfo", &information, thread)?;
        let handlers = thread.interpreter().extension::<Handlers>();
        handlers.timer_error.set(Some(error));
        if !handlers.main_thread.get().is_null() {
            return Ok(());
        }
        if !thread.interpreter().is_first() {
            // Signals are the first interpreter's alone: what the system does can be read, not changed.
            read_actions(&handlers, thread);
            return Ok(());
        }
        install(thread);
        // Writing to a pipe that nobody reads, or past a limit of file sizes, is an OSError, not the end.
        for signal in [libc::SIGPIPE, libc::SIGXFSZ] {
            // SAFETY: no handler runs for a signal that is ignored.
            unsafe { libc::signal(signal, libc::SIG_IGN) };
        }
        read_actions(&handlers, thread);
        install_interrupt(module, &handlers, thread)
    }
}

/// Takes over what the system does on each signal when the interpreter starts.
fn read_actions(handlers: &Handlers, thread: &mut Thread) {
    for signal in 1..SIGNAL_COUNT {
        let function = match current_action(signal as i32) {
            Some(libc::SIG_DFL) => Some(make_int(i128::from(DEFAULT), thread)),
            Some(libc::SIG_IGN) => Some(make_int(i128::from(IGNORE), thread)),
            Some(_) => None,
            None => Some(make_int(i128::from(DEFAULT), thread)),
        };
        drop(handlers.replace(signal, function));
    }
}

/// Lets Ctrl-C raise KeyboardInterrupt, unless the process was told otherwise.
fn install_interrupt(module: &Module, handlers: &Handlers, thread: &mut Thread) -> PyResult<()> {
    if current_action(libc::SIGINT) != Some(libc::SIG_DFL) {
        return Ok(());
    }
    let name = thread.intern_text("default_int_handler");
    if let Some(function) = module.dict().get_str(&name, thread)
        && set_action(libc::SIGINT, Action::Note).is_ok()
    {
        drop(handlers.replace(libc::SIGINT as usize, Some(function)));
    }
    Ok(())
}
