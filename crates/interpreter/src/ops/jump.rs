//! Jumps, and where the loop looks up: `JUMP_BACKWARD`, `RESUME`.

use objects::bool::Bool;
use objects::errors::PyResult;
use objects::none::NoneType;
use objects::thread::Thread;

use crate::evaluate::State;

#[inline(always)]
pub(crate) fn jump_forward(state: &mut State, _: &mut Thread, oparg: u32) -> PyResult<()> {
    state.jump(oparg as isize);
    Ok(())
}

#[inline(always)]
pub(crate) fn jump_backward(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    jump_backward_no_jit(state, thread, oparg)
}

#[inline(always)]
pub(crate) fn jump_backward_no_jit(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    state.jump(-(oparg as isize));
    check_eval_breaker(thread)
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
pub(crate) fn resume(_: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    // After `yield from` and `await` nothing is handled: the outermost generator will.
    if oparg & 3 < 2 { check_eval_breaker(thread) } else { Ok(()) }
}

#[inline(always)]
pub(crate) fn resume_check(_: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    check_eval_breaker(thread)
}

/// Looks whether somebody wants something of this thread: the lock, a signal, a collection, an exception from elsewhere.
#[inline(always)]
pub(super) fn check_eval_breaker(thread: &mut Thread) -> PyResult<()> {
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
