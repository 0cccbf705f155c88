//! The buffer protocol for Rust: views of an object's memory, and the arguments that take «a bytes-like object».
//!
//! A [`Buffer`] is released when it is dropped. As long as it is held, the exporter neither moves nor frees the memory; its contents may
//! change, so a slice of it borrows the thread.

use std::ffi::{c_int, c_void};
use std::ptr;

use layout::{
    Py_TPFLAGS_BYTES_SUBCLASS, Py_buffer, PyBUF_FORMAT, PyBUF_ND, PyBUF_SIMPLE, PyBUF_STRIDES, PyBUF_WRITABLE,
    PyBytesObject,
};

use crate::errors::{OrMemoryError, PyResult, TryToVec, with_room};
use crate::method::{FromArgument, Position, raise_bad_argument};
use crate::raise;
use crate::refs::{Object, Py, VarHeader, cast};
use crate::thread::Thread;

/// A view of an object's memory.
pub struct Buffer {
    /// In a block of its own: `shape` and `strides` may point into the struct.
    view: Box<Py_buffer>,
}

/// True if the object's type exports buffers.
pub fn has_buffer(object: &Object) -> bool {
    // SAFETY: a type's method suites live as long as the type.
    unsafe { object.class().slots().tp_as_buffer.get().as_ref() }.is_some_and(|it| it.bf_getbuffer.get().is_some())
}

impl Buffer {
    /// `PyObject_GetBuffer`: asks the object for a view; `flags` is made of `PyBUF_…`.
    pub fn get(object: &Object, flags: c_int, thread: &mut Thread) -> PyResult<Buffer> {
        let view = Box::new(Py_buffer::EMPTY);
        // SAFETY: the view is empty, and stays where it is.
        unsafe { get_into(object, ptr::from_ref(&*view).cast_mut(), flags, thread)? };
        Ok(Buffer { view })
    }

    /// The C struct.
    pub fn raw(&self) -> &Py_buffer {
        &self.view
    }

    /// The number of bytes.
    pub fn length(&self) -> usize {
        self.view.len.get() as usize
    }

    pub fn is_readonly(&self) -> bool {
        self.view.readonly.get() != 0
    }

    /// The exporter.
    pub fn exporter(&self) -> Option<Py<Object>> {
        // SAFETY: a view owns a reference to its exporter.
        unsafe { Object::from_pointer(self.view.obj.get()) }.map(Py::from_ref)
    }

    /// The bytes, None if they don't lie one after another.
    pub fn contiguous<'t>(&'t self, _thread: &'t Thread) -> Option<&'t [u8]> {
        // SAFETY: the exporter keeps `len` bytes there as long as the view is held, and whatever could change them needs the thread.
        is_c_contiguous(&self.view).then(|| unsafe { slice(&self.view) })
    }

    /// A copy of all items in C's order, whatever the shape.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn to_vec(&self, thread: &mut Thread) -> PyResult<Vec<u8>> {
        match self.contiguous(thread) {
            Some(bytes) => bytes.try_to_vec().or_memory_error(thread),
            None => copy_items(&self.view, Order::C, thread),
        }
    }

    /// The bytes for changing them, None if they are read-only or don't lie one after another.
    pub fn contiguous_mut<'t>(&'t self, _thread: &'t mut Thread) -> Option<&'t mut [u8]> {
        if self.is_readonly() || !is_c_contiguous(&self.view) {
            return None;
        }
        if self.length() == 0 {
            return Some(&mut []);
        }
        // SAFETY: as for `contiguous`; the thread is borrowed mutably, so no other slice is open.
        Some(unsafe { std::slice::from_raw_parts_mut(self.view.buf.get().cast(), self.length()) })
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: the view is released once, here; objects only exist while their thread is attached.
        unsafe { release(&self.view, &mut Thread::current()) };
    }
}

/// `PyObject_GetBuffer` into a C struct.
///
/// # Safety
/// `view` points to a struct that holds no view, and that stays where it is until [`release`].
pub unsafe fn get_into(object: &Object, view: *mut Py_buffer, flags: c_int, thread: &mut Thread) -> PyResult<()> {
    // SAFETY: a type's method suites live as long as the type.
    let function = unsafe { object.class().slots().tp_as_buffer.get().as_ref() }.and_then(|it| it.bf_getbuffer.get());
    let Some(function) = function else {
        let class = object.class().full_name();
        return Err(raise!(thread, TypeError, "a bytes-like object is required, not '{class}'"));
    };
    // SAFETY: the slot's protocol.
    let status = unsafe { function(object.as_pointer(), view, flags) };
    if status == 0 {
        return Ok(());
    }
    // What is in a view after a failure is undefined: there is nothing to be released.
    // SAFETY: passed on to the caller.
    unsafe { (*view).obj.set(ptr::null_mut()) };
    Err(thread.raised_elsewhere())
}

/// `PyBuffer_Release`.
///
/// # Safety
/// The view was filled by [`get_into`], or is empty; nobody uses its memory any more.
pub unsafe fn release(view: &Py_buffer, thread: &mut Thread) {
    // SAFETY: a view owns a reference to its exporter.
    let Some(exporter) = (unsafe { Object::from_pointer(view.obj.get()) }) else { return };
    // SAFETY: a type's method suites live as long as the type.
    let function = unsafe { exporter.class().slots().tp_as_buffer.get().as_ref() };
    if let Some(function) = function.and_then(|it| it.bf_releasebuffer.get()) {
        // SAFETY: the slot's protocol.
        unsafe { function(exporter.as_pointer(), ptr::from_ref(view).cast_mut()) };
    }
    let _ = &thread;
    let exporter = view.obj.replace(ptr::null_mut());
    // SAFETY: the view's reference, which it gives up.
    drop(unsafe { Py::<Object>::steal_pointer(exporter) });
}

/// `PyBuffer_FillInfo`: a view of plain bytes that `exporter` keeps at `data`.
///
/// # Safety
/// `view` points to a struct that holds no view; the memory stays until the view is released.
pub unsafe fn fill(
    view: *mut Py_buffer,
    exporter: &Object,
    data: *mut u8,
    length: usize,
    readonly: bool,
    flags: c_int,
    thread: &mut Thread,
) -> PyResult<()> {
    if readonly && flags & PyBUF_WRITABLE == PyBUF_WRITABLE {
        return Err(raise!(thread, BufferError, "Object is not writable."));
    }
    // SAFETY: the caller passes where the view goes.
    let view = unsafe { &*view };
    view.obj.set(Py::from_ref(exporter).into_pointer());
    view.buf.set(data.cast::<c_void>());
    view.len.set(length as isize);
    view.readonly.set(c_int::from(readonly));
    view.itemsize.set(1);
    view.ndim.set(1);
    let asks_for = |flag: c_int| flags & flag == flag;
    view.format.set(if asks_for(PyBUF_FORMAT) { c"B".as_ptr().cast_mut() } else { ptr::null_mut() });
    view.shape.set(if asks_for(PyBUF_ND) { view.len.as_ptr() } else { ptr::null_mut() });
    view.strides.set(if asks_for(PyBUF_STRIDES) { view.itemsize.as_ptr() } else { ptr::null_mut() });
    view.suboffsets.set(ptr::null_mut());
    view.internal.set(ptr::null_mut());
    Ok(())
}

/// `PyBuffer_IsContiguous(view, 'C')`.
pub fn is_c_contiguous(view: &Py_buffer) -> bool {
    is_contiguous(view, |shape| shape.len())
}

/// `PyBuffer_IsContiguous(view, 'F')`.
pub fn is_fortran_contiguous(view: &Py_buffer) -> bool {
    is_contiguous(view, |_| 0)
}

/// True if the items lie one after another, the last dimension (or the first, if `last` gives zero) next to one another.
fn is_contiguous(view: &Py_buffer, last: impl Fn(&[isize]) -> usize) -> bool {
    if !view.suboffsets.get().is_null() {
        return false;
    }
    let dimensions = usize::try_from(view.ndim.get()).unwrap_or(0);
    if view.len.get() == 0 || view.strides.get().is_null() {
        // Without strides the items lie in C's order, which is Fortran's only in one dimension.
        let shape = [0, 0];
        return view.len.get() == 0 || dimensions <= 1 || last(&shape) != 0;
    }
    // SAFETY: a view with strides has as many of them, and a shape, as it has dimensions.
    let (shape, strides) = unsafe {
        (
            std::slice::from_raw_parts(view.shape.get(), dimensions),
            std::slice::from_raw_parts(view.strides.get(), dimensions),
        )
    };
    let mut expected = view.itemsize.get();
    let mut check = |index: usize| {
        let fits = shape[index] <= 1 || strides[index] == expected;
        expected = expected.wrapping_mul(shape[index]);
        fits
    };
    if last(shape) != 0 { (0..dimensions).rev().all(&mut check) } else { (0..dimensions).all(&mut check) }
}

/// The order of the items in a copy of a view with several dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The last index changes fastest.
    C,
    /// The first index changes fastest.
    Fortran,
}

/// A copy of all items of a view.
///
/// # Errors
///
/// MemoryError.
pub fn copy_items(view: &Py_buffer, order: Order, thread: &mut Thread) -> PyResult<Vec<u8>> {
    let item_size = view.itemsize.get() as usize;
    let mut out = with_room(view.len.get() as usize).or_memory_error(thread)?;
    for_each_item(view, order, |item| {
        // SAFETY: an item of a held view has so many bytes.
        out.extend_from_slice(unsafe { std::slice::from_raw_parts(item, item_size) });
    });
    Ok(out)
}

/// The address of each item of a view, in the given order.
pub fn for_each_item(view: &Py_buffer, order: Order, mut visit: impl FnMut(*mut u8)) {
    let dimensions = usize::try_from(view.ndim.get()).unwrap_or(0);
    if dimensions == 0 {
        return visit(view.buf.get().cast());
    }
    if view.len.get() == 0 {
        return;
    }
    let (shape, strides) = (shape_of(view), strides_of(view));
    let mut index = vec![0isize; dimensions];
    loop {
        visit(item_pointer(view, &strides, &index));
        let mut place = 0;
        loop {
            if place == dimensions {
                return;
            }
            let dimension = if order == Order::C { dimensions - 1 - place } else { place };
            index[dimension] += 1;
            if index[dimension] < shape[dimension] {
                break;
            }
            index[dimension] = 0;
            place += 1;
        }
    }
}

/// The shape of a view: its length in items, if it says nothing else.
pub fn shape_of(view: &Py_buffer) -> Vec<isize> {
    let dimensions = usize::try_from(view.ndim.get()).unwrap_or(0);
    if view.shape.get().is_null() {
        let items = view.len.get() / view.itemsize.get().max(1);
        return if dimensions == 0 { Vec::new() } else { vec![items] };
    }
    // SAFETY: a view with a shape has as many numbers there as it has dimensions.
    unsafe { std::slice::from_raw_parts(view.shape.get(), dimensions) }.to_vec()
}

/// The strides of a view: those of contiguous items, if it says nothing else.
pub fn strides_of(view: &Py_buffer) -> Vec<isize> {
    let dimensions = usize::try_from(view.ndim.get()).unwrap_or(0);
    if !view.strides.get().is_null() {
        // SAFETY: a view with strides has as many of them as it has dimensions.
        return unsafe { std::slice::from_raw_parts(view.strides.get(), dimensions) }.to_vec();
    }
    let shape = shape_of(view);
    let mut strides = vec![view.itemsize.get(); shape.len()];
    for dimension in (0..shape.len().saturating_sub(1)).rev() {
        strides[dimension] = strides[dimension + 1] * shape[dimension + 1];
    }
    strides
}

/// The address of an item, by the view's strides; the index lies in the shape.
pub fn item_pointer(view: &Py_buffer, strides: &[isize], index: &[isize]) -> *mut u8 {
    let mut pointer = view.buf.get().cast::<u8>();
    for (dimension, (index, stride)) in index.iter().zip(strides).enumerate() {
        pointer = pointer.wrapping_offset(index * stride);
        let suboffsets = view.suboffsets.get();
        if suboffsets.is_null() {
            continue;
        }
        // SAFETY: a view with suboffsets has as many of them as it has dimensions; where one is not negative, a pointer lies at the
        // address so far.
        unsafe {
            let suboffset = *suboffsets.add(dimension);
            if suboffset >= 0 {
                pointer = pointer.cast::<*mut u8>().read_unaligned().wrapping_offset(suboffset);
            }
        }
    }
    pointer
}

/// # Safety
/// The view is contiguous and held as long as the slice is used; nothing changes the bytes meanwhile.
unsafe fn slice(view: &Py_buffer) -> &[u8] {
    if view.len.get() == 0 {
        return &[];
    }
    // SAFETY: passed on.
    unsafe { std::slice::from_raw_parts(view.buf.get().cast(), view.len.get() as usize) }
}

/// The contents of a `bytes` object, subtypes included. They never change.
pub fn bytes_contents(object: &Object) -> Option<&[u8]> {
    if !object.class().has_flag(Py_TPFLAGS_BYTES_SUBCLASS) {
        return None;
    }
    // SAFETY: types with the flag have the layout of `bytes`: so many bytes as the size says, at the end of the struct.
    unsafe {
        let length = cast::<VarHeader>(object).size() as usize;
        let contents = &raw const (*ptr::from_ref(object).cast::<PyBytesObject>()).ob_sval;
        Some(std::slice::from_raw_parts(contents.cast(), length))
    }
}

/// An argument that is any bytes-like object (`y*`): its bytes, for reading.
pub enum BytesLike<'a> {
    /// Of a `bytes` object, which needs no view.
    Bytes(&'a [u8]),
    Buffer(Buffer),
}

impl<'a> BytesLike<'a> {
    /// The bytes of a bytes-like object; TypeError for others.
    pub fn of(object: &'a Object, thread: &mut Thread) -> PyResult<Self> {
        match bytes_contents(object) {
            Some(contents) => Ok(Self::Bytes(contents)),
            None => Buffer::get(object, PyBUF_SIMPLE, thread).map(Self::Buffer),
        }
    }

    /// The bytes, until the thread is needed for something that may run Python code.
    #[inline]
    pub fn as_slice<'t>(&'t self, thread: &'t Thread) -> &'t [u8] {
        match self {
            Self::Bytes(contents) => contents,
            Self::Buffer(buffer) => buffer.contiguous(thread).unwrap_or_default(),
        }
    }
}

impl<'a> FromArgument<'a> for BytesLike<'a> {
    fn from_argument(value: &'a Object, _: Position, thread: &mut Thread) -> PyResult<Self> {
        Self::of(value, thread)
    }
}

/// An argument that is a bytes-like object that can be written to (`w*`).
pub struct WritableBytesLike(Buffer);

impl WritableBytesLike {
    pub fn length(&self) -> usize {
        self.0.length()
    }

    /// The bytes, until the thread is needed for something that may run Python code.
    pub fn as_slice<'t>(&'t self, thread: &'t Thread) -> &'t [u8] {
        self.0.contiguous(thread).unwrap_or_default()
    }

    /// The bytes for changing them.
    pub fn as_mut_slice<'t>(&'t self, thread: &'t mut Thread) -> &'t mut [u8] {
        self.0.contiguous_mut(thread).unwrap_or_default()
    }

    /// Where the bytes lie, for system calls that run without the interpreter's lock; the memory stays as long as this is held.
    pub fn as_pointer(&self) -> *mut u8 {
        self.0.raw().buf.get().cast()
    }
}

impl FromArgument<'_> for WritableBytesLike {
    fn from_argument(value: &Object, position: Position, thread: &mut Thread) -> PyResult<Self> {
        let buffer = Buffer::get(value, PyBUF_WRITABLE, thread);
        match buffer {
            Ok(buffer) => Ok(Self(buffer)),
            Err(raised) => {
                drop(thread.catch(raised));
                Err(raise_bad_argument(position, "read-write bytes-like object", value, thread))
            }
        }
    }
}
