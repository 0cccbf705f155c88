//! Jumps, and where the loop looks up: `JUMP_BACKWARD`, `RESUME`.

use bytecode::instruction::Opcode;
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::none::NoneType;
use objects::thread::Thread;

use crate::code::CodeUnitPointer;
use crate::evaluate::State;
use crate::frame::Frame;
use crate::monitoring;
use crate::specialize;

#[inline(always)]
pub(crate) fn jump_forward(state: &mut State, _: &mut Thread, oparg: u32) -> PyResult<()> {
    state.jump(oparg as isize);
    Ok(())
}

#[inline(always)]
pub(crate) fn jump_backward(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    specialize::jump_backward(state.caches(1));
    jump_backward_no_jit(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn jump_backward_no_jit(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    // Before the jump: what is raised here is raised by this instruction, in whose place a handler is looked for.
    check_eval_breaker(thread)?;
    state.jump(-(oparg as isize));
    Ok(())
}

#[inline(always)]
pub(crate) fn jump_backward_jit(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    jump_backward_no_jit(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn jump_backward_no_interrupt(state: &mut State, _: &mut Thread, oparg: u32) -> PyResult<()> {
    state.jump(-(oparg as isize));
    Ok(())
}

#[inline(always)]
pub(crate) fn pop_jump_if_false(state: &mut State, _: &mut Thread, oparg: u32) -> PyResult<()> {
    // What is tested is a bool, which is immortal: nothing to close.
    if state.pop().is(Bool::get(false)) {
        state.jump(oparg as isize);
    }
    Ok(())
}

#[inline(always)]
pub(crate) fn pop_jump_if_true(state: &mut State, _: &mut Thread, oparg: u32) -> PyResult<()> {
    if state.pop().is(Bool::get(true)) {
        state.jump(oparg as isize);
    }
    Ok(())
}

#[inline(always)]
pub(crate) fn pop_jump_if_none(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.pop();
    if value.is(NoneType::get()) {
        state.jump(oparg as isize);
    } else {
        value.close(thread);
    }
    Ok(())
}

#[inline(always)]
pub(crate) fn pop_jump_if_not_none(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.pop();
    if !value.is(NoneType::get()) {
        value.close(thread);
        state.jump(oparg as isize);
    }
    Ok(())
}

#[inline(always)]
pub(crate) fn resume(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let breaker = thread.state().base().eval_breaker.load(std::sync::atomic::Ordering::Relaxed);
    if breaker != 0 && resume_slow(state.frame_pointer(), oparg, thread)? {
        // The instruction may be another one now.
        state.jump(-1);
        return Ok(());
    }
    quicken(state.pc(), thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn resume_check(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let breaker = thread.state().base().eval_breaker.load(std::sync::atomic::Ordering::Relaxed);
    if breaker != 0 && resume_slow(state.frame_pointer(), oparg, thread)? {
        state.jump(-1);
    }
    Ok(())
}

/// Does what is wanted at a `RESUME`; true if it is to run again, since what tools want of the code has changed its instructions.
#[cold]
#[inline(never)]
fn resume_slow(frame: *mut Frame, oparg: u32, thread: &mut Thread) -> PyResult<bool> {
    // SAFETY: the loop's frame is live.
    if thread.is_monitored() && monitoring::refresh(unsafe { &*frame }.code(), thread) {
        return Ok(true);
    }
    // After `yield from` and `await` nothing is handled: the outermost generator will.
    if oparg & 3 < 2 {
        thread.handle_pending()?;
    }
    Ok(false)
}

/// The `RESUME` before `next` has run: it becomes the form that has nothing left to do.
#[inline(never)]
fn quicken(next: CodeUnitPointer, thread: &Thread) {
    if thread.state().base().tracing.get() != 0 {
        return;
    }
    // SAFETY: the instruction stands before the next one.
    unsafe {
        let instruction = next.sub(1);
        let [number, oparg] = instruction.read().to_le_bytes();
        if number == Opcode::Resume as u8 {
            instruction.write(u16::from_le_bytes([Opcode::ResumeCheck as u8, oparg]));
        }
    }
}

/// Looks whether somebody wants something of this thread: the lock, a signal, a collection, an exception from elsewhere.
#[inline(always)]
pub(crate) fn check_eval_breaker(thread: &mut Thread) -> PyResult<()> {
    let breaker = thread.state().base().eval_breaker.load(std::sync::atomic::Ordering::Relaxed);
    if breaker != 0 {
        return handle_eval_breaker(thread);
    }
    Ok(())
}

#[cold]
#[inline(never)]
fn handle_eval_breaker(thread: &mut Thread) -> PyResult<()> {
    thread.handle_pending()
}
