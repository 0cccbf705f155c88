//! Events of what is no code object: C code tells of what it does as if it were running instructions (`PyMonitoring_…`).
//!
//! C code keeps, for each kind of event that it has, which tools want it, and asks anew when the version has changed. Tools are told as they
//! are of instructions; one that disables an event is taken out of what C code keeps.

use std::cell::Cell;

use objects::errors::PyResult;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::events::{Event, UNGROUPED_EVENTS};
use super::tell::is_telling;
use super::tools::{PYTHON_TOOLS, Tools};

/// Changes whenever other tools want other events.
pub fn version(thread: &Thread) -> u64 {
    Tools::of(thread).version.get() as u64
}

/// The tools that want an event, by its number.
pub fn wanting(event: u8, thread: &Thread) -> u8 {
    let event = usize::from(event);
    if event < UNGROUPED_EVENTS { Tools::of(thread).monitors.tools(event) } else { 0 }
}

/// Tells the tools in `active` of an event; the arguments are what follows the thing that runs. Disabled tools leave `active`.
pub fn tell(event: Event, arguments: &[&Object], active: &Cell<u8>, thread: &mut Thread) -> PyResult<()> {
    if is_telling(thread) {
        return Ok(());
    }
    let tools = Tools::of(thread);
    let wanted = active.get();
    for tool in (0..PYTHON_TOOLS).rev().filter(|tool| wanted >> tool & 1 != 0) {
        let Some(callback) = tools.callback(tool, event) else { continue };
        let answer = call(event, &callback.function, arguments, thread)?;
        let disabled = answer.is(&*tools.disable(thread)?);
        answer.release(thread);
        if !disabled {
            continue;
        }
        if !event.is_local() {
            drop(tools.set_callback(tool, event, None));
            let name = event.name();
            return Err(raise!(thread, ValueError, "Cannot disable {name} events. Callback removed."));
        }
        active.set(active.get() & !(1 << tool));
    }
    Ok(())
}

/// Calls a tool; what it does is no event.
fn call(event: Event, function: &Object, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
    let base = thread.state().base();
    base.tracing.set(base.tracing.get() + 1);
    let before = base.what_event.replace(event as i32);
    let result = protocol::call(function, arguments, thread);
    let base = thread.state().base();
    base.what_event.set(before);
    base.tracing.set(base.tracing.get() - 1);
    result
}
