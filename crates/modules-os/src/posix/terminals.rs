//! Terminals: their size, their names, pairs of pseudo-terminals, foreground groups.

use std::ffi::CStr;

use macros::python_module;
use objects::errors::PyResult;
use objects::protocol::make_int;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::struct_sequence;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::tuple::struct_sequence;
use system::call;
use system::descriptor::Descriptor;
use system::path;
use system::zeroed::Zeroed;

use super::descriptors::{pair, set_inheritable};

struct_sequence! {
    /// A tuple of (columns, lines) for holding terminal window size
    pub struct TerminalSize = "os.terminal_size", 2 visible of 2, constructible, HEAPTYPE;
    "columns": "width of the terminal window in characters";
    "lines": "height of the terminal window in characters";
}

/// A name that the system writes into a buffer, or the error number that it returns.
fn named(write: impl FnOnce(*mut libc::c_char, usize) -> i32, thread: &mut Thread) -> PyResult<Py<Str>> {
    let mut name = [0u8; 512];
    let number = thread.without_lock(|| write(name.as_mut_ptr().cast(), name.len() - 1));
    if number != 0 {
        return Err(thread.raise_os_error(number, None));
    }
    let name = CStr::from_bytes_until_nul(&name).unwrap_or_default();
    path::decode(name.to_bytes(), thread)
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// get_terminal_size($module, fd=<unrepresentable>, /)
    /// --
    ///
    /// Return the size of the terminal window as (columns, lines).
    ///
    /// The optional argument fd (default standard output) specifies
    /// which file descriptor should be queried.
    ///
    /// If the file descriptor is not connected to a terminal, an OSError
    /// is thrown.
    ///
    /// This function will only be defined if an implementation is
    /// available for this system.
    ///
    /// shutil.get_terminal_size is the high-level function which should
    /// normally be used, os.get_terminal_size is the low-level implementation.
    #[function]
    fn get_terminal_size(#[default(libc::STDOUT_FILENO)] fd: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut size = libc::winsize::zeroed();
        // SAFETY: a local to write to.
        call::checked(|| unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &mut size) }, thread)?;
        let values = [size.ws_col, size.ws_row].map(|it| make_int(i128::from(it), thread));
        struct_sequence::make::<TerminalSize>(values.into(), thread)
    }

    /// ttyname($module, fd, /)
    /// --
    ///
    /// Return the name of the terminal device connected to 'fd'.
    ///
    ///   fd
    ///     Integer file descriptor handle.
    #[function]
    fn ttyname(fd: i32, thread: &mut Thread) -> PyResult<Py<Str>> {
        // SAFETY: a buffer of the given size.
        named(|name, size| unsafe { libc::ttyname_r(fd, name, size) }, thread)
    }

    /// ptsname($module, fd, /)
    /// --
    ///
    /// Return the name of the slave pseudo-terminal device.
    ///
    ///   fd
    ///     File descriptor of a master pseudo-terminal device.
    ///
    /// If the ptsname_r() C function is available, it is called;
    /// otherwise, performs a ptsname() C function call.
    #[function]
    fn ptsname(fd: Descriptor, thread: &mut Thread) -> PyResult<Py<Str>> {
        // SAFETY: a buffer of the given size.
        named(|name, size| unsafe { libc::ptsname_r(fd.0, name, size) }, thread)
    }

    /// posix_openpt($module, oflag, /)
    /// --
    ///
    /// Open and return a file descriptor for a master pseudo-terminal device.
    ///
    /// Performs a posix_openpt() C function call. The oflag argument is used to
    /// set file status flags and file access modes as specified in the manual
    /// page of posix_openpt() of your system.
    #[function]
    fn posix_openpt(oflag: i32, thread: &mut Thread) -> PyResult<i32> {
        // SAFETY: a number.
        let number = call::checked(|| unsafe { libc::posix_openpt(oflag) }, thread)?;
        if oflag & libc::O_CLOEXEC == 0 {
            set_inheritable(number, false, thread)?;
        }
        Ok(number)
    }

    /// grantpt($module, fd, /)
    /// --
    ///
    /// Grant access to the slave pseudo-terminal device.
    ///
    ///   fd
    ///     File descriptor of a master pseudo-terminal device.
    ///
    /// Performs a grantpt() C function call.
    #[function]
    fn grantpt(fd: Descriptor, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: a number.
        call::checked(|| unsafe { libc::grantpt(fd.0) }, thread).map(drop)
    }

    /// unlockpt($module, fd, /)
    /// --
    ///
    /// Unlock a pseudo-terminal master/slave pair.
    ///
    ///   fd
    ///     File descriptor of a master pseudo-terminal device.
    ///
    /// Performs an unlockpt() C function call.
    #[function]
    fn unlockpt(fd: Descriptor, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: a number.
        call::checked(|| unsafe { libc::unlockpt(fd.0) }, thread).map(drop)
    }

    /// openpty($module, /)
    /// --
    ///
    /// Open a pseudo-terminal.
    ///
    /// Return a tuple of (master_fd, slave_fd) containing open file descriptors
    /// for both the master and slave ends.
    #[function]
    fn openpty(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut ends = [-1; 2];
        let [own, other] = &mut ends;
        let open = || {
            // SAFETY: locals to write to, and nulls.
            unsafe { libc::openpty(own, other, std::ptr::null_mut(), std::ptr::null(), std::ptr::null()) }
        };
        call::checked(open, thread)?;
        for end in ends {
            set_inheritable(end, false, thread)?;
        }
        pair(ends, thread)
    }

    /// login_tty($module, fd, /)
    /// --
    ///
    /// Prepare the tty of which fd is a file descriptor for a new login session.
    ///
    /// Make the calling process a session leader; make the tty the
    /// controlling tty, the stdin, the stdout, and the stderr of the
    /// calling process; close fd.
    #[function]
    fn login_tty(fd: Descriptor, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: a number.
        call::checked(|| unsafe { libc::login_tty(fd.0) }, thread).map(drop)
    }

    /// tcgetpgrp($module, fd, /)
    /// --
    ///
    /// Return the process group associated with the terminal specified by fd.
    #[function]
    fn tcgetpgrp(fd: i32, thread: &mut Thread) -> PyResult<i32> {
        // SAFETY: a number.
        call::checked(|| unsafe { libc::tcgetpgrp(fd) }, thread)
    }

    /// tcsetpgrp($module, fd, pgid, /)
    /// --
    ///
    /// Set the process group associated with the terminal specified by fd.
    #[function]
    fn tcsetpgrp(fd: i32, pgid: i32, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::tcsetpgrp(fd, pgid) }, thread).map(drop)
    }
}
