//! Items and slices of memoryviews: `view[key]`, `view[key] = value`.

use layout::{Py_buffer, PyBUF_FULL_RO};
use objects::errors::{IndexError, PyResult, Raised};
use objects::none::EllipsisType;
use objects::protocol;
use objects::protocol::buffer::{Buffer, Order, copy_items, for_each_item, item_pointer, shape_of};
use objects::raise;
use objects::refs::{Object, Py};
use objects::slice::Slice;
use objects::thread::Thread;
use objects::tuple::Tuple;

use super::item::{Format, format_text};
use super::object::{MemoryView, Shape};

const NO_SUB_VIEWS: &str = "sub-views are not implemented";

/// What a key selects.
enum Key<'a> {
    Index(isize),
    Slice(&'a Slice),
    Indices(Vec<isize>),
    Slices,
    Invalid,
}

fn classify<'a>(key: &'a Object, thread: &mut Thread) -> PyResult<Key<'a>> {
    if protocol::is_index(key) {
        return protocol::index_or_raise(key, IndexError, thread).map(Key::Index);
    }
    if let Some(slice) = key.downcast_exact::<Slice>() {
        return Ok(Key::Slice(slice));
    }
    let Some(tuple) = key.downcast::<Tuple>() else { return Ok(Key::Invalid) };
    let items = tuple.items();
    if items.iter().all(|it| protocol::is_index(it)) {
        let mut indices = Vec::with_capacity(items.len());
        for item in items {
            indices.push(protocol::index_or_raise(item, IndexError, thread)?);
        }
        return Ok(Key::Indices(indices));
    }
    let all_slices = !items.is_empty() && items.iter().all(|it| it.downcast_exact::<Slice>().is_some());
    Ok(if all_slices { Key::Slices } else { Key::Invalid })
}

#[cold]
fn raise_not_implemented(message: &str, thread: &mut Thread) -> Raised {
    raise!(thread, NotImplementedError, "{message}")
}

#[cold]
fn raise_invalid_key(thread: &mut Thread) -> Raised {
    raise!(thread, TypeError, "memoryview: invalid slice key")
}

#[cold]
pub(super) fn raise_no_dimension(thread: &mut Thread) -> Raised {
    raise!(thread, TypeError, "invalid indexing of 0-dim memory")
}

/// The address of the item with these indices.
fn locate(view: &MemoryView, indices: &[isize], thread: &mut Thread) -> PyResult<*mut u8> {
    let (shape, strides) = (view.shape(), view.strides());
    if indices.len() > shape.len() {
        let (dimensions, given) = (shape.len(), indices.len());
        return Err(raise!(thread, TypeError, "cannot index {dimensions}-dimension view with {given}-element tuple"));
    }
    if indices.len() < shape.len() {
        return Err(raise_not_implemented(NO_SUB_VIEWS, thread));
    }
    let mut place = Vec::with_capacity(indices.len());
    for (dimension, (index, length)) in indices.iter().zip(&shape).enumerate() {
        let index = if *index < 0 { index + length } else { *index };
        if !(0..*length).contains(&index) {
            let dimension = dimension + 1;
            return Err(raise!(thread, IndexError, "index out of bounds on dimension {dimension}"));
        }
        place.push(index);
    }
    Ok(item_pointer(view.raw(), &strides, &place))
}

/// The item at an index of a view with one dimension.
pub fn item(view: &MemoryView, index: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
    view.check(thread)?;
    let format = Format::of(view.raw(), thread)?;
    match view.dimensions() {
        0 => Err(raise_no_dimension(thread)),
        1 => {
            let pointer = locate(view, &[index], thread)?;
            // SAFETY: the view is not released, and the index lies in its shape.
            unsafe { format.unpack(pointer, thread) }
        }
        _ => Err(raise_not_implemented("multi-dimensional sub-views are not implemented", thread)),
    }
}

/// `view[key]`.
pub fn subscript(view: &MemoryView, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    view.check(thread)?;
    if view.dimensions() == 0 {
        if key.downcast::<Tuple>().is_some_and(|it| it.length() == 0) {
            let format = Format::of(view.raw(), thread)?;
            // SAFETY: the view is not released; its one item lies at the start.
            return unsafe { format.unpack(view.raw().buf.get().cast(), thread) };
        }
        if key.is(EllipsisType::get()) {
            return Ok(Py::from_ref(view).into_object());
        }
        return Err(raise_no_dimension(thread));
    }
    match classify(key, thread)? {
        Key::Index(index) => item(view, index, thread),
        Key::Slice(slice) => select(view, slice, thread).map(Py::into_object),
        Key::Indices(indices) => {
            view.check(thread)?;
            let format = Format::of(view.raw(), thread)?;
            let pointer = locate(view, &indices, thread)?;
            // SAFETY: the view is not released, and the indices lie in its shape.
            unsafe { format.unpack(pointer, thread) }
        }
        Key::Slices => Err(raise_not_implemented("multi-dimensional slicing is not implemented", thread)),
        Key::Invalid => Err(raise_invalid_key(thread)),
    }
}

/// A part of a view along its first dimension.
fn select(view: &MemoryView, slice: &Slice, thread: &mut Thread) -> PyResult<Py<MemoryView>> {
    let bounds = slice.unpack(thread)?;
    view.check(thread)?;
    let mut shape = Shape::of(view.raw());
    let selection = bounds.select(shape.shape[0] as usize);
    // With suboffsets this is an offset into the array of pointers that the first dimension is.
    let start = view.raw().buf.get().cast::<u8>().wrapping_offset(selection.start * shape.strides[0]);
    shape.shape[0] = selection.count as isize;
    shape.strides[0] *= selection.step;
    view.derive(shape, start, thread)
}

/// `view[key] = value`, or `del view[key]`.
pub fn assign(view: &MemoryView, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
    view.check(thread)?;
    if view.raw().readonly.get() != 0 {
        return Err(raise!(thread, TypeError, "cannot modify read-only memory"));
    }
    let Some(value) = value else { return Err(raise!(thread, TypeError, "cannot delete memory")) };
    if view.dimensions() == 0 {
        let whole = key.is(EllipsisType::get()) || key.downcast::<Tuple>().is_some_and(|it| it.length() == 0);
        if !whole {
            return Err(raise_no_dimension(thread));
        }
        return store(view, &[], value, thread);
    }
    match classify(key, thread)? {
        Key::Index(_) if view.dimensions() > 1 => Err(raise_not_implemented(NO_SUB_VIEWS, thread)),
        Key::Index(index) => store(view, &[index], value, thread),
        Key::Slice(slice) if view.dimensions() == 1 => assign_slice(view, slice, value, thread),
        Key::Slice(_) | Key::Slices => {
            let message = "memoryview slice assignments are currently restricted to ndim = 1";
            Err(raise_not_implemented(message, thread))
        }
        Key::Indices(indices) => store(view, &indices, value, thread),
        Key::Invalid => Err(raise_invalid_key(thread)),
    }
}

/// Writes one item.
fn store(view: &MemoryView, indices: &[isize], value: &Object, thread: &mut Thread) -> PyResult<()> {
    view.check(thread)?;
    let format = Format::of(view.raw(), thread)?;
    locate(view, indices, thread)?;
    let bytes = format.pack(value, thread)?;
    // The conversion may have released the view.
    view.check(thread)?;
    let pointer = locate(view, indices, thread)?;
    // SAFETY: the view is not released, it is writable, and the indices lie in its shape.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), pointer, bytes.len()) };
    Ok(())
}

fn assign_slice(view: &MemoryView, slice: &Slice, value: &Object, thread: &mut Thread) -> PyResult<()> {
    let source = Buffer::get(value, PyBUF_FULL_RO, thread)?;
    let target = select(view, slice, thread)?;
    if !have_same_structure(target.raw(), source.raw()) {
        let message = "memoryview assignment: lvalue and rvalue have different structures";
        return Err(raise!(thread, ValueError, "{message}"));
    }
    // The two may overlap: the source is read as a whole first.
    let bytes = copy_items(source.raw(), Order::C, thread)?;
    let item_size = target.raw().itemsize.get() as usize;
    let mut items = bytes.chunks_exact(item_size.max(1));
    for_each_item(target.raw(), Order::C, |item| {
        if let Some(bytes) = items.next() {
            // SAFETY: the target is not released and writable, and its items have so many bytes.
            unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), item, bytes.len()) };
        }
    });
    Ok(())
}

/// True if two views have the same format and shape.
fn have_same_structure(left: &Py_buffer, right: &Py_buffer) -> bool {
    let plain = |view: &Py_buffer| format_text(view).trim_start_matches('@').to_owned();
    plain(left) == plain(right)
        && left.itemsize.get() == right.itemsize.get()
        && have_same_shape(&shape_of(left), &shape_of(right))
}

/// True if two shapes are equal, up to the first dimension without items.
pub fn have_same_shape(left: &[isize], right: &[isize]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    for (left, right) in left.iter().zip(right) {
        if left != right {
            return false;
        }
        if *left == 0 {
            break;
        }
    }
    true
}
