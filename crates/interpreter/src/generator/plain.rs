//! `generator`: the type that Python code sees.

use macros::python_type;
use objects::audit;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol::{self, SendOutcome};
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Type;

use super::object::{self, Generator};
use super::{finalize, run, throw};
use crate::code::Code;
use crate::frame::FrameObject;
use crate::stack_ref::StackRef;

#[python_type(
    name = "generator", symbol = "PyGen_Type", base = BaseObject, basic_size = object::BASIC_SIZE, item_size = 8,
    weaklist_offset = object::WEAK_REFERENCES, dealloc = object::deallocate
)]
impl Generator {
    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> String {
        self.representation(thread)
    }

    #[slot(tp_iter)]
    fn iter(&self) -> Py<Object> {
        Py::from_ref(self).into_object()
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        run::next(self, thread)
    }

    #[slot(am_send)]
    fn am_send(&self, value: &Object, thread: &mut Thread) -> PyResult<SendOutcome> {
        run::resume(self, StackRef::from_new(value), thread)
    }

    #[slot(tp_finalize)]
    fn finalize(&self, thread: &mut Thread) {
        finalize::finalize(self, thread);
    }

    /// send($self, object, /)
    /// --
    ///
    /// send(value) -> send 'value' into generator,
    /// return next yielded value or raise StopIteration.
    #[method]
    fn send(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        run::send(self, object, thread)
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
        throw::throw_method(self, kind, value, traceback, thread)
    }

    /// close($self, /)
    /// --
    ///
    /// close() -> raise GeneratorExit inside generator.
    #[method]
    fn close(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        throw::close(self, thread)
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// gen.__sizeof__() -> size of gen in memory, in bytes
    #[method]
    fn __sizeof__(&self) -> usize {
        self.size_in_memory()
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// generators are generic over the types of their yield, send, and return values
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    /// name of the generator
    #[getter]
    fn __name__(&self, thread: &mut Thread) -> Py<Str> {
        self.name(thread)
    }

    #[setter(name = "__name__")]
    fn set_name(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        object::set_name(&self.name, "__name__", value, thread)
    }

    /// qualified name of the generator
    #[getter]
    fn __qualname__(&self, thread: &mut Thread) -> Py<Str> {
        self.qualified_name(thread)
    }

    #[setter(name = "__qualname__")]
    fn set_qualname(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        object::set_name(&self.qualified_name, "__qualname__", value, thread)
    }

    /// object being iterated by yield from, or None
    #[getter]
    fn gi_yieldfrom(&self) -> Option<Py<Object>> {
        self.delegate()
    }

    #[getter]
    fn gi_running(&self) -> bool {
        self.state() == object::GeneratorState::Executing
    }

    #[getter]
    fn gi_frame(&self, thread: &mut Thread) -> PyResult<Option<Py<FrameObject>>> {
        audit!(thread, "object.__getattr__", &**self, "gi_frame")?;
        self.frame_object(thread)
    }

    #[getter]
    fn gi_suspended(&self) -> bool {
        self.state().is_at_yield()
    }

    #[getter]
    fn gi_code(&self, thread: &mut Thread) -> PyResult<Py<Code>> {
        audit!(thread, "object.__getattr__", &**self, "gi_code")?;
        Ok(Py::from_ref(self.code()))
    }
}
