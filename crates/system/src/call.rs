//! System calls: without the lock, repeated when a signal interrupts them, their errors as OSError.

use objects::errors::{PyResult, Raised};
use objects::refs::Object;
use objects::thread::Thread;

/// What a system call returns; a negative value (or −1) says that it failed.
pub trait Outcome: Copy {
    fn failed(self) -> bool;
}

macro_rules! outcomes {
    ($($typ:ty),*) => {
        $(impl Outcome for $typ {
            fn failed(self) -> bool {
                self < 0
            }
        })*
    };
}

outcomes!(i32, i64, isize);

/// `errno` of this thread.
pub fn last_error() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

/// Makes `errno` zero, for calls that report errors by it alone.
pub fn clear_error() {
    // SAFETY: the C library gives the address of the thread's own variable.
    unsafe { *libc::__errno_location() = 0 };
}

/// Calls without the lock, once: the result, or `errno`.
pub fn plain<T: Outcome>(call: impl FnOnce() -> T, thread: &mut Thread) -> Result<T, i32> {
    thread.without_lock(|| {
        let outcome = call();
        if outcome.failed() { Err(last_error()) } else { Ok(outcome) }
    })
}

/// Calls without the lock until no signal interrupts the call: the result, or `errno`. Raises what a signal's handler raises.
pub fn interruptible<T: Outcome>(mut call: impl FnMut() -> T, thread: &mut Thread) -> PyResult<Result<T, i32>> {
    loop {
        match plain(&mut call, thread) {
            Err(libc::EINTR) => thread.check_signals()?,
            outcome => return Ok(outcome),
        }
    }
}

/// As [`plain`], with the error raised.
pub fn checked<T: Outcome>(call: impl FnOnce() -> T, thread: &mut Thread) -> PyResult<T> {
    plain(call, thread).map_err(|number| raise(number, None, thread))
}

/// As [`interruptible`], with the error raised.
pub fn checked_interruptible<T: Outcome>(call: impl FnMut() -> T, thread: &mut Thread) -> PyResult<T> {
    interruptible(call, thread)?.map_err(|number| raise(number, None, thread))
}

/// Raises the OSError that `errno` means; after an interrupted call a signal's handler goes first, as `PyErr_SetFromErrno` does.
#[cold]
pub fn raise(number: i32, filename: Option<&Object>, thread: &mut Thread) -> Raised {
    if number == libc::EINTR
        && let Err(raised) = thread.check_signals()
    {
        return raised;
    }
    thread.raise_os_error(number, filename)
}

/// Raises the OSError of the call that has just failed.
#[cold]
pub fn raise_last(thread: &mut Thread) -> Raised {
    raise(last_error(), None, thread)
}
