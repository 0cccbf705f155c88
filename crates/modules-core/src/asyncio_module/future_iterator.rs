//! `FutureIter`: what `await future` goes through. It gives the future once, and then its result.

use macros::{Instance, python_type};
use objects::errors::{BaseException, DeprecationWarning, PyResult, StopIteration};
use objects::object::BaseObject;
use objects::protocol::{self, SendOutcome};
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type};

use super::future::Future;

#[derive(Instance)]
#[repr(C)]
pub struct FutureIterator {
    header: Header,
    /// Empty once an exception was thrown in, or the iterator closed.
    future: Field<Future>,
}

impl FutureIterator {
    pub fn over(future: &Future, thread: &mut Thread) -> Py<FutureIterator> {
        let header = Header::new(FutureIterator::class());
        Py::new(FutureIterator { header, future: Py::from_ref(future).into() }, thread)
    }

    fn step(&self, thread: &mut Thread) -> PyResult<SendOutcome> {
        let Some(future) = self.future.get() else { return Ok(SendOutcome::Returned(thread.none())) };
        if future.is_pending() {
            if future.blocking.replace(true) {
                future.blocking.set(true);
                return Err(raise!(thread, RuntimeError, "await wasn't used with future"));
            }
            return Ok(SendOutcome::Yielded(future.into_object()));
        }
        future.take_outcome(thread).map(SendOutcome::Returned)
    }
}

/// The exception that `throw` is given in one of its forms.
fn thrown(arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<BaseException>> {
    let none = thread.none();
    let kind = arguments[0];
    let value = arguments.get(1).copied().unwrap_or(&none);
    let traceback = arguments.get(2).copied().filter(|it| !it.is_none());
    if let Some(traceback) = traceback
        && traceback.class().full_name() != "traceback"
    {
        return Err(raise!(thread, TypeError, "throw() third argument must be a traceback"));
    }
    let is_class = kind.downcast::<Type>().is_some_and(|it| it.is_subtype(BaseException::class()));
    let exception = if is_class {
        if protocol::is_instance(value, kind, thread)? {
            Py::from_ref(value)
        } else if value.is_none() {
            protocol::call(kind, &[], thread)?
        } else if let Some(values) = value.downcast_exact::<objects::tuple::Tuple>() {
            protocol::call_tuple(kind, values, None, thread)?
        } else {
            protocol::call_one(kind, value, thread)?
        }
    } else if kind.downcast::<BaseException>().is_some() {
        if !value.is_none() {
            return Err(raise!(thread, TypeError, "instance exception may not have a separate value"));
        }
        Py::from_ref(kind)
    } else {
        let message = "exceptions must be classes deriving BaseException or instances of such a class";
        return Err(raise!(thread, TypeError, "{message}"));
    };
    let Ok(exception) = exception.downcast_into::<BaseException>() else {
        return Err(raise!(thread, TypeError, "exceptions must derive from BaseException"));
    };
    if let Some(traceback) = traceback {
        exception.set_traceback(Some(Py::from_ref(traceback)));
    }
    Ok(exception)
}

#[python_type(name = "_asyncio.FutureIter", base = BaseObject, flags(HEAPTYPE, DISALLOW_INSTANTIATION))]
impl FutureIterator {
    #[slot(tp_iter)]
    fn iterate(&self) -> Py<FutureIterator> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        match self.step(thread)? {
            SendOutcome::Yielded(value) => Ok(Some(value)),
            // Tools hear of the StopIteration that CPython raises here.
            SendOutcome::Returned(value) if value.is_none() && thread.is_monitored() => {
                Err(thread.raise_kind(StopIteration))
            }
            SendOutcome::Returned(value) if value.is_none() => Ok(None),
            SendOutcome::Returned(value) => Err(thread.raise_with_argument(StopIteration, value)),
        }
    }

    #[slot(am_send)]
    fn am_send(&self, _value: &Object, thread: &mut Thread) -> PyResult<SendOutcome> {
        self.step(thread)
    }

    #[method]
    #[signature("(value, /)")]
    fn send(&self, _value: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        // A future does not care for what is sent.
        match self.step(thread)? {
            SendOutcome::Yielded(value) => Ok(value),
            SendOutcome::Returned(value) if value.is_none() => Err(thread.raise_kind(StopIteration)),
            SendOutcome::Returned(value) => Err(thread.raise_with_argument(StopIteration, value)),
        }
    }

    #[method]
    #[signature("(*arguments)")]
    fn throw(&self, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        if arguments.is_empty() || arguments.len() > 3 {
            let (bound, plural) = if arguments.is_empty() { ("least 1", "") } else { ("most 3", "s") };
            let given = arguments.len();
            return Err(raise!(thread, TypeError, "throw expected at {bound} argument{plural}, got {given}"));
        }
        if arguments.len() > 1 {
            let reason =
                "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.";
            thread.warn(DeprecationWarning, 1, format_args!("{reason}"))?;
        }
        let exception = thrown(arguments, thread)?;
        self.future.set(None);
        Err(thread.set_exception(exception))
    }

    #[method]
    #[signature("()")]
    fn close(&self) {
        self.future.set(None);
    }
}
