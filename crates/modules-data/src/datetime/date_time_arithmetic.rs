//! Arithmetic and comparison of datetimes, and their hash: in one zone by what the clocks show, between zones by the moments.

use std::cmp::Ordering;

use objects::bool::Bool;
use objects::errors::PyResult;
use objects::protocol::Comparison;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;

use super::calendar::{self, Span};
use super::date::raise_out_of_range;
use super::date_time::DateTime;
use super::delta::Delta;
use super::parts::hash_of_bytes;
use super::zone::Question;

/// A datetime of the same class and zone, moved by a span.
pub fn shifted(time: &DateTime, by: Span, forwards: bool, thread: &mut Thread) -> PyResult<Py<Object>> {
    match calendar::shifted(time.day_value(), time.clock(), by, forwards) {
        Some((day, clock)) => DateTime::make(time.class(), day, clock, time.zone(), 0, thread),
        None => Err(raise_out_of_range(thread)),
    }
}

/// The span between what two clocks show.
fn shown_difference(left: &DateTime, right: &DateTime) -> Span {
    let (clock, other) = (left.clock(), right.clock());
    let days = left.day_value().ordinal() - right.day_value().ordinal();
    let seconds = clock.seconds() - other.seconds();
    let microseconds = i64::from(clock.microsecond) - i64::from(other.microsecond);
    Span::normalized(days, seconds, microseconds).expect("dates are not so far apart")
}

fn is_same_zone(left: &DateTime, right: &DateTime) -> bool {
    let (zone, other) = (left.zone(), right.zone());
    zone.as_deref().map(Object::address) == other.as_deref().map(Object::address)
}

/// The offsets of two datetimes in different zones.
fn offsets(left: &DateTime, right: &DateTime, thread: &mut Thread) -> PyResult<(Option<Span>, Option<Span>)> {
    let offset = left.ask(Question::Offset, thread)?.map(|it| it.span());
    let other = right.ask(Question::Offset, thread)?.map(|it| it.span());
    Ok((offset, other))
}

/// The span between two moments whose clocks have these offsets.
fn difference(left: &DateTime, right: &DateTime, offset: Span, other: Span) -> Result<Span, calendar::TooLong> {
    shown_difference(left, right).minus(offset.minus(other)?)
}

pub fn subtract(left: &DateTime, right: &DateTime, thread: &mut Thread) -> PyResult<Py<Object>> {
    let span = if is_same_zone(left, right) {
        Ok(shown_difference(left, right))
    } else {
        match offsets(left, right, thread)? {
            (None, None) => Ok(shown_difference(left, right)),
            (Some(offset), Some(other)) => difference(left, right, offset, other),
            _ => {
                let message = "can't subtract offset-naive and offset-aware datetimes";
                return Err(raise!(thread, TypeError, "{message}"));
            }
        }
    };
    Delta::from_result(span, thread).map(Py::into_object)
}

/// True if the offset of a datetime depends on its fold: then it is equal to none in another zone (PEP 495).
fn depends_on_fold(time: &DateTime, offset: Option<Span>, thread: &mut Thread) -> PyResult<bool> {
    let flipped = time.with_fold(1 - time.fold_value(), thread);
    let other = flipped.ask(Question::Offset, thread)?.map(|it| it.span());
    Ok(other != offset)
}

fn order_between_zones(
    left: &DateTime,
    right: &DateTime,
    offsets: (Option<Span>, Option<Span>),
    thread: &mut Thread,
) -> PyResult<Option<Ordering>> {
    match offsets {
        (offset, other) if offset == other => Ok(Some(left.shown().cmp(right.shown()))),
        (Some(offset), Some(other)) => {
            let difference = difference(left, right, offset, other);
            let span = difference.map_err(|error| super::delta::raise_too_long(error, thread))?;
            Ok(Some(span.cmp(&Span::default())))
        }
        _ => Ok(None),
    }
}

pub fn compare(left: &DateTime, right: &DateTime, operation: Comparison, thread: &mut Thread) -> PyResult<Py<Object>> {
    if is_same_zone(left, right) {
        return Ok(Bool::new(operation.holds(left.shown().cmp(right.shown()))));
    }
    let is_equality = matches!(operation, Comparison::Equal | Comparison::NotEqual);
    let offsets = offsets(left, right, thread)?;
    let Some(order) = order_between_zones(left, right, offsets, thread)? else {
        if is_equality {
            return Ok(Bool::new(operation == Comparison::NotEqual));
        }
        return Err(raise!(thread, TypeError, "can't compare offset-naive and offset-aware datetimes"));
    };
    if is_equality
        && order == Ordering::Equal
        && (depends_on_fold(left, offsets.0, thread)? || depends_on_fold(right, offsets.1, thread)?)
    {
        return Ok(Bool::new(operation == Comparison::NotEqual));
    }
    Ok(Bool::new(operation.holds(order)))
}

/// The hash of the moment, whatever the fold.
pub fn hash(time: &DateTime, thread: &mut Thread) -> PyResult<isize> {
    let offset = match time.fold_value() {
        0 => time.ask(Question::Offset, thread)?,
        _ => time.with_fold(0, thread).ask(Question::Offset, thread)?,
    };
    let Some(offset) = offset else { return Ok(hash_of_bytes(time.shown())) };
    let clock = time.clock();
    let shown = Span::normalized(time.day_value().ordinal(), clock.seconds(), i64::from(clock.microsecond));
    let moment = shown.and_then(|it| it.minus(offset.span()));
    Ok(Delta::from_result(moment, thread)?.hash_value())
}
