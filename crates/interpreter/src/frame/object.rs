//! The frame object: a frame as Python code sees it (`sys._getframe`, tracebacks).

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyFrameObject;
use macros::{Instance, python_type};
use objects::gc::{self, Traverse, Visitor};
use objects::object::BaseObject;
use objects::refs::{Field, Header, Py, allocate_with_extra};
use objects::thread::Thread;
use objects::types::Instance as _;

use super::{Frame, Owner};

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
    extra_locals: Field,
    locals_cache: Field,
    overwritten_locals: Field,
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
    fn clear(&self) {}
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
    pub fn of(frame: *mut Frame, thread: &mut Thread) -> objects::errors::PyResult<Py<FrameObject>> {
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

    /// The frame: running, in a generator, or in the object itself; null when it is gone.
    pub fn frame(&self) -> *mut Frame {
        self.frame.get()
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
}

/// Moves a frame that is ending into its object, which outlives it.
///
/// # Safety
/// The frame is not current any more, and its memory is not used again.
pub(super) unsafe fn take_over(object: Py<FrameObject>, frame: *mut Frame, thread: &mut Thread) {
    // SAFETY: the object has room for the frame's words.
    unsafe {
        let own = std::ptr::from_ref(&object.contents).cast_mut().cast::<Frame>();
        (*frame).move_to(own);
        (*own).set_owner(Owner::FrameObject);
        object.frame.set(own);
        let previous = super::first_complete((*own).previous());
        (*own).set_previous(std::ptr::null_mut());
        if let Some(previous) = previous
            && let Ok(back) = FrameObject::of(previous, thread)
        {
            object.back.set(Some(back));
        }
    }
}

#[python_type(
    name = "frame", symbol = "PyFrame_Type", base = BaseObject,
    basic_size = offset_of!(PyFrameObject, _f_frame_data), item_size = 8
)]
impl FrameObject {}
