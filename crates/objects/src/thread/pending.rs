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
    /// Tools watch what the interpreter does (`sys.monitoring`, `sys.settrace`). This bit stays while they do, so that code looks
    /// at its next `RESUME` whether it is to be instrumented: what is not watched pays nothing.
    pub const MONITORING: usize = 1 << 4;
    /// Calls wait to be made between instructions ([`super::Call`]).
    pub const CALLS: usize = 1 << 5;
    /// There was no memory for something that could not be refused: a reserve had to be given up.
    pub const MEMORY: usize = 1 << 6;
}

impl Thread {
    /// Asks for attention between instructions.
    pub fn request(&self, bits: usize) {
        self.state().base().eval_breaker.fetch_or(bits, Ordering::Relaxed);
    }

    /// True while tools watch what the interpreter does.
    #[inline(always)]
    pub fn is_monitored(&self) -> bool {
        self.state().base().eval_breaker.load(Ordering::Relaxed) & request::MONITORING != 0
    }

    /// Tells all threads of the interpreter whether tools watch.
    pub fn set_monitored(&mut self, monitored: bool) {
        self.interpreter().is_monitored.set(monitored);
        for state in self.interpreter().threads.borrow().iter() {
            let breaker = &state.base().eval_breaker;
            if monitored {
                breaker.fetch_or(request::MONITORING, Ordering::Relaxed);
            } else {
                breaker.fetch_and(!request::MONITORING, Ordering::Relaxed);
            }
        }
    }

    /// MemoryError if memory ran out since somebody last asked: for native loops that make many objects, each of which cannot be refused.
    #[inline(always)]
    pub fn check_memory(&mut self) -> PyResult<()> {
        if self.state().base().eval_breaker.load(Ordering::Relaxed) & request::MEMORY == 0 {
            return Ok(());
        }
        self.raise_out_of_memory()
    }

    #[cold]
    #[inline(never)]
    fn raise_out_of_memory(&mut self) -> PyResult<()> {
        self.state().base().eval_breaker.fetch_and(!request::MEMORY, Ordering::Relaxed);
        memory::reserve::refill();
        Err(self.raise_memory_error())
    }

    /// Does what the eval breaker asks for. If that raises, what is left is asked for again.
    pub fn handle_pending(&mut self) -> PyResult<()> {
        // Being watched is no request: it must not cost more than this look.
        if self.state().base().eval_breaker.load(Ordering::Relaxed) & !request::MONITORING == 0 {
            return Ok(());
        }
        let mut requested = self.state().base().eval_breaker.fetch_and(request::MONITORING, Ordering::AcqRel);
        requested &= !request::MONITORING;
        let steps: [(usize, Handler); 6] = [
            (request::MEMORY, Thread::raise_out_of_memory),
            (request::SIGNAL, |thread| run_handler(thread.interpreter().pending_handlers.get().signal, thread)),
            (request::CALLS, Thread::make_calls),
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

/// Asks the thread that runs here for a MemoryError: called by the allocator when it had to give up a part of its reserve.
pub fn memory_ran_out() {
    // SAFETY: a state is current only while it lives; the eval breaker may be set by anybody.
    if let Some(state) = unsafe { super::ThreadState::current().as_ref() } {
        state.base().eval_breaker.fetch_or(request::MEMORY, Ordering::Relaxed);
    }
}
