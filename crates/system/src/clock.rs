//! Times as arguments and results: seconds as int or float, to and from nanoseconds (CPython's `PyTime_t`).

use objects::errors::{PyResult, Raised, TypeError};
use objects::float::Float;
use objects::protocol;
use objects::raise;
use objects::refs::Object;
use objects::thread::Thread;

/// Nanoseconds in a second.
pub const SECOND: i64 = 1_000_000_000;

/// How a number of seconds becomes a whole number of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    Floor,
    Ceiling,
    HalfEven,
    /// Away from zero, so that a wait is never shorter than what was asked for.
    Up,
}

impl Rounding {
    /// The nearest whole number in this direction.
    pub fn round(self, value: f64) -> f64 {
        match self {
            Self::Floor => value.floor(),
            Self::Ceiling => value.ceil(),
            Self::HalfEven => value.round_ties_even(),
            Self::Up if value >= 0.0 => value.ceil(),
            Self::Up => value.floor(),
        }
    }

    /// `value / divisor`, rounded.
    pub fn divide(self, value: i64, divisor: i64) -> i64 {
        let (quotient, rest) = (value.div_euclid(divisor), value.rem_euclid(divisor));
        let up = match self {
            Self::Floor => false,
            Self::Ceiling => rest > 0,
            Self::HalfEven => rest * 2 > divisor || rest * 2 == divisor && quotient % 2 != 0,
            Self::Up => rest > 0 && value > 0,
        };
        quotient + i64::from(up)
    }
}

/// A number of seconds as nanoseconds (`_PyTime_FromSecondsObject`).
pub fn nanoseconds(seconds: &Object, rounding: Rounding, thread: &mut Thread) -> PyResult<i64> {
    if let Some(float) = seconds.downcast::<Float>() {
        return nanoseconds_of_float(float.value(), rounding, thread);
    }
    let int = protocol::index(seconds, thread);
    let Some(int) = thread.suppress(int, TypeError)? else {
        let class = seconds.class().full_name();
        return Err(raise!(thread, TypeError, "'{class}' object cannot be interpreted as an integer or float"));
    };
    match int.to_i128().and_then(|it| i64::try_from(it.checked_mul(i128::from(SECOND))?).ok()) {
        Some(value) => Ok(value),
        None => Err(raise_out_of_range(thread)),
    }
}

fn nanoseconds_of_float(seconds: f64, rounding: Rounding, thread: &mut Thread) -> PyResult<i64> {
    if seconds.is_nan() {
        return Err(raise_nan(thread));
    }
    let value = rounding.round(seconds * SECOND as f64);
    // The bounds are exact as floats: −2⁶³ and 2⁶³.
    if !(i64::MIN as f64..-(i64::MIN as f64)).contains(&value) {
        return Err(raise_out_of_range(thread));
    }
    Ok(value as i64)
}

#[cold]
fn raise_nan(thread: &mut Thread) -> Raised {
    raise!(thread, ValueError, "Invalid value NaN (not a number)")
}

#[cold]
pub fn raise_out_of_range(thread: &mut Thread) -> Raised {
    raise!(thread, OverflowError, "timestamp out of range for C PyTime_t")
}

#[cold]
fn raise_out_of_time_t(thread: &mut Thread) -> Raised {
    raise!(thread, OverflowError, "timestamp out of range for platform time_t")
}

/// Seconds and the rest in nanoseconds (`_PyTime_ObjectToTimespec`).
pub fn timespec(time: &Object, rounding: Rounding, thread: &mut Thread) -> PyResult<(i64, i64)> {
    let Some(float) = time.downcast::<Float>() else {
        let seconds = whole_seconds(time, thread);
        return match thread.suppress(seconds, TypeError)? {
            Some(seconds) => Ok((seconds, 0)),
            None => {
                let class = time.class().full_name();
                Err(raise!(thread, TypeError, "argument must be int or float, not {class}"))
            }
        };
    };
    let value = float.value();
    if value.is_nan() {
        return Err(raise_nan(thread));
    }
    let (mut seconds, fraction) = (value.trunc(), value.fract());
    let mut nanoseconds = rounding.round(fraction * SECOND as f64);
    if nanoseconds >= SECOND as f64 {
        nanoseconds -= SECOND as f64;
        seconds += 1.0;
    } else if nanoseconds < 0.0 {
        nanoseconds += SECOND as f64;
        seconds -= 1.0;
    }
    if !(i64::MIN as f64..-(i64::MIN as f64)).contains(&seconds) {
        return Err(raise_out_of_time_t(thread));
    }
    Ok((seconds as i64, nanoseconds as i64))
}

/// Seconds as `time_t` (`_PyTime_ObjectToTime_t`).
pub fn time_t(time: &Object, rounding: Rounding, thread: &mut Thread) -> PyResult<i64> {
    let Some(float) = time.downcast::<Float>() else { return whole_seconds(time, thread) };
    let value = float.value();
    if value.is_nan() {
        return Err(raise_nan(thread));
    }
    let value = rounding.round(value);
    if !(i64::MIN as f64..-(i64::MIN as f64)).contains(&value) {
        return Err(raise_out_of_time_t(thread));
    }
    Ok(value as i64)
}

fn whole_seconds(time: &Object, thread: &mut Thread) -> PyResult<i64> {
    let int = protocol::index(time, thread)?;
    match int.to_i128().and_then(|it| i64::try_from(it).ok()) {
        Some(seconds) => Ok(seconds),
        None => Err(raise_out_of_time_t(thread)),
    }
}

/// Nanoseconds as the C library takes them.
pub fn to_timespec(nanoseconds: i64) -> libc::timespec {
    libc::timespec { tv_sec: nanoseconds.div_euclid(SECOND), tv_nsec: nanoseconds.rem_euclid(SECOND) }
}

/// What the C library gives, in nanoseconds; clipped to what fits.
pub fn from_timespec(time: &libc::timespec) -> i64 {
    time.tv_sec.saturating_mul(SECOND).saturating_add(time.tv_nsec)
}

/// Nanoseconds as a number of seconds.
pub fn to_seconds(nanoseconds: i64) -> f64 {
    if nanoseconds % SECOND == 0 {
        return (nanoseconds / SECOND) as f64;
    }
    nanoseconds as f64 / SECOND as f64
}

/// What a clock of the system says; None if there is no such clock.
pub fn read(clock: libc::clockid_t) -> Option<libc::timespec> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes to a local.
    let status = unsafe { libc::clock_gettime(clock, &mut time) };
    (status == 0).then_some(time)
}

/// The time since the epoch, in nanoseconds.
pub fn realtime() -> i64 {
    read(libc::CLOCK_REALTIME).map_or(0, |it| from_timespec(&it))
}

/// The monotonic clock, in nanoseconds.
pub fn monotonic() -> i64 {
    read(libc::CLOCK_MONOTONIC).map_or(0, |it| from_timespec(&it))
}

/// A moment on the monotonic clock until which something may take; None: for ever.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Option<i64>);

impl Deadline {
    /// So many nanoseconds from now.
    pub fn after(timeout: Option<i64>) -> Self {
        Self(timeout.map(|it| monotonic().saturating_add(it)))
    }

    /// Nanoseconds that are left, none if the deadline is past; None: for ever.
    pub fn remaining(self) -> Option<i64> {
        self.0.map(|it| it.saturating_sub(monotonic()).max(0))
    }

    /// The rest as `poll` takes it: milliseconds, −1 for ever.
    pub fn remaining_milliseconds(self) -> i32 {
        match self.remaining() {
            Some(rest) => i32::try_from(Rounding::Ceiling.divide(rest, 1_000_000)).unwrap_or(i32::MAX),
            None => -1,
        }
    }
}
