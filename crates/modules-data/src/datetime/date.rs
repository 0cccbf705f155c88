//! `date`.

use std::cell::Cell;

use layout::PyDateTime_Date;
use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::object::BaseObject;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};
use system::civil;
use system::clock::{self, Rounding};

use super::arguments::{Call, Parameters, c_int, text_argument, valid};
use super::calendar::{Clock, Day, year_message};
use super::date_time::DateTime;
use super::delta::Delta;
use super::format;
use super::iso_calendar::IsoCalendarDate;
use super::iso_text::{self, NOT_ASCII};
use super::parts::{Packed, hash_of_bytes, pack_day, pickled, struct_time, time_now, unpack_day};

/// A day of the calendar. Datetimes begin with the same fields.
#[derive(Instance)]
#[repr(C)]
pub struct Date {
    header: Header,
    /// -1: not computed yet.
    hash: Cell<isize>,
    /// Always 0 in a date.
    has_zone: u8,
    data: Packed<4>,
}

const _: () = {
    assert!(size_of::<Date>() == size_of::<PyDateTime_Date>());
    assert!(std::mem::offset_of!(Date, hash) == std::mem::offset_of!(PyDateTime_Date, hashcode));
    assert!(std::mem::offset_of!(Date, has_zone) == std::mem::offset_of!(PyDateTime_Date, hastzinfo));
    assert!(std::mem::offset_of!(Date, data) == std::mem::offset_of!(PyDateTime_Date, data));
};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

static PARAMETERS: Parameters =
    Parameters { function: None, names: &["year", "month", "day"], required: 3, most_positional: 3 };
static REPLACE: Parameters =
    Parameters { function: Some("replace"), names: &["year", "month", "day"], required: 0, most_positional: 3 };
static FROM_WEEK: Parameters =
    Parameters { function: Some("fromisocalendar"), names: &["year", "week", "day"], required: 3, most_positional: 3 };

/// True for a month, as pickles have it.
fn is_month(month: u32) -> bool {
    (1..=12).contains(&month)
}

/// The text of `ctime`.
pub fn ctime_text(day: Day, clock: Clock) -> String {
    let (weekday, month) = (DAYS[day.weekday() as usize], MONTHS[day.month as usize - 1]);
    let time = iso_text::write_clock(clock, iso_text::Precision::Seconds);
    format!("{weekday} {month} {:2} {time} {:04}", day.day, day.year)
}

/// A text as bytes, one for each character.
pub fn iso_bytes(text: &Str) -> Vec<u8> {
    text.view().iter().map(|it| u8::try_from(it).ok().filter(u8::is_ascii).unwrap_or(NOT_ASCII)).collect()
}

/// The text that `fromisoformat` is given.
pub fn iso_argument<'a>(object: &'a Object, thread: &mut Thread) -> PyResult<&'a Str> {
    match object.downcast::<Str>() {
        Some(text) => Ok(text),
        None => Err(raise!(thread, TypeError, "fromisoformat: argument must be str")),
    }
}

#[cold]
pub fn raise_invalid_iso(text: &Str, thread: &mut Thread) -> Raised {
    match protocol::repr(text, thread) {
        Ok(shown) => {
            let message = Str::from_str("Invalid isoformat string: ", thread);
            match message.concatenate(&shown, thread) {
                Ok(message) => thread.raise_with_argument(objects::errors::ValueError, message.into_object()),
                Err(raised) => raised,
            }
        }
        Err(raised) => raised,
    }
}

#[cold]
pub fn raise_out_of_range(thread: &mut Thread) -> Raised {
    raise!(thread, OverflowError, "date value out of range")
}

impl Date {
    /// A date of a day that was checked.
    pub fn new(day: Day, thread: &mut Thread) -> Py<Date> {
        Py::new(Self::with(pack_day(day)), thread)
    }

    fn with(data: [u8; 4]) -> Self {
        Self { header: Header::new(Date::class()), hash: Cell::new(-1), has_zone: 0, data: Packed(data) }
    }

    /// A new instance of a class, made by calling it unless it is one of ours.
    pub fn make(class: &Type, day: Day, thread: &mut Thread) -> PyResult<Py<Object>> {
        if class.is(Date::class()) {
            let day = valid(day.check(), thread)?;
            return Ok(Self::new(day, thread).into_object());
        }
        if class.is(DateTime::class()) {
            return DateTime::make(class, day, Clock::default(), None, 0, thread);
        }
        let parts = [day.year, day.month, day.day].map(|it| protocol::make_int(i128::from(it), thread));
        protocol::call(class, &[&parts[0], &parts[1], &parts[2]], thread)
    }

    pub fn value(&self) -> Day {
        unpack_day(&self.data.0)
    }

    /// The date of a moment in local time.
    fn from_seconds(class: &Type, seconds: i64, thread: &mut Thread) -> PyResult<Py<Object>> {
        let time = civil::local(seconds, thread)?;
        Self::make(class, Day::new(time.tm_year + 1900, time.tm_mon + 1, time.tm_mday), thread)
    }

    /// The same class' date some days later.
    fn later(&self, days: i64, thread: &mut Thread) -> PyResult<Py<Object>> {
        match Day::from_ordinal_in_range(self.value().ordinal() + days) {
            Some(day) => Self::make(self.class(), day, thread),
            None => Err(raise_out_of_range(thread)),
        }
    }

    fn replaced(&self, arguments: &[&Object], keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let call = Call::new(&REPLACE, arguments, keywords, thread)?;
        let old = self.value();
        let year = call.int(0, old.year, thread)?;
        let month = call.int(1, old.month, thread)?;
        let day = call.int(2, old.day, thread)?;
        call.finish(thread)?;
        Self::make(self.class(), Day { year, month, day }, thread)
    }
}

/// An operand that is a date and no datetime.
fn plain_date(object: &Object) -> Option<&Date> {
    if object.downcast::<DateTime>().is_some() { None } else { object.downcast::<Date>() }
}

/// date(year, month, day) --> date object
#[python_type(name = "datetime.date", base = BaseObject, flags(BASETYPE))]
impl Date {
    #[new]
    #[signature("(*args, **kwargs)")]
    fn new_date(
        class: &Type,
        arguments: &[&Object],
        keywords: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Date>> {
        if let [state] = arguments
            && let Some(data) = pickled(state, "date", 2, is_month, thread)?
        {
            return Py::new_in(class, Self::with(data), thread);
        }
        let call = Call::new(&PARAMETERS, arguments, keywords.as_deref(), thread)?;
        let year = call.int(0, 0, thread)?;
        let month = call.int(1, 0, thread)?;
        let day = call.int(2, 0, thread)?;
        call.finish(thread)?;
        let day = valid(Day { year, month, day }.check(), thread)?;
        Py::new_in(class, Self::with(pack_day(day)), thread)
    }

    /// fromtimestamp($type, timestamp, /)
    /// --
    ///
    /// Create a date from a POSIX timestamp.
    ///
    /// The timestamp is a number, e.g. created via time.time(), that is
    /// interpreted as local time.
    #[classmethod]
    fn fromtimestamp(class: &Type, timestamp: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let seconds = clock::time_t(timestamp, Rounding::Floor, thread)?;
        Self::from_seconds(class, seconds, thread)
    }

    /// today($type, /)
    /// --
    ///
    /// Current date or datetime:  same as self.__class__.fromtimestamp(time.time()).
    #[classmethod]
    fn today(class: &Type, thread: &mut Thread) -> PyResult<Py<Object>> {
        if class.is(Date::class()) {
            return Self::from_seconds(class, clock::realtime().div_euclid(clock::SECOND), thread);
        }
        let now = time_now(thread)?;
        let name = thread.intern_text("fromtimestamp");
        protocol::call_method(class, &name, &[&now], thread)
    }

    /// int -> date corresponding to a proleptic Gregorian ordinal.
    #[classmethod]
    #[signature("(ordinal, /)")]
    fn fromordinal(class: &Type, ordinal: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let ordinal = c_int(ordinal, thread)?;
        if ordinal < 1 {
            return Err(raise!(thread, ValueError, "ordinal must be >= 1"));
        }
        Self::make(class, Day::from_ordinal(i64::from(ordinal)), thread)
    }

    /// fromisoformat($type, object, /)
    /// --
    ///
    /// str -> Construct a date from a string in ISO 8601 format.
    #[classmethod]
    fn fromisoformat(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let text = iso_argument(object, thread)?;
        match iso_text::read_date(&iso_bytes(text)) {
            Some(day) => Self::make(class, day, thread),
            None => Err(raise_invalid_iso(text, thread)),
        }
    }

    /// int, int, int -> Construct a date from the ISO year, week number and weekday.
    ///
    /// This is the inverse of the date.isocalendar() function
    #[classmethod]
    #[signature("(*args, **kwargs)")]
    fn fromisocalendar(
        class: &Type,
        arguments: &[&Object],
        keywords: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let call = Call::new(&FROM_WEEK, arguments, keywords.as_deref(), thread)?;
        let mut numbers = [0; 3];
        for (index, number) in numbers.iter_mut().enumerate() {
            *number = match call.int(index, 0, thread) {
                Ok(number) => number,
                Err(raised) if thread.raised_is(objects::errors::OverflowError) => {
                    drop(thread.catch(raised));
                    return Err(raise!(thread, ValueError, "ISO calendar component out of range"));
                }
                Err(raised) => return Err(raised),
            };
        }
        call.finish(thread)?;
        let [year, week, weekday] = numbers;
        match Day::from_iso_week(year, week, weekday) {
            Ok(day) => Self::make(class, day, thread),
            Err(error) => Err(raise!(thread, ValueError, "{}", error.message())),
        }
    }

    /// string, format -> new date parsed from a string (like time.strptime()).
    #[classmethod]
    #[signature("(string, format, /)")]
    fn strptime(class: &Type, string: &Object, format: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        format::strptime(class, "_strptime_datetime_date", string, format, thread)
    }

    #[getter]
    fn year(&self) -> i32 {
        self.value().year
    }

    #[getter]
    fn month(&self) -> i32 {
        i32::from(self.data.0[2])
    }

    #[getter]
    fn day(&self) -> i32 {
        i32::from(self.data.0[3])
    }

    /// ctime($self, /)
    /// --
    ///
    /// Return ctime() style string.
    #[method]
    fn ctime(&self) -> String {
        ctime_text(self.value(), Clock::default())
    }

    /// format -> strftime() style string.
    #[method]
    #[signature("(format)")]
    fn strftime(&self, format: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let format = text_argument(format, "strftime", 1, thread)?;
        let name = thread.intern_text("timetuple");
        let tuple = protocol::call_method(self, &name, &[], thread)?;
        let time = self.downcast::<DateTime>();
        let zone = time.and_then(DateTime::zone);
        let microsecond = time.map_or(0, |it| it.clock().microsecond);
        let value = format::Formatted { zone: zone.as_deref(), argument: self, microsecond };
        format::strftime(&value, format, &tuple, thread)
    }

    /// Formats self with strftime.
    #[method]
    #[signature("(format, /)")]
    fn __format__(&self, format: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        format::format(self, format, thread)
    }

    /// isoformat($self, /)
    /// --
    ///
    /// Return string in ISO 8601 format, YYYY-MM-DD.
    #[method]
    fn isoformat(&self) -> String {
        iso_text::write_date(self.value())
    }

    /// isoweekday($self, /)
    /// --
    ///
    /// Return the day of the week represented by the date.
    /// Monday == 1 ... Sunday == 7
    #[method]
    fn isoweekday(&self) -> i32 {
        self.value().weekday() + 1
    }

    /// isocalendar($self, /)
    /// --
    ///
    /// Return a named tuple containing ISO year, week number, and weekday.
    #[method]
    fn isocalendar(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        IsoCalendarDate::make(IsoCalendarDate::class(), self.value().iso_week(), thread)
    }

    /// timetuple($self, /)
    /// --
    ///
    /// Return time tuple, compatible with time.localtime().
    #[method]
    fn timetuple(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        struct_time(self.value(), Clock::default(), -1, thread)
    }

    /// toordinal($self, /)
    /// --
    ///
    /// Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1.
    #[method]
    fn toordinal(&self) -> i64 {
        self.value().ordinal()
    }

    /// weekday($self, /)
    /// --
    ///
    /// Return the day of the week represented by the date.
    /// Monday == 0 ... Sunday == 6
    #[method]
    fn weekday(&self) -> i32 {
        self.value().weekday()
    }

    /// replace($self, /, year=unchanged, month=unchanged, day=unchanged)
    /// --
    ///
    /// Return date with new specified fields.
    #[method]
    #[signature("(*args, **kwargs)")]
    fn replace(&self, arguments: &[&Object], keywords: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<Object>> {
        self.replaced(arguments, keywords.as_deref(), thread)
    }

    /// __replace__($self, /, **changes)
    /// --
    ///
    /// The same as replace().
    #[method]
    #[signature("(*args, **kwargs)")]
    fn __replace__(
        &self,
        arguments: &[&Object],
        keywords: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        self.replaced(arguments, keywords.as_deref(), thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// __reduce__() -> (cls, state)
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        format::reduced(self, &self.data.0, None, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self) -> String {
        let Day { year, month, day } = self.value();
        format!("{}({year}, {month}, {day})", self.class().full_name())
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = thread.intern_text("isoformat");
        protocol::call_method(self, &name, &[], thread)
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        if self.hash.get() == -1 {
            self.hash.set(hash_of_bytes(&self.data.0));
        }
        Ok(self.hash.get())
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> Py<Object> {
        // A datetime is a date, but has no place among dates.
        match plain_date(other) {
            Some(other) => Bool::new(operation.holds(self.data.0.cmp(&other.data.0))),
            None => thread.not_implemented(),
        }
    }

    #[slot(nb_add)]
    fn add(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let operands = match (plain_date(left), plain_date(right)) {
            (Some(date), None) => right.downcast::<Delta>().map(|delta| (date, delta)),
            (None, Some(date)) => left.downcast::<Delta>().map(|delta| (date, delta)),
            _ => None,
        };
        match operands {
            Some((date, delta)) => date.later(i64::from(delta.span().days), thread),
            None => Ok(thread.not_implemented()),
        }
    }

    #[slot(nb_subtract)]
    fn subtract(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(date) = plain_date(left) else { return Ok(thread.not_implemented()) };
        if let Some(other) = plain_date(right) {
            let days = date.value().ordinal() - other.value().ordinal();
            let span = super::calendar::Span { days: days as i32, ..Default::default() };
            return Ok(Delta::new(span, thread).into_object());
        }
        match right.downcast::<Delta>() {
            Some(delta) => date.later(-i64::from(delta.span().days), thread),
            None => Ok(thread.not_implemented()),
        }
    }
}

/// ValueError for a year that dates do not reach.
#[cold]
pub fn raise_year(year: i64, thread: &mut Thread) -> Raised {
    let year = i32::try_from(year).unwrap_or(i32::MAX);
    raise!(thread, ValueError, "{}", year_message(year))
}
