//! The evaluation stack itself: `POP_TOP`, `COPY`, `SWAP`, and instructions that do nothing.

use objects::errors::PyResult;
use objects::thread::Thread;

use crate::evaluate::State;
use crate::stack_ref::StackRef;

#[inline(always)]
pub(crate) fn pop_top(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    state.drop_top(thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn pop_iter(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    state.drop_top(thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn end_for(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    state.drop_top(thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn end_send(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let value = state.pop();
    state.drop_top(thread);
    state.push(value);
    Ok(())
}

#[inline(always)]
pub(crate) fn push_null(state: &mut State, _: &mut Thread, _: u32) -> PyResult<()> {
    state.push(StackRef::NULL);
    Ok(())
}

#[inline(always)]
pub(crate) fn copy(state: &mut State, _: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.peek(oparg as usize).duplicate();
    state.push(value);
    Ok(())
}

#[inline(always)]
pub(crate) fn swap(state: &mut State, _: &mut Thread, oparg: u32) -> PyResult<()> {
    let (top, other) = (state.peek(1), state.peek(oparg as usize));
    state.poke(1, other);
    state.poke(oparg as usize, top);
    Ok(())
}

#[inline(always)]
pub(crate) fn nop(_: &mut State, _: &mut Thread, _: u32) -> PyResult<()> {
    Ok(())
}

#[inline(always)]
pub(crate) fn not_taken(_: &mut State, _: &mut Thread, _: u32) -> PyResult<()> {
    Ok(())
}

/// A cache entry is skipped with its instruction; one that is reached is code zeroed by somebody.
#[inline(always)]
pub(crate) fn cache(_: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    super::unknown_instruction(0, thread)
}

#[inline(always)]
pub(crate) fn reserved(_: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    super::unknown_instruction(17, thread)
}
