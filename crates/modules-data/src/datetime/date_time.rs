//! `datetime`.

use std::cell::Cell;

use layout::PyDateTime_DateTime;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{DeprecationWarning, PyResult};
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::arguments::{Call, Parameters, c_int, check_fold, valid, zone_argument};
use super::calendar::{Clock, Day};
use super::date::{Date, ctime_text, iso_argument, iso_bytes, raise_invalid_iso};
use super::date_time_arithmetic::{self as arithmetic, shifted};
use super::date_time_moment as moment;
use super::delta::Delta;
use super::format;
use super::iso_text;
use super::parts::{Packed, Uncollected, Zone, pack_clock, pack_day, pickled, struct_time, unpack_clock, unpack_day};
use super::time::{
    FOLD_BIT, Time, call_with_fold, offset_suffix, pickled_zone, precision, take_midnight, zone_of_offset,
};
use super::zone::{Question, ask, ask_name};

/// A day and a time, with a zone or without.
#[derive(Instance)]
#[repr(C)]
pub struct DateTime {
    header: Header,
    /// -1: not computed yet.
    hash: Cell<isize>,
    has_zone: u8,
    data: Packed<10>,
    fold: u8,
    zone: Zone,
}

const _: () = {
    assert!(size_of::<DateTime>() == size_of::<PyDateTime_DateTime>());
    assert!(std::mem::offset_of!(DateTime, data) == std::mem::offset_of!(PyDateTime_DateTime, data));
    assert!(std::mem::offset_of!(DateTime, fold) == std::mem::offset_of!(PyDateTime_DateTime, fold));
    assert!(std::mem::offset_of!(DateTime, zone) == std::mem::offset_of!(PyDateTime_DateTime, tzinfo));
};

static PARAMETERS: Parameters = Parameters {
    function: None,
    names: &["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"],
    required: 3,
    most_positional: 8,
};
static REPLACE: Parameters = Parameters {
    function: Some("replace"),
    names: &["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"],
    required: 0,
    most_positional: 8,
};

/// True for a month, as pickles have it: with the fold in the highest bit.
fn is_month(byte: u32) -> bool {
    (1..=12).contains(&(byte & 0x7F))
}

fn pack(day: Day, clock: Clock) -> [u8; 10] {
    let mut data = [0; 10];
    data[..4].copy_from_slice(&pack_day(day));
    data[4..].copy_from_slice(&pack_clock(clock));
    data
}

impl DateTime {
    fn with(data: [u8; 10], fold: u8, zone: Option<Py<Object>>) -> Self {
        Self {
            header: Header::new(DateTime::class()),
            hash: Cell::new(-1),
            has_zone: u8::from(zone.is_some()),
            data: Packed(data),
            fold,
            zone: Uncollected(Field::new(zone)),
        }
    }

    /// A new instance of a class, made by calling it unless it is ours.
    pub fn make(
        class: &Type,
        day: Day,
        clock: Clock,
        zone: Option<Py<Object>>,
        fold: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let fold = check_fold(fold, thread)?;
        if class.is(DateTime::class()) {
            let day = valid(day.check(), thread)?;
            let clock = valid(clock.check(), thread)?;
            return Ok(Py::new(Self::with(pack(day, clock), fold, zone), thread).into_object());
        }
        let parts = [day.year, day.month, day.day, clock.hour, clock.minute, clock.second, clock.microsecond];
        let mut arguments = Vec::from(parts.map(|it| protocol::make_int(i128::from(it), thread)));
        arguments.push(zone.unwrap_or_else(|| thread.none()));
        call_with_fold(class, arguments, fold, thread)
    }

    /// The same object in another zone, which it must not have been seen without.
    pub fn move_to(time: Py<DateTime>, zone: Py<Object>, thread: &mut Thread) -> PyResult<Py<DateTime>> {
        if time.has_zone == 0 {
            let new = Self::with(time.data.0, time.fold, Some(zone));
            return Py::new_in(time.class(), new, thread);
        }
        time.zone.0.set(Some(zone));
        Ok(time)
    }

    pub fn day_value(&self) -> Day {
        let [first, second, third, fourth, ..] = self.data.0;
        unpack_day(&[first, second, third, fourth])
    }

    pub fn clock(&self) -> Clock {
        let [_, _, _, _, clock @ ..] = &self.data.0;
        unpack_clock(clock)
    }

    /// What calendar and clock show, in the order of time.
    pub fn shown(&self) -> &[u8; 10] {
        &self.data.0
    }

    pub fn zone(&self) -> Option<Py<Object>> {
        self.zone.0.get()
    }

    pub fn fold_value(&self) -> u8 {
        self.fold
    }

    /// A plain datetime that differs in the fold.
    pub fn with_fold(&self, fold: u8, thread: &mut Thread) -> Py<DateTime> {
        Py::new(Self::with(self.data.0, fold, self.zone()), thread)
    }

    pub fn ask(&self, question: Question, thread: &mut Thread) -> PyResult<Option<Py<Delta>>> {
        let Some(zone) = self.zone() else { return Ok(None) };
        ask(&zone, question, self, thread)
    }

    fn replaced(&self, arguments: &[&Object], keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let call = Call::new(&REPLACE, arguments, keywords, thread)?;
        let (day, clock) = (self.day_value(), self.clock());
        let old = [day.year, day.month, day.day, clock.hour, clock.minute, clock.second, clock.microsecond];
        let mut new = [0; 7];
        for (index, part) in new.iter_mut().enumerate() {
            *part = call.int(index, old[index], thread)?;
        }
        let zone = call.object(7, thread)?;
        let fold = call.int(8, i32::from(self.fold), thread)?;
        call.finish(thread)?;
        let zone = match &zone {
            Some(zone) => zone_argument(Some(zone), thread)?,
            None => self.zone(),
        };
        let [year, month, day, hour, minute, second, microsecond] = new;
        let clock = Clock { hour, minute, second, microsecond };
        Self::make(self.class(), Day { year, month, day }, clock, zone, fold, thread)
    }

    fn reduced(&self, protocol: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut state = self.data.0;
        if protocol > 3 && self.fold != 0 {
            state[2] |= FOLD_BIT;
        }
        format::reduced(self, &state, self.zone(), thread)
    }
}

/// A date or time that `combine` is given.
#[cold]
fn raise_not_part(place: usize, wanted: &str, found: &Object, thread: &mut Thread) -> objects::errors::Raised {
    let found = if found.is_none() { "None".to_owned() } else { found.class().full_name() };
    raise!(thread, TypeError, "combine() argument {place} must be datetime.{wanted}, not {found}")
}

/// datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])
///
/// The year, month and day arguments are required. tzinfo may be None, or an
/// instance of a tzinfo subclass. The remaining arguments may be ints.
///
#[python_type(name = "datetime.datetime", base = Date, flags(BASETYPE))]
impl DateTime {
    #[new]
    #[signature("(*args, **kwargs)")]
    fn new_date_time(
        class: &Type,
        arguments: &[&Object],
        keywords: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<DateTime>> {
        if let [state] | [state, _] = arguments
            && let Some(mut data) = pickled::<10>(state, "datetime", 2, is_month, thread)?
        {
            let zone = pickled_zone(arguments.get(1), thread)?;
            let fold = data[2] >> 7;
            data[2] &= !FOLD_BIT;
            return Py::new_in(class, Self::with(data, fold, zone), thread);
        }
        let call = Call::new(&PARAMETERS, arguments, keywords.as_deref(), thread)?;
        let mut parts = [0; 7];
        for (index, part) in parts.iter_mut().enumerate() {
            *part = call.int(index, 0, thread)?;
        }
        let zone = call.object(7, thread)?;
        let fold = call.int(8, 0, thread)?;
        call.finish(thread)?;
        let [year, month, day, hour, minute, second, microsecond] = parts;
        let day = valid(Day { year, month, day }.check(), thread)?;
        let clock = valid(Clock { hour, minute, second, microsecond }.check(), thread)?;
        let fold = check_fold(fold, thread)?;
        let zone = zone_argument(zone.as_deref(), thread)?;
        Py::new_in(class, Self::with(pack(day, clock), fold, zone), thread)
    }

    /// now($type, /, tz=None)
    /// --
    ///
    /// Returns new datetime object representing current time local to tz.
    ///
    ///   tz
    ///     Timezone object.
    ///
    /// If no tz is specified, uses local timezone.
    #[classmethod]
    fn now(class: &Type, tz: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let zone = zone_argument(tz, thread)?;
        let (seconds, microsecond) = moment::now();
        moment::in_zone(class, seconds, microsecond, zone, thread)
    }

    /// utcnow($type, /)
    /// --
    ///
    /// Return a new datetime representing UTC day and time.
    #[classmethod]
    fn utcnow(class: &Type, thread: &mut Thread) -> PyResult<Py<Object>> {
        let reason = "is deprecated and scheduled for removal in a future version. \
                      Use timezone-aware objects to represent datetimes in UTC:";
        let message = format_args!("datetime.datetime.utcnow() {reason} datetime.datetime.now(datetime.UTC).");
        thread.warn(DeprecationWarning, 1, message)?;
        let (seconds, microsecond) = moment::now();
        moment::in_utc(class, seconds, microsecond, None, thread)
    }

    /// timestamp[, tz] -> tz's local time from POSIX timestamp.
    #[classmethod]
    #[signature("(timestamp, tz=None)")]
    fn fromtimestamp(
        class: &Type,
        timestamp: &Object,
        tz: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let zone = zone_argument(tz, thread)?;
        let (seconds, microsecond) = moment::from_timestamp(timestamp, thread)?;
        moment::in_zone(class, seconds, microsecond, zone, thread)
    }

    /// Construct a naive UTC datetime from a POSIX timestamp.
    #[classmethod]
    #[signature("(timestamp, /)")]
    fn utcfromtimestamp(class: &Type, timestamp: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let reason = "is deprecated and scheduled for removal in a future version. \
                      Use timezone-aware objects to represent datetimes in UTC:";
        let instead = "datetime.datetime.fromtimestamp(timestamp, datetime.UTC).";
        let message = format_args!("datetime.datetime.utcfromtimestamp() {reason} {instead}");
        thread.warn(DeprecationWarning, 1, message)?;
        let (seconds, microsecond) = moment::from_timestamp(timestamp, thread)?;
        moment::in_utc(class, seconds, microsecond, None, thread)
    }

    /// string, format -> new datetime parsed from a string (like time.strptime()).
    #[classmethod]
    #[signature("(string, format, /)")]
    fn strptime(class: &Type, string: &Object, format: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        format::strptime(class, "_strptime_datetime_datetime", string, format, thread)
    }

    /// date, time -> datetime with same date and time fields
    #[classmethod]
    #[signature("(date, time, tzinfo=None)")]
    fn combine(
        class: &Type,
        date: &Object,
        time: &Object,
        tzinfo: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let Some(date) = date.downcast::<Date>() else { return Err(raise_not_part(1, "date", date, thread)) };
        let Some(time) = time.downcast::<Time>() else { return Err(raise_not_part(2, "time", time, thread)) };
        let zone = match tzinfo {
            Some(zone) => zone_argument(Some(zone), thread)?,
            None => time.zone(),
        };
        Self::make(class, date.value(), time.value(), zone, i32::from(time.fold_value()), thread)
    }

    /// fromisoformat($type, object, /)
    /// --
    ///
    /// string -> datetime from a string in most ISO 8601 formats
    #[classmethod]
    fn fromisoformat(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let text = iso_argument(object, thread)?;
        let bytes = iso_bytes(text);
        let read = iso_text::date_length(&bytes).and_then(|length| {
            let day = iso_text::read_date(bytes.get(..length)?)?;
            let time = if bytes.len() > length {
                iso_text::read_time(bytes.get(length + 1..)?)?
            } else {
                iso_text::ReadTime::default()
            };
            Some((day, time))
        });
        let Some((mut day, mut time)) = read else { return Err(raise_invalid_iso(text, thread)) };
        let zone = zone_of_offset(time.offset, thread)?;
        if take_midnight(&mut time.clock, thread)? && day.check().is_ok() {
            day = Day::from_ordinal(day.ordinal() + 1);
        }
        Self::make(class, day, time.clock, zone, 0, thread)
    }

    #[getter]
    fn hour(&self) -> i32 {
        i32::from(self.data.0[4])
    }

    #[getter]
    fn minute(&self) -> i32 {
        i32::from(self.data.0[5])
    }

    #[getter]
    fn second(&self) -> i32 {
        i32::from(self.data.0[6])
    }

    #[getter]
    fn microsecond(&self) -> i32 {
        self.clock().microsecond
    }

    #[getter]
    fn tzinfo(&self) -> Option<Py<Object>> {
        self.zone()
    }

    #[getter]
    fn fold(&self) -> i32 {
        i32::from(self.fold)
    }

    /// date($self, /)
    /// --
    ///
    /// Return date object with same year, month and day.
    #[method]
    fn date(&self, thread: &mut Thread) -> Py<Date> {
        Date::new(self.day_value(), thread)
    }

    /// time($self, /)
    /// --
    ///
    /// Return time object with same time but with tzinfo=None.
    #[method]
    fn time(&self, thread: &mut Thread) -> Py<Time> {
        Time::new(self.clock(), None, self.fold, thread)
    }

    /// timetz($self, /)
    /// --
    ///
    /// Return time object with same time and tzinfo.
    #[method]
    fn timetz(&self, thread: &mut Thread) -> Py<Time> {
        Time::new(self.clock(), self.zone(), self.fold, thread)
    }

    /// ctime($self, /)
    /// --
    ///
    /// Return ctime() style string.
    #[method]
    fn ctime(&self) -> String {
        ctime_text(self.day_value(), self.clock())
    }

    /// timetuple($self, /)
    /// --
    ///
    /// Return time tuple, compatible with time.localtime().
    #[method]
    fn timetuple(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let daylight = match self.ask(Question::Daylight, thread)? {
            Some(daylight) => i32::from(!daylight.span().is_zero()),
            None => -1,
        };
        struct_time(self.day_value(), self.clock(), daylight, thread)
    }

    /// timestamp($self, /)
    /// --
    ///
    /// Return POSIX timestamp as float.
    #[method]
    fn timestamp(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        moment::timestamp(self, thread)
    }

    /// utctimetuple($self, /)
    /// --
    ///
    /// Return UTC time tuple, compatible with time.localtime().
    #[method]
    fn utctimetuple(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(offset) = self.ask(Question::Offset, thread)? else {
            return struct_time(self.day_value(), self.clock(), 0, thread);
        };
        let (day, clock) = (self.day_value(), self.clock());
        match super::calendar::shifted(day, clock, offset.span(), false) {
            Some((day, clock)) => struct_time(day, clock, 0, thread),
            None => Err(super::date::raise_out_of_range(thread)),
        }
    }

    /// [sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].
    /// sep is used to separate the year from the time, and defaults to 'T'.
    /// The optional argument timespec specifies the number of additional terms
    /// of the time to include. Valid options are 'auto', 'hours', 'minutes',
    /// 'seconds', 'milliseconds' and 'microseconds'.
    ///
    #[method]
    #[signature("(sep='T', timespec=None)")]
    fn isoformat(&self, sep: Option<&Object>, timespec: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Str>> {
        let separator = match sep {
            Some(separator) => separator_argument(separator, thread)?,
            None => u32::from(b'T'),
        };
        let clock = self.clock();
        let precision = precision(timespec, 2, clock, thread)?;
        let mut out = text::builder::StrBuilder::new();
        iso_text::write_date(self.day_value()).chars().for_each(|it| out.push(u32::from(it)));
        out.push(separator);
        let mut rest = iso_text::write_clock(clock, precision);
        rest += &offset_suffix(self.zone().as_deref(), self, thread)?;
        rest.chars().for_each(|it| out.push(u32::from(it)));
        Str::from_builder(out, thread)
    }

    /// utcoffset($self, /)
    /// --
    ///
    /// Return self.tzinfo.utcoffset(self).
    #[method]
    fn utcoffset(&self, thread: &mut Thread) -> PyResult<Option<Py<Delta>>> {
        self.ask(Question::Offset, thread)
    }

    /// tzname($self, /)
    /// --
    ///
    /// Return self.tzinfo.tzname(self).
    #[method]
    fn tzname(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        match self.zone() {
            Some(zone) => ask_name(&zone, self, thread),
            None => Ok(thread.none()),
        }
    }

    /// dst($self, /)
    /// --
    ///
    /// Return self.tzinfo.dst(self).
    #[method]
    fn dst(&self, thread: &mut Thread) -> PyResult<Option<Py<Delta>>> {
        self.ask(Question::Daylight, thread)
    }

    /// replace($self, /, year=unchanged, month=unchanged, day=unchanged,
    ///         hour=unchanged, minute=unchanged, second=unchanged,
    ///         microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)
    /// --
    ///
    /// Return datetime with new specified fields.
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

    /// tz -> convert to local time in new timezone tz
    ///
    #[method]
    #[signature("(tz=None)")]
    fn astimezone(&self, tz: Option<&Object>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let zone = zone_argument(tz, thread)?;
        moment::as_zone(self, zone, thread)
    }

    /// __reduce_ex__(proto) -> (cls, state)
    #[method]
    #[signature("(proto, /)")]
    fn __reduce_ex__(&self, proto: &Object, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let protocol = c_int(proto, thread)?;
        self.reduced(protocol, thread)
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// __reduce__() -> (cls, state)
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        self.reduced(2, thread)
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        let (Day { year, month, day }, clock) = (self.day_value(), self.clock());
        let Clock { hour, minute, second, microsecond } = clock;
        let class = self.class().full_name();
        let mut shown = format!("{class}({year}, {month}, {day}, {hour}, {minute}");
        if second != 0 || microsecond != 0 {
            shown += &format!(", {second}");
        }
        if microsecond != 0 {
            shown += &format!(", {microsecond}");
        }
        if self.fold != 0 {
            shown += ", fold=1";
        }
        let mut text = protocol::ContainerRepr::open(&shown);
        if let Some(zone) = self.zone() {
            text.push(", tzinfo=");
            text.push_repr(&zone, thread)?;
        }
        text.push(")");
        text.finish(thread)
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let (name, space) = (thread.intern_text("isoformat"), Str::from_str(" ", thread));
        protocol::call_method(self, &name, &[&space], thread)
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        if self.hash.get() == -1 {
            let hash = arithmetic::hash(self, thread)?;
            self.hash.set(hash);
        }
        Ok(self.hash.get())
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        match other.downcast::<DateTime>() {
            Some(other) => arithmetic::compare(self, other, operation, thread),
            None => Ok(thread.not_implemented()),
        }
    }

    #[slot(nb_add)]
    fn add(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let operands = match (left.downcast::<DateTime>(), right.downcast::<DateTime>()) {
            (Some(time), None) => right.downcast::<Delta>().map(|delta| (time, delta)),
            (None, Some(time)) => left.downcast::<Delta>().map(|delta| (time, delta)),
            _ => None,
        };
        match operands {
            Some((time, delta)) => shifted(time, delta.span(), true, thread),
            None => Ok(thread.not_implemented()),
        }
    }

    #[slot(nb_subtract)]
    fn subtract(left: &Object, right: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(left) = left.downcast::<DateTime>() else { return Ok(thread.not_implemented()) };
        if let Some(right) = right.downcast::<DateTime>() {
            return arithmetic::subtract(left, right, thread);
        }
        match right.downcast::<Delta>() {
            Some(delta) => shifted(left, delta.span(), false, thread),
            None => Ok(thread.not_implemented()),
        }
    }
}

/// The character between date and time.
fn separator_argument(object: &Object, thread: &mut Thread) -> PyResult<u32> {
    let start = "isoformat() argument 1 must be a unicode character, not";
    let Some(text) = object.downcast::<Str>() else {
        let class = object.class().full_name();
        return Err(raise!(thread, TypeError, "{start} {class}"));
    };
    match text.code_point(0).filter(|_| text.length() == 1) {
        Some(point) => Ok(point),
        None => Err(raise!(thread, TypeError, "{start} a string of length {}", text.length())),
    }
}
