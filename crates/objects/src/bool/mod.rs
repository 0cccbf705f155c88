//! `bool`.

use std::cell::Cell;

use macros::python_type;

use crate::int::Int;
use crate::refs::{Header, Object, Py};
use crate::types::{Instance, Shared};

/// `True` or `False`: an int of one digit.
#[derive(macros::Instance)]
#[repr(C)]
pub struct Bool {
    header: Header,
    tag: Cell<usize>,
    digit: Cell<u32>,
}

#[unsafe(export_name = "_Py_FalseStruct")]
static FALSE: Shared<Bool> = Shared::new(Bool::immortal(1, 0));
#[unsafe(export_name = "_Py_TrueStruct")]
static TRUE: Shared<Bool> = Shared::new(Bool::immortal(1 << 3, 1));

impl Bool {
    const fn immortal(tag: usize, digit: u32) -> Self {
        let class = std::ptr::from_ref(Self::DECLARATION).cast_mut().cast();
        Self { header: Object::immortal(class), tag: Cell::new(tag), digit: Cell::new(digit) }
    }

    /// `True` or `False`.
    #[inline(always)]
    pub fn new(value: bool) -> Py<Object> {
        Py::from_ref(Self::get(value))
    }

    /// `True` or `False`, which live for ever.
    #[inline(always)]
    pub fn get(value: bool) -> &'static Object {
        let it = if value { &TRUE } else { &FALSE };
        // SAFETY: a static, which nobody writes after it was made.
        unsafe { &*it.get() }
    }
}

#[python_type(name = "bool", symbol = "PyBool_Type", base = Int, item_size = 4)]
impl Bool {}
