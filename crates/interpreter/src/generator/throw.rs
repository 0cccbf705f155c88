//! `throw` and `close`: raising where a generator stands, or in what it waits for.
//!
//! Both go down through `yield from` and `await` to the innermost generator; native recursion on the way is bounded.

use bytecode::instruction::Opcode;
use objects::errors::{self, BaseException, PyResult, StopIteration};
use objects::names;
use objects::protocol::{self, SendOutcome};
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Type;

use super::object::{Generator, GeneratorState, as_generator};
use super::run::{resume_raising, yielded};
use crate::monitoring::{Event, Tools};
use crate::traceback::Traceback;

/// In the argument of `RESUME`: nothing but the handler that every generator has surrounds the `yield`.
const RESUME_OPARG_DEPTH1_MASK: u16 = 0x4;

const DEPRECATED: &str =
    "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.";

/// What is thrown: an exception, or a class with a value, and a traceback, as `throw` takes them.
#[derive(Clone, Copy)]
pub(super) struct Thrown<'a> {
    pub kind: &'a Object,
    pub value: Option<&'a Object>,
    pub traceback: Option<&'a Object>,
}

impl Thrown<'_> {
    fn is_generator_exit(&self, thread: &mut Thread) -> PyResult<bool> {
        protocol::exception_matches(self.kind, errors::GeneratorExit.as_type(), thread)
    }

    /// The arguments for the `throw` method of something else.
    fn arguments(&self) -> Vec<&Object> {
        let mut arguments = vec![self.kind];
        arguments.extend(self.value);
        arguments.extend(self.value.and(self.traceback));
        arguments
    }

    /// The exception itself, with its traceback set.
    fn exception(&self, thread: &mut Thread) -> PyResult<Py<BaseException>> {
        let traceback = self.traceback.filter(|it| !it.is_none());
        if traceback.is_some_and(|it| it.downcast::<Traceback>().is_none()) {
            return Err(raise!(thread, TypeError, "throw() third argument must be a traceback object"));
        }
        let value = self.value.filter(|it| !it.is_none());
        let exception = if let Some(class) = exception_class(self.kind) {
            match instantiate(class, value, thread) {
                Ok(exception) => exception,
                // What the class raised is thrown in its place.
                Err(raised) => return Ok(thread.catch(raised)),
            }
        } else if let Some(exception) = self.kind.downcast::<BaseException>() {
            if value.is_some() {
                return Err(raise!(thread, TypeError, "instance exception may not have a separate value"));
            }
            Py::from_ref(exception)
        } else {
            let found = self.kind.class().full_name();
            let message = "exceptions must be classes or instances deriving from BaseException, not";
            return Err(raise!(thread, TypeError, "{message} {found}"));
        };
        if let Some(traceback) = traceback {
            exception.set_traceback(Some(Py::from_ref(traceback)));
        }
        Ok(exception)
    }
}

fn exception_class(object: &Object) -> Option<&Type> {
    object.downcast::<Type>().filter(|it| it.has_flag(layout::Py_TPFLAGS_BASE_EXC_SUBCLASS))
}

/// An exception of a class: the value itself if it is one, otherwise what the class makes of it.
fn instantiate(class: &Type, value: Option<&Object>, thread: &mut Thread) -> PyResult<Py<BaseException>> {
    let made = match value {
        Some(value) if value.class().is_subtype(class) => Py::from_ref(value),
        Some(value) => match value.downcast::<Tuple>() {
            Some(arguments) => protocol::call_tuple(class, arguments, None, thread)?,
            None => protocol::call_one(class, value, thread)?,
        },
        None => protocol::call(class, &[], thread)?,
    };
    made.downcast_into::<BaseException>().map_err(|other| {
        let (class, found) = (class.full_name(), other.class().full_name());
        let message = "should have returned an instance of BaseException, not";
        raise!(thread, TypeError, "calling <class '{class}'> {message} <class '{found}'>")
    })
}

/// The method `throw`.
pub(super) fn throw_method(
    generator: &Generator,
    kind: &Object,
    value: Option<&Object>,
    traceback: Option<&Object>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    if value.is_some() {
        thread.warn(errors::DeprecationWarning, 1, format_args!("{DEPRECATED}"))?;
    }
    throw(generator, true, Thrown { kind, value, traceback }, thread)
}

/// Throws into a generator. `close_on_exit`: GeneratorExit closes what it waits for, instead of being thrown there; asynchronous generators
/// must be able to await something meanwhile.
pub(super) fn throw(
    generator: &Generator,
    close_on_exit: bool,
    thrown: Thrown<'_>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let Some(delegate) = generator.delegate() else { return throw_here(generator, thrown, thread) };
    thread.check_stack("")?;
    let state = generator.state();
    if close_on_exit && thrown.is_generator_exit(thread)? {
        generator.set_state(GeneratorState::Executing);
        let closed = close_delegate(&delegate, thread);
        generator.set_state(state);
        return match closed {
            Ok(()) => {
                delegate.release(thread);
                throw_here(generator, thrown, thread)
            }
            Err(raised) => raise_in(generator, delegate, raised, thread),
        };
    }
    let result = if let Some(inner) = as_generator(&delegate) {
        below(generator, thread, |thread| throw(inner, close_on_exit, thrown, thread))
    } else {
        match protocol::lookup_attribute(&delegate, &names::throw, thread)? {
            None => {
                delegate.release(thread);
                return throw_here(generator, thrown, thread);
            }
            Some(method) => below(generator, thread, |thread| protocol::call(&method, &thrown.arguments(), thread)),
        }
    };
    match result {
        Ok(value) => Ok(value),
        Err(raised) => raise_in(generator, delegate, raised, thread),
    }
}

/// Does something as if the generator, which waits for it, ran: it is in the chain of frames.
fn below<R>(generator: &Generator, thread: &mut Thread, action: impl FnOnce(&mut Thread) -> R) -> R {
    let state = generator.state();
    let caller = thread.state().base().current_frame.get();
    let frame = generator.frame();
    // SAFETY: the frame is suspended, so it holds values.
    unsafe { (*frame).set_previous(caller.cast()) };
    thread.state().base().current_frame.set(frame.cast());
    generator.set_state(GeneratorState::Executing);
    let result = action(thread);
    generator.set_state(state);
    thread.state().base().current_frame.set(caller);
    // SAFETY: as above.
    unsafe { (*frame).set_previous(std::ptr::null_mut()) };
    result
}

fn throw_here(generator: &Generator, thrown: Thrown<'_>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let exception = thrown.exception(thread)?;
    let outcome = resume_raising(generator, exception, false, thread);
    yielded(generator, outcome, thread)
}

/// Raises an exception that came out of what the generator waits for. The generator's stack has the last reference to that from now on: if it goes
/// while the exception is on its way, tools hear of it then.
fn raise_in(
    generator: &Generator,
    delegate: Py<Object>,
    raised: errors::Raised,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let exception = thread.catch(raised);
    delegate.release(thread);
    let outcome = resume_raising(generator, exception, false, thread);
    yielded(generator, outcome, thread)
}

/// `close`: raises GeneratorExit where the generator stands; gives what it then returns.
pub(super) fn close(generator: &Generator, thread: &mut Thread) -> PyResult<Py<Object>> {
    let state = generator.state();
    if state.is_finished() {
        return Ok(thread.none());
    }
    if state == GeneratorState::Created {
        generator.clear_frame(thread);
        return Ok(thread.none());
    }
    let mut exception = None;
    if let Some(delegate) = generator.delegate() {
        generator.set_state(GeneratorState::Executing);
        let closed = close_delegate(&delegate, thread);
        generator.set_state(state);
        if let Err(raised) = closed {
            exception = Some(thread.catch(raised));
        }
        delegate.release(thread);
    }
    let is_watched = thread.is_monitored() && Tools::of(thread).watching(Event::PyUnwind) != 0;
    if exception.is_none() && state.is_at_yield() && !is_watched && has_no_handlers(generator) {
        generator.clear_frame(thread);
        return Ok(thread.none());
    }
    let exception = match exception {
        Some(exception) => exception,
        None => {
            let raised = thread.raise_kind(errors::GeneratorExit);
            thread.catch(raised)
        }
    };
    match resume_raising(generator, exception, true, thread) {
        Ok(SendOutcome::Yielded(_)) => {
            let noun = generator.noun();
            Err(raise!(thread, RuntimeError, "{noun} ignored GeneratorExit"))
        }
        Ok(SendOutcome::Returned(value)) => Ok(value),
        Err(raised) if thread.raised_is(errors::GeneratorExit) => {
            drop(thread.catch(raised));
            Ok(thread.none())
        }
        Err(raised) if thread.raised_is(errors::StopIteration) => {
            let stop = thread.catch(raised);
            let value = stop.downcast::<StopIteration>().and_then(StopIteration::value);
            Ok(value.unwrap_or_else(|| thread.none()))
        }
        Err(raised) => Err(raised),
    }
}

/// True if no `try` or `with` surrounds the `yield` that the generator stands at: nobody would notice GeneratorExit.
fn has_no_handlers(generator: &Generator) -> bool {
    // SAFETY: a suspended frame's instruction pointer lies in its code.
    let unit = unsafe { (*generator.frame()).instruction().read() };
    let opcode = Opcode::from_u8(unit as u8).map(Opcode::original);
    opcode == Some(Opcode::Resume) && (unit >> 8) & RESUME_OPARG_DEPTH1_MASK != 0
}

/// Closes what a generator waits for.
fn close_delegate(delegate: &Object, thread: &mut Thread) -> PyResult<()> {
    if let Some(generator) = as_generator(delegate) {
        thread.check_stack("")?;
        return close(generator, thread).map(drop);
    }
    match protocol::lookup_attribute(delegate, &names::close, thread) {
        Ok(Some(method)) => protocol::call(&method, &[], thread).map(drop),
        Ok(None) => Ok(()),
        Err(raised) => {
            thread.report_unraisable(raised, "Exception ignored in", Some(delegate));
            Ok(())
        }
    }
}
