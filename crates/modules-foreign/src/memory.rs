//! `_ctypes._CData`: the base of all instances of C types: bytes of their own, or bytes elsewhere.
//!
//! The invariant: what lies between `address` and `address + size` can be read and written as long as the object lives; for memory elsewhere the
//! program answers for that. Memory of its own is never moved under anybody's feet: what `resize` replaces is kept.

use std::cell::{Cell, RefCell};
use std::ffi::CString;

use layout::{Py_buffer, PyBUF_FORMAT, PyBUF_ND, PyBUF_SIMPLE, PyBUF_STRIDES, PyBUF_WRITABLE, PyObject};
use macros::{Instance, python_type};
use objects::errors::{OrMemoryError, PyResult, TryToVec};
use objects::gc::{Traverse, Visitor};
use objects::int::Int;
use objects::object::BaseObject;
use objects::protocol;
use objects::protocol::buffer::{self, Buffer, BytesLike};
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use crate::helpers::call_own;
use crate::value;

/// An address as a pointer.
pub fn place(address: usize) -> *mut u8 {
    std::ptr::with_exposed_provenance_mut(address)
}

/// The address and the size of an object's buffer.
pub fn extent(object: &Object, writable: bool, thread: &mut Thread) -> PyResult<(usize, usize)> {
    let flags = if writable { PyBUF_WRITABLE } else { PyBUF_SIMPLE };
    let view = Buffer::get(object, flags, thread)?;
    Ok((view.raw().buf.get().expose_provenance(), view.length()))
}

/// What buffers of an object are described by: the program's types decide, so it is kept as long as a view is.
struct Shape {
    format: CString,
    extents: Vec<isize>,
    strides: Vec<isize>,
}

/// Blocks of sixteen bytes, so that every C type is aligned.
#[derive(Default)]
struct Blocks(RefCell<Vec<Box<[u128]>>>);

impl Traverse for Blocks {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

#[derive(Instance)]
#[repr(C)]
pub struct CData {
    header: Header,
    address: Cell<usize>,
    size: Cell<usize>,
    exports: Cell<usize>,
    weak_references: Cell<*mut PyObject>,
    /// Memory of its own, the current block last; empty for memory elsewhere.
    blocks: Blocks,
    /// The instance that this is a part of, and which part.
    base: Field,
    index: Cell<isize>,
    /// What is kept alive for the memory.
    kept: Field,
}

impl CData {
    fn allocate(&self, size: usize, thread: &mut Thread) -> PyResult<()> {
        let count = size.div_ceil(16).max(1);
        let mut block = Vec::new();
        if block.try_reserve_exact(count).is_err() {
            return Err(thread.raise_memory_error());
        }
        block.resize(count, 0u128);
        let mut block = block.into_boxed_slice();
        let new = block.as_mut_ptr().cast::<u8>();
        let kept = self.size.get().min(size);
        if kept > 0 {
            // SAFETY: the old memory has so many bytes, the new one, too.
            unsafe { std::ptr::copy_nonoverlapping(place(self.address.get()), new, kept) };
        }
        self.address.set(new.expose_provenance());
        self.size.set(size);
        self.blocks.0.borrow_mut().push(block);
        Ok(())
    }

    /// The place of `count` bytes at an offset.
    fn range(&self, offset: usize, count: usize, thread: &mut Thread) -> PyResult<*mut u8> {
        match offset.checked_add(count) {
            Some(end) if end <= self.size.get() => Ok(place(self.address.get() + offset)),
            _ => Err(raise!(thread, ValueError, "outside of the memory of this object")),
        }
    }

    /// Format, extents and size of an item, from what the class says; bytes if it says nothing.
    fn shape(&self, thread: &mut Thread) -> PyResult<(Box<Shape>, isize)> {
        let name = thread.intern_text("_buffer_");
        let told = protocol::lookup_attribute(self.class(), &name, thread)?;
        let parts = told.as_ref().and_then(|it| it.downcast::<Tuple>()).map_or(&[][..], |it| it.items());
        let [format, item_size, extents] = parts else {
            let extents = vec![self.size.get() as isize];
            return Ok((Box::new(Shape { format: c"B".to_owned(), extents, strides: vec![1] }), 1));
        };
        let format = BytesLike::of(format, thread)?.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        let item_size = protocol::index_as_isize(item_size, thread)?;
        let extents = protocol::to_tuple(extents, thread)?;
        let mut numbers = Vec::new();
        for extent in extents.items() {
            numbers.push(protocol::index_as_isize(extent, thread)?);
        }
        let mut strides = vec![item_size; numbers.len()];
        for index in (0..numbers.len().saturating_sub(1)).rev() {
            strides[index] = strides[index + 1] * numbers[index + 1];
        }
        let format = CString::new(format).unwrap_or_default();
        Ok((Box::new(Shape { format, extents: numbers, strides }), item_size))
    }
}

/// An instance of a class with so many bytes: of its own, or at an address.
pub fn make(class: &Type, size: usize, address: Option<usize>, thread: &mut Thread) -> PyResult<Py<CData>> {
    if !class.is_subtype(CData::class()) {
        return Err(raise!(thread, TypeError, "a subclass of _CData is expected"));
    }
    let memory = CData {
        header: Header::new(class),
        address: Cell::new(address.unwrap_or(0)),
        size: Cell::new(if address.is_some() { size } else { 0 }),
        exports: Cell::new(0),
        weak_references: Cell::new(std::ptr::null_mut()),
        blocks: Blocks::default(),
        base: Field::EMPTY,
        index: Cell::new(0),
        kept: Field::EMPTY,
    };
    let memory = Py::new_in(class, memory, thread)?;
    if address.is_none() {
        memory.allocate(size, thread)?;
    }
    Ok(memory)
}

fn or_none(field: &Field, thread: &Thread) -> Py<Object> {
    field.get().unwrap_or_else(|| thread.none())
}

fn set_or_none(field: &Field, value: &Object) {
    field.set((!value.is_none()).then(|| Py::from_ref(value)));
}

/// XXX to be provided
#[python_type(
    name = "_ctypes._CData", base = BaseObject, flags(HEAPTYPE, BASETYPE),
    weaklist_offset = std::mem::offset_of!(CData, weak_references)
)]
impl CData {
    #[new]
    #[signature("(*arguments)")]
    fn new(class: &Type, arguments: &[&Object], thread: &mut Thread) -> PyResult<Py<CData>> {
        let _ = (class, arguments);
        Err(raise!(thread, TypeError, "abstract class"))
    }

    #[slot(tp_hash)]
    fn hash_value(&self, thread: &mut Thread) -> PyResult<isize> {
        Err(raise!(thread, TypeError, "unhashable type"))
    }

    /// default __ctypes_from_outparam__ method returns self.
    #[method]
    #[signature("()")]
    fn __ctypes_from_outparam__(&self) -> Py<CData> {
        Py::from_ref(self)
    }

    #[method]
    #[signature("()")]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        call_own("_reduce", &[self], thread)
    }

    #[method]
    #[signature("(attributes, data, /)")]
    fn __setstate__(&self, attributes: &Object, data: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        call_own("_set_state", &[self, attributes, data], thread)
    }

    /// the base object
    #[getter]
    fn _b_base_(&self, thread: &mut Thread) -> Py<Object> {
        or_none(&self.base, thread)
    }

    /// whether the object owns the memory or not
    #[getter]
    fn _b_needsfree_(&self) -> i32 {
        i32::from(self._is_owner())
    }

    /// internal objects tree (NEVER CHANGE THIS OBJECT!)
    #[getter]
    fn _objects(&self, thread: &mut Thread) -> Py<Object> {
        or_none(&self.kept, thread)
    }

    /// What is kept alive, for the Python text to change.
    #[getter]
    fn _kept(&self, thread: &mut Thread) -> Py<Object> {
        or_none(&self.kept, thread)
    }

    #[setter(name = "_kept")]
    fn set_kept(&self, value: Option<&Object>, _thread: &mut Thread) -> PyResult<()> {
        self.kept.set(value.filter(|it| !it.is_none()).map(Py::from_ref));
        Ok(())
    }

    #[getter]
    fn _index(&self) -> isize {
        self.index.get()
    }

    #[method]
    #[signature("(base, index, /)")]
    fn _be_part_of(&self, base: &Object, index: isize) {
        set_or_none(&self.base, base);
        self.index.set(index);
    }

    #[getter]
    fn _address(&self) -> usize {
        self.address.get()
    }

    #[getter]
    fn _size(&self) -> usize {
        self.size.get()
    }

    /// True for memory of its own.
    #[getter]
    fn _is_owner(&self) -> bool {
        !self.blocks.0.borrow().is_empty()
    }

    #[method]
    #[signature("(size, /)")]
    fn _resize(&self, size: usize, thread: &mut Thread) -> PyResult<()> {
        if self.exports.get() > 0 {
            return Err(raise!(thread, BufferError, "cannot resize memory that is exporting buffers"));
        }
        self.allocate(size, thread)
    }

    /// _load(code, swapped, offset, /)
    ///
    /// The value of a simple type at an offset.
    #[method]
    #[signature("(code, swapped, offset, /)")]
    fn _load(&self, code: char, swapped: bool, offset: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let place = self.range(offset, value::size(code), thread)?;
        // SAFETY: so many bytes are there.
        unsafe { value::load(code, swapped, place, thread) }
    }

    /// _store(code, swapped, offset, value, /)
    ///
    /// Stores the value of a simple type at an offset.
    #[method]
    #[signature("(code, swapped, offset, value, /)")]
    fn _store(&self, code: char, swapped: bool, offset: usize, value: &Object, thread: &mut Thread) -> PyResult<()> {
        let bytes = value::pack(code, swapped, value, thread)?;
        let bytes = bytes.as_slice();
        let target = self.range(offset, bytes.len(), thread)?;
        // SAFETY: so many bytes are there.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), target, bytes.len()) };
        Ok(())
    }

    #[method]
    #[signature("(offset, size, /)")]
    fn _read(&self, offset: usize, size: usize, thread: &mut Thread) -> PyResult<Py<Object>> {
        let place = self.range(offset, size, thread)?;
        // SAFETY: so many bytes are there.
        thread.make_bytes(unsafe { std::slice::from_raw_parts(place, size) })
    }

    #[method]
    #[signature("(offset, bytes, /)")]
    fn _write(&self, offset: usize, bytes: BytesLike<'_>, thread: &mut Thread) -> PyResult<()> {
        let new = bytes.as_slice(thread).try_to_vec().or_memory_error(thread)?;
        let place = self.range(offset, new.len(), thread)?;
        // SAFETY: so many bytes are there.
        unsafe { std::ptr::copy_nonoverlapping(new.as_ptr(), place, new.len()) };
        Ok(())
    }

    #[slot(bf_getbuffer)]
    fn get_buffer(&self, view: *mut Py_buffer, flags: i32, thread: &mut Thread) -> PyResult<()> {
        let (shape, item_size) = self.shape(thread)?;
        // SAFETY: the caller passes a view to fill; the memory stays while buffers are exported.
        unsafe { buffer::fill(view, self, place(self.address.get()), self.size.get(), false, flags, thread)? };
        // SAFETY: as above.
        let view = unsafe { &*view };
        let shape = Box::leak(shape);
        // Freed by `release_buffer`.
        view.internal.set(std::ptr::from_mut(shape).cast());
        view.itemsize.set(item_size);
        view.ndim.set(shape.extents.len() as i32);
        if flags & PyBUF_FORMAT == PyBUF_FORMAT {
            view.format.set(shape.format.as_ptr().cast_mut());
        }
        if flags & PyBUF_ND == PyBUF_ND {
            view.shape.set(shape.extents.as_mut_ptr());
        }
        if flags & PyBUF_STRIDES == PyBUF_STRIDES {
            view.strides.set(shape.strides.as_mut_ptr());
        }
        self.exports.set(self.exports.get() + 1);
        Ok(())
    }

    #[slot(bf_releasebuffer)]
    fn release_buffer(&self, view: *mut Py_buffer) {
        self.exports.set(self.exports.get().saturating_sub(1));
        // SAFETY: `get_buffer` put a box there, or nothing.
        unsafe {
            let shape = (*view).internal.replace(std::ptr::null_mut()).cast::<Shape>();
            if !shape.is_null() {
                drop(Box::from_raw(shape));
            }
        }
    }
}

/// The number behind an int, cut to 64 bits; TypeError for anything else.
pub fn cut(value: &Object, thread: &mut Thread) -> PyResult<u64> {
    let Some(int) = value.downcast::<Int>() else {
        let class = value.class().short_name();
        return Err(raise!(thread, TypeError, "int expected instead of {class} instance"));
    };
    match int.to_i128() {
        Some(number) => Ok(number as u64),
        None => {
            let mask = protocol::make_int(i128::from(u64::MAX), thread);
            let name = thread.intern_text("__and__");
            let low = protocol::call_method(value, &name, &[&mask], thread)?;
            Ok(low.downcast::<Int>().and_then(Int::to_i128).unwrap_or(0) as u64)
        }
    }
}
