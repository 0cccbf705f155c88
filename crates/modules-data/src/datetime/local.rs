//! Local time: from moments and back, with the hour that the end of summer repeats (PEP 495).
//!
//! Here a moment is counted in seconds from the start of January 1 of year 1, in UTC; local times are counted alike.

use objects::errors::PyResult;
use objects::refs::{Object, Py};
use objects::str::Str;
use objects::thread::Thread;
use system::civil;

use super::calendar::{Clock, Day, MAXIMUM_YEAR, MINIMUM_YEAR, SECONDS_A_DAY, Span};
use super::date::raise_year;
use super::delta::Delta;
use super::time_zone::TimeZone;

/// January 1, 1970.
const EPOCH: i64 = 719_162 * SECONDS_A_DAY;

/// No change of local time is larger.
const LARGEST_FOLD: i64 = SECONDS_A_DAY;

/// Seconds from the start of year 1 to a day and a time.
pub fn seconds_of(day: Day, clock: Clock) -> i64 {
    (day.ordinal() - 1) * SECONDS_A_DAY + clock.seconds()
}

/// Seconds from 1970 to such a number of seconds.
pub fn since_epoch(seconds: i64) -> i64 {
    seconds - EPOCH
}

/// The day and time that the C library gives; seconds beyond a minute are cut off.
pub fn split(time: &civil::Time) -> (Day, Clock) {
    let day = Day::new(time.tm_year + 1900, time.tm_mon + 1, time.tm_mday);
    (day, Clock::new(time.tm_hour, time.tm_min, time.tm_sec.min(59), 0))
}

/// Local time at a moment.
fn local(moment: i64, thread: &mut Thread) -> PyResult<i64> {
    let time = civil::local(moment - EPOCH, thread)?;
    let (day, clock) = split(&time);
    if !(MINIMUM_YEAR..=MAXIMUM_YEAR).contains(&day.year) {
        return Err(raise_year(i64::from(day.year), thread));
    }
    Ok(seconds_of(day, clock))
}

/// The moment of a local time: of two, the one that the fold says; of none, what the clock before or after the gap would give.
pub fn moment_of(time: i64, fold: bool, thread: &mut Thread) -> PyResult<i64> {
    // Two guesses at the offset: the one here, and the one a day away on the other side of a change, if there is one.
    let offset = local(time, thread)? - time;
    let first = time - offset;
    let first_time = local(first, thread)?;
    let other_offset = if first_time == time {
        let elsewhere = if fold { first + LARGEST_FOLD } else { first - LARGEST_FOLD };
        let other = local(elsewhere, thread)? - elsewhere;
        if other == offset {
            return Ok(first);
        }
        other
    } else {
        first_time - first
    };
    let second = time - other_offset;
    if local(second, thread)? == time {
        return Ok(second);
    }
    if first_time == time {
        return Ok(first);
    }
    // The time lies in a gap: neither offset leads back to it.
    Ok(if fold { first.min(second) } else { first.max(second) })
}

/// The fold of a local time that was made from a moment in seconds since 1970.
pub fn fold_at(timestamp: i64, time: i64, thread: &mut Thread) -> PyResult<bool> {
    let before = local(EPOCH + timestamp - LARGEST_FOLD, thread)?;
    let change = time - before - LARGEST_FOLD;
    Ok(change < 0 && local(EPOCH + timestamp + change, thread)? == time)
}

/// The system's zone as it is at a moment in seconds since 1970.
pub fn zone_at(timestamp: i64, thread: &mut Thread) -> PyResult<Py<TimeZone>> {
    let time = civil::local(timestamp, thread)?;
    let offset = Delta::from_result(Span::normalized(0, time.tm_gmtoff, 0), thread)?;
    let name: Py<Object> = civil::zone_name(&time, thread)?;
    let name = name.downcast_into::<Str>().ok();
    TimeZone::of(&offset, name, thread)
}
