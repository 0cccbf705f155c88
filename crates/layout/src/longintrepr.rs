//! `cpython/longintrepr.h`: integers of 30-bit digits.

use std::cell::Cell;

use crate::object::PyObject;

/// `cpython/longintrepr.h`: one digit, below [`PyLong_BASE`].
pub type digit = u32;

pub const PyLong_SHIFT: u32 = 30;
pub const PyLong_BASE: digit = 1 << PyLong_SHIFT;
pub const PyLong_MASK: digit = PyLong_BASE - 1;

/// `cpython/longintrepr.h`: sign, number of digits, digits with the least significant first.
///
/// ```text
/// lv_tag:  63 …… 3          2           1 0
///          digits' number   small int   sign: 0 positive, 1 zero, 2 negative
/// ```
#[repr(C)]
pub struct _PyLongValue {
    pub lv_tag: Cell<usize>,
    pub ob_digit: [Cell<digit>; 1],
}

/// `cpython/longintrepr.h`: `int`.
#[repr(C)]
pub struct PyLongObject {
    pub ob_base: PyObject,
    pub long_value: _PyLongValue,
}

pub const _PyLong_SIGN_MASK: usize = 3;
pub const _PyLong_NON_SIZE_BITS: u32 = 3;
/// `internal/pycore_long.h`: in `lv_tag`: one of the shared small integers.
pub const IMMORTALITY_BIT_MASK: usize = 1 << 2;

/// `cpython/longintrepr.h`: what `PyLong_GetNativeLayout` returns.
#[repr(C)]
pub struct PyLongLayout {
    pub bits_per_digit: u8,
    pub digit_size: u8,
    pub digits_order: i8,
    pub digit_endianness: i8,
}

/// `cpython/longintrepr.h`: what `PyLong_Export` fills in.
#[repr(C)]
pub struct PyLongExport {
    pub value: i64,
    pub negative: u8,
    pub ndigits: isize,
    pub digits: *const std::ffi::c_void,
    pub _reserved: usize,
}
