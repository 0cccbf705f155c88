//! `bool`.

use std::cell::Cell;

use layout::PyObject;
use macros::python_type;

use crate::errors::{DeprecationWarning, PyResult};
use crate::int::Int;
use crate::refs::{Header, Object, Py};
use crate::thread::Thread;
use crate::types::{Instance, Shared, Type};

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

/// Both operands as bools: a bool. Otherwise what int makes of them.
fn bitwise(
    left: &Object,
    right: &Object,
    of_bools: fn(bool, bool) -> bool,
    of_ints: fn(&Int, &Int, &mut Thread) -> PyResult<Py<Int>>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    if left.is_exactly::<Bool>() && right.is_exactly::<Bool>() {
        let (left, right) = (left.is(Bool::get(true)), right.is(Bool::get(true)));
        return Ok(Bool::new(of_bools(left, right)));
    }
    match (Int::of(left), Int::of(right)) {
        (Some(left), Some(right)) => of_ints(left, right, thread).map(Py::into_object),
        _ => Ok(thread.not_implemented()),
    }
}

/// `tp_dealloc` of bool, which nothing calls: the two live for ever.
///
/// # Safety
/// Nothing is asked.
unsafe extern "C-unwind" fn keep(_: *mut PyObject) {}

const INVERSION_DEPRECATED: &str = "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This \
    returns the bitwise inversion of the underlying int object and is usually not what you expect from negating a bool. Use the \
    'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion of the underlying int.";

/// bool(object=False, /)
/// --
///
/// Returns True when the argument is true, False otherwise.
/// The builtins True and False are the only two instances of the class bool.
/// The class bool is a subclass of the class int, and cannot be subclassed.
#[python_type(
    name = "bool", symbol = "PyBool_Type", base = Int, flags(LONG_SUBCLASS, MATCH_SELF), item_size = 4,
    basic_size = size_of::<Int>(), dealloc = keep
)]
impl Bool {
    #[new]
    fn __new__(_class: &Type, value: bool) -> Py<Object> {
        Bool::new(value)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> &'static str {
        if self.is(Bool::get(true)) { "True" } else { "False" }
    }

    #[slot(nb_and)]
    fn and(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        bitwise(left, right, |left, right| left & right, Int::and, thread)
    }

    #[slot(nb_or)]
    fn or(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        bitwise(left, right, |left, right| left | right, Int::or, thread)
    }

    #[slot(nb_xor)]
    fn xor(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        bitwise(left, right, |left, right| left ^ right, Int::xor, thread)
    }

    #[slot(nb_invert)]
    fn invert(&self, thread: &mut Thread) -> PyResult<Py<Int>> {
        thread.warn(DeprecationWarning, 1, format_args!("{INVERSION_DEPRECATED}"))?;
        Ok(Int::from_i64(if self.is(Bool::get(true)) { -2 } else { -1 }, thread))
    }
}
