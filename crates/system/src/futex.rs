//! `Futex`: a lock that threads of the operating system wait for, whose wait ends when a signal arrives.
//!
//! The standard library's locks wait on through signals; Python's must not, since the main thread has handlers to run. States as in
//! Drepper's "Futexes Are Tricky", second mutex.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

const FREE: u32 = 0;
const HELD: u32 = 1;
/// Held, and somebody may be waiting.
const AWAITED: u32 = 2;

/// How waiting for a lock ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Acquired,
    TimedOut,
    /// A signal arrived.
    Interrupted,
}

/// A lock that is not owned by a thread.
#[derive(Debug, Default)]
pub struct Futex(AtomicU32);

impl Futex {
    /// Takes the lock if it is free.
    pub fn try_acquire(&self) -> bool {
        self.0.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Waits for the lock until it is free, the deadline passes or a signal arrives.
    pub fn acquire(&self, deadline: Option<Instant>) -> Outcome {
        if self.try_acquire() {
            return Outcome::Acquired;
        }
        while self.0.swap(AWAITED, Ordering::Acquire) != FREE {
            let remaining = match deadline {
                Some(deadline) => {
                    let remaining = deadline.saturating_duration_since(Instant::now());
                    if remaining.is_zero() {
                        return Outcome::TimedOut;
                    }
                    Some(remaining)
                }
                None => None,
            };
            match wait(&self.0, AWAITED, remaining) {
                libc::EINTR => return Outcome::Interrupted,
                libc::ETIMEDOUT if deadline.is_some_and(|it| Instant::now() >= it) => return Outcome::TimedOut,
                _ => {}
            }
        }
        Outcome::Acquired
    }

    /// Frees the lock; false if it was free.
    pub fn release(&self) -> bool {
        match self.0.swap(FREE, Ordering::Release) {
            FREE => false,
            AWAITED => {
                wake_one(&self.0);
                true
            }
            _ => true,
        }
    }

    pub fn is_held(&self) -> bool {
        self.0.load(Ordering::Relaxed) != FREE
    }

    /// Makes the lock free in the child of a fork, where nobody waits.
    pub fn reset(&self) {
        self.0.store(FREE, Ordering::Relaxed);
    }
}

/// Waits as long as the word has this value; the error number, or zero.
fn wait(word: &AtomicU32, value: u32, timeout: Option<Duration>) -> i32 {
    let timeout = timeout.map(|it| libc::timespec {
        tv_sec: it.as_secs().min(i64::MAX as u64) as libc::time_t,
        tv_nsec: it.subsec_nanos().into(),
    });
    let timeout = timeout.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    let operation = libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG;
    // SAFETY: the word and the time outlive the call.
    let result = unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, value, timeout) };
    if result == 0 { 0 } else { std::io::Error::last_os_error().raw_os_error().unwrap_or(0) }
}

fn wake_one(word: &AtomicU32) {
    let operation = libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG;
    // SAFETY: waking touches no memory.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, 1) };
}
