//! The awaitables of asynchronous generators: `__anext__()` and `asend()` give an [`AsyncSend`], `athrow()` and `aclose()` an [`AsyncThrow`].
//!
//! ```text
//! initial ──▶ iterating ──▶ closed
//! ```

use std::cell::Cell;

use macros::{Instance, python_type};
use objects::errors::{self, PyResult, Raised};
use objects::gc::Traverse;
use objects::object::BaseObject;
use objects::raise;
use objects::refs::{Field, Header, Object, Py, deallocate_instance};
use objects::thread::Thread;
use objects::types::Instance;

use super::async_generator::{AsyncGenerator, is_wrapped, unwrap_async_value};
use super::run;
use super::throw::{Thrown, throw, throw_method};

/// Where an awaitable stands.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Initial,
    Iterating,
    Closed,
}

/// The arguments of `throw`.
type Arguments<'a> = (&'a Object, Option<&'a Object>, Option<&'a Object>);

/// What `__anext__()` and `asend()` give.
#[derive(Instance)]
#[repr(C)]
pub struct AsyncSend {
    header: Header,
    generator: Py<AsyncGenerator>,
    value: Field,
    stage: Cell<Stage>,
}

/// What `athrow()` and `aclose()` give.
#[derive(Instance)]
#[repr(C)]
pub struct AsyncThrow {
    header: Header,
    generator: Py<AsyncGenerator>,
    stage: Cell<Stage>,
    /// Empty for `aclose()`.
    kind: Field,
    value: Field,
    traceback: Field,
}

impl Traverse for Stage {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut objects::gc::Visitor<'_>) {}
    fn clear(&self) {}
}

/// `tp_dealloc` of both: they may have a warning to give.
///
/// # Safety
/// Called as `tp_dealloc` of `T`'s type.
unsafe extern "C-unwind" fn deallocate<T: Instance + Traverse>(object: *mut layout::PyObject) {
    // SAFETY: objects only exist while their thread is attached; the memory is intact.
    unsafe {
        let mut thread = Thread::current();
        let class = (*object.cast::<T>()).as_object().class();
        if !objects::types::finalize(object, class, &mut thread) {
            deallocate_instance::<T>(object);
        }
    }
}

/// `coroutine method 'asend' of 'f' was never awaited`.
fn warn_never_awaited(generator: &AsyncGenerator, method: &str, thread: &mut Thread) {
    let saved = thread.take_exception();
    let name = generator.as_generator().qualified_name(thread);
    let result = match objects::protocol::repr(&name, thread) {
        Ok(name) => {
            let name = name.to_string_lossy();
            let message = format_args!("coroutine method '{method}' of {name} was never awaited");
            thread.warn(errors::RuntimeWarning, 1, message)
        }
        Err(raised) => Err(raised),
    };
    if let Err(raised) = result {
        thread.report_unraisable(raised, "Exception ignored in", Some(generator));
    }
    thread.restore_exception(saved);
}

/// True if closing an awaitable may end in the exception that is set.
fn is_an_end(thread: &Thread) -> bool {
    [errors::StopIteration, errors::StopAsyncIteration, errors::GeneratorExit].iter().any(|it| thread.raised_is(it))
}

/// `close()` of both, by what throwing GeneratorExit gave.
fn closed(result: PyResult<Py<Object>>, thread: &mut Thread) -> PyResult<()> {
    match result {
        Ok(_) => Err(raise!(thread, RuntimeError, "coroutine ignored GeneratorExit")),
        Err(raised) if is_an_end(thread) => {
            drop(thread.catch(raised));
            Ok(())
        }
        Err(raised) => Err(raised),
    }
}

impl AsyncSend {
    pub(super) fn new(generator: &AsyncGenerator, value: Option<&Object>, thread: &mut Thread) -> Py<AsyncSend> {
        let value = AsyncSend {
            header: Header::new(AsyncSend::class()),
            generator: Py::from_ref(generator),
            value: Field::new(value.map(Py::from_ref)),
            stage: Cell::new(Stage::Initial),
        };
        Py::new(value, thread)
    }

    /// Before each step; true if it is the first.
    fn begin(&self, thread: &mut Thread) -> PyResult<bool> {
        match self.stage.get() {
            Stage::Iterating => Ok(false),
            Stage::Closed => Err(raise!(thread, RuntimeError, "cannot reuse already awaited __anext__()/asend()")),
            Stage::Initial => {
                if self.generator.as_generator().is_running_async.get() {
                    self.stage.set(Stage::Closed);
                    return Err(raise!(thread, RuntimeError, "anext(): asynchronous generator is already running"));
                }
                self.stage.set(Stage::Iterating);
                Ok(true)
            }
        }
    }

    /// After each step.
    fn finish(&self, result: PyResult<Py<Object>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let result = unwrap_async_value(&self.generator, result, thread);
        if result.is_err() {
            self.stage.set(Stage::Closed);
        }
        result
    }

    fn step(&self, argument: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let mut argument = Py::from_ref(argument);
        if self.begin(thread)?
            && argument.is_none()
            && let Some(value) = self.value.get()
        {
            argument = value;
        }
        let generator = self.generator.as_generator();
        generator.is_running_async.set(true);
        let result = run::send(generator, &argument, thread);
        self.finish(result, thread)
    }

    fn throw_in(&self, (kind, value, traceback): Arguments<'_>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let generator = self.generator.as_generator();
        if self.begin(thread)? {
            generator.is_running_async.set(true);
        }
        let result = throw_method(generator, kind, value, traceback, thread);
        self.finish(result, thread)
    }
}

#[python_type(
    name = "async_generator_asend", symbol = "_PyAsyncGenASend_Type", base = BaseObject, dealloc = deallocate::<AsyncSend>
)]
impl AsyncSend {
    #[slot(tp_iter, am_await)]
    fn iter(&self) -> Py<AsyncSend> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let none = thread.none();
        self.step(&none, thread).map(Some)
    }

    #[slot(tp_finalize)]
    fn finalize(&self, thread: &mut Thread) {
        if self.stage.get() == Stage::Initial {
            warn_never_awaited(&self.generator, "asend", thread);
        }
    }

    /// send($self, object, /)
    /// --
    ///
    /// send(value) -> send 'value' into generator,
    /// return next yielded value or raise StopIteration.
    #[method]
    fn send(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.step(object, thread)
    }

    /// throw(value)
    /// throw(type[,value[,tb]])
    ///
    /// Raise exception in generator, return next yielded value or raise
    /// StopIteration.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[method]
    #[signature("(type, value=None, tb=None, /)")]
    fn throw(
        &self,
        kind: &Object,
        value: Option<&Object>,
        traceback: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        self.throw_in((kind, value, traceback), thread)
    }

    /// close($self, /)
    /// --
    ///
    /// close() -> raise GeneratorExit inside generator.
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<()> {
        if self.stage.get() == Stage::Closed {
            return Ok(());
        }
        let result = self.throw_in((errors::GeneratorExit.as_type(), None, None), thread);
        closed(result, thread)
    }
}

impl AsyncThrow {
    pub(super) fn new(
        generator: &AsyncGenerator,
        arguments: Option<Arguments<'_>>,
        thread: &mut Thread,
    ) -> Py<AsyncThrow> {
        let (kind, value, traceback) = match arguments {
            Some((kind, value, traceback)) => (Some(kind), value, traceback),
            None => (None, None, None),
        };
        let field = |value: Option<&Object>| Field::new(value.map(Py::from_ref));
        let value = AsyncThrow {
            header: Header::new(AsyncThrow::class()),
            generator: Py::from_ref(generator),
            stage: Cell::new(Stage::Initial),
            kind: field(kind),
            value: field(value),
            traceback: field(traceback),
        };
        Py::new(value, thread)
    }

    fn is_close(&self) -> bool {
        self.kind.is_empty()
    }

    fn raise_closed(&self, thread: &mut Thread) -> Raised {
        raise!(thread, RuntimeError, "cannot reuse already awaited aclose()/athrow()")
    }

    fn raise_running(&self, thread: &mut Thread) -> Raised {
        self.stage.set(Stage::Closed);
        let method = if self.is_close() { "aclose" } else { "athrow" };
        raise!(thread, RuntimeError, "{method}(): asynchronous generator is already running")
    }

    /// A step of `aclose()`: the end of the generator is the end of the awaitable, and yielding again is an error.
    fn closing(&self, result: PyResult<Py<Object>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let generator = self.generator.as_generator();
        let raised = match result {
            Ok(value) if !is_wrapped(&value) => return Ok(value),
            Ok(_) => raise!(thread, RuntimeError, "async generator ignored GeneratorExit"),
            Err(raised) if thread.raised_is(errors::StopAsyncIteration) || thread.raised_is(errors::GeneratorExit) => {
                drop(thread.catch(raised));
                thread.raise_kind(errors::StopIteration)
            }
            Err(raised) => raised,
        };
        generator.is_running_async.set(false);
        self.stage.set(Stage::Closed);
        Err(raised)
    }

    /// A step of `athrow()`.
    fn throwing(&self, result: PyResult<Py<Object>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let result = unwrap_async_value(&self.generator, result, thread);
        if result.is_err() {
            self.generator.as_generator().is_running_async.set(false);
            self.stage.set(Stage::Closed);
        }
        result
    }

    fn step(&self, argument: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let generator = self.generator.as_generator();
        if self.stage.get() == Stage::Closed {
            return Err(self.raise_closed(thread));
        }
        if generator.state().is_finished() {
            self.stage.set(Stage::Closed);
            return Err(thread.raise_kind(errors::StopIteration));
        }
        if self.stage.get() == Stage::Initial {
            return self.first_step(argument, thread);
        }
        let result = run::send(generator, argument, thread);
        if self.is_close() { self.closing(result, thread) } else { unwrap_async_value(&self.generator, result, thread) }
    }

    fn first_step(&self, argument: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let generator = self.generator.as_generator();
        if generator.is_running_async.get() {
            return Err(self.raise_running(thread));
        }
        if generator.is_closed.get() {
            self.stage.set(Stage::Closed);
            return Err(thread.raise_kind(errors::StopAsyncIteration));
        }
        if !argument.is_none() {
            return Err(raise!(thread, RuntimeError, "can't send non-None value to a just-started coroutine"));
        }
        self.stage.set(Stage::Iterating);
        generator.is_running_async.set(true);
        let Some(kind) = self.kind.get() else {
            generator.is_closed.set(true);
            let thrown = Thrown { kind: errors::GeneratorExit.as_type(), value: None, traceback: None };
            let result = throw(generator, false, thrown, thread);
            return self.closing(result, thread);
        };
        let (value, traceback) = (self.value.get(), self.traceback.get());
        let thrown = Thrown { kind: &kind, value: value.as_deref(), traceback: traceback.as_deref() };
        let result = throw(generator, false, thrown, thread);
        self.throwing(result, thread)
    }

    fn throw_in(&self, (kind, value, traceback): Arguments<'_>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let generator = self.generator.as_generator();
        match self.stage.get() {
            Stage::Closed => return Err(self.raise_closed(thread)),
            Stage::Initial => {
                if generator.is_running_async.get() {
                    return Err(self.raise_running(thread));
                }
                self.stage.set(Stage::Iterating);
                generator.is_running_async.set(true);
            }
            Stage::Iterating => {}
        }
        let result = throw_method(generator, kind, value, traceback, thread);
        if !self.is_close() {
            let result = unwrap_async_value(&self.generator, result, thread);
            if result.is_err() {
                self.stage.set(Stage::Closed);
            }
            return result;
        }
        self.closing(result, thread)
    }
}

#[python_type(
    name = "async_generator_athrow", symbol = "_PyAsyncGenAThrow_Type", base = BaseObject,
    dealloc = deallocate::<AsyncThrow>
)]
impl AsyncThrow {
    #[slot(tp_iter, am_await)]
    fn iter(&self) -> Py<AsyncThrow> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        let none = thread.none();
        self.step(&none, thread).map(Some)
    }

    #[slot(tp_finalize)]
    fn finalize(&self, thread: &mut Thread) {
        if self.stage.get() == Stage::Initial {
            let method = if self.is_close() { "aclose" } else { "athrow" };
            warn_never_awaited(&self.generator, method, thread);
        }
    }

    /// send($self, object, /)
    /// --
    ///
    /// send(value) -> send 'value' into generator,
    /// return next yielded value or raise StopIteration.
    #[method]
    fn send(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.step(object, thread)
    }

    /// throw(value)
    /// throw(type[,value[,tb]])
    ///
    /// Raise exception in generator, return next yielded value or raise
    /// StopIteration.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[method]
    #[signature("(type, value=None, tb=None, /)")]
    fn throw(
        &self,
        kind: &Object,
        value: Option<&Object>,
        traceback: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        self.throw_in((kind, value, traceback), thread)
    }

    /// close($self, /)
    /// --
    ///
    /// close() -> raise GeneratorExit inside generator.
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<()> {
        if self.stage.get() == Stage::Closed {
            return Ok(());
        }
        let result = self.throw_in((errors::GeneratorExit.as_type(), None, None), thread);
        closed(result, thread)
    }
}
