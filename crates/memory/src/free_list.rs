//! Lists of freed objects of one type, kept for reuse: for what programs allocate most.
//!
//! Types own these. A list is intrusive: an object's first word (its reference count, worthless now) is the link, so the
//! rest of it, such as the type pointer, is as it was when the object comes out again.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr::NonNull;

/// At most `limit` dead objects of type `T`.
pub struct FreeList<T> {
    first: Cell<*mut Link>,
    length: Cell<u32>,
    limit: u32,
    objects: PhantomData<*mut T>,
}

struct Link {
    next: *mut Link,
}

impl<T> FreeList<T> {
    /// An empty list.
    pub const fn new(limit: u32) -> FreeList<T> {
        const { assert!(size_of::<T>() >= size_of::<Link>() && align_of::<T>() >= align_of::<Link>()) }
        FreeList { first: Cell::new(std::ptr::null_mut()), length: Cell::new(0), limit, objects: PhantomData }
    }

    /// Keeps a dead object; false if the list is full, and the caller must free it.
    ///
    /// # Safety
    ///
    /// The object's memory is the caller's alone, stays allocated, and from now on is the list's, if it takes it.
    #[inline]
    pub unsafe fn push(&self, object: NonNull<T>) -> bool {
        let length = self.length.get();
        if length >= self.limit {
            return false;
        }
        let link = object.as_ptr().cast::<Link>();
        // SAFETY: the caller's promise; the object is large enough and aligned for a link (see `new`).
        unsafe { link.write(Link { next: self.first.get() }) };
        self.first.set(link);
        self.length.set(length + 1);
        true
    }

    /// The object that was pushed last. Its first word is rubbish, the rest as it was.
    #[inline]
    pub fn pop(&self) -> Option<NonNull<T>> {
        let first = NonNull::new(self.first.get())?;
        // SAFETY: what is in the list is the list's alone, and has a link.
        self.first.set(unsafe { first.as_ref() }.next);
        self.length.set(self.length.get() - 1);
        Some(first.cast())
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.length.get() as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.length.get() == 0
    }
}
