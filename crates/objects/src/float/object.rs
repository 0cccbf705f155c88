//! The float object: its layout, how floats are made and read.
//!
//! A float is one block of the allocator's second smallest class: making one is popping that class's free list, so a list of freed floats
//! beside it would save nothing.

use layout::{PyFloatObject, PyObject};
use macros::Instance;

use crate::errors::PyResult;
use crate::refs::{Header, Object, Py, deallocate_instance};
use crate::thread::Thread;
use crate::types::{Instance as _, Type};

/// A floating-point number.
#[derive(Instance)]
#[repr(C)]
pub struct Float {
    header: Header,
    value: f64,
}

const _: () = assert!(size_of::<Float>() == size_of::<PyFloatObject>());

impl Float {
    #[inline(always)]
    pub fn new(value: f64, thread: &mut Thread) -> Py<Float> {
        Py::new(Float { header: Header::new(Float::class()), value }, thread)
    }

    /// A new instance of `class`, which is float or a subtype.
    pub(super) fn new_of(class: &Type, value: f64, thread: &mut Thread) -> PyResult<Py<Float>> {
        Py::new_in(class, Float { header: Header::new(Float::class()), value }, thread)
    }

    /// Gives an exact float that nobody but the caller has another value: the loop's results take the place of its operands.
    ///
    /// # Safety
    /// The object is an exact float, and the caller has its only reference.
    #[inline(always)]
    pub unsafe fn overwrite(object: &Object, value: f64) {
        // SAFETY: nobody else can look; the field lies in the object.
        unsafe { std::ptr::addr_of_mut!((*object.as_pointer().cast::<Float>()).value).write(value) }
    }

    #[inline(always)]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The same value as an exact float.
    #[inline]
    pub fn to_exact(&self, thread: &mut Thread) -> Py<Float> {
        if self.is_exactly::<Float>() { Py::from_ref(self) } else { Self::new(self.value, thread) }
    }

    /// `hash(self)`: that of the equal integer if there is one; NaNs hash by identity.
    pub fn hash_value(&self) -> isize {
        hash_of(self.value, self)
    }
}

/// The hash of a float that is a part of `owner`.
pub fn hash_of(value: f64, owner: &Object) -> isize {
    match numeric::convert::hash::hash_float(value) {
        Some(hash) => hash as isize,
        None => crate::object::hash_of_address(owner.address()),
    }
}

/// `tp_dealloc` of float: exact ones go straight back to the allocator.
///
/// # Safety
/// Called as `tp_dealloc`: the object's count is zero, and it is a float.
pub(super) unsafe extern "C-unwind" fn deallocate(object: *mut PyObject) {
    // SAFETY: the memory is intact.
    if !unsafe { &*object.cast::<Object>() }.is_exactly::<Float>() {
        // SAFETY: this function's contract.
        return unsafe { deallocate_instance::<Float>(object) };
    }
    // SAFETY: objects only exist while their thread is attached; an exact float is one block of this size, which nobody uses any more.
    unsafe { Thread::current().allocator().free_sized(object.cast(), size_of::<Float>()) };
}
