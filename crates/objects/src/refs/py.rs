//! `Py<T>`: an owned reference.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;

use layout::PyObject;

use super::object::{HasHeader, Object};
use super::release::release_pointer;
use crate::thread::Thread;
use crate::types::Instance;

/// One owned reference to an object. `clone` adds one to the count, `drop` takes one away, and the last one frees the object: at once
/// where that cannot run Python code, otherwise at the thread's next safe point.
#[repr(transparent)]
pub struct Py<T: HasHeader = Object> {
    pointer: NonNull<T>,
    not_send: PhantomData<*const T>,
}

impl<T: HasHeader> Py<T> {
    /// A new reference to a borrowed object.
    #[inline(always)]
    pub fn from_ref(object: &T) -> Self {
        object.as_object().increment();
        Self { pointer: NonNull::from(object), not_send: PhantomData }
    }

    /// Takes over a reference that the caller owns.
    ///
    /// # Safety
    /// The pointer is to a live `T`, and the caller gives up one reference to it.
    #[inline(always)]
    pub unsafe fn steal(pointer: NonNull<T>) -> Self {
        Self { pointer, not_send: PhantomData }
    }

    /// Takes over a reference from C, or None for null.
    ///
    /// # Safety
    /// The pointer is null, or to a live object that is a `T`, of which the caller gives up one reference.
    #[inline(always)]
    pub unsafe fn steal_pointer(pointer: *mut PyObject) -> Option<Self> {
        // SAFETY: passed on to the caller.
        NonNull::new(pointer.cast::<T>()).map(|it| unsafe { Self::steal(it) })
    }

    /// Gives the reference away as a C pointer.
    #[inline(always)]
    pub fn into_pointer(self) -> *mut PyObject {
        ManuallyDrop::new(self).pointer.as_ptr().cast()
    }

    /// The same reference, to an object of whatever type.
    #[inline(always)]
    pub fn into_object(self) -> Py<Object> {
        Py { pointer: ManuallyDrop::new(self).pointer.cast(), not_send: PhantomData }
    }

    /// Gives the reference back with the thread at hand: if it was the last, the object is gone, `__del__` and
    /// weak reference callbacks included, when this returns.
    #[inline]
    pub fn release(self, thread: &mut Thread) {
        super::release::release_now(self.into_pointer(), thread);
    }

    /// True if this is the only reference.
    pub fn is_unique(&self) -> bool {
        self.as_object().reference_count() == 1
    }
}

impl Py<Object> {
    /// The same reference as a `Py<T>`, if the object is an instance of `T`'s type or of a subtype.
    #[inline]
    pub fn downcast_into<T: Instance>(self) -> Result<Py<T>, Self> {
        if self.class().is_subtype(T::class()) {
            // SAFETY: instances of the type and of its subtypes start with the struct `T`.
            Ok(unsafe { self.cast_into() })
        } else {
            Err(self)
        }
    }

    /// The same reference as a `Py<T>`.
    ///
    /// # Safety
    /// The object is an instance of `T`'s type or of a subtype.
    #[inline(always)]
    pub unsafe fn cast_into<T: HasHeader>(self) -> Py<T> {
        Py { pointer: ManuallyDrop::new(self).pointer.cast(), not_send: PhantomData }
    }
}

impl<T: HasHeader> Deref for Py<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: the reference that `self` owns keeps the object alive.
        unsafe { self.pointer.as_ref() }
    }
}

impl<T: HasHeader> Clone for Py<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        Self::from_ref(self)
    }
}

impl<T: HasHeader> Drop for Py<T> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: `self` owns one reference and gives it up here.
        unsafe { release_pointer(self.pointer.as_ptr().cast()) }
    }
}

impl<T: HasHeader> From<&T> for Py<T> {
    #[inline(always)]
    fn from(object: &T) -> Self {
        Self::from_ref(object)
    }
}
