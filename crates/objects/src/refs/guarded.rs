//! `Guarded<T>`: storage inside an object that only the holder of the thread token can open.
//!
//! A view borrows the token, and whatever may run Python code needs the token mutably, so no view survives such a call:
//! the compiler keeps the rule that CPython's authors keep by hand.

use std::cell::UnsafeCell;

use crate::thread::Thread;

/// A value that is read with `&Thread` and changed with `&mut Thread`.
#[repr(transparent)]
pub struct Guarded<T>(UnsafeCell<T>);

impl<T> Guarded<T> {
    pub const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// A view that lasts until the thread is needed for something that may run Python code.
    #[inline(always)]
    pub fn get<'t>(&'t self, _thread: &'t Thread) -> &'t T {
        // SAFETY: a mutable view borrows the one token of this thread mutably, so none exists beside `_thread`.
        unsafe { &*self.0.get() }
    }

    /// A view for changing the value; nothing else can be opened meanwhile.
    #[inline(always)]
    pub fn get_mut<'t>(&'t self, _thread: &'t mut Thread) -> &'t mut T {
        // SAFETY: the one token of this thread is borrowed mutably, so no other view exists.
        unsafe { &mut *self.0.get() }
    }

    /// The address of the value, for C code and for the collector.
    pub const fn as_pointer(&self) -> *mut T {
        self.0.get()
    }

    pub fn into_inner(self) -> T {
        self.0.into_inner()
    }
}
