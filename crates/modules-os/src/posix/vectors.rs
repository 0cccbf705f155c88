//! Reading and writing with several buffers at once: `readv` and its kin.

use layout::{PyBUF_SIMPLE, PyBUF_WRITABLE};
use macros::python_module;
use objects::errors::PyResult;
use objects::protocol;
use objects::protocol::buffer::Buffer;
use objects::raise;
use objects::refs::Object;
use objects::thread::Thread;
use system::call;

/// The buffers of a sequence, and how the system is told of them.
struct Vectors {
    /// Keep the memory there.
    _buffers: Vec<Buffer>,
    table: Vec<libc::iovec>,
}

impl Vectors {
    fn new(buffers: &Object, function: &str, writable: bool, thread: &mut Thread) -> PyResult<Self> {
        if !protocol::is_sequence(buffers) {
            return Err(raise!(thread, TypeError, "{function}() arg 2 must be a sequence"));
        }
        let flags = if writable { PyBUF_WRITABLE } else { PyBUF_SIMPLE };
        let mut held = Vec::new();
        for item in protocol::collect(buffers, thread)? {
            held.push(Buffer::get(&item, flags, thread)?);
        }
        let table = held.iter().map(|it| libc::iovec { iov_base: it.raw().buf.get(), iov_len: it.length() }).collect();
        Ok(Self { _buffers: held, table })
    }

    fn count(&self) -> i32 {
        i32::try_from(self.table.len()).unwrap_or(i32::MAX)
    }

    fn pointer(&self) -> *const libc::iovec {
        self.table.as_ptr()
    }
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// readv($module, fd, buffers, /)
    /// --
    ///
    /// Read from a file descriptor fd into an iterable of buffers.
    ///
    /// The buffers should be mutable buffers accepting bytes.
    /// readv will transfer data into each buffer until it is full
    /// and then move on to the next buffer in the sequence to hold
    /// the rest of the data.
    ///
    /// readv returns the total number of bytes read,
    /// which may be less than the total capacity of all the buffers.
    #[function]
    fn readv(fd: i32, buffers: &Object, thread: &mut Thread) -> PyResult<isize> {
        let vectors = Vectors::new(buffers, "readv", true, thread)?;
        // SAFETY: the table describes memory that the buffers keep.
        call::checked_interruptible(|| unsafe { libc::readv(fd, vectors.pointer(), vectors.count()) }, thread)
    }

    /// writev($module, fd, buffers, /)
    /// --
    ///
    /// Iterate over buffers, and write the contents of each to a file descriptor.
    ///
    /// Returns the total number of bytes written.
    /// buffers must be a sequence of bytes-like objects.
    #[function]
    fn writev(fd: i32, buffers: &Object, thread: &mut Thread) -> PyResult<isize> {
        let vectors = Vectors::new(buffers, "writev", false, thread)?;
        // SAFETY: the table describes memory that the buffers keep.
        call::checked_interruptible(|| unsafe { libc::writev(fd, vectors.pointer(), vectors.count()) }, thread)
    }

    /// preadv($module, fd, buffers, offset, flags=0, /)
    /// --
    ///
    /// Reads from a file descriptor into a number of mutable bytes-like objects.
    ///
    /// Combines the functionality of readv() and pread().  As readv(), it will
    /// transfer data into each buffer until it is full and then move on to the
    /// next buffer in the sequence to hold the rest of the data.  Its fourth
    /// argument, specifies the file offset at which the input operation is to
    /// be performed.  It will return the total number of bytes read (which can
    /// be less than the total capacity of all the objects).
    ///
    /// The flags argument contains a bitwise OR of zero or more of the
    /// following flags:
    ///
    /// - RWF_HIPRI
    /// - RWF_NOWAIT
    ///
    /// Using non-zero flags requires Linux 4.6 or newer.
    #[function]
    fn preadv(fd: i32, buffers: &Object, offset: i64, flags: i32, thread: &mut Thread) -> PyResult<isize> {
        let vectors = Vectors::new(buffers, "preadv", true, thread)?;
        call::checked_interruptible(
            // SAFETY: the table describes memory that the buffers keep.
            || unsafe { libc::preadv2(fd, vectors.pointer(), vectors.count(), offset, flags) },
            thread,
        )
    }

    /// pwritev($module, fd, buffers, offset, flags=0, /)
    /// --
    ///
    /// Writes the contents of bytes-like objects to a file descriptor at a given offset.
    ///
    /// Combines the functionality of writev() and pwrite(). All buffers must be
    /// a sequence of bytes-like objects.  Buffers are processed in array order.
    /// Entire contents of first buffer is written before proceeding to second,
    /// and so on. The operating system may set a limit (sysconf() value
    /// SC_IOV_MAX) on the number of buffers that can be used.
    /// This function writes the contents of each object to the file descriptor
    /// and returns the total number of bytes written.
    ///
    /// The flags argument contains a bitwise OR of zero or more of the
    /// following flags:
    ///
    /// - RWF_DSYNC
    /// - RWF_SYNC
    /// - RWF_APPEND
    ///
    /// Using non-zero flags requires Linux 4.7 or newer.
    #[function]
    fn pwritev(fd: i32, buffers: &Object, offset: i64, flags: i32, thread: &mut Thread) -> PyResult<isize> {
        let vectors = Vectors::new(buffers, "pwritev", false, thread)?;
        call::checked_interruptible(
            // SAFETY: the table describes memory that the buffers keep.
            || unsafe { libc::pwritev2(fd, vectors.pointer(), vectors.count(), offset, flags) },
            thread,
        )
    }
}
