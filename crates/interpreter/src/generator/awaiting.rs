//! Awaiting: from objects to the iterators that coroutines wait for, and sending into any of them.

use objects::errors::{PyResult, StopIteration};
use objects::names;
use objects::protocol::{self, SendOutcome};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::coroutine::Coroutine;
use super::object::as_generator;
use super::run::resume;
use crate::frame::Frame;
use crate::stack_ref::StackRef;

use bytecode::code_flags::{CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR, CO_ITERABLE_COROUTINE};

/// Sends a value to a generator, coroutine or any iterator; how it answers.
pub fn send(receiver: &Object, value: &Object, thread: &mut Thread) -> PyResult<SendOutcome> {
    if let Some(generator) = as_generator(receiver) {
        return resume(generator, StackRef::from_new(value), thread);
    }
    send_by_slot(receiver, value, thread).unwrap_or_else(|| send_to_iterator(receiver, value, thread))
}

/// What `SEND` does: CPython's instruction does not know `am_send`, and so its tools hear of the StopIteration of everything but generators.
pub(crate) fn send_from_frame(receiver: &Object, value: &Object, thread: &mut Thread) -> PyResult<SendOutcome> {
    if thread.is_monitored() && as_generator(receiver).is_none() {
        return send_to_iterator(receiver, value, thread);
    }
    send(receiver, value, thread)
}

/// By the slot that is there for it, without an exception in between.
fn send_by_slot(receiver: &Object, value: &Object, thread: &mut Thread) -> Option<PyResult<SendOutcome>> {
    // SAFETY: a type's method suites live as long as the type.
    let sender = unsafe { receiver.class().slots().tp_as_async.get().as_ref() }.and_then(|it| it.am_send.get())?;
    let mut result = std::ptr::null_mut();
    // SAFETY: the slot's protocol.
    let code = unsafe { sender(receiver.as_pointer(), value.as_pointer(), &mut result) };
    Some(protocol::result_from_c(result, thread).map(|result| match code {
        layout::PYGEN_NEXT => SendOutcome::Yielded(result),
        _ => SendOutcome::Returned(result),
    }))
}

fn send_to_iterator(receiver: &Object, value: &Object, thread: &mut Thread) -> PyResult<SendOutcome> {
    let next = receiver.class().slots().tp_iternext.get();
    let next = next.filter(|_| value.is_none() && protocol::is_iterator(receiver));
    let result = match next {
        Some(next) => {
            // SAFETY: the slot's protocol: null without an exception is the end without a value.
            match unsafe { Py::<Object>::steal_pointer(next(receiver.as_pointer())) } {
                Some(value) => Ok(value),
                None if thread.is_raised() => Err(thread.raised_elsewhere()),
                None => return Ok(SendOutcome::Returned(thread.none())),
            }
        }
        None => protocol::call_method(receiver, &names::send, &[value], thread),
    };
    match result {
        Ok(value) => Ok(SendOutcome::Yielded(value)),
        Err(raised) if thread.raised_is(objects::errors::StopIteration) => {
            if thread.is_monitored() {
                crate::monitoring::tell_of_stop_iteration(thread);
                // A tool may have raised something else.
                if !thread.raised_is(objects::errors::StopIteration) {
                    return Err(thread.raised_elsewhere());
                }
            }
            let exception = thread.catch(raised);
            let value = exception.downcast::<StopIteration>().and_then(StopIteration::value);
            Ok(SendOutcome::Returned(value.unwrap_or_else(|| thread.none())))
        }
        Err(raised) => Err(raised),
    }
}

/// The iterator that `await` goes through.
pub fn awaitable_iterator(awaitable: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    if awaitable.is_exactly::<Coroutine>() {
        return Ok(Py::from_ref(awaitable));
    }
    if as_generator(awaitable).is_some_and(|it| it.code().has_flag(CO_ITERABLE_COROUTINE)) {
        return Ok(Py::from_ref(awaitable));
    }
    // SAFETY: a type's method suites live as long as the type.
    let function = unsafe { awaitable.class().slots().tp_as_async.get().as_ref() }.and_then(|it| it.am_await.get());
    let Some(function) = function else {
        let name = awaitable.class().full_name();
        return Err(raise!(thread, TypeError, "'{name}' object can't be awaited"));
    };
    // SAFETY: the slot's protocol.
    let iterator = protocol::result_from_c(unsafe { function(awaitable.as_pointer()) }, thread)?;
    if iterator.is_exactly::<Coroutine>() {
        return Err(raise!(thread, TypeError, "__await__() returned a coroutine"));
    }
    if !protocol::is_iterator(&iterator) {
        let name = iterator.class().full_name();
        return Err(raise!(thread, TypeError, "__await__() returned non-iterator of type '{name}'"));
    }
    Ok(iterator)
}

/// `aiter(object)`, as `async for` asks for it.
pub fn async_iterator(object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = object.class().full_name();
    // SAFETY: a type's method suites live as long as the type.
    let function = unsafe { object.class().slots().tp_as_async.get().as_ref() }.and_then(|it| it.am_aiter.get());
    let Some(function) = function else {
        return Err(raise!(thread, TypeError, "'async for' requires an object with __aiter__ method, got {name}"));
    };
    // SAFETY: the slot's protocol.
    let iterator = protocol::result_from_c(unsafe { function(object.as_pointer()) }, thread)?;
    // SAFETY: as above.
    let next = unsafe { iterator.class().slots().tp_as_async.get().as_ref() }.and_then(|it| it.am_anext.get());
    if next.is_none() {
        let found = iterator.class().full_name();
        return Err(raise!(
            thread,
            TypeError,
            "'async for' received an object from __aiter__ that does not implement __anext__: {found}"
        ));
    }
    Ok(iterator)
}

/// The awaitable iterator of an asynchronous iterator's next value.
pub fn async_next(iterator: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = iterator.class().full_name();
    // SAFETY: a type's method suites live as long as the type.
    let function = unsafe { iterator.class().slots().tp_as_async.get().as_ref() }.and_then(|it| it.am_anext.get());
    let Some(function) = function else {
        return Err(raise!(thread, TypeError, "'async for' requires an iterator with __anext__ method, got {name}"));
    };
    // SAFETY: the slot's protocol.
    let awaitable = protocol::result_from_c(unsafe { function(iterator.as_pointer()) }, thread)?;
    awaitable_iterator(&awaitable, thread).map_err(|raised| {
        let cause = thread.catch(raised);
        let found = awaitable.class().full_name();
        let raised = raise!(thread, TypeError, "'async for' received an invalid object from __anext__: {found}");
        let exception = thread.catch(raised);
        exception.set_cause(Some(cause.clone()));
        exception.set_context(Some(cause));
        thread.set_exception(exception)
    })
}

/// A StopIteration that would leave a generator becomes a RuntimeError (PEP 479).
pub fn stop_iteration_error(frame: &Frame, exception: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let flags = frame.code().flags();
    let stop = exception.class().is_subtype(objects::errors::StopIteration.as_type());
    let stop_async = exception.class().is_subtype(objects::errors::StopAsyncIteration.as_type());
    let message = match flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR) {
        CO_ASYNC_GENERATOR if stop_async => "async generator raised StopAsyncIteration",
        CO_ASYNC_GENERATOR if stop => "async generator raised StopIteration",
        CO_COROUTINE if stop => "coroutine raised StopIteration",
        CO_GENERATOR if stop => "generator raised StopIteration",
        _ => return Ok(Py::from_ref(exception)),
    };
    let raised = raise!(thread, RuntimeError, "{message}");
    let error = thread.catch(raised);
    let cause = exception.downcast::<objects::errors::BaseException>().map(Py::from_ref);
    error.set_cause(cause.clone());
    error.set_context(cause);
    Ok(error.into_object())
}
