//! `Future`: its fields, and what happens to it. The methods that Python code sees are in `future_type`.
//!
//! Tasks and the awaiting iterator work on futures through this file. A future without a loop was never initialized.

use std::cell::Cell;

use builtins::context::copy_current;
use builtins::set::SetObject;
use layout::PyObject;
use macros::Instance;
use objects::dict::Dict;
use objects::errors::{BaseException, PyResult, Raised};
use objects::list::List;
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::registry::new_set;
use super::running;
use super::support::{Library, call_soon, raise_of};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Pending,
    Cancelled,
    Finished,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Cancelled => "CANCELLED",
            Self::Finished => "FINISHED",
        }
    }
}

/// A result that is not there yet.
#[derive(Instance)]
#[repr(C)]
pub struct Future {
    header: Header,
    pub(super) event_loop: Field,
    /// The first callback and its context: most futures have no other.
    callback: Field,
    callback_context: Field,
    /// Pairs of callbacks and contexts, after the first.
    callbacks: Field<List>,
    pub(super) exception: Field,
    exception_traceback: Field,
    pub(super) result: Field,
    pub(super) source_traceback: Field,
    pub(super) cancel_message: Field,
    /// The error that cancelled a task, for whoever awaits it.
    pub(super) cancelled_error: Field,
    /// Who awaits this: one future, or a set of them.
    awaited_by: Field,
    pub(super) dict: Field<Dict>,
    pub(super) weak_references: Cell<*mut PyObject>,
    pub(super) state: Cell<State>,
    /// True if an exception waits for somebody to look at it.
    pub(super) log_traceback: Cell<bool>,
    pub(super) blocking: Cell<bool>,
}

impl Future {
    /// The fields of a future that is not initialized.
    pub fn empty(class: &Type) -> Self {
        Self {
            header: Header::new(class),
            event_loop: Field::EMPTY,
            callback: Field::EMPTY,
            callback_context: Field::EMPTY,
            callbacks: Field::EMPTY,
            exception: Field::EMPTY,
            exception_traceback: Field::EMPTY,
            result: Field::EMPTY,
            source_traceback: Field::EMPTY,
            cancel_message: Field::EMPTY,
            cancelled_error: Field::EMPTY,
            awaited_by: Field::EMPTY,
            dict: Field::EMPTY,
            weak_references: Cell::new(std::ptr::null_mut()),
            state: Cell::new(State::Pending),
            log_traceback: Cell::new(false),
            blocking: Cell::new(false),
        }
    }

    /// `__init__`: a pending future of a loop, or of the current one.
    pub fn initialize(&self, event_loop: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let fields = [
            &self.event_loop,
            &self.callback,
            &self.callback_context,
            &self.exception,
            &self.exception_traceback,
            &self.result,
            &self.source_traceback,
            &self.cancel_message,
            &self.cancelled_error,
            &self.awaited_by,
        ];
        for field in fields {
            field.set(None);
        }
        self.callbacks.set(None);
        self.state.set(State::Pending);
        self.log_traceback.set(false);
        self.blocking.set(false);
        let event_loop = match event_loop.filter(|it| !it.is_none()) {
            Some(event_loop) => Py::from_ref(event_loop),
            None => running::current_loop(thread)?,
        };
        self.event_loop.set(Some(event_loop.clone()));
        let debug = protocol::call_method(&event_loop, &names::get_debug, &[], thread)?;
        if protocol::is_true(&debug, thread)? {
            let extract = Library::ExtractStack.get(thread)?;
            let stack = protocol::call(&extract, &[], thread)?;
            self.source_traceback.set(Some(stack));
        }
        Ok(())
    }

    #[cold]
    fn raise_uninitialized(thread: &mut Thread) -> Raised {
        raise!(thread, RuntimeError, "Future object is not initialized.")
    }

    /// The loop; RuntimeError if the future was never initialized.
    pub fn required_loop(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.event_loop.get() {
            Some(event_loop) => Ok(event_loop),
            None => Err(Self::raise_uninitialized(thread)),
        }
    }

    pub fn is_pending(&self) -> bool {
        self.state.get() == State::Pending
    }

    /// InvalidStateError unless the future is pending.
    fn check_pending(&self, thread: &mut Thread) -> PyResult<()> {
        if self.is_pending() {
            return Ok(());
        }
        Err(raise_of(Library::InvalidStateError, "invalid state", thread))
    }

    /// Hands the callbacks to the loop.
    fn schedule_callbacks(&self, thread: &mut Thread) -> PyResult<()> {
        let first = self.callback.take();
        let context = self.callback_context.take();
        let others = self.callbacks.take();
        if first.is_none() && others.is_none() {
            return Ok(());
        }
        let event_loop = self.required_loop(thread)?;
        if let Some((callback, context)) = first.zip(context) {
            call_soon(&event_loop, &callback, Some(self), &context, thread)?;
        }
        let Some(others) = others else { return Ok(()) };
        for pair in others.snapshot(thread) {
            let Some([callback, context]) = pair.downcast::<Tuple>().map(Tuple::items) else { continue };
            call_soon(&event_loop, callback, Some(self), context, thread)?;
        }
        Ok(())
    }

    pub fn set_result_value(&self, result: Py<Object>, thread: &mut Thread) -> PyResult<()> {
        self.required_loop(thread)?;
        self.check_pending(thread)?;
        self.result.set(Some(result));
        self.state.set(State::Finished);
        self.schedule_callbacks(thread)
    }

    /// Finishes with an exception, or an instance of an exception class.
    pub fn set_exception_value(&self, exception: &Object, thread: &mut Thread) -> PyResult<()> {
        self.required_loop(thread)?;
        self.check_pending(thread)?;
        let base = BaseException::class();
        let is_class = exception.downcast::<Type>().is_some_and(|it| it.is_subtype(base));
        let exception = if is_class { protocol::call(exception, &[], thread)? } else { Py::from_ref(exception) };
        self.check_pending(thread)?;
        let Ok(mut exception) = exception.downcast_into::<BaseException>() else {
            return Err(raise!(thread, TypeError, "invalid exception object"));
        };
        if exception.class().is_subtype(objects::errors::StopIteration.as_type()) {
            let message = "StopIteration interacts badly with generators and cannot be raised into a Future";
            let raised = raise!(thread, RuntimeError, "{message}");
            let error = thread.catch(raised);
            error.set_cause(Some(exception.clone()));
            error.set_context(Some(exception));
            exception = error;
        }
        self.exception_traceback.set(exception.traceback());
        self.exception.set(Some(exception.into_object()));
        self.state.set(State::Finished);
        self.schedule_callbacks(thread)?;
        self.log_traceback.set(true);
        Ok(())
    }

    /// `cancel()`: false if the future is done.
    pub fn cancel_with(&self, message: Option<Py<Object>>, thread: &mut Thread) -> PyResult<bool> {
        self.log_traceback.set(false);
        if !self.is_pending() {
            return Ok(false);
        }
        self.state.set(State::Cancelled);
        self.cancel_message.set(message);
        self.schedule_callbacks(thread)?;
        Ok(true)
    }

    /// The error to raise for a cancellation: the one that was kept, once.
    pub fn make_cancelled_error(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        if let Some(kept) = self.cancelled_error.take() {
            return Ok(kept);
        }
        let class = Library::CancelledError.get(thread)?;
        match self.cancel_message.get().filter(|it| !it.is_none()) {
            Some(message) => protocol::call_one(&class, &message, thread),
            None => protocol::call(&class, &[], thread),
        }
    }

    /// The result; raises what the future finished with.
    pub fn take_outcome(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.state.get() {
            State::Cancelled => {
                let error = self.make_cancelled_error(thread)?;
                Err(thread.raise(error))
            }
            State::Pending => Err(raise_of(Library::InvalidStateError, "Result is not set.", thread)),
            State::Finished => {
                self.log_traceback.set(false);
                match self.exception.get() {
                    None => Ok(self.result.get().unwrap_or_else(|| thread.none())),
                    Some(exception) => {
                        if let Some(exception) = exception.downcast::<BaseException>() {
                            exception.set_traceback(self.exception_traceback.take());
                        }
                        Err(thread.raise(exception))
                    }
                }
            }
        }
    }

    /// Adds a callback; if the future is done, the loop gets it at once.
    pub fn add_callback(&self, callback: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let context = match context {
            Some(context) => Py::from_ref(context),
            None => copy_current(thread).into_object(),
        };
        if !self.is_pending() {
            let event_loop = self.required_loop(thread)?;
            return call_soon(&event_loop, callback, Some(self), &context, thread);
        }
        if self.callback.is_empty() && self.callbacks.is_empty() {
            self.callback.set(Some(Py::from_ref(callback)));
            self.callback_context.set(Some(context));
            return Ok(());
        }
        let pair = Tuple::new(vec![Py::from_ref(callback), context], thread)?.into_object();
        match self.callbacks.get() {
            Some(callbacks) => callbacks.push(pair, thread),
            None => {
                let callbacks = List::new(vec![pair], thread)?;
                self.callbacks.set(Some(callbacks));
                Ok(())
            }
        }
    }

    /// Removes all callbacks that are equal to one; how many there were.
    pub fn remove_callback(&self, callback: &Object, thread: &mut Thread) -> PyResult<usize> {
        self.required_loop(thread)?;
        let mut removed = 0;
        if let Some(first) = self.callback.get()
            && protocol::equals(&first, callback, thread)?
        {
            // Comparing may have run the callbacks.
            self.callback.set(None);
            self.callback_context.set(None);
            removed += 1;
        }
        let Some(callbacks) = self.callbacks.get() else { return Ok(removed) };
        let mut kept = Vec::new();
        let (mut index, mut dropped) = (0, 0);
        while let Some(pair) = callbacks.get(index, thread) {
            let own = pair.downcast::<Tuple>().and_then(|it| it.items().first().cloned());
            match own {
                Some(own) if protocol::equals(&own, callback, thread)? => dropped += 1,
                _ => kept.push(pair),
            }
            index += 1;
        }
        if dropped == 0 || self.callbacks.is_empty() {
            return Ok(removed + dropped);
        }
        if kept.is_empty() {
            self.callbacks.set(None);
        } else {
            let length = callbacks.length();
            callbacks.splice(0..length, kept, thread)?;
        }
        Ok(removed + dropped)
    }

    /// All callbacks with their contexts, or None.
    pub fn callback_pairs(&self, thread: &mut Thread) -> PyResult<Option<Py<List>>> {
        let mut pairs = Vec::new();
        if let Some((callback, context)) = self.callback.get().zip(self.callback_context.get()) {
            pairs.push(Tuple::new(vec![callback, context], thread)?.into_object());
        }
        if let Some(others) = self.callbacks.get() {
            pairs.extend(others.snapshot(thread));
        }
        if pairs.is_empty() { Ok(None) } else { List::new(pairs, thread).map(Some) }
    }

    /// Notes that another future waits for this one.
    pub fn add_waiter(&self, waiter: &Future, thread: &mut Thread) -> PyResult<()> {
        let Some(known) = self.awaited_by.get() else {
            self.awaited_by.set(Some(Py::from_ref(waiter).into_object()));
            return Ok(());
        };
        if let Some(set) = SetObject::of(&known) {
            return set.add(waiter, thread);
        }
        let made = new_set(thread)?;
        if let Some(set) = SetObject::of(&made) {
            set.add(&known, thread)?;
            set.add(waiter, thread)?;
        }
        self.awaited_by.set(Some(made));
        Ok(())
    }

    pub fn discard_waiter(&self, waiter: &Future, thread: &mut Thread) -> PyResult<()> {
        let Some(known) = self.awaited_by.get() else { return Ok(()) };
        if known.is(waiter) {
            self.awaited_by.set(None);
        } else if let Some(set) = SetObject::of(&known) {
            let hash = protocol::hash(waiter, thread)?;
            set.discard_with_hash(waiter, hash, thread)?;
        }
        Ok(())
    }

    /// Who waits for this, as a frozenset; None if nobody ever did.
    pub fn waiters(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let Some(known) = self.awaited_by.get() else { return Ok(None) };
        let class = thread.intern_text("frozenset");
        let class = protocol::builtin(&class, thread)?;
        let members = match SetObject::of(&known) {
            Some(_) => known,
            None => Tuple::new(vec![known], thread)?.into_object(),
        };
        protocol::call_one(&class, &members, thread).map(Some)
    }

    /// Tells the loop's exception handler what went unnoticed.
    pub fn report(&self, message: &str, details: &[(&str, Py<Object>)], thread: &mut Thread) {
        let Some(event_loop) = self.event_loop.get() else { return };
        let raised = thread.take_exception();
        if let Err(error) = self.tell(&event_loop, message, details, thread) {
            thread.report_unraisable(error, "Exception ignored while calling asyncio function", Some(&event_loop));
        }
        thread.restore_exception(raised);
    }

    fn tell(
        &self,
        event_loop: &Object,
        message: &str,
        details: &[(&str, Py<Object>)],
        thread: &mut Thread,
    ) -> PyResult<()> {
        let context = Dict::new(thread);
        let (name, message) = (thread.intern_text("message"), Str::from_str(message, thread));
        context.set_str(&name, &message, thread)?;
        for (name, value) in details {
            let name = thread.intern_text(name);
            context.set_str(&name, value, thread)?;
        }
        if let Some(source) = self.source_traceback.get() {
            let name = thread.intern_text("source_traceback");
            context.set_str(&name, &source, thread)?;
        }
        let name = thread.intern_text("call_exception_handler");
        protocol::call_method(event_loop, &name, &[&context], thread).map(drop)
    }
}
