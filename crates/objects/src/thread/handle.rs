//! `Thread`: the token, and what can be done with a thread at hand.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr::NonNull;

use layout::PyObject;

use super::interpreter::Interpreter;
use super::state::ThreadState;
use crate::refs::Object;

/// The thread that runs now, attached to its interpreter. A handle around one pointer: it is passed on by `&mut`, and the borrow
/// is what keeps views into storage from outliving calls that may run Python code.
pub struct Thread {
    state: NonNull<ThreadState>,
    not_send: PhantomData<*const ()>,
}

impl Thread {
    /// The thread that runs here.
    ///
    /// # Safety
    /// The thread is attached, and the caller does not keep a view into storage while the handle is in use. Only entries from C (thunks,
    /// deallocators) and the code that attaches threads need this; everything else is handed its thread.
    #[inline(always)]
    pub unsafe fn current() -> Thread {
        let state = ThreadState::current().cast_mut();
        debug_assert!(!state.is_null(), "objects are touched by a thread that is not attached");
        // SAFETY: the caller says that the thread is attached.
        Thread { state: unsafe { NonNull::new_unchecked(state) }, not_send: PhantomData }
    }

    /// Makes a state the one of the thread that runs here.
    ///
    /// # Safety
    /// The state outlives the handle, no other thread uses it, and the caller holds its interpreter's lock.
    pub unsafe fn attach(state: &ThreadState) -> Thread {
        ThreadState::make_current(state);
        Thread { state: NonNull::from(state), not_send: PhantomData }
    }

    /// Leaves the thread that runs here without a state.
    pub fn detach() {
        ThreadState::make_current(std::ptr::null());
    }

    /// The state behind the handle.
    #[inline(always)]
    pub fn state(&self) -> &ThreadState {
        // SAFETY: the state outlives the handle; all its changeable parts are cells.
        unsafe { self.state.as_ref() }
    }

    /// The interpreter that the thread belongs to.
    #[inline(always)]
    pub fn interpreter(&self) -> &Interpreter {
        // SAFETY: an interpreter outlives its threads.
        unsafe { &*self.state().interpreter }
    }

    /// The interpreter's allocator for small objects.
    #[inline(always)]
    pub fn allocator(&self) -> &memory::Allocator {
        self.interpreter().allocator()
    }

    /// Frees what drops had to leave, `__del__` and weak reference callbacks included. Called at safe points: the end of a call
    /// from the loop or from C, and wherever a reference is released with the thread at hand.
    #[inline(always)]
    pub fn reap(&mut self) {
        if self.state().has_deferred.get() {
            self.reap_slow();
        }
    }

    #[cold]
    #[inline(never)]
    fn reap_slow(&mut self) {
        if self.state().reaping.replace(true) {
            return;
        }
        let raised = self.take_exception();
        while let Some(object) = self.next_deferred() {
            self.state().reaped.set(object);
            // SAFETY: its count is zero, and it has just left the queue.
            unsafe { crate::refs::deallocate(object) };
            self.state().reaped.set(std::ptr::null_mut());
        }
        crate::watchers::tell_of_types(self);
        self.state().reaping.set(false);
        self.restore_exception(raised);
    }

    fn next_deferred(&self) -> Option<*mut PyObject> {
        let mut queue = self.state().deferred.borrow_mut();
        let object = queue.pop_front();
        self.state().has_deferred.set(!queue.is_empty());
        object
    }

    /// True while the deallocator of this very object was called from the queue of deferred ones.
    pub(crate) fn is_being_reaped(&self, object: *mut PyObject) -> bool {
        self.state().reaped.get() == object
    }

    /// Lets the next safe point look at what waits for it.
    pub(crate) fn ask_to_reap(&self) {
        self.state().has_deferred.set(true);
    }

    pub(crate) fn defer_deallocation(&self, object: *mut PyObject) {
        self.state().deferred.borrow_mut().push_back(object);
        self.state().has_deferred.set(true);
    }

    pub(crate) fn deallocation_depth(&self) -> &Cell<u32> {
        &self.state().deallocation_depth
    }

    pub(crate) fn delay_deallocation(&self, object: *mut PyObject) {
        self.state().delayed.borrow_mut().push(object);
    }

    /// Frees what nested deallocators left; called by the outermost.
    pub(crate) fn deallocate_delayed(&self) {
        loop {
            let Some(object) = self.state().delayed.borrow_mut().pop() else { return };
            // SAFETY: its count is zero, and it has just left the queue.
            unsafe { crate::refs::deallocate(object) };
        }
    }

    /// True while `repr` is at work on this very object further out; otherwise notes that it is now. To be paired
    /// with [`Thread::leave_repr`].
    pub fn enter_repr(&mut self, object: &Object) -> bool {
        let mut stack = self.state().repr_in_progress.borrow_mut();
        if stack.contains(&object.address()) {
            return true;
        }
        stack.push(object.address());
        false
    }

    pub fn leave_repr(&mut self, object: &Object) {
        let mut stack = self.state().repr_in_progress.borrow_mut();
        if let Some(at) = stack.iter().rposition(|it| *it == object.address()) {
            stack.remove(at);
        }
    }

    /// Bounds native recursion by the real stack: RecursionError when too little is left. Called where native code may call itself
    /// through Python objects (calls, comparisons, `repr`, …).
    #[inline(always)]
    pub fn check_stack(&mut self, doing: &str) -> crate::errors::PyResult<()> {
        if stack_pointer() < self.state().c.c_stack_soft_limit.get() {
            let used = self.state().c.c_stack_top.get().saturating_sub(stack_pointer());
            return Err(self.raise_recursion_error(used, doing));
        }
        Ok(())
    }

    /// MemoryError unless there is room for so many bytes. For what is as large as a program says and made by code whose own growth cannot
    /// fail: the process would end there.
    pub fn check_room(&mut self, bytes: usize) -> crate::errors::PyResult<()> {
        /// Less is not worth the question.
        const SMALL: usize = 1 << 20;
        if bytes >= SMALL && !text::growth::can_be_had(bytes) {
            return Err(self.raise_memory_error());
        }
        Ok(())
    }

    /// How much of the native stack is left for recursion.
    pub fn stack_left(&self) -> usize {
        stack_pointer().saturating_sub(self.state().c.c_stack_soft_limit.get())
    }

    /// Notes where the stack begins, and how far down native recursion may go on it.
    pub fn set_stack_bounds(&mut self, lowest: usize, top: usize) {
        self.state().c.c_stack_soft_limit.set(lowest);
        self.state().c.c_stack_top.set(top);
    }

    /// Sets how far down native recursion may go on this thread: the stack's lowest address plus room for error handling.
    pub fn set_stack_limit(&mut self, lowest: usize) {
        self.state().c.c_stack_soft_limit.set(lowest);
    }
}

/// Bytes of native stack that a thread may surely use from where it starts.
const DEFAULT_STACK: usize = 1 << 20;

impl Thread {
    /// Bounds native recursion by what every thread's stack offers, until the stack's real size is known.
    pub(super) fn set_default_stack_limit(&mut self) {
        let here = stack_pointer();
        self.set_stack_bounds(here.saturating_sub(DEFAULT_STACK), here);
    }
}

/// An address in the current native frame.
#[inline(always)]
fn stack_pointer() -> usize {
    let marker = 0u8;
    std::ptr::from_ref(&marker) as usize
}
