//! Open files: opening, closing, reading, writing, and what can be asked and set about a descriptor.

use macros::python_module;
use objects::audit;
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::protocol;
use objects::protocol::buffer::{BytesLike, WritableBytesLike};
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::call;
use system::descriptor::{Descriptor, Directory};
use system::path::{Path, PathOrDescriptor};

/// The most that one read or write is asked for, as CPython limits it.
pub(super) const MOST_BYTES: usize = isize::MAX as usize;

/// A buffer of a length that a program gave, with room reserved; MemoryError if there is none.
pub(super) fn buffer_of(length: isize, thread: &mut Thread) -> PyResult<Vec<u8>> {
    if length < 0 {
        return Err(call::raise(libc::EINVAL, None, thread));
    }
    let mut buffer = Vec::new();
    if buffer.try_reserve_exact(length as usize).is_err() {
        return Err(thread.raise_memory_error());
    }
    Ok(buffer)
}

/// Reads into the room of a buffer: `read` gets its address and size.
pub(super) fn fill(
    mut buffer: Vec<u8>,
    mut read: impl FnMut(*mut libc::c_void, usize) -> isize,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let (data, room) = (buffer.as_mut_ptr(), buffer.capacity().min(MOST_BYTES));
    let count = call::checked_interruptible(|| read(data.cast(), room), thread)?;
    // SAFETY: the system has written so many bytes.
    unsafe { buffer.set_len(count as usize) };
    thread.make_bytes(&buffer)
}

/// `FD_CLOEXEC`, off or on.
pub fn set_inheritable(descriptor: i32, inheritable: bool, thread: &mut Thread) -> PyResult<()> {
    // SAFETY: numbers.
    let flags = call::checked(|| unsafe { libc::fcntl(descriptor, libc::F_GETFD) }, thread)?;
    let wanted = if inheritable { flags & !libc::FD_CLOEXEC } else { flags | libc::FD_CLOEXEC };
    // SAFETY: numbers.
    call::checked(|| unsafe { libc::fcntl(descriptor, libc::F_SETFD, wanted) }, thread).map(drop)
}

/// Two numbers as a tuple.
pub(super) fn pair(numbers: [i32; 2], thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let items = numbers.iter().map(|it| protocol::make_int(i128::from(*it), thread)).collect();
    Tuple::new(items, thread)
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// open($module, /, path, flags, mode=511, *, dir_fd=None)
    /// --
    ///
    /// Open a file for low level IO.  Returns a file descriptor (integer).
    ///
    /// If dir_fd is not None, it should be a file descriptor open to
    /// a directory, and path should be relative; path will then be relative to
    /// that directory.
    /// dir_fd may not be implemented on your platform.  If it is unavailable,
    /// using it will raise a NotImplementedError.
    #[function]
    fn open(
        path: Path,
        flags: i32,
        mode: i32,
        #[default(Directory::CURRENT)] dir_fd: Directory,
        thread: &mut Thread,
    ) -> PyResult<i32> {
        let flags = flags | libc::O_CLOEXEC;
        audit!(thread, "open", path.object(), (), flags)?;
        let outcome = call::interruptible(
            // SAFETY: a C string.
            || unsafe { libc::openat(dir_fd.number(), path.name().as_ptr(), flags, mode as libc::c_uint) },
            thread,
        )?;
        outcome.map_err(|number| path.raise(number, thread))
    }

    /// close($module, /, fd)
    /// --
    ///
    /// Close a file descriptor.
    #[function]
    fn close(fd: i32, thread: &mut Thread) -> PyResult<()> {
        // The descriptor is gone even if a signal interrupts the call, so it is not repeated.
        // SAFETY: a number; who closes a file that others use is told by the system.
        match call::plain(|| unsafe { libc::close(fd) }, thread) {
            Ok(_) | Err(libc::EINTR) => Ok(()),
            Err(number) => Err(thread.raise_os_error(number, None)),
        }
    }

    /// closerange($module, fd_low, fd_high, /)
    /// --
    ///
    /// Closes all file descriptors in [fd_low, fd_high), ignoring errors.
    #[function]
    fn closerange(fd_low: i32, fd_high: i32, thread: &mut Thread) {
        close_range(fd_low, fd_high, thread);
    }

    /// dup($module, fd, /)
    /// --
    ///
    /// Return a duplicate of a file descriptor.
    #[function]
    fn dup(fd: i32, thread: &mut Thread) -> PyResult<i32> {
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) }, thread)
    }

    /// dup2($module, /, fd, fd2, inheritable=True)
    /// --
    ///
    /// Duplicate file descriptor.
    #[function]
    fn dup2(fd: i32, fd2: i32, inheritable: bool, thread: &mut Thread) -> PyResult<i32> {
        if fd < 0 || fd2 < 0 {
            return Err(thread.raise_os_error(libc::EBADF, None));
        }
        if inheritable || fd == fd2 {
            // SAFETY: numbers.
            let copy = call::checked_interruptible(|| unsafe { libc::dup2(fd, fd2) }, thread)?;
            if !inheritable {
                set_inheritable(copy, false, thread)?;
            }
            return Ok(copy);
        }
        // SAFETY: numbers.
        call::checked_interruptible(|| unsafe { libc::dup3(fd, fd2, libc::O_CLOEXEC) }, thread)
    }

    /// lockf($module, fd, command, length, /)
    /// --
    ///
    /// Apply, test or remove a POSIX lock on an open file descriptor.
    ///
    ///   fd
    ///     An open file descriptor.
    ///   command
    ///     One of F_LOCK, F_TLOCK, F_ULOCK or F_TEST.
    ///   length
    ///     The number of bytes to lock, starting at the current position.
    #[function]
    fn lockf(fd: i32, command: i32, length: i64, thread: &mut Thread) -> PyResult<()> {
        audit!(thread, "os.lockf", fd, command, length)?;
        // SAFETY: numbers.
        call::checked_interruptible(|| unsafe { libc::lockf(fd, command, length) }, thread).map(drop)
    }

    /// lseek($module, fd, position, whence, /)
    /// --
    ///
    /// Set the position of a file descriptor.  Return the new position.
    ///
    ///   fd
    ///     An open file descriptor, as returned by os.open().
    ///   position
    ///     Position, interpreted relative to 'whence'.
    ///   whence
    ///     The relative position to seek from. Valid values are:
    ///     - SEEK_SET: seek from the start of the file.
    ///     - SEEK_CUR: seek from the current file position.
    ///     - SEEK_END: seek from the end of the file.
    ///
    /// The return value is the number of bytes relative to the beginning of
    /// the file.
    #[function]
    fn lseek(fd: i32, position: i64, whence: i32, thread: &mut Thread) -> PyResult<i64> {
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::lseek(fd, position, whence) }, thread)
    }

    /// read($module, fd, length, /)
    /// --
    ///
    /// Read from a file descriptor.  Returns a bytes object.
    #[function]
    fn read(fd: i32, length: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let buffer = buffer_of(length, thread)?;
        // The allocator may give more room than was asked for.
        let wanted = length as usize;
        // SAFETY: the buffer has the given room.
        fill(buffer, |data, room| unsafe { libc::read(fd, data, room.min(wanted)) }, thread)
    }

    /// readinto($module, fd, buffer, /)
    /// --
    ///
    /// Read into a buffer object from a file descriptor.
    ///
    /// The buffer should be mutable and bytes-like.  On success, returns the
    /// number of bytes read.  Less bytes may be read than the size of the
    /// buffer.  The underlying system call will be retried when interrupted by
    /// a signal, unless the signal handler raises an exception.  Other errors
    /// will not be retried and an error will be raised.
    ///
    /// Returns 0 if *fd* is at end of file or if the provided *buffer* has
    /// length 0 (which can be used to check for errors without reading data).
    /// Never returns negative.
    #[function]
    fn readinto(fd: i32, buffer: WritableBytesLike, thread: &mut Thread) -> PyResult<isize> {
        let (data, room) = (buffer.as_pointer(), buffer.length().min(MOST_BYTES));
        // SAFETY: the exporter keeps the memory there as long as the buffer is held.
        call::checked_interruptible(|| unsafe { libc::read(fd, data.cast(), room) }, thread)
    }

    /// pread($module, fd, length, offset, /)
    /// --
    ///
    /// Read a number of bytes from a file descriptor starting at a particular offset.
    ///
    /// Read length bytes from file descriptor fd, starting at offset bytes from
    /// the beginning of the file.  The file offset remains unchanged.
    #[function]
    fn pread(fd: i32, length: i32, offset: i64, thread: &mut Thread) -> PyResult<Py<Object>> {
        let buffer = buffer_of(length as isize, thread)?;
        let wanted = length as usize;
        // SAFETY: the buffer has the given room.
        fill(buffer, |data, room| unsafe { libc::pread(fd, data, room.min(wanted), offset) }, thread)
    }

    /// write($module, fd, data, /)
    /// --
    ///
    /// Write a bytes object to a file descriptor.
    #[function]
    fn write(fd: i32, data: BytesLike<'_>, thread: &mut Thread) -> PyResult<isize> {
        let (data, length) = {
            let slice = data.as_slice(thread);
            (slice.as_ptr(), slice.len().min(MOST_BYTES))
        };
        // SAFETY: the exporter keeps the memory there as long as the buffer is held.
        call::checked_interruptible(|| unsafe { libc::write(fd, data.cast(), length) }, thread)
    }

    /// pwrite($module, fd, buffer, offset, /)
    /// --
    ///
    /// Write bytes to a file descriptor starting at a particular offset.
    ///
    /// Write buffer to fd, starting at offset bytes from the beginning of
    /// the file.  Returns the number of bytes written.  Does not change the
    /// current file offset.
    #[function]
    fn pwrite(fd: i32, buffer: BytesLike<'_>, offset: i64, thread: &mut Thread) -> PyResult<isize> {
        let (data, length) = {
            let slice = buffer.as_slice(thread);
            (slice.as_ptr(), slice.len().min(MOST_BYTES))
        };
        // SAFETY: the exporter keeps the memory there as long as the buffer is held.
        call::checked_interruptible(|| unsafe { libc::pwrite(fd, data.cast(), length, offset) }, thread)
    }

    /// ftruncate($module, fd, length, /)
    /// --
    ///
    /// Truncate a file, specified by file descriptor, to a specific length.
    #[function]
    fn ftruncate(fd: i32, length: i64, thread: &mut Thread) -> PyResult<()> {
        audit!(thread, "os.truncate", fd, length)?;
        // SAFETY: numbers.
        call::checked_interruptible(|| unsafe { libc::ftruncate(fd, length) }, thread).map(drop)
    }

    /// isatty($module, fd, /)
    /// --
    ///
    /// Return True if the fd is connected to a terminal.
    ///
    /// Return True if the file descriptor is an open file descriptor
    /// connected to the slave end of a terminal.
    #[function]
    fn isatty(fd: i32, thread: &mut Thread) -> bool {
        // SAFETY: a number.
        thread.without_lock(|| unsafe { libc::isatty(fd) }) != 0
    }

    /// pipe($module, /)
    /// --
    ///
    /// Create a pipe.
    ///
    /// Returns a tuple of two file descriptors:
    ///   (read_fd, write_fd)
    #[function]
    fn pipe(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut ends = [0; 2];
        // SAFETY: room for two numbers.
        call::checked(|| unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) }, thread)?;
        pair(ends, thread)
    }

    /// pipe2($module, flags, /)
    /// --
    ///
    /// Create a pipe with flags set atomically.
    ///
    /// Returns a tuple of two file descriptors:
    ///   (read_fd, write_fd)
    ///
    /// flags can be constructed by ORing together one or more of these values:
    /// O_NONBLOCK, O_CLOEXEC.
    #[function]
    fn pipe2(flags: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut ends = [0; 2];
        // SAFETY: room for two numbers.
        call::checked(|| unsafe { libc::pipe2(ends.as_mut_ptr(), flags) }, thread)?;
        pair(ends, thread)
    }

    /// get_inheritable($module, fd, /)
    /// --
    ///
    /// Get the close-on-exe flag of the specified file descriptor.
    #[function]
    fn get_inheritable(fd: i32, thread: &mut Thread) -> PyResult<bool> {
        // SAFETY: numbers.
        let flags = call::checked(|| unsafe { libc::fcntl(fd, libc::F_GETFD) }, thread)?;
        Ok(flags & libc::FD_CLOEXEC == 0)
    }

    /// set_inheritable($module, fd, inheritable, /)
    /// --
    ///
    /// Set the inheritable flag of the specified file descriptor.
    #[function]
    fn set_inheritable(fd: i32, inheritable: i32, thread: &mut Thread) -> PyResult<()> {
        set_inheritable(fd, inheritable != 0, thread)
    }

    /// get_blocking($module, fd, /)
    /// --
    ///
    /// Get the blocking mode of the file descriptor.
    ///
    /// Return False if the O_NONBLOCK flag is set, True if the flag is cleared.
    #[function]
    fn get_blocking(fd: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        // SAFETY: numbers.
        let flags = call::checked(|| unsafe { libc::fcntl(fd, libc::F_GETFL) }, thread)?;
        Ok(Bool::new(flags & libc::O_NONBLOCK == 0))
    }

    /// set_blocking($module, fd, blocking, /)
    /// --
    ///
    /// Set the blocking mode of the specified file descriptor.
    ///
    /// Set the O_NONBLOCK flag if blocking is False,
    /// clear the O_NONBLOCK flag otherwise.
    #[function]
    fn set_blocking(fd: i32, blocking: bool, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        let flags = call::checked(|| unsafe { libc::fcntl(fd, libc::F_GETFL) }, thread)?;
        let wanted = if blocking { flags & !libc::O_NONBLOCK } else { flags | libc::O_NONBLOCK };
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::fcntl(fd, libc::F_SETFL, wanted) }, thread).map(drop)
    }

    /// device_encoding($module, /, fd)
    /// --
    ///
    /// Return a string describing the encoding of a terminal's file descriptor.
    ///
    /// The file descriptor must be attached to a terminal.
    /// If the device is not a terminal, return None.
    #[function]
    fn device_encoding(fd: i32, thread: &mut Thread) -> Option<Py<Str>> {
        // SAFETY: a number.
        let is_terminal = unsafe { libc::isatty(fd) } != 0;
        is_terminal.then(|| Str::from_str("utf-8", thread))
    }

    /// posix_fallocate($module, fd, offset, length, /)
    /// --
    ///
    /// Ensure a file has allocated at least a particular number of bytes on disk.
    ///
    /// Ensure that the file specified by fd encompasses a range of bytes
    /// starting at offset bytes from the beginning and continuing for length
    /// bytes.
    #[function]
    fn posix_fallocate(fd: i32, offset: i64, length: i64, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        returned_error(|| unsafe { libc::posix_fallocate(fd, offset, length) }, thread)
    }

    /// posix_fadvise($module, fd, offset, length, advice, /)
    /// --
    ///
    /// Announce an intention to access data in a specific pattern.
    ///
    /// Announce an intention to access data in a specific pattern, thus
    /// allowing the kernel to make optimizations.
    /// The advice applies to the region of the file specified by fd starting at
    /// offset and continuing for length bytes.
    /// advice is one of POSIX_FADV_NORMAL, POSIX_FADV_SEQUENTIAL,
    /// POSIX_FADV_RANDOM, POSIX_FADV_NOREUSE, POSIX_FADV_WILLNEED, or
    /// POSIX_FADV_DONTNEED.
    #[function]
    fn posix_fadvise(fd: i32, offset: i64, length: i64, advice: i32, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        returned_error(|| unsafe { libc::posix_fadvise(fd, offset, length, advice) }, thread)
    }

    /// fpathconf($module, fd, name, /)
    /// --
    ///
    /// Return the configuration limit name for the file descriptor fd.
    ///
    /// If there is no limit, return -1.
    #[function]
    fn fpathconf(fd: Descriptor, name: &Object, thread: &mut Thread) -> PyResult<i64> {
        let name = super::names::path_name(name, thread)?;
        call::clear_error();
        // SAFETY: numbers.
        let value = thread.without_lock(|| unsafe { libc::fpathconf(fd.0, name) });
        if value == -1 && call::last_error() != 0 {
            return Err(call::raise_last(thread));
        }
        Ok(value)
    }

    /// pathconf($module, /, path, name)
    /// --
    ///
    /// Return the configuration limit name for the file or directory path.
    ///
    /// If there is no limit, return -1.
    /// On some platforms, path may also be specified as an open file
    /// descriptor.  If this functionality is unavailable, using it raises
    /// an exception.
    #[function]
    fn pathconf(path: PathOrDescriptor, name: &Object, thread: &mut Thread) -> PyResult<i64> {
        let name = super::names::path_name(name, thread)?;
        let (value, number) = thread.without_lock(|| {
            call::clear_error();
            // SAFETY: a C string, or a number.
            let value = unsafe {
                match path.descriptor() {
                    Some(number) => libc::fpathconf(number, name),
                    None => libc::pathconf(path.name().as_ptr(), name),
                }
            };
            (value, call::last_error())
        });
        match number {
            0 => Ok(value),
            _ if value != -1 => Ok(value),
            // The name is what is wrong.
            libc::EINVAL => Err(thread.raise_os_error(number, None)),
            _ => Err(path.raise(number, thread)),
        }
    }
}

/// Closes what is open in the range `low..high`; errors are nobody's.
pub fn close_range(low: i32, high: i32, thread: &mut Thread) {
    let low = low.max(0);
    if high <= low {
        return;
    }
    thread.without_lock(|| {
        // SAFETY: numbers.
        let status = unsafe { libc::syscall(libc::SYS_close_range, low, high - 1, 0) };
        if status < 0 {
            for number in low..high {
                // SAFETY: a number.
                unsafe { libc::close(number) };
            }
        }
    });
}

/// Calls a function that returns the error number.
pub(super) fn returned_error(mut call: impl FnMut() -> i32, thread: &mut Thread) -> PyResult<()> {
    loop {
        match thread.without_lock(&mut call) {
            0 => return Ok(()),
            libc::EINTR => thread.check_signals()?,
            number => return Err(thread.raise_os_error(number, None)),
        }
    }
}
