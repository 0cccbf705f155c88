//! Memory that several interpreters see: a `memoryview` that crosses is a view of the same bytes.
//!
//! The view is held in the interpreter that it came from, and let go there, by whichever thread has that interpreter's lock next.

use std::ffi::c_int;
use std::ptr;
use std::sync::Arc;

use builtins::memoryview::MemoryView;
use layout::{Py_buffer, PyBUF_FULL_RO, PyBUF_WRITABLE};
use macros::{Instance, python_type};
use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::protocol::buffer::Buffer;
use objects::raise;
use objects::refs::{HasHeader, Header, Object, Py};
use objects::thread::runtime::{Record, Stage};
use objects::thread::{Thread, ThreadState};
use objects::types::Instance;

use crate::lifetime::Views;

/// A view that is held for other interpreters.
pub struct SharedBuffer(Arc<Held>);

struct Held {
    /// A leaked [`Buffer`], for the owner alone to release.
    buffer: *mut Buffer,
    owner: &'static Record,
}

// SAFETY: what other interpreters read (the address, shape and format of the memory) stays as it is while the view is held; the view itself is
// only touched with the owner's lock.
unsafe impl Send for Held {}
// SAFETY: as above.
unsafe impl Sync for Held {}

/// A view on its way to be released.
struct Released(*mut Buffer);

// SAFETY: whoever has it releases it with the owner's lock.
unsafe impl Send for Released {}

impl Released {
    /// # Safety
    /// The thread that runs here has the lock of the interpreter that made the view.
    unsafe fn release(self) {
        // SAFETY: `SharedBuffer::of` leaked it, and this is the one place that takes it back.
        drop(unsafe { Box::from_raw(self.0) });
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        Views::change(self.owner.number(), |it| *it = it.saturating_sub(1));
        let released = Released(self.buffer);
        // SAFETY: null, or the state of this thread.
        let here = unsafe { ThreadState::current().as_ref() };
        if here.is_some_and(|it| ptr::eq(it.interpreter().record(), self.owner)) {
            // SAFETY: this thread has the owner's lock.
            unsafe { released.release() };
        } else if self.owner.stage() < Stage::Ended {
            self.owner.ask(Box::new(move |_thread| {
                let released = released;
                // SAFETY: errands run with the owner's lock.
                unsafe { released.release() };
            }));
        }
    }
}

impl SharedBuffer {
    /// Holds the memory of an object.
    pub fn of(object: &Object, thread: &mut Thread) -> PyResult<Self> {
        let buffer = Buffer::get(object, PyBUF_FULL_RO, thread)?;
        let owner = thread.interpreter().record();
        Views::change(owner.number(), |it| *it += 1);
        Ok(Self(Arc::new(Held { buffer: Box::into_raw(Box::new(buffer)), owner })))
    }

    /// A memoryview of the memory.
    pub fn object(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let value = BufferView { header: Header::new(BufferView::class()), held: Self(self.0.clone()) };
        let view = Py::new(value, thread);
        MemoryView::of(&view, PyBUF_FULL_RO, thread).map(Py::into_object)
    }
}

impl Traverse for SharedBuffer {
    const MAY_REFER: bool = false;

    // What it refers to is another interpreter's.
    fn traverse(&self, _: &mut Visitor<'_>) {}

    fn clear(&self) {}
}

/// An object that exports the memory of another interpreter's object.
#[derive(Instance)]
#[repr(C)]
pub struct BufferView {
    header: Header,
    held: SharedBuffer,
}

#[python_type(name = "_interpreters.CrossInterpreterBufferView", flags(HEAPTYPE))]
impl BufferView {
    #[slot(bf_getbuffer)]
    fn get_buffer(&self, view: *mut Py_buffer, flags: c_int, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: the view is held as long as this object has a part in it.
        let source = unsafe { (*self.held.0.buffer).raw() };
        if flags & PyBUF_WRITABLE != 0 && source.readonly.get() != 0 {
            return Err(raise!(thread, BufferError, "Object is not writable."));
        }
        // SAFETY: plain data; the reference that it names is replaced by one to this object before anyone sees it.
        let copy = unsafe { ptr::from_ref(source).read() };
        copy.obj.set(Py::from_ref(self.as_object()).into_pointer());
        copy.internal.set(ptr::null_mut());
        // SAFETY: the slot's protocol: there is room for a view.
        unsafe { view.write(copy) };
        Ok(())
    }
}
