//! The tuple object: its layout, how tuples are made and read.

use std::cell::Cell;
use std::mem::offset_of;

use layout::PyTupleObject;
use macros::{Instance, python_type};

use crate::errors::PyResult;
use crate::gc::{self, Traverse, Visitor};
use crate::refs::{Object, Py, VarHeader, allocate_variable};
use crate::thread::Thread;
use crate::types::Instance as _;

/// A tuple: the items follow the head.
#[derive(Instance)]
#[repr(C)]
pub struct Tuple {
    header: VarHeader,
    hash: Cell<isize>,
    items: Items,
}

/// The items of a tuple, as many as its header says.
#[repr(C)]
struct Items([*mut layout::PyObject; 0]);

const _: () = assert!(offset_of!(Tuple, items) == offset_of!(PyTupleObject, ob_item));

impl Traverse for Items {
    const MAY_REFER: bool = true;
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        // SAFETY: this is the last field of a tuple, which `items` reads from its start.
        let tuple = unsafe { &*std::ptr::from_ref(self).cast::<u8>().sub(offset_of!(Tuple, items)).cast::<Tuple>() };
        tuple.items().iter().for_each(|item| visitor.visit::<Object>(item));
    }
    fn clear(&self) {}
}

impl Drop for Items {
    fn drop(&mut self) {
        // SAFETY: as above; the tuple has no reference left, and its items are dropped once, here, from the last to the first.
        unsafe {
            let tuple = &*std::ptr::from_ref(self).cast::<u8>().sub(offset_of!(Tuple, items)).cast::<Tuple>();
            let items = tuple.item_pointer();
            for index in (0..tuple.length()).rev() {
                drop(Py::<Object>::steal_pointer(items.add(index).read()));
            }
        }
    }
}

impl Tuple {
    /// A new tuple of these items.
    pub fn new(items: Vec<Py<Object>>, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        if items.is_empty() {
            return Ok(Self::empty(thread));
        }
        let tuple = allocate_variable(Tuple::class(), items.len() as isize, thread)?;
        // SAFETY: the block is a tuple's, with room for the items.
        let tuple = unsafe { tuple.cast_into::<Tuple>() };
        tuple.hash.set(-1);
        for (index, item) in items.into_iter().enumerate() {
            // SAFETY: as above.
            unsafe { tuple.item_pointer().add(index).write(item.into_pointer()) };
        }
        // SAFETY: the tuple is whole now.
        unsafe { gc::track(tuple.as_pointer(), thread) };
        Ok(tuple)
    }

    /// The empty tuple.
    pub fn empty(thread: &mut Thread) -> Py<Tuple> {
        thread.interpreter().empty_tuple()
    }

    /// The items. A tuple never changes, so they may be read as long as the tuple is held.
    #[inline(always)]
    pub fn items(&self) -> &[Py<Object>] {
        // SAFETY: the items were written when the tuple was made, and a `Py` is one pointer.
        unsafe { std::slice::from_raw_parts(self.item_pointer().cast::<Py<Object>>(), self.length()) }
    }

    #[inline(always)]
    pub fn length(&self) -> usize {
        self.header.size() as usize
    }

    #[inline(always)]
    fn item_pointer(&self) -> *mut *mut layout::PyObject {
        std::ptr::from_ref(&self.items).cast_mut().cast()
    }
}

/// tuple(iterable=(), /)
/// --
///
/// Built-in immutable sequence.
///
/// If no argument is given, the constructor returns an empty tuple.
/// If iterable is specified the tuple is initialized from iterable's items.
///
/// If the argument is a tuple, the return value is the same object.
#[python_type(
    name = "tuple", symbol = "PyTuple_Type", base = crate::object::BaseObject,
    flags(BASETYPE, TUPLE_SUBCLASS, SEQUENCE), item_size = size_of::<*mut layout::PyObject>()
)]
impl Tuple {
    #[slot(sq_length, mp_length)]
    fn len(&self) -> PyResult<usize> {
        Ok(self.length())
    }
}
