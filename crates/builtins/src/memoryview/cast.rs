//! `memoryview.cast`: the same memory with another format or shape.

use layout::{Py_buffer, PyBUF_MAX_NDIM};
use objects::errors::PyResult;
use objects::int::Int;
use objects::list::List;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;

use super::item::{Format, format_text};
use super::object::{MemoryView, Shape, raise_too_many_dimensions};

/// `view.cast(format, shape)`.
pub fn cast(view: &MemoryView, format: &Str, shape: Option<&Object>, thread: &mut Thread) -> PyResult<Py<MemoryView>> {
    view.check(thread)?;
    if !view.is_c_contiguous() {
        return Err(raise!(thread, TypeError, "memoryview: casts are restricted to C-contiguous views"));
    }
    if (shape.is_some() || view.dimensions() != 1) && view.shape().contains(&0) {
        return Err(raise!(thread, TypeError, "memoryview: cannot cast view with zeros in shape or strides"));
    }
    let lengths = match shape {
        Some(shape) => Some(read_shape(view, shape, thread)?),
        None => None,
    };
    let format = as_ascii(format, thread)?;
    let (new, with_at) = check_formats(view.raw(), &format, thread)?;
    let item_size = new.size() as isize;
    let length = view.raw().len.get();
    if length % item_size != 0 {
        return Err(raise!(thread, TypeError, "memoryview: length is not a multiple of itemsize"));
    }
    let lengths = match lengths {
        Some(lengths) => {
            let total = lengths.iter().try_fold(item_size, |total, length| total.checked_mul(*length));
            if total != Some(length) {
                return Err(raise!(thread, TypeError, "memoryview: product(shape) * itemsize != buffer size"));
            }
            lengths
        }
        None => vec![length / item_size],
    };
    let mut strides = vec![item_size; lengths.len()];
    for dimension in (0..lengths.len().saturating_sub(1)).rev() {
        strides[dimension] = strides[dimension + 1] * lengths[dimension + 1];
    }
    let shape = Shape { shape: lengths, strides, suboffsets: None };
    let cast = view.derive(shape, view.raw().buf.get().cast(), thread)?;
    let raw = cast.raw();
    raw.format.set(new.static_text(with_at).as_ptr().cast_mut());
    raw.itemsize.set(item_size);
    raw.len.set(length);
    cast.update_flags();
    Ok(cast)
}

impl MemoryView {
    /// The same memory as a row of bytes; the items must lie one after another, in whatever order.
    pub fn as_row_of_bytes(&self, thread: &mut Thread) -> PyResult<Py<MemoryView>> {
        let length = self.raw().len.get();
        let shape = Shape { shape: vec![length], strides: vec![1], suboffsets: None };
        let row = self.derive(shape, self.raw().buf.get().cast(), thread)?;
        let raw = row.raw();
        raw.format.set(c"B".as_ptr().cast_mut());
        raw.itemsize.set(1);
        raw.len.set(length);
        row.update_flags();
        Ok(row)
    }
}

/// The lengths of the dimensions.
fn read_shape(view: &MemoryView, shape: &Object, thread: &mut Thread) -> PyResult<Vec<isize>> {
    let items = if let Some(list) = shape.downcast::<List>() {
        list.snapshot(thread)
    } else if let Some(tuple) = shape.downcast::<Tuple>() {
        tuple.items().to_vec()
    } else {
        return Err(raise!(thread, TypeError, "shape must be a list or a tuple"));
    };
    if items.len() > PyBUF_MAX_NDIM {
        return Err(raise_too_many_dimensions(thread));
    }
    if view.dimensions() != 1 && items.len() != 1 {
        return Err(raise!(thread, TypeError, "memoryview: cast must be 1D -> ND or ND -> 1D"));
    }
    let mut lengths = Vec::with_capacity(items.len());
    for item in &items {
        if item.downcast::<Int>().is_none() {
            return Err(raise!(thread, TypeError, "memoryview.cast(): elements of shape must be integers"));
        }
        let length = protocol::index_as_isize(item, thread)?;
        if length <= 0 {
            return Err(raise!(thread, ValueError, "memoryview.cast(): elements of shape must be integers > 0"));
        }
        lengths.push(length);
    }
    let product = lengths.iter().try_fold(1isize, |product, length| product.checked_mul(*length));
    if product.is_none() {
        return Err(raise!(thread, ValueError, "memoryview.cast(): product(shape) > SSIZE_MAX"));
    }
    Ok(lengths)
}

fn as_ascii(format: &Str, thread: &mut Thread) -> PyResult<String> {
    objects::str::codecs::encode(format, Some("ascii"), None, thread)?;
    Ok(format.to_string_lossy())
}

/// The new format, and whether it is written with an `@`. One of the two formats must be of bytes; one that is not native is not.
fn check_formats(view: &Py_buffer, format: &str, thread: &mut Thread) -> PyResult<(Format, bool)> {
    let Some(new) = Format::parse(format) else {
        let wanted = "format must be a native single character format prefixed with an optional '@'";
        return Err(raise!(thread, ValueError, "memoryview: destination {wanted}"));
    };
    let old_is_byte = Format::parse(&format_text(view)).is_some_and(|it| it.is_byte());
    if !old_is_byte && !new.is_byte() {
        return Err(raise!(thread, TypeError, "memoryview: cannot cast between two non-byte formats"));
    }
    Ok((new, format.starts_with('@')))
}
