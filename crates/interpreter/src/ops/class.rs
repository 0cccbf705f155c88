//! Intrinsic functions: what the compiler needs done that is no instruction of its own.

use bytecode::instruction::operands::{BinaryIntrinsic, UnaryIntrinsic};
use objects::errors::PyResult;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py, cast};
use objects::thread::Thread;

use crate::evaluate::State;
use crate::frame::Frame;
use crate::function::Function;
use crate::{generator, import};

#[inline(always)]
pub(crate) fn call_intrinsic_1(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let result = unary_intrinsic(oparg, state.frame(), state.peek(1).object(), thread);
    super::binary::replace_one(state, thread, result)
}

#[inline(always)]
pub(crate) fn call_intrinsic_2(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let result = binary_intrinsic(oparg, state.peek(2).object(), state.peek(1).object(), thread)?;
    state.drop_many(2, thread);
    state.push_owned(result);
    Ok(())
}

#[inline(never)]
fn unary_intrinsic(number: u32, frame: &Frame, value: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    use builtins::typing;
    match UnaryIntrinsic::from_number(number) {
        Some(UnaryIntrinsic::Print) => print_expression(value, thread),
        Some(UnaryIntrinsic::ImportStar) => import::import_star(frame, value, thread),
        Some(UnaryIntrinsic::StopIterationError) => generator::stop_iteration_error(frame, value, thread),
        Some(UnaryIntrinsic::AsyncGeneratorWrap) => Ok(generator::wrap_async_value(value, thread)),
        Some(UnaryIntrinsic::UnaryPositive) => protocol::positive(value, thread),
        Some(UnaryIntrinsic::ListToTuple) => protocol::to_tuple(value, thread).map(Py::into_object),
        Some(UnaryIntrinsic::TypeVar) => typing::type_variable(value, thread),
        Some(UnaryIntrinsic::ParamSpec) => typing::parameter_specification(value, thread),
        Some(UnaryIntrinsic::TypeVarTuple) => typing::type_variable_tuple(value, thread),
        Some(UnaryIntrinsic::SubscriptGeneric) => typing::subscript_generic(value, thread),
        Some(UnaryIntrinsic::TypeAlias) => typing::type_alias(value, thread),
        Some(UnaryIntrinsic::Invalid) | None => Err(raise!(thread, SystemError, "invalid intrinsic function")),
    }
}

#[inline(never)]
fn binary_intrinsic(number: u32, left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    use builtins::typing;
    match BinaryIntrinsic::from_number(number) {
        Some(BinaryIntrinsic::PrepareReraiseStar) => objects::exceptions::prepare_reraise_star(left, right, thread),
        Some(BinaryIntrinsic::TypeVarWithBound) => typing::type_variable_with_bound(left, right, thread),
        Some(BinaryIntrinsic::TypeVarWithConstraints) => typing::type_variable_with_constraints(left, right, thread),
        Some(BinaryIntrinsic::SetFunctionTypeParameters) => {
            // SAFETY: the compiler uses this on a function that it has just made.
            unsafe { cast::<Function>(left) }.set_type_parameters(Some(Py::from_ref(right)));
            Ok(Py::from_ref(left))
        }
        Some(BinaryIntrinsic::SetTypeParameterDefault) => typing::set_default(left, right, thread),
        Some(BinaryIntrinsic::Invalid) | None => Err(raise!(thread, SystemError, "invalid intrinsic function")),
    }
}

/// An expression statement in interactive mode: `sys.displayhook(value)`.
fn print_expression(value: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let hook = thread.interpreter().sys_dict.get().and_then(|it| it.get_str(&names::displayhook, thread));
    match hook {
        Some(hook) => protocol::call(&hook, &[value], thread),
        None => Err(raise!(thread, RuntimeError, "lost sys.displayhook")),
    }
}
