//! Iteration: `GET_ITER`, `FOR_ITER` and its specializations.

use std::hint::cold_path;

use builtins::range::RangeIterator;
use objects::errors::PyResult;
use objects::list::ListIterator;
use objects::none::NoneType;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::TupleIterator;

use crate::evaluate::State;
use crate::generator::Generator;
use crate::specialize;
use crate::stack_ref::StackRef;

const CACHES: usize = 1;

#[inline(always)]
pub(crate) fn get_iter(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let result = protocol::iter(state.peek(1).object(), thread);
    super::binary::replace_one(state, thread, result)
}

#[inline(always)]
pub(crate) fn get_yield_from_iter(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let result = super::generator::yield_from_iterator(state.peek(1).object(), state.frame().code().flags(), thread)?;
    if let Some(iterator) = result {
        return super::binary::replace_one(state, thread, Ok(iterator));
    }
    Ok(())
}

/// Ends the loop: the iterator stays for `END_FOR` and `POP_ITER`, of which the first is jumped over.
#[inline(always)]
fn finish(state: &mut State, oparg: u32) -> PyResult<()> {
    state.jump(oparg as isize + 1);
    Ok(())
}

#[inline(always)]
pub(crate) fn for_iter(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let iterator = state.peek(1).object();
    let caches = state.caches(CACHES);
    if specialize::is_due(caches) {
        specialize::for_iter(caches, iterator);
        if state.runs_specialized(CACHES, oparg) {
            return Ok(());
        }
    }
    generic(state, thread, oparg)
}

#[inline(always)]
fn generic(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let iterator = state.peek(1).object();
    match next(iterator, thread)? {
        Some(value) => {
            state.push_owned(value);
            Ok(())
        }
        None => finish(state, oparg),
    }
}

/// The next value of what `GET_ITER` gave.
#[inline(always)]
pub(crate) fn next(iterator: &Object, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let Some(function) = iterator.class().slots().tp_iternext.get() else {
        return protocol::next(iterator, thread);
    };
    // SAFETY: the slot's protocol.
    match unsafe { Py::steal_pointer(function(iterator.as_pointer())) } {
        Some(value) => Ok(Some(value)),
        None => exhausted(thread),
    }
}

/// What an iterator's null means: the end, or an exception, of which StopIteration is the end too.
#[inline(always)]
fn exhausted(thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    if !thread.is_raised() {
        return Ok(None);
    }
    if thread.is_monitored() && thread.raised_is(objects::errors::StopIteration) {
        crate::monitoring::tell_of_stop_iteration(thread);
        // It is the end, even if a tool raised something else.
        drop(thread.take_exception());
        return Ok(None);
    }
    let raised = Err(thread.raised_elsewhere());
    thread.suppress(raised, objects::errors::StopIteration).map(|_: Option<()>| None)
}

/// Defines a specialized `FOR_ITER`: the next value of an iterator of one exact type, which raises nothing.
macro_rules! specialized_for_iter {
    ($($name:ident: $typ:ty, $advance:expr;)*) => {
        $(#[inline(always)]
        pub(crate) fn $name(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
            let Some(iterator) = state.peek(1).object().downcast_exact::<$typ>() else {
                cold_path();
                if state.misses(CACHES, oparg) {
                    return Ok(());
                }
                return generic(state, thread, oparg);
            };
            let advance: fn(&$typ, &mut Thread) -> Option<Py<Object>> = $advance;
            match advance(iterator, thread) {
                Some(value) => {
                    state.push_owned(value);
                    Ok(())
                }
                None => finish(state, oparg),
            }
        })*
    };
}

specialized_for_iter! {
    for_iter_list: ListIterator, |iterator, thread| iterator.advance(thread);
    for_iter_tuple: TupleIterator, |iterator, _| iterator.advance();
    for_iter_range: RangeIterator, |iterator, thread| iterator.advance(thread);
}

/// A generator in a `for` loop: its frame goes on in this same run of the loop.
#[inline(always)]
pub(crate) fn for_iter_gen(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let generator = state.peek(1).object().downcast_exact::<Generator>();
    let Some(generator) = generator.filter(|it| it.can_resume_inline()) else {
        cold_path();
        if state.misses(CACHES, oparg) {
            return Ok(());
        }
        return generic(state, thread, oparg);
    };
    // When the generator ends, its return value is pushed, and END_FOR, where RETURN_VALUE goes on, takes it off.
    state.frame().set_return_offset(1 + CACHES + oparg as usize);
    super::generator::resume_inline(state, generator, StackRef::from_borrowed(NoneType::get()), thread);
    Ok(())
}
