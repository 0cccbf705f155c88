//! Datetimes from moments (timestamps, the system's clock) and back, and from one zone to another.

use objects::errors::{PyResult, TypeError};
use objects::float::Float;
use objects::protocol;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::types::Type;
use system::civil;
use system::clock::{self, Rounding};

use super::calendar::{Clock, Day, MICROSECONDS_A_SECOND, Span};
use super::date_time::DateTime;
use super::date_time_arithmetic::shifted;
use super::local;
use super::zone::Question;

/// Seconds since the epoch, and microseconds.
pub fn now() -> (i64, i32) {
    let now = clock::realtime();
    (now.div_euclid(clock::SECOND), (now.rem_euclid(clock::SECOND) / 1000) as i32)
}

/// A timestamp as seconds and microseconds, rounded to the nearest, from the middle to the even one.
pub fn from_timestamp(timestamp: &Object, thread: &mut Thread) -> PyResult<(i64, i32)> {
    let Some(float) = timestamp.downcast::<Float>() else {
        let seconds = clock::time_t(timestamp, Rounding::HalfEven, thread);
        return match thread.suppress(seconds, TypeError)? {
            Some(seconds) => Ok((seconds, 0)),
            None => {
                let class = timestamp.class().full_name();
                Err(raise!(thread, TypeError, "argument must be int or float, not {class}"))
            }
        };
    };
    let value = float.value();
    let microseconds = Rounding::HalfEven.round(value.fract() * MICROSECONDS_A_SECOND as f64) as i64;
    // The fraction is rounded by itself; the check of the whole is the clock's.
    let whole = Float::new(value.trunc(), thread);
    let seconds = clock::time_t(&whole, Rounding::Floor, thread)?;
    let carry = microseconds.div_euclid(MICROSECONDS_A_SECOND);
    Ok((seconds.saturating_add(carry), microseconds.rem_euclid(MICROSECONDS_A_SECOND) as i32))
}

/// UTC at a moment, with a zone that it is not converted to.
pub fn in_utc(
    class: &Type,
    seconds: i64,
    microsecond: i32,
    zone: Option<Py<Object>>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    let time = civil::universal(seconds, thread)?;
    let (day, clock) = local::split(&time);
    DateTime::make(class, day, Clock { microsecond, ..clock }, zone, 0, thread)
}

/// The time in a zone at a moment; without a zone, local time.
pub fn in_zone(
    class: &Type,
    seconds: i64,
    microsecond: i32,
    zone: Option<Py<Object>>,
    thread: &mut Thread,
) -> PyResult<Py<Object>> {
    if let Some(zone) = zone {
        let universal = in_utc(class, seconds, microsecond, Some(zone.clone()), thread)?;
        let name = thread.intern_text("fromutc");
        return protocol::call_method(&zone, &name, &[&universal], thread);
    }
    let time = civil::local(seconds, thread)?;
    let (day, clock) = local::split(&time);
    let clock = Clock { microsecond, ..clock };
    // Years that dates do not reach have no fold, but an error that `make` raises.
    let fold = match day.check() {
        Ok(day) => local::fold_at(seconds, local::seconds_of(day, clock), thread)?,
        Err(_) => false,
    };
    DateTime::make(class, day, clock, None, i32::from(fold), thread)
}

/// Seconds since the epoch at what a datetime shows, as local time.
fn local_timestamp(time: &DateTime, fold: bool, thread: &mut Thread) -> PyResult<i64> {
    let shown = local::seconds_of(time.day_value(), time.clock());
    let moment = local::moment_of(shown, fold, thread)?;
    Ok(local::since_epoch(moment))
}

pub fn timestamp(time: &DateTime, thread: &mut Thread) -> PyResult<Py<Object>> {
    let clock = time.clock();
    let Some(offset) = (match time.zone() {
        Some(_) => time.ask(Question::Offset, thread)?,
        None => None,
    }) else {
        let seconds = local_timestamp(time, time.fold_value() != 0, thread)?;
        let value = seconds as f64 + f64::from(clock.microsecond) / MICROSECONDS_A_SECOND as f64;
        return Ok(Float::new(value, thread).into_object());
    };
    let seconds = local::since_epoch(local::seconds_of(time.day_value(), clock));
    let shown = Span::normalized(0, seconds, i64::from(clock.microsecond));
    let moment = shown.and_then(|it| it.minus(offset.span()));
    let moment = super::delta::Delta::from_result(moment, thread)?;
    moment.total_seconds(thread)
}

/// The zone that a datetime without an offset is in: the system's, as it is then.
fn system_zone(time: &DateTime, thread: &mut Thread) -> PyResult<Py<Object>> {
    let fold = time.fold_value() != 0;
    let own = local_timestamp(time, fold, thread)?;
    let other = local_timestamp(time, !fold, thread)?;
    // In a gap the fold says which offset is meant: the one on that side, not the one that the moment found has.
    let in_gap = other != own && (other > own) == fold;
    local::zone_at(if in_gap { other } else { own }, thread).map(Py::into_object)
}

/// The same moment in another zone; None is the system's.
pub fn as_zone(time: &DateTime, zone: Option<Py<Object>>, thread: &mut Thread) -> PyResult<Py<Object>> {
    let mut own = match time.zone() {
        Some(own) => own,
        None => system_zone(time, thread)?,
    };
    let is_own = |own: &Object| zone.as_ref().is_some_and(|it| it.is(own));
    if is_own(&own) {
        return Ok(Py::from_ref(time).into_object());
    }
    let mut offset = super::zone::ask(&own, Question::Offset, time, thread)?;
    if offset.is_none() {
        own = system_zone(time, thread)?;
        if is_own(&own) {
            return Ok(Py::from_ref(time).into_object());
        }
        offset = super::zone::ask(&own, Question::Offset, time, thread)?;
    }
    let offset = offset.map_or_else(Span::default, |it| it.span());
    let universal = match shifted(time, offset, false, thread)?.downcast_into::<DateTime>() {
        Ok(universal) => universal,
        Err(other) => return Ok(other),
    };
    let zone = match zone {
        Some(zone) => zone,
        None => {
            let seconds = local::seconds_of(universal.day_value(), universal.clock());
            local::zone_at(local::since_epoch(seconds), thread)?.into_object()
        }
    };
    let universal = DateTime::move_to(universal, zone.clone(), thread)?;
    let name = thread.intern_text("fromutc");
    protocol::call_method(&zone, &name, &[&universal], thread)
}

/// What the type's constants are made of.
pub fn constant(day: Day, clock: Clock, thread: &mut Thread) -> PyResult<Py<Object>> {
    use objects::types::Instance as _;
    DateTime::make(DateTime::class(), day, clock, None, 0, thread)
}
