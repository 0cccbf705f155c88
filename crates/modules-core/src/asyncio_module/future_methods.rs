//! Methods that `Future` has and that `Task` has once more: their qualified names tell which class they were taken from.

use macros::python_methods;
use objects::errors::PyResult;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::future::{Future, State};
use super::support::{Library, raise_of};

#[python_methods(METHODS)]
impl Future {
    /// result($self, /)
    /// --
    ///
    /// Return the result this future represents.
    ///
    /// If the future has been cancelled, raises CancelledError.  If the
    /// future's result isn't yet available, raises InvalidStateError.  If
    /// the future is done and has an exception set, this exception is
    /// raised.
    #[method]
    fn result(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        if self.event_loop.is_empty() {
            return Err(raise_of(Library::InvalidStateError, "Future object is not initialized.", thread));
        }
        self.take_outcome(thread)
    }

    /// exception($self, /)
    /// --
    ///
    /// Return the exception that was set on this future.
    ///
    /// The exception (or None if no exception was set) is returned only if
    /// the future is done.  If the future has been cancelled, raises
    /// CancelledError.  If the future isn't done yet, raises
    /// InvalidStateError.
    #[defining_class]
    #[method]
    fn exception(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        if self.event_loop.is_empty() {
            return Err(raise_of(Library::InvalidStateError, "Future object is not initialized.", thread));
        }
        match self.state.get() {
            State::Cancelled => {
                let error = self.make_cancelled_error(thread)?;
                Err(thread.raise(error))
            }
            State::Pending => Err(raise_of(Library::InvalidStateError, "Exception is not set.", thread)),
            State::Finished => {
                self.log_traceback.set(false);
                Ok(self.exception.get().unwrap_or_else(|| thread.none()))
            }
        }
    }

    /// add_done_callback($self, fn, /, *, context=<unrepresentable>)
    /// --
    ///
    /// Add a callback to be run when the future becomes done.
    ///
    /// The callback is called with a single argument - the future object.
    /// If the future is already done when this is called, the callback is
    /// scheduled with call_soon.
    #[defining_class]
    #[method]
    fn add_done_callback(&self, r#fn: &Object, context: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        if self.event_loop.is_empty() {
            return Err(raise!(thread, RuntimeError, "uninitialized Future object"));
        }
        self.add_callback(r#fn, context, thread)
    }

    /// remove_done_callback($self, fn, /)
    /// --
    ///
    /// Remove all instances of a callback from the "call when done" list.
    ///
    /// Returns the number of callbacks removed.
    #[defining_class]
    #[method]
    fn remove_done_callback(&self, r#fn: &Object, thread: &mut Thread) -> PyResult<usize> {
        self.remove_callback(r#fn, thread)
    }

    /// cancelled($self, /)
    /// --
    ///
    /// Return True if the future was cancelled.
    #[method]
    fn cancelled(&self) -> bool {
        !self.event_loop.is_empty() && self.state.get() == State::Cancelled
    }

    /// done($self, /)
    /// --
    ///
    /// Return True if the future is done.
    ///
    /// Done means either that a result / exception are available, or that
    /// the future was cancelled.
    #[method]
    fn done(&self) -> bool {
        !self.event_loop.is_empty() && !self.is_pending()
    }
}
