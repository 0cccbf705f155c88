//! `fcntl`: control of open files, and locks on them.

use macros::python_module;
use objects::audit;
use objects::errors::{OverflowError, PyResult};
use objects::int::Int;
use objects::module::Module;
use objects::protocol::buffer::{Buffer, has_buffer};
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use system::call;
use system::constants::{self, Constant};
use system::descriptor::Descriptor;
use system::libc_constants;

const FROM_LIBC: &[Constant] = libc_constants![
    LOCK_SH LOCK_EX LOCK_NB LOCK_UN F_DUPFD F_DUPFD_CLOEXEC F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW
    F_OFD_GETLK F_OFD_SETLK F_OFD_SETLKW F_GETOWN F_SETOWN F_RDLCK F_WRLCK F_UNLCK F_SETLEASE F_GETLEASE F_NOTIFY
    F_SETPIPE_SZ F_GETPIPE_SZ FICLONE FICLONERANGE FD_CLOEXEC F_ADD_SEALS F_GET_SEALS F_SEAL_SEAL F_SEAL_SHRINK
    F_SEAL_GROW F_SEAL_WRITE F_SEAL_FUTURE_WRITE
];

/// What crate `libc` does not have: the numbers are those of Linux.
const OTHERS: &[Constant] = &[
    ("LOCK_MAND", 32),
    ("LOCK_READ", 64),
    ("LOCK_WRITE", 128),
    ("LOCK_RW", 192),
    ("F_GETSIG", 11),
    ("F_SETSIG", 10),
    ("F_GETLK64", 5),
    ("F_SETLK64", 6),
    ("F_SETLKW64", 7),
    ("FASYNC", 0x2000),
    ("F_DUPFD_QUERY", 1027),
    ("F_EXLCK", 4),
    ("F_SHLCK", 8),
    ("F_GETOWN_EX", 16),
    ("F_SETOWN_EX", 15),
    ("F_OWNER_TID", 0),
    ("F_OWNER_PID", 1),
    ("F_OWNER_PGRP", 2),
    ("F_GET_RW_HINT", 1035),
    ("F_SET_RW_HINT", 1036),
    ("F_GET_FILE_RW_HINT", 1037),
    ("F_SET_FILE_RW_HINT", 1038),
    ("RWH_WRITE_LIFE_NOT_SET", 0),
    ("RWH_WRITE_LIFE_NONE", 1),
    ("RWH_WRITE_LIFE_SHORT", 2),
    ("RWH_WRITE_LIFE_MEDIUM", 3),
    ("RWH_WRITE_LIFE_LONG", 4),
    ("RWH_WRITE_LIFE_EXTREME", 5),
    ("DN_ACCESS", 1),
    ("DN_MODIFY", 2),
    ("DN_CREATE", 4),
    ("DN_DELETE", 8),
    ("DN_RENAME", 16),
    ("DN_ATTRIB", 32),
    ("DN_MULTISHOT", 0x80000000),
];

/// Buffers of arguments are copied up to this size.
const MOST_BYTES: usize = 1024;

/// The third argument of `fcntl` and `ioctl`.
enum Argument {
    Number(i64),
    Bytes(Vec<u8>),
}

/// The lowest bits of an int.
fn masked(int: &Int) -> u64 {
    let magnitude = int
        .digits()
        .iter()
        .take(3)
        .enumerate()
        .fold(0u128, |value, (place, digit)| value | u128::from(*digit) << (30 * place)) as u64;
    if int.is_negative() { magnitude.wrapping_neg() } else { magnitude }
}

impl Argument {
    fn read(value: Option<&Object>, function: &str, thread: &mut Thread) -> PyResult<Self> {
        let Some(value) = value else { return Ok(Self::Number(0)) };
        if protocol::is_index(value) {
            let int = protocol::index(value, thread)?;
            return Ok(Self::Number(masked(&int) as i64));
        }
        let bytes = if let Some(text) = value.downcast::<Str>() {
            if text.length() > MOST_BYTES {
                return Err(raise!(thread, ValueError, "{function} argument 3 is too long"));
            }
            text.utf8(thread)?.to_vec()
        } else if has_buffer(value) {
            let buffer = Buffer::get(value, layout::PyBUF_SIMPLE, thread)?;
            buffer.contiguous(thread).unwrap_or_default().to_vec()
        } else {
            let class = value.class().full_name();
            return Err(raise!(
                thread,
                TypeError,
                "{function}() argument 3 must be an integer, a bytes-like object, or a string, not {class}"
            ));
        };
        if bytes.len() > MOST_BYTES {
            return Err(raise!(thread, ValueError, "{function} argument 3 is too long"));
        }
        Ok(Self::Bytes(bytes))
    }

    /// Calls with the number, or the address of a copy of the bytes, and gives the number or what the copy became.
    fn call(self, mut call: impl FnMut(*mut libc::c_void) -> i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self {
            Self::Number(number) => {
                let result = call::checked_interruptible(|| call(number as usize as *mut libc::c_void), thread)?;
                Ok(make_int(i128::from(result), thread))
            }
            Self::Bytes(bytes) => {
                let mut copy = [0u8; MOST_BYTES + 1];
                copy[..bytes.len()].copy_from_slice(&bytes);
                let pointer = copy.as_mut_ptr();
                call::checked_interruptible(|| call(pointer.cast()), thread)?;
                thread.make_bytes(&copy[..bytes.len()])
            }
        }
    }
}

/// `ioctl` with memory of the caller's that the system may change.
fn ioctl_in_place(descriptor: i32, request: u64, buffer: &Buffer, thread: &mut Thread) -> PyResult<i32> {
    let length = buffer.length();
    if length > MOST_BYTES {
        let target = buffer.raw().buf.get();
        // SAFETY: the exporter keeps the memory there; that it is large enough for the request is the caller's to know.
        return call::checked_interruptible(|| unsafe { libc::ioctl(descriptor, request, target) }, thread);
    }
    let mut copy = [0u8; MOST_BYTES + 1];
    copy[..length].copy_from_slice(buffer.contiguous(thread).unwrap_or_default());
    let pointer = copy.as_mut_ptr();
    // SAFETY: as above, with a copy in which there is room for most requests.
    let result = call::checked_interruptible(|| unsafe { libc::ioctl(descriptor, request, pointer) }, thread)?;
    if let Some(target) = buffer.contiguous_mut(thread) {
        target.copy_from_slice(&copy[..length]);
    }
    Ok(result)
}

/// The command of an `ioctl`.
fn request_number(value: &Object, thread: &mut Thread) -> PyResult<u64> {
    if !protocol::is_index(value) {
        let class = value.class().short_name();
        return Err(raise!(thread, TypeError, "ioctl() argument 2 must be int, not {class}"));
    }
    let int = protocol::index(value, thread)?;
    Ok(masked(&int))
}

/// A length or a start of `lockf`.
fn offset(value: Option<&Object>, thread: &mut Thread) -> PyResult<i64> {
    match value {
        Some(value) => Ok(protocol::index_or_raise(value, OverflowError, thread)? as i64),
        None => Ok(0),
    }
}

pub struct FcntlModule;

/// This module performs file control and I/O control on file
/// descriptors.  It is an interface to the fcntl() and ioctl() Unix
/// routines.  File descriptors can be obtained with the fileno() method of
/// a file or socket object.
#[python_module(name = "fcntl")]
impl FcntlModule {
    /// fcntl($module, fd, cmd, arg=0, /)
    /// --
    ///
    /// Perform the operation cmd on file descriptor fd.
    ///
    /// The values used for cmd are operating system dependent, and are
    /// available as constants in the fcntl module, using the same names as used
    /// in the relevant C header files.  The argument arg is optional, and
    /// defaults to 0; it may be an integer, a bytes-like object or a string.
    /// If arg is given as a string, it will be encoded to binary using the
    /// UTF-8 encoding.
    ///
    /// If the arg given is an integer or if none is specified, the result value
    /// is an integer corresponding to the return value of the fcntl() call in
    /// the C code.
    ///
    /// If arg is given as a bytes-like object, the return value of fcntl() is a
    /// bytes object of that length, containing the resulting value put in the
    /// arg buffer by the operating system.  The length of the arg buffer is not
    /// allowed to exceed 1024 bytes.
    #[function]
    fn fcntl(fd: Descriptor, cmd: i32, arg: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        audit!(thread, "fcntl.fcntl", fd.0, cmd, arg)?;
        let argument = Argument::read(arg, "fcntl", thread)?;
        // SAFETY: a number, or the address of a buffer that is larger than what any command takes.
        argument.call(|word| unsafe { libc::fcntl(fd.0, cmd, word) }, thread)
    }

    /// ioctl($module, fd, request, arg=0, mutate_flag=True, /)
    /// --
    ///
    /// Perform the operation request on file descriptor fd.
    ///
    /// The values used for request are operating system dependent, and are
    /// available as constants in the fcntl or termios library modules, using
    /// the same names as used in the relevant C header files.
    ///
    /// The argument arg is optional, and defaults to 0; it may be an integer, a
    /// bytes-like object or a string.  If arg is given as a string, it will be
    /// encoded to binary using the UTF-8 encoding.
    ///
    /// If the arg given is an integer or if none is specified, the result value
    /// is an integer corresponding to the return value of the ioctl() call in
    /// the C code.
    ///
    /// If the argument is a mutable buffer (such as a bytearray) and the
    /// mutate_flag argument is true (default) then the buffer is (in effect)
    /// passed to the operating system and changes made by the OS will be
    /// reflected in the contents of the buffer after the call has returned.
    /// The return value is the integer returned by the ioctl() system call.
    ///
    /// If the argument is a mutable buffer and the mutable_flag argument is
    /// false, the behavior is as if an immutable buffer had been passed.
    ///
    /// If the argument is an immutable buffer then a copy of the buffer is
    /// passed to the operating system and the return value is a bytes object of
    /// the same length containing whatever the operating system put in the
    /// buffer.  The length of the arg buffer in this case is not allowed to
    /// exceed 1024 bytes.
    #[function]
    fn ioctl(
        fd: Descriptor,
        request: &Object,
        arg: Option<&Object>,
        mutate_flag: bool,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let request = request_number(request, thread)?;
        audit!(thread, "fcntl.ioctl", fd.0, request, arg)?;
        if mutate_flag && let Some(arg) = arg.filter(|it| !protocol::is_index(it) && has_buffer(it)) {
            match Buffer::get(arg, layout::PyBUF_WRITABLE, thread) {
                Ok(buffer) => {
                    let result = ioctl_in_place(fd.0, request, &buffer, thread)?;
                    return Ok(make_int(i128::from(result), thread));
                }
                // What cannot be written to is copied.
                Err(_) => drop(thread.take_exception()),
            }
        }
        let argument = Argument::read(arg, "ioctl", thread)?;
        // SAFETY: a number, or the address of a buffer that is larger than what most requests take; the rest is the caller's to know.
        argument.call(|word| unsafe { libc::ioctl(fd.0, request, word) }, thread)
    }

    /// flock($module, fd, operation, /)
    /// --
    ///
    /// Perform the lock operation on file descriptor fd.
    ///
    /// See the Unix manual page for flock(2) for details (On some systems, this
    /// function is emulated using fcntl()).
    #[function]
    fn flock(fd: Descriptor, operation: i32, thread: &mut Thread) -> PyResult<()> {
        audit!(thread, "fcntl.flock", fd.0, operation)?;
        // SAFETY: numbers.
        call::checked_interruptible(|| unsafe { libc::flock(fd.0, operation) }, thread).map(drop)
    }

    /// lockf($module, fd, cmd, len=0, start=0, whence=0, /)
    /// --
    ///
    /// A wrapper around the fcntl() locking calls.
    ///
    /// fd is the file descriptor of the file to lock or unlock, and operation
    /// is one of the following values:
    ///
    ///     LOCK_UN - unlock
    ///     LOCK_SH - acquire a shared lock
    ///     LOCK_EX - acquire an exclusive lock
    ///
    /// When operation is LOCK_SH or LOCK_EX, it can also be bitwise ORed with
    /// LOCK_NB to avoid blocking on lock acquisition.  If LOCK_NB is used and
    /// the lock cannot be acquired, an OSError will be raised and the exception
    /// will have an errno attribute set to EACCES or EAGAIN (depending on the
    /// operating system -- for portability, check for either value).
    ///
    /// len is the number of bytes to lock, with the default meaning to lock to
    /// EOF.  start is the byte offset, relative to whence, to that the lock
    /// starts.  whence is as with fileobj.seek(), specifically:
    ///
    ///     0 - relative to the start of the file (SEEK_SET)
    ///     1 - relative to the current buffer position (SEEK_CUR)
    ///     2 - relative to the end of the file (SEEK_END)
    #[function]
    fn lockf(
        fd: Descriptor,
        cmd: i32,
        len: Option<&Object>,
        start: Option<&Object>,
        whence: i32,
        thread: &mut Thread,
    ) -> PyResult<()> {
        audit!(thread, "fcntl.lockf", fd.0, cmd, len, start, whence)?;
        let kind = match cmd {
            libc::LOCK_UN => libc::F_UNLCK,
            _ if cmd & libc::LOCK_SH != 0 => libc::F_RDLCK,
            _ if cmd & libc::LOCK_EX != 0 => libc::F_WRLCK,
            _ => return Err(raise!(thread, ValueError, "unrecognized lockf argument")),
        };
        let lock = libc::flock {
            l_type: kind as libc::c_short,
            l_whence: whence as libc::c_short,
            l_start: offset(start, thread)?,
            l_len: offset(len, thread)?,
            l_pid: 0,
        };
        let command = if cmd & libc::LOCK_NB != 0 { libc::F_SETLK } else { libc::F_SETLKW };
        // SAFETY: a local to read.
        call::checked_interruptible(|| unsafe { libc::fcntl(fd.0, command, &lock) }, thread).map(drop)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        constants::add(module, FROM_LIBC, thread)?;
        constants::add(module, OTHERS, thread)
    }
}
