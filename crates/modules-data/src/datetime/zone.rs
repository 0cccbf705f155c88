//! `tzinfo`, the base of all time zones; and how dates and times ask theirs.

use layout::PyDateTime_TZInfo;
use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::{PyResult, Raised};
use objects::names;
use objects::object::BaseObject;
use objects::protocol;
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::{Instance as _, Type};

use super::calendar::Span;
use super::date_time::DateTime;
use super::date_time_arithmetic::shifted;
use super::delta::Delta;
use super::time_zone::TimeZone;

/// A time zone without rules.
#[derive(Instance)]
#[repr(C)]
pub struct TimeZoneInfo {
    header: Header,
}

const _: () = assert!(size_of::<TimeZoneInfo>() == size_of::<PyDateTime_TZInfo>());

impl TimeZoneInfo {
    /// The head of a zone with rules.
    pub fn with_class(class: &Type) -> Self {
        Self { header: Header::new(class) }
    }
}

/// The two questions about lengths of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    Offset,
    Daylight,
}

impl Question {
    fn method(self) -> &'static str {
        match self {
            Self::Offset => "utcoffset",
            Self::Daylight => "dst",
        }
    }
}

/// ValueError unless a span may be an offset from UTC.
pub fn check_offset(offset: &Delta, thread: &mut Thread) -> PyResult<()> {
    if offset.span().is_offset() {
        return Ok(());
    }
    let shown = protocol::repr(offset, thread)?.to_string_lossy();
    let bounds = "strictly between -timedelta(hours=24) and timedelta(hours=24)";
    Err(raise!(thread, ValueError, "offset must be a timedelta {bounds}, not {shown}"))
}

/// What a time zone answers for a time: a span less than a day, or None.
pub fn ask(zone: &Object, question: Question, argument: &Object, thread: &mut Thread) -> PyResult<Option<Py<Delta>>> {
    // The answers of fixed offsets are known.
    if let Some(fixed) = zone.downcast_exact::<TimeZone>() {
        return Ok((question == Question::Offset).then(|| fixed.offset()));
    }
    let method = question.method();
    let name = thread.intern_text(method);
    let answer = protocol::call_method(zone, &name, &[argument], thread)?;
    if answer.is_none() {
        return Ok(None);
    }
    match answer.downcast_into::<Delta>() {
        Ok(delta) => {
            check_offset(&delta, thread)?;
            Ok(Some(delta))
        }
        Err(other) => {
            let class = other.class().full_name();
            Err(raise!(thread, TypeError, "tzinfo.{method}() must return None or timedelta, not '{class}'"))
        }
    }
}

/// The name that a time zone gives for a time, or None.
pub fn ask_name(zone: &Object, argument: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
    let name = thread.intern_text("tzname");
    let answer = protocol::call_method(zone, &name, &[argument], thread)?;
    if answer.is_none() || answer.downcast::<Str>().is_some() {
        return Ok(answer);
    }
    let class = answer.class().full_name();
    Err(raise!(thread, TypeError, "tzinfo.tzname() must return None or a string, not '{class}'"))
}

/// The datetime that `fromutc` is given, which must be in this very zone.
pub fn utc_argument<'a>(zone: &Object, argument: &'a Object, thread: &mut Thread) -> PyResult<&'a DateTime> {
    let Some(time) = argument.downcast::<DateTime>() else {
        return Err(raise!(thread, TypeError, "fromutc: argument must be a datetime"));
    };
    match time.zone() {
        Some(own) if own.is(zone) => Ok(time),
        _ => Err(raise!(thread, ValueError, "fromutc: dt.tzinfo is not self")),
    }
}

#[cold]
fn raise_not_implemented(method: &str, thread: &mut Thread) -> Raised {
    raise!(thread, NotImplementedError, "a tzinfo subclass must implement {method}()")
}

/// Abstract base class for time zone info objects.
#[python_type(name = "datetime.tzinfo", base = BaseObject, flags(BASETYPE))]
impl TimeZoneInfo {
    #[new]
    #[signature("(*args, **kwargs)")]
    fn new_zone(
        class: &Type,
        _arguments: &[&Object],
        _keywords: Option<Py<Dict>>,
        thread: &mut Thread,
    ) -> PyResult<Py<TimeZoneInfo>> {
        Py::new_in(class, TimeZoneInfo { header: Header::new(TimeZoneInfo::class()) }, thread)
    }

    /// tzname($self, object, /)
    /// --
    ///
    /// datetime -> string name of time zone.
    #[method]
    fn tzname(&self, _object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        Err(raise_not_implemented("tzname", thread))
    }

    /// utcoffset($self, object, /)
    /// --
    ///
    /// datetime -> timedelta showing offset from UTC, negative values indicating West of UTC
    #[method]
    fn utcoffset(&self, _object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        Err(raise_not_implemented("utcoffset", thread))
    }

    /// dst($self, object, /)
    /// --
    ///
    /// datetime -> DST offset as timedelta positive east of UTC.
    #[method]
    fn dst(&self, _object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        Err(raise_not_implemented("dst", thread))
    }

    /// fromutc($self, object, /)
    /// --
    ///
    /// datetime in UTC -> datetime in local time.
    #[method]
    fn fromutc(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let time = utc_argument(self, object, thread)?;
        let Some(offset) = ask(self, Question::Offset, time, thread)? else {
            return Err(raise!(thread, ValueError, "fromutc: non-None utcoffset() result required"));
        };
        let Some(daylight) = ask(self, Question::Daylight, time, thread)? else {
            return Err(raise!(thread, ValueError, "fromutc: non-None dst() result required"));
        };
        // The zone's standard offset, and then what summer adds to it there.
        let standard = Delta::from_result(offset.span().minus(daylight.span()), thread)?;
        let result = shifted(time, standard.span(), true, thread)?;
        let Some(standard_time) = result.downcast::<DateTime>() else { return Ok(result) };
        let Some(daylight) = ask(self, Question::Daylight, standard_time, thread)? else {
            let message = "fromutc: tz.dst() gave inconsistent results; cannot convert";
            return Err(raise!(thread, ValueError, "{message}"));
        };
        match daylight.span() {
            span if span == Span::default() => Ok(result),
            span => shifted(standard_time, span, true, thread),
        }
    }

    /// __reduce__($self, /)
    /// --
    ///
    /// -> (cls, state)
    #[method]
    fn __reduce__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let arguments = match protocol::lookup_attribute(self, &names::__getinitargs__, thread)? {
            Some(method) => protocol::call(&method, &[], thread)?,
            None => Tuple::empty(thread).into_object(),
        };
        let state = protocol::call_method(self, &names::__getstate__, &[], thread)?;
        Tuple::new(vec![Py::from_ref(self.class()).into_object(), arguments, state], thread)
    }
}
