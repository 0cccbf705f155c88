//! `StackRef`: a reference in a frame, owned or borrowed; the frame's local variables and evaluation stack are made of these.
//!
//! It is CPython's `_PyStackRef`: a pointer whose lowest bit says that the reference is not counted here, because the object is immortal or
//! because something else in the frame keeps it (`LOAD_FAST_BORROW`). It is `Copy` and has no `Drop`, so that the loop has no
//! landing pads; whoever takes one off the stack closes it, moves it on or turns it into a `Py`.

use std::mem;

use layout::{_PyStackRef, Py_TAG_REFCNT, PyObject};
use objects::refs::{HasHeader, Object, Py, release_now};
use objects::thread::Thread;

/// A reference in a frame.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct StackRef(_PyStackRef);

impl StackRef {
    /// No object: an unbound variable, the absent receiver of a call.
    pub const NULL: Self = Self(_PyStackRef::NULL);

    /// Takes over an owned reference. Immortal objects are tagged, so that closing tests one bit.
    #[inline(always)]
    pub fn from_owned<T: HasHeader>(object: Py<T>) -> Self {
        let tag = usize::from(object.as_object().is_immortal());
        Self(_PyStackRef { bits: object.into_pointer() as usize | tag })
    }

    /// A counted reference to a borrowed object.
    #[inline(always)]
    pub fn from_new(object: &Object) -> Self {
        if object.is_immortal() {
            return Self::from_borrowed(object);
        }
        object.increment();
        Self(_PyStackRef { bits: object.as_pointer() as usize })
    }

    /// An uncounted reference: to an immortal object, or to one that the frame keeps elsewhere.
    #[inline(always)]
    pub fn from_borrowed(object: &Object) -> Self {
        Self(_PyStackRef { bits: object.as_pointer() as usize | Py_TAG_REFCNT })
    }

    /// An owned reference, or `NULL` for None.
    #[inline(always)]
    pub fn from_option(object: Option<Py<Object>>) -> Self {
        object.map_or(Self::NULL, Self::from_owned)
    }

    /// The number as a reference that is no object (`lasti` on the stack while an exception is handled).
    pub fn from_offset(offset: usize) -> Self {
        Self(_PyStackRef { bits: offset << 2 | 3 })
    }

    /// The number in it, if [`StackRef::from_offset`] made it.
    pub fn offset(self) -> usize {
        self.0.bits >> 2
    }

    /// True if it holds a number, not an object.
    #[inline(always)]
    pub fn is_offset(self) -> bool {
        self.0.bits & 3 == 3
    }

    #[inline(always)]
    pub fn is_null(self) -> bool {
        self.0.bits == Py_TAG_REFCNT
    }

    #[inline(always)]
    fn pointer(self) -> *mut PyObject {
        (self.0.bits & !Py_TAG_REFCNT) as *mut PyObject
    }

    /// The object, which lives as long as the reference is in its frame or in the hands of an instruction.
    #[inline(always)]
    pub fn object<'a>(self) -> &'a Object {
        debug_assert!(!self.is_null() && !self.is_offset());
        // SAFETY: a reference in a frame is to a live object; instructions use the result while they hold the reference.
        unsafe { &*self.pointer().cast::<Object>() }
    }

    /// The object, or None for `NULL`.
    #[inline(always)]
    pub fn as_option<'a>(self) -> Option<&'a Object> {
        if self.is_null() { None } else { Some(self.object()) }
    }

    /// True if it refers to this very object.
    #[inline(always)]
    pub fn is(self, object: &Object) -> bool {
        self.pointer() == object.as_pointer()
    }

    /// True if the count is somebody else's.
    #[inline(always)]
    pub fn is_borrowed(self) -> bool {
        self.0.bits & Py_TAG_REFCNT != 0
    }

    /// True if this is the only reference to the object.
    #[inline(always)]
    pub fn is_unique(self) -> bool {
        !self.is_borrowed() && self.object().reference_count() == 1
    }

    /// A second reference. One to a borrowed reference is borrowed too: what keeps the object keeps it for both.
    #[inline(always)]
    pub fn duplicate(self) -> Self {
        if !self.is_borrowed() {
            self.object().increment();
        }
        self
    }

    /// The same object by an uncounted reference; the original stays.
    #[inline(always)]
    pub fn borrow(self) -> Self {
        Self(_PyStackRef { bits: self.0.bits | Py_TAG_REFCNT })
    }

    /// A reference that may outlive the frame: a borrowed one is counted now, unless the object is immortal.
    #[inline(always)]
    fn promoted(self) -> Self {
        if self.is_null() || self.is_offset() { self } else { Self::from_new(self.object()) }
    }

    /// Makes an owned reference of a borrowed one, for what leaves the frame or goes into a variable.
    #[inline(always)]
    pub fn into_heap_safe(self) -> Self {
        if self.is_borrowed() { self.promoted() } else { self }
    }

    /// The reference as an owned one; `NULL` must not come here.
    #[inline(always)]
    pub fn into_py(self) -> Py<Object> {
        if self.is_borrowed() {
            return Py::from_ref(self.object());
        }
        // SAFETY: an untagged reference owns one count, which moves into the `Py`.
        unsafe { Py::steal_pointer(self.pointer()).unwrap_unchecked() }
    }

    /// The reference as an owned one, or None for `NULL`.
    #[inline(always)]
    pub fn into_option(self) -> Option<Py<Object>> {
        if self.is_null() { None } else { Some(self.into_py()) }
    }

    /// Gives the reference back.
    #[inline(always)]
    pub fn close(self, thread: &mut Thread) {
        if !self.is_borrowed() {
            release_now(self.pointer(), thread);
        }
    }
}

const _: () = assert!(mem::size_of::<StackRef>() == mem::size_of::<usize>());
