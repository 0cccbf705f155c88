//! `coroutine`, what calling an `async def` function gives, and `coroutine_wrapper`, which `__await__` gives.

use std::mem::offset_of;

use macros::{Instance, python_type};
use objects::audit;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol::{self, SendOutcome};
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Member, MemberKind, Type};

use super::object::{self, Generator};
use super::{finalize, run, throw};
use crate::code::Code;
use crate::frame::{Frame, FrameObject, first_complete};
use crate::stack_ref::StackRef;

/// A coroutine.
#[derive(Instance)]
#[repr(C)]
pub struct Coroutine {
    generator: Generator,
}

const MEMBERS: &[Member] = &[Member::new(
    c"cr_origin",
    MemberKind::Object,
    offset_of!(Coroutine, generator) + offset_of!(Generator, origin_or_finalizer),
    None,
)];

impl Coroutine {
    /// True while it waits for something else.
    pub fn is_awaiting(&self) -> bool {
        self.generator.is_awaiting()
    }

    pub fn as_generator(&self) -> &Generator {
        &self.generator
    }
}

#[python_type(
    name = "coroutine", symbol = "PyCoro_Type", base = BaseObject, basic_size = object::BASIC_SIZE, item_size = 8,
    weaklist_offset = object::WEAK_REFERENCES, dealloc = object::deallocate, member_table = MEMBERS
)]
impl Coroutine {
    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> String {
        self.generator.representation(thread)
    }

    #[slot(am_await)]
    fn am_await(&self, thread: &mut Thread) -> Py<CoroutineWrapper> {
        let header = Header::new(CoroutineWrapper::class());
        Py::new(CoroutineWrapper { header, coroutine: Py::from_ref(self) }, thread)
    }

    #[slot(am_send)]
    fn am_send(&self, value: &Object, thread: &mut Thread) -> PyResult<SendOutcome> {
        run::resume(&self.generator, StackRef::from_new(value), thread)
    }

    #[slot(tp_finalize)]
    fn finalize(&self, thread: &mut Thread) {
        finalize::finalize(&self.generator, thread);
    }

    /// send($self, object, /)
    /// --
    ///
    /// send(arg) -> send 'arg' into coroutine,
    /// return next iterated value or raise StopIteration.
    #[method]
    fn send(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        run::send(&self.generator, object, thread)
    }

    /// throw(value)
    /// throw(type[,value[,traceback]])
    ///
    /// Raise exception in coroutine, return next iterated value or raise
    /// StopIteration.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[method]
    #[signature("(type, value=None, traceback=None, /)")]
    fn throw(
        &self,
        kind: &Object,
        value: Option<&Object>,
        traceback: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        throw::throw_method(&self.generator, kind, value, traceback, thread)
    }

    /// close($self, /)
    /// --
    ///
    /// close() -> raise GeneratorExit inside coroutine.
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        throw::close(&self.generator, thread)
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
    /// coroutines are generic over the types of their yield, send, and return values
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    /// name of the coroutine
    #[getter]
    fn __name__(&self, thread: &mut Thread) -> Py<Str> {
        self.generator.name(thread)
    }

    #[setter(name = "__name__")]
    fn set_name(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        object::set_name(&self.generator.name, "__name__", value, thread)
    }

    /// qualified name of the coroutine
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
    fn cr_await(&self) -> Option<Py<Object>> {
        self.generator.delegate()
    }

    #[getter]
    fn cr_running(&self) -> bool {
        self.generator.state() == object::GeneratorState::Executing
    }

    #[getter]
    fn cr_frame(&self, thread: &mut Thread) -> PyResult<Option<Py<FrameObject>>> {
        audit!(thread, "object.__getattr__", &**self, "cr_frame")?;
        self.generator.frame_object(thread)
    }

    #[getter]
    fn cr_code(&self, thread: &mut Thread) -> PyResult<Py<Code>> {
        audit!(thread, "object.__getattr__", &**self, "cr_code")?;
        Ok(Py::from_ref(self.generator.code()))
    }

    #[getter]
    fn cr_suspended(&self) -> bool {
        self.generator.state().is_at_yield()
    }
}

/// What `coroutine.__await__()` gives: an iterator that passes everything on.
#[derive(Instance)]
#[repr(C)]
pub struct CoroutineWrapper {
    header: Header,
    coroutine: Py<Coroutine>,
}

/// A wrapper object implementing __await__ for coroutines.
#[python_type(name = "coroutine_wrapper", symbol = "_PyCoroWrapper_Type", base = BaseObject)]
impl CoroutineWrapper {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<CoroutineWrapper> {
        Py::from_ref(self)
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        run::next(&self.coroutine.generator, thread)
    }

    /// send($self, object, /)
    /// --
    ///
    /// send(arg) -> send 'arg' into coroutine,
    /// return next iterated value or raise StopIteration.
    #[method]
    fn send(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        run::send(&self.coroutine.generator, object, thread)
    }

    /// throw(value)
    /// throw(type[,value[,traceback]])
    ///
    /// Raise exception in coroutine, return next iterated value or raise
    /// StopIteration.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[method]
    #[signature("(type, value=None, traceback=None, /)")]
    fn throw(
        &self,
        kind: &Object,
        value: Option<&Object>,
        traceback: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        throw::throw_method(&self.coroutine.generator, kind, value, traceback, thread)
    }

    /// close($self, /)
    /// --
    ///
    /// close() -> raise GeneratorExit inside coroutine.
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        throw::close(&self.coroutine.generator, thread)
    }
}

/// `cr_origin`: file, line and function of the frames that a new coroutine is made in, the innermost first, as many as
/// `sys.set_coroutine_origin_tracking_depth` asked for; None if it asked for none.
pub(super) fn origin(caller: *mut Frame, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let depth = thread.state().base().coroutine_origin_tracking_depth.get();
    if depth <= 0 {
        return Ok(None);
    }
    let mut places = Vec::new();
    let mut next = first_complete(caller);
    while let Some(frame) = next.filter(|_| places.len() < depth as usize) {
        // SAFETY: the frames that call the one that runs are live.
        let frame = unsafe { &*frame };
        let code = frame.code();
        let line = protocol::make_int(i128::from(frame.line().unwrap_or(-1)), thread);
        let place = Tuple::from_slice(&[code.filename(), &line, code.name()], thread)?;
        places.push(place.into_object());
        next = first_complete(frame.previous());
    }
    Ok(Some(Tuple::new(places, thread)?.into_object()))
}

/// `sys.set_coroutine_origin_tracking_depth` for this thread.
pub fn set_origin_tracking_depth(depth: i32, thread: &Thread) {
    thread.state().base().coroutine_origin_tracking_depth.set(depth);
}

/// `sys.get_coroutine_origin_tracking_depth` of this thread.
pub fn origin_tracking_depth(thread: &Thread) -> i32 {
    thread.state().base().coroutine_origin_tracking_depth.get()
}
