//! Times as text.

use std::collections::TryReserveError;
use std::ffi::CString;

use macros::python_module;
use objects::errors::{Grow, OrMemoryError, PyResult, with_room};
use objects::names;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use system::civil::local;
use system::path;
use text::builder::StrBuilder;

use super::calendar::{check, moment, read_tuple};

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `asctime`: never in the words of a locale. The time was checked.
fn plain_text(time: &libc::tm) -> String {
    format!(
        "{} {}{:3} {:02}:{:02}:{:02} {}",
        DAYS[time.tm_wday as usize],
        MONTHS[time.tm_mon as usize],
        time.tm_mday,
        time.tm_hour,
        time.tm_min,
        time.tm_sec,
        1900 + i64::from(time.tm_year)
    )
}

/// `strftime` of the C library, into a buffer that grows: the result may be empty for good reasons, so there is a limit.
fn format_ascii(format: &CString, time: &libc::tm) -> Result<Vec<u8>, TryReserveError> {
    let length = format.as_bytes().len();
    let mut room = 1024;
    loop {
        let mut buffer = Vec::new();
        buffer.try_resize(room, 0u8)?;
        // SAFETY: a buffer of the given size, a C string, and a time that was checked.
        let written = unsafe { libc::strftime(buffer.as_mut_ptr().cast(), room, format.as_ptr(), time) };
        if written > 0 || room >= 256 * length {
            buffer.truncate(written);
            return Ok(buffer);
        }
        room *= 2;
    }
}

/// Formats the ASCII stretches; other characters, and zeros, stand for themselves.
fn format_time(format: &Str, time: &libc::tm, thread: &mut Thread) -> PyResult<Py<Str>> {
    let mut out = StrBuilder::new();
    let mut stretch = Vec::new();
    let mut points = with_room(format.length()).or_memory_error(thread)?;
    points.extend(format.view().iter());
    let mut rest = &points[..];
    while let Some((first, _)) = rest.split_first() {
        let is_plain = |point: &u32| (1..0x80).contains(point);
        if !is_plain(first) {
            out.push(*first);
            rest = &rest[1..];
            continue;
        }
        let length = rest.iter().take_while(|it| is_plain(it)).count();
        stretch.clear();
        stretch.extend(rest[..length].iter().map(|it| *it as u8));
        rest = &rest[length..];
        let Ok(stretch) = CString::new(stretch.clone()) else { continue };
        let formatted = format_ascii(&stretch, time).or_memory_error(thread)?;
        out.push_view(path::decode(&formatted, thread)?.view());
    }
    Str::from_builder(out, thread)
}

pub struct Part;

#[python_module(name = "time")]
impl Part {
    /// asctime([time_tuple]) -> string
    ///
    /// Convert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'.
    /// When the time tuple is not present, current time as returned by localtime()
    /// is used.
    #[function]
    #[signature("(time_tuple=None, /)")]
    fn asctime(time_tuple: Option<&Object>, thread: &mut Thread) -> PyResult<String> {
        let time = match time_tuple {
            Some(tuple) => {
                let mut time = read_tuple(tuple, "asctime", thread)?.time;
                check(&mut time, thread)?;
                time
            }
            None => {
                let now = moment(None, thread)?;
                local(now, thread)?
            }
        };
        Ok(plain_text(&time))
    }

    /// ctime([seconds]) -> string
    ///
    /// Convert a time in seconds since the Epoch to a string in local time.
    /// This is equivalent to asctime(localtime(seconds)). When 'seconds' is not
    /// passed in, convert the current time instead.
    #[function]
    #[signature("(seconds=None, /)")]
    fn ctime(seconds: Option<&Object>, thread: &mut Thread) -> PyResult<String> {
        let seconds = moment(seconds, thread)?;
        let time = local(seconds, thread)?;
        Ok(plain_text(&time))
    }

    /// strftime(format[, time_tuple]) -> string
    ///
    /// Convert a time tuple to a string according to a format specification.
    /// See the library reference manual for formatting codes. When the time tuple
    /// is not present, current time as returned by localtime() is used.
    ///
    /// Commonly used format codes:
    ///
    /// %Y  Year with century as a decimal number.
    /// %m  Month as a decimal number [01,12].
    /// %d  Day of the month as a decimal number [01,31].
    /// %H  Hour (24-hour clock) as a decimal number [00,23].
    /// %M  Minute as a decimal number [00,59].
    /// %S  Second as a decimal number [00,61].
    /// %z  Time zone offset from UTC.
    /// %a  Locale's abbreviated weekday name.
    /// %A  Locale's full weekday name.
    /// %b  Locale's abbreviated month name.
    /// %B  Locale's full month name.
    /// %c  Locale's appropriate date and time representation.
    /// %I  Hour (12-hour clock) as a decimal number [01,12].
    /// %p  Locale's equivalent of either AM or PM.
    ///
    /// Other codes may be available on your platform.  See documentation for
    /// the C library strftime function.
    ///
    #[function]
    #[signature("(format, time_tuple=None, /)")]
    fn strftime(format: &Object, time_tuple: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Str>> {
        let Some(format) = format.downcast::<Str>() else {
            let class = format.class().short_name();
            return Err(raise!(thread, TypeError, "strftime() argument 1 must be str, not {class}"));
        };
        let Some(tuple) = time_tuple else {
            let now = moment(None, thread)?;
            let time = local(now, thread)?;
            return format_time(format, &time, thread);
        };
        let mut broken_down = read_tuple(tuple, "strftime", thread)?;
        check(&mut broken_down.time, thread)?;
        // The C library indexes a table with it.
        broken_down.time.tm_isdst = broken_down.time.tm_isdst.clamp(-1, 1);
        format_time(format, &broken_down.time, thread)
    }

    /// strptime(string[, format]) -> struct_time
    ///
    /// Parse a string to a time tuple according to a format specification.
    /// See the library reference manual for formatting codes (same as
    /// strftime()).
    ///
    /// Commonly used format codes:
    ///
    /// %Y  Year with century as a decimal number.
    /// %m  Month as a decimal number [01,12].
    /// %d  Day of the month as a decimal number [01,31].
    /// %H  Hour (24-hour clock) as a decimal number [00,23].
    /// %M  Minute as a decimal number [00,59].
    /// %S  Second as a decimal number [00,61].
    /// %z  Time zone offset from UTC.
    /// %a  Locale's abbreviated weekday name.
    /// %A  Locale's full weekday name.
    /// %b  Locale's abbreviated month name.
    /// %B  Locale's full month name.
    /// %c  Locale's appropriate date and time representation.
    /// %I  Hour (12-hour clock) as a decimal number [01,12].
    /// %p  Locale's equivalent of either AM or PM.
    ///
    /// Other codes may be available on your platform.  See documentation for
    /// the C library strftime function.
    ///
    #[function]
    #[signature("(*args)")]
    fn strptime(args: &[&Object], thread: &mut Thread) -> PyResult<Py<Object>> {
        let import = protocol::builtin(&names::__import__, thread)?;
        let module = thread.intern_text("_strptime");
        let module = protocol::call_one(&import, &module, thread)?;
        let name = thread.intern_text("_strptime_time");
        protocol::call_method(&module, &name, args, thread)
    }
}
