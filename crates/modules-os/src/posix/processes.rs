//! The process and others: numbers, groups, sessions, priorities, times, signals, namespaces, and its end.

use macros::python_module;
use objects::audit;
use objects::errors::PyResult;
use objects::float::Float;
use objects::refs::{Object, Py};
use objects::struct_sequence;
use objects::thread::Thread;
use objects::tuple::struct_sequence;
use system::call;
use system::zeroed::Zeroed;

struct_sequence! {
    /// times_result: Result from os.times().
    ///
    /// This object may be accessed either as a tuple of
    ///   (user, system, children_user, children_system, elapsed),
    /// or via the attributes user, system, children_user, children_system,
    /// and elapsed.
    ///
    /// See os.times for more information.
    pub struct TimesResult = "posix.times_result", 5 visible of 5, constructible, HEAPTYPE;
    "user": "user time";
    "system": "system time";
    "children_user": "user time of children";
    "children_system": "system time of children";
    "elapsed": "elapsed time since an arbitrary point in the past";
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// getpid($module, /)
    /// --
    ///
    /// Return the current process id.
    #[function]
    fn getpid() -> u32 {
        std::process::id()
    }

    /// getppid($module, /)
    /// --
    ///
    /// Return the parent's process id.
    ///
    /// If the parent process has already exited, Windows machines will still
    /// return its id; others systems will return the id of the 'init' proces
    /// (1).
    #[function]
    fn getppid() -> u32 {
        std::os::unix::process::parent_id()
    }

    /// getpgid($module, /, pid)
    /// --
    ///
    /// Call the system call getpgid(), and return the result.
    #[function]
    fn getpgid(pid: i32, thread: &mut Thread) -> PyResult<i32> {
        // SAFETY: a number.
        call::checked(|| unsafe { libc::getpgid(pid) }, thread)
    }

    /// getpgrp($module, /)
    /// --
    ///
    /// Return the current process group id.
    #[function]
    fn getpgrp() -> i32 {
        // SAFETY: no arguments.
        unsafe { libc::getpgrp() }
    }

    /// setpgrp($module, /)
    /// --
    ///
    /// Make the current process the leader of its process group.
    #[function]
    fn setpgrp(thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::setpgid(0, 0) }, thread).map(drop)
    }

    /// setpgid($module, pid, pgrp, /)
    /// --
    ///
    /// Call the system call setpgid(pid, pgrp).
    #[function]
    fn setpgid(pid: i32, pgrp: i32, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::setpgid(pid, pgrp) }, thread).map(drop)
    }

    /// getsid($module, pid, /)
    /// --
    ///
    /// Call the system call getsid(pid) and return the result.
    #[function]
    fn getsid(pid: i32, thread: &mut Thread) -> PyResult<i32> {
        // SAFETY: a number.
        call::checked(|| unsafe { libc::getsid(pid) }, thread)
    }

    /// setsid($module, /)
    /// --
    ///
    /// Call the system call setsid().
    #[function]
    fn setsid(thread: &mut Thread) -> PyResult<()> {
        // SAFETY: no arguments.
        call::checked(|| unsafe { libc::setsid() }, thread).map(drop)
    }

    /// kill($module, pid, signal, /)
    /// --
    ///
    /// Kill a process with a signal.
    #[function]
    fn kill(pid: i32, signal: i32, thread: &mut Thread) -> PyResult<()> {
        audit!(thread, "os.kill", pid, signal)?;
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::kill(pid, signal) }, thread)?;
        // A signal to this very process is handled before the function returns.
        thread.check_signals()
    }

    /// killpg($module, pgid, signal, /)
    /// --
    ///
    /// Kill a process group with a signal.
    #[function]
    fn killpg(pgid: i32, signal: i32, thread: &mut Thread) -> PyResult<()> {
        audit!(thread, "os.killpg", pgid, signal)?;
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::killpg(pgid, signal) }, thread)?;
        thread.check_signals()
    }

    /// nice($module, increment, /)
    /// --
    ///
    /// Add increment to the priority of process and return the new priority.
    #[function]
    fn nice(increment: i32, thread: &mut Thread) -> PyResult<i32> {
        call::clear_error();
        // SAFETY: a number.
        let value = unsafe { libc::nice(increment) };
        if value == -1 && call::last_error() != 0 {
            return Err(call::raise_last(thread));
        }
        Ok(value)
    }

    /// getpriority($module, /, which, who)
    /// --
    ///
    /// Return program scheduling priority.
    #[function]
    fn getpriority(which: i32, who: i32, thread: &mut Thread) -> PyResult<i32> {
        call::clear_error();
        // SAFETY: numbers.
        let value = unsafe { libc::getpriority(which as libc::__priority_which_t, who as libc::id_t) };
        if value == -1 && call::last_error() != 0 {
            return Err(call::raise_last(thread));
        }
        Ok(value)
    }

    /// setpriority($module, /, which, who, priority)
    /// --
    ///
    /// Set program scheduling priority.
    #[function]
    fn setpriority(which: i32, who: i32, priority: i32, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        let set = || unsafe { libc::setpriority(which as libc::__priority_which_t, who as libc::id_t, priority) };
        call::checked(set, thread).map(drop)
    }

    /// times($module, /)
    /// --
    ///
    /// Return a collection containing process timing information.
    ///
    /// The object returned behaves like a named tuple with these fields:
    ///   (utime, stime, cutime, cstime, elapsed_time)
    /// All fields are floating-point numbers.
    #[function]
    fn times(thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut times = libc::tms::zeroed();
        // SAFETY: a local to write to.
        let elapsed = unsafe { libc::times(&mut times) };
        if elapsed == -1 {
            return Err(call::raise_last(thread));
        }
        // SAFETY: a number.
        let ticks = unsafe { libc::sysconf(libc::_SC_CLK_TCK) } as f64;
        let counts = [times.tms_utime, times.tms_stime, times.tms_cutime, times.tms_cstime, elapsed];
        let values = counts.iter().map(|it| Float::new(*it as f64 / ticks, thread).into_object()).collect();
        struct_sequence::make::<TimesResult>(values, thread)
    }

    /// abort($module, /)
    /// --
    ///
    /// Abort the interpreter immediately.
    ///
    /// This function 'dumps core' or otherwise fails in the hardest way
    /// possible on the hosting operating system.  This function never returns.
    #[function]
    fn abort() {
        // SAFETY: no arguments.
        unsafe { libc::abort() }
    }

    /// _exit($module, /, status)
    /// --
    ///
    /// Exit to the system with specified status, without normal exit processing.
    #[function]
    fn _exit(status: i32) {
        // SAFETY: a number.
        unsafe { libc::_exit(status) }
    }

    /// pidfd_open($module, /, pid, flags=0)
    /// --
    ///
    /// Return a file descriptor referring to the process *pid*.
    ///
    /// The descriptor can be used to perform process management without races
    /// and signals.
    #[function]
    fn pidfd_open(pid: i32, flags: u32, thread: &mut Thread) -> PyResult<i64> {
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::syscall(libc::SYS_pidfd_open, pid, flags) }, thread)
    }

    /// unshare($module, /, flags)
    /// --
    ///
    /// Disassociate parts of a process (or thread) execution context.
    ///
    ///   flags
    ///     Namespaces to be unshared.
    #[function]
    fn unshare(flags: i32, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: a number.
        call::checked(|| unsafe { libc::unshare(flags) }, thread).map(drop)
    }

    /// setns($module, /, fd, nstype=0)
    /// --
    ///
    /// Move the calling thread into different namespaces.
    ///
    ///   fd
    ///     A file descriptor to a namespace.
    ///   nstype
    ///     Type of namespace.
    #[function]
    fn setns(fd: system::descriptor::Descriptor, nstype: i32, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        call::checked_interruptible(|| unsafe { libc::setns(fd.0, nstype) }, thread).map(drop)
    }
}
