//! The frame object: a frame as Python code sees it (`sys._getframe`, tracebacks).

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyFrameObject;
use macros::{Instance, python_type};
use objects::audit;
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::gc::{self, Traverse, Visitor};
use objects::int::Int;
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Header, Object, Py, allocate_with_extra};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;

use super::locals_proxy::FrameLocalsProxy;
use super::{Frame, Owner, first_complete, jump};
use crate::code::Code;
use crate::generator::{Generator, GeneratorState};
use crate::monitoring::legacy;

/// A frame object. While the frame runs, it points to it; when the frame goes first, it takes the frame's contents over.
#[derive(Instance)]
#[repr(C)]
pub struct FrameObject {
    header: Header,
    back: Field<FrameObject>,
    frame: Cell<*mut Frame>,
    trace: Field,
    line: Cell<i32>,
    trace_lines: Cell<bool>,
    trace_opcodes: Cell<bool>,
    /// Names that were set through `f_locals` and are no variables of the code.
    pub(super) extra_locals: Field<Dict>,
    locals_cache: Field,
    /// Old values of variables that were set through `f_locals`: the evaluation stack may have borrowed them.
    overwritten_locals: Field<List>,
    contents: OwnedFrame,
}

const _: () = assert!(offset_of!(FrameObject, contents) == offset_of!(PyFrameObject, _f_frame_data));

/// The room for the frame's contents at the end of the object.
#[repr(C)]
struct OwnedFrame([usize; 0]);

impl OwnedFrame {
    fn object(&self) -> &FrameObject {
        // SAFETY: this is the last field of a frame object.
        unsafe { &*std::ptr::from_ref(self).cast::<u8>().sub(offset_of!(FrameObject, contents)).cast() }
    }
}

impl Traverse for OwnedFrame {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        if let Some(frame) = self.object().owned_frame() {
            frame.traverse(visitor);
        }
    }

    fn clear(&self) {
        if let Some(frame) = self.object().owned_frame() {
            // SAFETY: the collector runs in an attached thread.
            frame.clear_values(&mut unsafe { Thread::current() });
        }
    }
}

impl Drop for OwnedFrame {
    fn drop(&mut self) {
        let object = self.object();
        if object.owned_frame().is_some() {
            let frame = object.frame.replace(std::ptr::null_mut());
            // SAFETY: objects are freed by their attached thread; the object owns the contents.
            unsafe { Frame::clear_references(frame, &mut Thread::current()) };
        }
    }
}

impl FrameObject {
    /// The object of a frame, made if there is none yet.
    pub fn of(frame: *mut Frame, thread: &mut Thread) -> PyResult<Py<FrameObject>> {
        // SAFETY: the caller passes a live frame.
        let it = unsafe { &*frame };
        if let Some(object) = it.existing_object() {
            return Ok(Py::from_ref(object));
        }
        let words = it.code().frame_size();
        let object = allocate_with_extra(FrameObject::class(), words * size_of::<usize>(), thread)?;
        // SAFETY: the block is a frame object's, zeroed.
        let object = unsafe { object.cast_into::<FrameObject>() };
        object.frame.set(frame);
        object.trace_lines.set(true);
        drop(it.set_object(Some(object.clone())));
        // SAFETY: the object is whole.
        unsafe { gc::track(object.as_pointer(), thread) };
        Ok(object)
    }

    /// `PyFrame_New`: the object of a frame that never runs, for tracebacks that C code makes up.
    pub fn that_never_runs(
        function: Py<crate::function::Function>,
        locals: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<FrameObject>> {
        let words = function.code().frame_size();
        let object = allocate_with_extra(FrameObject::class(), words * size_of::<usize>(), thread)?;
        // SAFETY: the block is a frame object's, zeroed, with room for the frame.
        let object = unsafe {
            let object = object.cast_into::<FrameObject>();
            let own = std::ptr::from_ref(&object.contents).cast_mut().cast::<Frame>();
            Frame::initialize(own, function, locals, std::ptr::null_mut(), 0);
            (*own).set_owner(Owner::FrameObject);
            object.frame.set(own);
            object
        };
        object.trace_lines.set(true);
        // SAFETY: the object is whole.
        unsafe { gc::track(object.as_pointer(), thread) };
        Ok(object)
    }

    /// The frame: running, in a generator, or in the object itself; null when it is gone.
    pub fn frame(&self) -> *mut Frame {
        self.frame.get()
    }

    /// The frame, to be looked at until something may run that changes it.
    pub(super) fn contents(&self, thread: &mut Thread) -> PyResult<&Frame> {
        // SAFETY: the pointer is null or to a live frame.
        match unsafe { self.frame.get().as_ref() } {
            Some(frame) => Ok(frame),
            None => Err(raise!(thread, RuntimeError, "the frame is gone")),
        }
    }

    /// The frame if its contents are the object's own.
    fn owned_frame(&self) -> Option<&Frame> {
        // SAFETY: the pointer is null or to a live frame.
        unsafe { self.frame.get().as_ref() }.filter(|it| it.owner() == Owner::FrameObject)
    }

    /// Called when the frame goes and nobody else has the object.
    pub(super) fn forget_frame(&self) {
        self.frame.set(std::ptr::null_mut());
    }

    /// Called when the frame moves.
    pub(super) fn follow(&self, frame: *mut Frame) {
        self.frame.set(frame);
    }

    /// Keeps what `PyEval_GetLocals` has lent.
    pub fn keep_locals(&self, locals: Py<Object>) {
        self.locals_cache.set(Some(locals));
    }

    /// Keeps the old value of a variable as long as the frame may have borrowed it.
    pub(super) fn keep_overwritten(&self, value: Py<Object>, thread: &mut Thread) -> PyResult<()> {
        let kept = match self.overwritten_locals.get() {
            Some(kept) => kept,
            None => {
                let kept = List::empty(thread);
                self.overwritten_locals.set(Some(kept.clone()));
                kept
            }
        };
        kept.push(value, thread)
    }

    /// The frame that called this one, or resumed it.
    pub fn back(&self, thread: &mut Thread) -> PyResult<Option<Py<FrameObject>>> {
        if let Some(back) = self.back.get() {
            return Ok(Some(back));
        }
        let previous = self.contents(thread)?.previous();
        match first_complete(previous) {
            Some(frame) => FrameObject::of(frame, thread).map(Some),
            None => Ok(None),
        }
    }

    /// The line that the frame stands on: what was set, or the line of its instruction.
    pub fn line(&self, thread: &mut Thread) -> PyResult<Option<i32>> {
        match self.line.get() {
            0 => Ok(self.contents(thread)?.line()),
            line => Ok(Some(line)),
        }
    }

    /// Shows another line than the instruction's; with zero, its own again.
    pub(crate) fn set_shown_line(&self, line: i32) {
        self.line.set(line);
    }

    pub(crate) fn traces_lines(&self) -> bool {
        self.trace_lines.get()
    }

    pub(crate) fn traces_opcodes(&self) -> bool {
        self.trace_opcodes.get()
    }

    /// `f_trace`.
    pub(crate) fn trace_function(&self) -> Option<Py<Object>> {
        self.trace.get()
    }

    pub(crate) fn set_trace_function(&self, function: Option<Py<Object>>) {
        self.trace.set(function);
    }

    pub fn code(&self, thread: &mut Thread) -> PyResult<Py<Code>> {
        Ok(Py::from_ref(self.contents(thread)?.code()))
    }

    fn raise_executing(&self, thread: &mut Thread) -> PyResult<()> {
        Err(raise!(thread, RuntimeError, "cannot clear an executing frame"))
    }
}

/// Moves a frame that is ending into its object, which outlives it.
///
/// # Safety
/// The frame is not current any more, and its memory is not used again, but for the code of a generator's.
pub(super) unsafe fn take_over(object: Py<FrameObject>, frame: *mut Frame, thread: &mut Thread) {
    // SAFETY: the object has room for the frame's words.
    unsafe {
        let own = std::ptr::from_ref(&object.contents).cast_mut().cast::<Frame>();
        let is_generator = (*frame).owner() == Owner::Generator;
        (*frame).move_to(own);
        (*own).set_owner(Owner::FrameObject);
        if is_generator {
            (*frame).share_code(&*own);
        }
        object.frame.set(own);
        // Whoever resumed a generator is no caller of it any more.
        let previous = first_complete((*own).previous()).filter(|_| !is_generator);
        (*own).set_previous(std::ptr::null_mut());
        if let Some(previous) = previous {
            match FrameObject::of(previous, thread) {
                Ok(back) => object.back.set(Some(back)),
                Err(raised) => drop(thread.catch(raised)),
            }
        }
    }
}

/// The value of a flag that is being set.
fn flag(value: Option<&Object>, name: &str, thread: &mut Thread) -> PyResult<bool> {
    match value {
        Some(value) if value.is_exactly::<Bool>() => Ok(value.is(Bool::get(true))),
        Some(_) => Err(raise!(thread, TypeError, "attribute value type must be bool")),
        None => Err(raise!(thread, AttributeError, "attribute '{name}' of 'frame' objects cannot be deleted")),
    }
}

#[python_type(
    name = "frame", symbol = "PyFrame_Type", base = BaseObject,
    basic_size = offset_of!(PyFrameObject, _f_frame_data), item_size = 8,
    members(mut f_trace_lines(trace_lines): Bool)
)]
impl FrameObject {
    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let code = self.code(thread)?;
        let line = self.line(thread)?.map_or_else(|| "-1".to_owned(), |it| it.to_string());
        let filename = protocol::repr(code.filename(), thread)?.to_string_lossy();
        let name = code.name().to_string_lossy();
        let text = format!("<frame at {:#x}, file {filename}, line {line}, code {name}>", self.address());
        Ok(Str::from_str(&text, thread))
    }

    /// clear($self, /)
    /// --
    ///
    /// Clear all references held by the frame.
    #[method]
    fn clear(&self, thread: &mut Thread) -> PyResult<()> {
        let frame = self.contents(thread)?;
        match frame.owner() {
            Owner::Generator => {
                // SAFETY: just looked at.
                let generator = Py::from_ref(unsafe { Generator::of_frame(self.frame.get()) });
                match generator.state() {
                    GeneratorState::Executing => self.raise_executing(thread),
                    state if state.is_at_yield() => Err(raise!(thread, RuntimeError, "cannot clear a suspended frame")),
                    _ => {
                        crate::generator::finalize(&generator, thread);
                        Ok(())
                    }
                }
            }
            Owner::FrameObject => {
                self.trace.set(None);
                self.extra_locals.set(None);
                self.locals_cache.set(None);
                self.overwritten_locals.set(None);
                frame.clear_values(thread);
                Ok(())
            }
            _ => self.raise_executing(thread),
        }
    }

    /// __sizeof__($self, /)
    /// --
    ///
    /// Return the size of the frame in memory, in bytes.
    #[method]
    fn __sizeof__(&self, thread: &mut Thread) -> PyResult<usize> {
        let code = self.code(thread)?;
        Ok(offset_of!(PyFrameObject, _f_frame_data) + code.frame_size() * size_of::<usize>())
    }

    #[getter]
    fn f_back(&self, thread: &mut Thread) -> PyResult<Option<Py<FrameObject>>> {
        self.back(thread)
    }

    /// Return the mapping used by the frame to look up local variables.
    #[getter]
    fn f_locals(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let frame = self.contents(thread)?;
        if let Some(mapping) = super::shown_mapping(frame) {
            return Ok(Py::from_ref(mapping));
        }
        Ok(FrameLocalsProxy::new(Py::from_ref(self), thread).into_object())
    }

    /// Return the current line number in the frame.
    #[getter]
    fn f_lineno(&self, thread: &mut Thread) -> PyResult<Option<i32>> {
        self.line(thread)
    }

    #[setter(name = "f_lineno")]
    fn set_lineno(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let Some(value) = value else {
            return Err(raise!(thread, AttributeError, "attribute 'f_lineno' of 'frame' objects cannot be deleted"));
        };
        let Some(value) = value.downcast_exact::<Int>() else {
            return Err(raise!(thread, ValueError, "lineno must be an integer"));
        };
        let line = value.to_i64().and_then(|it| i32::try_from(it).ok());
        self.contents(thread)?;
        jump::set_line(self.frame.get(), line, thread)
    }

    /// Return the trace function for this frame, or None if no trace function is set.
    #[getter]
    fn f_trace(&self) -> Option<Py<Object>> {
        self.trace.get()
    }

    #[setter(name = "f_trace")]
    fn set_trace(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let value = value.filter(|it| !it.is_none()).map(Py::from_ref);
        let is_new = value.as_deref().is_some_and(|it| !self.trace.get().is_some_and(|old| old.is(it)));
        self.trace.set(value);
        match is_new && self.trace_opcodes.get() {
            true => legacy::set_opcode_trace(self, true, thread),
            false => Ok(()),
        }
    }

    /// Return the index of the last attempted instruction in the frame.
    #[getter]
    fn f_lasti(&self, thread: &mut Thread) -> PyResult<usize> {
        Ok(self.contents(thread)?.instruction_offset() * 2)
    }

    /// Return the global variables in the frame.
    #[getter]
    fn f_globals(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        Ok(Py::from_ref(self.contents(thread)?.globals()))
    }

    /// Return the built-in variables in the frame.
    #[getter]
    fn f_builtins(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        Ok(Py::from_ref(self.contents(thread)?.builtins()))
    }

    /// Return the code object being executed in this frame.
    #[getter]
    fn f_code(&self, thread: &mut Thread) -> PyResult<Py<Code>> {
        audit!(thread, "object.__getattr__", &**self, "f_code")?;
        self.code(thread)
    }

    /// Return True if opcode tracing is enabled, False otherwise.
    #[getter]
    fn f_trace_opcodes(&self) -> bool {
        self.trace_opcodes.get()
    }

    #[setter(name = "f_trace_opcodes")]
    fn set_trace_opcodes(&self, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        let enabled = flag(value, "f_trace_opcodes", thread)?;
        self.trace_opcodes.set(enabled);
        match enabled && self.trace.get().is_none() {
            true => Ok(()),
            false => legacy::set_opcode_trace(self, enabled, thread),
        }
    }

    /// Return the generator or coroutine associated with this frame, or None.
    #[getter]
    fn f_generator(&self, thread: &mut Thread) -> PyResult<Option<Py<Generator>>> {
        if self.contents(thread)?.owner() != Owner::Generator {
            return Ok(None);
        }
        // SAFETY: just looked at.
        Ok(Some(Py::from_ref(unsafe { Generator::of_frame(self.frame.get()) })))
    }
}
