//! How deep Python calls may nest: `sys.setrecursionlimit`.
//!
//! Calls from Python to Python use no native stack, so the limit is a number; native recursion is bounded by the real stack
//! ([`Thread::check_stack`]).

use super::Thread;
use crate::errors::PyResult;
use crate::raise;

/// `sys.getrecursionlimit()` at the start.
pub const DEFAULT_RECURSION_LIMIT: i32 = 1000;

/// Calls beyond the limit while a RecursionError is being handled.
const HEADROOM: i32 = 50;

impl Thread {
    /// Counts a call of a Python function; RecursionError if there are too many.
    #[inline(always)]
    pub fn enter_python_call(&mut self) -> PyResult<()> {
        let remaining = &self.state().base().py_recursion_remaining;
        remaining.set(remaining.get() - 1);
        if remaining.get() < 0 {
            return self.too_deep();
        }
        Ok(())
    }

    /// Counts a call without looking at the limit: resuming a generator.
    #[inline(always)]
    pub fn enter_python_call_unchecked(&self) {
        let remaining = &self.state().base().py_recursion_remaining;
        remaining.set(remaining.get() - 1);
    }

    /// Uncounts what [`Thread::enter_python_call`] counted.
    #[inline(always)]
    pub fn leave_python_call(&self) {
        let remaining = &self.state().base().py_recursion_remaining;
        remaining.set(remaining.get() + 1);
    }

    #[cold]
    #[inline(never)]
    fn too_deep(&mut self) -> PyResult<()> {
        if self.state().base().recursion_headroom.get() > 0
            && self.state().base().py_recursion_remaining.get() > -HEADROOM
        {
            return Ok(());
        }
        let headroom = &self.state().base().recursion_headroom;
        headroom.set(headroom.get() + 1);
        let raised = raise!(self, RecursionError, "maximum recursion depth exceeded");
        let headroom = &self.state().base().recursion_headroom;
        headroom.set(headroom.get() - 1);
        Err(raised)
    }

    /// `sys.setrecursionlimit` for this thread and those that come.
    pub fn set_recursion_limit(&self, limit: i32) {
        let base = self.state().base();
        let depth = base.py_recursion_limit.get() - base.py_recursion_remaining.get();
        base.py_recursion_limit.set(limit);
        self.interpreter().recursion_limit.set(limit);
        base.py_recursion_remaining.set(limit - depth);
    }

    /// How many Python calls are running now.
    pub fn recursion_depth(&self) -> i32 {
        let base = self.state().base();
        base.py_recursion_limit.get() - base.py_recursion_remaining.get()
    }
}
