//! Comparisons: `COMPARE_OP`, `IS_OP`, `CONTAINS_OP`.

use std::hint::cold_path;

use builtins::set::SetObject;
use bytecode::instruction::operands::{COMPARE_SHIFT, COMPARE_TO_BOOL};
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::float::Float;
use objects::int::Int;
use objects::protocol::{self, Comparison};
use objects::str::Str;
use objects::thread::Thread;

use crate::evaluate::State;
use crate::specialize;
use crate::stack_ref::StackRef;

const CACHES: usize = 1;

#[inline(always)]
fn push_bool_for_two(state: &mut State, thread: &mut Thread, result: bool) -> PyResult<()> {
    let (right, left) = (state.pop(), state.pop());
    state.push(StackRef::from_borrowed(Bool::get(result)));
    left.close(thread);
    right.close(thread);
    Ok(())
}

#[inline(always)]
pub(crate) fn compare_op(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (left, right) = (state.peek(2).object(), state.peek(1).object());
    if specialize::is_due(state.caches(CACHES)) {
        specialize::compare_op(state.caches(CACHES), left, right, oparg);
    }
    generic(state, thread, oparg)
}

#[inline(always)]
fn generic(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (left, right) = (state.peek(2), state.peek(1));
    let comparison = Comparison::from_code((oparg >> COMPARE_SHIFT) as i32);
    let result = protocol::compare(left.object(), right.object(), comparison, thread)?;
    if oparg & COMPARE_TO_BOOL != 0 && result.downcast_exact::<Bool>().is_none() {
        let truth = protocol::is_true(&result, thread)?;
        result.release(thread);
        return push_bool_for_two(state, thread, truth);
    }
    state.forget(2);
    state.push_owned(result);
    left.close(thread);
    right.close(thread);
    Ok(())
}

/// The low bits of the argument say which outcomes make the comparison true.
#[inline(always)]
fn outcome_bit(ordering: Option<std::cmp::Ordering>) -> u32 {
    match ordering {
        None => 1,
        Some(std::cmp::Ordering::Less) => 2,
        Some(std::cmp::Ordering::Greater) => 4,
        Some(std::cmp::Ordering::Equal) => 8,
    }
}

/// Defines a specialized comparison of two values of one exact type; None where it does not apply.
macro_rules! specialized_compare {
    ($($name:ident: $typ:ty, $holds:expr;)*) => {
        $(#[inline(always)]
        pub(crate) fn $name(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
            let (left, right) = (state.peek(2).object(), state.peek(1).object());
            let holds: fn(&$typ, &$typ, u32) -> Option<bool> = $holds;
            if let (Some(a), Some(b)) = (left.downcast_exact::<$typ>(), right.downcast_exact::<$typ>())
                && let Some(result) = holds(a, b, oparg)
            {
                return push_bool_for_two(state, thread, result);
            }
            cold_path();
            if state.misses(CACHES, oparg) {
                return Ok(());
            }
            generic(state, thread, oparg)
        })*
    };
}

specialized_compare! {
    compare_op_float: Float, |a, b, oparg| Some(outcome_bit(a.value().partial_cmp(&b.value())) & oparg != 0);
    compare_op_int: Int, |a, b, oparg| {
        let (a, b) = (a.compact_value()?, b.compact_value()?);
        Some(outcome_bit(Some(a.cmp(&b))) & oparg != 0)
    };
    compare_op_str: Str, |a, b, oparg| Some((if a.equals(b) { 8 } else { 2 | 4 }) & oparg != 0);
}

#[inline(always)]
pub(crate) fn is_op(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let same = state.peek(2).is(state.peek(1).object());
    push_bool_for_two(state, thread, same != (oparg == 1))
}

#[inline(always)]
pub(crate) fn contains_op(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (value, container) = (state.peek(2).object(), state.peek(1).object());
    if specialize::is_due(state.caches(CACHES)) {
        specialize::contains_op(state.caches(CACHES), container);
    }
    let found = protocol::contains(container, value, thread)?;
    push_bool_for_two(state, thread, found != (oparg == 1))
}

#[inline(always)]
pub(crate) fn contains_op_dict(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (value, container) = (state.peek(2).object(), state.peek(1).object());
    let found = match container.downcast_exact::<Dict>() {
        Some(dict) => dict.contains(value, thread)?,
        None => {
            if state.misses(CACHES, oparg) {
                return Ok(());
            }
            protocol::contains(container, value, thread)?
        }
    };
    push_bool_for_two(state, thread, found != (oparg == 1))
}

#[inline(always)]
pub(crate) fn contains_op_set(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let (value, container) = (state.peek(2).object(), state.peek(1).object());
    let found = match SetObject::of_exact(container) {
        Some(set) => set.contains(value, thread)?,
        None => {
            if state.misses(CACHES, oparg) {
                return Ok(());
            }
            protocol::contains(container, value, thread)?
        }
    };
    push_bool_for_two(state, thread, found != (oparg == 1))
}
