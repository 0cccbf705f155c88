//! `select.poll` objects.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use macros::{Instance, python_type};
use objects::errors::{KeyError, PyResult};
use objects::gc::{Traverse, Visitor};
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol::make_int;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::thread::Thread;
use objects::types::Instance as _;
use system::call;
use system::clock::{Deadline, Rounding};
use system::descriptor::Descriptor;

use super::{events_list, seconds, unsigned_short};

/// Descriptors and the events that are waited for.
#[derive(Default)]
struct Registered(RefCell<BTreeMap<i32, u16>>);

impl Traverse for Registered {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// A polling object.
#[derive(Instance)]
#[repr(C)]
pub struct Poll {
    header: Header,
    registered: Registered,
    running: Cell<bool>,
}

impl Poll {
    pub fn new(thread: &mut Thread) -> Py<Poll> {
        let value =
            Poll { header: Header::new(Poll::class()), registered: Registered::default(), running: Cell::new(false) };
        Py::new(value, thread)
    }
}

const EVERYTHING: u16 = (libc::POLLIN | libc::POLLPRI | libc::POLLOUT) as u16;

#[python_type(name = "select.poll", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION))]
impl Poll {
    /// register($self, fd,
    ///          eventmask=select.POLLIN | select.POLLPRI | select.POLLOUT, /)
    /// --
    ///
    /// Register a file descriptor with the polling object.
    ///
    ///   fd
    ///     either an integer, or an object with a fileno() method returning an int
    ///   eventmask
    ///     an optional bitmask describing the type of events to check for
    #[method]
    fn register(&self, fd: Descriptor, eventmask: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let events = match eventmask {
            Some(mask) => unsigned_short(mask, thread)?,
            None => EVERYTHING,
        };
        self.registered.0.borrow_mut().insert(fd.0, events);
        Ok(())
    }

    /// modify($self, fd, eventmask, /)
    /// --
    ///
    /// Modify an already registered file descriptor.
    ///
    ///   fd
    ///     either an integer, or an object with a fileno() method returning
    ///     an int
    ///   eventmask
    ///     a bitmask describing the type of events to check for
    #[method]
    fn modify(&self, fd: Descriptor, eventmask: &Object, thread: &mut Thread) -> PyResult<()> {
        let events = unsigned_short(eventmask, thread)?;
        let known = self.registered.0.borrow_mut().get_mut(&fd.0).map(|it| *it = events);
        known.ok_or_else(|| thread.raise_os_error(libc::ENOENT, None))
    }

    /// unregister($self, fd, /)
    /// --
    ///
    /// Remove a file descriptor being tracked by the polling object.
    #[method]
    fn unregister(&self, fd: Descriptor, thread: &mut Thread) -> PyResult<()> {
        let known = self.registered.0.borrow_mut().remove(&fd.0);
        match known {
            Some(_) => Ok(()),
            None => {
                let number = make_int(i128::from(fd.0), thread);
                Err(thread.raise_with_argument(KeyError, number))
            }
        }
    }

    /// poll($self, timeout=None, /)
    /// --
    ///
    /// Polls the set of registered file descriptors.
    ///
    ///   timeout
    ///     The maximum time to wait in milliseconds, or else None (or a negative
    ///     value) to wait indefinitely.
    ///
    /// Returns a list containing any descriptors that have events or errors
    /// to report, as a list of (fd, event) 2-tuples.
    #[method]
    fn poll(&self, timeout: Option<&Object>, thread: &mut Thread) -> PyResult<Py<List>> {
        // The argument is in milliseconds, of which the same number in seconds is a thousand times as much.
        let timeout = seconds(timeout, "timeout must be an integer or None", thread)?;
        // The least negative number still means for ever.
        let timeout = timeout.map(|it| if it < 0 { -1 } else { Rounding::Up.divide(it, 1000) });
        let timeout = match timeout.filter(|it| *it >= 0) {
            Some(timeout) if Rounding::Up.divide(timeout, 1_000_000) > i64::from(i32::MAX) => {
                return Err(raise!(thread, OverflowError, "timeout is too large"));
            }
            timeout => timeout,
        };
        if self.running.replace(true) {
            return Err(raise!(thread, RuntimeError, "concurrent poll() invocation"));
        }
        let result = self.wait(Deadline::after(timeout), thread);
        self.running.set(false);
        let ready = result?;
        events_list(ready.iter().map(|it| (it.fd, u32::from(it.revents as u16))), thread)
    }
}

impl Poll {
    fn wait(&self, deadline: Deadline, thread: &mut Thread) -> PyResult<Vec<libc::pollfd>> {
        let mut table: Vec<_> = {
            let registered = self.registered.0.borrow();
            registered.iter().map(|(fd, events)| libc::pollfd { fd: *fd, events: *events as i16, revents: 0 }).collect()
        };
        loop {
            let rest = deadline.remaining_milliseconds();
            let (data, count) = (table.as_mut_ptr(), table.len());
            // SAFETY: a table of the given length.
            match call::plain(|| unsafe { libc::poll(data, count as libc::nfds_t, rest) }, thread) {
                Ok(_) => break,
                Err(libc::EINTR) => thread.check_signals()?,
                Err(number) => return Err(thread.raise_os_error(number, None)),
            }
            if deadline.remaining() == Some(0) {
                break;
            }
        }
        table.retain(|it| it.revents != 0);
        Ok(table)
    }
}
