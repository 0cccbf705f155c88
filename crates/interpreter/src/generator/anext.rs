//! `anext_awaitable`: what `anext(iterator, default)` gives.

use macros::{Instance, python_type};
use objects::errors::{self, PyResult};
use objects::names;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;

use super::awaiting::awaitable_iterator;
use super::coroutine::Coroutine;

/// An awaitable, with a result in place of StopAsyncIteration.
#[derive(Instance)]
#[repr(C)]
pub struct AnextAwaitable {
    header: Header,
    wrapped: Py<Object>,
    default: Py<Object>,
}

impl AnextAwaitable {
    /// For what `__anext__` gave, with the default.
    pub fn new(awaitable: Py<Object>, default: &Object, thread: &mut Thread) -> Py<Object> {
        let header = Header::new(Self::class());
        Py::new(Self { header, wrapped: awaitable, default: Py::from_ref(default) }, thread).into_object()
    }

    /// The iterator that awaiting goes through.
    fn iterator(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let iterator = awaitable_iterator(&self.wrapped, thread)?;
        if !iterator.is_exactly::<Coroutine>() {
            return Ok(iterator);
        }
        let wrapper = protocol::call_special_required(&iterator, &names::__await__, &[], thread)?;
        if !protocol::is_iterator(&wrapper) {
            return Err(raise!(thread, TypeError, "__await__ must return an iterable"));
        }
        Ok(wrapper)
    }

    /// The end of the iteration becomes the default as result.
    fn or_default<T>(&self, result: PyResult<T>, thread: &mut Thread) -> PyResult<T> {
        match result {
            Err(raised) if thread.raised_is(errors::StopAsyncIteration) => {
                drop(thread.catch(raised));
                Err(thread.raise_with_argument(errors::StopIteration, self.default.clone()))
            }
            other => other,
        }
    }

    fn pass_on(&self, method: &Str, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        let iterator = self.iterator(thread)?;
        let result = protocol::call_method(&iterator, method, arguments, thread);
        self.or_default(result, thread)
    }
}

#[python_type(name = "anext_awaitable", symbol = "_PyAnextAwaitable_Type", base = BaseObject)]
impl AnextAwaitable {
    #[slot(tp_iter, am_await)]
    fn iter(&self) -> Py<AnextAwaitable> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let iterator = self.iterator(thread)?;
        let Some(function) = iterator.class().slots().tp_iternext.get() else {
            let class = iterator.class().full_name();
            return Err(raise!(thread, TypeError, "'{class}' object is not an iterator"));
        };
        // SAFETY: the slot's protocol: null without an exception means that nothing is left.
        let value = unsafe { Py::<Object>::steal_pointer(function(iterator.as_pointer())) };
        if value.is_some() || !thread.is_raised() {
            return Ok(value);
        }
        let raised = thread.raised_elsewhere();
        self.or_default(Err(raised), thread)
    }

    /// send($self, object, /)
    /// --
    ///
    /// send(arg) -> send 'arg' into the wrapped iterator,
    /// return next yielded value or raise StopIteration.
    #[method]
    fn send(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.pass_on(&names::send, &[object], thread)
    }

    /// throw(value)
    /// throw(typ[,val[,tb]])
    ///
    /// raise exception in the wrapped iterator, return next yielded value
    /// or raise StopIteration.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[method]
    #[signature("(*arguments)")]
    fn throw(&self, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        self.pass_on(&names::throw, arguments, thread)
    }

    /// close($self, /)
    /// --
    ///
    /// close() -> raise GeneratorExit inside generator.
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.pass_on(&names::close, &[], thread)
    }
}
