//! Equality of memoryviews: by value, item for item, whatever the formats.

use layout::{Py_buffer, PyBUF_FULL_RO};
use objects::errors::{Exception, PyResult};
use objects::names;
use objects::protocol::buffer::{Buffer, Order, copy_items, has_buffer, shape_of};
use objects::protocol::{self, Comparison};
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use super::index::have_same_shape;
use super::item::{Format, format_text};
use super::object::MemoryView;

/// `view == other`; None if the other is nothing to compare with.
pub fn equals(view: &MemoryView, other: &Object, thread: &mut Thread) -> PyResult<Option<bool>> {
    let other_view = other.downcast_exact::<MemoryView>();
    if view.is_released() || other_view.is_some_and(MemoryView::is_released) {
        return Ok(Some(view.is(other)));
    }
    if !has_buffer(other) {
        return Ok(None);
    }
    let buffer = Buffer::get(other, PyBUF_FULL_RO, thread);
    let Some(buffer) = thread.suppress(buffer, Exception)? else { return Ok(None) };
    // Both are kept while items are compared, which may run Python code.
    let own = Buffer::get(view, PyBUF_FULL_RO, thread)?;
    contents_equal(own.raw(), buffer.raw(), thread).map(Some)
}

fn contents_equal(left: &Py_buffer, right: &Py_buffer, thread: &mut Thread) -> PyResult<bool> {
    if !have_same_shape(&shape_of(left), &shape_of(right)) {
        return Ok(false);
    }
    let (left_bytes, right_bytes) = (copy_items(left, Order::C, thread)?, copy_items(right, Order::C, thread)?);
    let (left_format, right_format) = (format_text(left), format_text(right));
    if let (Some(one), Some(other)) = (Format::parse(&left_format), Format::parse(&right_format))
        && one == other
        && one.compares_by_bytes()
    {
        return Ok(left_bytes == right_bytes);
    }
    let Some(one) = Reader::new(&left_format, thread)? else { return Ok(false) };
    let Some(other) = Reader::new(&right_format, thread)? else { return Ok(false) };
    let sizes = (left.itemsize.get().max(1) as usize, right.itemsize.get().max(1) as usize);
    for (left, right) in left_bytes.chunks_exact(sizes.0).zip(right_bytes.chunks_exact(sizes.1)) {
        let (left, right) = (one.read(left, thread)?, other.read(right, thread)?);
        let equal = protocol::compare(&left, &right, Comparison::Equal, thread)?;
        if !protocol::is_true(&equal, thread)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Reads items of a format: native ones itself, others through module `struct`.
enum Reader {
    Native(Format),
    Struct(Py<Object>),
}

impl Reader {
    /// None if nobody can read the format.
    fn new(format: &str, thread: &mut Thread) -> PyResult<Option<Self>> {
        if let Some(format) = Format::parse(format) {
            return Ok(Some(Self::Native(format)));
        }
        let import = protocol::builtin(&names::__import__, thread)?;
        let name = Str::from_str("struct", thread);
        let module = protocol::call_one(&import, &name, thread)?;
        let (make, unpack) = (thread.intern_text("Struct"), thread.intern_text("unpack_from"));
        let make = protocol::get_attribute(&module, &make, thread)?;
        let format = Str::from_str(format, thread);
        let made = protocol::call_one(&make, &format, thread);
        let Some(made) = thread.suppress(made, Exception)? else { return Ok(None) };
        protocol::get_attribute(&made, &unpack, thread).map(|unpack| Some(Self::Struct(unpack)))
    }

    fn read(&self, item: &[u8], thread: &mut Thread) -> PyResult<Py<Object>> {
        match self {
            // SAFETY: the slice is an item of the format.
            Self::Native(format) => unsafe { format.unpack(item.as_ptr(), thread) },
            Self::Struct(unpack) => {
                let bytes = thread.make_bytes(item)?;
                let values = protocol::call_one(unpack, &bytes, thread)?;
                match values.downcast::<Tuple>().map(Tuple::items) {
                    Some([value]) => Ok(value.clone()),
                    _ => Ok(values),
                }
            }
        }
    }
}
