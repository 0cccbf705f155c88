//! Files that are not files: `eventfd`, `timerfd`, `memfd`, and randomness.

use macros::python_module;
use objects::errors::PyResult;
use objects::float::Float;
use objects::protocol::make_int;
use objects::raise;
use objects::refs::{Object, Py};
use objects::thread::Thread;
use objects::tuple::Tuple;
use system::call;
use system::clock::{self, Rounding};
use system::descriptor::Descriptor;
use system::path::SystemText;
use system::zeroed::Zeroed;

use super::descriptors::{buffer_of, fill};

/// A timer's times as a tuple, each made by `convert`.
fn timer_object(
    timer: &libc::itimerspec,
    convert: fn(i64, &mut Thread) -> Py<Object>,
    thread: &mut Thread,
) -> PyResult<Py<Tuple>> {
    let value = convert(clock::from_timespec(&timer.it_value), thread);
    let interval = convert(clock::from_timespec(&timer.it_interval), thread);
    Tuple::new(vec![value, interval], thread)
}

fn as_seconds(nanoseconds: i64, thread: &mut Thread) -> Py<Object> {
    Float::new(clock::to_seconds(nanoseconds), thread).into_object()
}

fn as_nanoseconds(nanoseconds: i64, thread: &mut Thread) -> Py<Object> {
    make_int(i128::from(nanoseconds), thread)
}

fn read_timer(fd: i32, thread: &mut Thread) -> PyResult<libc::itimerspec> {
    let mut timer = libc::itimerspec::zeroed();
    // SAFETY: a local to write to.
    call::checked(|| unsafe { libc::timerfd_gettime(fd, &mut timer) }, thread)?;
    Ok(timer)
}

/// Sets a timer, and gives what it was before.
fn set_timer(fd: i32, flags: i32, initial: i64, interval: i64, thread: &mut Thread) -> PyResult<libc::itimerspec> {
    let new = libc::itimerspec { it_interval: clock::to_timespec(interval), it_value: clock::to_timespec(initial) };
    let mut old = libc::itimerspec::zeroed();
    // SAFETY: locals to read and to write.
    call::checked(|| unsafe { libc::timerfd_settime(fd, flags, &new, &mut old) }, thread)?;
    Ok(old)
}

fn seconds(value: Option<&Object>, thread: &mut Thread) -> PyResult<i64> {
    value.map_or(Ok(0), |it| clock::nanoseconds(it, Rounding::Ceiling, thread))
}

pub struct Part;

#[python_module(name = "posix")]
impl Part {
    /// eventfd($module, /, initval, flags=EFD_CLOEXEC)
    /// --
    ///
    /// Creates and returns an event notification file descriptor.
    #[function]
    fn eventfd(initval: u32, #[default(libc::EFD_CLOEXEC)] flags: i32, thread: &mut Thread) -> PyResult<i32> {
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::eventfd(initval, flags) }, thread)
    }

    /// eventfd_read($module, /, fd)
    /// --
    ///
    /// Read eventfd value
    #[function]
    fn eventfd_read(fd: Descriptor, thread: &mut Thread) -> PyResult<u64> {
        let mut value = 0;
        // SAFETY: a local to write to.
        call::checked(|| unsafe { libc::eventfd_read(fd.0, &mut value) }, thread)?;
        Ok(value)
    }

    /// eventfd_write($module, /, fd, value)
    /// --
    ///
    /// Write eventfd value.
    #[function]
    fn eventfd_write(fd: Descriptor, value: u64, thread: &mut Thread) -> PyResult<()> {
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::eventfd_write(fd.0, value) }, thread).map(drop)
    }

    /// memfd_create($module, /, name, flags=MFD_CLOEXEC)
    /// --
    ///
    ///
    #[function]
    fn memfd_create(name: SystemText, #[default(libc::MFD_CLOEXEC)] flags: u32, thread: &mut Thread) -> PyResult<i32> {
        // SAFETY: a C string.
        call::checked(|| unsafe { libc::memfd_create(name.0.as_ptr(), flags) }, thread)
    }

    /// timerfd_create($module, clockid, /, *, flags=0)
    /// --
    ///
    /// Create and return a timer file descriptor.
    ///
    ///   clockid
    ///     A valid clock ID constant as timer file descriptor.
    ///
    ///     time.CLOCK_REALTIME
    ///     time.CLOCK_MONOTONIC
    ///     time.CLOCK_BOOTTIME
    ///   flags
    ///     0 or a bit mask of os.TFD_NONBLOCK or os.TFD_CLOEXEC.
    ///
    ///     os.TFD_NONBLOCK
    ///         If *TFD_NONBLOCK* is set as a flag, read doesn't blocks.
    ///         If *TFD_NONBLOCK* is not set as a flag, read block until the timer fires.
    ///
    ///     os.TFD_CLOEXEC
    ///         If *TFD_CLOEXEC* is set as a flag, enable the close-on-exec flag
    #[function]
    fn timerfd_create(clockid: i32, flags: i32, thread: &mut Thread) -> PyResult<i32> {
        let flags = flags | libc::TFD_CLOEXEC;
        // SAFETY: numbers.
        call::checked(|| unsafe { libc::timerfd_create(clockid, flags) }, thread)
    }

    /// timerfd_settime($module, fd, /, *, flags=0, initial=0.0, interval=0.0)
    /// --
    ///
    /// Alter a timer file descriptor's internal timer in seconds.
    ///
    ///   fd
    ///     A timer file descriptor.
    ///   flags
    ///     0 or a bit mask of TFD_TIMER_ABSTIME or TFD_TIMER_CANCEL_ON_SET.
    ///   initial
    ///     The initial expiration time, in seconds.
    ///   interval
    ///     The timer's interval, in seconds.
    #[function]
    fn timerfd_settime(
        fd: Descriptor,
        flags: i32,
        initial: Option<&Object>,
        interval: Option<&Object>,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let initial = seconds(initial, thread)?;
        let interval = seconds(interval, thread)?;
        let old = set_timer(fd.0, flags, initial, interval, thread)?;
        timer_object(&old, as_seconds, thread)
    }

    /// timerfd_settime_ns($module, fd, /, *, flags=0, initial=0, interval=0)
    /// --
    ///
    /// Alter a timer file descriptor's internal timer in nanoseconds.
    ///
    ///   fd
    ///     A timer file descriptor.
    ///   flags
    ///     0 or a bit mask of TFD_TIMER_ABSTIME or TFD_TIMER_CANCEL_ON_SET.
    ///   initial
    ///     initial expiration timing in nanoseconds.
    ///   interval
    ///     interval for the timer in nanoseconds.
    #[function]
    fn timerfd_settime_ns(
        fd: Descriptor,
        flags: i32,
        initial: i64,
        interval: i64,
        thread: &mut Thread,
    ) -> PyResult<Py<Tuple>> {
        let old = set_timer(fd.0, flags, initial, interval, thread)?;
        timer_object(&old, as_nanoseconds, thread)
    }

    /// timerfd_gettime($module, fd, /)
    /// --
    ///
    /// Return a tuple of a timer file descriptor's (next expiration, interval) in float seconds.
    ///
    ///   fd
    ///     A timer file descriptor.
    #[function]
    fn timerfd_gettime(fd: Descriptor, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let timer = read_timer(fd.0, thread)?;
        timer_object(&timer, as_seconds, thread)
    }

    /// timerfd_gettime_ns($module, fd, /)
    /// --
    ///
    /// Return a tuple of a timer file descriptor's (next expiration, interval) in nanoseconds.
    ///
    ///   fd
    ///     A timer file descriptor.
    #[function]
    fn timerfd_gettime_ns(fd: Descriptor, thread: &mut Thread) -> PyResult<Py<Tuple>> {
        let timer = read_timer(fd.0, thread)?;
        timer_object(&timer, as_nanoseconds, thread)
    }

    /// urandom($module, size, /)
    /// --
    ///
    /// Return a bytes object containing random bytes suitable for cryptographic use.
    #[function]
    fn urandom(size: isize, thread: &mut Thread) -> PyResult<Py<Object>> {
        if size < 0 {
            return Err(raise!(thread, ValueError, "negative argument not allowed"));
        }
        let mut bytes = buffer_of(size, thread)?;
        bytes.resize(size as usize, 0);
        let mut filled = 0;
        while filled < bytes.len() {
            let rest = &mut bytes[filled..];
            // SAFETY: a buffer of the given size.
            let fill = || unsafe { libc::getrandom(rest.as_mut_ptr().cast(), rest.len(), 0) };
            filled += call::checked_interruptible(fill, thread)? as usize;
        }
        thread.make_bytes(&bytes)
    }

    /// getrandom($module, /, size, flags=0)
    /// --
    ///
    /// Obtain a series of random bytes.
    #[function]
    fn getrandom(size: isize, flags: i32, thread: &mut Thread) -> PyResult<Py<Object>> {
        let buffer = buffer_of(size, thread)?;
        let wanted = size as usize;
        // SAFETY: a buffer of the given room.
        fill(buffer, |data, room| unsafe { libc::getrandom(data, room.min(wanted), flags as u32) }, thread)
    }
}
