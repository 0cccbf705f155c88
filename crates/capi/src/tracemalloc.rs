//! `tracemalloc.h`: blocks of C code's own in the traces of allocations.

use std::ffi::{c_int, c_uint};

use interpreter::allocations::Allocations;
use objects::refs::{Object, Py};
use objects::thread::{Thread, ThreadState};

use crate::entry::export;
use crate::pystate::{PyGILState_Ensure, PyGILState_Release};

/// What the functions give while nothing is traced.
const NOT_TRACING: c_int = -2;

/// Does something with the traces of the interpreter of this thread, which may have no state.
fn with_traces(work: impl FnOnce(&Allocations, &Thread) -> bool) -> c_int {
    let is_attached = !ThreadState::current().is_null();
    let before = if is_attached { 0 } else { PyGILState_Ensure() };
    // SAFETY: the thread is attached now.
    let thread = unsafe { Thread::current() };
    let traced = work(&thread.interpreter().extension::<Allocations>(), &thread);
    if !is_attached {
        PyGILState_Release(before);
    }
    if traced { 0 } else { NOT_TRACING }
}

/// `PyTraceMalloc_Track`: the caller need not be attached.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyTraceMalloc_Track(domain: c_uint, pointer: usize, size: usize) -> c_int {
    with_traces(|traces, thread| traces.track(domain, pointer, size, thread))
}

/// `PyTraceMalloc_Untrack`: as above.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn PyTraceMalloc_Untrack(domain: c_uint, pointer: usize) -> c_int {
    with_traces(|traces, _| traces.untrack(domain, pointer))
}

export! { thread;
    fn _PyTraceMalloc_GetTraceback(domain: c_uint, pointer: usize) -> Py<Object> {
        let trace = thread.interpreter().extension::<Allocations>().trace_at(domain, pointer);
        match trace {
            Some(trace) => trace.stack.object(thread),
            None => Ok(thread.none()),
        }
    }
}
