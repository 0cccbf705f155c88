//! `memoryobject.h`, `pybuffer.h`: views of memory.

use std::ffi::{CStr, c_char, c_int, c_void};

use builtins::memoryview::MemoryView;
use layout::{Py_buffer, PyBUF_FORMAT, PyBUF_FULL_RO, PyBUF_ND, PyBUF_STRIDES, PyBUF_WRITABLE};
use objects::errors::PyResult;
use objects::protocol::{self, buffer};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::types::Instance as _;

use crate::entry::{Array, Flag, Nothing, Out, export};

/// The order of a view's items by its letter: `A` is Fortran's where the view is such, C's otherwise.
fn order(letter: c_char, view: &Py_buffer) -> buffer::Order {
    match letter as u8 {
        b'F' => buffer::Order::Fortran,
        b'A' if buffer::is_fortran_contiguous(view) && !buffer::is_c_contiguous(view) => buffer::Order::Fortran,
        _ => buffer::Order::C,
    }
}

/// Whether a view's items follow one another in an order.
fn is_contiguous(view: &Py_buffer, letter: c_char) -> bool {
    if !view.suboffsets.get().is_null() {
        return false;
    }
    match letter as u8 {
        b'C' => buffer::is_c_contiguous(view),
        b'F' => buffer::is_fortran_contiguous(view),
        b'A' => buffer::is_c_contiguous(view) || buffer::is_fortran_contiguous(view),
        _ => false,
    }
}

fn dimensions<'a>(pointer: *mut isize, count: usize) -> Option<&'a [isize]> {
    // SAFETY: a view has as many lengths and strides as dimensions.
    (!pointer.is_null()).then(|| unsafe { std::slice::from_raw_parts(pointer, count) })
}

export! { thread;
    fn PyObject_CheckBuffer(object: &Object) -> Flag { let _ = &thread; Ok(Flag(buffer::has_buffer(object))) }

    fn PyObject_GetBuffer(object: &Object, view: *mut Py_buffer, flags: i32) -> () {
        if view.is_null() {
            return Err(raise!(thread, BufferError, "PyObject_GetBuffer: view==NULL argument is obsolete"));
        }
        // SAFETY: as above.
        unsafe { buffer::get_into(object, view, flags, thread) }
    }

    fn PyBuffer_Release(view: &Py_buffer) -> Nothing {
        if !view.obj.get().is_null() {
            // SAFETY: C's caller passes a view that it got, and releases it once.
            unsafe { buffer::release(view, thread) };
            view.obj.set(std::ptr::null_mut());
        }
        Ok(Nothing)
    }

    fn PyBuffer_IsContiguous(view: &Py_buffer, letter: i8) -> Flag {
        let _ = &thread;
        Ok(Flag(is_contiguous(view, letter)))
    }

    fn PyBuffer_FillInfo(view: *mut Py_buffer, object: Option<&Object>, memory: *mut c_void, length: isize, readonly: i32, flags: i32) -> () {
        fill(view, object, memory, length, readonly, flags, thread)
    }

    fn PyBuffer_GetPointer(view: &Py_buffer, indices: Array<isize>) -> *mut c_void {
        let _ = &thread;
        let count = view.ndim.get().max(0) as usize;
        let strides = buffer::strides_of(view);
        Ok(buffer::item_pointer(view, &strides, indices.first(count)).cast())
    }

    fn PyBuffer_FillContiguousStrides(count: i32, shape: Array<isize>, strides: *mut isize, item_size: i32, letter: i8) -> Nothing {
        let _ = &thread;
        let shape = shape.first(count.max(0) as usize);
        let mut step = item_size as isize;
        let indices: Vec<usize> = if letter as u8 == b'F' { (0..shape.len()).collect() } else { (0..shape.len()).rev().collect() };
        for index in indices {
            // SAFETY: C's caller passes room for as many strides as there are dimensions.
            unsafe { strides.add(index).write(step) };
            step *= shape[index];
        }
        Ok(Nothing)
    }

    fn PyBuffer_ToContiguous(target: *mut u8, view: &Py_buffer, length: isize, letter: i8) -> () {
        if length != view.len.get() {
            return Err(raise!(thread, ValueError, "PyBuffer_ToContiguous: len != view->len"));
        }
        let items = buffer::copy_items(view, order(letter, view), thread)?;
        // SAFETY: C's caller passes room for the view's contents.
        unsafe { std::ptr::copy_nonoverlapping(items.as_ptr(), target, items.len()) };
        Ok(())
    }

    fn PyBuffer_FromContiguous(view: &Py_buffer, source: *mut u8, length: isize, letter: i8) -> () {
        let _ = &thread;
        let (mut read, item) = (0, view.itemsize.get().max(0) as usize);
        let available = length.min(view.len.get()).max(0) as usize;
        buffer::for_each_item(view, order(letter, view), |target| {
            if read + item <= available {
                // SAFETY: both have an item there.
                unsafe { std::ptr::copy_nonoverlapping(source.add(read), target, item) };
            }
            read += item;
        });
        Ok(())
    }

    fn PyObject_CopyData(target: &Object, source: &Object) -> () { copy_data(target, source, thread) }

    fn PyBuffer_SizeFromFormat(format: &CStr) -> isize {
        let format = Str::from_str(&crate::entry::text(format), thread);
        let size = crate::import::call_of_module("struct", "calcsize", &[&format], thread)?;
        protocol::index_as_isize(&size, thread)
    }

    fn PyObject_CheckReadBuffer(object: &Object) -> Flag { Ok(Flag(old_buffer(object, layout::PyBUF_SIMPLE, thread).is_ok())) }

    fn PyObject_AsReadBuffer(object: &Object, memory: Out<*mut c_void>, size: Out<isize>) -> () {
        let (start, length) = old_buffer(object, layout::PyBUF_SIMPLE, thread)?;
        memory.set(start);
        size.set(length);
        Ok(())
    }

    fn PyObject_AsCharBuffer(object: &Object, memory: Out<*mut c_void>, size: Out<isize>) -> () {
        let (start, length) = old_buffer(object, layout::PyBUF_SIMPLE, thread)?;
        memory.set(start);
        size.set(length);
        Ok(())
    }

    fn PyObject_AsWriteBuffer(object: &Object, memory: Out<*mut c_void>, size: Out<isize>) -> () {
        let (start, length) = old_buffer(object, PyBUF_WRITABLE, thread)?;
        memory.set(start);
        size.set(length);
        Ok(())
    }

    fn PyMemoryView_FromObject(object: &Object) -> Py<Object> {
        let class: &Object = MemoryView::class();
        protocol::call_one(class, object, thread)
    }

    fn PyMemoryView_FromBuffer(view: &Py_buffer) -> Py<MemoryView> {
        if view.buf.get().is_null() {
            return Err(raise!(thread, ValueError, "PyMemoryView_FromBuffer(): info->buf must not be NULL"));
        }
        let none = Py_buffer {
            buf: view.buf.clone(), obj: std::cell::Cell::new(std::ptr::null_mut()), len: view.len.clone(),
            itemsize: view.itemsize.clone(), readonly: view.readonly.clone(), ndim: view.ndim.clone(),
            format: view.format.clone(), shape: view.shape.clone(), strides: view.strides.clone(),
            suboffsets: view.suboffsets.clone(), internal: view.internal.clone(),
        };
        // SAFETY: C's caller keeps the memory as long as the memoryview lives.
        unsafe { MemoryView::of_view(&none, thread) }
    }

    fn PyMemoryView_FromMemory(memory: *mut c_void, size: isize, flags: i32) -> Py<MemoryView> {
        let readonly = c_int::from(flags != layout::PyBUF_WRITE);
        let view = Py_buffer::EMPTY;
        fill(std::ptr::from_ref(&view).cast_mut(), None, memory, size, readonly, PyBUF_FULL_RO, thread)?;
        // SAFETY: C's caller keeps the memory as long as the memoryview lives.
        unsafe { MemoryView::of_view(&view, thread) }
    }

    fn PyMemoryView_GetContiguous(object: &Object, kind: i32, letter: i8) -> Py<Object> {
        get_contiguous(object, kind, letter, thread)
    }
}

/// The old functions' view of an object's memory, which is given back at once: the caller keeps the object, and does not change it.
fn old_buffer(object: &Object, flags: c_int, thread: &mut Thread) -> PyResult<(*mut c_void, isize)> {
    let buffer = buffer::Buffer::get(object, flags, thread)?;
    Ok((buffer.raw().buf.get(), buffer.raw().len.get()))
}

/// `PyBuffer_FillInfo`.
fn fill(
    view: *mut Py_buffer,
    object: Option<&Object>,
    memory: *mut c_void,
    length: isize,
    readonly: c_int,
    flags: c_int,
    thread: &mut Thread,
) -> PyResult<()> {
    // SAFETY: C's caller passes room for a view.
    let Some(view) = (unsafe { view.cast_const().as_ref() }) else {
        return Err(raise!(thread, BufferError, "PyBuffer_FillInfo: view==NULL argument is obsolete"));
    };
    if flags == layout::PyBUF_READ || flags == layout::PyBUF_WRITE {
        return crate::entry::bad_internal_call(thread);
    }
    if flags & PyBUF_WRITABLE != 0 && readonly != 0 {
        return Err(raise!(thread, BufferError, "Object is not writable."));
    }
    let has = |flag: c_int| flags & flag == flag;
    view.obj.set(object.map_or(std::ptr::null_mut(), |it| Py::from_ref(it).into_pointer()));
    view.buf.set(memory);
    view.len.set(length);
    view.readonly.set(readonly);
    view.itemsize.set(1);
    view.format.set(if has(PyBUF_FORMAT) { c"B".as_ptr().cast_mut() } else { std::ptr::null_mut() });
    view.ndim.set(1);
    view.shape.set(if has(PyBUF_ND) { view.len.as_ptr() } else { std::ptr::null_mut() });
    view.strides.set(if has(PyBUF_STRIDES) { view.itemsize.as_ptr() } else { std::ptr::null_mut() });
    view.suboffsets.set(std::ptr::null_mut());
    view.internal.set(std::ptr::null_mut());
    Ok(())
}

fn copy_data(target: &Object, source: &Object, thread: &mut Thread) -> PyResult<()> {
    if !buffer::has_buffer(target) || !buffer::has_buffer(source) {
        return Err(raise!(thread, TypeError, "both destination and source must be bytes-like objects"));
    }
    let target = buffer::Buffer::get(target, layout::PyBUF_FULL, thread)?;
    let source = buffer::Buffer::get(source, PyBUF_FULL_RO, thread)?;
    if target.raw().len.get() < source.raw().len.get() {
        return Err(raise!(thread, BufferError, "destination is too small to receive data from source"));
    }
    let items = source.to_vec(thread)?;
    let (mut read, item) = (0, target.raw().itemsize.get().max(0) as usize);
    buffer::for_each_item(target.raw(), buffer::Order::C, |place| {
        if let Some(bytes) = items.get(read..read + item) {
            // SAFETY: an item lies there.
            unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), place, item) };
        }
        read += item;
    });
    Ok(())
}

/// A memoryview whose items follow one another: of the object itself, or of a copy.
fn get_contiguous(object: &Object, kind: c_int, letter: c_char, thread: &mut Thread) -> PyResult<Py<Object>> {
    let class: &Object = MemoryView::class();
    let made = protocol::call_one(class, object, thread)?;
    let Some(view) = made.downcast::<MemoryView>() else { return Ok(made) };
    let writes = kind == layout::PyBUF_WRITE;
    if writes && view.raw().readonly.get() != 0 {
        return Err(raise!(thread, BufferError, "underlying buffer is not writable"));
    }
    if is_contiguous(view.raw(), letter) {
        return Ok(made);
    }
    if writes {
        return Err(raise!(thread, BufferError, "writable contiguous buffer requested for a non-contiguous object."));
    }
    let letter = Str::from_str(&char::from(letter as u8).to_string(), thread);
    let keyword = thread.intern_text("order").into_object();
    let names = objects::tuple::Tuple::new(vec![keyword], thread)?;
    let to_bytes = thread.intern_text("tobytes");
    let method = protocol::get_attribute(&made, &to_bytes, thread)?;
    let copy = protocol::call_vector(&method, &[&letter], Some(&names), thread)?;
    let flat = protocol::call_one(class, &copy, thread)?;
    let dimensions_of = dimensions(view.raw().shape.get(), view.raw().ndim.get().max(0) as usize);
    let format = builtins::memoryview::format_text(view.raw());
    let is_of_bytes = view.raw().itemsize.get() == 1 && !matches!(format.trim_start_matches('@'), "b" | "c" | "?");
    if is_of_bytes && dimensions_of.is_none_or(|it| it.len() <= 1) {
        return Ok(flat);
    }
    let format = Str::from_str(&format, thread);
    let shape: Vec<Py<Object>> =
        buffer::shape_of(view.raw()).into_iter().map(|it| protocol::make_int(it as i128, thread)).collect();
    let shape = objects::list::List::new(shape, thread)?;
    let cast = thread.intern_text("cast");
    protocol::call_method(&flat, &cast, &[&format, &shape], thread)
}
