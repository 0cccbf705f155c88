//! Sets of signals as arguments and results.

use builtins::set::Set;
use objects::errors::PyResult;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use system::zeroed::Zeroed;

use super::SIGNAL_COUNT;

/// The signals that an iterable gives.
pub fn signal_set(iterable: &Object, thread: &mut Thread) -> PyResult<libc::sigset_t> {
    let mut set = libc::sigset_t::zeroed();
    // SAFETY: a local to write to.
    unsafe { libc::sigemptyset(&mut set) };
    let iterator = protocol::iter(iterable, thread)?;
    while let Some(item) = protocol::next(&iterator, thread)? {
        let int = protocol::index(&item, thread)?;
        // What does not fit a machine word is told as −1.
        let number = int.to_i128().and_then(|it| i64::try_from(it).ok()).unwrap_or(-1);
        let last = SIGNAL_COUNT as i64 - 1;
        if !(1..=last).contains(&number) {
            return Err(raise!(thread, ValueError, "signal number {number} out of range [1; {last}]"));
        }
        // Signals that the C library keeps for itself are refused, which is as good as not blocking them.
        // SAFETY: a set and a number.
        unsafe { libc::sigaddset(&mut set, number as i32) };
    }
    Ok(set)
}

/// A set of signals as a Python set.
pub fn set_object(signals: &libc::sigset_t, thread: &mut Thread) -> PyResult<Py<Set>> {
    let set = Set::new(thread)?;
    for number in 1..SIGNAL_COUNT as i32 {
        // SAFETY: a set and a number.
        if unsafe { libc::sigismember(signals, number) } == 1 {
            let number = make_int(i128::from(number), thread);
            set.view().add(&number, thread)?;
        }
    }
    Ok(set)
}
