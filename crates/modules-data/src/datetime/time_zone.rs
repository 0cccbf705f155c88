//! `timezone`: zones of a fixed offset from UTC.

use macros::{Instance, python_type};
use objects::dict::Dict;
use objects::errors::PyResult;
use objects::protocol::{self, Comparison};
use objects::raise;
use objects::refs::{Header, Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use objects::tuple::Tuple;
use objects::types::Instance as _;

use super::arguments::{Call, Parameters, text_argument};
use super::date_time::DateTime;
use super::date_time_arithmetic::shifted;
use super::delta::Delta;
use super::iso_text;
use super::parts::{Uncollected, utc};
use super::zone::{TimeZoneInfo, check_offset, utc_argument};

/// A zone of one offset.
#[derive(Instance)]
#[repr(C)]
pub struct TimeZone {
    header: Header,
    offset: Uncollected<Py<Delta>>,
    name: Uncollected<Option<Py<Str>>>,
}

static PARAMETERS: Parameters =
    Parameters { function: Some("timezone"), names: &["offset", "name"], required: 1, most_positional: 2 };

impl TimeZone {
    /// A zone of an offset that was checked.
    pub fn make(offset: Py<Delta>, name: Option<Py<Str>>, thread: &mut Thread) -> Py<TimeZone> {
        let zone =
            TimeZone { header: Header::new(TimeZone::class()), offset: Uncollected(offset), name: Uncollected(name) };
        Py::new(zone, thread)
    }

    /// The zone of an offset: `utc` itself for none, unless it has a name.
    pub fn of(offset: &Delta, name: Option<Py<Str>>, thread: &mut Thread) -> PyResult<Py<TimeZone>> {
        if name.is_none() && offset.span().is_zero() {
            return Ok(utc(thread));
        }
        check_offset(offset, thread)?;
        Ok(Self::make(Py::from_ref(offset), name, thread))
    }

    pub fn offset(&self) -> Py<Delta> {
        self.offset.0.clone()
    }

    fn is_utc(&self, thread: &mut Thread) -> bool {
        let utc = utc(thread);
        std::ptr::eq(&*utc, self)
    }

    fn name(&self, thread: &mut Thread) -> Py<Str> {
        if let Some(name) = &self.name.0 {
            return name.clone();
        }
        let span = self.offset().span();
        if span.is_zero() {
            return Str::from_str("UTC", thread);
        }
        Str::from_str(&format!("UTC{}", iso_text::write_offset(span, ":")), thread)
    }
}

/// TypeError unless an argument is a datetime or None.
fn check_time(object: &Object, method: &str, thread: &mut Thread) -> PyResult<()> {
    if object.is_none() || object.downcast::<DateTime>().is_some() {
        return Ok(());
    }
    let class = object.class().full_name();
    let wanted = "argument must be a datetime instance or None, not";
    Err(raise!(thread, TypeError, "{method}(dt) {wanted} {class}"))
}

/// Fixed offset from UTC implementation of tzinfo.
#[python_type(name = "datetime.timezone", base = TimeZoneInfo)]
impl TimeZone {
    #[new]
    #[signature("(*args, **kwargs)")]
    fn new_time_zone(arguments: &[&Object], keywords: Option<Py<Dict>>, thread: &mut Thread) -> PyResult<Py<TimeZone>> {
        let call = Call::new(&PARAMETERS, arguments, keywords.as_deref(), thread)?;
        let offset = call.object(0, thread)?.unwrap_or_else(|| thread.none());
        let Some(offset) = offset.downcast::<Delta>() else {
            let found = if offset.is_none() { "None".to_owned() } else { offset.class().full_name() };
            return Err(raise!(thread, TypeError, "timezone() argument 1 must be datetime.timedelta, not {found}"));
        };
        let name = match call.object(1, thread)? {
            Some(name) => Some(Py::from_ref(text_argument(&name, "timezone", 2, thread)?)),
            None => None,
        };
        call.finish(thread)?;
        Self::of(offset, name, thread)
    }

    #[slot(tp_richcompare)]
    fn compare(&self, other: &Object, operation: Comparison, thread: &mut Thread) -> Py<Object> {
        match (other.downcast::<TimeZone>(), operation) {
            (Some(other), Comparison::Equal | Comparison::NotEqual) => {
                let order = self.offset().span().cmp(&other.offset().span());
                objects::bool::Bool::new(operation.holds(order))
            }
            _ => thread.not_implemented(),
        }
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        Ok(self.offset().hash_value())
    }

    #[slot(tp_repr)]
    fn repr(&self, thread: &mut Thread) -> PyResult<Py<Str>> {
        if self.is_utc(thread) {
            return Ok(Str::from_str("datetime.timezone.utc", thread));
        }
        let mut text = protocol::ContainerRepr::open(&format!("{}(", self.class().full_name()));
        text.push_repr(&self.offset(), thread)?;
        if let Some(name) = &self.name.0 {
            text.push(", ");
            text.push_repr(name, thread)?;
        }
        text.push(")");
        text.finish(thread)
    }

    #[slot(tp_str)]
    fn str(&self, thread: &mut Thread) -> Py<Str> {
        self.name(thread)
    }

    /// tzname($self, object, /)
    /// --
    ///
    /// If name is specified when timezone is created, returns the name.  Otherwise returns offset as 'UTC(+|-)HH:MM'.
    #[method]
    fn tzname(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Str>> {
        check_time(object, "tzname", thread)?;
        Ok(self.name(thread))
    }

    /// utcoffset($self, object, /)
    /// --
    ///
    /// Return fixed offset.
    #[method]
    fn utcoffset(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Delta>> {
        check_time(object, "utcoffset", thread)?;
        Ok(self.offset())
    }

    /// dst($self, object, /)
    /// --
    ///
    /// Return None.
    #[method]
    fn dst(&self, object: &Object, thread: &mut Thread) -> PyResult<()> {
        check_time(object, "dst", thread)
    }

    /// fromutc($self, object, /)
    /// --
    ///
    /// datetime in UTC -> datetime in local time.
    #[method]
    fn fromutc(&self, object: &Object, thread: &mut Thread) -> PyResult<Py<Object>> {
        let time = utc_argument(self, object, thread)?;
        shifted(time, self.offset().span(), true, thread)
    }

    /// __getinitargs__($self, /)
    /// --
    ///
    /// pickle support
    #[method]
    fn __getinitargs__(&self, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let mut arguments = vec![self.offset().into_object()];
        arguments.extend(self.name.0.clone().map(Py::into_object));
        Tuple::new(arguments, thread)
    }
}
