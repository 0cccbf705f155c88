//! `Object`: the 16-byte header that every object starts with, and the structs that embed it.

use std::cell::Cell;

use layout::{_Py_IMMORTAL_INITIAL_REFCNT, PyObject, PyVarObject};

use crate::types::{Instance, Type};

/// Any object, known only by its header.
///
/// ```text
/// 0        4          6       8        16
/// count    overflow   flags   type
/// ```
#[repr(transparent)]
pub struct Object(PyObject);

/// The header as the first field of an object's struct.
pub type Header = Object;

/// The header of objects that end in a variable number of items.
#[repr(C)]
pub struct VarHeader {
    header: Header,
    size: Cell<isize>,
}

/// Structs that start with an [`Object`].
///
/// # Safety
/// The struct is `repr(C)` or `repr(transparent)` and its first field is a header or implements this trait.
pub unsafe trait HasHeader {
    /// The object that this struct is.
    #[inline(always)]
    fn as_object(&self) -> &Object {
        // SAFETY: the trait promises that a header lies at offset 0, and an `Object` is no larger than the header.
        unsafe { &*std::ptr::from_ref(self).cast::<Object>() }
    }
}

// SAFETY: it is the header.
unsafe impl HasHeader for Object {}
// SAFETY: its first field is the header, and it is `repr(C)`.
unsafe impl HasHeader for VarHeader {}

impl Object {
    /// A header with one reference, of the given type. Instances of heap types own a reference to their type, which
    /// whoever allocates accounts for.
    pub fn new(class: &Type) -> Header {
        Object(PyObject {
            ob_refcnt: Cell::new(1),
            ob_overflow: Cell::new(0),
            ob_flags: Cell::new(0),
            ob_type: Cell::new(class.as_pointer()),
        })
    }

    /// The header of a static, immortal object.
    pub const fn immortal(class: *mut layout::PyTypeObject) -> Header {
        Object(PyObject::immortal(class))
    }

    /// The object's type. Not `__class__`, which may lie.
    #[inline(always)]
    pub fn class(&self) -> &Type {
        // SAFETY: a live object's type pointer is never null, and the object keeps its type alive.
        unsafe { &*self.0.ob_type.get().cast::<Type>() }
    }

    /// Makes the object an instance of another type, as assignment to `__class__` does. Counts are the caller's.
    pub fn set_class(&self, class: &Type) {
        self.0.ob_type.set(class.as_pointer());
    }

    /// As C sees it.
    #[inline(always)]
    pub fn as_pointer(&self) -> *mut PyObject {
        std::ptr::from_ref(self).cast_mut().cast()
    }

    /// The object behind a C pointer, or None for null.
    ///
    /// # Safety
    /// The pointer is null or points to an object that lives as long as `'a`.
    #[inline(always)]
    pub unsafe fn from_pointer<'a>(pointer: *mut PyObject) -> Option<&'a Object> {
        // SAFETY: passed on to the caller.
        unsafe { pointer.cast::<Object>().as_ref() }
    }

    /// `id()`.
    pub fn address(&self) -> usize {
        self.as_pointer() as usize
    }

    /// `is`.
    #[inline(always)]
    pub fn is(&self, other: &Object) -> bool {
        std::ptr::eq(self, other)
    }

    /// The reference count as C and `sys.getrefcount` read it.
    #[inline(always)]
    pub fn reference_count(&self) -> u32 {
        self.0.ob_refcnt.get()
    }

    #[inline(always)]
    pub fn is_immortal(&self) -> bool {
        (self.0.ob_refcnt.get() as i32) < 0
    }

    /// Makes the object live for ever.
    pub fn make_immortal(&self) {
        self.0.ob_refcnt.set(_Py_IMMORTAL_INITIAL_REFCNT);
        self.0.ob_flags.set(self.0.ob_flags.get() | layout::_Py_IMMORTAL_FLAGS);
    }

    /// Adds one to the count. Whoever calls takes over one reference: use [`super::Py`] instead where possible.
    #[inline(always)]
    pub fn increment(&self) {
        let count = self.0.ob_refcnt.get();
        if (count as i32) >= 0 {
            self.0.ob_refcnt.set(count + 1);
        }
    }

    /// Takes one from the count; true if it was the last.
    #[inline(always)]
    pub(crate) fn decrement(&self) -> bool {
        let count = self.0.ob_refcnt.get();
        if (count as i32) < 0 {
            return false;
        }
        debug_assert!(count > 0, "a reference is given back that nobody owns");
        self.0.ob_refcnt.set(count - 1);
        count == 1
    }

    /// Sets the count, for objects that come back to life or that are being made.
    pub(crate) fn set_reference_count(&self, count: u32) {
        self.0.ob_refcnt.set(count);
    }

    /// True if the object's type is exactly `T`'s.
    #[inline(always)]
    pub fn is_exactly<T: Instance>(&self) -> bool {
        std::ptr::eq(self.class(), T::class())
    }

    /// The object as `T`, if it is an instance of `T`'s type or of a subtype.
    #[inline(always)]
    pub fn downcast<T: Instance>(&self) -> Option<&T> {
        // SAFETY: instances of the type and of its subtypes start with the struct `T`.
        self.class().is_subtype(T::class()).then(|| unsafe { cast(self) })
    }

    /// The object as `T`, if its type is exactly `T`'s.
    #[inline(always)]
    pub fn downcast_exact<T: Instance>(&self) -> Option<&T> {
        // SAFETY: instances of the type are structs `T`.
        self.is_exactly::<T>().then(|| unsafe { cast(self) })
    }
}

impl VarHeader {
    /// A header with one reference, of the given type, with so many items.
    pub fn new(class: &Type, size: isize) -> Self {
        Self { header: Object::new(class), size: Cell::new(size) }
    }

    /// The header of a static, immortal object.
    pub const fn immortal(class: *mut layout::PyTypeObject, size: isize) -> Self {
        Self { header: Object::immortal(class), size: Cell::new(size) }
    }

    /// `ob_size`: the number of items, where the type does not use it for something else.
    #[inline(always)]
    pub fn size(&self) -> isize {
        self.size.get()
    }

    #[inline(always)]
    pub fn set_size(&self, size: isize) {
        self.size.set(size);
    }
}

const _: () = assert!(size_of::<VarHeader>() == size_of::<PyVarObject>());

/// The object as a struct `T`.
///
/// # Safety
/// The object is an instance of `T`'s type or of a subtype.
#[inline(always)]
pub unsafe fn cast<T>(object: &Object) -> &T {
    // SAFETY: the caller vouches for the type; the struct starts at the header.
    unsafe { &*std::ptr::from_ref(object).cast::<T>() }
}
