//! `pickle.PickleBuffer`: wraps the buffer of an object, so that pickle may hand it over without copying (PEP 574).
//!
//! `_pickle` and the C API make and read them. The view is held from creation until `release`, or until the wrapper goes.

use std::cell::Cell;
use std::ffi::c_int;
use std::ptr;

use layout::{Py_buffer, PyBUF_FULL_RO, PyObject};
use macros::{Instance, python_type};
use objects::errors::{PyResult, Raised};
use objects::gc::{Traverse, Visitor};
use objects::object::BaseObject;
use objects::protocol::buffer::{self, Buffer};
use objects::raise;
use objects::refs::{Guarded, Header, Object, Py};
use objects::thread::Thread;
use objects::types::{Instance as _, Type, TypeDeclaration};

use crate::memoryview::MemoryView;

pub const TYPES: &[&TypeDeclaration] = &[PickleBuffer::DECLARATION];

/// The view; none when it is released.
#[derive(Default)]
struct Held(Option<Buffer>);

impl Traverse for Held {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        // SAFETY: a view owns a reference to its exporter, as long as it is held.
        if let Some(exporter) = self.0.as_ref().and_then(|it| unsafe { Object::from_pointer(it.raw().obj.get()) }) {
            visitor.visit(exporter);
        }
    }

    fn clear(&self) {}
}

#[derive(Instance)]
#[repr(C)]
pub struct PickleBuffer {
    header: Header,
    held: Guarded<Held>,
    weak_references: Cell<*mut PyObject>,
}

#[cold]
fn raise_released(thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "operation forbidden on released PickleBuffer object")
}

/// True if the items lie one after another, in C's order or Fortran's.
pub fn is_contiguous(view: &Py_buffer) -> bool {
    buffer::is_c_contiguous(view) || buffer::is_fortran_contiguous(view)
}

impl PickleBuffer {
    /// A wrapper of an object's buffer, which is asked for here.
    pub fn of(object: &Object, thread: &mut Thread) -> PyResult<Py<PickleBuffer>> {
        let view = Buffer::get(object, PyBUF_FULL_RO, thread)?;
        let held = Guarded::new(Held(Some(view)));
        let weak_references = Cell::new(ptr::null_mut());
        Ok(Py::new(PickleBuffer { header: Header::new(Self::class()), held, weak_references }, thread))
    }

    /// The view, None if it is released.
    pub fn view<'t>(&'t self, thread: &'t Thread) -> Option<&'t Buffer> {
        self.held.get(thread).0.as_ref()
    }

    /// Releases the view, if it is not.
    pub fn release_view(&self, thread: &mut Thread) {
        let view = self.held.get_mut(thread).0.take();
        drop(view);
        thread.reap();
    }
}

/// Wrapper for potentially out-of-band buffers
#[python_type(
    name = "pickle.PickleBuffer", symbol = "PyPickleBuffer_Type", base = BaseObject,
    weaklist_offset = std::mem::offset_of!(PickleBuffer, weak_references)
)]
impl PickleBuffer {
    #[new]
    #[signature("(object, /)")]
    fn __new__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<PickleBuffer>> {
        let view = Buffer::get(object, PyBUF_FULL_RO, thread)?;
        let held = Guarded::new(Held(Some(view)));
        let weak_references = Cell::new(ptr::null_mut());
        Py::new_in(class, PickleBuffer { header: Header::new(Self::class()), held, weak_references }, thread)
    }

    #[slot(bf_getbuffer)]
    fn get_buffer(&self, view: *mut Py_buffer, flags: c_int, thread: &mut Thread) -> PyResult<()> {
        let exporter = self.view(thread).and_then(Buffer::exporter);
        let Some(exporter) = exporter else { return Err(raise_released(thread)) };
        // SAFETY: the caller passes a view to fill. It becomes one of the exporter, which releases it without this wrapper.
        unsafe { buffer::get_into(&exporter, view, flags, thread) }
    }

    /// raw($self, /)
    /// --
    ///
    /// Return a memoryview of the raw memory underlying this buffer.
    /// Will raise BufferError is the buffer isn't contiguous.
    #[method]
    fn raw(&self, thread: &mut Thread) -> PyResult<Py<MemoryView>> {
        let contiguous = self.view(thread).map(|it| is_contiguous(it.raw()));
        match contiguous {
            None => return Err(raise_released(thread)),
            Some(false) => {
                return Err(raise!(thread, BufferError, "cannot extract raw buffer from non-contiguous buffer"));
            }
            Some(true) => {}
        }
        let view = MemoryView::of(self, PyBUF_FULL_RO, thread)?;
        view.as_row_of_bytes(thread)
    }

    /// release($self, /)
    /// --
    ///
    /// Release the underlying buffer exposed by the PickleBuffer object.
    #[method]
    fn release(&self, thread: &mut Thread) {
        self.release_view(thread);
    }
}
