//! Events of exceptions: raising, handling, leaving frames, throwing into generators. They belong to no instruction, so they are asked for
//! everywhere or not at all; callers look at the eval breaker first.

use objects::errors::PyResult;
use objects::refs::Object;
use objects::thread::Thread;

use super::events::Event;
use super::tell::{Detail, Occasion, is_telling, tell};
use super::tools::Tools;
use crate::frame::Frame;

/// Tells of an event of the exception that is set. What a tool raises takes its place.
pub(crate) fn tell_of_exception(event: Event, frame: *mut Frame, index: usize, thread: &mut Thread) {
    let tools = Tools::of(thread);
    let wanted = tools.watching(event);
    if wanted == 0 || is_telling(thread) {
        return;
    }
    let Some(exception) = thread.take_exception() else { return };
    let told = tell(Occasion::new(event, frame, index, Detail::Value(&exception)), wanted, &tools, thread);
    if told.is_ok() {
        thread.restore_exception(Some(exception));
    }
}

/// Tells that a handler has been found, at `index`.
pub(crate) fn tell_of_handler(
    frame: *mut Frame,
    index: usize,
    exception: &Object,
    thread: &mut Thread,
) -> PyResult<()> {
    let tools = Tools::of(thread);
    let occasion = Occasion::new(Event::ExceptionHandled, frame, index, Detail::Value(exception));
    tell(occasion, tools.watching(Event::ExceptionHandled), &tools, thread)
}

/// Tells of a StopIteration that an iterator raised, and that the running instruction takes as the end.
#[cold]
#[inline(never)]
pub(crate) fn tell_of_stop_iteration(thread: &mut Thread) {
    let frame: *mut Frame = thread.state().base().current_frame.get().cast();
    // SAFETY: the running frame is live.
    let Some(it) = (unsafe { frame.as_ref() }) else { return };
    tell_of_exception(Event::Raise, frame, it.instruction_offset(), thread);
}
