//! Operators: `BINARY_OP` and its specializations, unary operators, truth.

use std::hint::cold_path;

use bytecode::instruction::operands::BinaryOperator;
use objects::bool::Bool;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::evaluate::State;
use crate::specialize;
use crate::stack_ref::StackRef;

const BINARY_OP_CACHES: usize = 5;
const TO_BOOL_CACHES: usize = 3;

/// The operation that an argument of `BINARY_OP` stands for.
#[inline(always)]
fn operation(oparg: u32) -> protocol::BinaryOperation {
    // The compiler gives no number beyond the last.
    protocol::BINARY_OPERATIONS[(oparg as usize).min(protocol::BINARY_OPERATIONS.len() - 1)]
}

/// Takes the two operands off and pushes the result.
#[inline(always)]
fn replace_two(state: &mut State, thread: &mut Thread, result: PyResult<Py<Object>>) -> PyResult<()> {
    let result = result?;
    let (right, left) = (state.pop(), state.pop());
    state.push_owned(result);
    left.close(thread);
    right.close(thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn binary_op(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (left, right) = (state.peek(2).object(), state.peek(1).object());
    if specialize::is_due(state.caches(BINARY_OP_CACHES)) {
        let caches = state.caches(BINARY_OP_CACHES);
        let in_place = next_stores(state).is_some_and(|slot| state.frame().local(slot).is(left));
        specialize::binary_op(caches, left, right, oparg, in_place, thread);
        if state.runs_specialized(BINARY_OP_CACHES, oparg) {
            return Ok(());
        }
    }
    let result = operation(oparg)(left, right, thread);
    replace_two(state, thread, result)
}

/// The local variable that the next instruction stores into, if it does.
#[inline(always)]
fn next_stores(state: &State) -> Option<usize> {
    // SAFETY: an instruction follows every operator.
    let unit = unsafe { state.pc().read() };
    (unit as u8 == bytecode::instruction::Opcode::StoreFast as u8).then_some(usize::from(unit >> 8))
}

/// What an operator on numbers gives, before it is an object.
#[derive(Clone, Copy)]
pub(crate) enum Number {
    Int(i64),
    Float(f64),
}

/// The values of two ints of at most one digit.
#[inline(always)]
fn compact(left: &Int, right: &Int) -> Option<(i64, i64)> {
    Some((left.compact_value()? as i64, right.compact_value()? as i64))
}

/// Writes a number into an operand that nobody else has, if that is an exact number of the same type, and of one digit if it is an int.
#[inline(always)]
fn overwrite(operand: StackRef, number: Number) -> bool {
    if !operand.is_unique() {
        return false;
    }
    // SAFETY: the types are checked here; ints have one digit, because operands are compact and the one without digits is shared.
    unsafe {
        match number {
            Number::Float(value) if operand.object().is_exactly::<Float>() => {
                Float::overwrite(operand.object(), value);
                true
            }
            Number::Int(value) if operand.object().is_exactly::<Int>() => Int::overwrite(operand.object(), value),
            _ => false,
        }
    }
}

/// Takes two operands off, which are ints of at most one digit or floats, and pushes a result: in the place of one that nobody else has.
#[inline(always)]
fn replace_by_number(state: &mut State, thread: &mut Thread, left: StackRef, right: StackRef, number: Number) {
    state.forget(2);
    if overwrite(left, number) {
        state.push(left);
        return right.close(thread);
    }
    if overwrite(right, number) {
        state.push(right);
        return left.close(thread);
    }
    match number {
        Number::Int(value) => state.push_owned(Int::from_i64(value, thread)),
        Number::Float(value) => state.push_owned(Float::new(value, thread)),
    }
    left.close(thread);
    right.close(thread);
}

/// Defines a specialized operator: both operands of one exact type, no Python code, an optional result.
macro_rules! specialized_binary {
    ($($name:ident: $typ:ty, $compute:expr;)*) => {
        $(#[inline(always)]
        pub(crate) fn $name(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
            let (left, right) = (state.peek(2), state.peek(1));
            let operands = (left.object().downcast_exact::<$typ>(), right.object().downcast_exact::<$typ>());
            if let (Some(a), Some(b)) = operands
                && let Some(result) = $compute(a, b)
            {
                replace_by_number(state, thread, left, right, result);
                return Ok(());
            }
            cold_path();
            generic(state, thread, oparg)
        })*
    };
}

/// A specialized operator whose operands are not what they were: the counter decides when to specialize anew.
#[inline(never)]
fn generic_result(left: &Object, right: &Object, oparg: u32, thread: &mut Thread) -> PyResult<Py<Object>> {
    operation(oparg)(left, right, thread)
}

/// The general way of a specialized instruction that does not apply.
#[inline(always)]
pub(super) fn generic(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    if state.misses(BINARY_OP_CACHES, oparg) {
        return Ok(());
    }
    let result = generic_result(state.peek(2).object(), state.peek(1).object(), oparg, thread);
    replace_two(state, thread, result)
}

specialized_binary! {
    binary_op_add_int: Int, |a: &Int, b: &Int| compact(a, b).map(|(a, b)| Number::Int(a + b));
    binary_op_subtract_int: Int, |a: &Int, b: &Int| compact(a, b).map(|(a, b)| Number::Int(a - b));
    binary_op_multiply_int: Int, |a: &Int, b: &Int| compact(a, b).map(|(a, b)| Number::Int(a * b));
    binary_op_add_float: Float, |a: &Float, b: &Float| Some(Number::Float(a.value() + b.value()));
    binary_op_subtract_float: Float, |a: &Float, b: &Float| Some(Number::Float(a.value() - b.value()));
    binary_op_multiply_float: Float, |a: &Float, b: &Float| Some(Number::Float(a.value() * b.value()));
}

#[inline(always)]
pub(crate) fn binary_op_add_unicode(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (left, right) = (state.peek(2).object(), state.peek(1).object());
    if let (Some(left), Some(right)) = (left.downcast_exact::<Str>(), right.downcast_exact::<Str>()) {
        let result = left.concatenate(right, thread).map(Py::into_object);
        return replace_two(state, thread, result);
    }
    cold_path();
    generic(state, thread, oparg)
}

/// `s = s + t` or `s += t` where `s` is a local variable that alone holds the string: appended in place.
#[inline(always)]
pub(crate) fn binary_op_inplace_add_unicode(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (left, right) = (state.peek(2), state.peek(1));
    let operands = (left.object().downcast_exact::<Str>(), right.object().downcast_exact::<Str>());
    let (Some(_), Some(addition), Some(slot)) = (operands.0, operands.1, next_stores(state)) else {
        return generic(state, thread, oparg);
    };
    // A string that is appended to itself would move while it is read.
    if !state.frame().local(slot).is(left.object()) || left.object().is(right.object()) {
        return generic(state, thread, oparg);
    }
    // The variable's reference and the operand's become one, so that the string can be seen to be unshared.
    let local = state.frame().local(slot);
    state.frame().set_local(slot, StackRef::NULL);
    left.close(thread);
    // SAFETY: the variable holds the operand, whose type has been checked.
    let owned = unsafe { local.into_py().cast_into::<Str>() };
    let result = Str::append(owned, addition, thread);
    state.forget(2);
    right.close(thread);
    state.frame().set_local(slot, StackRef::from_owned(result?));
    // The store that follows is done already.
    state.jump(1);
    Ok(())
}

/// Bitwise operators of one-digit ints, and arithmetic that mixes floats with one-digit ints or divides.
#[inline(always)]
pub(crate) fn binary_op_extend(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (left, right) = (state.peek(2), state.peek(1));
    let Some(operator) = BinaryOperator::from_number(oparg) else { return generic(state, thread, oparg) };
    match extended(operator, left.object(), right.object()) {
        Some(result) => {
            replace_by_number(state, thread, left, right, result);
            Ok(())
        }
        None => {
            cold_path();
            generic(state, thread, oparg)
        }
    }
}

/// The result of an operator of `BINARY_OP_EXTEND`; None where the operands are not what it is for.
#[inline(always)]
pub(crate) fn extended(operator: BinaryOperator, left: &Object, right: &Object) -> Option<Number> {
    use BinaryOperator::*;
    let compact = |value: &Object| value.downcast_exact::<Int>().and_then(Int::compact_value);
    if let (Some(a), Some(b)) = (compact(left), compact(right)) {
        let bits = match operator {
            And | InplaceAnd => a & b,
            Or | InplaceOr => a | b,
            Xor | InplaceXor => a ^ b,
            _ => return None,
        };
        return Some(Number::Int(bits as i64));
    }
    let number = |value: &Object| match value.downcast_exact::<Float>() {
        Some(float) => Some(float.value()).filter(|it| !it.is_nan()),
        None => compact(value).map(|it| it as f64),
    };
    let (a, b) = (number(left)?, number(right)?);
    let value = match operator {
        Add | InplaceAdd => a + b,
        Subtract | InplaceSubtract => a - b,
        Multiply | InplaceMultiply => a * b,
        TrueDivide | InplaceTrueDivide if b != 0.0 => a / b,
        _ => return None,
    };
    Some(Number::Float(value))
}

/// Replaces the topmost value.
#[inline(always)]
pub(super) fn replace_one(state: &mut State, thread: &mut Thread, result: PyResult<Py<Object>>) -> PyResult<()> {
    let result = result?;
    let value = state.pop();
    state.push_owned(result);
    value.close(thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn unary_negative(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let result = protocol::negative(state.peek(1).object(), thread);
    replace_one(state, thread, result)
}

#[inline(always)]
pub(crate) fn unary_invert(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let result = protocol::invert(state.peek(1).object(), thread);
    replace_one(state, thread, result)
}

#[inline(always)]
pub(crate) fn unary_not(state: &mut State, _: &mut Thread, _: u32) -> PyResult<()> {
    let value = state.pop();
    state.push(StackRef::from_borrowed(Bool::get(value.is(Bool::get(false)))));
    Ok(())
}

#[inline(always)]
fn replace_by_bool(state: &mut State, thread: &mut Thread, result: bool) -> PyResult<()> {
    let value = state.pop();
    state.push(StackRef::from_borrowed(Bool::get(result)));
    value.close(thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn to_bool(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let value = state.peek(1).object();
    if specialize::is_due(state.caches(TO_BOOL_CACHES)) {
        specialize::to_bool(state.caches(TO_BOOL_CACHES), value, thread);
    }
    let result = protocol::is_true(value, thread)?;
    replace_by_bool(state, thread, result)
}

/// Defines a specialized `TO_BOOL`: the truth of the value, or None where it is not what it was.
macro_rules! specialized_to_bool {
    ($($name:ident: $truth:expr;)*) => {
        $(#[inline(always)]
        pub(crate) fn $name(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
            let value = state.peek(1).object();
            let truth: fn(&Object, &State) -> Option<bool> = $truth;
            if let Some(result) = truth(value, state) {
                return replace_by_bool(state, thread, result);
            }
            cold_path();
            if state.misses(TO_BOOL_CACHES, oparg) {
                return Ok(());
            }
            let result = protocol::is_true(value, thread)?;
            replace_by_bool(state, thread, result)
        })*
    };
}

specialized_to_bool! {
    to_bool_bool: |value, _| value.downcast_exact::<Bool>().map(|it| it.is(Bool::get(true)));
    to_bool_int: |value, _| value.downcast_exact::<Int>().map(|it| !it.is_zero());
    to_bool_list: |value, _| value.downcast_exact::<objects::list::List>().map(|it| it.length() != 0);
    to_bool_none: |value, _| value.is_none().then_some(false);
    to_bool_str: |value, _| value.downcast_exact::<Str>().map(|it| it.length() != 0);
    to_bool_always_true: |value, state| {
        (value.class().slots().tp_version_tag.get() == specialize::cached_u32(state.caches(TO_BOOL_CACHES), 1)).then_some(true)
    };
}
