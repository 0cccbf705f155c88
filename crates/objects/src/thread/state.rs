//! `ThreadState`: what a thread carries; CPython's `PyThreadState` first, then what is ours.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ptr;

use layout::{_PyThreadStateImpl, PyObject, PyThreadState};

use super::interpreter::Interpreter;

thread_local! {
    /// The state of the thread that runs here, null while it is detached.
    static CURRENT: Cell<*const ThreadState> = const { Cell::new(ptr::null()) };
    /// The state that C code without one goes on with: the one that it left last, or made for itself. Null if there is none.
    static LEFT_BY_C: Cell<*const ThreadState> = const { Cell::new(ptr::null()) };
}

/// The state of one thread in one interpreter.
#[repr(C)]
pub struct ThreadState {
    /// The part that C code knows.
    pub c: _PyThreadStateImpl,
    pub(super) interpreter: *const Interpreter,
    /// Deallocators that are running inside one another now.
    pub(super) deallocation_depth: Cell<u32>,
    /// Objects without references whose deallocation may run Python code: freed at the next safe point.
    pub(super) deferred: RefCell<VecDeque<*mut PyObject>>,
    pub(super) has_deferred: Cell<bool>,
    /// True while the deferred are being freed, so that it happens in order.
    pub(super) reaping: Cell<bool>,
    /// The deferred object that is being freed.
    pub(super) reaped: Cell<*mut PyObject>,
    /// Objects without references that wait for the outermost deallocator, so that deep structures do not recurse.
    pub(super) delayed: RefCell<Vec<*mut PyObject>>,
    /// The exception that an instruction raises was raised before: its traceback has this frame already.
    pub(super) reraising: Cell<bool>,
    /// What `repr` of nested containers is at work on, to print `[...]`.
    pub(crate) repr_in_progress: RefCell<Vec<usize>>,
}

impl ThreadState {
    pub(super) fn new(interpreter: &Interpreter) -> Box<Self> {
        let state = Box::new(Self {
            c: _PyThreadStateImpl::EMPTY,
            interpreter,
            deallocation_depth: Cell::new(0),
            deferred: RefCell::new(VecDeque::new()),
            has_deferred: Cell::new(false),
            reaping: Cell::new(false),
            reaped: Cell::new(ptr::null_mut()),
            delayed: RefCell::new(Vec::new()),
            reraising: Cell::new(false),
            repr_in_progress: RefCell::new(Vec::new()),
        });
        let base = &state.c.base;
        base.exc_info.set(ptr::from_ref(&base.exc_state).cast_mut());
        base.interp.set(interpreter.as_pointer());
        base.what_event.set(-1);
        // One for the thread itself: pybind11 ends a state whose counter it has brought back to zero.
        base.gilstate_counter.set(1);
        base.py_recursion_limit.set(interpreter.recursion_limit.get());
        base.py_recursion_remaining.set(interpreter.recursion_limit.get());
        state
    }

    /// The lowest stack address that native recursion may reach.
    pub fn stack_limit(&self) -> usize {
        self.c.c_stack_soft_limit.get()
    }

    /// Notes that an instruction raises an exception again, or takes the note away; gives what was noted.
    pub fn set_reraising(&self, value: bool) -> bool {
        self.reraising.replace(value)
    }

    /// The interpreter that the thread belongs to.
    pub fn interpreter(&self) -> &Interpreter {
        // SAFETY: an interpreter outlives its threads.
        unsafe { &*self.interpreter }
    }

    pub fn base(&self) -> &PyThreadState {
        &self.c.base
    }

    /// The state of the thread that runs here, null while it is detached.
    #[inline(always)]
    pub fn current() -> *const ThreadState {
        CURRENT.get()
    }

    /// The state that C code without one goes on with in the thread that runs here.
    pub fn left_by_c() -> *const ThreadState {
        LEFT_BY_C.get()
    }

    pub fn set_left_by_c(state: *const ThreadState) {
        LEFT_BY_C.set(state);
    }

    /// Makes `state` (or nothing) the state of the thread that runs here, and gives the one before.
    pub(super) fn make_current(state: *const ThreadState) -> *const ThreadState {
        CURRENT.replace(state)
    }
}
