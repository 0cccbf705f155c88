//! Unwinding: from the instruction that raised to its handler, frame by frame.

use std::ptr::NonNull;

use bytecode::exception_table;
use objects::errors::{BaseException, PyResult};
use objects::refs::Py;
use objects::thread::Thread;

use super::State;
use crate::code::CodeUnitPointer;
use crate::frame::{Frame, Owner};
use crate::monitoring::{self, Event};
use crate::ops::leave_frame;
use crate::stack_ref::StackRef;
use crate::traceback;

/// Finds the handler of the exception that is set, in the frame that is then the current one and whose stack it has cut; None when the
/// loop's first frame is reached without one. The registers come one by one, so that the loop's state need not lie in memory.
#[cold]
#[inline(never)]
pub(crate) fn unwind(
    pc: CodeUnitPointer,
    sp: *mut StackRef,
    frame: *mut Frame,
    thread: &mut Thread,
) -> Option<NonNull<u16>> {
    let mut state = State::new(pc, sp, frame);
    let mut called = false;
    loop {
        if state.frame().owner() == Owner::Interpreter {
            return None;
        }
        // The frame looks to everyone else as if it stood at the instruction that raised.
        state.save();
        let reraising = thread.state().set_reraising(false);
        if !reraising {
            traceback::add_here(state.frame_pointer(), thread);
        }
        let mut site = Site::of(state, called);
        site.tell(if reraising { Event::Reraise } else { Event::Raise }, thread);
        while let Some(handler) = handler_of(state, thread) {
            handler.save();
            if site.tell_of_handler(handler, thread).is_ok() {
                return NonNull::new(handler.pc());
            }
            // What a tool raised is raised where the handler starts.
            state = handler;
            site = Site::of(state, false);
        }
        state = clear_stack(state, thread);
        site.tell(Event::PyUnwind, thread);
        state = give_up_frame(state, thread);
        called = true;
    }
}

/// Where an exception is in a frame, for the tools that watch.
#[derive(Clone, Copy)]
struct Site {
    frame: *mut Frame,
    /// The code unit that is told; None in a frame that has not begun.
    index: Option<usize>,
}

impl Site {
    /// CPython tells of the last code unit of the instruction that raised, but in a frame that called of the one before its call.
    fn of(state: State, called: bool) -> Self {
        // SAFETY: the program counter lies behind the instruction, or in its caches.
        let behind = unsafe { state.pc().offset_from(state.frame().code().first_instruction()) };
        let index = usize::try_from(if called { behind - 2 } else { behind - 1 }).ok();
        Self { frame: state.frame_pointer(), index }
    }

    fn tell(self, event: Event, thread: &mut Thread) {
        if let Some(index) = self.index.filter(|_| thread.is_monitored()) {
            monitoring::tell_of_exception(event, self.frame, index, thread);
        }
    }

    fn tell_of_handler(self, handler: State, thread: &mut Thread) -> PyResult<()> {
        if !thread.is_monitored() {
            return Ok(());
        }
        // SAFETY: handlers are in the code.
        let index = unsafe { handler.pc().offset_from(handler.frame().code().first_instruction()) } as usize;
        let exception = Py::from_ref(handler.peek(1).object());
        monitoring::tell_of_handler(self.frame, index, &exception, thread)
    }
}

/// The state in which the frame's handler starts, if it has one.
fn handler_of(mut state: State, thread: &mut Thread) -> Option<State> {
    let frame = state.frame();
    let code = frame.code();
    // The program counter tells what runs; the frame's instruction may be where the exception was first raised.
    // SAFETY: the program counter lies behind the instruction, or in its caches.
    let offset = (unsafe { state.pc().offset_from(code.first_instruction()) } as usize).wrapping_sub(1);
    let handler = exception_table::lookup(code.exception_table().as_slice(), offset as u32)?;
    // SAFETY: handlers' depths are within the evaluation stack.
    let target = unsafe { frame.stack_base().add(handler.depth as usize) };
    while state.stack_pointer() > target {
        state.drop_top(thread);
    }
    if handler.push_lasti {
        state.push(StackRef::from_offset(frame.instruction_offset()));
    }
    let exception: Py<BaseException> = thread.take_exception()?;
    state.push_owned(exception);
    // SAFETY: handlers are in the code.
    state.set_pc(unsafe { code.first_instruction().add(handler.target as usize) });
    Some(state)
}

/// Drops what is on a frame's stack while an exception is set, before tools are told that it leaves the frame.
fn clear_stack(mut state: State, thread: &mut Thread) -> State {
    let base = state.frame().stack_base();
    let raised = thread.take_exception();
    while state.stack_pointer() > base {
        state.drop_top(thread);
    }
    state.save();
    thread.restore_exception(raised);
    state
}

/// Leaves a frame by an exception, for its caller.
pub(super) fn give_up_frame(state: State, thread: &mut Thread) -> State {
    let state = clear_stack(state, thread);
    let frame: *mut Frame = state.frame_pointer();
    let raised = thread.take_exception();
    let caller = leave_frame(frame, thread);
    thread.restore_exception(raised);
    let mut state = State::of(caller);
    state.switch_to(caller, thread);
    if state.frame().owner() != Owner::Interpreter {
        // The caller stands at the instruction that called; the program counter is behind it, as for any that raises.
        // SAFETY: an instruction follows every call.
        state.set_pc(unsafe { state.pc().add(1) });
    }
    state
}
