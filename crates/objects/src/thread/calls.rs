//! Calls that are to be made between instructions, as C code asks for with `Py_AddPendingCall`.
//!
//! The queues are the interpreter's record's, so that threads which Python does not know can add to them, without the interpreter's lock. Who has
//! the lock is asked to look through its eval breaker, and whoever gets it looks whether there is something: so no call is forgotten, whoever
//! leaves.

use std::collections::VecDeque;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Thread;
use super::pending::request;
use super::runtime::Record;
use crate::errors::PyResult;

/// Something that a thread does between instructions.
pub type Call = Box<dyn FnOnce(&mut Thread) -> PyResult<()> + Send>;

/// Who is to make a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The interpreter's first thread.
    MainThread,
    AnyThread,
}

impl Caller {
    /// How many calls may wait (CPython's `MAXPENDINGCALLS_MAIN` and `MAXPENDINGCALLS`).
    fn most_waiting(self) -> usize {
        match self {
            Self::MainThread => 32,
            Self::AnyThread => 300,
        }
    }

    /// How many are made before the thread goes on.
    fn most_at_once(self) -> usize {
        match self {
            Self::MainThread => 32,
            Self::AnyThread => 100,
        }
    }
}

/// Calls that wait, the oldest first.
#[derive(Default)]
struct Queue {
    calls: Mutex<VecDeque<Call>>,
    /// How many there are, for who only wants to know that.
    length: AtomicUsize,
    /// The address of the state of the thread that makes them, zero if none does.
    maker: AtomicUsize,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Call>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, call: Call, most: usize) -> bool {
        let mut calls = self.lock();
        let has_room = calls.len() < most;
        if has_room {
            calls.push_back(call);
            self.length.store(calls.len(), Ordering::Release);
        }
        has_room
    }

    fn pop(&self) -> Option<Call> {
        let mut calls = self.lock();
        let call = calls.pop_front();
        self.length.store(calls.len(), Ordering::Release);
        call
    }

    fn is_empty(&self) -> bool {
        self.length.load(Ordering::Acquire) == 0
    }
}

/// The calls of an interpreter.
#[derive(Default)]
pub(super) struct Calls {
    of_main_thread: Queue,
    of_any: Queue,
}

impl Calls {
    fn queue(&self, caller: Caller) -> &Queue {
        match caller {
            Caller::MainThread => &self.of_main_thread,
            Caller::AnyThread => &self.of_any,
        }
    }

    /// How many wait.
    pub(super) fn length(&self) -> usize {
        self.of_main_thread.length.load(Ordering::Acquire) + self.of_any.length.load(Ordering::Acquire)
    }
}

impl Record {
    /// Has a call made by a thread of the interpreter; false if too many wait already. May be called by any thread of the process, and
    /// needs no lock.
    pub fn add_call(&self, call: Call, caller: Caller) -> bool {
        if !self.calls.queue(caller).push(call, caller.most_waiting()) {
            return false;
        }
        if let Some(interpreter) = self.interpreter() {
            interpreter.lock().request(request::CALLS);
        }
        true
    }
}

impl Thread {
    /// Makes the calls that wait, if this thread is to make them. If one raises, the others stay.
    pub(super) fn make_calls(&mut self) -> PyResult<()> {
        let is_main = self.interpreter().main_thread().is_some_and(|main| ptr::eq(main, self.state()));
        if is_main {
            self.make_calls_of(Caller::MainThread)?;
        }
        self.make_calls_of(Caller::AnyThread)
    }

    fn make_calls_of(&mut self, caller: Caller) -> PyResult<()> {
        let own = ptr::from_ref(self.state()).addr();
        let queue = self.interpreter().record().calls.queue(caller);
        if queue.is_empty() {
            return Ok(());
        }
        if let Err(maker) = queue.maker.compare_exchange(0, own, Ordering::AcqRel, Ordering::Acquire) {
            // A call that runs Python code comes here again, which is no time for the next one.
            if maker != own {
                self.request(request::CALLS);
            }
            return Ok(());
        }
        let mut outcome = Ok(());
        for _ in 0..caller.most_at_once() {
            let Some(call) = queue.pop() else { break };
            outcome = call(self);
            if outcome.is_err() {
                break;
            }
        }
        queue.maker.store(0, Ordering::Release);
        if !queue.is_empty() {
            self.request(request::CALLS);
        }
        outcome
    }

    /// Makes all calls that wait, since the interpreter ends. Those that raise are reported.
    pub fn finish_calls(&mut self) {
        loop {
            let before = self.interpreter().record().calls.length();
            if before == 0 {
                return;
            }
            if let Err(raised) = self.make_calls() {
                self.report_unraisable(raised, "Exception ignored in a pending call", None);
            }
            // Calls that ask for more calls must not keep the interpreter.
            if self.interpreter().record().calls.length() >= before {
                return;
            }
        }
    }
}
