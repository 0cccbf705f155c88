//! Making functions and leaving them: `MAKE_FUNCTION`, `SET_FUNCTION_ATTRIBUTE`, `RETURN_VALUE`.

use bytecode::instruction::operands::FunctionAttribute;
use objects::errors::PyResult;
use objects::none::NoneType;
use objects::refs::{Py, cast};
use objects::thread::Thread;

use crate::code::Code;
use crate::evaluate::State;
use crate::frame::{Frame, Owner, pop_frame_memory};
use crate::function::Function;
use crate::generator;
use crate::stack_ref::StackRef;

#[inline(always)]
pub(crate) fn make_function(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let code = state.pop().into_py();
    // SAFETY: the compiler puts a code object there; a function's globals are a dict.
    let (code, globals) = unsafe { (code.cast_into::<Code>(), Py::from_ref(cast(state.frame().globals()))) };
    let builtins = Py::from_ref(state.frame().builtins());
    let function = Function::new(code, globals, builtins, thread);
    state.push_owned(function);
    Ok(())
}

#[inline(always)]
pub(crate) fn set_function_attribute(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let function = state.pop();
    let value = state.pop().into_py();
    state.push(function);
    // SAFETY: the compiler uses this on a function that it has just made, with values of the attribute's type.
    unsafe {
        let function: &Function = cast(function.object());
        match FunctionAttribute::from_number(oparg) {
            Some(FunctionAttribute::Closure) => function.set_closure(value.cast_into()),
            Some(FunctionAttribute::Defaults) => function.initialize_defaults(value.cast_into()),
            Some(FunctionAttribute::KeywordDefaults) => function.initialize_keyword_defaults(value.cast_into()),
            Some(FunctionAttribute::Annotations) => function.set_annotations(Some(value)),
            Some(FunctionAttribute::Annotate) => function.set_compiled_annotate(value, thread),
            None => {}
        }
    }
    Ok(())
}

#[inline(always)]
pub(crate) fn return_value(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    // The value may be borrowed from a variable that goes with the frame.
    let value = state.pop().into_heap_safe();
    state.save();
    let is_init = state.frame().is_init();
    let caller = leave_frame(state.frame_pointer(), thread);
    return_to(state, caller, thread);
    if is_init {
        return finish_init(value, thread);
    }
    state.push(value);
    Ok(())
}

/// The end of an `__init__` that was called for a class: the instance is on the caller's stack already.
#[inline(always)]
fn finish_init(value: StackRef, thread: &mut Thread) -> PyResult<()> {
    if value.is(NoneType::get()) {
        return Ok(());
    }
    let raised = super::call_specialized::raise_init_returned(value.object(), thread);
    value.close(thread);
    Err(raised)
}

/// Goes on in the calling frame, behind the instruction that called.
#[inline(always)]
pub(super) fn return_to(state: &mut State, caller: *mut Frame, thread: &Thread) {
    state.switch_to(caller, thread);
    let offset = state.frame().return_offset();
    state.jump(offset as isize);
}

/// Gives up a frame that has returned or raised; its caller.
#[inline(always)]
pub(crate) fn leave_frame(frame: *mut Frame, thread: &mut Thread) -> *mut Frame {
    // SAFETY: the frame is the one that runs; nobody uses it afterwards.
    unsafe {
        let caller = (*frame).previous();
        thread.leave_python_call();
        // What the frame's variables free may run Python code, above the caller.
        thread.state().base().current_frame.set(caller.cast());
        if (*frame).owner() == Owner::Generator {
            generator::finish_frame(frame, thread);
        } else {
            Frame::finish(frame, thread);
            pop_frame_memory(frame, thread);
        }
        caller
    }
}
