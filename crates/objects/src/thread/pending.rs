//! The eval breaker: what other threads, signals and the collector want of a thread, looked at between instructions.

use std::sync::atomic::Ordering;

use super::Thread;
use crate::errors::PyResult;

/// Bits of the eval breaker.
pub mod request {
    /// Another thread waits for the lock.
    pub const DROP_LOCK: usize = 1 << 0;
    /// A signal has arrived.
    pub const SIGNAL: usize = 1 << 1;
    /// The youngest generation is full.
    pub const COLLECT: usize = 1 << 2;
    /// An exception was set from another thread.
    pub const EXCEPTION: usize = 1 << 3;
}

impl Thread {
    /// Asks for attention between instructions.
    pub fn request(&self, bits: usize) {
        self.state().base().eval_breaker.fetch_or(bits, Ordering::Relaxed);
    }

    /// Does what the eval breaker asks for.
    pub fn handle_pending(&mut self) -> PyResult<()> {
        let requested = self.state().base().eval_breaker.swap(0, Ordering::AcqRel);
        let handlers = self.interpreter().pending_handlers.get();
        for (bit, handler) in [
            (request::SIGNAL, handlers.signal),
            (request::DROP_LOCK, handlers.drop_lock),
            (request::COLLECT, handlers.collect),
            (request::EXCEPTION, handlers.exception),
        ] {
            if requested & bit != 0
                && let Some(handler) = handler
            {
                handler(self)?;
            }
        }
        Ok(())
    }
}

/// What is to be done for each request; filled in by whoever makes the request possible.
#[derive(Clone, Copy, Default)]
pub struct PendingHandlers {
    pub signal: Option<Handler>,
    pub drop_lock: Option<Handler>,
    pub collect: Option<Handler>,
    pub exception: Option<Handler>,
}

/// Handles one kind of request.
pub type Handler = fn(&mut Thread) -> PyResult<()>;
