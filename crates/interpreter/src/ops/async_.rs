//! Coroutines and asynchronous iteration: `GET_AWAITABLE`, `GET_AITER`, `GET_ANEXT`, `END_ASYNC_FOR`, `CLEANUP_THROW`.

use objects::errors::{BaseException, PyResult, StopIteration};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use crate::evaluate::State;
use crate::generator;
use crate::stack_ref::StackRef;

#[inline(always)]
pub(crate) fn get_awaitable(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let result = awaitable_iterator(state.peek(1).object(), oparg, thread);
    super::binary::replace_one(state, thread, result)
}

#[inline(never)]
fn awaitable_iterator(awaitable: &Object, place: u32, thread: &mut Thread) -> PyResult<Py<Object>> {
    let iterator = match generator::awaitable_iterator(awaitable, thread) {
        Ok(iterator) => iterator,
        Err(raised) => return Err(explain_with(raised, awaitable, place, thread)),
    };
    if let Some(coroutine) = iterator.downcast_exact::<generator::Coroutine>()
        && coroutine.is_awaiting()
    {
        return Err(raise!(thread, RuntimeError, "coroutine is being awaited already"));
    }
    Ok(iterator)
}

/// For `async with`, the error names the method that did not give an awaitable.
fn explain_with(
    raised: objects::errors::Raised,
    awaitable: &Object,
    place: u32,
    thread: &mut Thread,
) -> objects::errors::Raised {
    let method = match place {
        1 => "__aenter__",
        2 => "__aexit__",
        _ => return raised,
    };
    if awaitable.class().slots().tp_as_async.get().is_null() {
        drop(thread.catch(raised));
        let name = awaitable.class().full_name();
        return raise!(
            thread,
            TypeError,
            "'async with' received an object from {method} that does not implement __await__: {name}"
        );
    }
    raised
}

#[inline(always)]
pub(crate) fn get_aiter(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let result = generator::async_iterator(state.peek(1).object(), thread);
    super::binary::replace_one(state, thread, result)
}

#[inline(always)]
pub(crate) fn get_anext(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let awaitable = generator::async_next(state.peek(1).object(), thread)?;
    state.push_owned(awaitable);
    Ok(())
}

#[inline(always)]
pub(crate) fn end_async_for(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let exception = state.peek(1).object();
    if exception.class().is_subtype(objects::errors::StopAsyncIteration.as_type()) {
        state.drop_many(2, thread);
        return Ok(());
    }
    let exception = state.pop().into_py();
    Err(raise_again(exception, thread))
}

fn raise_again(exception: Py<Object>, thread: &mut Thread) -> objects::errors::Raised {
    match exception.downcast_into::<BaseException>() {
        Ok(exception) => thread.reraise_here(exception),
        Err(_) => raise!(thread, SystemError, "an exception was expected on the stack"),
    }
}

/// After `throw` into a delegate: StopIteration is the delegate's result, anything else goes on.
#[inline(always)]
pub(crate) fn cleanup_throw(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let exception = state.peek(1).object();
    match exception.downcast::<StopIteration>() {
        Some(stop) => {
            let value = stop.value().unwrap_or_else(|| thread.none());
            state.drop_many(3, thread);
            state.push(StackRef::from_borrowed(objects::none::NoneType::get()));
            state.push_owned(value);
            Ok(())
        }
        None => {
            let exception = state.peek(1).duplicate().into_py();
            Err(raise_again(exception, thread))
        }
    }
}
