//! The memoryview object and the managed buffer that views share: layout, making, releasing.
//!
//! ```text
//! memoryview ──owns──> managed buffer ──owns──> master view ──> exporter
//!   view (a copy of the master's, perhaps sliced or cast), shape, strides, suboffsets
//! ```
//! The invariant: as long as a memoryview is not released, its managed buffer holds the master view, so the memory stays. A released
//! memoryview is never read.

use std::cell::Cell;
use std::ffi::c_int;
use std::mem::offset_of;

use layout::{
    _Py_MANAGED_BUFFER_RELEASED, _Py_MEMORYVIEW_C, _Py_MEMORYVIEW_FORTRAN, _Py_MEMORYVIEW_PIL, _Py_MEMORYVIEW_RELEASED,
    _Py_MEMORYVIEW_RESTRICTED, _Py_MEMORYVIEW_SCALAR, _PyManagedBufferObject, Py_buffer, PyBUF_MAX_NDIM,
    PyMemoryViewObject, PyObject, getbufferproc,
};
use macros::{Instance, python_type};
use objects::errors::{OrMemoryError, PyResult, Raised, TryToVec};
use objects::gc::{Traverse, Visitor};
use objects::object::BaseObject;
use objects::protocol::buffer::{self, has_buffer, shape_of, strides_of};
use objects::raise;
use objects::refs::{Field, Header, Object, Py, VarHeader};
use objects::thread::Thread;
use objects::types::Instance as _;

/// A C view as a field.
#[repr(transparent)]
pub(super) struct View(pub Py_buffer);

impl View {
    #[expect(clippy::declare_interior_mutable_const, reason = "a value to start from, copied at each use")]
    const EMPTY: Self = Self(Py_buffer::EMPTY);
}

/// The view that a managed buffer got from its exporter.
#[repr(transparent)]
struct MasterView(View);

impl Traverse for MasterView {
    const MAY_REFER: bool = true;

    fn traverse(&self, visitor: &mut Visitor<'_>) {
        // SAFETY: a view that is held owns a reference to its exporter.
        if let Some(exporter) = unsafe { Object::from_pointer(self.0.0.obj.get()) } {
            visitor.visit(exporter);
        }
    }

    fn clear(&self) {}
}

/// A memoryview's own view refers to the exporter through its managed buffer.
impl Traverse for View {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// One view of an exporter, shared by memoryviews.
#[derive(Instance)]
#[repr(C)]
pub struct ManagedBuffer {
    header: Header,
    flags: Cell<c_int>,
    /// Memoryviews that use the buffer.
    exports: Cell<isize>,
    master: MasterView,
}

const _: () = assert!(size_of::<ManagedBuffer>() == size_of::<_PyManagedBufferObject>());

#[python_type(name = "managedbuffer", symbol = "_PyManagedBuffer_Type", base = BaseObject)]
impl ManagedBuffer {}

impl ManagedBuffer {
    fn new(master: Py_buffer, thread: &mut Thread) -> Py<ManagedBuffer> {
        let header = Header::new(Self::class());
        let (flags, exports) = (Cell::new(0), Cell::new(0));
        Py::new(ManagedBuffer { header, flags, exports, master: MasterView(View(master)) }, thread)
    }

    /// A managed buffer of an exporter: of what its type's slot gives, or the slot of another type.
    fn of(
        exporter: &Object,
        flags: c_int,
        slot: Option<getbufferproc>,
        thread: &mut Thread,
    ) -> PyResult<Py<ManagedBuffer>> {
        let managed = Self::new(Py_buffer::EMPTY, thread);
        let view = std::ptr::from_ref(&managed.master.0.0).cast_mut();
        let status = match slot {
            // SAFETY: the view is empty, and stays where it is: an object does not move.
            None => unsafe { buffer::get_into(exporter, view, flags, thread) },
            // SAFETY: as above; the slot's protocol.
            Some(slot) => match unsafe { slot(exporter.as_pointer(), view, flags) } {
                0 => Ok(()),
                _ => Err(thread.raised_elsewhere()),
            },
        };
        status.map(|()| managed)
    }

    fn is_released(&self) -> bool {
        self.flags.get() & _Py_MANAGED_BUFFER_RELEASED != 0
    }

    /// Gives the view back. Not `release`, which is what a `Py` does with its own reference.
    fn release_view(&self, thread: &mut Thread) {
        if !self.is_released() {
            self.flags.set(self.flags.get() | _Py_MANAGED_BUFFER_RELEASED);
            // SAFETY: the view is released once, and no memoryview that is not released uses it any more.
            unsafe { buffer::release(&self.master.0.0, thread) };
        }
    }
}

impl Drop for ManagedBuffer {
    fn drop(&mut self) {
        // SAFETY: objects only exist while their thread is attached.
        self.release_view(&mut unsafe { Thread::current() });
    }
}

/// Shape, strides and suboffsets, as many as the view has dimensions.
#[repr(C)]
struct Arrays([isize; 0]);

impl Traverse for Arrays {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// A memoryview.
#[derive(Instance)]
#[repr(C)]
pub struct MemoryView {
    header: VarHeader,
    managed: Field<ManagedBuffer>,
    pub(super) hash: Cell<isize>,
    flags: Cell<c_int>,
    /// Buffers that this view exports itself.
    exports: Cell<isize>,
    view: View,
    weak_references: Cell<*mut PyObject>,
    arrays: Arrays,
}

const _: () = {
    assert!(offset_of!(MemoryView, view) == offset_of!(PyMemoryViewObject, view));
    assert!(offset_of!(MemoryView, arrays) == offset_of!(PyMemoryViewObject, ob_array));
};

/// `tp_weaklistoffset`.
pub(super) const WEAK_REFERENCES: usize = offset_of!(MemoryView, weak_references);

/// Numbers in the arrays for each dimension.
const ARRAYS: usize = 3;

/// The shape of a new view: what differs from the view that it is made of.
pub(super) struct Shape {
    pub shape: Vec<isize>,
    pub strides: Vec<isize>,
    /// None without suboffsets.
    pub suboffsets: Option<Vec<isize>>,
}

impl Shape {
    pub(super) fn of(view: &Py_buffer) -> Self {
        let pointer = view.suboffsets.get();
        let dimensions = usize::try_from(view.ndim.get()).unwrap_or(0);
        let suboffsets = (!pointer.is_null()).then(|| {
            // SAFETY: a view with suboffsets has as many of them as it has dimensions.
            unsafe { std::slice::from_raw_parts(pointer, dimensions) }.to_vec()
        });
        Self { shape: shape_of(view), strides: strides_of(view), suboffsets }
    }

    /// The number of items.
    pub(super) fn items(&self) -> isize {
        self.shape.iter().product()
    }
}

impl MemoryView {
    /// `memoryview(object)`; `flags` are those for the exporter.
    pub fn of(object: &Object, flags: c_int, thread: &mut Thread) -> PyResult<Py<MemoryView>> {
        if let Some(other) = object.downcast_exact::<MemoryView>() {
            return other.derive(Shape::of(other.raw()), other.raw().buf.get().cast(), thread);
        }
        if !has_buffer(object) {
            let class = object.class().full_name();
            return Err(raise!(thread, TypeError, "memoryview: a bytes-like object is required, not '{class}'"));
        }
        Self::of_managed(&ManagedBuffer::of(object, flags, None, thread)?, thread)
    }

    /// A memoryview of what a type's `bf_getbuffer` gives for an object.
    pub(super) fn of_slot(
        object: &Object,
        flags: c_int,
        slot: getbufferproc,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let managed = ManagedBuffer::of(object, flags, Some(slot), thread)?;
        Self::of_managed(&managed, thread).map(Py::into_object)
    }

    /// A memoryview of memory that somebody else keeps as long as it is used (`PyMemoryView_FromBuffer`).
    ///
    /// # Safety
    /// Memory, shape and format of the view stay until the memoryview is released.
    pub unsafe fn of_view(view: &Py_buffer, thread: &mut Thread) -> PyResult<Py<MemoryView>> {
        // SAFETY: the struct is plain data; without an exporter, nobody owns the copy.
        let copy = unsafe { std::ptr::from_ref(view).read() };
        copy.obj.set(std::ptr::null_mut());
        let managed = ManagedBuffer::new(copy, thread);
        Self::of_managed(&managed, thread)
    }

    /// As [`Self::of_view`], and no other view can be made of it.
    pub(super) fn of_view_restricted(view: &Py_buffer, thread: &mut Thread) -> PyResult<Py<Object>> {
        // SAFETY: whoever calls `__release_buffer__` holds the view until the memoryview is released.
        let memory = unsafe { Self::of_view(view, thread)? };
        memory.flags.set(memory.flags.get() | _Py_MEMORYVIEW_RESTRICTED);
        Ok(memory.into_object())
    }

    fn of_managed(managed: &Py<ManagedBuffer>, thread: &mut Thread) -> PyResult<Py<MemoryView>> {
        let master = &managed.master.0.0;
        let dimensions = usize::try_from(master.ndim.get()).unwrap_or(0);
        if dimensions > PyBUF_MAX_NDIM {
            return Err(raise_too_many_dimensions(thread));
        }
        Self::make(managed, master, Shape::of(master), master.buf.get().cast(), thread)
    }

    /// Another view of the same managed buffer: a part of this one, or the same memory in another shape.
    pub(super) fn derive(&self, shape: Shape, start: *mut u8, thread: &mut Thread) -> PyResult<Py<MemoryView>> {
        let managed = self.check(thread)?;
        if self.flags.get() & _Py_MEMORYVIEW_RESTRICTED != 0 {
            return Err(raise!(thread, ValueError, "cannot create new view on restricted memoryview"));
        }
        Self::make(&managed, self.raw(), shape, start, thread)
    }

    fn make(
        managed: &Py<ManagedBuffer>,
        source: &Py_buffer,
        shape: Shape,
        start: *mut u8,
        thread: &mut Thread,
    ) -> PyResult<Py<MemoryView>> {
        let dimensions = shape.shape.len();
        let value = MemoryView {
            header: VarHeader::new(Self::class(), (ARRAYS * dimensions) as isize),
            managed: Field::new(Some(managed.clone())),
            hash: Cell::new(-1),
            flags: Cell::new(0),
            exports: Cell::new(0),
            view: View::EMPTY,
            weak_references: Cell::new(std::ptr::null_mut()),
            arrays: Arrays([]),
        };
        let new = Py::allocate_in(Self::class(), ARRAYS * dimensions * size_of::<isize>(), value, thread)?;
        managed.exports.set(managed.exports.get() + 1);
        let view = new.raw();
        view.buf.set(start.cast());
        // The exporter is kept by the managed buffer.
        view.obj.set(source.obj.get());
        view.itemsize.set(source.itemsize.get());
        view.readonly.set(source.readonly.get());
        view.ndim.set(dimensions as c_int);
        let format = source.format.get();
        view.format.set(if format.is_null() { c"B".as_ptr().cast_mut() } else { format });
        view.internal.set(source.internal.get());
        new.set_shape(&shape);
        Ok(new)
    }

    /// Writes the arrays, and what follows from them.
    fn set_shape(&self, shape: &Shape) {
        let dimensions = shape.shape.len();
        let arrays = std::ptr::from_ref(&self.arrays).cast_mut().cast::<isize>();
        let write = |place: usize, numbers: &[isize]| {
            // SAFETY: the block has room for three arrays with a number for each dimension.
            unsafe {
                let target = arrays.add(place * dimensions);
                std::ptr::copy_nonoverlapping(numbers.as_ptr(), target, dimensions);
                target
            }
        };
        let view = self.raw();
        view.shape.set(write(0, &shape.shape));
        view.strides.set(write(1, &shape.strides));
        view.suboffsets.set(shape.suboffsets.as_ref().map_or(std::ptr::null_mut(), |it| write(2, it)));
        view.len.set(shape.items() * view.itemsize.get());
        self.update_flags();
    }

    /// Notes in the flags how the items lie.
    pub(super) fn update_flags(&self) {
        let view = self.raw();
        let mut flags = self.flags.get() & (_Py_MEMORYVIEW_RELEASED | _Py_MEMORYVIEW_RESTRICTED);
        if view.ndim.get() == 0 {
            flags |= _Py_MEMORYVIEW_SCALAR;
        }
        if buffer::is_c_contiguous(view) {
            flags |= _Py_MEMORYVIEW_C;
        }
        if buffer::is_fortran_contiguous(view) {
            flags |= _Py_MEMORYVIEW_FORTRAN;
        }
        if !view.suboffsets.get().is_null() {
            flags |= _Py_MEMORYVIEW_PIL;
        }
        self.flags.set(flags);
    }

    /// The view as C sees it. Only to be read while the memoryview is not released.
    pub fn raw(&self) -> &Py_buffer {
        &self.view.0
    }

    fn has(&self, flag: c_int) -> bool {
        self.flags.get() & flag != 0
    }

    pub(super) fn is_c_contiguous(&self) -> bool {
        self.has(_Py_MEMORYVIEW_C)
    }

    pub(super) fn is_fortran_contiguous(&self) -> bool {
        self.has(_Py_MEMORYVIEW_FORTRAN)
    }

    pub(super) fn needs_suboffsets(&self) -> bool {
        self.has(_Py_MEMORYVIEW_PIL)
    }

    pub(super) fn is_restricted(&self) -> bool {
        self.has(_Py_MEMORYVIEW_RESTRICTED)
    }

    pub fn is_released(&self) -> bool {
        self.has(_Py_MEMORYVIEW_RELEASED) || self.managed.get().is_none_or(|it| it.is_released())
    }

    /// The managed buffer; ValueError if the view is released.
    pub(super) fn check(&self, thread: &mut Thread) -> PyResult<Py<ManagedBuffer>> {
        match self.managed.get().filter(|_| !self.is_released()) {
            Some(managed) => Ok(managed),
            None => Err(raise!(thread, ValueError, "operation forbidden on released memoryview object")),
        }
    }

    pub(super) fn add_export(&self) {
        self.exports.set(self.exports.get() + 1);
    }

    pub(super) fn remove_export(&self) {
        self.exports.set(self.exports.get() - 1);
    }

    /// `release()`: BufferError while buffers are exported.
    pub fn release_view(&self, thread: &mut Thread) -> PyResult<()> {
        if self.has(_Py_MEMORYVIEW_RELEASED) {
            return Ok(());
        }
        let exports = self.exports.get();
        if exports > 0 {
            let plural = if exports == 1 { "" } else { "s" };
            return Err(raise!(thread, BufferError, "memoryview has {exports} exported buffer{plural}"));
        }
        self.release_now(thread);
        Ok(())
    }

    fn release_now(&self, thread: &mut Thread) {
        self.flags.set(self.flags.get() | _Py_MEMORYVIEW_RELEASED);
        let Some(managed) = self.managed.get() else { return };
        managed.exports.set(managed.exports.get() - 1);
        if managed.exports.get() == 0 {
            managed.release_view(thread);
        }
    }

    /// The number of dimensions.
    pub(super) fn dimensions(&self) -> usize {
        self.raw().ndim.get() as usize
    }

    pub(super) fn shape(&self) -> Vec<isize> {
        shape_of(self.raw())
    }

    pub(super) fn strides(&self) -> Vec<isize> {
        strides_of(self.raw())
    }

    /// A copy of the bytes, in C's order.
    pub(super) fn to_vec(&self, thread: &mut Thread) -> PyResult<Vec<u8>> {
        let view = self.raw();
        if !self.is_c_contiguous() || self.needs_suboffsets() {
            return buffer::copy_items(view, buffer::Order::C, thread);
        }
        if view.len.get() == 0 {
            return Ok(Vec::new());
        }
        // SAFETY: the items lie one after another, and stay: the view is not released.
        let items = unsafe { std::slice::from_raw_parts(view.buf.get().cast::<u8>(), view.len.get() as usize) };
        items.try_to_vec().or_memory_error(thread)
    }
}

#[cold]
pub(super) fn raise_too_many_dimensions(thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "memoryview: number of dimensions must not exceed {PyBUF_MAX_NDIM}")
}

impl Drop for MemoryView {
    fn drop(&mut self) {
        if !self.has(_Py_MEMORYVIEW_RELEASED) {
            // SAFETY: objects only exist while their thread is attached.
            self.release_now(&mut unsafe { Thread::current() });
        }
    }
}
