//! `_datetime`: dates, times, spans of time and time zones, which `datetime` gives to programs.

pub(crate) mod arguments;
pub(crate) mod calendar;
mod date;
pub(crate) mod date_time;
mod date_time_arithmetic;
mod date_time_moment;
pub(crate) mod delta;
mod format;
mod iso_calendar;
mod iso_text;
mod local;
pub(crate) mod parts;
mod ratio;
mod time;
mod time_zone;
pub(crate) mod zone;

use macros::python_module;
use objects::errors::PyResult;
use objects::module::Module;
use objects::protocol;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::{Instance, Type, TypeDeclaration};

use calendar::{Clock, Day, MAXIMUM_SPAN_DAYS, MAXIMUM_YEAR, MINIMUM_YEAR, Span};
use delta::Delta;

pub const TYPES: &[&TypeDeclaration] = &[
    Delta::DECLARATION,
    date::Date::DECLARATION,
    zone::TimeZoneInfo::DECLARATION,
    time::Time::DECLARATION,
    time_zone::TimeZone::DECLARATION,
    date_time::DateTime::DECLARATION,
    iso_calendar::IsoCalendarDate::DECLARATION,
];

pub struct DatetimeModule;

/// Fast implementation of the datetime module.
#[python_module(name = "_datetime")]
impl DatetimeModule {
    #[exec]
    fn exec(module: &Module, thread: &mut Thread) -> PyResult<()> {
        let types = [
            Delta::class(),
            date::Date::class(),
            zone::TimeZoneInfo::class(),
            time::Time::class(),
            time_zone::TimeZone::class(),
            date_time::DateTime::class(),
        ];
        for class in types {
            module.set(&class.short_name(), class, thread)?;
        }
        for (name, year) in [("MINYEAR", MINIMUM_YEAR), ("MAXYEAR", MAXIMUM_YEAR)] {
            let year = protocol::make_int(i128::from(year), thread);
            module.set(name, &year, thread)?;
        }
        let utc = parts::utc(thread);
        module.set("UTC", &utc, thread)?;
        add_constants(thread)
    }
}

/// Sets the extreme values and the resolution of each type.
fn add_constants(thread: &mut Thread) -> PyResult<()> {
    let span = |days, seconds, microseconds| Span { days, seconds, microseconds };
    let (first, last) = (Day::new(MINIMUM_YEAR, 1, 1), Day::new(MAXIMUM_YEAR, 12, 31));
    let (start, end) = (Clock::default(), Clock::new(23, 59, 59, 999_999));
    let shortest = Delta::new(span(0, 0, 1), thread).into_object();
    let day = Delta::new(span(1, 0, 0), thread).into_object();

    let least = Delta::new(span(-MAXIMUM_SPAN_DAYS, 0, 0), thread).into_object();
    let most = Delta::new(span(MAXIMUM_SPAN_DAYS, 86_399, 999_999), thread).into_object();
    set(Delta::class(), [("min", least), ("max", most), ("resolution", shortest.clone())], thread)?;

    let least = date::Date::new(first, thread).into_object();
    let most = date::Date::new(last, thread).into_object();
    set(date::Date::class(), [("min", least), ("max", most), ("resolution", day)], thread)?;

    let least = time::Time::new(start, None, 0, thread).into_object();
    let most = time::Time::new(end, None, 0, thread).into_object();
    set(time::Time::class(), [("min", least), ("max", most), ("resolution", shortest.clone())], thread)?;

    let least = date_time_moment::constant(first, start, thread)?;
    let most = date_time_moment::constant(last, end, thread)?;
    set(date_time::DateTime::class(), [("min", least), ("max", most), ("resolution", shortest)], thread)?;

    let utc = parts::utc(thread).into_object();
    let mut zone = |span| -> PyResult<Py<Object>> {
        let offset = Delta::new(span, thread);
        time_zone::TimeZone::of(&offset, None, thread).map(Py::into_object)
    };
    // A whole number of minutes, as when offsets had to be one.
    let (least, most) = (zone(span(-1, 60, 0))?, zone(span(0, 86_340, 0))?);
    set(time_zone::TimeZone::class(), [("utc", utc), ("min", least), ("max", most)], thread)
}

fn set<const COUNT: usize>(class: &Type, attributes: [(&str, Py<Object>); COUNT], thread: &mut Thread) -> PyResult<()> {
    for (name, value) in attributes {
        let name = thread.intern_text(name);
        class.dict(thread).set_str(&name, &value, thread)?;
    }
    class.modified(thread);
    Ok(())
}
