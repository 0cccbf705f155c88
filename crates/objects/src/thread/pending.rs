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

    /// Does what the eval breaker asks for. If that raises, what is left is asked for again.
    pub fn handle_pending(&mut self) -> PyResult<()> {
        let mut requested = self.state().base().eval_breaker.swap(0, Ordering::AcqRel);
        let steps: [(usize, Handler); 4] = [
            (request::SIGNAL, |thread| run_handler(thread.interpreter().pending_handlers.get().signal, thread)),
            (request::COLLECT, |thread| run_handler(thread.interpreter().pending_handlers.get().collect, thread)),
            (request::DROP_LOCK, |thread| {
                thread.give_way();
                Ok(())
            }),
            (request::EXCEPTION, Thread::raise_async_exception),
        ];
        for (bit, step) in steps {
            if requested & bit == 0 {
                continue;
            }
            requested &= !bit;
            if let Err(raised) = step(self) {
                self.request(requested);
                return Err(raised);
            }
        }
        Ok(())
    }
}

fn run_handler(handler: Option<Handler>, thread: &mut Thread) -> PyResult<()> {
    handler.map_or(Ok(()), |handler| handler(thread))
}

/// What is to be done for each request; filled in by whoever makes the request possible.
#[derive(Clone, Copy, Default)]
pub struct PendingHandlers {
    pub signal: Option<Handler>,
    pub collect: Option<Handler>,
}

/// Handles one kind of request.
pub type Handler = fn(&mut Thread) -> PyResult<()>;
