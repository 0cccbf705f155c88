//! `async_generator`: a generator that may also await (PEP 525).
//!
//! Its frame yields two kinds of values: what it awaits passes through as it is, and what it gives its caller comes wrapped, so that the
//! awaitables of `async_calls` can tell them apart.

use std::mem::offset_of;

use macros::{Instance, python_type};
use objects::audit;
use objects::errors::{self, PyResult};
use objects::object::BaseObject;
use objects::protocol::{self, SendOutcome};
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::{Instance as _, Member, MemberKind, Type};

use super::async_calls::{AsyncSend, AsyncThrow};
use super::object::{self, Generator};
use super::{finalize, run};
use crate::code::Code;
use crate::frame::FrameObject;
use crate::stack_ref::StackRef;

/// An asynchronous generator.
#[derive(Instance)]
#[repr(C)]
pub struct AsyncGenerator {
    generator: Generator,
}

const MEMBERS: &[Member] = &[Member::new(
    c"ag_running",
    MemberKind::Bool,
    offset_of!(AsyncGenerator, generator) + offset_of!(Generator, is_running_async),
    None,
)];

impl AsyncGenerator {
    pub fn as_generator(&self) -> &Generator {
        &self.generator
    }

    /// Takes the hooks that the event loop has set, when the iteration begins.
    fn take_hooks(&self, thread: &mut Thread) -> PyResult<()> {
        if self.generator.hooks_are_set.replace(true) {
            return Ok(());
        }
        let (first_iteration, finalizer) = async_hooks(thread);
        self.generator.origin_or_finalizer.set(finalizer);
        match first_iteration {
            Some(hook) => protocol::call_one(&hook, self, thread).map(drop),
            None => Ok(()),
        }
    }
}

#[python_type(
    name = "async_generator", symbol = "PyAsyncGen_Type", base = BaseObject, basic_size = object::BASIC_SIZE,
    item_size = 8, weaklist_offset = object::WEAK_REFERENCES, dealloc = object::deallocate, member_table = MEMBERS
)]
impl AsyncGenerator {
    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> String {
        self.generator.representation(thread)
    }

    #[slot(tp_finalize)]
    fn finalize(&self, thread: &mut Thread) {
        finalize::finalize(&self.generator, thread);
    }

    #[slot(am_aiter)]
    fn aiter(&self) -> Py<AsyncGenerator> {
        Py::from_ref(self)
    }

    #[slot(am_anext)]
    fn anext(&self, thread: &mut Thread) -> PyResult<Py<AsyncSend>> {
        self.take_hooks(thread)?;
        Ok(AsyncSend::new(self, None, thread))
    }

    #[slot(am_send)]
    fn am_send(&self, value: &Object, thread: &mut Thread) -> PyResult<SendOutcome> {
        run::resume(&self.generator, StackRef::from_new(value), thread)
    }

    /// asend($self, object, /)
    /// --
    ///
    /// asend(v) -> send 'v' in generator.
    #[method]
    fn asend(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<AsyncSend>> {
        self.take_hooks(thread)?;
        Ok(AsyncSend::new(self, Some(object), thread))
    }

    /// athrow(value)
    /// athrow(type[,value[,tb]])
    ///
    /// raise exception in generator.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[method]
    #[signature("(type, value=None, tb=None, /)")]
    fn athrow(
        &self,
        kind: &Object,
        value: Option<&Object>,
        traceback: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<AsyncThrow>> {
        if value.is_some() {
            let message =
                "the (type, exc, tb) signature of athrow() is deprecated, use the single-arg signature instead.";
            thread.warn(errors::DeprecationWarning, 1, format_args!("{message}"))?;
        }
        self.take_hooks(thread)?;
        Ok(AsyncThrow::new(self, Some((kind, value, traceback)), thread))
    }

    /// aclose($self, /)
    /// --
    ///
    /// aclose() -> raise GeneratorExit inside generator.
    #[method]
    fn aclose(&self, thread: &mut Thread) -> PyResult<Py<AsyncThrow>> {
        self.take_hooks(thread)?;
        Ok(AsyncThrow::new(self, None, thread))
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// gen.__sizeof__() -> size of gen in memory, in bytes
    #[method]
    fn __sizeof__(&self) -> usize {
        self.generator.size_in_memory()
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// async generators are generic over the types of their yield and send values
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    /// name of the async generator
    #[getter]
    fn __name__(&self, thread: &mut Thread) -> Py<Str> {
        self.generator.name(thread)
    }

    #[setter(name = "__name__")]
    fn set_name(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        object::set_name(&self.generator.name, "__name__", value, thread)
    }

    /// qualified name of the async generator
    #[getter]
    fn __qualname__(&self, thread: &mut Thread) -> Py<Str> {
        self.generator.qualified_name(thread)
    }

    #[setter(name = "__qualname__")]
    fn set_qualname(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        object::set_name(&self.generator.qualified_name, "__qualname__", value, thread)
    }

    /// object being awaited on, or None
    #[getter]
    fn ag_await(&self) -> Option<Py<Object>> {
        self.generator.delegate()
    }

    #[getter]
    fn ag_frame(&self, thread: &mut Thread) -> PyResult<Option<Py<FrameObject>>> {
        audit!(thread, "object.__getattr__", &**self, "ag_frame")?;
        self.generator.frame_object(thread)
    }

    #[getter]
    fn ag_code(&self, thread: &mut Thread) -> PyResult<Py<Code>> {
        audit!(thread, "object.__getattr__", &**self, "ag_code")?;
        Ok(Py::from_ref(self.generator.code()))
    }

    #[getter]
    fn ag_suspended(&self) -> bool {
        self.generator.state().is_at_yield()
    }
}

/// A value on its way from `yield` to the caller of an asynchronous generator.
#[derive(Instance)]
#[repr(C)]
pub struct WrappedValue {
    header: Header,
    value: Field,
}

#[python_type(name = "async_generator_wrapped_value", symbol = "_PyAsyncGenWrappedValue_Type", base = BaseObject)]
impl WrappedValue {}

/// Wraps what an asynchronous generator yields.
pub fn wrap_async_value(value: &Object, thread: &mut Thread) -> Py<Object> {
    let header = Header::new(WrappedValue::class());
    Py::new(WrappedValue { header, value: Py::from_ref(value).into() }, thread).into_object()
}

/// True if the generator yielded this to its caller, and does not await it.
pub(super) fn is_wrapped(value: &Object) -> bool {
    value.is_exactly::<WrappedValue>()
}

/// What a step of an asynchronous generator means to whoever awaits it: what it awaits passes through, what it yields is the
/// result of the awaitable, and so comes as StopIteration.
pub(super) fn unwrap_async_value(
    generator: &AsyncGenerator,
    result: PyResult<Py<Object>>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let generator = &generator.generator;
    match result {
        Err(raised) => {
            if thread.raised_is(errors::StopAsyncIteration) || thread.raised_is(errors::GeneratorExit) {
                generator.is_closed.set(true);
            }
            generator.is_running_async.set(false);
            Err(raised)
        }
        Ok(value) => match value.downcast_exact::<WrappedValue>().and_then(|it| it.value.get()) {
            Some(value) => {
                generator.is_running_async.set(false);
                Err(thread.raise_with_argument(errors::StopIteration, value))
            }
            None => Ok(value),
        },
    }
}

/// `sys.get_asyncgen_hooks()`: what is called when an iteration begins, and in place of freeing a generator that is not finished.
pub fn async_hooks(thread: &Thread) -> (Option<Py<Object>>, Option<Py<Object>>) {
    let base = thread.state().base();
    // SAFETY: the thread state owns what these fields hold.
    unsafe {
        (
            Object::from_pointer(base.async_gen_firstiter.get()).map(Py::from_ref),
            Object::from_pointer(base.async_gen_finalizer.get()).map(Py::from_ref),
        )
    }
}

/// `sys.set_asyncgen_hooks()`: both at once.
pub fn set_async_hooks(first_iteration: Option<Py<Object>>, finalizer: Option<Py<Object>>, thread: &mut Thread) {
    let base = thread.state().base();
    let pointer = |value: Option<Py<Object>>| value.map_or(std::ptr::null_mut(), Py::into_pointer);
    let old = [
        base.async_gen_firstiter.replace(pointer(first_iteration)),
        base.async_gen_finalizer.replace(pointer(finalizer)),
    ];
    for old in old {
        // SAFETY: the thread state owned what it held, and gives it up.
        drop(unsafe { Py::<Object>::steal_pointer(old) });
    }
}
