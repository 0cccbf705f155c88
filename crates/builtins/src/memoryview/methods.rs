//! What Python programs see of `memoryview`.

use std::ffi::c_int;

use layout::{
    Py_buffer, PyBUF_ANY_CONTIGUOUS, PyBUF_C_CONTIGUOUS, PyBUF_F_CONTIGUOUS, PyBUF_FORMAT, PyBUF_FULL_RO,
    PyBUF_INDIRECT, PyBUF_ND, PyBUF_STRIDES, PyBUF_WRITABLE, PyMemoryViewObject,
};
use macros::python_type;
use objects::bool::Bool;
use objects::errors::{OrMemoryError, PyResult, Raised, with_room};
use objects::list::List;
use objects::object::BaseObject;
use objects::protocol::buffer::{Order, copy_items, item_pointer};
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::{Thread, hash_secret};
use objects::tuple::Tuple;
use objects::types::Type;

use super::item::{Format, format_text};
use super::object::{MemoryView, Shape, WEAK_REFERENCES};
use super::{MemoryIterator, cast, compare, index};
use crate::bytes::Bytes;
use crate::bytes::shared::text_form;

/// memoryview(object)
/// --
///
/// Create a new memoryview object which references the given object.
#[python_type(
    name = "memoryview", symbol = "PyMemoryView_Type", base = BaseObject, flags(SEQUENCE),
    basic_size = std::mem::offset_of!(PyMemoryViewObject, ob_array), item_size = size_of::<isize>(),
    weaklist_offset = WEAK_REFERENCES
)]
impl MemoryView {
    #[new]
    fn __new__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<MemoryView>> {
        let _ = class;
        MemoryView::of(object, PyBUF_FULL_RO, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> String {
        let address = self.address();
        if self.is_released() {
            format!("<released memory at {address:#x}>")
        } else {
            format!("<memory at {address:#x}>")
        }
    }

    #[slot(tp_hash)]
    fn hash_value(&self, thread: &mut Thread) -> PyResult<isize> {
        if self.hash.get() != -1 {
            return Ok(self.hash.get());
        }
        self.check(thread)?;
        if self.raw().readonly.get() == 0 {
            return Err(raise!(thread, ValueError, "cannot hash writable memoryview object"));
        }
        if !Format::parse(&format_text(self.raw())).is_some_and(Format::is_byte) {
            return Err(raise!(thread, ValueError, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
        }
        if let Some(exporter) = self.exporter() {
            protocol::hash(&exporter, thread)?;
        }
        self.check(thread)?;
        let hash = match text::hash::hash_bytes(hash_secret(), &self.to_vec(thread)?) as isize {
            -1 => -2,
            hash => hash,
        };
        self.hash.set(hash);
        Ok(hash)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        if !matches!(operation, Comparison::Equal | Comparison::NotEqual) {
            return Ok(thread.not_implemented());
        }
        match compare::equals(self, other, thread)? {
            Some(equal) => Ok(Bool::new(equal == (operation == Comparison::Equal))),
            None => Ok(thread.not_implemented()),
        }
    }

    #[slot(tp_iter)]
    fn iter(&self, thread: &mut Thread) -> PyResult<Py<MemoryIterator>> {
        MemoryIterator::new(self, thread)
    }

    #[slot(sq_length, mp_length)]
    fn len(&self, thread: &mut Thread) -> PyResult<usize> {
        self.check(thread)?;
        match self.shape().first() {
            Some(length) => Ok(*length as usize),
            None => Err(raise!(thread, TypeError, "0-dim memory has no length")),
        }
    }

    #[slot(sq_item)]
    fn item(&self, index: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        index::item(self, index, thread)
    }

    #[slot(mp_subscript)]
    fn subscript(&self, key: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        index::subscript(self, key, thread)
    }

    #[slot(mp_ass_subscript)]
    fn assign_subscript(&self, key: &Object, value: Option<&Object>, thread: &mut Thread) -> PyResult<()> {
        index::assign(self, key, value, thread)
    }

    #[slot(bf_getbuffer)]
    fn get_buffer(&self, view: *mut Py_buffer, flags: c_int, thread: &mut Thread) -> PyResult<()> {
        self.check(thread)?;
        if self.is_restricted() {
            return Err(raise!(thread, ValueError, "cannot create new view on restricted memoryview"));
        }
        self.check_request(flags, thread)?;
        // SAFETY: the caller passes a view to fill.
        let (view, own) = (unsafe { &*view }, self.raw());
        let asks_for = |flag: c_int| flags & flag == flag;
        let or_null = |wanted: bool, pointer: *mut isize| if wanted { pointer } else { std::ptr::null_mut() };
        view.buf.set(own.buf.get());
        view.len.set(own.len.get());
        view.itemsize.set(own.itemsize.get());
        view.readonly.set(own.readonly.get());
        view.ndim.set(if asks_for(PyBUF_ND) { own.ndim.get() } else { 1 });
        view.format.set(if asks_for(PyBUF_FORMAT) { own.format.get() } else { std::ptr::null_mut() });
        view.shape.set(or_null(asks_for(PyBUF_ND), own.shape.get()));
        view.strides.set(or_null(asks_for(PyBUF_STRIDES), own.strides.get()));
        view.suboffsets.set(own.suboffsets.get());
        view.internal.set(std::ptr::null_mut());
        view.obj.set(Py::from_ref(self).into_pointer());
        self.add_export();
        Ok(())
    }

    #[slot(bf_releasebuffer)]
    fn release_buffer(&self, _view: *mut Py_buffer) {
        self.remove_export();
    }

    /// release($self, /)
    /// --
    ///
    /// Release the underlying buffer exposed by the memoryview object.
    #[method(name = "release")]
    fn release_method(&self, thread: &mut Thread) -> PyResult<()> {
        self.release_view(thread)
    }

    /// hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)
    /// --
    ///
    /// Return the data in the buffer as a str of hexadecimal numbers.
    ///
    ///   sep
    ///     An optional single character or byte to separate hex bytes.
    ///   bytes_per_sep
    ///     How many bytes between separators.  Positive values count from
    ///     the right, negative values count from the left.
    ///
    /// Example:
    /// >>> value = memoryview(b'\xb9\x01\xef')
    /// >>> value.hex()
    /// 'b901ef'
    /// >>> value.hex(':')
    /// 'b9:01:ef'
    /// >>> value.hex(':', 2)
    /// 'b9:01ef'
    /// >>> value.hex(':', -2)
    /// 'b901:ef'
    #[method]
    #[signature("(sep=None, bytes_per_sep=1)")]
    fn hex(&self, sep: Option<&Object>, bytes_per_sep: i32, thread: &mut Thread) -> PyResult<Py<Str>> {
        self.check(thread)?;
        text_form::to_hex(|thread| self.to_vec(thread), sep, bytes_per_sep, thread)
    }

    /// tobytes($self, /, order='C')
    /// --
    ///
    /// Return the data in the buffer as a byte string.
    ///
    /// Order can be {'C', 'F', 'A'}.  When order is 'C' or 'F', the data of
    /// the original array is converted to C or Fortran order.  For
    /// contiguous views, 'A' returns an exact copy of the physical memory.
    /// In particular, in-memory Fortran order is preserved.  For
    /// non-contiguous views, the data is converted to C first.  order=None
    /// is the same as order='C'.
    #[method]
    fn tobytes(&self, order: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Bytes>> {
        let order = self.order(order, thread)?;
        self.check(thread)?;
        let contents = copy_items(self.raw(), order, thread)?;
        Bytes::try_from_slice(&contents, thread)
    }

    /// tolist($self, /)
    /// --
    ///
    /// Return the data in the buffer as a list of elements.
    #[method]
    fn tolist(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.check(thread)?;
        let format = Format::of(self.raw(), thread)?;
        let (shape, strides) = (self.shape(), self.strides());
        self.nested_list(format, &shape, &strides, &mut Vec::new(), thread)
    }

    /// cast($self, /, format, shape=<unrepresentable>)
    /// --
    ///
    /// Cast a memoryview to a new format or shape.
    #[method(name = "cast")]
    #[signature("(format, shape=None)")]
    fn cast_method(&self, format: &Str, shape: Option<&Object>, thread: &mut Thread) -> PyResult<Py<MemoryView>> {
        cast::cast(self, format, shape, thread)
    }

    /// toreadonly($self, /)
    /// --
    ///
    /// Return a readonly version of the memoryview.
    #[method]
    fn toreadonly(&self, thread: &mut Thread) -> PyResult<Py<MemoryView>> {
        let view = self.derive(Shape::of(self.raw()), self.raw().buf.get().cast(), thread)?;
        view.raw().readonly.set(1);
        Ok(view)
    }

    /// count($self, value, /)
    /// --
    ///
    /// Count the number of occurrences of a value.
    #[method]
    fn count(&self, value: &Object, thread: &mut Thread) -> PyResult<usize> {
        let iterator = MemoryIterator::new(self, thread)?;
        let mut count = 0;
        while let Some(item) = protocol::next(&iterator, thread)? {
            count += usize::from(protocol::equals(&item, value, thread)?);
        }
        Ok(count)
    }

    /// index($self, value, start=0, stop=sys.maxsize, /)
    /// --
    ///
    /// Return the index of the first occurrence of a value.
    ///
    /// Raises ValueError if the value is not present.
    #[method(name = "index")]
    fn index_method(&self, value: &Object, start: isize, stop: isize, thread: &mut Thread) -> PyResult<isize> {
        self.check(thread)?;
        if self.dimensions() == 0 {
            return Err(index::raise_no_dimension(thread));
        }
        if self.dimensions() != 1 {
            return Err(raise!(thread, NotImplementedError, "multi-dimensional lookup is not implemented"));
        }
        let length = self.shape()[0];
        let clip = |bound: isize| if bound < 0 { (bound + length).max(0) } else { bound.min(length) };
        for place in clip(start)..clip(stop) {
            let item = index::item(self, place, thread)?;
            if protocol::equals(&item, value, thread)? {
                return Ok(place);
            }
        }
        Err(raise!(thread, ValueError, "memoryview.index(x): x not found"))
    }

    /// __enter__($self, /)
    /// --
    ///
    ///
    #[method]
    fn __enter__(&self, thread: &mut Thread) -> PyResult<Py<MemoryView>> {
        self.check(thread)?;
        Ok(Py::from_ref(self))
    }

    /// __exit__($self, /, *exc_info)
    /// --
    ///
    /// Release the underlying buffer exposed by the memoryview object.
    #[method]
    fn __exit__(&self, exc_info: &[&Object], thread: &mut Thread) -> PyResult<()> {
        let _ = exc_info;
        self.release_view(thread)
    }

    /// _from_flags($type, /, object, flags)
    /// --
    ///
    /// Create a new memoryview object which references the given object.
    #[classmethod]
    fn _from_flags(class: &Type, object: &Object, flags: i32, thread: &mut Thread) -> PyResult<Py<MemoryView>> {
        let _ = class;
        MemoryView::of(object, flags, thread)
    }

    /// __class_getitem__($type, object, /)
    /// --
    ///
    /// memoryviews are generic over the type of their underlying data
    #[classmethod]
    fn __class_getitem__(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        protocol::generic_alias(class, object, thread)
    }

    /// The underlying object of the memoryview.
    #[getter]
    fn obj(&self, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
        self.check(thread)?;
        Ok(self.exporter())
    }

    /// The amount of space in bytes that the array would use in
    ///  a contiguous representation.
    #[getter]
    fn nbytes(&self, thread: &mut Thread) -> PyResult<isize> {
        self.check(thread)?;
        Ok(self.raw().len.get())
    }

    /// A bool indicating whether the memory is read only.
    #[getter]
    fn readonly(&self, thread: &mut Thread) -> PyResult<bool> {
        self.check(thread)?;
        Ok(self.raw().readonly.get() != 0)
    }

    /// The size in bytes of each element of the memoryview.
    #[getter]
    fn itemsize(&self, thread: &mut Thread) -> PyResult<isize> {
        self.check(thread)?;
        Ok(self.raw().itemsize.get())
    }

    /// A string containing the format (in struct module style)
    ///  for each element in the view.
    #[getter]
    fn format(&self, thread: &mut Thread) -> PyResult<String> {
        self.check(thread)?;
        Ok(format_text(self.raw()))
    }

    /// An integer indicating how many dimensions of a multi-dimensional
    ///  array the memory represents.
    #[getter]
    fn ndim(&self, thread: &mut Thread) -> PyResult<usize> {
        self.check(thread)?;
        Ok(self.dimensions())
    }

    /// A tuple of ndim integers giving the shape of the memory
    ///  as an N-dimensional array.
    #[getter(name = "shape")]
    fn shape_tuple(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.check(thread)?;
        numbers(&self.shape(), thread)
    }

    /// A tuple of ndim integers giving the size in bytes to access
    ///  each element for each dimension of the array.
    #[getter(name = "strides")]
    fn strides_tuple(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.check(thread)?;
        numbers(&self.strides(), thread)
    }

    /// A tuple of integers used internally for PIL-style arrays.
    #[getter]
    fn suboffsets(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.check(thread)?;
        numbers(&Shape::of(self.raw()).suboffsets.unwrap_or_default(), thread)
    }

    /// A bool indicating whether the memory is C contiguous.
    #[getter]
    fn c_contiguous(&self, thread: &mut Thread) -> PyResult<bool> {
        self.check(thread)?;
        Ok(self.is_c_contiguous())
    }

    /// A bool indicating whether the memory is Fortran contiguous.
    #[getter]
    fn f_contiguous(&self, thread: &mut Thread) -> PyResult<bool> {
        self.check(thread)?;
        Ok(self.is_fortran_contiguous())
    }

    /// A bool indicating whether the memory is contiguous.
    #[getter]
    fn contiguous(&self, thread: &mut Thread) -> PyResult<bool> {
        self.check(thread)?;
        Ok(self.is_c_contiguous() || self.is_fortran_contiguous())
    }
}

impl MemoryView {
    /// The object whose memory this is.
    fn exporter(&self) -> Option<Py<Object>> {
        // SAFETY: the managed buffer keeps the exporter while the view is not released, which callers have checked.
        unsafe { Object::from_pointer(self.raw().obj.get()) }.map(Py::from_ref)
    }

    /// Whether the view can be exported as the flags ask: CPython's checks in their order (`memory_getbuf`).
    fn check_request(&self, flags: c_int, thread: &mut Thread) -> PyResult<()> {
        let asks_for = |flag: c_int| flags & flag == flag;
        let (c, fortran) = (self.is_c_contiguous(), self.is_fortran_contiguous());
        let problem = if asks_for(PyBUF_WRITABLE) && self.raw().readonly.get() != 0 {
            "underlying buffer is not writable"
        } else if asks_for(PyBUF_C_CONTIGUOUS) && !c {
            "underlying buffer is not C-contiguous"
        } else if asks_for(PyBUF_F_CONTIGUOUS) && !fortran {
            "underlying buffer is not Fortran contiguous"
        } else if asks_for(PyBUF_ANY_CONTIGUOUS) && !c && !fortran {
            "underlying buffer is not contiguous"
        } else if !asks_for(PyBUF_INDIRECT) && self.needs_suboffsets() {
            "underlying buffer requires suboffsets"
        } else if !asks_for(PyBUF_STRIDES) && !c {
            "underlying buffer is not C-contiguous"
        } else if !asks_for(PyBUF_ND) && asks_for(PyBUF_FORMAT) {
            "cannot cast to unsigned bytes if the format flag is present"
        } else {
            return Ok(());
        };
        Err(raise_buffer_error(problem, thread))
    }

    /// The order that `tobytes` is asked for; `A` is that of the memory itself.
    fn order(&self, order: Option<&Object>, thread: &mut Thread) -> PyResult<Order> {
        let Some(order) = order.filter(|it| !it.is_none()) else { return Ok(Order::C) };
        let Some(text) = order.downcast::<Str>() else {
            let class = order.class().full_name();
            return Err(raise!(thread, TypeError, "tobytes() argument 'order' must be str or None, not {class}"));
        };
        match &*text.to_string_lossy() {
            "C" => Ok(Order::C),
            "F" => Ok(Order::Fortran),
            "A" if self.is_fortran_contiguous() && !self.is_c_contiguous() => Ok(Order::Fortran),
            "A" => Ok(Order::C),
            _ => Err(raise!(thread, ValueError, "order must be 'C', 'F' or 'A'")),
        }
    }

    /// The items below `place` as lists in lists; an item itself where all dimensions have an index.
    fn nested_list(
        &self,
        format: Format,
        shape: &[isize],
        strides: &[isize],
        place: &mut Vec<isize>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        if place.len() == shape.len() {
            let pointer = item_pointer(self.raw(), strides, place);
            // SAFETY: the view is not released (nothing here runs Python code), and the indices lie in its shape.
            return unsafe { format.unpack(pointer, thread) };
        }
        let length = shape[place.len()];
        let mut items = with_room(length as usize).or_memory_error(thread)?;
        for index in 0..length {
            thread.check_memory()?;
            place.push(index);
            items.push(self.nested_list(format, shape, strides, place, thread)?);
            place.pop();
        }
        List::new(items, thread).map(Py::into_object)
    }
}

#[cold]
fn raise_buffer_error(problem: &str, thread: &mut Thread) -> Raised {
    raise!(thread, BufferError, "memoryview: {problem}")
}

/// A tuple of numbers.
fn numbers(values: &[isize], thread: &mut Thread) -> PyResult<Py<Tuple>> {
    let items = values.iter().map(|value| protocol::make_int(*value as i128, thread)).collect();
    Tuple::new(items, thread)
}
