//! `time`.

use std::cell::Cell;

use layout::PyDateTime_Time;
use macros::{Instance, python_type};
use objects::bool::Bool;
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::object::BaseObject;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Field, Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::arguments::{Call, Parameters, c_int, check_fold, text_argument, valid, zone_argument};
use super::calendar::{Clock, MICROSECONDS_A_SECOND, Span};
use super::date::{iso_argument, iso_bytes, raise_invalid_iso};
use super::delta::{Delta, raise_too_long};
use super::format;
use super::iso_text::{self, Precision, ReadTime};
use super::parts::{Packed, Uncollected, Zone, hash_of_bytes, pack_clock, pickled, unpack_clock};
use super::time_zone::TimeZone;
use super::zone::{Question, ask, ask_name};

/// A time of day, with a zone or without.
#[derive(Instance)]
#[repr(C)]
pub struct Time {
    header: Header,
    /// -1: not computed yet.
    hash: Cell<isize>,
    has_zone: u8,
    data: Packed<6>,
    fold: u8,
    zone: Zone,
}

const _: () = {
    assert!(size_of::<Time>() == size_of::<PyDateTime_Time>());
    assert!(std::mem::offset_of!(Time, data) == std::mem::offset_of!(PyDateTime_Time, data));
    assert!(std::mem::offset_of!(Time, fold) == std::mem::offset_of!(PyDateTime_Time, fold));
    assert!(std::mem::offset_of!(Time, zone) == std::mem::offset_of!(PyDateTime_Time, tzinfo));
};

static PARAMETERS: Parameters = Parameters {
    function: None,
    names: &["hour", "minute", "second", "microsecond", "tzinfo", "fold"],
    required: 0,
    most_positional: 5,
};
static REPLACE: Parameters = Parameters {
    function: Some("replace"),
    names: &["hour", "minute", "second", "microsecond", "tzinfo", "fold"],
    required: 0,
    most_positional: 5,
};

/// True for an hour, as pickles have it: with the fold in the highest bit.
fn is_hour(byte: u32) -> bool {
    byte & 0x7F < 24
}

/// Where pickles keep the fold.
pub const FOLD_BIT: u8 = 0x80;

/// The zone of a pickle's state.
pub fn pickled_zone(zone: Option<&&Object>, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    match zone_argument(zone.copied(), thread) {
        Ok(zone) => Ok(zone),
        Err(raised) => {
            drop(thread.catch(raised));
            Err(raise!(thread, TypeError, "bad tzinfo state arg"))
        }
    }
}

/// The zone of an offset that was read.
pub fn zone_of_offset(offset: Option<i64>, thread: &mut Thread) -> PyResult<Option<Py<Object>>> {
    let Some(offset) = offset else { return Ok(None) };
    let span = Span::from_microseconds(i128::from(offset)).map_err(|error| raise_too_long(error, thread))?;
    let delta = Delta::new(span, thread);
    TimeZone::of(&delta, None, thread).map(|it| Some(it.into_object()))
}

/// Midnight may be written as 24 hours: true if it was.
pub fn take_midnight(clock: &mut Clock, thread: &mut Thread) -> PyResult<bool> {
    if clock.hour != 24 {
        return Ok(false);
    }
    if *clock != Clock::new(24, 0, 0, 0) {
        let message = "minute, second, and microsecond must be 0 when hour is 24";
        return Err(raise!(thread, ValueError, "{message}"));
    }
    clock.hour = 0;
    Ok(true)
}

/// How much of the time `isoformat` is to write.
pub fn precision(timespec: Option<&Object>, place: usize, clock: Clock, thread: &mut Thread) -> PyResult<Precision> {
    let Some(timespec) = timespec else { return Ok(Precision::exact(clock)) };
    let text = text_argument(timespec, "isoformat", place, thread)?;
    text.utf8(thread)?;
    match Precision::named(&text.to_string_lossy(), clock) {
        Some(precision) => Ok(precision),
        None => Err(raise!(thread, ValueError, "Unknown timespec value")),
    }
}

/// What follows the time in ISO 8601: the offset, if there is one.
pub fn offset_suffix(zone: Option<&Object>, argument: &Object, thread: &mut Thread) -> PyResult<String> {
    let Some(zone) = zone else { return Ok(String::new()) };
    let offset = ask(zone, Question::Offset, argument, thread)?;
    Ok(offset.map_or_else(String::new, |it| iso_text::write_offset(it.span(), ":")))
}

impl Time {
    fn with(data: [u8; 6], fold: u8, zone: Option<Py<Object>>) -> Self {
        Self {
            header: Header::new(Time::class()),
            hash: Cell::new(-1),
            has_zone: u8::from(zone.is_some()),
            data: Packed(data),
            fold,
            zone: Uncollected(Field::new(zone)),
        }
    }

    /// A time of a clock that was checked.
    pub fn new(clock: Clock, zone: Option<Py<Object>>, fold: u8, thread: &mut Thread) -> Py<Time> {
        Py::new(Self::with(pack_clock(clock), fold, zone), thread)
    }

    /// A new instance of a class, made by calling it unless it is ours.
    pub fn make(
        class: &Type,
        clock: Clock,
        zone: Option<Py<Object>>,
        fold: i32,
        thread: &mut Thread,
    ) -> PyResult<Py<Object>> {
        let fold = check_fold(fold, thread)?;
        if class.is(Time::class()) {
            let clock = valid(clock.check(), thread)?;
            return Ok(Self::new(clock, zone, fold, thread).into_object());
        }
        let Clock { hour, minute, second, microsecond } = clock;
        let parts = [hour, minute, second, microsecond].map(|it| protocol::make_int(i128::from(it), thread));
        let mut arguments = Vec::from(parts);
        arguments.push(zone.unwrap_or_else(|| thread.none()));
        call_with_fold(class, arguments, fold, thread)
    }

    pub fn value(&self) -> Clock {
        unpack_clock(&self.data.0)
    }

    pub fn zone(&self) -> Option<Py<Object>> {
        self.zone.0.get()
    }

    pub fn fold_value(&self) -> u8 {
        self.fold
    }

    fn ask(&self, question: Question, thread: &mut Thread) -> PyResult<Option<Py<Delta>>> {
        let Some(zone) = self.zone() else { return Ok(None) };
        let none = thread.none();
        ask(&zone, question, &none, thread)
    }

    fn replaced(&self, arguments: &[&Object], keywords: Option<&Dict>, thread: &mut Thread) -> PyResult<Py<Object>> {
        let call = Call::new(&REPLACE, arguments, keywords, thread)?;
        let old = self.value();
        let hour = call.int(0, old.hour, thread)?;
        let minute = call.int(1, old.minute, thread)?;
        let second = call.int(2, old.second, thread)?;
        let microsecond = call.int(3, old.microsecond, thread)?;
        let zone = call.object(4, thread)?;
        let fold = call.int(5, i32::from(self.fold), thread)?;
        call.finish(thread)?;
        let zone = match &zone {
            Some(zone) => zone_argument(Some(zone), thread)?,
            None => self.zone(),
        };
        Self::make(self.class(), Clock { hour, minute, second, microsecond }, zone, fold, thread)
    }

    /// Microseconds since midnight in UTC, which may be another day's.
    fn moment(&self, offset: Span) -> i128 {
        let clock = self.value();
        i128::from(clock.seconds() * MICROSECONDS_A_SECOND + i64::from(clock.microsecond)) - offset.total_microseconds()
    }
}

/// Calls a class with the fold as an argument by name, if there is one: the class need not know of it.
pub fn call_with_fold(class: &Type, arguments: Vec<Py<Object>>, fold: u8, thread: &mut Thread) -> PyResult<Py<Object>> {
    let arguments = Tuple::new(arguments, thread)?;
    if fold == 0 {
        return protocol::call_tuple_or_vector(class, &arguments, None, thread);
    }
    let keywords = Dict::new(thread);
    let (name, fold) = (thread.intern_text("fold"), protocol::make_int(i128::from(fold), thread));
    keywords.set_str(&name, &fold, thread)?;
    protocol::call_tuple_or_vector(class, &arguments, Some(&keywords), thread)
}

/// time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object
///
/// All arguments are optional. tzinfo may be None, or an instance of
/// a tzinfo subclass. The remaining arguments may be ints.
///
#[python_type(name = "datetime.time", base = BaseObject, flags(BASETYPE))]
impl Time {
    #[new]
    #[signature("(*args, **kwargs)")]
    fn new_time(
        class: &Type,
        arguments: &[&Object],
        keywords: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<Time>> {
        if let [state] | [state, _] = arguments
            && let Some(mut data) = pickled::<6>(state, "time", 0, is_hour, thread)?
        {
            let zone = pickled_zone(arguments.get(1), thread)?;
            let fold = data[0] >> 7;
            data[0] &= !FOLD_BIT;
            return Py::new_in(class, Self::with(data, fold, zone), thread);
        }
        let call = Call::new(&PARAMETERS, arguments, keywords.as_deref(), thread)?;
        let hour = call.int(0, 0, thread)?;
        let minute = call.int(1, 0, thread)?;
        let second = call.int(2, 0, thread)?;
        let microsecond = call.int(3, 0, thread)?;
        let zone = call.object(4, thread)?;
        let fold = call.int(5, 0, thread)?;
        call.finish(thread)?;
        let clock = valid(Clock { hour, minute, second, microsecond }.check(), thread)?;
        let fold = check_fold(fold, thread)?;
        let zone = zone_argument(zone.as_deref(), thread)?;
        Py::new_in(class, Self::with(pack_clock(clock), fold, zone), thread)
    }

    /// string, format -> new time parsed from a string (like time.strptime()).
    #[classmethod]
    #[signature("(string, format, /)")]
    fn strptime(class: &Type, string: &Object, format: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        format::strptime(class, "_strptime_datetime_time", string, format, thread)
    }

    /// fromisoformat($type, object, /)
    /// --
    ///
    /// string -> time from a string in ISO 8601 format
    #[classmethod]
    fn fromisoformat(class: &Type, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let text = iso_argument(object, thread)?;
        let bytes = iso_bytes(text);
        let time = bytes.strip_prefix(b"T").unwrap_or(&bytes);
        let Some(ReadTime { mut clock, offset }) = iso_text::read_time(time) else {
            return Err(raise_invalid_iso(text, thread));
        };
        take_midnight(&mut clock, thread)?;
        let zone = zone_of_offset(offset, thread)?;
        Self::make(class, clock, zone, 0, thread)
    }

    #[getter]
    fn hour(&self) -> i32 {
        i32::from(self.data.0[0])
    }

    #[getter]
    fn minute(&self) -> i32 {
        i32::from(self.data.0[1])
    }

    #[getter]
    fn second(&self) -> i32 {
        i32::from(self.data.0[2])
    }

    #[getter]
    fn microsecond(&self) -> i32 {
        self.value().microsecond
    }

    #[getter]
    fn tzinfo(&self) -> Option<Py<Object>> {
        self.zone()
    }

    #[getter]
    fn fold(&self) -> i32 {
        i32::from(self.fold)
    }

    /// Return string in ISO 8601 format, [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].
    ///
    /// The optional argument timespec specifies the number of additional terms
    /// of the time to include. Valid options are 'auto', 'hours', 'minutes',
    /// 'seconds', 'milliseconds' and 'microseconds'.
    ///
    #[method]
    #[signature("(timespec=None)")]
    fn isoformat(&self, timespec: Option<&Object>, thread: &mut Thread) -> PyResult<String> {
        let clock = self.value();
        let precision = precision(timespec, 1, clock, thread)?;
        let mut text = iso_text::write_clock(clock, precision);
        let (zone, none) = (self.zone(), thread.none());
        text += &offset_suffix(zone.as_deref(), &none, thread)?;
        Ok(text)
    }

    /// format -> strftime() style string.
    #[method]
    #[signature("(format)")]
    fn strftime(&self, format: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let format = text_argument(format, "strftime", 1, thread)?;
        let clock = self.value();
        // Some C libraries know no years before 1900; a time has none.
        let numbers = [1900, 1, 1, clock.hour, clock.minute, clock.second, 0, 1, -1];
        let numbers = numbers.iter().map(|it| protocol::make_int(i128::from(*it), thread)).collect();
        let tuple = Tuple::new(numbers, thread)?;
        let (zone, none) = (self.zone(), thread.none());
        let value = format::Formatted { zone: zone.as_deref(), argument: &none, microsecond: clock.microsecond };
        format::strftime(&value, format, &tuple, thread)
    }

    /// Formats self with strftime.
    #[method]
    #[signature("(format, /)")]
    fn __format__(&self, format: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        format::format(self, format, thread)
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
        let none = thread.none();
        match self.zone() {
            Some(zone) => ask_name(&zone, &none, thread),
            None => Ok(none),
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

    /// replace($self, /, hour=unchanged, minute=unchanged, second=unchanged,
    ///         microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)
    /// --
    ///
    /// Return time with new specified fields.
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
        let Clock { hour, minute, second, microsecond } = self.value();
        let mut shown = format!("{}({hour}, {minute}", self.class().full_name());
        if second != 0 || microsecond != 0 {
            shown += &format!(", {second}");
        }
        if microsecond != 0 {
            shown += &format!(", {microsecond}");
        }
        let mut text = protocol::ContainerRepr::open(&shown);
        if let Some(zone) = self.zone() {
            text.push(", tzinfo=");
            text.push_repr(&zone, thread)?;
        }
        if self.fold != 0 {
            text.push(", fold=1");
        }
        text.push(")");
        text.finish(thread)
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> PyResult<Py<Object>> {
        let name = thread.intern_text("isoformat");
        protocol::call_method(self, &name, &[], thread)
    }

    #[slot(tp_hash)]
    fn hash(&self, thread: &mut Thread) -> PyResult<isize> {
        if self.hash.get() == -1 {
            let hash = match self.ask(Question::Offset, thread)? {
                None => hash_of_bytes(&self.data.0),
                Some(offset) => {
                    let moment = Span::from_microseconds(self.moment(offset.span()));
                    Delta::from_result(moment, thread)?.hash_value()
                }
            };
            self.hash.set(hash);
        }
        Ok(self.hash.get())
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
        let Some(other) = other.downcast::<Time>() else { return Ok(thread.not_implemented()) };
        let plain = self.data.0.cmp(&other.data.0);
        let (zone, other_zone) = (self.zone(), other.zone());
        if zone.as_deref().map(Object::address) == other_zone.as_deref().map(Object::address) {
            return Ok(Bool::new(operation.holds(plain)));
        }
        let offset = self.ask(Question::Offset, thread)?.map(|it| it.span());
        let other_offset = other.ask(Question::Offset, thread)?.map(|it| it.span());
        if offset == other_offset {
            return Ok(Bool::new(operation.holds(plain)));
        }
        match (offset, other_offset) {
            (Some(offset), Some(other_offset)) => {
                let order = self.moment(offset).cmp(&other.moment(other_offset));
                Ok(Bool::new(operation.holds(order)))
            }
            _ if matches!(operation, Comparison::Equal | Comparison::NotEqual) => {
                Ok(Bool::new(operation == Comparison::NotEqual))
            }
            _ => Err(raise!(thread, TypeError, "can't compare offset-naive and offset-aware times")),
        }
    }
}

impl Time {
    fn reduced(&self, protocol: i32, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut state = self.data.0;
        if protocol > 3 && self.fold != 0 {
            state[0] |= FOLD_BIT;
        }
        format::reduced(self, &state, self.zone(), thread)
    }
}
