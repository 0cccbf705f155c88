//! Waiting for children, and what their status says.

use macros::python_module;
use objects::errors::PyResult;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::struct_sequence;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::tuple::struct_sequence;
use system::call;
use system::zeroed::Zeroed;

use super::descriptors::pair;

struct_sequence! {
    /// waitid_result: Result from waitid.
    ///
    /// This object may be accessed either as a tuple of
    ///   (si_pid, si_uid, si_signo, si_status, si_code),
    /// or via the attributes si_pid, si_uid, and so on.
    ///
    /// See os.waitid for more information.
    pub struct WaitidResult = "posix.waitid_result", 5 visible of 5, constructible, HEAPTYPE;
    "si_pid": "";
    "si_uid": "";
    "si_signo": "";
    "si_status": "";
    "si_code": "";
}

/// Makes the tuple of `wait3` and `wait4`, with a `resource.struct_rusage`.
fn with_usage(process: i32, status: i32, usage: &libc::rusage, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let usage = crate::resource::usage_object(usage, thread)?;
    let process = make_int(i128::from(process), thread);
    let status = make_int(i128::from(status), thread);
    Tuple::new(vec![process, status, usage], thread)
}

fn wait_with_usage(process: i32, options: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let (mut status, mut usage) = (0, libc::rusage::zeroed());
    // SAFETY: locals to write to.
    let process =
        call::checked_interruptible(|| unsafe { libc::wait4(process, &mut status, options, &mut usage) }, thread)?;
    with_usage(process, status, &usage, thread)
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// wait($module, /)
    /// --
    ///
    /// Wait for completion of a child process.
    ///
    /// Returns a tuple of information about the child process:
    ///     (pid, status)
    #[function]
    fn wait(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut status = 0;
        // SAFETY: a local to write to.
        let process = call::checked_interruptible(|| unsafe { libc::wait(&mut status) }, thread)?;
        pair([process, status], thread)
    }

    /// waitpid($module, pid, options, /)
    /// --
    ///
    /// Wait for completion of a given child process.
    ///
    /// Returns a tuple of information regarding the child process:
    ///     (pid, status)
    ///
    /// The options argument is ignored on Windows.
    #[function]
    fn waitpid(pid: i32, options: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut status = 0;
        // SAFETY: a local to write to.
        let process = call::checked_interruptible(|| unsafe { libc::waitpid(pid, &mut status, options) }, thread)?;
        pair([process, status], thread)
    }

    /// wait3($module, /, options)
    /// --
    ///
    /// Wait for completion of a child process.
    ///
    /// Returns a tuple of information about the child process:
    ///   (pid, status, rusage)
    #[function]
    fn wait3(options: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        wait_with_usage(-1, options, thread)
    }

    /// wait4($module, /, pid, options)
    /// --
    ///
    /// Wait for completion of a specific child process.
    ///
    /// Returns a tuple of information about the child process:
    ///   (pid, status, rusage)
    #[function]
    fn wait4(pid: i32, options: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        wait_with_usage(pid, options, thread)
    }

    /// waitid($module, idtype, id, options, /)
    /// --
    ///
    /// Returns the result of waiting for a process or processes.
    ///
    ///   idtype
    ///     Must be one of be P_PID, P_PGID or P_ALL.
    ///   id
    ///     The id to wait on.
    ///   options
    ///     Constructed from the ORing of one or more of WEXITED, WSTOPPED
    ///     or WCONTINUED and additionally may be ORed with WNOHANG or WNOWAIT.
    ///
    /// Returns either waitid_result or None if WNOHANG is specified and there
    /// are no children in a waitable state.
    #[function]
    fn waitid(idtype: u32, id: i32, options: i32, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let mut found = libc::siginfo_t::zeroed();
        // SAFETY: a local to write to.
        let wait = || unsafe { libc::waitid(idtype, id as libc::id_t, &mut found, options) };
        call::checked_interruptible(wait, thread)?;
        // SAFETY: the call has filled the fields that go with a child's signal, or left zeros.
        let (process, user, status) = unsafe { (found.si_pid(), found.si_uid(), found.si_status()) };
        if process == 0 {
            return Ok(None);
        }
        let user = super::identity::identifier_object(user, thread);
        let numbers = [process, found.si_signo, status, found.si_code].map(|it| make_int(i128::from(it), thread));
        let [process, signal, status, code] = numbers;
        struct_sequence::make::<WaitidResult>(vec![process, user, signal, status, code], thread).map(Some)
    }

    /// waitstatus_to_exitcode($module, /, status)
    /// --
    ///
    /// Convert a wait status to an exit code.
    ///
    /// On Unix:
    ///
    /// * If WIFEXITED(status) is true, return WEXITSTATUS(status).
    /// * If WIFSIGNALED(status) is true, return -WTERMSIG(status).
    /// * Otherwise, raise a ValueError.
    ///
    /// On Windows, return status shifted right by 8 bits.
    ///
    /// On Unix, if the process is being traced or if waitpid() was called with
    /// WUNTRACED option, the caller must first check if WIFSTOPPED(status) is
    /// true.  This function must not be called if WIFSTOPPED(status) is true.
    #[function]
    fn waitstatus_to_exitcode(status: &Object, thread: &mut Thread) -> PyResult<i32> {
        let status = protocol::index(status, thread)?;
        let status = system::descriptor::as_c_int(&status, thread)?;
        if libc::WIFEXITED(status) {
            let code = libc::WEXITSTATUS(status);
            if code < 0 {
                return Err(raise!(thread, ValueError, "invalid WEXITSTATUS: {code}"));
            }
            return Ok(code);
        }
        if libc::WIFSIGNALED(status) {
            let signal = libc::WTERMSIG(status);
            if signal <= 0 {
                return Err(raise!(thread, ValueError, "invalid WTERMSIG: {signal}"));
            }
            return Ok(-signal);
        }
        if libc::WIFSTOPPED(status) {
            let signal = libc::WSTOPSIG(status);
            return Err(raise!(thread, ValueError, "process stopped by delivery of signal {signal}"));
        }
        Err(raise!(thread, ValueError, "invalid wait status: {status}"))
    }

    /// WCOREDUMP($module, status, /)
    /// --
    ///
    /// Return True if the process returning status was dumped to a core file.
    #[function(name = "WCOREDUMP")]
    fn dumped_core(status: i32) -> bool {
        libc::WCOREDUMP(status)
    }

    /// WIFCONTINUED($module, /, status)
    /// --
    ///
    /// Return True if a particular process was continued from a job control stop.
    ///
    /// Return True if the process returning status was continued from a
    /// job control stop.
    #[function(name = "WIFCONTINUED")]
    fn was_continued(status: i32) -> bool {
        libc::WIFCONTINUED(status)
    }

    /// WIFSTOPPED($module, /, status)
    /// --
    ///
    /// Return True if the process returning status was stopped.
    #[function(name = "WIFSTOPPED")]
    fn was_stopped(status: i32) -> bool {
        libc::WIFSTOPPED(status)
    }

    /// WIFSIGNALED($module, /, status)
    /// --
    ///
    /// Return True if the process returning status was terminated by a signal.
    #[function(name = "WIFSIGNALED")]
    fn was_signaled(status: i32) -> bool {
        libc::WIFSIGNALED(status)
    }

    /// WIFEXITED($module, /, status)
    /// --
    ///
    /// Return True if the process returning status exited via the exit() system call.
    #[function(name = "WIFEXITED")]
    fn has_exited(status: i32) -> bool {
        libc::WIFEXITED(status)
    }

    /// WEXITSTATUS($module, /, status)
    /// --
    ///
    /// Return the process return code from status.
    #[function(name = "WEXITSTATUS")]
    fn exit_status(status: i32) -> i32 {
        libc::WEXITSTATUS(status)
    }

    /// WTERMSIG($module, /, status)
    /// --
    ///
    /// Return the signal that terminated the process that provided the status value.
    #[function(name = "WTERMSIG")]
    fn terminating_signal(status: i32) -> i32 {
        libc::WTERMSIG(status)
    }

    /// WSTOPSIG($module, /, status)
    /// --
    ///
    /// Return the signal that stopped the process that provided the status value.
    #[function(name = "WSTOPSIG")]
    fn stopping_signal(status: i32) -> i32 {
        libc::WSTOPSIG(status)
    }
}
