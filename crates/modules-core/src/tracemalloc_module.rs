//! `_tracemalloc`: where memory was allocated. The traces are `interpreter::allocations`.

use std::collections::HashMap;
use std::rc::Rc;

use interpreter::allocations::{Allocations, MOST_FRAMES, Stack};
use macros::python_module;
use objects::errors::PyResult;
use objects::list::List;
use objects::protocol::make_int;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

fn allocations(thread: &Thread) -> Rc<Allocations> {
    thread.interpreter().extension::<Allocations>()
}

/// Begins to trace when the interpreter starts (`-X tracemalloc`).
pub fn start_at_once(frames: usize, thread: &mut Thread) {
    allocations(thread).start(frames.clamp(1, MOST_FRAMES), thread);
}

pub struct TracemallocModule;

/// Debug module to trace memory blocks allocated by Python.
#[python_module(name = "_tracemalloc")]
impl TracemallocModule {
    /// is_tracing($module, /)
    /// --
    ///
    /// Return True if the tracemalloc module is tracing Python memory allocations.
    #[function]
    fn is_tracing(thread: &mut Thread) -> bool {
        allocations(thread).is_tracing()
    }

    /// clear_traces($module, /)
    /// --
    ///
    /// Clear traces of memory blocks allocated by Python.
    #[function]
    fn clear_traces(thread: &mut Thread) {
        allocations(thread).clear();
    }

    /// _get_traces($module, /)
    /// --
    ///
    /// Get traces of all memory blocks allocated by Python.
    ///
    /// Return a list of (size: int, traceback: tuple) tuples.
    /// traceback is a tuple of (filename: str, lineno: int) tuples.
    ///
    /// Return an empty list if the tracemalloc module is disabled.
    #[function]
    fn _get_traces(thread: &mut Thread) -> PyResult<Py<List>> {
        let traces = allocations(thread).traces();
        let list = List::empty(thread);
        let mut known: HashMap<*const Stack, Py<Object>> = HashMap::new();
        for (domain, trace) in traces {
            let address = Rc::as_ptr(&trace.stack);
            let stack = match known.get(&address) {
                Some(stack) => stack.clone(),
                None => {
                    let stack = trace.stack.object(thread)?;
                    known.insert(address, stack.clone());
                    stack
                }
            };
            let numbers = [i128::from(domain), trace.size as i128, trace.stack.total.max(1) as i128];
            let [domain, size, total] = numbers.map(|it| make_int(it, thread));
            let entry = Tuple::new(vec![domain, size, stack, total], thread)?;
            list.push(entry.into_object(), thread)?;
        }
        Ok(list)
    }

    /// _get_object_traceback($module, obj, /)
    /// --
    ///
    /// Get the traceback where the Python object obj was allocated.
    ///
    /// Return a tuple of (filename: str, lineno: int) tuples.
    /// Return None if the tracemalloc module is disabled or did not
    /// trace the allocation of the object.
    #[function]
    fn _get_object_traceback(obj: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        match allocations(thread).trace_of(obj) {
            Some(trace) => trace.stack.object(thread),
            None => Ok(thread.none()),
        }
    }

    /// start($module, nframe=1, /)
    /// --
    ///
    /// Start tracing Python memory allocations.
    ///
    /// Also set the maximum number of frames stored in the traceback of a
    /// trace to nframe.
    #[function]
    fn start(#[default(1)] nframe: i32, thread: &mut Thread) -> PyResult<()> {
        match usize::try_from(nframe) {
            Ok(frames) if (1..=MOST_FRAMES).contains(&frames) => {
                allocations(thread).start(frames, thread);
                Ok(())
            }
            _ => Err(raise!(thread, ValueError, "the number of frames must be in range [1; {MOST_FRAMES}]")),
        }
    }

    /// stop($module, /)
    /// --
    ///
    /// Stop tracing Python memory allocations.
    ///
    /// Also clear traces of memory blocks allocated by Python.
    #[function]
    fn stop(thread: &mut Thread) {
        allocations(thread).stop(thread);
    }

    /// get_traceback_limit($module, /)
    /// --
    ///
    /// Get the maximum number of frames stored in the traceback of a trace.
    ///
    /// By default, a trace of an allocated memory block only stores
    /// the most recent frame: the limit is 1.
    #[function]
    fn get_traceback_limit(thread: &mut Thread) -> usize {
        allocations(thread).limit()
    }

    /// get_tracemalloc_memory($module, /)
    /// --
    ///
    /// Get the memory usage in bytes of the tracemalloc module.
    ///
    /// This memory is used internally to trace memory allocations.
    #[function]
    fn get_tracemalloc_memory(thread: &mut Thread) -> usize {
        allocations(thread).own_size()
    }

    /// get_traced_memory($module, /)
    /// --
    ///
    /// Get the current size and peak size of memory blocks traced by tracemalloc.
    ///
    /// Returns a tuple: (current: int, peak: int).
    #[function]
    fn get_traced_memory(thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let (current, peak) = allocations(thread).traced();
        let [current, peak] = [current, peak].map(|it| make_int(it as i128, thread));
        Tuple::new(vec![current, peak], thread)
    }

    /// reset_peak($module, /)
    /// --
    ///
    /// Set the peak size of memory blocks traced by tracemalloc to the current size.
    ///
    /// Do nothing if the tracemalloc module is not tracing memory allocations.
    #[function]
    fn reset_peak(thread: &mut Thread) {
        allocations(thread).reset_peak();
    }
}
