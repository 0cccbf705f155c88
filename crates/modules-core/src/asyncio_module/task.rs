//! `Task`: a coroutine that an event loop runs step by step, as a future of its result. The steps are in `step`.

use std::cell::Cell;

use builtins::context::copy_current;
use interpreter::generator::Coroutine;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::future::Future;
use super::future_iterator::FutureIterator;
use super::future_methods;
use super::future_type::{deallocate, raise_not_deletable};
use super::registry::{self, Registration, next_number};
use super::step;
use super::support::{Library, shown};

/// A coroutine that runs.
#[derive(Instance)]
#[repr(C)]
pub struct Task {
    future: Future,
    pub(super) coroutine: Field,
    pub(super) context: Field,
    /// What the coroutine waits for.
    pub(super) waiter: Field,
    name: Field,
    /// The number that makes the name, until somebody asks for it.
    number: Cell<u64>,
    pub(super) must_cancel: Cell<bool>,
    log_destroy_pending: Cell<bool>,
    cancel_requests: Cell<i32>,
    registration: Registration,
}

impl Task {
    pub fn as_future(&self) -> &Future {
        &self.future
    }

    pub(super) fn registration(&self) -> &Registration {
        &self.registration
    }

    pub fn is_pending_in(&self, event_loop: &Object) -> bool {
        self.future.is_pending() && self.future.event_loop.holds(event_loop)
    }

    /// The loop and the context in which the steps run.
    pub(super) fn loop_and_context(&self, thread: &mut Thread) -> PyResult<(Py<Object>, Py<Object>)> {
        let event_loop = self.future.required_loop(thread)?;
        let context = self.context.get().unwrap_or_else(|| thread.none());
        Ok((event_loop, context))
    }

    fn set_name_object(&self, name: &Object, thread: &mut Thread) -> PyResult<()> {
        let name = match name.downcast_exact::<Str>() {
            Some(name) => Py::from_ref(name),
            None => protocol::str(name, thread)?,
        };
        self.name.set(Some(name.into_object()));
        Ok(())
    }

    /// The name, which is made when it is first asked for.
    fn name_object(&self, thread: &mut Thread) -> Option<Py<Object>> {
        if self.name.is_empty() && self.number.get() != 0 {
            let name = Str::from_str(&format!("Task-{}", self.number.get()), thread);
            self.name.set(Some(name.into_object()));
        }
        self.name.get()
    }
}

/// True for what a task can run.
fn is_coroutine(object: &Object, thread: &mut Thread) -> PyResult<bool> {
    if object.is_exactly::<Coroutine>() {
        return Ok(true);
    }
    let function = Library::IsCoroutine.get(thread)?;
    let answer = protocol::call_one(&function, object, thread)?;
    protocol::is_true(&answer, thread)
}

/// Task(coro, *, loop=None, name=None, context=None, eager_start=False)
/// --
///
/// A coroutine wrapped in a Future.
#[python_type(
    name = "_asyncio.Task", base = Future, groups(future_methods::METHODS), flags(HEAPTYPE, BASETYPE),
    dealloc = deallocate::<Task>
)]
impl Task {
    #[slot(tp_new)]
    fn new_task(class: &Type, _arguments: &Tuple, _keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Task>> {
        let task = Task {
            future: Future::empty(Task::class()),
            coroutine: Field::EMPTY,
            context: Field::EMPTY,
            waiter: Field::EMPTY,
            name: Field::EMPTY,
            number: Cell::new(0),
            must_cancel: Cell::new(false),
            log_destroy_pending: Cell::new(false),
            cancel_requests: Cell::new(0),
            registration: Registration::default(),
        };
        Py::new_in(class, task, thread)
    }

    #[init]
    fn init(
        &self,
        coro: &Object,
        r#loop: Option<&Object>,
        name: Option<&Object>,
        context: Option<&Object>,
        eager_start: bool,
        thread: &mut Thread,
    ) -> PyResult<()> {
        self.future.initialize(r#loop, thread)?;
        if !is_coroutine(coro, thread)? {
            self.log_destroy_pending.set(false);
            let coroutine = shown(coro, thread)?;
            return Err(raise!(thread, TypeError, "a coroutine was expected, got {coroutine}"));
        }
        let context = match context.filter(|it| !it.is_none()) {
            Some(context) => Py::from_ref(context),
            None => copy_current(thread).into_object(),
        };
        self.context.set(Some(context));
        self.waiter.set(None);
        self.must_cancel.set(false);
        self.log_destroy_pending.set(true);
        self.cancel_requests.set(0);
        self.coroutine.set(Some(Py::from_ref(coro)));
        match name.filter(|it| !it.is_none()) {
            Some(name) => self.set_name_object(name, thread)?,
            None => self.number.set(next_number(thread)),
        }
        if eager_start {
            let event_loop = self.future.required_loop(thread)?;
            let running = protocol::call_method(&event_loop, &names::is_running, &[], thread)?;
            if protocol::is_true(&running, thread)? {
                return step::start_eagerly(self, thread);
            }
        }
        step::schedule(self, None, thread)?;
        registry::add(self, thread);
        Ok(())
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.future.required_loop(thread)?;
        let function = Library::TaskRepr.get(thread)?;
        protocol::call_one(&function, self, thread)
    }

    #[slot(tp_finalize)]
    fn finalize(&self, thread: &mut Thread) {
        if self.future.is_pending() && self.log_destroy_pending.get() {
            let own = Py::from_ref(self).into_object();
            self.future.report("Task was destroyed but it is pending!", &[("task", own)], thread);
        }
        self.future.report_unretrieved(thread);
    }

    #[slot(tp_iter, am_await)]
    fn iterate(&self, thread: &mut Thread) -> PyResult<Py<FutureIterator>> {
        self.future.required_loop(thread)?;
        Ok(FutureIterator::over(&self.future, thread))
    }

    /// _make_cancelled_error($self, /)
    /// --
    ///
    /// Create the CancelledError to raise if the Task is cancelled.
    ///
    /// This should only be called once when handling a cancellation since
    /// it erases the context exception value.
    #[method]
    fn _make_cancelled_error(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.future.make_cancelled_error(thread)
    }

    /// cancel($self, /, msg=None)
    /// --
    ///
    /// Request that this task cancel itself.
    ///
    /// This arranges for a CancelledError to be thrown into the
    /// wrapped coroutine on the next cycle through the event loop.
    /// The coroutine then has a chance to clean up or even deny
    /// the request using try/except/finally.
    ///
    /// Unlike Future.cancel, this does not guarantee that the
    /// task will be cancelled: the exception might be caught and
    /// acted upon, delaying cancellation of the task or preventing
    /// cancellation completely.  The task may also return a value or
    /// raise a different exception.
    ///
    /// Immediately after this method is called, Task.cancelled() will
    /// not return True (unless the task was already cancelled).  A
    /// task will be marked as cancelled when the wrapped coroutine
    /// terminates with a CancelledError exception (even if cancel()
    /// was not called).
    ///
    /// This also increases the task's count of cancellation requests.
    #[method]
    fn cancel(&self, msg: Option<&Object>, thread: &mut Thread) -> PyResult<bool> {
        self.request_cancel(msg.map(Py::from_ref), thread)
    }

    /// cancelling($self, /)
    /// --
    ///
    /// Return the count of the task's cancellation requests.
    ///
    /// This count is incremented when .cancel() is called
    /// and may be decremented using .uncancel().
    #[method]
    fn cancelling(&self) -> i32 {
        self.cancel_requests.get()
    }

    /// uncancel($self, /)
    /// --
    ///
    /// Decrement the task's count of cancellation requests.
    ///
    /// This should be used by tasks that catch CancelledError
    /// and wish to continue indefinitely until they are cancelled again.
    ///
    /// Returns the remaining number of cancellation requests.
    #[method]
    fn uncancel(&self) -> i32 {
        let requests = self.cancel_requests.get();
        if requests > 0 {
            self.cancel_requests.set(requests - 1);
            if requests == 1 {
                self.must_cancel.set(false);
            }
        }
        self.cancel_requests.get()
    }

    /// get_stack($self, /, *, limit=None)
    /// --
    ///
    /// Return the list of stack frames for this task's coroutine.
    ///
    /// If the coroutine is not done, this returns the stack where it is
    /// suspended.  If the coroutine has completed successfully or was
    /// cancelled, this returns an empty list.  If the coroutine was
    /// terminated by an exception, this returns the list of traceback
    /// frames.
    ///
    /// The frames are always ordered from oldest to newest.
    ///
    /// The optional limit gives the maximum number of frames to
    /// return; by default all available frames are returned.  Its
    /// meaning differs depending on whether a stack or a traceback is
    /// returned: the newest frames of a stack are returned, but the
    /// oldest frames of a traceback are returned.  (This matches the
    /// behavior of the traceback module.)
    ///
    /// For reasons beyond our control, only one stack frame is
    /// returned for a suspended coroutine.
    #[defining_class]
    #[method]
    fn get_stack(&self, limit: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let function = Library::TaskGetStack.get(thread)?;
        let none = thread.none();
        protocol::call(&function, &[self, limit.unwrap_or(&none)], thread)
    }

    /// print_stack($self, /, *, limit=None, file=None)
    /// --
    ///
    /// Print the stack or traceback for this task's coroutine.
    ///
    /// This produces output similar to that of the traceback module,
    /// for the frames retrieved by get_stack().  The limit argument
    /// is passed to get_stack().  The file argument is an I/O stream
    /// to which the output is written; by default output is written
    /// to sys.stderr.
    #[defining_class]
    #[method]
    fn print_stack(&self, limit: Option<&Object>, file: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let function = Library::TaskPrintStack.get(thread)?;
        let none = thread.none();
        protocol::call(&function, &[self, limit.unwrap_or(&none), file.unwrap_or(&none)], thread)
    }

    /// set_result($self, result, /)
    /// --
    ///
    ///
    #[method]
    fn set_result(&self, _result: &Object, thread: &mut Thread) -> PyResult<()> {
        Err(raise!(thread, RuntimeError, "Task does not support set_result operation"))
    }

    /// set_exception($self, exception, /)
    /// --
    ///
    ///
    #[method]
    fn set_exception(&self, _exception: &Object, thread: &mut Thread) -> PyResult<()> {
        Err(raise!(thread, RuntimeError, "Task does not support set_exception operation"))
    }

    /// get_coro($self, /)
    /// --
    ///
    ///
    #[method]
    fn get_coro(&self) -> Option<Py<Object>> {
        self.coroutine.get()
    }

    /// get_context($self, /)
    /// --
    ///
    ///
    #[method]
    fn get_context(&self) -> Option<Py<Object>> {
        self.context.get()
    }

    /// get_name($self, /)
    /// --
    ///
    ///
    #[method]
    fn get_name(&self, thread: &mut Thread) -> Option<Py<Object>> {
        self.name_object(thread)
    }

    /// set_name($self, value, /)
    /// --
    ///
    ///
    #[method]
    fn set_name(&self, value: &Object, thread: &mut Thread) -> PyResult<()> {
        self.set_name_object(value, thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// Tasks are generic over the return type of their wrapped coroutines
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    #[getter]
    fn _log_destroy_pending(&self) -> bool {
        self.log_destroy_pending.get()
    }

    #[setter(name = "_log_destroy_pending")]
    fn set_log_destroy_pending(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else { return Err(raise_not_deletable("Task", "_log_destroy_pending", thread)) };
        let value = protocol::is_true(value, thread)?;
        self.log_destroy_pending.set(value);
        Ok(())
    }

    #[getter]
    fn _must_cancel(&self) -> bool {
        self.must_cancel.get()
    }

    #[getter]
    fn _coro(&self) -> Option<Py<Object>> {
        self.coroutine.get()
    }

    #[getter]
    fn _fut_waiter(&self) -> Option<Py<Object>> {
        self.waiter.get()
    }
}

impl Task {
    /// `cancel()`: passes the request on to what the task waits for; if that cannot be cancelled, the next step will raise.
    pub fn request_cancel(&self, message: Option<Py<Object>>, thread: &mut Thread) -> PyResult<bool> {
        self.future.log_traceback.set(false);
        if !self.future.is_pending() {
            return Ok(false);
        }
        self.cancel_requests.set(self.cancel_requests.get() + 1);
        if let Some(waiter) = self.waiter.get()
            && step::cancel_any(&waiter, message.as_deref(), thread)?
        {
            return Ok(true);
        }
        self.must_cancel.set(true);
        self.future.cancel_message.set(message);
        Ok(true)
    }
}
