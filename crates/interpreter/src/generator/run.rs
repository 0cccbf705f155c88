//! Making generators, and moving their frames in and out of the loop.

use bytecode::code_flags::{CO_ASYNC_GENERATOR, CO_COROUTINE};
use objects::errors::{BaseException, PyResult, StopAsyncIteration, StopIteration};
use objects::none::NoneType;
use objects::protocol::SendOutcome;
use objects::raise;
use objects::refs::{Object, Py, allocate_with_extra, cast};
use objects::thread::Thread;
use objects::types::Instance;

use super::async_generator::AsyncGenerator;
use super::coroutine::{self, Coroutine};
use super::object::{Generator, GeneratorState};
use crate::evaluate::run_frame;
use crate::frame::{Frame, Owner, pop_frame_memory};
use crate::stack_ref::StackRef;

/// Moves the running frame into a new generator of the kind that its code asks for; the generator, and the frame's caller.
pub fn make(frame: *mut Frame, thread: &mut Thread) -> PyResult<(Py<Object>, *mut Frame)> {
    // SAFETY: the loop's frame is live.
    let it = unsafe { &*frame };
    let caller = it.previous();
    let object = allocate(it, thread)?;
    // SAFETY: all three types have a generator's layout.
    let generator: &Generator = unsafe { cast(&object) };
    // SAFETY: the generator has room for the frame's variables; the old memory is given back without touching what it held.
    unsafe {
        it.move_to(generator.frame());
        (*generator.frame()).set_owner(Owner::Generator);
        (*generator.frame()).set_previous(std::ptr::null_mut());
        generator.set_state(GeneratorState::Created);
        thread.leave_python_call();
        thread.state().base().current_frame.set(caller.cast());
        pop_frame_memory(frame, thread);
        objects::gc::track(object.as_pointer(), thread);
    }
    Ok((object, caller))
}

/// What a generator makes that a debugger has sent back to where generators are made: another one that begins with its variables.
pub fn make_from_generator(frame: *mut Frame, thread: &mut Thread) -> PyResult<Py<Object>> {
    // SAFETY: the loop's frame is live.
    let it = unsafe { &*frame };
    if !std::ptr::eq(&*it.function().code(), it.code()) {
        return Err(raise!(thread, SystemError, "the function of the generator has another code now"));
    }
    let object = allocate(it, thread)?;
    // SAFETY: all three types have a generator's layout.
    let generator: &Generator = unsafe { cast(&object) };
    // SAFETY: the generator has room for a frame of the same code.
    unsafe {
        Frame::initialize(generator.frame(), Py::from_ref(it.function()), None, std::ptr::null_mut(), 0);
        let made = &*generator.frame();
        for index in 0..it.code().local_count() {
            let value = it.local(index);
            if !value.is_null() {
                made.set_local(index, StackRef::from_new(value.object()));
            }
        }
        made.set_instruction(it.instruction());
        made.set_owner(Owner::Generator);
        generator.set_state(GeneratorState::Created);
        objects::gc::track(object.as_pointer(), thread);
    }
    Ok(object)
}

/// A generator of the kind that a frame's code asks for, without a frame of its own.
fn allocate(frame: &Frame, thread: &mut Thread) -> PyResult<Py<Object>> {
    let (code, function) = (frame.code(), frame.function());
    let class = match code.flags() & (CO_COROUTINE | CO_ASYNC_GENERATOR) {
        0 => Generator::class(),
        CO_COROUTINE => Coroutine::class(),
        _ => AsyncGenerator::class(),
    };
    let words = code.local_count() + code.stack_size();
    let object = allocate_with_extra(class, words * size_of::<usize>(), thread)?;
    // SAFETY: all three types have a generator's layout.
    let generator: &Generator = unsafe { cast(&object) };
    generator.name.set(Some(function.name()));
    generator.qualified_name.set(Some(function.qualified_name()));
    generator.set_state(GeneratorState::Cleared);
    if generator.is_coroutine() {
        generator.origin_or_finalizer.set(coroutine::origin(frame.previous(), thread)?);
    }
    Ok(object)
}

impl Generator {
    /// Makes the generator's frame ready to run above `caller`: its level of handled exceptions becomes the innermost.
    pub(crate) fn start_running(&self, caller: *mut Frame, thread: &Thread) -> *mut Frame {
        self.set_state(GeneratorState::Executing);
        let base = thread.state().base();
        self.handled.0.previous_item.set(base.exc_info.get());
        base.exc_info.set(std::ptr::from_ref(&self.handled.0).cast_mut());
        let frame = self.frame();
        // SAFETY: the frame holds values: the generator is not finished.
        unsafe { (*frame).set_previous(caller) };
        frame
    }

    /// Undoes [`Generator::start_running`].
    fn stop_running(&self, state: GeneratorState, thread: &Thread) {
        self.set_state(state);
        let base = thread.state().base();
        base.exc_info.set(self.handled.0.previous_item.get());
        self.handled.0.previous_item.set(std::ptr::null_mut());
    }
}

/// Suspends the generator whose frame runs; its caller. Registers have been saved.
#[inline(always)]
pub fn suspend(frame: *mut Frame, state: GeneratorState, thread: &mut Thread) -> *mut Frame {
    // SAFETY: only generators' frames yield.
    unsafe {
        Generator::of_frame(frame).stop_running(state, thread);
        thread.leave_python_call();
        let caller = (*frame).previous();
        (*frame).set_previous(std::ptr::null_mut());
        caller
    }
}

/// The end of a generator's frame, by a return or an exception.
pub fn finish_frame(frame: *mut Frame, thread: &mut Thread) {
    // SAFETY: the caller passes a generator's frame, which is not used again. Somebody who resumed the generator holds it.
    unsafe {
        let generator = Generator::of_frame(frame);
        generator.stop_running(GeneratorState::Cleared, thread);
        Frame::clear(frame, thread);
    }
}

/// Sends a value into a generator from native code.
pub fn resume(generator: &Generator, value: StackRef, thread: &mut Thread) -> PyResult<SendOutcome> {
    match generator.state() {
        GeneratorState::Executing => {
            value.close(thread);
            return Err(raise_executing(generator, thread));
        }
        GeneratorState::Completed | GeneratorState::Cleared => {
            value.close(thread);
            if generator.is_coroutine() {
                return Err(raise!(thread, RuntimeError, "cannot reuse already awaited coroutine"));
            }
            return Ok(SendOutcome::Returned(thread.none()));
        }
        GeneratorState::Created if !value.is(NoneType::get()) => {
            value.close(thread);
            let noun = generator.noun();
            return Err(raise!(thread, TypeError, "can't send non-None value to a just-started {noun}"));
        }
        _ => {}
    }
    if let Err(raised) = thread.enter_python_call() {
        thread.leave_python_call();
        value.close(thread);
        return Err(raised);
    }
    let keep = Py::from_ref(generator);
    let frame = generator.start_running(thread.state().base().current_frame.get().cast(), thread);
    push(frame, value.into_heap_safe());
    outcome(keep, run_frame(frame, false, thread)?)
}

/// Pushes the value that a `yield` gives.
fn push(frame: *mut Frame, value: StackRef) {
    // SAFETY: a suspended generator's frame holds values, with room for one more.
    unsafe {
        let top = (*frame).stack_pointer();
        top.write(value);
        (*frame).set_stack_pointer(top.add(1));
    }
}

/// Raises an exception where the generator stands. `closing`: by `close`, for which a finished coroutine is nothing special.
pub(super) fn resume_raising(
    generator: &Generator,
    exception: Py<BaseException>,
    closing: bool,
    thread: &mut Thread,
) -> PyResult<SendOutcome> {
    match generator.state() {
        GeneratorState::Executing => return Err(raise_executing(generator, thread)),
        GeneratorState::Completed | GeneratorState::Cleared => {
            if generator.is_coroutine() && !closing {
                return Err(raise!(thread, RuntimeError, "cannot reuse already awaited coroutine"));
            }
            return Err(thread.set_exception(exception));
        }
        _ => {}
    }
    if let Err(raised) = thread.enter_python_call() {
        thread.leave_python_call();
        return Err(raised);
    }
    let keep = Py::from_ref(generator);
    let frame = generator.start_running(thread.state().base().current_frame.get().cast(), thread);
    // The stack depths of handlers count the value that the `yield` would have given.
    push(frame, StackRef::from_borrowed(NoneType::get()));
    // SAFETY: null, None or an exception, which the generator owns.
    let handles = unsafe { Object::from_pointer(generator.handled.0.exc_value.get()) }.is_some_and(|it| !it.is_none());
    // Only what the generator itself is handling becomes the context, not what its caller handles.
    let _ = match handles {
        true => thread.raise(exception.into_object()),
        false => thread.set_exception(exception),
    };
    outcome(keep, run_frame(frame, true, thread)?)
}

fn outcome(generator: Py<Generator>, result: Py<Object>) -> PyResult<SendOutcome> {
    Ok(match generator.state().is_suspended() {
        true => SendOutcome::Yielded(result),
        false => SendOutcome::Returned(result),
    })
}

fn raise_executing(generator: &Generator, thread: &mut Thread) -> objects::errors::Raised {
    let noun = generator.noun();
    raise!(thread, ValueError, "{noun} already executing")
}

/// What was yielded; a return becomes the exception that says so.
pub(super) fn yielded(
    generator: &Generator,
    outcome: PyResult<SendOutcome>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    match outcome? {
        SendOutcome::Yielded(value) => Ok(value),
        SendOutcome::Returned(_) if generator.is_async_generator() => Err(thread.raise_kind(StopAsyncIteration)),
        SendOutcome::Returned(value) if value.is_none() => Err(thread.raise_kind(StopIteration)),
        SendOutcome::Returned(value) => Err(thread.raise_with_argument(StopIteration, value)),
    }
}

/// `send`.
pub(super) fn send(generator: &Generator, value: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let outcome = resume(generator, StackRef::from_new(value), thread);
    yielded(generator, outcome, thread)
}

/// `__next__`: the next value, or None at the end; a return value is in the StopIteration that is set then.
pub fn next(generator: &Generator, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    match resume(generator, StackRef::from_borrowed(NoneType::get()), thread)? {
        SendOutcome::Yielded(value) => Ok(Some(value)),
        SendOutcome::Returned(value) if value.is_none() => Ok(None),
        SendOutcome::Returned(value) => Err(thread.raise_with_argument(StopIteration, value)),
    }
}
