//! `datetime.h`: the table of types and functions that C code finds in the capsule `datetime.datetime_CAPI`.
//!
//! The table is made when a module asks for the capsule, from the types in `_datetime`; its functions call those types.

use std::cell::Cell;
use std::ffi::{c_int, c_void};

use layout::{PyDateTime_CAPI, PyObject, PyTypeObject};
use objects::errors::PyResult;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;

use crate::entry::enter;

/// The name of the capsule.
pub const CAPSULE: &str = "datetime.datetime_CAPI";

/// The table of an interpreter, once it was asked for; it lives as long as the process.
#[derive(Default)]
struct Table {
    table: Cell<Option<&'static PyDateTime_CAPI>>,
}

/// The table.
pub fn table(thread: &mut Thread) -> PyResult<*mut c_void> {
    let known = thread.interpreter().extension::<Table>();
    let table = match known.table.get() {
        Some(table) => table,
        None => {
            let table: &'static PyDateTime_CAPI = Box::leak(Box::new(make(thread)?));
            known.table.set(Some(table));
            table
        }
    };
    Ok(std::ptr::from_ref(table).cast_mut().cast())
}

/// A name of `datetime`; what it refers to lives on with the module, whose types are static.
fn named(name: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let module = crate::import::import_absolute("datetime", thread)?;
    let name = thread.intern_text(name);
    protocol::get_attribute(&module, &name, thread)
}

fn make(thread: &mut Thread) -> PyResult<PyDateTime_CAPI> {
    let mut class = |name: &str| -> PyResult<*mut PyTypeObject> { Ok(named(name, thread)?.into_pointer().cast()) };
    let (date, datetime, time) = (class("date")?, class("datetime")?, class("time")?);
    let (delta, zone_info) = (class("timedelta")?, class("tzinfo")?);
    Ok(PyDateTime_CAPI {
        DateType: date,
        DateTimeType: datetime,
        TimeType: time,
        DeltaType: delta,
        TZInfoType: zone_info,
        TimeZone_UTC: named("UTC", thread)?.into_pointer(),
        Date_FromDate: date_from_date,
        DateTime_FromDateAndTime: datetime_from_parts,
        Time_FromTime: time_from_parts,
        Delta_FromDelta: delta_from_parts,
        TimeZone_FromTimeZone: timezone,
        DateTime_FromTimestamp: datetime_from_timestamp,
        Date_FromTimestamp: date_from_timestamp,
        DateTime_FromDateAndTimeAndFold: datetime_with_fold,
        Time_FromTimeAndFold: time_with_fold,
    })
}

/// Calls a type with numbers, what follows them, and a fold.
///
/// # Safety
/// The pointers are to a type, and to an object or null.
unsafe fn call(class: *mut PyTypeObject, numbers: &[c_int], last: *mut PyObject, fold: Option<c_int>) -> *mut PyObject {
    enter(|thread| {
        // SAFETY: passed on to the caller.
        let (class, last) = unsafe { (&*class.cast::<Object>(), Object::from_pointer(last)) };
        let mut arguments: Vec<Py<Object>> =
            numbers.iter().map(|it| protocol::make_int(i128::from(*it), thread)).collect();
        arguments.extend(last.map(Py::from_ref));
        let mut names = None;
        if let Some(fold) = fold {
            arguments.push(protocol::make_int(i128::from(fold), thread));
            let name = thread.intern_text("fold").into_object();
            names = Some(Tuple::new(vec![name], thread)?);
        }
        let arguments: Vec<&Object> = arguments.iter().map(|it| &**it).collect();
        protocol::call_vector(class, &arguments, names.as_deref(), thread)
    })
}

/// Functions of the table that call a type with all of their numbers.
macro_rules! constructors {
    ($(fn $name:ident($($number:ident),*; $($last:ident)?; $($fold:ident)?);)*) => {$(
        unsafe extern "C-unwind" fn $name(
            $($number: c_int,)* $($last: *mut PyObject,)? $($fold: c_int,)? class: *mut PyTypeObject
        ) -> *mut PyObject {
            let last = [$($last,)? std::ptr::null_mut()];
            let fold = [$(Some($fold),)? None];
            // SAFETY: C's caller passes a type, and an object where there is one.
            unsafe { call(class, &[$($number),*], last[0], fold[0]) }
        }
    )*};
}

constructors! {
    fn date_from_date(year, month, day;;);
    fn datetime_from_parts(year, month, day, hour, minute, second, microsecond; zone;);
    fn time_from_parts(hour, minute, second, microsecond; zone;);
    fn datetime_with_fold(year, month, day, hour, minute, second, microsecond; zone; fold);
    fn time_with_fold(hour, minute, second, microsecond; zone; fold);
}

/// The last number says whether to bring the others into their ranges, which the type does anyway.
unsafe extern "C-unwind" fn delta_from_parts(
    days: c_int,
    seconds: c_int,
    microseconds: c_int,
    _normalize: c_int,
    class: *mut PyTypeObject,
) -> *mut PyObject {
    // SAFETY: C's caller passes a type.
    unsafe { call(class, &[days, seconds, microseconds], std::ptr::null_mut(), None) }
}

unsafe extern "C-unwind" fn timezone(offset: *mut PyObject, name: *mut PyObject) -> *mut PyObject {
    enter(|thread| {
        // SAFETY: C's caller passes an object, and an object or null.
        let (offset, name) = unsafe { (Object::from_pointer(offset), Object::from_pointer(name)) };
        let Some(offset) = offset else { return crate::entry::bad_internal_call(thread) };
        let class = named("timezone", thread)?;
        match name {
            Some(name) => protocol::call(&class, &[offset, name], thread),
            None => protocol::call_one(&class, offset, thread),
        }
    })
}

/// `class.fromtimestamp(*arguments, **keywords)`.
///
/// # Safety
/// The pointers are to a type, a tuple, and a dict or null.
unsafe fn from_timestamp(class: *mut PyObject, arguments: *mut PyObject, keywords: *mut PyObject) -> *mut PyObject {
    enter(|thread| {
        // SAFETY: passed on to the caller.
        let (class, arguments, keywords) =
            unsafe { (Object::from_pointer(class), Object::from_pointer(arguments), Object::from_pointer(keywords)) };
        let (Some(class), Some(arguments)) = (class, arguments.and_then(|it| it.downcast::<Tuple>())) else {
            return crate::entry::bad_internal_call(thread);
        };
        let name = thread.intern_text("fromtimestamp");
        let method = protocol::get_attribute(class, &name, thread)?;
        let keywords = keywords.and_then(|it| it.downcast());
        protocol::call_tuple_or_vector(&method, arguments, keywords, thread)
    })
}

unsafe extern "C-unwind" fn datetime_from_timestamp(
    class: *mut PyObject,
    arguments: *mut PyObject,
    keywords: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: passed on to the caller.
    unsafe { from_timestamp(class, arguments, keywords) }
}

unsafe extern "C-unwind" fn date_from_timestamp(class: *mut PyObject, arguments: *mut PyObject) -> *mut PyObject {
    // SAFETY: passed on to the caller.
    unsafe { from_timestamp(class, arguments, std::ptr::null_mut()) }
}
