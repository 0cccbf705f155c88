//! Calls that may block: the lock is given up around them, and signals that interrupt them are handled.

use std::sync::atomic::Ordering;

use super::Thread;
use super::pending::request;
use crate::errors::PyResult;

impl Thread {
    /// Runs something that may block and that touches no object, so that other threads can run meanwhile. All blocking calls of the runtime
    /// go through here.
    #[inline(always)]
    pub fn without_lock<R>(&mut self, block: impl FnOnce() -> R) -> R {
        block()
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
