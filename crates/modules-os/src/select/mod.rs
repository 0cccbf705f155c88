//! `select`: waiting for files to become ready, by `select`, `poll` and `epoll`.

mod epoll;
mod poll;
mod set;

use macros::python_module;
use objects::errors::{PyResult, TypeError};
use objects::module::Module;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, TypeDeclaration};
use system::call;
use system::clock::{self, Deadline, Rounding};
use system::constants::{self, Constant};
use system::libc_constants;

use set::DescriptorSet;

/// The types of the module.
pub const TYPES: &[&TypeDeclaration] = &[poll::Poll::DECLARATION, epoll::Epoll::DECLARATION];

const CONSTANTS: &[Constant] = libc_constants![
    PIPE_BUF POLLIN POLLPRI POLLOUT POLLERR POLLHUP POLLNVAL POLLRDNORM POLLRDBAND POLLWRNORM POLLWRBAND POLLRDHUP
    EPOLLIN EPOLLOUT EPOLLPRI EPOLLERR EPOLLHUP EPOLLRDHUP EPOLLONESHOT EPOLLEXCLUSIVE EPOLLRDNORM EPOLLRDBAND EPOLLWRNORM
    EPOLLWRBAND EPOLLMSG EPOLLWAKEUP EPOLL_CLOEXEC
];

/// What crate `libc` does not have, or has with a sign.
const OTHERS: &[Constant] = &[("POLLMSG", 0x400), ("EPOLLET", 0x8000_0000)];

/// A timeout in seconds; None: for ever. `complaint` is what other types are told.
fn seconds(timeout: Option<&Object>, complaint: &str, thread: &mut Thread) -> PyResult<Option<i64>> {
    let Some(timeout) = timeout.filter(|it| !it.is_none()) else { return Ok(None) };
    let nanoseconds = clock::nanoseconds(timeout, Rounding::Up, thread);
    match thread.suppress(nanoseconds, TypeError)? {
        Some(nanoseconds) => Ok(Some(nanoseconds)),
        None => Err(raise!(thread, TypeError, "{complaint}")),
    }
}

/// Descriptors and events as a list of pairs.
fn events_list(events: impl Iterator<Item = (i32, u32)>, thread: &mut Thread) -> PyResult<Py<objects::list::List>> {
    let list = objects::list::List::empty(thread);
    for (descriptor, event) in events {
        let descriptor = make_int(i128::from(descriptor), thread);
        let event = make_int(i128::from(event), thread);
        let pair = Tuple::new(vec![descriptor, event], thread)?;
        list.push(pair.into_object(), thread)?;
    }
    Ok(list)
}

pub struct SelectModule;

/// This module supports asynchronous I/O on multiple file descriptors.
///
/// *** IMPORTANT NOTICE ***
/// On Windows, only sockets are supported; on Unix, all file descriptors.
#[python_module(name = "select")]
impl SelectModule {
    /// select($module, rlist, wlist, xlist, timeout=None, /)
    /// --
    ///
    /// Wait until one or more file descriptors are ready for some kind of I/O.
    ///
    /// The first three arguments are iterables of file descriptors to be waited
    /// for:
    /// rlist -- wait until ready for reading
    /// wlist -- wait until ready for writing
    /// xlist -- wait for an "exceptional condition"
    /// If only one kind of condition is required, pass [] for the other lists.
    ///
    /// A file descriptor is either a socket or file object, or a small integer
    /// gotten from a fileno() method call on one of those.
    ///
    /// The optional 4th argument specifies a timeout in seconds; it may be
    /// a floating-point number to specify fractions of seconds.  If it is absent
    /// or None, the call will never time out.
    ///
    /// The return value is a tuple of three lists corresponding to the first
    /// three arguments; each contains the subset of the corresponding file
    /// descriptors that are ready.
    ///
    /// *** IMPORTANT NOTICE ***
    /// On Windows, only sockets are supported; on Unix, all file
    /// descriptors can be used.
    #[function]
    fn select(
        rlist: &Object,
        wlist: &Object,
        xlist: &Object,
        timeout: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let timeout = seconds(timeout, "timeout must be a float or None", thread)?;
        if timeout.is_some_and(|it| it < 0) {
            return Err(raise!(thread, ValueError, "timeout must be non-negative"));
        }
        let mut readable = DescriptorSet::read(rlist, thread)?;
        let mut writable = DescriptorSet::read(wlist, thread)?;
        let mut exceptional = DescriptorSet::read(xlist, thread)?;
        let most = readable.greatest().max(writable.greatest()).max(exceptional.greatest());
        let deadline = Deadline::after(timeout);
        loop {
            let mut rest = deadline.remaining().map(|it| {
                let microseconds = Rounding::Ceiling.divide(it, 1000);
                libc::timeval { tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000 }
            });
            let rest = rest.as_mut().map_or(std::ptr::null_mut(), |it| it);
            let wait = || {
                let (read, write, except) = (readable.pointer(), writable.pointer(), exceptional.pointer());
                // SAFETY: three sets and a time, or null.
                unsafe { libc::select(most + 1, read, write, except, rest) }
            };
            match call::plain(wait, thread) {
                Ok(_) => break,
                Err(libc::EINTR) => thread.check_signals()?,
                Err(number) => return Err(thread.raise_os_error(number, None)),
            }
            if deadline.remaining() == Some(0) {
                readable.clear();
                writable.clear();
                exceptional.clear();
                break;
            }
            readable.restore();
            writable.restore();
            exceptional.restore();
        }
        let mut lists = Vec::new();
        for set in [&readable, &writable, &exceptional] {
            lists.push(set.ready(thread)?.into_object());
        }
        Tuple::new(lists, thread)
    }

    /// poll($module, /)
    /// --
    ///
    /// Returns a polling object.
    ///
    /// This object supports registering and unregistering file descriptors, and
    /// then polling them for I/O events.
    #[function]
    fn poll(thread: &mut Thread) -> Py<poll::Poll> {
        poll::Poll::new(thread)
    }

    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        constants::add(module, CONSTANTS, thread)?;
        constants::add(module, OTHERS, thread)?;
        module.set("epoll", epoll::Epoll::class(), thread)?;
        module.set("error", objects::errors::OSError.as_type(), thread)
    }
}

/// A set of event flags, as `poll` takes them.
fn unsigned_short(value: &Object, thread: &mut Thread) -> PyResult<u16> {
    let int = protocol::index(value, thread)?;
    if int.is_negative() {
        return Err(raise!(thread, ValueError, "Cannot convert negative int"));
    }
    match int.to_i128().and_then(|it| u16::try_from(it).ok()) {
        Some(value) => Ok(value),
        None => Err(raise!(thread, OverflowError, "Python int too large for C unsigned short")),
    }
}
