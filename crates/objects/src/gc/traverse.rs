//! `Traverse`: visiting and clearing the references that a struct holds.
//!
//! `#[derive(Instance)]` implements it field by field; the functions that go into `tp_traverse` and `tp_clear` are made here.

use std::cell::{Cell, UnsafeCell};
use std::ffi::{c_int, c_void};
use std::marker::PhantomData;

use layout::{PyObject, inquiry, traverseproc, visitproc};

use crate::refs::{Field, Guarded, HasHeader, Object, Py, VarHeader};

/// What a traversal calls for each reference: C's `visitproc` and its argument.
pub struct Visitor<'a> {
    visit: visitproc,
    argument: *mut c_void,
    /// The first non-zero answer ends the traversal.
    answer: c_int,
    lives: PhantomData<&'a ()>,
}

impl Visitor<'_> {
    /// A visitor for a traversal that C asked for.
    pub fn new(visit: visitproc, argument: *mut c_void) -> Self {
        Self { visit, argument, answer: 0, lives: PhantomData }
    }

    /// What the traversal is to return: non-zero ends it early.
    pub fn answer(&self) -> c_int {
        self.answer
    }

    /// Lets C code report the references of an object.
    pub fn visit_by(&mut self, object: &Object, function: traverseproc) {
        if self.answer == 0 {
            // SAFETY: the protocol of `tp_traverse`.
            self.answer = unsafe { function(object.as_pointer(), self.visit, self.argument) };
        }
    }

    /// Reports one reference.
    #[inline]
    pub fn visit<T: HasHeader>(&mut self, object: &T) {
        if self.answer == 0 {
            // SAFETY: the function and its argument belong together: C's contract of `tp_traverse`.
            self.answer = unsafe { (self.visit)(object.as_object().as_pointer(), self.argument) };
        }
    }
}

/// Structs and fields that may hold references to objects.
pub trait Traverse {
    /// False if no value of this type ever holds a reference that could be part of a cycle.
    const MAY_REFER: bool;
    /// Reports every owned reference.
    fn traverse(&self, visitor: &mut Visitor<'_>);
    /// Gives up the references that can be given up, to break a cycle.
    fn clear(&self);
}

macro_rules! holds_nothing {
    ($($typ:ty),* $(,)?) => {
        $(impl Traverse for $typ {
            const MAY_REFER: bool = false;
            #[inline(always)]
            fn traverse(&self, _: &mut Visitor<'_>) {}
            #[inline(always)]
            fn clear(&self) {}
        })*
    };
}

holds_nothing!(Object, VarHeader, bool, char, u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f64, String);

impl<T> Traverse for Cell<T> {
    const MAY_REFER: bool = false;
    #[inline(always)]
    fn traverse(&self, _: &mut Visitor<'_>) {}
    #[inline(always)]
    fn clear(&self) {}
}

impl<T> Traverse for UnsafeCell<T> {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// Raw pointers and function pointers own nothing as far as the collector knows.
impl<T> Traverse for *mut T {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

impl<T: HasHeader> Traverse for Py<T> {
    const MAY_REFER: bool = true;
    #[inline(always)]
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        visitor.visit::<T>(self);
    }
    fn clear(&self) {}
}

impl<T: HasHeader> Traverse for Field<T> {
    const MAY_REFER: bool = true;
    #[inline(always)]
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        // SAFETY: a visitor changes no field.
        if let Some(object) = unsafe { self.borrow() } {
            visitor.visit(object);
        }
    }
    fn clear(&self) {
        self.set(None);
    }
}

impl<T: Traverse> Traverse for Option<T> {
    const MAY_REFER: bool = T::MAY_REFER;
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        if let Some(value) = self {
            value.traverse(visitor);
        }
    }
    fn clear(&self) {}
}

impl<T: Traverse> Traverse for Vec<T> {
    const MAY_REFER: bool = T::MAY_REFER;
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.iter().for_each(|item| item.traverse(visitor));
    }
    fn clear(&self) {}
}

impl<T: Traverse> Traverse for Box<[T]> {
    const MAY_REFER: bool = T::MAY_REFER;
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.iter().for_each(|item| item.traverse(visitor));
    }
    fn clear(&self) {}
}

impl<A: Traverse, B: Traverse> Traverse for (A, B) {
    const MAY_REFER: bool = A::MAY_REFER || B::MAY_REFER;
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.0.traverse(visitor);
        self.1.traverse(visitor);
    }
    fn clear(&self) {}
}

/// Storage is emptied to break a cycle: its references are given up after the storage is empty.
impl<T: Traverse + Default> Traverse for Guarded<T> {
    const MAY_REFER: bool = T::MAY_REFER;
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        // SAFETY: a visitor changes no storage, and the collector runs only where no view is open: it needs the thread.
        unsafe { &*self.as_pointer() }.traverse(visitor);
    }
    fn clear(&self) {
        // SAFETY: as above.
        drop(unsafe { std::mem::take(&mut *self.as_pointer()) });
    }
}

/// `tp_traverse` of types whose instances are structs `T`.
pub const fn traverse_slot<T: Traverse>() -> Option<traverseproc> {
    if T::MAY_REFER { Some(traverse::<T>) } else { None }
}

/// `tp_clear` of types whose instances are structs `T`.
pub const fn clear_slot<T: Traverse>() -> Option<inquiry> {
    if T::MAY_REFER { Some(clear::<T>) } else { None }
}

/// # Safety
/// C's contract of `tp_traverse`: `object` is an instance, `visit` takes `argument`.
unsafe extern "C-unwind" fn traverse<T: Traverse>(
    object: *mut PyObject,
    visit: visitproc,
    argument: *mut c_void,
) -> c_int {
    let mut visitor = Visitor::new(visit, argument);
    // SAFETY: the caller passes an instance of the type.
    unsafe { &*object.cast::<T>() }.traverse(&mut visitor);
    visitor.answer
}

/// # Safety
/// C's contract of `tp_clear`: `object` is an instance.
unsafe extern "C-unwind" fn clear<T: Traverse>(object: *mut PyObject) -> c_int {
    // SAFETY: the caller passes an instance of the type.
    unsafe { &*object.cast::<T>() }.clear();
    0
}
