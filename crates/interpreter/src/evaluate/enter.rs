//! Entering the loop from native code: below the frame that is to run lies one that runs nothing but the way out.

use std::mem::MaybeUninit;
use std::ptr;

use bytecode::instruction::Opcode;
use layout::_PyInterpreterFrame;
use objects::thread::Thread;

use super::unwind::unwind;
use super::{Outcome, State, current_frame, run};
use crate::frame::{Frame, Owner};
use crate::monitoring::{self, Event};

/// The code of the lowest frame of a run: what a returning frame goes on with.
///
/// A function returns to the first instruction, a generator yields behind a `SEND` that is not there: two units on.
static WAY_OUT: [u16; 3] = [Opcode::InterpreterExit as u16; 3];

/// The lowest frame of a run of the loop: it takes the result of the frame above it.
#[repr(C)]
struct FirstFrame {
    frame: _PyInterpreterFrame,
}

/// Runs a frame that has just been made, until it returns or raises. The frame's memory is given back.
pub fn evaluate_frame(frame: *mut Frame, thread: &mut Thread) -> Outcome {
    let start = if thread.enter_python_call().is_ok() { Start::Run } else { Start::GiveUp };
    above_first_frame(frame, start, thread)
}

/// Runs a frame whose call has been counted; with `throwing`, the exception that is set is raised where the frame stands
/// (`generator.throw`).
pub fn run_frame(frame: *mut Frame, throwing: bool, thread: &mut Thread) -> Outcome {
    above_first_frame(frame, if throwing { Start::Raise } else { Start::Run }, thread)
}

/// What a frame does first.
enum Start {
    Run,
    /// The exception that is set is raised in it.
    Raise,
    /// It ends with the exception that is set, as if it had not been called.
    GiveUp,
}

fn above_first_frame(frame: *mut Frame, start: Start, thread: &mut Thread) -> Outcome {
    let base = thread.state().base();
    let caller = base.current_frame.get();
    // SAFETY: a frame struct is made of cells of numbers and pointers, for which zero is valid.
    let first: FirstFrame = unsafe { MaybeUninit::zeroed().assume_init() };
    let it = &first.frame;
    it.f_executable.set(layout::_PyStackRef::NULL);
    it.f_funcobj.set(layout::_PyStackRef::NULL);
    it.instr_ptr.set(WAY_OUT.as_ptr().cast_mut());
    it.owner.set(Owner::Interpreter as u8);
    it.previous.set(caller);
    it.stackpointer.set(ptr::from_ref(&it.localsplus).cast_mut().cast());
    let first_frame = ptr::from_ref(it).cast_mut().cast::<Frame>();
    // SAFETY: the caller passes a live frame, which goes before `first`.
    unsafe { (*frame).set_previous(first_frame) };
    let result = enter(frame, start, thread);
    thread.state().base().current_frame.set(caller);
    result
}

fn enter(frame: *mut Frame, start: Start, thread: &mut Thread) -> Outcome {
    thread.state().base().current_frame.set(frame.cast());
    // SAFETY: the caller passes a live frame.
    let (pc, sp) = unsafe { ((*frame).instruction(), (*frame).stack_pointer()) };
    match start {
        Start::Run if thread.check_stack("").is_ok() => {}
        Start::Raise => {
            if thread.is_monitored() {
                // There was no RESUME to do this.
                // SAFETY: the caller passes a live frame.
                let it = unsafe { &*frame };
                monitoring::refresh(it.code(), thread);
                monitoring::tell_of_exception(Event::PyThrow, frame, it.instruction_offset(), thread);
            }
            return match unwind(pc, sp, frame, thread) {
                // SAFETY: the current frame has the handler, and its chain ends in the first frame.
                Some(handler) => unsafe { run(handler.as_ptr(), current_frame(thread), thread) },
                None => Err(thread.raised_elsewhere()),
            };
        }
        _ => {
            super::unwind::give_up_frame(State::of(frame), thread);
            return Err(thread.raised_elsewhere());
        }
    }
    // SAFETY: the frame is live and its chain ends in the first frame.
    unsafe { run(pc, frame, thread) }
}
