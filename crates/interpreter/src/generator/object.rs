//! The generator object, which coroutines and asynchronous generators share.

use std::cell::Cell;
use std::mem::offset_of;

use layout::{_PyErr_StackItem, _PyInterpreterFrame, PyGenObject, PyObject};
use macros::{Instance, python_type};
use objects::gc::{Traverse, Visitor};
use objects::object::BaseObject;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use crate::frame::{Frame, Owner};

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
        // The references of a running frame are the thread's.
        if generator.state().is_suspended() {
            // SAFETY: the frame holds values while it is suspended.
            unsafe { &*generator.frame() }.traverse(visitor);
        }
    }
    fn clear(&self) {}
}

impl Drop for InlineFrame {
    fn drop(&mut self) {
        let generator = self.owner();
        if generator.state().is_suspended() {
            generator.set_state(GeneratorState::Cleared);
            // SAFETY: objects are freed by their attached thread; the frame holds values and is not used again.
            unsafe { Frame::clear(generator.frame(), &mut Thread::current()) };
        }
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
}

#[python_type(
    name = "generator", symbol = "PyGen_Type", base = BaseObject,
    basic_size = offset_of!(PyGenObject, gi_iframe) + offset_of!(_PyInterpreterFrame, localsplus), item_size = 8,
    weaklist_offset = offset_of!(Generator, weak_references)
)]
impl Generator {
    #[slot(tp_iter)]
    fn iter(&self) -> Py<Object> {
        Py::from_ref(self).into_object()
    }

    #[slot(tp_iternext)]
    fn next(&self, thread: &mut Thread) -> objects::errors::PyResult<Option<Py<Object>>> {
        super::run::next(self, thread)
    }
}

/// A coroutine: what calling an `async def` function gives.
#[derive(Instance)]
#[repr(C)]
pub struct Coroutine {
    generator: Generator,
}

impl Coroutine {
    /// True while it waits for something else.
    pub fn is_awaiting(&self) -> bool {
        self.generator.is_awaiting()
    }
}

#[python_type(
    name = "coroutine", symbol = "PyCoro_Type", base = BaseObject,
    basic_size = offset_of!(PyGenObject, gi_iframe) + offset_of!(_PyInterpreterFrame, localsplus), item_size = 8,
    weaklist_offset = offset_of!(Generator, weak_references)
)]
impl Coroutine {}

/// The object as a generator or coroutine, whose frame the loop can go on in.
#[inline(always)]
pub fn as_generator(object: &Object) -> Option<&Generator> {
    if object.is_exactly::<Generator>() || object.is_exactly::<Coroutine>() {
        // SAFETY: both have this layout.
        return Some(unsafe { objects::refs::cast(object) });
    }
    None
}
