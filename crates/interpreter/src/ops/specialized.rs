//! Specialized instructions that act as what they stand for: they say what was met here, but there is no quicker way for it.

use objects::errors::PyResult;
use objects::thread::Thread;

use crate::evaluate::State;

/// Defines instructions that act as another.
macro_rules! acts_as {
    ($($general:path: $($name:ident)*;)*) => {
        $($(#[inline(always)]
        pub(crate) fn $name(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
            $general(state, thread, oparg)
        })*)*
    };
}

acts_as! {
    super::attribute::generic_load: load_attr_getattribute_overridden;
}

/// Defines instructions that the loop has an arm of its own for, before it would come here.
macro_rules! handled_by_the_loop {
    ($($name:ident)*) => {
        $(#[inline(always)]
        pub(crate) fn $name(_: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
            super::unknown_instruction(u8::MAX, thread)
        })*
    };
}

handled_by_the_loop! {
    instrumented_line instrumented_instruction instrumented_load_super_attr instrumented_call instrumented_call_kw
    instrumented_call_function_ex instrumented_end_for instrumented_pop_iter instrumented_end_send instrumented_not_taken
    instrumented_for_iter instrumented_jump_forward instrumented_jump_backward instrumented_pop_jump_if_true
    instrumented_pop_jump_if_false instrumented_pop_jump_if_none instrumented_pop_jump_if_not_none instrumented_resume
    instrumented_return_value instrumented_yield_value instrumented_end_async_for
}

/// Code for a second tier, which nothing writes.
#[inline(always)]
pub(crate) fn enter_executor(_: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    super::unknown_instruction(255, thread)
}

/// The loop ends on this instruction before it would come here.
#[inline(always)]
pub(crate) fn interpreter_exit(_: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    super::unknown_instruction(20, thread)
}

/// The loop widens the argument before it would come here.
#[inline(always)]
pub(crate) fn extended_arg(_: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    super::unknown_instruction(69, thread)
}

/// `__init__` must return None: the frame below it checks that.
#[inline(always)]
pub(crate) fn exit_init_check(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let value = state.pop().into_py();
    if value.is_none() {
        return Ok(());
    }
    let name = value.class().full_name();
    Err(objects::raise!(thread, TypeError, "__init__() should return None, not '{name}'"))
}
