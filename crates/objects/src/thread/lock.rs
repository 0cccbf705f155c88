//! The interpreter's lock: only the thread that has it touches the interpreter's objects.
//!
//! A thread that wants the lock waits for one switch interval; if nobody got the lock meanwhile, it asks the holder for it through the holder's
//! eval breaker. A holder that gives way to such a request waits until another thread has taken the lock, so that a thread that computes cannot
//! take it back before one that waits for input wakes up. (The scheme of CPython's lock, which Antoine Pitrou designed in 2009.)

use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::pending::request;
use super::state::ThreadState;

/// `sys.getswitchinterval()` at the start, in microseconds.
const DEFAULT_INTERVAL: u64 = 5000;

/// What the mutex protects. Threads are named by the addresses of their states.
#[derive(Default)]
struct Holding {
    /// Zero if nobody has the lock.
    holder: usize,
    /// The holder's eval breaker, while there is a holder.
    breaker: usize,
    /// Who had the lock last.
    last: usize,
    /// How often the lock went from one thread to another.
    switches: u64,
    /// Threads in [`InterpreterLock::give_way`].
    giving_way: u32,
}

#[derive(Default)]
struct Inner {
    holding: Mutex<Holding>,
    freed: Condvar,
    switched: Condvar,
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Holding> {
        self.holding.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The lock of one interpreter, or of several that were asked for with a shared one.
pub struct InterpreterLock {
    /// Lives as long as the process; another one takes its place in the child of a fork, because a thread that is not there any more may
    /// have been inside.
    inner: AtomicPtr<Inner>,
    interval: AtomicU64,
    /// The thread that ends the interpreter; no other gets the lock any more.
    finalizing: AtomicUsize,
}

impl InterpreterLock {
    pub(super) fn new() -> Self {
        Self {
            inner: AtomicPtr::new(Box::leak(Box::default())),
            interval: AtomicU64::new(DEFAULT_INTERVAL),
            finalizing: AtomicUsize::new(0),
        }
    }

    /// From now on this is the same lock as another interpreter's: code that was made for one interpreter relies on not running twice at a
    /// time. Called before anybody takes it.
    pub(super) fn share(&self, other: &Self) {
        self.inner.store(other.inner.load(Ordering::Acquire), Ordering::Release);
    }

    fn inner(&self) -> &'static Inner {
        // SAFETY: it is leaked.
        unsafe { &*self.inner.load(Ordering::Acquire) }
    }

    /// Microseconds that a thread waits before it asks for the lock.
    pub fn interval(&self) -> u64 {
        self.interval.load(Ordering::Relaxed)
    }

    pub fn set_interval(&self, microseconds: u64) {
        self.interval.store(microseconds.max(1), Ordering::Relaxed);
    }

    /// Waits for the lock. A thread that comes when another one ends the interpreter waits for ever.
    pub(super) fn take(&self, state: &ThreadState) {
        let own = ptr::from_ref(state).addr();
        let inner = self.inner();
        let mut holding = inner.lock();
        loop {
            if self.is_closed_to(own) {
                drop(holding);
                hang();
            }
            if holding.holder == 0 {
                break;
            }
            let (holder, switches) = (holding.holder, holding.switches);
            let interval = Duration::from_micros(self.interval());
            let (guard, wait) = inner.freed.wait_timeout(holding, interval).unwrap_or_else(PoisonError::into_inner);
            holding = guard;
            if wait.timed_out() && holding.holder == holder && holding.switches == switches {
                // SAFETY: a holder's state lives at least until it gives the lock up, for which it needs the mutex that is held here.
                let breaker = unsafe { &*(holding.breaker as *const AtomicUsize) };
                breaker.fetch_or(request::DROP_LOCK, Ordering::Relaxed);
            }
        }
        holding.holder = own;
        holding.breaker = ptr::from_ref(&state.base().eval_breaker).addr();
        if state.interpreter().record().calls.length() > 0 {
            state.base().eval_breaker.fetch_or(request::CALLS, Ordering::Relaxed);
        }
        if holding.last != own {
            holding.last = own;
            holding.switches += 1;
        }
        if holding.giving_way > 0 {
            inner.switched.notify_all();
        }
    }

    /// Asks whoever has the lock for attention between instructions. May be called by any thread.
    pub(super) fn request(&self, bits: usize) {
        let holding = self.inner().lock();
        if holding.holder != 0 {
            // SAFETY: as in `take`.
            let breaker = unsafe { &*(holding.breaker as *const AtomicUsize) };
            breaker.fetch_or(bits, Ordering::Relaxed);
        }
    }

    /// Gives the lock up.
    pub(super) fn free(&self) {
        let inner = self.inner();
        let mut holding = inner.lock();
        holding.holder = 0;
        drop(holding);
        inner.freed.notify_one();
    }

    /// Gives the lock to a thread that asked for it, and takes it again.
    pub(super) fn give_way(&self, state: &ThreadState) {
        let inner = self.inner();
        let mut holding = inner.lock();
        let switches = holding.switches;
        holding.holder = 0;
        holding.giving_way += 1;
        inner.freed.notify_one();
        // Whoever asked may have given up waiting, as threads do that wait with a timeout of their own in C code.
        let patience = Duration::from_millis(100);
        while holding.switches == switches && holding.holder == 0 {
            let (guard, wait) = inner.switched.wait_timeout(holding, patience).unwrap_or_else(PoisonError::into_inner);
            holding = guard;
            if wait.timed_out() {
                break;
            }
        }
        holding.giving_way -= 1;
        drop(holding);
        self.take(state);
    }

    /// From now on only this thread gets the lock.
    pub(super) fn close_for_others(&self, state: &ThreadState) {
        self.finalizing.store(ptr::from_ref(state).addr(), Ordering::SeqCst);
    }

    /// From now on nobody gets the lock: the interpreter has ended, and the last state in it is gone.
    pub fn close_for_ever(&self) {
        /// No state has such an address.
        const NOBODY: usize = 1;
        self.finalizing.store(NOBODY, Ordering::SeqCst);
    }

    /// True once a thread ends the interpreter.
    pub fn is_closed(&self) -> bool {
        self.finalizing.load(Ordering::SeqCst) != 0
    }

    fn is_closed_to(&self, own: usize) -> bool {
        let finalizing = self.finalizing.load(Ordering::Relaxed);
        finalizing != 0 && finalizing != own
    }

    /// In the child of a fork: a new lock, held by the only thread that there is.
    pub(super) fn renew(&self, state: &ThreadState) {
        self.inner.store(Box::leak(Box::default()), Ordering::Release);
        self.take(state);
    }
}

/// Where a daemon thread stays when the interpreter ends: it must not run on, and unwinding it would run its code.
fn hang() -> ! {
    loop {
        std::thread::park();
    }
}
