//! The generator object, which coroutines and asynchronous generators share: its layout, its states, what can be read off it.
//!
//! ```text
//! created ──▶ executing ◀──▶ suspended, suspended in `yield from` / `await`
//!    │            │
//!    └───────▶ cleared: the frame holds nothing but its code
//! ```
//! The invariant: the frame's variables and stack hold values if and only if the state is neither executing nor cleared (while it executes,
//! they are the loop's business).

use std::cell::Cell;
use std::mem::offset_of;

use layout::{_PyErr_StackItem, _PyInterpreterFrame, PyGenObject, PyObject};
use macros::Instance;
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::raise;
use objects::refs::{Field, HasHeader, Header, Object, Py, deallocate_instance};
use objects::str::Str;
use objects::thread::Thread;

use super::async_generator::AsyncGenerator;
use super::coroutine::Coroutine;
use crate::code::Code;
use crate::frame::{Frame, FrameObject, Owner};

/// Where a generator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i8)]
pub enum GeneratorState {
    Created = layout::FRAME_CREATED,
    Suspended = layout::FRAME_SUSPENDED,
    SuspendedYieldFrom = layout::FRAME_SUSPENDED_YIELD_FROM,
    Executing = layout::FRAME_EXECUTING,
    Completed = layout::FRAME_COMPLETED,
    Cleared = layout::FRAME_CLEARED,
}

impl GeneratorState {
    fn from_code(code: i8) -> Self {
        match code {
            layout::FRAME_CREATED => Self::Created,
            layout::FRAME_SUSPENDED => Self::Suspended,
            layout::FRAME_SUSPENDED_YIELD_FROM => Self::SuspendedYieldFrom,
            layout::FRAME_EXECUTING => Self::Executing,
            layout::FRAME_COMPLETED => Self::Completed,
            _ => Self::Cleared,
        }
    }

    /// True if the frame holds values that can be looked at: it is neither running nor gone.
    pub fn is_suspended(self) -> bool {
        matches!(self, Self::Created | Self::Suspended | Self::SuspendedYieldFrom)
    }

    /// True if it stopped at a `yield` or `await`: it has begun, and goes on some time.
    pub fn is_at_yield(self) -> bool {
        matches!(self, Self::Suspended | Self::SuspendedYieldFrom)
    }

    pub fn is_finished(self) -> bool {
        matches!(self, Self::Completed | Self::Cleared)
    }
}

/// A generator: its frame follows.
#[derive(Instance)]
#[repr(C)]
pub struct Generator {
    header: Header,
    weak_references: Cell<*mut PyObject>,
    pub(super) name: Field<Str>,
    pub(super) qualified_name: Field<Str>,
    pub(super) handled: HandledLevel,
    /// Coroutines: where they were made. Asynchronous generators: the finalizer hook.
    pub(super) origin_or_finalizer: Field,
    pub(super) hooks_are_set: Cell<bool>,
    pub(super) is_closed: Cell<bool>,
    pub(super) is_running_async: Cell<bool>,
    state: Cell<i8>,
    frame: InlineFrame,
}

const _: () = {
    assert!(offset_of!(Generator, frame) == offset_of!(PyGenObject, gi_iframe));
    assert!(offset_of!(Generator, state) == offset_of!(PyGenObject, gi_frame_state));
};

/// Bytes of a generator before its variables.
pub(super) const BASIC_SIZE: usize = offset_of!(PyGenObject, gi_iframe) + offset_of!(_PyInterpreterFrame, localsplus);

/// Where the list of weak references begins.
pub(super) const WEAK_REFERENCES: usize = offset_of!(Generator, weak_references);

/// The level of handled exceptions that is the generator's own.
#[repr(transparent)]
pub(super) struct HandledLevel(pub(super) _PyErr_StackItem);

impl Traverse for HandledLevel {
    const MAY_REFER: bool = true;
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        // SAFETY: the level owns what it holds.
        if let Some(object) = unsafe { Object::from_pointer(self.0.exc_value.get()) } {
            visitor.visit(object);
        }
    }
    fn clear(&self) {}
}

impl Drop for HandledLevel {
    fn drop(&mut self) {
        // SAFETY: the level owns what it holds.
        drop(unsafe { Py::<Object>::steal_pointer(self.0.exc_value.replace(std::ptr::null_mut())) });
    }
}

/// The frame at the end of a generator.
#[repr(transparent)]
struct InlineFrame(_PyInterpreterFrame);

impl InlineFrame {
    fn owner(&self) -> &Generator {
        // SAFETY: this is the last field of a generator.
        unsafe { &*std::ptr::from_ref(self).cast::<u8>().sub(offset_of!(Generator, frame)).cast::<Generator>() }
    }
}

impl Traverse for InlineFrame {
    const MAY_REFER: bool = true;
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        let generator = self.owner();
        match generator.state() {
            // SAFETY: the frame holds values while it is suspended.
            state if state.is_suspended() => unsafe { &*generator.frame() }.traverse(visitor),
            // The evaluation stack of a running frame is the loop's affair.
            // SAFETY: the frame holds its variables while it runs.
            GeneratorState::Executing => unsafe { &*generator.frame() }.traverse_locals(visitor),
            _ => {}
        }
    }
    fn clear(&self) {}
}

impl Drop for InlineFrame {
    fn drop(&mut self) {
        let generator = self.owner();
        // SAFETY: objects are freed by their attached thread.
        let mut thread = unsafe { Thread::current() };
        generator.clear_frame(&mut thread);
        // SAFETY: the frame is not used again.
        unsafe { Frame::drop_code(generator.frame(), &mut thread) };
    }
}

impl Generator {
    #[inline(always)]
    pub fn state(&self) -> GeneratorState {
        GeneratorState::from_code(self.state.get())
    }

    #[inline(always)]
    pub(super) fn set_state(&self, state: GeneratorState) {
        self.state.set(state as i8);
    }

    /// The frame, which holds something only while the generator is not finished.
    #[inline(always)]
    pub fn frame(&self) -> *mut Frame {
        std::ptr::from_ref(&self.frame).cast_mut().cast()
    }

    /// The generator that a frame belongs to.
    ///
    /// # Safety
    /// The frame's owner is [`Owner::Generator`].
    #[inline(always)]
    pub unsafe fn of_frame<'a>(frame: *mut Frame) -> &'a Generator {
        // SAFETY: the frame is the last field of its generator.
        unsafe {
            debug_assert!((*frame).owner() == Owner::Generator);
            &*frame.cast::<u8>().sub(offset_of!(Generator, frame)).cast::<Generator>()
        }
    }

    /// True if the loop can go on in the frame right away: suspended, or not started yet.
    #[inline(always)]
    pub fn can_resume_inline(&self) -> bool {
        self.state.get() < layout::FRAME_EXECUTING
    }

    /// True while `await` or `yield from` waits for something else.
    pub fn is_awaiting(&self) -> bool {
        self.state() == GeneratorState::SuspendedYieldFrom
    }

    pub(super) fn is_coroutine(&self) -> bool {
        self.is_exactly::<Coroutine>()
    }

    pub(super) fn is_async_generator(&self) -> bool {
        self.is_exactly::<AsyncGenerator>()
    }

    /// What messages call it.
    pub(super) fn noun(&self) -> &'static str {
        match (self.is_coroutine(), self.is_async_generator()) {
            (true, _) => "coroutine",
            (_, true) => "async generator",
            _ => "generator",
        }
    }

    /// Lets go of what the frame holds, if it holds something: the generator is finished.
    pub(super) fn clear_frame(&self, thread: &mut Thread) {
        if self.state().is_suspended() {
            self.set_state(GeneratorState::Cleared);
            // SAFETY: the frame holds values, and is not used again.
            unsafe { Frame::clear(self.frame(), thread) };
        }
    }

    /// The code, which stays when the generator has finished.
    pub fn code(&self) -> &Code {
        // SAFETY: the frame keeps its code until the generator is freed.
        unsafe { &*self.frame() }.code()
    }

    /// What `yield from` or `await` waits for.
    pub fn delegate(&self) -> Option<Py<Object>> {
        if !self.is_awaiting() {
            return None;
        }
        // SAFETY: the instruction that delegates leaves the delegate on top of the stack.
        let top = unsafe { (*self.frame()).stack_pointer().sub(1).read() };
        top.as_option().map(Py::from_ref)
    }

    /// The frame as an object; None when the generator has finished.
    pub fn frame_object(&self, thread: &mut Thread) -> PyResult<Option<Py<FrameObject>>> {
        if self.state().is_finished() {
            return Ok(None);
        }
        FrameObject::of(self.frame(), thread).map(Some)
    }

    pub(super) fn name(&self, thread: &mut Thread) -> Py<Str> {
        self.name.get().unwrap_or_else(|| Str::from_str("", thread))
    }

    pub(super) fn qualified_name(&self, thread: &mut Thread) -> Py<Str> {
        self.qualified_name.get().unwrap_or_else(|| Str::from_str("", thread))
    }

    pub(super) fn representation(&self, thread: &mut Thread) -> String {
        let class = self.class().short_name();
        let name = self.qualified_name(thread).to_string_lossy();
        format!("<{class} object {name} at {:#x}>", self.address())
    }

    /// `__sizeof__`.
    pub(super) fn size_in_memory(&self) -> usize {
        BASIC_SIZE + (self.code().local_count() + self.code().stack_size()) * size_of::<*mut PyObject>()
    }
}

/// The setter of `__name__` and `__qualname__`.
pub(super) fn set_name(field: &Field<Str>, name: &str, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    match value.and_then(|it| it.downcast::<Str>()) {
        Some(value) => {
            field.set(Some(Py::from_ref(value)));
            Ok(())
        }
        None => Err(raise!(thread, TypeError, "{name} must be set to a string object")),
    }
}

/// `tp_dealloc` of generators, coroutines and asynchronous generators: they may have something to do before they go.
///
/// # Safety
/// Called as `tp_dealloc`: the object's count is zero, and it is of one of these types.
pub(super) unsafe extern "C-unwind" fn deallocate(object: *mut PyObject) {
    // SAFETY: objects only exist while their thread is attached.
    let mut thread = unsafe { Thread::current() };
    // SAFETY: the memory is intact.
    let generator = unsafe { &*object.cast::<Generator>() };
    // SAFETY: nobody has a counted reference any more, and generators are collectable. Callbacks may run a collection, which must not see it.
    unsafe {
        objects::gc::untrack(object);
        objects::weakref::clear_references(object, &mut thread);
    }
    if !generator.state().is_finished() {
        // SAFETY: as above; the finalizer may bring it back to life.
        unsafe { objects::gc::track(object, &thread) };
        // SAFETY: the count is zero, and the type is collectable.
        let revived = unsafe { objects::types::finalize(object, generator.as_object().class(), &mut thread) };
        if revived {
            return;
        }
    }
    // SAFETY: passed on.
    unsafe { deallocate_instance::<Generator>(object) }
}

/// The object as a generator or coroutine, whose frame the loop can go on in.
#[inline(always)]
pub fn as_generator(object: &Object) -> Option<&Generator> {
    if object.is_exactly::<Generator>() || object.is_exactly::<Coroutine>() {
        // SAFETY: both have this layout.
        return Some(unsafe { objects::refs::cast(object) });
    }
    None
}
