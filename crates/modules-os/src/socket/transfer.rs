//! Calls on a socket that may have to wait: with its timeout, without the lock, repeated after signals.

use objects::errors::{PyResult, Raised};
use objects::raise;
use objects::thread::Thread;
use system::call;
use system::call::Outcome;
use system::clock::Deadline;

/// What a call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ready {
    Read,
    Write,
    /// A connection that is made in the background.
    Connect,
}

impl Ready {
    fn events(self) -> i16 {
        match self {
            Ready::Read => libc::POLLIN,
            Ready::Write => libc::POLLOUT,
            Ready::Connect => libc::POLLOUT | libc::POLLERR,
        }
    }
}

#[cold]
pub fn raise_timeout(thread: &mut Thread) -> Raised {
    raise!(thread, TimeoutError, "timed out")
}

/// Waits until the descriptor is ready: false if the time is over, an error number if the call fails otherwise.
pub fn wait(descriptor: i32, ready: Ready, deadline: Deadline, thread: &mut Thread) -> PyResult<Result<bool, i32>> {
    loop {
        let mut entry = libc::pollfd { fd: descriptor, events: ready.events(), revents: 0 };
        let rest = deadline.remaining_milliseconds();
        // SAFETY: one entry.
        match call::plain(|| unsafe { libc::poll(&mut entry, 1, rest) }, thread) {
            Ok(count) => return Ok(Ok(count != 0)),
            Err(libc::EINTR) => thread.check_signals()?,
            Err(number) => return Ok(Err(number)),
        }
    }
}

/// Repeats a call until it is done or fails: its result, or the error number. `timeout` is the socket's.
pub fn until_done<T: Outcome>(
    descriptor: i32,
    ready: Ready,
    deadline: Option<Deadline>,
    mut call: impl FnMut() -> T,
    thread: &mut Thread,
) -> PyResult<T> {
    loop {
        if let Some(deadline) = deadline {
            match wait(descriptor, ready, deadline, thread)? {
                Ok(true) => {}
                Ok(false) => return Err(raise_timeout(thread)),
                Err(number) => return Err(call::raise(number, None, thread)),
            }
        }
        match call::plain(&mut call, thread) {
            Ok(outcome) => return Ok(outcome),
            Err(libc::EINTR) => thread.check_signals()?,
            // Somebody else was faster: the socket was ready a moment ago.
            Err(libc::EAGAIN) if deadline.is_some() => {}
            Err(number) => return Err(call::raise(number, None, thread)),
        }
    }
}
