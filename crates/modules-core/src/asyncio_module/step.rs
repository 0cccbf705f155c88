//! The steps of a task: sending into the coroutine, and what becomes of what it yields, returns or raises.
//!
//! A pending task is in one of three states: it waits for the future in `waiter`, whose callback wakes it; or a step is scheduled; or a step is
//! at work.

use builtins::context::Context;
use interpreter::generator::{self, Generator};
use layout::{METH_O, PyMethodDef, PyMethodPointer, PyObject};
use macros::{Instance, python_type};
use objects::descriptors::BuiltinFunction;
use objects::dict::Dict;
use objects::errors::{BaseException, KeyboardInterrupt, PyResult, Raised, StopIteration, SystemExit};
use objects::names;
use objects::object::BaseObject;
use objects::protocol::{self, SendOutcome};
use objects::raise;
use objects::refs::{Field, Header, Object, Py, cast};
use objects::slots::enter;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Shared};

use super::future::{Future, State};
use super::registry;
use super::running;
use super::support::{Library, call_in_context, call_soon, loop_of, raise_of, shown};
use super::task::Task;

/// The callable that the loop is given for a step; with an exception, if that is to be thrown.
#[derive(Instance)]
#[repr(C)]
pub struct StepCall {
    header: Header,
    task: Field<Task>,
    exception: Field,
}

#[python_type(name = "_asyncio.TaskStepMethWrapper", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION))]
impl StepCall {
    #[slot(tp_call)]
    fn call(&self, arguments: &Tuple, keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<()> {
        if keywords.is_some_and(|it| !it.is_empty()) {
            return Err(raise!(thread, TypeError, "function takes no keyword arguments"));
        }
        if arguments.length() > 0 {
            return Err(raise!(thread, TypeError, "function takes no positional arguments"));
        }
        let (task, exception) = (self.task.get(), self.exception.get());
        match task {
            Some(task) => run(&task, exception, thread),
            None => Ok(()),
        }
    }

    #[getter]
    fn __self__(&self) -> Option<Py<Task>> {
        self.task.get()
    }
}

/// Lets the loop run a step.
pub fn schedule(task: &Task, exception: Option<Py<Object>>, thread: &mut Thread) -> PyResult<()> {
    let call = StepCall {
        header: Header::new(StepCall::class()),
        task: Py::from_ref(task).into(),
        exception: Field::new(exception),
    };
    let call = Py::new(call, thread);
    let (event_loop, context) = task.loop_and_context(thread)?;
    call_soon(&event_loop, &call, None, &context, thread)
}

/// Lets the loop throw a RuntimeError into the coroutine.
fn schedule_error(task: &Task, message: &str, thread: &mut Thread) -> PyResult<()> {
    let raised = raise!(thread, RuntimeError, "{message}");
    let error = thread.catch(raised);
    error.set_context(None);
    schedule(task, Some(error.into_object()), thread)
}

/// The definition of the function that wakes a task.
static WAKEUP: Shared<PyMethodDef> = Shared::new(PyMethodDef {
    ml_name: c"task_wakeup".as_ptr(),
    ml_meth: PyMethodPointer { PyCFunction: wakeup_entry },
    ml_flags: METH_O,
    ml_doc: std::ptr::null(),
});

/// # Safety
/// Called with a task, which the function is bound to, and a live object.
unsafe extern "C-unwind" fn wakeup_entry(receiver: *mut PyObject, future: *mut PyObject) -> *mut PyObject {
    // SAFETY: this function's contract.
    unsafe {
        enter::binary(receiver, future, |receiver, future, thread| -> PyResult<()> {
            wake(cast::<Task>(receiver), future, thread)
        })
    }
}

/// The callback of the future that a task waits for.
fn wakeup_function(task: &Task, thread: &mut Thread) -> Py<Object> {
    // SAFETY: the definition lives for ever, and its function expects a task.
    unsafe { BuiltinFunction::new(WAKEUP.get(), Some(Py::from_ref(task).into_object()), None, None, thread) }
}

/// Goes on after what was waited for. Its result is not passed on: the coroutine asks for it itself.
fn wake(task: &Task, future: &Object, thread: &mut Thread) -> PyResult<()> {
    let outcome = match future.downcast::<Future>() {
        Some(own) => {
            own.discard_waiter(task.as_future(), thread)?;
            if is_plain(future) { own.take_outcome(thread) } else { result_of(future, thread) }
        }
        None => result_of(future, thread),
    };
    let exception = match outcome {
        Ok(_) => None,
        Err(raised) => Some(thread.catch(raised).into_object()),
    };
    run(task, exception, thread)
}

fn result_of(future: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    protocol::call_method(future, &names::result, &[], thread)
}

/// True for futures and tasks whose methods nobody has overridden.
fn is_plain(future: &Object) -> bool {
    future.is_exactly::<Future>() || future.is_exactly::<Task>()
}

/// A step as the loop runs it: the task is the running one meanwhile.
fn run(task: &Task, exception: Option<Py<Object>>, thread: &mut Thread) -> PyResult<()> {
    let event_loop = task.as_future().required_loop(thread)?;
    running::enter_task(&event_loop, task, thread)?;
    let result = advance(task, exception, thread);
    match result {
        Ok(()) => running::leave_task(&event_loop, task, thread),
        Err(raised) => {
            let error = thread.catch(raised);
            running::leave_task(&event_loop, task, thread)?;
            Err(thread.reraise(error))
        }
    }
}

/// The first step, at once, in the task's own context.
pub fn start_eagerly(task: &Task, thread: &mut Thread) -> PyResult<()> {
    let (event_loop, context) = task.loop_and_context(thread)?;
    let own = Py::from_ref(task).into_object();
    let previous = running::swap_task(&event_loop, Some(own), thread)?;
    registry::add(task, thread);
    let result = advance_in(task, &context, thread);
    let error = match result {
        Ok(()) => None,
        Err(raised) => Some(thread.catch(raised)),
    };
    running::swap_task(&event_loop, previous, thread)?;
    if !task.as_future().is_pending() {
        task.registration().give_up();
        task.coroutine.set(None);
    }
    match error {
        Some(error) => Err(thread.reraise(error)),
        None => Ok(()),
    }
}

fn advance_in(task: &Task, context: &Object, thread: &mut Thread) -> PyResult<()> {
    let Some(context) = context.downcast::<Context>() else {
        return Err(raise!(thread, TypeError, "an instance of Context was expected"));
    };
    context.enter(thread)?;
    let result = advance(task, None, thread);
    match result {
        Ok(()) => context.exit(thread),
        Err(raised) => {
            let error = thread.catch(raised);
            context.exit(thread)?;
            Err(thread.reraise(error))
        }
    }
}

/// The exception that the step throws: a request to cancel goes before any other.
fn exception_for_step(task: &Task, exception: Option<Py<Object>>, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    if !task.must_cancel.get() {
        return Ok(exception);
    }
    let class = Library::CancelledError.get(thread)?;
    let exception = match exception {
        Some(exception) if protocol::is_instance(&exception, &class, thread)? => exception,
        _ => task.as_future().make_cancelled_error(thread)?,
    };
    task.must_cancel.set(false);
    Ok(Some(exception))
}

#[cold]
fn raise_already_done(task: &Task, exception: Option<&Object>, thread: &mut Thread) -> Raised {
    let none = thread.none();
    let texts = shown(task, thread)
        .and_then(|task| shown(exception.unwrap_or(&none), thread).map(|exception| (task, exception)));
    match texts {
        Ok((task, exception)) => {
            let message = format!("__step(): already done: {task} {exception}");
            raise_of(Library::InvalidStateError, &message, thread)
        }
        Err(raised) => raised,
    }
}

/// One step of the coroutine.
fn advance(task: &Task, exception: Option<Py<Object>>, thread: &mut Thread) -> PyResult<()> {
    let future = task.as_future();
    if future.state.get() != State::Pending {
        return Err(raise_already_done(task, exception.as_deref(), thread));
    }
    let exception = exception_for_step(task, exception, thread)?;
    task.waiter.set(None);
    let Some(coroutine) = task.coroutine.get() else {
        return Err(raise!(thread, RuntimeError, "uninitialized Task object"));
    };
    let outcome = match exception {
        None => {
            let none = thread.none();
            generator::send(&coroutine, &none, thread)
        }
        Some(exception) => throw_into(&coroutine, &exception, thread),
    };
    match outcome {
        Ok(SendOutcome::Yielded(value)) => handle_yield(task, &value, thread),
        Ok(SendOutcome::Returned(value)) => {
            finish(task);
            if task.must_cancel.get() {
                // It was cancelled right before the coroutine ended.
                task.must_cancel.set(false);
                let message = future.cancel_message.get();
                future.cancel_with(message, thread).map(drop)
            } else {
                future.set_result_value(value, thread)
            }
        }
        Err(raised) => handle_error(task, raised, thread),
    }
}

/// The task is done, or will be at once.
fn finish(task: &Task) {
    task.registration().give_up();
}

fn throw_into(coroutine: &Object, exception: &Object, thread: &mut Thread) -> PyResult<SendOutcome> {
    match protocol::call_method(coroutine, &names::throw, &[exception], thread) {
        Ok(value) => Ok(SendOutcome::Yielded(value)),
        Err(raised) if thread.raised_is(StopIteration) => {
            let stop = thread.catch(raised);
            protocol::get_attribute(&stop, &names::value, thread).map(SendOutcome::Returned)
        }
        Err(raised) => Err(raised),
    }
}

/// The coroutine raised: the task is cancelled, or finished with the exception.
fn handle_error(task: &Task, raised: Raised, thread: &mut Thread) -> PyResult<()> {
    let future = task.as_future();
    let error: Py<BaseException> = thread.catch(raised);
    finish(task);
    let class = Library::CancelledError.get(thread)?;
    if protocol::is_instance_without_hook(&error, &class, thread)? {
        future.cancelled_error.set(Some(error.into_object()));
        return future.cancel_with(None, thread).map(drop);
    }
    future.set_exception_value(&error, thread)?;
    let goes_on = [KeyboardInterrupt, SystemExit].iter().any(|it| error.class().is_subtype(it.as_type()));
    if goes_on { Err(thread.reraise(error)) } else { Ok(()) }
}

/// What the coroutine waits for.
fn handle_yield(task: &Task, value: &Object, thread: &mut Thread) -> PyResult<()> {
    if value.is(task) {
        let own = shown(task, thread)?;
        return schedule_error(task, &format!("Task cannot await on itself: {own}"), thread);
    }
    if let Some(future) = value.downcast::<Future>()
        && is_plain(value)
    {
        return wait_for(task, future, thread);
    }
    if value.is_none() {
        // A bare yield lets the others have their turn.
        return schedule(task, None, thread);
    }
    let blocking = protocol::lookup_attribute(value, &names::_asyncio_future_blocking, thread)?;
    if let Some(blocking) = blocking.filter(|it| !it.is_none()) {
        let blocking = protocol::is_true(&blocking, thread)?;
        return wait_for_any(task, value, blocking, thread);
    }
    if value.is_exactly::<Generator>() {
        let (own, value) = (shown(task, thread)?, shown(value, thread)?);
        let reason = "yield was used instead of yield from for generator in task";
        return schedule_error(task, &format!("{reason} {own} with {value}"), thread);
    }
    let value = shown(value, thread)?;
    schedule_error(task, &format!("Task got bad yield: {value}"), thread)
}

fn refuse_other_loop(task: &Task, future: &Object, thread: &mut Thread) -> PyResult<()> {
    let (own, future) = (shown(task, thread)?, shown(future, thread)?);
    schedule_error(task, &format!("Task {own} got Future {future} attached to a different loop"), thread)
}

fn refuse_plain_yield(task: &Task, future: &Object, thread: &mut Thread) -> PyResult<()> {
    let (own, future) = (shown(task, thread)?, shown(future, thread)?);
    let reason = "yield was used instead of yield from in task";
    schedule_error(task, &format!("{reason} {own} with {future}"), thread)
}

/// Waits for a future of ours.
fn wait_for(task: &Task, future: &Future, thread: &mut Thread) -> PyResult<()> {
    let event_loop = task.as_future().required_loop(thread)?;
    if !future.event_loop.holds(&event_loop) {
        return refuse_other_loop(task, future, thread);
    }
    if !future.blocking.get() {
        return refuse_plain_yield(task, future, thread);
    }
    future.add_waiter(task.as_future(), thread)?;
    future.blocking.set(false);
    let wakeup = wakeup_function(task, thread);
    let context = task.context.get();
    future.add_callback(&wakeup, context.as_deref(), thread)?;
    task.waiter.set(Some(Py::from_ref(future).into_object()));
    pass_cancel_on(task, future, thread)
}

/// Waits for anything that behaves like a future.
fn wait_for_any(task: &Task, future: &Object, blocking: bool, thread: &mut Thread) -> PyResult<()> {
    let (event_loop, context) = task.loop_and_context(thread)?;
    if !loop_of(future, thread)?.is(&event_loop) {
        return refuse_other_loop(task, future, thread);
    }
    if !blocking {
        return refuse_plain_yield(task, future, thread);
    }
    if let Some(own) = future.downcast::<Future>() {
        own.add_waiter(task.as_future(), thread)?;
    }
    let no = objects::bool::Bool::new(false);
    protocol::set_attribute(future, &names::_asyncio_future_blocking, Some(&no), thread)?;
    let wakeup = wakeup_function(task, thread);
    let name = thread.intern_text("add_done_callback");
    call_in_context(future, &name, &[&wakeup, &context], thread)?;
    task.waiter.set(Some(Py::from_ref(future)));
    pass_cancel_on(task, future, thread)
}

/// A request to cancel that came during the step goes to what the task waits for now.
fn pass_cancel_on(task: &Task, future: &Object, thread: &mut Thread) -> PyResult<()> {
    if task.must_cancel.get() {
        let message = task.as_future().cancel_message.get();
        if cancel_any(future, message.as_deref(), thread)? {
            task.must_cancel.set(false);
        }
    }
    Ok(())
}

/// `future.cancel(msg=message)`
pub fn cancel_any(future: &Object, message: Option<&Object>, thread: &mut Thread) -> PyResult<bool> {
    let message = message.map(Py::from_ref);
    if let Some(task) = future.downcast_exact::<Task>() {
        return task.request_cancel(message, thread);
    }
    if let Some(future) = future.downcast_exact::<Future>() {
        return future.cancel_with(message, thread);
    }
    let message = message.unwrap_or_else(|| thread.none());
    let name: &objects::str::Str = &names::msg;
    let keywords = Tuple::new(vec![Py::from_ref(name).into_object()], thread)?;
    let answer = protocol::call_method_vector(future, &names::cancel, &[&message], Some(&keywords), thread)?;
    protocol::is_true(&answer, thread)
}
