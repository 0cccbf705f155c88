//! `select.epoll` objects.

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::list::List;
use objects::object::BaseObject;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::types::Type;
use system::call;
use system::clock::Deadline;
use system::descriptor::Descriptor;

use super::{events_list, seconds};

/// An epoll object: the descriptor, −1 when closed.
#[derive(Instance)]
#[repr(C)]
pub struct Epoll {
    header: Header,
    descriptor: Cell<i32>,
}

/// Events for which there is room unless the caller says otherwise.
const DEFAULT_ROOM: i32 = 2048 - 1;
const EVERYTHING: u32 = (libc::EPOLLIN | libc::EPOLLPRI | libc::EPOLLOUT) as u32;

impl Epoll {
    fn make(class: &Type, descriptor: i32, thread: &mut Thread) -> PyResult<Py<Epoll>> {
        let value = Epoll { header: Header::new(class), descriptor: Cell::new(descriptor) };
        Py::new_in(class, value, thread)
    }

    fn number(&self, thread: &mut Thread) -> PyResult<i32> {
        match self.descriptor.get() {
            -1 => Err(raise!(thread, ValueError, "I/O operation on closed epoll object")),
            number => Ok(number),
        }
    }

    fn control(&self, operation: i32, descriptor: i32, events: u32, thread: &mut Thread) -> PyResult<()> {
        let own = self.number(thread)?;
        let mut event = libc::epoll_event { events, u64: descriptor as u32 as u64 };
        // SAFETY: a local to read.
        call::checked(|| unsafe { libc::epoll_ctl(own, operation, descriptor, &mut event) }, thread).map(drop)
    }

    fn close_descriptor(&self, thread: &mut Thread) -> PyResult<()> {
        let number = self.descriptor.replace(-1);
        if number == -1 {
            return Ok(());
        }
        // SAFETY: the object owns the descriptor, and forgets it.
        call::checked(|| unsafe { libc::close(number) }, thread).map(drop)
    }
}

impl Drop for Epoll {
    fn drop(&mut self) {
        let number = self.descriptor.replace(-1);
        if number != -1 {
            // SAFETY: the object owns the descriptor, and goes away.
            unsafe { libc::close(number) };
        }
    }
}

/// select.epoll(sizehint=-1, flags=0)
///
/// Returns an epolling object
///
/// sizehint must be a positive integer or -1 for the default size. The
/// sizehint is used to optimize internal data structures. It doesn't limit
/// the maximum number of monitored events.
#[python_type(name = "select.epoll", base = BaseObject, flags(HEAPTYPE))]
impl Epoll {
    #[new]
    #[signature("(sizehint=-1, flags=0)")]
    fn new(class: &Type, sizehint: i32, flags: i32, thread: &mut Thread) -> PyResult<Py<Epoll>> {
        // The hint means nothing to the system any more, but it is checked.
        if sizehint != -1 && sizehint <= 0 {
            return Err(raise!(thread, ValueError, "negative sizehint"));
        }
        if flags & !libc::EPOLL_CLOEXEC != 0 {
            return Err(raise!(thread, OSError, "invalid flags"));
        }
        // SAFETY: a number.
        let number = call::checked(|| unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) }, thread)?;
        Self::make(class, number, thread)
    }

    /// fromfd($type, fd, /)
    /// --
    ///
    /// Create an epoll object from a given control fd.
    #[classmethod]
    fn fromfd(class: &Type, fd: i32, thread: &mut Thread) -> PyResult<Py<Epoll>> {
        Self::make(class, fd, thread)
    }

    /// close($self, /)
    /// --
    ///
    /// Close the epoll control file descriptor.
    ///
    /// Further operations on the epoll object will raise an exception.
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<()> {
        self.close_descriptor(thread)
    }

    /// fileno($self, /)
    /// --
    ///
    /// Return the epoll control file descriptor.
    #[method]
    fn fileno(&self, thread: &mut Thread) -> PyResult<i32> {
        self.number(thread)
    }

    /// register($self, /, fd,
    ///          eventmask=select.EPOLLIN | select.EPOLLPRI | select.EPOLLOUT)
    /// --
    ///
    /// Registers a new fd or raises an OSError if the fd is already registered.
    ///
    ///   fd
    ///     the target file descriptor of the operation
    ///   eventmask
    ///     a bit set composed of the various EPOLL constants
    ///
    /// The epoll interface supports all file descriptors that support poll.
    #[method]
    fn register(&self, fd: Descriptor, #[default(EVERYTHING)] eventmask: u32, thread: &mut Thread) -> PyResult<()> {
        self.control(libc::EPOLL_CTL_ADD, fd.0, eventmask, thread)
    }

    /// modify($self, /, fd, eventmask)
    /// --
    ///
    /// Modify event mask for a registered file descriptor.
    ///
    ///   fd
    ///     the target file descriptor of the operation
    ///   eventmask
    ///     a bit set composed of the various EPOLL constants
    #[method]
    fn modify(&self, fd: Descriptor, eventmask: u32, thread: &mut Thread) -> PyResult<()> {
        self.control(libc::EPOLL_CTL_MOD, fd.0, eventmask, thread)
    }

    /// unregister($self, /, fd)
    /// --
    ///
    /// Remove a registered file descriptor from the epoll object.
    ///
    ///   fd
    ///     the target file descriptor of the operation
    #[method]
    fn unregister(&self, fd: Descriptor, thread: &mut Thread) -> PyResult<()> {
        self.control(libc::EPOLL_CTL_DEL, fd.0, 0, thread)
    }

    /// poll($self, /, timeout=None, maxevents=-1)
    /// --
    ///
    /// Wait for events on the epoll file descriptor.
    ///
    ///   timeout
    ///     the maximum time to wait in seconds (as float);
    ///     a timeout of None or -1 makes poll wait indefinitely
    ///   maxevents
    ///     the maximum number of events returned; -1 means no limit
    ///
    /// Returns a list containing any descriptors that have events to
    /// report, as a list of (fd, events) 2-tuples.
    #[method]
    fn poll(&self, timeout: Option<&Object>, maxevents: i32, thread: &mut Thread) -> PyResult<Py<List>> {
        let own = self.number(thread)?;
        let timeout = seconds(timeout, "timeout must be an integer or None", thread)?;
        let room = match maxevents {
            -1 => DEFAULT_ROOM,
            1.. => maxevents,
            _ => return Err(raise!(thread, ValueError, "maxevents must be greater than 0, got {maxevents}")),
        };
        let deadline = Deadline::after(timeout.filter(|it| *it >= 0));
        let mut events: Vec<libc::epoll_event> = Vec::new();
        if events.try_reserve_exact(room as usize).is_err() {
            return Err(thread.raise_memory_error());
        }
        let count = loop {
            let (data, rest) = (events.as_mut_ptr(), deadline.remaining_milliseconds());
            // SAFETY: there is so much room.
            match call::plain(|| unsafe { libc::epoll_wait(own, data, room, rest) }, thread) {
                Ok(count) => break count,
                Err(libc::EINTR) => thread.check_signals()?,
                Err(number) => return Err(thread.raise_os_error(number, None)),
            }
            if deadline.remaining() == Some(0) {
                break 0;
            }
        };
        // SAFETY: the system has written so many events.
        unsafe { events.set_len(count as usize) };
        events_list(events.iter().map(|it| (it.u64 as u32 as i32, it.events)), thread)
    }

    /// __enter__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __enter__(&self, thread: &mut Thread) -> PyResult<Py<Epoll>> {
        self.number(thread)?;
        Ok(Py::from_ref(self))
    }

    /// __exit__($self, exc_type=None, exc_value=None, exc_tb=None, /)
    /// --
    ///
    ///
    #[method]
    fn __exit__(
        &self,
        exc_type: Option<&Object>,
        exc_value: Option<&Object>,
        exc_tb: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<()> {
        let _ = (exc_type, exc_value, exc_tb);
        self.close_descriptor(thread)
    }

    /// True if the epoll handler is closed
    #[getter]
    fn closed(&self) -> bool {
        self.descriptor.get() == -1
    }
}
