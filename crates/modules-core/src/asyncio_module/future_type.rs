//! `Future` as Python code sees it.

use std::mem::offset_of;

use macros::python_type;
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
pub use objects::refs::finalize_and_deallocate as deallocate;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance, Type};

use super::future::Future;
use super::future_iterator::FutureIterator;
use super::future_methods;
use super::support::Library;

#[cold]
pub fn raise_not_deletable(owner: &str, name: &str, thread: &mut Thread) -> Raised {
    raise!(thread, AttributeError, "attribute '{name}' of '_asyncio.{owner}' objects cannot be deleted")
}

/// A new object, for `__init__` to fill.
fn check_constructor(class: &Type, _: &Tuple, _: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Future>> {
    Py::new_in(class, Future::empty(Future::class()), thread)
}

/// Future(*, loop=None)
/// --
///
/// This class is *almost* compatible with concurrent.futures.Future.
///
///     Differences:
///
///     - result() and exception() do not take a timeout argument and
///       raise an exception when the future isn't done yet.
///
///     - Callbacks registered with add_done_callback() are always called
///       via the event loop's call_soon_threadsafe().
///
///     - This class is not compatible with the wait() and as_completed()
///       methods in the concurrent.futures package.
#[python_type(
    name = "_asyncio.Future", base = BaseObject, groups(future_methods::METHODS), flags(HEAPTYPE, BASETYPE), dealloc = deallocate::<Future>,
    dict_offset = offset_of!(Future, dict), weaklist_offset = offset_of!(Future, weak_references)
)]
impl Future {
    #[slot(tp_new)]
    fn new_future(
        class: &Type,
        arguments: &Tuple,
        keywords: Option<&Dict>,
        thread: &mut Thread,
    ) -> PyResult<Py<Future>> {
        check_constructor(class, arguments, keywords, thread)
    }

    #[init]
    fn init(&self, r#loop: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.initialize(r#loop, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.required_loop(thread)?;
        let function = Library::FutureRepr.get(thread)?;
        protocol::call_one(&function, self, thread)
    }

    #[slot(tp_finalize)]
    fn finalize(&self, thread: &mut Thread) {
        self.report_unretrieved(thread);
    }

    #[slot(tp_iter, am_await)]
    fn iterate(&self, thread: &mut Thread) -> PyResult<Py<FutureIterator>> {
        self.required_loop(thread)?;
        Ok(FutureIterator::over(self, thread))
    }

    /// set_result($self, result, /)
    /// --
    ///
    /// Mark the future done and set its result.
    ///
    /// If the future is already done when this method is called, raises
    /// InvalidStateError.
    #[defining_class]
    #[method]
    fn set_result(&self, result: &Object, thread: &mut Thread) -> PyResult<()> {
        self.set_result_value(Py::from_ref(result), thread)
    }

    /// set_exception($self, exception, /)
    /// --
    ///
    /// Mark the future done and set an exception.
    ///
    /// If the future is already done when this method is called, raises
    /// InvalidStateError.
    #[defining_class]
    #[method]
    fn set_exception(&self, exception: &Object, thread: &mut Thread) -> PyResult<()> {
        self.set_exception_value(exception, thread)
    }

    /// cancel($self, /, msg=None)
    /// --
    ///
    /// Cancel the future and schedule callbacks.
    ///
    /// If the future is already done or cancelled, return False.
    /// Otherwise, change the future's state to cancelled, schedule the
    /// callbacks and return True.
    #[defining_class]
    #[method]
    fn cancel(&self, msg: Option<&Object>, thread: &mut Thread) -> PyResult<bool> {
        self.required_loop(thread)?;
        self.cancel_with(msg.map(Py::from_ref), thread)
    }

    /// get_loop($self, /)
    /// --
    ///
    /// Return the event loop the Future is bound to.
    #[defining_class]
    #[method]
    fn get_loop(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.required_loop(thread)
    }

    /// _make_cancelled_error($self, /)
    /// --
    ///
    /// Create the CancelledError to raise if the Future is cancelled.
    ///
    /// This should only be called once when handling a cancellation since
    /// it erases the context exception value.
    #[method]
    fn _make_cancelled_error(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.make_cancelled_error(thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// Futures are generic over the type of their results
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    #[getter]
    fn _state(&self, thread: &mut Thread) -> PyResult<&'static str> {
        self.required_loop(thread)?;
        Ok(self.state.get().name())
    }

    #[getter]
    fn _asyncio_future_blocking(&self) -> bool {
        !self.event_loop.is_empty() && self.blocking.get()
    }

    #[setter(name = "_asyncio_future_blocking")]
    fn set_blocking(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        self.required_loop(thread)?;
        let Some(value) = value else { return Err(raise_not_deletable("Future", "_asyncio_future_blocking", thread)) };
        let value = protocol::is_true(value, thread)?;
        self.blocking.set(value);
        Ok(())
    }

    #[getter]
    fn _loop(&self) -> Option<Py<Object>> {
        self.event_loop.get()
    }

    #[getter]
    fn _callbacks(&self, thread: &mut Thread) -> PyResult<Option<Py<List>>> {
        self.required_loop(thread)?;
        self.callback_pairs(thread)
    }

    #[getter]
    fn _result(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        self.required_loop(thread)?;
        Ok(self.result.get())
    }

    #[getter]
    fn _exception(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        self.required_loop(thread)?;
        Ok(self.exception.get())
    }

    #[getter]
    fn _log_traceback(&self, thread: &mut Thread) -> PyResult<bool> {
        self.required_loop(thread)?;
        Ok(self.log_traceback.get())
    }

    #[setter(name = "_log_traceback")]
    fn set_log_traceback(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else { return Err(raise_not_deletable("Future", "_log_traceback", thread)) };
        if protocol::is_true(value, thread)? {
            return Err(raise!(thread, ValueError, "_log_traceback can only be set to False"));
        }
        self.log_traceback.set(false);
        Ok(())
    }

    #[getter]
    fn _source_traceback(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        self.required_loop(thread)?;
        Ok(self.source_traceback.get())
    }

    #[getter]
    fn _cancel_message(&self) -> Option<Py<Object>> {
        self.cancel_message.get()
    }

    #[setter(name = "_cancel_message")]
    fn set_cancel_message(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else { return Err(raise_not_deletable("Future", "_cancel_message", thread)) };
        self.cancel_message.set(Some(Py::from_ref(value)));
        Ok(())
    }

    #[getter]
    fn _asyncio_awaited_by(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        self.waiters(thread)
    }
}

impl Future {
    /// Says that nobody looked at the exception.
    pub fn report_unretrieved(&self, thread: &mut Thread) {
        if !self.log_traceback.replace(false) {
            return;
        }
        let Some(exception) = self.exception.get() else { return };
        let message = format!("{} exception was never retrieved", self.class().short_name());
        let own = Py::from_ref(self).into_object();
        self.report(&message, &[("exception", exception), ("future", own)], thread);
    }
}
