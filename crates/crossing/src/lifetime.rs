//! Interpreters come and go: making one like the first, ending one, what is told of its end.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use objects::errors::PyResult;
use objects::thread::Thread;
use objects::thread::runtime::{Record, Settings, Stage, runtime};

use crate::errors::raise_interpreter_error;

/// What modules do when an interpreter has ended, by its number.
#[derive(Default)]
struct EndHandlers(Mutex<Vec<fn(i64)>>);

/// Has a function called with the number of each interpreter that ends. It runs without any interpreter's lock.
pub fn on_end(handler: fn(i64)) {
    let handlers = runtime().shared::<EndHandlers>();
    let mut handlers = handlers.0.lock().unwrap_or_else(PoisonError::into_inner);
    if !handlers.iter().any(|it| std::ptr::fn_addr_eq(*it, handler)) {
        handlers.push(handler);
    }
}

/// Tells modules that an interpreter has ended.
pub fn tell_end(number: i64) {
    let handlers = runtime().shared::<EndHandlers>();
    let handlers = handlers.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for handler in handlers {
        handler(number);
    }
}

/// A new interpreter, in which no thread runs.
pub fn create(settings: Settings, origin: i64, thread: &mut Thread) -> PyResult<&'static Record> {
    let made = thread.without_lock(|| {
        let new = (runtime().others()?.start)(settings)?;
        let record = new.interpreter().record();
        record.set_origin(origin);
        new.end();
        Some(record)
    });
    match made {
        Some(record) => Ok(record),
        None => Err(raise_interpreter_error(format_args!("interpreter creation failed"), thread)),
    }
}

/// Ends an interpreter in which no thread runs, and which is not this thread's.
pub fn end(record: &'static Record, thread: &mut Thread) {
    let (Some(others), Some(interpreter)) = (runtime().others(), record.interpreter()) else { return };
    if !record.claim_end() {
        return;
    }
    let bounds = (thread.state().c.c_stack_soft_limit.get(), thread.state().c.c_stack_top.get());
    let base = thread.state().base();
    let identity = (base.thread_id.get(), base.native_thread_id.get());
    thread.without_lock(|| {
        // SAFETY: no state is current in this thread now, and interpreters live as long as the process.
        let mut last = unsafe { interpreter.new_thread() };
        last.set_stack_bounds(bounds.0, bounds.1);
        last.set_identity(identity.0, identity.1);
        last.do_errands();
        (others.end)(&mut last);
        last.end();
    });
    release_memory(record);
}

/// Views of objects that other interpreters hold, by the number of the interpreter that the objects are in.
#[derive(Default)]
pub(crate) struct Views(Mutex<HashMap<i64, usize>>);

impl Views {
    pub(crate) fn change(number: i64, change: impl FnOnce(&mut usize)) {
        let held = runtime().shared::<Self>();
        let mut held = held.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(number).or_default();
        change(count);
        if *count == 0 {
            held.remove(&number);
        }
    }

    fn is_any(number: i64) -> bool {
        let held = runtime().shared::<Self>();
        held.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&number)
    }
}

/// Gives the memory of an interpreter that has ended back, if it is sure that nobody looks at its objects: no thread that waits for ever for
/// its lock, no C code, no interpreter that sees its memory.
fn release_memory(record: &'static Record) {
    let Some(interpreter) = record.interpreter().filter(|_| record.stage() == Stage::Ended) else { return };
    interpreter.lock().close_for_ever();
    let has_threads = !interpreter.thread_states().is_empty();
    if has_threads || !interpreter.as_pointer().is_null() || Views::is_any(record.number()) {
        return;
    }
    // SAFETY: the last state has just ended, and an interpreter that has ended is not entered any more; whoever else could have pointers
    // to its objects was asked for above.
    unsafe { interpreter.release_memory() };
}

/// Takes a reference by number away. The interpreter ends with the last one, if it was made so.
pub fn remove_reference(record: &'static Record, thread: &mut Thread) {
    let is_other = !std::ptr::eq(record, thread.interpreter().record());
    if record.remove_reference() && is_other && !record.is_running() && record.stage() == Stage::Ready {
        end(record, thread);
    }
}
