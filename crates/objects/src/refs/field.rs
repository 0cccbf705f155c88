//! `Field<T>`: a field of an object that holds an owned reference or nothing, and that may change.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use layout::PyObject;

use super::object::{HasHeader, Object};
use super::py::Py;

/// A changeable, possibly empty reference: one pointer, null when empty, as C declares such fields.
#[repr(transparent)]
pub struct Field<T: HasHeader = Object> {
    pointer: Cell<*mut PyObject>,
    owns: PhantomData<Py<T>>,
}

impl<T: HasHeader> Field<T> {
    #[expect(clippy::declare_interior_mutable_const, reason = "a template, to be copied")]
    pub const EMPTY: Self = Self { pointer: Cell::new(ptr::null_mut()), owns: PhantomData };

    pub fn new(value: Option<Py<T>>) -> Self {
        let field = Self::EMPTY;
        field.pointer.set(value.map_or(ptr::null_mut(), Py::into_pointer));
        field
    }

    /// A new reference to what the field holds.
    #[inline(always)]
    pub fn get(&self) -> Option<Py<T>> {
        // SAFETY: a pointer in the field is a reference that the field owns.
        NonNull::new(self.pointer.get().cast::<T>()).map(|it| Py::from_ref(unsafe { it.as_ref() }))
    }

    /// What the field holds, without counting.
    ///
    /// # Safety
    /// The field keeps its value as long as the result is used: nothing in between may set it.
    #[inline(always)]
    pub unsafe fn borrow(&self) -> Option<&T> {
        // SAFETY: a pointer in the field is a reference that the field owns, and the caller keeps it there.
        unsafe { self.pointer.get().cast::<T>().as_ref() }
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.pointer.get().is_null()
    }

    /// True if the field holds this very object.
    pub fn holds(&self, object: &Object) -> bool {
        ptr::eq(self.pointer.get().cast(), object)
    }

    /// Puts a value in and gives the old one back.
    #[must_use = "dropping the old value here may free it; use `set` to say that this is meant"]
    #[inline(always)]
    pub fn replace(&self, value: Option<Py<T>>) -> Option<Py<T>> {
        let old = self.pointer.replace(value.map_or(ptr::null_mut(), Py::into_pointer));
        // SAFETY: the field owned a reference to what it held, and gives it up here.
        unsafe { Py::steal_pointer(old) }
    }

    /// Puts a value in; the old one's reference is given back after the field has changed.
    #[inline(always)]
    pub fn set(&self, value: Option<Py<T>>) {
        drop(self.replace(value));
    }

    /// Empties the field.
    #[inline(always)]
    pub fn take(&self) -> Option<Py<T>> {
        self.replace(None)
    }
}

impl<T: HasHeader> Default for Field<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<T: HasHeader> Drop for Field<T> {
    #[inline(always)]
    fn drop(&mut self) {
        drop(self.take());
    }
}

impl<T: HasHeader> From<Py<T>> for Field<T> {
    fn from(value: Py<T>) -> Self {
        Self::new(Some(value))
    }
}
