//! `struct_time`, and the way between seconds and it: by the system's time zone, or UTC.

use std::ffi::CString;

use macros::python_module;
use objects::errors::PyResult;
use objects::module::Module;
use objects::protocol::{self, make_int};
use objects::raise;
use objects::refs::{Object, Py};
use objects::struct_sequence;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::tuple::struct_sequence::{self, StructSequence};
use system::civil::{local, universal, zone_name};
use system::clock::{self, Rounding};
use system::path;
use system::zeroed::Zeroed;

struct_sequence! {
    /// The time value as returned by gmtime(), localtime(), and strptime(), and
    ///  accepted by asctime(), mktime() and strftime().  May be considered as a
    ///  sequence of 9 integers.
    ///
    ///  Note that several fields' values are not the same as those defined by
    ///  the C language standard for struct tm.  For example, the value of the
    ///  field tm_year is the actual year, not year - 1900.  See individual
    ///  fields' descriptions for details.
    pub struct StructTime = "time.struct_time", 9 visible of 11, constructible, HEAPTYPE;
    "tm_year": "year, for example, 1993";
    "tm_mon": "month of year, range [1, 12]";
    "tm_mday": "day of month, range [1, 31]";
    "tm_hour": "hours, range [0, 23]";
    "tm_min": "minutes, range [0, 59]";
    "tm_sec": "seconds, range [0, 61])";
    "tm_wday": "day of week, range [0, 6], Monday is 0";
    "tm_yday": "day of year, range [1, 366]";
    "tm_isdst": "1 if summer time is in effect, 0 if not, and -1 if unknown";
    "tm_zone": "abbreviation of timezone name";
    "tm_gmtoff": "offset from UTC in seconds";
}

/// A broken-down time as the C library takes it, with the name that it points to.
pub(super) struct BrokenDown {
    pub time: libc::tm,
    /// Keeps what `tm_zone` points to.
    _zone: Option<CString>,
}

/// A `struct_time`.
fn to_object(time: &libc::tm, thread: &mut Thread) -> PyResult<Py<Object>> {
    let numbers = [
        i64::from(time.tm_year) + 1900,
        i64::from(time.tm_mon) + 1,
        i64::from(time.tm_mday),
        i64::from(time.tm_hour),
        i64::from(time.tm_min),
        i64::from(time.tm_sec),
        // Weeks begin on Monday here, on Sunday in C.
        i64::from((time.tm_wday + 6) % 7),
        i64::from(time.tm_yday) + 1,
        i64::from(time.tm_isdst),
    ];
    let mut values: Vec<_> = numbers.iter().map(|it| make_int(i128::from(*it), thread)).collect();
    values.push(zone_name(time, thread)?);
    values.push(make_int(i128::from(time.tm_gmtoff), thread));
    struct_sequence::make::<StructTime>(values, thread)
}

/// A number of seconds, or now.
pub(super) fn moment(seconds: Option<&Object>, thread: &mut Thread) -> PyResult<i64> {
    match seconds.filter(|it| !it.is_none()) {
        Some(seconds) => clock::time_t(seconds, Rounding::Floor, thread),
        None => Ok(clock::read(libc::CLOCK_REALTIME).map_or(0, |it| it.tv_sec)),
    }
}

/// An item of a time tuple.
fn item(value: &Object, thread: &mut Thread) -> PyResult<i32> {
    let int = protocol::index(value, thread)?;
    match int.to_i128().and_then(|it| i32::try_from(it).ok()) {
        Some(value) => Ok(value),
        None if int.is_negative() => Err(raise!(thread, OverflowError, "signed integer is less than minimum")),
        None => Err(raise!(thread, OverflowError, "signed integer is greater than maximum")),
    }
}

/// A time tuple as the C library takes it.
pub(super) fn read_tuple(value: &Object, function: &str, thread: &mut Thread) -> PyResult<BrokenDown> {
    let Some(tuple) = value.downcast::<Tuple>() else {
        return Err(raise!(thread, TypeError, "Tuple or struct_time argument required"));
    };
    let items = tuple.items();
    if items.len() != 9 {
        return Err(raise!(thread, TypeError, "{function}(): illegal time tuple argument"));
    }
    let mut numbers = [0; 9];
    for (number, value) in numbers.iter_mut().zip(items) {
        *number = item(value, thread)?;
    }
    let [year, month, day, hour, minute, second, weekday, yearday, daylight] = numbers;
    let Some(year) = year.checked_sub(1900) else {
        return Err(raise!(thread, OverflowError, "year out of range"));
    };
    let mut time = libc::tm::zeroed();
    time.tm_year = year;
    time.tm_mon = month.wrapping_sub(1);
    time.tm_mday = day;
    time.tm_hour = hour;
    time.tm_min = minute;
    time.tm_sec = second;
    time.tm_wday = weekday.wrapping_add(1) % 7;
    time.tm_yday = yearday.wrapping_sub(1);
    time.tm_isdst = daylight;
    let zone = if value.is_exactly::<StructTime>() { read_zone(value, &mut time, thread)? } else { None };
    Ok(BrokenDown { time, _zone: zone })
}

/// Takes over the hidden fields of a `struct_time`.
fn read_zone(value: &Object, time: &mut libc::tm, thread: &mut Thread) -> PyResult<Option<CString>> {
    let offset = struct_sequence::field_value(value, StructTime::LAYOUT, 10);
    if !offset.is_none() {
        time.tm_gmtoff = protocol::index_as_isize(&offset, thread)? as i64;
    }
    let name = struct_sequence::field_value(value, StructTime::LAYOUT, 9);
    let Some(name) = name.downcast::<objects::str::Str>() else { return Ok(None) };
    let name = path::encode(name, thread)?;
    let Ok(name) = CString::new(name) else { return Err(raise!(thread, ValueError, "embedded null character")) };
    time.tm_zone = name.as_ptr();
    Ok(Some(name))
}

/// Checks what the C library would index tables with; zeros that stand for "any" become the first (`checktm`).
pub(super) fn check(time: &mut libc::tm, thread: &mut Thread) -> PyResult<()> {
    if time.tm_mon == -1 {
        time.tm_mon = 0;
    }
    if time.tm_mday == 0 {
        time.tm_mday = 1;
    }
    if time.tm_yday == -1 {
        time.tm_yday = 0;
    }
    let ranges = [
        (time.tm_mon, 11, "month"),
        (time.tm_mday, 31, "day of month"),
        (time.tm_hour, 23, "hour"),
        (time.tm_min, 59, "minute"),
        (time.tm_sec, 61, "seconds"),
        (time.tm_wday, 6, "day of week"),
        (time.tm_yday, 365, "day of year"),
    ];
    for (value, most, what) in ranges {
        if !(0..=most).contains(&value) {
            return Err(raise!(thread, ValueError, "{what} out of range"));
        }
    }
    Ok(())
}

/// Seconds in a mean year.
const YEAR: i64 = (365 * 24 + 6) * 3600;

/// Sets `timezone` and its kin from what the C library says of January and July of this year.
pub(super) fn set_zone(module: &Module, thread: &mut Thread) -> PyResult<()> {
    let start = moment(None, thread)? / YEAR * YEAR;
    let winter = local(start, thread)?;
    let summer = local(start + YEAR / 2, thread)?;
    let (winter_offset, summer_offset) = (-winter.tm_gmtoff, -summer.tm_gmtoff);
    // In the southern hemisphere January is in summer.
    let (standard, other) = if winter_offset < summer_offset { (summer, winter) } else { (winter, summer) };
    let names = vec![zone_name(&standard, thread)?, zone_name(&other, thread)?];
    let names = Tuple::new(names, thread)?;
    let numbers = [
        ("timezone", -standard.tm_gmtoff),
        ("altzone", -other.tm_gmtoff),
        ("daylight", i64::from(winter_offset != summer_offset)),
    ];
    system::constants::add(module, &numbers, thread)?;
    module.set("tzname", &names, thread)
}

unsafe extern "C" {
    /// Reads `TZ`.
    fn tzset();
}

pub struct Part;

#[python_module(name = "time")]
impl Part {
    /// gmtime([seconds]) -> (tm_year, tm_mon, tm_mday, tm_hour, tm_min,
    ///                        tm_sec, tm_wday, tm_yday, tm_isdst)
    ///
    /// Convert seconds since the Epoch to a time tuple expressing UTC (a.k.a.
    /// GMT).  When 'seconds' is not passed in, convert the current time instead.
    ///
    /// If the platform supports the tm_gmtoff and tm_zone, they are available as
    /// attributes only.
    #[function]
    #[signature("(seconds=None, /)")]
    fn gmtime(seconds: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let seconds = moment(seconds, thread)?;
        let time = universal(seconds, thread)?;
        to_object(&time, thread)
    }

    /// localtime([seconds]) -> (tm_year,tm_mon,tm_mday,tm_hour,tm_min,
    ///                           tm_sec,tm_wday,tm_yday,tm_isdst)
    ///
    /// Convert seconds since the Epoch to a time tuple expressing local time.
    /// When 'seconds' is not passed in, convert the current time instead.
    #[function]
    #[signature("(seconds=None, /)")]
    fn localtime(seconds: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let seconds = moment(seconds, thread)?;
        let time = local(seconds, thread)?;
        to_object(&time, thread)
    }

    /// mktime($self, object, /)
    /// --
    ///
    /// mktime(time_tuple) -> floating-point number
    ///
    /// Convert a time tuple in local time to seconds since the Epoch.
    /// Note that mktime(gmtime(0)) will not generally return zero for most
    /// time zones; instead the returned value will either be equal to that
    /// of the timezone or altzone attributes on the time module.
    #[function]
    fn mktime(object: &Object, thread: &mut Thread) -> PyResult<f64> {
        let mut time = read_tuple(object, "mktime", thread)?.time;
        // The weekday tells an error from the second before 1970.
        time.tm_wday = -1;
        // SAFETY: a local to read and write; the zone's name is not looked at.
        let seconds = unsafe { libc::mktime(&mut time) };
        if seconds == -1 && time.tm_wday == -1 {
            return Err(raise!(thread, OverflowError, "mktime argument out of range"));
        }
        Ok(seconds as f64)
    }

    /// tzset($self, /)
    /// --
    ///
    /// tzset()
    ///
    /// Initialize, or reinitialize, the local timezone to the value stored in
    /// os.environ['TZ']. The TZ environment variable should be specified in
    /// standard Unix timezone format as documented in the tzset man page
    /// (eg. 'US/Eastern', 'Europe/Amsterdam'). Unknown timezones will silently
    /// fall back to UTC. If the TZ environment variable is not set, the local
    /// timezone is set to the systems best guess of wallclock time.
    /// Changing the TZ environment variable without calling tzset *may* change
    /// the local timezone used by methods such as localtime, but this behaviour
    /// should not be relied on.
    #[function]
    fn tzset(module: &Module, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: no arguments; the environment only changes under the interpreter's lock.
        unsafe { tzset() };
        set_zone(module, thread)
    }
}
