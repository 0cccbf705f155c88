//! `datetime.h`: the objects of `datetime`, and the table of its C interface.
//!
//! Values are packed, big-endian: year (2 bytes), month, day; hour, minute, second, microsecond (3 bytes).

use std::cell::Cell;
use std::ffi::c_int;

use crate::object::*;
use crate::type_object::PyTypeObject;

pub const _PyDateTime_DATE_DATASIZE: usize = 4;
pub const _PyDateTime_TIME_DATASIZE: usize = 6;
pub const _PyDateTime_DATETIME_DATASIZE: usize = 10;

/// `datetime.h`: `timedelta`.
#[repr(C)]
pub struct PyDateTime_Delta {
    pub ob_base: PyObject,
    /// -1: not computed yet.
    pub hashcode: Cell<Py_hash_t>,
    pub days: Cell<c_int>,
    pub seconds: Cell<c_int>,
    pub microseconds: Cell<c_int>,
}

/// `datetime.h`: `tzinfo`.
#[repr(C)]
pub struct PyDateTime_TZInfo {
    pub ob_base: PyObject,
}

/// `datetime.h`: `date`.
#[repr(C)]
pub struct PyDateTime_Date {
    pub ob_base: PyObject,
    pub hashcode: Cell<Py_hash_t>,
    /// Always zero in a date.
    pub hastzinfo: Cell<u8>,
    pub data: [Cell<u8>; _PyDateTime_DATE_DATASIZE],
}

/// `datetime.h`: `time`. Without a time zone it may be shorter by the last field.
#[repr(C)]
pub struct PyDateTime_Time {
    pub ob_base: PyObject,
    pub hashcode: Cell<Py_hash_t>,
    pub hastzinfo: Cell<u8>,
    pub data: [Cell<u8>; _PyDateTime_TIME_DATASIZE],
    pub fold: Cell<u8>,
    pub tzinfo: Cell<*mut PyObject>,
}

/// `datetime.h`: `datetime`. Without a time zone it may be shorter by the last field.
#[repr(C)]
pub struct PyDateTime_DateTime {
    pub ob_base: PyObject,
    pub hashcode: Cell<Py_hash_t>,
    pub hastzinfo: Cell<u8>,
    pub data: [Cell<u8>; _PyDateTime_DATETIME_DATASIZE],
    pub fold: Cell<u8>,
    pub tzinfo: Cell<*mut PyObject>,
}

type Object = *mut PyObject;
type Type = *mut PyTypeObject;

/// `datetime.h`: what the capsule `datetime.datetime_CAPI` holds.
#[repr(C)]
pub struct PyDateTime_CAPI {
    pub DateType: Type,
    pub DateTimeType: Type,
    pub TimeType: Type,
    pub DeltaType: Type,
    pub TZInfoType: Type,
    pub TimeZone_UTC: Object,
    pub Date_FromDate: unsafe extern "C-unwind" fn(c_int, c_int, c_int, Type) -> Object,
    #[allow(clippy::type_complexity, reason = "datetime.h has no name for it")]
    pub DateTime_FromDateAndTime:
        unsafe extern "C-unwind" fn(c_int, c_int, c_int, c_int, c_int, c_int, c_int, Object, Type) -> Object,
    pub Time_FromTime: unsafe extern "C-unwind" fn(c_int, c_int, c_int, c_int, Object, Type) -> Object,
    pub Delta_FromDelta: unsafe extern "C-unwind" fn(c_int, c_int, c_int, c_int, Type) -> Object,
    pub TimeZone_FromTimeZone: unsafe extern "C-unwind" fn(Object, Object) -> Object,
    pub DateTime_FromTimestamp: unsafe extern "C-unwind" fn(Object, Object, Object) -> Object,
    pub Date_FromTimestamp: unsafe extern "C-unwind" fn(Object, Object) -> Object,
    #[allow(clippy::type_complexity, reason = "datetime.h has no name for it")]
    pub DateTime_FromDateAndTimeAndFold:
        unsafe extern "C-unwind" fn(c_int, c_int, c_int, c_int, c_int, c_int, c_int, Object, c_int, Type) -> Object,
    pub Time_FromTimeAndFold: unsafe extern "C-unwind" fn(c_int, c_int, c_int, c_int, Object, c_int, Type) -> Object,
}
