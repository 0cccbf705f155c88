//! Generators: making one, yielding, resuming one inside this run of the loop.

use std::hint::cold_path;

use bytecode::code_flags::{CO_COROUTINE, CO_ITERABLE_COROUTINE};
use objects::errors::PyResult;
use objects::protocol::{self, SendOutcome};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use crate::evaluate::State;
use crate::frame::Owner;
use crate::generator::{self, Coroutine, Generator, GeneratorState};
use crate::specialize;
use crate::stack_ref::StackRef;

const SEND_CACHES: usize = 1;

/// The frame of a generator function becomes a generator, and the call returns it.
#[inline(always)]
pub(crate) fn return_generator(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    state.save();
    // The generator starts behind this instruction.
    state.frame().set_instruction(state.pc());
    if state.frame().owner() == Owner::Generator {
        cold_path();
        let made = generator::make_from_generator(state.frame_pointer(), thread)?;
        state.push_owned(made);
        return super::function::return_value(state, thread, 0);
    }
    let (generator, caller) = generator::make(state.frame_pointer(), thread)?;
    super::function::return_to(state, caller, thread);
    state.push_owned(generator);
    Ok(())
}

#[inline(always)]
pub(crate) fn yield_value(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let value = state.pop().into_heap_safe();
    state.save();
    // The generator goes on behind this instruction.
    state.frame().set_instruction(state.pc());
    let suspended = if oparg & 1 != 0 { GeneratorState::SuspendedYieldFrom } else { GeneratorState::Suspended };
    let caller = generator::suspend(state.frame_pointer(), suspended, thread);
    // The caller goes on behind the instruction that asked for a value (SEND and FOR_ITER have the same size);
    // when the generator ends it will go on elsewhere, by the return offset.
    state.switch_to(caller, thread);
    state.jump(1 + SEND_CACHES as isize);
    state.push(value);
    Ok(())
}

/// Pushes a value into a generator's frame and goes on in it. The return offset has been set by the caller.
#[inline(always)]
pub(super) fn resume_inline(state: &mut State, generator: &Generator, value: StackRef, thread: &mut Thread) {
    state.save();
    let frame = generator.start_running(state.frame_pointer(), thread);
    thread.enter_python_call_unchecked();
    state.switch_to(frame, thread);
    state.push(value);
}

/// `SEND`: the receiver and the value to send; leaves the receiver and what came, or jumps when the receiver has returned.
#[inline(always)]
pub(crate) fn send(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let caches = state.caches(SEND_CACHES);
    if specialize::is_due(caches) {
        specialize::send(caches, state.peek(2).object());
    }
    if let Some(generator) = generator::as_generator(state.peek(2).object()).filter(|it| it.can_resume_inline())
        && thread.state().base().py_recursion_remaining.get() > 0
    {
        let value = state.pop().into_heap_safe();
        state.frame().set_return_offset(1 + SEND_CACHES + oparg as usize);
        resume_inline(state, generator, value, thread);
        return Ok(());
    }
    generic_send(state, thread, oparg)
}

#[inline(always)]
fn generic_send(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (receiver, value) = (state.peek(2).object(), state.peek(1).object());
    let outcome = send_to(receiver, value, thread)?;
    state.drop_top(thread);
    match outcome {
        SendOutcome::Yielded(value) => state.push_owned(value),
        SendOutcome::Returned(value) => {
            state.push_owned(value);
            state.jump(oparg as isize);
        }
    }
    Ok(())
}

#[inline(always)]
pub(crate) fn send_gen(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let Some(generator) = generator::as_generator(state.peek(2).object()).filter(|it| it.can_resume_inline()) else {
        cold_path();
        if state.misses(SEND_CACHES, oparg) {
            return Ok(());
        }
        return generic_send(state, thread, oparg);
    };
    let value = state.pop().into_heap_safe();
    state.frame().set_return_offset(1 + SEND_CACHES + oparg as usize);
    resume_inline(state, generator, value, thread);
    Ok(())
}

#[inline(never)]
fn send_to(receiver: &Object, value: &Object, thread: &mut Thread) -> PyResult<SendOutcome> {
    generator::send_from_frame(receiver, value, thread)
}

/// What `yield from` iterates over: None if the object itself can be used.
#[inline(never)]
pub(super) fn yield_from_iterator(iterable: &Object, flags: u32, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    if iterable.downcast_exact::<Coroutine>().is_some() {
        if flags & (CO_COROUTINE | CO_ITERABLE_COROUTINE) == 0 {
            return Err(raise!(
                thread,
                TypeError,
                "cannot 'yield from' a coroutine object in a non-coroutine generator"
            ));
        }
        return Ok(None);
    }
    if iterable.downcast_exact::<Generator>().is_some() {
        return Ok(None);
    }
    protocol::iter(iterable, thread).map(Some)
}
