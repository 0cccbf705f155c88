//! Threads come and go: making states, ending them, what is left of them after a fork, exceptions that one thread sets in another.

use std::ptr;
use std::sync::atomic::Ordering;

use super::interpreter::Interpreter;
use super::pending::request;
use super::state::ThreadState;
use super::{InterpreterLock, Thread};
use crate::errors::{BaseException, PyResult, Raised};
use crate::protocol;
use crate::refs::{Object, Py};
use crate::types::Type;

impl Interpreter {
    /// The interpreter's lock: its interval, and whether somebody ends the interpreter.
    pub fn lock(&self) -> &InterpreterLock {
        &self.lock
    }

    /// A state for the thread that runs here, attached once the lock is free. For threads that were not started from Python.
    ///
    /// # Safety
    /// No other state is current in this thread, and the interpreter outlives it.
    pub unsafe fn new_thread(&self) -> Thread {
        let state = Box::leak(ThreadState::new(self));
        self.lock.take(state);
        self.add_thread(state);
        // SAFETY: the state is new and on the interpreter's list, and the lock has just been taken.
        unsafe { Thread::attach_here(state) }
    }

    /// Puts a state on the list. The caller holds the lock.
    fn add_thread(&self, state: &'static ThreadState) {
        let number = self.next_thread_number.get();
        self.next_thread_number.set(number + 1);
        state.base().id.set(number);
        // New threads are watched like the others.
        if self.is_monitored.get() {
            state.base().eval_breaker.fetch_or(request::MONITORING, Ordering::Relaxed);
        }
        self.threads.borrow_mut().push(state);
    }

    /// The states of the interpreter's threads, the main thread's first.
    pub fn thread_states(&self) -> Vec<*const ThreadState> {
        self.threads.borrow().iter().map(|it| ptr::from_ref(*it)).collect()
    }

    /// As [`Interpreter::thread_states`], for reports of faults, which can neither take the lock nor allocate.
    ///
    /// # Safety
    /// The caller holds the lock, or can live with a list that changes while it is read.
    pub unsafe fn thread_states_unlocked(&self) -> &[&ThreadState] {
        // SAFETY: the caller answers for it.
        unsafe { &*self.threads.as_ptr() }
    }

    /// The state of the interpreter's first thread.
    pub fn main_thread(&self) -> Option<&ThreadState> {
        self.threads.borrow().first().copied()
    }

    /// Adds what a module does in the child of a fork.
    pub fn add_fork_handler(&self, handler: fn(&mut Thread)) {
        let mut handlers = self.fork_handlers.borrow_mut();
        if !handlers.iter().any(|it| ptr::fn_addr_eq(*it, handler)) {
            handlers.push(handler);
        }
    }
}

/// The state of a thread that is about to start, on its way there.
pub struct NewThread(&'static ThreadState);

// SAFETY: the new thread alone uses the state, and touches objects only once it has the lock.
unsafe impl Send for NewThread {}

impl NewThread {
    /// Takes the lock in the new thread.
    pub fn attach(self) -> Thread {
        self.0.interpreter().lock.take(self.0);
        // SAFETY: the state is the new thread's own, and the lock has just been taken.
        unsafe { Thread::attach_here(self.0) }
    }

    /// Takes the state back: the thread could not be started.
    pub fn abandon(self, thread: &mut Thread) {
        remove(self.0, thread.interpreter());
        // SAFETY: nobody knows the state any more.
        drop(unsafe { Box::from_raw(ptr::from_ref(self.0).cast_mut()) });
    }
}

/// Takes a state off the list.
fn remove(state: &ThreadState, interpreter: &Interpreter) {
    interpreter.threads.borrow_mut().retain(|it| !ptr::eq(*it, state));
}

impl Thread {
    /// Makes a state that is on the list the one of the thread that runs here.
    ///
    /// # Safety
    /// The state is this thread's, which holds the lock.
    unsafe fn attach_here(state: &'static ThreadState) -> Thread {
        // SAFETY: the caller holds the lock; the state is freed by this thread alone.
        let mut thread = unsafe { Thread::attach(state) };
        thread.set_default_stack_limit();
        thread
    }

    /// A state for a thread that this one is about to start.
    pub fn prepare_thread(&mut self) -> NewThread {
        let state = Box::leak(ThreadState::new(self.interpreter()));
        self.interpreter().add_thread(state);
        NewThread(state)
    }

    /// Notes how the system names this thread.
    pub fn set_identity(&mut self, identity: u64, native: u64) {
        let base = self.state().base();
        base.thread_id.set(identity);
        base.native_thread_id.set(native);
    }

    /// The thread ends: lets go of what its state refers to, gives up the lock, and frees the state.
    pub fn end(mut self) {
        self.clear_state();
        let state = ptr::from_ref(self.state()).cast_mut();
        let interpreter = ptr::from_ref(self.interpreter());
        // SAFETY: an interpreter outlives its threads.
        let interpreter = unsafe { &*interpreter };
        remove(self.state(), interpreter);
        if ptr::eq(ThreadState::left_by_c(), state) {
            ThreadState::set_left_by_c(ptr::null());
        }
        Thread::detach();
        interpreter.lock.free();
        // SAFETY: `new_thread` or `prepare_thread` leaked it, and it is off the list; only this thread knew it.
        drop(unsafe { Box::from_raw(state) });
    }

    /// Lets go of all references in the state. What that makes run still runs in this thread.
    fn clear_state(&mut self) {
        let own = &self.state().c;
        let base = &own.base;
        let owned = [
            &own.asyncio_running_loop,
            &own.asyncio_running_task,
            &base.dict,
            &base.async_exc,
            &base.current_exception,
            &base.async_gen_firstiter,
            &base.async_gen_finalizer,
            &base.context,
            &base.threading_local_key,
            &base.threading_local_sentinel,
            &base.c_profileobj,
            &base.c_traceobj,
            &base.exc_state.exc_value,
        ];
        base.c_profilefunc.set(None);
        base.c_tracefunc.set(None);
        let owned = owned.map(|it| it.replace(ptr::null_mut()));
        for object in owned {
            // SAFETY: the state owned a reference, and gives it up.
            if let Some(object) = unsafe { Py::<Object>::steal_pointer(object) } {
                object.release(self);
            }
        }
        self.reap();
    }

    /// From now on this thread alone runs: the interpreter ends.
    pub fn close_for_others(&mut self) {
        self.interpreter().lock.close_for_others(self.state());
    }

    /// In the child of a fork: only this thread is there. What the others held stays held by nobody; their frames cannot be unwound.
    pub fn after_fork_in_child(&mut self) {
        let interpreter = self.interpreter();
        interpreter.lock.renew(self.state());
        let own = ptr::from_ref(self.state());
        interpreter.threads.borrow_mut().retain(|it| ptr::eq(*it, own));
        super::runtime::runtime().after_fork_in_child(interpreter.record());
        let handlers = interpreter.fork_handlers.borrow().clone();
        for handler in handlers {
            handler(self);
        }
    }

    /// Has an exception raised in the thread with this identity, or, with None, takes back one that it has not raised yet
    /// (`PyThreadState_SetAsyncExc`). The number of threads that it concerns.
    pub fn set_async_exception(&mut self, identity: u64, exception: Option<&Object>) -> usize {
        let states = self.interpreter().threads.borrow();
        let found = states.iter().find(|it| it.base().thread_id.get() == identity).copied();
        drop(states);
        let Some(state) = found else { return 0 };
        let new = exception.map_or(ptr::null_mut(), |it| Py::from_ref(it).into_pointer());
        let old = state.base().async_exc.replace(new);
        if exception.is_some() {
            state.base().eval_breaker.fetch_or(request::EXCEPTION, Ordering::Relaxed);
        }
        // SAFETY: the state owned a reference, and gives it up.
        drop(unsafe { Py::<Object>::steal_pointer(old) });
        1
    }

    /// Raises what another thread set.
    pub(super) fn raise_async_exception(&mut self) -> PyResult<()> {
        let exception = self.state().base().async_exc.replace(ptr::null_mut());
        // SAFETY: the state owned a reference, and gives it up.
        let Some(exception) = (unsafe { Py::<Object>::steal_pointer(exception) }) else { return Ok(()) };
        Err(self.raise_foreign(exception))
    }

    /// Raises an exception, or a class of exceptions without arguments.
    fn raise_foreign(&mut self, exception: Py<Object>) -> Raised {
        let instance = match exception.downcast::<Type>() {
            Some(class) => match protocol::call(class, &[], self) {
                Ok(instance) => instance,
                Err(raised) => return raised,
            },
            None => exception,
        };
        match instance.downcast_into::<BaseException>() {
            Ok(instance) => self.raise(instance.into_object()),
            Err(_) => crate::raise!(self, TypeError, "exceptions must derive from BaseException"),
        }
    }
}
