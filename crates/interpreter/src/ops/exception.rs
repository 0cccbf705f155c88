//! Exceptions: raising, matching, and the bookkeeping of what is being handled.

use objects::errors::{BaseException, PyResult, Raised};
use objects::none::NoneType;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

use crate::evaluate::State;
use crate::stack_ref::StackRef;
use objects::bool::Bool;

/// What the thread's innermost level of handled exceptions holds, replaced by another; null and None mean none.
fn exchange_handled(value: Option<Py<Object>>, thread: &Thread) -> Option<Py<Object>> {
    // SAFETY: `exc_info` is never null.
    let level = unsafe { &*thread.state().base().exc_info.get() };
    let old = level.exc_value.replace(value.map_or(std::ptr::null_mut(), Py::into_pointer));
    // SAFETY: the level owned what it held.
    unsafe { Py::steal_pointer(old) }
}

#[inline(always)]
pub(crate) fn push_exc_info(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let exception = state.pop();
    let previous = exchange_handled(Some(exception.duplicate().into_py()), thread);
    state.push(match previous {
        Some(previous) => StackRef::from_owned(previous),
        None => StackRef::from_borrowed(NoneType::get()),
    });
    state.push(exception);
    Ok(())
}

#[inline(always)]
pub(crate) fn pop_except(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    restore_handled(state.pop(), thread);
    Ok(())
}

/// What was handled before is handled again; None means nothing.
#[inline(always)]
pub(crate) fn restore_handled(previous: StackRef, thread: &mut Thread) {
    let previous = if previous.is(NoneType::get()) { None } else { Some(previous.into_py()) };
    if let Some(handled) = exchange_handled(previous, thread) {
        handled.release(thread);
    }
}

#[inline(always)]
pub(crate) fn raise_varargs(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let cause = if oparg == 2 { Some(state.pop().into_py()) } else { None };
    let exception = if oparg >= 1 { Some(state.pop().into_py()) } else { None };
    Err(match exception {
        Some(exception) => raise_object(exception, cause, thread),
        None => raise_again(thread),
    })
}

/// `raise` alone.
#[inline(never)]
fn raise_again(thread: &mut Thread) -> Raised {
    match thread.handled_exception() {
        Some(exception) => thread.reraise_here(exception),
        None => raise!(thread, RuntimeError, "No active exception to reraise"),
    }
}

/// `raise exception from cause`.
#[inline(never)]
fn raise_object(exception: Py<Object>, cause: Option<Py<Object>>, thread: &mut Thread) -> Raised {
    let exception = match instance(&exception, "exceptions must derive from BaseException", thread) {
        Ok(exception) => exception,
        Err(raised) => return raised,
    };
    if let Some(cause) = cause {
        let cause = if cause.is_none() {
            None
        } else {
            match instance(&cause, "exception causes must derive from BaseException", thread) {
                Ok(cause) => Some(cause),
                Err(raised) => return raised,
            }
        };
        exception.set_cause(cause);
    }
    thread.raise(exception.into_object())
}

/// An exception, made by calling the class if it is one.
fn instance(object: &Object, otherwise: &str, thread: &mut Thread) -> PyResult<Py<BaseException>> {
    if let Some(class) = exception_class(object) {
        let made = protocol::call(class, &[], thread)?;
        return made.downcast_into::<BaseException>().map_err(|other| {
            let (class, other) = (class.full_name(), other.class().full_name());
            raise!(
                thread,
                TypeError,
                "calling <class '{class}'> should have returned an instance of BaseException, not <class '{other}'>"
            )
        });
    }
    match object.downcast::<BaseException>() {
        Some(exception) => Ok(Py::from_ref(exception)),
        None => Err(raise!(thread, TypeError, "{otherwise}")),
    }
}

/// The object as an exception class.
fn exception_class(object: &Object) -> Option<&Type> {
    object.downcast::<Type>().filter(|it| it.has_flag(layout::Py_TPFLAGS_BASE_EXC_SUBCLASS))
}

/// Raises again what a handler could not handle; with an argument, as if from where it first came.
#[inline(always)]
pub(crate) fn reraise(state: &mut State, thread: &mut Thread, oparg: u32) -> PyResult<()> {
    let exception = state.pop().into_py();
    if oparg > 0 {
        let lasti = state.peek(oparg as usize);
        if lasti.is_offset() {
            // SAFETY: the offset was pushed for an instruction of this code.
            let instruction = unsafe { state.frame().code().first_instruction().add(lasti.offset()) };
            state.frame().set_instruction(instruction);
        }
    }
    Err(set_again(exception, thread))
}

#[inline(never)]
fn set_again(exception: Py<Object>, thread: &mut Thread) -> Raised {
    match exception.downcast_into::<BaseException>() {
        Ok(exception) => thread.reraise_here(exception),
        Err(_) => raise!(thread, SystemError, "an exception was expected on the stack"),
    }
}

#[inline(always)]
pub(crate) fn check_exc_match(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let matches = exception_matches(state.peek(2).object(), state.peek(1).object(), thread)?;
    state.drop_top(thread);
    state.push(StackRef::from_borrowed(Bool::get(matches)));
    Ok(())
}

/// `except kinds`: a class or a tuple of classes.
#[inline(never)]
fn exception_matches(exception: &Object, kinds: &Object, thread: &mut Thread) -> PyResult<bool> {
    const MESSAGE: &str = "catching classes that do not inherit from BaseException is not allowed";
    if let Some(kinds) = kinds.downcast::<Tuple>() {
        if kinds.items().iter().any(|it| exception_class(it).is_none()) {
            return Err(raise!(thread, TypeError, "{MESSAGE}"));
        }
        for kind in kinds.items() {
            if protocol::exception_matches(exception, kind, thread)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if exception_class(kinds).is_none() {
        return Err(raise!(thread, TypeError, "{MESSAGE}"));
    }
    protocol::exception_matches(exception, kinds, thread)
}

/// `except*`: splits the group into what matches and the rest.
#[inline(always)]
pub(crate) fn check_eg_match(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let (rest, matched) = objects::exceptions::split_group(state.peek(2).object(), state.peek(1).object(), thread)?;
    state.drop_many(2, thread);
    if !matched.is_none() {
        drop(exchange_handled(Some(matched.clone()), thread));
    }
    state.push_owned(rest);
    state.push_owned(matched);
    Ok(())
}

/// Calls `__exit__` with the exception that is being handled.
#[inline(always)]
pub(crate) fn with_except_start(state: &mut State, thread: &mut Thread, _: u32) -> PyResult<()> {
    let (exit, receiver, value) = (state.peek(5).object(), state.peek(4), state.peek(1).object());
    let result = call_exit(exit, receiver.as_option(), value, thread)?;
    state.push_owned(result);
    Ok(())
}

#[inline(never)]
fn call_exit(exit: &Object, receiver: Option<&Object>, value: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let traceback = value.downcast::<BaseException>().and_then(|it| it.traceback()).unwrap_or_else(|| thread.none());
    let class: &Object = value.class();
    match receiver {
        Some(receiver) => protocol::call(exit, &[receiver, class, value, &traceback], thread),
        None => protocol::call(exit, &[class, value, &traceback], thread),
    }
}
