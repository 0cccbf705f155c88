//! What the structs of dates and times are made of: packed values and the reference to a time zone; and the state of the module.

use std::cell::RefCell;

use objects::errors::PyResult;
use objects::gc::{Traverse, Visitor};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Field, Object, Py};
use objects::str::Str;
use objects::thread::Thread;

use super::calendar::{Clock, Day, Span};
use super::delta::Delta;
use super::time_zone::TimeZone;

/// Values as C code and pickles have them: big-endian, year (2 bytes), month, day; hour, minute, second, microsecond (3 bytes).
#[repr(transparent)]
pub struct Packed<const SIZE: usize>(pub [u8; SIZE]);

impl<const SIZE: usize> Traverse for Packed<SIZE> {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

pub fn pack_day(day: Day) -> [u8; 4] {
    let [high, low] = (day.year as u16).to_be_bytes();
    [high, low, day.month as u8, day.day as u8]
}

pub fn pack_clock(clock: Clock) -> [u8; 6] {
    let [_, first, second, third] = (clock.microsecond as u32).to_be_bytes();
    [clock.hour as u8, clock.minute as u8, clock.second as u8, first, second, third]
}

pub fn unpack_day(data: &[u8; 4]) -> Day {
    Day::new(i32::from(u16::from_be_bytes([data[0], data[1]])), i32::from(data[2]), i32::from(data[3]))
}

pub fn unpack_clock(data: &[u8; 6]) -> Clock {
    let microsecond = u32::from_be_bytes([0, data[3], data[4], data[5]]);
    Clock::new(i32::from(data[0]), i32::from(data[1]), i32::from(data[2]), microsecond as i32)
}

/// A packed value from a pickle: bytes, or a string of Python 2's. The item at `place` must look right, so that nothing else is taken for one.
pub fn pickled<const SIZE: usize>(
    state: &Object,
    kind: &str,
    place: usize,
    looks_right: fn(u32) -> bool,
    thread: &mut Thread,
) -> PyResult<Option<[u8; SIZE]>> {
    if let Some(bytes) = state.downcast::<builtins::bytes::Bytes>() {
        let data: Option<[u8; SIZE]> = bytes.as_slice().try_into().ok();
        return Ok(data.filter(|it| looks_right(u32::from(it[place]))));
    }
    let Some(text) = state.downcast::<Str>() else { return Ok(None) };
    if text.length() != SIZE || !text.code_point(place).is_some_and(looks_right) {
        return Ok(None);
    }
    let data: Vec<u8> = text.view().iter().filter_map(|it| u8::try_from(it).ok()).collect();
    match data.try_into() {
        Ok(data) => Ok(Some(data)),
        Err(_) => {
            let message = "pickle.load(data, encoding='latin1') is assumed.";
            Err(raise!(thread, ValueError, "Failed to encode latin1 string when unpickling a {kind} object. {message}"))
        }
    }
}

/// The hash of a packed value.
pub fn hash_of_bytes(bytes: &[u8]) -> isize {
    match text::hash::hash_bytes(objects::thread::hash_secret(), bytes) as isize {
        -1 => -2,
        hash => hash,
    }
}

/// References that the collector does not know of, as in CPython: the objects that hold them carry no head for it.
#[repr(transparent)]
pub struct Uncollected<T>(pub T);

impl<T> Traverse for Uncollected<T> {
    const MAY_REFER: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
    fn clear(&self) {}
}

/// A reference to a time zone, empty where there is none.
pub type Zone = Uncollected<Field>;

/// What an interpreter keeps for this module.
#[derive(Default)]
struct State {
    utc: RefCell<Option<Py<TimeZone>>>,
}

/// The one `timezone.utc`.
pub fn utc(thread: &mut Thread) -> Py<TimeZone> {
    let state = thread.interpreter().extension::<State>();
    if let Some(known) = &*state.utc.borrow() {
        return known.clone();
    }
    let offset = Delta::new(Span::default(), thread);
    let made = TimeZone::make(offset, None, thread);
    state.utc.replace(Some(made.clone()));
    made
}

/// An attribute of a module of the library.
pub fn imported(module: &str, attribute: &str, thread: &mut Thread) -> PyResult<Py<Object>> {
    let import = protocol::builtin(&names::__import__, thread)?;
    let name = thread.intern_text(module);
    let module = protocol::call_one(&import, &name, thread)?;
    let name = thread.intern_text(attribute);
    protocol::get_attribute(&module, &name, thread)
}

/// `time.time()`, which programs may have replaced.
pub fn time_now(thread: &mut Thread) -> PyResult<Py<Object>> {
    let function = imported("time", "time", thread)?;
    protocol::call(&function, &[], thread)
}

/// A `time.struct_time`.
pub fn struct_time(day: Day, clock: Clock, daylight: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
    let numbers = [
        day.year,
        day.month,
        day.day,
        clock.hour,
        clock.minute,
        clock.second,
        day.weekday(),
        day.day_of_year(),
        daylight,
    ];
    let class = imported("time", "struct_time", thread)?;
    let numbers = numbers.iter().map(|it| protocol::make_int(i128::from(*it), thread)).collect();
    let numbers = objects::tuple::Tuple::new(numbers, thread)?;
    protocol::call_one(&class, &numbers, thread)
}
