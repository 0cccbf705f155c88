//! What C code attaches to code objects (`PyUnstable_Code_SetExtra`): a pointer for each index that it has asked for, and what frees it.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::ptr;

use objects::gc::{Traverse, Visitor};
use objects::thread::Thread;

use super::Code;

/// What frees an attached pointer.
pub type FreeExtra = unsafe extern "C-unwind" fn(*mut c_void);

/// Indices that can be asked for.
const MOST: usize = 255;

/// What frees the pointers of each index that was asked for.
#[derive(Default)]
struct Indices(RefCell<Vec<Option<FreeExtra>>>);

/// The pointers of one code object: null, or a list of its own.
#[derive(Default)]
#[repr(transparent)]
pub(super) struct Extra(Cell<*mut Vec<Attached>>);

#[derive(Clone, Copy)]
struct Attached {
    value: *mut c_void,
    free: Option<FreeExtra>,
}

impl Attached {
    const NOTHING: Self = Self { value: ptr::null_mut(), free: None };

    fn release(self) {
        if let Some(free) = self.free.filter(|_| !self.value.is_null()) {
            // SAFETY: whoever attached the pointer gave this function to free it, once.
            unsafe { free(self.value) }
        }
    }
}

impl Traverse for Extra {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl Drop for Extra {
    fn drop(&mut self) {
        let list = self.0.replace(ptr::null_mut());
        if !list.is_null() {
            // SAFETY: the list is this code object's own, made by `Box`.
            let list = unsafe { Box::from_raw(list) };
            list.iter().for_each(|it| it.release());
        }
    }
}

/// A new index for all code objects; None if there are no more.
pub fn request_extra_index(free: Option<FreeExtra>, thread: &Thread) -> Option<usize> {
    let indices = thread.interpreter().extension::<Indices>();
    let mut indices = indices.0.borrow_mut();
    if indices.len() >= MOST {
        return None;
    }
    indices.push(free);
    Some(indices.len() - 1)
}

impl Code {
    /// What is attached at an index; null if nothing is.
    pub fn extra(&self, index: usize) -> *mut c_void {
        // SAFETY: the list is this code object's own; nothing else holds it meanwhile.
        let list = unsafe { self.extra.0.get().as_ref() };
        list.and_then(|it| it.get(index)).map_or(ptr::null_mut(), |it| it.value)
    }

    /// Attaches a pointer; what was there is freed. False for an index that nobody has asked for.
    pub fn set_extra(&self, index: usize, value: *mut c_void, thread: &Thread) -> bool {
        let indices = thread.interpreter().extension::<Indices>();
        let Some(free) = indices.0.borrow().get(index).copied() else { return false };
        if self.extra.0.get().is_null() {
            self.extra.0.set(Box::into_raw(Box::default()));
        }
        // SAFETY: as above; the list is left alone before C code runs.
        let old = unsafe {
            let list = &mut *self.extra.0.get();
            if list.len() <= index {
                list.resize(index + 1, Attached::NOTHING);
            }
            std::mem::replace(&mut list[index], Attached { value, free })
        };
        old.release();
        true
    }
}
