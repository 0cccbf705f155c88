//! Specialized instructions that the specializer does not write yet, and instrumented ones that no tool has asked for: they act as what they
//! stand for, so that code that holds them (from elsewhere, or from before) still runs right.

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
    super::attribute::generic_load: load_attr_class_with_metaclass_check load_attr_getattribute_overridden
        load_attr_method_lazy_dict load_attr_with_hint;
    super::attribute::generic_store: store_attr_with_hint;
    super::attribute::load_super_attr: load_super_attr_attr load_super_attr_method instrumented_load_super_attr;
    super::call::generic_call: call_bound_method_general call_non_py_general call_py_general instrumented_call;
    super::call::call_kw: call_kw_bound_method call_kw_non_py call_kw_py instrumented_call_kw;
    super::call::call_function_ex: instrumented_call_function_ex;
    super::stack::end_for: instrumented_end_for;
    super::stack::pop_iter: instrumented_pop_iter;
    super::stack::end_send: instrumented_end_send;
    super::stack::not_taken: instrumented_not_taken;
    super::iterate::for_iter: instrumented_for_iter;
    super::jump::jump_forward: instrumented_jump_forward;
    super::jump::jump_backward: instrumented_jump_backward;
    super::jump::pop_jump_if_true: instrumented_pop_jump_if_true;
    super::jump::pop_jump_if_false: instrumented_pop_jump_if_false;
    super::jump::pop_jump_if_none: instrumented_pop_jump_if_none;
    super::jump::pop_jump_if_not_none: instrumented_pop_jump_if_not_none;
    super::jump::resume: instrumented_resume;
    super::function::return_value: instrumented_return_value;
    super::generator::yield_value: instrumented_yield_value;
    super::async_::end_async_for: instrumented_end_async_for;
}

/// Line and instruction events stand for an instruction that only the code's monitoring data knows.
macro_rules! needs_monitoring {
    ($($name:ident: $number:literal;)*) => {
        $(#[inline(always)]
        pub(crate) fn $name(_: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
            super::unknown_instruction($number, thread)
        })*
    };
}

needs_monitoring! {
    instrumented_line: 254;
    instrumented_instruction: 238;
    enter_executor: 255;
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
    let name = value.class().short_name();
    Err(objects::raise!(thread, TypeError, "__init__() should return None, not '{name}'"))
}
