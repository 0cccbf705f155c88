//! Calls that may block: the lock is given up around them, and signals that interrupt them are handled.

use std::sync::atomic::Ordering;

use super::Thread;
use super::pending::request;
use super::state::ThreadState;
use crate::errors::PyResult;

/// The lock is away; dropping this takes it back, also when a panic goes by.
struct Away<'a>(&'a ThreadState);

impl Drop for Away<'_> {
    fn drop(&mut self) {
        self.0.interpreter().lock.take(self.0);
        ThreadState::make_current(self.0);
    }
}

impl Thread {
    /// Runs something that may block and that touches no object, so that other threads can run meanwhile. All blocking calls of the runtime
    /// go through here.
    #[inline]
    pub fn without_lock<R>(&mut self, block: impl FnOnce() -> R) -> R {
        let state = self.state();
        ThreadState::make_current(std::ptr::null());
        state.interpreter().lock.free();
        let away = Away(state);
        let result = block();
        drop(away);
        result
    }

    /// `PyEval_SaveThread`: gives the lock up until [`Thread::come_back`]. No object may be touched meanwhile.
    pub fn leave(self) {
        ThreadState::make_current(std::ptr::null());
        self.state().interpreter().lock.free();
    }

    /// `PyEval_RestoreThread`: takes the lock again for a state that has left.
    ///
    /// # Safety
    /// The state is the one of the thread that runs here, and it is not attached.
    pub unsafe fn come_back(state: &ThreadState) {
        state.interpreter().lock.take(state);
        ThreadState::make_current(state);
    }

    /// Lets a thread run that asked for the lock.
    pub(super) fn give_way(&mut self) {
        let state = self.state();
        ThreadState::make_current(std::ptr::null());
        state.interpreter().lock.give_way(state);
        ThreadState::make_current(state);
    }

    /// Runs the handlers of signals that have arrived, if this is the thread that does (`PyErr_CheckSignals`).
    #[inline]
    pub fn check_signals(&mut self) -> PyResult<()> {
        let breaker = &self.state().base().eval_breaker;
        if breaker.load(Ordering::Relaxed) & request::SIGNAL == 0 {
            return Ok(());
        }
        breaker.fetch_and(!request::SIGNAL, Ordering::AcqRel);
        match self.interpreter().pending_handlers.get().signal {
            Some(handle) => handle(self),
            None => Ok(()),
        }
    }
}
